//! The token endpoint, the JWKS, and the discovery document.

use serde_json::{Map, Value, json};

use crate::environment::Environment;
use crate::interceptors::{InterceptorRequest, TriggerPoint};
use crate::login::{self, App};
use crate::percent;
use crate::reply::Reply;
use crate::request::Request;
use crate::token::{MachineToken, is_reserved};

const DEFAULT_SCOPE: &str = "openid";
const FORM: &str = "application/x-www-form-urlencoded";

/// An error response of RFC 6749, section 5.2.
pub(crate) struct OAuthError {
    status: u16,
    code: &'static str,
    description: String,
}

pub(crate) fn refuse(status: u16, code: &'static str, description: impl Into<String>) -> OAuthError {
    OAuthError { status, code, description: description.into() }
}

/// `POST /oauth/token`
pub(crate) fn token(env: &mut Environment, request: &Request) -> Reply {
    grant(env, request).unwrap_or_else(OAuthError::into_reply).header("cache-control", "no-store")
}

impl OAuthError {
    fn into_reply(self) -> Reply {
        Reply::json(self.status, json!({"error": self.code, "error_description": self.description}))
    }
}

fn grant(env: &mut Environment, request: &Request) -> Result<Reply, OAuthError> {
    let form = Form::read(request)?;
    match form.get("grant_type") {
        Some("client_credentials") => {
            client_credentials(env, &form, request.header("user-agent").unwrap_or_default())
        }
        Some("authorization_code") => login::authorization_code(env, &form),
        Some("refresh_token") => login::refresh_token(env, &form),
        Some(other) => {
            Err(refuse(400, "unsupported_grant_type", format!("grant_type {other} is not supported")))
        }
        None => Err(refuse(400, "invalid_request", "grant_type is missing")),
    }
}

fn client_credentials(env: &mut Environment, form: &Form, user_agent: &str) -> Result<Reply, OAuthError> {
    form.only(&["grant_type", "client_id", "client_secret", "scope", "audience"])?;
    let (client_id, secret) = (form.need("client_id")?, form.need("client_secret")?);
    if env.store.clients.get(client_id).is_none() {
        let grant = app_grant(env, form)?;
        return Ok(machine_token(env, client_id, grant));
    }
    let grant = organization_grant(env, client_id, secret, form)?;
    let context = json!({"client_id": client_id, "organization_id": grant.more["oid"]});
    let data = json!({"m2m_token_claims": {"client_id": client_id, "claims": grant.claims()}});
    let request = InterceptorRequest::new(env, TriggerPoint::MachineToken, user_agent, &context, data);
    let client_id = client_id.to_owned();
    Ok(env.consult(request, move |env, verdict| match verdict.denied {
        Some(why) => refuse(400, "access_denied", why).into_reply(),
        None => machine_token(env, &client_id, grant.with(verdict.claims)),
    }))
}

fn machine_token(env: &mut Environment, client_id: &str, grant: Grant) -> Reply {
    let token_id = env.ids.next("tkn");
    let token = MachineToken {
        issuer: &env.environment_url,
        client_id,
        id: &token_id,
        scope: &grant.scope,
        audience: &grant.audience,
        issued_at: env.clock.now(),
        lifetime_seconds: grant.lifetime_seconds,
        more: grant.more,
    };
    let access_token = token.sign(env.keys.active());
    env.tokens.add(token_id);
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
    Ok(Grant {
        scope,
        audience: granted_audience(&app.audience, form.get("audience"))?,
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
        audience: granted_audience(&client.audience, form.get("audience"))?,
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
fn granted_audience(own: &[String], asked: Option<&str>) -> Result<Vec<String>, OAuthError> {
    let Some(asked) = asked else { return Ok(own.to_vec()) };
    if own.iter().any(|own| own == asked) {
        return Ok(vec![asked.into()]);
    }
    Err(refuse(400, "invalid_target", "audience is not one of the client's"))
}

/// Authenticates the client of a token request. A confidential client must send its secret; a public client must not
/// send one.
pub(crate) fn authenticate<'a>(env: &'a Environment, form: &Form) -> Result<&'a App, OAuthError> {
    let app = env.login.apps.get(form.need("client_id")?);
    let app = app.filter(|app| app.secret.as_deref() == form.get("client_secret"));
    app.ok_or_else(unknown_client)
}

fn unknown_client() -> OAuthError {
    refuse(401, "invalid_client", "the client is unknown or its secret is wrong")
}

/// The parameters of a token request.
pub(crate) struct Form(Vec<(String, String)>);

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
            if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(bad(&format!("{name} is given twice")));
            }
        }
        Ok(Form(pairs))
    }

    /// Rejects parameters that the grant does not define.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), OAuthError> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(refuse(400, "invalid_request", format!("{name} is not a parameter of this request")))
            }
            None => Ok(()),
        }
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| refuse(400, "invalid_request", format!("{name} is missing from the body")))
    }

    /// The value of a parameter. An empty parameter counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// `GET /keys`
pub(crate) fn keys(env: &mut Environment, _: &Request) -> Reply {
    Reply::ok(env.keys.jwks())
}

/// `GET /.well-known/openid-configuration`
pub(crate) fn discovery(env: &mut Environment, _: &Request) -> Reply {
    let url = &env.environment_url;
    Reply::ok(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "jwks_uri": format!("{url}/keys"),
        "end_session_endpoint": format!("{url}/oidc/logout"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "create", "select_account", "consent"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "none"],
    }))
}
