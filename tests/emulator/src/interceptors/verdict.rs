//! What an interceptor answers.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::question::Trigger;

/// What is to be done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verdict {
    /// Why it ends here.
    pub(crate) denied: Option<String>,
    /// What the tokens are to say as well.
    pub(crate) claims: Map<String, Value>,
    /// Where somebody who signs up is to go, in place of an organization of their own.
    pub(crate) joining: Option<Joining>,
}

/// An existing organization, by one of its two ids.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Joining {
    pub(crate) organization_id: Option<String>,
    pub(crate) external_organization_id: Option<String>,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

/// The answer as it is sent. What the documentation does not know is a mistake of who wrote it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    decision: Decision,
    error: Option<Error>,
    response: Option<Response>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Decision {
    Allow,
    Deny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Error {
    message: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Response {
    claims: Option<Map<String, Value>>,
    create_organization_membership: Option<Joining>,
}

impl Verdict {
    pub(super) fn denied(why: &str) -> Verdict {
        Verdict { denied: Some(why.into()), ..Verdict::default() }
    }

    /// Reads an answer, in which only that may stand which means something at this place.
    pub(super) fn read(trigger_point: Trigger, body: &[u8]) -> Result<Verdict, String> {
        let answer: Answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if answer.decision == Decision::Deny {
            let why = answer.error.and_then(|error| error.message).filter(|why| !why.is_empty());
            return Ok(Verdict::denied(why.as_deref().unwrap_or("The application refused.")));
        }
        let response = answer.response.unwrap_or_default();
        let with_claims = matches!(trigger_point, Trigger::SessionCreation | Trigger::MachineToken);
        if response.claims.is_some() && !with_claims {
            return Err("claims mean nothing here".into());
        }
        if let Some(joining) = &response.create_organization_membership {
            if trigger_point != Trigger::Signup {
                return Err("create_organization_membership means nothing here".into());
            }
            if joining.organization_id.is_some() == joining.external_organization_id.is_some() {
                return Err("create_organization_membership must name one organization, by one id".into());
            }
        }
        Ok(Verdict {
            denied: None,
            claims: response.claims.unwrap_or_default(),
            joining: response.create_organization_membership,
        })
    }
}
