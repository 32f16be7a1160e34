//! Typed claims of verified tokens. The `payload` field holds all claims, including those without a field of their own.

mod access;
mod id;
mod idp_initiated;
mod machine;
mod read;

pub use access::AccessTokenClaims;
pub use id::{IdTokenClaims, TokenIdentity};
pub use idp_initiated::IdpInitiatedClaims;
pub use machine::MachineTokenClaims;

/// Declares the claims of one kind of token: each field with its claim, and the `payload` with all claims.
macro_rules! claims {
    ($(#[$meta:meta])* pub struct $Name:ident { $( $(#[$fm:meta])* $field:ident as $claim:literal: $ty:ty ),* $(,)? }
     $( with { $( $(#[$wm:meta])* $with:ident: $with_ty:ty = $read:expr ),* $(,)? } )?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Record))]
        #[non_exhaustive]
        pub struct $Name {
            $( $(#[$fm])* #[doc = ""] #[doc = "Claim:"] #[doc = $claim] pub $field: $ty, )*
            $( $( $(#[$wm])* pub $with: $with_ty, )* )?
            /// All claims of the token, including those without a field of their own.
            pub payload: crate::types::Json,
        }

        impl $Name {
            pub(crate) fn read(payload: crate::jwt::Payload) -> Self {
                Self {
                    $( $field: super::read::Claim::read(payload.get($claim)), )*
                    $( $( $with: $read(&payload), )* )?
                    payload: payload.into_json(),
                }
            }
        }
    };
}
use claims;
