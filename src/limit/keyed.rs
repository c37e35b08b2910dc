//! What a limiter keeps for each key, in a table that grows with the keys.

use super::Key;

/// A state for each key, all alike until something is kept.
#[derive(Clone, Debug)]
pub struct Keyed<S> {
    fresh: S,
    states: Vec<S>,
}

impl<S: Clone> Keyed<S> {
    /// No key seen yet; `fresh` is the state of one that comes for the first time.
    pub fn new(fresh: S) -> Self {
        Keyed { fresh, states: Vec::new() }
    }

    /// The state of `key`, to be looked at.
    pub fn get(&self, key: Key) -> &S {
        self.states.get(key as usize).unwrap_or(&self.fresh)
    }

    /// The state of `key`, to be changed.
    #[inline(always)]
    pub fn of(&mut self, key: Key) -> &mut S {
        let at = key as usize;
        if at >= self.states.len() {
            self.grow(at + 1);
        }
        &mut self.states[at]
    }

    /// Rare, and therefore kept apart from what is not.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, keys: usize) {
        self.states.resize(keys, self.fresh.clone());
    }

    /// The states of all keys seen so far.
    pub fn iter(&self) -> impl Iterator<Item = &S> {
        self.states.iter()
    }

    /// The bytes of the table itself, without what its states hold elsewhere.
    pub fn bytes(&self) -> usize {
        self.states.len() * size_of::<S>()
    }
}
