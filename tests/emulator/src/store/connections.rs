//! Connections, where they depend on the domains of their organization.

use super::Store;
use crate::clock::Instant;
use crate::model::{Connection, ConnectionDraft, Domain, SIGN_IN_DOMAIN};

impl Store {
    /// Builds a connection. Creates its domains if they do not exist. The caller saves it.
    pub(crate) fn new_connection(
        &mut self,
        draft: &ConnectionDraft,
        organization_id: &str,
        now: Instant,
    ) -> Connection {
        let id = draft.id.clone().unwrap_or_else(|| self.ids.next("conn"));
        let names = draft.domains.iter();
        let domains = names.map(|name| self.sign_in_domain_id(organization_id, name, now)).collect();
        Connection::from_draft(draft, id, domains, organization_id, &self.environment_url, now)
    }

    /// The ID of the organization's sign-in domain with this name. Creates the domain if it does not exist.
    fn sign_in_domain_id(&mut self, organization_id: &str, name: &str, now: Instant) -> String {
        let fits = |own: &&Domain| {
            own.organization_id == organization_id && own.domain == name && own.is_for_sign_in()
        };
        if let Some(domain) = self.domains.iter().find(fits) {
            return domain.id.clone();
        }
        let id = self.ids.next("dom");
        let domain = Domain::new(id.clone(), organization_id, name, SIGN_IN_DOMAIN, now);
        self.domains.put(domain.verified());
        id
    }
}
