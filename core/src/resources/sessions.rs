//! Sessions: where users are signed in.

use crate::model::{answers, requests};
use crate::op::{pager, resource};
use crate::types::Timestamp;

answers! {
    /// A session: one device on which a user is signed in, or was.
    pub struct Session requires session_id {
        /// The id, such as `ses_1234`.
        session_id: String,
        /// The user.
        user_id: Option<String>,
        /// The organization that the user is in now.
        organization_id: Option<String>,
        /// All organizations that the user has signed in to with it.
        authenticated_organizations: Vec<String>,
        /// All applications that the user has signed in to with it.
        authenticated_clients: Vec<SessionClient>,
        /// Whether it goes on: `active`, `expired`, `revoked` or `logout`, in lower or upper case.
        status: Option<String>,
        /// The device.
        device: Option<SessionDevice>,
        /// When the user signed in.
        created_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
        /// When it was last used.
        last_active_at: Option<Timestamp>,
        /// When it ends unless it is used before.
        idle_expires_at: Option<Timestamp>,
        /// When it ends however much it is used.
        absolute_expires_at: Option<Timestamp>,
        /// When it ended by itself or was revoked.
        expired_at: Option<Timestamp>,
        /// When the user signed out.
        logout_at: Option<Timestamp>,
    }

    /// An application that a user has signed in to.
    pub struct SessionClient {
        /// The application's client id.
        client_id: String,
        /// The organization that the user was in there.
        organization_id: Option<String>,
    }

    /// A device on which a user is signed in.
    pub struct SessionDevice {
        /// What the browser says about itself.
        user_agent: Option<String>,
        /// The browser.
        browser: Option<String>,
        /// Its version.
        browser_version: Option<String>,
        /// The operating system.
        os: Option<String>,
        /// Its version.
        os_version: Option<String>,
        /// The kind of device, such as `desktop`.
        device_type: Option<String>,
        /// Its address on the Internet.
        ip: Option<String>,
        /// Where it is, as far as the address tells.
        location: Option<SessionLocation>,
    }

    /// Where a device is, as far as its address tells.
    pub struct SessionLocation {
        /// The city.
        city: Option<String>,
        /// The country.
        region: Option<String>,
        /// The part of the country.
        region_subdivision: Option<String>,
        /// The latitude, in degrees.
        latitude: Option<String>,
        /// The longitude, in degrees.
        longitude: Option<String>,
    }

    /// One page of a user's sessions.
    pub struct SessionPage {
        /// The sessions of this page.
        sessions: Vec<Session>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// A session after it was revoked.
    pub struct RevokedSession {
        /// The id, such as `ses_1234`.
        session_id: String,
        /// The user.
        user_id: Option<String>,
        /// How it ended: `revoked`, unless it had ended before.
        status: Option<String>,
        /// When the user signed in.
        created_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
        /// When it was last used.
        last_active_at: Option<Timestamp>,
        /// When it would have ended without being used.
        idle_expires_at: Option<Timestamp>,
        /// When it would have ended in any case.
        absolute_expires_at: Option<Timestamp>,
        /// When it ended.
        expired_at: Option<Timestamp>,
        /// When the user signed out.
        logout_at: Option<Timestamp>,
    }

    /// What came of revoking all sessions of a user.
    pub struct RevokedSessions {
        /// The sessions that ended by it.
        revoked_sessions: Vec<RevokedSession>,
        /// How many they are.
        total_revoked: Option<i64>,
    }
}

requests! {
    /// Which of a user's sessions to list.
    pub struct ListSessions {
        optional {
            /// How many on a page.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Those with one of these statuses: `active`, `expired`, `revoked`, `logout`.
            status: Option<Vec<String>>,
            /// Those that began at this time or later.
            start_time: Option<Timestamp>,
            /// Those that began at this time or before.
            end_time: Option<Timestamp>,
        }
    }
}

resource! {
    /// Sessions: where users are signed in.
    sessions: Sessions / AsyncSessions, table SESSIONS;

    /// One page of a user's sessions, those that have ended among them.
    "GET /api/v1/users/{user_id}/sessions"
    fn list_for_user(user_id: &str, params: ListSessions) -> SessionPage where optional(params) {
        path(user_id),
        page(params),
        query(params.status as "filter.status", params.start_time as "filter.start_time",
            params.end_time as "filter.end_time"),
    }

    /// One session, by its id. Fails with `NotFound` when there is none.
    "GET /api/v1/sessions/{session_id}"
    fn get(session_id: &str) -> Session { path(session_id) }

    /// Ends a session: its refresh tokens are good no more, and its access tokens run out within minutes. One that has
    /// ended already stays as it is. Fails with `NotFound` when there is none.
    "POST /api/v1/sessions/{session_id}/revoke" in "revoked_session"
    fn revoke(session_id: &str) -> RevokedSession { path(session_id) }

    /// Ends all active sessions of a user, on every device, and gives back those that ended by it.
    "POST /api/v1/users/{user_id}/sessions/revoke"
    fn revoke_for_user(user_id: &str) -> RevokedSessions { path(user_id) }
}

pager! {
    /// Walks through a user's sessions, page by page.
    SessionPager / AsyncSessionPager over Sessions / AsyncSessions.list_for_user[user_id](ListSessions)
    as list_all_for_user -> sessions: Session
}
