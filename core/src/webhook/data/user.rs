//! Users, their memberships and their sessions in events.

use crate::model::responses;
use crate::resources::organizations::RegionCode;
use crate::types::{Json, Timestamp};

responses! {
    /// A user and an organization, as of the event.
    pub struct OrgMembershipEventData {
        /// The organization.
        organization: Option<EventOrganization>,
        /// The user.
        user: Option<EventUser>,
    }

    /// A login or logout.
    pub struct UserAuthEventData {
        /// The user.
        user: Option<EventUser>,
        /// The session that started or ended.
        user_session: Option<EventUserSession>,
    }

    /// The organization of a membership event.
    pub struct EventOrganization {
        /// Organization ID, such as `org_1234`.
        id: String,
        /// Display name.
        display_name: Option<String>,
        /// Your own ID for the organization, if you set one.
        external_id: Option<String>,
        /// Region in which the organization's data is stored.
        region_code: Option<RegionCode>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
        /// Custom key-value pairs.
        metadata: Option<Json>,
        /// Settings.
        settings: Option<Json>,
    }

    /// The user of an event.
    pub struct EventUser {
        /// User ID, such as `usr_1234`.
        id: String,
        /// Email address.
        email: Option<String>,
        /// Your own ID for the user, if you set one.
        external_id: Option<String>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
        /// Time of the last login.
        last_login_time: Option<Timestamp>,
        /// Custom key-value pairs.
        metadata: Option<Json>,
        /// Profile.
        user_profile: Option<Json>,
    }

    /// The session of an event.
    pub struct EventUserSession {
        /// Session ID, such as `ses_1234`: the `sid` claim of the session's tokens.
        session_id: String,
        /// User ID.
        user_id: Option<String>,
        /// ID of the organization that the user signed in to.
        organization_id: Option<String>,
        /// Status, such as `ACTIVE`.
        status: Option<String>,
        /// Start time.
        created_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// Time of the last activity.
        last_active_at: Option<Timestamp>,
        /// Expiration time regardless of use.
        absolute_expires_at: Option<Timestamp>,
        /// Expiration time if the session is not used.
        idle_expires_at: Option<Timestamp>,
        /// Time at which the session expired.
        expired_at: Option<Timestamp>,
        /// Time of the logout.
        logout_at: Option<Timestamp>,
        /// IDs of the organizations that the user has signed in to.
        authenticated_organizations: Vec<String>,
        /// Device and location.
        device: Option<Json>,
    }
}
