//! Default configuration of connections.

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::clock::Instant;

const CERTIFICATE_LIFETIME: TimeDelta = TimeDelta::days(365);

/// The default configuration for a connection type. Empty for types other than `OIDC` and `SAML`.
pub(super) fn default_for(kind: &str, id: &str, environment_url: &str, now: Instant) -> Map<String, Value> {
    let config = match kind {
        "OIDC" => Some(("oidc_config", oidc(id, environment_url))),
        "SAML" => Some(("saml_config", saml(id, environment_url, now))),
        _ => None,
    };
    config.into_iter().map(|(name, config)| (name.to_owned(), config)).collect()
}

fn oidc(id: &str, environment_url: &str) -> Value {
    let provider = format!("https://{}.idp.example", id.replace('_', "-"));
    json!({
        "issuer": provider,
        "discovery_endpoint": format!("{provider}/.well-known/openid-configuration"),
        "authorize_uri": format!("{provider}/oauth2/v1/authorize"),
        "token_uri": format!("{provider}/oauth2/v1/token"),
        "user_info_uri": format!("{provider}/oauth2/v1/userinfo"),
        "jwks_uri": format!("{provider}/oauth2/v1/keys"),
        "client_id": format!("idp-client-of-{id}"),
        "client_secret": format!("idp-secret-of-{id}"),
        "scopes": ["openid", "profile", "email"],
        "token_auth_type": "BASIC_AUTH",
        "redirect_uri": format!("{environment_url}/sso/v1/oidc/{id}/callback"),
        "backchannel_logout_redirect_uri": format!("{environment_url}/sso/v1/oidc/{id}/backchannel_logout"),
        "post_logout_redirect_uri": format!("{environment_url}/sso/v1/oidc/{id}/post_logout"),
        "pkce_enabled": true,
        "idp_logout_required": false,
        "jit_provisioning_with_sso_enabled": true,
        "sync_user_profile_on_login": false,
    })
}

fn saml(id: &str, environment_url: &str, now: Instant) -> Value {
    let provider = format!("https://{}.idp.example", id.replace('_', "-"));
    json!({
        "idp_entity_id": format!("{provider}/saml"),
        "idp_metadata_url": format!("{provider}/saml/metadata"),
        "idp_sso_url": format!("{provider}/saml/sso"),
        "idp_slo_url": "",
        "idp_certificates": [certificate(id, &provider, now)],
        "idp_name_id_format": "EMAIL",
        "idp_sso_request_binding": "HTTP_POST",
        "idp_slo_request_binding": "HTTP_POST",
        "idp_slo_required": false,
        "sp_entity_id": format!("{environment_url}/sso/v1/saml/{id}"),
        "sp_assertion_url": format!("{environment_url}/sso/v1/saml/{id}/callback"),
        "sp_metadata_url": format!("{environment_url}/sso/v1/saml/{id}/metadata"),
        "sp_slo_url": format!("{environment_url}/sso/v1/saml/{id}/slo"),
        "saml_signing_option": "SAML_ONLY_RESPONSE_SIGNING",
        "want_request_signed": true,
        "force_authn": false,
        "allow_idp_initiated_login": false,
        "assertion_encrypted": false,
        "certificate_id": "",
        "default_redirect_uri": "",
        "ui_button_title": "",
        "jit_provisioning_with_sso_enabled": true,
        "sync_user_profile_on_login": false,
    })
}

fn certificate(id: &str, provider: &str, now: Instant) -> Value {
    json!({
        "id": id.replace("conn_", "cert_"),
        "certificate": "-----BEGIN CERTIFICATE-----\ntest-only\n-----END CERTIFICATE-----\n",
        "issuer": provider,
        "create_time": now,
        "expiry_time": now.plus(CERTIFICATE_LIFETIME),
    })
}
