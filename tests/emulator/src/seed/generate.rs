//! Generated organizations and users, for lists with many pages.

use std::collections::HashSet;

use serde::Deserialize;

use super::MAX_GENERATED;
use crate::clock::Instant;
use crate::error::SeedError;
use crate::model::{Membership, Organization, User};
use crate::store::Store;

/// The numbers of organizations and users to generate. Each user is a member of the next organization, round-robin.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Generate {
    organizations: usize,
    users: usize,
}

impl Generate {
    /// Creates the objects. Does not return them, because there can be very many.
    pub(super) fn create(&self, store: &mut Store, now: Instant) -> Result<(), SeedError> {
        if self.organizations > MAX_GENERATED || self.users > MAX_GENERATED {
            let reason = format!("at most {MAX_GENERATED} organizations and users each are allowed");
            return Err(SeedError::new("", reason));
        }
        let organizations = self.create_organizations(store, now)?;
        self.create_users(store, &organizations, now)
    }

    /// Returns the IDs.
    fn create_organizations(&self, store: &mut Store, now: Instant) -> Result<Vec<String>, SeedError> {
        let taken: HashSet<String> = store.organizations.iter().map(|own| own.external_id.clone()).collect();
        let create = |number: usize| {
            let mut organization = Organization::new(store.ids.next("org"), now);
            organization.display_name = format!("Organization {number:05}");
            organization.external_id = format!("organization-{number:05}");
            if taken.contains(&organization.external_id) {
                return Err(SeedError::id_exists("", &organization.external_id));
            }
            let id = organization.id.clone();
            store.organizations.put(organization);
            Ok(id)
        };
        (1..=self.organizations).map(create).collect()
    }

    fn create_users(
        &self,
        store: &mut Store,
        organizations: &[String],
        now: Instant,
    ) -> Result<(), SeedError> {
        // Not `check_user`, which compares each user with all others.
        let taken: HashSet<String> = store.users.iter().map(|own| own.email.to_lowercase()).collect();
        for number in 1..=self.users {
            let email = format!("person-{number:05}@generated.example");
            if taken.contains(&email) {
                return Err(SeedError::id_exists("", &email));
            }
            let names = ("Person".to_owned(), format!("{number:05}"));
            let id = store.ids.next("usr");
            let user = User::new(id, store.ids.next("usp"), &email, now).signed_up(names);
            if !organizations.is_empty() {
                let organization_id = &organizations[(number - 1) % organizations.len()];
                let mut membership = Membership::direct(organization_id, &user.id, now);
                membership.roles = vec![store.default_member(organization_id).to_owned()];
                store.memberships.put(membership);
            }
            store.users.put(user);
        }
        Ok(())
    }
}
