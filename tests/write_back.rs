//! What was read can be changed and written back, without the fields that only the service writes.

mod support;

use scalekit_emulator::Emulator;
use serde_json::json;
use support::caller::call;
use support::{Caller, Style, emulator, in_every_style, quick};

in_every_style!(an_organization, a_user, a_membership, a_role_and_a_permission);

fn updated(emulator: &Emulator, operation: &str) -> Vec<String> {
    let last = emulator.requests_of(operation).pop().expect("an update arrived");
    let fields = last.body.as_object().expect("an update is an object");
    fields.keys().cloned().collect()
}

fn an_organization(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = client.get("org_1").unwrap();
    let mut change = before.to_update();
    change.display_name = Some("Acme II".into());
    let after = call!(client, client => client.organizations().update("org_1", change)).unwrap();
    assert_eq!(updated(&emulator, "organizations.update"), ["display_name", "external_id", "metadata"]);
    assert_eq!((after.display_name.as_str(), after.external_id), ("Acme II", before.external_id));
}

fn a_user(style: Style) {
    let (emulator, client) = with_people(style);
    let before = call!(client, client => client.users().get("usr_1")).unwrap();
    let mut change = before.to_update();
    change.user_profile.as_mut().expect("the user has a profile").given_name = Some("Augusta".into());
    let after = call!(client, client => client.users().update("usr_1", change)).unwrap();
    assert_eq!(updated(&emulator, "users.update"), ["external_id", "metadata", "user_profile"]);
    let (mut then, now) = (before.user_profile.unwrap(), after.user_profile.unwrap());
    then.given_name = Some("Augusta".into());
    assert_eq!((after.external_id, after.metadata, now), (before.external_id, before.metadata, then));
}

fn a_membership(style: Style) {
    let (emulator, client) = with_people(style);
    let user = call!(client, client => client.users().get("usr_1")).unwrap();
    let mut change = user.memberships[0].to_update();
    change.metadata.as_mut().expect("metadata is kept").insert("seat".into(), "gold".into());
    let update = call!(client, client => client.memberships().update("org_1", "usr_1", change));
    let after = update.unwrap().memberships;
    let last = emulator.requests_of("memberships.update").pop().unwrap().body;
    assert_eq!(last.to_string(), r#"{"metadata":{"seat":"gold","team":"blue"},"roles":[{"name":"editor"}]}"#);
    assert_eq!(after[0].roles, user.memberships[0].roles);
}

fn a_role_and_a_permission(style: Style) {
    let (emulator, client) = with_people(style);
    let role = call!(client, client => client.roles().get("editor", None)).unwrap();
    let mut change = role.to_update();
    change.display_name = Some("Author".into());
    let after = call!(client, client => client.roles().update("editor", change)).unwrap();
    assert_eq!(updated(&emulator, "roles.update"), ["display_name", "extends"]);
    assert_eq!((after.extends, after.permissions.len()), (Some("member".into()), 1), "permissions stay");
    let permission = call!(client, client => client.permissions().get("tasks:read")).unwrap();
    let same = permission.to_update();
    let after = call!(client, client => client.permissions().update("tasks:read", same)).unwrap();
    assert_eq!((after.name, after.description), (permission.name, permission.description));
}

fn with_people(style: Style) -> (Emulator, Caller) {
    let emulator = emulator();
    let people = json!({
        "permissions": [{"name": "tasks:read", "description": "See tasks"}],
        "roles": [{"name": "editor", "extends": "member", "permissions": ["tasks:read"]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example", "external_id": "1", "metadata": {"plan": "gold"},
            "user_profile": {"given_name": "Ada", "family_name": "King", "email_verified": true, "groups": ["a"]},
            "memberships": [{"organization_id": "org_1", "roles": ["editor"], "metadata": {"team": "blue"}}]}],
    });
    emulator.seed(people).unwrap();
    let client = style.client(&emulator, quick());
    (emulator, client)
}
