//! Interceptor requests.

use std::sync::Arc;

use crate::error::{Result, ScalekitError};
use crate::model::{open_enum, responses};
use crate::types::{Json, SecretText, Timestamp};

open_enum! {
    /// The point in a flow at which Scalekit calls an interceptor.
    pub enum InterceptorTriggerPoint {
        /// Before a user creates an organization.
        PreSignup = "PRE_SIGNUP",
        /// Before the tokens of a session are issued.
        PreSessionCreation = "PRE_SESSION_CREATION",
        /// Before a user is invited.
        PreUserInvitation = "PRE_USER_INVITATION",
        /// Before a machine client receives an access token.
        PreM2mTokenCreation = "PRE_M2M_TOKEN_CREATION",
        /// After a user has authenticated, before the login is complete.
        PostUserAuthentication = "POST_USER_AUTHENTICATION",
        /// Before an access token is created.
        AccessTokenCreation = "ACCESS_TOKEN_CREATION",
    }
}

responses! {
    /// A request of an interceptor. Scalekit waits for the response.
    pub struct InterceptorRequest {
        /// Display name of the interceptor.
        display_name: Option<String>,
        /// Trigger point.
        trigger_point: Option<InterceptorTriggerPoint>,
        /// User, client, connection and device.
        context as "interceptor_context": InterceptorContext,
        /// Data of the request. The fields present depend on the trigger point.
        data: InterceptorData,
    }

    /// Context of an interceptor request.
    pub struct InterceptorContext {
        /// Environment ID.
        environment_id: Option<String>,
        /// User ID, if the user already exists.
        user_id: Option<String>,
        /// Email address of the user who signs up, signs in or is invited.
        user_email: Option<String>,
        /// ID of the organization that the user signs in to or is invited to.
        organization_id: Option<String>,
        /// ID of the machine client that requests a token.
        client_id: Option<String>,
        /// Connections that the user authenticated with.
        connection_details: Vec<InterceptorConnection>,
        /// Parameters of the application's authorization request.
        auth_request: Option<InterceptorAuthRequest>,
        /// Device type: `Desktop`, `Mobile`, `Tablet` or `Unknown`.
        device_type: Option<String>,
        /// IP address of the request.
        ip_address: Option<String>,
        /// Two-letter country code, derived from the IP address.
        region: Option<String>,
        /// City, derived from the IP address.
        city: Option<String>,
        /// User agent.
        user_agent: Option<String>,
        /// Time at which the interceptor was triggered.
        triggered_at: Option<Timestamp>,
    }

    /// A connection that a user authenticated with.
    pub struct InterceptorConnection {
        /// Connection ID, such as `conn_1234`.
        id: String,
        /// Authentication method, such as `OAUTH`.
        connection_type as "type": Option<String>,
        /// Identity provider, such as `GOOGLE`.
        provider: Option<String>,
    }

    /// Parameters of an application's authorization request.
    pub struct InterceptorAuthRequest {
        /// Connection ID.
        connection_id: Option<String>,
        /// Organization ID.
        organization_id: Option<String>,
        /// Email domain.
        domain: Option<String>,
        /// Email address.
        login_hint: Option<String>,
        /// The application's `state` value, which it uses to recognize the callback.
        state: Option<Arc<SecretText>>,
    }

    /// Data of an interceptor request. The fields present depend on the trigger point.
    pub struct InterceptorData {
        /// User. Before a sign-up, present only if the user already exists.
        user: Option<InterceptorUser>,
        /// Organization that the user is invited to.
        organization: Option<InterceptorOrganization>,
        /// Token to be issued to a machine client.
        m2m_token_claims: Option<InterceptorMachineToken>,
    }

    /// A user.
    pub struct InterceptorUser {
        /// User ID, such as `usr_1234`.
        id: String,
        /// Full name.
        name: Option<String>,
        /// Email address.
        email: Option<String>,
        /// Whether the email address is verified.
        email_verified: bool,
        /// Creation time.
        created_at: Option<Timestamp>,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
        /// Given name.
        given_name: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Given name, as named by some trigger points.
        first_name: Option<String>,
        /// Family name, as named by some trigger points.
        last_name: Option<String>,
        /// Custom key-value pairs.
        metadata: Option<Json>,
        /// Organizations that the user belongs to.
        memberships: Vec<InterceptorUserMembership>,
        /// Custom attributes, according to the attribute mapping.
        custom_attributes: Option<Json>,
        /// All attributes, as sent by the identity provider.
        raw_attributes: Option<Json>,
    }

    /// A user's membership in an organization.
    pub struct InterceptorUserMembership {
        /// Organization ID.
        organization_id: String,
        /// Name of the organization.
        organization_name: Option<String>,
        /// Status of the membership, such as `ACTIVE`.
        status: Option<String>,
        /// Names of the user's roles in the organization.
        roles: Vec<String>,
        /// Custom key-value pairs.
        metadata: Option<Json>,
    }

    /// The organization that a user is invited to.
    pub struct InterceptorOrganization {
        /// Organization ID, such as `org_1234`.
        id: String,
        /// Display name.
        name: Option<String>,
    }

    /// A token to be issued to a machine client.
    pub struct InterceptorMachineToken {
        /// Client ID.
        client_id: Option<String>,
        /// Claims of the token.
        claims: InterceptorMachineClaims,
    }

    /// Claims of a machine token.
    pub struct InterceptorMachineClaims {
        /// Custom claims configured for the client.
        custom_claims: Option<Json>,
        /// Organization ID of the client.
        oid: Option<String>,
        /// Scopes, separated by spaces.
        scope: Option<String>,
        /// Scopes, as a list.
        scopes: Vec<String>,
    }
}

impl InterceptorRequest {
    pub(super) fn read(operation: &str, body: &[u8]) -> Result<Self> {
        crate::decode::read(None, body).map_err(|fault| {
            let why = match fault.is_json() {
                true => "is not a valid interceptor request",
                false => "is not JSON",
            };
            ScalekitError::unreadable_webhook(operation, why)
        })
    }
}
