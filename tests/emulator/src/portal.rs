//! A minimal admin portal: a page that its link opens once.

use crate::environment::Environment;
use crate::reply::Reply;
use crate::request::Request;

const PREFIX: &str = "/portal/";

/// `GET /portal/{id}`: consumes the link.
pub(crate) fn open(env: &mut Environment, request: &Request) -> Reply {
    let now = env.clock.now();
    let id = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let link = env.store.portal_links.remove(id).filter(|link| link.is_valid(now));
    let organization = link.as_ref().and_then(|link| env.store.organizations.get(&link.organization_id));
    match (link.as_ref(), organization) {
        (Some(link), Some(organization)) => {
            let features = link.features.join(", ");
            page(200, format!("Admin portal of {}: {features}\n", organization.display_name))
        }
        _ => {
            page(410, "The link does not exist, has expired after one minute, or was already used.\n".into())
        }
    }
}

fn page(status: u16, text: String) -> Reply {
    Reply::raw(status, "text/plain; charset=utf-8", text).header("cache-control", "no-store")
}
