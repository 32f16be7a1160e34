//! Seeds: initial inputs with good coverage, from the test vectors of all languages and from earlier findings.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::callbacks::STATE;
use super::tokens::VECTORS;
use super::{ENVIRONMENT, SEPARATOR, callbacks, errors, tokens, urls, webhooks};

const WEBHOOKS: &str = include_str!("../../../tests/fixtures/webhooks.json");

type Target = fn(&[u8]);

/// Each target with its name in `tests/fuzz` and its seeds.
pub(super) fn all() -> Vec<(&'static str, Target, Vec<Vec<u8>>)> {
    vec![
        #[cfg(feature = "dispatch")]
        ("arguments", super::arguments, argument_seeds()),
        ("tokens", tokens, token_seeds()),
        ("webhooks", webhooks, webhook_seeds()),
        ("errors", errors, error_seeds()),
        ("urls", urls, url_seeds()),
        ("callbacks", callbacks, callback_seeds()),
    ]
}

/// Every call of the scenarios.
#[cfg(feature = "dispatch")]
fn argument_seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut seeds = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let scenarios = file["scenarios"].as_array().unwrap().iter();
        let steps = scenarios.flat_map(|scenario| scenario["steps"].as_array().unwrap());
        seeds.extend(steps.map(|step| {
            let name = step["call"].as_str().unwrap().as_bytes();
            [name, &[SEPARATOR], step["with"].to_string().as_bytes()].concat()
        }));
    }
    seeds
}

/// Every token, and its decoded header and payload.
fn token_seeds() -> Vec<Vec<u8>> {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let tokens = file["cases"].as_array().unwrap().iter().filter_map(|case| case["token"].as_str());
    let short = tokens.filter(|token| token.len() < 4096);
    short
        .flat_map(|token| [Some(token.as_bytes().to_vec()), header_and_payload(token)].into_iter().flatten())
        .collect()
}

fn header_and_payload(token: &str) -> Option<Vec<u8>> {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    Some([parts.next()??, b"\n".to_vec(), parts.next()??].concat())
}

/// Every delivery, every event as a body, and an interceptor request.
fn webhook_seeds() -> Vec<Vec<u8>> {
    let file: Value = serde_json::from_str(WEBHOOKS).unwrap();
    let deliveries = file["verify"].as_array().unwrap().iter().map(|case| {
        let headers = case["headers"].as_object().unwrap();
        let lines = headers.iter().map(|(name, value)| format!("{name}: {}\n", value.as_str().unwrap()));
        let body = match case["body"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => STANDARD.decode(case["body_base64"].as_str().unwrap()).unwrap(),
        };
        [lines.collect::<String>().into_bytes(), b"\n".to_vec(), body].concat()
    });
    let events = file["events"].as_array().unwrap().iter().map(|case| case["body"].as_str().unwrap());
    let interceptor = json!({"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "a@b.example",
        "connection_details": [{"id": "conn_1", "type": "OAUTH"}]}, "data": {"user": {"id": "usr_1"}}});
    let bodies = events.map(str::to_owned).chain([interceptor.to_string()]);
    deliveries.chain(bodies.map(|body| format!("\n\n{body}").into_bytes())).collect()
}

fn error_seeds() -> Vec<Vec<u8>> {
    let info = json!({"@type": "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo", "error_code": "NOT_VALID",
        "request_info": {"request_id": "req_1"}, "localized_message_info": {"message": "No."},
        "validation_error_info": {"field_violations": [
            {"field": "slug", "description": "is too long", "constraint": "string.max_len"}]}});
    let tool = json!({"error_code": "TOOL_ERROR", "tool_error_info": {"tool_error_code": "not_found",
        "tool_error_message": "no such channel", "execution_id": "tcl_1"}});
    let many: Vec<_> =
        (0..500).map(|n| json!({"field": format!("f{n}"), "description": "x".repeat(300)})).collect();
    let bodies = [
        json!({"code": 3, "message": "bad", "details": [{"@type": "x"}, info]}),
        json!({"errorCode": "NO", "validationErrorInfo": {"fieldViolations": [{"field": "a"}]}}),
        info.clone(),
        tool.clone(),
        json!({"message": "the tool failed", "details": [tool]}),
        json!({"error": "invalid_client", "error_description": "no"}),
        json!({"error": "invalid_grant", "errorDescription": "it said hunter2-secret"}),
        json!({"message": "eyJhbGciOi.token\n\u{1b}[2Jx\u{202e}y", "details": {}}),
        // Found: a response with very many fields resulted in a summary of many pages.
        json!({"error_code": "V", "validation_error_info": {"field_violations": many}}),
    ];
    let texts =
        ["", "null", "[]", "<html>502 Bad Gateway</html>", "{\"message\":", "\u{0}"].map(str::to_owned);
    let all = bodies.iter().map(Value::to_string).chain(texts).enumerate();
    all.map(|(index, body)| [vec![index as u8 * 7], body.into_bytes()].concat()).collect()
}

