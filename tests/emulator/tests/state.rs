//! The state file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use scalekit_emulator::{Emulator, Settings};
use serde_json::{Value, json};

use crate::support::Harness;
use crate::support::login::claims;

const ACME: &str = "/api/v1/organizations/org_acme";

/// A path in an empty folder of its own.
fn path(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("state-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.join("state.json")
}

fn settings(path: &Path) -> Settings {
    let seed = yaml_serde::from_str(include_str!("../worlds/demo.yaml")).unwrap();
    Settings {
        state_file: Some(path.to_path_buf()),
        seed: Some(seed),
        client_secret: Some("test_fixed_secret".into()),
        ..Settings::default()
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Changes something of everything that a state file has.
async fn change_everything(harness: &Harness) {
    let mail = json!({"email": "new@acme.example", "magiclink_auth_uri": "https://app.example/in"});
    for (method, path, body) in [
        ("POST", "/api/v1/organizations".into(), json!({"display_name": "New", "metadata": {"plan": "pro"}})),
        ("POST", "/api/v1/custom-providers".into(), json!({"display_name": "Custom", "auth_patterns": []})),
        ("POST", format!("{ACME}/clients"), json!({"name": "Another", "scopes": ["read"]})),
        ("POST", format!("{ACME}/domains"), json!({"domain": "new.example"})),
        ("POST", "/_emulator/clock".into(), json!({"advance_seconds": 3600})),
        ("POST", "/_emulator/rotate-keys".into(), json!({})),
        ("POST", "/_emulator/idp/settings".into(), json!({"access_token_lifetime_seconds": 77})),
        ("POST", "/_emulator/idp/clients".into(), json!({"client_id": "skc_7", "client_secret": "secret"})),
        (
            "POST",
            "/_emulator/seed".into(),
            json!({
                "connected_accounts": [{"connector": "gmail", "identifier": "ada"}],
                "passkeys": [{"user_id": "usr_ada"}], "auth_logs": [{}],
                "passwordless": {"type": "LINK_OTP", "attempts": [{"email": "ada@acme.example"}]}
            }),
        ),
        ("POST", "/api/v1/passwordless/email/send".into(), mail),
    ] {
        let response = harness.send(method, &path, &body).await;
        assert!(matches!(response.status, 200 | 201), "{path}: {}", response.text);
    }
}

#[tokio::test]
async fn state_survives_a_restart() {
    let path = path("restart");
    let harness = Harness::start_with(settings(&path)).await;
    change_everything(&harness).await;
    let policy = json!({"policy_source": "CUSTOM", "absolute_session_timeout": 60,
        "absolute_session_timeout_unit": "MINUTES", "idle_session_timeout_enabled": false});
    let updated = harness.send("PATCH", &format!("{ACME}/session-policy"), &policy).await;
    assert_eq!(updated.status, 200, "{}", updated.text);
    let login = harness.log_in(&[("scope", "openid offline_access"), ("login_hint", "x@y.example")]).await;
    let token = harness.token.clone();
    let now = harness.emulator.now();
    drop(harness);
    let before = read(&path);

    let mut harness = Harness::start_with(settings(&path)).await;
    assert!(harness.emulator.now() >= now, "the clock has gone back");
    // The harness has requested a token, which takes an ID.
    let mut restored = read(&path);
    restored["ids"] = before["ids"].clone();
    assert_eq!(restored, before);
    harness.token = token;
    assert_eq!(harness.call("GET", "/api/v1/organizations").await.json["total_size"], 4);
    let policy = harness.call("GET", &format!("{ACME}/session-policy")).await;
    assert_eq!(policy.json["policy"]["policy_source"], "CUSTOM", "{}", policy.text);
    let refreshed = harness.refresh(login["refresh_token"].as_str().unwrap()).await;
    assert_eq!((refreshed.status, &refreshed.json["expires_in"]), (200, &json!(76)), "{}", refreshed.text);
    let again = harness.log_in(&[("scope", "openid"), ("login_hint", "x@y.example")]).await;
    assert_eq!(claims(&again["id_token"])["sub"], claims(&login["id_token"])["sub"]);
    let kids = |jwks: &Value| jwks["keys"].as_array().unwrap().len();
    assert_eq!(kids(&harness.call("GET", "/keys").await.json), 2);
}

#[tokio::test]
async fn state_file_is_private_and_leaves_no_other_file() {
    let path = path("private");
    let emulator = Emulator::start_with(settings(&path)).await.unwrap();
    emulator.seed(json!({"organizations": [{"display_name": "New"}]})).unwrap();
    emulator.save_state().unwrap();
    let names: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|own| own.unwrap().path()).collect();
    assert_eq!(names, std::slice::from_ref(&path));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn existing_state_replaces_the_seed_until_a_reset() {
    let path = path("seed");
    drop(Emulator::start_with(Settings { seed: None, ..settings(&path) }).await.unwrap());
    let harness = Harness::start_with(settings(&path)).await;
    assert_eq!(harness.call("GET", "/api/v1/organizations").await.json["total_size"], 0);
    harness.call("POST", "/_emulator/reset").await;
    assert_eq!(harness.call("GET", "/api/v1/organizations").await.json["total_size"], 3);
}

/// Asserts that a file with this text prevents the start and is not changed. Returns the error.
async fn refusal(name: &str, text: &str) -> String {
    let path = path(name);
    fs::write(&path, text).unwrap();
    let error = Emulator::start_with(settings(&path)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    error.to_string()
}

#[tokio::test]
async fn state_of_a_newer_version_is_refused_with_a_sentence() {
    let error = refusal("newer", r#"{"version": 2, "anything": true}"#).await;
    let expected = "a newer emulator wrote it, in version 2 of the format; this one reads version 1. Use the newer \
                    emulator, or another file.";
    assert!(error.ends_with(expected), "{error}");
}

#[tokio::test]
async fn damaged_state_is_refused_with_the_place() {
    let path = path("intact");
    drop(Emulator::start_with(settings(&path)).await.unwrap());
    let mut state = read(&path);
    assert!(refusal("cut", "{\"version\": 1").await.contains("not a state file: EOF"));
    assert!(refusal("other", "{\"name\": \"x\"}").await.contains("it has no valid version"));
    let keys = state["keys"]["keys"].take();
    state["keys"]["keys"] = json!([]);
    assert!(refusal("keys", &state.to_string()).await.contains("there is no signing key"));
    state["keys"]["keys"] = keys;
    state["store"]["organizations"]["rows"] = json!({"1": {"id": 7}});
    let error = refusal("type", &state.to_string()).await;
    assert!(error.contains("store.organizations.rows.1.id: invalid type"), "{error}");
}

#[tokio::test]
async fn file_that_cannot_be_written_prevents_the_start() {
    let folder = path("folder").parent().unwrap().join("missing");
    let error = Emulator::start_with(settings(&folder.join("state.json"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("missing/state.json"), "{error}");
}
