//! Logins, token validation and machine tokens by name.

use std::sync::Arc;

use serde::Serialize;

use super::records::{Authorization, Exchange, Expectations, Machine};
use super::{OtherCall, invalid_argument};
use crate::auth::{
    AsyncLogin, AsyncMachineTokens, AsyncTokens, IdTokenExpectations, LoginOptions, LoginOutcome,
    LoginTransaction, LogoutOptions, generate_pkce,
};
use crate::error::Result;
use crate::session::LoginSession;
use crate::types::{Json, SecretText, Timestamp};

/// Declares results. A test compares their members with the listing.
macro_rules! results {
    ($( $(#[$meta:meta])* struct $Name:ident { $( $(#[$fm:meta])* $field:ident: $ty:ty ),* $(,)? } )*) => {
        $(
            $(#[$meta])*
            #[derive(Serialize)]
            struct $Name { $( $(#[$fm])* $field: $ty, )* }
        )*
        #[cfg(test)]
        pub(super) const RESULTS: &[(&str, &[&str])] = &[$( (stringify!($Name), &[$( stringify!($field) ),*]) ),*];
    };
}

results! {
    /// A session: `session` is its text, which the caller stores and passes to `login.refresh_if_needed`.
    struct Session {
        session: Arc<SecretText>,
        subject: String,
        access_token: Arc<SecretText>,
        id_token: Option<Arc<SecretText>>,
        refresh_token: Option<Arc<SecretText>>,
        scopes: Vec<String>,
        expires_at: Timestamp,
    }

    struct Started {
        authorization_url: String,
        transaction: Arc<SecretText>,
        #[serde(skip_serializing_if = "Option::is_none")]
        claims: Option<Json>,
    }

    struct Finished {
        claims: Json,
        return_to: Option<String>,
        #[serde(flatten)]
        session: Session,
    }

    struct Pkce {
        code_verifier: Arc<SecretText>,
        code_challenge: String,
        code_challenge_method: String,
    }

    struct MachineToken {
        access_token: Arc<SecretText>,
        expires_at: Timestamp,
    }
}

impl From<&LoginSession> for Session {
    fn from(session: &LoginSession) -> Self {
        Self {
            session: session.to_text(),
            subject: session.subject(),
            access_token: session.access_token(),
            id_token: session.id_token(),
            refresh_token: session.refresh_token(),
            scopes: session.scopes(),
            expires_at: session.expires_at(),
        }
    }
}

impl From<LoginOutcome> for Finished {
    fn from(outcome: LoginOutcome) -> Self {
        let session = Session::from(&*outcome.session);
        Self { claims: outcome.claims.payload, return_to: outcome.return_to, session }
    }
}

fn secret(text: &str) -> Arc<SecretText> {
    Arc::new(SecretText::new(text))
}

fn transaction(text: &str) -> Result<Arc<LoginTransaction>> {
    let read = LoginTransaction::from_text(&SecretText::new(text));
    read.map(Arc::new).map_err(|_| invalid_argument("transaction", "is not that of a started login"))
}

fn session(text: &str) -> Result<Arc<LoginSession>> {
    let read = LoginSession::from_text(&SecretText::new(text));
    read.map(Arc::new).map_err(|_| invalid_argument("session", "is not that of a login"))
}

/// Declares calls with their arguments; the body is asynchronous, and its value is written as JSON.
macro_rules! other_calls {
    (with secret $needs_secret:literal; $(
        $id:literal ($( $arg:ident: $ty:ident $(<$of:ty>)? ),*) optional [$($opt:ident),*] |$wire:ident| $body:block
    )*) => {
        pub(super) const CALLS: &[OtherCall] = &[$( OtherCall {
            id: $id,
            needs_secret: $needs_secret,
            begin: |wire, from| {
                crate::op::named_arguments!(from { $( $arg: $ty $(<$of>)? ),* } [$($opt),*]);
                let $wire = Arc::clone(wire);
                Ok(Box::pin(async move {
                    let value = $body;
                    super::results::written($id, &value)
                }))
            },
        } ),*];
    };
}
pub(super) use other_calls;

other_calls! {
    with secret false;

    "login.start"(options: LoginOptions) optional [] |wire| {
        let started = AsyncLogin::from_parts(wire).start(options)?;
        Started {
            authorization_url: started.authorization_url,
            transaction: started.transaction.to_text(),
            claims: None,
        }
    }

    "login.finish"(callback: String, transaction: String) optional [] |wire| {
        let stored = self::transaction(&transaction)?;
        Finished::from(AsyncLogin::from_parts(wire).finish(&callback, stored).await?)
    }

    "login.start_idp_initiated"(callback: String, options: LoginOptions) optional [] |wire| {
        let started = AsyncLogin::from_parts(wire).start_idp_initiated(&callback, options).await?;
        Started {
            authorization_url: started.authorization_url,
            transaction: started.transaction.to_text(),
            claims: Some(started.claims.payload),
        }
    }

    "login.generate_pkce"() optional [] |_wire| {
        let pkce = generate_pkce()?;
        Pkce {
            code_verifier: pkce.code_verifier,
            code_challenge: pkce.code_challenge,
            code_challenge_method: pkce.code_challenge_method,
        }
    }

    "login.authorization_url"(request: Authorization) optional [] |wire| {
        AsyncLogin::from_parts(wire).authorization_url(request.into())?
    }

    "login.exchange_code"(exchange: Exchange) optional [] |wire| {
        Finished::from(AsyncLogin::from_parts(wire).exchange_code(exchange.into()).await?)
    }

    "login.refresh_if_needed"(session: String) optional [] |wire| {
        let stored = self::session(&session)?;
        Session::from(&*AsyncLogin::from_parts(wire).refresh_if_needed(stored).await?)
    }

    "login.refresh"(refresh_token: String) optional [] |wire| {
        Session::from(&*AsyncLogin::from_parts(wire).refresh(secret(&refresh_token)).await?)
    }

    "login.logout_url"(options: LogoutOptions) optional [options] |wire| {
        AsyncLogin::from_parts(wire).logout_url(options)?
    }

    "tokens.validate"(token: String, expectations: Expectations, at: Option<Timestamp>) optional [] |wire| {
        AsyncTokens::from_parts(wire).validate(&token, expectations.into(), at).await?.payload
    }

    "tokens.validate_machine"(token: String, expectations: Expectations, at: Option<Timestamp>) optional [] |wire| {
        AsyncTokens::from_parts(wire).validate_machine(&token, expectations.into(), at).await?.payload
    }

    "tokens.validate_id_token"(token: String, expectations: IdTokenExpectations, at: Option<Timestamp>)
    optional [expectations] |wire| {
        AsyncTokens::from_parts(wire).validate_id_token(&token, expectations, at).await?.payload
    }

    "tokens.validate_idp_initiated"(token: String, at: Option<Timestamp>) optional [] |wire| {
        AsyncTokens::from_parts(wire).validate_idp_initiated(&token, at).await?.payload
    }

    "tokens.preload_keys"(keys: Json, only: bool) optional [only] |wire| {
        AsyncTokens::from_parts(wire).preload_keys(keys, only)?
    }

    "machine_tokens.get"(client: Machine) optional [] |wire| {
        let token = AsyncMachineTokens::from_parts(wire).get(client.into()).await?;
        MachineToken { access_token: token.access_token, expires_at: token.expires_at }
    }

    "machine_tokens.forget"(client: Machine) optional [] |wire| {
        AsyncMachineTokens::from_parts(wire).forget(client.into())?
    }

    "machine_tokens.clear"() optional [] |wire| {
        AsyncMachineTokens::from_parts(wire).clear()?
    }
}
