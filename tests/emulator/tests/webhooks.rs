//! Webhooks: signatures, retries, and the delivery log.

use std::time::Duration;

use scalekit::{WebhookData, WebhookEvent, WebhookVerifier};
use scalekit_emulator::{DeliveryState, WebhookProgress};
use serde_json::{Value, json};

use crate::support;
use crate::support::receiver::{Behavior, Receiver};
use crate::support::{Harness, LIMIT};

fn delivered(delivered: usize) -> WebhookProgress {
    WebhookProgress { delivered, ..WebhookProgress::default() }
}

fn attempts(attempts: usize) -> WebhookProgress {
    WebhookProgress { attempts, ..WebhookProgress::default() }
}

async fn wait_for(harness: &Harness, wanted: WebhookProgress) {
    let reached = harness.emulator.wait_webhooks(wanted, LIMIT).await;
    assert!(reached.is_ok(), "{wanted:?}: {reached:?} {:?}", harness.emulator.webhook_deliveries());
}

/// Registers the receiver as an endpoint and returns its secret.
async fn register(harness: &Harness, receiver: &Receiver, extra: Value) -> String {
    let mut endpoint = json!({"url": receiver.url});
    endpoint.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let response = harness.send("POST", "/_emulator/webhooks/endpoints", &endpoint).await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.json["secrets"][0].as_str().unwrap().to_owned()
}

/// Returns the received events, verified and parsed by the library, in the order of their IDs, because deliveries may
/// arrive out of order.
fn events(receiver: &Receiver, secret: &str) -> Vec<WebhookEvent> {
    let verifier = WebhookVerifier::new([secret], 300).unwrap();
    let parse = |(headers, body): &(_, Vec<u8>)| verifier.event(headers, body, None).unwrap();
    let mut events: Vec<_> = receiver.requests().iter().map(parse).collect();
    events.sort_by(|a, b| a.id.cmp(&b.id));
    events
}

fn types(events: &[WebhookEvent]) -> Vec<&str> {
    events.iter().map(|event| event.event_type.as_str()).collect()
}

#[tokio::test]
async fn organization_and_connection_changes_are_delivered() {
    let harness = Harness::start().await;
    let receiver = Receiver::start().await;
    let secret = register(&harness, &receiver, json!({})).await;
    let organization = harness.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}");
    harness.send("PATCH", &path, &json!({"display_name": "Acme 2", "external_id": "x-1"})).await;
    let list =
        harness.call("GET", &format!("/api/v1/connections?include=all&organization_id={organization}")).await;
    let connection = list.json["connections"][0]["id"].as_str().unwrap().to_owned();
    for verb in ["enable", "enable", "disable"] {
        harness.call("PATCH", &format!("{path}/connections/{connection}:{verb}")).await;
    }
    harness
        .send("PATCH", &format!("{path}/settings"), &json!({"features": [{"name": "sso", "enabled": true}]}))
        .await;
    harness.call("PATCH", &format!("{path}/connections/conn_9:enable")).await;
    harness.call("DELETE", &path).await;
    wait_for(&harness, delivered(8)).await;

    let events = events(&receiver, &secret);
    let expected = [
        "organization.created",
        "organization.sso_created",
        "organization.updated",
        "organization.sso_enabled",
        "organization.sso_disabled",
        "organization.updated",
        "organization.sso_deleted",
        "organization.deleted",
    ];
    assert_eq!(types(&events), expected, "calls that fail or change nothing emit no event");
    for event in &events {
        assert_eq!(event.organization_id.as_deref(), Some(organization.as_str()));
        assert!(event.id.starts_with("evt_") && event.occurred_at.is_some(), "{event:?}");
        assert!(event.environment_id.as_deref().unwrap().starts_with("env_"));
    }
    match &events[2].data {
        WebhookData::OrganizationUpdated { organization } => {
            assert_eq!(organization.display_name, "Acme 2");
            assert_eq!(organization.external_id.as_deref(), Some("x-1"));
        }
        other => panic!("{other:?}"),
    }
    match &events[3].data {
        WebhookData::OrganizationSsoEnabled { connection: own } => {
            assert_eq!((&own.id, own.enabled), (&connection, Some(true)));
        }
        other => panic!("{other:?}"),
    }
    match &events[7].data {
        WebhookData::OrganizationDeleted { organization } => assert!(organization.deleted_at.is_some()),
        other => panic!("{other:?}"),
    }
    let headers = &receiver.requests()[0].0;
    assert_eq!(headers["content-type"], "application/json");
}

