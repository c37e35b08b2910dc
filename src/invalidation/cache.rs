//! # The cache
//!
//! Entries under names, each with two times: until when it is **fresh**, and when it **expires** and
//! is as good as gone. Expired entries are found out when somebody asks for them, and make room like all
//! others when the cache is full: the one that was used least recently goes (LRU). Every command is
//! done at once and by itself, as in a single-threaded server like Redis.
//!
//! A **lease** (Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013) is a token that the cache
//! hands to the first who misses; a deletion makes it void, and who comes back with a void token is
//! refused. Left out: sizes of entries (each takes one place) and the sampled expiry of Redis.

use super::operation::Content;
use crate::kernel::{Span, Time};

/// What a cache keeps under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its name.
    pub name: u32,
    /// The value, or that there is none.
    pub content: Content,
    /// How long it took to fetch it.
    pub cost: Span,
    /// Since when it is there.
    pub since: Time,
    /// Until when it is fresh.
    pub fresh: Time,
    /// When it expires.
    pub expires: Time,
    /// The form in which it is written.
    pub form: u8,
}

/// A value on its way into a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fill {
    /// The value.
    pub content: Content,
    /// How long it took to fetch it.
    pub cost: Span,
    /// How long it is fresh.
    pub fresh: Span,
    /// How long it is kept.
    pub life: Span,
    /// The form in which it is written: another one than 1 only where a schema changes.
    pub form: u8,
}

impl Fill {
    /// A value that is kept, and fresh, for `life`.
    pub const fn lasting(content: Content, life: Span) -> Self {
        Fill { content, cost: Span::ZERO, fresh: life, life, form: 1 }
    }
}

/// How a lease was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leased {
    /// Nobody else fetches the value: this is the token.
    Token(u32),
    /// Somebody else fetches it.
    Taken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Node {
    entry: Entry,
    /// The neighbours in order of use, as places; [`NOWHERE`] at the ends.
    newer: u32,
    older: u32,
}

/// A lease that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Its token.
    pub token: u32,
    /// Until when it is given to nobody else.
    pub until: Time,
}

/// No place.
const NOWHERE: u32 = u32::MAX;

/// A cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cache {
    capacity: usize,
    /// The place of each name's entry, or [`NOWHERE`]; names beyond have none.
    places: Vec<u32>,
    nodes: Vec<Node>,
    free: Vec<u32>,
    newest: u32,
    oldest: u32,
    /// The lease on each name; names beyond have none.
    leases: Vec<Option<Held>>,
    tokens: u32,
}

impl Cache {
    /// An empty cache for up to `capacity` entries.
    pub fn new(capacity: usize) -> Self {
        Cache {
            capacity: capacity.max(1),
            places: Vec::new(),
            nodes: Vec::new(),
            free: Vec::new(),
            newest: NOWHERE,
            oldest: NOWHERE,
            leases: Vec::new(),
            tokens: 0,
        }
    }

