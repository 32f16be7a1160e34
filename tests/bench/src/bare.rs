//! The contestants without an SDK: reqwest with serde_json, and ring for signatures.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::contestants::{Work, checked, variable};
use crate::measure::CallLoop;
use crate::models::{Page, UserResponse};
use crate::{Result, forge, measure};

const TIMEOUT: Duration = Duration::from_secs(20);

pub fn blocking(work: Work, seconds: f64) -> Result<String> {
    install_ring();
    let client = reqwest::blocking::Client::builder().timeout(TIMEOUT).build()?;
    let (url, token) = (variable("SCALEKIT_ENVIRONMENT_URL")?, variable("BENCH_TOKEN")?);
    let get = |path: &str| client.get(format!("{url}{path}")).bearer_auth(&token);
    measure::blocking(seconds, || match work {
        Work::One => {
            let response = get("/api/v1/users/usr_1").send()?.error_for_status()?.json::<UserResponse>()?;
            checked(response.user.id == "usr_1")
        }
        Work::Page => {
            let request = get("/api/v1/users").query(&[("page_size", 100)]);
            checked(request.send()?.error_for_status()?.json::<Page>()?.users.len() == 100)
        }
    })
}

pub async fn awaited(work: Work, seconds: f64) -> Result<String> {
    let bare = Bare::new()?;
    let mut call_loop = CallLoop::new(seconds);
    while call_loop.next_call() {
        bare.call(work).await?;
    }
    Ok(call_loop.line())
}

/// Blocking calls on a manually driven runtime, without the thread of `reqwest::blocking`: the fastest variant. It serves
/// one thread at a time, and a connection that was closed between calls fails the next call.
pub fn driven(work: Work, seconds: f64) -> Result<String> {
    let bare = Bare::new()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    measure::blocking(seconds, || runtime.block_on(bare.call(work)))
}

struct Bare {
    client: reqwest::Client,
    url: String,
    token: String,
}

impl Bare {
    fn new() -> Result<Self> {
        install_ring();
        let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        Ok(Self { client, url: variable("SCALEKIT_ENVIRONMENT_URL")?, token: variable("BENCH_TOKEN")? })
    }

    fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    async fn call(&self, work: Work) -> Result<()> {
        match work {
            Work::One => {
                let response = self.get("/api/v1/users/usr_1").send().await?.error_for_status()?;
                checked(response.json::<UserResponse>().await?.user.id == "usr_1")
            }
            Work::Page => {
                let request = self.get("/api/v1/users").query(&[("page_size", 100)]);
                let page = request.send().await?.error_for_status()?.json::<Page>().await?;
                checked(page.users.len() == 100)
            }
        }
    }
}

/// The signature check alone, of decoded parts: the minimum of every token validation.
pub fn token(seconds: f64) -> Result<String> {
    let token = variable("BENCH_TOKEN")?;
    let (signed, signature) = token.rsplit_once('.').ok_or("the token has no signature")?;
    let signature = URL_SAFE_NO_PAD.decode(signature)?;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, forge::public_key()?);
    measure::blocking(seconds, || checked(key.verify(signed.as_bytes(), &signature).is_ok()))
}

/// Installs the default TLS provider. An error only means that one is installed already.
fn install_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
