//! Errors in the service's JSON format.

use serde_json::{Value, json};

const ERROR_INFO: &str = "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo";

/// An invalid field and the rule it violates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) field: String,
    pub(crate) description: String,
    pub(crate) constraint: &'static str,
}

/// An error response. The trace ID is added during serialization.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) error_code: String,
    pub(crate) message: String,
    violations: Vec<Violation>,
    resource: Option<String>,
    tool: Option<ToolFailure>,
}

/// The error details of a provider.
#[derive(Debug, Clone)]
pub(crate) struct ToolFailure {
    pub(crate) execution_id: String,
    pub(crate) code: String,
    pub(crate) text: String,
}

impl ApiError {
    /// Creates an error with the service's default error code for the status.
    pub(crate) fn new(status: u16, message: impl Into<String>) -> ApiError {
        ApiError {
            status,
            error_code: default_error_code(status).into(),
            message: message.into(),
            violations: Vec::new(),
            resource: None,
            tool: None,
        }
    }

    pub(crate) fn not_found(kind: &str, id: &str) -> ApiError {
        let mut error = ApiError::new(404, format!("{kind} not found"));
        error.resource = Some(format!("{kind}/{id}"));
        error
    }

    pub(crate) fn already_exists(kind: &str, field: &str, value: &str) -> ApiError {
        let mut error = ApiError::new(409, format!("{kind} with {field} \"{value}\" already exists"));
        error.resource = Some(kind.into());
        error
    }

    pub(crate) fn failed_precondition(message: impl Into<String>) -> ApiError {
        let mut error = ApiError::new(400, message);
        error.error_code = "FAILED_PRECONDITION".into();
        error
    }

    pub(crate) fn permission_denied(message: impl Into<String>) -> ApiError {
        ApiError::new(403, message)
    }

    /// Creates the error of a failed tool. `status` is the provider's.
    pub(crate) fn tool(status: u16, failure: ToolFailure) -> ApiError {
        let mut error = ApiError::new(status, format!("tool execution failed: {}", failure.text));
        error.error_code = "TOOL_ERROR".into();
        error.tool = Some(failure);
        error
    }

    pub(crate) fn unauthenticated(why: &str) -> ApiError {
        ApiError::new(401, format!("unauthenticated: {why}"))
    }

    pub(crate) fn invalid(violations: Vec<Violation>) -> ApiError {
        let list: Vec<_> = violations.iter().map(|v| format!("{}: {}", v.field, v.description)).collect();
        let mut error = ApiError::new(400, format!("validation error: {}", list.join("; ")));
        error.violations = violations;
        error
    }

    pub(crate) fn invalid_field(
        field: &str,
        constraint: &'static str,
        description: impl Into<String>,
    ) -> ApiError {
        let description = description.into();
        ApiError::invalid(vec![Violation { field: field.into(), description, constraint }])
    }

    /// The JSON of the error in a response.
    pub(crate) fn body(&self, trace_id: &str) -> Value {
        let mut info = json!({
            "@type": ERROR_INFO,
            "error_code": self.error_code,
            "request_info": {"request_id": trace_id, "serving_data": ""},
        });
        if !self.violations.is_empty() {
            info["validation_error_info"] = json!({"field_violations": self.violation_list()});
        }
        if let Some(resource) = &self.resource {
            info["resource_info"] = json!({"resource_name": resource, "owner": "", "description": "",
                "required_permissions": [], "user": ""});
        }
        if let Some(tool) = &self.tool {
            info["tool_error_info"] = json!({"execution_id": tool.execution_id, "tool_error_code": tool.code,
                "tool_error_message": tool.text});
        }
        json!({"code": self.grpc_code(), "message": self.message, "details": [info]})
    }

    fn violation_list(&self) -> Vec<Value> {
        let entry = |v: &Violation| {
            json!({"field": v.field, "description": v.description,
            "constraint": v.constraint})
        };
        self.violations.iter().map(entry).collect()
    }

    /// The gRPC status code that corresponds to the HTTP status.
    fn grpc_code(&self) -> u8 {
        match self.status {
            400 if self.error_code == "FAILED_PRECONDITION" => 9,
            400 => 3,
            401 => 16,
            403 => 7,
            404 => 5,
            409 if self.error_code == "ABORTED" => 10,
            409 => 6,
            429 => 8,
            499 => 1,
            500 => 13,
            501 => 12,
            503 => 14,
            504 => 4,
            _ => 2,
        }
    }
}

fn default_error_code(status: u16) -> &'static str {
    match status {
        400 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ALREADY_EXISTS",
        429 => "RATE_LIMITED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        _ => "UNKNOWN",
    }
}

/// An element of a seed was rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeedError {
    /// Path of the wrong element, such as `organizations[2].slug`. Empty for the seed itself.
    path: String,
    reason: String,
}

impl SeedError {
    /// Rejects a field, or with an empty path the element that is being created.
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> SeedError {
        SeedError { path: path.into(), reason: reason.into() }
    }

    pub(crate) fn id_exists(field: &str, id: &str) -> SeedError {
        SeedError::new(field, format!("{id} exists already"))
    }

    /// Completes the path: the element is part of `parent`.
    pub(crate) fn within(self, parent: &str) -> SeedError {
        let separator = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        SeedError { path: format!("{parent}{separator}{}", self.path), ..self }
    }
}

/// The rules of the API apply to seeds, too.
impl From<ApiError> for SeedError {
    fn from(error: ApiError) -> SeedError {
        match error.violations.into_iter().next() {
            Some(violation) => SeedError::new(violation.field, violation.description),
            None => SeedError::new("", error.message),
        }
    }
}

impl From<SeedError> for ControlError {
    fn from(error: SeedError) -> ControlError {
        let separator = if error.path.is_empty() { "" } else { ": " };
        ControlError::new(format!("seed: {}{separator}{}", error.path, error.reason))
    }
}

/// Creates the objects of a list in a seed. The path of an error starts with the name of the list and the index.
pub(crate) fn create_each<T, Made>(
    list: &str,
    drafts: &[T],
    mut create: impl FnMut(&T) -> Result<Made, SeedError>,
) -> Result<Vec<Made>, SeedError> {
    let indexed = drafts.iter().enumerate();
    indexed.map(|(index, draft)| create(draft).map_err(|e| e.within(&format!("{list}[{index}]")))).collect()
}

/// A control plane command was rejected because of a mistake in the test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlError {
    message: String,
}

impl ControlError {
    pub(crate) fn new(message: impl Into<String>) -> ControlError {
        ControlError { message: message.into() }
    }
}

impl std::fmt::Display for ControlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ControlError {}
