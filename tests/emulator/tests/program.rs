//! The emulator as a program.

mod support;

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

const LIMIT: Duration = Duration::from_secs(30);

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scalekit-emulator"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn start(args: &[&str]) -> (Child, BufReader<ChildStdout>, Value) {
    let mut child = program(args).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).await.unwrap();
    (child, out, serde_json::from_str(&line).unwrap())
}

/// Waits for the end, which must be a good one, with nothing more on standard output.
async fn ends(mut child: Child, mut out: BufReader<ChildStdout>) {
    let status = tokio::time::timeout(LIMIT, child.wait()).await.expect("it does not stop").unwrap();
    assert!(status.success(), "{status}");
    let mut rest = String::new();
    out.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}

async fn run(args: &[&str]) -> Output {
    tokio::time::timeout(LIMIT, program(args).output()).await.expect("it does not stop").unwrap()
}

#[tokio::test]
async fn prints_one_line_serves_and_ends_with_its_stdin() {
    let (mut child, out, ready) =
        start(&["--addr", "127.0.0.1:0", "--exit-with-stdin", "--client-id", "skc_7"]).await;
    assert_eq!(ready["client_id"], "skc_7");
    let text = |name: &str| ready[name].as_str().unwrap().to_owned();
    let url = text("environment_url");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "skc_7"),
        ("client_secret", &text("client_secret")),
    ];
    let http = support::http();
    let token: Value =
        http.post(format!("{url}/oauth/token")).form(&form).send().await.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let list = http.get(format!("{url}/api/v1/organizations")).bearer_auth(token).send().await.unwrap();
    assert_eq!(list.status(), 200);
    assert!(child.try_wait().unwrap().is_none(), "it must run for as long as its stdin is open");
    drop(child.stdin.take());
    ends(child, out).await;
}

#[cfg(unix)]
#[tokio::test]
async fn ends_on_sigterm_but_not_with_its_stdin_unless_asked() {
    let (mut child, out, ready) = start(&[]).await;
    drop(child.stdin.take());
    let keys = format!("{}/keys", ready["environment_url"].as_str().unwrap());
    let http = support::http();
    assert_eq!(http.get(keys).send().await.unwrap().status(), 200);
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    ends(child, out).await;
}

#[tokio::test]
async fn explains_itself_and_refuses_nonsense() {
    let help = run(&["--help"]).await;
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for option in ["--addr", "--allow-remote", "--client-id", "--client-secret", "--exit-with-stdin"] {
        assert!(help.contains(option), "{option}");
    }
    for args in [
        &["--colour"] as &[&str],
        &["--addr"],
        &["--addr", "nowhere"],
        &["--addr", "0.0.0.0:0"],
        &["--token-lifetime-seconds", "-1"],
    ] {
        let output = run(args).await;
        assert!(!output.status.success(), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}
