//! Refresh tokens.
//!
//! A token contains the number of its family and its own number within the family, authenticated with a key of this
//! emulator. So only families need memory, however often they are refreshed.

use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;

use super::codes::{Grant, Rejection};
use crate::clock::Instant;
use crate::ids::{HmacKey, hex};

const UNKNOWN: Rejection = "the refresh token is unknown or was revoked";

/// All refresh tokens of one login. Only the last is valid.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Family {
    grant: Grant,
    /// Number of the valid token.
    last: u64,
    expires_at: Instant,
    /// The numbers of recently used tokens, and the times of their first use.
    recent: VecDeque<(u64, Instant)>,
}

/// A position in a family.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    family: u64,
    number: u64,
}

/// A refresh token that can be used.
#[derive(Debug)]
pub(crate) struct Usable {
    pub(crate) grant: Grant,
    position: Position,
    /// The token was already used, but can be used again because its first use is recent.
    is_repeated: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, Default)]
pub(crate) struct RefreshTokens {
    key: HmacKey,
    families: HashMap<u64, Family>,
    last_family: u64,
}

impl RefreshTokens {
    /// Issues the first refresh token of a login. Returns it with the number of its family.
    pub(crate) fn start(&mut self, grant: Grant, expires_at: Instant) -> (String, u64) {
        self.last_family += 1;
        let (family, last) = (self.last_family, 1);
        self.families.insert(family, Family { grant, last, expires_at, recent: VecDeque::new() });
        (self.text(Position { family, number: last }), family)
    }

    /// Checks a refresh token. Reuse of a rotated token after the grace period revokes its whole family: a second party
    /// has the token, and the server cannot tell which one is legitimate.
    pub(crate) fn check(
        &mut self,
        text: &str,
        app_id: &str,
        now: Instant,
        grace: TimeDelta,
    ) -> Result<Usable, Rejection> {
        let position = self.position(text).ok_or(UNKNOWN)?;
        let family = self.families.get(&position.family).filter(|family| family.grant.app_id == app_id);
        let family = family.ok_or(UNKNOWN)?;
        let is_repeated = position.number != family.last;
        let is_recent =
            |(number, used_at): &(u64, Instant)| *number == position.number && now < used_at.plus(grace);
        if is_repeated && !family.recent.iter().any(is_recent) {
            self.families.remove(&position.family);
            return Err("the refresh token was already used; its successors are revoked");
        }
        if family.expires_at <= now {
            return Err("the refresh token has expired");
        }
        Ok(Usable { grant: family.grant.clone(), position, is_repeated })
    }

    /// Returns the successor of a token: a new one, or the same as before if the token is used again.
    pub(crate) fn rotate(
        &mut self,
        used: &Usable,
        now: Instant,
        grace: TimeDelta,
        expires_at: Instant,
    ) -> String {
        let Position { family, number } = used.position;
        if let Some(family) = self.families.get_mut(&family).filter(|_| !used.is_repeated) {
            family.recent.retain(|(_, used_at)| now < used_at.plus(grace));
            family.recent.push_back((number, now));
            family.last = number + 1;
            family.expires_at = expires_at;
        }
        self.text(Position { family, number: number + 1 })
    }

    /// Returns the grant of a valid token and its expiration time.
    pub(crate) fn find(&self, text: &str, now: Instant) -> Option<(&Grant, Instant)> {
        let position = self.position(text)?;
        let family = self.families.get(&position.family)?;
        let is_valid = family.last == position.number && family.expires_at > now;
        is_valid.then_some((&family.grant, family.expires_at))
    }

    /// Revokes the family of a token.
    pub(crate) fn revoke(&mut self, text: &str) {
        if let Some(position) = self.position(text) {
            self.revoke_family(position.family);
        }
    }

    pub(crate) fn revoke_family(&mut self, family: u64) {
        self.families.remove(&family);
    }

    pub(crate) fn len(&self) -> usize {
        self.families.len()
    }

    /// Removes expired families and those of ended sessions.
    pub(crate) fn sweep(&mut self, now: Instant, is_active: impl Fn(&str) -> bool) {
        self.families.retain(|_, family| family.expires_at > now && is_active(&family.grant.session_id));
        self.families.shrink_to_fit();
    }

    fn text(&self, position: Position) -> String {
        let name = format!("{:016x}{:016x}", position.family, position.number);
        let tag = hex(self.key.sign(name.as_bytes()).as_ref());
        format!("rt_{name}{tag}")
    }

    fn position(&self, text: &str) -> Option<Position> {
        let (name, tag) = text.strip_prefix("rt_")?.split_at_checked(32)?;
        let (family, number) = name.split_at(16);
        let parse = |digits| u64::from_str_radix(digits, 16).ok();
        let position = Position { family: parse(family)?, number: parse(number)? };
        (hex(self.key.sign(name.as_bytes()).as_ref()) == tag).then_some(position)
    }
}
