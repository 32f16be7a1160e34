//! Strict reading of what a caller wrote: unknown and repeated names and missing values are errors.
//!
//! Only with the feature `dispatch`. Without it every reader is lenient, and nothing of this is compiled.

#[cfg(feature = "dispatch")]
use super::Stop;
use super::{Read, Reader};

/// The reason for which strict reading stopped, if it is not a type.
#[cfg(feature = "dispatch")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such name.
    Unknown,
    /// An object has the name twice.
    Repeated,
    /// The value is missing, or `null`.
    Missing,
}

/// The state of strict reading.
#[cfg(feature = "dispatch")]
#[derive(Debug, Default)]
pub(super) struct Strict {
    is_on: bool,
    refusal: Option<Refusal>,
    /// The names of the object that was read last.
    last: Names,
}

/// The names of an object, and whether each has a value.
#[cfg(feature = "dispatch")]
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(String, bool)>);

#[cfg(feature = "dispatch")]
impl<'a> Reader<'a> {
    /// A reader of what a caller wrote.
    pub(crate) fn strict(text: &'a str) -> Self {
        Self { strict: Strict { is_on: true, ..Strict::default() }, ..Self::new(text) }
    }

    /// The length of the whole text, in bytes.
    pub(crate) fn length(&self) -> usize {
        self.text.len()
    }

    /// The reason for which strict reading stopped, if it is not a type.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        self.strict.refusal
    }

    /// Skips the value of an unknown name, or fails.
    pub(crate) fn unknown(&mut self) -> Read<()> {
        if self.strict.is_on { self.refuse(Refusal::Unknown) } else { self.skip() }
    }

    /// Skips a `null` in a list or map, or fails.
    pub(crate) fn absent_element(&mut self) -> Read<()> {
        if self.strict.is_on { Err(Stop::Shape) } else { Ok(()) }
    }

    /// Fails if strict reading is on and the object that was read last lacks one of these names.
    pub(crate) fn require(&mut self, names: &[&str]) -> Read<()> {
        let has =
            |name: &str| self.strict.last.0.iter().any(|(known, has_value)| known == name && *has_value);
        let missing = names.iter().find(|name| !has(name)).filter(|_| self.strict.is_on);
        if let Some(missing) = missing {
            self.path = (*missing).to_owned();
            return self.refuse(Refusal::Missing);
        }
        Ok(())
    }

    fn refuse(&mut self, refusal: Refusal) -> Read<()> {
        self.strict.refusal = Some(refusal);
        Err(Stop::Shape)
    }

    /// Records a name of the object that is being read.
    pub(super) fn note(&mut self, names: &mut Names, name: &str) -> Read<()> {
        if !self.strict.is_on {
            return Ok(());
        }
        if names.0.iter().any(|(known, _)| known == name) {
            return self.refuse(Refusal::Repeated);
        }
        let has_value = self.peek() != Some(b'n');
        names.0.push((name.to_owned(), has_value));
        Ok(())
    }

    /// Keeps the names of an object that was read.
    pub(super) fn leave(&mut self, names: Names) {
        self.strict.last = names;
    }
}

#[cfg(not(feature = "dispatch"))]
#[derive(Debug, Default)]
pub(super) struct Strict {}

#[cfg(not(feature = "dispatch"))]
#[derive(Debug, Default)]
pub(super) struct Names {}

#[cfg(not(feature = "dispatch"))]
#[allow(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "with the feature `dispatch` they do something"
)]
impl Reader<'_> {
    /// Skips the value of an unknown name.
    #[inline]
    pub(crate) fn unknown(&mut self) -> Read<()> {
        self.skip()
    }

    /// Skips a `null` in a list or map.
    #[inline]
    pub(crate) fn absent_element(&mut self) -> Read<()> {
        Ok(())
    }

    /// Lenient reading requires no name.
    #[inline]
    pub(crate) fn require(&mut self, _: &[&str]) -> Read<()> {
        Ok(())
    }

    #[inline]
    pub(super) fn note(&mut self, _: &mut Names, _: &str) -> Read<()> {
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self, _: Names) {}
}

#[cfg(all(test, feature = "dispatch"))]
mod tests {
    use super::*;
    use crate::types::Field;
    use crate::{CreateOrganization, UpdateOrganization};

    fn refused<T: Field + Default>(text: &str) -> (Option<Refusal>, String) {
        let mut from = Reader::strict(text);
        let stopped = T::default().read_request(&mut from);
        assert_eq!(stopped, Err(Stop::Shape), "{text}");
        (from.refusal(), from.path().to_owned())
    }

    #[test]
    fn unknown_repeated_and_missing_names_are_refused_by_path() {
        let create = refused::<CreateOrganization>;
        let of = |refusal, path: &str| (Some(refusal), path.to_owned());
        assert_eq!(create(r#"{"display_name": "A", "displayName": 1}"#), of(Refusal::Unknown, "displayName"));
        assert_eq!(
            create(r#"{"display_name": "A", "display_name": "B"}"#),
            of(Refusal::Repeated, "display_name")
        );
        assert_eq!(create("{}"), of(Refusal::Missing, "display_name"));
        assert_eq!(create(r#"{"display_name": null}"#), of(Refusal::Missing, "display_name"));
        assert_eq!(create(r#"{"display_name": 7}"#), (None, "display_name".into()));
        assert_eq!(
            create(r#"{"display_name": "A", "metadata": {"plan": null}}"#),
            (None, "metadata.plan".into()),
            "a null in a map would be dropped silently"
        );
    }

    #[test]
    fn lenient_reading_is_unchanged() {
        let mut read = UpdateOrganization::default();
        let text = r#"{"new": 1, "slug": "a", "slug": "b", "metadata": {"a": null, "b": "c"}}"#;
        assert_eq!(read.read_request(&mut Reader::new(text)), Ok(()));
        assert_eq!(read.slug.as_deref(), Some("b"));
        assert_eq!(read.metadata.map(|metadata| metadata.len()), Some(1));
    }
}
