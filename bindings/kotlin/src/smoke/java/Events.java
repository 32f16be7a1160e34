import rs.scalekit.WebhookData;

/** All events of webhooks. */
final class Events {
    private Events() {}

    /** Describes an event. Without a {@code default}, the compiler names the events that a new version adds. */
    static String describe(WebhookData data) {
        return switch (data) {
            case WebhookData.OrganizationCreated event -> event.getOrganization().toString();
            case WebhookData.OrganizationUpdated event -> event.getOrganization().toString();
            case WebhookData.OrganizationDeleted event -> event.getOrganization().toString();
            case WebhookData.OrganizationDomainCreated event -> event.getDomain().toString();
            case WebhookData.OrganizationDomainDeleted event -> event.getDomain().toString();
            case WebhookData.OrganizationDomainDnsVerificationSuccess event -> event.getDomain().toString();
            case WebhookData.OrganizationDomainDnsVerificationFailed event -> event.getDomain().toString();
            case WebhookData.UserSignup event -> event.getMembership().toString();
            case WebhookData.UserLogin event -> event.getLogin().toString();
            case WebhookData.UserLogout event -> event.getLogout().toString();
            case WebhookData.UserOrganizationInvitation event -> event.getMembership().toString();
            case WebhookData.UserOrganizationMembershipCreated event -> event.getMembership().toString();
            case WebhookData.UserOrganizationMembershipDeleted event -> event.getMembership().toString();
            case WebhookData.UserOrganizationMembershipUpdated event -> event.getMembership().toString();
            case WebhookData.OrganizationDirectoryEnabled event -> event.getDirectory().toString();
            case WebhookData.OrganizationDirectoryDisabled event -> event.getDirectory().toString();
            case WebhookData.DirectoryUserCreated event -> event.getUser().toString();
            case WebhookData.DirectoryUserUpdated event -> event.getUser().toString();
            case WebhookData.DirectoryUserDeleted event -> event.getUser().toString();
            case WebhookData.DirectoryGroupCreated event -> event.getGroup().toString();
            case WebhookData.DirectoryGroupUpdated event -> event.getGroup().toString();
            case WebhookData.DirectoryGroupDeleted event -> event.getGroup().toString();
            case WebhookData.OrganizationSsoCreated event -> event.getConnection().toString();
            case WebhookData.OrganizationSsoEnabled event -> event.getConnection().toString();
            case WebhookData.OrganizationSsoDisabled event -> event.getConnection().toString();
            case WebhookData.OrganizationSsoDeleted event -> event.getConnection().toString();
            case WebhookData.RoleCreated event -> event.getRole().toString();
            case WebhookData.RoleUpdated event -> event.getRole().toString();
            case WebhookData.RoleDeleted event -> event.getRole().toString();
            case WebhookData.PermissionCreated event -> event.getPermission().toString();
            case WebhookData.PermissionUpdated event -> event.getPermission().toString();
            case WebhookData.PermissionDeleted event -> event.getPermission().toString();
            case WebhookData.ConnectedAccountCreated event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountUpdated event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountStatusUpdated event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountDeleted event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountMagicLinkGenerated event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountOauthTokensFetched event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountTokenRefreshSucceeded event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountTokenRefreshFailed event -> event.getAccount().toString();
            case WebhookData.ConnectedAccountOauthSucceeded event -> event.getAccount().toString();
            case WebhookData.Unknown unknown -> unknown.getEventType();
        };
    }
}
