//! Agent operations: connected accounts, magic links, provider tokens, tools, MCP configurations and session tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde_json::{Value, json};

use crate::support::{Harness, Response};

const ACCOUNTS: &str = "/api/v1/connected_accounts";

async fn seed(harness: &Harness, seed: Value) -> Value {
    let response = harness.send("POST", "/_emulator/seed", &seed).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json
}

async fn magic_link(harness: &Harness, body: Value) -> String {
    let response = harness.send("POST", &format!("{ACCOUNTS}/magic_link"), &body).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json["link"].as_str().unwrap().to_owned()
}

/// Opens a URL as a browser does, without a token.
async fn open(harness: &Harness, url: &str) -> Response {
    Response::of(harness.http.get(url).send().await.unwrap()).await
}

async fn get_auth(harness: &Harness, id: &str) -> Value {
    harness.call("GET", &format!("{ACCOUNTS}/auth?id={id}")).await.json["connected_account"].clone()
}

async fn advance(harness: &Harness, seconds: u64) {
    harness.send("POST", "/_emulator/clock", &json!({"advance_seconds": seconds})).await;
}

#[tokio::test]
async fn magic_link_connects_account_once_within_one_minute() {
    let harness = Harness::start().await;
    let created = harness.send("POST", ACCOUNTS, &json!({"connector": "slack", "identifier": "ada"})).await;
    assert_eq!((created.status, &created.json["connected_account"]["status"]), (201, &json!("PENDING_AUTH")));
    let id = created.json["connected_account"]["id"].as_str().unwrap().to_owned();

    let late = magic_link(&harness, json!({"id": id})).await;
    advance(&harness, 61).await;
    assert_eq!(open(&harness, &late).await.status, 410);
    assert_eq!(get_auth(&harness, &id).await["status"], "PENDING_AUTH");

    let url = magic_link(&harness, json!({"id": id})).await;
    let opened = open(&harness, &url).await;
    assert_eq!((opened.status, opened.header("location")), (302, harness.url("/connect").as_str()));
    assert_eq!(open(&harness, opened.header("location")).await.status, 200);
    let account = get_auth(&harness, &id).await;
    assert_eq!(account["status"], "ACTIVE");
    assert!(account["authorization_details"]["oauth_token"]["access_token"].as_str().unwrap().len() > 20);
    assert_eq!(
        account["authorization_details"]["oauth_token"]["scopes"],
        json!(["chat:write", "channels:history"])
    );
    assert_eq!(open(&harness, &url).await.status, 410, "a magic link works once");
    assert_eq!(open(&harness, &harness.url("/connect/lnk_1")).await.status, 404);
}

#[tokio::test]
async fn magic_link_with_user_verify_url_requires_user_verification() {
    let harness = Harness::start().await;
    seed(&harness, json!({"connected_accounts": [{"id": "ca_1", "connector": "gmail", "identifier": "ada", "status": "PENDING_AUTH"}]})).await;
    for page in ["https://app.example/done", "https://app.example/done?a=1"] {
        let url =
            magic_link(&harness, json!({"id": "ca_1", "state": "x&y=1 ü", "user_verify_url": page})).await;
        let opened = open(&harness, &url).await;
        assert!(opened.header("location").starts_with(page), "{}", opened.header("location"));
        let location = Url::parse(opened.header("location")).unwrap();
        let query: std::collections::HashMap<_, _> = location.query_pairs().into_owned().collect();
        assert_eq!(query["state"], "x&y=1 ü");
        let account = get_auth(&harness, "ca_1").await;
        assert_eq!(
            (&account["status"], &account["authorization_details"]),
            (&json!("PENDING_VERIFICATION"), &Value::Null)
        );

        let verify = format!("{ACCOUNTS}/user/verify");
        let mut body = json!({"auth_request_id": query["auth_request_id"], "identifier": "mallory"});
        let refused = harness.send("POST", &verify, &body).await;
        assert_eq!((refused.status, refused.error_code()), (403, "PERMISSION_DENIED"));
        body["identifier"] = "ada".into();
        assert_eq!(harness.send("POST", &verify, &body).await.status, 200);
        assert_eq!(get_auth(&harness, "ca_1").await["status"], "ACTIVE");
        assert_eq!(
            harness.send("POST", &verify, &body).await.error_code(),
            "NOT_FOUND",
            "an auth request is verified once"
        );
    }
}

