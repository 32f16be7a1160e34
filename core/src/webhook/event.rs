//! Webhook events.

use super::data::*;
use crate::error::{Result, ScalekitError};
use crate::types::{Json, Lenient, Read, Reader, Stop, Timestamp, parse_text};

/// A webhook event.
///
/// The fields common to all events are here; those specific to its type are in `data`. Fields unknown to this version
/// are available only in the raw body.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct WebhookEvent {
    /// Event ID, such as `evt_1234`. An event can be delivered more than once: store its ID to process it only once.
    pub id: String,
    /// Event type, such as `organization.created`.
    pub event_type: String,
    /// Type of the affected object, such as `Organization`.
    pub object: Option<String>,
    /// Time of the event. Events can be delivered in any order.
    pub occurred_at: Option<Timestamp>,
    /// Environment ID.
    pub environment_id: Option<String>,
    /// Organization ID. Absent if the event does not belong to an organization.
    pub organization_id: Option<String>,
    /// Human-readable name of the event.
    pub display_name: Option<String>,
    /// Version of the event format. Currently `1`.
    pub spec_version: Option<String>,
    /// Type-specific data.
    pub data: WebhookData,
}

impl WebhookEvent {
    pub(super) fn read(operation: &str, body: &[u8]) -> Result<Self> {
        let invalid = |why: &str| ScalekitError::unreadable_webhook(operation, why);
        let not_json = || invalid("is not JSON");
        let text = std::str::from_utf8(body).map_err(|_| not_json())?;
        let mut event = Envelope::default();
        match event.read(text) {
            Ok(()) | Err(Stop::Shape) => {}
            Err(_) => return Err(not_json()),
        }
        let event_type = event.event_type.ok_or_else(|| invalid("has no `type`"))?;
        let data = match WebhookData::read(&event_type, event.data.unwrap_or("null")) {
            Some(data) => data,
            None => {
                let raw = parse_text(text).map_err(|_| not_json())?;
                WebhookData::unknown(&event_type, Json::parsed(raw, text))
            }
        };
        Ok(Self {
            id: event.id.unwrap_or_default(),
            event_type,
            object: event.object,
            occurred_at: event.occurred_at.and_then(|time| time.parse().ok()),
            environment_id: event.environment_id,
            organization_id: event.organization_id,
            display_name: event.display_name,
            spec_version: event.spec_version,
            data,
        })
    }
}

/// The fields common to all events as they are in the body, and the text of the data. A field that is not text is absent.
#[derive(Default)]
struct Envelope<'a> {
    id: Option<String>,
    event_type: Option<String>,
    object: Option<String>,
    occurred_at: Option<String>,
    environment_id: Option<String>,
    organization_id: Option<String>,
    display_name: Option<String>,
    spec_version: Option<String>,
    data: Option<&'a str>,
}

impl<'a> Envelope<'a> {
    /// Fails with `Stop::Shape` if the body is JSON but not an object.
    fn read(&mut self, body: &'a str) -> Read<()> {
        let mut from = Reader::new(body);
        from.object(&mut |key, from| {
            let field = match key {
                "data" => {
                    self.data = Some(from.skipped()?);
                    return Ok(());
                }
                "id" => &mut self.id,
                "type" => &mut self.event_type,
                "object" => &mut self.object,
                "occurred_at" => &mut self.occurred_at,
                "environment_id" => &mut self.environment_id,
                "organization_id" => &mut self.organization_id,
                "display_name" => &mut self.display_name,
                "spec_version" => &mut self.spec_version,
                _ => return from.skip(),
            };
            *field = from.text_or_skip()?.filter(|text| !text.is_empty()).map(Into::into);
            Ok(())
        })?;
        from.end()
    }
}

/// An event type, for comparison with the service's API description.
#[cfg(test)]
pub(crate) struct EventProbe {
    pub event_type: &'static str,
    pub data: crate::types::Shape,
    /// Reads an event's data and serializes it again.
    pub reread: fn(&[u8]) -> std::result::Result<serde_json::Value, String>,
}

