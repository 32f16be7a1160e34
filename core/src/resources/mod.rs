//! Resources: one module for each area, with its data models and the table of its operations.

pub mod auth_logs;
pub mod clients;
pub mod connected_accounts;
pub mod connections;
pub mod custom_providers;
pub mod directories;
pub mod domains;
pub mod mcp_configs;
pub mod memberships;
pub mod organization_roles;
pub mod organizations;
pub mod passkeys;
pub mod passwordless;
pub mod permissions;
pub mod roles;
pub mod sessions;
pub mod tools;
pub mod users;
