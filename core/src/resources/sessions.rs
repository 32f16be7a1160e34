//! Sessions of users.

use crate::model::{requests, responses};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

responses! {
    /// A session of a user on a device.
    pub struct Session requires session_id {
        /// Session ID, such as `ses_1234`.
        session_id: String,
        /// User ID.
        user_id: Option<String>,
        /// ID of the current organization.
        organization_id: Option<String>,
        /// IDs of all organizations that the user has signed in to in this session.
        authenticated_organizations: Vec<String>,
        /// All applications that the user has signed in to in this session.
        authenticated_clients: Vec<SessionClient>,
        /// Status: `active`, `expired`, `revoked` or `logout`, in lowercase or uppercase.
        status: Option<String>,
        /// Device.
        device: Option<SessionDevice>,
        /// Time of the sign-in.
        created_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// Time of the last activity.
        last_active_at: Option<Timestamp>,
        /// Expiration time if the session is not used.
        idle_expires_at: Option<Timestamp>,
        /// Expiration time regardless of use.
        absolute_expires_at: Option<Timestamp>,
        /// Time at which the session expired or was revoked.
        expired_at: Option<Timestamp>,
        /// Time of the logout.
        logout_at: Option<Timestamp>,
    }

    /// An application that a user has signed in to.
    pub struct SessionClient {
        /// Client ID of the application.
        client_id: String,
        /// ID of the organization used in the application.
        organization_id: Option<String>,
    }

    /// The device of a session.
    pub struct SessionDevice {
        /// User agent string.
        user_agent: Option<String>,
        /// Browser.
        browser: Option<String>,
        /// Browser version.
        browser_version: Option<String>,
        /// Operating system.
        os: Option<String>,
        /// Operating system version.
        os_version: Option<String>,
        /// Device type, such as `desktop`.
        device_type: Option<String>,
        /// IP address.
        ip: Option<String>,
        /// Location, derived from the IP address.
        location: Option<SessionLocation>,
    }

    /// Location of a device, derived from its IP address.
    pub struct SessionLocation {
        /// City.
        city: Option<String>,
        /// Country.
        region: Option<String>,
        /// Subdivision of the country.
        region_subdivision: Option<String>,
        /// Latitude, in degrees.
        latitude: Option<String>,
        /// Longitude, in degrees.
        longitude: Option<String>,
    }

    /// One page of a user's sessions.
    pub struct SessionPage {
        /// Sessions on this page.
        sessions: Vec<Session>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }

    /// A revoked session.
    pub struct RevokedSession {
        /// Session ID, such as `ses_1234`.
        session_id: String,
        /// User ID.
        user_id: Option<String>,
        /// Status: `revoked`, unless the session had already ended.
        status: Option<String>,
        /// Time of the sign-in.
        created_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// Time of the last activity.
        last_active_at: Option<Timestamp>,
        /// Expiration time that applied if the session was not used.
        idle_expires_at: Option<Timestamp>,
        /// Expiration time that applied regardless of use.
        absolute_expires_at: Option<Timestamp>,
        /// Time at which the session ended.
        expired_at: Option<Timestamp>,
        /// Time of the logout.
        logout_at: Option<Timestamp>,
    }

    /// Result of revoking all sessions of a user.
    pub struct RevokedSessions {
        /// Sessions that were revoked.
        revoked_sessions: Vec<RevokedSession>,
        /// Number of revoked sessions.
        total_revoked: Option<i64>,
    }
}

requests! {
    /// Parameters for listing a user's sessions.
    pub struct ListSessions {
        optional {
            /// Page size.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Statuses to filter by: `active`, `expired`, `revoked`, `logout`.
            status: Option<Vec<String>>,
            /// Earliest start time of the sessions, inclusive.
            start_time: Option<Timestamp>,
            /// Latest start time of the sessions, inclusive.
            end_time: Option<Timestamp>,
        }
    }
}

resource! {
    /// Sessions of users.
    sessions: Sessions / AsyncSessions, table SESSIONS;

    /// Lists one page of a user's sessions; `list_all_for_user` returns a pager over all pages.
    ///
    /// Ended sessions are included.
    "GET /api/v1/users/{user_id}/sessions"
    fn list_for_user(user_id: &str, params: ListSessions) -> SessionPage where optional(params) {
        path(user_id),
        page(params),
        query(params.status as "filter.status", params.start_time as "filter.start_time",
            params.end_time as "filter.end_time"),
    }

    /// Returns a session.
    ///
    /// # Errors
    ///
    /// `NotFound` if no session has this ID.
    "GET /api/v1/sessions/{session_id}"
    fn get(session_id: &str) -> Session { path(session_id) }

    /// Revokes a session and returns it.
    ///
    /// Its refresh tokens become invalid, and its access tokens expire within minutes. A session that has already ended
    /// is unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no session has this ID.
    "POST /api/v1/sessions/{session_id}/revoke" in "revoked_session"
    fn revoke(session_id: &str) -> RevokedSession { path(session_id) }

    /// Revokes all active sessions of a user, on all devices, and returns the revoked sessions.
    "POST /api/v1/users/{user_id}/sessions/revoke"
    fn revoke_for_user(user_id: &str) -> RevokedSessions { path(user_id) }
}

pagers! {
    /// Pages through a user's sessions.
    SessionPager / AsyncSessionPager over Sessions / AsyncSessions.list_for_user[user_id](ListSessions)
    as list_all_for_user -> sessions: Session;
}
