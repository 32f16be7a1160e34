//! Responses of interceptors.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::request::TriggerPoint;

/// The effect of an interceptor on an operation. The default allows it without changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    /// The reason if the operation is denied.
    pub(crate) denied: Option<String>,
    /// Claims to add to the tokens.
    pub(crate) claims: Map<String, Value>,
    /// The membership of a user who signs up, instead of a new organization.
    pub(crate) membership: Option<NewMembership>,
}

/// A membership in an existing organization, which one of its two IDs identifies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMembership {
    pub(crate) organization_id: Option<String>,
    pub(crate) external_organization_id: Option<String>,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

/// The response body. Undocumented fields are rejected, because they are mistakes of the application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseBody {
    decision: Decision,
    error: Option<DenialError>,
    response: Option<Changes>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Decision {
    Allow,
    Deny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DenialError {
    message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    claims: Option<Map<String, Value>>,
    create_organization_membership: Option<NewMembership>,
}

impl Verdict {
    pub(super) fn denied(reason: &str) -> Verdict {
        Verdict { denied: Some(reason.into()), ..Verdict::default() }
    }

    /// Reads a response body. Rejects changes that the trigger point does not support.
    pub(super) fn read(trigger_point: TriggerPoint, body: &[u8]) -> Result<Verdict, String> {
        let body: ResponseBody = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if body.decision == Decision::Deny {
            let reason = body.error.and_then(|error| error.message).filter(|reason| !reason.is_empty());
            return Ok(Verdict::denied(reason.as_deref().unwrap_or("The interceptor denied the request.")));
        }
        let changes = body.response.unwrap_or_default();
        let supports_claims =
            matches!(trigger_point, TriggerPoint::SessionCreation | TriggerPoint::MachineToken);
        if changes.claims.is_some() && !supports_claims {
            return Err("claims are not supported at this trigger point".into());
        }
        if let Some(membership) = &changes.create_organization_membership {
            if trigger_point != TriggerPoint::Signup {
                return Err("create_organization_membership is not supported at this trigger point".into());
            }
            if membership.organization_id.is_some() == membership.external_organization_id.is_some() {
                return Err(
                    "create_organization_membership must have either organization_id or external_organization_id"
                        .into(),
                );
            }
        }
        Ok(Verdict {
            denied: None,
            claims: changes.claims.unwrap_or_default(),
            membership: changes.create_organization_membership,
        })
    }
}
