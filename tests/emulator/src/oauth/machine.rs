//! `POST /oauth/token` with the grant `client_credentials`: machine tokens.

use serde_json::{Map, Value, json};

use super::form::{Form, missing};
use super::{OAuthError, authenticate, invalid_target, refuse, unknown_client};
use crate::environment::Environment;
use crate::interceptors::{InterceptorRequest, TriggerPoint};
use crate::reply::Reply;
use crate::request::Request;
use crate::resource;
use crate::token::{MachineToken, is_reserved};

const DEFAULT_SCOPE: &str = "openid";

pub(super) fn client_credentials(
    env: &mut Environment,
    request: &Request,
    form: &Form,
) -> Result<Reply, OAuthError> {
    form.only(request, &["grant_type", "scope", "audience", "resource"])?;
    let client_id = form.client_id()?;
    let secret = form.client_secret().ok_or_else(|| missing("client_secret"))?;
    let user_agent = request.header("user-agent").unwrap_or_default();
    if env.store.clients.get(client_id).is_none() {
        let grant = app_grant(env, form)?;
        return Ok(machine_token(env, client_id, grant));
    }
    let grant = organization_grant(env, client_id, secret, form)?;
    let context = json!({"client_id": client_id, "organization_id": grant.more["oid"]});
    let data = json!({"m2m_token_claims": {"client_id": client_id, "claims": grant.claims()}});
    let request =
        InterceptorRequest::new(TriggerPoint::MachineToken, env.clock.now(), user_agent, &context, data);
    let client_id = client_id.to_owned();
    Ok(env.consult(request, move |env, verdict| match verdict.denied {
        Some(why) => refuse(400, "access_denied", why).into_reply(),
        None => machine_token(env, &client_id, grant.with(verdict.claims)),
    }))
}

fn machine_token(env: &mut Environment, client_id: &str, grant: Grant) -> Reply {
    let token_id = env.ids.next("tkn");
    let token = MachineToken {
        issuer: &env.store.environment_url,
        client_id,
        id: &token_id,
        scope: &grant.scope,
        audience: &grant.audience,
        issued_at: env.clock.now(),
        lifetime_seconds: grant.lifetime_seconds,
        more: grant.more,
    };
    let access_token = token.sign(env.keys.active());
    Reply::ok(json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": grant.lifetime_seconds,
        "scope": grant.scope,
    }))
}

/// The claims and lifetime granted to a machine token.
struct Grant {
    scope: String,
    audience: Vec<String>,
    lifetime_seconds: i64,
    more: Map<String, Value>,
}

impl Grant {
    /// The claims in the request to an interceptor.
    fn claims(&self) -> Value {
        let mut claims = Value::Object(self.more.clone());
        claims["scope"] = json!(self.scope);
        claims["scopes"] = json!(self.scope.split_whitespace().collect::<Vec<_>>());
        claims
    }

    /// Adds the claims of an interceptor. It can replace scope and audience, but no reserved claim such as `sub`, `oid`
    /// or `exp`.
    fn with(mut self, claims: Map<String, Value>) -> Grant {
        for (name, value) in claims {
            match (name.as_str(), value) {
                ("scope", Value::String(scope)) => self.scope = scope,
                ("scopes", Value::Array(scopes)) => self.scope = strings(scopes).join(" "),
                ("aud", Value::String(audience)) => self.audience = vec![audience],
                ("aud", Value::Array(audience)) => self.audience = strings(audience),
                (name, _) if is_reserved(name) || matches!(name, "scope" | "scopes") => {}
                (_, value) => drop(self.more.insert(name, value)),
            }
        }
        self
    }
}

fn strings(list: Vec<Value>) -> Vec<String> {
    list.iter().filter_map(Value::as_str).map(Into::into).collect()
}

/// The grant of a client of the environment or of one that the control plane registered. A client without registered
/// scopes may request any.
fn app_grant(env: &Environment, form: &Form) -> Result<Grant, OAuthError> {
    let app = authenticate(env, form)?;
    let scope = match form.get("scope") {
        asked if app.scopes.is_empty() => asked.unwrap_or(DEFAULT_SCOPE).into(),
        asked => granted_scope(&app.scopes, asked)?,
    };
    let mut audience = granted_audience(&app.audience, form)?;
    audience.extend(app.resource_id.clone());
    Ok(Grant {
        scope,
        audience,
        lifetime_seconds: env.token_lifetime_seconds.into(),
        more: app.organization_id.iter().map(|id| ("oid".into(), json!(id))).collect(),
    })
}

/// The grant of an organization's client: the scopes, audience, claims and lifetime it was created with.
fn organization_grant(
    env: &mut Environment,
    id: &str,
    secret: &str,
    form: &Form,
) -> Result<Grant, OAuthError> {
    let now = env.clock.now();
    let client = env.store.clients.get_mut(id).ok_or_else(unknown_client)?;
    if !client.authenticate(secret, now) {
        return Err(unknown_client());
    }
    let mut more = Map::from_iter([("oid".into(), json!(client.organization_id))]);
    if !client.custom_claims.is_empty() {
        more.insert("custom_claims".into(), json!(client.claims()));
    }
    Ok(Grant {
        scope: granted_scope(&client.scopes, form.get("scope"))?,
        audience: granted_audience(&client.audience, form)?,
        lifetime_seconds: client.expiry_seconds,
        more,
    })
}

/// The requested scopes if the client has them all. Without a request, all scopes of the client.
fn granted_scope(own: &[String], asked: Option<&str>) -> Result<String, OAuthError> {
    let Some(asked) = asked else { return Ok(own.join(" ")) };
    match asked.split_whitespace().find(|scope| !own.iter().any(|own| own == scope)) {
        Some(more) => Err(refuse(400, "invalid_scope", format!("the client may not have the scope {more}"))),
        None => Ok(asked.into()),
    }
}

/// The requested audience if the client has it. Without a request, all audiences of the client.
///
/// A client without registered audiences can request any `resource`, but no `audience`.
fn granted_audience(own: &[String], form: &Form) -> Result<Vec<String>, OAuthError> {
    let is_own = |asked: &str| own.iter().any(|own| own == asked);
    let resources = resource::read(form.all("resource")).map_err(invalid_target)?;
    if resources.iter().any(|asked| !own.is_empty() && !is_own(asked)) {
        return Err(refuse(400, "invalid_target", "resource is not one of the client's audiences"));
    }
    match form.get("audience") {
        Some(asked) if is_own(asked) => Ok(vec![asked.into()]),
        Some(_) => Err(refuse(400, "invalid_target", "audience is not one of the client's")),
        None if resources.is_empty() => Ok(own.to_vec()),
        None => Ok(resources),
    }
}
