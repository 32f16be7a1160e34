//! Objects by ID, in the order of creation.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Maximum number of objects of a kind that nothing deletes.
pub(crate) const MAX_BOUNDED: usize = 10_000;

/// An object with an ID.
pub(crate) trait Entity {
    fn id(&self) -> &str;
}

/// An ordered collection of objects, indexed by ID.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    positions: HashMap<String, u64>,
    last: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { rows: BTreeMap::new(), positions: HashMap::new(), last: 0 }
    }
}

impl<T: Entity> Table<T> {
    /// Adds an object, or replaces the one with the same ID and keeps its position.
    pub(crate) fn put(&mut self, item: T) {
        let next = self.last + 1;
        let position = *self.positions.entry(item.id().into()).or_insert(next);
        self.last = self.last.max(position);
        self.rows.insert(position, item);
    }

    /// Adds an object that nothing deletes, such as a link. Beyond 10,000 objects, the oldest is removed.
    pub(crate) fn put_bounded(&mut self, item: T) {
        self.put(item);
        while self.rows.len() > MAX_BOUNDED {
            let Some((_, oldest)) = self.rows.pop_first() else { return };
            self.positions.remove(oldest.id());
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.positions.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(self.positions.get(id)?)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.rows.remove(&self.positions.remove(id)?)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.rows.retain(|_, item| keep(item));
        self.positions.retain(|_, position| self.rows.contains_key(position));
    }

    /// Removes the matching objects and returns them.
    pub(crate) fn remove_all(&mut self, is_removed: impl Fn(&T) -> bool) -> Vec<T> {
        let ids: Vec<String> =
            self.rows.values().filter(|item| is_removed(item)).map(|item| item.id().to_owned()).collect();
        ids.iter().filter_map(|id| self.remove(id)).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.rows.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut()
    }

    /// The objects with their positions. A position never changes and is the sort key.
    pub(crate) fn with_positions(&self) -> impl Iterator<Item = (u64, &T)> {
        self.rows.iter().map(|(position, item)| (*position, item))
    }
}
