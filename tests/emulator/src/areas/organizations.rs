//! Organizations, their settings, and their portal links.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::environment::Environment;
use crate::error::ApiError;
use crate::model::{Feature, Organization, PortalLink};
use crate::reply::{Outcome, Reply};
use crate::validate::shape::{HTTPS, SLUG, SLUG_OR_EMPTY};
use crate::validate::{Field, Rule, flag, integer, list, one_of, output_only, text, text_map, text_shaped};
use crate::webhooks::event;

pub(super) const ENTRIES: &[Entry] = &[
    Entry::new("organizations.list", list_page).query(LIST),
    Entry::new("organizations.create", create).body(CREATE),
    Entry::new("organizations.get", get),
    // The API description lists a query parameter `id` for this operation, which has no effect.
    Entry::new("organizations.get_by_external_id", get_by_external_id).query(&[text("id", 0, 32)]),
    Entry::new("organizations.update", update).body(UPDATE),
    Entry::new("organizations.delete", delete),
    Entry::new("organizations.generate_portal_link", generate_portal_link).query(PORTAL_LINK),
    Entry::new("organizations.update_settings", update_settings).body(SETTINGS),
];

const DEFAULT_PAGE: usize = 10;

const LIST: &[Field] =
    &[integer("page_size", 0, 100), text("page_token", 0, 4096), text("external_id", 0, 510)];

const CREATE: &[Field] = &[
    text("display_name", 1, 200).required(),
    text("external_id", 0, 510),
    text_shaped("slug", 1, 253, SLUG),
    text_shaped("logo_url", 0, 1024, HTTPS),
    METADATA,
    output_only("id"),
    output_only("create_time"),
    output_only("update_time"),
    output_only("region_code"),
    output_only("settings"),
];

const UPDATE: &[Field] = &[
    text("display_name", 1, 200),
    text("external_id", 0, 510),
    text_shaped("slug", 0, 253, SLUG_OR_EMPTY),
    text_shaped("logo_url", 0, 1024, HTTPS),
    METADATA,
    output_only("id"),
    output_only("create_time"),
    output_only("update_time"),
    output_only("region_code"),
    output_only("settings"),
];

const METADATA: Field = text_map("metadata", 10, (3, 25), (1, 256));

const PORTAL_FEATURES: &[(&str, i64)] = &[("sso", 2), ("dir_sync", 1)];

const PORTAL_LINK: &[Field] = &[list("features", 2, &Rule::Enum(PORTAL_FEATURES))];

const SETTINGS: &[Field] = &[list("features", 4, &Rule::Object(FEATURE)).required()];

const FEATURE: &[Field] = &[
    one_of("name", &["sso", "dir_sync", "domain_verification", "session_policy"]).required(),
    flag("enabled").required(),
];

fn list_page(env: &mut Environment, call: &Call) -> Outcome {
    let external_id = call.query.get("external_id");
    let wanted =
        |organization: &Organization| external_id.is_none_or(|external| external == organization.external_id);
    let rows =
        env.store.organizations.with_positions().filter(|(_, organization)| wanted(organization)).collect();
    let scope = format!("organizations/{}", external_id.unwrap_or_default());
    let page = paging::page(rows, call, &scope, DEFAULT_PAGE)?;
    Ok(Reply::ok(json!({
        "organizations": page.items,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(env: &mut Environment, call: &Call) -> Outcome {
    let mut organization = Organization::new(env.ids.next("org"), call.now);
    apply(&mut organization, call)?;
    env.store.check_unique(&organization)?;
    let body = json!({"organization": organization});
    env.add_organization(organization, call.now);
    Ok(Reply::created(body))
}

fn get(env: &mut Environment, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"organization": find(env, call)?})))
}

fn get_by_external_id(env: &mut Environment, call: &Call) -> Outcome {
    let external_id = call.param("external_id");
    let found = env.store.organizations.iter().find(|own| own.external_id == external_id);
    let organization = found.ok_or_else(|| ApiError::not_found("organization", external_id))?;
    Ok(Reply::ok(json!({"organization": organization})))
}

fn update(env: &mut Environment, call: &Call) -> Outcome {
    let mut organization = find(env, call)?.clone();
    apply(&mut organization, call)?;
    env.store.check_unique(&organization)?;
    save(env, call, organization)
}

fn delete(env: &mut Environment, call: &Call) -> Outcome {
    let organization = find(env, call)?.clone();
    env.delete_organization(&organization, call.now);
    Ok(Reply::empty_object())
}

fn generate_portal_link(env: &mut Environment, call: &Call) -> Outcome {
    let organization_id = find(env, call)?.id.clone();
    let named: Vec<_> = call.query.all("features").map(str::to_owned).collect();
    let features = if named.is_empty() {
        PORTAL_FEATURES.iter().map(|(name, _)| (*name).to_owned()).collect()
    } else {
        named
    };
    let link = PortalLink::new(env.ids.next("lnk"), &organization_id, features, call.now);
    let body = json!({"link": link.json(&env.environment_url)});
    env.store.portal_links.put_leftover(link);
    Ok(Reply::ok(body))
}

fn update_settings(env: &mut Environment, call: &Call) -> Outcome {
    let mut organization = find(env, call)?.clone();
    for feature in call.field::<Vec<Feature>>("features")?.unwrap_or_default() {
        organization.settings.switch(feature);
    }
    save(env, call, organization)
}

fn find<'a>(env: &'a Environment, call: &Call) -> Result<&'a Organization, ApiError> {
    let id = call.param("id");
    env.store.organizations.get(id).ok_or_else(|| ApiError::not_found("organization", id))
}

/// Saves an organization. Emits an event only if it changed.
fn save(env: &mut Environment, call: &Call, mut organization: Organization) -> Outcome {
    let changes = json!(organization) != json!(find(env, call)?);
    organization.update_time = call.now;
    let body = json!({"organization": organization});
    if changes {
        env.emit(event::organization("updated", &organization, call.now));
    }
    env.store.organizations.put(organization);
    Ok(Reply::ok(body))
}

/// Applies the fields of the body. Omitted fields are unchanged.
fn apply(organization: &mut Organization, call: &Call) -> Result<(), ApiError> {
    let targets = [
        ("display_name", &mut organization.display_name),
        ("external_id", &mut organization.external_id),
        ("slug", &mut organization.slug),
        ("logo_url", &mut organization.logo_url),
    ];
    for (name, target) in targets {
        if let Some(text) = call.text(name) {
            *target = text.into();
        }
    }
    if let Some(metadata) = call.field("metadata")? {
        organization.metadata = metadata;
    }
    Ok(())
}
