//! Email domains of organizations.

use serde_json::json;

use super::{Call, Entry};
use crate::error::ApiError;
use crate::event;
use crate::model::{Domain, SIGN_IN_DOMAIN};
use crate::reply::{Outcome, Reply};
use crate::store::Store;
use crate::validate::shape::DOMAIN;
use crate::validate::{Field, enumeration, integer, output_only, text, text_shaped};

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("domains.list", list).query(LIST),
    Entry::new("domains.create", create).body(CREATE),
    Entry::new("domains.get", get),
    Entry::new("domains.delete", delete),
];

const DEFAULT_PAGE: usize = 30;
const TYPES: &[(&str, i64)] = &[("ALLOWED_EMAIL_DOMAIN", 1), (SIGN_IN_DOMAIN, 2)];

const LIST: &[Field] = &[
    integer("page_size", 0, 100),
    integer("page_number", 0, i32::MAX as i64),
    // Values and effect are not documented.
    text("include", 0, 64),
    enumeration("domain_type", TYPES),
];

const CREATE: &[Field] = &[
    text_shaped("domain", 1, 253, DOMAIN).required(),
    enumeration("domain_type", TYPES),
    output_only("id"),
    output_only("environment_id"),
    output_only("organization_id"),
    output_only("verification_status"),
    output_only("verification_method"),
    output_only("create_time"),
    output_only("update_time"),
];

fn list(store: &mut Store, call: &Call) -> Outcome {
    let organization = call.organization(store)?;
    let number = |name: &str| call.query.get(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("page_size").filter(|size| *size > 0).unwrap_or(DEFAULT_PAGE);
    let page = number("page_number").unwrap_or_default();
    let kind = call.query.get("domain_type");
    let own = store.domains.iter().filter(|own| {
        own.organization_id == organization.id && kind.is_none_or(|kind| kind == own.domain_type)
    });
    let domains: Vec<_> = own.skip(page.saturating_mul(size)).take(size).collect();
    Ok(Reply::ok(json!({"domains": domains, "page_number": page, "page_size": size})))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let organization_id = call.organization(store)?.id.clone();
    let name = call.text("domain").unwrap_or_default().to_ascii_lowercase();
    let kind = call.text("domain_type").unwrap_or(SIGN_IN_DOMAIN);
    let domain = Domain::new(store.ids.next("dom"), &organization_id, &name, kind, call.now);
    store.check_domain_is_free(&domain)?;
    let body = json!({"domain": domain});
    call.events.emit(event::domain("created", &domain));
    store.domains.put(domain);
    // The API description has 200 here; other create operations have 201.
    Ok(Reply::ok(body))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"domain": find(store, call)?})))
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let domain = find(store, call)?.clone();
    store.domains.remove(&domain.id);
    call.events.emit(event::domain("deleted", &domain));
    Ok(Reply::empty_object())
}

/// Finds a domain of the organization in the path. Domains of other organizations are not found.
fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a Domain, ApiError> {
    let (organization_id, id) = (call.param("organization_id"), call.param("id"));
    let domain = store.domains.get(id);
    domain
        .filter(|domain| domain.organization_id == organization_id)
        .ok_or_else(|| ApiError::not_found("domain", id))
}
