//! What Scalekit asks.

use std::sync::Arc;

use crate::error::{Result, ScalekitError};
use crate::model::{answers, open_enum};
use crate::types::{Json, SecretText, Timestamp};

open_enum! {
    /// Where in a flow Scalekit asks.
    pub enum InterceptorTriggerPoint {
        /// Before a person creates a new organization:
        PreSignup = "PRE_SIGNUP",
        /// Before a session's tokens are issued:
        PreSessionCreation = "PRE_SESSION_CREATION",
        /// Before somebody is invited:
        PreUserInvitation = "PRE_USER_INVITATION",
        /// Before a machine gets a token:
        PreM2mTokenCreation = "PRE_M2M_TOKEN_CREATION",
        /// After a person has authenticated, before the login is complete:
        PostUserAuthentication = "POST_USER_AUTHENTICATION",
        /// Before an access token is made:
        AccessTokenCreation = "ACCESS_TOKEN_CREATION",
    }
}

answers! {
    /// A question that Scalekit asks before it goes on.
    pub struct InterceptorRequest {
        /// The name of the interceptor, as it was set up.
        display_name: Option<String>,
        /// Where in a flow it asks.
        trigger_point: Option<InterceptorTriggerPoint>,
        /// Who, from where, and how.
        context as "interceptor_context": InterceptorContext,
        /// What it is about; what is there depends on the trigger point.
        data: InterceptorData,
    }

    /// Who is about to do something, from where, and how.
    pub struct InterceptorContext {
        /// The environment.
        environment_id: Option<String>,
        /// The person, where it is one that exists already.
        user_id: Option<String>,
        /// The e-mail address of the person who signs up, logs in or is invited.
        user_email: Option<String>,
        /// The organization that the person logs in to or is invited into.
        organization_id: Option<String>,
        /// The machine that wants a token.
        client_id: Option<String>,
        /// The connections that the person authenticated with.
        connection_details: Vec<InterceptorConnection>,
        /// What the application asked for when it sent the person to log in.
        auth_request: Option<InterceptorAuthRequest>,
        /// `Desktop`, `Mobile`, `Tablet` or `Unknown`.
        device_type: Option<String>,
        /// The address that the request came from.
        ip_address: Option<String>,
        /// The country of that address, in two letters.
        region: Option<String>,
        /// The city of that address.
        city: Option<String>,
        /// The browser or program.
        user_agent: Option<String>,
        /// When it began.
        triggered_at: Option<Timestamp>,
    }

    /// A connection that a person authenticated with.
    pub struct InterceptorConnection {
        /// The id, such as `conn_1234`.
        id: String,
        /// How it authenticates, such as `OAUTH`.
        connection_type as "type": Option<String>,
        /// The identity provider behind it, such as `GOOGLE`.
        provider: Option<String>,
    }

    /// What the application asked for when it sent a person to log in.
    pub struct InterceptorAuthRequest {
        /// The connection.
        connection_id: Option<String>,
        /// The organization.
        organization_id: Option<String>,
        /// The e-mail domain.
        domain: Option<String>,
        /// The e-mail address.
        login_hint: Option<String>,
        /// The application's own value, by which it knows the answer.
        state: Option<Arc<SecretText>>,
    }

    /// What a question is about. Which of the fields is there depends on the trigger point.
    pub struct InterceptorData {
        /// The person; before a sign-up only where the person exists already.
        user: Option<InterceptorUser>,
        /// The organization that invites.
        organization: Option<InterceptorOrganization>,
        /// The token that a machine is to get.
        m2m_token_claims: Option<InterceptorMachineToken>,
    }

    /// A person.
    pub struct InterceptorUser {
        /// The id, such as `usr_1234`.
        id: String,
        /// The full name.
        name: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// Whether the address was shown to be the person's own.
        email_verified: bool,
        /// When the person was created.
        created_at: Option<Timestamp>,
        /// When the person was last changed.
        updated_at: Option<Timestamp>,
        /// The first name.
        given_name: Option<String>,
        /// The last name.
        family_name: Option<String>,
        /// The first name, as some trigger points call it.
        first_name: Option<String>,
        /// The last name, as some trigger points call it.
        last_name: Option<String>,
        /// Your own key-value pairs.
        metadata: Option<Json>,
        /// The organizations that the person belongs to.
        memberships: Vec<InterceptorUserMembership>,
        /// Fields of your own, as they are mapped.
        custom_attributes: Option<Json>,
        /// Everything, as the identity provider sent it.
        raw_attributes: Option<Json>,
    }

    /// An organization that a person belongs to.
    pub struct InterceptorUserMembership {
        /// The organization.
        organization_id: String,
        /// Its name.
        organization_name: Option<String>,
        /// Whether the person is an active member, such as `ACTIVE`.
        status: Option<String>,
        /// The names of the person's roles there.
        roles: Vec<String>,
        /// Your own key-value pairs.
        metadata: Option<Json>,
    }

    /// The organization that invites.
    pub struct InterceptorOrganization {
        /// The id, such as `org_1234`.
        id: String,
        /// The name that people see.
        name: Option<String>,
    }

    /// The token that a machine is to get.
    pub struct InterceptorMachineToken {
        /// The machine.
        client_id: Option<String>,
        /// What the token is to say.
        claims: InterceptorMachineClaims,
    }

    /// What a machine's token is to say.
    pub struct InterceptorMachineClaims {
        /// The claims of the client's own configuration.
        custom_claims: Option<Json>,
        /// The organization of the client.
        oid: Option<String>,
        /// The scopes, with spaces between.
        scope: Option<String>,
        /// The scopes, one by one.
        scopes: Vec<String>,
    }
}

impl InterceptorRequest {
    pub(super) fn read(operation: &str, body: &[u8]) -> Result<Self> {
        crate::decode::read(None, body).map_err(|fault| {
            let why = match fault.is_json() {
                true => "does not have the shape of an interceptor's request",
                false => "is not JSON",
            };
            ScalekitError::unreadable_webhook(operation, why)
        })
    }
}
