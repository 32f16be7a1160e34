//! The instructions of the Dockerfile, as far as they can be followed without a container engine.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

const LIMIT: Duration = Duration::from_secs(30);
const PROGRAM: &str = env!("CARGO_BIN_EXE_scalekit-emulator");

/// The rest of the line that starts with an instruction.
fn instruction(name: &str) -> &'static str {
    let mut lines = include_str!("../Dockerfile").lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or_else(|| panic!("no {name}"))
}

/// The arguments in the JSON form of an instruction. The program must be the one that is copied.
fn arguments(name: &str) -> Vec<String> {
    let text = instruction(name);
    let words: Vec<String> = serde_json::from_str(&text[text.find('[').unwrap()..]).unwrap();
    let copied = instruction("COPY").split(' ').next_back().unwrap();
    assert_eq!(words[0], copied);
    words[1..].to_vec()
}

#[test]
fn container_has_no_other_file_and_no_root() {
    assert_eq!(instruction("FROM"), "scratch");
    let (user, group) = instruction("USER").split_once(':').unwrap();
    assert!(user.parse::<u32>().unwrap() > 0 && group.parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn health_check_succeeds_only_while_the_entry_point_runs() {
    let port = format!(":{}", instruction("EXPOSE"));
    // Every port of this machine but the exposed one, which another emulator may use.
    let entry = arguments("ENTRYPOINT").into_iter().map(|word| word.replace(&port, ":0"));
    let mut emulator = Command::new(PROGRAM)
        .args(entry)
        .args(["--json", "--exit-with-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(emulator.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let port = ready["environment_url"].as_str().unwrap().strip_prefix("http://localhost:").unwrap();
    let is_healthy = async || {
        let mut check = Command::new(PROGRAM);
        check.args(arguments("HEALTHCHECK")).args(["--port", port]);
        let output =
            tokio::time::timeout(LIMIT, check.output()).await.expect("the check does not end").unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.success(), error.is_empty(), "{error}");
        (output.status.success(), error)
    };
    assert!(is_healthy().await.0);
    drop(emulator.stdin.take());
    tokio::time::timeout(LIMIT, emulator.wait()).await.expect("it does not end").unwrap();
    let (healthy, error) = is_healthy().await;
    assert!(!healthy && error.contains("no emulator responds at 127.0.0.1:"), "{error}");
}
