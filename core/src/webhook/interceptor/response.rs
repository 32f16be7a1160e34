//! What you answer.

use serde_json::{Map, Value, json};

use crate::error::{Result, ScalekitError};
use crate::model::requests;
use crate::types::Json;

requests! {
    /// An existing organization that a person is to join, in place of creating one. Name it by one of the two ids.
    pub struct InterceptorMembership {
        optional {
            /// The organization's id, such as `org_1234`.
            organization_id: Option<String>,
            /// Your own id for the organization.
            external_organization_id: Option<String>,
            /// The names of the roles that the person is to have there.
            roles: Vec<String>,
        }
    }
}

/// The answer to an interceptor's request. Send `body` with status 200 and the content type `application/json`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "ffi", derive(uniffi::Object))]
pub struct InterceptorResponse {
    body: Value,
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl InterceptorResponse {
    /// Go on.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn allow() -> Self {
        Self { body: json!({"decision": "ALLOW"}) }
    }

    /// Stop here. `reason` is shown to the person; an empty one leaves the words to Scalekit.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    #[must_use]
    pub fn deny(reason: &str) -> Self {
        let mut body = json!({"decision": "DENY"});
        if !reason.is_empty() {
            body["error"] = json!({"message": reason});
        }
        Self { body }
    }

    /// Go on, and put these claims into the tokens: before a session is created into access and ID token, before a
    /// machine's token is created into that (`scope` and `aud` too). Fails with `InvalidArgument` when `claims` is not
    /// a JSON object.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn allow_with_claims(claims: Json) -> Result<Self, ScalekitError> {
        if !claims.value().is_object() {
            return Err(ScalekitError::argument("claims", "must be a JSON object"));
        }
        if !claims.is_exact() {
            // `tokens.validate` refuses such a token.
            return Err(ScalekitError::argument("claims", "must not hold an integer beyond 64 bits"));
        }
        Ok(Self::with("claims", claims.into_value()))
    }

    /// Go on, and let the person who signs up join an existing organization. Fails with `InvalidArgument` unless the
    /// organization is named by exactly one of its ids.
    #[cfg_attr(feature = "ffi", uniffi::constructor)]
    pub fn allow_with_membership(membership: InterceptorMembership) -> Result<Self, ScalekitError> {
        let InterceptorMembership { organization_id, external_organization_id, roles } = membership;
        let (name, id) = match (organization_id, external_organization_id) {
            (Some(id), None) => ("organization_id", id),
            (None, Some(id)) => ("external_organization_id", id),
            _ => {
                return Err(ScalekitError::argument(
                    "membership",
                    "must name the organization by organization_id or by external_organization_id",
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

    /// The body to send, as JSON text.
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
