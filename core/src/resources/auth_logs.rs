//! Authentication logs: who tried to sign in, how, and what came of it.

use crate::model::{answers, open_enum, requests};
use crate::op::{pager, resource};
use crate::types::Timestamp;

open_enum! {
    /// How far an attempt to sign in got.
    pub enum AuthLogStatus {
        /// It has begun:
        Initiated = "INITIATED",
        /// The user is on the way, at an identity provider for instance:
        Pending = "PENDING",
        /// The user is signed in:
        Success = "SUCCESS",
        /// It came to nothing:
        Failed = "FAILED",
    }
}

answers! {
    /// An attempt to sign in.
    pub struct AuthLog {
        /// The id, such as `ar_1234`.
        auth_request_id: String,
        /// How far it got.
        status: Option<AuthLogStatus>,
        /// When it was.
        timestamp: Option<Timestamp>,
        /// The address that the user gave.
        email: Option<String>,
        /// The way through which it went.
        workflow: Option<String>,
        /// The environment it was in.
        environment_id: Option<String>,
        /// The organization to which the user wanted.
        organization_id: Option<String>,
        /// The connection through which it went.
        connection_id: Option<String>,
        /// How that connection authenticates.
        connection_type: Option<String>,
        /// The identity provider behind it.
        connection_provider: Option<String>,
        /// All connections through which it went.
        connection_details: Vec<AuthLogConnection>,
        /// The id of the application that asked.
        client_id: Option<String>,
        /// The application's name.
        client_name: Option<String>,
        /// What kind of application it is.
        client_type: Option<String>,
        /// The resource that the application wanted to use, such as an MCP server.
        resource_id: Option<String>,
        /// The resource's name.
        resource_name: Option<String>,
        /// What kind of resource it is.
        resource_type: Option<String>,
    }

    /// A connection through which an attempt to sign in went.
    pub struct AuthLogConnection {
        /// The connection.
        connection_id: Option<String>,
        /// How it authenticates.
        connection_type: Option<String>,
        /// The identity provider behind it.
        connection_provider: Option<String>,
        /// The organization it belongs to.
        organization_id: Option<String>,
    }

    /// One page of attempts to sign in.
    pub struct AuthLogPage {
        /// The attempts of this page.
        auth_requests as "authRequests": Vec<AuthLog>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// Which attempts to sign in to list.
    pub struct ListAuthLogs {
        optional {
            /// How many on a page.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Those of the user with this address.
            email: Option<String>,
            /// Those that got this far.
            status: Option<Vec<AuthLogStatus>>,
            /// Those at this time or later.
            start_time: Option<Timestamp>,
            /// Those at this time or before.
            end_time: Option<Timestamp>,
            /// Those for this resource.
            resource_id: Option<String>,
            /// Those of this application.
            client_id: Option<String>,
        }
    }
}

resource! {
    /// Authentication logs: who tried to sign in, how, and what came of it.
    auth_logs: AuthLogs / AsyncAuthLogs, table AUTH_LOGS;

    /// One page of attempts to sign in, the latest first. Filters that are given must all fit.
    "GET /api/v1/logs/authentication/requests"
    fn list(params: ListAuthLogs) -> AuthLogPage where optional(params) {
        page(params),
        query(params.email, params.status, params.start_time, params.end_time, params.resource_id,
            params.client_id),
    }
}

pager! {
    /// Walks through attempts to sign in, page by page.
    AuthLogPager / AsyncAuthLogPager over AuthLogs / AsyncAuthLogs.list(ListAuthLogs)
    as list_all -> auth_requests: AuthLog
}
