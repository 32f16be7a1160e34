//! Clients of organizations at the token endpoint.

mod support;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use support::{Answer, Bench};

/// An organization's client, as a test holds it.
struct Client {
    path: String,
    id: String,
    secret: String,
}

impl Client {
    async fn create(bench: &Bench, body: &Value) -> Client {
        let clients = format!("/api/v1/organizations/{}/clients", bench.organization("Acme").await);
        let answer = bench.send("POST", &clients, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let id = text(&answer.json["client"]["client_id"]);
        Client { path: format!("{clients}/{id}"), id, secret: text(&answer.json["plain_secret"]) }
    }

    async fn sign_in(&self, bench: &Bench, more: &[(&str, &str)]) -> Answer {
        self.sign_in_with(bench, &self.secret, more).await
    }

    async fn sign_in_with(&self, bench: &Bench, secret: &str, more: &[(&str, &str)]) -> Answer {
        let own = [
            ("grant_type", "client_credentials"),
            ("client_id", self.id.as_str()),
            ("client_secret", secret),
        ];
        bench.token_request(&[&own, more].concat()).await
    }

    async fn secret_ids(&self, bench: &Bench) -> Vec<String> {
        let answer = bench.call("GET", &self.path).await.json;
        let secrets = answer["client"]["secrets"].as_array().unwrap();
        secrets.iter().map(|secret| secret["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn claims(answer: &Answer) -> Value {
    let token = answer.json["access_token"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_token_has_what_the_client_was_granted() {
    let bench = Bench::start().await;
    let body = json!({"name": "Nightly", "audience": ["https://api.example"], "scopes": ["orders:read", "orders:write"],
        "custom_claims": [{"key": "team", "value": "ops"}], "expiry": "120"});
    let client = Client::create(&bench, &body).await;
    let answer = client.sign_in(&bench, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["expires_in"], 120);
    assert_eq!(answer.json["scope"], "orders:read orders:write");
    let all = claims(&answer);
    assert_eq!(all["sub"], json!(client.id));
    assert_eq!(all["client_id"], json!(client.id));
    assert_eq!(all["oid"].as_str().unwrap(), client.path.split('/').nth(4).unwrap());
    assert_eq!(all["aud"], json!(["https://api.example"]));
    assert_eq!(all["scopes"], json!(["orders:read", "orders:write"]));
    assert_eq!(all["custom_claims"], json!({"team": "ops"}));
    assert_eq!(all["exp"].as_i64().unwrap() - all["iat"].as_i64().unwrap(), 120);

    let fewer = client.sign_in(&bench, &[("scope", "orders:read")]).await;
    assert_eq!(
        (fewer.json["scope"].as_str(), &claims(&fewer)["scopes"]),
        (Some("orders:read"), &json!(["orders:read"]))
    );
    let more = client.sign_in(&bench, &[("scope", "orders:read everything")]).await;
    assert_eq!((more.status, more.json["error"].as_str()), (400, Some("invalid_scope")));
}

#[tokio::test]
async fn a_client_without_grants_gets_a_token_for_itself() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({})).await;
    let answer = client.sign_in(&bench, &[]).await;
    assert_eq!((&answer.json["scope"], &answer.json["expires_in"]), (&json!(""), &json!(3600)));
    let claims = claims(&answer);
    assert_eq!((&claims["aud"], &claims["scopes"]), (&json!([client.id]), &json!([])));
    assert_eq!(claims.get("custom_claims"), None);
}

#[tokio::test]
async fn the_token_of_an_organizations_client_opens_nothing_here() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({})).await;
    let token = client.sign_in(&bench, &[]).await.json["access_token"].as_str().unwrap().to_owned();
    let call = bench.http.get(bench.url(&client.path)).bearer_auth(token).send().await.unwrap();
    let answer = Answer::of(call).await;
    assert_eq!((answer.status, answer.error_code()), (403, "PERMISSION_DENIED"));
}

#[tokio::test]
async fn a_deleted_secret_is_dead_and_the_others_live() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({})).await;
    let secrets = format!("{}/secrets", client.path);
    let first = client.secret_ids(&bench).await.remove(0);
    let second = bench.call("POST", &secrets).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let plain = second.json["plain_secret"].as_str().unwrap().to_owned();
    assert!(plain.ends_with(second.json["secret"]["secret_suffix"].as_str().unwrap()));
    assert_eq!(client.sign_in_with(&bench, &plain, &[]).await.status, 200);
    assert_eq!(client.sign_in(&bench, &[]).await.status, 200);

    assert_eq!(bench.call("DELETE", &format!("{secrets}/{first}")).await.status, 200);
    let dead = client.sign_in(&bench, &[]).await;
    assert_eq!((dead.status, dead.json["error"].as_str()), (401, Some("invalid_client")));
    assert_eq!(client.sign_in_with(&bench, &plain, &[]).await.status, 200);
    let shown = bench.call("GET", &client.path).await;
    assert!(!shown.text.contains(&plain), "the text of a secret is shown once");
    assert_ne!(shown.json["client"]["secrets"][0]["last_used_time"], Value::Null);

    let last = client.secret_ids(&bench).await.remove(0);
    let refused = bench.call("DELETE", &format!("{secrets}/{last}")).await;
    assert_eq!((refused.status, refused.error_code()), (400, "FAILED_PRECONDITION"));
}

#[tokio::test]
async fn a_client_has_at_most_five_secrets() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({})).await;
    for _ in 0..4 {
        assert_eq!(bench.call("POST", &format!("{}/secrets", client.path)).await.status, 201);
    }
    let refused = bench.call("POST", &format!("{}/secrets", client.path)).await;
    assert_eq!((refused.status, refused.error_code()), (400, "FAILED_PRECONDITION"));
    assert_eq!(client.secret_ids(&bench).await.len(), 5);
}

#[tokio::test]
async fn a_deleted_client_is_dead() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({})).await;
    assert_eq!(bench.call("DELETE", &client.path).await.text, "{}");
    let dead = client.sign_in(&bench, &[]).await;
    assert_eq!((dead.status, dead.json["error"].as_str()), (401, Some("invalid_client")));
}

#[tokio::test]
async fn a_change_counts_for_tokens_from_then_on() {
    let bench = Bench::start().await;
    let client = Client::create(&bench, &json!({"scopes": ["a"], "audience": ["b"], "expiry": 60})).await;
    let changes = json!({"scopes": ["c"], "audience": [], "expiry": 90, "name": ""});
    let updated = bench.send("PATCH", &client.path, &changes).await;
    assert_eq!(updated.json["client"]["expiry"], "90", "a 64-bit integer is text");
    let answer = client.sign_in(&bench, &[]).await;
    assert_eq!((&answer.json["scope"], &answer.json["expires_in"]), (&json!("c"), &json!(90)));
    assert_eq!(claims(&answer)["aud"], json!([client.id]));
    for bad in [json!({"expiry": "soon"}), json!({"expiry": 1.5}), json!({"expiry": -1})] {
        let refused = bench.send("PATCH", &client.path, &bad).await;
        assert_eq!(refused.violations()[0].0, "expiry", "{bad}");
    }
}
