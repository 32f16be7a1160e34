//! Parameters of the authorization request.

use crate::environment::Environment;
use crate::login_state::{AuthorizationParameters, Callback, Denial, Prompt, ResponseMode, denial};
use crate::percent;
use crate::request::Request;
use crate::resource;

const DEFAULT_SCOPE: &str = "openid profile email";

const SUPPORTED: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "login_hint",
    "domain_hint",
    "domain",
    "connection_id",
    "organization_id",
    "provider",
    "prompt",
    "code_challenge",
    "code_challenge_method",
    "max_age",
    "resource",
    "response_mode",
    // Accepted without an effect.
    "ui_locales",
];

/// Why an authorization request is rejected, and where the error is shown.
#[derive(Debug)]
pub(crate) enum AuthorizeError {
    /// Shown on a page: there is no trusted redirect URI.
    Page(Denial),
    /// Returned to the application at its redirect URI.
    Callback(Callback, Denial),
}

/// The query parameters. An empty value counts as absent.
struct Query(Vec<(String, String)>);

impl Query {
    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |(found, _)| found == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the name of a parameter that occurs more than once, although it is not repeatable (RFC 8707, section 2).
    fn repeated(&self) -> Option<&str> {
        let is_repeat = |index: usize, name: &str| self.0[..index].iter().any(|(earlier, _)| earlier == name);
        self.0
            .iter()
            .enumerate()
            .find(|(index, (name, _))| name != "resource" && is_repeat(*index, name))
            .map(|(_, (name, _))| name.as_str())
    }
}

/// Reads and checks a request. Checks the client and the redirect URI first, because the browser must not be
/// redirected to an unregistered URI.
pub(crate) fn read(env: &Environment, request: &Request) -> Result<AuthorizationParameters, AuthorizeError> {
    let bad = |error, description: &str| Err(AuthorizeError::Page(denial(error, description)));
    let Some(query) = percent::pairs(&request.query).map(Query) else {
        return bad("invalid_request", "the query is not valid percent-encoding");
    };
    if let Some(name @ ("client_id" | "redirect_uri")) = query.repeated() {
        return bad("invalid_request", &format!("{name} is repeated"));
    }
    let Some(app) = query.get("client_id").and_then(|id| env.login.apps.get(&id)) else {
        return bad("invalid_client", "client_id is missing or unknown");
    };
    let Some(redirect_uri) = query.get("redirect_uri").filter(|uri| app.allows_redirect(uri)) else {
        return bad("invalid_redirect_uri", "redirect_uri is missing or not registered");
    };
    let response_mode = query.get("response_mode").and_then(|mode| ResponseMode::read(&mode));
    let response_mode = response_mode.unwrap_or(ResponseMode::Query);
    let callback = Callback { redirect_uri, state: query.get("state"), response_mode };
    let refused = |denial| AuthorizeError::Callback(callback.clone(), denial);
    check(request, &query, app.is_public()).map_err(refused)?;
    let resources = resource::read(query.all("resource"));
    let resources = resources.map_err(|why| refused(denial("invalid_target", why)))?;
    Ok(AuthorizationParameters {
        app_id: app.id.clone(),
        callback,
        scope: query.get("scope").unwrap_or_else(|| DEFAULT_SCOPE.into()),
        nonce: query.get("nonce"),
        login_hint: query.get("login_hint"),
        domain: query.get("domain").or_else(|| query.get("domain_hint")),
        connection_id: query.get("connection_id"),
        organization_id: query.get("organization_id"),
        provider: query.get("provider"),
        prompt: query.get("prompt").and_then(|prompt| Prompt::read(&prompt)),
        challenge: query.get("code_challenge"),
        max_age: query.get("max_age").and_then(|seconds| parse_seconds(&seconds)),
        resources,
        user_agent: request.header("user-agent").unwrap_or_default().into(),
    })
}

fn check(request: &Request, query: &Query, public: bool) -> Result<(), Denial> {
    let bad = |description: String| Err(denial("invalid_request", description));
    if let Some(name) = query.repeated() {
        return bad(format!("{name} is repeated"));
    }
    for (name, _) in query.0.iter().filter(|(name, _)| !SUPPORTED.contains(&name.as_str())) {
        let tolerated = request.tolerate(format!("{name} is not a parameter of this endpoint"));
        tolerated.map_err(|mistake| denial("invalid_request", mistake))?;
    }
    match query.get("response_type").as_deref() {
        Some("code") => {}
        Some(_) => return Err(denial("unsupported_response_type", "response_type must be code")),
        None => return bad("response_type is missing".into()),
    }
    if let (Some(domain), Some(hint)) = (query.get("domain"), query.get("domain_hint"))
        && domain != hint
    {
        return bad("domain and domain_hint differ".into());
    }
    if query.get("prompt").is_some_and(|prompt| Prompt::read(&prompt).is_none()) {
        return bad("prompt must be one of login, create, select_account, none, consent".into());
    }
    if query.get("max_age").is_some_and(|seconds| parse_seconds(&seconds).is_none()) {
        return bad("max_age must be a number of seconds".into());
    }
    if query.get("response_mode").is_some_and(|mode| ResponseMode::read(&mode).is_none()) {
        return bad("response_mode must be query or form_post".into());
    }
    check_challenge(query, public)
}

fn parse_seconds(text: &str) -> Option<i64> {
    text.parse::<u32>().ok().map(i64::from)
}

fn check_challenge(query: &Query, public: bool) -> Result<(), Denial> {
    let bad = |description: &str| Err(denial("invalid_request", description));
    match (query.get("code_challenge"), query.get("code_challenge_method").as_deref()) {
        (None, None) if public => bad("a public client must send a code_challenge"),
        (None, None) => Ok(()),
        (None, Some(_)) => bad("code_challenge_method requires a code_challenge"),
        (Some(challenge), Some("S256")) if is_s256(&challenge) => Ok(()),
        (Some(_), Some("S256")) => bad("code_challenge is not a base64url-encoded SHA-256 digest"),
        // In RFC 7636 an absent method means "plain".
        (Some(_), _) => bad("code_challenge_method must be S256"),
    }
}

fn is_s256(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

impl Prompt {
    fn read(text: &str) -> Option<Prompt> {
        Some(match text {
            "none" => Prompt::None,
            "login" => Prompt::Login,
            "create" => Prompt::Create,
            "select_account" => Prompt::SelectAccount,
            "consent" => Prompt::Consent,
            _ => return None,
        })
    }
}
