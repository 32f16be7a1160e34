//! `POST /oauth/register`, also below a resource: dynamic client registration (RFC 7591).

use hyper::Uri;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::metadata::resource_id;
use super::{OAuthError, refuse};
use crate::environment::Environment;
use crate::ids::random_hex;
use crate::login_state::{App, is_loopback_host};
use crate::reply::Reply;
use crate::request::Request;
use crate::resource;

const METHODS: &[&str] = &["none", "client_secret_basic", "client_secret_post"];
const GRANT_TYPES: &[&str] = &["authorization_code", "refresh_token", "client_credentials"];

/// Client metadata. Other fields are ignored (RFC 7591, section 2).
#[derive(Debug, Serialize, Deserialize)]
struct Metadata {
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default = "Metadata::default_method")]
    token_endpoint_auth_method: String,
    #[serde(default = "Metadata::default_grant_types")]
    grant_types: Vec<String>,
    #[serde(default = "Metadata::default_response_types")]
    response_types: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    logo_uri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

pub(crate) fn register(env: &mut Environment, request: &Request) -> Reply {
    let result = Metadata::read(request).map(|metadata| add_client(env, metadata, resource_id(request)));
    result.unwrap_or_else(OAuthError::into_reply).header("cache-control", "no-store")
}

fn add_client(env: &mut Environment, metadata: Metadata, resource_id: Option<&str>) -> Reply {
    let id = env.ids.next("m2m");
    let is_public = metadata.token_endpoint_auth_method == "none";
    let secret = (!is_public).then(|| format!("test_{}", random_hex::<24>()));
    let mut body = json!(metadata);
    body["client_id"] = json!(id);
    body["client_id_issued_at"] = json!(env.clock.now().unix_seconds());
    if let Some(secret) = &secret {
        body["client_secret"] = json!(secret);
        body["client_secret_expires_at"] = json!(0);
    }
    let resource_id = resource_id.map(Into::into);
    env.login.apps.add_dynamic(App::dynamic(id, secret, metadata.redirect_uris, resource_id));
    Reply::json(201, body)
}

impl Metadata {
    fn read(request: &Request) -> Result<Metadata, OAuthError> {
        let invalid = |why: String| refuse(400, "invalid_client_metadata", why);
        let value: Value =
            serde_json::from_slice(&request.body).map_err(|error| invalid(error.to_string()))?;
        let metadata: Metadata = serde_json::from_value(value).map_err(|error| invalid(error.to_string()))?;
        let is_supported = |list: &[String], supported: &[&str]| {
            list.iter().all(|value| supported.contains(&value.as_str()))
        };
        if !METHODS.contains(&metadata.token_endpoint_auth_method.as_str()) {
            return Err(invalid("token_endpoint_auth_method is not supported".into()));
        }
        if !is_supported(&metadata.grant_types, GRANT_TYPES) {
            return Err(invalid("grant_types contains one that is not supported".into()));
        }
        if !is_supported(&metadata.response_types, &["code"]) {
            return Err(invalid("response_types can only contain code".into()));
        }
        metadata.check_redirect_uris()?;
        Ok(metadata)
    }

    fn check_redirect_uris(&self) -> Result<(), OAuthError> {
        let has_login = self.grant_types.iter().any(|grant| grant == "authorization_code");
        if has_login && self.redirect_uris.is_empty() {
            return Err(refuse(400, "invalid_redirect_uri", "redirect_uris is missing"));
        }
        match self.redirect_uris.iter().find(|uri| !is_redirect_uri(uri)) {
            Some(uri) => {
                Err(refuse(400, "invalid_redirect_uri", format!("{uri} is not a valid redirect URI")))
            }
            None => Ok(()),
        }
    }

    fn default_method() -> String {
        "client_secret_basic".into()
    }

    fn default_grant_types() -> Vec<String> {
        vec!["authorization_code".into()]
    }

    fn default_response_types() -> Vec<String> {
        vec!["code".into()]
    }
}

/// Whether a URI uses `https`, an application's own scheme, or `http` with a loopback host.
fn is_redirect_uri(uri: &str) -> bool {
    let scheme = uri.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_safe = match scheme.as_str() {
        "javascript" | "data" | "vbscript" | "file" => false,
        "http" => uri.parse::<Uri>().is_ok_and(|uri| uri.host().is_some_and(is_loopback_host)),
        _ => true,
    };
    is_safe && resource::is_absolute_uri(uri) && !uri.contains('#')
}
