//! What can be set in the labs of rate limits, read from links and JSON and written back.

use super::coming::{ARRIVALS, Coming};
use super::fields::{FIELDS, GROUPS};
use super::lab;
use super::weight;
use super::worst::{self, Found};
use crate::catalogue::Setting;
use crate::kernel::{Arrivals, Distribution, Pattern, Shape, Span, Time};
use crate::lab::in_step::{Front, Runs, lives};
use crate::lab::repeats::{Repeated, Repeats};
use crate::lab::table::{self, Kind, Own, SourceOf, Table, Tabled, VariantsOf};
use crate::lab::variant::Variant;
use crate::lab::{About, Lab, Life, Query, Run, Settings, Weighing, Workload};
use crate::limit::door::{DOOR_SOURCE, Door, Habits, Jump, Order, Setup, Slow, Statistics, Stream, Traffic};
use crate::limit::response::{Policy, Status};
use crate::limit::{self, LIMITERS, Limiter, SlidingLog};
use crate::refusal::Refusal;
use crate::trace::{Key, Trace};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The same requests to one or more limiters.
#[derive(Clone, Debug, PartialEq)]
pub struct RateLimit {
    /// The lab in which it is looked at.
    pub about: &'static About,
    /// The limiters, at least one.
    pub variants: Vec<Variant>,
    /// Where requests come from.
    pub coming: Coming,
    /// How long a worker takes for one.
    pub service: Shape,
    /// How many are sent at the most.
    pub requests: u32,
    /// Seconds over which it is counted how much gets through.
    pub window: f64,
    /// How often it is run, by which chance, and until when.
    pub repeats: Repeats,
    /// How many clients there are.
    pub clients: u32,
    /// Which share of the requests the last client sends; 0: there is no abuser.
    pub abuse: f64,
    /// Whether all clients are counted together.
    pub shared: bool,
    /// How many permits requests take, by turns.
    pub costs: Vec<u32>,
    /// How often a request is tried at the most.
    pub tries: u32,
    /// Which share of the clients obeys.
    pub obey: f64,
    /// Whether they are told whole seconds.
    pub whole_seconds: bool,
    /// Seconds after which the others try again.
    pub pause: f64,
    /// How many workers there are; 0: who passes is served at once.
    pub workers: u32,
    /// Seconds after which a client waits no longer.
    pub patience: Option<f64>,
    /// From when until when the work takes how many times as long.
    pub slow: Vec<(f64, f64, f64)>,
    /// At which second the limiter's clock is put forward or, if negative, back, and by how many.
    pub skew: Vec<(f64, f64)>,
    /// The access log, once it was read.
    log: Trace,
    /// The worst that can come, once it was found.
    found: Vec<Found>,
}

/// So many events a try, and no more, are there in a run.
const EVENTS_A_TRY: u64 = 4;
/// And so many more, for what happens to the clock.
const MORE_EVENTS: u64 = 2_000;

impl RateLimit {
    /// The scenario of which a link to the lab `about` says nothing.
    pub fn usual_in(about: &'static About, coming: Coming) -> Self {
        RateLimit {
            about,
            variants: VARIANTS.parse("gcra").into_iter().collect(),
            coming,
            service: Shape::Exponential { mean: 0.1 },
            requests: 60,
            window: 1.0,
            repeats: Repeats::default(),
            clients: 1,
            abuse: 0.0,
            shared: false,
            costs: Vec::new(),
            tries: 1,
            obey: 1.0,
            whole_seconds: true,
            pause: 0.1,
            workers: 0,
            patience: None,
            slow: Vec::new(),
            skew: Vec::new(),
            log: Trace::empty(),
            found: Vec::new(),
        }
    }

    /// Reads a link. Of what is refused, the default holds; the rest still works.
    pub fn from_query(usual: Self, query: &Query) -> (Self, Vec<Refusal>) {
        table::from_query(usual, query)
    }

    /// Reads the JSON form. Unlike a link, one wrong value refuses the whole.
    ///
    /// # Errors
    /// A field that is missing, unknown or out of its range.
    pub fn from_json(usual: Self, map: &Map<String, Value>) -> Result<Self, Refusal> {
        table::from_json(usual, map)
    }

    /// The same in front of an access log, or of the worst that can come.
    pub(super) fn before(&self, log: &Trace) -> Self {
        let found = match self.coming {
            Coming::Worst(against) => worst::find(self, against),
            _ => Vec::new(),
        };
        RateLimit { log: log.clone(), found, ..self.clone() }
    }

    /// The worst that was found to come to variant `at`; `None` where other requests come.
    pub(super) fn found(&self, at: usize) -> Option<&Found> {
        self.found.get(at)
    }

    /// The limiter of variant `at`, to which nobody has come.
    pub(super) fn limiter(&self, at: usize) -> Option<Box<dyn Limiter>> {
        let variant = self.variants.get(at)?;
        Some((limit::find(variant.about.id)?.build)(&variant.parameters))
    }

