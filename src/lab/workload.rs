//! Where a lab's requests come from: a generated stream, one of the site's recorded traces, or a
//! file of the person's own.

use super::form::{Choice, Field, Input, Pick};
use super::words;
use crate::refusal::Refusal;
use crate::trace::stream::{Stream, Words};
use crate::trace::{Column, Columns, Delimiter, RECORDED, Recorded};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt;

/// The requests of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum Workload {
    /// Generated from the scenario's seed.
    Stream(Stream),
    /// One of the traces that come with the site, by its name.
    Recorded(String),
    /// A file: beside the scenario on the command line, handed to the page by the person.
    File {
        /// Its name.
        name: String,
        /// Where its keys stand.
        columns: Columns,
    },
    /// A file whose lines have times: an access log, found as other files are.
    Log(String),
}

/// The kinds of stream, with the fields of each in the order of the link form.
const KINDS: &[(Choice, &[Slot])] = &[
    (
        Choice {
            id: "zipf",
            name: "A few are popular",
            idea: "Zipf: the n-th most popular key is asked for in proportion to 1 / n^skew.",
            text: "zipf:0.9:40:200",
        },
        &[SKEW, KEYS, REQUESTS],
    ),
    (
        Choice {
            id: "uniform",
            name: "All are alike",
            idea: "Every key is equally likely at every request.",
            text: "uniform:20:200",
        },
        &[KEYS, REQUESTS],
    ),
    (
        Choice {
            id: "loop",
            name: "A loop",
            idea: "The same keys in the same order, over and over.",
            text: "loop:9:60",
        },
        &[KEYS, REQUESTS],
    ),
    (
        Choice { id: "scan", name: "A scan", idea: "Every key once, never again.", text: "scan:60" },
        &[SCANNED],
    ),
    (
        Choice {
            id: "drift",
            name: "A working set that drifts",
            idea: "A window over the keys moves on by one key every so many requests.",
            text: "drift:60:8:6:200",
        },
        &[KEYS, WORKING_SET, SHIFT_EVERY, REQUESTS],
    ),
    (
        Choice {
            id: "hot",
            name: "A hot set that changes",
            idea: "Most requests go to a few hot keys; every so often other keys become hot.",
            text: "hot:60:6:90:50:200",
        },
        &[KEYS, HOT, HOT_SHARE, CHANGE_EVERY, REQUESTS],
    ),
    (
        Choice {
            id: "keys",
            name: "Typed by hand",
            idea: "Your own requests, one word each.",
            text: "keys:A,B,C,A,D,A,E,B,A,C",
        },
        &[TYPED],
    ),
    (
        Choice {
            id: "compound",
            name: "Phases and mixes",
            idea: "Streams one after another (;) or shuffled together by weight (3*… | 1*…).",
            text: "zipf:0.9:12:60;scan:24@100;zipf:0.9:12:60",
        },
        &[COMPOUND],
    ),
    (
        Choice {
            id: "trace",
            name: "A recorded trace",
            idea: "Requests of a real program, recorded for this page.",
            text: "trace:sqlite-pages",
        },
        &[RECORD],
    ),
    (
        Choice {
            id: "file",
            name: "Your own file",
            idea: "A trace of yours. It stays on this device.",
            text: "file:",
        },
        &[],
    ),
];

/// One field of a stream.
struct Slot {
    id: &'static str,
    label: &'static str,
    means: &'static str,
    kind: Kind,
}

/// How a field of a stream is entered.
enum Kind {
    Whole(u64, u64),
    Fraction(f64, f64),
    Text,
    Record,
}

impl Kind {
    fn input(&self) -> Input {
        match *self {
            Kind::Whole(least, most) => Input::Whole { least, most },
            Kind::Fraction(least, most) => Input::Fraction { least, most },
            Kind::Text => Input::Text,
            Kind::Record => {
                let named = |record: &Recorded| {
                    (
                        record.id,
                        format!(
                            "{}, {}",
                            record.title,
                            words::counted(record.requests, "request", "requests")
                        ),
                    )
                };
                Input::Words(RECORDED.iter().map(named).collect())
            }
        }
    }
}

