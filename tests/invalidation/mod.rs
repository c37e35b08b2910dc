//! A system with one strategy, as the tests of this floor build it.

#![allow(dead_code, reason = "each test file uses its part")]

use sluice::catalogue::{About, Parameter, Parameters, Range};
use sluice::invalidation::{
    Both, Fault, Heard, Layout, Levels, Live, Plant, Setup, Statistics, System, Traffic, Trouble, find,
};
use sluice::kernel::{Arrivals, Distribution, Pattern, Random, Shape, Span, Time};

/// What a test sets.
#[derive(Clone, Debug)]
pub struct World {
    /// When operations come.
    pub arrivals: Pattern,
    /// What clients want; its arrivals are those above.
    pub traffic: Traffic,
    /// How long things take.
    pub plant: Plant,
    /// What goes wrong.
    pub troubles: Vec<Trouble>,
    /// From when until when the servers change to a new form of values.
    pub rollout: (Time, Time),
}

/// A constant time.
pub fn constant(seconds: f64) -> Distribution {
    Distribution::new(Shape::Constant { value: seconds }).unwrap()
}

/// An exponential time.
pub fn exponential(mean: f64) -> Distribution {
    Distribution::new(Shape::Exponential { mean }).unwrap()
}

/// A world in which messages and queries take no time and nothing fails, with so many operations a
/// second, of which this share are writes, on so many keys.
pub fn instant(rate: f64, operations: u32, writes: f64, keys: u32, seed: u64) -> World {
    let arrivals = Pattern::Poisson { rate };
    World {
        traffic: Traffic {
            arrivals: Arrivals::new(&arrivals).unwrap(),
            operations,
            writes,
            keys,
            skew: 0.0,
            volatile: 1.0,
            absent: 0.0,
            missing: 1,
            created: 0.0,
            servers: 3,
            script: Vec::new(),
            seed,
        },
        arrivals,
        plant: Plant {
            capacity: 1_000_000,
            nodes: 1,
            work: Span::ZERO,
            near: constant(0.0),
            far: Span::ZERO,
            read: constant(0.0),
            write: constant(0.0),
            check: 0.1,
            connections: None,
            timeout: Span::from_seconds(1e6),
            clocks: 0.0,
            lost: 0.0,
        },
        troubles: Vec::new(),
        rollout: (Time::MAX, Time::MAX),
    }
}

/// The same with times: half a millisecond to the cache, a millisecond to the database, 10 and 15 ms of
/// work there.
pub fn timed(rate: f64, operations: u32, writes: f64, keys: u32, seed: u64) -> World {
    let mut world = instant(rate, operations, writes, keys, seed);
    world.plant.near = exponential(0.0005);
    world.plant.far = Span::from_millis(1);
    world.plant.read = exponential(0.010);
    world.plant.write = exponential(0.015);
    world
}

/// The system under the strategy that a link calls `text`, as in `ttl:ttl=2`.
pub fn system(world: &World, text: &str) -> System {
    let mut parts = text.split(':');
    let listed = find(parts.next().unwrap()).unwrap_or_else(|| panic!("no strategy {text}"));
    let given = parts.map(|part| part.split_once('=').unwrap());
    let setup = Setup {
        keys: world.traffic.keys,
        asked_for: world.traffic.keys + world.traffic.missing,
        servers: world.traffic.servers,
        rollout: world.rollout,
        seed: world.traffic.seed,
        parameters: Parameters::new(listed.about, given).unwrap(),
    };
    let mut traffic = world.traffic.clone();
    traffic.arrivals = Arrivals::new(&world.arrivals).unwrap();
    let layout = Layout { traffic, plant: world.plant.clone(), troubles: world.troubles.clone() };
    System::new((listed.build)(&setup), layout)
}

/// A whole run, measured.
pub fn measured(world: &World, text: &str) -> Statistics {
    let (mut system, mut statistics) = (system(world, text), Statistics::new(false));
    system.run(u64::MAX, Time::MAX, &mut statistics);
    statistics
}

