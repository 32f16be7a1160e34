//! A connected account: what agents may use at a provider on somebody's behalf.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Connector;
use crate::clock::Instant;
use crate::ids::random_hex;
use crate::table::Entity;

pub(crate) const ACTIVE: &str = "ACTIVE";
const EXPIRED: &str = "EXPIRED";
const PENDING_AUTH: &str = "PENDING_AUTH";
const PENDING_VERIFICATION: &str = "PENDING_VERIFICATION";

/// How long an access token of a provider lives.
const TOKEN_LIFE: TimeDelta = TimeDelta::hours(1);

/// The ways to authenticate by the field that holds their credentials.
const KINDS: [(&str, &str); 4] = [
    ("oauth_token", "OAUTH"),
    ("static_auth", "API_KEY"),
    ("google_dwd", "GOOGLE_DWD"),
    ("trusted_idp", "TRUSTED_IDP"),
];

/// Whose account it is: one of these at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) identifier: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
}

impl Owner {
    pub(crate) fn is_nobody(&self) -> bool {
        self.identifier.is_empty() && self.organization_id.is_empty() && self.user_id.is_empty()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct ConnectedAccount {
    pub(crate) id: String,
    pub(crate) owner: Owner,
    pub(crate) connector: Connector,
    pub(crate) status: String,
    kind: String,
    /// `null` while there are none.
    credentials: Value,
    api_config: Value,
    token_expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
    updated_at: Instant,
    /// The request that waits for somebody to say who came back from the provider.
    pub(crate) auth_request_id: Option<String>,
}

/// A connected account as a seed describes it. The status is free text.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) connector: String,
    pub(crate) identifier: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
    status: Option<String>,
    auth_request_id: Option<String>,
    authorization_details: Option<Value>,
    api_config: Option<Value>,
    token_expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

impl Draft {
    pub(crate) fn owner(&self) -> Owner {
        Owner {
            identifier: self.identifier.clone(),
            organization_id: self.organization_id.clone(),
            user_id: self.user_id.clone(),
        }
    }
}

impl ConnectedAccount {
    /// Without credentials it waits for its owner.
    pub(crate) fn new(id: String, connector: Connector, owner: Owner, now: Instant) -> ConnectedAccount {
        ConnectedAccount {
            id,
            owner,
            kind: connector.kind.clone(),
            connector,
            status: PENDING_AUTH.into(),
            credentials: Value::Null,
            api_config: json!({}),
            token_expires_at: None,
            last_used_at: None,
            updated_at: now,
            auth_request_id: None,
        }
    }

    /// A seeded account that is to be active and has no credentials gets some.
    pub(crate) fn from_draft(
        draft: &Draft,
        id: String,
        connector: Connector,
        now: Instant,
    ) -> ConnectedAccount {
        let mut account = ConnectedAccount::new(id, connector, draft.owner(), now);
        match &draft.authorization_details {
            Some(credentials) => account.set_credentials(credentials.clone(), now),
            None if draft.status.as_deref().is_none_or(|status| status == ACTIVE) => account.connect(now),
            None => {}
        }
        if let Some(config) = &draft.api_config {
            account.api_config = config.clone();
        }
        if let Some(status) = &draft.status {
            account.status.clone_from(status);
        }
        account.token_expires_at = draft.token_expires_at.or(account.token_expires_at);
        account.last_used_at = draft.last_used_at;
        account.auth_request_id.clone_from(&draft.auth_request_id);
        account
    }

    pub(crate) fn set_credentials(&mut self, credentials: Value, now: Instant) {
        let kind =
            KINDS.iter().find(|(field, _)| credentials.get(field).is_some_and(|value| !value.is_null()));
        if let Some((_, kind)) = kind {
            (*kind).clone_into(&mut self.kind);
        }
        self.credentials = credentials;
        self.status = ACTIVE.into();
        self.auth_request_id = None;
        self.token_expires_at = None;
        self.updated_at = now;
    }

    pub(crate) fn set_api_config(&mut self, config: Value, now: Instant) {
        self.api_config = config;
        self.updated_at = now;
    }

    /// Somebody came back from the provider, and it has yet to be said who; until then there are no credentials.
    pub(crate) fn await_verification(&mut self, auth_request_id: String, now: Instant) {
        self.credentials = Value::Null;
        self.token_expires_at = None;
        self.status = PENDING_VERIFICATION.into();
        self.auth_request_id = Some(auth_request_id);
        self.updated_at = now;
    }

    /// The provider hands out credentials.
    pub(crate) fn connect(&mut self, now: Instant) {
        let credentials = match self.connector.kind.as_str() {
            "OAUTH" => json!({"oauth_token": {
                "access_token": format!("access_{}", random_hex::<16>()),
                "refresh_token": format!("refresh_{}", random_hex::<16>()),
                "scopes": self.connector.scopes,
                "domain": "",
            }}),
            _ => json!({"static_auth": {"details": {"api_key": format!("key_{}", random_hex::<16>())}}}),
        };
        self.set_credentials(credentials, now);
        if self.kind == "OAUTH" {
            self.token_expires_at = Some(now.plus(TOKEN_LIFE));
        }
    }

    /// An access token that has run out is renewed, if there is a refresh token; otherwise the account expires. Says
    /// which, where there was something to do.
    pub(crate) fn settle(&mut self, now: Instant) -> Option<bool> {
        if self.status != ACTIVE || self.token_expires_at.is_none_or(|end| end > now) {
            return None;
        }
        let token = &mut self.credentials["oauth_token"];
        let renewable = token["refresh_token"].as_str().is_some_and(|token| !token.is_empty());
        if renewable {
            token["access_token"] = format!("access_{}", random_hex::<16>()).into();
            self.token_expires_at = Some(now.plus(TOKEN_LIFE));
        } else {
            self.status = EXPIRED.into();
        }
        self.updated_at = now;
        Some(renewable)
    }

    /// Whether its owner gives consent to a provider that hands out tokens.
    pub(crate) fn is_oauth(&self) -> bool {
        self.connector.kind == "OAUTH"
    }

    /// Whether somebody could tell the two apart.
    pub(crate) fn differs(&self, other: &ConnectedAccount) -> bool {
        self.with_credentials_at(other.updated_at) != other.with_credentials()
    }

    fn with_credentials_at(&self, updated_at: Instant) -> Value {
        let mut written = self.with_credentials();
        written["updated_at"] = json!(updated_at);
        written
    }

    pub(crate) fn used(&mut self, now: Instant) {
        self.last_used_at = Some(now);
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// As lists write it.
    pub(crate) fn summary(&self) -> Value {
        json!({
            "id": self.id,
            "identifier": self.owner.identifier,
            "connector": self.connector.name,
            "connection_id": self.connector.connection_id,
            "provider": self.connector.provider,
            "status": self.status,
            "authorization_type": self.kind,
            "token_expires_at": self.token_expires_at,
            "last_used_at": self.last_used_at,
            "updated_at": self.updated_at,
        })
    }

    /// As everything but `connected_accounts.get_auth` writes it.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = self.summary();
        detail["api_config"] = self.api_config.clone();
        detail
    }

    /// With its credentials.
    pub(crate) fn with_credentials(&self) -> Value {
        let mut detail = self.detail();
        detail["authorization_details"] = self.credentials.clone();
        detail
    }
}

impl Entity for ConnectedAccount {
    fn id(&self) -> &str {
        &self.id
    }
}

/// A link by which an owner connects an account, once.
#[derive(Debug, Clone)]
pub(crate) struct MagicLink {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) expires_at: Instant,
    pub(crate) state: String,
    /// Empty where nobody is asked who came.
    pub(crate) user_verify_url: String,
    pub(crate) used: bool,
}

impl Entity for MagicLink {
    fn id(&self) -> &str {
        &self.id
    }
}
