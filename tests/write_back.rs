//! What was read can be changed and written back, without the fields that only the service writes.

mod support;

use scalekit::{
    ConnectedAccountSelector, CreateCustomProvider, CreateM2mClient, CreateMcpConfig, CustomClaim,
    ListPasskeys, McpToolMappingInput, SessionPolicySource,
};
use scalekit_emulator::Emulator;
use serde_json::json;
use support::caller::call;
use support::{Caller, Style, emulator, in_every_style, quick};

in_every_style!(
    an_organization,
    a_connected_account_without_its_credentials,
    a_custom_provider,
    an_mcp_configuration,
    a_passkey,
    a_client,
    a_session_policy,
    a_user,
    a_membership,
    a_role_and_a_permission,
);

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

fn a_connected_account_without_its_credentials(style: Style) {
    let emulator = emulator();
    let account =
        json!({"id": "ca_1", "connector": "gmail", "identifier": "ada", "api_config": {"limit": 5}});
    emulator.seed(json!({"connected_accounts": [account]})).unwrap();
    let client = style.client(&emulator, quick());
    let read = || {
        let account = ConnectedAccountSelector { id: Some("ca_1".into()), ..Default::default() };
        call!(client, client => client.connected_accounts().get_auth(account)).unwrap()
    };
    let before = read();
    assert!(before.authorization_details.is_some());
    let change = before.to_update();
    call!(client, client => client.connected_accounts().update(change)).unwrap();
    let sent = emulator.requests_of("connected_accounts.update").pop().unwrap().body;
    assert_eq!(sent, json!({"id": "ca_1", "connected_account": {"api_config": {"limit": 5}}}));
    assert_eq!(read().authorization_details, before.authorization_details);
}

fn a_custom_provider(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let provider = CreateCustomProvider {
        display_name: "Acme".into(),
        auth_patterns: Some(vec![json!({"type": "API_KEY"}).into()]),
        ..Default::default()
    };
    let before = call!(client, client => client.custom_providers().create(provider)).unwrap();
    let change = before.to_update();
    let after = call!(client, client => client.custom_providers().update("acme", change)).unwrap();
    let expected = ["auth_patterns", "display_name", "metadata", "proxy_enabled"];
    assert_eq!(updated(&emulator, "custom_providers.update"), expected);
    assert_eq!(after, before);
}

fn an_mcp_configuration(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let mapping =
        McpToolMappingInput { connection_name: "gmail".into(), tools: Some(vec!["gmail_send_mail".into()]) };
    let config = CreateMcpConfig {
        name: "support".into(),
        description: Some("For support".into()),
        connection_tool_mappings: Some(vec![mapping]),
    };
    let before = call!(client, client => client.mcp_configs().create(config)).unwrap();
    let change = before.to_update();
    let after = call!(client, client => client.mcp_configs().update(&before.id, change)).unwrap();
    assert_eq!(updated(&emulator, "mcp_configs.update"), ["connection_tool_mappings", "description"]);
    assert_eq!(after, before);
}

fn a_passkey(style: Style) {
    let emulator = emulator();
    emulator
        .seed(json!({"passkeys": [{"id": "cred_1", "user_id": "usr_1", "display_name": "Laptop"}]}))
        .unwrap();
    let client = style.client(&emulator, quick());
    let list = call!(client, client => client.passkeys().list(ListPasskeys::default())).unwrap();
    let change = list.credentials[0].to_update();
    let after = call!(client, client => client.passkeys().update("cred_1", change)).unwrap();
    assert_eq!(updated(&emulator, "passkeys.update"), ["display_name"]);
    assert_eq!(after.display_name.as_deref(), Some("Laptop"));
}

fn a_client(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let new = CreateM2mClient {
        name: Some("Nightly".into()),
        scopes: Some(vec!["orders:read".into()]),
        custom_claims: Some(vec![CustomClaim { key: "team".into(), value: "ops".into() }]),
        ..Default::default()
    };
    let before = call!(client, client => client.clients().create("org_1", new)).unwrap().client;
    let mut change = before.to_update();
    change.expiry = Some(60);
    let id = before.client_id.as_str();
    let after = call!(client, client => client.clients().update("org_1", id, change)).unwrap();
    let sent = updated(&emulator, "clients.update");
    assert_eq!(sent, ["audience", "custom_claims", "expiry", "name", "scopes"]);
    assert_eq!((after.expiry, after.name), (Some(60), before.name));
    assert_eq!((after.scopes, after.custom_claims), (before.scopes, before.custom_claims));
}

fn a_session_policy(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = call!(client, client => client.organizations().get_session_policy("org_1")).unwrap();
    let mut change = before.to_update();
    change.policy_source = Some(SessionPolicySource::Custom);
    change.idle_session_timeout = Some(90);
    let update = call!(client, client => client.organizations().update_session_policy("org_1", change));
    let after = update.unwrap();
    assert_eq!(updated(&emulator, "organizations.update_session_policy").len(), 6);
    assert_eq!(
        (after.policy_source, after.idle_session_timeout),
        (Some(SessionPolicySource::Custom), Some(90))
    );
    assert_eq!(after.absolute_session_timeout, before.absolute_session_timeout);
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
