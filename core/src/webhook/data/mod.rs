//! What events are about, as the service describes it: a snapshot, with fewer fields than the operations show.

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
