//! # Scale out
//!
//! More comes than can be served, so more workers serve. Every so often the number of requests a worker is
//! compared with a **target**, and as many workers are wanted as would bring it there: desired =
//! ⌈workers · requests a worker / target⌉, no fewer than there were at the start and no more than `most`; a
//! tenth off the target is near enough. New workers take time to **start up**, in which the queue goes on
//! growing; and none are done without before a **cool-down** has passed since more were last wanted,
//! so that a short lull does not undo everything. It is the one answer that loses nobody and lets nobody wait
//! for long, and the only one that is paid by the hour.
//!
//! The Horizontal Pod Autoscaler of Kubernetes: `desiredReplicas = ceil(currentReplicas · currentMetricValue /
//! desiredMetricValue)`, every 15 s, tolerance 0.1, stabilization for 300 s on the way down; the cool-downs
//! of AWS' scaling policies are alike.
//!
//! Cost: a step a request and a look every so often; the workers are paid for from when they are started.
//! Left out: a limit to how many are started at once, and a bound on the buffer.

use super::parameters::MIDDLE;
use super::{Answer, Change, Desk, Dial, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::{Span, Time};
use crate::queue::Figure;

/// A buffer without a bound, and as many workers as it needs.
#[derive(Clone, Debug)]
pub struct ScaleOut {
    most: usize,
    target: f64,
    every: Span,
    start_up: Span,
    cool_down: Span,
    /// How many workers there were at the first look.
    least: Option<usize>,
    next: Time,
    /// When more workers were last wanted than there were.
    last_wanted: Time,
}

const MOST: Parameter = Parameter {
    id: "most",
    means: "how many workers there can be at a stage",
    range: Range::Whole { least: 1, most: 1_000, default: 20 },
};
const TARGET: Parameter = Parameter {
    id: "target",
    means: "how many requests, waiting or under work, a worker is to have",
    range: Range::Number { least: 0.1, most: 1_000.0, default: 2.0 },
};
const EVERY: Parameter = Parameter {
    id: "every",
    means: "seconds from one look to the next",
    range: Range::Number { least: 0.1, most: 3_600.0, default: 5.0 },
};
const START_UP: Parameter = Parameter {
    id: "start-up",
    means: "seconds until a new worker is ready",
    range: Range::Number { least: 0.0, most: 3_600.0, default: 10.0 },
};
const COOL_DOWN: Parameter = Parameter {
    id: "cool-down",
    means: "seconds since more were wanted before some are done without",
    range: Range::Number { least: 0.0, most: 86_400.0, default: 30.0 },
};
/// So far off the target is near enough.
const TOLERANCE: f64 = 0.1;

impl ScaleOut {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "scale-out",
        name: "Scale out",
        idea: "More workers, after a while and for a price.",
        file: file!(),
        parameters: &[MOST, TARGET, EVERY, START_UP, COOL_DOWN, MIDDLE],
        rules: &[&EVERYBODY, &MORE_NEEDED, &FEWER_NEEDED],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        let every = setup.parameters.span("every");
        ScaleOut {
            most: setup.parameters.whole("most"),
            target: setup.parameters.number("target"),
            every,
            start_up: setup.parameters.span("start-up"),
            cool_down: setup.parameters.span("cool-down"),
            least: None,
            next: Time::ZERO + every,
            last_wanted: Time::ZERO,
        }
    }

    /// How many workers the present load asks for.
    fn desired(&self, desk: &Desk, least: usize) -> usize {
        let present = desk.workers();
        let ratio = desk.load() as f64 / present.max(1) as f64 / self.target;
        if (ratio - 1.0).abs() <= TOLERANCE {
            return present;
        }
        let desired = (present as f64 * ratio).ceil() as usize;
        desired.clamp(least, self.most.max(least))
    }
}

impl Answer for ScaleOut {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        desk.accept(request, &EVERYBODY)
    }

    fn next_time(&self) -> Option<Time> {
        Some(self.next)
    }

    fn act(&mut self, desk: &mut Desk) {
        self.next = desk.now + self.every;
        let present = desk.workers();
        let least = *self.least.get_or_insert(present);
        let desired = self.desired(desk, least);
        let load = Some(Figure::Count(desk.load() as u64));
        if desired > present {
            self.last_wanted = desk.now;
            let workers = desired - present;
            desk.tell(Change::Hires { workers: workers as u32 }, &MORE_NEEDED, load);
            desk.hire(workers, desk.now + self.start_up);
        } else if desired < present && desk.now.since(self.last_wanted) >= self.cool_down {
            let workers = desk.dismiss(present - desired) as u32;
            if workers > 0 {
                desk.tell(Change::Dismisses { workers }, &FEWER_NEEDED, load);
            }
        }
    }

    fn restart(&mut self, now: Time) {
        self.next = self.next.max(now);
    }

    fn dials(&self, now: Time) -> Vec<Dial> {
        let left = self.next.since(now).seconds();
        vec![Dial::new("until the next look", left, self.every.seconds(), "s")]
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const EVERYBODY: Rule =
    Rule { name: "EVERYBODY", place: "offer", says: "there will be workers for everybody" };
const MORE_NEEDED: Rule =
    Rule { name: "MORE_NEEDED", place: "act", says: "{} requests are more than its workers are to have" };
const FEWER_NEEDED: Rule = Rule {
    name: "FEWER_NEEDED",
    place: "act",
    says: "{} requests need fewer workers, and more were not wanted for a while",
};
