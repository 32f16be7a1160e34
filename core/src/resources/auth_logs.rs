//! Authentication logs: sign-in attempts and their outcomes.

use crate::model::{open_enum, requests, responses};
use crate::op::{pagers, resource};
use crate::types::Timestamp;

open_enum! {
    /// Status of a sign-in attempt.
    pub enum AuthLogStatus {
        /// The attempt has started.
        Initiated = "INITIATED",
        /// The attempt is in progress, for example at an identity provider.
        Pending = "PENDING",
        /// The user is signed in.
        Success = "SUCCESS",
        /// The attempt failed.
        Failed = "FAILED",
    }
}

responses! {
    /// A sign-in attempt.
    pub struct AuthLog {
        /// Authentication request ID, such as `ar_1234`.
        auth_request_id: String,
        /// Status of the attempt.
        status: Option<AuthLogStatus>,
        /// Time of the attempt.
        timestamp: Option<Timestamp>,
        /// Email address that the user entered.
        email: Option<String>,
        /// Sign-in workflow.
        workflow: Option<String>,
        /// Environment ID.
        environment_id: Option<String>,
        /// ID of the organization to sign in to.
        organization_id: Option<String>,
        /// ID of the connection used.
        connection_id: Option<String>,
        /// Type of the connection.
        connection_type: Option<String>,
        /// Identity provider of the connection.
        connection_provider: Option<String>,
        /// All connections used.
        connection_details: Vec<AuthLogConnection>,
        /// Client ID of the application.
        client_id: Option<String>,
        /// Name of the application.
        client_name: Option<String>,
        /// Type of the application.
        client_type: Option<String>,
        /// ID of the resource that the application requested access to, such as an MCP server.
        resource_id: Option<String>,
        /// Name of the resource.
        resource_name: Option<String>,
        /// Type of the resource.
        resource_type: Option<String>,
    }

    /// A connection used in a sign-in attempt.
    pub struct AuthLogConnection {
        /// Connection ID.
        connection_id: Option<String>,
        /// Type of the connection.
        connection_type: Option<String>,
        /// Identity provider of the connection.
        connection_provider: Option<String>,
        /// ID of the organization that the connection belongs to.
        organization_id: Option<String>,
    }

    /// One page of sign-in attempts.
    pub struct AuthLogPage {
        /// Sign-in attempts on this page.
        auth_requests as "authRequests": Vec<AuthLog>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// Parameters for listing sign-in attempts.
    pub struct ListAuthLogs {
        optional {
            /// Page size.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
            /// Email address of the user to filter by.
            email: Option<String>,
            /// Statuses to filter by.
            status: Option<Vec<AuthLogStatus>>,
            /// Earliest time of the attempt, inclusive.
            start_time: Option<Timestamp>,
            /// Latest time of the attempt, inclusive.
            end_time: Option<Timestamp>,
            /// Resource ID to filter by.
            resource_id: Option<String>,
            /// Client ID of the application to filter by.
            client_id: Option<String>,
        }
    }
}

resource! {
    /// Authentication logs: sign-in attempts and their outcomes.
    auth_logs: AuthLogs / AsyncAuthLogs, table AUTH_LOGS;

    /// Lists one page of sign-in attempts, newest first; `list_all` returns a pager over all pages.
    ///
    /// Results match all given filters.
    "GET /api/v1/logs/authentication/requests"
    fn list(params: ListAuthLogs) -> AuthLogPage where optional(params) {
        page(params),
        query(params.email, params.status, params.start_time, params.end_time, params.resource_id,
            params.client_id),
    }
}

pagers! {
    /// Pages through sign-in attempts.
    AuthLogPager / AsyncAuthLogPager over AuthLogs / AsyncAuthLogs.list(ListAuthLogs)
    as list_all -> auth_requests: AuthLog;
}
