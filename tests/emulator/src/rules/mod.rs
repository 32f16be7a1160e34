//! Changes that have consequences for other objects: each changes the store and emits the events.

mod accounts;
mod members;
mod removal;
mod sessions;

pub(crate) use accounts::{create_link, refresh_accounts, save_account};
pub(crate) use members::{
    add_membership, add_organization, emit_membership_event, record_login, send_invitation,
};
pub(crate) use removal::{delete_accounts, delete_membership, delete_organization, delete_role, delete_user};
pub(crate) use sessions::{emit_session_event, revoke_sessions};
