//! People, their memberships and their sessions in events.

use crate::model::answers;
use crate::resources::organizations::RegionCode;
use crate::types::{Json, Timestamp};

answers! {
    /// A person and an organization, at the time of an event about both.
    pub struct OrgMembershipEventData {
        /// The organization.
        organization: Option<EventOrganization>,
        /// The person.
        user: Option<EventUser>,
    }

    /// A login or logout.
    pub struct UserAuthEventData {
        /// The person.
        user: Option<EventUser>,
        /// The session that began or ended.
        user_session: Option<EventUserSession>,
    }

    /// An organization that a person joined or left.
    pub struct EventOrganization {
        /// The id, such as `org_1234`.
        id: String,
        /// The name that people see.
        display_name: Option<String>,
        /// Your own id for it, if you gave one.
        external_id: Option<String>,
        /// Where its data is kept.
        region_code: Option<RegionCode>,
        /// When it was created.
        create_time: Option<Timestamp>,
        /// When it was last changed.
        update_time: Option<Timestamp>,
        /// Your own key-value pairs.
        metadata: Option<Json>,
        /// Its settings.
        settings: Option<Json>,
    }

    /// A person.
    pub struct EventUser {
        /// The id, such as `usr_1234`.
        id: String,
        /// The e-mail address.
        email: Option<String>,
        /// Your own id for the person, if you gave one.
        external_id: Option<String>,
        /// When the person was created.
        create_time: Option<Timestamp>,
        /// When the person was last changed.
        update_time: Option<Timestamp>,
        /// When the person last logged in.
        last_login_time: Option<Timestamp>,
        /// Your own key-value pairs.
        metadata: Option<Json>,
        /// The names and other details of the person.
        user_profile: Option<Json>,
    }

    /// A session of a person.
    pub struct EventUserSession {
        /// The id, such as `ses_1234`: the claim `sid` of the session's tokens.
        session_id: String,
        /// The person.
        user_id: Option<String>,
        /// The organization that the person logged in to.
        organization_id: Option<String>,
        /// Whether it is live, such as `ACTIVE`.
        status: Option<String>,
        /// When it began.
        created_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
        /// When it was last used.
        last_active_at: Option<Timestamp>,
        /// When it ends, whatever happens.
        absolute_expires_at: Option<Timestamp>,
        /// When it ends if it is not used.
        idle_expires_at: Option<Timestamp>,
        /// When it ran out.
        expired_at: Option<Timestamp>,
        /// When the person logged out.
        logout_at: Option<Timestamp>,
        /// The organizations that the person has logged in to.
        authenticated_organizations: Vec<String>,
        /// The device and where it was.
        device: Option<Json>,
    }
}
