//! What a step does, by heart: where an operation stands and how cache and database stand are numbered,
//! and what a step leads to is found out once, by letting the strategy do it.

use super::bench::{Bench, Pending};
use super::program::Program;
use super::{KEY, MOST_CLIENTS, Plan};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::cache::{Entry, Held};
use crate::invalidation::operation::{Kind, Operation};
use crate::invalidation::probe::{Change, Probe, Who};
use crate::invalidation::strategy::{Command, Order, Strategy};
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
    /// Where the operation that is under way stands.
    pub stands: Stands,
}

/// Where an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stands {
    /// None is under way.
    Nowhere,
    /// This can be next for it.
    Before(Pending),
    /// The strategy remembers it, under this number, and goes on with it in a step of somebody else’s.
    Waits(u32),
}

/// The number of an operation that the strategy does not remember: of nobody in particular. Those that it
/// remembers are counted from 1.
const NOBODY: u32 = 0;

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
    /// What the strategy remembers, by its place among all that was met.
    pub memory: Id,
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
    /// Who has waited and goes on: each, and then nobody.
    woken: [Woken; MOST_CLIENTS - 1],
}

impl Leads {
    /// The most that can begin in one step.
    pub const MOST_BEGUN: usize = 2;

    /// Who has waited and goes on.
    pub fn woken(&self) -> impl Iterator<Item = Woken> + use<> {
        self.woken.into_iter().take_while(|woken| woken.number != NOBODY)
    }

    const NOTHING: Leads = Leads {
        to: NOTHING,
        situation: 0,
        reads: false,
        comes_to: ComesTo::Nothing,
        begun: [NOTHING; Leads::MOST_BEGUN],
        woken: [Woken::NONE; MOST_CLIENTS - 1],
    };

    /// Adds that the step has led `operation`, which was not its own, to where `to` stands. Whether there
    /// was room for it.
    fn add(&mut self, operation: &Operation, to: Id, comes_to: ComesTo) -> bool {
        if operation.kind.is_asked_for() {
            let place = self.woken.iter_mut().find(|woken| woken.number == NOBODY);
            let reads = operation.kind == Kind::Read;
            place.map(|place| *place = Woken { number: operation.number, reads, to, comes_to }).is_some()
        } else {
            let place = self.begun.iter_mut().find(|begun| **begun == NOTHING);
            place.map(|place| *place = to).is_some()
        }
    }
}

/// An operation that has waited, and goes on in a step of somebody else’s.
#[derive(Clone, Copy, Debug)]
pub struct Woken {
    /// The number under which the strategy has remembered it, or [`NOBODY`].
    number: u32,
    /// Whether it is a read.
    pub reads: bool,
    /// Where it stands then, as a client would that does nothing after it.
    pub to: Id,
    /// What it has come to.
    pub comes_to: ComesTo,
}

impl Woken {
    const NONE: Woken = Woken { number: NOBODY, reads: false, to: NOTHING, comes_to: ComesTo::Nothing };
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

/// What a strategy remembers, and the strategy that does.
struct Memory {
    remembered: Vec<Operation>,
    strategy: Box<dyn Strategy>,
}

/// All steps that were met.
pub struct Steps {
    bench: Bench,
    memories: Vec<Memory>,
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
        let start = Situation { entry: None, lease: None, row: 0, evictions: plan.evictions, memory: 0 };
        let mut steps = Steps {
            bench: Bench::new(plan.strategy()),
            memories: vec![Memory { remembered: Vec::new(), strategy: plan.strategy() }],
            records: Numbered::new(Record { left: Program::DONE, stands: Stands::Nowhere }),
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
            self.notes.push(match record.stands {
                Stands::Before(pending) => pending.operation.note as u32,
                Stands::Nowhere | Stands::Waits(_) => 0,
            });
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
        self.records.all[id as usize].stands == Stands::Nowhere
    }

    /// Whether the operation of this client waits for somebody else’s.
    pub fn waits(&self, id: Id) -> bool {
        matches!(self.records.all[id as usize].stands, Stands::Waits(_))
    }

    /// Where a client that stands at `id` stands once `woken` has gone on, if that is its operation.
    pub fn goes_on(&mut self, id: Id, woken: Woken) -> Option<Id> {
        let Record { left, stands } = self.records.all[id as usize];
        let stands =
            (stands == Stands::Waits(woken.number)).then(|| self.records.all[woken.to as usize].stands);
        stands.map(|stands| self.record(Record { left, stands }))
    }