#[tokio::test]
async fn expired_provider_token_is_refreshed_or_account_expires() {
    let harness = Harness::start().await;
    let end = "2000-01-01T00:00:00Z";
    seed(
        &harness,
        json!({"connected_accounts": [
            {"id": "ca_1", "connector": "gmail", "identifier": "ada"},
            {"id": "ca_2", "connector": "gmail", "identifier": "bob", "token_expires_at": end,
             "authorization_details": {"oauth_token": {"access_token": "old"}}},
        ]}),
    )
    .await;
    let token = |account: &Value| account["authorization_details"]["oauth_token"]["access_token"].clone();
    let first = get_auth(&harness, "ca_1").await;
    assert_eq!(token(&get_auth(&harness, "ca_1").await), token(&first));
    advance(&harness, 3601).await;
    harness.emulator.revoke_tokens();
    let harness = Harness { token: harness.new_token().await, ..harness };
    let second = get_auth(&harness, "ca_1").await;
    assert_eq!(second["status"], "ACTIVE");
    assert_ne!(token(&second), token(&first));
    assert_ne!(second["token_expires_at"], first["token_expires_at"]);
    let listed = harness.call("GET", &format!("{ACCOUNTS}?identifier=bob")).await.json;
    assert_eq!(listed["connected_accounts"][0]["status"], "EXPIRED");
}

#[tokio::test]
async fn credentials_are_returned_only_by_get_auth_and_never_logged() {
    let harness = Harness::start().await;
    let details = json!({"oauth_token": {"access_token": "canary", "refresh_token": "canary"}});
    let body = json!({"connector": "gmail", "identifier": "ada", "connected_account": {"authorization_details": details}});
    let created = harness.send("POST", ACCOUNTS, &body).await;
    let update = json!({"connector": "gmail", "identifier": "ada", "connected_account":
        {"authorization_details": {"static_auth": {"details": {"key": "canary"}}}}});
    let changed = harness.send("PUT", ACCOUNTS, &update).await;
    assert_eq!((created.status, changed.status), (201, 200));
    let selector = "connector=gmail&identifier=ada";
    for path in [
        format!("{ACCOUNTS}/details?{selector}"),
        ACCOUNTS.to_owned(),
        format!("{ACCOUNTS}:search?query=ada"),
    ] {
        let response = harness.call("GET", &path).await;
        assert_eq!(response.status, 200);
        assert!(
            !response.text.contains("canary") && !response.text.contains("authorization_details"),
            "{path}"
        );
    }
    assert!(harness.call("GET", &format!("{ACCOUNTS}/auth?{selector}")).await.text.contains("canary"));
    let log = harness.call("GET", "/_emulator/requests").await.text;
    assert!(log.contains("[redacted]") && !log.contains("canary"), "{log}");
}

#[tokio::test]
async fn connected_account_parameters_are_validated() {
    let harness = Harness::start().await;
    let create = async |body: Value| harness.send("POST", ACCOUNTS, &body).await;
    let violation = |response: &Response| {
        let (field, rule) = response.violations()[0];
        format!("{field} {rule}")
    };
    for (body, expected) in [
        (json!({"identifier": "ada"}), "connector required"),
        (json!({"connector": "gmail"}), "identifier required"),
        (json!({"connector": "nowhere", "identifier": "ada"}), "connector exists"),
        (json!({"connector": "g/mail", "identifier": "ada"}), "connector string.pattern"),
        (json!({"connector": "gmail", "identifier": "a".repeat(101)}), "identifier string.max_len"),
        (json!({"connector": "gmail", "identifier": "ada", "status": "ACTIVE"}), "status unknown_field"),
        (
            json!({"connector": "gmail", "identifier": "ada", "connected_account":
                {"authorization_details": {"google_dwd": {"access_token": "x"}}}}),
            "connected_account.authorization_details.google_dwd.access_token output_only",
        ),
        (
            json!({"connector": "gmail", "identifier": "ada", "connected_account":
                {"authorization_details": {"google_dwd": {"subject": "x"}, "trusted_idp": {"db_user": "x"}}}}),
            "connected_account.authorization_details oneof",
        ),
        (
            json!({"connector": "gmail", "identifier": "ada", "connected_account": {"api_config": [1]}}),
            "connected_account.api_config type",
        ),
    ] {
        assert_eq!(violation(&create(body.clone()).await), expected, "{body}");
    }
    let too_many = harness.call("GET", &format!("{ACCOUNTS}?page_size=100")).await;
    assert_eq!(violation(&too_many), "page_size int.lte");
    let unnamed = harness.call("GET", &format!("{ACCOUNTS}/auth?connector=gmail")).await;
    assert_eq!(violation(&unnamed), "id required");

    assert_eq!(
        create(json!({"connector": "gmail", "organization_id": "org_1", "user_id": "usr_1"})).await.status,
        201
    );
    assert_eq!(create(json!({"connector": "gmail", "organization_id": "org_1"})).await.status, 201);
    assert_eq!(create(json!({"connector": "slack", "organization_id": "org_1"})).await.status, 201);
    let twice = create(json!({"connector": "gmail", "organization_id": "org_1"})).await;
    assert_eq!((twice.status, twice.error_code()), (409, "ALREADY_EXISTS"));
}

