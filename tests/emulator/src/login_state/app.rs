//! OAuth clients: applications that sign users in, and machine clients.

use hyper::Uri;
use serde::{Deserialize, Serialize};

use crate::error::ControlError;

/// A client of the environment. A client without a secret is public: a mobile, desktop or browser application.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// Origins of browser applications that can call the endpoints of the login.
    allowed_origins: Vec<String>,
    /// Whether the client registered itself. The port of its loopback redirect URIs can vary (RFC 8252, section 7.3).
    is_dynamic: bool,
    /// The protected resource, such as an MCP server, for which the client registered itself. In the audience of its
    /// access tokens.
    pub(crate) resource_id: Option<String>,
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
    allowed_origins: Option<Vec<String>>,
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
            allowed_origins: Vec::new(),
            is_dynamic: false,
            resource_id: None,
        }
    }

    /// Creates a client that registered itself, for a resource or for the environment.
    pub(crate) fn dynamic(
        id: String,
        secret: Option<String>,
        redirect_uris: Vec<String>,
        resource_id: Option<String>,
    ) -> App {
        let app = App::new(id, secret);
        App { redirect_uris, allow_loopback: false, is_dynamic: true, resource_id, ..app }
    }

    pub(crate) fn is_public(&self) -> bool {
        self.secret.is_none()
    }

    /// Compares redirect URIs as exact strings, as RFC 9700 requires.
    pub(crate) fn allows_redirect(&self, uri: &str) -> bool {
        let same_but_port = |allowed: &String| {
            let port_free = loopback_without_port(allowed);
            port_free.is_some() && port_free == loopback_without_port(uri)
        };
        self.allows(&self.redirect_uris, uri)
            || (self.is_dynamic && self.redirect_uris.iter().any(same_but_port))
    }

    /// Whether an origin is registered: itself, or as the origin of a redirect URI.
    fn allows_origin(&self, origin: &str) -> bool {
        let of_redirect = |uri: &String| {
            uri.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        self.allowed_origins.iter().any(|allowed| allowed == origin)
            || self.redirect_uris.iter().any(of_redirect)
            || (self.allow_loopback && is_loopback_origin(origin))
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
            (&mut self.allowed_origins, draft.allowed_origins),
        ];
        for (current, new) in lists {
            *current = new.unwrap_or(std::mem::take(current));
        }
    }
}

fn is_loopback(uri: &str) -> bool {
    let Ok(parsed) = uri.parse::<Uri>() else { return false };
    let has_no_tricks = !uri.contains(['#', '@', '\\']);
    has_no_tricks && parsed.scheme_str() == Some("http") && parsed.host().is_some_and(is_loopback_host)
}

pub(crate) fn is_loopback_host(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

/// Whether an `origin` header has a loopback host, with any scheme and port.
fn is_loopback_origin(origin: &str) -> bool {
    let Ok(parsed) = origin.parse::<Uri>() else { return false };
    matches!(parsed.scheme_str(), Some("http" | "https"))
        && matches!(parsed.path(), "" | "/")
        && !origin.contains('@')
        && parsed.host().is_some_and(is_loopback_host)
}

/// Returns a loopback URI without its port.
fn loopback_without_port(uri: &str) -> Option<String> {
    let parsed = uri.parse::<Uri>().ok().filter(|_| is_loopback(uri))?;
    Some(format!("{}{}", parsed.host()?, parsed.path_and_query()?))
}

/// Maximum number of clients that registered themselves.
const MAX_DYNAMIC: usize = 1000;

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

    pub(crate) fn all(&self) -> &[App] {
        &self.all
    }

    /// Restores the clients of a state file. The built-in clients keep the secrets of this start.
    pub(crate) fn restore(&mut self, saved: Vec<App>) {
        self.all = saved;
        for own in &self.built_in {
            match self.all.iter_mut().find(|app| app.id == own.id) {
                Some(app) => app.secret.clone_from(&own.secret),
                None => self.all.push(own.clone()),
            }
        }
    }

    pub(crate) fn reset(&mut self) {
        self.all = self.built_in.clone();
    }

    pub(crate) fn allows_origin(&self, origin: &str) -> bool {
        self.all.iter().any(|app| app.allows_origin(origin))
    }

    /// Adds a client that registered itself. Beyond a limit, the oldest of them is removed.
    pub(crate) fn add_dynamic(&mut self, app: App) {
        if self.all.iter().filter(|app| app.is_dynamic).count() >= MAX_DYNAMIC
            && let Some(oldest) = self.all.iter().position(|app| app.is_dynamic)
        {
            self.all.remove(oldest);
        }
        self.all.push(app);
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
