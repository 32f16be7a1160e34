//! The admin portal, as far as a test needs it: a link to it opens once.

use crate::reply::Reply;
use crate::request::Request;
use crate::world::World;

const PREFIX: &str = "/portal/";

/// `GET /portal/{id}`: uses the link up.
pub(crate) fn open(world: &mut World, request: &Request) -> Reply {
    let now = world.clock.now();
    let id = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let link = world.store.portal_links.remove(id).filter(|link| link.is_good(now));
    let organization = link.as_ref().and_then(|link| world.store.organizations.get(&link.organization_id));
    match (link.as_ref(), organization) {
        (Some(link), Some(organization)) => {
            let features = link.features.join(", ");
            page(200, format!("Admin portal of {}: {features}\n", organization.display_name))
        }
        _ => page(410, "This link was used already, is over a minute old, or never was.\n".into()),
    }
}

fn page(status: u16, text: String) -> Reply {
    Reply::raw(status, "text/plain; charset=utf-8", text).header("cache-control", "no-store")
}
