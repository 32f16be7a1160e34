//! Options and arguments that are not models, from JSON.

use std::collections::HashMap;
use std::sync::Arc;

use crate::auth::{
    AuthorizationRequest, CodeExchange, ExpectedAudience, IdTokenExpectations, LoginOptions, LogoutOptions,
    MachineClient, TokenExpectations,
};
use crate::options::{CallOptions, ClientOptions, TrustedRoots};
use crate::retry::RetryOptions;
use crate::types::{Json, Lenient, Read, Reader, Refusal, SecretText, Stop};
use crate::wire::HttpMethod;

/// Implements reading for a record. The pattern without `..` makes a field that is missing here a compile error.
macro_rules! readable {
    ($( $Name:ident $([$($required:ident),*])? { $($field:ident),* $(,)? } )*) => { $(
        impl Lenient for $Name {
            fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
                let mut read = Self::default();
                let is_present = {
                    let Self { $($field),* } = &mut read;
                    from.object(&mut |key, from| {
                        $( if key == stringify!($field) {
                            return crate::types::Field::read_request($field, from);
                        } )*
                        from.unknown()
                    })?
                };
                if is_present {
                    from.require(&[$( $( stringify!($required) ),* )?])?;
                }
                Ok(is_present.then_some(read))
            }
        }
    )*
        /// The members of each record, for a test.
        #[cfg(test)]
        pub(super) const READABLE: &[(&str, &[&str])] =
            &[$( (stringify!($Name), &[$( stringify!($field) ),*]) ),*];
    };
}

readable! {
    ClientOptions {
        timeout_seconds, tool_timeout_seconds, attempt_timeout_seconds, retry, headers, issuers, user_agent_suffix,
        proxy_url, proxy_username, proxy_password, trusted_roots, root_certificates_pem, client_certificate_pem,
    }
    CallOptions { timeout_seconds, attempt_timeout_seconds, retry, headers }
    RetryOptions { max_retries, base_delay_seconds, max_delay_seconds, retry_rate_limited_writes }
    LoginOptions [redirect_uri] {
        redirect_uri, scopes, organization_id, connection_id, domain, login_hint, provider, prompt, return_to,
        extra_parameters,
    }
    LogoutOptions { id_token_hint, post_logout_redirect_uri, state }
    IdTokenExpectations { nonce, access_token, issuers, leeway_seconds }
    Expectations { audience, any_audience, required_scopes, issuers, resource_ids, leeway_seconds }
    Machine [client_id, client_secret] { client_id, client_secret, scopes, audience }
    Authorization [options, state] { options, state, nonce, code_challenge }
    Exchange [code, redirect_uri] { code, redirect_uri, code_verifier, nonce }
}

/// `TokenExpectations`, whose audience is a list or deliberately unchecked.
#[derive(Default)]
pub(super) struct Expectations {
    audience: Vec<String>,
    any_audience: bool,
    required_scopes: Vec<String>,
    issuers: Vec<String>,
    resource_ids: Vec<String>,
    leeway_seconds: Option<f64>,
}

impl From<Expectations> for TokenExpectations {
    fn from(given: Expectations) -> Self {
        let Expectations { audience, any_audience, required_scopes, issuers, resource_ids, leeway_seconds } =
            given;
        // An empty list is rejected later. An audience that is named is checked in any case.
        let is_unchecked = any_audience && audience.is_empty();
        let audience =
            if is_unchecked { ExpectedAudience::unchecked() } else { ExpectedAudience::one_of(audience) };
        Self { audience: Arc::new(audience), required_scopes, issuers, resource_ids, leeway_seconds }
    }
}

/// `MachineClient`.
#[derive(Default)]
pub(super) struct Machine {
    client_id: String,
    client_secret: String,
    scopes: Vec<String>,
    audience: Option<String>,
}

impl From<Machine> for MachineClient {
    fn from(given: Machine) -> Self {
        let Machine { client_id, client_secret, scopes, audience } = given;
        Self { scopes, audience, ..Self::new(client_id, client_secret) }
    }
}

/// `AuthorizationRequest`.
#[derive(Default)]
pub(super) struct Authorization {
    options: LoginOptions,
    state: String,
    nonce: Option<Arc<SecretText>>,
    code_challenge: Option<String>,
}

impl From<Authorization> for AuthorizationRequest {
    fn from(given: Authorization) -> Self {
        let Authorization { options, state, nonce, code_challenge } = given;
        Self { options, state: Arc::new(SecretText::from(state)), nonce, code_challenge }
    }
}

/// `CodeExchange`.
#[derive(Default)]
pub(super) struct Exchange {
    code: String,
    redirect_uri: String,
    code_verifier: Option<Arc<SecretText>>,
    nonce: Option<Arc<SecretText>>,
}

impl From<Exchange> for CodeExchange {
    fn from(given: Exchange) -> Self {
        let Exchange { code, redirect_uri, code_verifier, nonce } = given;
        Self { code: Arc::new(SecretText::from(code)), redirect_uri, code_verifier, nonce }
    }
}

/// The method of `client.request`. `GET` if it is missing.
pub(super) struct Method(pub HttpMethod);

impl Default for Method {
    fn default() -> Self {
        Self(HttpMethod::Get)
    }
}

impl Lenient for Method {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        const ALL: [HttpMethod; 5] =
            [HttpMethod::Get, HttpMethod::Post, HttpMethod::Put, HttpMethod::Patch, HttpMethod::Delete];
        let read = choice(from, &ALL.map(|method| (method.as_str(), method)))?;
        Ok(read.map(Self))
    }
}

/// The query of `client.request`: each value is a list of texts.
#[derive(Default)]
pub(super) struct RequestQuery(pub HashMap<String, Vec<String>>);

impl Lenient for RequestQuery {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        let read = HashMap::<String, Vec<String>>::lenient(from)?;
        Ok(read.map(Self))
    }
}

impl Lenient for TrustedRoots {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        let all = [("bundled", Self::Bundled), ("bundled_only", Self::BundledOnly), ("system", Self::System)];
        choice(from, &all)
    }
}

/// Reads one of these values by its name, or `null`.
fn choice<T: Clone>(from: &mut Reader<'_>, all: &[(&str, T)]) -> Read<Option<T>> {
    let Some(text) = from.text()? else { return Ok(None) };
    match all.iter().find(|(name, _)| *name == text) {
        Some((_, value)) => Ok(Some(value.clone())),
        None => {
            let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
            from.refuse(Refusal::Choice(names.join(", ")))
        }
    }
}

impl Lenient for f64 {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        match <Json as Lenient>::lenient(from)? {
            None => Ok(None),
            Some(json) => json.value().as_f64().map(Some).ok_or(Stop::Shape),
        }
    }
}

impl Lenient for i32 {
    fn lenient(from: &mut Reader<'_>) -> Read<Option<Self>> {
        let read = from.integer()?;
        read.map(|number| Self::try_from(number).map_err(|_| Stop::Shape)).transpose()
    }
}
