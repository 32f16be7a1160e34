//! Resource indicators (RFC 8707).

/// Why resources are rejected: the `error_description` of `invalid_target`.
pub(crate) type Rejection = &'static str;

/// Checks the values of `resource`: absolute URIs without a fragment.
pub(crate) fn read<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Rejection> {
    values.map(check).collect()
}

/// Returns the requested resources if all of them were granted. Without a request, returns all that were granted.
pub(crate) fn narrow(requested: Vec<String>, granted: &[String]) -> Result<Vec<String>, Rejection> {
    if requested.is_empty() {
        return Ok(granted.to_vec());
    }
    if granted.is_empty() || requested.iter().all(|resource| granted.contains(resource)) {
        return Ok(requested);
    }
    Err("resource exceeds those of the authorization request")
}

fn check(value: &str) -> Result<String, Rejection> {
    if is_absolute_uri(value) && !value.contains('#') {
        return Ok(value.into());
    }
    Err("resource must be an absolute URI without a fragment")
}

/// Whether a text has a valid scheme and a part after it.
pub(crate) fn is_absolute_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let has_scheme =
        scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(allowed);
    has_scheme
        && !rest.is_empty()
        && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
}
