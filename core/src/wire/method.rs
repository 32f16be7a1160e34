//! The HTTP methods of the API.

/// The method of an HTTP request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
pub enum HttpMethod {
    /// Reads. The only method that is tried again when the service may have seen it.
    Get,
    /// Creates or acts.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl HttpMethod {
    /// The method as it stands in a request, such as `GET`.
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

    /// Whether sending it twice does no more than sending it once, so that a retry is always safe.
    pub(crate) const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get)
    }
}
