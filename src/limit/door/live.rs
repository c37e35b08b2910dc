//! What a stepping lab keeps of a run so far: what became of each request, the last answers, and who
//! was served last.

use super::{Change, Ear, Heard, Request};
use crate::kernel::{Span, Time};
use crate::limit::Decision;
use std::collections::VecDeque;

/// The run so far.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// By number.
    fates: Vec<Fate>,
    answers: VecDeque<Recent>,
    served: VecDeque<Request>,
    /// The last request that was answered, when, and the answer.
    pub last: Option<(Time, Request, Decision)>,
    /// How many tries were admitted, those that are held back counted.
    pub admitted: u64,
    /// How many tries were refused.
    pub refused: u64,
    /// How many requests have passed.
    pub passed: u64,
    /// How many requests were given up.
    pub given_up: u64,
    /// How many requests were done by a worker in time.
    pub done: u64,
    /// How many requests their clients did not wait for.
    pub dropped: u64,
}

/// What became of a request, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It has not come yet.
    #[default]
    Unknown,
    /// It is held back.
    HeldBack,
    /// It was refused, and will come again.
    Returns,
    /// It was refused for good.
    GivenUp,
    /// It has passed.
    Passed,
    /// It was done.
    Done,
    /// Its client did not wait for it.
    Dropped,
}

/// One of the last answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recent {
    /// When it was given.
    pub at: Time,
    /// The request's number.
    pub number: u32,
    /// Whether it may pass, and after how long; `None`: it was refused.
    pub passes: Option<Span>,
}

impl Live {
    /// How many of the last answers are kept.
    pub const ANSWERS: usize = 160;
    /// How many of those served last are kept.
    const SERVED: usize = 6;

    /// What became of the request with this number.
    pub fn fate(&self, number: u32) -> Fate {
        self.fates.get(number as usize).copied().unwrap_or_default()
    }

    /// The last answers, the latest first.
    pub fn answers(&self) -> impl DoubleEndedIterator<Item = &Recent> + ExactSizeIterator {
        self.answers.iter()
    }

    /// Those that passed last, or were done last if there is a server; the latest first.
    pub fn served(&self) -> impl Iterator<Item = &Request> {
        self.served.iter()
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        self.fates.len() + Self::ANSWERS * size_of::<Recent>() + size_of::<Live>()
    }

    fn keep(&mut self, number: u32, fate: Fate) {
        let at = number as usize;
        if at >= self.fates.len() {
            self.fates.resize(at + 1, Fate::Unknown);
        }
        self.fates[at] = fate;
    }

    fn serve(&mut self, request: Request) {
        self.served.push_front(request);
        self.served.truncate(Self::SERVED);
    }
}

impl Ear for Live {
    fn answered(&mut self, at: Time, request: &Request, decision: &Decision) {
        self.last = Some((at, *request, *decision));
        let passes = decision.admitted().then(|| decision.wait());
        self.answers.push_front(Recent { at, number: request.number, passes });
        self.answers.truncate(Self::ANSWERS);
    }

    fn hear(&mut self, heard: &Heard) {
        let Some(request) = heard.request else { return };
        match heard.change {
            Change::HeldBack { .. } => self.admitted += 1,
            Change::Admitted { .. } => {
                self.admitted += 1;
                self.passed += 1;
                self.serve(request);
            }
            Change::Passes => {
                self.passed += 1;
                self.serve(request);
            }
            Change::Refused { .. } => self.refused += 1,
            Change::GivesUp => self.given_up += 1,
            Change::Done { .. } => self.done += 1,
            Change::Dropped => self.dropped += 1,
            _ => {}
        }
        let fate = match heard.change {
            Change::Admitted { .. } | Change::Passes => Fate::Passed,
            Change::HeldBack { .. } => Fate::HeldBack,
            Change::WillReturn { .. } => Fate::Returns,
            Change::GivesUp => Fate::GivenUp,
            Change::Done { .. } => Fate::Done,
            Change::Dropped => Fate::Dropped,
            _ => return,
        };
        self.keep(request.number, fate);
    }
}
