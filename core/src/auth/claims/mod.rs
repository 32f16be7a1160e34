//! What verified tokens say, typed. The whole payload stays beside it, with every claim that has no field of its own.

mod access;
mod id;
mod idp_initiated;
mod machine;
mod read;

pub use access::AccessTokenClaims;
pub use id::{IdTokenClaims, TokenIdentity};
pub use idp_initiated::IdpInitiatedClaims;
pub use machine::MachineTokenClaims;

/// Declares the claims of one kind of token: each field with the claim's name on the wire. All get the whole payload.
macro_rules! claims {
    ($(#[$meta:meta])* pub struct $Name:ident { $( $(#[$fm:meta])* $field:ident as $wire:literal: $ty:ty ),* $(,)? }
     $( with { $( $(#[$wm:meta])* $with:ident: $with_ty:ty = $read:expr ),* $(,)? } )?) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "ffi", derive(uniffi::Record))]
        #[non_exhaustive]
        pub struct $Name {
            $( $(#[$fm])* #[doc = ""] #[doc = "On the wire:"] #[doc = $wire] pub $field: $ty, )*
            $( $( $(#[$wm])* pub $with: $with_ty, )* )?
            /// Everything that the token says, claims without a field of their own included.
            pub payload: crate::types::Json,
        }

        impl $Name {
            pub(crate) fn read(payload: crate::jwt::Payload) -> Self {
                Self {
                    $( $field: super::read::Claim::read(payload.get($wire)), )*
                    $( $( $with: $read(&payload), )* )?
                    payload: payload.into_json(),
                }
            }
        }
    };
}
use claims;
