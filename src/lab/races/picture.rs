//! A variant as a picture: the clients with what they carry, the cache, the database; below them how many
//! schedules there are, and which one this is.

use super::findings::{Finding, Shown};
use super::lab::Side;
use super::words;
use crate::invalidation::explore::{Answered, Choice, Client, Harm, Next, Pending};
use crate::invalidation::{Came, Change, Command, Content, Kind, Who};
use crate::kernel::Time;
use crate::lab::invalidation::words::value;
use crate::lab::scene::{Action, Badge, Mood, Shape, Slot, State, Station};
use crate::lab::words as numbers;

/// The picture of one variant after so many steps of its schedule.
pub(super) fn of(side: &Side, finding: &Finding, taken: usize, harm: Harm, all: &[Side]) -> Vec<Shape> {
    let painter = Painter { side, finding, taken };
    let clients = side.world.clients.iter().enumerate().map(|(at, client)| painter.client(at, client));
    let background = side.world.background.iter().map(|(number, pending)| painter.job(*number, pending));
    vec![
        Shape::Flow(vec![clients.chain(background).collect(), vec![painter.cache(), painter.database()]]),
        Shape::Note(finding.counted.clone()),
        Shape::Note(painter.which(harm, all)),
    ]
}

struct Painter<'a> {
    side: &'a Side,
    finding: &'a Finding,
    taken: usize,
}

/// Each place’s values have identities of their own.
const EACH: u64 = 1_000;
const CACHE: u64 = 100;
const DATABASE: u64 = 101;
const BACKGROUND: u64 = 200;

impl Painter<'_> {
    fn client(&self, at: usize, client: &Client) -> Shape {
        let number = at as u32 + 1;
        let next = match (&client.pending, client.left.next()) {
            (Some(pending), _) => Some(next(pending)),
            (None, _) if client.waits => Some("waits for another".to_owned()),
            (None, Some((Kind::Read, _))) => Some("reads next".to_owned()),
            (None, Some(_)) => Some("writes next".to_owned()),
            (None, None) => None,
        };
        let says = client.answered.iter().map(|answered| told(*answered)).chain(next.clone());
        let says = says.collect::<Vec<_>>().join(", ");
        let choice = Choice::Client(number);
        let name = format!("client {number}");
        let mood = if next.is_some() { Mood::Busy } else { Mood::Idle };
        station(name, mood, says, self.carried(client.pending, number.into()), self.turn(choice, "go next"))
    }

    fn job(&self, number: u32, pending: &Pending) -> Shape {
        let slots = self.carried(Some(*pending), BACKGROUND + u64::from(number));
        let action = self.turn(Choice::Background(number), "go next");
        station(words::background_name(number), Mood::Busy, next(pending), slots, action)
    }

    /// The value that an operation carries.
    fn carried(&self, pending: Option<Pending>, place: u64) -> Vec<Slot> {
        let operation = pending.map(|pending| pending.operation);
        let content = pending.and_then(|pending| pending.carries());
        let touched = |heard: &crate::invalidation::Heard| match heard.who {
            Who::Operation(other) => operation.is_some_and(|own| own.called() == other.called()),
            Who::Place(_) => false,
        };
        let state = if self.side.last.iter().any(touched) { State::Touched } else { State::Still };
        content.map(|_| self.version(content, place, state)).into_iter().collect()
    }

    fn cache(&self) -> Shape {
        let world = &self.side.world;
        let entry = world.entry();
        let holds = match entry {
            None => "holds nothing".to_owned(),
            Some(entry) if world.is_old() => format!("holds {}, which is old", value(entry.content)),
            Some(entry) => format!("holds {}", value(entry.content)),
        };
        let lease = world.lease().map(|lease| match lease.until {
            Time::ZERO => format!("lease {} has run out", lease.token),
            _ => format!("lease {} is out", lease.token),
        });
        let says = [holds].into_iter().chain(lease).collect::<Vec<_>>().join("; ");
        let kept = self.has_heard(|change| matches!(change, Change::Kept { .. }));
        let found = self.has_heard(|change| matches!(change, Change::Hit { .. }));
        let state = match (kept, found) {
            (true, _) => State::New,
            (_, true) => State::Found,
            _ => State::Still,
        };
        let slots = entry.map(|entry| self.version(entry.content, CACHE, state));
        let alone = [
            (Choice::Expires, "let the entry expire"),
            (Choice::RunsOut, "let the lease run out"),
            (Choice::Evicted, "give up the entry"),
        ];
        let action = alone.into_iter().find_map(|(choice, label)| self.turn(choice, label));
        let mood = if entry.is_some() { Mood::Busy } else { Mood::Idle };
        station("cache".to_owned(), mood, says, slots.into_iter().collect(), action)
    }

    fn database(&self) -> Shape {
        let world = &self.side.world;
        let version = world.version();
        let says = match world.acknowledged {
            0 => format!("has {}", value(Some(version))),
            number if number == version.number => format!("has {}, acknowledged", value(Some(version))),
            number => format!("has {}; version {number} is acknowledged", value(Some(version))),
        };
        let written = self.has_heard(|change| matches!(change, Change::Committed { .. }));
        let state = if written { State::New } else { State::Still };
        let slot = self.version(Some(version), DATABASE, state);
        station("database".to_owned(), Mood::Busy, says, vec![slot], None)
    }

    fn has_heard(&self, what: impl Fn(Change) -> bool) -> bool {
        self.side.last.iter().any(|heard| what(heard.change))
    }

    /// A value; a mark says that the database has a newer one.
    fn version(&self, content: Content, place: u64, state: State) -> Slot {
        let number = content.map_or(0, |version| version.number);
        let old = number < self.side.world.version().number;
        Slot::Entry {
            identity: place * EACH + u64::from(number),
            label: format!("v{number}"),
            badge: if old { Badge::Mark } else { Badge::None },
            pointer: None,
            state,
        }
    }

    /// The person lets `choice` come next, if it can: the schedule so far, and then this.
    fn turn(&self, choice: Choice, label: &'static str) -> Option<Action> {
        let so_far = self.finding.schedule[..self.taken].iter().map(Choice::to_string);
        let value = so_far.chain([choice.to_string()]).collect::<Vec<_>>().join(",");
        let action = Action { label, field: "schedule", value };
        self.side.world.can(choice).then_some(action)
    }

    /// Which schedule this is, and what it has come to.
    fn which(&self, harm: Harm, all: &[Side]) -> String {
        let steps = numbers::counted(self.finding.schedule.len() as u64, "step", "steps");
        let which = match self.finding.shown {
            Shown::Shortest => format!("Here: the shortest bad one, {steps}."),
            Shown::OrderOf(at) => {
                let name = all.get(at).map_or("", |side| side.name.as_str());
                format!("Here: the order of {name}, as far as it can be followed, {steps}.")
            }
            Shown::Turns => format!("Here: the clients take turns, {steps}."),
            Shown::ByHand => format!("Here: your own, {steps}."),
        };
        match (self.side.world.is_idle(), self.side.is_left()) {
            (true, true) => format!("{which} All is over, and the cache keeps an old value."),
            (true, false) if harm == Harm::Left && !self.side.world.is_old() => {
                format!("{which} All is over, and no old value is left.")
            }
            _ => which,
        }
    }
}