fn joined(fields: &[&str]) -> Vec<u8> {
    fields.iter().map(|field| field.as_bytes()).collect::<Vec<_>>().join(&SEPARATOR)
}

fn url_seeds() -> Vec<Vec<u8>> {
    let uris = [
        "https://app.acme.example/callback",
        "http://127.0.0.1:8000/cb?x=1",
        "http://[::1]:1/cb",
        "com.example.app:/callback",
        "http://localhost.evil.example/",
        "https://user:pw@app.acme.example/#x",
        "javascript:alert(1)",
        "https:\\\\evil.example",
    ];
    let paths = [
        "/settings",
        "/a/b?c=d&e=https://x.example/#f",
        "//evil.example",
        "/\\evil.example",
        "/%2fevil.example",
        "/%09/evil.example",
        "/..//evil.example",
        "/api/v1/a%2Fb:verb",
        "/api/%2e%2E/b",
        "/api/v1/ä\u{202e}{}^`|\"<>",
    ];
    let ids =
        ["org_1", "..", "a/../b?c#d", "{client_id}", "%2e%2e", "a:enable", "ä\r\nx-evil: 1\0", "domain=x&y"];
    let scopes = ["", "openid,offline_access", "profile", "openid,a b"];
    let rows = uris.len().max(paths.len()).max(ids.len());
    let cyclic = |list: &[&'static str], at: usize| list[at % list.len()];
    let row = |at: usize| {
        let (id, other) = (cyclic(&ids, at), cyclic(&ids, at + 3));
        let (scopes, path, name) =
            (cyclic(&scopes, at), cyclic(&paths, at), cyclic(&["locale", "state", "q ä", ""], at));
        joined(&[cyclic(&uris, at), scopes, id, other, "GOOGLE", "a@b.example", path, "s", "n", name, other])
    };
    (0..rows * 2).map(row).collect()
}

fn callback_seeds() -> Vec<Vec<u8>> {
    let texts = [
        format!("https://app.acme.example/callback?code=c_1&state={STATE}&iss={ENVIRONMENT}"),
        format!("/callback?state={STATE}&code=a%20b#fragment"),
        format!("code=c_1&state={STATE}x"),
        format!("?code=c_1&code=c_1&state={STATE}"),
        format!("com.example.app:/cb?error=access_denied&error_description=No%0A&state={STATE}"),
        format!("error=user_login_required&state={STATE}"),
        format!("code=c_1&state={STATE}&iss=https://evil.example"),
        "error=%3Cscript%3E".to_owned(),
        // Found: a response that repeats the state leaked it into the summary.
        format!("error=a%05{STATE}b&error_description={STATE}&state={STATE}"),
        "https://app.acme.example/start?idp_initiated_login=a.b.c".to_owned(),
    ];
    let stored = [
        json!({"environment_url": "https://acme.scalekit.example/", "client_id": "skc_1234", "redirect_uri": "x:/",
            "state": STATE, "nonce": STATE, "code_verifier": STATE, "started_at": "2026-01-02T03:04:05.678901234Z",
            "return_to": "//evil.example"}),
        json!({"subject": "usr_1", "access_token": "a", "refresh_token": "r", "scopes": ["openid"],
            "expires_at": "2026-01-02T03:04:05Z", "refresh_at": "2026-01-02T03:03:05+01:00"}),
    ];
    let rows = [
        joined(&["c_1", STATE, ENVIRONMENT, "", "", "x", "y"]),
        joined(&["c_1", "foreign", "", "", "", "", ""]),
        joined(&["", STATE, "", "access_denied", "No.", "error_uri", "#?&"]),
        joined(&["", "", "", "server_error", "", "", ""]),
        joined(&["c_1", STATE, "https://evil.example", "x", "", "", ""]),
    ];
    let texts = texts.into_iter().chain(stored.iter().map(Value::to_string)).map(String::into_bytes);
    texts.chain(rows).collect()
}

#[test]
fn every_target_holds_for_its_seeds() {
    for (name, target, seeds) in all() {
        assert!(seeds.len() > 10);
        let name = format!("{}/tests/fuzz/targets/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        assert!(std::fs::read_to_string(&name).is_ok_and(|text| text.contains("fuzz_target!")), "{name}");
        seeds.iter().for_each(|seed| target(seed));
    }
}

/// `FUZZ_SEEDS=<folder> cargo test --lib fuzz::seeds` writes a folder of seeds for each target: see `cargo xtask fuzz`.
#[test]
fn seeds_are_written_to_the_requested_folder() {
    let Some(folder) = std::env::var_os("FUZZ_SEEDS") else { return };
    for (name, _, seeds) in all() {
        let folder = Path::new(&folder).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (index, seed) in seeds.iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{index}")), seed).unwrap();
        }
    }
}
