//! JSON Web Tokens: parsing, signatures, keys and claims. Nothing here sends a request.
//!
//! `jws` parses a token and verifies its signature, `strict` parses its JSON, `payload` checks the claims that all
//! kinds of tokens share, `rejection` lists the reasons for which a token is rejected, `key_set` reads the keys.

mod crypto;
mod jws;
mod key_set;
mod payload;
mod rejection;
mod strict;

pub(crate) use crypto::{code_challenge, constant_time_eq, half_hash, random, sha256};
pub(crate) use jws::Unverified;
#[cfg(any(test, fuzzing))]
pub(crate) use jws::Verified;
pub(crate) use key_set::{Key, KeySet};
pub(crate) use payload::{Payload, Rules};
pub(crate) use rejection::{Reason, TokenResult, quoted, reject};
#[cfg(any(test, fuzzing))]
pub(crate) use strict::parse_object;
