// Reads every field of a user.

/** Counts what is read, so that the JIT compiler cannot omit the reads. */
open class Reading {
    var count = 0

    protected fun read(value: Any?) {
        if (value != null) count++
    }
}

/** Reads our records. */
class ReadingOurs : Reading() {
    fun user(user: rs.scalekit.User) {
        read(user.id)
        read(user.email)
        read(user.externalId)
        read(user.metadata)
        read(user.createTime)
        read(user.updateTime)
        read(user.lastLoginTime)
        user.userProfile?.let(::profile)
        user.memberships.forEach(::membership)
    }

    private fun profile(profile: rs.scalekit.UserProfile) {
        read(profile.id)
        read(profile.name)
        read(profile.givenName)
        read(profile.familyName)
        read(profile.preferredUsername)
        read(profile.emailVerified)
        read(profile.phoneNumber)
        read(profile.phoneNumberVerified)
        read(profile.picture)
        read(profile.gender)
        read(profile.locale)
        read(profile.groups)
        read(profile.customAttributes)
        read(profile.metadata)
        profile.externalIdentities.forEach(::identity)
    }

    private fun identity(identity: rs.scalekit.ExternalIdentity) {
        read(identity.connectionId)
        read(identity.connectionType)
        read(identity.connectionProvider)
        read(identity.connectionUserId)
        read(identity.isSocial)
        read(identity.createdTime)
        read(identity.lastLoginTime)
        read(identity.lastSyncedTime)
    }

    private fun membership(membership: rs.scalekit.Membership) {
        read(membership.organizationId)
        read(membership.membershipStatus)
        read(membership.permissions)
        read(membership.metadata)
        read(membership.name)
        read(membership.displayName)
        read(membership.provisioningMethod)
        read(membership.inviterEmail)
        read(membership.createdAt)
        read(membership.acceptedAt)
        read(membership.expiresAt)
        read(membership.joinTime)
        membership.roles.forEach(::role)
    }

    private fun role(role: rs.scalekit.UserRole) {
        read(role.id)
        read(role.name)
        read(role.displayName)
    }
}

/** Reads the data classes for Jackson. */
class ReadingJackson : Reading() {
    fun user(user: User) {
        read(user.id)
        read(user.email)
        read(user.external_id)
        read(user.metadata)
        read(user.create_time)
        read(user.update_time)
        read(user.last_login_time)
        user.user_profile?.let(::profile)
        user.memberships.forEach(::membership)
    }

    private fun profile(profile: Profile) {
        read(profile.id)
        read(profile.name)
        read(profile.given_name)
        read(profile.family_name)
        read(profile.preferred_username)
        read(profile.email_verified)
        read(profile.phone_number)
        read(profile.phone_number_verified)
        read(profile.picture)
        read(profile.gender)
        read(profile.locale)
        read(profile.groups)
        read(profile.custom_attributes)
        read(profile.metadata)
        profile.external_identities.forEach(::identity)
    }

    private fun identity(identity: Identity) {
        read(identity.connection_id)
        read(identity.connection_type)
        read(identity.connection_provider)
        read(identity.connection_user_id)
        read(identity.is_social)
        read(identity.created_time)
        read(identity.last_login_time)
        read(identity.last_synced_time)
    }

    private fun membership(membership: Membership) {
        read(membership.organization_id)
        read(membership.membership_status)
        read(membership.permissions)
        read(membership.metadata)
        read(membership.name)
        read(membership.display_name)
        read(membership.provisioning_method)
        read(membership.inviter_email)
        read(membership.created_at)
        read(membership.accepted_at)
        read(membership.expires_at)
        read(membership.join_time)
        membership.roles.forEach(::role)
    }

    private fun role(role: Role) {
        read(role.id)
        read(role.name)
        read(role.display_name)
    }
}
