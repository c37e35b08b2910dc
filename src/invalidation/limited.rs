//! # Limited loads
//!
//! Each server lets at most so many of its reads be at the database at a time. The others wait in line
//! at the server, and when it is the turn of one it looks into the cache once more: somebody else may
//! have fetched the value meanwhile. A line that is full turns away at once, and who has waited too long
//! when its turn comes gets an error then. An empty cache thus makes some clients wait, but it cannot take
//! the database down: there are never more than servers × limit queries for which anybody waits.
//!
//! Without a limit the line stands before the database, where nobody can leave it. Once it is longer than
//! the servers’ time-out the database works for nobody: every answer comes when its server has given
//! up, no answer fills the cache, and so the load stays, long after whatever caused it.
//!
//! Citation: the Google SRE book, chapter 22, "Addressing Cascading Failures" (queue management; cold
//! caching); Huang et al., "Metastable Failures in the Wild", OSDI 2022. Cost: a counter and a line for
//! each server. Left out: that a query whose server has given up is still at the database; it does not
//! count here, so let the limit be what the database can do within the time-out.

use super::parameters::ttl;
use super::{Came, Desk, Kind, Listed, Operation, Place, Setup, Strategy, Ttl, Warming, Why};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use std::collections::VecDeque;

/// So many loads at a time for each server.
#[derive(Clone, Debug)]
pub struct Limited {
    rest: Ttl,
    warming: Warming,
    limit: usize,
    room: usize,
    patience: Span,
    servers: Vec<Server>,
}

/// The reads of one server that the cache did not answer.
#[derive(Clone, Debug, Default)]
struct Server {
    /// How many have a place at the database.
    loading: usize,
    /// Who waits for one, and since when.
    line: VecDeque<(Operation, Time)>,
}

/// What is noted of a read: that it has a place at the database, or had one.
const HAS_PLACE: u64 = 1;
const HAS_VALUE: u64 = 2;

const LOADS: Parameter = Parameter {
    id: "loads",
    means: "so many reads of one server may be at the database at a time",
    range: Range::Whole { least: 1, most: 100_000, default: 2 },
};
const LINE: Parameter = Parameter {
    id: "line",
    means: "so many more may wait in line at the server; 0: they get an error at once",
    range: Range::Whole { least: 0, most: 1_000_000, default: 100 },
};
const PATIENCE: Parameter = Parameter {
    id: "patience",
    means: "who has waited in line for more than so many seconds gets an error when its turn comes",
    range: Range::Seconds { most: 1e9, default: Some(0.5) },
};
const WARM: Parameter = Parameter {
    id: "warm",
    means: "so many of the most popular keys are fetched besides while the cache is empty",
    range: Range::Whole { least: 0, most: 1_000_000, default: 0 },
};

impl Limited {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "limited",
        name: "Limited loads",
        idea: "A server lets few loads be under way; the others wait or are turned away.",
        file: file!(),
        parameters: &[ttl(Some(60.0)), LOADS, LINE, PATIENCE, WARM, Warming::AT_ONCE],
        rules: &[&HAS_ROOM, &NO_ROOM, &LINE_FULL, &ITS_TURN, &TOO_LONG, &NOT_THERE],
    };

    /// It in a list.
    pub const LISTED: Listed = Listed {
        about: &Self::ABOUT,
        build: |setup| Box::new(Self::new(setup)),
        why: Why {
            stale: "an entry lives out its TTL, whatever is written",
            read: "reads that miss wait at their server, or are turned away, and the database is not overrun",
            write: "only the database is waited for",
            lost: "the database has every write before its client knows",
        },
    };

    /// Nothing kept yet, nobody in line.
    pub fn new(setup: &Setup) -> Self {
        let parameters = &setup.parameters;
        let (warm, at_once) = (parameters.whole("warm") as u32, parameters.whole("at-once") as u32);
        let ttl = parameters.seconds("ttl");
        Limited {
            rest: Ttl::new(setup),
            warming: Warming::new(setup.keys.min(warm), at_once, setup.servers, ttl),
            limit: parameters.whole("loads"),
            room: parameters.whole("line"),
            patience: parameters.seconds("patience"),
            servers: vec![Server::default(); setup.servers as usize],
        }
    }

    /// A read that the cache has not answered takes a place at the database, or waits for one.
    fn ask_for_place(&mut self, operation: Operation, desk: &mut Desk) {
        let server = &mut self.servers[operation.server as usize];
        if server.loading < self.limit {
            server.loading += 1;
            return desk.load(Operation { note: HAS_PLACE, ..operation }, &HAS_ROOM);
        }
        if server.line.len() >= self.room {
            return desk.fail(operation, &LINE_FULL);
        }
        server.line.push_back((operation, desk.now()));
        desk.park(operation, &NO_ROOM);
    }

    /// A place at the database is given back, and goes to the next who has not waited too long.
    fn give_back(&mut self, server: u32, desk: &mut Desk) {
        let server = &mut self.servers[server as usize];
        server.loading -= 1;
        while let Some((waiting, since)) = server.line.pop_front() {
            if desk.now().since(since) > self.patience {
                desk.fail(waiting, &TOO_LONG);
                continue;
            }
            server.loading += 1;
            return desk.get(Operation { note: HAS_PLACE, missed: false, ..waiting }, &ITS_TURN);
        }
    }

    fn read(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match (operation.note, came) {
            (0, Came::Missed | Came::Failed(Place::Cache)) => self.ask_for_place(operation, desk),
            (HAS_PLACE, Came::Missed | Came::Failed(Place::Cache)) => desk.load(operation, &NOT_THERE),
            (HAS_PLACE, came) => {
                self.rest.go_on(Operation { note: HAS_VALUE, ..operation }, came, desk);
                self.give_back(operation.server, desk);
            }
            (_, came) => self.rest.go_on(operation, came, desk),
        }
    }
}

impl Strategy for Limited {
    fn go_on(&mut self, operation: Operation, came: Came, desk: &mut Desk) {
        match operation.kind {
            Kind::Read => self.read(operation, came, desk),
            Kind::WarmUp => self.warming.go_on(operation, came, desk),
            _ => self.rest.go_on(operation, came, desk),
        }
    }

    fn starts(&self) -> bool {
        self.warming.is_asked_for()
    }

    fn start(&mut self, desk: &mut Desk) {
        self.warming.begin(desk);
    }

    fn restarted(&mut self, desk: &mut Desk) {
        self.warming.begin(desk);
    }

    fn duplicate(&self) -> Box<dyn Strategy> {
        Box::new(self.clone())
    }
}

const HAS_ROOM: Rule = Rule {
    name: "HAS_ROOM",
    place: "ask_for_place",
    says: "fewer of its server’s reads are at the database than may be",
};
const NO_ROOM: Rule = Rule {
    name: "NO_ROOM",
    place: "ask_for_place",
    says: "as many of its server’s reads are at the database as may be",
};
const LINE_FULL: Rule =
    Rule { name: "LINE_FULL", place: "ask_for_place", says: "the line at its server is full" };
const ITS_TURN: Rule = Rule {
    name: "ITS_TURN",
    place: "give_back",
    says: "a place at the database is free, and somebody may have fetched the value meanwhile",
};
const TOO_LONG: Rule = Rule {
    name: "TOO_LONG",
    place: "give_back",
    says: "it has waited in line for so long that its client has no use for the value",
};
const NOT_THERE: Rule =
    Rule { name: "NOT_THERE", place: "read", says: "nobody has fetched the value meanwhile" };