#[tokio::test]
async fn domain_directory_and_connection_changes_are_delivered() {
    let harness = Harness::start().await;
    let receiver = Receiver::start().await;
    let seed = json!({"organizations": [{"id": "org_1", "display_name": "Acme", "connections": [{"id": "conn_1"}]}],
        "directories": [{"id": "dir_1", "organization_id": "org_1", "enabled": false}]});
    harness.emulator.seed(seed).unwrap();
    let secret = register(&harness, &receiver, json!({})).await;
    let path = "/api/v1/organizations/org_1";
    let domain = harness.send("POST", &format!("{path}/domains"), &json!({"domain": "acme.example"})).await;
    let id = domain.json["domain"]["id"].as_str().unwrap();
    harness.call("DELETE", &format!("{path}/domains/{id}")).await;
    for verb in ["disable", "enable", "enable", "disable"] {
        harness.call("PATCH", &format!("{path}/directories/dir_1:{verb}")).await;
    }
    harness.call("DELETE", &format!("{path}/connections/conn_1")).await;
    wait_for(&harness, delivered(5)).await;

    let events = events(&receiver, &secret);
    let expected = [
        "organization.domain_created",
        "organization.domain_deleted",
        "organization.directory_enabled",
        "organization.directory_disabled",
        "organization.sso_deleted",
    ];
    assert_eq!(types(&events), expected);
    match &events[0].data {
        WebhookData::OrganizationDomainCreated { domain } => {
            assert_eq!((domain.id.as_str(), domain.domain.as_str()), (id, "acme.example"));
        }
        other => panic!("{other:?}"),
    }
    match &events[2].data {
        WebhookData::OrganizationDirectoryEnabled { directory } => {
            assert_eq!((directory.id.as_str(), directory.enabled), ("dir_1", true));
            assert!(directory.directory_type.is_some() && directory.updated_at.is_some());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn login_and_logout_are_delivered() {
    let harness = Harness::start().await;
    let receiver = Receiver::start().await;
    let secret = register(&harness, &receiver, json!({})).await;
    let tokens = harness.log_in(&[("login_hint", "g@x.example")]).await;
    let hint = tokens["id_token"].as_str().unwrap();
    harness.call("GET", &format!("/oidc/logout?id_token_hint={hint}")).await;
    harness.call("GET", &format!("/oidc/logout?id_token_hint={hint}")).await;
    wait_for(&harness, delivered(2)).await;
    let events = events(&receiver, &secret);
    assert_eq!(types(&events), ["user.login", "user.logout"]);
    let sid = support::login::claims(&tokens["access_token"])["sid"].clone();
    match (&events[0].data, &events[1].data) {
        (WebhookData::UserLogin { login }, WebhookData::UserLogout { logout }) => {
            let (began, ended) =
                (login.user_session.as_ref().unwrap(), logout.user_session.as_ref().unwrap());
            assert_eq!((json!(began.session_id), json!(ended.session_id)), (sid.clone(), sid));
            assert_eq!(login.user.as_ref().unwrap().email.as_deref(), Some("g@x.example"));
            assert!(began.created_at.is_some() && ended.logout_at.is_some());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn failed_delivery_is_retried_after_service_delays() {
    let harness = Harness::start_without_auto_connection().await;
    let receiver = Receiver::start().await;
    receiver.queue(&[Behavior::Status(500), Behavior::Close, Behavior::Status(302), Behavior::Status(200)]);
    let secret = register(&harness, &receiver, json!({})).await;
    harness.organization("Acme").await;
    for (count, delay) in [(1, 5), (2, 30), (3, 120)] {
        wait_for(&harness, attempts(count)).await;
        assert_eq!(harness.emulator.webhook_deliveries()[0].state, DeliveryState::Pending);
        harness.emulator.advance_clock(Duration::from_secs(delay)).unwrap();
    }
    wait_for(&harness, delivered(1)).await;
    let delivery = &harness.emulator.webhook_deliveries()[0];
    let seen: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(seen, [Some(500), None, Some(302), Some(200)]);
    assert!(delivery.attempts[1].error.is_some(), "{delivery:?}");
    let requests = receiver.requests();
    assert!(
        requests
            .iter()
            .all(|(headers, body)| { headers["webhook-id"] == delivery.event_id && *body == requests[0].1 })
    );
    assert_eq!(events(&receiver, &secret).len(), 4, "each attempt has a new signature and timestamp");
}

#[tokio::test]
async fn delivery_fails_after_the_last_attempt() {
    let harness = Harness::start_without_auto_connection().await;
    let receiver = Receiver::start().await;
    receiver.queue(&[Behavior::Status(503); 6]);
    register(&harness, &receiver, json!({})).await;
    harness.organization("Acme").await;
    for (count, delay) in [(1, 5), (2, 30), (3, 120), (4, 300), (5, 900)] {
        wait_for(&harness, attempts(count)).await;
        harness.emulator.advance_clock(Duration::from_secs(delay)).unwrap();
    }
    wait_for(&harness, WebhookProgress { failed: 1, ..attempts(6) }).await;
    harness.emulator.advance_clock(Duration::from_secs(86_400)).unwrap();
    harness.emulator.send_webhook(json!({"type": "x"})).unwrap();
    wait_for(&harness, delivered(1)).await;
    assert_eq!(receiver.requests().len(), 7, "the failed delivery is not retried");
}

#[tokio::test]
async fn timeout_and_refused_connection_are_failed_attempts() {
    let harness = Harness::start_without_auto_connection().await;
    let receiver = Receiver::start().await;
    receiver.queue(&[Behavior::NoResponse]);
    register(&harness, &receiver, json!({"retry_delays_seconds": [], "timeout_ms": 50})).await;
    let closed = Receiver::start().await;
    let url = closed.url.clone();
    drop(closed);
    let endpoint = json!({"url": url, "retry_delays_seconds": []});
    harness.emulator.add_webhook_endpoint(endpoint).unwrap();
    harness.organization("Acme").await;
    wait_for(&harness, WebhookProgress { failed: 2, ..attempts(2) }).await;
    let mut errors: Vec<_> =
        harness.emulator.webhook_deliveries().into_iter().flat_map(|own| own.attempts).collect();
    errors.retain(|attempt| attempt.error.as_deref().is_some_and(|error| error.contains("50 ms")));
    assert_eq!(errors.len(), 1);
}

#[tokio::test]
async fn endpoint_filters_event_types_and_signs_with_each_secret() {
    let harness = Harness::start().await;
    let (all, some) = (Receiver::start().await, Receiver::start().await);
    let old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let new = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
    register(&harness, &all, json!({"secrets": [new, old]})).await;
    let secret = register(&harness, &some, json!({"events": ["user.teleported"]})).await;
    harness.organization("Acme").await;
    let event = json!({"type": "user.teleported", "object": "User", "organization_id": "org_1", "data": {"to": "mars"}});
    let sent = harness.send("POST", "/_emulator/webhooks/send", &event).await;
    wait_for(&harness, delivered(4)).await;
    assert_eq!(events(&all, old).len(), 3);
    assert_eq!(events(&all, new), events(&all, old));
    let one = events(&some, &secret);
    assert_eq!((types(&one), json!(one[0].id)), (vec!["user.teleported"], sent.json["id"].clone()));
    match &one[0].data {
        WebhookData::Unknown { raw, .. } => assert_eq!(raw.value()["data"], json!({"to": "mars"})),
        other => panic!("{other:?}"),
    }
    let wrong_secret = WebhookVerifier::new([secret], 300).unwrap();
    let (headers, body) = &all.requests()[0];
    assert!(wrong_secret.event(headers, body, None).is_err());
}

#[tokio::test]
async fn webhook_commands_register_wait_list_and_reset() {
    let harness = Harness::start_without_auto_connection().await;
    for bad in [
        json!({"url": "https://127.0.0.1/"}),
        json!({"url": "http://example.com/"}),
        json!({"url": "http://127.0.0.1:1/", "secrets": ["plain"]}),
        json!({"url": "http://127.0.0.1:1/", "color": "red"}),
        json!({}),
    ] {
        assert_eq!(harness.send("POST", "/_emulator/webhooks/endpoints", &bad).await.status, 400, "{bad}");
    }
    let receiver = Receiver::start().await;
    let secret = register(&harness, &receiver, json!({})).await;
    let listed = harness.call("GET", "/_emulator/webhooks/endpoints").await;
    assert_eq!(listed.json["endpoints"][0]["url"], receiver.url);
    assert!(!listed.text.contains(&secret));
    harness.organization("Acme").await;
    let waited = harness.send("POST", "/_emulator/webhooks/wait", &json!({"delivered": 1})).await;
    assert_eq!(waited.json, json!({"delivered": 1, "failed": 0, "attempts": 1}));
    let timed_out =
        harness.send("POST", "/_emulator/webhooks/wait", &json!({"failed": 1, "timeout_ms": 1})).await;
    assert_eq!((timed_out.status, &timed_out.json["progress"]["delivered"]), (504, &json!(1)));
    let delivery = harness.call("GET", "/_emulator/webhooks/deliveries").await.json["deliveries"][0].clone();
    assert_eq!((&delivery["state"], &delivery["attempts"][0]["status"]), (&json!("delivered"), &json!(201)));
    assert_eq!(delivery["body"]["type"], "organization.created");
    harness.call("POST", "/_emulator/reset").await;
    harness.organization("Acme").await;
    assert_eq!(harness.call("GET", "/_emulator/webhooks/deliveries").await.json, json!({"deliveries": []}));
    assert_eq!(harness.call("GET", "/_emulator/webhooks/endpoints").await.json, json!({"endpoints": []}));
}

#[test]
fn blocking_wait_for_webhooks_needs_no_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let emulator = scalekit_emulator::Emulator::start_blocking().unwrap();
    emulator.add_webhook_endpoint(json!({"url": receiver.url})).unwrap();
    emulator.send_webhook(json!({"type": "x", "data": {}})).unwrap();
    assert!(emulator.wait_webhooks_blocking(delivered(1), LIMIT).is_ok());
    assert!(emulator.wait_webhooks_blocking(delivered(2), Duration::ZERO).is_err());
}