    /// The token that is given next: the first that nobody knows.
    pub fn next_token(&self, records: impl Iterator<Item = Id> + Clone, situation: Id) -> u32 {
        let Situation { lease, memory, .. } = self.situation(situation);
        let held = lease.map_or(0, |lease| lease.token);
        let remembered = &self.memories[*memory as usize].remembered;
        let is_known = |token: u32| {
            token == held
                || records.clone().any(|id| self.notes[id as usize] == token)
                || remembered.iter().any(|operation| operation.note as u32 == token)
        };
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
        let Record { left, stands } = self.records.all[record as usize];
        let Situation { entry, lease, row, evictions, memory } = *self.situation(situation);
        let Memory { remembered, strategy } = &self.memories[memory as usize];
        self.bench.strategy = strategy.duplicate();
        self.bench.cache.arrange(KEY, entry, lease, token - 1);
        self.bench.row = row;
        self.bench.background = 0;
        let number = first_free(remembered);
        let (mut after, mut own) = (left, None);
        match (stands, left.next()) {
            (Stands::Before(pending), _) => {
                let pending = pending.called(number);
                own = Some(pending.operation);
                self.bench.perform(pending, &mut Nobody);
            }
            (Stands::Nowhere, Some((kind, rest))) => {
                let operation = Operation::new(number, kind, KEY, 0, Time::ZERO);
                (after, own) = (rest, Some(operation));
                self.bench.begin(operation, &mut Nobody);
            }
            (Stands::Nowhere, None) | (Stands::Waits(_), _) => {}
        }
        let memory = self.memory();
        let situation = self.number(Situation {
            entry: self.bench.cache.peek(KEY, Time::ZERO),
            lease: self.bench.cache.held(KEY),
            row: self.bench.row,
            evictions,
            memory,
        });
        self.led_to(own, after, situation)
    }

    /// What a step of the operation `own` has led to, after which its client does `after`.
    fn led_to(&mut self, own: Option<Operation>, after: Program, situation: Id) -> Leads {
        let own_read = own.is_some_and(|own| own.kind == Kind::Read);
        let mut leads = Leads { situation, reads: own_read, ..Leads::NOTHING };
        let waits = own.filter(|own| own.kind.is_asked_for()).map(|own| Stands::Waits(own.number));
        let mut stands = waits.unwrap_or(Stands::Nowhere);
        let over = self.bench.over.iter().map(|order| (order.operation, Stands::Nowhere, comes_to(order)));
        let under_way =
            self.bench.pending.iter().map(|pending| {
                (pending.operation, Stands::Before(self.nameless(*pending)), ComesTo::Nothing)
            });
        for (operation, now, comes_to) in over.chain(under_way).collect::<Vec<_>>() {
            if own.is_some_and(|own| own.called() == operation.called()) {
                (stands, leads.comes_to) = (now, comes_to);
                continue;
            }
            let to = self.record(Record { left: Program::DONE, stands: now });
            self.overflown |= !leads.add(&operation, to, comes_to);
        }
        leads.to = self.record(Record { left: after, stands });
        leads
    }

    /// The number of what the strategy remembers now.
    fn memory(&mut self) -> Id {
        let remembered = self.bench.strategy.remembered();
        let known = self.memories.iter().position(|memory| memory.remembered == remembered);
        let at = known.unwrap_or_else(|| {
            self.memories.push(Memory { remembered, strategy: self.bench.strategy.duplicate() });
            self.memories.len() - 1
        });
        self.overflown |= at >= Id::MAX as usize;
        at as Id
    }

    /// The same of nobody in particular, unless the strategy remembers who it is.
    fn nameless(&self, pending: Pending) -> Pending {
        let operation = pending.operation;
        let remembered = self.bench.strategy.remembered();
        let is_known = remembered.iter().any(|known| known.called() == operation.called());
        let number = if is_known { operation.number } else { NOBODY };
        Pending { operation: Operation { number, ..operation }, ..pending }
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
fn comes_to(order: &Order) -> ComesTo {
    let value = order.operation.content.filter(|_| order.command == Command::Answer);
    value.map_or(ComesTo::Error, |version| ComesTo::Value(version.number as u8))
}

/// The first number under which nothing is remembered.
fn first_free(remembered: &[Operation]) -> u32 {
    (1..).find(|number| remembered.iter().all(|known| known.number != *number)).unwrap_or(NOBODY)
}

impl Pending {
    /// The same with a number, if a client’s operation has none.
    fn called(self, number: u32) -> Self {
        let nameless = self.operation.kind.is_asked_for() && self.operation.number == NOBODY;
        let number = if nameless { number } else { self.operation.number };
        Pending { operation: Operation { number, ..self.operation }, ..self }
    }
}

/// Nobody listens.
pub struct Nobody;

impl Probe for Nobody {
    fn hear(&mut self, _: Time, _: Who, _: Change, _: &'static Rule, _: Figure) {}
}
