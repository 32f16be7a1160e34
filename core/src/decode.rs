//! Reading an answer's body into its type.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_path_to_error::Track;

use crate::error::{Result, ScalekitError};
use crate::types::Lenient;

/// Reads an answer: the whole, or what stands under the key `inside`.
pub(crate) fn answer<T: Lenient>(operation: &str, inside: Option<&'static str>, body: &[u8]) -> Result<T> {
    let body = if body.iter().all(u8::is_ascii_whitespace) { b"null" } else { body };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = Answer { inside, of: std::marker::PhantomData }.deserialize(&mut json);
    match read.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => Err(explain::<T>(operation, inside, body, &error)),
    }
}

/// Names the field at fault. serde_json's own message would quote the value, which may be a secret, so the body is
/// read a second time to learn the path alone.
fn explain<T: Lenient>(
    operation: &str,
    inside: Option<&'static str>,
    body: &[u8],
    error: &serde_json::Error,
) -> ScalekitError {
    if !error.is_data() {
        return ScalekitError::decode(operation, "is not JSON, or is cut off");
    }
    let mut track = Track::new();
    let mut json = serde_json::Deserializer::from_slice(body);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let _ = Answer::<T> { inside, of: std::marker::PhantomData }.deserialize(tracked);
    match track.path().to_string().as_str() {
        "." => ScalekitError::decode(operation, "does not have the promised shape"),
        path => ScalekitError::decode(operation, format_args!("has an unexpected type at `{path}`")),
    }
}

struct Answer<T> {
    inside: Option<&'static str>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<'de, T: Lenient> DeserializeSeed<'de> for Answer<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> std::result::Result<T, D::Error> {
        match self.inside {
            Some(key) => from.deserialize_any(Inside { key, of: self.of }),
            None => T::lenient(from)?.or_else(T::missing).ok_or_else(|| D::Error::custom("an empty answer")),
        }
    }
}

struct Inside<T> {
    key: &'static str,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<'de, T: Lenient> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an object with `{}`", self.key)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> std::result::Result<T, A::Error> {
        let mut found = None;
        while let Some(key) = entries.next_key::<String>()? {
            if key == self.key {
                found = entries.next_value::<Held<T>>()?.0;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        found.or_else(T::missing).ok_or_else(|| A::Error::missing_field(self.key))
    }
}

/// `null` under the key is the same as no key.
struct Held<T>(Option<T>);

impl<'de, T: Lenient> Deserialize<'de> for Held<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        T::lenient(from).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Connection, Organization, OrganizationPage, RegionCode};

    fn organization(body: &str) -> Result<Organization> {
        answer("organizations.get", Some("organization"), body.as_bytes())
    }

    fn why(result: Result<impl Sized>) -> String {
        result.err().expect("must not decode").to_string()
    }

    #[test]
    fn zeros_nulls_and_strangers_are_read() {
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
    fn integers_come_as_numbers_and_as_text() {
        let total = |json: &str| -> Result<Option<i64>> {
            let page: OrganizationPage =
                answer("x", None, format!(r#"{{"total_size": {json}}}"#).as_bytes())?;
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
    fn what_is_missing_or_wrong_is_named_and_never_quoted() {
        assert!(why(organization("{}")).contains("promised shape"));
        assert!(why(organization("[]")).contains("promised shape"));
        assert!(why(organization(r#"{"organization": null}"#)).contains("promised shape"));
        for cut in ["", "{", r#"{"organization": {"id": "or"#, "<html>", r#"{"organization":{}} x"#] {
            let text = why(organization(cut));
            assert!(text.contains("not JSON") || text.contains("promised shape"), "{cut}: {text}");
        }
        let text = why(organization(r#"{"organization": {"metadata": {"plan": ["hunter2"]}}}"#));
        assert_eq!(
            text,
            "organizations.get: the answer has an unexpected type at `organization.metadata.plan`"
        );
    }

    #[test]
    fn secrets_are_wrapped_and_empty_answers_are_enough_for_nothing() {
        let body = br#"{"connection": {"oidc_config": {"client_secret": "hunter2"}, "static_config": {"static_config": {"k": "hunter2"}}}}"#;
        let connection: Connection = answer("connections.get", Some("connection"), body).unwrap();
        assert!(!format!("{connection:?}").contains("hunter2"));
        assert_eq!(
            connection.oidc_config.as_ref().unwrap().client_secret.as_ref().unwrap().reveal(),
            "hunter2"
        );
        let again = serde_json::to_value(&connection).unwrap();
        assert_eq!(again["static_config"]["static_config"]["k"], "hunter2");
        for body in ["", "{}", "null", " \n", r#"{"x": 1}"#] {
            assert_eq!(answer::<()>("x", None, body.as_bytes()), Ok(()), "{body}");
        }
        assert_eq!(answer::<Vec<Connection>>("x", Some("connections"), b"{}"), Ok(vec![]));
    }
}
