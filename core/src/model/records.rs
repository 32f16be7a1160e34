//! The macros that declare models, so that the rules of reading and writing are stated once.

use serde::Serialize as _;

/// Declares what the service answers. Every field reads leniently (see `lenient`), so none is required. A field whose
/// name on the wire differs says so: `auth_requests as "authRequests": Vec<AuthRequest>`. `pub struct Session requires
/// session_id` makes an object without this field, or with an empty one, an error.
macro_rules! answers {
    ($( $(#[$meta:meta])* pub struct $Name:ident $(requires $needed:ident)? {
        $( $(#[$fm:meta])* $field:ident $(as $wire:literal)?: $ty:ty ),* $(,)?
    } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Record))]
        #[non_exhaustive]
        pub struct $Name { $(
            $(#[$fm])*
            $( #[serde(rename = $wire)] )?
            #[serde(skip_serializing_if = "crate::types::absent")]
            #[cfg_attr(feature = "ffi", uniffi(default))]
            pub $field: $ty,
        )* }
        crate::model::nested!($Name read $(requires $needed)? { $( $field $(as $wire)?: $ty, )* });
    )* };
}
pub(crate) use answers;

/// Declares what a caller sends, and what is both sent and answered: required fields, then optional ones (left out
/// when `None`). After `=>` stands the rule that a field must meet before anything is sent (see `check`). An optional
/// 64-bit integer is written as a string, as the service's description has it, with
/// `Option<i64> as "crate::model::int64_text"`.
macro_rules! requests {
    ($( $(#[$meta:meta])* pub struct $Name:ident {
        $( required { $( $(#[$rm:meta])* $req:ident $(as $req_wire:literal)?: $req_ty:ty $(=> $req_rule:expr)? ),* $(,)? } )?
        $( optional { $( $(#[$om:meta])* $opt:ident $(as $opt_wire:literal)?: $opt_ty:ty $(as $form:literal)? $(=> $opt_rule:expr)? ),* $(,)? } )?
    } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Record))]
        pub struct $Name {
            $( $(
                $(#[$rm])*
                $( #[serde(rename = $req_wire)] )?
                pub $req: $req_ty,
            )* )?
            $( $(
                $(#[$om])*
                $( #[serde(rename = $opt_wire)] )?
                $( #[serde(serialize_with = $form)] )?
                #[serde(skip_serializing_if = "crate::types::absent")]
                #[cfg_attr(feature = "ffi", uniffi(default))]
                pub $opt: $opt_ty,
            )* )?
        }
        crate::model::nested!($Name read_given {
            $( $( $req $(as $req_wire)?: $req_ty, )* )?
            $( $( $opt $(as $opt_wire)?: $opt_ty $(as $form)?, )* )?
        });

        impl crate::check::Check for $Name {
            fn check(&self) -> crate::check::Verdict {
                $( $( $( crate::check::meets(stringify!($req), &self.$req, $req_rule)?; )? )* )?
                $( $( $( crate::check::meets(stringify!($opt), &self.$opt, $opt_rule)?; )? )* )?
                Ok(())
            }
        }
    )* };
}
pub(crate) use requests;

/// A model inside another one, or as a whole answer: `null` means absent.
macro_rules! nested {
    ($Name:ident $read:ident $(requires $needed:ident)? { $( $field:ident $(as $wire:literal)?: $ty:ty $(as $form:literal)?, )* }) => {
        impl crate::types::Lenient for $Name {
            fn lenient(from: &mut crate::types::Reader<'_>) -> crate::types::Read<Option<Self>> {
                let mut read = Self::default();
                let there = from.object(&mut |key, from| {
                    $( if key == const { crate::model::nested!(@name $field $($wire)?) } {
                        return crate::types::Field::$read(&mut read.$field, from);
                    } )*
                    from.skip()
                })?;
                $( if there && read.$needed == Self::default().$needed {
                    return Err(crate::types::Stop::Shape);
                } )?
                Ok(there.then_some(read))
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                crate::types::deserialized(from)
            }
        }

        #[cfg(test)]
        impl crate::types::Described for $Name {
            fn shape() -> crate::types::Shape {
                crate::types::Shape::Object(stringify!($Name), || vec![
                    $( (crate::model::nested!(@name $field $($wire)?), crate::model::nested!(@shape $ty $(as $form)?)) ),*
                ], crate::model::nested!(@needed $($needed)?))
            }
        }
    };
    (@name $field:ident) => { crate::model::bare(stringify!($field)) };
    (@name $field:ident $wire:literal) => { $wire };
    (@needed) => { None };
    (@needed $needed:ident) => { Some(stringify!($needed)) };
    (@shape $ty:ty) => { <$ty as crate::types::Described>::shape() };
    (@shape $ty:ty as $form:literal) => { crate::types::Shape::IntegerText };
}
pub(crate) use nested;

/// Writes a 64-bit integer as a string.
#[allow(clippy::ref_option, reason = "the signature is serde's")]
pub(crate) fn int64_text<S: serde::Serializer>(value: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    value.as_ref().map(ToString::to_string).serialize(to)
}

/// A field's name without the mark that lets it be a keyword.
pub(crate) const fn bare(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Declares how what was read becomes a change: the fields that an update has too. The rest, which only the service
/// writes, stays behind.
macro_rules! write_back {
    ($( $Model:ident => $Update:ident { $($field:ident),* $(,)? } )*) => { $(
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Model {
            /// The change that leaves everything as it is: alter what you want in it, and send it with `update`.
            #[must_use]
            #[allow(clippy::needless_update, reason = "an update may have fields that are never read")]
            pub fn to_update(&self) -> $Update {
                $Update { $( $field: crate::model::Kept::kept(&self.$field), )* ..Default::default() }
            }
        }
    )* };
}
pub(crate) use write_back;

/// A value of an answer as the value of a change.
pub(crate) trait Kept<T> {
    fn kept(&self) -> T;
}

impl<T: Clone> Kept<T> for T {
    fn kept(&self) -> T {
        self.clone()
    }
}

/// An empty text means absent in an answer, and might mean "clear" in a change.
impl Kept<Option<String>> for String {
    fn kept(&self) -> Option<String> {
        Some(self.clone()).filter(|text| !text.is_empty())
    }
}

macro_rules! kept_as_it_is {
    ($(($($T:ident)?) $Type:ty;)*) => { $(
        impl$(<$T: Clone>)? Kept<Option<$Type>> for $Type {
            fn kept(&self) -> Option<$Type> {
                Some(self.clone())
            }
        }
    )* };
}
kept_as_it_is! {
    () bool;
    () i64;
    (T) Vec<T>;
    (T) std::collections::HashMap<String, T>;
}
