//! Token validation against the emulator: valid tokens, invalid tokens with their codes, and the clock.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use scalekit::{
    ClientOptions, ExpectedAudience, IdTokenExpectations, Result, ScalekitError, SecretText,
    TokenExpectations,
};
use scalekit_emulator::{Emulator, Settings};
use serde_json::{Value, json};

use crate::support::caller::{call, plain};
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    valid_token_of_every_kind_is_accepted,
    invalid_token_of_every_kind_is_rejected_with_its_code,
    timestamps_are_compared_to_the_clock_with_leeway,
    validation_time_replaces_the_clock,
    token_of_another_environment_is_rejected,
    invalid_expectations_are_rejected_before_the_token,
    issuers_of_the_client_options_replace_the_environment,
    closed_client_rejects_validation,
);

fn make(emulator: &Emulator, order: Value) -> String {
    emulator.make_token(order).unwrap()["token"].as_str().unwrap().to_owned()
}

fn access(client: &Caller, token: &str, audience: &str) -> Result<String> {
    let expectations = TokenExpectations::for_audience(audience);
    call!(*client, c => c.tokens().validate(token, expectations, None)).map(|claims| claims.subject)
}

fn code(error: &ScalekitError) -> &str {
    error.failure().code.as_deref().unwrap_or_default()
}

fn valid_token_of_every_kind_is_accepted(style: Style) {
    let emulator = emulator();
    let (client, audience) = (style.client(&emulator, quick()), emulator.client_id());
    let person = json!({"organization_id": "org_1", "roles": ["admin"], "permissions": ["read:all"], "external_id": "u-7",
        "claims": {"locale": "en", "favorite": [1]}});
    let token = make(&emulator, json!({"kind": "access", "person": person}));
    let claims =
        call!(client, c => c.tokens().validate(&token, TokenExpectations::for_audience(audience), None))
            .unwrap();
    assert_eq!(
        (claims.organization_id.as_deref(), claims.external_organization_id.as_deref()),
        (Some("org_1"), Some("ours"))
    );
    assert_eq!(claims.external_user_id.as_deref(), Some("u-7"));
    assert!(claims.has_role("admin") && !claims.has_role("adm") && !claims.has_role("Admin"));
    assert!(claims.has_permission("read:all") && !claims.has_permission("read"));
    assert!(claims.has_scope("email") && !claims.has_scope("openid profile") && !claims.is_machine());

    let token = make(&emulator, json!({"kind": "machine", "scope": "read write"}));
    let claims =
        call!(client, c => c.tokens().validate_machine(&token, TokenExpectations::for_audience(audience), None))
            .unwrap();
    assert!(claims.has_scope("write") && claims.client_id == audience);
    let claims =
        call!(client, c => c.tokens().validate(&token, TokenExpectations::for_any_audience(), None)).unwrap();
    assert!(claims.is_machine());

    let token = make(&emulator, json!({"kind": "id", "nonce": "n-1", "person": person}));
    let expected =
        IdTokenExpectations { nonce: Some(Arc::new(SecretText::new("n-1"))), ..Default::default() };
    let claims = call!(client, c => c.tokens().validate_id_token(&token, expected, None)).unwrap();
    assert_eq!(claims.locale.as_deref(), Some("en"));
    assert_eq!(claims.payload.value()["favorite"], json!([1]));

    let token = make(&emulator, json!({"kind": "idp_initiated"}));
    let claims = call!(client, c => c.tokens().validate_idp_initiated(&token, None)).unwrap();
    assert_eq!(claims.organization_id, "org_1");
    assert_eq!(request_count(&emulator, "oauth.keys"), 1, "the keys must be fetched once");
    assert_eq!(request_count(&emulator, "oauth.token"), 0, "fetching keys needs no access token");
}

