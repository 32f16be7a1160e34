//! Content negotiation: a browser gets the page, an API client the error of an unknown path.

use crate::request::Request;

/// Whether the client asks for HTML by name, and for JSON not more than that (RFC 9110, section 12.5.1).
pub(super) fn prefers_html(request: &Request) -> bool {
    let accept = request.header("accept").unwrap_or_default();
    weight(accept, "text/html")
        .is_some_and(|html| html > 0.0 && weight(accept, "application/json").is_none_or(|json| json < html))
}

/// The weight of a media type in an `accept` header. `None` if it is not named.
fn weight(accept: &str, media_type: &str) -> Option<f32> {
    accept.split(',').find_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let name = parts.next()?;
        let quality = parts.find_map(|part| part.strip_prefix("q="));
        name.eq_ignore_ascii_case(media_type).then(|| quality.map_or(1.0, |q| q.parse().unwrap_or(0.0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_is_read_from_accept_header() {
        let accept = "application/json;q=0.5, Text/HTML; level=1 ; q=0.8, */*";
        assert_eq!(weight(accept, "text/html"), Some(0.8));
        assert_eq!(weight(accept, "application/json"), Some(0.5));
        assert_eq!(weight(accept, "text/plain"), None);
    }
}
