//! Email domains of organizations.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::model::{Domain, SIGN_IN_DOMAIN};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::DOMAIN;
use crate::validate::{Field, integer, one_of, output_only, text, text_shaped};
use crate::webhooks::event;
use crate::world::World;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("domains.list", list).query(LIST),
    Entry::new("domains.create", create).body(CREATE),
    Entry::new("domains.get", get),
    Entry::new("domains.delete", delete),
];

const DEFAULT_PAGE: usize = 30;
const TYPES: &[&str] = &["ALLOWED_EMAIL_DOMAIN", SIGN_IN_DOMAIN];

const LIST: &[Field] = &[
    integer("page_size", 0, 100),
    integer("page_number", 0, i32::MAX as i64),
    // Values and effect are not documented.
    text("include", 0, 64),
    one_of("domain_type", TYPES),
];

const CREATE: &[Field] = &[
    text_shaped("domain", 1, 253, DOMAIN).required(),
    one_of("domain_type", TYPES),
    output_only("id"),
    output_only("environment_id"),
    output_only("organization_id"),
    output_only("verification_status"),
    output_only("verification_method"),
    output_only("create_time"),
    output_only("update_time"),
];

fn list(world: &mut World, call: &Call) -> Outcome {
    let organization = call.organization(world)?;
    let number = |name: &str| call.query.get(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("page_size").filter(|size| *size > 0).unwrap_or(DEFAULT_PAGE);
    let page = number("page_number").unwrap_or_default();
    let kind = call.query.get("domain_type");
    let own = world.store.domains.iter().filter(|own| {
        own.organization_id == organization.id && kind.is_none_or(|kind| kind == own.domain_type)
    });
    let domains: Vec<_> = own.skip(page.saturating_mul(size)).take(size).collect();
    Ok(Reply::ok(json!({"domains": domains, "page_number": page, "page_size": size})))
}

fn create(world: &mut World, call: &Call) -> Outcome {
    let organization_id = call.organization(world)?.id.clone();
    let name = call.text("domain").unwrap_or_default().to_ascii_lowercase();
    let kind = call.text("domain_type").unwrap_or(SIGN_IN_DOMAIN);
    let domain = Domain::new(world.ids.next("dom"), &organization_id, &name, kind, call.now);
    world.store.check_domain_is_free(&domain)?;
    let body = json!({"domain": domain});
    world.emit(event::domain("created", &domain));
    world.store.domains.put(domain);
    // The API description has 200 here; other create operations have 201.
    Ok(Reply::ok(body))
}

fn get(world: &mut World, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"domain": find(world, call)?})))
}

fn delete(world: &mut World, call: &Call) -> Outcome {
    let domain = find(world, call)?.clone();
    world.store.domains.remove(&domain.id);
    world.emit(event::domain("deleted", &domain));
    Ok(Reply::empty_object())
}

/// Finds a domain of the organization in the path. Domains of other organizations are not found.
fn find<'a>(world: &'a World, call: &Call) -> Result<&'a Domain, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let domain = world.store.domains.get(id);
    domain
        .filter(|domain| domain.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("domain", id))
}
