//! Running tools: parameter validation and the effect at the emulated provider.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::catalog::{Effect, Parameter, Tool};
use crate::error::{ApiError, ToolFailure, Violation};
use crate::ids::Ids;

/// An entry that a tool created at a provider, in one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    account_id: String,
    kind: String,
    fields: Map<String, Value>,
}

/// The context in which a tool runs.
pub(crate) struct ToolContext<'a> {
    pub(crate) account_id: &'a str,
    pub(crate) execution_id: &'a str,
    pub(crate) records: &'a mut Vec<Record>,
    pub(crate) ids: &'a Ids,
}

/// Rejects parameters that the tool's schema does not allow.
pub(crate) fn check(tool: &Tool, params: &Map<String, Value>) -> Result<(), ApiError> {
    let violation = |name: &str, constraint, description: &str| Violation {
        field: format!("params.{name}"),
        description: description.into(),
        constraint,
    };
    let find = |name: &str| tool.parameters.iter().find(|parameter| parameter.name == name);
    let mut violations = Vec::new();
    for (name, value) in params {
        match find(name) {
            None => violations.push(violation(name, "unknown_field", "is not a parameter of this tool")),
            Some(own) if !has_type(own, value) => {
                violations.push(violation(name, "type", "has the wrong type"))
            }
            Some(_) => {}
        }
    }
    for own in tool.parameters.iter().filter(|own| own.required && !params.contains_key(own.name)) {
        violations.push(violation(own.name, "required", "is required"));
    }
    // Not in the order of the request: some languages send the keys of an object in another order.
    violations.sort_by(|a: &Violation, b| a.field.cmp(&b.field));
    if violations.is_empty() { Ok(()) } else { Err(ApiError::invalid(violations)) }
}

fn has_type(parameter: &Parameter, value: &Value) -> bool {
    match parameter.kind {
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        _ => true,
    }
}

/// Runs a tool and returns its data.
pub(crate) fn run(
    tool: &Tool,
    params: Map<String, Value>,
    context: ToolContext<'_>,
) -> Result<Value, ApiError> {
    match tool.effect {
        Effect::Write(kind) => {
            let mut fields = params;
            fields.insert("id".into(), context.ids.next("entry").into());
            let account_id = context.account_id.to_owned();
            context.records.push(Record { account_id, kind: kind.into(), fields: fields.clone() });
            Ok(fields.into())
        }
        Effect::Read(kind) => {
            let matches = |record: &&Record| {
                record.account_id == context.account_id
                    && record.kind == kind
                    && params.iter().all(|(name, value)| record.fields.get(name) == Some(value))
            };
            let found: Vec<_> = context.records.iter().filter(matches).map(|record| &record.fields).collect();
            Ok(json!({kind: found}))
        }
        Effect::Echo => Ok(params.into()),
        Effect::Fail => Err(failure(&params, context.execution_id)),
    }
}

fn failure(params: &Map<String, Value>, execution_id: &str) -> ApiError {
    let text =
        |name: &str, default: &str| params.get(name).and_then(Value::as_str).unwrap_or(default).to_owned();
    let status = params.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|status| (400..=599).contains(status)).unwrap_or(500);
    let failure = ToolFailure {
        execution_id: execution_id.into(),
        code: text("code", "provider_error"),
        text: text("text", "the provider failed"),
    };
    ApiError::tool(status, failure)
}
