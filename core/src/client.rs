//! The two clients.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{Result, ScalekitError};
use crate::op::{HttpMethod, OperationInfo, Query};
use crate::options::{CallOptions, ClientOptions};
use crate::types::Json;
use crate::wire::{Answer, Body, Wire};

/// An answer to `request`, as it came.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct RawResponse {
    /// The HTTP status, 200 to 299: others become errors.
    pub status: i32,
    /// The id to quote to Scalekit's support.
    pub request_id: Option<String>,
    /// The headers, with their names in lower case.
    pub headers: HashMap<String, String>,
    /// The body; `null` where there was none.
    pub body: Json,
}

impl RawResponse {
    fn read(operation: &str, answer: &Answer) -> Result<Self> {
        let headers = answer.headers.iter();
        let text =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let body: Option<Json> = crate::decode::answer::<Optional>(operation, None, &answer.body)?.0;
        Ok(Self {
            status: answer.status.into(),
            request_id: answer.request_id().map(str::to_owned),
            headers: headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            body: body.unwrap_or_default(),
        })
    }
}

/// An answer that may be empty.
struct Optional(Option<Json>);

impl crate::types::Lenient for Optional {
    fn lenient(from: &mut crate::types::Reader<'_>) -> crate::types::Read<Option<Self>> {
        <Json as crate::types::Lenient>::lenient(from).map(|json| Some(Self(json)))
    }
}

async fn raw(
    wire: Arc<Wire>,
    method: HttpMethod,
    path: String,
    query: HashMap<String, Vec<String>>,
    body: Option<Json>,
) -> Result<RawResponse> {
    Wire::check_path(&path)?;
    let mut pairs: Query = Vec::new();
    for (name, values) in query {
        pairs.extend(values.into_iter().map(|value| (name.clone().into(), value)));
    }
    // A stable sort: names in order, the values of one name as they were given.
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let body = body.map(|body| Body::json("body", &body)).transpose()?;
    let answer = wire.execute(wire.request(RAW, method, &path, &pairs, body)?).await?;
    RawResponse::read(RAW, &answer)
}

const RAW: &str = "request";
const KEYS: &str = "oauth.keys";
const PANIC: &str = "panic_for_test";

async fn keys(wire: Arc<Wire>) -> Result<Json> {
    let request = wire.request(KEYS, HttpMethod::Get, "/keys", &[], None)?.unsigned();
    let answer = wire.execute(request.at_most(crate::auth::KeySet::LONGEST)).await?;
    crate::decode::answer(KEYS, None, &answer.body)
}

#[allow(clippy::unused_async, clippy::panic, reason = "panics on purpose, inside a future")]
async fn broken() -> Result<()> {
    panic!("a panic on purpose")
}

