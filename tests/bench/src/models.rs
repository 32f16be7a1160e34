//! The response types of a program without an SDK: every field, timestamps as strings.
#![allow(dead_code, reason = "only decoding is measured")]

use std::collections::HashMap;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct UserResponse {
    pub user: User,
}

#[derive(Debug, Deserialize)]
pub struct Page {
    pub users: Vec<User>,
    next_page_token: String,
    prev_page_token: String,
    total_size: i64,
}

#[derive(Debug, Deserialize)]
pub struct User {
    pub id: String,
    email: String,
    external_id: Option<String>,
    user_profile: Option<Profile>,
    memberships: Vec<Membership>,
    metadata: HashMap<String, String>,
    create_time: Option<String>,
    update_time: Option<String>,
    last_login_time: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Profile {
    id: Option<String>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_username: Option<String>,
    email_verified: bool,
    phone_number: Option<String>,
    phone_number_verified: bool,
    picture: Option<String>,
    gender: Option<String>,
    locale: Option<String>,
    groups: Vec<String>,
    custom_attributes: HashMap<String, String>,
    metadata: HashMap<String, String>,
    external_identities: Vec<Identity>,
}

#[derive(Debug, Deserialize)]
struct Identity {
    connection_id: Option<String>,
    connection_type: Option<String>,
    connection_provider: Option<String>,
    connection_user_id: Option<String>,
    is_social: bool,
    created_time: Option<String>,
    last_login_time: Option<String>,
    last_synced_time: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Membership {
    organization_id: String,
    membership_status: Option<String>,
    roles: Vec<Role>,
    permissions: Vec<String>,
    metadata: HashMap<String, String>,
    name: Option<String>,
    display_name: Option<String>,
    provisioning_method: Option<String>,
    inviter_email: Option<String>,
    created_at: Option<String>,
    accepted_at: Option<String>,
    expires_at: Option<String>,
    join_time: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Role {
    id: Option<String>,
    name: String,
    display_name: Option<String>,
}
