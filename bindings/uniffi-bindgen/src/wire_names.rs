//! The names of fields in JSON.

/// Fields whose name in JSON differs: claims of tokens (OpenID Connect Core, section 2), and a few of the service's.
const WIRE_NAMES: &[(&str, &[(&str, &str)])] = &[
    ("AuthLogPage", &[("auth_requests", "authRequests")]),
    ("InterceptorRequest", &[("context", "interceptor_context")]),
    ("InterceptorConnection", &[("connection_type", "type")]),
    ("WebhookEvent", &[("event_type", "type")]),
    ("MachineTokenClaims", &[("client_id", "sub")]),
];

const CLAIMS: &[(&str, &str)] = &[
    ("issuer", "iss"),
    ("subject", "sub"),
    ("audience", "aud"),
    ("expires_at", "exp"),
    ("issued_at", "iat"),
    ("token_id", "jti"),
    ("organization_id", "oid"),
    ("session_id", "sid"),
    ("authentication_methods", "amr"),
    ("external_organization_id", "xoid"),
    ("external_user_id", "xuid"),
];

/// The name of a field in JSON, if it differs.
pub fn wire_name(record: &str, field: &str) -> Option<&'static str> {
    let names = WIRE_NAMES.iter().find(|(name, _)| *name == record).map_or(&[][..], |(_, names)| names);
    let claims: &[_] = match record {
        "AccessTokenClaims" | "IdTokenClaims" | "MachineTokenClaims" => CLAIMS,
        "IdpInitiatedClaims" => &[("issuer", "iss")],
        _ => &[],
    };
    names.iter().chain(claims).find(|(name, _)| *name == field).map(|(_, wire)| *wire)
}
