//! Strict reading of what a caller wrote: unknown and repeated names and missing values are errors.
//!
//! Only with the feature `dispatch`. Without it every reader is lenient, and nothing of this is compiled.

#[cfg(feature = "dispatch")]
use std::collections::BTreeMap;

#[cfg(feature = "dispatch")]
use super::Stop;
use super::{Read, Reader};

/// The reason for which strict reading stopped, if it is not a type.
#[cfg(feature = "dispatch")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such name.
    Unknown,
    /// An object has the name twice.
    Repeated,
    /// The value is missing, or `null`.
    Missing,
    /// The text is not one of these, which are separated by commas.
    Choice(String),
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
pub(super) struct Names(BTreeMap<String, bool>);

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
        self.strict.refusal.clone()
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
        let has = |name: &str| self.strict.last.0.get(name).copied().unwrap_or(false);
        let missing = names.iter().find(|name| !has(name)).filter(|_| self.strict.is_on);
        if let Some(missing) = missing {
            self.path = (*missing).to_owned();
            return self.refuse(Refusal::Missing);
        }
        Ok(())
    }

    pub(crate) fn refuse<T>(&mut self, refusal: Refusal) -> Read<T> {
        self.strict.refusal = Some(refusal);
        Err(Stop::Shape)
    }

    /// Records a name of the object that is being read.
    pub(super) fn note(&mut self, names: &mut Names, name: &str) -> Read<()> {
        if !self.strict.is_on {
            return Ok(());
        }
        let has_value = self.peek() != Some(b'n');
        match names.0.insert(name.to_owned(), has_value) {
            Some(_) => self.refuse(Refusal::Repeated),
            None => Ok(()),
        }
    }

    /// Keeps the names of an object that was read.
    pub(super) fn leave(&mut self, names: Names) {
        self.strict.last = names;
    }

    /// Fails if strict reading is on and an object in the next value, which may be anything, has a name twice.
    pub(super) fn check_names(&mut self) -> Read<()> {
        let start = self.at;
        if self.strict.is_on {
            self.skip_noting_names()?;
        }
        self.at = start;
        Ok(())
    }

    fn skip_noting_names(&mut self) -> Read<()> {
        match self.peek() {
            Some(b'{') => self.object(&mut |_, from| from.skip_noting_names()).map(|_| ()),
            Some(b'[') => self.list(&mut |from| from.skip_noting_names()).map(|_| ()),
            _ => self.skip(),
        }
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

    #[inline]
    pub(super) fn check_names(&mut self) -> Read<()> {
        Ok(())
    }
}

#[cfg(all(test, feature = "dispatch"))]
mod tests {
    use super::*;
    use crate::types::{Field, Json};
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
    fn names_inside_arbitrary_values_are_refused_by_path() {
        let (refusal, path) = refused::<Option<Json>>(r#"{"a": [0, {"b": 1, "\u0062": 2}]}"#);
        assert_eq!((refusal, path.as_str()), (Some(Refusal::Repeated), "a[1].b"));
        let mut read = None::<Json>;
        let mut from = Reader::strict(r#"{"a": {"b": null}, "b": {"b": []}}"#);
        assert_eq!(read.read_request(&mut from).and_then(|()| from.end()), Ok(()));
        assert_eq!(read.unwrap().to_string(), r#"{"a":{"b":null},"b":{"b":[]}}"#);
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
