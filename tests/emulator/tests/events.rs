//! Every event type in the service's API description: emitted by a change of state, valid against its schema, and parsed
//! by the library without loss.

use std::collections::BTreeSet;
use std::time::Duration;

use scalekit::{Timestamp, WebhookData, WebhookEvent};
use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::events::Listener;

/// Event types that no change of state emits, only `/_emulator/webhooks/send`.
const SENT_BY_COMMAND_ONLY: &[&str] = &[];

macro_rules! types {
    ($( $wire:literal $Variant:ident $field:ident, )*) => {
        const TYPES: &[&str] = &[$($wire),*];

        /// Returns the data of the event if the library parsed it as its own type.
        fn typed_data(event: &WebhookEvent) -> Option<Value> {
            match &event.data {
                $( WebhookData::$Variant { $field } if event.event_type == $wire => Some(json!($field)), )*
                _ => None,
            }
        }
    };
}

types! {
    "organization.created" OrganizationCreated organization,
    "organization.updated" OrganizationUpdated organization,
    "organization.deleted" OrganizationDeleted organization,
    "organization.domain_created" OrganizationDomainCreated domain,
    "organization.domain_deleted" OrganizationDomainDeleted domain,
    "organization.domain_dns_verification_success" OrganizationDomainDnsVerificationSuccess domain,
    "organization.domain_dns_verification_failed" OrganizationDomainDnsVerificationFailed domain,
    "user.signup" UserSignup membership,
    "user.login" UserLogin login,
    "user.logout" UserLogout logout,
    "user.organization_invitation" UserOrganizationInvitation membership,
    "user.organization_membership_created" UserOrganizationMembershipCreated membership,
    "user.organization_membership_deleted" UserOrganizationMembershipDeleted membership,
    "user.organization_membership_updated" UserOrganizationMembershipUpdated membership,
    "organization.directory_enabled" OrganizationDirectoryEnabled directory,
    "organization.directory_disabled" OrganizationDirectoryDisabled directory,
    "organization.directory.user_created" DirectoryUserCreated user,
    "organization.directory.user_updated" DirectoryUserUpdated user,
    "organization.directory.user_deleted" DirectoryUserDeleted user,
    "organization.directory.group_created" DirectoryGroupCreated group,
    "organization.directory.group_updated" DirectoryGroupUpdated group,
    "organization.directory.group_deleted" DirectoryGroupDeleted group,
    "organization.sso_created" OrganizationSsoCreated connection,
    "organization.sso_enabled" OrganizationSsoEnabled connection,
    "organization.sso_disabled" OrganizationSsoDisabled connection,
    "organization.sso_deleted" OrganizationSsoDeleted connection,
    "role.created" RoleCreated role,
    "role.updated" RoleUpdated role,
    "role.deleted" RoleDeleted role,
    "permission.created" PermissionCreated permission,
    "permission.updated" PermissionUpdated permission,
    "permission.deleted" PermissionDeleted permission,
    "connected_account.created" ConnectedAccountCreated account,
    "connected_account.updated" ConnectedAccountUpdated account,
    "connected_account.status_updated" ConnectedAccountStatusUpdated account,
    "connected_account.deleted" ConnectedAccountDeleted account,
    "connected_account.magic_link_generated" ConnectedAccountMagicLinkGenerated account,
    "connected_account.oauth_tokens_fetched" ConnectedAccountOauthTokensFetched account,
    "connected_account.token_refresh_succeeded" ConnectedAccountTokenRefreshSucceeded account,
    "connected_account.token_refresh_failed" ConnectedAccountTokenRefreshFailed account,
    "connected_account.oauth_succeeded" ConnectedAccountOauthSucceeded account,
}

fn api_description() -> Value {
    serde_json::from_str(include_str!("../../fixtures/scalekit-api.json")).unwrap()
}

/// Makes an API call and asserts that it succeeds.
async fn call_ok(harness: &Harness, method: &str, path: &str, body: Value) -> Value {
    let path = format!("/api/v1{path}");
    let response = match body {
        Value::Null => harness.call(method, &path).await,
        body => harness.send(method, &path, &body).await,
    };
    assert!((200..300).contains(&response.status), "{method} {path}: {}", response.text);
    response.json
}

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

/// Emits the events about organizations, their domains, connections and members.
async fn change_organizations(harness: &Harness) {
    let organization = id(
        &call_ok(harness, "POST", "/organizations", json!({"display_name": "Acme"})).await["organization"]
    );
    let path = format!("/organizations/{organization}");
    call_ok(harness, "PATCH", &path, json!({"external_id": "x-1", "metadata": {"plan": "pro"}})).await;
    call_ok(
        harness,
        "PATCH",
        &format!("{path}/settings"),
        json!({"features": [{"name": "sso", "enabled": true}]}),
    )
    .await;
    let domain =
        call_ok(harness, "POST", &format!("{path}/domains"), json!({"domain": "acme.example"})).await;
    let domain = id(&domain["domain"]);
    for found in [false, true] {
        harness.emulator.verify_domain(json!({"domain_id": domain, "found": found})).unwrap();
    }
    call_ok(harness, "DELETE", &format!("{path}/domains/{domain}"), Value::Null).await;
    let connections = format!("/connections?include=all&organization_id={organization}");
    let connection = id(&call_ok(harness, "GET", &connections, Value::Null).await["connections"][0]);
    for (method, verb) in [("PATCH", ":enable"), ("PATCH", ":disable"), ("DELETE", "")] {
        call_ok(harness, method, &format!("{path}/connections/{connection}{verb}"), Value::Null).await;
    }
    change_members(harness, &organization).await;
    call_ok(harness, "DELETE", &path, Value::Null).await;
}

