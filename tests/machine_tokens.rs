//! Tokens of machine clients: one per client, scopes and audience, renewed early, forgotten on request.

use std::thread;
use std::time::Duration;

use scalekit::{MachineClient, MachineToken, Result, ScalekitError, SecretText, TokenExpectations};
use scalekit_emulator::{Emulator, Fault};
use serde_json::json;

use crate::support::caller::{call, plain};
use crate::support::gate::Gate;
use crate::support::{Caller, Style, emulator, in_every_style, quick, request_count};

in_every_style!(
    machine_token_of_one_service_is_accepted_by_another,
    hundred_concurrent_callers_fetch_one_machine_token,
    each_client_scope_set_and_audience_has_its_own_token,
    machine_token_is_renewed_one_minute_early,
    forgotten_machine_token_is_fetched_again,
    wrong_machine_credentials_are_rejected_without_retry,
    closed_client_rejects_machine_token_calls,
    invalid_machine_client_is_rejected,
    machine_client_accepts_its_secret_as_text_or_secret_text,
);

const API: &str = "https://api.acme.example";

fn with_client(emulator: &Emulator) -> MachineClient {
    let client = json!({"client_id": "m2morg_1", "client_secret": "secret_m2m", "organization_id": "org_1",
        "scopes": ["read", "write"], "audience": [API, "https://other.example"]});
    emulator.register_client(client).unwrap();
    MachineClient::new("m2morg_1", "secret_m2m")
}

fn get(client: &Caller, machine: &MachineClient) -> Result<MachineToken> {
    call!(*client, c => c.machine_tokens().get(machine.clone()))
}

fn tokens(emulator: &Emulator) -> usize {
    request_count(emulator, "oauth.token")
}

fn machine_token_of_one_service_is_accepted_by_another(style: Style) {
    let emulator = emulator();
    let machine = with_client(&emulator);
    let (caller, callee) = (style.client(&emulator, quick()), style.client(&emulator, quick()));
    let machine_client =
        MachineClient { scopes: vec!["write".into(), "read".into()], audience: Some(API.into()), ..machine };
    let token = get(&caller, &machine_client).unwrap();
    let text = token.access_token.reveal();
    let expectations =
        TokenExpectations { required_scopes: vec!["read".into()], ..TokenExpectations::for_audience(API) };
    let claims = call!(callee, c => c.tokens().validate_machine(&text, expectations, None)).unwrap();
    assert_eq!((claims.client_id.as_str(), claims.organization_id.as_deref()), ("m2morg_1", Some("org_1")));
    assert!(claims.has_scope("write"));
    let expires_at = claims.expires_at.unwrap().to_system_time();
    let difference =
        expires_at.duration_since(token.expires_at.to_system_time()).unwrap_or_else(|error| error.duration());
    assert!(difference < Duration::from_secs(10), "{difference:?}");
}

fn hundred_concurrent_callers_fetch_one_machine_token(style: Style) {
    let (emulator, gate) = (emulator(), Gate::default());
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                gate.pass();
                get(&client, &machine).unwrap();
            });
        }
        gate.await_waiting(100);
        gate.open();
    });
    assert_eq!(tokens(&emulator), 1);
}

fn each_client_scope_set_and_audience_has_its_own_token(style: Style) {
    let emulator = emulator();
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    let scoped = |scopes: &[&str]| MachineClient {
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        ..machine.clone()
    };
    let first = get(&client, &scoped(&["read", "write"])).unwrap();
    for same in [scoped(&["write", "read"]), scoped(&["read", "write", "read"])] {
        assert_eq!(get(&client, &same).unwrap().access_token, first.access_token);
    }
    assert_eq!(tokens(&emulator), 1);
    let others = [
        scoped(&["read"]),
        scoped(&[]),
        MachineClient { audience: Some("https://other.example".into()), ..machine.clone() },
        MachineClient {
            client_secret: machine.client_secret.clone(),
            client_id: emulator.client_id().into(),
            ..MachineClient::new("", "")
        },
    ];
    for (index, other) in others.iter().enumerate() {
        let token = get(&client, other);
        assert!(index == 3 || token.unwrap().access_token != first.access_token);
        assert_eq!(tokens(&emulator), 2 + index);
    }
    // The client's own access token is separate.
    client.get("org_1").unwrap();
    assert_eq!(tokens(&emulator), 6);
    assert_eq!(get(&client, &scoped(&["read", "write"])).unwrap().access_token, first.access_token);
}

