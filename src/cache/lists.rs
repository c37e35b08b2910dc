//! Doubly linked lists over the keys of one trace, kept in two arrays.
//!
//! A key stands in at most one of the lists, so one link per key is enough for all of them:
//! moving an object from a queue to a ghost list writes a few numbers and allocates nothing.

use crate::trace::{Key, PerKey};

/// `N` doubly linked lists, each from newest to oldest. Every operation takes constant time;
/// nine bytes a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Lists<const N: usize> {
    /// For each key its neighbours; after the keys, one sentinel a list closes it to a ring.
    links: Vec<Link>,
    /// The list in which each key stands, or `NOWHERE`.
    list: PerKey<u8>,
    lengths: [usize; N],
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Link {
    newer: u32,
    older: u32,
}

const NOWHERE: u8 = u8::MAX;

impl<const N: usize> Lists<N> {
    /// Empty lists for keys below `keys`.
    pub fn new(keys: usize) -> Self {
        let links = (0..keys + N).map(|at| Link { newer: at as u32, older: at as u32 }).collect();
        Lists { links, list: PerKey::new(keys, NOWHERE), lengths: [0; N] }
    }

    /// The list in which `key` stands.
    #[inline(always)]
    pub fn list_of(&self, key: Key) -> Option<usize> {
        let list = self.list[key];
        (list != NOWHERE).then_some(list as usize)
    }

    /// Whether `key` stands in `list`.
    #[inline(always)]
    pub fn holds(&self, list: usize, key: Key) -> bool {
        self.list[key] as usize == list
    }

    /// How many keys stand in `list`.
    #[inline(always)]
    pub fn len(&self, list: usize) -> usize {
        self.lengths[list]
    }

    /// Whether nothing stands in `list`.
    #[inline(always)]
    pub fn is_empty(&self, list: usize) -> bool {
        self.lengths[list] == 0
    }

    /// The key that entered `list` last.
    #[inline(always)]
    pub fn newest(&self, list: usize) -> Option<Key> {
        self.key(self.links[self.sentinel(list)].older)
    }

    /// The key that entered `list` first.
    #[inline(always)]
    pub fn oldest(&self, list: usize) -> Option<Key> {
        self.key(self.links[self.sentinel(list)].newer)
    }

    /// The neighbour of `key` on the side of the newest; `None` at the end of its list.
    #[inline(always)]
    pub fn newer(&self, key: Key) -> Option<Key> {
        self.key(self.links[key.index()].newer)
    }

    /// The neighbour of `key` on the side of the oldest; `None` at the end of its list.
    #[inline(always)]
    pub fn older(&self, key: Key) -> Option<Key> {
        self.key(self.links[key.index()].older)
    }

    /// Puts `key`, which stands nowhere, at the newest end of `list`.
    #[inline(always)]
    pub fn push_newest(&mut self, list: usize, key: Key) {
        let sentinel = self.sentinel(list);
        self.link(key, sentinel as u32, self.links[sentinel].older);
        self.list[key] = list as u8;
        self.lengths[list] += 1;
    }

    /// Puts `key`, which stands nowhere, at the oldest end of `list`.
    #[inline(always)]
    pub fn push_oldest(&mut self, list: usize, key: Key) {
        let sentinel = self.sentinel(list);
        self.link(key, self.links[sentinel].newer, sentinel as u32);
        self.list[key] = list as u8;
        self.lengths[list] += 1;
    }

    /// Puts `key`, which stands nowhere, next to `other`, which stands in `list`, on the side of
    /// the newest.
    #[inline(always)]
    pub fn push_newer(&mut self, list: usize, key: Key, other: Key) {
        self.link(key, self.links[other.index()].newer, other.0);
        self.list[key] = list as u8;
        self.lengths[list] += 1;
    }

    /// Takes `key`, which stands in `list`, out of it.
    #[inline(always)]
    pub fn remove(&mut self, list: usize, key: Key) {
        self.unlink(key);
        self.list[key] = NOWHERE;
        self.lengths[list] -= 1;
    }

    /// Takes the oldest key out of `list`.
    #[inline(always)]
    pub fn pop_oldest(&mut self, list: usize) -> Option<Key> {
        let key = self.oldest(list)?;
        self.remove(list, key);
        Some(key)
    }

    /// Moves `key`, which stands in `list`, to the newest end of it.
    #[inline(always)]
    pub fn renew(&mut self, list: usize, key: Key) {
        let sentinel = self.sentinel(list);
        if self.links[key.index()].newer == sentinel as u32 {
            return;
        }
        self.unlink(key);
        self.link(key, sentinel as u32, self.links[sentinel].older);
    }

    /// Moves `key` next to `other`, a different key of the same list, on the side of the newest.
    #[inline(always)]
    pub fn move_newer(&mut self, key: Key, other: Key) {
        self.unlink(key);
        self.link(key, self.links[other.index()].newer, other.0);
    }

    /// Moves `key` from the list `from`, where it stands, to the newest end of the list `to`.
    #[inline(always)]
    pub fn transfer(&mut self, from: usize, to: usize, key: Key) {
        self.remove(from, key);
        self.push_newest(to, key);
    }

    /// The keys of `list` from newest to oldest.
    pub fn iter(&self, list: usize) -> impl Iterator<Item = Key> + '_ {
        std::iter::successors(self.newest(list), |key| self.older(*key))
    }

    fn sentinel(&self, list: usize) -> usize {
        self.links.len() - N + list
    }

    fn key(&self, link: u32) -> Option<Key> {
        ((link as usize) < self.links.len() - N).then_some(Key(link))
    }

    #[inline(always)]
    fn link(&mut self, key: Key, newer: u32, older: u32) {
        self.links[key.index()] = Link { newer, older };
        self.links[newer as usize].older = key.0;
        self.links[older as usize].newer = key.0;
    }

    #[inline(always)]
    fn unlink(&mut self, key: Key) {
        let Link { newer, older } = self.links[key.index()];
        self.links[newer as usize].older = older;
        self.links[older as usize].newer = newer;
    }
}
