//! What the emulator remembers about each kind of object, and how it writes it out.

mod connection;
mod connection_config;
mod membership;
mod organization;
mod permission;
mod role;
mod user;

pub(crate) use connection::Connection;
pub(crate) use connection::Draft as ConnectionDraft;
pub(crate) use membership::{Change as MembershipChange, Draft as MembershipDraft, Membership};
pub(crate) use organization::{Draft as OrganizationDraft, Feature, Organization};
pub(crate) use permission::{Draft as PermissionDraft, Permission};
pub(crate) use role::{Change as RoleChange, Draft as RoleDraft, ENVIRONMENT, Role};
pub(crate) use user::{Change as UserChange, Draft as UserDraft, User};
