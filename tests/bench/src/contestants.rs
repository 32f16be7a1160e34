//! The contestants by name, and the contestants that use this library.

use scalekit::{AsyncScalekitClient, ClientOptions, ListUsers, ScalekitClient, TokenExpectations};

use crate::forge::CLIENT_ID;
use crate::measure::CallLoop;
use crate::{Result, bare, measure};

/// The measured request.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    One,
    Page,
}

/// Measures a contestant and prints the result line.
pub fn run(contestant: &str, work: &str, seconds: &str) -> Result<()> {
    let seconds: f64 = seconds.parse()?;
    let line = match (contestant, work) {
        ("ours", "one") => blocking(Work::One, seconds),
        ("ours", "organization") => organization(seconds),
        ("ours", "page") => blocking(Work::Page, seconds),
        ("ours", "async-one") => in_tokio(awaited(Work::One, seconds)),
        ("ours", "async-page") => in_tokio(awaited(Work::Page, seconds)),
        ("ours", "token") => token(seconds),
        ("bare", "one") => bare::blocking(Work::One, seconds),
        ("bare", "page") => bare::blocking(Work::Page, seconds),
        ("driven", "one") => bare::driven(Work::One, seconds),
        ("driven", "page") => bare::driven(Work::Page, seconds),
        ("bare", "async-one") => in_tokio(bare::awaited(Work::One, seconds)),
        ("bare", "async-page") => in_tokio(bare::awaited(Work::Page, seconds)),
        ("bare", "token") => bare::token(seconds),
        _ => Err(format!("no contestant {contestant} for {work}").into()),
    };
    println!("{}", line?);
    Ok(())
}

/// Runs on a worker of a multi-threaded runtime, as in a server.
fn in_tokio(measurement: impl Future<Output = Result<String>> + Send + 'static) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(runtime.spawn(measurement))?
}

/// Reads an environment variable that the bench sets.
pub fn variable(name: &str) -> Result<String> {
    std::env::var(name).map_err(|_| format!("{name} is not set; use `cargo xtask bench`").into())
}

/// Fails on a wrong result.
pub fn checked(is_correct: bool) -> Result<()> {
    if is_correct { Ok(()) } else { Err("wrong result".into()) }
}

fn page_of_100() -> ListUsers {
    ListUsers::new().with_page_size(100)
}

fn blocking_client() -> Result<ScalekitClient> {
    Ok(ScalekitClient::from_env(ClientOptions::default())?)
}

fn blocking(work: Work, seconds: f64) -> Result<String> {
    let client = blocking_client()?;
    measure::blocking(seconds, || match work {
        Work::One => checked(client.users().get("usr_1")?.id == "usr_1"),
        Work::Page => checked(client.users().list(page_of_100())?.users.len() == 100),
    })
}

fn organization(seconds: f64) -> Result<String> {
    let client = blocking_client()?;
    measure::blocking(seconds, || checked(client.organizations().get("org_1")?.id == "org_1"))
}

async fn awaited(work: Work, seconds: f64) -> Result<String> {
    let client = AsyncScalekitClient::from_env(ClientOptions::default())?;
    let mut call_loop = CallLoop::new(seconds);
    while call_loop.next_call() {
        match work {
            Work::One => checked(client.users().get("usr_1").await?.id == "usr_1")?,
            Work::Page => checked(client.users().list(page_of_100()).await?.users.len() == 100)?,
        }
    }
    Ok(call_loop.line())
}

/// The complete validation: signature, issuer, audience, timestamps, and decoded claims.
fn token(seconds: f64) -> Result<String> {
    let (client, token) = (blocking_client()?, variable("BENCH_TOKEN")?);
    let expected = TokenExpectations::for_audience(CLIENT_ID);
    measure::blocking(seconds, || {
        let claims = client.tokens().validate(&token, expected.clone(), None);
        checked(claims?.permissions.len() == 3)
    })
}
