//! The resources: one file an area, models first, then the table of its operations.

pub mod connections;
pub mod domains;
pub mod memberships;
pub mod organization_roles;
pub mod organizations;
pub mod permissions;
pub mod roles;
pub mod users;
