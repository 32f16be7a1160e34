//! The data of events: snapshots, with fewer fields than the operations return.

mod access;
mod connected_account;
mod directory;
mod organization;
mod user;

pub use access::*;
pub use connected_account::*;
pub use directory::*;
pub use organization::*;
pub use user::*;
