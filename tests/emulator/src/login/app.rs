//! The clients: applications that log people in, and machines.

use hyper::Uri;
use serde::Deserialize;

use crate::error::ControlError;

/// A client of the environment. One without a secret is public: a mobile, desktop or browser application.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    /// A development environment takes any loopback address for a redirect.
    allow_loopback: bool,
    pub(crate) organization_id: Option<String>,
    /// Whom its machine tokens may be for; the first is meant where a request names none.
    pub(crate) audience: Vec<String>,
    /// What its machine tokens may do; empty where that is not limited.
    pub(crate) scopes: Vec<String>,
}

/// A client as the control plane describes it. What is left out stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    client_id: String,
    client_secret: Option<String>,
    redirect_uris: Option<Vec<String>>,
    post_logout_redirect_uris: Option<Vec<String>>,
    allow_loopback: Option<bool>,
    organization_id: Option<String>,
    audience: Option<Vec<String>>,
    scopes: Option<Vec<String>>,
}

impl App {
    pub(crate) fn new(id: String, secret: Option<String>) -> App {
        App {
            id,
            secret,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            allow_loopback: true,
            organization_id: None,
            audience: Vec::new(),
            scopes: Vec::new(),
        }
    }

    pub(crate) fn is_public(&self) -> bool {
        self.secret.is_none()
    }

    /// Registered addresses are compared as text, as RFC 9700 wants it.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        self.allows(&self.redirect_uris, uri)
    }

    pub(crate) fn allows_post_logout_redirect(&self, uri: &str) -> bool {
        self.allows(&self.post_logout_redirect_uris, uri)
    }

    fn allows(&self, registered: &[String], uri: &str) -> bool {
        registered.iter().any(|own| own == uri) || (self.allow_loopback && is_loopback(uri))
    }

    fn apply(&mut self, draft: Draft) {
        self.secret = draft.client_secret.or(self.secret.take());
        self.organization_id = draft.organization_id.or(self.organization_id.take());
        self.allow_loopback = draft.allow_loopback.unwrap_or(self.allow_loopback);
        let lists = [
            (&mut self.redirect_uris, draft.redirect_uris),
            (&mut self.post_logout_redirect_uris, draft.post_logout_redirect_uris),
            (&mut self.audience, draft.audience),
            (&mut self.scopes, draft.scopes),
        ];
        for (own, given) in lists {
            *own = given.unwrap_or(std::mem::take(own));
        }
    }
}

fn is_loopback(uri: &str) -> bool {
    let Ok(parsed) = uri.parse::<Uri>() else { return false };
    let plain = !uri.contains(['#', '@', '\\']);
    plain
        && parsed.scheme_str() == Some("http")
        && matches!(parsed.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// The clients by id.
#[derive(Debug)]
pub(crate) struct Apps {
    own: Vec<App>,
    all: Vec<App>,
}

impl Apps {
    /// `own` are there from the start, and again after a reset.
    pub(crate) fn new(own: Vec<App>) -> Apps {
        Apps { all: own.clone(), own }
    }

    pub(crate) fn reset(&mut self) {
        self.all = self.own.clone();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&App> {
        self.all.iter().find(|app| app.id == id)
    }

    /// Adds a client, or changes the one with this id.
    pub(crate) fn register(&mut self, draft: Draft) -> Result<&App, ControlError> {
        if draft.client_id.is_empty() || draft.client_secret.as_deref() == Some("") {
            return Err(ControlError::new("client: id and secret must not be empty"));
        }
        let place = self.all.iter().position(|app| app.id == draft.client_id).unwrap_or_else(|| {
            self.all.push(App::new(draft.client_id.clone(), None));
            self.all.len() - 1
        });
        self.all[place].apply(draft);
        Ok(&self.all[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_true_loopback_addresses_pass_without_registration() {
        let app = App::new("skc_1".into(), None);
        for good in ["http://127.0.0.1:8080/cb", "http://localhost/cb?x=1", "http://[::1]:1/cb"] {
            assert!(app.allows_redirect(good), "{good}");
        }
        for bad in [
            "https://127.0.0.1/cb",
            "http://127.0.0.1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://evil.example/127.0.0.1",
            "http://127.0.0.1/cb#x",
            "http://evil.example\\@127.0.0.1/",
            "javascript:alert(1)",
            "//127.0.0.1/cb",
            "/cb",
        ] {
            assert!(!app.allows_redirect(bad), "{bad}");
        }
    }
}
