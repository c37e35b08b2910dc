//! What a strategy is: what servers and cache do when an operation begins, and each time an answer
//! comes. One strategy a file.
//!
//! An operation does one thing after another. A strategy gives it a command through its [`Desk`], and
//! goes on with it when the answer has **come**. So a strategy is a table: of what is under way, and of
//! what came, to what is done next. How long things take is not its affair: the same strategy runs in
//! model time and under the explorer of schedules, which lets answers come in every order.

use super::cache::{Cache, Entry, Fill};
use super::ledger::Ledger;
use super::operation::{Content, Key, Kind, Operation, Place, Version};
use super::probe::{Change, Probe, Who};
use crate::catalogue::{Figure, Parameters, Rule};
use crate::kernel::{Random, Span, Time};

/// A way to keep cache and database together.
pub trait Strategy {
    /// `operation` goes on: it has just begun, or an answer has come. It must be given a command, or
    /// be answered, or be remembered by the strategy until somebody else goes on with it.
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk);

    /// The database has committed `version` of `key`.
    fn committed(&mut self, _key: Key, _version: Version, _desk: &mut Desk) {}

    /// The cache has done the deletion that `operation` asked for.
    fn deleted(&mut self, _operation: Operation, _desk: &mut Desk) {}

    /// The cache has looked for what `operation` asks for, or has taken the value that it brings.
    fn served(&mut self, _operation: Operation) {}

    /// Whether it does something before the first client comes.
    fn starts(&self) -> bool {
        false
    }

    /// Cache and servers are up, and no client has come yet; who says that it [starts](Strategy::starts) is
    /// asked.
    fn start(&mut self, _desk: &mut Desk) {}

    /// The cache has restarted: its entries are gone, and so is what the strategy kept there. Operations
    /// that it remembered there must be given up.
    fn restarted(&mut self, _desk: &mut Desk) {}

    /// What the flush `operation` brings to the database, where it is told to store a batch.
    fn batch(&self, _operation: &Operation) -> &[(Key, Version)] {
        &[]
    }

    /// The operations that it remembers, in the order in which it goes on with them. Where they, with their
    /// notes, are all that it keeps, the explorer of schedules tells its states apart by them.
    fn remembered(&self) -> Vec<Operation> {
        Vec::new()
    }

    /// The key whose value is kept under `name`.
    fn key_of(&self, name: u32) -> Key {
        name
    }

    /// What else there is to see of it.
    fn shelves(&self, _now: Time) -> Vec<Shelf> {
        Vec::new()
    }

    /// How many values it keeps beside the shared cache: in servers, in filters.
    fn kept_aside(&self) -> usize {
        0
    }

    /// The same once more.
    fn duplicate(&self) -> Box<dyn Strategy>;
}

/// What has come for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Came {
    /// Nothing yet: it begins.
    Begins,
    /// It has arrived where it was sent: at the cache, or from there at its server.
    Passed,
    /// The cache has the value.
    Found(Entry),
    /// The cache does not have it.
    Missed,
    /// The cache does not have it, and has given a lease.
    Leased(u32),
    /// The cache does not have it, and somebody else has the lease.
    Taken,
    /// The cache has taken the value.
    Filled,
    /// The cache has refused the value.
    Refused,
    /// The cache has deleted; whether there was something.
    Deleted(bool),
    /// The database has answered, after so long.
    Loaded(Content, Span),
    /// The database has said which value it has.
    Checked(Content),
    /// The database has the new value.
    Stored(Content),
    /// The database has done what a client wants because of a value, or, `false`, refuses to: it has
    /// another value by now.
    Acted(bool),
    /// The time is over.
    Waited,
    /// There was no answer, or a bad one, from this place.
    Failed(Place),
}

/// What is done for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// The cache is asked.
    Get,
    /// The cache is asked, and for a lease of so long if it does not have the value.
    Lease(Span),
    /// The cache is given a value.
    Fill(Fill, Check),
    /// The cache is told to delete.
    Delete,
    /// It is sent to the cache, after so long.
    Pass(Span),
    /// It is sent from the cache to its server.
    Return,
    /// The database is asked for the value.
    Load,
    /// The database is asked which value it has.
    Check,
    /// The database is told the value that the operation carries; it gives it its version if it has
    /// none.
    Store,
    /// The database is told the values of [`Strategy::batch`].
    StoreBatch,
    /// The database is told to do what a client wants because of the value that the operation carries;
    /// if `guarded`, only while that is the value which it has.
    Act {
        /// Whether the value is compared.
        guarded: bool,
    },
    /// It waits.
    Wait(Span),
    /// Its client gets the value that it carries, or the acknowledgement.
    Answer,
    /// Its client gets an error.
    Fail,
    /// It is over, and nobody waits for it.
    End,
}

