//! Clients of organizations at the token endpoint.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::{Harness, Response};

/// A client of an organization, with its current secret.
struct Client {
    path: String,
    id: String,
    secret: String,
}

impl Client {
    async fn create(harness: &Harness, body: &Value) -> Client {
        let clients = format!("/api/v1/organizations/{}/clients", harness.organization("Acme").await);
        let response = harness.send("POST", &clients, body).await;
        assert_eq!(response.status, 201, "{}", response.text);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let id = text(&response.json["client"]["client_id"]);
        Client { path: format!("{clients}/{id}"), id, secret: text(&response.json["plain_secret"]) }
    }

    async fn request_token(&self, harness: &Harness, extra: &[(&str, &str)]) -> Response {
        self.request_token_with(harness, &self.secret, extra).await
    }

    async fn request_token_with(&self, harness: &Harness, secret: &str, extra: &[(&str, &str)]) -> Response {
        let credentials = [
            ("grant_type", "client_credentials"),
            ("client_id", self.id.as_str()),
            ("client_secret", secret),
        ];
        harness.token_request(&[&credentials, extra].concat()).await
    }

    async fn secret_ids(&self, harness: &Harness) -> Vec<String> {
        let response = harness.call("GET", &self.path).await.json;
        let secrets = response["client"]["secrets"].as_array().unwrap();
        secrets.iter().map(|secret| secret["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn claims(response: &Response) -> Value {
    let token = response.json["access_token"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn client_token_contains_granted_scopes_audience_claims_and_lifetime() {
    let harness = Harness::start().await;
    let body = json!({"name": "Nightly", "audience": ["https://api.example"], "scopes": ["orders:read", "orders:write"],
        "custom_claims": [{"key": "team", "value": "ops"}], "expiry": "120"});
    let client = Client::create(&harness, &body).await;
    let response = client.request_token(&harness, &[]).await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(response.json["expires_in"], 120);
    assert_eq!(response.json["scope"], "orders:read orders:write");
    let all = claims(&response);
    assert_eq!(all["sub"], json!(client.id));
    assert_eq!(all["client_id"], json!(client.id));
    assert_eq!(all["oid"].as_str().unwrap(), client.path.split('/').nth(4).unwrap());
    assert_eq!(all["aud"], json!(["https://api.example"]));
    assert_eq!(all["scopes"], json!(["orders:read", "orders:write"]));
    assert_eq!(all["custom_claims"], json!({"team": "ops"}));
    assert_eq!(all["exp"].as_i64().unwrap() - all["iat"].as_i64().unwrap(), 120);

    let fewer = client.request_token(&harness, &[("scope", "orders:read")]).await;
    assert_eq!(
        (fewer.json["scope"].as_str(), &claims(&fewer)["scopes"]),
        (Some("orders:read"), &json!(["orders:read"]))
    );
    let more = client.request_token(&harness, &[("scope", "orders:read everything")]).await;
    assert_eq!((more.status, more.json["error"].as_str()), (400, Some("invalid_scope")));
}

#[tokio::test]
async fn client_without_grants_is_its_own_audience() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({})).await;
    let response = client.request_token(&harness, &[]).await;
    assert_eq!((&response.json["scope"], &response.json["expires_in"]), (&json!(""), &json!(3600)));
    let claims = claims(&response);
    assert_eq!((&claims["aud"], &claims["scopes"]), (&json!([client.id]), &json!([])));
    assert_eq!(claims.get("custom_claims"), None);
}

#[tokio::test]
async fn organization_client_token_is_rejected_by_the_api() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({})).await;
    let token = client.request_token(&harness, &[]).await.json["access_token"].as_str().unwrap().to_owned();
    let call = harness.http.get(harness.url(&client.path)).bearer_auth(token).send().await.unwrap();
    let response = Response::of(call).await;
    assert_eq!((response.status, response.error_code()), (403, "PERMISSION_DENIED"));
}

#[tokio::test]
async fn deleted_client_secret_is_rejected_and_others_still_work() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({})).await;
    let secrets = format!("{}/secrets", client.path);
    let first = client.secret_ids(&harness).await.remove(0);
    let second = harness.call("POST", &secrets).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let plain = second.json["plain_secret"].as_str().unwrap().to_owned();
    assert!(plain.ends_with(second.json["secret"]["secret_suffix"].as_str().unwrap()));
    assert_eq!(client.request_token_with(&harness, &plain, &[]).await.status, 200);
    assert_eq!(client.request_token(&harness, &[]).await.status, 200);

    assert_eq!(harness.call("DELETE", &format!("{secrets}/{first}")).await.status, 200);
    let dead = client.request_token(&harness, &[]).await;
    assert_eq!((dead.status, dead.json["error"].as_str()), (401, Some("invalid_client")));
    assert_eq!(client.request_token_with(&harness, &plain, &[]).await.status, 200);
    let shown = harness.call("GET", &client.path).await;
    assert!(!shown.text.contains(&plain), "a plain secret is returned only at creation");
    assert_ne!(shown.json["client"]["secrets"][0]["last_used_time"], Value::Null);

    let last = client.secret_ids(&harness).await.remove(0);
    let refused = harness.call("DELETE", &format!("{secrets}/{last}")).await;
    assert_eq!((refused.status, refused.error_code()), (400, "FAILED_PRECONDITION"));
}

#[tokio::test]
async fn sixth_client_secret_is_rejected() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({})).await;
    for _ in 0..4 {
        assert_eq!(harness.call("POST", &format!("{}/secrets", client.path)).await.status, 201);
    }
    let refused = harness.call("POST", &format!("{}/secrets", client.path)).await;
    assert_eq!((refused.status, refused.error_code()), (400, "FAILED_PRECONDITION"));
    assert_eq!(client.secret_ids(&harness).await.len(), 5);
}

#[tokio::test]
async fn deleted_client_gets_no_token() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({})).await;
    assert_eq!(harness.call("DELETE", &client.path).await.text, "{}");
    let dead = client.request_token(&harness, &[]).await;
    assert_eq!((dead.status, dead.json["error"].as_str()), (401, Some("invalid_client")));
}

#[tokio::test]
async fn client_update_applies_to_new_tokens() {
    let harness = Harness::start().await;
    let client = Client::create(&harness, &json!({"scopes": ["a"], "audience": ["b"], "expiry": 60})).await;
    let changes = json!({"scopes": ["c"], "audience": [], "expiry": 90, "name": ""});
    let updated = harness.send("PATCH", &client.path, &changes).await;
    assert_eq!(updated.json["client"]["expiry"], "90", "64-bit integers are returned as strings");
    let response = client.request_token(&harness, &[]).await;
    assert_eq!((&response.json["scope"], &response.json["expires_in"]), (&json!("c"), &json!(90)));
    assert_eq!(claims(&response)["aud"], json!([client.id]));
    for bad in [json!({"expiry": "soon"}), json!({"expiry": 1.5}), json!({"expiry": -1})] {
        let refused = harness.send("PATCH", &client.path, &bad).await;
        assert_eq!(refused.violations()[0].0, "expiry", "{bad}");
    }
}
