//! What a step does, by heart: where an operation stands and how cache and database stand are numbered,
//! and what a step leads to is found out once, by letting the strategy do it.

use super::bench::{Bench, Pending};
use super::program::Program;
use super::{KEY, Plan};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::cache::{Entry, Held};
use crate::invalidation::operation::{Kind, Operation};
use crate::invalidation::probe::{Change, Probe, Who};
use crate::invalidation::strategy::{Command, Order};
use crate::kernel::Time;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash};
use twox_hash::XxHash64;

/// The number of a record or of a situation.
pub type Id = u16;

/// Nothing left to do.
pub const NOTHING: Id = 0;

/// Where a client, or something in the background, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// What the client does after the operation that is under way.
    pub left: Program,
    /// The command that is pending; `None`: no operation is under way.
    pub pending: Option<Pending>,
}

/// How cache and database stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// What the cache holds.
    pub entry: Option<Entry>,
    /// The lease that is out.
    pub lease: Option<Held>,
    /// The number of the value in the database.
    pub row: u32,
    /// How often the entry may still have to make room.
    pub evictions: u8,
}

/// What can come of a situation by itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone {
    /// If the entry expires.
    pub expired: Option<Id>,
    /// If the lease runs out.
    pub run_out: Option<Id>,
    /// If the entry has to make room.
    pub evicted: Option<Id>,
}

/// What a step leads to.
#[derive(Clone, Copy, Debug)]
pub struct Leads {
    /// Where who took it stands then.
    pub to: Id,
    /// How cache and database stand then.
    pub situation: Id,
    /// Whether a read took it.
    pub reads: bool,
    /// What the operation has come to.
    pub comes_to: ComesTo,
    /// What has begun in the background.
    pub begun: [Id; Leads::MOST_BEGUN],
}

impl Leads {
    /// The most that can begin in one step.
    pub const MOST_BEGUN: usize = 2;
}

/// What an operation has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComesTo {
    /// It is under way.
    Nothing,
    /// Its client has this value, or knows that it is written.
    Value(u8),
    /// Its client has an error.
    Error,
}

/// A numbered list.
struct Numbered<T> {
    all: Vec<T>,
    ids: HashMap<T, Id, BuildHasherDefault<XxHash64>>,
}

impl<T: Copy + Eq + Hash> Numbered<T> {
    fn new(first: T) -> Self {
        let mut numbered = Numbered { all: Vec::new(), ids: HashMap::default() };
        numbered.id(first);
        numbered
    }

    fn id(&mut self, thing: T) -> Id {
        let next = self.all.len() as Id;
        *self.ids.entry(thing).or_insert_with(|| {
            self.all.push(thing);
            next
        })
    }
}

/// The tokens that are told apart: more leases than these are not known to anybody at a time.
const TOKENS: usize = 8;

/// All steps that were met.
pub struct Steps {
    bench: Bench,
    records: Numbered<Record>,
    /// What operations remember: the tokens of their leases, where they have any.
    notes: Vec<u32>,
    situations: Numbered<Situation>,
    alone: Vec<Alone>,
    /// By record and next token, and by situation: the place of what it leads to, counted from 1.
    known: Vec<Vec<u32>>,
    leads: Vec<Leads>,
    /// Whether there was more than can be told apart.
    pub overflown: bool,
}

impl Steps {
    /// None met.
    pub fn new(plan: &Plan) -> Self {
        let start = Situation { entry: None, lease: None, row: 0, evictions: plan.evictions };
        let mut steps = Steps {
            bench: Bench::new(plan.strategy()),
            records: Numbered::new(Record { left: Program::DONE, pending: None }),
            notes: vec![0],
            situations: Numbered::new(start),
            alone: Vec::new(),
            known: Vec::new(),
            leads: Vec::new(),
            overflown: false,
        };
        steps.number(start);
        steps
    }

    /// The number of `record`.
    pub fn record(&mut self, record: Record) -> Id {
        let id = self.records.id(record);
        if self.notes.len() < self.records.all.len() {
            let operation = record.pending.map(|pending| pending.operation);
            self.notes.push(operation.map_or(0, |operation| operation.note as u32));
            self.overflown |= id == Id::MAX;
        }
        id
    }

    /// What `id` stands for.
    pub fn situation(&self, id: Id) -> &Situation {
        &self.situations.all[id as usize]
    }

    /// What can come of it by itself.
    pub fn alone(&self, id: Id) -> Alone {
        self.alone[id as usize]
    }

    /// Whether no operation of this client is under way.
    pub fn is_between(&self, id: Id) -> bool {
        self.records.all[id as usize].pending.is_none()
    }

    /// The token that is given next: the first that nobody knows.
    pub fn next_token(&self, records: impl Iterator<Item = Id> + Clone, situation: Id) -> u32 {
        let held = self.situation(situation).lease.map_or(0, |lease| lease.token);
        let is_known =
            |token: u32| token == held || records.clone().any(|id| self.notes[id as usize] == token);
        (1..).find(|token| !is_known(*token)).unwrap_or(1)
    }

