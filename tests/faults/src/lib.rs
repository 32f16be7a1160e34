//! A server that does everything wrong, to test what a client makes of it.
//!
//! `cases` says what can go wrong and how a call must end then. A `Site` is a server where one of these things
//! happens, at one of the requests that a client makes. `Site::judge` compares how the call ended with what the table
//! says, and with what the server saw. The tests of every language go by the same table: those in Rust call this
//! library, the others start the program and read its lines.

pub mod case;
pub mod judge;
pub mod memory;
pub mod raw;
pub mod site;
pub mod table;
pub mod tls;

pub use case::{Case, End, Fault, Target};
pub use judge::Outcome;
pub use site::Site;
pub use table::cases;

/// The id of the client that calls.
pub const CLIENT_ID: &str = "skc_faults";

/// Its secret, which nobody but the token endpoint may see.
pub const CLIENT_SECRET: &str = "canary_client_secret";

/// A token as the service makes them, of a key that it has not: to check it, a client must ask for the keys.
pub const UNKNOWN_TOKEN: &str = concat!(
    // {"alg":"RS256","typ":"JWT","kid":"snk_1"}
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNua18xIn0",
    // {}
    ".e30",
    // Something that is no signature.
    ".AAAA",
);
