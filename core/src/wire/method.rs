//! The HTTP methods of the API.

/// The method of an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
pub enum HttpMethod {
    /// Reads. The only method that is retried after the service may have received the request.
    Get,
    /// Creates a resource or runs an action.
    Post,
    /// Replaces a resource.
    Put,
    /// Updates a resource.
    Patch,
    /// Deletes a resource.
    Delete,
}

impl HttpMethod {
    /// The method's name in a request, such as `GET`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request can be repeated without another effect, so that a retry is always safe.
    pub(crate) const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get)
    }
}
