//! Interceptor requests, as the service's documentation shows them.

use scalekit::{
    InterceptorRequest, InterceptorTriggerPoint, InterceptorVerifier, ScalekitError, WebhookSigner,
};
use serde_json::{Value, json};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn request(body: &Value) -> scalekit::Result<InterceptorRequest> {
    let body = body.to_string();
    let headers = WebhookSigner::new(SECRET)?.sign_interceptor("req_1", body.as_bytes(), None);
    InterceptorVerifier::new([SECRET], 300)?.request(&headers, body.as_bytes(), None)
}

#[test]
fn signup_request_is_decoded_completely() {
    let decoded = request(&json!({
        "display_name": "Validate", "trigger_point": "PRE_SIGNUP",
        "interceptor_context": {
            "environment_id": "env_1", "user_id": null, "user_email": "g@acme.example",
            "connection_details": [{"id": "conn_1", "type": "OAUTH", "provider": "GOOGLE"}],
            "auth_request": {"connection_id": "conn_1", "domain": "acme.example", "state": "canary"},
            "device_type": "Desktop", "ip_address": "203.0.113.24", "region": "IN", "city": "Bengaluru",
            "user_agent": "Mozilla", "triggered_at": "2026-01-02T03:04:05.678Z", "brand_new": true,
        },
        "data": {"user": {
            "id": "usr_1", "email": "g@acme.example", "email_verified": true, "given_name": "Grace",
            "metadata": {"a": "b"},
            "memberships": [{"organization_id": "org_1", "status": "ACTIVE", "roles": ["admin"], "organization_name": "Acme",
                "metadata": {"cost": {"region": "US"}}}],
        }},
    }))
    .unwrap();
    assert_eq!(decoded.trigger_point, Some(InterceptorTriggerPoint::PreSignup));
    let context = &decoded.context;
    assert_eq!((context.user_id.as_deref(), context.user_email.as_deref()), (None, Some("g@acme.example")));
    assert_eq!(context.connection_details[0].connection_type.as_deref(), Some("OAUTH"));
    assert_eq!(context.triggered_at.unwrap().to_string(), "2026-01-02T03:04:05.678Z");
    let state = context.auth_request.as_ref().unwrap().state.as_ref().unwrap();
    assert_eq!(state.reveal(), "canary");
    assert!(!format!("{decoded:?}").contains("canary"));
    let user = decoded.data.user.unwrap();
    assert!(user.email_verified);
    assert_eq!(user.memberships[0].roles, ["admin"]);
    assert_eq!(user.memberships[0].metadata.as_ref().unwrap().value()["cost"]["region"], "US");
}

#[test]
fn invitation_machine_and_unknown_trigger_points_are_decoded() {
    let invitation = json!({"trigger_point": "PRE_USER_INVITATION",
        "interceptor_context": {"organization_id": "org_1"}, "data": {"organization": {"id": "org_1", "name": "Acme"}}});
    let decoded = request(&invitation).unwrap();
    assert_eq!(decoded.data.organization.unwrap().name.as_deref(), Some("Acme"));

    let machine = json!({"trigger_point": "PRE_M2M_TOKEN_CREATION", "interceptor_context": {"client_id": "m2morg_1"},
        "data": {"m2m_token_claims": {"client_id": "m2morg_1", "claims": {
            "custom_claims": {"env": "prod"}, "oid": "org_1", "scope": "a b", "scopes": ["a", "b"]}}}});
    let claims = request(&machine).unwrap().data.m2m_token_claims.unwrap().claims;
    assert_eq!((claims.oid.as_deref(), claims.scopes.len()), (Some("org_1"), 2));

    let newer = request(&json!({"trigger_point": "PRE_TELEPORT", "data": {"to": "mars"}})).unwrap();
    let expected = InterceptorTriggerPoint::Unrecognized { value: "PRE_TELEPORT".into() };
    assert_eq!(newer.trigger_point, Some(expected));
    for bad in [json!([1]), json!({"data": 7}), json!(null)] {
        assert!(matches!(request(&bad), Err(ScalekitError::Decode { .. })), "{bad}");
    }
}
