//! `to_update` turns a value that was read into an update without the read-only fields.

use scalekit::{
    ConnectedAccountSelector, CreateCustomProvider, CreateM2mClient, CreateMcpConfig, CustomClaim,
    ListPasskeys, McpToolMappingInput, SessionPolicySource,
};
use scalekit_emulator::Emulator;
use serde_json::json;

use crate::support::caller::call;
use crate::support::{Caller, Style, emulator, in_every_style, quick};

in_every_style!(
    organization_can_be_written_back,
    connected_account_is_written_back_without_credentials,
    custom_provider_can_be_written_back,
    mcp_config_can_be_written_back,
    passkey_can_be_written_back,
    m2m_client_can_be_written_back,
    session_policy_can_be_written_back,
    user_can_be_written_back,
    membership_can_be_written_back,
    role_and_permission_can_be_written_back,
);

fn updated_fields(emulator: &Emulator, operation: &str) -> Vec<String> {
    let last = emulator.requests_of(operation).pop().expect("the emulator received an update");
    let fields = last.body.as_object().expect("the update is an object");
    let mut names: Vec<String> = fields.keys().cloned().collect();
    names.sort_unstable();
    names
}

fn organization_can_be_written_back(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = client.get("org_1").unwrap();
    let mut change = before.to_update();
    change.display_name = Some("Acme II".into());
    let after = call!(client, client => client.organizations().update("org_1", change)).unwrap();
    assert_eq!(
        updated_fields(&emulator, "organizations.update"),
        ["display_name", "external_id", "metadata"]
    );
    assert_eq!((after.display_name.as_str(), after.external_id), ("Acme II", before.external_id));
}

