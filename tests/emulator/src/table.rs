//! Objects by id, in the order in which they were made.

use std::collections::{BTreeMap, HashMap};

/// Something that is stored under an id.
pub(crate) trait Entity {
    fn id(&self) -> &str;
}

/// A list of objects with quick access by id.
#[derive(Debug, Clone)]
pub(crate) struct Table<T> {
    rows: BTreeMap<u64, T>,
    places: HashMap<String, u64>,
    last: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table { rows: BTreeMap::new(), places: HashMap::new(), last: 0 }
    }
}

impl<T: Entity> Table<T> {
    /// Adds an object, or replaces the one with the same id in its place.
    pub(crate) fn put(&mut self, item: T) {
        let next = self.last + 1;
        let place = *self.places.entry(item.id().into()).or_insert(next);
        self.last = self.last.max(place);
        self.rows.insert(place, item);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.places.get(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        self.rows.get_mut(self.places.get(id)?)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        self.rows.remove(&self.places.remove(id)?)
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.rows.retain(|_, item| keep(item));
        self.places.retain(|_, place| self.rows.contains_key(place));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.rows.values()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.values_mut()
    }

    /// The objects with their places, which order them and never change.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (u64, &T)> {
        self.rows.iter().map(|(place, item)| (*place, item))
    }
}