fn invalid_token_of_every_kind_is_rejected_with_its_code(style: Style) {
    let emulator = emulator();
    let (client, audience) = (style.client(&emulator, quick()), emulator.client_id());
    for (wrong, expected) in [
        ("expired", "token_expired"),
        ("not_yet_valid", "not_yet_valid"),
        ("issued_in_future", "issued_in_future"),
        ("no_expiry", "missing_claim"),
        ("expiry_as_text", "invalid_claim"),
        ("issuer", "wrong_issuer"),
        ("audience", "wrong_audience"),
        ("algorithm_none", "unsupported_algorithm"),
        ("algorithm_hmac", "unsupported_algorithm"),
        ("algorithm", "unsupported_algorithm"),
        ("unknown_key", "unknown_key"),
        ("no_key_id", "unknown_key"),
        ("other_key", "bad_signature"),
        ("signature", "bad_signature"),
        ("critical", "critical_header"),
        ("embedded_key", "untrusted_key_header"),
        ("key_url", "untrusted_key_header"),
        ("certificate_url", "untrusted_key_header"),
        ("two_subjects", "duplicate_claim"),
        ("too_large", "too_large"),
        ("malformed", "malformed"),
    ] {
        let token = make(&emulator, json!({"kind": "access", "token": {"wrong": wrong}}));
        assert_eq!(code(&access(&client, &token, audience).unwrap_err()), expected, "{wrong}");
        let token = make(&emulator, json!({"kind": "machine", "token": {"wrong": wrong}}));
        let expectations = TokenExpectations::for_audience(audience);
        let error = call!(client, c => c.tokens().validate_machine(&token, expectations, None)).unwrap_err();
        assert_eq!(code(&error), expected, "machine: {wrong}");
        let token = make(&emulator, json!({"kind": "id", "token": {"wrong": wrong}}));
        let error =
            call!(client, c => c.tokens().validate_id_token(&token, Default::default(), None)).unwrap_err();
        assert_eq!(code(&error), expected, "id: {wrong}");
        if wrong == "two_subjects" {
            // This token has no subject that could be duplicated.
            continue;
        }
        let token = make(&emulator, json!({"kind": "idp_initiated", "token": {"wrong": wrong}}));
        let error = call!(client, c => c.tokens().validate_idp_initiated(&token, None)).unwrap_err();
        assert_eq!(code(&error), expected, "idp_initiated: {wrong}");
    }
}

fn timestamps_are_compared_to_the_clock_with_leeway(style: Style) {
    let emulator = emulator();
    let (client, audience) = (style.client(&emulator, quick()), emulator.client_id().to_owned());
    let now = emulator.now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let with = |leeway: Option<f64>, claims: Value| {
        let token = make(&emulator, json!({"kind": "access", "token": {"claims": claims}}));
        let expectations =
            TokenExpectations { leeway_seconds: leeway, ..TokenExpectations::for_audience(&audience) };
        call!(client, c => c.tokens().validate(&token, expectations, None))
            .map(drop)
            .map_err(|error| code(&error).to_owned())
    };
    // Margins of at least ten seconds on both sides, longer than a run of this test.
    for (leeway, seconds) in [(None, 30), (Some(0.0), 0), (Some(120.0), 120)] {
        let (inside, outside) = (now + 10 - seconds.min(now), now - seconds - 10);
        assert_eq!(with(leeway, json!({"exp": inside.max(now + 10 - seconds)})), Ok(()), "{leeway:?}");
        assert_eq!(with(leeway, json!({"exp": outside})), Err("token_expired".into()), "{leeway:?}");
        for (claim, refused) in [("nbf", "not_yet_valid"), ("iat", "issued_in_future")] {
            let exp = now + 1000;
            assert_eq!(
                with(leeway, json!({claim: now + seconds.max(10) - 10, "exp": exp})),
                Ok(()),
                "{claim} {leeway:?}"
            );
            assert_eq!(
                with(leeway, json!({claim: now + seconds + 60, "exp": exp})),
                Err(refused.into()),
                "{claim} {leeway:?}"
            );
        }
    }
    let token = make(&emulator, json!({"kind": "access"}));
    assert!(access(&client, &token, &audience).is_ok());
    client.advance_clock(Duration::from_secs(300 + 31));
    let error = access(&client, &token, &audience).unwrap_err();
    assert!(matches!(error, ScalekitError::TokenExpired { .. }), "{error}");
}

fn validation_time_replaces_the_clock(style: Style) {
    let emulator = emulator();
    let (client, audience) = (style.client(&emulator, quick()), emulator.client_id().to_owned());
    let token = make(&emulator, json!({"kind": "access"}));
    let validate = |at: SystemTime| {
        let expectations = TokenExpectations::for_audience(&audience);
        call!(client, c => c.tokens().validate(&token, expectations.clone(), Some(at.into()))).map(drop)
    };
    let now = emulator.now();
    assert_eq!(validate(now), Ok(()));
    assert_eq!(code(&validate(now + Duration::from_secs(300 + 60)).unwrap_err()), "token_expired");
    assert_eq!(code(&validate(now - Duration::from_secs(60)).unwrap_err()), "issued_in_future");
    let id_token = make(&emulator, json!({"kind": "id"}));
    let at = Some((now - Duration::from_secs(60)).into());
    let error =
        call!(client, c => c.tokens().validate_id_token(&id_token, Default::default(), at)).unwrap_err();
    assert_eq!(code(&error), "issued_in_future");
    client.advance_clock(Duration::from_secs(7200));
    assert_eq!(validate(now), Ok(()), "the validation time does not depend on the client's clock");
}

