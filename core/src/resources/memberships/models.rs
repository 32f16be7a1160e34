//! Memberships as the service shows and takes them.

use std::collections::HashMap;

use crate::check;
use crate::model::{Kept, answers, open_enum, requests, write_back};
use crate::resources::roles::role_name;
use crate::types::Timestamp;

open_enum! {
    /// Whether a user is a member.
    pub enum MembershipStatus {
        /// Yes:
        Active = "ACTIVE",
        /// Not any more:
        Inactive = "INACTIVE",
        /// Invited, and not there yet:
        PendingInvite = "PENDING_INVITE",
        /// Invited, and did not come in time:
        InviteExpired = "INVITE_EXPIRED",
    }
}

answers! {
    /// What a user is in one organization.
    pub struct Membership {
        /// The organization.
        organization_id: String,
        /// Whether the user is a member, or invited.
        membership_status: Option<MembershipStatus>,
        /// The user's roles there.
        roles: Vec<UserRole>,
        /// The names of all permissions that the user has there, through roles and the roles that these extend.
        permissions: Vec<String>,
        /// Your own key-value pairs.
        metadata: HashMap<String, String>,
        /// The organization's name.
        name: Option<String>,
        /// The organization's name, as people see it.
        display_name: Option<String>,
        /// How the user got there: `invitation`, `direct_provision`, `jit_using_sso`, `allowed_email_domain` or
        /// `org_creator`.
        provisioning_method: Option<String>,
        /// Who invited the user.
        inviter_email: Option<String>,
        /// When the user was invited.
        created_at: Option<Timestamp>,
        /// When the user accepted the invitation.
        accepted_at: Option<Timestamp>,
        /// Until when the invitation can be accepted.
        expires_at: Option<Timestamp>,
        /// When the user became a member.
        join_time: Option<Timestamp>,
    }

    /// A role that a user has in an organization.
    pub struct UserRole {
        /// The id, such as `role_1234`.
        id: Option<String>,
        /// The name, such as `editor`.
        name: String,
        /// The name that people see.
        display_name: Option<String>,
    }

    /// A permission that a user has in an organization.
    pub struct UserPermission {
        /// The id, such as `perm_1234`.
        id: Option<String>,
        /// The name, such as `invoices:read`.
        name: String,
        /// What it allows, in words.
        description: Option<String>,
    }

    /// An invitation to an organization.
    pub struct Invitation {
        /// The organization.
        organization_id: String,
        /// The user who is invited.
        user_id: Option<String>,
        /// What has become of it, such as `PENDING_INVITE`.
        status: Option<String>,
        /// Who invited the user.
        inviter_email: Option<String>,
        /// When the user was invited.
        created_at: Option<Timestamp>,
        /// Until when it can be accepted.
        expires_at: Option<Timestamp>,
        /// When it was last sent again.
        resent_at: Option<Timestamp>,
        /// How often it was sent again.
        resent_count: Option<i64>,
    }
}

requests! {
    /// What a user is to be in an organization.
    pub struct CreateMembership {
        optional {
            /// The user's roles. Default: the organization's default role, or else the environment's.
            roles: Option<Vec<AssignRole>> => check::inner,
            /// Your own key-value pairs: at most 20, keys of 3 to 25 and values of 1 to 256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
            /// The e-mail address of the one who invites the user, 5 to 254 characters.
            inviter_email: Option<String> => inviter,
        }
    }

    /// Changes to what a user is in an organization. What is left out stays as it is.
    pub struct UpdateMembership {
        optional {
            /// The user's roles, in place of the old ones.
            roles: Option<Vec<AssignRole>> => check::inner,
            /// Your own key-value pairs, in place of the old ones: at most 20, keys of 3 to 25 and values of 1 to 256
            /// characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// A role for a user: one of the environment's, or one of the organization's own.
    pub struct AssignRole {
        required {
            /// The role's name.
            name: String => role_name,
        }
        optional {
            /// The name that people see. The service knows it; it need not be sent.
            display_name: Option<String>,
        }
    }
}

fn inviter(value: &Option<String>) -> check::Verdict {
    check::length(5..=254)(value)?;
    check::email(value)
}

write_back! {
    Membership => UpdateMembership { roles, metadata }
}

/// A role goes by its name.
impl Kept<Option<Vec<AssignRole>>> for Vec<UserRole> {
    fn kept(&self) -> Option<Vec<AssignRole>> {
        let assign = |role: &UserRole| AssignRole { name: role.name.clone(), display_name: None };
        Some(self.iter().map(assign).collect())
    }
}
