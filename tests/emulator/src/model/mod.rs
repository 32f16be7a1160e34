//! What the emulator remembers about each kind of object, and how it writes it out.

mod connection;
mod connection_config;
mod organization;

pub(crate) use connection::Connection;
pub(crate) use connection::Draft as ConnectionDraft;
pub(crate) use organization::{Draft as OrganizationDraft, Feature, Organization};
