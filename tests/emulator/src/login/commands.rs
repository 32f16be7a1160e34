//! Control-plane commands of the login.

use serde::Deserialize;
use serde_json::{Value, json};

use super::claims::{Binding, TokenContext};
use super::idp_initiated;
use crate::environment::Environment;
use crate::error::ControlError;
use crate::ids::random_hex;
use crate::login_state::{BrowserSession, ClientDraft, Forgery, Person, ScriptDraft, SettingsChange};

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn handle(
    env: &mut Environment,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "idp/script") => body().and_then(|body| script(env, body)),
        ("GET", "idp/script") => no_query().map(|()| json!({"pending": env.login.script.pending()})),
        ("DELETE", "idp/script") => no_query().map(|()| {
            env.login.script.clear();
            json!({})
        }),
        ("POST", "idp/settings") => body().and_then(|body| settings(env, body)),
        ("POST", "idp/clients") => body().and_then(|body| register(env, body)),
        ("POST", "idp/initiate") => body().and_then(|body| initiate(env, body)),
        ("POST", "token") => body().and_then(|body| token(env, body)),
        _ => return None,
    })
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, body: Value) -> Result<T, ControlError> {
    serde_json::from_value(body).map_err(|error| ControlError::new(format!("{what}: {error}")))
}

pub(crate) fn script(env: &mut Environment, body: Value) -> Result<Value, ControlError> {
    env.login.script.add(parse::<ScriptDraft>("script", body)?)?;
    Ok(json!({"pending": env.login.script.pending()}))
}

pub(crate) fn settings(env: &mut Environment, body: Value) -> Result<Value, ControlError> {
    env.login.settings.apply(parse::<SettingsChange>("settings", body)?);
    Ok(json!({}))
}

pub(crate) fn register(env: &mut Environment, body: Value) -> Result<Value, ControlError> {
    let app = env.login.apps.register(parse::<ClientDraft>("client", body)?)?;
    Ok(json!({"client_id": app.id, "public": app.is_public()}))
}

pub(crate) fn initiate(env: &mut Environment, body: Value) -> Result<Value, ControlError> {
    parse::<idp_initiated::Draft>("initiate", body)?.run(env)
}

/// Parameters of `POST /_emulator/token`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenParameters {
    kind: Kind,
    /// Default: the environment's client.
    client_id: Option<String>,
    scope: Option<String>,
    nonce: Option<String>,
    #[serde(default)]
    person: Person,
    /// Changes that make the token invalid or different.
    #[serde(default)]
    token: Forgery,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Access,
    Id,
    Machine,
    IdpInitiated,
}

/// Issues a token without a login. It is valid except for the requested changes.
pub(crate) fn token(env: &mut Environment, body: Value) -> Result<Value, ControlError> {
    let parameters: TokenParameters = parse("token", body)?;
    let claims = parameters.claims(env);
    let token = parameters.token.sign(claims.clone(), &env.keys, env.clock.now());
    Ok(json!({"token": token, "right_claims": claims}))
}

impl TokenParameters {
    fn claims(&self, env: &mut Environment) -> Value {
        let now = env.clock.now();
        let app_id = self.client_id.clone().unwrap_or_else(|| env.client_id.clone());
        let scope = self.scope.as_deref().unwrap_or("openid profile email");
        let session = self.session(env);
        let context =
            TokenContext { session: &session, app_id: &app_id, scope, audience: &[], auth_time: None, now };
        let mut claims = match self.kind {
            Kind::Access => context.access_claims(env),
            Kind::Id => {
                let access_token = random_hex::<8>();
                let binding =
                    Binding { nonce: self.nonce.as_deref(), code: None, access_token: &access_token };
                context.id_claims(env, &binding)
            }
            Kind::Machine => self.machine_claims(env, &app_id),
            Kind::IdpInitiated => {
                let organization_id = self.person.organization_id.as_deref().unwrap_or("org_1");
                let connection_id = &session.connection_id;
                idp_initiated::claims(env, connection_id, organization_id, self.person.email(), now)
            }
        };
        if matches!(self.kind, Kind::Access) {
            claims["jti"] = json!(env.ids.next("tkn"));
        }
        claims
    }

    /// Returns a session that exists only for the claims: it is ended at once.
    fn session(&self, env: &mut Environment) -> BrowserSession {
        let connection_id = env.login.hosted_connection.clone();
        let organization_id = self.person.organization_id.clone();
        let (now, sessions) = (env.clock.now(), &mut env.login.sessions);
        let session = sessions.start(&env.ids, self.person.clone(), organization_id, connection_id, now);
        sessions.end(&session.id).unwrap_or(session)
    }

    /// Returns the claims of a token that the operations accept like one from the token endpoint.
    fn machine_claims(&self, env: &mut Environment, app_id: &str) -> Value {
        let id = env.ids.next("tkn");
        let organization_id = self.person.organization_id.iter();
        crate::token::MachineToken {
            issuer: &env.store.environment_url,
            client_id: app_id,
            id: &id,
            scope: self.scope.as_deref().unwrap_or("openid"),
            audience: &[],
            issued_at: env.clock.now(),
            lifetime_seconds: env.token_lifetime_seconds.into(),
            more: organization_id.map(|id| ("oid".into(), json!(id))).collect(),
        }
        .claims()
    }
}
