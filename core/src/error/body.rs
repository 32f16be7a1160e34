//! The body of an error response, in any of its shapes.
//!
//! Observed: the gRPC status object with an `ErrorInfo` among its details, a bare `ErrorInfo`, an OAuth error, the same
//! with camelCase keys, plain text, HTML from a proxy, no body at all.

use serde_json::{Map, Value};

use crate::error::FieldViolation;

/// Maximum length of a service message in an error, in characters.
const LONGEST_MESSAGE: usize = 300;

/// Maximum number of field violations. A request has fewer fields; a response may claim any number.
const MOST_VIOLATIONS: usize = 100;

/// The content of an error response.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ServiceError {
    pub message: Option<String>,
    pub code: Option<String>,
    pub request_id: Option<String>,
    pub field_violations: Vec<FieldViolation>,
    pub tool: Option<ToolFailure>,
}

/// A failed tool: the provider's error, and the ID of the execution in Scalekit's logs.
#[derive(Debug, PartialEq)]
pub(crate) struct ToolFailure {
    pub code: Option<String>,
    pub message: Option<String>,
    pub execution_id: Option<String>,
}

impl ServiceError {
    /// Reads a body. `secrets` are redacted, in case it repeats the request.
    pub(crate) fn read(body: &[u8], secrets: &[&str]) -> Self {
        // From `&str`, as all JSON is read: serde_json is compiled once more for each type of source.
        let text = std::str::from_utf8(body).unwrap_or_default();
        let mut value = serde_json::from_str(text).unwrap_or(Value::Null);
        redact(&mut value, secrets);
        match value {
            Value::Object(object) => Self::from_object(&object),
            // Plain text may be an HTML page or a stack trace: it adds nothing to the status code.
            _ => Self::default(),
        }
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        if let Some(code) = text(object, &["error"]) {
            let message = text(object, &["error_description", "errorDescription"]);
            return Self { message, code: Some(code), ..Self::default() };
        }
        let details = get(object, &["details"]).and_then(Value::as_array);
        let info = details
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .find(|detail| get(detail, &["error_code", "errorCode"]).is_some())
            .unwrap_or(object);
        let mut error = Self::from_info(info);
        error.message = text(object, &["message"]).or(error.message);
        error
    }

    fn from_info(info: &Map<String, Value>) -> Self {
        let part = |names: &[&str]| get(info, names).and_then(Value::as_object);
        let localized = part(&["localized_message_info", "localizedMessageInfo"]);
        let request = part(&["request_info", "requestInfo"]);
        let validation = part(&["validation_error_info", "validationErrorInfo"]);
        let tool = part(&["tool_error_info", "toolErrorInfo"]);
        Self {
            message: localized.and_then(|part| text(part, &["message"])),
            code: text(info, &["error_code", "errorCode"]),
            request_id: request.and_then(|part| text(part, &["request_id", "requestId"])),
            field_violations: validation
                .and_then(|part| get(part, &["field_violations", "fieldViolations"])?.as_array())
                .into_iter()
                .flatten()
                .filter_map(|violation| violation_of(violation.as_object()?))
                .take(MOST_VIOLATIONS)
                .collect(),
            tool: tool.map(|part| ToolFailure {
                code: text(part, &["tool_error_code", "toolErrorCode"]),
                message: text(part, &["tool_error_message", "toolErrorMessage"]),
                execution_id: text(part, &["execution_id", "executionId"]),
            }),
        }
    }

    /// Whether the provider of a tool failed, not the service.
    pub(crate) fn is_tool_error(&self) -> bool {
        self.code.as_deref() == Some("TOOL_ERROR")
    }
}

fn redact(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::String(text) => {
            for secret in secrets {
                if text.contains(secret) {
                    *text = text.replace(secret, "[redacted]");
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redact(item, secrets)),
        Value::Object(fields) => fields.values_mut().for_each(|field| redact(field, secrets)),
        _ => {}
    }
}

fn violation_of(object: &Map<String, Value>) -> Option<FieldViolation> {
    Some(FieldViolation {
        field: text(object, &["field"])?,
        description: text(object, &["description"]).unwrap_or_default(),
        constraint: text(object, &["constraint"]),
    })
}

fn get<'a>(object: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| object.get(*name))
}