    /// How many entries there may be.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many entries there are, expired ones included.
    pub fn len(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry under `name`, unless it has expired. To look does not count as use.
    pub fn peek(&self, name: u32, now: Time) -> Option<Entry> {
        let entry = self.nodes.get(self.place(name)?)?.entry;
        (now < entry.expires).then_some(entry)
    }

    /// The entry under `name`, unless it has expired; it has been used last now.
    pub fn get(&mut self, name: u32, now: Time) -> Option<Entry> {
        let place = self.place(name)?;
        let entry = self.nodes[place].entry;
        if now >= entry.expires {
            self.delete(name);
            return None;
        }
        self.unlink(place);
        self.link(place);
        Some(entry)
    }

    /// Puts a value under `name`; the name of the entry that had to make room, if one had to. What
    /// would expire at once is not kept.
    pub fn put(&mut self, name: u32, fill: Fill, now: Time) -> Option<u32> {
        self.take_out(name);
        if fill.life == Span::ZERO {
            return None;
        }
        let full = self.len() >= self.capacity && self.oldest != NOWHERE;
        let evicted = full.then(|| self.nodes[self.oldest as usize].entry.name);
        if let Some(evicted) = evicted {
            self.take_out(evicted);
        }
        let Fill { content, cost, fresh, life, form } = fill;
        let entry = Entry { name, content, cost, since: now, fresh: now + fresh, expires: now + life, form };
        self.insert(entry);
        evicted
    }

    /// Puts a value under `name` unless a newer one stands there; whether it did.
    pub fn put_if_newer(&mut self, name: u32, fill: Fill, now: Time) -> bool {
        let there = self.peek(name, now).and_then(|entry| entry.content);
        let newer = there.is_some_and(|there| fill.content.is_none_or(|new| new.number < there.number));
        if !newer {
            self.put(name, fill, now);
        }
        !newer
    }

    /// Takes the entry under `name` out, and makes a lease on it void; whether there was one that had
    /// not been taken out before.
    pub fn delete(&mut self, name: u32) -> bool {
        if let Some(lease) = self.leases.get_mut(name as usize) {
            *lease = None;
        }
        self.take_out(name)
    }

    /// Asks for the lease on `name`, which lasts for `span`.
    pub fn lease(&mut self, name: u32, span: Span, now: Time) -> Leased {
        let at = name as usize;
        if self.leases.len() <= at {
            self.leases.resize(at + 1, None);
        }
        if self.leases[at].is_some_and(|lease| now < lease.until) {
            return Leased::Taken;
        }
        self.tokens += 1;
        self.leases[at] = Some(Held { token: self.tokens, until: now + span });
        Leased::Token(self.tokens)
    }

    /// Puts a value under `name` if `token` is the lease on it, which is over then; whether it was.
    pub fn put_leased(&mut self, name: u32, token: u32, fill: Fill, now: Time) -> bool {
        let lease = self.leases.get_mut(name as usize);
        let valid = lease.is_some_and(|lease| match lease {
            Some(held) if held.token == token => {
                *lease = None;
                true
            }
            _ => false,
        });
        if valid {
            self.put(name, fill, now);
        }
        valid
    }

    /// The lease on `name`, if one is out.
    pub fn held(&self, name: u32) -> Option<Held> {
        self.leases.get(name as usize).copied().flatten()
    }

    /// Lets the entry under `name` go as if its time were over, or its place needed.
    pub(super) fn let_go(&mut self, name: u32) {
        self.take_out(name);
    }

    /// Lets the time of the lease on `name` be over.
    pub(super) fn run_out(&mut self, name: u32) {
        if let Some(Some(lease)) = self.leases.get_mut(name as usize) {
            lease.until = Time::ZERO;
        }
    }

    /// Lets it hold this entry and this lease under `name`; the next token is the one after `tokens`.
    pub(super) fn arrange(&mut self, name: u32, entry: Option<Entry>, lease: Option<Held>, tokens: u32) {
        self.take_out(name);
        if let Some(entry) = entry {
            self.insert(entry);
        }
        let at = name as usize;
        if self.leases.len() <= at {
            self.leases.resize(at + 1, None);
        }
        self.leases[at] = lease;
        self.tokens = tokens;
    }

    /// Gives the lease `token` on `name` back, if it still holds: the next to miss gets one.
    pub fn give_back(&mut self, name: u32, token: u32) {
        if let Some(lease) = self.leases.get_mut(name as usize) {
            *lease = lease.filter(|held| held.token != token);
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        let (capacity, tokens) = (self.capacity, self.tokens);
        *self = Cache { tokens, ..Cache::new(capacity) };
    }

    /// The entries, first the one that was used last; expired ones included.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        let node = |place: u32| self.nodes.get(place as usize);
        let next = move |node: &&Node| self.nodes.get(node.older as usize);
        std::iter::successors(node(self.newest), next).map(|node| node.entry)
    }

    fn place(&self, name: u32) -> Option<usize> {
        self.places.get(name as usize).filter(|place| **place != NOWHERE).map(|place| *place as usize)
    }

    fn insert(&mut self, entry: Entry) {
        let node = Node { entry, newer: NOWHERE, older: NOWHERE };
        let place = match self.free.pop() {
            Some(place) => {
                self.nodes[place as usize] = node;
                place as usize
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() - 1
            }
        };
        let name = entry.name as usize;
        if self.places.len() <= name {
            self.places.resize(name + 1, NOWHERE);
        }
        self.places[name] = place as u32;
        self.link(place);
    }

    fn take_out(&mut self, name: u32) -> bool {
        let Some(place) = self.place(name) else { return false };
        self.unlink(place);
        self.places[name as usize] = NOWHERE;
        self.free.push(place as u32);
        true
    }

    fn link(&mut self, place: usize) {
        let before = self.newest;
        self.nodes[place].newer = NOWHERE;
        self.nodes[place].older = before;
        match self.nodes.get_mut(before as usize) {
            Some(node) => node.newer = place as u32,
            None => self.oldest = place as u32,
        }
        self.newest = place as u32;
    }

    fn unlink(&mut self, place: usize) {
        let Node { newer, older, .. } = self.nodes[place];
        match self.nodes.get_mut(newer as usize) {
            Some(node) => node.older = older,
            None => self.newest = older,
        }
        match self.nodes.get_mut(older as usize) {
            Some(node) => node.newer = newer,
            None => self.oldest = newer,
        }
    }
}
