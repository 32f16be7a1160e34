//! A machine client that calls an API with its own access token: `cargo run --example m2m_caller`.
//!
//! It reads `SCALEKIT_ENVIRONMENT_URL`, and `MACHINE_CLIENT_ID` and `MACHINE_CLIENT_SECRET` of a client created with
//! `client.clients().create`. `API_URL` is the URL of `m2m_service.rs`, and `API_AUDIENCE` its audience.

use reqwest::{Response, StatusCode};
use scalekit::{AsyncMachineTokens, AsyncPublicScalekitClient, ClientOptions, MachineClient};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let var = std::env::var;
    // The HTTP client is up to you. This one is built without a TLS provider, so a default provider is installed.
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
    let response = caller.get(&format!("{}/reports", var("API_URL")?)).await?;
    println!("{}: {}", response.status(), response.text().await?);
    Ok(())
}

/// Calls an API as one machine.
pub struct Caller {
    /// Caches the token, and renews it one minute before it expires.
    pub tokens: AsyncMachineTokens,
    /// The machine client, with the requested scopes and audience.
    pub machine: MachineClient,
    /// Any HTTP client.
    pub http: reqwest::Client,
}

impl Caller {
    /// Gets a URL. If the API rejects the token, for example after an unplanned key rotation, fetches a new token and
    /// repeats the request once.
    pub async fn get(&self, url: &str) -> Result<Response, Box<dyn std::error::Error>> {
        let response = self.send(url).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.tokens.forget(self.machine.clone())?;
        self.send(url).await
    }

    async fn send(&self, url: &str) -> Result<Response, Box<dyn std::error::Error>> {
        let token = self.tokens.get(self.machine.clone()).await?;
        Ok(self.http.get(url).bearer_auth(token.access_token.reveal()).send().await?)
    }
}