const MOST: u64 = crate::trace::MOST_REQUESTS as u64;
const SKEW: Slot = Slot {
    id: "skew",
    label: "Skew",
    means: "0: all alike; 1: the classic Zipf law; 2: a few take nearly everything",
    kind: Kind::Fraction(0.0, 2.0),
};
const KEYS: Slot = Slot {
    id: "keys",
    label: "Keys",
    means: "how many different keys there are",
    kind: Kind::Whole(1, 10_000_000),
};
const REQUESTS: Slot = Slot {
    id: "requests",
    label: "Requests",
    means: "how many requests are made",
    kind: Kind::Whole(1, MOST),
};
/// Each request of a scan is for another key.
const SCANNED: Slot = Slot { kind: KEYS.kind, ..REQUESTS };
const WORKING_SET: Slot = Slot {
    id: "working-set",
    label: "Working set",
    means: "how many keys are in use at a time",
    kind: Kind::Whole(1, 10_000_000),
};
const SHIFT_EVERY: Slot = Slot {
    id: "shift-every",
    label: "Shift every",
    means: "requests until the window moves on by one key",
    kind: Kind::Whole(1, MOST),
};
const HOT: Slot = Slot {
    id: "hot",
    label: "Hot keys",
    means: "how many keys are hot at a time",
    kind: Kind::Whole(1, 10_000_000),
};
const HOT_SHARE: Slot = Slot {
    id: "hot-share",
    label: "Hot share",
    means: "percent of the requests that go to hot keys",
    kind: Kind::Whole(0, 100),
};
const CHANGE_EVERY: Slot = Slot {
    id: "change-every",
    label: "Change every",
    means: "requests until other keys become hot",
    kind: Kind::Whole(1, MOST),
};
const RECORD: Slot =
    Slot { id: "record", label: "Trace", means: "which program was recorded", kind: Kind::Record };
const TYPED: Slot = Slot {
    id: "typed",
    label: "Requests",
    means: "one word a request, separated by spaces or commas",
    kind: Kind::Text,
};
const COMPOUND: Slot = Slot {
    id: "compound",
    label: "Streams",
    means: "phases separated by ; and mixes by |, each part weighted: 3*zipf:0.9:40:100|1*scan:40@100",
    kind: Kind::Text,
};