/// Whether a character could make untrusted text look like another line or other text: control and bidirectional
/// formatting characters, line separators.
pub(crate) fn is_hidden(c: char) -> bool {
    let separates = matches!(c, '\u{2028}' | '\u{2029}');
    let reorders = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || separates || reorders
}

/// A non-empty string on one line and of bounded length, since it ends up in logs.
fn text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let text = get(object, names)?.as_str()?.trim();
    if text.is_empty() {
        return None;
    }
    let line = text.chars().map(|c| if is_hidden(c) { ' ' } else { c });
    let mut short: String = line.take(LONGEST_MESSAGE).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    Some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Option<String>, Option<String>) {
        let error = ServiceError::read(body.as_bytes(), &[]);
        (error.message, error.code)
    }

    fn pair(message: &str, code: &str) -> (Option<String>, Option<String>) {
        (Some(message.into()), Some(code.into()))
    }

    #[test]
    fn error_body_is_read_in_every_shape() {
        let status = r#"{"code":5,"message":"gone","details":[{"@type":"x"},{"@type":"y","error_code":"NO","request_info":{"request_id":"r1"}}]}"#;
        assert_eq!(read(status), pair("gone", "NO"));
        assert_eq!(ServiceError::read(status.as_bytes(), &[]).request_id.as_deref(), Some("r1"));
        assert_eq!(read(r#"{"message":"gone","details":[{"errorCode":"NO"}]}"#), pair("gone", "NO"));
        assert_eq!(
            read(r#"{"error_code":"NO","localized_message_info":{"message":"nein"}}"#),
            pair("nein", "NO")
        );
        assert_eq!(
            read(r#"{"error":"invalid_client","error_description":"no"}"#),
            pair("no", "invalid_client")
        );
        for nothing in ["", "{}", "null", "[]", "<html>502</html>", r#"{"message":7,"details":{}}"#, "\u{0}"]
        {
            assert_eq!(ServiceError::read(nothing.as_bytes(), &[]), ServiceError::default(), "{nothing}");
        }
    }

    #[test]
    fn field_violations_are_read_in_both_key_styles() {
        for (info, list) in
            [("validation_error_info", "field_violations"), ("validationErrorInfo", "fieldViolations")]
        {
            let body = serde_json::json!({"error_code": "V", info: {list: [{"field": "slug", "description": "bad"}, {}, 7]}});
            let violations = ServiceError::read(body.to_string().as_bytes(), &[]).field_violations;
            assert_eq!(violations.len(), 1);
            assert_eq!((violations[0].field.as_str(), violations[0].description.as_str()), ("slug", "bad"));
        }
    }

    #[test]
    fn tool_error_is_read_in_both_key_styles() {
        for (info, code, message, id) in [
            ("tool_error_info", "tool_error_code", "tool_error_message", "execution_id"),
            ("toolErrorInfo", "toolErrorCode", "toolErrorMessage", "executionId"),
        ] {
            let info = serde_json::json!({info: {code: "gone", message: "no such channel", id: "tcl_1"}});
            let tool = ServiceError::read(info.to_string().as_bytes(), &[]).tool.unwrap();
            let read = [tool.code, tool.message, tool.execution_id].map(Option::unwrap);
            assert_eq!(read, ["gone", "no such channel", "tcl_1"]);
        }
    }

    #[test]
    fn service_message_is_one_bounded_line() {
        let long = "x".repeat(5000);
        let (message, _) = read(&serde_json::json!({"message": format!("a\nb{long}")}).to_string());
        let message = message.unwrap();
        assert!(message.starts_with("a bx") && message.ends_with('…'));
        assert_eq!(message.chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn secrets_in_the_body_are_redacted() {
        let padding = "x".repeat(LONGEST_MESSAGE - 3);
        let body = serde_json::json!({"message": format!("{padding}hunter2"), "details": [{"error_code": "hunter2"}]});
        let error = ServiceError::read(body.to_string().as_bytes(), &["hunter2"]);
        assert!(!format!("{error:?}").contains("hun"), "{error:?}");
    }
}