fn machine_token_is_renewed_one_minute_early(style: Style) {
    let emulator = emulator();
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    emulator.seed(json!({"token_lifetime_seconds": 600})).unwrap();
    let first = get(&client, &machine).unwrap();
    client.advance_clock(Duration::from_secs(500));
    let again = get(&client, &machine).unwrap();
    assert_eq!(again.access_token, first.access_token);
    client.advance_clock(Duration::from_secs(45));
    emulator.fault(Fault::status("oauth.token", 503).count(100)).unwrap();
    assert_eq!(get(&client, &machine).unwrap().access_token, first.access_token, "the token is still valid");
    emulator.clear_faults();
    client.advance_clock(Duration::from_secs(10));
    assert_ne!(get(&client, &machine).unwrap().access_token, first.access_token);
}

fn forgotten_machine_token_is_fetched_again(style: Style) {
    let emulator = emulator();
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    let other = MachineClient { scopes: vec!["read".into()], ..machine.clone() };
    let (first, second) = (get(&client, &machine).unwrap(), get(&client, &other).unwrap());
    plain!(client, c => c.machine_tokens().forget(machine.clone())).unwrap();
    assert_ne!(get(&client, &machine).unwrap().access_token, first.access_token);
    assert_eq!(get(&client, &other).unwrap().access_token, second.access_token);
    plain!(client, c => c.machine_tokens().clear()).unwrap();
    assert_ne!(get(&client, &other).unwrap().access_token, second.access_token);
    assert_eq!(tokens(&emulator), 4);
}

fn wrong_machine_credentials_are_rejected_without_retry(style: Style) {
    let emulator = emulator();
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    for wrong in [MachineClient::new("m2morg_1", "wrong"), MachineClient::new("m2morg_9", "secret_m2m")] {
        let error = get(&client, &wrong).unwrap_err();
        assert!(matches!(error, ScalekitError::Unauthenticated { .. }), "{error}");
        assert_eq!(error.failure().operation, "machine_tokens.get");
    }
    let greedy = MachineClient { scopes: vec!["admin".into()], ..machine };
    assert!(get(&client, &greedy).is_err());
    assert_eq!(tokens(&emulator), 3, "a rejected token request must not be retried");
}

fn closed_client_rejects_machine_token_calls(style: Style) {
    let emulator = emulator();
    let (machine, client) = (with_client(&emulator), style.client(&emulator, quick()));
    get(&client, &machine).unwrap();
    client.close();
    for error in [
        get(&client, &machine).map(drop),
        plain!(client, c => c.machine_tokens().forget(machine.clone())),
        plain!(client, c => c.machine_tokens().clear()),
    ] {
        assert!(matches!(error.unwrap_err(), ScalekitError::Closed { .. }));
    }
}

fn invalid_machine_client_is_rejected(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let good = || MachineClient::new("m2morg_1", "secret");
    for (message, machine) in [
        ("`client_id` must not be empty", MachineClient::new(" ", "secret")),
        ("`client_secret` must not be empty", MachineClient::new("m2morg_1", "")),
        ("`audience` must not be empty", MachineClient { audience: Some(String::new()), ..good() }),
        ("`scopes` must contain one", MachineClient { scopes: vec!["a b".into()], ..good() }),
        ("`scopes` must contain one", MachineClient { scopes: vec![String::new()], ..good() }),
    ] {
        assert!(get(&client, &machine).unwrap_err().to_string().starts_with(message));
    }
    assert!(emulator.requests().is_empty());
}

fn machine_client_accepts_its_secret_as_text_or_secret_text(style: Style) {
    let emulator = emulator();
    let client = style.client(&emulator, quick());
    let machine = with_client(&emulator);
    let secret = SecretText::new("secret_m2m");
    for same in [
        MachineClient::new("m2morg_1", secret.reveal()),
        MachineClient::new("m2morg_1", &secret),
        MachineClient::new("m2morg_1", secret),
    ] {
        assert_eq!(same, machine);
        get(&client, &same).unwrap();
    }
    let empty = MachineClient::new("m2morg_1", SecretText::new(" "));
    let error = get(&client, &empty).unwrap_err();
    assert!(error.to_string().starts_with("`client_secret` must not be empty"), "{error}");
}
