//! The parameters of a request to an endpoint that authenticates clients, and the client's credentials.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{OAuthError, refuse};
use crate::environment::Environment;
use crate::percent;
use crate::request::Request;

const FORM: &str = "application/x-www-form-urlencoded";

/// The only parameter that can be repeated (RFC 8707, section 2).
const REPEATABLE: &str = "resource";

/// The parameters and credentials of a request.
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
    /// ID and secret from the `authorization` header.
    basic: Option<(String, String)>,
}

pub(super) fn missing(name: &str) -> OAuthError {
    refuse(400, "invalid_request", format!("{name} is missing from the body"))
}

impl Form {
    pub(super) fn read(env: &Environment, request: &Request) -> Result<Form, OAuthError> {
        let bad = |description: &str| refuse(400, "invalid_request", description);
        let basic = basic_credentials(env, request)?;
        if request.media_type() != FORM {
            return Err(bad("the content-type must be application/x-www-form-urlencoded"));
        }
        if !request.query.is_empty() {
            return Err(bad("parameters belong in the body, not in the query"));
        }
        let text = std::str::from_utf8(&request.body).ok();
        let pairs = text.and_then(percent::pairs).ok_or_else(|| bad("the body is not a form"))?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            if name != REPEATABLE && pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(bad(&format!("{name} is given twice")));
            }
        }
        let form = Form { pairs, basic };
        form.check_credentials()?;
        Ok(form)
    }

    /// Rejects credentials in both the header and the body (RFC 6749, section 2.3).
    fn check_credentials(&self) -> Result<(), OAuthError> {
        let Some((id, _)) = &self.basic else { return Ok(()) };
        if self.get("client_secret").is_some() || self.get("client_id").is_some_and(|other| other != id) {
            return Err(refuse(
                400,
                "invalid_request",
                "the body and the authorization header have credentials",
            ));
        }
        Ok(())
    }

    /// Handles parameters that the request does not define, besides the client's credentials.
    pub(crate) fn only(&self, request: &Request, known: &[&str]) -> Result<(), OAuthError> {
        let known = |name: &str| ["client_id", "client_secret"].contains(&name) || known.contains(&name);
        for (name, _) in self.pairs.iter().filter(|(name, _)| !known(name)) {
            let tolerated = request.tolerate(format!("{name} is not a parameter of this request"));
            tolerated.map_err(|mistake| refuse(400, "invalid_request", mistake))?;
        }
        Ok(())
    }

    pub(crate) fn client_id(&self) -> Result<&str, OAuthError> {
        match &self.basic {
            Some((id, _)) => Ok(id),
            None => self.need("client_id"),
        }
    }

    /// The client's secret. An empty secret counts as absent.
    pub(crate) fn client_secret(&self) -> Option<&str> {
        match &self.basic {
            Some((_, secret)) => Some(secret.as_str()).filter(|secret| !secret.is_empty()),
            None => self.get("client_secret"),
        }
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| missing(name))
    }

    /// The value of a parameter. An empty parameter counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The values of a parameter that can be repeated.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.pairs.iter().filter(move |(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Reads HTTP Basic credentials (RFC 6749, section 2.3.1). A bearer token, which some SDKs send by accident, is ignored.
fn basic_credentials(env: &Environment, request: &Request) -> Result<Option<(String, String)>, OAuthError> {
    let refused = || refuse(401, "invalid_client", "the authorization header is not accepted");
    let mut basic = None;
    for value in request.headers.get_all("authorization") {
        let (scheme, encoded) =
            value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refused)?;
        if scheme.eq_ignore_ascii_case("bearer") {
            let tolerated = request.tolerate("the bearer token in the authorization header is ignored");
            let why = "credentials belong in the body; send no authorization header";
            tolerated.map_err(|_| refuse(400, "invalid_request", why))?;
            continue;
        }
        let is_accepted = scheme.eq_ignore_ascii_case("basic") && env.login.settings.basic_auth;
        let credentials = decode_basic(encoded.trim()).filter(|_| is_accepted && basic.is_none());
        basic = Some(credentials.ok_or_else(refused)?);
    }
    Ok(basic)
}

fn decode_basic(encoded: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((percent::decode_form(id)?, percent::decode_form(secret)?))
}
