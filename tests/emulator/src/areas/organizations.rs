//! Organizations, their settings, and their portal links.

use serde_json::json;

use super::{Call, Entry, paging};
use crate::error::ApiError;
use crate::event;
use crate::model::{Feature, Organization, PortalLink};
use crate::reply::{Outcome, Reply};
use crate::rules;
use crate::store::Store;
use crate::validate::shape::{HTTPS, SLUG, SLUG_OR_EMPTY};
use crate::validate::{Field, Rule, fields, flag, list, one_of, output_only, text, text_map, text_shaped};

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

const LIST: &[Field] = &[paging::size(100), paging::TOKEN, EXTERNAL_ID];

const CREATE: &[Field] =
    fields!(&[DISPLAY_NAME.required(), EXTERNAL_ID, text_shaped("slug", 1, 253, SLUG)], DETAILS);

const UPDATE: &[Field] =
    fields!(&[DISPLAY_NAME, EXTERNAL_ID, text_shaped("slug", 0, 253, SLUG_OR_EMPTY)], DETAILS);

const DISPLAY_NAME: Field = text("display_name", 1, 200);
const EXTERNAL_ID: Field = text("external_id", 0, 510);

/// The fields of both operations.
const DETAILS: &[Field] = &[
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

fn list_page(store: &mut Store, call: &Call) -> Outcome {
    let external_id = call.query.get("external_id");
    let wanted =
        |organization: &Organization| external_id.is_none_or(|external| external == organization.external_id);
    let rows =
        store.organizations.with_positions().filter(|(_, organization)| wanted(organization)).collect();
    let scope = format!("organizations/{}", external_id.unwrap_or_default());
    let page = paging::page(rows, call, &scope, DEFAULT_PAGE)?;
    Ok(Reply::ok(json!({
        "organizations": page.items,
        "next_page_token": page.next,
        "prev_page_token": page.previous,
        "total_size": page.total,
    })))
}

fn create(store: &mut Store, call: &Call) -> Outcome {
    let mut organization = Organization::new(store.ids.next("org"), call.now);
    apply(&mut organization, call)?;
    store.check_unique(&organization)?;
    let body = json!({"organization": organization});
    rules::add_organization(store, call.events, organization, call.now);
    Ok(Reply::created(body))
}

fn get(store: &mut Store, call: &Call) -> Outcome {
    Ok(Reply::ok(json!({"organization": find(store, call)?})))
}

fn get_by_external_id(store: &mut Store, call: &Call) -> Outcome {
    let external_id = call.param("external_id");
    let found = store.organizations.iter().find(|own| own.external_id == external_id);
    let organization = found.ok_or_else(|| ApiError::not_found("organization", external_id))?;
    Ok(Reply::ok(json!({"organization": organization})))
}

fn update(store: &mut Store, call: &Call) -> Outcome {
    let mut organization = find(store, call)?.clone();
    apply(&mut organization, call)?;
    store.check_unique(&organization)?;
    save(store, call, organization)
}

fn delete(store: &mut Store, call: &Call) -> Outcome {
    let organization = find(store, call)?.clone();
    rules::delete_organization(store, call.events, &organization, call.now);
    Ok(Reply::empty_object())
}

fn generate_portal_link(store: &mut Store, call: &Call) -> Outcome {
    let organization_id = find(store, call)?.id.clone();
    let named: Vec<_> = call.query.all("features").map(str::to_owned).collect();
    let features = if named.is_empty() {
        PORTAL_FEATURES.iter().map(|(name, _)| (*name).to_owned()).collect()
    } else {
        named
    };
    let link = PortalLink::new(store.ids.next("lnk"), &organization_id, features, call.now);
    let body = json!({"link": link.json(&store.environment_url)});
    store.portal_links.put_bounded(link);
    Ok(Reply::ok(body))
}

fn update_settings(store: &mut Store, call: &Call) -> Outcome {
    let mut organization = find(store, call)?.clone();
    for feature in call.field::<Vec<Feature>>("features")?.unwrap_or_default() {
        organization.settings.switch(feature);
    }
    save(store, call, organization)
}

fn find<'a>(store: &'a Store, call: &Call) -> Result<&'a Organization, ApiError> {
    let id = call.param("id");
    store.organizations.get(id).ok_or_else(|| ApiError::not_found("organization", id))
}

/// Saves an organization. Emits an event only if it changed.
fn save(store: &mut Store, call: &Call, mut organization: Organization) -> Outcome {
    let changes = json!(organization) != json!(find(store, call)?);
    organization.update_time = call.now;
    let body = json!({"organization": organization});
    if changes {
        call.events.emit(event::organization("updated", &organization, call.now));
    }
    store.organizations.put(organization);
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