fn connected_account_is_written_back_without_credentials(style: Style) {
    let emulator = emulator();
    let account =
        json!({"id": "ca_1", "connector": "gmail", "identifier": "ada", "api_config": {"limit": 5}});
    emulator.seed(json!({"connected_accounts": [account]})).unwrap();
    let client = style.client(&emulator, quick());
    let read = || {
        let account = ConnectedAccountSelector::new().with_id("ca_1");
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

fn custom_provider_can_be_written_back(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let provider =
        CreateCustomProvider::new("Acme").with_auth_patterns(vec![json!({"type": "API_KEY"}).into()]);
    let before = call!(client, client => client.custom_providers().create(provider)).unwrap();
    let change = before.to_update();
    let after = call!(client, client => client.custom_providers().update("acme", change)).unwrap();
    let expected = ["auth_patterns", "display_name", "metadata", "proxy_enabled"];
    assert_eq!(updated_fields(&emulator, "custom_providers.update"), expected);
    assert_eq!(after, before);
}

fn mcp_config_can_be_written_back(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let mapping = McpToolMappingInput::new("gmail").with_tools(vec!["gmail_send_mail".into()]);
    let config = CreateMcpConfig::new("support")
        .with_description("For support")
        .with_connection_tool_mappings(vec![mapping]);
    let before = call!(client, client => client.mcp_configs().create(config)).unwrap();
    let change = before.to_update();
    let after = call!(client, client => client.mcp_configs().update(&before.id, change)).unwrap();
    assert_eq!(updated_fields(&emulator, "mcp_configs.update"), ["connection_tool_mappings", "description"]);
    assert_eq!(after, before);
}

fn passkey_can_be_written_back(style: Style) {
    let emulator = emulator();
    emulator
        .seed(json!({"passkeys": [{"id": "cred_1", "user_id": "usr_1", "display_name": "Laptop"}]}))
        .unwrap();
    let client = style.client(&emulator, quick());
    let list = call!(client, client => client.passkeys().list(ListPasskeys::default())).unwrap();
    let change = list.credentials[0].to_update();
    let after = call!(client, client => client.passkeys().update("cred_1", change)).unwrap();
    assert_eq!(updated_fields(&emulator, "passkeys.update"), ["display_name"]);
    assert_eq!(after.display_name.as_deref(), Some("Laptop"));
}

fn m2m_client_can_be_written_back(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let new = CreateM2mClient::new()
        .with_name("Nightly")
        .with_scopes(vec!["orders:read".into()])
        .with_custom_claims(vec![CustomClaim::new("team", "ops")]);
    let before = call!(client, client => client.clients().create("org_1", new)).unwrap().client;
    let mut change = before.to_update();
    change.expiry = Some(60);
    let id = before.client_id.as_str();
    let after = call!(client, client => client.clients().update("org_1", id, change)).unwrap();
    let sent = updated_fields(&emulator, "clients.update");
    assert_eq!(sent, ["audience", "custom_claims", "expiry", "name", "scopes"]);
    assert_eq!((after.expiry, after.name), (Some(60), before.name));
    assert_eq!((after.scopes, after.custom_claims), (before.scopes, before.custom_claims));
}

fn session_policy_can_be_written_back(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let before = call!(client, client => client.organizations().get_session_policy("org_1")).unwrap();
    let mut change = before.to_update();
    change.policy_source = Some(SessionPolicySource::Custom);
    change.idle_session_timeout = Some(90);
    let update = call!(client, client => client.organizations().update_session_policy("org_1", change));
    let after = update.unwrap();
    assert_eq!(updated_fields(&emulator, "organizations.update_session_policy").len(), 6);
    assert_eq!(
        (after.policy_source, after.idle_session_timeout),
        (Some(SessionPolicySource::Custom), Some(90))
    );
    assert_eq!(after.absolute_session_timeout, before.absolute_session_timeout);
}

fn user_can_be_written_back(style: Style) {
    let (emulator, client) = seeded(style);
    let before = call!(client, client => client.users().get("usr_1")).unwrap();
    let mut change = before.to_update();
    change.user_profile.as_mut().expect("the user has a profile").given_name = Some("Augusta".into());
    let after = call!(client, client => client.users().update("usr_1", change)).unwrap();
    assert_eq!(updated_fields(&emulator, "users.update"), ["external_id", "metadata", "user_profile"]);
    let (mut then, now) = (before.user_profile.unwrap(), after.user_profile.unwrap());
    then.given_name = Some("Augusta".into());
    assert_eq!((after.external_id, after.metadata, now), (before.external_id, before.metadata, then));
}

fn membership_can_be_written_back(style: Style) {
    let (emulator, client) = seeded(style);
    let user = call!(client, client => client.users().get("usr_1")).unwrap();
    let mut change = user.memberships[0].to_update();
    change.metadata.as_mut().expect("the membership has metadata").insert("seat".into(), "gold".into());
    let update = call!(client, client => client.memberships().update("org_1", "usr_1", change));
    let after = update.unwrap().memberships;
    let last = emulator.requests_of("memberships.update").pop().unwrap().body;
    let expected = json!({"roles": [{"name": "editor"}], "metadata": {"seat": "gold", "team": "blue"}});
    assert_eq!(last, expected);
    assert_eq!(after[0].roles, user.memberships[0].roles);
}

fn role_and_permission_can_be_written_back(style: Style) {
    let (emulator, client) = seeded(style);
    let role = call!(client, client => client.roles().get("editor", None)).unwrap();
    let mut change = role.to_update();
    change.display_name = Some("Author".into());
    let after = call!(client, client => client.roles().update("editor", change)).unwrap();
    assert_eq!(updated_fields(&emulator, "roles.update"), ["display_name", "extends"]);
    assert_eq!(
        (after.extends, after.permissions.len()),
        (Some("member".into()), 1),
        "permissions must be unchanged"
    );
    let permission = call!(client, client => client.permissions().get("tasks:read")).unwrap();
    let same = permission.to_update();
    let after = call!(client, client => client.permissions().update("tasks:read", same)).unwrap();
    assert_eq!((after.name, after.description), (permission.name, permission.description));
}

fn seeded(style: Style) -> (Emulator, Caller) {
    let emulator = emulator();
    let state = json!({
        "permissions": [{"name": "tasks:read", "description": "See tasks"}],
        "roles": [{"name": "editor", "extends": "member", "permissions": ["tasks:read"]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example", "external_id": "1", "metadata": {"plan": "gold"},
            "user_profile": {"given_name": "Ada", "family_name": "King", "email_verified": true, "groups": ["a"]},
            "memberships": [{"organization_id": "org_1", "roles": ["editor"], "metadata": {"team": "blue"}}]}],
    });
    emulator.seed(state).unwrap();
    let client = style.client(&emulator, quick());
    (emulator, client)
}