impl Workload {
    /// Reads the link form.
    ///
    /// # Errors
    /// A stream that does not exist, or a part of it out of its range.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if let Some(name) = text.strip_prefix("trace:") {
            return shipped(name);
        }
        if let Some(rest) = text.strip_prefix("file:") {
            let (name, columns) = rest.split_once('|').unwrap_or((rest, ""));
            return Ok(Workload::File { name: unescaped(name), columns: columns_from(columns)? });
        }
        Stream::parse(text).map(Workload::Stream)
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// A stream that does not exist, or a part of it out of its range or unknown.
    pub fn from_json(value: &Value) -> Result<Self, Refusal> {
        let map = value
            .as_object()
            .ok_or_else(|| Refusal::new("workload", value, "an object such as {\"zipf\":{…}}"))?;
        if let Some(name) = map.get("trace").filter(|_| map.len() == 1) {
            return shipped(name.as_str().unwrap_or_default());
        }
        let Some(name) = map.get("file") else {
            return Stream::from_json(value).map(Workload::Stream).map_err(|refusal| {
                match refusal.field.as_str() {
                    "stream" => Refusal { field: "workload".to_owned(), ..refusal },
                    _ => refusal.within("workload"),
                }
            });
        };
        let name = name
            .as_str()
            .ok_or_else(|| Refusal::new("workload.file", name, "the name of a file, as text"))?;
        let mut columns = Columns::default();
        for (field, value) in map.iter().filter(|(field, _)| *field != "file") {
            match field.as_str() {
                "column" => columns.column = Some(part(field, value, COLUMN)?),
                "header" => columns.header = Some(part(field, value, HEADER)?),
                "delimiter" => columns.delimiter = Some(part(field, value, DELIMITER)?),
                _ => return Err(unknown(field, value).within("workload")),
            }
        }
        columns.check().map_err(|refusal| refusal.within("workload"))?;
        Ok(Workload::File { name: name.to_owned(), columns })
    }

    /// Reads the link form of a log, which is not for every lab.
    pub fn parse_log(text: &str) -> Option<Self> {
        text.strip_prefix("log:").map(|name| Workload::Log(unescaped(name)))
    }

    /// What to choose on the page, where the person has to hand over a file; `None` for all else.
    pub fn wanted(&self) -> Option<(&str, &'static str)> {
        match self {
            Workload::File { name, .. } => Some((
                name,
                "Choose a trace file above, or drop it here: one key a line, columns, or libCacheSim’s oracleGeneral; gzip and zstd are read too. It stays on this device.",
            )),
            Workload::Log(name) => Some((
                name,
                "Choose an access log above, or drop it here: lines of a web server’s log, or lines that begin with a time; gzip and zstd are read too. It stays on this device.",
            )),
            Workload::Stream(_) | Workload::Recorded(_) => None,
        }
    }

    /// The JSON form, as [`Workload::from_json`] reads it.
    pub fn json(&self) -> Value {
        match self {
            Workload::Stream(stream) => json!(stream),
            Workload::Recorded(name) => json!({ "trace": name }),
            Workload::File { name, columns } => {
                let mut value = json!(columns);
                value["file"] = json!(name);
                value
            }
            Workload::Log(name) => json!({ "log": name }),
        }
    }

    /// How people call it.
    pub fn name(&self) -> String {
        match self {
            Workload::Recorded(name) | Workload::File { name, .. } | Workload::Log(name) => name.clone(),
            Workload::Stream(_) => self.kind().0.name.to_owned(),
        }
    }

    /// What it is, in a sentence.
    pub fn about(&self) -> String {
        if matches!(self, Workload::Log(_)) {
            return "One request at each time of a log.".to_owned();
        }
        let known = self.record();
        known.map_or_else(|| self.kind().0.idea.to_owned(), |record| record.description.to_owned())
    }

    /// A capacity at which policies differ on it, where that is known.
    pub fn usual_capacity(&self) -> Option<u32> {
        match self {
            Workload::Stream(_) => Some(8),
            Workload::Recorded(_) => self.record().map(|record| record.capacity),
            Workload::File { .. } | Workload::Log(_) => None,
        }
    }

    /// What is known about a recorded trace.
    fn record(&self) -> Option<&'static Recorded> {
        let Workload::Recorded(name) = self else { return None };
        RECORDED.iter().find(|record| record.id == *name)
    }

    /// The form that edits it.
    pub fn pick(&self) -> Pick {
        let (choice, slots) = self.kind();
        let text = self.to_string();
        let values = values(choice.id, &text);
        let fields = slots.iter().zip(values).map(|(slot, value)| Field {
            id: slot.id,
            label: slot.label,
            means: slot.means,
            input: slot.kind.input(),
            value: value.to_owned(),
        });
        Pick {
            name: self.name(),
            choice: choice.id,
            options: KINDS.iter().map(|(choice, _)| *choice).collect(),
            fields: fields.collect(),
        }
    }

    /// The link form of the present kind with `field` set to `value`; it may turn out to be refused.
    pub fn with(&self, field: &str, value: &str) -> String {
        let (choice, slots) = self.kind();
        let text = self.to_string();
        let values = slots.iter().zip(values(choice.id, &text));
        let values: Vec<&str> =
            values.map(|(slot, old)| if slot.id == field { value } else { old }).collect();
        match choice.id {
            "compound" => values.concat(),
            "keys" => Words::parse(value)
                .map_or_else(|_| "keys:".to_owned(), |words| Stream::Keys(words).to_string()),
            kind => {
                let first = text.split_once('@').map(|(_, first)| format!("@{first}"));
                format!("{kind}:{}{}", values.join(":"), first.unwrap_or_default())
            }
        }
    }

    fn kind(&self) -> &'static (Choice, &'static [Slot]) {
        let text = self.to_string();
        let id = match self {
            Workload::Stream(Stream::Phases(_) | Stream::Mix(_)) => "compound",
            _ => text.split(':').next().unwrap_or_default(),
        };
        KINDS.iter().find(|(choice, _)| choice.id == id).unwrap_or(&KINDS[0])
    }
}

