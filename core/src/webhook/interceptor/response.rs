//! Interceptor responses.

use serde_json::{Map, Value, json};

use crate::error::{Result, ScalekitError};
use crate::model::requests;
use crate::types::Json;

requests! {
    /// An existing organization for a user to join instead of creating one.
    ///
    /// Set exactly one of the two organization IDs.
    pub struct InterceptorMembership {
        optional {
            /// Organization ID, such as `org_1234`.
            organization_id: Option<String>,
            /// Your own ID for the organization.
            external_organization_id: Option<String>,
        }
        lists {
            /// Names of the user's roles in the organization.
            roles: Vec<String>,
        }
    }
}

/// The response to an interceptor request.
///
/// Send `body` with status code 200 and content type `application/json`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct InterceptorResponse {
    body: Value,
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl InterceptorResponse {
    /// Allows the flow to continue.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn allow() -> Self {
        Self { body: json!({"decision": "ALLOW"}) }
    }

    /// Stops the flow.
    ///
    /// `reason` is shown to the user. If it is empty, Scalekit shows its own text.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn deny(reason: &str) -> Self {
        let mut body = json!({"decision": "DENY"});
        if !reason.is_empty() {
            body["error"] = json!({"message": reason});
        }
        Self { body }
    }

    /// Allows the flow to continue and adds claims to the tokens.
    ///
    /// Before a session is created, the claims are added to the access token and the ID token; before a
    /// machine token is created, to that token (including `scope` and `aud`).
    ///
    /// # Errors
    ///
    /// `InvalidArgument` if `claims` is not a JSON object, or contains an integer beyond 64 bits.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn allow_with_claims(claims: Json) -> Result<Self, ScalekitError> {
        if !claims.value().is_object() {
            return Err(ScalekitError::argument("claims", "must be a JSON object"));
        }
        if !claims.is_exact() {
            // `tokens.validate` rejects such a token.
            return Err(ScalekitError::argument("claims", "must not contain an integer beyond 64 bits"));
        }
        Ok(Self::with("claims", claims.into_value()))
    }

    /// Allows the sign-up to continue and adds the user to an existing organization.
    ///
    /// # Errors
    ///
    /// `InvalidArgument` unless exactly one of the two organization IDs is set.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn allow_with_membership(membership: InterceptorMembership) -> Result<Self, ScalekitError> {
        let InterceptorMembership { organization_id, external_organization_id, roles } = membership;
        let (name, id) = match (organization_id, external_organization_id) {
            (Some(id), None) => ("organization_id", id),
            (None, Some(id)) => ("external_organization_id", id),
            _ => {
                return Err(ScalekitError::argument(
                    "membership",
                    "must set exactly one of organization_id and external_organization_id",
                ));
            }
        };
        if id.is_empty() {
            return Err(ScalekitError::argument(name, "must not be empty"));
        }
        let mut body = Map::from_iter([(name.to_owned(), Value::String(id))]);
        if !roles.is_empty() {
            body.insert("roles".into(), json!(roles));
        }
        Ok(Self::with("create_organization_membership", Value::Object(body)))
    }

    /// Returns the response body, as JSON text.
    #[must_use]
    pub fn body(&self) -> String {
        self.body.to_string()
    }
}

impl InterceptorResponse {
    fn with(name: &str, value: Value) -> Self {
        let response = Map::from_iter([(name.to_owned(), value)]);
        Self { body: json!({"decision": "ALLOW", "response": response}) }
    }
}
