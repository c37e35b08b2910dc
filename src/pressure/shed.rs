//! # Shed by priority
//!
//! Not all requests matter alike. The fuller the buffer, the more must a request matter to be let in: the
//! most important class may use all of it, the least important one only a **first** part, and those between
//! in equal steps. So when there is too much the unimportant goes first, and a place is always kept for what
//! must not fail.
//!
//! Criticality as in Beyer and others, "Site Reliability Engineering", 2016, chapter 21, "Handling Overload"
//! (critical plus, critical, sheddable plus, sheddable); "Scaling your API with rate limiters", Stripe, 2017
//! (its load shedders keep a share of the fleet for critical requests and drop test traffic first).
//!
//! Cost: a step a request. Left out: that who is important also goes first once it is inside.

use super::parameters::{BOUND, MIDDLE};
use super::{Answer, Desk, Dial, End, Request, Setup, Verdict};
use crate::catalogue::{About, Parameter, Range, Rule};
use crate::kernel::Time;
use crate::queue::Figure;

/// A bounded buffer of which each class may use a part.
#[derive(Clone, Debug)]
pub struct Shed {
    /// How many requests may be in the buffer for one of a class to be let in; the first is the whole.
    limits: Vec<usize>,
}

const FIRST: Parameter = Parameter {
    id: "first",
    means: "the part of the buffer that the least important class may use, from 0 to 1",
    range: Range::Number { least: 0.0, most: 1.0, default: 0.25 },
};

impl Shed {
    /// What it says about itself.
    pub const ABOUT: About = About {
        id: "shed",
        name: "Shed by priority",
        idea: "The fuller the buffer, the more a request must matter to be let in.",
        file: file!(),
        parameters: &[BOUND, FIRST, MIDDLE],
        rules: &[&MATTERS_ENOUGH, &OTHERS_MATTER_MORE, &FULL],
    };

    /// An empty buffer.
    pub fn new(setup: &Setup) -> Self {
        let (bound, first) = (setup.parameters.whole("bound"), setup.parameters.number("first"));
        let steps = f64::from(setup.classes.max(2) - 1);
        let part = |class: u8| 1.0 - (1.0 - first) * f64::from(class) / steps;
        let limit = |class| (bound as f64 * part(class)).round() as usize;
        Shed { limits: (0..setup.classes.max(1)).map(limit).collect() }
    }

    fn limit(&self, class: u8) -> usize {
        self.limits.get(usize::from(class)).copied().unwrap_or(0)
    }
}

impl Answer for Shed {
    fn offer(&mut self, request: Request, desk: &mut Desk) -> Verdict {
        let (limit, whole) = (self.limit(request.class), self.limit(0));
        if desk.waiting() < limit {
            desk.accept(request, &MATTERS_ENOUGH)
        } else if limit < whole {
            let limit = Some(Figure::Count(limit as u64));
            desk.end(request, End::Shed, &OTHERS_MATTER_MORE, limit)
        } else {
            desk.end(request, End::Refused, &FULL, Some(Figure::Count(whole as u64)))
        }
    }

    fn bound(&self) -> Option<usize> {
        Some(self.limit(0))
    }

    fn dials(&self, _: Time) -> Vec<Dial> {
        let most = self.limit(0) as f64;
        let limits = self.limits.iter().zip(1..);
        let dial = |(limit, class): (&usize, u32)| {
            Dial::new(format!("for class {class}"), *limit as f64, most, "requests")
        };
        limits.map(dial).collect()
    }

    fn duplicate(&self) -> Box<dyn Answer> {
        Box::new(self.clone())
    }
}

const MATTERS_ENOUGH: Rule = Rule {
    name: "MATTERS_ENOUGH",
    place: "offer",
    says: "the part of the buffer that its class may use has room",
};
const OTHERS_MATTER_MORE: Rule = Rule {
    name: "OTHERS_MATTER_MORE",
    place: "offer",
    says: "its class may come in as long as less than {} are in the buffer; the rest is kept for what matters more",
};
const FULL: Rule = Rule { name: "FULL", place: "offer", says: "the buffer is full, with {} in it" };
