//! The emulator binary.

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

/// Asserts that the process exits successfully without further output on standard output.
async fn assert_exits(mut child: Child, mut out: BufReader<ChildStdout>) {
    let status = tokio::time::timeout(LIMIT, child.wait()).await.expect("the process does not exit").unwrap();
    assert!(status.success(), "{status}");
    let mut rest = String::new();
    out.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}

async fn run(args: &[&str]) -> Output {
    tokio::time::timeout(LIMIT, program(args).output()).await.expect("the process does not exit").unwrap()
}

#[tokio::test]
async fn binary_prints_ready_line_serves_and_exits_with_stdin() {
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
    assert!(child.try_wait().unwrap().is_none(), "the process runs while its stdin is open");
    drop(child.stdin.take());
    assert_exits(child, out).await;
}

#[cfg(unix)]
#[tokio::test]
async fn binary_exits_on_sigterm_and_ignores_closed_stdin_by_default() {
    let (mut child, out, ready) = start(&[]).await;
    drop(child.stdin.take());
    let keys = format!("{}/keys", ready["environment_url"].as_str().unwrap());
    let http = support::http();
    assert_eq!(http.get(keys).send().await.unwrap().status(), 200);
    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    assert_exits(child, out).await;
}

#[tokio::test]
async fn binary_prints_help_and_rejects_invalid_arguments() {
    let help = run(&["--help"]).await;
    assert!(help.status.success());
    let help = String::from_utf8(help.stdout).unwrap();
    for option in
        ["--addr", "--allow-remote", "--client-id", "--client-secret", "--strict", "--exit-with-stdin"]
    {
        assert!(help.contains(option), "{option}");
    }
    for args in [
        &["--color"] as &[&str],
        &["--addr"],
        &["--addr", "nowhere"],
        &["--addr", "0.0.0.0:0"],
        &["--token-lifetime-seconds", "-1"],
        &["--read-timeout-seconds", "0"],
    ] {
        let output = run(args).await;
        assert!(!output.status.success(), "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}
