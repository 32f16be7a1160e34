//! Control-plane commands of the login.

use serde::Deserialize;
use serde_json::{Value, json};

use super::app::Draft as ClientDraft;
use super::claims::{Binding, TokenContext};
use super::forge::Forgery;
use super::idp_initiated;
use super::person::Person;
use super::script::Draft as ScriptDraft;
use super::session::Session;
use super::settings::Change as SettingsChange;
use crate::error::ControlError;
use crate::ids::random_hex;
use crate::world::World;

/// Handles `<method> /_emulator/<command>`. Returns `None` if this module has no such command.
pub(crate) fn answer(
    world: &mut World,
    method: &str,
    command: &str,
    body: impl FnOnce() -> Result<Value, ControlError>,
    no_query: impl FnOnce() -> Result<(), ControlError>,
) -> Option<Result<Value, ControlError>> {
    Some(match (method, command) {
        ("POST", "idp/script") => body().and_then(|body| script(world, body)),
        ("GET", "idp/script") => no_query().map(|()| json!({"pending": world.login.script.pending()})),
        ("DELETE", "idp/script") => no_query().map(|()| {
            world.login.script.clear();
            json!({})
        }),
        ("POST", "idp/settings") => body().and_then(|body| settings(world, body)),
        ("POST", "idp/clients") => body().and_then(|body| register(world, body)),
        ("POST", "idp/initiate") => body().and_then(|body| initiate(world, body)),
        ("POST", "token") => body().and_then(|body| token(world, body)),
        _ => return None,
    })
}

fn parse<T: serde::de::DeserializeOwned>(what: &str, body: Value) -> Result<T, ControlError> {
    serde_json::from_value(body).map_err(|error| ControlError::new(format!("{what}: {error}")))
}

pub(crate) fn script(world: &mut World, body: Value) -> Result<Value, ControlError> {
    world.login.script.add(parse::<ScriptDraft>("script", body)?)?;
    Ok(json!({"pending": world.login.script.pending()}))
}

pub(crate) fn settings(world: &mut World, body: Value) -> Result<Value, ControlError> {
    world.login.settings.apply(parse::<SettingsChange>("settings", body)?);
    Ok(json!({}))
}

pub(crate) fn register(world: &mut World, body: Value) -> Result<Value, ControlError> {
    let app = world.login.apps.register(parse::<ClientDraft>("client", body)?)?;
    Ok(json!({"client_id": app.id, "public": app.is_public()}))
}

pub(crate) fn initiate(world: &mut World, body: Value) -> Result<Value, ControlError> {
    parse::<idp_initiated::Draft>("initiate", body)?.run(world)
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
pub(crate) fn token(world: &mut World, body: Value) -> Result<Value, ControlError> {
    let parameters: TokenParameters = parse("token", body)?;
    let claims = parameters.claims(world);
    let token = parameters.token.sign(claims.clone(), &world.keys, world.clock.now());
    Ok(json!({"token": token, "right_claims": claims}))
}

impl TokenParameters {
    fn claims(&self, world: &mut World) -> Value {
        let now = world.clock.now();
        let app_id = self.client_id.clone().unwrap_or_else(|| world.client_id.clone());
        let scope = self.scope.as_deref().unwrap_or("openid profile email");
        let session = self.session(world);
        let context = TokenContext { session: &session, app_id: &app_id, scope, now };
        let mut claims = match self.kind {
            Kind::Access => context.access_claims(world),
            Kind::Id => {
                let access_token = random_hex::<8>();
                let binding =
                    Binding { nonce: self.nonce.as_deref(), code: None, access_token: &access_token };
                context.id_claims(world, &binding)
            }
            Kind::Machine => self.machine_claims(world, &app_id),
            Kind::IdpInitiated => {
                let organization_id = self.person.organization_id.as_deref().unwrap_or("org_1");
                let connection_id = &session.connection_id;
                idp_initiated::claims(world, connection_id, organization_id, self.person.email(), now)
            }
        };
        if matches!(self.kind, Kind::Access) {
            claims["jti"] = json!(world.ids.next("tkn"));
        }
        claims
    }

    /// Returns a session that exists only for the claims: it is ended at once.
    fn session(&self, world: &mut World) -> Session {
        let connection_id = world.login.hosted_connection.clone();
        let organization_id = self.person.organization_id.clone();
        let sessions = &mut world.login.sessions;
        let session = sessions.start(&mut world.ids, self.person.clone(), organization_id, connection_id);
        sessions.end(&session.id).unwrap_or(session)
    }

    /// Registers the token, so that the operations accept it like a token from the token endpoint.
    fn machine_claims(&self, world: &mut World, app_id: &str) -> Value {
        let id = world.ids.next("tkn");
        let organization_id = self.person.organization_id.iter();
        let claims = crate::token::MachineToken {
            issuer: &world.environment_url,
            client_id: app_id,
            id: &id,
            scope: self.scope.as_deref().unwrap_or("openid"),
            audience: &[],
            issued_at: world.clock.now(),
            lifetime_seconds: world.token_lifetime_seconds.into(),
            more: organization_id.map(|id| ("oid".into(), json!(id))).collect(),
        }
        .claims();
        world.tokens.add(id);
        claims
    }
}
