//! What a design is: it takes messages from the publisher and brings copies to subscribers.

use super::probe::{Change, Figure, Probe};
use super::world::{Presence, Subscriber};
use super::{Letter, Member, Routes};
use crate::catalogue::{About, Parameters, Rule};
use crate::kernel::Time;
use crate::queue::routing::Exchange;

/// A way to bring one message to many.
pub trait Design: Clone + 'static {
    /// What it is, for menus, forms and the source panel.
    const ABOUT: About;

    /// Whether it compares keys, patterns or headers itself. If not, subscribers are sent everything
    /// and pass over what they do not want.
    fn filters(kind: Exchange) -> bool;

    /// One at its start, to which nobody has come. The parameters are those of [`Design::ABOUT`].
    fn new(setup: &Setup) -> Self;

    /// The publisher hands `letter` over.
    fn publish(&mut self, letter: Letter, desk: &mut Desk<impl Probe>);

    /// The next copy for `subscriber`, who is there and free.
    fn take(&mut self, subscriber: u32, desk: &mut Desk<impl Probe>) -> Option<Letter>;

    /// `subscriber` is done with what it took.
    fn done(&mut self, _subscriber: u32, _letter: Letter, _desk: &mut Desk<impl Probe>) {}

    /// `subscriber` is there, for the first time or again.
    fn arrive(&mut self, subscriber: u32, first: bool, desk: &mut Desk<impl Probe>);

    /// `subscriber` is gone; what it was working on, if anything, has not been done.
    fn leave(&mut self, subscriber: u32, held: Option<Letter>, desk: &mut Desk<impl Probe>);

    /// When the design next acts by itself.
    fn next_timer(&self) -> Option<Time> {
        None
    }

    /// The time has come for one thing that the design does by itself.
    fn on_timer(&mut self, _desk: &mut Desk<impl Probe>) {}

    /// Shows what it keeps.
    fn show(&self) -> Anatomy;
}

/// What a design is made for.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many subscribers there are.
    pub subscribers: usize,
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
}

/// What there is to see in a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Anatomy {
    /// What waits at the publisher, the first one first.
    pub publisher: Vec<Letter>,
    /// Whom the publisher waits for.
    pub waits_for: Option<u32>,
    /// What is kept for each subscriber, in their order.
    pub lines: Vec<Line>,
    /// Copies that may not be handed out for a while: whose, which, from when until when.
    pub hidden: Vec<(u32, Letter, Time, Time)>,
    /// The log, where there is one.
    pub log: Option<Reading>,
}

/// What is kept for one subscriber.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What it is: "queue", "lag", "output buffer".
    pub name: &'static str,
    /// How many it may hold, where that is fixed.
    pub room: Option<usize>,
    /// How many it holds.
    pub length: usize,
    /// The first of them, at most [`Line::SHOWN`].
    pub letters: Vec<Letter>,
}

impl Line {
    /// The most letters that a line lists.
    pub const SHOWN: usize = 200;

    /// A line called `name`, the next letter first.
    pub fn new(name: &'static str, length: usize, letters: impl Iterator<Item = Letter>) -> Self {
        Line { name, room: None, length, letters: letters.take(Self::SHOWN).collect() }
    }
}

/// A log and its readers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The offset of the oldest record that is kept.
    pub first: u32,
    /// How many are kept.
    pub length: usize,
    /// The newest of them, at most [`Line::SHOWN`], the oldest first.
    pub records: Vec<Letter>,
    /// The offset that each subscriber reads next; `None`: it has none.
    pub next: Vec<Option<u32>>,
}

/// Where a design does its work: the time, the subscribers, and who listens.
pub struct Desk<'a, P> {
    /// The present time.
    pub now: Time,
    pub(super) filters: bool,
    pub(super) members: &'a [Member],
    pub(super) routes: &'a Routes,
    pub(super) subscribers: &'a mut [Subscriber],
    pub(super) probe: &'a mut P,
}

