//! What can go wrong, and how a call must end then.

use std::io::{self, Write};

use rustls::ServerConfig;

use crate::raw::{self, Stream};

/// The request that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `organizations.get`: may be tried again.
    Read,
    /// `organizations.create`: may not.
    Write,
    /// The token that `organizations.create` needs first.
    Token,
    /// The keys, asked for by name.
    Keys,
    /// The keys, asked for because a token is to be checked.
    Check,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 5] = [Self::Read, Self::Write, Self::Token, Self::Keys, Self::Check];

    /// Its name in the program's lines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Token => "token",
            Self::Keys => "keys",
            Self::Check => "check",
        }
    }

    /// Method and path.
    pub fn request(self) -> &'static str {
        match self {
            Self::Read => "GET /api/v1/organizations/org_1",
            Self::Write => "POST /api/v1/organizations",
            Self::Token => "POST /oauth/token",
            Self::Keys | Self::Check => "GET /keys",
        }
    }

    /// The body of a good answer.
    pub fn good(self) -> &'static str {
        match self {
            Self::Read | Self::Write => raw::ORGANIZATION,
            Self::Token => raw::TOKEN,
            Self::Keys | Self::Check => raw::KEYS,
        }
    }

    /// What a caller says of the right answer: the organization's id, or that there are keys.
    pub fn result(self) -> &'static str {
        match self {
            Self::Read | Self::Write | Self::Token => "org_1",
            Self::Keys | Self::Check => "keys",
        }
    }

    /// Whether the first connection brings a token, before anything goes wrong.
    pub fn needs_token(self) -> bool {
        matches!(self, Self::Read | Self::Write)
    }

    /// Whether sending the request twice does no more than sending it once.
    pub fn is_repeatable(self) -> bool {
        self != Self::Write
    }
}

/// How a call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With the right answer.
    Answer,
    /// `Timeout`, after one try.
    Timeout,
    /// `Connection`: nothing was sent, so that even a write was tried three times.
    Unreachable,
    /// `Connection`: nothing was sent, and it makes no sense to try again.
    Distrusted,
    /// `Connection`: whether anything was sent depends on who was faster.
    Lost,
    /// `Connection`: what was sent may have been carried out, so that only what is repeatable was tried three times.
    Broken,
    /// `Decode`: there is an answer, once, which is of no use.
    Unreadable,
    /// What this status means, once.
    Refused(u16),
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It stays open for the next request.
    Keep,
    /// It is closed.
    Close,
    /// It is reset.
    Reset,
    /// It stays open, and nothing more is ever said.
    Hang,
}

/// What an answer can depend on.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The request that goes wrong.
    pub target: Target,
    /// Where the server itself is.
    pub own: String,
    /// A server that nobody has a reason to visit.
    pub elsewhere: String,
}

impl Scene {
    /// The body of a good answer.
    pub fn good(&self) -> &'static str {
        self.target.good()
    }

    /// Fills in what depends on the scene: the words in braces.
    pub fn fill(&self, text: &str) -> String {
        let own = format!("{}{}", self.own, self.target.request().split(' ').nth(1).unwrap_or("/"));
        text.replace("{ok}", "HTTP/1.1 200 Said\r\n")
            .replace("{longer}", &(self.good().len() + 9).to_string())
            .replace("{length}", &self.good().len().to_string())
            .replace("{hex}", &format!("{:x}", self.good().len()))
            .replace("{body}", self.good())
            .replace("{own}", &own)
            .replace("{elsewhere}", &self.elsewhere)
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Nobody listens.
    Refuse,
    /// The connection itself.
    Connection(fn(&mut dyn Stream) -> io::Result<Then>),
    /// The connection itself, where a client expects TLS.
    Wire(fn(&mut dyn Stream) -> io::Result<Then>),
    /// The way TLS is done.
    Handshake(fn() -> ServerConfig),
    /// What is said in place of an answer: text for `Scene::fill`.
    Says(&'static str, Then),
    /// What is done in place of an answer.
    Does(fn(&Scene, &mut dyn Write) -> io::Result<Then>),
    /// The same under TLS that is in order.
    SaysSecurely(&'static str, Then),
}

impl Fault {
    /// Whether the environment's URL begins with https.
    pub fn is_secure(self) -> bool {
        matches!(self, Self::Wire(_) | Self::Handshake(_) | Self::SaysSecurely(..))
    }

    /// Whether it happens to a connection, and not to a request that has arrived.
    pub fn is_early(self) -> bool {
        matches!(self, Self::Refuse | Self::Connection(_) | Self::Wire(_) | Self::Handshake(_))
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// What happens.
    pub name: &'static str,
    /// How a call ends.
    pub end: End,
    /// Where it ends otherwise.
    pub except: &'static [(Target, End)],
    /// The requests that it happens to.
    pub targets: &'static [Target],
    /// How it is done.
    pub fault: Fault,
    /// The most bytes that a client takes from one connection, what fills the buffers of the system included.
    pub most_sent: u64,
    /// Tries to fill the client's memory, or to keep it busy: to be done one at a time, and measured.
    pub heavy: bool,
}

const MEGABYTE: u64 = 1024 * 1024;

impl Case {
    /// A line.
    pub const fn new(name: &'static str, end: End, fault: Fault) -> Case {
        Case { name, end, except: &[], targets: &Target::ALL, fault, most_sent: 12 * MEGABYTE, heavy: false }
    }

    /// Ends otherwise for some requests.
    pub const fn except(self, except: &'static [(Target, End)]) -> Case {
        Case { except, ..self }
    }

    /// Happens to some requests alone, since it takes its time.
    pub const fn only(self, targets: &'static [Target]) -> Case {
        Case { targets, ..self }
    }

    /// Tries to fill the client's memory, or to keep it busy.
    pub const fn heavy(self) -> Case {
        Case { heavy: true, most_sent: 80 * MEGABYTE, ..self }
    }

    /// Lets a client take so many bytes from one connection.
    pub const fn at_most(self, most_sent: u64) -> Case {
        Case { most_sent, ..self }
    }

    /// How the call ends that makes this request.
    pub fn end(&self, target: Target) -> End {
        self.except.iter().find(|(request, _)| *request == target).map_or(self.end, |(_, end)| *end)
    }

    /// The time to give a call: short where all of it will be used up.
    pub fn timeout_seconds(&self, target: Target) -> f64 {
        if self.end(target) == End::Timeout { 0.3 } else { 30.0 }
    }
}
