//! OAuth clients: applications that sign users in, and machine clients.

use hyper::Uri;
use serde::Deserialize;

use crate::error::ControlError;

/// A client of the environment. A client without a secret is public: a mobile, desktop or browser application.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    /// Whether any loopback address is accepted as a redirect URI, as in a development environment.
    allow_loopback: bool,
    pub(crate) organization_id: Option<String>,
    /// Allowed audiences of its machine tokens. A request without `audience` gets all of them. Empty: the client itself.
    pub(crate) audience: Vec<String>,
    /// Allowed scopes of its machine tokens. Empty: any scope.
    pub(crate) scopes: Vec<String>,
}

/// Control-plane parameters of a client. Omitted fields are unchanged.
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

    /// Compares redirect URIs as exact strings, as RFC 9700 requires.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        self.allows(&self.redirect_uris, uri)
    }

    pub(crate) fn allows_post_logout_redirect(&self, uri: &str) -> bool {
        self.allows(&self.post_logout_redirect_uris, uri)
    }

    fn allows(&self, registered: &[String], uri: &str) -> bool {
        registered.iter().any(|allowed| allowed == uri) || (self.allow_loopback && is_loopback(uri))
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
        for (current, new) in lists {
            *current = new.unwrap_or(std::mem::take(current));
        }
    }
}

fn is_loopback(uri: &str) -> bool {
    let Ok(parsed) = uri.parse::<Uri>() else { return false };
    let has_no_tricks = !uri.contains(['#', '@', '\\']);
    has_no_tricks
        && parsed.scheme_str() == Some("http")
        && matches!(parsed.host(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// The clients of the environment.
#[derive(Debug)]
pub(crate) struct Apps {
    built_in: Vec<App>,
    all: Vec<App>,
}

impl Apps {
    /// Creates the list with the `built_in` clients, which a reset restores.
    pub(crate) fn new(built_in: Vec<App>) -> Apps {
        Apps { all: built_in.clone(), built_in }
    }

    pub(crate) fn reset(&mut self) {
        self.all = self.built_in.clone();
    }

    pub(crate) fn get(&self, id: &str) -> Option<&App> {
        self.all.iter().find(|app| app.id == id)
    }

    /// Adds a client, or updates the client that has this ID.
    pub(crate) fn register(&mut self, draft: Draft) -> Result<&App, ControlError> {
        if draft.client_id.is_empty() || draft.client_secret.as_deref() == Some("") {
            return Err(ControlError::new("client: client_id and client_secret must not be empty"));
        }
        let index = self.all.iter().position(|app| app.id == draft.client_id).unwrap_or_else(|| {
            self.all.push(App::new(draft.client_id.clone(), None));
            self.all.len() - 1
        });
        self.all[index].apply(draft);
        Ok(&self.all[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unregistered_redirect_uri_is_allowed_only_for_loopback_hosts() {
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
