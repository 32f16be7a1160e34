//! A fault case: what goes wrong, at which request, and the expected outcome of the call.

use std::io::{self, Write};

use rustls::ServerConfig;

use crate::raw::{self, Stream};

/// The request that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `organizations.get`, which may be retried.
    Read,
    /// `organizations.create`, which must not be retried.
    Write,
    /// The token request of `organizations.create`.
    Token,
    /// The signing keys, requested explicitly.
    Keys,
    /// The signing keys, requested by the validation of a token.
    Check,
}

impl Target {
    /// All targets.
    pub const ALL: [Target; 5] = [Self::Read, Self::Write, Self::Token, Self::Keys, Self::Check];

    /// The name in the program's JSON lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::Check => "check",
        }
    }

    /// The method and path.
    pub fn request(self) -> &'static str {
        match self {
            Self::Read => "GET /api/v1/organizations/org_1",
            Self::Write => "POST /api/v1/organizations",
            Self::Token => "POST /oauth/token",
            Self::Keys | Self::Check => "GET /keys",
        }
    }

    /// The body of a successful response.
    pub fn good_body(self) -> &'static str {
        match self {
            Self::Read | Self::Write => raw::ORGANIZATION,
            Self::Token => raw::TOKEN,
            Self::Keys | Self::Check => raw::KEYS,
        }
    }

    /// The value that the outcome of a successful call reports: the organization's ID, or `keys`.
    pub fn result(self) -> &'static str {
        match self {
            Self::Read | Self::Write | Self::Token => "org_1",
            Self::Keys | Self::Check => "keys",
        }
    }

    /// Whether the first connection returns an access token before the fault.
    pub fn needs_token(self) -> bool {
        matches!(self, Self::Read | Self::Write)
    }

    /// Whether the request is idempotent.
    pub fn is_repeatable(self) -> bool {
        self != Self::Write
    }
}

/// The expected outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Success.
    Success,
    /// `Timeout` after one attempt.
    Timeout,
    /// `Connection`: nothing was sent, so even a write is attempted three times.
    Unreachable,
    /// `Connection`: nothing was sent, and a retry cannot succeed.
    Untrusted,
    /// `Connection`: whether anything was sent depends on timing.
    Lost,
    /// `Connection`: the request may have been executed, so only idempotent requests are attempted three times.
    Broken,
    /// `Decode` after one attempt: the response is invalid.
    Undecodable,
    /// The error of this status code, after one attempt.
    Status(u16),
}

/// What happens to the connection after the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionAction {
    /// It stays open for the next request.
    Keep,
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// It stays open, and nothing more is sent.
    Hang,
}

/// The values that a response can depend on.
#[derive(Debug, Clone)]
pub struct ResponseContext {
    /// The request that fails.
    pub target: Target,
    /// The URL of the server.
    pub own: String,
    /// The address of another server, which a client must not connect to.
    pub elsewhere: String,
}

impl ResponseContext {
    /// The body of a successful response.
    pub fn good_body(&self) -> &'static str {
        self.target.good_body()
    }

    /// Replaces the placeholders in braces.
    pub fn fill(&self, text: &str) -> String {
        let own = format!("{}{}", self.own, self.target.request().split(' ').nth(1).unwrap_or("/"));
        text.replace("{ok}", "HTTP/1.1 200 Said\r\n")
            .replace("{longer}", &(self.good_body().len() + 9).to_string())
            .replace("{length}", &self.good_body().len().to_string())
            .replace("{hex}", &format!("{:x}", self.good_body().len()))
            .replace("{body}", self.good_body())
            .replace("{own}", &own)
            .replace("{elsewhere}", &self.elsewhere)
    }
}

/// The kind of fault.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// The port refuses connections.
    Refuse,
    /// The handling of a plain connection.
    Connection(fn(&mut dyn Stream) -> io::Result<ConnectionAction>),
    /// The handling of a connection on which the client expects TLS.
    Wire(fn(&mut dyn Stream) -> io::Result<ConnectionAction>),
    /// The TLS configuration of the server.
    Handshake(fn() -> ServerConfig),
    /// A text sent in place of a response, with the placeholders of `ResponseContext::fill`.
    Text(&'static str, ConnectionAction),
    /// A function that writes in place of a response.
    Custom(fn(&ResponseContext, &mut dyn Write) -> io::Result<ConnectionAction>),
    /// `Text` over a valid TLS connection.
    TextOverTls(&'static str, ConnectionAction),
}

impl Fault {
    /// Whether the environment URL has the scheme https.
    pub fn is_secure(self) -> bool {
        matches!(self, Self::Wire(_) | Self::Handshake(_) | Self::TextOverTls(..))
    }

    /// Whether the fault affects a connection before a request has arrived.
    pub fn is_early(self) -> bool {
        matches!(self, Self::Refuse | Self::Connection(_) | Self::Wire(_) | Self::Handshake(_))
    }
}

/// One case of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The unique name.
    pub name: &'static str,
    /// The expected outcome of a call.
    pub end: Ending,
    /// Targets with another expected outcome.
    pub except: &'static [(Target, Ending)],
    /// The requests that the fault applies to.
    pub targets: &'static [Target],
    /// The fault.
    pub fault: Fault,
    /// The most bytes that a client may read from one connection, including what fills the system's buffers.
    pub most_sent: u64,
    /// Whether the case fills the client's memory or keeps it busy. Such cases run one at a time, and memory is measured.
    pub heavy: bool,
}

const MEGABYTE: u64 = 1024 * 1024;

impl Case {
    /// Creates a case for all targets.
    pub const fn new(name: &'static str, end: Ending, fault: Fault) -> Case {
        Case { name, end, except: &[], targets: &Target::ALL, fault, most_sent: 12 * MEGABYTE, heavy: false }
    }

    /// Sets another outcome for some targets.
    pub const fn except(self, except: &'static [(Target, Ending)]) -> Case {
        Case { except, ..self }
    }

    /// Restricts a slow case to some targets.
    pub const fn only(self, targets: &'static [Target]) -> Case {
        Case { targets, ..self }
    }

    /// Marks a case that fills the client's memory or keeps it busy.
    pub const fn heavy(self) -> Case {
        Case { heavy: true, most_sent: 80 * MEGABYTE, ..self }
    }

    /// Sets the most bytes that a client may read from one connection.
    pub const fn at_most(self, most_sent: u64) -> Case {
        Case { most_sent, ..self }
    }

    /// The expected outcome for a target.
    pub fn end(&self, target: Target) -> Ending {
        self.except.iter().find(|(request, _)| *request == target).map_or(self.end, |(_, end)| *end)
    }

    /// The timeout for the call, which is short where the call must time out.
    pub fn timeout_seconds(&self, target: Target) -> f64 {
        if self.end(target) == Ending::Timeout { 0.3 } else { 30.0 }
    }
}
