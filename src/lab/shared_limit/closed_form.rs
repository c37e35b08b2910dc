//! What theory expects of a variant: how many pass in a window, and how far over the limit it goes.

use super::SharedLimit;
use super::fields::Chooses;
use crate::kernel::{Pattern, Shape, Span};
use crate::lab::variant::Variant;
use crate::lab::{Figures, Theory};
use crate::limit::shared::{Sliding, Source, Statistics};
use crate::theory::poisson::{mean_above, mean_up_to};

/// What is expected of `variant`, which did this in its runs.
pub(super) fn of(scenario: &SharedLimit, variant: &Variant, runs: &[Statistics]) -> Theory {
    match Case::new(scenario, variant, runs).expected() {
        Ok((name, expected)) => {
            let expected = expected.into_iter().map(|(name, value)| (name.to_owned(), value));
            Theory::Model { name, expected: Figures(expected.collect()) }
        }
        Err(why) => Theory::None { why: why.to_owned() },
    }
}

type Expected = Result<(String, Vec<(&'static str, f64)>), &'static str>;

struct Case<'a> {
    scenario: &'a SharedLimit,
    variant: &'a Variant,
    runs: u32,
    /// Whether a node gave up waiting in any run.
    gave_up: bool,
    nodes: u64,
    limit: u64,
    /// The mean number of requests in a window, if they come at random.
    mean: Option<f64>,
}

impl<'a> Case<'a> {
    fn new(scenario: &'a SharedLimit, variant: &'a Variant, runs: &[Statistics]) -> Self {
        let mean = match scenario.arrivals {
            Pattern::Poisson { rate } => Some(rate * scenario.window),
            _ => None,
        };
        Case {
            scenario,
            variant,
            runs: runs.len() as u32,
            gave_up: runs.iter().any(|run| run.counts.gave_up > 0),
            nodes: variant.parameters.whole("nodes") as u64,
            limit: scenario.limit,
            mean,
        }
    }

    fn expected(&self) -> Expected {
        match self.variant.about.id {
            "split" => Ok(self.split()),
            "central-script" => self.script(),
            "central-race" => self.race(),
            "local-sync" => Ok(self.synchronised()),
            _ => self.leased(),
        }
    }

    /// Each node is a limiter of its own with its part of the limit and its share of the requests.
    fn split(&self) -> (String, Vec<(&'static str, f64)>) {
        let mut expected = vec![("over_limit", 0.0)];
        let part = |node| self.limit / self.nodes + u64::from(node < self.limit % self.nodes);
        let share = |node| {
            let even = 1.0 / self.nodes as f64;
            match self.scenario.balance {
                Chooses::Random => Some(even),
                Chooses::Skewed if self.nodes == 1 => Some(1.0),
                Chooses::Skewed if node == 0 => Some(self.scenario.share),
                Chooses::Skewed => Some((1.0 - self.scenario.share) / (self.nodes - 1) as f64),
                Chooses::RoundRobin | Chooses::Sticky => None,
            }
        };
        let of = |node| Some(mean_up_to(self.mean? * share(node)?, part(node)));
        if let Some(admitted) = (0..self.nodes).map(of).sum::<Option<f64>>() {
            expected.push(("mean_admitted", admitted));
        }
        (
            "The parts add up to the limit; in a window min(Poisson, part) pass at each node".to_owned(),
            expected,
        )
    }

    /// Nothing passes uncounted, as long as the store answers or the nodes fail closed.
    fn is_counted(&self) -> Result<(), &'static str> {
        let closed = self.variant.parameters.choice("on-failure") == "closed";
        let counted = closed || !self.gave_up;
        counted.then_some(()).ok_or("No bound: what passes while the store does not answer is not counted.")
    }

    fn script(&self) -> Expected {
        self.is_counted()?;
        let mut expected = vec![("over_limit", 0.0)];
        if let Some(mean) = self.mean.filter(|_| !self.gave_up) {
            expected.push(("mean_admitted", mean_up_to(mean, self.limit)));
        }
        Ok(("Counted in one step: never over; in a window min(Poisson, limit) pass".to_owned(), expected))
    }

    /// Requests pass until the counter reads as full. With messages that all take the same time, that is
    /// a round trip R after the last one that the limit allows: what comes in between goes over. In a
    /// window of length W that is E[(N(W) − L)⁺] − E[(N(W − R) − L)⁺], where N(t) is how many come in t:
    /// of what comes after the L-th request, all but what comes R after it.
    fn race(&self) -> Expected {
        if self.gave_up {
            return Err("No closed form while the store does not answer.");
        }
        if self.variant.parameters.choice("write") == "set" {
            return Err("No closed form for writes that undo each other: the counter never catches up.");
        }
        let Pattern::Poisson { rate } = self.scenario.arrivals else {
            return Err("No closed form unless requests come at random, at one rate.");
        };
        let Shape::Constant { value } = self.scenario.latency else {
            return Err("No closed form unless all messages take the same time: others overtake each other.");
        };
        let round_trip = 2.0 * value * self.variant.parameters.number("distance");
        let window = self.scenario.window;
        let above = |length: f64| mean_above(rate * length.max(0.0), self.limit);
        let over = above(window) - above(window - round_trip);
        let expected =
            vec![("mean_over", over), ("mean_admitted", mean_up_to(rate * window, self.limit) + over)];
        Ok(("What comes within a round trip of the last permit goes over".to_owned(), expected))
    }

    /// A node never admits more than the limit by itself, so N nodes never more than N times as many.
    ///
    /// Be I the longest time between two messages of a node and D the longest that one is under way. When
    /// the L-th request of a window passes at T, each node has sent what it has counted by T + I, the store
    /// knows it by T + I + D, and each node asks again within I and has heard by T + 2I + 3D. So what comes
    /// later is refused, and at most what comes within 2I + 3D goes over.
    fn synchronised(&self) -> (String, Vec<(&'static str, f64)>) {
        let most = self.nodes * self.limit;
        let reached = self.news_is_round().filter(|_| !self.gave_up);
        let (name, bound) = match reached {
            Some(within) => {
                let come = self.most_within(within);
                let name =
                    format!("At most the limit and what comes within {within}, until the news is round");
                (name, most.min(self.limit + come))
            }
            None => ("At most the limit at each node".to_owned(), most),
        };
        (name, vec![("fullest_window", bound as f64)])
    }

    /// How long it takes at the most until every node knows what was counted, if that has a bound.
    fn news_is_round(&self) -> Option<Span> {
        let longest = match self.scenario.latency {
            Shape::Constant { value } => value,
            Shape::Uniform { high, .. } => high,
            _ => return None,
        };
        let longest = Span::from_seconds(longest * self.variant.parameters.number("distance"));
        let every = self.variant.parameters.span("every");
        // A node that still waits for an answer lets its turn pass.
        let turns = longest.times(2).nanos() / every.nanos().max(1) + 1;
        Some(every.times(turns).times(2) + longest.times(3))
    }

    /// The most requests that come in any stretch as long as `within`, its end included, in any run.
    fn most_within(&self, within: Span) -> u64 {
        let of = |run| {
            let mut source = Source::new(self.scenario.traffic(run)?, 1);
            let mut come = Sliding::new(within + Span::from_nanos(1), Span::ZERO);
            while let Some(request) = source.send() {
                come.push(request.at);
            }
            Some(come.most())
        };
        (0..self.runs).filter_map(of).max().unwrap_or(0)
    }

    fn leased(&self) -> Expected {
        self.is_counted()?;
        Ok(("All permits come from one place: never over".to_owned(), vec![("over_limit", 0.0)]))
    }
}
