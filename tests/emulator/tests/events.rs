//! Every type of event in the service's description: caused by a change of state, in the promised shape, and read by
//! the library without losing anything.

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use scalekit::{Timestamp, WebhookData, WebhookEvent};
use serde_json::{Value, json};
use support::Bench;
use support::events::Listener;

/// What no change of state causes, so that only `/_emulator/webhooks/send` sends it.
const ONLY_SENT: &[&str] = &[];

macro_rules! types {
    ($( $wire:literal $Variant:ident $field:ident, )*) => {
        const TYPES: &[&str] = &[$($wire),*];

        /// What the event holds, where the library has read it as its own type.
        fn typed(event: &WebhookEvent) -> Option<Value> {
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

fn description() -> Value {
    serde_json::from_str(include_str!("../../fixtures/scalekit-api.json")).unwrap()
}

/// A call that must succeed.
async fn act(bench: &Bench, method: &str, path: &str, body: Value) -> Value {
    let path = format!("/api/v1{path}");
    let answer = match body {
        Value::Null => bench.call(method, &path).await,
        body => bench.send(method, &path, &body).await,
    };
    assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text);
    answer.json
}

fn id(of: &Value) -> String {
    of["id"].as_str().unwrap().to_owned()
}

/// Organizations, their domains, connections, and members.
async fn organizations(bench: &Bench) {
    let organization =
        id(&act(bench, "POST", "/organizations", json!({"display_name": "Acme"})).await["organization"]);
    let path = format!("/organizations/{organization}");
    act(bench, "PATCH", &path, json!({"external_id": "x-1", "metadata": {"plan": "pro"}})).await;
    act(bench, "PATCH", &format!("{path}/settings"), json!({"features": [{"name": "sso", "enabled": true}]}))
        .await;
    let domain = act(bench, "POST", &format!("{path}/domains"), json!({"domain": "acme.example"})).await;
    let domain = id(&domain["domain"]);
    for found in [false, true] {
        bench.emulator.verify_domain(json!({"domain_id": domain, "found": found})).unwrap();
    }
    act(bench, "DELETE", &format!("{path}/domains/{domain}"), Value::Null).await;
    let connections = format!("/connections?include=all&organization_id={organization}");
    let connection = id(&act(bench, "GET", &connections, Value::Null).await["connections"][0]);
    for (method, verb) in [("PATCH", ":enable"), ("PATCH", ":disable"), ("DELETE", "")] {
        act(bench, method, &format!("{path}/connections/{connection}{verb}"), Value::Null).await;
    }
    members(bench, &organization).await;
    act(bench, "DELETE", &path, Value::Null).await;
}

async fn members(bench: &Bench, organization: &str) {
    let body =
        json!({"email": "ada@acme.example", "external_id": "u-1", "user_profile": {"given_name": "Ada"}});
    let user = act(bench, "POST", &format!("/organizations/{organization}/users"), body).await;
    let user = id(&user["user"]);
    let tokens = bench.log_in(&[("login_hint", "ada@acme.example")]).await;
    bench.call("GET", &format!("/oidc/logout?id_token_hint={}", tokens["id_token"].as_str().unwrap())).await;
    let path = format!("/memberships/organizations/{organization}/users/{user}");
    act(bench, "PATCH", &path, json!({"roles": [{"name": "admin"}]})).await;
    act(bench, "DELETE", &path, Value::Null).await;
    bench.log_in(&[("prompt", "create"), ("login_hint", "new@else.example")]).await;
}

async fn directories(bench: &Bench) {
    let seed = json!({"organizations": [{"id": "org_1", "display_name": "Acme", "connections": []}],
        "directories": [{"id": "dir_1", "organization_id": "org_1",
            "role_assignments": {"assignments": [{"group_id": "dirgroup_1", "role_name": "admin"}]}}]});
    bench.emulator.seed(seed).unwrap();
    act(bench, "PATCH", "/organizations/org_1/directories/dir_1:enable", Value::Null).await;
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
        let mut order = json!({"directory_id": "dir_1"});
        order.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        bench.emulator.sync_directory(order).unwrap();
    }
    act(bench, "PATCH", "/organizations/org_1/directories/dir_1:disable", Value::Null).await;
}

async fn access(bench: &Bench) {
    act(bench, "POST", "/permissions", json!({"name": "tasks:read", "description": "See"})).await;
    act(bench, "PUT", "/permissions/tasks%3Aread", json!({"name": "tasks:read", "description": "See tasks"}))
        .await;
    let role =
        json!({"name": "viewer", "display_name": "Viewer", "description": "Sees", "extends": "member"});
    act(bench, "POST", "/roles", role).await;
    act(bench, "PUT", "/roles/viewer", json!({"display_name": "Watcher"})).await;
    act(bench, "DELETE", "/roles/viewer", Value::Null).await;
    act(bench, "DELETE", "/permissions/tasks%3Aread", Value::Null).await;
}

async fn accounts(bench: &Bench) {
    let ada = json!({"connector": "gmail", "identifier": "ada"});
    act(bench, "POST", "/connected_accounts", ada.clone()).await;
    let link = act(bench, "POST", "/connected_accounts/magic_link", ada.clone()).await;
    bench.http.get(link["link"].as_str().unwrap()).send().await.unwrap();
    bench.emulator.advance_clock(Duration::from_secs(7200)).unwrap();
    let path = "/connected_accounts/auth?connector=gmail&identifier=ada";
    act(bench, "GET", path, Value::Null).await;
    let mut without_refresh = ada.clone();
    without_refresh["connected_account"] =
        json!({"authorization_details": {"oauth_token": {"access_token": "a", "refresh_token": ""}}});
    act(bench, "PUT", "/connected_accounts", without_refresh).await;
    act(bench, "POST", "/connected_accounts:delete", ada).await;
    let seed = json!({"connected_accounts": [{"connector": "slack", "identifier": "bo",
        "authorization_details": {"oauth_token": {"access_token": "a"}}, "token_expires_at": "2020-01-01T00:00:00Z"}]});
    bench.emulator.seed(seed).unwrap();
    act(bench, "GET", "/connected_accounts/auth?connector=slack&identifier=bo", Value::Null).await;
}

#[tokio::test]
async fn every_type_is_caused_as_described_and_read_without_a_loss() {
    let bench = Bench::start().await;
    let listener = Listener::start(&bench).await;
    organizations(&bench).await;
    directories(&bench).await;
    access(&bench).await;
    accounts(&bench).await;

    let description = description();
    let arrived = listener.arrived(&bench).await;
    for (event, body) in &arrived {
        let name = &event.event_type;
        let data = typed(event).unwrap_or_else(|| panic!("{name} is not read as its own type: {body}"));
        kept(&body["data"], &data, name);
        let envelope = json!({
            "id": event.id, "type": event.event_type, "object": event.object, "spec_version": event.spec_version,
            "occurred_at": event.occurred_at.map(|time| time.to_string()), "environment_id": event.environment_id,
            "organization_id": event.organization_id, "display_name": event.display_name, "data": data,
        });
        kept(body, &envelope, name);
        let schema =
            &description["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"];
        described(&description, schema, body, name);
    }
    let caused: BTreeSet<&str> = arrived.iter().map(|(event, _)| event.event_type.as_str()).collect();
    let expected: BTreeSet<&str> = TYPES.iter().filter(|name| !ONLY_SENT.contains(name)).copied().collect();
    assert_eq!(caused, expected, "what changes of state cause, and what was said that they cause");
}

#[test]
fn the_types_are_those_of_the_description() {
    let description = description();
    let described: BTreeSet<_> =
        description["webhooks"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!((TYPES.len(), TYPES.iter().copied().collect()), (41, described));
    assert!(ONLY_SENT.iter().all(|name| TYPES.contains(name)));
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

/// All that was sent is in what was read.
fn kept(sent: &Value, read: &Value, at: &str) {
    match (sent, read) {
        (sent, _) if is_empty(sent) => {}
        (Value::Object(sent), Value::Object(read)) => {
            for (name, value) in sent.iter().filter(|(_, value)| !is_empty(value)) {
                let own = read.get(name).unwrap_or_else(|| panic!("{at}.{name} is lost: {read:?}"));
                kept(value, own, &format!("{at}.{name}"));
            }
        }
        (Value::Array(sent), Value::Array(read)) => {
            assert_eq!(sent.len(), read.len(), "{at}");
            sent.iter().zip(read).for_each(|(sent, read)| kept(sent, read, at));
        }
        (Value::String(one), Value::String(two)) if one != two => {
            let time =
                |text: &str| text.parse::<Timestamp>().unwrap_or_else(|_| panic!("{at}: {sent} {read}"));
            assert_eq!(time(one), time(two), "{at}");
        }
        _ => assert_eq!(sent, read, "{at}"),
    }
}

/// What was sent is what the description promises: no field beyond it, none missing, the right types.
fn described(description: &Value, schema: &Value, value: &Value, at: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(path) => description.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    let fits = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        other => panic!("{at}: the description says {other:?}"),
    };
    assert!(fits, "{at}: {value} is not {}", schema["type"]);
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value} is none of {allowed:?}");
    }
    if schema["format"] == "date-time" {
        assert!(value.as_str().unwrap().parse::<Timestamp>().is_ok(), "{at}: {value}");
    }
    for own in value.as_array().into_iter().flatten() {
        described(description, &schema["items"], own, at);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(!value[name.as_str().unwrap()].is_null(), "{at}.{name} is missing");
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, own) in value.as_object().unwrap().iter().filter(|(_, own)| !own.is_null()) {
        let at = format!("{at}.{name}");
        let schema = properties.get(name).unwrap_or_else(|| panic!("{at} is not in the description"));
        described(description, schema, own, &at);
    }
}

#[tokio::test]
async fn an_event_that_nothing_caused_can_be_sent() {
    let bench = Bench::start_bare().await;
    let listener = Listener::start(&bench).await;
    for name in TYPES {
        let event = json!({"type": name, "object": "X", "data": {"id": "x_1", "organization_id": "org_1"}});
        assert_eq!(bench.send("POST", "/_emulator/webhooks/send", &event).await.status, 200);
    }
    let arrived = listener.arrived(&bench).await;
    assert_eq!(arrived.len(), TYPES.len());
}
