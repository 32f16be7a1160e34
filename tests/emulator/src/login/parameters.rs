//! What an application asks the authorization endpoint for.

use super::script::Denial;
use crate::percent;
use crate::request::Request;
use crate::world::World;

const DEFAULT_SCOPE: &str = "openid profile email";

/// Unlike a real server the emulator refuses what it does not know: a misspelt parameter must not go unnoticed.
const KNOWN: &[&str] = &[
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
];

/// How the person is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    None,
    Login,
    Create,
    SelectAccount,
    Consent,
}

/// A request that can be answered at its redirect URI.
#[derive(Debug, Clone)]
pub(crate) struct Parameters {
    pub(crate) app_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) login_hint: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) connection_id: Option<String>,
    pub(crate) organization_id: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) prompt: Option<Prompt>,
    pub(crate) challenge: Option<String>,
    /// The browser's own name for itself.
    pub(crate) user_agent: String,
}

/// A request that was refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Nobody is known to whom the browser could be sent back.
    Here(Denial),
    /// The application hears of it.
    There { redirect_uri: String, state: Option<String>, denial: Denial },
}

pub(crate) fn denial(error: &str, description: impl Into<String>) -> Denial {
    Denial { error: error.into(), error_description: description.into() }
}

/// The query, by name. An empty value counts as absent.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    fn repeated(&self) -> Option<&str> {
        let again = |index: usize, name: &str| self.0[..index].iter().any(|(earlier, _)| earlier == name);
        self.0
            .iter()
            .enumerate()
            .find(|(index, (name, _))| again(*index, name))
            .map(|(_, (name, _))| name.as_str())
    }
}

impl Parameters {
    /// The client and the redirect URI are looked at first: a browser is sent to no address that is not known.
    pub(crate) fn read(world: &World, request: &Request) -> Result<Parameters, Refused> {
        let bad = |error, description: &str| Err(Refused::Here(denial(error, description)));
        let Some(pairs) = percent::pairs(&request.query).map(Pairs) else {
            return bad("invalid_request", "the query is not encoded well");
        };
        if let Some(name @ ("client_id" | "redirect_uri")) = pairs.repeated() {
            return bad("invalid_request", &format!("{name} is given twice"));
        }
        let Some(app) = pairs.get("client_id").and_then(|id| world.login.apps.get(&id)) else {
            return bad("invalid_client", "client_id is missing or unknown");
        };
        let Some(redirect_uri) = pairs.get("redirect_uri").filter(|uri| app.allows_redirect(uri)) else {
            return bad("invalid_redirect_uri", "redirect_uri is missing or not registered");
        };
        let state = pairs.get("state");
        check(&pairs, app.is_public()).map_err(|denial| Refused::There {
            redirect_uri: redirect_uri.clone(),
            state: state.clone(),
            denial,
        })?;
        Ok(Parameters {
            app_id: app.id.clone(),
            redirect_uri,
            state,
            scope: pairs.get("scope").unwrap_or_else(|| DEFAULT_SCOPE.into()),
            nonce: pairs.get("nonce"),
            login_hint: pairs.get("login_hint"),
            domain: pairs.get("domain").or_else(|| pairs.get("domain_hint")),
            connection_id: pairs.get("connection_id"),
            organization_id: pairs.get("organization_id"),
            provider: pairs.get("provider"),
            prompt: pairs.get("prompt").and_then(|prompt| Prompt::read(&prompt)),
            challenge: pairs.get("code_challenge"),
            user_agent: request.header("user-agent").unwrap_or_default().into(),
        })
    }
}

fn check(pairs: &Pairs, public: bool) -> Result<(), Denial> {
    let bad = |description: String| Err(denial("invalid_request", description));
    if let Some(name) = pairs.repeated() {
        return bad(format!("{name} is given twice"));
    }
    if let Some((name, _)) = pairs.0.iter().find(|(name, _)| !KNOWN.contains(&name.as_str())) {
        return bad(format!("{name} is not a parameter of this request"));
    }
    match pairs.get("response_type").as_deref() {
        Some("code") => {}
        Some(_) => return Err(denial("unsupported_response_type", "response_type must be code")),
        None => return bad("response_type is missing".into()),
    }
    if let (Some(domain), Some(hint)) = (pairs.get("domain"), pairs.get("domain_hint"))
        && domain != hint
    {
        return bad("domain and domain_hint name two domains".into());
    }
    if pairs.get("prompt").is_some_and(|prompt| Prompt::read(&prompt).is_none()) {
        return bad("prompt is not one of login, create, select_account, none, consent".into());
    }
    check_challenge(pairs, public)
}

fn check_challenge(pairs: &Pairs, public: bool) -> Result<(), Denial> {
    let bad = |description: &str| Err(denial("invalid_request", description));
    match (pairs.get("code_challenge"), pairs.get("code_challenge_method").as_deref()) {
        (None, None) if public => bad("a public client needs a code_challenge"),
        (None, None) => Ok(()),
        (None, Some(_)) => bad("code_challenge_method needs a code_challenge"),
        (Some(challenge), Some("S256")) if is_s256(&challenge) => Ok(()),
        (Some(_), Some("S256")) => bad("code_challenge is not the base64url text of a SHA-256"),
        // RFC 7636 takes an absent method for "plain".
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
