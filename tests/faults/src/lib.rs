//! A faulty server for tests of clients.
//!
//! `cases` lists the faults and the expected outcome of each. A `FaultServer` applies one fault to one of the requests
//! that a client makes. `FaultServer::judge` compares the outcome of the call with the table and with what the server
//! received. The tests of every language use the same table: Rust tests call this library, the others start the program
//! and read its JSON lines.

pub mod case;
pub mod judge;
pub mod memory;
pub mod raw;
pub mod server;
pub mod table;
pub mod tls;

pub use case::{Case, Ending, Fault, Target};
pub use judge::Outcome;
pub use server::FaultServer;
pub use table::cases;

/// The client ID to use.
pub const CLIENT_ID: &str = "skc_faults";

/// The client secret, which must be sent to the token endpoint only.
pub const CLIENT_SECRET: &str = "canary_client_secret";

/// A token in the service's format with an unpublished key: to validate it, a client must fetch the keys.
pub const UNKNOWN_TOKEN: &str = concat!(
    // {"alg":"RS256","typ":"JWT","kid":"snk_1"}
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNua18xIn0",
    // {}
    ".e30",
    // An invalid signature.
    ".AAAA",
);