fn told(answered: Answered) -> String {
    match answered {
        Answered::Read { number, stale: false } => format!("has read v{number}"),
        Answered::Read { number, stale: true } => format!("has read v{number}, which is stale"),
        Answered::Written(number) => format!("has written v{number}"),
        Answered::Failed => "has got an error".to_owned(),
    }
}

/// What an operation does next.
fn next(pending: &Pending) -> String {
    match pending.next {
        Next::Does(command) => does(command),
        Next::Hears(Came::Stored(_)) => "hears next that the database has it".to_owned(),
        Next::Hears(_) => "gets the database’s answer next".to_owned(),
    }
}

fn does(command: Command) -> String {
    match command {
        Command::Get => "asks the cache next".to_owned(),
        Command::Lease(_) => "asks the cache next, and for the lease".to_owned(),
        Command::Fill(fill, _) => format!("puts {} into the cache next", value(fill.content)),
        Command::Delete => "deletes the entry next".to_owned(),
        Command::Pass(_) => "goes to the cache next".to_owned(),
        Command::Return => "goes to its server next".to_owned(),
        Command::Load => "asks the database next".to_owned(),
        Command::Check => "asks the database for the version next".to_owned(),
        Command::Act { .. } => "acts on the value next".to_owned(),
        Command::Store | Command::StoreBatch => "writes to the database next".to_owned(),
        Command::Wait(_) => "waits".to_owned(),
        Command::Answer | Command::Fail | Command::End => "is over".to_owned(),
    }
}

fn station(name: String, mood: Mood, says: String, slots: Vec<Slot>, action: Option<Action>) -> Shape {
    Shape::Station(Station { name, mood, says, slots, progress: None, action })
}