    /// What it leads to if the next step is that of `record`, and `token` is the next one.
    pub fn take(&mut self, record: Id, situation: Id, token: u32) -> Leads {
        self.overflown |= token as usize > TOKENS;
        let row = record as usize * TOKENS + (token as usize - 1).min(TOKENS - 1);
        if self.known.len() <= row {
            self.known.resize(row + 1, Vec::new());
        }
        let at = self.known[row].get(situation as usize).copied().unwrap_or(0);
        if at > 0 {
            return self.leads[at as usize - 1];
        }
        let leads = self.find_out(record, situation, token);
        self.leads.push(leads);
        let known = &mut self.known[row];
        if known.len() <= situation as usize {
            known.resize(situation as usize + 1, 0);
        }
        known[situation as usize] = self.leads.len() as u32;
        leads
    }

    fn find_out(&mut self, record: Id, situation: Id, token: u32) -> Leads {
        let Record { left, pending } = self.records.all[record as usize];
        let Situation { entry, lease, row, evictions } = *self.situation(situation);
        self.bench.cache.arrange(KEY, entry, lease, token - 1);
        self.bench.row = row;
        self.bench.background = 0;
        let mut after = left;
        match (pending, left.next()) {
            (Some(pending), _) => self.bench.perform(pending, &mut Nobody),
            (None, Some((kind, rest))) => {
                after = rest;
                self.bench.begin(Operation::new(1, kind, KEY, 0, Time::ZERO), &mut Nobody);
            }
            (None, None) => {}
        }
        let situation = Situation {
            entry: self.bench.cache.peek(KEY, Time::ZERO),
            lease: self.bench.cache.held(KEY),
            row: self.bench.row,
            evictions,
        };
        let kind = pending.map(|pending| pending.operation.kind).or(left.next().map(|(kind, _)| kind));
        let of_client = kind.is_none_or(Kind::is_asked_for);
        let mut leads = Leads {
            to: NOTHING,
            situation: self.number(situation),
            reads: kind == Some(Kind::Read),
            comes_to: self.bench.over.iter().find_map(comes_to).unwrap_or(ComesTo::Nothing),
            begun: [NOTHING; Leads::MOST_BEGUN],
        };
        let mut goes_on = None;
        let mut begun = 0;
        for at in 0..self.bench.pending.len() {
            let pending = self.bench.pending[at].nameless();
            let own = pending.operation.kind.is_asked_for() == of_client && goes_on.is_none();
            if own {
                goes_on = Some(self.record(Record { left: after, pending: Some(pending) }));
                continue;
            }
            let id = self.record(Record { left: Program::DONE, pending: Some(pending) });
            match leads.begun.get_mut(begun) {
                Some(place) => *place = id,
                None => self.overflown = true,
            }
            begun += 1;
        }
        leads.to = match goes_on {
            Some(id) => id,
            None if of_client => self.record(Record { left: after, pending: None }),
            None => NOTHING,
        };
        leads
    }

    /// The number of `situation`, and of what can come of it by itself.
    fn number(&mut self, situation: Situation) -> Id {
        let id = self.situations.id(situation);
        self.overflown |= id == Id::MAX;
        if self.alone.len() == id as usize {
            self.alone.push(Alone::default());
            self.alone[id as usize] = self.alone_of(situation);
        }
        id
    }

    fn alone_of(&mut self, situation: Situation) -> Alone {
        let Situation { entry, lease, evictions, .. } = situation;
        let gone = Situation { entry: None, ..situation };
        let over = lease.filter(|lease| lease.until > Time::ZERO && lease.until < Time::MAX);
        let over = over.map(|lease| Some(Held { until: Time::ZERO, ..lease }));
        Alone {
            expired: entry.filter(|entry| entry.expires < Time::MAX).map(|_| self.number(gone)),
            run_out: over.map(|lease| self.number(Situation { lease, ..situation })),
            evicted: entry
                .filter(|_| evictions > 0)
                .map(|_| self.number(Situation { evictions: evictions - 1, ..gone })),
        }
    }
}

/// What `order` brings a client.
fn comes_to(order: &Order) -> Option<ComesTo> {
    let Order { operation, command, .. } = order;
    let value = operation.content.filter(|_| *command == Command::Answer);
    let comes_to = value.map_or(ComesTo::Error, |version| ComesTo::Value(version.number as u8));
    operation.kind.is_asked_for().then_some(comes_to)
}

impl Pending {
    /// The same of nobody in particular.
    fn nameless(self) -> Self {
        Pending { operation: Operation { number: 1, ..self.operation }, ..self }
    }
}

/// Nobody listens.
pub struct Nobody;

impl Probe for Nobody {
    fn hear(&mut self, _: Time, _: Who, _: Change, _: &'static Rule, _: Figure) {}
}
