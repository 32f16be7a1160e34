//! The built-in worlds: each has what the README says.

use scalekit_emulator::Settings;
use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::claims;

async fn start(world: &str) -> Harness {
    let path = format!("{}/worlds/{world}.yaml", env!("CARGO_MANIFEST_DIR"));
    let seed: Value = yaml_serde::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    Harness::start_with(Settings { seed: Some(seed), ..Settings::strict() }).await
}

async fn get(harness: &Harness, path: &str) -> Value {
    let response = harness.call("GET", &format!("/api/v1/{path}")).await;
    assert_eq!(response.status, 200, "{path}: {}", response.text);
    response.json
}

/// The error of a login, or the email address of the user who signed in.
async fn login(harness: &Harness, organization: &str) -> String {
    let callback =
        harness.authorize(&[("organization_id", organization), ("scope", "openid email")], None).await;
    match callback.callback("error") {
        Some(error) => error,
        None => {
            let tokens = harness.exchange(&callback.callback("code").unwrap(), &[]).await;
            claims(&tokens.json["id_token"])["email"].as_str().unwrap().to_owned()
        }
    }
}

#[tokio::test]
async fn sso_world_has_connections_in_every_state_and_a_script() {
    let harness = start("sso").await;
    let active = get(&harness, "connections").await;
    let ids: Vec<_> = active["connections"].as_array().unwrap().iter().map(|own| own["id"].clone()).collect();
    assert_eq!(ids, ["conn_acme", "conn_acme_contractors", "conn_globex"]);
    let all = get(&harness, "connections?include=all").await;
    assert_eq!(all["connections"].as_array().unwrap().len(), 5);
    let pending = get(&harness, "organizations/org_umbrella/domains").await;
    assert_eq!(pending["domains"][0]["verification_status"], "PENDING");
    assert_eq!(login(&harness, "org_hooli").await, "no_active_connections");
    assert_eq!(login(&harness, "org_initech").await, "no_configured_connections");
    for reset in [false, true] {
        if reset {
            harness.call("POST", "/_emulator/reset").await;
        }
        assert_eq!(login(&harness, "org_acme").await, "ada@acme.example");
        assert_eq!(login(&harness, "org_acme").await, "access_denied");
        assert_eq!(login(&harness, "org_globex").await, "grace@acme.example");
        assert_eq!(login(&harness, "org_globex").await, "ada@example.com");
    }
}

#[tokio::test]
async fn large_world_has_many_pages() {
    let harness = start("large").await;
    assert_eq!(get(&harness, "organizations").await["total_size"], 501);
    let users = get(&harness, "users?page_size=100").await;
    assert_eq!((&users["total_size"], users["users"].as_array().unwrap().len()), (&json!(5000), 100));
    let second = &users["users"][1];
    assert_eq!(second["email"], "person-00002@generated.example");
    assert_eq!(second["memberships"][0]["name"], "Organization 00002");
    let id = second["memberships"][0]["organization_id"].as_str().unwrap();
    assert_eq!(get(&harness, &format!("organizations/{id}/users")).await["total_size"], 10);
    let directory = get(&harness, "organizations/org_acme/directories/dir_acme").await;
    assert_eq!(directory["directory"]["total_users"], 10_000);
}

#[tokio::test]
async fn agents_world_runs_tools_and_has_mcp_configurations() {
    let harness = start("agents").await;
    let accounts = get(&harness, "connected_accounts?page_size=30").await;
    let accounts = accounts["connected_accounts"].as_array().unwrap();
    let mut statuses: Vec<_> = accounts.iter().map(|own| own["status"].as_str().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "EXPIRED", "PENDING_AUTH"]);
    let mail = json!({"tool_name": "gmail_send_mail", "connected_account_id": "ca_ada_gmail",
        "params": {"to": "bo@acme.example", "subject": "Hello"}});
    let sent = harness.send("POST", "/api/v1/execute_tool", &mail).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let configs = get(&harness, "mcp/configs").await;
    assert_eq!(configs["total_size"], 2);
    assert_eq!(configs["configs"][0]["name"], "assistant");
    let wanted = json!({"identifier": "ada"});
    let path = "/api/v1/mcp/configs/cfg_assistant/connected_accounts";
    let states = harness.send("POST", path, &wanted).await;
    assert_eq!(
        states.json["connected_accounts"][1]["connected_account_id"], "ca_ada_slack",
        "{}",
        states.text
    );
}

#[tokio::test]
async fn invalid_script_and_mcp_configuration_are_rejected_with_their_path() {
    let harness = Harness::start().await;
    for (seed, path) in [
        (json!({"idp_script": [{"approve": {}}, {}]}), "idp_script[1]: "),
        (
            json!({"mcp_configs": [{"name": "a", "connection_tool_mappings": [{"connection_name": "x"}]}]}),
            "mcp_configs[0].connection_tool_mappings[0].connection_name: ",
        ),
        (json!({"mcp_configs": [{"name": "a"}, {"name": "a"}]}), "mcp_configs[1]: "),
        (json!({"generate": {"users": 100_001}}), "generate: "),
        (
            json!({"users": [{"email": "Person-00002@generated.example"}], "generate": {"users": 2}}),
            "generate: ",
        ),
    ] {
        let error = harness.emulator.seed(seed.clone()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("seed: {path}")), "{seed}: {error}");
    }
    let script = harness.call("GET", "/_emulator/idp/script").await.json;
    assert_eq!(script["pending"], 0, "the first decision is not added, either");
    assert_eq!(get(&harness, "users").await["total_size"], 0);
}
