//! Cross-origin resource sharing: single-page applications call the endpoints of the login from their own origin.

use crate::reply::Reply;
use crate::request::Request;
use crate::router::Router;
use crate::routes::Route;
use crate::shared::Shared;

const PATHS: &[&str] = &["/keys", "/oauth/token", "/userinfo", "/oauth/revoke", "/oauth/register"];
const ALLOWED_HEADERS: &str = "authorization, content-type, mcp-protocol-version";
const EXPOSED_HEADERS: &str = "www-authenticate, x-trace-id";
const MAX_AGE_SECONDS: &str = "600";

/// Whether other origins can call a path. The API is for servers only.
fn is_shared(path: &str) -> bool {
    PATHS.contains(&path)
        || path.starts_with("/.well-known/")
        || (path.starts_with("/resources/")
            && (path.contains("/.well-known/") || path.ends_with("/oauth/register")))
}

/// The reply to a preflight request, or `None` for any other request.
pub(crate) fn preflight(router: &Router<Route>, request: &Request) -> Option<Reply> {
    if request.method != "OPTIONS" || !is_shared(&request.path) {
        return None;
    }
    let mut methods = router.methods(&request.path);
    methods.dedup();
    let methods = methods.join(", ");
    let reply = Reply::empty(204).header("allow", &format!("{methods}, OPTIONS"));
    if methods.is_empty() || request.header("access-control-request-method").is_none() {
        return (!methods.is_empty()).then_some(reply);
    }
    let reply = reply.header("access-control-allow-methods", &methods);
    let reply = reply.header("access-control-allow-headers", ALLOWED_HEADERS);
    Some(reply.header("access-control-max-age", MAX_AGE_SECONDS))
}

/// Allows the origin of the request to read the reply if it is registered.
pub(crate) fn share(shared: &Shared, request: &Request, reply: Reply) -> Reply {
    if !is_shared(&request.path) {
        return reply;
    }
    let reply = reply.header("vary", "origin");
    match request.header("origin").filter(|origin| shared.env().login.apps.allows_origin(origin)) {
        Some(origin) => reply
            .header("access-control-allow-origin", origin)
            .header("access-control-expose-headers", EXPOSED_HEADERS),
        None => reply,
    }
}
