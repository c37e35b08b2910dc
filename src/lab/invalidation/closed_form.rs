//! What theory expects of a variant, where it covers the scenario: keys that expire, or are deleted by
//! writes, under Poisson reads and writes.

use super::figures::early_names;
use super::{Invalidation, KEEPING};
use crate::invalidation::EarlyRefreshes;
use crate::kernel::{Pattern, Span};
use crate::lab::table::from_query;
use crate::lab::variant::Variant;
use crate::lab::{Curve, Figures, Query, Report, Theory};
use crate::theory::ttl::{Reads, deleting, expiring, notified, refreshing, revalidating};
use crate::theory::zipf;

/// The most keys over which is summed.
const MOST_KEYS: u32 = 100_000;

/// The model that covers `variant`, or why none does.
pub(super) fn of(scenario: &Invalidation, variant: &Variant) -> Theory {
    match expected(scenario, variant) {
        Ok(reads) => Theory::Model {
            name: "Poisson reads and writes, messages that take no time".to_owned(),
            expected: Figures(vec![
                ("hit_ratio".to_owned(), reads.hits),
                ("stale_ratio".to_owned(), reads.stale),
            ]),
        },
        Err(why) => Theory::None { why: why.to_owned() },
    }
}

/// What theory says of the reads of a key, by the rates of its reads and of its writes.
type Model = Box<dyn Fn(f64, f64) -> Reads>;

/// The model of `variant`, if there is one.
fn model(variant: &Variant) -> Option<Model> {
    let seconds = |id| variant.parameters.seconds(id).seconds();
    match variant.about.id {
        "ttl" | "write-around" => {
            let ttl = seconds("ttl");
            Some(Box::new(move |reads, writes| expiring(reads, writes, ttl)))
        }
        "cache-aside" => {
            let ttl = seconds("ttl");
            Some(Box::new(move |reads, writes| deleting(reads, writes, ttl)))
        }
        "stale-while-revalidate" => {
            let (fresh, window) = (seconds("max-age"), seconds("window"));
            Some(Box::new(move |reads, writes| revalidating(reads, writes, fresh, window)))
        }
        "refresh-ahead" => {
            let fresh = seconds("refresh");
            let window = seconds("ttl") - fresh;
            let model = move |reads, writes| refreshing(reads, writes, fresh, window);
            (window >= 0.0).then(|| Box::new(model) as Model)
        }
        "change-log" if variant.parameters.seconds("ttl") == Span::MAX => {
            let delay = variant.parameters.number("delay");
            Some(Box::new(move |reads, writes| notified(reads, writes, delay)))
        }
        _ => None,
    }
}

fn expected(scenario: &Invalidation, variant: &Variant) -> Result<Reads, &'static str> {
    let model = model(variant).ok_or("No closed form is known here for this strategy.")?;
    let Pattern::Poisson { rate } = scenario.arrivals else {
        return Err("The closed form is for Poisson arrivals.");
    };
    if scenario.capacity < scenario.keys {
        return Err("The closed form is for a cache with room for every key.");
    }
    let quiet = scenario.troubles.is_empty() && scenario.lost == 0.0 && scenario.clocks == 0.0;
    if !quiet || !scenario.script.is_empty() || scenario.all_keys() != scenario.keys {
        return Err("The closed form is for a run in which nothing goes wrong and every key exists.");
    }
    if scenario.keys > MOST_KEYS {
        return Err("There are too many keys to sum over.");
    }
    Ok(over_all_keys(scenario, rate, scenario.writes, &model))
}

/// The models want a rate of writes above 0; at this one nothing is ever written, however long an entry lives.
const HARDLY_EVER: f64 = 1e-100;

/// The sum over all keys, each with its own rates.
fn over_all_keys(
    scenario: &Invalidation,
    rate: f64,
    writes: f64,
    model: &dyn Fn(f64, f64) -> Reads,
) -> Reads {
    let keys = scenario.keys as usize;
    let written = ((scenario.volatile * f64::from(scenario.keys)).ceil() as usize).clamp(1, keys);
    let of_writes = zipf::probabilities(written, scenario.skew);
    let mut sum = Reads { hits: 0.0, stale: 0.0 };
    for (key, read) in zipf::probabilities(keys, scenario.skew).into_iter().enumerate() {
        let written = of_writes.get(key).copied().unwrap_or(0.0);
        let of_key = model(rate * (1.0 - writes) * read, (rate * writes * written).max(HARDLY_EVER));
        sum.hits += read * of_key.hits;
        sum.stale += read * of_key.stale;
    }
    sum
}

/// Hits and stale reads against the share of writes, by theory, for the TTL of the first variant; and what
/// was measured of every variant, where it stands.
pub(super) fn curve(report: &Report) -> Option<Curve> {
    const PERCENTS: std::ops::RangeInclusive<u32> = 1..=99;
    let (scenario, _) = from_query(Invalidation::usual_of(KEEPING.about), &Query::parse(&report.scenario));
    let Pattern::Poisson { rate } = scenario.arrivals else { return None };
    let has_ttl = |variant: &&Variant| variant.parameters.iter().any(|(id, _)| id == "ttl");
    let ttl = scenario.variants.iter().find(has_ttl)?.parameters.seconds("ttl").seconds();
    if scenario.keys > MOST_KEYS / 10 {
        return None;
    }
    let line = |model: fn(f64, f64, f64) -> Reads, of: fn(&Reads) -> f64| {
        let point = |percent| {
            let writes = f64::from(percent) / 100.0;
            let model = |reads, writes| model(reads, writes, ttl);
            (writes, of(&over_all_keys(&scenario, rate, writes, &model)))
        };
        PERCENTS.map(point).collect::<Vec<_>>()
    };
    let points = report.variants.iter().enumerate().flat_map(|(at, variant)| {
        let figures = ["hit_ratio", "stale_ratio"].into_iter().filter_map(|name| variant.figure(name));
        figures.map(move |figure| (at, scenario.writes, figure)).collect::<Vec<_>>()
    });
    Some(Curve {
        lines: vec![
            ("hits, TTL".to_owned(), line(expiring, |reads| reads.hits)),
            ("hits, deleted".to_owned(), line(deleting, |reads| reads.hits)),
            ("stale, TTL".to_owned(), line(expiring, |reads| reads.stale)),
        ],
        points: points.collect(),
        across: "writes",
        says: "Hits and stale reads against the share of writes, as theory expects them where messages take no time; the marks are what was measured.".to_owned(),
    })
}

/// How often chance had an entry fetched before it expired, by the share of its life that it had left: as
/// expected, and as measured of every variant that throws dice.
pub(super) fn early_refreshes(report: &Report) -> Option<Curve> {
    let (mut lines, mut points) = (Vec::new(), Vec::new());
    for (at, variant) in report.variants.iter().enumerate() {
        let bins = (0..EarlyRefreshes::BINS).filter_map(|bin| {
            let [measured, expected] = early_names(bin).map(|name| variant.figure(&name));
            Some((EarlyRefreshes::left(bin), measured?, expected?))
        });
        let bins: Vec<(f64, f64, f64)> = bins.collect();
        points.extend(bins.iter().map(|(left, measured, _)| (at, *left, *measured)));
        if !bins.is_empty() {
            let line = bins.iter().map(|(left, _, expected)| (*left, *expected)).collect();
            lines.push((variant.name.clone(), line));
        }
    }
    (!lines.is_empty()).then(|| Curve {
        lines,
        points,
        across: "left",
        says: "How often a reader fetches the value although it has not expired, against the share of its life that is left: the lines are e^(−left/(βΔ)), the marks what was measured.".to_owned(),
    })
}
