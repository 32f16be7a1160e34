//! Makes any call by its name, in both styles. The table of operations is shared with the scenarios.

use std::collections::HashMap;

use scalekit::{
    AsyncScalekitClient, HttpMethod, Json, MachineClient, MachineToken, RawResponse, Result, ScalekitClient,
    ScalekitError, TokenExpectations, WebhookSigner, WebhookVerifier,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

#[path = "../../scenario/calls.rs"]
mod table;
use table::run_call;

/// The arguments of a call. A wrong argument is a mistake in `sequences.json`, and panics.
#[derive(Debug, Clone, Default)]
pub struct Args(pub Map<String, Value>);

impl Args {
    fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("the string argument `{name}` is missing"))
    }

    fn value<T: DeserializeOwned>(&self, name: &str) -> T {
        self.or(name, json!({}))
    }

    fn list<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        self.or(name, json!([]))
    }

    fn option<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.or(name, Value::Null)
    }

    fn or<T: DeserializeOwned>(&self, name: &str, default: Value) -> T {
        let argument = self.0.get(name).cloned().unwrap_or(default);
        serde_json::from_value(argument).unwrap_or_else(|e| panic!("`{name}`: {e}"))
    }

    fn json(&self, name: &str) -> Option<Json> {
        self.0.get(name).cloned().map(Json::from)
    }

    fn query(&self) -> HashMap<String, Vec<String>> {
        self.value("query")
    }

    fn method(&self) -> HttpMethod {
        match self.text("method") {
            "GET" => HttpMethod::Get,
            "POST" => HttpMethod::Post,
            "DELETE" => HttpMethod::Delete,
            unknown => panic!("unknown method: {unknown}"),
        }
    }

    fn machine(&self) -> MachineClient {
        let client = MachineClient::new(self.text("client_id"), self.text("client_secret"));
        MachineClient { scopes: vec![self.text("scope").to_owned()], ..client }
    }

    fn expectations(&self) -> TokenExpectations {
        TokenExpectations::for_audience(self.text("audience"))
    }
}

fn to_json<T: Serialize>(result: Result<T>) -> Result<Value> {
    result.map(|value| serde_json::to_value(value).unwrap_or_else(|e| panic!("the result is not JSON: {e}")))
}

fn machine_token(token: &MachineToken) -> Value {
    json!({"token": token.access_token.reveal()})
}

/// The path under which the scenario table calls `raw`.
mod scenario {
    pub(super) fn raw(response: super::RawResponse) -> super::Value {
        response.body.value().clone()
    }
}

/// Makes a call, blocking this thread.
pub fn blocking(client: &ScalekitClient, call: &str, with: &Args) -> Result<Value> {
    match call {
        "machine_tokens.get" => {
            client.machine_tokens().get(with.machine()).map(|token| machine_token(&token))
        }
        "machine_tokens.clear" => to_json(client.machine_tokens().clear()),
        "tokens.validate" => {
            client.tokens().validate(with.text("token"), with.expectations(), None).map(|_| Value::Null)
        }
        "tokens.validate_machine" => client
            .tokens()
            .validate_machine(with.text("token"), with.expectations(), None)
            .map(|_| Value::Null),
        "webhooks.verify" => verify(with),
        _ => run_call!([] client, call, with),
    }
}

/// Makes an asynchronous call.
pub async fn asynchronous(client: &AsyncScalekitClient, call: &str, with: &Args) -> Result<Value> {
    match call {
        "machine_tokens.get" => {
            client.machine_tokens().get(with.machine()).await.map(|token| machine_token(&token))
        }
        "machine_tokens.clear" => to_json(client.machine_tokens().clear()),
        "tokens.validate" => {
            client.tokens().validate(with.text("token"), with.expectations(), None).await.map(|_| Value::Null)
        }
        "tokens.validate_machine" => client
            .tokens()
            .validate_machine(with.text("token"), with.expectations(), None)
            .await
            .map(|_| Value::Null),
        "webhooks.verify" => verify(with),
        _ => run_call!([await] client, call, with),
    }
}

/// Signs a webhook and verifies it, unchanged or with an extra byte. No fault affects the result.
fn verify(with: &Args) -> Result<Value> {
    let secret = "whsec_c29hazpzb2FrOnNvYWs6c29hazpzb2Fr";
    let (body, id) = (br#"{"type":"soak.done","id":"evt_1","data":{}}"#, with.text("id"));
    let headers = WebhookSigner::new(secret)?.sign(id, body, None);
    let verifier = WebhookVerifier::new([secret], 300)?;
    if !with.value::<bool>("changed") {
        return verifier.event(&headers, body, None).map(|_| Value::Null);
    }
    match verifier.verify(&headers, &[body.as_slice(), b" "].concat(), None) {
        Err(ScalekitError::InvalidWebhook { .. }) => Ok(Value::Null),
        other => panic!("a modified webhook was not rejected: {other:?}"),
    }
}
