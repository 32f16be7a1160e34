//! What a person comes back with.

use std::collections::HashMap;

use reqwest::Url;

use super::{LoginTransaction, OPERATION_FINISH};
use crate::error::{Result, ScalekitError, is_hidden};
use crate::types::SecretText;
use crate::wire::Wire;

/// No server takes a longer URL.
const LONGEST_CALLBACK: usize = 16 * 1024;

/// Parameters that count. Others may be there, and mean nothing here.
const KNOWN: [&str; 6] = ["code", "state", "error", "error_description", "iss", "idp_initiated_login"];

/// Codes that mean: nobody is signed in, and somebody has to be asked.
const ASK_THE_PERSON: [&str; 6] = [
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
    /// Takes the whole URL, its path and query, or the query alone.
    pub(crate) fn parse(operation: &str, text: &str) -> Result<Self> {
        let bad = |why: &str| Err(ScalekitError::login_failed(operation, "malformed_callback", why));
        let text = text.trim();
        if text.len() > LONGEST_CALLBACK {
            return bad("the callback is longer than 16 KiB");
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
            if !KNOWN.contains(&name.as_ref()) || value.is_empty() {
                continue;
            }
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return bad("the callback says something twice");
            }
        }
        Ok(Self(parameters))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The code of a login that went well, for the person who was sent off. The state is looked at first: whoever does
    /// not know it says nothing that counts.
    pub(crate) fn code(&self, wire: &Wire, transaction: &LoginTransaction) -> Result<SecretText> {
        let fail = |code: &str, why: &str| Err(ScalekitError::login_failed(OPERATION_FINISH, code, why));
        let known = self.get("state").is_some_and(|state| transaction.has_state(state));
        // An error need not bring the state back where the request was too wrong to have one. It lets nobody in.
        let excused =
            self.get("error").is_some() && self.get("state").is_none() && self.get("code").is_none();
        if !known && !excused {
            return fail("state_mismatch", "the callback does not belong to this login");
        }
        // RFC 9207: with several environments in one program, a code of one must not be taken to another.
        if self.get("iss").is_some_and(|issuer| !wire.issuers().iter().any(|own| own == issuer)) {
            return fail("wrong_issuer", "the callback comes from another environment");
        }
        if let Some(code) = self.get("error") {
            return Err(self.refused(code, transaction.state().expose()));
        }
        match self.get("code") {
            Some(code) => Ok(SecretText::new(code)),
            None => fail("malformed_callback", "the callback has neither a code nor an error"),
        }
    }

    /// The service's own word for what went wrong. Should it repeat the state, that does not end up in a log.
    fn refused(&self, code: &str, state: &str) -> ScalekitError {
        let code = word(code, state);
        let why = match self.get("error_description") {
            Some(text) => line(text, state),
            None => "the service gives no reason".to_owned(),
        };
        if ASK_THE_PERSON.contains(&code.as_str()) {
            ScalekitError::login_required(OPERATION_FINISH, &code, why)
        } else {
            ScalekitError::login_failed(OPERATION_FINISH, &code, why)
        }
    }
}

/// A code is one word (RFC 6749, section 4.1.2.1). Anybody can write a callback, so it is kept short and plain.
fn word(code: &str, state: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let word: String = code.chars().filter(plain).collect();
    let word: String = word.replace(state, "_").chars().take(64).collect();
    if word.is_empty() { "unknown".to_owned() } else { word }
}

fn line(text: &str, state: &str) -> String {
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
    fn all_forms_of_a_callback() {
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
    fn codes_are_words_and_descriptions_are_lines() {
        assert_eq!(word("access_denied", STATE), "access_denied");
        assert_eq!(word("<b>\n", STATE), "b");
        assert_eq!(word("\u{1b}", STATE), "unknown");
        assert_eq!(word(&"x".repeat(500), STATE).len(), 64);
        assert_eq!(line("a\r\nb", STATE), "a  b");
        assert_eq!(word("a the\u{5}-state b", STATE), "a_b");
        assert_eq!(line("not the-state", STATE), "not [redacted]");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_is_read(code in "[ -~]{1,40}", state in "[ -~]{1,40}") {
            let mut url = Url::parse("https://app.example.com/cb").unwrap();
            url.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
            let callback = parse(url.as_str()).unwrap();
            prop_assert_eq!(callback.get("code"), Some(code.as_str()));
            prop_assert_eq!(callback.get("state"), Some(state.as_str()));
        }
    }
}
