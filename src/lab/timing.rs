//! Arrival processes and service times as links and forms write them: `poisson:2`,
//! `hyperexponential:1:4`, `curve:0,1;10,20`, `times:0,0.5,0.5`.
//!
//! What is allowed in them is the kernel's affair ([`Pattern`], [`Shape`]); here are their names, the
//! order of their numbers, and the fields of a form.

use super::form::{Choice, Field, Input, Pick};
use crate::kernel::{Arrivals, Distribution, Pattern, Shape};
use crate::refusal::Refusal;
use serde_json::Value;

/// A kind of process or distribution, and the numbers that it takes, in their order.
struct Kind {
    choice: Choice,
    numbers: &'static [Number],
}

struct Number {
    id: &'static str,
    label: &'static str,
    means: &'static str,
    input: Input,
}

const ANY: Input = Input::Fraction { least: 0.0, most: 1e9 };
const RATE: Number = Number { id: "rate", label: "Rate", means: "messages a second", input: ANY };
const MEAN: Number = Number { id: "mean", label: "Mean", means: "seconds", input: ANY };
const VALUE: Number = Number { id: "value", label: "Each", means: "seconds", input: ANY };
const LOW: Number = Number { id: "low", label: "From", means: "the shortest, in seconds", input: ANY };
const HIGH: Number = Number { id: "high", label: "To", means: "the longest, in seconds", input: ANY };
const STAGES: Number = Number {
    id: "stages",
    label: "Stages",
    means: "the more stages, the steadier",
    input: Input::Whole { least: 1, most: 100 },
};
const SCV: Number = Number {
    id: "scv",
    label: "Variability",
    means: "variance divided by the square of the mean: 1 is the exponential",
    input: Input::Fraction { least: 1.0, most: 10_000.0 },
};
const TAIL: Number = Number {
    id: "shape",
    label: "Tail",
    means: "the exponent of the tail: the lower, the wilder; at 2 and below the variance is infinite",
    input: Input::Fraction { least: 1.01, most: 100.0 },
};
const ON: Number =
    Number { id: "on", label: "On for", means: "mean length of a burst, in seconds", input: ANY };
const OFF: Number =
    Number { id: "off", label: "Off for", means: "mean length of a silence, in seconds", input: ANY };
const POINTS: Number = Number {
    id: "points",
    label: "Points",
    means: "time and rate of each point: 0,1;10,20;12,1",
    input: Input::Text,
};
const TIMES: Number =
    Number { id: "at", label: "At", means: "seconds, separated by commas", input: Input::Text };

const fn kind(
    id: &'static str,
    name: &'static str,
    idea: &'static str,
    text: &'static str,
    numbers: &'static [Number],
) -> Kind {
    Kind { choice: Choice { id, name, idea, text }, numbers }
}

const EXPONENTIAL: Kind = kind(
    "exponential",
    "Exponential",
    "Without memory: what is left to do does not depend on what was done.",
    "exponential:1",
    &[MEAN],
);
const CONSTANT_TIME: Kind =
    kind("constant", "Always the same", "No variability at all.", "constant:1", &[VALUE]);
const UNIFORM: Kind = kind(
    "uniform",
    "Uniform",
    "Anywhere between two times, each as likely.",
    "uniform:0.5:1.5",
    &[LOW, HIGH],
);
const ERLANG: Kind =
    kind("erlang", "Erlang", "The sum of equal exponential stages: steadier.", "erlang:1:4", &[MEAN, STAGES]);
const HYPEREXPONENTIAL: Kind = kind(
    "hyperexponential",
    "Hyperexponential",
    "Mostly short, sometimes long: more variable than the exponential.",
    "hyperexponential:1:4",
    &[MEAN, SCV],
);
const PARETO: Kind = kind(
    "pareto",
    "Pareto",
    "A power-law tail: most are short, a few are very long.",
    "pareto:1:2.5",
    &[MEAN, TAIL],
);

/// The kinds of service times, in the order of the menu.
const SERVICES: &[Kind] = &[EXPONENTIAL, CONSTANT_TIME, UNIFORM, ERLANG, HYPEREXPONENTIAL, PARETO];

