//! User.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::MembershipDraft;
use crate::clock::Instant;
use crate::table::Entity;

/// Serializes like the service, except for the memberships, which are stored separately.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) external_id: String,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) user_profile: Profile,
    pub(crate) create_time: Instant,
    pub(crate) update_time: Instant,
    pub(crate) last_login_time: Option<Instant>,
}

/// The profile of a user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) id: String,
    name: String,
    given_name: String,
    family_name: String,
    preferred_username: String,
    pub(crate) email_verified: bool,
    phone_number: String,
    phone_number_verified: bool,
    picture: String,
    gender: String,
    locale: String,
    groups: Vec<String>,
    custom_attributes: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
    external_identities: Vec<Value>,
}

/// The user fields of a body. Omitted fields are unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    external_id: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
    user_profile: Option<ProfileChange>,
}

/// The profile fields of a body or a seed. Only seeds can set the output-only fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProfileChange {
    name: Option<String>,
    /// Deprecated name of `given_name`, which takes precedence.
    first_name: Option<String>,
    given_name: Option<String>,
    /// Deprecated name of `family_name`, which takes precedence.
    last_name: Option<String>,
    family_name: Option<String>,
    preferred_username: Option<String>,
    email_verified: Option<bool>,
    phone_number: Option<String>,
    phone_number_verified: Option<bool>,
    picture: Option<String>,
    gender: Option<String>,
    locale: Option<String>,
    groups: Option<Vec<String>>,
    custom_attributes: Option<BTreeMap<String, String>>,
    metadata: Option<BTreeMap<String, String>>,
    external_identities: Option<Vec<Value>>,
}

/// A user in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) id: Option<String>,
    pub(crate) email: String,
    #[serde(default)]
    external_id: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    #[serde(default)]
    user_profile: ProfileChange,
    #[serde(default)]
    pub(crate) memberships: Vec<MembershipDraft>,
}

impl User {
    pub(crate) fn new(id: String, profile_id: String, email: &str, now: Instant) -> User {
        User {
            id,
            email: email.into(),
            external_id: String::new(),
            metadata: BTreeMap::new(),
            user_profile: Profile { id: profile_id, ..Profile::default() },
            create_time: now,
            update_time: now,
            last_login_time: None,
        }
    }

    pub(crate) fn from_draft(draft: &Draft, id: String, profile_id: String, now: Instant) -> User {
        let mut user = User::new(id, profile_id, &draft.email, now);
        user.external_id.clone_from(&draft.external_id);
        user.metadata.clone_from(&draft.metadata);
        user.user_profile.apply(draft.user_profile.clone());
        user
    }

    pub(crate) fn apply(&mut self, change: Change) {
        set(&mut self.external_id, change.external_id);
        set(&mut self.metadata, change.metadata);
        if let Some(profile) = change.user_profile {
            self.user_profile.apply(profile);
        }
    }

    /// Sets the profile of a user who signed up, with a verified email address.
    pub(crate) fn signed_up(self, (given_name, family_name): (String, String)) -> User {
        let name = format!("{given_name} {family_name}");
        let profile = Profile { name, given_name, family_name, email_verified: true, ..self.user_profile };
        User { user_profile: profile, ..self }
    }

    /// The JSON in the request to an interceptor.
    pub(crate) fn for_interceptors(&self) -> Value {
        let profile = &self.user_profile;
        json!({
            "id": self.id,
            "name": profile.name,
            "email": self.email,
            "email_verified": profile.email_verified,
            "created_at": self.create_time,
            "updated_at": self.update_time,
            "given_name": profile.given_name,
            "family_name": profile.family_name,
            "metadata": self.metadata,
            "custom_attributes": profile.custom_attributes,
        })
    }

    /// Whether the email address, ID or external ID contains the query, ignoring case.
    pub(crate) fn matches(&self, query: &str) -> bool {
        let query = query.to_lowercase();
        [&self.email, &self.id, &self.external_id].into_iter().any(|own| own.to_lowercase().contains(&query))
    }
}

impl Profile {
    fn apply(&mut self, change: ProfileChange) {
        set(&mut self.name, change.name);
        set(&mut self.given_name, change.given_name.or(change.first_name));
        set(&mut self.family_name, change.family_name.or(change.last_name));
        set(&mut self.preferred_username, change.preferred_username);
        set(&mut self.email_verified, change.email_verified);
        set(&mut self.phone_number, change.phone_number);
        set(&mut self.phone_number_verified, change.phone_number_verified);
        set(&mut self.picture, change.picture);
        set(&mut self.gender, change.gender);
        set(&mut self.locale, change.locale);
        set(&mut self.groups, change.groups);
        set(&mut self.custom_attributes, change.custom_attributes);
        set(&mut self.metadata, change.metadata);
        set(&mut self.external_identities, change.external_identities);
    }
}

fn set<T>(target: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *target = value;
    }
}

impl Entity for User {
    fn id(&self) -> &str {
        &self.id
    }
}
