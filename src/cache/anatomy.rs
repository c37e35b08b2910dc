//! What a policy holds, as named segments of slots and dials: the state that a picture shows.
//!
//! It says what stands where and in which order, and nothing about how that is drawn. Of a long
//! segment only its ends, the surroundings of the hand and the keys of interest are kept, so that
//! the picture of a cache of a million objects stays small.

use crate::trace::Key;

/// The inner state of a policy at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Anatomy {
    /// The segments, in the order in which the policy showed them.
    pub segments: Vec<Segment>,
    /// The values the policy tunes by itself.
    pub dials: Vec<Dial>,
    interest: Vec<Key>,
}

/// An ordered part of a policy's state: a queue, a stack, a ring, a ghost list.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its name: `small`.
    pub name: &'static str,
    /// Whether its objects are only remembered, not cached.
    pub ghost: bool,
    /// How many objects it may hold, where that is fixed now.
    pub room: Option<usize>,
    /// How many objects it is meant to hold, where it may run over: beyond its share it gives up
    /// objects first.
    pub share: Option<usize>,
    /// How many objects it holds.
    pub length: usize,
    /// What stands at the first and at the last slot: `("newest", "oldest")`.
    pub ends: (&'static str, &'static str),
    /// The objects in order, some left out where there are many.
    pub slots: Vec<Slot>,
}

/// One place of a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Slot {
    /// An object.
    Held {
        /// Which object.
        key: Key,
        /// What the policy notes about it.
        badge: Badge,
        /// Whether the policy's hand points here.
        hand: bool,
    },
    /// So many objects that are not listed.
    Skipped(usize),
}

impl Slot {
    /// An object of which nothing is noted.
    pub fn of(key: Key) -> Self {
        Slot::Held { key, badge: Badge::None, hand: false }
    }

    /// The same slot with a mark that is set or not.
    #[must_use]
    pub fn marked(self, set: bool) -> Self {
        self.badged(if set { Badge::Marked } else { Badge::None })
    }

    /// The same slot with a count.
    #[must_use]
    pub fn counted(self, count: u32) -> Self {
        self.badged(Badge::Count(count))
    }

    /// The same slot, with the hand at it if `hand` is its key.
    #[must_use]
    pub fn pointed_by(self, pointer: Option<Key>) -> Self {
        match self {
            Slot::Held { key, badge, .. } => Slot::Held { key, badge, hand: pointer == Some(key) },
            skipped => skipped,
        }
    }

    /// The same slot with a badge.
    #[must_use]
    pub fn badged(self, badge: Badge) -> Self {
        match self {
            Slot::Held { key, hand, .. } => Slot::Held { key, badge, hand },
            skipped => skipped,
        }
    }
}

/// What a policy notes about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Badge {
    /// Nothing.
    None,
    /// Its bit is set.
    Marked,
    /// It has been counted so often.
    Count(u32),
    /// It is asked for next at this request, counted from zero; `None`: never again.
    Next(Option<u32>),
}

/// A value that a policy tunes by itself, between 0 and `most`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dial {
    /// Its name: `target for recent`.
    pub name: &'static str,
    /// Its value, in objects.
    pub value: f64,
    /// The largest it can be, in objects.
    pub most: f64,
}

impl Segment {
    /// A segment of cached objects without a limit of its own.
    pub fn new(name: &'static str, ends: (&'static str, &'static str)) -> Self {
        Segment { name, ghost: false, room: None, share: None, length: 0, ends, slots: Vec::new() }
    }

    /// A segment of objects that are only remembered.
    pub fn ghost(name: &'static str, ends: (&'static str, &'static str)) -> Self {
        Segment { ghost: true, ..Segment::new(name, ends) }
    }

    /// The same segment with room for so many objects.
    #[must_use]
    pub fn room(self, room: usize) -> Self {
        Segment { room: Some(room), ..self }
    }

    /// The same segment, meant to hold so many objects.
    #[must_use]
    pub fn share(self, share: usize) -> Self {
        Segment { share: Some(share), ..self }
    }
}

impl Anatomy {
    /// Segments up to this length are listed whole.
    pub const WHOLE: usize = 1_200;
    /// Of a longer segment so many objects are listed from each end …
    pub const END: usize = 40;
    /// … and so many on each side of the hand and of each key of interest.
    pub const AROUND: usize = 6;

    /// Nothing yet; the keys of `interest` will be listed wherever they stand.
    pub fn new(interest: Vec<Key>) -> Self {
        Anatomy { segments: Vec::new(), dials: Vec::new(), interest }
    }

    /// Adds `segment` with its `slots` in order.
    pub fn segment(&mut self, mut segment: Segment, slots: impl Iterator<Item = Slot>) {
        segment.slots = slots.collect();
        segment.length = segment.slots.len();
        if segment.length > Self::WHOLE {
            self.shorten(&mut segment.slots);
        }
        self.segments.push(segment);
    }

    /// Adds a dial.
    pub fn dial(&mut self, name: &'static str, value: f64, most: usize) {
        self.dials.push(Dial { name, value, most: most as f64 });
    }

    fn shorten(&self, slots: &mut Vec<Slot>) {
        let last = slots.len() - 1;
        let mut keep = vec![false; slots.len()];
        for (at, slot) in slots.iter().enumerate() {
            if at < Self::END || at > last - Self::END {
                keep[at] = true;
            } else if matches!(slot, Slot::Held { key, hand, .. } if *hand || self.interest.contains(key)) {
                keep[at.saturating_sub(Self::AROUND)..=(at + Self::AROUND).min(last)].fill(true);
            }
        }
        let mut short: Vec<Slot> = Vec::new();
        for (slot, kept) in slots.iter().zip(keep) {
            match short.last_mut() {
                _ if kept => short.push(*slot),
                Some(Slot::Skipped(count)) => *count += 1,
                _ => short.push(Slot::Skipped(1)),
            }
        }
        *slots = short;
    }
}