async fn change_members(harness: &Harness, organization: &str) {
    let body =
        json!({"email": "ada@acme.example", "external_id": "u-1", "user_profile": {"given_name": "Ada"}});
    let user = call_ok(harness, "POST", &format!("/organizations/{organization}/users"), body).await;
    let user = id(&user["user"]);
    let tokens = harness.log_in(&[("login_hint", "ada@acme.example")]).await;
    harness
        .call("GET", &format!("/oidc/logout?id_token_hint={}", tokens["id_token"].as_str().unwrap()))
        .await;
    let path = format!("/memberships/organizations/{organization}/users/{user}");
    call_ok(harness, "PATCH", &path, json!({"roles": [{"name": "admin"}]})).await;
    call_ok(harness, "DELETE", &path, Value::Null).await;
    harness.log_in(&[("prompt", "create"), ("login_hint", "new@else.example")]).await;
}

async fn change_directories(harness: &Harness) {
    let seed = json!({"organizations": [{"id": "org_1", "display_name": "Acme", "connections": []}],
        "directories": [{"id": "dir_1", "organization_id": "org_1",
            "role_assignments": {"assignments": [{"group_id": "dirgroup_1", "role_name": "admin"}]}}]});
    harness.emulator.seed(seed).unwrap();
    call_ok(harness, "PATCH", "/organizations/org_1/directories/dir_1:enable", Value::Null).await;
    let attributes = json!({
        "employee_id": "7", "department": "R&D", "cost_center": "9", "division": "West", "title": "Dr", "user_type": "x",
        "phone_number": "+1", "language": "en", "locale": "en-US", "zoneinfo": "Europe/Berlin", "organization": "Acme",
        "nickname": "A", "profile": "https://acme.example/a", "picture": "https://acme.example/a.png",
        "address": {"city": "Paris"}, "custom_attributes": {"shoe": "42"},
    });
    for changes in [
        json!({"groups": [{"id": "dirgroup_1", "display_name": "Admins"}],
            "users": [{"id": "diruser_1", "email": "ada@acme.example", "given_name": "Ada", "family_name": "Lovelace",
                "groups": ["Admins"], "attributes": attributes}]}),
        json!({"groups": [{"id": "dirgroup_1", "display_name": "Chiefs"}], "users": [{"id": "diruser_1", "active": false}]}),
        json!({"delete_users": ["diruser_1"], "delete_groups": ["dirgroup_1"]}),
    ] {
        let mut sync = json!({"directory_id": "dir_1"});
        sync.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        harness.emulator.sync_directory(sync).unwrap();
    }
    call_ok(harness, "PATCH", "/organizations/org_1/directories/dir_1:disable", Value::Null).await;
}

async fn change_access(harness: &Harness) {
    call_ok(harness, "POST", "/permissions", json!({"name": "tasks:read", "description": "See"})).await;
    call_ok(
        harness,
        "PUT",
        "/permissions/tasks%3Aread",
        json!({"name": "tasks:read", "description": "See tasks"}),
    )
    .await;
    let role =
        json!({"name": "viewer", "display_name": "Viewer", "description": "Sees", "extends": "member"});
    call_ok(harness, "POST", "/roles", role).await;
    call_ok(harness, "PUT", "/roles/viewer", json!({"display_name": "Watcher"})).await;
    call_ok(harness, "DELETE", "/roles/viewer", Value::Null).await;
    call_ok(harness, "DELETE", "/permissions/tasks%3Aread", Value::Null).await;
}

async fn change_accounts(harness: &Harness) {
    let ada = json!({"connector": "gmail", "identifier": "ada"});
    call_ok(harness, "POST", "/connected_accounts", ada.clone()).await;
    let link = call_ok(harness, "POST", "/connected_accounts/magic_link", ada.clone()).await;
    harness.http.get(link["link"].as_str().unwrap()).send().await.unwrap();
    harness.emulator.advance_clock(Duration::from_secs(7200)).unwrap();
    let path = "/connected_accounts/auth?connector=gmail&identifier=ada";
    call_ok(harness, "GET", path, Value::Null).await;
    let mut without_refresh = ada.clone();
    without_refresh["connected_account"] =
        json!({"authorization_details": {"oauth_token": {"access_token": "a", "refresh_token": ""}}});
    call_ok(harness, "PUT", "/connected_accounts", without_refresh).await;
    call_ok(harness, "POST", "/connected_accounts:delete", ada).await;
    let seed = json!({"connected_accounts": [{"connector": "slack", "identifier": "bo",
        "authorization_details": {"oauth_token": {"access_token": "a"}}, "token_expires_at": "2020-01-01T00:00:00Z"}]});
    harness.emulator.seed(seed).unwrap();
    call_ok(harness, "GET", "/connected_accounts/auth?connector=slack&identifier=bo", Value::Null).await;
}

