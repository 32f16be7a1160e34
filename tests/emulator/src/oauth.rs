//! The token endpoint, the key set, and the discovery document.

use serde_json::{Map, Value, json};

use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::token::MachineToken;
use crate::world::World;

const DEFAULT_SCOPE: &str = "openid";
const FORM: &str = "application/x-www-form-urlencoded";
const TOKEN_PARAMETERS: &[&str] = &["grant_type", "client_id", "client_secret", "scope"];

/// An error as RFC 6749 has it.
struct OAuthError {
    status: u16,
    code: &'static str,
    description: String,
}

fn refuse(status: u16, code: &'static str, description: impl Into<String>) -> OAuthError {
    OAuthError { status, code, description: description.into() }
}

/// `POST /oauth/token`
pub(crate) fn token(world: &mut World, request: &Request) -> Reply {
    let reply = match grant(world, request) {
        Ok(reply) => reply,
        Err(error) => {
            Reply::json(error.status, json!({"error": error.code, "error_description": error.description}))
        }
    };
    reply.header("cache-control", "no-store")
}

fn grant(world: &mut World, request: &Request) -> Result<Reply, OAuthError> {
    let form = Form::read(request)?;
    match form.get("grant_type") {
        Some("client_credentials") => client_credentials(world, &form),
        Some(other) => {
            Err(refuse(400, "unsupported_grant_type", format!("grant_type {other} is not supported")))
        }
        None => Err(refuse(400, "invalid_request", "grant_type is missing")),
    }
}

fn client_credentials(world: &mut World, form: &Form) -> Result<Reply, OAuthError> {
    let (Some(id), Some(secret)) = (form.get("client_id"), form.get("client_secret")) else {
        return Err(refuse(400, "invalid_request", "client_id and client_secret are needed in the body"));
    };
    let grant = if id == world.client_id {
        environment_grant(world, secret, form.get("scope"))
    } else {
        organization_grant(world, id, secret, form.get("scope"))
    }?;
    let token_id = world.ids.next("tkn");
    let token = MachineToken {
        issuer: &world.environment_url,
        client_id: id,
        id: &token_id,
        scope: &grant.scope,
        audience: &grant.audience,
        issued_at: world.clock.now(),
        lifetime_seconds: grant.lifetime_seconds,
        more: grant.more,
    };
    let access_token = token.sign(world.keys.active());
    world.tokens.add(token_id);
    Ok(Reply::ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": grant.lifetime_seconds,
        "scope": grant.scope,
    })))
}

/// What a client gets.
struct Grant {
    scope: String,
    audience: Vec<String>,
    lifetime_seconds: i64,
    more: Map<String, Value>,
}

fn environment_grant(world: &World, secret: &str, scope: Option<&str>) -> Result<Grant, OAuthError> {
    if secret != world.client_secret {
        return Err(unknown_client());
    }
    Ok(Grant {
        scope: scope.unwrap_or(DEFAULT_SCOPE).into(),
        audience: Vec::new(),
        lifetime_seconds: world.token_lifetime_seconds.into(),
        more: Map::new(),
    })
}

/// A client of an organization gets what it was created for: all its scopes, or those of them that it asks for.
fn organization_grant(
    world: &mut World,
    id: &str,
    secret: &str,
    scope: Option<&str>,
) -> Result<Grant, OAuthError> {
    let now = world.clock.now();
    let client = world.store.clients.get_mut(id).ok_or_else(unknown_client)?;
    if !client.sign_in(secret, now) {
        return Err(unknown_client());
    }
    let granted = client.scopes.join(" ");
    let scope = scope.unwrap_or(&granted);
    if let Some(more) = scope.split_whitespace().find(|scope| !client.scopes.iter().any(|own| own == scope)) {
        return Err(refuse(400, "invalid_scope", format!("the client may not have the scope {more}")));
    }
    let mut more = Map::new();
    more.insert("oid".into(), json!(client.organization_id));
    if !client.custom_claims.is_empty() {
        more.insert("custom_claims".into(), json!(client.claims()));
    }
    Ok(Grant {
        scope: scope.into(),
        audience: client.audience.clone(),
        lifetime_seconds: client.expiry_seconds,
        more,
    })
}

fn unknown_client() -> OAuthError {
    refuse(401, "invalid_client", "the client is unknown or its secret is wrong")
}

/// The parameters of a token request.
struct Form(Vec<(String, String)>);

impl Form {
    fn read(request: &Request) -> Result<Form, OAuthError> {
        let bad = |description: &str| refuse(400, "invalid_request", description);
        if request.headers.contains_key("authorization") {
            return Err(bad("credentials belong in the body; send no authorization header"));
        }
        if request.media_type() != FORM {
            return Err(bad("the content-type must be application/x-www-form-urlencoded"));
        }
        if !request.query.is_empty() {
            return Err(bad("parameters belong in the body, not in the query"));
        }
        let text = std::str::from_utf8(&request.body).ok();
        let pairs = text.and_then(percent::pairs).ok_or_else(|| bad("the body is not a form"))?;
        for (index, (name, _)) in pairs.iter().enumerate() {
            if !TOKEN_PARAMETERS.contains(&name.as_str()) {
                return Err(bad(&format!("{name} is not a parameter of this request")));
            }
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(bad(&format!("{name} is given twice")));
            }
        }
        Ok(Form(pairs))
    }

    /// An empty parameter counts as absent.
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// `GET /keys`
pub(crate) fn keys(world: &mut World, _: &Request) -> Reply {
    Reply::ok(world.keys.jwks())
}

/// `GET /.well-known/openid-configuration`
pub(crate) fn discovery(world: &mut World, _: &Request) -> Reply {
    let url = &world.environment_url;
    Reply::ok(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }))
}
