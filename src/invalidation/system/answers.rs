//! How a client gets its answer, and whether that is stale.

use super::{Client, System};
use crate::catalogue::{Figure, Rule};
use crate::invalidation::operation::{Kind, Operation, Version};
use crate::invalidation::probe::{Change, Probe};
use crate::kernel::Span;

impl System {
    /// What the cache has decided comes to the server, unless that cannot be reached: then nothing comes,
    /// and its client waits for the time-out.
    pub(super) fn reaches(
        &mut self,
        operation: Operation,
        well: bool,
        rule: &'static Rule,
        figure: Figure,
        probe: &mut dyn Probe,
    ) {
        let client = &mut self.open[operation.slot as usize].client;
        if self.unreachable && *client == Client::Waits {
            *client = Client::WaitsInVain;
            return self.hear(operation, Change::Lost, &CUT_OFF, Figure::None, probe);
        }
        self.deliver(operation, well, rule, figure, probe);
    }

    /// The server of an operation that has passed to the cache has no answer in time: its client gets an
    /// error, whatever the cache goes on to do.
    pub(super) fn gives_up(&mut self, operation: Operation, probe: &mut dyn Probe) {
        let (timeout, latency) = (Figure::Span(self.plant.timeout), self.now.since(operation.began));
        self.hear(operation, Change::TimedOut, &WAITED, timeout, probe);
        self.hear(operation, Change::Failed { latency }, &GAVE_UP, Figure::None, probe);
        let client = &mut self.open[operation.slot as usize].client;
        let over = *client == Client::WaitsInVain;
        *client = Client::HasGivenUp;
        if over {
            self.close(operation);
        }
    }

    /// The client gets its answer, or an error, if it still waits.
    pub(super) fn deliver(
        &mut self,
        operation: Operation,
        well: bool,
        rule: &'static Rule,
        figure: Figure,
        probe: &mut dyn Probe,
    ) {
        if self.open[operation.slot as usize].client == Client::HasGivenUp {
            self.hear(operation, Change::TooLate, &NOBODY_WAITS, Figure::None, probe);
            return self.close(operation);
        }
        let latency = self.now.since(operation.began);
        let content = operation.content;
        let mut gone = false;
        let change = match operation.kind {
            _ if !well && operation.kind.is_asked_for() => Change::Failed { latency },
            Kind::Read => {
                let stale = self.staleness(operation);
                Change::Answered { content, hit: !operation.missed, stale, latency }
            }
            Kind::Write => {
                let (key, now) = (operation.key, self.now);
                gone = content.is_some_and(|version| self.ledger.acknowledge(key, version, now));
                Change::Acknowledged { latency }
            }
            _ => Change::Ended,
        };
        self.hear(operation, change, rule, figure, probe);
        if gone {
            let lost = Change::WriteLost { write: operation.number };
            self.hear(operation, lost, &GONE, Figure::None, probe);
        }
        self.close(operation);
    }

    pub(super) fn staleness(&self, operation: Operation) -> Option<Span> {
        let version = operation.content.unwrap_or(Version::FIRST);
        let outdated = self.ledger.outdated(operation.key, version);
        (outdated <= operation.began).then(|| self.now.since(outdated))
    }
}

const CUT_OFF: Rule = Rule {
    name: "CUT_OFF",
    place: "reaches",
    says: "the cache cannot be reached, so its answer does not arrive",
};

const WAITED: Rule = Rule { name: "WAITED", place: "gives_up", says: "no answer came within {}" };

const GAVE_UP: Rule = Rule {
    name: "GAVE_UP",
    place: "gives_up",
    says: "the cache has not answered in time, and the server knows no other way",
};

const NOBODY_WAITS: Rule = Rule {
    name: "NOBODY_WAITS",
    place: "deliver",
    says: "its server has given up, and its client has an error",
};

const GONE: Rule = Rule {
    name: "GONE",
    place: "deliver",
    says: "the cache restarted while the acknowledgement was under way, and the value was nowhere else",
};

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] = &[&CUT_OFF, &WAITED, &GAVE_UP, &NOBODY_WAITS, &GONE];
