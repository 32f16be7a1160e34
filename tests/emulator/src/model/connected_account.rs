//! Connected account: the credentials with which agents act for its owner at a provider.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Connector;
use crate::clock::Instant;
use crate::ids::random_hex;
use crate::table::Entity;

pub(crate) const ACTIVE: &str = "ACTIVE";
const EXPIRED: &str = "EXPIRED";
const PENDING_AUTH: &str = "PENDING_AUTH";
const PENDING_VERIFICATION: &str = "PENDING_VERIFICATION";

/// Lifetime of a provider's access token.
const TOKEN_LIFETIME: TimeDelta = TimeDelta::hours(1);

/// The authentication types by the field that holds their credentials.
const KINDS: [(&str, &str); 4] = [
    ("oauth_token", "OAUTH"),
    ("static_auth", "API_KEY"),
    ("google_dwd", "GOOGLE_DWD"),
    ("trusted_idp", "TRUSTED_IDP"),
];

/// The owner of an account. At least one field is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    pub(crate) identifier: String,
    pub(crate) organization_id: String,
    pub(crate) user_id: String,
}

impl Owner {
    pub(crate) fn is_empty(&self) -> bool {
        self.identifier.is_empty() && self.organization_id.is_empty() && self.user_id.is_empty()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ConnectedAccount {
    pub(crate) id: String,
    pub(crate) owner: Owner,
    pub(crate) connector: Connector,
    pub(crate) status: String,
    kind: String,
    /// `null` if there are none.
    credentials: Value,
    api_config: Value,
    token_expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
    updated_at: Instant,
    /// The pending request for user verification.
    pub(crate) auth_request_id: Option<String>,
}

/// A connected account in a seed. Any status is accepted.
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
    /// Creates an account without credentials, in status `PENDING_AUTH`.
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

    /// Creates a seeded account. An active account without credentials gets generated ones.
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

    /// Waits for the application to verify the user. Until then there are no credentials.
    pub(crate) fn await_verification(&mut self, auth_request_id: String, now: Instant) {
        self.credentials = Value::Null;
        self.token_expires_at = None;
        self.status = PENDING_VERIFICATION.into();
        self.auth_request_id = Some(auth_request_id);
        self.updated_at = now;
    }

    /// Connects the account with new credentials of the provider.
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
            self.token_expires_at = Some(now.plus(TOKEN_LIFETIME));
        }
    }

    /// Refreshes an expired access token. Without a refresh token, the account expires instead. Returns whether the
    /// token was refreshed, or `None` if it has not expired.
    pub(crate) fn refresh_if_expired(&mut self, now: Instant) -> Option<bool> {
        if self.status != ACTIVE || self.token_expires_at.is_none_or(|end| end > now) {
            return None;
        }
        let token = &mut self.credentials["oauth_token"];
        let renewable = token["refresh_token"].as_str().is_some_and(|token| !token.is_empty());
        if renewable {
            token["access_token"] = format!("access_{}", random_hex::<16>()).into();
            self.token_expires_at = Some(now.plus(TOKEN_LIFETIME));
        } else {
            self.status = EXPIRED.into();
        }
        self.updated_at = now;
        Some(renewable)
    }

    /// Whether the account connects through OAuth.
    pub(crate) fn is_oauth(&self) -> bool {
        self.connector.kind == "OAUTH"
    }

    /// Whether the accounts differ in anything but `updated_at`.
    pub(crate) fn differs(&self, other: &ConnectedAccount) -> bool {
        self.with_credentials_at(other.updated_at) != other.with_credentials()
    }

    fn with_credentials_at(&self, updated_at: Instant) -> Value {
        let mut written = self.with_credentials();
        written["updated_at"] = json!(updated_at);
        written
    }

    pub(crate) fn record_use(&mut self, now: Instant) {
        self.last_used_at = Some(now);
    }

    pub(crate) fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// The JSON in lists.
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

    /// The JSON in responses, except those of lists and of `connected_accounts.get_auth`.
    pub(crate) fn detail(&self) -> Value {
        let mut detail = self.summary();
        detail["api_config"] = self.api_config.clone();
        detail
    }

    /// The JSON with credentials, as in `connected_accounts.get_auth`.
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

/// A single-use link with which an owner connects an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MagicLink {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) expires_at: Instant,
    pub(crate) state: String,
    /// Empty if the application does not verify the user.
    pub(crate) user_verify_url: String,
    pub(crate) used: bool,
}

impl Entity for MagicLink {
    fn id(&self) -> &str {
        &self.id
    }
}