/// The values of the fields in the link form `text` of a stream of `kind`.
fn values<'a>(kind: &str, text: &'a str) -> Vec<&'a str> {
    let rest = text.split_once(':').map_or("", |(_, rest)| rest);
    match kind {
        "compound" => vec![text],
        "keys" => vec![rest],
        _ => rest.split('@').next().unwrap_or_default().split(':').collect(),
    }
}

fn shipped(name: &str) -> Result<Workload, Refusal> {
    let known: Vec<&str> = RECORDED.iter().map(|record| record.id).collect();
    match known.contains(&name) {
        true => Ok(Workload::Recorded(name.to_owned())),
        false => {
            Err(Refusal::new("workload", name, format!("one of the recorded traces {}", known.join(", "))))
        }
    }
}

const COLUMN: &str = "a column's number, counted from 1, or its name in the header";
const HEADER: &str = "true or false";
const DELIMITER: &str = "comma, tab, semicolon or space";

/// One choice about the columns of a file, from JSON.
fn part<'a, T: Deserialize<'a>>(field: &str, value: &'a Value, allowed: &str) -> Result<T, Refusal> {
    T::deserialize(value).map_err(|_| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Refusal::new(field, shown, allowed).within("workload")
    })
}

fn unknown(field: &str, value: impl fmt::Display) -> Refusal {
    Refusal::new(field, value, "one of file, column, header, delimiter")
}

/// The columns of a file as a link writes them: `column=2,header=true`.
fn columns_to(columns: &Columns) -> String {
    let column = columns.column.as_ref().map(|column| match column {
        Column::Number(number) => format!("column={number}"),
        Column::Name(name) => format!("column={}", escaped(&named(name))),
    });
    let header = columns.header.map(|header| format!("header={header}"));
    let delimiter = columns.delimiter.map(|delimiter| format!("delimiter={delimiter}"));
    [column, header, delimiter].into_iter().flatten().collect::<Vec<_>>().join(",")
}

/// The name of a column, in quotes where it would be taken for something else without them.
fn named(name: &str) -> String {
    let plain = Column::from(name) == Column::Name(name.to_owned()) && !name.starts_with('"');
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

fn columns_from(text: &str) -> Result<Columns, Refusal> {
    let mut columns = Columns::default();
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (field, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = unescaped(value);
        let refused = |allowed: &str| Refusal::new(field, &value, allowed);
        match field {
            "column" if value.is_empty() => return Err(refused(COLUMN)),
            "column" => {
                let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let named = quoted.map(|name| Column::Name(name.to_owned()));
                columns.column = Some(named.unwrap_or_else(|| Column::from(value.as_str())));
            }
            "header" => columns.header = Some(value.parse().map_err(|_| refused(HEADER))?),
            "delimiter" => {
                let delimiter = Delimiter::try_from(value.clone());
                columns.delimiter = Some(delimiter.map_err(|_| refused(DELIMITER))?);
            }
            _ => return Err(unknown(field, &value)),
        }
    }
    columns.check()?;
    Ok(columns)
}

/// The same text without the characters that end a part of a file's link form: each is written as
/// `~` and its two digits.
fn escaped(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match letter {
            '~' | '|' | ',' | '=' => plain.push_str(&format!("~{:02X}", u32::from(letter))),
            other => plain.push(other),
        }
    }
    plain
}

/// Undoes [`escaped`]. A `~` before anything else is itself, so that a name may be typed as it is.
fn unescaped(text: &str) -> String {
    let mut pieces = text.split('~');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let escape = [("7E", '~'), ("7C", '|'), ("2C", ','), ("3D", '=')];
        let found =
            escape.into_iter().find_map(|(digits, letter)| Some((letter, piece.strip_prefix(digits)?)));
        let (letter, rest) = found.unwrap_or(('~', piece));
        plain.push(letter);
        plain.push_str(rest);
    }
    plain
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Workload::Stream(stream) => stream.fmt(f),
            Workload::Recorded(name) => write!(f, "trace:{name}"),
            Workload::File { name, columns } => match columns_to(columns) {
                columns if columns.is_empty() => write!(f, "file:{}", escaped(name)),
                columns => write!(f, "file:{}|{columns}", escaped(name)),
            },
            Workload::Log(name) => write!(f, "log:{}", escaped(name)),
        }
    }
}