/// Two environments in one process: a client rejects tokens of the other environment, and tokens of its own environment
/// with the other's issuer.
fn token_of_another_environment_is_rejected(style: Style) {
    let settings = || Settings { client_secret: Some("secret".into()), ..Settings::strict() };
    let one = Emulator::start_blocking_with(settings()).unwrap();
    let two = Emulator::start_blocking_with(settings()).unwrap();
    let (client_one, client_two) = (style.client(&one, quick()), style.client(&two, quick()));
    let named = |emulator: &Emulator, issuer: &Emulator| {
        let claims = json!({"iss": issuer.environment_url()});
        make(emulator, json!({"kind": "access", "token": {"claims": claims}}))
    };
    let audience = one.client_id();
    for _ in 0..2 {
        for (client, own, other) in [(&client_one, &one, &two), (&client_two, &two, &one)] {
            assert!(access(client, &named(own, own), audience).is_ok());
            for (token, expected) in [
                (named(other, other), "unknown_key"),
                (named(other, own), "unknown_key"),
                (named(own, other), "wrong_issuer"),
            ] {
                assert_eq!(code(&access(client, &token, audience).unwrap_err()), expected);
            }
        }
    }
}

fn invalid_expectations_are_rejected_before_the_token(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let good = || TokenExpectations::for_audience("x");
    let none = Arc::new(ExpectedAudience::one_of(vec![]));
    for (message, expectations) in [
        ("`expectations.audience` must contain", TokenExpectations { audience: none, ..good() }),
        ("`expectations.audience` must not", TokenExpectations::for_audience(" ")),
        ("`expectations.required_scopes`", TokenExpectations { required_scopes: vec!["".into()], ..good() }),
        ("`expectations.issuers`", TokenExpectations { issuers: vec!["".into()], ..good() }),
        ("`expectations.resource_ids`", TokenExpectations { resource_ids: vec!["".into()], ..good() }),
        ("`expectations.leeway_seconds`", TokenExpectations { leeway_seconds: Some(-1.0), ..good() }),
        ("`expectations.leeway_seconds`", TokenExpectations { leeway_seconds: Some(301.0), ..good() }),
        ("`expectations.leeway_seconds`", TokenExpectations { leeway_seconds: Some(f64::NAN), ..good() }),
    ] {
        let error = call!(client, c => c.tokens().validate("x", expectations.clone(), None)).unwrap_err();
        assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
        assert!(error.to_string().starts_with(message), "{error}");
        let error =
            call!(client, c => c.tokens().validate_machine("x", expectations.clone(), None)).unwrap_err();
        assert!(error.to_string().starts_with(message), "{error}");
    }
    assert!(emulator.requests().is_empty());
    let issuers = vec![String::new()];
    let error = style.client_error(&emulator, ClientOptions { issuers, ..quick() });
    assert_eq!(error.to_string(), "`issuers` must not contain an empty string");
}

fn issuers_of_the_client_options_replace_the_environment(style: Style) {
    let emulator = emulator();
    let audience = emulator.client_id();
    let issuers = vec!["https://auth.acme.example".into(), "https://old.acme.example".into()];
    let client = style.client(&emulator, ClientOptions { issuers, ..quick() });
    for (issuer, accepted) in [
        ("https://auth.acme.example", true),
        ("https://old.acme.example", true),
        (emulator.environment_url(), false),
    ] {
        let token = make(&emulator, json!({"kind": "access", "token": {"claims": {"iss": issuer}}}));
        assert_eq!(access(&client, &token, audience).is_ok(), accepted, "{issuer}");
        let expectations =
            TokenExpectations { issuers: vec![issuer.into()], ..TokenExpectations::for_audience(audience) };
        assert!(call!(client, c => c.tokens().validate(&token, expectations, None)).is_ok(), "{issuer}");
    }
}

fn closed_client_rejects_validation(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let token = make(&emulator, json!({"kind": "access"}));
    access(&client, &token, emulator.client_id()).unwrap();
    client.close();
    let error = access(&client, &token, emulator.client_id()).unwrap_err();
    assert_eq!(error.to_string(), "tokens.validate: the client is closed");
    let error = plain!(client, c => c.login().start(Default::default())).unwrap_err();
    assert!(
        matches!(error, ScalekitError::InvalidArgument { .. }),
        "starting a login sends nothing, so it works on a closed client: {error}"
    );
}

#[tokio::test]
async fn blocking_validation_in_a_runtime_is_rejected_with_and_without_keys() {
    let emulator = emulator();
    let Caller::Blocking(client) = Style::Blocking.client(&emulator, quick()) else { unreachable!() };
    let token = make(&emulator, json!({"kind": "access"}));
    for _ in 0..2 {
        let error =
            client.tokens().validate(&token, TokenExpectations::for_any_audience(), None).unwrap_err();
        assert!(matches!(error, ScalekitError::BlockingInAsync { .. }), "{error}");
        let (client, token) = (client.clone(), token.clone());
        let check = move || client.tokens().validate(&token, TokenExpectations::for_any_audience(), None);
        std::thread::spawn(check).join().unwrap().unwrap();
    }
}
