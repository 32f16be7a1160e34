//! JSON Web Tokens: taking them apart, their signatures, keys and claims. Nothing here sends a request.
//!
//! `jws` takes a token apart and verifies its signature, `strict` parses its JSON, `payload` checks the claims that all
//! kinds of tokens share, `refusal` lists the reasons for which a token is rejected, `key_set` reads the keys.

mod crypto;
mod jws;
mod key_set;
mod payload;
mod refusal;
mod strict;

pub(crate) use crypto::{challenge, half_hash, random, same, sha256};
pub(crate) use jws::Unverified;
#[cfg(any(test, fuzzing))]
pub(crate) use jws::Verified;
pub(crate) use key_set::{Key, KeySet};
pub(crate) use payload::{Payload, Rules};
pub(crate) use refusal::{Reason, Verdict, refuse, shown};
#[cfg(any(test, fuzzing))]
pub(crate) use strict::object;
