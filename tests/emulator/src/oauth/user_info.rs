//! The UserInfo endpoint (OpenID Connect Core 1.0, section 5.3).

use super::access_token::live_claims;
use crate::environment::Environment;
use crate::login;
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;

/// `GET /userinfo` and `POST /userinfo`
pub(crate) fn user_info(env: &mut Environment, request: &Request) -> Reply {
    match tokens(request).as_slice() {
        [] => Reply::empty(401).header("www-authenticate", "Bearer realm=\"scalekit\""),
        [token] => describe(env, token),
        _ => challenge(400, "invalid_request", "the access token is given more than once"),
    }
}

fn describe(env: &mut Environment, token: &str) -> Reply {
    let claims = match live_claims(env, token) {
        Ok(claims) => claims,
        Err(why) => return challenge(401, "invalid_token", why),
    };
    let Some(session) = claims["sid"].as_str() else {
        return challenge(401, "invalid_token", "the token is not an access token of a user");
    };
    let scope = claims["scope"].as_str().unwrap_or_default();
    if !scope.split_whitespace().any(|scope| scope == "openid") {
        return challenge(403, "insufficient_scope", "the token does not have the scope openid");
    }
    match login::user_claims(env, session, scope) {
        Some(claims) => Reply::ok(claims).header("cache-control", "no-store"),
        None => challenge(401, "invalid_token", "the session has ended"),
    }
}

/// The access tokens in the header and in the form (RFC 6750, sections 2.1 and 2.2).
fn tokens(request: &Request) -> Vec<String> {
    let headers = request.headers.get_all("authorization").iter();
    let bearer = headers
        .filter_map(|value| value.to_str().ok()?.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let is_form = request.method == "POST" && request.media_type() == "application/x-www-form-urlencoded";
    let body = std::str::from_utf8(&request.body).ok().filter(|_| is_form);
    let pairs = body.and_then(percent::pairs).unwrap_or_default();
    let in_form = pairs.into_iter().filter(|(name, _)| name == "access_token").map(|(_, token)| token);
    bearer.chain(in_form).collect()
}

fn challenge(status: u16, error: &str, description: &str) -> Reply {
    let value = format!("Bearer realm=\"scalekit\", error=\"{error}\", error_description=\"{description}\"");
    Reply::empty(status).header("www-authenticate", &value)
}
