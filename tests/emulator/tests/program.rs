//! The emulator binary.

use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::support;

const LIMIT: Duration = Duration::from_secs(30);

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scalekit-emulator"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn start(args: &[&str]) -> (Child, BufReader<ChildStdout>, Value) {
    let mut child = program(args).args(["--json", "--port", "0"]).spawn().unwrap();
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
    let (mut child, out, ready) = start(&["--exit-with-stdin", "--client-id", "skc_7"]).await;
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
    // `kill` of the shell, because the program of this name is not on every system.
    assert!(Command::new("sh").args(["-c", "kill -TERM $0", &pid]).status().await.unwrap().success());
    assert_exits(child, out).await;
}

#[tokio::test]
async fn binary_prints_a_table_and_export_lines_by_default() {
    let mut child = program(&["--port", "0", "--client-secret", "a b", "--exit-with-stdin"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut text = String::new();
    while !text.contains("Ready.") {
        text +=
            &format!("{}\n", out.next_line().await.unwrap().expect("the output ends before the last line"));
    }
    let url = text.lines().find_map(|line| line.strip_prefix("export SCALEKIT_ENVIRONMENT_URL=")).unwrap();
    assert_eq!(support::http().get(format!("{url}/keys")).send().await.unwrap().status(), 200);
    for line in [
        &format!("  Environment URL   {url}") as &str,
        "  Client ID         skc_100000000000000001",
        "  Client secret     a b",
        "  Public client ID  skc_100000000000000002",
        &format!("  Console           {url}/"),
        "export SCALEKIT_CLIENT_ID=skc_100000000000000001",
        "export SCALEKIT_CLIENT_SECRET='a b'",
    ] {
        assert!(text.lines().any(|own| own == line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn help_lists_the_options_with_their_defaults() {
    let help = run(&["--help"]).await;
    assert!(help.status.success() && help.stderr.is_empty());
    let help = String::from_utf8(help.stdout).unwrap();
    let options: Vec<_> = help.lines().filter_map(|line| line.trim_start().split_once("--")).collect();
    let names: Vec<_> = options.iter().map(|(_, rest)| rest.split(' ').next().unwrap_or_default()).collect();
    assert_eq!(names[..3], ["port", "addr", "allow-remote"], "{help}");
    assert!(names.contains(&"exit-with-stdin") && help.contains("[default: 7225]"), "{help}");
}

/// Asserts that the program exits with `code` and without a ready line, and that its error contains `hint`.
async fn assert_fails(args: &[&str], code: i32, hint: &str) {
    let output = run(args).await;
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{args:?}: {error}");
    assert!(error.contains(hint), "{args:?}: {error}");
}

#[tokio::test]
async fn invalid_arguments_are_rejected_with_their_name_and_a_remedy() {
    for (args, hint) in [
        (&["--color"] as &[&str], "--color"),
        (&["--addr"], "--addr"),
        (&["--addr", "8080"], "use --port 8080"),
        (&["--addr", "nowhere"], "an IP address and a port"),
        (&["--port", "70000"], "a number from 0 to 65535"),
        (&["--port", "1", "--addr", "127.0.0.1:1"], "cannot be used with"),
        (&["--client-secret", ""], "--client-secret"),
        (&["--token-lifetime-seconds", "-1"], "unexpected argument"),
        (&["--read-timeout-seconds", "0"], "--read-timeout-seconds"),
    ] {
        assert_fails(args, 2, hint).await;
    }
}

#[tokio::test]
async fn address_that_cannot_be_used_is_reported_with_a_remedy() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_fails(&["--port", &port], 1, &format!("127.0.0.1:{port} is already in use")).await;
    assert_fails(&["--addr", "0.0.0.0:0"], 1, "--allow-remote").await;
    // An address for documentation (RFC 5737), which no machine has.
    assert_fails(&["--addr", "192.0.2.1:0", "--allow-remote"], 1, "not an address of this machine").await;
}

/// A file in the temporary directory of Cargo.
fn file(name: &str, text: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

async fn display_name(ready: &Value, organization_id: &str) -> Value {
    let text = |name: &str| ready[name].as_str().unwrap().to_owned();
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", text("client_id")),
        ("client_secret", text("client_secret")),
    ];
    let (http, url) = (support::http(), text("environment_url"));
    let token: Value =
        http.post(format!("{url}/oauth/token")).form(&form).send().await.unwrap().json().await.unwrap();
    let path = format!("{url}/api/v1/organizations/{organization_id}");
    let response = http.get(path).bearer_auth(token["access_token"].as_str().unwrap()).send().await.unwrap();
    response.json::<Value>().await.unwrap()["organization"]["display_name"].clone()
}

#[tokio::test]
async fn program_starts_with_a_seed_in_json_or_yaml_or_a_world() {
    let json = file("seed.json", r#"{"organizations": [{"id": "org_1", "display_name": "From JSON"}]}"#);
    let yaml = file("seed.yaml", "organizations:\n  - id: org_1\n    display_name: From YAML\n");
    for (args, id, name) in [
        (["--seed", &json], "org_1", "From JSON"),
        (["--seed", &yaml], "org_1", "From YAML"),
        (["--world", "demo"], "org_globex", "Globex"),
        (["--world", "sso"], "org_hooli", "Hooli"),
    ] {
        let (_child, _out, ready) = start(&args).await;
        assert_eq!(display_name(&ready, id).await, name, "{args:?}");
    }
}

#[tokio::test]
async fn world_help_describes_each_world() {
    let output = run(&["--world", "help"]).await;
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let names: Vec<_> = text.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(names, ["empty", "demo", "sso", "large", "agents"]);
    for name in names {
        let (child, out, _) = start(&["--world", name, "--exit-with-stdin"]).await;
        assert_exits(child, out).await;
    }
}

#[tokio::test]
async fn invalid_seed_is_reported_with_its_file_and_place() {
    let broken = file("broken.json", "{\"organizations\": [");
    let indented = file("indented.yaml", "organizations:\n - a: 1\n  b: 2\n");
    let wrong = file("wrong.yml", "organizations:\n  - {name: Acme}\n");
    for (path, hint) in [
        (&broken, "broken.json: EOF while parsing"),
        (&indented, "line 3"),
        (&wrong, "wrong.yml: organizations[0].name: unknown field `name`"),
        (&"missing.json".to_owned(), "missing.json: "),
    ] {
        assert_fails(&["--seed", path], 1, hint).await;
    }
    assert_fails(&["--world", "x"], 2, "Use one of: empty, demo, sso, large, agents.").await;
    assert_fails(&["--world", "demo", "--seed", &wrong], 2, "cannot be used with").await;
}

#[cfg(unix)]
#[tokio::test]
async fn state_file_has_a_change_also_if_the_program_is_killed() {
    let path = file("killed.json", "");
    std::fs::remove_file(&path).unwrap();
    let (mut child, _out, ready) = start(&["--state", &path]).await;
    let seed = serde_json::json!({"organizations": [{"id": "org_1", "display_name": "Kept"}]});
    let url = ready["environment_url"].as_str().unwrap();
    let made = support::http().post(format!("{url}/_emulator/seed")).json(&seed).send().await.unwrap();
    assert_eq!(made.status(), 200);
    let saved = async {
        // Each text is complete: the file is replaced as a whole.
        while serde_json::from_slice::<Value>(&std::fs::read(&path).unwrap()).unwrap()["store"]["organizations"]
            ["last"]
            != 1
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LIMIT, saved).await.expect("the change is not saved");
    child.kill().await.unwrap();
    let (_child, _out, ready) = start(&["--state", &path]).await;
    assert_eq!(display_name(&ready, "org_1").await, "Kept");
}

#[tokio::test]
async fn tls_certificate_is_in_the_ready_line_and_in_a_file() {
    let path = file("ca.pem", "");
    let (_child, _out, ready) = start(&["--tls", "--tls-certificate", &path]).await;
    let pem = ready["certificate"].as_str().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), pem);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let root = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([root]).build().unwrap();
    let keys = format!("{}/keys", ready["environment_url"].as_str().unwrap());
    assert!(keys.starts_with("https://"));
    assert_eq!(client.get(keys).send().await.unwrap().status(), 200);
}
