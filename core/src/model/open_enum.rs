//! Open enumerations: the service may add values at any time.

/// Declares an enumeration that preserves unknown values and sends them back unchanged.
macro_rules! open_enum {
    ($( $(#[$meta:meta])* pub enum $Name:ident { $( $(#[$vm:meta])* $Variant:ident = $wire:literal ),* $(,)? } )*) => { $(
        $(#[$meta])*
        ///
        /// The service can add values. A value unknown to this version is `Unrecognized`; its text is preserved and sent
        /// back unchanged.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Enum))]
        #[non_exhaustive]
        pub enum $Name {
            $(
                $(#[$vm])*
                ///
                /// Wire value:
                #[doc = $wire]
                $Variant,
            )*
            /// A value unknown to this version.
            Unrecognized {
                /// Wire value.
                value: String,
            },
        }

        impl $Name {
            /// Returns the wire value.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$Variant => $wire, )*
                    Self::Unrecognized { value } => value,
                }
            }

            fn from_wire(text: &str) -> Self {
                // Some responses differ in case from the API description.
                $( if text.eq_ignore_ascii_case($wire) { return Self::$Variant; } )*
                Self::Unrecognized { value: text.to_owned() }
            }
        }

        #[cfg(feature = "ffi")]
        #[uniffi::export]
        impl $Name {
            /// Returns the wire value.
            #[must_use]
            pub fn wire_value(&self) -> String {
                self.as_str().to_owned()
            }
        }

        /// An unset value, which is never sent or received.
        impl Default for $Name {
            fn default() -> Self {
                Self::Unrecognized { value: String::new() }
            }
        }

        impl From<String> for $Name {
            fn from(value: String) -> Self {
                Self::from_wire(&value)
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from).map(Self::from)
            }
        }

        crate::types::transcode_values!($Name = "\"\"");

        impl crate::types::Lenient for $Name {
            fn lenient(from: &mut crate::types::Reader<'_>) -> crate::types::Read<Option<Self>> {
                crate::types::parse_string(from, |text| Ok(Some(Self::from_wire(text))))
            }
        }

        impl crate::check::Check for $Name {}

        #[cfg(test)]
        impl crate::types::Described for $Name {
            fn shape() -> crate::types::Shape {
                crate::types::Shape::Choice(&[$($wire),*])
            }
        }

        impl crate::types::QueryValue for $Name {
            fn add_to(&self, name: &'static str, query: &mut crate::types::Query) {
                query.push((name.into(), self.as_str().to_owned()));
            }
        }
    )* };
}
pub(crate) use open_enum;