#[tokio::test]
async fn every_event_type_matches_description_and_parses_without_loss() {
    let harness = Harness::start().await;
    let listener = Listener::start(&harness).await;
    change_organizations(&harness).await;
    change_directories(&harness).await;
    change_access(&harness).await;
    change_accounts(&harness).await;

    let description = api_description();
    let received = listener.received(&harness).await;
    for (event, body) in &received {
        let name = &event.event_type;
        let data =
            typed_data(event).unwrap_or_else(|| panic!("{name} is not parsed as its own type: {body}"));
        assert_contained(&body["data"], &data, name);
        let envelope = json!({
            "id": event.id, "type": event.event_type, "object": event.object, "spec_version": event.spec_version,
            "occurred_at": event.occurred_at.map(|time| time.to_string()), "environment_id": event.environment_id,
            "organization_id": event.organization_id, "display_name": event.display_name, "data": data,
        });
        assert_contained(body, &envelope, name);
        let schema =
            &description["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert_matches_schema(&description, schema, body, name);
    }
    let emitted: BTreeSet<&str> = received.iter().map(|(event, _)| event.event_type.as_str()).collect();
    let expected: BTreeSet<&str> =
        TYPES.iter().filter(|name| !SENT_BY_COMMAND_ONLY.contains(name)).copied().collect();
    assert_eq!(emitted, expected, "changes of state emit every type except SENT_BY_COMMAND_ONLY");
}

#[test]
fn event_types_match_the_description() {
    let description = api_description();
    let described: BTreeSet<_> =
        description["webhooks"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((TYPES.len(), TYPES.iter().copied().collect()), (41, described));
    assert!(SENT_BY_COMMAND_ONLY.iter().all(|name| TYPES.contains(name)));
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        _ => false,
    }
}

/// Asserts that the parsed value contains all non-empty data of the sent value.
fn assert_contained(sent: &Value, parsed: &Value, at: &str) {
    match (sent, parsed) {
        (sent, _) if is_empty(sent) => {}
        (Value::Object(sent), Value::Object(parsed)) => {
            for (name, value) in sent.iter().filter(|(_, value)| !is_empty(value)) {
                let found =
                    parsed.get(name).unwrap_or_else(|| panic!("{at}.{name} is missing in {parsed:?}"));
                assert_contained(value, found, &format!("{at}.{name}"));
            }
        }
        (Value::Array(sent), Value::Array(parsed)) => {
            assert_eq!(sent.len(), parsed.len(), "{at}");
            sent.iter().zip(parsed).for_each(|(sent, parsed)| assert_contained(sent, parsed, at));
        }
        (Value::String(one), Value::String(two)) if one != two => {
            let timestamp =
                |text: &str| text.parse::<Timestamp>().unwrap_or_else(|_| panic!("{at}: {sent} {parsed}"));
            assert_eq!(timestamp(one), timestamp(two), "{at}");
        }
        _ => assert_eq!(sent, parsed, "{at}"),
    }
}

/// Asserts that the value matches its schema: the types are right, no required field is missing, and there are no other
/// fields.
fn assert_matches_schema(description: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(path) => description.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let has_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        other => panic!("{at}: unexpected type in the schema: {other:?}"),
    };
    assert!(has_type, "{at}: {value} is not of type {}", schema["type"]);
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value} is not one of {allowed:?}");
    }
    if schema["format"] == "date-time" {
        assert!(value.as_str().unwrap().parse::<Timestamp>().is_ok(), "{at}: {value}");
    }
    for item in value.as_array().into_iter().flatten() {
        assert_matches_schema(description, &schema["items"], item, at);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(!value[name.as_str().unwrap()].is_null(), "{at}.{name} is missing");
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, field) in value.as_object().unwrap().iter().filter(|(_, field)| !field.is_null()) {
        let at = format!("{at}.{name}");
        let schema = properties.get(name).unwrap_or_else(|| panic!("{at} is not in the schema"));
        assert_matches_schema(description, schema, field, &at);
    }
}

#[tokio::test]
async fn any_event_type_can_be_sent_by_command() {
    let harness = Harness::start_without_auto_connection().await;
    let listener = Listener::start(&harness).await;
    for name in TYPES {
        let event = json!({"type": name, "object": "X", "data": {"id": "x_1", "organization_id": "org_1"}});
        assert_eq!(harness.send("POST", "/_emulator/webhooks/send", &event).await.status, 200);
    }
    let received = listener.received(&harness).await;
    assert_eq!(received.len(), TYPES.len());
}