/// On what condition a cache takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Check {
    /// On none.
    Always,
    /// Unless it has a newer one.
    IfNewer,
    /// If this is the lease.
    Lease(u32),
}

/// Values that are kept beside the shared cache, as something to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Shelf {
    /// Where: "server 1", "to be written".
    pub name: String,
    /// Under which names, which values, and since when.
    pub entries: Vec<(u32, Content, Time)>,
    /// How many there may be, if that is limited.
    pub room: Option<usize>,
}

/// What a strategy is built from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// How many keys exist; those above do not.
    pub keys: u32,
    /// How many keys are asked for, those included that do not exist.
    pub asked_for: u32,
    /// How many servers there are.
    pub servers: u32,
    /// From when until when the servers change to a new form of values, one after another.
    pub rollout: (Time, Time),
    /// Fixes its random choices.
    pub seed: u64,
    /// Its parameters, complete and within their ranges.
    pub parameters: Parameters,
}

/// Something that is to be done for an operation.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The operation.
    pub operation: Operation,
    /// What.
    pub command: Command,
    /// Why.
    pub rule: &'static Rule,
    /// The figure that the rule decided by.
    pub figure: Figure,
}

/// What a strategy has to do its work with.
pub struct Desk<'a> {
    pub(super) now: Time,
    pub(super) seed: u64,
    pub(super) cache: &'a mut Cache,
    pub(super) ledger: &'a mut Ledger,
    /// What is to be done, for whoever runs the strategy.
    pub(super) orders: &'a mut Vec<Order>,
    /// How many operations there have been in the background.
    pub(super) background: &'a mut u32,
    pub(super) probe: &'a mut dyn Probe,
}

