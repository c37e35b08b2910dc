//! What somebody knows who sees all nodes at once: how many came, passed and wait in each window.
//! Nobody in the system knows that; it is what the designs are measured against.

use super::{Request, Windows};
use std::collections::VecDeque;

/// The tally of all windows.
#[derive(Clone, Debug)]
pub struct Tally {
    limit: u64,
    windows: Windows<Counts>,
    /// Requests that wait for their answer, in the order in which they came.
    undecided: VecDeque<Request>,
    newest: u64,
    /// What the windows came to in which nothing is open any more.
    closed: Summary,
}

/// The counts of one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that came in it.
    pub arrived: u64,
    /// Of them, those that passed.
    pub admitted: u64,
    /// Of them, those that were refused.
    pub refused: u64,
}

/// What all windows came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The most requests of one window that passed.
    pub fullest: u64,
    /// Requests that passed over the limit, in all windows.
    pub over: u64,
    /// Permits that were asked for and not given, in all windows: what an exact counter would have
    /// admitted more.
    pub unused: u64,
    /// Windows that are over, those with no request among them.
    pub complete: u64,
    /// Requests that passed in those.
    pub admitted: u64,
    /// Requests that passed over the limit in those.
    pub over_in_complete: u64,
}

impl Counts {
    /// Requests without an answer yet.
    fn undecided(&self) -> u64 {
        self.arrived - self.admitted - self.refused
    }
}

impl Tally {
    /// Nothing has come yet; `limit` may pass in a window.
    pub fn new(limit: u64) -> Self {
        Tally {
            limit,
            windows: Windows::new(),
            undecided: VecDeque::new(),
            newest: 0,
            closed: Summary::default(),
        }
    }

    /// `request` has come. Windows in which nothing is open any more are closed.
    pub fn arrives(&mut self, request: Request) {
        self.newest = request.window;
        self.undecided.push_back(request);
        self.windows.of(request.window).arrived += 1;
        let newest = self.newest;
        while let Some((window, counts)) =
            self.windows.take_first(|window, counts| window < newest && counts.undecided() == 0)
        {
            self.closed = self.closed.with(window, counts, self.limit, newest);
        }
    }

    /// `request` passes; says whether more than the limit have now passed in its window, or nothing
    /// if it has had its answer before.
    pub fn admit(&mut self, request: Request) -> Option<bool> {
        self.decide(request)?;
        let counts = self.windows.of(request.window);
        counts.admitted += 1;
        Some(counts.admitted > self.limit)
    }

    /// `request` is refused; says whether it need not be: fewer than the limit have passed in its
    /// window, even if all of those pass that wait. Nothing if it has had its answer before.
    pub fn refuse(&mut self, request: Request) -> Option<bool> {
        self.decide(request)?;
        let counts = self.windows.of(request.window);
        counts.refused += 1;
        Some(counts.admitted + counts.undecided() < self.limit)
    }

    fn decide(&mut self, request: Request) -> Option<Request> {
        let at = self.undecided.binary_search_by_key(&request.number, |known| known.number).ok()?;
        self.undecided.remove(at)
    }

    /// The requests that wait for their answer, in the order in which they came.
    pub fn undecided(&self) -> impl ExactSizeIterator<Item = &Request> {
        self.undecided.iter()
    }

    /// The earliest window about which anybody may still ask.
    pub fn oldest(&self) -> u64 {
        self.windows.iter().next().map_or(self.newest, |(window, _)| window)
    }

    /// The counts of `window`, as long as something in it is open.
    pub fn counts(&self, window: u64) -> Counts {
        self.windows.get(window).copied().unwrap_or_default()
    }

    /// What all windows have come to so far.
    pub fn summary(&self) -> Summary {
        let open = self.windows.iter();
        let all = open
            .fold(self.closed, |all, (window, counts)| all.with(window, *counts, self.limit, self.newest));
        Summary { complete: self.newest, ..all }
    }
}

impl Summary {
    /// With one window more; those before `newest` are complete.
    fn with(self, window: u64, counts: Counts, limit: u64, newest: u64) -> Self {
        let over = counts.admitted.saturating_sub(limit);
        let complete = u64::from(window < newest);
        Summary {
            fullest: self.fullest.max(counts.admitted),
            over: self.over + over,
            unused: self.unused + counts.arrived.min(limit).saturating_sub(counts.admitted),
            complete: self.complete,
            admitted: self.admitted + complete * counts.admitted,
            over_in_complete: self.over_in_complete + complete * over,
        }
    }
}
