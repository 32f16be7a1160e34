//! Callbacks: the parameters with which the service redirects the user back.

use std::collections::HashMap;

use reqwest::Url;

use super::{LoginTransaction, OPERATION_FINISH};
use crate::error::{Result, ScalekitError, is_hidden};
use crate::types::SecretText;
use crate::wire::Wire;

/// Maximum length, in bytes. Servers do not accept longer URLs.
const LONGEST_CALLBACK: usize = 16 * 1024;

/// Parameters that are used. Others are ignored.
const KNOWN_PARAMETERS: [&str; 6] =
    ["code", "state", "error", "error_description", "iss", "idp_initiated_login"];

/// Error codes that mean: the user is not signed in and must be prompted.
const LOGIN_REQUIRED_CODES: [&str; 6] = [
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "login_required",
    "user_login_required",
    "authentication_not_completed",
];

/// The parameters of a callback, each at most once.
pub(crate) struct Callback(HashMap<String, String>);

impl Callback {
    /// Parses a callback: the complete URL, its path and query, or only its query.
    pub(crate) fn parse(operation: &str, text: &str) -> Result<Self> {
        let malformed = |explanation: &str| {
            Err(ScalekitError::login_failed(operation, "malformed_callback", explanation))
        };
        let text = text.trim();
        if text.len() > LONGEST_CALLBACK {
            return malformed("the callback is longer than 16 KiB");
        }
        let query = match Url::parse(text) {
            Ok(url) => url.query().unwrap_or_default().to_owned(),
            Err(_) => {
                let text = text.split('#').next().unwrap_or_default();
                text.split_once('?').map_or(text, |(_, query)| query).to_owned()
            }
        };
        let mut parameters = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !KNOWN_PARAMETERS.contains(&name.as_ref()) || value.is_empty() {
                continue;
            }
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return malformed("a parameter of the callback occurs twice");
            }
        }
        Ok(Self(parameters))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the authorization code of a successful login. The state is compared first: without it, no other
    /// parameter is trusted.
    pub(crate) fn code(&self, wire: &Wire, transaction: &LoginTransaction) -> Result<SecretText> {
        let fail = |code: &str, explanation: &str| {
            Err(ScalekitError::login_failed(OPERATION_FINISH, code, explanation))
        };
        let has_state = self.get("state").is_some_and(|state| transaction.has_state(state));
        // An error response may lack the state if the request was too invalid to have one. It signs no user in.
        let is_error_without_state =
            self.get("error").is_some() && self.get("state").is_none() && self.get("code").is_none();
        if !has_state && !is_error_without_state {
            return fail("state_mismatch", "the callback does not belong to this login");
        }
        // RFC 9207: in a program with several environments, the code of one must not be sent to another.
        if self.get("iss").is_some_and(|issuer| !wire.issuers().iter().any(|own| own == issuer)) {
            return fail("wrong_issuer", "the issuer of the callback is not this environment");
        }
        if let Some(code) = self.get("error") {
            return Err(self.error_response(code, transaction.state().expose()));
        }
        match self.get("code") {
            Some(code) => Ok(SecretText::new(code)),
            None => fail("malformed_callback", "the callback has neither a code nor an error"),
        }
    }

    /// Returns the error that the service reports. The state is redacted, so that it does not get into logs.
    fn error_response(&self, code: &str, state: &str) -> ScalekitError {
        let code = sanitized_code(code, state);
        let description = match self.get("error_description") {
            Some(text) => sanitized_description(text, state),
            None => "the service stated no reason".to_owned(),
        };
        if LOGIN_REQUIRED_CODES.contains(&code.as_str()) {
            ScalekitError::login_required(OPERATION_FINISH, &code, description)
        } else {
            ScalekitError::login_failed(OPERATION_FINISH, &code, description)
        }
    }
}

/// Sanitizes an error code (RFC 6749, section 4.1.2.1), because anyone can forge a callback: at most 64 characters of
/// letters, digits, and `_`, `-`, `.`.
fn sanitized_code(code: &str, state: &str) -> String {
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let code: String = code.chars().filter(is_allowed).collect();
    let code: String = code.replace(state, "_").chars().take(64).collect();
    if code.is_empty() { "unknown".to_owned() } else { code }
}

/// Sanitizes an error description: one line of at most 300 characters.
fn sanitized_description(text: &str, state: &str) -> String {
    let line: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    line.replace(state, "[redacted]").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STATE: &str = "the-state";

    fn parse(text: &str) -> Result<Callback> {
        Callback::parse("login.finish", text)
    }

    #[test]
    fn callback_is_parsed_in_every_form() {
        for text in [
            "https://app.example.com/cb?code=a%20b&state=s",
            "http://127.0.0.1:8000/cb?state=s&code=a+b#fragment",
            "com.example.app:/cb?code=a%20b&state=s",
            "/cb?code=a%20b&state=s",
            "/cb?code=a%20b&state=s#x",
            "?code=a%20b&state=s",
            "code=a%20b&state=s",
            " code=a%20b&state=s&code=&other=1&other=2\n",
        ] {
            let callback = parse(text).unwrap();
            assert_eq!((callback.get("code"), callback.get("state")), (Some("a b"), Some("s")), "{text}");
        }
        for text in ["code=a&code=b", "code=a&code=a", "state=s&c%6fde=a&code=b", &"x".repeat(20_000)] {
            assert_eq!(parse(text).err().unwrap().failure().code.as_deref(), Some("malformed_callback"));
        }
    }

    #[test]
    fn error_codes_and_descriptions_are_sanitized() {
        assert_eq!(sanitized_code("access_denied", STATE), "access_denied");
        assert_eq!(sanitized_code("<b>\n", STATE), "b");
        assert_eq!(sanitized_code("\u{1b}", STATE), "unknown");
        assert_eq!(sanitized_code(&"x".repeat(500), STATE).len(), 64);
        assert_eq!(sanitized_description("a\r\nb", STATE), "a  b");
        assert_eq!(sanitized_code("a the\u{5}-state b", STATE), "a_b");
        assert_eq!(sanitized_description("not the-state", STATE), "not [redacted]");
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_not_panic(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn parameters_survive_url_encoding(code in "[ -~]{1,40}", state in "[ -~]{1,40}") {
            let mut url = Url::parse("https://app.example.com/cb").unwrap();
            url.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
            let callback = parse(url.as_str()).unwrap();
            prop_assert_eq!(callback.get("code"), Some(code.as_str()));
            prop_assert_eq!(callback.get("state"), Some(state.as_str()));
        }
    }
}