#[tokio::test]
async fn deleting_organization_deletes_its_connected_accounts() {
    let harness = Harness::start().await;
    let organization = harness.organization("Acme").await;
    harness.send("POST", ACCOUNTS, &json!({"connector": "gmail", "organization_id": organization})).await;
    harness.send("POST", ACCOUNTS, &json!({"connector": "gmail", "identifier": "ada"})).await;
    harness.call("DELETE", &format!("/api/v1/organizations/{organization}")).await;
    let left = harness.call("GET", ACCOUNTS).await.json;
    assert_eq!(
        (&left["total_size"], &left["connected_accounts"][0]["identifier"]),
        (&json!(1), &json!("ada"))
    );
}

#[tokio::test]
async fn invalid_connected_account_seed_is_rejected() {
    let harness = Harness::start().await;
    for (account, why) in [
        (json!({"connector": "nowhere", "identifier": "a"}), "no connector nowhere"),
        (json!({"connector": "gmail"}), "needs an identifier"),
        (json!({"connector": "gmail", "identifier": "a", "color": "red"}), "unknown field"),
        (json!({"connector": "gmail", "identifier": "a", "last_used_at": "noon"}), "noon is not a time"),
    ] {
        let response =
            harness.send("POST", "/_emulator/seed", &json!({"connected_accounts": [account]})).await;
        assert!(response.status == 400 && response.text.contains(why), "{}", response.text);
    }
    let twice = json!({"id": "ca_1", "connector": "gmail", "identifier": "a"});
    let response =
        harness.send("POST", "/_emulator/seed", &json!({"connected_accounts": [twice, twice]})).await;
    assert!(response.text.contains("ca_1 exists already"), "{}", response.text);
    assert_eq!(harness.call("GET", ACCOUNTS).await.json["total_size"], 0, "no account was created");
}

#[tokio::test]
async fn tool_records_are_scoped_to_account_and_filtered_by_fields() {
    let harness = Harness::start().await;
    seed(
        &harness,
        json!({"connected_accounts": [
            {"id": "ca_1", "connector": "github", "identifier": "ada"},
            {"id": "ca_2", "connector": "github", "identifier": "bob"},
        ]}),
    )
    .await;
    let run = async |tool: &str, account: &str, params: Value| {
        let body = json!({"tool_name": tool, "connected_account_id": account, "params": params});
        harness.send("POST", "/api/v1/execute_tool", &body).await
    };
    for repo in ["one", "two"] {
        let created =
            run("github_create_issue", "ca_1", json!({"owner": "acme", "repo": repo, "title": "Broken"}))
                .await;
        assert_eq!(created.status, 200, "{}", created.text);
    }
    let found = run("github_list_issues", "ca_1", json!({"owner": "acme", "repo": "two"})).await.json;
    assert_eq!(found["data"]["issues"].as_array().unwrap().len(), 1);
    assert_eq!(found["data"]["issues"][0]["repo"], "two");
    let none = run("github_list_issues", "ca_2", json!({"owner": "acme", "repo": "two"})).await.json;
    assert_eq!(none["data"]["issues"], json!([]));

    let foreign = run("slack_list_messages", "ca_1", json!({"channel": "c"})).await;
    assert_eq!(foreign.violations(), [("tool_name", "provider")]);
    harness.call("POST", "/_emulator/reset").await;
    assert_eq!(run("github_list_issues", "ca_1", json!({})).await.status, 404);
}

#[tokio::test]
async fn failing_tool_returns_provider_status_code_and_message() {
    let harness = Harness::start().await;
    seed(
        &harness,
        json!({"connected_accounts": [{"id": "ca_1", "connector": "emulator", "identifier": "ada"}]}),
    )
    .await;
    for (status, grpc) in [(401, 16), (403, 7), (429, 8), (500, 13)] {
        let body = json!({"tool_name": "emulator_fail", "connected_account_id": "ca_1",
            "params": {"status": status, "code": "nope", "text": "not today"}});
        let response = harness.send("POST", "/api/v1/execute_tool", &body).await;
        assert_eq!((response.status, response.error_code()), (status, "TOOL_ERROR"));
        assert_eq!(response.json["code"], grpc);
        let tool = &response.error_info()["tool_error_info"];
        assert_eq!(
            (&tool["tool_error_code"], &tool["tool_error_message"]),
            (&json!("nope"), &json!("not today"))
        );
        assert!(tool["execution_id"].as_str().unwrap().starts_with("tcl_"));
    }
}