/// Declares the event types and the data model of each.
macro_rules! events {
    ($( $(#[$meta:meta])* $Event:ident = $wire:literal { $field:ident: $Data:ty } )*) => {
        /// The type-specific data of an event: one variant for each event type known to this version.
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
        #[allow(clippy::large_enum_variant, reason = "events are few and short-lived; a box would show in every match")]
        #[non_exhaustive]
        pub enum WebhookData {
            $(
                $(#[$meta])*
                $Event {
                    /// Snapshot of the affected object, as of the event.
                    $field: $Data,
                },
            )*
            /// An event of a type unknown to this version, or with data that does not match the API description.
            Unknown {
                /// Event type, as sent.
                event_type: String,
                /// The complete event, as sent.
                raw: Json,
            },
        }

        impl WebhookData {
            /// Returns `None` if the event must be delivered as `Unknown`.
            fn read(event_type: &str, text: &str) -> Option<Self> {
                match event_type {
                    $( $wire => Some(Self::$Event { $field: data(event_type, text)? }), )*
                    _ => None,
                }
            }
        }

        /// Returns one probe for each event type, in the order of the table.
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

fn data<T: Lenient>(event_type: &str, text: &str) -> Option<T> {
    let read = crate::decode::read(None, text.as_bytes());
    if read.is_err() {
        tracing::warn!(
            event_type,
            "event data does not match the API description; the event is delivered as Unknown"
        );
    }
    read.ok()
}

events! {
    /// An organization was created.
    OrganizationCreated = "organization.created" { organization: OrganizationEventData }
    /// An organization was updated.
    OrganizationUpdated = "organization.updated" { organization: OrganizationEventData }
    /// An organization was deleted.
    OrganizationDeleted = "organization.deleted" { organization: OrganizationEventData }
    /// An email domain was added to an organization.
    OrganizationDomainCreated = "organization.domain_created" { domain: OrganizationDomainEventData }
    /// An email domain was removed from an organization.
    OrganizationDomainDeleted = "organization.domain_deleted" { domain: OrganizationDomainEventData }
    /// The DNS verification of an email domain succeeded.
    OrganizationDomainDnsVerificationSuccess = "organization.domain_dns_verification_success" { domain: OrganizationDomainEventData }
    /// The DNS verification of an email domain failed.
    OrganizationDomainDnsVerificationFailed = "organization.domain_dns_verification_failed" { domain: OrganizationDomainEventData }
    /// A user signed up and created an organization.
    UserSignup = "user.signup" { membership: OrgMembershipEventData }
    /// A user signed in.
    UserLogin = "user.login" { login: UserAuthEventData }
    /// A user signed out.
    UserLogout = "user.logout" { logout: UserAuthEventData }
    /// A user was invited to an organization.
    UserOrganizationInvitation = "user.organization_invitation" { membership: OrgMembershipEventData }
    /// A user became a member of an organization.
    UserOrganizationMembershipCreated = "user.organization_membership_created" { membership: OrgMembershipEventData }
    /// A user is no longer a member of an organization.
    UserOrganizationMembershipDeleted = "user.organization_membership_deleted" { membership: OrgMembershipEventData }
    /// A membership was updated, for example its roles.
    UserOrganizationMembershipUpdated = "user.organization_membership_updated" { membership: OrgMembershipEventData }
    /// The synchronization of a directory was enabled.
    OrganizationDirectoryEnabled = "organization.directory_enabled" { directory: DirectoryEventData }
    /// The synchronization of a directory was disabled.
    OrganizationDirectoryDisabled = "organization.directory_disabled" { directory: DirectoryEventData }
    /// A user was added to a directory.
    DirectoryUserCreated = "organization.directory.user_created" { user: DirectoryUserEventData }
    /// A user in a directory was updated.
    DirectoryUserUpdated = "organization.directory.user_updated" { user: DirectoryUserEventData }
    /// A user was deleted from a directory.
    DirectoryUserDeleted = "organization.directory.user_deleted" { user: DirectoryUserEventData }
    /// A group was added to a directory.
    DirectoryGroupCreated = "organization.directory.group_created" { group: DirectoryGroupEventData }
    /// A group in a directory was updated.
    DirectoryGroupUpdated = "organization.directory.group_updated" { group: DirectoryGroupEventData }
    /// A group was deleted from a directory.
    DirectoryGroupDeleted = "organization.directory.group_deleted" { group: DirectoryGroupEventData }
    /// A connection was created for an organization.
    OrganizationSsoCreated = "organization.sso_created" { connection: ConnectionEventData }
    /// A connection was enabled: users can sign in through it.
    OrganizationSsoEnabled = "organization.sso_enabled" { connection: ConnectionEventData }
    /// A connection was disabled: users can no longer sign in through it.
    OrganizationSsoDisabled = "organization.sso_disabled" { connection: ConnectionEventData }
    /// A connection was deleted.
    OrganizationSsoDeleted = "organization.sso_deleted" { connection: ConnectionEventData }
    /// A role was created.
    RoleCreated = "role.created" { role: RoleEventData }
    /// A role was updated.
    RoleUpdated = "role.updated" { role: RoleEventData }
    /// A role was deleted.
    RoleDeleted = "role.deleted" { role: RoleEventData }
    /// A permission was created.
    PermissionCreated = "permission.created" { permission: PermissionEventData }
    /// A permission was updated.
    PermissionUpdated = "permission.updated" { permission: PermissionEventData }
    /// A permission was deleted.
    PermissionDeleted = "permission.deleted" { permission: PermissionEventData }
    /// A connected account was created.
    ConnectedAccountCreated = "connected_account.created" { account: ConnectedAccountEventData }
    /// A connected account was updated.
    ConnectedAccountUpdated = "connected_account.updated" { account: ConnectedAccountEventData }
    /// The status of a connected account changed.
    ConnectedAccountStatusUpdated = "connected_account.status_updated" { account: ConnectedAccountStatusUpdatedEventData }
    /// A connected account was deleted.
    ConnectedAccountDeleted = "connected_account.deleted" { account: ConnectedAccountEventData }
    /// A magic link for a connected account was generated.
    ConnectedAccountMagicLinkGenerated = "connected_account.magic_link_generated" { account: ConnectedAccountEventData }
    /// The provider issued tokens for a connected account.
    ConnectedAccountOauthTokensFetched = "connected_account.oauth_tokens_fetched" { account: ConnectedAccountEventData }
    /// The access token of a connected account was refreshed.
    ConnectedAccountTokenRefreshSucceeded = "connected_account.token_refresh_succeeded" { account: ConnectedAccountEventData }
    /// The access token of a connected account could not be refreshed.
    ConnectedAccountTokenRefreshFailed = "connected_account.token_refresh_failed" { account: ConnectedAccountEventData }
    /// The owner of a connected account consented at the provider.
    ConnectedAccountOauthSucceeded = "connected_account.oauth_succeeded" { account: ConnectedAccountEventData }
}