impl Desk<'_> {
    /// What time it is.
    pub fn now(&self) -> Time {
        self.now
    }

    /// Tells what happens to `operation`, and why.
    pub fn tell(&mut self, operation: Operation, change: Change, rule: &'static Rule, figure: Figure) {
        self.probe.hear(self.now, Who::Operation(operation), change, rule, figure);
    }

    fn order(&mut self, operation: Operation, command: Command, rule: &'static Rule, figure: Figure) {
        self.orders.push(Order { operation, command, rule, figure });
    }

    fn send(&mut self, operation: Operation, command: Command, change: Change, rule: &'static Rule) {
        self.tell(operation, change, rule, Figure::None);
        self.order(operation, command, rule, Figure::None);
    }

    /// Asks the cache for the value: [`Came::Found`] or [`Came::Missed`].
    pub fn get(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Get, Change::Asks, rule);
    }

    /// Asks the cache for the value, and for a lease that lasts for `span` if it does not have it:
    /// [`Came::Found`], [`Came::Leased`] or [`Came::Taken`].
    pub fn get_or_lease(&mut self, operation: Operation, span: Span, rule: &'static Rule) {
        self.send(operation, Command::Lease(span), Change::Asks, rule);
    }

    /// Gives the cache a value: [`Came::Filled`] or [`Came::Refused`].
    pub fn fill(&mut self, operation: Operation, fill: Fill, check: Check, rule: &'static Rule) {
        self.send(operation, Command::Fill(fill, check), Change::Fills { content: fill.content }, rule);
    }

    /// Tells the cache to delete: [`Came::Deleted`].
    pub fn delete(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Delete, Change::Deletes, rule);
    }

    /// Sends the operation to the cache after `span`, to go on there: [`Came::Passed`].
    pub fn pass(&mut self, operation: Operation, span: Span, rule: &'static Rule) {
        self.send(operation, Command::Pass(span), Change::Passes, rule);
    }

    /// Sends the operation, which is at the cache, to its server, to go on there: [`Came::Passed`]. It
    /// must be one in the background: if the message gets lost, it is over.
    pub fn send_back(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Return, Change::Returns, rule);
    }

    /// Asks the database for the value: [`Came::Loaded`].
    pub fn load(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(Operation { missed: true, ..operation }, Command::Load, Change::Loads, rule);
    }

    /// Asks the database which value it has, which may be less work: [`Came::Checked`].
    pub fn check(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Check, Change::Checks, rule);
    }

    /// Tells the database the value that the operation brings: [`Came::Stored`].
    pub fn store(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Store, Change::Stores, rule);
    }

    /// Tells the database all values of [`Strategy::batch`] at once: [`Came::Stored`].
    pub fn store_batch(&mut self, operation: Operation, rule: &'static Rule, figure: Figure) {
        self.tell(operation, Change::Stores, rule, figure);
        self.order(operation, Command::StoreBatch, rule, figure);
    }

    /// Tells the database to do what the client wants because of the value that the operation carries,
    /// whether that is still true or not: [`Came::Acted`].
    pub fn act(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Act { guarded: false }, Change::Acts, rule);
    }

    /// The same, but the database refuses if it has another value by then.
    pub fn act_if_true(&mut self, operation: Operation, rule: &'static Rule) {
        self.send(operation, Command::Act { guarded: true }, Change::Acts, rule);
    }

    /// Lets it wait for `span`: [`Came::Waited`].
    pub fn wait(&mut self, operation: Operation, span: Span, rule: &'static Rule) {
        self.tell(operation, Change::Waits, rule, Figure::Span(span));
        self.order(operation, Command::Wait(span), rule, Figure::Span(span));
    }

    /// Lets it wait for somebody else; the strategy remembers it and goes on with it later.
    pub fn park(&mut self, operation: Operation, rule: &'static Rule) {
        self.tell(operation, Change::Waits, rule, Figure::None);
    }

    /// Gives the client of a read `content`, by `rule`, which decided by `figure`.
    pub fn answer(&mut self, operation: Operation, content: Content, rule: &'static Rule, figure: Figure) {
        self.order(Operation { content, ..operation }, Command::Answer, rule, figure);
    }

    /// Tells the client of a write that the value which the operation carries is written.
    pub fn acknowledge(&mut self, operation: Operation, rule: &'static Rule) {
        self.order(operation, Command::Answer, rule, Figure::None);
    }

    /// Gives the client an error.
    pub fn fail(&mut self, operation: Operation, rule: &'static Rule) {
        self.order(operation, Command::Fail, rule, Figure::None);
    }

    /// Ends an operation for which nobody waits.
    pub fn end(&mut self, operation: Operation, rule: &'static Rule) {
        self.order(operation, Command::End, rule, Figure::None);
    }

    /// Begins something in the background, at `place`. It must be given a command.
    pub fn begin(
        &mut self,
        kind: Kind,
        key: Key,
        server: u32,
        place: Place,
        rule: &'static Rule,
    ) -> Operation {
        *self.background += 1;
        let new = Operation { place, ..Operation::new(*self.background, kind, key, server, self.now) };
        self.tell(new, Change::Begun(kind), rule, Figure::None);
        new
    }

    /// The entry under `name`, without a trace: for strategies that decide by what is there.
    pub fn entry(&self, name: u32) -> Option<Entry> {
        self.cache.peek(name, self.now)
    }

    /// At the cache: keeps a value under the operation's name.
    pub fn put(&mut self, operation: Operation, fill: Fill, rule: &'static Rule) {
        self.tell(operation, Change::Kept { content: fill.content }, rule, Figure::None);
        if let Some(name) = self.cache.put(operation.name, fill, self.now) {
            self.tell(operation, Change::Evicted { name }, &NO_ROOM, Figure::None);
        }
    }

    /// At the cache: deletes the entry under the operation's name.
    pub fn remove(&mut self, operation: Operation, rule: &'static Rule) {
        let there = self.cache.delete(operation.name);
        self.tell(operation, Change::Deleted { there }, rule, Figure::None);
    }

    /// At the cache: takes the value of the write `operation`, of which the database does not know
    /// yet. The cache is the place of record then, and gives the version.
    pub fn record(&mut self, operation: &mut Operation, rule: &'static Rule) -> Version {
        let version = self.ledger.record(operation.key, operation.number);
        operation.content = Some(version);
        self.tell(*operation, Change::Recorded { content: operation.content }, rule, Figure::None);
        version
    }

    /// What the database has, `version`, is the newest value of `key` again, and all later ones will
    /// never be there: those that were acknowledged are lost.
    pub fn fall_back(&mut self, key: Key, version: Version, rule: &'static Rule) {
        for write in self.ledger.fall_back(key, version) {
            let operation = Operation::new(write, Kind::Write, key, 0, self.now);
            self.tell(operation, Change::WriteLost { write }, rule, Figure::None);
        }
    }

    /// At the cache: the lease on the operation's name that is out, if one is.
    pub fn lease(&self, operation: Operation) -> Option<u32> {
        self.cache.held(operation.name).map(|held| held.token)
    }

    /// At the cache: gives a lease back that led to nothing.
    pub fn give_back(&mut self, operation: Operation, lease: u32) {
        self.cache.give_back(operation.name, lease);
    }

    /// A number from 0, included, to 1, excluded, that chance gives `operation`: always the same.
    pub fn chance(&self, operation: &Operation) -> f64 {
        Random::stream(self.seed, operation.called().identity() << 8 | u64::from(operation.commands)).unit()
    }
}

const NO_ROOM: Rule =
    Rule { name: "NO_ROOM", place: "put", says: "the cache is full, and it was used least recently" };

/// The file of what strategies have in common.
pub const SOURCE: &str = file!();
/// Its rules.
pub const RULES: &[&Rule] = &[&NO_ROOM];
