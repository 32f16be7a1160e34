//! Methods that may be left arguments out of in other languages.
//!
//! UniFFI reads `#[uniffi::method(default(..))]` only where it stands bare, not inside `cfg_attr`, and bare it needs
//! the feature. So such methods are written through this macro: `[method(default(x))] { pub fn … }`.

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
