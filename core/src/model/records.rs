//! Macros that declare data models, with their serialization and deserialization.

use serde::Serialize as _;

/// Declares models of responses. Fields are read leniently (see `lenient`), so none is required. `as` sets a wire name
/// that differs from the field name: `auth_requests as "authRequests": Vec<AuthRequest>`. With `pub struct Session
/// requires session_id`, an object without this field, or with an empty one, is an error.
macro_rules! responses {
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
        crate::model::model_reader!($Name read $(requires $needed)? { $( $field $(as $wire)?: $ty, )* });
    )* };
}
pub(crate) use responses;

/// Declares models of requests, and of values that occur in both requests and responses: required fields, then optional
/// ones (omitted if `None`). The rule after `=>` is checked before the request is sent (see `check`). `Option<i64> as
/// "crate::model::int64_text"` sends a 64-bit integer as a string, as the API description has it. `lists` are optional
/// fields whose default is an empty list.
macro_rules! requests {
    ($( $(#[$meta:meta])* pub struct $Name:ident {
        $( required { $( $(#[$rm:meta])* $req:ident $(as $req_wire:literal)?: $req_ty:ty $(=> $req_rule:expr)? ),* $(,)? } )?
        $( optional { $( $(#[$om:meta])* $opt:ident $(as $opt_wire:literal)?: Option<$opt_ty:ty> $(as $form:literal)? $(=> $opt_rule:expr)? ),* $(,)? } )?
        $( lists { $( $(#[$lm:meta])* $list:ident: Vec<$list_ty:ty> ),* $(,)? } )?
    } )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Record))]
        #[non_exhaustive]
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
                pub $opt: Option<$opt_ty>,
            )* )?
            $( $(
                $(#[$lm])*
                #[serde(skip_serializing_if = "crate::types::absent")]
                #[cfg_attr(feature = "ffi", uniffi(default))]
                pub $list: Vec<$list_ty>,
            )* )?
        }
        crate::model::model_reader!($Name read_request with [$( $( $req $(as $req_wire)?, )* )?] {
            $( $( $req $(as $req_wire)?: $req_ty, )* )?
            $( $( $opt $(as $opt_wire)?: Option<$opt_ty> $(as $form)?, )* )?
            $( $( $list: Vec<$list_ty>, )* )?
        });

        crate::model::builders!($Name { $( $( $req: $req_ty, )* )? } { $( $( $opt: $opt_ty, )* )? });
        $( crate::model::setters!(@values $Name { $( $list: Vec<$list_ty>, )* }); )?

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

/// Implements reading for a model, inside another model or as a complete response: `null` means absent.
macro_rules! model_reader {
    ($Name:ident $read:ident $(requires $needed:ident)? $(with [$( $required:ident $(as $required_wire:literal)? ),* $(,)?])? { $( $field:ident $(as $wire:literal)?: $ty:ty $(as $form:literal)?, )* }) => {
        impl crate::types::Lenient for $Name {
            fn lenient(from: &mut crate::types::Reader<'_>) -> crate::types::Read<Option<Self>> {
                let mut read = Self::default();
                let is_present = from.object(&mut |key, from| {
                    $( if key == const { crate::model::model_reader!(@name $field $($wire)?) } {
                        return crate::types::Field::$read(&mut read.$field, from);
                    } )*
                    from.unknown()
                })?;
                $( if is_present {
                    from.require(&[$( crate::model::model_reader!(@name $required $($required_wire)?) ),*])?;
                } )?
                $( if is_present && read.$needed == Self::default().$needed {
                    return Err(crate::types::Stop::Shape);
                } )?
                Ok(is_present.then_some(read))
            }
        }

        #[cfg(feature = "dispatch")]
        impl $Name {
            const TRANSCODED: &'static [crate::types::TranscodedField] = &[$( crate::types::TranscodedField {
                name: crate::model::model_reader!(@name $field $($wire)?),
                copy: crate::model::model_reader!(@copy $read $ty $(as $form)?),
                default: <$ty as crate::types::TranscodeField>::DEFAULT,
            } ),*];
        }

        #[cfg(feature = "dispatch")]
        impl crate::types::Transcode for $Name {
            fn transcode(
                from: &mut crate::types::Reader<'_>,
                to: &mut crate::types::Writer,
            ) -> crate::types::Read<bool> {
                const { assert!($Name::TRANSCODED.len() <= crate::types::MAX_FIELDS) };
                let needed = crate::model::model_reader!(@needed $($needed)?);
                crate::types::transcode_model(from, to, Self::TRANSCODED, needed)
            }

            fn transcode_default(to: &mut crate::types::Writer) {
                crate::types::transcode_empty(to, Self::TRANSCODED);
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
                    $( (crate::model::model_reader!(@name $field $($wire)?), crate::model::model_reader!(@shape $ty $(as $form)?)) ),*
                ], crate::model::model_reader!(@needed $($needed)?))
            }
        }
    };
    (@name $field:ident) => { crate::model::unraw(stringify!($field)) };
    (@name $field:ident $wire:literal) => { $wire };
    (@copy read $ty:ty) => { <$ty as crate::types::TranscodeField>::VALUE };
    (@copy read_request $ty:ty) => { <$ty as crate::types::TranscodeField>::ELEMENT };
    (@copy $read:ident $ty:ty as $form:literal) => { crate::types::transcode_integer_text };
    (@needed) => { None };
    (@needed $needed:ident) => { Some(stringify!($needed)) };
    (@shape $ty:ty) => { <$ty as crate::types::Described>::shape() };
    (@shape $ty:ty as $form:literal) => { crate::types::Shape::IntegerText };
}
pub(crate) use model_reader;

/// Writes a 64-bit integer as a string.
#[allow(clippy::ref_option, reason = "the signature is serde's")]
pub(crate) fn int64_text<S: serde::Serializer>(value: &Option<i64>, to: S) -> Result<S::Ok, S::Error> {
    value.as_ref().map(ToString::to_string).serialize(to)
}

/// Removes the `r#` of a raw identifier.
pub(crate) const fn unraw(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Implements `to_update` for a model: the named fields, which its update has too, are copied. Read-only fields are
/// dropped.
macro_rules! updates {
    ($( $Model:ident => $Update:ident { $($field:ident),* $(,)? } )*) => { $(
        #[cfg_attr(feature = "ffi", uniffi::export)]
        impl $Model {
            /// Returns an update that changes nothing. Modify it and pass it to `update`.
            #[must_use]
            #[allow(clippy::needless_update, reason = "an update may have fields that are never read")]
            pub fn to_update(&self) -> $Update {
                $Update { $( $field: crate::model::ToUpdate::to_update_value(&self.$field), )* ..Default::default() }
            }
        }
    )* };
}
pub(crate) use updates;

/// Converts a field of a response to the field of an update.
pub(crate) trait ToUpdate<T> {
    fn to_update_value(&self) -> T;
}

impl<T: Clone> ToUpdate<T> for T {
    fn to_update_value(&self) -> T {
        self.clone()
    }
}

/// An empty string means absent in a response, but could clear the field in an update.
impl ToUpdate<Option<String>> for String {
    fn to_update_value(&self) -> Option<String> {
        Some(self.clone()).filter(|text| !text.is_empty())
    }
}

macro_rules! wrap_in_some {
    ($(($($T:ident)?) $Type:ty;)*) => { $(
        impl$(<$T: Clone>)? ToUpdate<Option<$Type>> for $Type {
            fn to_update_value(&self) -> Option<$Type> {
                Some(self.clone())
            }
        }
    )* };
}
wrap_in_some! {
    () bool;
    () i64;
    (T) Vec<T>;
    (T) std::collections::HashMap<String, T>;
}
