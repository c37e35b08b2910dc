//! Figures over the course of a run whose length is not known beforehand.
//!
//! Model time is cut into windows of equal width. When there are too many, neighbours are joined in
//! pairs and the width doubles; so there are always between 120 and 240, and a value is filed in
//! constant time. What a window holds is its owner's affair.

use crate::kernel::{Span, Time};

/// What a window holds.
pub trait Window: Clone + Default {
    /// Takes over what the window after this one holds.
    fn join(&mut self, next: Self);
}

/// Windows over the course of a run.
#[derive(Clone, Debug)]
pub struct OverTime<W> {
    width: Span,
    windows: Vec<W>,
    /// The window used last: most events fall into the same one as the event before.
    last: (Time, Time, usize),
}

impl<W: Window> OverTime<W> {
    /// The most windows.
    const MOST: usize = 240;
    /// The width of the first windows.
    const NARROWEST: Span = Span::from_nanos(1_000);

    /// No windows yet.
    pub fn new() -> Self {
        OverTime { width: Self::NARROWEST, windows: Vec::new(), last: (Time::ZERO, Time::ZERO, 0) }
    }

    /// The width of each window.
    pub fn width(&self) -> Span {
        self.width
    }

    /// The windows with the times of their ends.
    pub fn iter(&self) -> impl Iterator<Item = (Time, &W)> {
        let end = |at: usize| Time::ZERO + self.width.times(at as u64 + 1);
        self.windows.iter().enumerate().map(move |(at, window)| (end(at), window))
    }

    /// The window that `now` lies in.
    #[inline]
    pub fn at(&mut self, now: Time) -> &mut W {
        let (from, until, last) = self.last;
        let at = if now >= from && now < until { last } else { self.find(now) };
        &mut self.windows[at]
    }

    /// Gives each window between `from` and `until` the length of its share of that time.
    #[inline]
    pub fn spread(&mut self, from: Time, until: Time, mut give: impl FnMut(&mut W, Span)) {
        let mut at = from;
        while at < until {
            self.at(until);
            self.at(at);
            let (_, end, window) = self.last;
            let part = end.min(until);
            give(&mut self.windows[window], part.since(at));
            at = part;
        }
    }

    fn find(&mut self, now: Time) -> usize {
        while now.nanos() / self.width.nanos() >= Self::MOST as u64 {
            self.widen();
        }
        let at = (now.nanos() / self.width.nanos()) as usize;
        if at >= self.windows.len() {
            self.windows.resize_with(at + 1, W::default);
        }
        let from = Time::ZERO + self.width.times(at as u64);
        self.last = (from, from + self.width, at);
        at
    }

    fn widen(&mut self) {
        self.width = self.width.times(2);
        let mut joined: Vec<W> = Vec::with_capacity(Self::MOST);
        for (at, window) in std::mem::take(&mut self.windows).into_iter().enumerate() {
            match joined.last_mut().filter(|_| at % 2 == 1) {
                Some(before) => before.join(window),
                None => joined.push(window),
            }
        }
        self.windows = joined;
        self.last = (Time::ZERO, Time::ZERO, 0);
    }
}

impl<W: Window> Default for OverTime<W> {
    fn default() -> Self {
        OverTime::new()
    }
}