/// Declares the two clients with an accessor for each resource, and the list of all operations.
macro_rules! clients {
    ($( $(#[$m:meta])* $area:ident: $Blocking:ident / $Async:ident, table $TABLE:ident; )*) => {
        /// Every operation that this version knows, in the order of the tables.
        #[cfg_attr(feature = "ffi", uniffi::export)]
        #[must_use]
        pub fn operations() -> Vec<OperationInfo> {
            [$( crate::resources::$area::$TABLE ),*].into_iter().flatten().map(OperationInfo::from).collect()
        }

        /// What the tests hold against the service's description.
        #[cfg(test)]
        pub(crate) fn probes() -> Vec<crate::coverage::Probe> {
            [$( crate::resources::$area::probes() ),*].into_iter().flatten().collect()
        }

        /// The client for threads: each call blocks until it is answered, refused, or out of time.
        ///
        /// Making one starts no thread and sends nothing: the first call connects and fetches the access token, and
        /// all calls share both. It can be used from any number of threads, and in a forked child. One client for the
        /// life of a program is best. In async code use `AsyncScalekitClient`.
        #[cfg(feature = "blocking")]
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct ScalekitClient {
            pub(crate) wire: Arc<Wire>,
        }

        /// The client for async code: each call is a future that can be cancelled.
        ///
        /// Making one starts no thread and sends nothing: the first call connects and fetches the access token, and
        /// all calls share both. It is bound to no event loop or runtime and can be used from many at a time, and in
        /// a forked child. One client for the life of a program is best.
        #[derive(Debug, Clone)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct AsyncScalekitClient {
            pub(crate) wire: Arc<Wire>,
        }

        clients!(@common #[cfg(feature = "blocking")] ScalekitClient { $( $(#[$m])* $area: $Blocking; )* });
        clients!(@common #[cfg(not(any()))] AsyncScalekitClient { $( $(#[$m])* $area: $Async; )* });
    };

    (@common #[$cfg:meta] $Client:ident { $( $(#[$m:meta])* $area:ident: $Resource:ident; )* }) => {
        #[$cfg]
        crate::export::exported! { impl $Client {
            [constructor(default(options))] {
                /// A client for one environment.
                ///
                /// `environment_url` is the environment's origin, such as `https://example.scalekit.com`; client id
                /// and secret are those of the environment. Fails with `InvalidArgument`, naming what is wrong, when
                /// the URL is not an `https` origin (plain `http` is taken for a loopback address only), an id or
                /// secret is empty, or an option is out of range.
                pub fn new(
                    environment_url: &str,
                    client_id: &str,
                    client_secret: &str,
                    options: ClientOptions,
                ) -> Result<Self, ScalekitError> {
                    Ok(Self { wire: Wire::new(environment_url, client_id, client_secret, &options)? })
                }
            }
            [constructor(default(options))] {
                /// A client for the environment that `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and
                /// `SCALEKIT_CLIENT_SECRET` name. Fails with `InvalidArgument` when one is missing, and names it.
                ///
                /// `SCALEKIT_TIMEOUT_SECONDS`, `SCALEKIT_CA_FILE` (a PEM file) and `SCALEKIT_PROXY_URL` (which may
                /// hold a user name and password) set `timeout_seconds`, `root_certificates_pem` and `proxy_url` if
                /// `options` does not. Outside Rust, `SCALEKIT_LOG` (`error`, `warn`, `info`, `debug` or `trace`)
                /// logs to standard error, as `log_to_stderr` does.
                pub fn from_env(options: ClientOptions) -> Result<Self, ScalekitError> {
                    Ok(Self { wire: crate::environment::wire(&options)? })
                }
            }
        } }

        #[$cfg]
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Client {
            /// A copy that makes its calls with other timeouts, retries or headers. It shares connections and access
            /// token with this client, and costs next to nothing. Fails with `InvalidArgument` when an option is out
            /// of range.
            pub fn with_options(&self, options: CallOptions) -> Result<Self, ScalekitError> {
                Ok(Self { wire: self.wire.with(&options)? })
            }

            /// Lets go of connections and access token, for this client and all its copies. Calls under way end as
            /// they would; later ones fail with `Closed`. Closing twice does no harm, and neither does never closing.
            pub fn close(&self) {
                self.wire.close();
            }

            $( $(#[$m])* #[must_use] pub fn $area(&self) -> crate::resources::$area::$Resource {
                crate::resources::$area::$Resource { wire: Arc::clone(&self.wire) }
            } )*
        }
    };
}

clients! {
    /// Organizations: the tenants of your application.
    organizations: Organizations / AsyncOrganizations, table ORGANIZATIONS;
    /// Connections: how the people of an organization sign in.
    connections: Connections / AsyncConnections, table CONNECTIONS;
    /// Directories: the people and groups that an organization's own directory sends (SCIM).
    directories: Directories / AsyncDirectories, table DIRECTORIES;
    /// Domains: the e-mail domains of an organization.
    domains: Domains / AsyncDomains, table DOMAINS;
    /// Users: the people who sign in to your application.
    users: Users / AsyncUsers, table USERS;
    /// Memberships: which users belong to which organizations, with which roles, and who is invited.
    memberships: Memberships / AsyncMemberships, table MEMBERSHIPS;
    /// Roles: sets of permissions that people are given in an organization.
    roles: Roles / AsyncRoles, table ROLES;
    /// The roles of one organization, beside those of the environment.
    organization_roles: OrganizationRoles / AsyncOrganizationRoles, table ORGANIZATION_ROLES;
    /// Permissions: the single things that a person may be allowed to do. Roles are made of them.
    permissions: Permissions / AsyncPermissions, table PERMISSIONS;
    /// Sessions: where users are signed in.
    sessions: Sessions / AsyncSessions, table SESSIONS;
    /// Passkeys: the WebAuthn credentials that users have registered.
    passkeys: Passkeys / AsyncPasskeys, table PASSKEYS;
    /// Passwordless: codes and links by e-mail.
    passwordless: Passwordless / AsyncPasswordless, table PASSWORDLESS;
    /// Clients: the programs of an organization that sign in to your API with OAuth client credentials.
    clients: Clients / AsyncClients, table CLIENTS;
    /// Authentication logs: who tried to sign in, how, and what came of it.
    auth_logs: AuthLogs / AsyncAuthLogs, table AUTH_LOGS;
    /// Connected accounts: the accounts at other providers that your agents may use on behalf of people and
    /// organizations.
    connected_accounts: ConnectedAccounts / AsyncConnectedAccounts, table CONNECTED_ACCOUNTS;
    /// Tools: what agents can do at providers, through connected accounts.
    tools: Tools / AsyncTools, table TOOLS;
    /// MCP configurations: which tools an agent sees as one MCP server, and who may use them.
    mcp_configs: McpConfigs / AsyncMcpConfigs, table MCP_CONFIGS;
    /// Custom providers: services that Scalekit has no connector for, made known to your agents.
    custom_providers: CustomProviders / AsyncCustomProviders, table CUSTOM_PROVIDERS;
}

#[cfg(feature = "blocking")]
crate::export::exported! { impl ScalekitClient { [method(default(query), default(body))] {
    /// Calls any path of the service, for operations that this version does not know: with the usual token, retries
    /// and errors.
    ///
    /// `path` is percent-encoded and begins with a slash; `query` and `body` are encoded for you. A `Get` is retried
    /// like any read, the other methods like writes. Answers from 200 to 299 are given back, others are errors.
    pub fn request(
        &self,
        method: HttpMethod,
        path: &str,
        query: HashMap<String, Vec<String>>,
        body: Option<Json>,
    ) -> Result<RawResponse, ScalekitError> {
        crate::work::wait(RAW, raw(Arc::clone(&self.wire), method, path.to_owned(), query, body))
    }
} } }

#[cfg(feature = "blocking")]
#[cfg_attr(feature = "ffi", uniffi::export)]
impl ScalekitClient {
    /// The public keys that the environment signs its tokens with, as a JSON Web Key Set (RFC 7517). They change from
    /// time to time. Calls `GET /keys`, which needs no token.
    pub fn jwks(&self) -> Result<Json, ScalekitError> {
        crate::work::wait(KEYS, keys(Arc::clone(&self.wire)))
    }

    /// Panics inside, on purpose, to test that a panic becomes an `Internal` error.
    #[doc(hidden)]
    pub fn panic_for_test(&self) -> Result<(), ScalekitError> {
        crate::work::wait(PANIC, broken())
    }
}

crate::export::exported! { impl AsyncScalekitClient { [method(default(query), default(body))] {
    /// Calls any path of the service, for operations that this version does not know: with the usual token, retries
    /// and errors.
    ///
    /// `path` is percent-encoded and begins with a slash; `query` and `body` are encoded for you. A `Get` is retried
    /// like any read, the other methods like writes. Answers from 200 to 299 are given back, others are errors.
    pub async fn request(
        &self,
        method: HttpMethod,
        path: &str,
        query: HashMap<String, Vec<String>>,
        body: Option<Json>,
    ) -> Result<RawResponse, ScalekitError> {
        crate::work::run(RAW, raw(Arc::clone(&self.wire), method, path.to_owned(), query, body)).await
    }
} } }

#[cfg_attr(feature = "ffi", uniffi::export)]
impl AsyncScalekitClient {
    /// The public keys that the environment signs its tokens with, as a JSON Web Key Set (RFC 7517). They change from
    /// time to time. Calls `GET /keys`, which needs no token.
    pub async fn jwks(&self) -> Result<Json, ScalekitError> {
        crate::work::run(KEYS, keys(Arc::clone(&self.wire))).await
    }

    /// Panics inside, on purpose, to test that a panic becomes an `Internal` error.
    #[doc(hidden)]
    pub async fn panic_for_test(&self) -> Result<(), ScalekitError> {
        crate::work::run(PANIC, broken()).await
    }
}

/// For tests of this library only.
#[doc(hidden)]
impl AsyncScalekitClient {
    /// Moves the client's idea of time.
    pub fn advance_clock_for_test(&self, by: std::time::Duration) {
        self.wire.advance_clock(by);
    }
}

/// For tests of this library only.
#[doc(hidden)]
#[cfg(feature = "blocking")]
impl ScalekitClient {
    /// Moves the client's idea of time.
    pub fn advance_clock_for_test(&self, by: std::time::Duration) {
        self.wire.advance_clock(by);
    }
}
