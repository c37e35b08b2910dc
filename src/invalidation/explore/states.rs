//! The states that were met, each once, in the order in which they were.

use super::MOST_CLIENTS;
use super::interning::{Id, NOTHING};

/// The most that can be under way in the background.
pub const MOST_BACKGROUND: usize = 12;

/// A state. Clients that stand alike are alike, so they are sorted; and so is the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// How cache and database stand.
    pub situation: Id,
    /// Where each client stands.
    pub clients: [Id; MOST_CLIENTS],
    /// What is under way in the background.
    pub background: [Id; MOST_BACKGROUND],
    /// The number of the newest value that was acknowledged when each client’s read began.
    pub seen: [u8; MOST_CLIENTS],
    /// The number of the newest value that was acknowledged.
    pub acknowledged: u8,
}

impl State {
    /// The same in order.
    pub fn sorted(mut self) -> Self {
        let mut at = 1;
        while at < MOST_CLIENTS {
            let mut to = at;
            while to > 0 && self.client(to - 1) < self.client(to) {
                self.clients.swap(to - 1, to);
                self.seen.swap(to - 1, to);
                to -= 1;
            }
            at += 1;
        }
        if self.background.iter().any(|id| *id != NOTHING) {
            self.background.sort_unstable_by(|a, b| b.cmp(a));
        }
        self
    }

    /// Where client `at` stands, and what it may not fall behind.
    pub fn client(&self, at: usize) -> (Id, u8) {
        (self.clients[at], self.seen[at])
    }

    /// Whether nobody has anything left to do.
    pub fn is_idle(&self) -> bool {
        self.under_way().next().is_none()
    }

    /// Where everybody stands who has something left to do.
    pub fn under_way(&self) -> impl Iterator<Item = Id> + Clone + '_ {
        self.clients.iter().chain(&self.background).copied().filter(|id| *id != NOTHING)
    }

    fn hash(&self) -> u64 {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let word = |ids: [Id; 4]| ids.into_iter().fold(0, |word, id| word << 16 | u64::from(id));
        let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(ODD).rotate_left(29);
        let [a, b, c] = self.clients;
        let mut hash = mix(ODD, word([self.situation, a, b, c]));
        let [x, y, z] = self.seen;
        hash = mix(hash, u64::from(u32::from_le_bytes([x, y, z, self.acknowledged])));
        for four in self.background.chunks_exact(4).take_while(|four| four[0] != NOTHING) {
            hash = mix(hash, word([four[0], four[1], four[2], four[3]]));
        }
        hash ^ hash >> 32
    }
}

/// The states, and where each is found again.
pub struct States {
    /// The states in the order in which they were met.
    pub all: Vec<State>,
    /// The number of a state, plus one, near the place that its hash says; 0: none.
    places: Vec<u32>,
}

impl States {
    /// None met.
    pub fn new() -> Self {
        States { all: Vec::new(), places: vec![0; 1024] }
    }

    /// The number of `state`, and whether it is met for the first time.
    pub fn number(&mut self, state: State) -> (u32, bool) {
        let mask = self.places.len() - 1;
        let mut place = state.hash() as usize & mask;
        while let Some(number) = self.places[place].checked_sub(1) {
            if self.all[number as usize] == state {
                return (number, false);
            }
            place = (place + 1) & mask;
        }
        self.all.push(state);
        self.places[place] = self.all.len() as u32;
        if self.all.len() * 2 > self.places.len() {
            self.grow();
        }
        (self.all.len() as u32 - 1, true)
    }

    fn grow(&mut self) {
        let mask = self.places.len() * 2 - 1;
        self.places = vec![0; mask + 1];
        for (number, state) in self.all.iter().enumerate() {
            let mut place = state.hash() as usize & mask;
            while self.places[place] != 0 {
                place = (place + 1) & mask;
            }
            self.places[place] = number as u32 + 1;
        }
    }
}
