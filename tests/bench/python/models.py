"""The response types of a program without an SDK."""

from datetime import datetime

from pydantic import BaseModel


class Identity(BaseModel):
    connection_id: str | None = None
    connection_type: str | None = None
    connection_provider: str | None = None
    connection_user_id: str | None = None
    is_social: bool = False
    created_time: datetime | None = None
    last_login_time: datetime | None = None
    last_synced_time: datetime | None = None


class Profile(BaseModel):
    id: str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    preferred_username: str | None = None
    email_verified: bool = False
    phone_number: str | None = None
    phone_number_verified: bool = False
    picture: str | None = None
    gender: str | None = None
    locale: str | None = None
    groups: list[str] = []
    custom_attributes: dict[str, str] = {}
    metadata: dict[str, str] = {}
    external_identities: list[Identity] = []


class Role(BaseModel):
    id: str | None = None
    name: str
    display_name: str | None = None


class Membership(BaseModel):
    organization_id: str
    membership_status: str | None = None
    roles: list[Role] = []
    permissions: list[str] = []
    metadata: dict[str, str] = {}
    name: str | None = None
    display_name: str | None = None
    provisioning_method: str | None = None
    inviter_email: str | None = None
    created_at: datetime | None = None
    accepted_at: datetime | None = None
    expires_at: datetime | None = None
    join_time: datetime | None = None


class User(BaseModel):
    id: str
    email: str
    external_id: str | None = None
    user_profile: Profile | None = None
    memberships: list[Membership] = []
    metadata: dict[str, str] = {}
    create_time: datetime | None = None
    update_time: datetime | None = None
    last_login_time: datetime | None = None


class UserResponse(BaseModel):
    user: User


class Page(BaseModel):
    users: list[User]
    next_page_token: str | None = None
    prev_page_token: str | None = None
    total_size: int | None = None
