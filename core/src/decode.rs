//! Decoding of response bodies.

use crate::error::{Result, ScalekitError};
use crate::types::{Lenient, Read, Reader, Stop};

/// Decodes a response: the whole body, or the value of its key `inside`.
pub(crate) fn response<T: Lenient>(operation: &str, inside: Option<&'static str>, body: &[u8]) -> Result<T> {
    read(inside, body).map_err(|fault| fault.of(operation))
}

/// The reason for which a body cannot be decoded. It quotes no value, which may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    stop: Stop,
    path: String,
}

impl Fault {
    pub(crate) fn is_json(&self) -> bool {
        self.stop != Stop::NotJson
    }

    /// The error, which names the field.
    pub(crate) fn of(&self, operation: &str) -> ScalekitError {
        match (self.stop, self.path.as_str()) {
            (Stop::NotJson, _) => ScalekitError::decode(operation, "is not JSON, or is truncated"),
            (Stop::Shape, "") => ScalekitError::decode(operation, "does not have the documented shape"),
            (Stop::Shape, path) => {
                ScalekitError::decode(operation, format_args!("has an unexpected type at `{path}`"))
            }
            (Stop::Range, path) => {
                let at = if path.is_empty() { String::new() } else { format!(" at `{path}`") };
                let why = "has a number beyond the range of a 64-bit floating-point number";
                ScalekitError::decode(operation, format_args!("{why}{at}"))
            }
        }
    }
}

/// Decodes a body: the whole, or the value of its key `inside`. An empty body is `null`.
pub(crate) fn read<T: Lenient>(inside: Option<&str>, body: &[u8]) -> std::result::Result<T, Fault> {
    with(|from| from.map_or_else(|| Ok(T::missing()), T::lenient), inside, body)
}

/// Decodes with a function instead of a type. Without a value, it is called once more for the default.
pub(crate) fn with<T>(
    reading: impl Fn(Option<&mut Reader<'_>>) -> Read<Option<T>>,
    inside: Option<&str>,
    body: &[u8],
) -> std::result::Result<T, Fault> {
    let mut read = None;
    walk(inside, body, &mut |from| {
        read = reading(Some(from))?;
        Ok(())
    })?;
    let missing = || reading(None).ok().flatten();
    read.or_else(missing).ok_or(Fault { stop: Stop::Shape, path: String::new() })
}

/// The part of decoding that does not depend on the type.
fn walk(
    inside: Option<&str>,
    body: &[u8],
    value: &mut dyn FnMut(&mut Reader<'_>) -> Read<()>,
) -> std::result::Result<(), Fault> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Err(Fault { stop: Stop::NotJson, path: String::new() });
    };
    let mut from = Reader::new(if text.trim_ascii().is_empty() { "null" } else { text });
    let read = match inside {
        None => value(&mut from),
        Some(inside) => enter(inside, &mut from, value),
    };
    read.and_then(|()| from.end()).map_err(|stop| Fault { stop, path: from.path().to_owned() })
}

/// Decodes the value of a key; a missing key leaves the default.
fn enter(
    inside: &str,
    from: &mut Reader<'_>,
    value: &mut dyn FnMut(&mut Reader<'_>) -> Read<()>,
) -> Read<()> {
    let there = from.object(&mut |key, from| if key == inside { value(from) } else { from.skip() })?;
    if there { Ok(()) } else { Err(Stop::Shape) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Connection, Organization, OrganizationPage, RegionCode};

    fn organization(body: &str) -> Result<Organization> {
        response("organizations.get", Some("organization"), body.as_bytes())
    }

    fn why(result: Result<impl Sized>) -> String {
        result.err().expect("must not decode").to_string()
    }

    #[test]
    fn zeros_nulls_and_unknown_fields_are_accepted() {
        let read = organization(
            r#"{"new": [1], "organization": {"id": "org_1", "display_name": null, "external_id": "", "metadata": null,
                "settings": {"features": null, "x": 1}, "region_code": "MOON", "create_time": "0001-01-01T00:00:00Z",
                "update_time": "2026-01-02T03:04:05.123456789Z", "unheard": {"of": true}}}"#,
        )
        .unwrap();
        assert_eq!((read.id.as_str(), read.display_name.as_str(), read.external_id), ("org_1", "", None));
        assert!(read.metadata.is_empty() && read.settings.unwrap().features.is_empty());
        assert_eq!(read.region_code, Some(RegionCode::Unrecognized { value: "MOON".into() }));
        assert_eq!(read.create_time, None);
        assert_eq!(read.update_time.unwrap().to_string(), "2026-01-02T03:04:05.123456789Z");
    }

    #[test]
    fn integers_are_accepted_as_numbers_and_strings() {
        let total = |json: &str| -> Result<Option<i64>> {
            let page: OrganizationPage =
                response("x", None, format!(r#"{{"total_size": {json}}}"#).as_bytes())?;
            Ok(page.total_size)
        };
        for (json, read) in
            [("7", Some(7)), ("\"7\"", Some(7)), ("7.0", Some(7)), ("null", None), ("\"\"", None)]
        {
            assert_eq!(total(json).unwrap(), read, "{json}");
        }
        assert_eq!(total("\"9223372036854775807\"").unwrap(), Some(i64::MAX));
        for odd in ["7.5", "\"x\"", "9223372036854775808", "1e300", "true", "[]"] {
            assert!(why(total(odd)).ends_with("has an unexpected type at `total_size`"), "{odd}");
        }
    }

    #[test]
    fn invalid_field_is_named_and_not_quoted() {
        assert!(why(organization("{}")).contains("documented shape"));
        assert!(why(organization("[]")).contains("documented shape"));
        assert!(why(organization(r#"{"organization": null}"#)).contains("documented shape"));
        for cut in ["", "{", r#"{"organization": {"id": "or"#, "<html>", r#"{"organization":{}} x"#] {
            let text = why(organization(cut));
            assert!(text.contains("not JSON") || text.contains("documented shape"), "{cut}: {text}");
        }
        let text = why(organization(r#"{"organization": {"metadata": {"plan": ["hunter2"]}}}"#));
        assert_eq!(
            text,
            "organizations.get: the response has an unexpected type at `organization.metadata.plan`"
        );
    }

    #[test]
    fn secrets_are_wrapped_and_unit_accepts_any_response() {
        let body = br#"{"connection": {"oidc_config": {"client_secret": "hunter2"}, "static_config": {"static_config": {"k": "hunter2"}}}}"#;
        let connection: Connection = response("connections.get", Some("connection"), body).unwrap();
        assert!(!format!("{connection:?}").contains("hunter2"));
        assert_eq!(
            connection.oidc_config.as_ref().unwrap().client_secret.as_ref().unwrap().reveal(),
            "hunter2"
        );
        let again = serde_json::to_value(&connection).unwrap();
        assert_eq!(again["static_config"]["static_config"]["k"], "hunter2");
        for body in ["", "{}", "null", " \n", r#"{"x": 1}"#] {
            assert_eq!(response::<()>("x", None, body.as_bytes()), Ok(()), "{body}");
        }
        assert_eq!(response::<Vec<Connection>>("x", Some("connections"), b"{}"), Ok(vec![]));
    }
}