#[tokio::test]
async fn mcp_session_token_is_signed_and_rejected_by_the_api() {
    let harness = Harness::start().await;
    seed(&harness, json!({"connected_accounts": [
        {"id": "ca_1", "connector": "gmail", "identifier": "ada"}, {"id": "ca_2", "connector": "github", "identifier": "ada"},
        {"id": "ca_3", "connector": "gmail", "identifier": "bob"}]}))
    .await;
    let config = json!({"name": "c", "connection_tool_mappings": [{"connection_name": "gmail"}]});
    let config = harness.send("POST", "/api/v1/mcp/configs", &config).await.json["config"].clone();
    let path = format!("/api/v1/mcp/configs/{}/tokens", config["id"].as_str().unwrap());
    let response = harness.send("POST", &path, &json!({"identifier": "ada", "expiry": "90s"})).await.json;
    let token = response["token"].as_str().unwrap();
    let parts: Vec<Value> = token
        .split('.')
        .take(2)
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect();
    let keys = harness.call("GET", "/keys").await.json;
    assert_eq!(parts[0]["kid"], keys["keys"][0]["kid"]);
    let claims = &parts[1];
    assert_eq!((&claims["sub"], &claims["mcp_cfg"]), (&json!("ada"), &config["id"]));
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!(harness.emulator.environment_url()), &json!([config["mcp_server_url"]]))
    );
    assert_eq!(claims["ca_ids"], json!(["ca_1"]));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 90);

    let api_call = harness.http.get(harness.url(ACCOUNTS)).bearer_auth(token).send().await.unwrap();
    assert_eq!(api_call.status(), 401);
    let default = harness.send("POST", &path, &json!({"identifier": "ada"})).await.json;
    assert_ne!(default["token"], response["token"]);
    for expiry in ["59s", "86401s", "3600", "-60s", "1h"] {
        let refused = harness.send("POST", &path, &json!({"identifier": "ada", "expiry": expiry})).await;
        assert_eq!(refused.violations(), [("expiry", "string.pattern")], "{expiry}");
    }
}

#[tokio::test]
async fn mcp_config_returns_authentication_links_that_connect_accounts() {
    let harness = Harness::start().await;
    let config = json!({"name": "c", "connection_tool_mappings": [{"connection_name": "slack"}]});
    let config = harness.send("POST", "/api/v1/mcp/configs", &config).await.json["config"].clone();
    let path = format!("/api/v1/mcp/configs/{}/connected_accounts", config["id"].as_str().unwrap());
    let ask = async |link: bool| {
        let body = json!({"identifier": "ada", "include_auth_link": link});
        harness.send("POST", &path, &body).await.json["connected_accounts"][0].clone()
    };
    assert_eq!(ask(false).await["connected_account_id"], "");
    let with_link = ask(true).await;
    assert_eq!(open(&harness, with_link["authentication_link"].as_str().unwrap()).await.status, 302);
    let connected = ask(true).await;
    assert_eq!(
        (&connected["connected_account_status"], &connected["authentication_link"]),
        (&json!("active"), &json!(""))
    );
    assert_eq!(connected["connected_account_id"], with_link["connected_account_id"]);
}

#[tokio::test]
async fn mcp_config_and_custom_provider_parameters_are_validated() {
    let harness = Harness::start().await;
    for (path, body, expected) in [
        ("/api/v1/mcp/configs", json!({"name": "A b"}), ("name", "string.pattern")),
        ("/api/v1/mcp/configs", json!({"name": "a", "id": "cfg_1"}), ("id", "output_only")),
        (
            "/api/v1/mcp/configs",
            json!({"name": "a", "connection_tool_mappings": [{"connection_name": "x"}]}),
            ("connection_tool_mappings[0].connection_name", "exists"),
        ),
        (
            "/api/v1/mcp/configs",
            json!({"name": "a", "connection_tool_mappings": [{"connection_name": "gmail", "provider": "GMAIL"}]}),
            ("connection_tool_mappings[0].provider", "output_only"),
        ),
        ("/api/v1/custom-providers", json!({"description": "a"}), ("display_name", "required")),
        (
            "/api/v1/custom-providers",
            json!({"display_name": "a", "identifier": "b"}),
            ("identifier", "unknown_field"),
        ),
        (
            "/api/v1/custom-providers",
            json!({"display_name": "a", "auth_patterns": ["b"]}),
            ("auth_patterns[0]", "type"),
        ),
    ] {
        let response = harness.send("POST", path, &body).await;
        assert_eq!(response.violations(), [expected], "{body}");
    }
    let gmail = harness.send("POST", "/api/v1/custom-providers", &json!({"display_name": "Gmail"})).await;
    assert_eq!(gmail.json["provider"]["identifier"], "gmail-2", "built-in provider names are reserved");
    let nameless = harness.send("POST", "/api/v1/custom-providers", &json!({"display_name": "ü"})).await;
    assert_eq!(nameless.json["provider"]["identifier"], "provider");
}
