//! How a client gets its answer, and whether that is stale.

use super::System;
use crate::catalogue::{Figure, Rule};
use crate::invalidation::operation::{Kind, Operation, Version};
use crate::invalidation::probe::{Change, Probe};
use crate::kernel::Span;

impl System {
    pub(super) fn reaches(
        &mut self,
        operation: Operation,
        well: bool,
        rule: &'static Rule,
        figure: Figure,
        probe: &mut dyn Probe,
    ) {
        if self.unreachable {
            return self.deliver(operation, false, &CUT_OFF, Figure::None, probe);
        }
        self.deliver(operation, well, rule, figure, probe);
    }

    /// The client gets its answer, or an error.
    pub(super) fn deliver(
        &mut self,
        operation: Operation,
        well: bool,
        rule: &'static Rule,
        figure: Figure,
        probe: &mut dyn Probe,
    ) {
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

const GONE: Rule = Rule {
    name: "GONE",
    place: "deliver",
    says: "the cache restarted while the acknowledgement was under way, and the value was nowhere else",
};

/// This file.
pub(in crate::invalidation) const SOURCE: &str = file!();
/// Its rules.
pub(in crate::invalidation) const RULES: &[&Rule] = &[&CUT_OFF, &GONE];
