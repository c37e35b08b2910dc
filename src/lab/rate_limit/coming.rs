//! Where requests come from: an arrival process, the worst that can come, or an access log.

use crate::kernel::Pattern;
use crate::lab::form::{Choice, Field, Input, Pick};
use crate::lab::variant::{plain_text, whole};
use crate::lab::{Workload, table, timing};
use crate::refusal::Refusal;
use serde_json::{Value, json};

/// How a link and JSON name it.
pub const ARRIVALS: &str = "arrivals";

/// Where requests come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Coming {
    /// An arrival process.
    Process(Pattern),
    /// The arrivals that get the most through a limiter in a window, as they are found: for each
    /// variant its own, or for all those of the variant of this number, counted from 1.
    Worst(Option<u32>),
    /// An access log: a file of times and clients.
    Log(Workload),
}

const WORST: Choice = Choice {
    id: "worst",
    name: "The worst that can come",
    idea: "For each limiter the arrivals that get the most through it in a window, as the page finds them.",
    text: "worst",
};
const LOG: Choice = Choice {
    id: "log",
    name: "An access log",
    idea: "A file of yours with a time and a client in each line. It stays on this device.",
    text: "log:",
};

impl Coming {
    /// Reads the link form.
    ///
    /// # Errors
    /// An arrival process that does not exist, or a number that cannot be taken.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if let Some(log) = Workload::parse_log(text) {
            return Ok(Coming::Log(log));
        }
        match text.split_once(':').unwrap_or((text, "")) {
            ("worst", "" | "0") => Ok(Coming::Worst(None)),
            ("worst", of) => Ok(Coming::Worst(Some(whole(ARRIVALS, of, 0, table::MOST_VARIANTS as u32)?))),
            _ => timing::parse_arrivals(ARRIVALS, text).map(Coming::Process).map_err(with_own_kinds),
        }
    }

    /// Reads the JSON form, or the link form as text.
    ///
    /// # Errors
    /// As [`Coming::parse`].
    pub fn from_json(value: &Value) -> Result<Self, Refusal> {
        if let Some(text) = value.as_str() {
            return Coming::parse(text);
        }
        match (value.get("worst"), value.get("log")) {
            (Some(of), _) => Coming::parse(&format!("worst:{}", plain_text(of))),
            (_, Some(Value::String(name))) => Ok(Coming::Log(Workload::Log(name.clone()))),
            _ => timing::arrivals_from_json(ARRIVALS, value).map(Coming::Process),
        }
    }

    /// The link form.
    pub fn text(&self) -> String {
        match self {
            Coming::Process(pattern) => timing::arrivals_text(pattern),
            Coming::Worst(None) => "worst".to_owned(),
            Coming::Worst(Some(of)) => format!("worst:{of}"),
            Coming::Log(log) => log.to_string(),
        }
    }

    /// The JSON form.
    pub fn json(&self) -> Value {
        match self {
            Coming::Process(pattern) => json!(pattern),
            Coming::Worst(of) => json!({ "worst": of.unwrap_or(0) }),
            Coming::Log(log) => log.json(),
        }
    }

    /// The form that edits it.
    pub fn pick(&self) -> Pick {
        let usual = Pattern::Poisson { rate: 10.0 };
        let mut pick = match self {
            Coming::Process(pattern) => timing::arrivals_pick(pattern),
            _ => timing::arrivals_pick(&usual),
        };
        pick.options.extend([WORST, LOG]);
        let (own, fields) = match self {
            Coming::Process(_) => return pick,
            Coming::Log(_) => (LOG, Vec::new()),
            Coming::Worst(of) => (WORST, vec![against(of.unwrap_or(0))]),
        };
        Pick { name: own.name.to_owned(), choice: own.id, fields, ..pick }
    }

    /// A link form with one of its fields set to a value; it may turn out to be refused.
    pub fn with(text: &str, field: &str, value: &str) -> String {
        if Workload::parse_log(text).is_some() {
            return text.to_owned();
        }
        if text.starts_with(WORST.text) { format!("worst:{value}") } else { timing::with(text, field, value) }
    }
}

fn against(of: u32) -> Field {
    Field {
        id: "against",
        label: "Worst for",
        means: "0: each gets its own worst; otherwise all get the worst of the limiter at this place, counted from 1",
        input: Input::Whole { least: 0, most: table::SIDE_BY_SIDE as u64 },
        value: of.to_string(),
    }
}

/// The kinds of arrivals that are refused are not the only ones here.
fn with_own_kinds(refusal: Refusal) -> Refusal {
    let own = format!("{}, {}", WORST.id, LOG.id);
    match refusal.allowed.starts_with("one of ") && refusal.field == ARRIVALS {
        true => Refusal { allowed: format!("{}, {own}", refusal.allowed), ..refusal },
        false => refusal,
    }
}
