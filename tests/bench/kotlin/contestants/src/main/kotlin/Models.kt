// The response types of a program without an SDK.

import java.time.Instant

data class UserResponse(val user: User)

data class Page(
    val users: List<User>,
    val next_page_token: String?,
    val prev_page_token: String?,
    val total_size: Long?,
)

data class User(
    val id: String,
    val email: String,
    val external_id: String?,
    val user_profile: Profile?,
    val memberships: List<Membership> = emptyList(),
    val metadata: Map<String, String> = emptyMap(),
    val create_time: Instant?,
    val update_time: Instant?,
    val last_login_time: Instant?,
)

data class Profile(
    val id: String?,
    val name: String?,
    val given_name: String?,
    val family_name: String?,
    val preferred_username: String?,
    val email_verified: Boolean = false,
    val phone_number: String?,
    val phone_number_verified: Boolean = false,
    val picture: String?,
    val gender: String?,
    val locale: String?,
    val groups: List<String> = emptyList(),
    val custom_attributes: Map<String, String> = emptyMap(),
    val metadata: Map<String, String> = emptyMap(),
    val external_identities: List<Identity> = emptyList(),
)

data class Identity(
    val connection_id: String?,
    val connection_type: String?,
    val connection_provider: String?,
    val connection_user_id: String?,
    val is_social: Boolean = false,
    val created_time: Instant?,
    val last_login_time: Instant?,
    val last_synced_time: Instant?,
)

data class Membership(
    val organization_id: String,
    val membership_status: String?,
    val roles: List<Role> = emptyList(),
    val permissions: List<String> = emptyList(),
    val metadata: Map<String, String> = emptyMap(),
    val name: String?,
    val display_name: String?,
    val provisioning_method: String?,
    val inviter_email: String?,
    val created_at: Instant?,
    val accepted_at: Instant?,
    val expires_at: Instant?,
    val join_time: Instant?,
)

data class Role(val id: String?, val name: String, val display_name: String?)
