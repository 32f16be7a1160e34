//! A machine that calls an API with a token of its own: `cargo run --example m2m_caller`.
//!
//! It reads `SCALEKIT_ENVIRONMENT_URL`, and `MACHINE_CLIENT_ID` and `MACHINE_CLIENT_SECRET` of a client that
//! `client.clients().create` made; `API_URL` is where `m2m_service.rs` listens, and `API_AUDIENCE` who that is.

use reqwest::{Response, StatusCode};
use scalekit::{AsyncMachineTokens, AsyncPublicScalekitClient, ClientOptions, MachineClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let var = std::env::var;
    // The HTTP client is your own. This one is built without a TLS provider, so it is told which one to use.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (url, id) = (var("SCALEKIT_ENVIRONMENT_URL")?, var("MACHINE_CLIENT_ID")?);
    let caller = Caller {
        tokens: AsyncPublicScalekitClient::new(&url, &id, ClientOptions::default())?.machine_tokens(),
        machine: MachineClient {
            scopes: vec!["reports:read".into()],
            audience: Some(var("API_AUDIENCE")?),
            ..MachineClient::new(id, &var("MACHINE_CLIENT_SECRET")?)
        },
        http: reqwest::Client::new(),
    };
    let answer = caller.get(&format!("{}/reports", var("API_URL")?)).await?;
    println!("{}: {}", answer.status(), answer.text().await?);
    Ok(())
}

/// Calls an API as one machine.
pub struct Caller {
    /// Keeps the token, and renews it a minute before it ends.
    pub tokens: AsyncMachineTokens,
    /// Who calls, and what for.
    pub machine: MachineClient,
    /// Any HTTP client.
    pub http: reqwest::Client,
}

impl Caller {
    /// Gets a URL. A token that the API does not take, say because the environment's keys were changed in a hurry, is
    /// fetched anew, once.
    pub async fn get(&self, url: &str) -> Result<Response, Box<dyn std::error::Error>> {
        let answer = self.once(url).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        self.tokens.forget(self.machine.clone())?;
        self.once(url).await
    }

    async fn once(&self, url: &str) -> Result<Response, Box<dyn std::error::Error>> {
        let token = self.tokens.get(self.machine.clone()).await?;
        Ok(self.http.get(url).bearer_auth(token.access_token.reveal()).send().await?)
    }
}
