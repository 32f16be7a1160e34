//! Role.

use serde::{Deserialize, Serialize};

use crate::table::Entity;

/// The environment, in place of an organization ID.
pub(crate) const ENVIRONMENT: &str = "";

/// A role of the environment or of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Role {
    key: String,
    pub(crate) id: String,
    /// Empty for a role of the environment.
    pub(crate) organization_id: String,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    /// The name of the base role, whose permissions it inherits. May be empty.
    pub(crate) extends: String,
    /// The names of its own permissions.
    pub(crate) permissions: Vec<String>,
}

/// The role fields of a body. Omitted fields are unchanged.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    display_name: Option<String>,
    description: Option<String>,
    extends: Option<String>,
    permissions: Option<Vec<String>>,
}

/// A role in a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    pub(crate) name: String,
    /// Default: the environment.
    #[serde(default)]
    pub(crate) organization_id: String,
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) extends: String,
    #[serde(default)]
    pub(crate) permissions: Vec<String>,
}

impl Role {
    pub(crate) fn new(id: String, organization_id: &str, name: &str) -> Role {
        Role {
            key: Role::key(organization_id, name),
            id,
            organization_id: organization_id.into(),
            name: name.into(),
            display_name: name.into(),
            description: String::new(),
            extends: String::new(),
            permissions: Vec::new(),
        }
    }

    /// The key of a role in its table. Role names are not unique across organizations.
    pub(crate) fn key(organization_id: &str, name: &str) -> String {
        format!("{organization_id}/{name}")
    }

    pub(crate) fn from_draft(draft: &Draft, id: String) -> Role {
        let role = Role::new(id, &draft.organization_id, &draft.name);
        Role {
            display_name: draft.display_name.clone().unwrap_or_else(|| draft.name.clone()),
            description: draft.description.clone(),
            extends: draft.extends.clone(),
            permissions: draft.permissions.clone(),
            ..role
        }
    }

    pub(crate) fn apply(&mut self, change: Change) {
        let targets = [
            (change.display_name, &mut self.display_name),
            (change.description, &mut self.description),
            (change.extends, &mut self.extends),
        ];
        for (text, target) in targets {
            if let Some(text) = text {
                *target = text;
            }
        }
        if let Some(permissions) = change.permissions {
            self.permissions.clear();
            self.add(permissions);
        }
    }

    /// Adds permissions, without duplicates.
    pub(crate) fn add(&mut self, permissions: Vec<String>) {
        for name in permissions {
            if !self.permissions.contains(&name) {
                self.permissions.push(name);
            }
        }
    }
}

impl Entity for Role {
    #[allow(clippy::misnamed_getters, reason = "the table key is the organization and the name")]
    fn id(&self) -> &str {
        &self.key
    }
}
