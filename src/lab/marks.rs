//! What became of each step, in two bits: enough to colour a timeline, to jump to the next miss
//! and to find where two variants part, for runs of millions of steps.

/// A kind of outcome that a lab's steps can have, and how the timeline shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// One word: "hit".
    pub name: &'static str,
    /// A sign that says the same without colour: "✓".
    pub sign: &'static str,
    /// How tall its tick is, in percent of the timeline's height.
    pub height: u8,
    /// How it is coloured.
    pub tone: Tone,
}

/// How good an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// What one hopes for.
    Good,
    /// Nothing to judge.
    Quiet,
    /// What one hopes to avoid.
    Bad,
}

/// The outcomes among `all` that one hopes to avoid, one bit each.
pub fn bad(all: &[Outcome]) -> u8 {
    let bits = all.iter().enumerate().map(|(at, outcome)| u8::from(outcome.tone == Tone::Bad) << at);
    bits.fold(0, |bad, bit| bad | bit)
}

/// A place on the timeline that one can jump to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    /// What is looked for: "miss".
    pub name: &'static str,
    /// The key on the keyboard.
    pub key: &'static str,
    /// What makes a step count.
    pub sought: Sought,
}

/// What a jump looks for; outcomes are one bit each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sought {
    /// A step with one of these outcomes in any variant.
    Any(u8),
    /// A step with one of these outcomes in some variant but not in every one.
    Some(u8),
}

/// The outcome of each step of one variant: a number below 4 into the lab's list of outcomes.
/// Two bits a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    steps: u64,
    words: Vec<u32>,
}

const PER_WORD: u64 = 16;

impl Marks {
    /// No steps yet, with room for `steps`.
    pub fn with_room(steps: u64) -> Self {
        Marks { steps: 0, words: Vec::with_capacity(steps.div_ceil(PER_WORD) as usize) }
    }

    /// The marks that [`Marks::words`] of so many `steps` came from; words that are missing count
    /// as outcome 0, and what stands behind the last step counts for nothing.
    pub fn from_words(steps: u64, mut words: Vec<u32>) -> Self {
        words.resize(steps.div_ceil(PER_WORD) as usize, 0);
        if let Some(last) = words.last_mut().filter(|_| !steps.is_multiple_of(PER_WORD)) {
            *last &= low_bits(steps % PER_WORD);
        }
        Marks { steps, words }
    }

    /// The marks, sixteen a word, the first in the lowest bits.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// How many steps are marked.
    pub fn len(&self) -> u64 {
        self.steps
    }

    /// Whether no step is marked.
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }

    /// Adds the outcome of the next step.
    #[inline]
    pub fn push(&mut self, outcome: u8) {
        let shift = 2 * (self.steps % PER_WORD);
        if shift == 0 {
            self.words.push(0);
        }
        if let Some(word) = self.words.last_mut() {
            *word |= u32::from(outcome & 3) << shift;
        }
        self.steps += 1;
    }

    /// The outcome of the step at `index`, counted from 0.
    pub fn get(&self, index: u64) -> Option<u8> {
        let word = self.words.get((index / PER_WORD) as usize)?;
        (index < self.steps).then_some((word >> (2 * (index % PER_WORD)) & 3) as u8)
    }

    /// How many of the steps in `range` had one of `outcomes`, one bit each.
    pub fn count(&self, range: std::ops::Range<u64>, outcomes: u8) -> u64 {
        let range = range.start.min(self.steps)..range.end.min(self.steps);
        let (mut at, mut count) = (range.start, 0);
        while at < range.end {
            let word = pairs_among(self.words[(at / PER_WORD) as usize], outcomes) >> (2 * (at % PER_WORD));
            let taken = (PER_WORD - at % PER_WORD).min(range.end - at);
            count += u64::from((word & low_bits(taken)).count_ones());
            at += taken;
        }
        count
    }
}

/// The lowest bit of each pair that is one of `outcomes`.
fn pairs_among(word: u32, outcomes: u8) -> u32 {
    let (low, high) = (word, word >> 1);
    let of_outcome = [!low & !high, low & !high, high & !low, low & high];
    let wanted = of_outcome.into_iter().enumerate().filter(|(outcome, _)| outcomes >> outcome & 1 == 1);
    wanted.fold(0, |all, (_, pairs)| all | pairs) & 0x5555_5555
}

fn low_bits(steps: u64) -> u32 {
    if steps >= PER_WORD { u32::MAX } else { (1 << (2 * steps)) - 1 }
}

impl Jump {
    /// The first step after `from` (counted from 1, as positions are) that this jump looks for.
    pub fn next(&self, marks: &[Marks], from: u64) -> Option<u64> {
        let last = marks.iter().map(Marks::len).min()?;
        let mut index = from;
        while index < last {
            if index.is_multiple_of(PER_WORD) && !self.may_be_in(marks, (index / PER_WORD) as usize) {
                index += PER_WORD;
            } else if self.is_at(marks, index) {
                return Some(index + 1);
            } else {
                index += 1;
            }
        }
        None
    }

    /// The last step before `from` that this jump looks for.
    pub fn previous(&self, marks: &[Marks], from: u64) -> Option<u64> {
        let last = marks.iter().map(Marks::len).min()?;
        (0..from.saturating_sub(1).min(last))
            .rev()
            .find(|index| self.is_at(marks, *index))
            .map(|index| index + 1)
    }

    fn is_at(&self, marks: &[Marks], index: u64) -> bool {
        let outcomes = marks.iter().filter_map(|marks| marks.get(index));
        match self.sought {
            Sought::Any(wanted) => outcomes.into_iter().any(|outcome| wanted >> outcome & 1 == 1),
            Sought::Some(wanted) => differ(outcomes.map(|outcome| u32::from(wanted >> outcome & 1))),
        }
    }

    fn may_be_in(&self, marks: &[Marks], word: usize) -> bool {
        let words = marks.iter().filter_map(|marks| marks.words.get(word).copied());
        match self.sought {
            Sought::Any(wanted) => words.into_iter().any(|word| pairs_among(word, wanted) != 0),
            Sought::Some(wanted) => differ(words.map(|word| pairs_among(word, wanted))),
        }
    }
}

fn differ(mut values: impl Iterator<Item = u32>) -> bool {
    let first = values.next();
    values.any(|value| Some(value) != first)
}