/// The kinds of arrivals, in the order of the menu.
const ARRIVALS: &[Kind] = &[
    kind("poisson", "Poisson", "Messages that know nothing of each other.", "poisson:2", &[RATE]),
    kind("constant", "Steady", "Messages at equal distances.", "constant:2", &[RATE]),
    kind("on-off", "Bursts", "Poisson while on, silent while off.", "on-off:10:2:8", &[RATE, ON, OFF]),
    kind(
        "curve",
        "A curve",
        "Poisson at a rate that follows straight lines between points.",
        "curve:0,1;10,1;11,12;16,12;17,1;60,1",
        &[POINTS],
    ),
    kind("times", "At given times", "One message at each time.", "times:0,0,0,1,1,4", &[TIMES]),
    ERLANG,
    HYPEREXPONENTIAL,
    UNIFORM,
    PARETO,
];

/// Reads service times as a link writes them; `field` is what is set.
///
/// # Errors
/// A kind that does not exist, a number missing, superfluous or out of its range.
pub fn parse_service(field: &str, text: &str) -> Result<Shape, Refusal> {
    let shape = shape_from(field, text, SERVICES)?;
    Distribution::new(shape).map_err(|refusal| refusal.within(field))?;
    Ok(shape)
}

/// The link form of service times.
pub fn service_text(shape: &Shape) -> String {
    match *shape {
        Shape::Constant { value } => format!("constant:{value}"),
        Shape::Exponential { mean } => format!("exponential:{mean}"),
        Shape::Uniform { low, high } => format!("uniform:{low}:{high}"),
        Shape::Erlang { mean, stages } => format!("erlang:{mean}:{stages}"),
        Shape::Hyperexponential { mean, scv } => format!("hyperexponential:{mean}:{scv}"),
        Shape::Pareto { mean, shape } => format!("pareto:{mean}:{shape}"),
    }
}

/// Reads arrivals as a link writes them; `field` is what is set.
///
/// # Errors
/// As [`parse_service`].
pub fn parse_arrivals(field: &str, text: &str) -> Result<Pattern, Refusal> {
    let (id, rest) = text.split_once(':').unwrap_or((text, ""));
    let pattern = match id {
        "poisson" => Pattern::Poisson { rate: numbers::<1>(field, rest, ARRIVALS[0].choice.text)?[0] },
        "constant" => Pattern::Constant { rate: numbers::<1>(field, rest, ARRIVALS[1].choice.text)?[0] },
        "on-off" => {
            let [rate, on, off] = numbers(field, rest, ARRIVALS[2].choice.text)?;
            Pattern::OnOff { rate, on, off }
        }
        "curve" => Pattern::Curve { points: points(field, rest)? },
        "times" => Pattern::Times(list(field, rest, ',')?),
        _ => Pattern::Renewal(shape_from(field, text, ARRIVALS)?),
    };
    Arrivals::new(&pattern).map_err(|refusal| refusal.within(field))?;
    Ok(pattern)
}

/// The link form of arrivals.
pub fn arrivals_text(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Poisson { rate } => format!("poisson:{rate}"),
        Pattern::Constant { rate } => format!("constant:{rate}"),
        Pattern::OnOff { rate, on, off } => format!("on-off:{rate}:{on}:{off}"),
        Pattern::Curve { points } => {
            let points: Vec<String> = points.iter().map(|(time, rate)| format!("{time},{rate}")).collect();
            format!("curve:{}", points.join(";"))
        }
        Pattern::Times(times) => {
            let times: Vec<String> = times.iter().map(f64::to_string).collect();
            format!("times:{}", times.join(","))
        }
        Pattern::Renewal(shape) => service_text(shape),
    }
}

/// Reads the JSON form of arrivals: `{"poisson": {"rate": 2}}`, or the link form as text.
///
/// # Errors
/// As [`parse_arrivals`].
pub fn arrivals_from_json(field: &str, value: &Value) -> Result<Pattern, Refusal> {
    if let Some(text) = value.as_str() {
        return parse_arrivals(field, text);
    }
    let pattern: Pattern = serde_json::from_value(value.clone()).map_err(|error| {
        Refusal::new(field, value, format!("arrivals such as {{\"poisson\":{{\"rate\":2}}}} ({error})"))
    })?;
    Arrivals::new(&pattern).map_err(|refusal| refusal.within(field))?;
    Ok(pattern)
}

