"""Reads every field of a user. The models of all contestants have the same attributes."""

from operator import attrgetter
from typing import Any

_USER = attrgetter("id", "email", "external_id", "metadata", "create_time", "update_time", "last_login_time")
_PROFILE = attrgetter(
    "id",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "picture",
    "gender",
    "locale",
    "groups",
    "custom_attributes",
    "metadata",
)
_IDENTITY = attrgetter(
    "connection_id",
    "connection_type",
    "connection_provider",
    "connection_user_id",
    "is_social",
    "created_time",
    "last_login_time",
    "last_synced_time",
)
_MEMBERSHIP = attrgetter(
    "organization_id",
    "membership_status",
    "permissions",
    "metadata",
    "name",
    "display_name",
    "provisioning_method",
    "inviter_email",
    "created_at",
    "accepted_at",
    "expires_at",
    "join_time",
)
_ROLE = attrgetter("id", "name", "display_name")


def read_every(user: Any) -> int:
    """Reads every field once, and returns their number."""
    count = len(_USER(user))
    profile = user.user_profile
    if profile is not None:
        count += 1 + len(_PROFILE(profile))
        for identity in profile.external_identities:
            count += len(_IDENTITY(identity))
    for membership in user.memberships:
        count += len(_MEMBERSHIP(membership))
        for role in membership.roles:
            count += len(_ROLE(role))
    return count