impl<P: Probe> Desk<'_, P> {
    /// How many subscribers there are.
    pub fn everybody(&self) -> std::ops::Range<u32> {
        0..self.members.len() as u32
    }

    /// Whether a copy of `letter` is sent to `subscriber`: it wants it, or nobody asks.
    #[inline]
    pub fn goes_to(&self, subscriber: u32, letter: Letter) -> bool {
        !self.filters || self.wants(subscriber, letter)
    }

    /// Whether `subscriber` wants `letter`.
    #[inline]
    pub fn wants(&self, subscriber: u32, letter: Letter) -> bool {
        self.routes.wants(subscriber, letter.key)
    }

    /// Whether `subscriber` is there now.
    pub fn is_here(&self, subscriber: u32) -> bool {
        self.subscribers[subscriber as usize].presence == Presence::Here
    }

    /// Whether what is for `subscriber` is kept while it is away.
    pub fn is_durable(&self, subscriber: u32) -> bool {
        self.members[subscriber as usize].durable
    }

    /// `change` happens to `letter` by `rule`.
    #[inline]
    pub fn tell(&mut self, letter: Letter, change: Change, rule: &'static Rule) {
        self.probe.hear(self.now, Some(letter), None, change, rule, None);
    }

    /// `change` happens to `subscriber` by `rule`, which may have decided by a figure.
    pub fn tell_of(&mut self, subscriber: u32, change: Change, rule: &'static Rule, figure: Option<Figure>) {
        self.probe.hear(self.now, None, Some(subscriber), change, rule, figure);
    }

    /// `change` happens to the copy of `letter` for `subscriber` by `rule`.
    #[inline]
    pub fn tell_copy(
        &mut self,
        subscriber: u32,
        letter: Letter,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.probe.hear(self.now, Some(letter), Some(subscriber), change, rule, figure);
    }

    /// A copy of `letter` now waits for `subscriber`. The reason is what it is bound with.
    #[inline]
    pub fn enter(&mut self, subscriber: u32, letter: Letter, rule: &'static Rule) {
        if self.wants(subscriber, letter) {
            self.subscribers[subscriber as usize].tally.waiting += 1;
            let figure = Figure::Bindings { key: letter.key, subscriber };
            self.tell_copy(subscriber, letter, Change::Routed, rule, Some(figure));
        }
    }

    /// `subscriber` gets no copy of `letter`, because it is not there.
    pub fn miss(&mut self, subscriber: u32, letter: Letter, rule: &'static Rule) {
        if self.wants(subscriber, letter) {
            self.subscribers[subscriber as usize].tally.missed += 1;
            self.tell_copy(subscriber, letter, Change::Missed, rule, None);
        }
    }

    /// The copy of `letter` that waits for `subscriber` never reaches it, because it is not there.
    pub fn miss_waiting(&mut self, subscriber: u32, letter: Letter, rule: &'static Rule) {
        if self.wants(subscriber, letter) {
            self.subscribers[subscriber as usize].tally.waiting -= 1;
            self.miss(subscriber, letter, rule);
        }
    }

    /// The copy of `letter` for `subscriber` is not let in.
    pub fn refuse(&mut self, subscriber: u32, letter: Letter, rule: &'static Rule) {
        if self.wants(subscriber, letter) {
            self.subscribers[subscriber as usize].tally.refused += 1;
            self.tell_copy(subscriber, letter, Change::Refused, rule, None);
        }
    }

    /// The copy of `letter` that waits for `subscriber` is thrown away.
    pub fn drop(&mut self, subscriber: u32, letter: Letter, rule: &'static Rule, figure: Option<Figure>) {
        if self.wants(subscriber, letter) {
            self.subscribers[subscriber as usize].tally.waiting -= 1;
            self.drop_held(subscriber, letter, rule, figure);
        }
    }

    /// The copy of `letter` that `subscriber` was working on is lost.
    pub fn drop_held(
        &mut self,
        subscriber: u32,
        letter: Letter,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.subscribers[subscriber as usize].tally.dropped += 1;
        self.tell_copy(subscriber, letter, Change::Dropped, rule, figure);
    }

    /// The copy of `letter` that `subscriber` was working on waits again, hidden or not.
    pub fn put_back(
        &mut self,
        subscriber: u32,
        letter: Letter,
        change: Change,
        rule: &'static Rule,
        figure: Option<Figure>,
    ) {
        self.subscribers[subscriber as usize].tally.waiting += 1;
        self.tell_copy(subscriber, letter, change, rule, figure);
    }
}