/// Reads the JSON form of service times: `{"exponential": {"mean": 1}}`, or the link form as text.
///
/// # Errors
/// As [`parse_service`].
pub fn service_from_json(field: &str, value: &Value) -> Result<Shape, Refusal> {
    if let Some(text) = value.as_str() {
        return parse_service(field, text);
    }
    let shape: Shape = serde_json::from_value(value.clone()).map_err(|error| {
        Refusal::new(field, value, format!("times such as {{\"exponential\":{{\"mean\":1}}}} ({error})"))
    })?;
    Distribution::new(shape).map_err(|refusal| refusal.within(field))?;
    Ok(shape)
}

/// The form that edits arrivals.
pub fn arrivals_pick(pattern: &Pattern) -> Pick {
    pick(ARRIVALS, &arrivals_text(pattern))
}

/// The form that edits service times.
pub fn service_pick(shape: &Shape) -> Pick {
    pick(SERVICES, &service_text(shape))
}

/// The link form `text` of arrivals or service times with one number set to `value`.
pub fn with(text: &str, field: &str, value: &str) -> String {
    let (id, values) = taken_apart(text);
    let kind = ARRIVALS.iter().chain(SERVICES).find(|kind| kind.choice.id == id);
    let slots = kind.map_or(&[][..], |kind| kind.numbers).iter().zip(values);
    let values: Vec<&str> = slots.map(|(slot, old)| if slot.id == field { value } else { old }).collect();
    format!("{id}:{}", values.join(":"))
}

fn pick(kinds: &'static [Kind], text: &str) -> Pick {
    let (id, values) = taken_apart(text);
    let kind = kinds.iter().find(|kind| kind.choice.id == id).unwrap_or(&kinds[0]);
    let fields = kind.numbers.iter().zip(values).map(|(number, value)| Field {
        id: number.id,
        label: number.label,
        means: number.means,
        input: number.input.clone(),
        value: value.to_owned(),
    });
    Pick {
        name: kind.choice.name.to_owned(),
        choice: kind.choice.id,
        options: kinds.iter().map(|kind| kind.choice).collect(),
        fields: fields.collect(),
    }
}

/// The name and the numbers of a link form; the lists of curves and times are one number each.
fn taken_apart(text: &str) -> (&str, Vec<&str>) {
    let (id, rest) = text.split_once(':').unwrap_or((text, ""));
    (id, rest.split(':').collect())
}

fn shape_from(field: &str, text: &str, kinds: &[Kind]) -> Result<Shape, Refusal> {
    let (id, rest) = text.split_once(':').unwrap_or((text, ""));
    let example = kinds.iter().find(|kind| kind.choice.id == id).map_or("", |kind| kind.choice.text);
    Ok(match id {
        "constant" => Shape::Constant { value: numbers::<1>(field, rest, example)?[0] },
        "exponential" => Shape::Exponential { mean: numbers::<1>(field, rest, example)?[0] },
        "uniform" => {
            let [low, high] = numbers(field, rest, example)?;
            Shape::Uniform { low, high }
        }
        "erlang" => {
            let [mean, stages] = numbers(field, rest, example)?;
            if stages.fract() != 0.0 || !(0.0..=1e9).contains(&stages) {
                return Err(Refusal::new(field, stages, "a whole number of stages from 1 to 100"));
            }
            Shape::Erlang { mean, stages: stages as u32 }
        }
        "hyperexponential" => {
            let [mean, scv] = numbers(field, rest, example)?;
            Shape::Hyperexponential { mean, scv }
        }
        "pareto" => {
            let [mean, shape] = numbers(field, rest, example)?;
            Shape::Pareto { mean, shape }
        }
        _ => {
            let known: Vec<&str> = kinds.iter().map(|kind| kind.choice.id).collect();
            return Err(Refusal::new(field, text, format!("one of {}", known.join(", "))));
        }
    })
}

/// Exactly `N` numbers separated by colons.
fn numbers<const N: usize>(field: &str, text: &str, example: &str) -> Result<[f64; N], Refusal> {
    let values: Vec<f64> = list(field, text, ':')?;
    values.try_into().map_err(|_| Refusal::new(field, text, format!("numbers as in {example}")))
}

fn list(field: &str, text: &str, separator: char) -> Result<Vec<f64>, Refusal> {
    let parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|_| Refusal::new(field, part, "a number"))).collect()
}

fn points(field: &str, text: &str) -> Result<Vec<(f64, f64)>, Refusal> {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| match list(field, part, ',')?[..] {
            [time, rate] => Ok((time, rate)),
            _ => Err(Refusal::new(field, part, "a time and a rate, as in 10,20")),
        })
        .collect()
}
