//! Data models and request parameters of memberships.

use std::collections::HashMap;

use crate::check;
use crate::model::{ToUpdate, open_enum, requests, responses, updates};
use crate::resources::roles::role_name;
use crate::types::Timestamp;

open_enum! {
    /// Status of a membership.
    pub enum MembershipStatus {
        /// The user is a member.
        Active = "ACTIVE",
        /// The user is no longer a member.
        Inactive = "INACTIVE",
        /// The user is invited and has not accepted yet.
        PendingInvite = "PENDING_INVITE",
        /// The invitation expired before the user accepted it.
        InviteExpired = "INVITE_EXPIRED",
    }
}

responses! {
    /// A user's membership in an organization.
    pub struct Membership {
        /// Organization ID.
        organization_id: String,
        /// Status of the membership or invitation.
        membership_status: Option<MembershipStatus>,
        /// Roles of the user in the organization.
        roles: Vec<UserRole>,
        /// Names of all permissions of the user in the organization, including those inherited from extended roles.
        permissions: Vec<String>,
        /// Custom key-value pairs.
        metadata: HashMap<String, String>,
        /// Name of the organization.
        name: Option<String>,
        /// Display name of the organization.
        display_name: Option<String>,
        /// How the user was added: `invitation`, `direct_provision`, `jit_using_sso`, `allowed_email_domain` or
        /// `org_creator`.
        provisioning_method: Option<String>,
        /// Email address of the inviter.
        inviter_email: Option<String>,
        /// Time of the invitation.
        created_at: Option<Timestamp>,
        /// Time at which the invitation was accepted.
        accepted_at: Option<Timestamp>,
        /// Expiration time of the invitation.
        expires_at: Option<Timestamp>,
        /// Time at which the user became a member.
        join_time: Option<Timestamp>,
    }

    /// A role of a user in an organization.
    pub struct UserRole {
        /// Role ID, such as `role_1234`.
        id: Option<String>,
        /// Name, such as `editor`.
        name: String,
        /// Display name.
        display_name: Option<String>,
    }

    /// A permission of a user in an organization.
    pub struct UserPermission {
        /// Permission ID, such as `perm_1234`.
        id: Option<String>,
        /// Name, such as `invoices:read`.
        name: String,
        /// Description of what the permission allows.
        description: Option<String>,
    }

    /// An invitation to an organization.
    pub struct Invitation {
        /// Organization ID.
        organization_id: String,
        /// ID of the invited user.
        user_id: Option<String>,
        /// Status, such as `PENDING_INVITE`.
        status: Option<String>,
        /// Email address of the inviter.
        inviter_email: Option<String>,
        /// Time of the invitation.
        created_at: Option<Timestamp>,
        /// Expiration time.
        expires_at: Option<Timestamp>,
        /// Time at which the invitation was last resent.
        resent_at: Option<Timestamp>,
        /// Number of times the invitation was resent.
        resent_count: Option<i64>,
    }
}

requests! {
    /// A new membership in an organization.
    pub struct CreateMembership {
        optional {
            /// Roles of the user. Default: the organization's default role, or the environment's if it has none.
            roles: Option<Vec<AssignRole>> => check::inner,
            /// Custom key-value pairs. At most 20; keys of 3–25 characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
            /// Email address of the inviter. 5–254 characters.
            inviter_email: Option<String> => inviter,
        }
    }

    /// Changes to a membership. Omitted fields are unchanged.
    pub struct UpdateMembership {
        optional {
            /// Roles of the user. Replaces the existing roles.
            roles: Option<Vec<AssignRole>> => check::inner,
            /// Custom key-value pairs. Replaces the existing pairs. At most 20; keys of 3–25 characters, values of
            /// 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// A role to assign: one of the environment's, or one of the organization's own.
    pub struct AssignRole {
        required {
            /// Name of the role.
            name: String => role_name,
        }
        optional {
            /// Display name. Optional; determined by the service.
            display_name: Option<String>,
        }
    }
}

fn inviter(value: &Option<String>) -> check::Verdict {
    check::length(5..=254)(value)?;
    check::email(value)
}

updates! {
    Membership => UpdateMembership { roles, metadata }
}

/// Roles are assigned by name.
impl ToUpdate<Option<Vec<AssignRole>>> for Vec<UserRole> {
    fn to_update_value(&self) -> Option<Vec<AssignRole>> {
        let assign = |role: &UserRole| AssignRole { name: role.name.clone(), display_name: None };
        Some(self.iter().map(assign).collect())
    }
}