    /// The window over which it is counted how much gets through.
    pub(super) fn span(&self) -> Span {
        Span::from_seconds(self.window)
    }

    /// Nothing measured yet of a run of variant `at`, of which the `first` is kept with its course.
    pub(super) fn statistics(&self, at: usize, first: bool) -> Statistics {
        Statistics::new(self.span(), self.shared, self.ideal(at), self.end(), first)
    }

    /// The exact limiter that variant `at` is held against: a log of the limiter's own window, or of
    /// the scenario's, with as many permits as the limiter gives in the long run. There is none for
    /// one to which time gives no bound.
    fn ideal(&self, at: usize) -> Option<Box<dyn Limiter>> {
        const MANY: u64 = 1_000;
        let parameters = &self.variants.get(at)?.parameters;
        let own = parameters.iter().find_map(|(name, value)| match value {
            Setting::Number(seconds) if name == "window" => Some(seconds),
            _ => None,
        });
        let window = own.unwrap_or(self.window);
        let span = Span::from_seconds(window);
        let limiter = self.limiter(at)?;
        let (many, twice) = (limiter.bound(span.times(MANY))?, limiter.bound(span.times(2 * MANY))?);
        let permits = twice.saturating_sub(many) as f64 / MANY as f64;
        if permits <= 0.0 {
            return None;
        }
        let limit = permits.round().clamp(1.0, 1e6);
        let exact = SlidingLog::of(limit as u32, Span::from_seconds(window * limit / permits), false);
        Some(Box::new(exact))
    }

    /// What a server that uses variant `at` says of its limit.
    pub(super) fn policy(&self, at: usize, limit: u32) -> Option<Policy> {
        let variant = self.variants.get(at)?;
        let policy = Policy::new("default", &variant.parameters, limit);
        let refusal = match variant.about.id {
            "nginx" => Status::ServiceUnavailable,
            _ => policy.refusal,
        };
        Some(Policy { refusal, ..policy })
    }

    /// What the door of variant `at` is made of in run number `run`, counted from 0.
    fn order(&self, at: usize, run: u32) -> Option<Order> {
        let seed = self.repeats.seed_of(run);
        let traffic = Traffic {
            stream: self.stream(at)?,
            costs: if self.found.is_empty() { self.costs.as_slice().into() } else { Rc::new([]) },
            work: Distribution::new(self.service).ok()?,
            seed,
        };
        let habits = Habits {
            shared: self.shared,
            tries: self.tries,
            obeying: (self.obey * f64::from(self.clients())).round() as u32,
            whole_seconds: self.whole_seconds,
            pause: Span::from_seconds(self.pause),
        };
        let slow = self.slow.iter().map(|(from, until, times)| Slow {
            from: Time::from_seconds(*from),
            until: Time::from_seconds(*until),
            times: *times,
        });
        let jumps = self.skew.iter().map(|(at, by)| Jump {
            at: Time::from_seconds(*at),
            by: Span::from_seconds(by.abs()),
            forward: *by > 0.0,
        });
        Some(Order {
            traffic,
            limiter: self.limiter(at)?,
            habits,
            server: Setup {
                workers: self.workers,
                patience: self.patience.map(Span::from_seconds),
                slow: slow.collect(),
            },
            behind: self.found(at).map_or(Span::ZERO, |found| found.behind),
            jumps: jumps.collect(),
        })
    }

    fn stream(&self, at: usize) -> Option<Stream> {
        let drawn = |pattern: &Pattern| {
            Some(Stream::Drawn {
                arrivals: Arrivals::new(pattern).ok()?,
                requests: u32::try_from(self.all()).unwrap_or(u32::MAX),
                clients: self.clients,
                abuse: self.abuse,
            })
        };
        match &self.coming {
            Coming::Process(pattern) => drawn(pattern),
            Coming::Worst(_) => {
                Some(Stream::Recorded { times: self.found(at)?.times.clone(), clients: Rc::new([]) })
            }
            Coming::Log(_) => Some(Stream::Recorded {
                times: self.log.times.clone().unwrap_or_else(|| Rc::new([])),
                clients: self.log.requests.clone(),
            }),
        }
    }

    /// The doors of all variants at their start, in run number `run`.
    pub(super) fn build_all(&self, run: u32) -> Vec<Door> {
        (0..self.variants.len()).filter_map(|at| self.order(at, run)).map(Door::new).collect()
    }

    /// How many clients there may be.
    pub(super) fn clients(&self) -> u32 {
        match self.coming {
            Coming::Log(_) => self.log.keys() as u32,
            Coming::Worst(_) => 1,
            Coming::Process(_) => self.clients,
        }
    }

    /// What people call a client.
    pub(super) fn client_name(&self, client: u32) -> String {
        match self.coming {
            Coming::Log(_) => self.log.names.of(Key(client)).to_string(),
            _ if self.abuse > 0.0 && client + 1 == self.clients => "the abuser".to_owned(),
            _ => format!("client {}", client + 1),
        }
    }

