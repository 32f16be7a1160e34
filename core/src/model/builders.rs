//! Constructors and setters of records, for Rust. The other languages have named arguments.

/// Declares `new`, which takes the required fields, and `with_…`, which sets an optional one.
macro_rules! builders {
    ($Name:ident { $( $required:ident: $required_ty:ty ),* $(,)? } { $( $optional:ident: $optional_ty:ty ),* $(,)? }) => {
        impl $Name {
            /// Creates the record with its required fields. Optional fields are unset.
            #[must_use]
            #[allow(clippy::needless_update, reason = "a record may have required fields only")]
            pub fn new($( $required: impl Into<$required_ty> ),*) -> Self {
                Self { $( $required: $required.into(), )* ..Self::default() }
            }
        }
        crate::model::setters!($Name { $( $optional: $optional_ty ),* });
    };
}
pub(crate) use builders;

/// Declares `with_…` for optional fields, by the types inside their `Option`; with `@values`, for other fields.
macro_rules! setters {
    (@values $Name:ident { $( $field:ident: $ty:ty ),* $(,)? }) => { pastey::paste! {
        impl $Name { $(
            #[doc = "Sets `" $field "`."]
            #[must_use]
            pub fn [<with_ $field>](mut self, $field: impl Into<$ty>) -> Self {
                self.$field = $field.into();
                self
            }
        )* }
    } };
    ($Name:ident { $( $field:ident: $ty:ty ),* $(,)? }) => { pastey::paste! {
        impl $Name { $(
            #[doc = "Sets `" $field "`."]
            #[must_use]
            pub fn [<with_ $field>](mut self, $field: impl Into<$ty>) -> Self {
                self.$field = Some($field.into());
                self
            }
        )* }
    } };
}
pub(crate) use setters;
