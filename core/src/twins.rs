//! Blocking and asynchronous twins: one declaration of a type's methods for both styles and all languages.

/// Exports an impl block to the other languages, with an attribute for each item: `[method(default(x))] { pub fn … }`.
///
/// UniFFI reads `#[uniffi::method(default(..))]` only where it is not inside `cfg_attr`, and there it needs the feature.
#[cfg(feature = "ffi")]
macro_rules! exported {
    (impl $Type:ident { $( [$($attribute:tt)*] { $($item:tt)* } )* }) => {
        #[uniffi::export]
        impl $Type { $( #[uniffi::$($attribute)*] $($item)* )* }
    };
}

#[cfg(not(feature = "ffi"))]
macro_rules! exported {
    (impl $Type:ident { $( [$($attribute:tt)*] { $($item:tt)* } )* }) => {
        impl $Type { $( $($item)* )* }
    };
}

pub(crate) use exported;

/// Declares a constructor that takes a secret, for one type or for a pair of twins. UniFFI exports no generic functions,
/// so the parameters are declared twice: for Rust, and for the other languages with `SecretInput`.
macro_rules! secret_constructor {
    (impl $Blocking:ident / $Async:ident { $($constructor:tt)* }) => {
        #[cfg(feature = "blocking")]
        crate::twins::secret_constructor! { impl $Blocking { $($constructor)* } }
        crate::twins::secret_constructor! { impl $Async { $($constructor)* } }
    };

    (impl $Type:ident {
        $(#[$meta:meta])*
        rust fn new($($rust:tt)*);
        foreign($($attribute:tt)*) fn new($($foreign:tt)*);
        $body:block
    }) => {
        impl $Type {
            $(#[$meta])*
            pub fn new($($rust)*) -> std::result::Result<Self, crate::error::ScalekitError> $body
        }

        #[cfg(feature = "ffi")]
        #[uniffi::export]
        impl $Type {
            $(#[$meta])*
            #[uniffi::constructor(name = "new", $($attribute)*)]
            fn foreign_new($($foreign)*) -> std::result::Result<Self, crate::error::ScalekitError> $body
        }
    };
}

pub(crate) use secret_constructor;

/// A field that a blocking object shares with its asynchronous twin.
#[cfg(feature = "ffi")]
pub(crate) trait Shared {
    fn shared(&self) -> Self;
}

#[cfg(feature = "ffi")]
impl<T> Shared for std::sync::Arc<T> {
    fn shared(&self) -> Self {
        Self::clone(self)
    }
}

/// Declares two types with the same fields, or their methods:
///
/// ```text
/// twins! {
///     /// The documentation of both.
///     pub struct Things / AsyncThings { wire: Arc<Wire> }
///     blocking "What differs in the blocking type."; async "What differs in the asynchronous one.";
/// }
/// twins! { impl Things / AsyncThings {
///     /// Does the same in both.
///     fn forget(&self, id: &str) -> Result<()> { … }
///     /// Blocks in one and is `async` in the other. The body is a value with `wait()` and `run()`.
///     [method(default(params))] async fn list(&self, params: ListThings) -> Result<Page> { … }
///     /// Makes a twin of another pair, with `from_parts` and the value of the body.
///     fn parts(&self) -> Parts / AsyncParts { … }
/// } }
/// ```
///
/// Parameters and bodies are passed on token by token: UniFFI does not see through a `ty` fragment, and `self` must come
/// from where it is used.
macro_rules! twins {
    (
        $(#[$meta:meta])*
        pub struct $Blocking:ident / $Async:ident { $( $field:ident: $ty:ty ),* $(,)? }
        blocking $blocking:literal; async $async:literal;
    ) => {
        $(#[$meta])*
        #[doc = ""]
        #[doc = $blocking]
        #[cfg(feature = "blocking")]
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Blocking { $( pub(crate) $field: $ty, )* }

        $(#[$meta])*
        #[doc = ""]
        #[doc = $async]
        #[derive(Debug)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Object))]
        pub struct $Async { $( pub(crate) $field: $ty, )* }

        #[cfg(feature = "ffi")]
        #[uniffi::export]
        impl $Blocking {
            /// Returns the asynchronous twin, which shares the connections and the state. For the Kotlin package, whose
            /// blocking calls must not block a virtual thread in native code.
            fn as_async(&self) -> $Async {
                $Async { $( $field: crate::twins::Shared::shared(&self.$field), )* }
            }
        }
    };

    // A pair that is nothing but a client's connection to the service.
    (
        $(#[$meta:meta])*
        pub struct $Blocking:ident / $Async:ident;
        blocking $blocking:literal; async $async:literal;
    ) => {
        crate::twins::twins! {
            $(#[$meta])*
            #[derive(Clone)]
            pub struct $Blocking / $Async { wire: std::sync::Arc<crate::wire::Wire> }
            blocking $blocking; async $async;
        }

        #[cfg(feature = "blocking")]
        impl $Blocking {
            pub(crate) fn from_parts(wire: std::sync::Arc<crate::wire::Wire>) -> Self {
                Self { wire }
            }
        }

        impl $Async {
            pub(crate) fn from_parts(wire: std::sync::Arc<crate::wire::Wire>) -> Self {
                Self { wire }
            }
        }
    };

    (impl $Blocking:ident / $Async:ident { $($items:tt)* }) => {
        crate::twins::twins! { @next [$Blocking $Async] {} {} $($items)* }
    };

    (@next [$Blocking:ident $Async:ident] { $($blocking:tt)* } { $($async:tt)* }) => {
        #[cfg(feature = "blocking")]
        crate::twins::exported! { impl $Blocking { $($blocking)* } }
        crate::twins::exported! { impl $Async { $($async)* } }
    };

    (@next $pair:tt { $($blocking:tt)* } { $($async:tt)* }
        $(#[$meta:meta])* [$($attribute:tt)*]
        async fn $name:ident($($parameters:tt)*) -> Result<$out:ty> $body:block $($rest:tt)*
    ) => {
        crate::twins::twins! { @next $pair
            { $($blocking)* [$($attribute)*] {
                $(#[$meta])*
                pub fn $name($($parameters)*) -> std::result::Result<$out, crate::error::ScalekitError> {
                    $body.wait()
                }
            } }
            { $($async)* [$($attribute)*] {
                $(#[$meta])*
                pub async fn $name($($parameters)*) -> std::result::Result<$out, crate::error::ScalekitError> {
                    $body.run().await
                }
            } }
            $($rest)*
        }
    };

    (@next $pair:tt { $($blocking:tt)* } { $($async:tt)* }
        $(#[$meta:meta])* [$($attribute:tt)*]
        fn $name:ident($($parameters:tt)*) -> Result<$out:ty> $body:block $($rest:tt)*
    ) => {
        crate::twins::twins! { @both $pair { $($blocking)* } { $($async)* }
            [$($attribute)*] {
                $(#[$meta])*
                pub fn $name($($parameters)*) -> std::result::Result<$out, crate::error::ScalekitError> $body
            }
            $($rest)*
        }
    };

    (@next $pair:tt { $($blocking:tt)* } { $($async:tt)* }
        $(#[$meta:meta])* [$($attribute:tt)*]
        fn $name:ident($($parameters:tt)*) -> $BlockingOut:ident / $AsyncOut:ident $body:block $($rest:tt)*
    ) => {
        crate::twins::twins! { @next $pair
            { $($blocking)* [$($attribute)*] {
                $(#[$meta])*
                #[must_use]
                pub fn $name($($parameters)*) -> $BlockingOut {
                    $BlockingOut::from_parts($body)
                }
            } }
            { $($async)* [$($attribute)*] {
                $(#[$meta])*
                #[must_use]
                pub fn $name($($parameters)*) -> $AsyncOut {
                    $AsyncOut::from_parts($body)
                }
            } }
            $($rest)*
        }
    };

    (@next $pair:tt { $($blocking:tt)* } { $($async:tt)* }
        $(#[$meta:meta])* [$($attribute:tt)*]
        fn $name:ident($($parameters:tt)*) $body:block $($rest:tt)*
    ) => {
        crate::twins::twins! { @both $pair { $($blocking)* } { $($async)* }
            [$($attribute)*] {
                $(#[$meta])*
                pub fn $name($($parameters)*) $body
            }
            $($rest)*
        }
    };

    // Without an attribute, an item is a method with no defaults.
    (@next $pair:tt $blocking:tt $async:tt
        $(#[$meta:meta])* async fn $($rest:tt)*
    ) => {
        crate::twins::twins! { @next $pair $blocking $async $(#[$meta])* [method()] async fn $($rest)* }
    };
    (@next $pair:tt $blocking:tt $async:tt
        $(#[$meta:meta])* fn $($rest:tt)*
    ) => {
        crate::twins::twins! { @next $pair $blocking $async $(#[$meta])* [method()] fn $($rest)* }
    };

    (@both $pair:tt { $($blocking:tt)* } { $($async:tt)* } $attribute:tt $item:tt $($rest:tt)*) => {
        crate::twins::twins! { @next $pair
            { $($blocking)* $attribute $item }
            { $($async)* $attribute $item }
            $($rest)*
        }
    };
}

pub(crate) use twins;