    /// How many requests come in a run.
    pub(super) fn all(&self) -> u64 {
        match &self.coming {
            Coming::Process(Pattern::Times(times)) => times.len() as u64,
            Coming::Log(_) => self.log.requests.len() as u64,
            Coming::Worst(_) => self.found.iter().map(|found| found.times.len() as u64).max().unwrap_or(0),
            Coming::Process(_) => u64::from(self.requests),
        }
    }

    /// When a run ends at the latest.
    pub(super) fn end(&self) -> Time {
        self.repeats.end()
    }

    /// How many steps a run has at the most.
    pub(super) fn most_events(&self) -> u64 {
        EVENTS_A_TRY * self.all() * u64::from(self.tries) + MORE_EVENTS
    }
}

const VARIANTS: VariantsOf<RateLimit> = VariantsOf {
    id: "limiters",
    noun: "limiter",
    unnamed: "",
    catalogue: || LIMITERS.iter().map(|entry| entry.about).collect(),
    offered: None,
    get: |scenario| &scenario.variants,
    get_mut: |scenario| &mut scenario.variants,
};

impl Repeated for RateLimit {
    fn repeats(&self) -> &Repeats {
        &self.repeats
    }

    fn repeats_mut(&mut self) -> &mut Repeats {
        &mut self.repeats
    }
}

impl Tabled for RateLimit {
    const TABLE: Table<Self> = Table {
        variants: VARIANTS,
        sources: &[
            SourceOf {
                id: ARRIVALS,
                label: "Requests",
                kind: Kind::Own(Own {
                    text: |s| s.coming.text(),
                    set: |s, text| {
                        s.coming = Coming::parse(text)?;
                        Ok(())
                    },
                    json: |s| s.coming.json(),
                    set_json: |s, value| {
                        s.coming = Coming::from_json(value)?;
                        Ok(())
                    },
                    pick: |s| s.coming.pick(),
                    with: Coming::with,
                }),
            },
            SourceOf {
                id: "service",
                label: "Work takes",
                kind: Kind::Times(|s| &s.service, |s| &mut s.service),
            },
        ],
        fields: FIELDS,
        groups: &GROUPS,
    };

    fn usual(&self) -> Self {
        RateLimit::usual_in(self.about, self.coming.clone())
    }
}

impl Settings for RateLimit {
    fn about(&self) -> &'static About {
        self.about
    }

    fn sources(&self, at: usize) -> Vec<&'static str> {
        let own = self.variants.get(at).map(|variant| variant.about.file);
        own.into_iter().chain([DOOR_SOURCE]).collect()
    }

    fn weighing(&self) -> Option<Weighing> {
        Some(Weighing {
            title: "Memory and work",
            how: "What each limiter keeps for a key, and how many words of it a decision reads or writes, with ten keys and with a million, each of which comes until it is refused.",
            at_once: false,
        })
    }

    fn weigh(&self, _: &dyn Fn() -> f64) -> crate::lab::Table {
        weight::of(self)
    }

    fn checkable(&self, at: usize) -> Option<&'static str> {
        let id = self.variants.get(at)?.about.id;
        limit::vectors::CHECKABLE.contains(&id).then_some(id)
    }

    fn workload(&self) -> Option<&Workload> {
        match &self.coming {
            Coming::Log(log) => Some(log),
            _ => None,
        }
    }

    fn file_field(&self, name: &str) -> Option<(&'static str, String)> {
        Some((ARRIVALS, Workload::Log(name.to_owned()).to_string()))
    }

    fn seed(&self) -> u64 {
        self.repeats.seed
    }

    fn work(&self) -> u64 {
        const EVENTS: u64 = 4;
        let requests = match self.coming {
            Coming::Log(_) => return u64::MAX,
            Coming::Worst(_) => worst::EFFORT / EVENTS,
            Coming::Process(_) => self.all(),
        };
        requests * u64::from(self.repeats.runs) * self.variants.len() as u64 * EVENTS
    }

    fn lab(&self, log: &Trace, steps: u64) -> Box<dyn Lab> {
        Box::new(Front::new(&self.before(log), steps))
    }

    fn run(&self, log: &Trace) -> Box<dyn Run> {
        Box::new(Runs::new(&self.before(log)))
    }

    fn must_be_counted(&self) -> bool {
        true
    }

    fn lives(&self, identity: u64) -> Vec<Life> {
        // An access log is not at hand here, and whoever comes from it has no life.
        let scenario = self.before(&Trace::empty());
        let known = (1..=scenario.all()).contains(&identity);
        if known { lives::of(&scenario, identity, lab::turn) } else { Vec::new() }
    }

    fn duplicate(&self) -> Box<dyn Settings> {
        Box::new(self.clone())
    }
}
