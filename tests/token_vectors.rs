//! The token vectors: the fixture file matches its source, and every case has the expected outcome.

use std::collections::HashSet;
use std::sync::Arc;

use scalekit::{
    ClientOptions, ExpectedAudience, IdTokenExpectations, Json, Result, ScalekitError, SecretText,
    TokenExpectations,
};
use serde_json::{Map, Value, json};

use crate::support::caller::{call, plain};
use crate::support::{Caller, Style, in_every_style};
use crate::vectors;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tokens.json");

in_every_style!(every_token_vector_has_the_expected_outcome);

/// `UPDATE_FIXTURES=1 cargo test --test suite token_vectors` rewrites the file.
#[test]
fn fixture_file_matches_its_source() {
    let text = format!("{:#}\n", vectors::file());
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(FILE, &text).unwrap();
    }
    let file = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(file == text, "tests/fixtures/tokens.json is not up to date; rewrite it with UPDATE_FIXTURES=1");
}

#[test]
fn every_error_code_has_a_case() {
    let file = vectors::file();
    let cases = file["cases"].as_array().unwrap();
    let names: HashSet<_> = cases.iter().map(|case| (case["kind"].as_str(), case["name"].as_str())).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    let rejected: Vec<_> = cases.iter().filter_map(|case| case["error"]["code"].as_str()).collect();
    assert!(rejected.len() >= 60, "{}", rejected.len());
    let codes: HashSet<_> = rejected.into_iter().collect();
    // The codes of the subject and the code hash occur only when a login is finished or a session is refreshed.
    for code in [
        "bad_signature",
        "critical_header",
        "duplicate_claim",
        "invalid_claim",
        "issued_in_future",
        "malformed",
        "missing_claim",
        "missing_scope",
        "not_yet_valid",
        "token_expired",
        "too_large",
        "unknown_key",
        "unsupported_algorithm",
        "untrusted_key_header",
        "wrong_access_token_hash",
        "wrong_audience",
        "wrong_authorized_party",
        "wrong_issuer",
        "wrong_nonce",
        "wrong_token_type",
    ] {
        assert!(codes.contains(code), "no case for {code}");
    }
}

fn texts(value: &Value) -> Vec<String> {
    serde_json::from_value(value.clone()).unwrap_or_default()
}

fn secret(value: &Value) -> Option<Arc<SecretText>> {
    value.as_str().map(|text| Arc::new(SecretText::new(text)))
}

fn expectations(of: &Value) -> TokenExpectations {
    TokenExpectations {
        audience: Arc::new(match &of["audience"] {
            Value::Null => ExpectedAudience::unchecked(),
            audiences => ExpectedAudience::one_of(texts(audiences)),
        }),
        required_scopes: texts(&of["required_scopes"]),
        issuers: texts(&of["issuers"]),
        resource_ids: texts(&of["resource_ids"]),
        leeway_seconds: None,
    }
}

/// The claims that the cases compare, as JSON.
macro_rules! claims {
    ($result:expr => $($field:ident),* $(; $($json:ident),*)?) => {
        $result.map(|claims| {
            let mut map = Map::new();
            $( map.insert(stringify!($field).into(), json!(claims.$field)); )*
            $( $( map.insert(stringify!($json).into(), serde_json::to_value(&claims.$json).unwrap()); )* )?
            Value::Object(map)
        })
    };
}

fn run_case(client: &Caller, case: &Value) -> Result<Value> {
    let (token, of) = (case["token"].as_str().unwrap(), &case["expectations"]);
    match case["kind"].as_str().unwrap() {
        "access" => claims!(call!(*client, c => c.tokens().validate(token, expectations(of), None)) =>
            issuer, subject, audience, token_id, organization_id, session_id, client_id, roles, permissions, scopes,
            external_organization_id, external_user_id, custom_claims, expires_at, issued_at, payload),
        "machine" => {
            claims!(call!(*client, c => c.tokens().validate_machine(token, expectations(of), None)) =>
            client_id, organization_id, scopes, audience, token_id, payload)
        }
        "id" => {
            let expected = IdTokenExpectations {
                nonce: secret(&of["nonce"]),
                access_token: secret(&of["access_token"]),
                ..IdTokenExpectations::default()
            };
            let result = call!(*client, c => c.tokens().validate_id_token(token, expected, None));
            let identities = |claims: &scalekit::IdTokenClaims| -> Vec<Value> {
                let each = claims.identities.iter().map(|identity| json!({
                    "connection_id": identity.connection_id, "organization_id": identity.organization_id,
                    "connection_type": identity.connection_type, "provider_name": identity.provider_name,
                    "social": identity.social, "provider_raw_attributes": identity.provider_raw_attributes,
                }));
                each.collect()
            };
            let listed = result.as_ref().map(identities).unwrap_or_default();
            claims!(result => issuer, subject, audience, organization_id, session_id, authentication_methods, email,
                email_verified, name, given_name, family_name, updated_at, payload)
            .map(|mut claims| {
                claims["identities"] = listed.into();
                claims
            })
        }
        "idp_initiated" => claims!(call!(*client, c => c.tokens().validate_idp_initiated(token, None)) =>
            organization_id, connection_id, login_hint, relay_state, payload),
        other => panic!("unknown kind: {other}"),
    }
}

fn variant(error: &ScalekitError) -> &'static str {
    match error {
        ScalekitError::InvalidToken { .. } => "InvalidToken",
        ScalekitError::TokenExpired { .. } => "TokenExpired",
        ScalekitError::MissingScope { .. } => "MissingScope",
        _ => "another variant",
    }
}

fn every_token_vector_has_the_expected_outcome(style: Style) {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let (url, id) = (file["environment_url"].as_str().unwrap(), file["client_id"].as_str().unwrap());
    let client = style.try_client(url, id, "secret", ClientOptions::default()).unwrap();
    plain!(client, c => c.tokens().preload_keys(Json::from(file["keys"].clone()), true)).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let name = format!("{}: {}", case["kind"], case["name"]);
        match (run_case(&client, case), case.get("claims"), case.get("error")) {
            (Ok(claims), Some(expected), None) => {
                for (field, value) in expected.as_object().unwrap() {
                    assert_eq!(claims.get(field), Some(value), "{name}: {field}");
                }
            }
            (Err(error), None, Some(expected)) => {
                assert_eq!(variant(&error), expected["variant"], "{name}: {error}");
                assert_eq!(error.failure().code.as_deref(), expected["code"].as_str(), "{name}: {error}");
                assert_eq!(error.failure().status, None);
                assert!(!error.failure().retryable);
                // Errors must not contain tokens, because errors are logged.
                let signature = case["token"].as_str().unwrap().rsplit('.').next().unwrap();
                assert!(signature.len() < 20 || !format!("{error:?}").contains(signature), "{name}");
            }
            (Ok(_), ..) => panic!("{name} was accepted"),
            (Err(error), ..) => panic!("{name} was rejected: {error}"),
        }
    }
}
