//! Events: what happened, as a webhook tells it.

use serde_json::Value;

use super::data::*;
use crate::error::{Result, ScalekitError};
use crate::types::{Json, Lenient, Timestamp};

/// An event, from a delivery that was verified.
///
/// What every event has stands here; what only its kind has stands in `data`. Fields that this version does not know
/// are in the body that you received.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The id, such as `evt_1234`. An event may arrive twice: remember its id to act only once.
    pub id: String,
    /// The type, such as `organization.created`.
    pub event_type: String,
    /// What kind of thing it is about, such as `Organization`.
    pub object: Option<String>,
    /// When it happened. Events may arrive in any order.
    pub occurred_at: Option<Timestamp>,
    /// The environment it happened in.
    pub environment_id: Option<String>,
    /// The organization it happened in, where it belongs to one.
    pub organization_id: Option<String>,
    /// A name for it that people can read.
    pub display_name: Option<String>,
    /// The version of the format; `1` so far.
    pub spec_version: Option<String>,
    /// What happened.
    pub data: WebhookData,
}

impl WebhookEvent {
    pub(super) fn read(operation: &str, body: &[u8]) -> Result<Self> {
        let bad = |why: &str| ScalekitError::unreadable_webhook(operation, why);
        let whole: Value = serde_json::from_slice(body).map_err(|_| bad("is not JSON"))?;
        let text = |name: &str| whole[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let event_type = text("type").ok_or_else(|| bad("has no `type`, as every event does"))?;
        Ok(Self {
            id: text("id").unwrap_or_default(),
            object: text("object"),
            occurred_at: text("occurred_at").and_then(|time| time.parse().ok()),
            environment_id: text("environment_id"),
            organization_id: text("organization_id"),
            display_name: text("display_name"),
            spec_version: text("spec_version"),
            data: WebhookData::read(&event_type, body).unwrap_or_else(|| {
                WebhookData::unknown(&event_type, Json::parsed(whole, &String::from_utf8_lossy(body)))
            }),
            event_type,
        })
    }
}

/// What the coverage test holds against the service's description.
#[cfg(test)]
pub(crate) struct EventProbe {
    pub event_type: &'static str,
    pub data: crate::types::Shape,
    /// Reads an event's data and writes it again.
    pub reread: fn(&[u8]) -> std::result::Result<Value, String>,
}

/// Declares the events: for each its type, and what its data is about.
macro_rules! events {
    ($( $(#[$meta:meta])* $Event:ident = $wire:literal { $field:ident: $Data:ty } )*) => {
        /// What happened: a variant for each type of event that this version knows.
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
        #[allow(clippy::large_enum_variant, reason = "events are few and short-lived; a box would show in every match")]
        #[non_exhaustive]
        pub enum WebhookData {
            $(
                $(#[$meta])*
                $Event {
                    /// What it is about, as it was then.
                    $field: $Data,
                },
            )*
            /// An event that this version does not know, or whose data has another shape than was promised.
            Unknown {
                /// The type, as it was sent.
                event_type: String,
                /// The whole event, as it was sent.
                raw: Json,
            },
        }

        impl WebhookData {
            /// `None`: to be kept as it is.
            fn read(event_type: &str, body: &[u8]) -> Option<Self> {
                match event_type {
                    $( $wire => Some(Self::$Event { $field: data(event_type, body)? }), )*
                    _ => None,
                }
            }
        }

        /// One probe for each event, in the order of the table.
        #[cfg(test)]
        pub(crate) fn event_probes() -> Vec<EventProbe> {
            vec![ $( EventProbe {
                event_type: $wire,
                data: <$Data as crate::types::Described>::shape(),
                reread: |body| match WebhookEvent::read("test", body).map_err(|e| e.to_string())?.data {
                    WebhookData::$Event { $field } => serde_json::to_value(&$field).map_err(|e| e.to_string()),
                    other => Err(format!("{other:?}")),
                },
            } ),* ]
        }
    };
}

impl WebhookData {
    fn unknown(event_type: &str, raw: Json) -> Self {
        Self::Unknown { event_type: event_type.to_owned(), raw }
    }
}

fn data<T: Lenient>(event_type: &str, body: &[u8]) -> Option<T> {
    let read = crate::decode::read(Some("data"), body);
    if read.is_err() {
        tracing::warn!(
            event_type,
            "an event does not have the shape that was promised; it is kept as Unknown"
        );
    }
    read.ok()
}

events! {
    /// An organization was created.
    OrganizationCreated = "organization.created" { organization: OrganizationEventData }
    /// An organization was changed.
    OrganizationUpdated = "organization.updated" { organization: OrganizationEventData }
    /// An organization was deleted.
    OrganizationDeleted = "organization.deleted" { organization: OrganizationEventData }
    /// An organization got an e-mail domain.
    OrganizationDomainCreated = "organization.domain_created" { domain: OrganizationDomainEventData }
    /// An organization lost an e-mail domain.
    OrganizationDomainDeleted = "organization.domain_deleted" { domain: OrganizationDomainEventData }
    /// An organization has shown by DNS that a domain is its own.
    OrganizationDomainDnsVerificationSuccess = "organization.domain_dns_verification_success" { domain: OrganizationDomainEventData }
    /// An organization could not show by DNS that a domain is its own.
    OrganizationDomainDnsVerificationFailed = "organization.domain_dns_verification_failed" { domain: OrganizationDomainEventData }
    /// Somebody signed up, with a new organization.
    UserSignup = "user.signup" { membership: OrgMembershipEventData }
    /// Somebody logged in.
    UserLogin = "user.login" { login: UserAuthEventData }
    /// Somebody logged out.
    UserLogout = "user.logout" { logout: UserAuthEventData }
    /// Somebody was invited into an organization.
    UserOrganizationInvitation = "user.organization_invitation" { membership: OrgMembershipEventData }
    /// Somebody became a member of an organization.
    UserOrganizationMembershipCreated = "user.organization_membership_created" { membership: OrgMembershipEventData }
    /// Somebody is no longer a member of an organization.
    UserOrganizationMembershipDeleted = "user.organization_membership_deleted" { membership: OrgMembershipEventData }
    /// A membership was changed, for example its roles.
    UserOrganizationMembershipUpdated = "user.organization_membership_updated" { membership: OrgMembershipEventData }
    /// A directory's changes are taken in from now on.
    OrganizationDirectoryEnabled = "organization.directory_enabled" { directory: DirectoryEventData }
    /// A directory's changes are no longer taken in.
    OrganizationDirectoryDisabled = "organization.directory_disabled" { directory: DirectoryEventData }
    /// A directory sent a new person.
    DirectoryUserCreated = "organization.directory.user_created" { user: DirectoryUserEventData }
    /// A directory changed a person.
    DirectoryUserUpdated = "organization.directory.user_updated" { user: DirectoryUserEventData }
    /// A directory took a person away.
    DirectoryUserDeleted = "organization.directory.user_deleted" { user: DirectoryUserEventData }
    /// A directory sent a new group.
    DirectoryGroupCreated = "organization.directory.group_created" { group: DirectoryGroupEventData }
    /// A directory changed a group.
    DirectoryGroupUpdated = "organization.directory.group_updated" { group: DirectoryGroupEventData }
    /// A directory took a group away.
    DirectoryGroupDeleted = "organization.directory.group_deleted" { group: DirectoryGroupEventData }
    /// An organization got a connection.
    OrganizationSsoCreated = "organization.sso_created" { connection: ConnectionEventData }
    /// People can sign in with a connection from now on.
    OrganizationSsoEnabled = "organization.sso_enabled" { connection: ConnectionEventData }
    /// People can no longer sign in with a connection.
    OrganizationSsoDisabled = "organization.sso_disabled" { connection: ConnectionEventData }
    /// A connection was deleted.
    OrganizationSsoDeleted = "organization.sso_deleted" { connection: ConnectionEventData }
    /// A role was created.
    RoleCreated = "role.created" { role: RoleEventData }
    /// A role was changed.
    RoleUpdated = "role.updated" { role: RoleEventData }
    /// A role was deleted.
    RoleDeleted = "role.deleted" { role: RoleEventData }
    /// A permission was created.
    PermissionCreated = "permission.created" { permission: PermissionEventData }
    /// A permission was changed.
    PermissionUpdated = "permission.updated" { permission: PermissionEventData }
    /// A permission was deleted.
    PermissionDeleted = "permission.deleted" { permission: PermissionEventData }
    /// A connected account was created.
    ConnectedAccountCreated = "connected_account.created" { account: ConnectedAccountEventData }
    /// A connected account was changed.
    ConnectedAccountUpdated = "connected_account.updated" { account: ConnectedAccountEventData }
    /// A connected account works again, or no longer.
    ConnectedAccountStatusUpdated = "connected_account.status_updated" { account: ConnectedAccountStatusUpdatedEventData }
    /// A connected account was deleted.
    ConnectedAccountDeleted = "connected_account.deleted" { account: ConnectedAccountEventData }
    /// A link to connect an account was made.
    ConnectedAccountMagicLinkGenerated = "connected_account.magic_link_generated" { account: ConnectedAccountEventData }
    /// The provider gave out a connected account's tokens.
    ConnectedAccountOauthTokensFetched = "connected_account.oauth_tokens_fetched" { account: ConnectedAccountEventData }
    /// A connected account's access token was renewed.
    ConnectedAccountTokenRefreshSucceeded = "connected_account.token_refresh_succeeded" { account: ConnectedAccountEventData }
    /// A connected account's access token could not be renewed.
    ConnectedAccountTokenRefreshFailed = "connected_account.token_refresh_failed" { account: ConnectedAccountEventData }
    /// The owner of a connected account has given their consent at the provider.
    ConnectedAccountOauthSucceeded = "connected_account.oauth_succeeded" { account: ConnectedAccountEventData }
}