/// A whole run, with everything that was heard, and how much there was of everything at its end.
pub fn heard(world: &World, text: &str) -> (Vec<Heard>, Live, Levels) {
    let (mut system, mut heard, mut live) = (system(world, text), Vec::new(), Live::default());
    while system.next_time().is_some() {
        system.happen(&mut Both(&mut heard, &mut live));
    }
    let levels = system.levels();
    (heard, live, levels)
}

/// A number from `least` to `most`.
fn between(least: f64, most: f64, random: &mut Random) -> f64 {
    least + (most - least) * random.unit()
}

/// A fault from `from` to `until`, in seconds.
pub fn trouble(what: Fault, from: f64, until: f64) -> Trouble {
    Trouble { what, from: Time::from_seconds(from), until: Time::from_seconds(until) }
}

/// A world in which chance has everything go wrong at once: few keys, many operations at the same time,
/// little room, short time-outs, and every fault.
pub fn rough(random: &mut Random) -> World {
    const OPERATIONS: u32 = 150;
    let (rate, writes) = (between(50.0, 1_000.0, random), random.unit());
    let (keys, seed) = (1 + random.below(5), random.next());
    let times = random.below(3);
    let mut world = match times {
        0 => instant(rate, OPERATIONS, writes, keys, seed),
        _ => timed(rate, OPERATIONS, writes, keys, seed),
    };
    let traffic = &mut world.traffic;
    (traffic.servers, traffic.missing) = (1 + random.below(4), 2);
    (traffic.absent, traffic.created) = (0.1, 0.1);
    let plant = &mut world.plant;
    plant.capacity = 1 + random.below(8) as usize;
    plant.connections = (random.below(2) == 0).then(|| 1 + random.below(3));
    plant.timeout = Span::from_seconds(between(0.01, 0.3, random));
    plant.lost = between(0.0, 0.4, random);
    if times == 2 {
        (plant.nodes, plant.work, plant.clocks) = (2, Span::from_millis(1), 0.05);
        plant.near = exponential(0.01);
    }
    let change = between(0.0, 0.5, random);
    world.rollout = (Time::from_seconds(change), Time::from_seconds(2.0 * change));
    let most = [
        (Fault::Restart, 4),
        (Fault::Slow(8.0), 2),
        (Fault::Unreachable, 2),
        (Fault::Down, 2),
        (Fault::Parted, 2),
        (Fault::LostNotice, 4),
    ];
    for (what, most) in most {
        for _ in 0..random.below(most) {
            let from = between(0.0, 1.0, random);
            world.troubles.push(trouble(what, from, from + between(0.01, 0.5, random)));
        }
    }
    world
}

/// Values that some parameters are tried at.
const VALUES: &[(&str, &[&str])] = &[
    ("ttl", &["0", "0.05", "1", "never"]),
    ("age", &["0", "0.03", "0.3", "never"]),
    ("batch", &["1", "2", "5", "1000000"]),
    ("window", &["0", "0.05", "1", "never"]),
    ("delay", &["0", "0.01", "0.2"]),
    ("beta", &["0.01", "1", "50"]),
];

/// Values that a parameter is tried at: little, and nothing.
fn tried(parameter: &Parameter) -> Vec<String> {
    if let Some((_, values)) = VALUES.iter().find(|(id, _)| *id == parameter.id) {
        return values.iter().map(|value| (*value).to_owned()).collect();
    }
    match parameter.range {
        Range::Whole { least, .. } => vec![least.to_string(), (least + 1).to_string()],
        Range::Limit { least, .. } => vec![least.to_string(), "none".to_owned()],
        Range::Number { least, .. } => vec![least.to_string(), (least + 0.1).to_string()],
        Range::Seconds { .. } => ["0", "0.02", "0.5", "never"].map(str::to_owned).into(),
        Range::Choice(words) => words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// A link to the strategy in which chance has set some parameters.
pub fn settings(about: &About, random: &mut Random) -> String {
    let mut text = about.id.to_owned();
    for parameter in about.parameters {
        let mut tried = tried(parameter);
        tried.retain(|value| parameter.range.parse(value).is_some());
        let drawn = random.below(tried.len() as u32 + 1) as usize;
        if let Some(value) = tried.get(drawn) {
            text += &format!(":{}={value}", parameter.id);
        }
    }
    text
}
