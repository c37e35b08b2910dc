//! # Headers exchange
//!
//! The routing key is not looked at. A binding names headers: with a value, the message must have
//! that header with that value; without one, it is enough that it has it. `x-match` says whether
//! `all` of them are needed (which is what it is when nothing is said) or `any` one is enough.
//! Names that begin with `x-` are not compared. So `all` of nothing is every message, and `any` of
//! nothing is none.
//!
//! AMQP 0-9-1, section 3.1.3.4, as RabbitMQ does it.
//!
//! Cost: one look-up a named header. Left out: `all-with-x` and `any-with-x`, which compare the
//! `x-` names too, and the types of values: all are texts here, while AMQP knows that 1 is not "1".

use super::short;
use crate::refusal::Refusal;
use std::collections::BTreeMap;
use std::fmt;

/// The most headers of a message or a binding.
const MOST: usize = 32;

const MATCH: &str = "x-match";

/// The headers of a message: names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(BTreeMap<String, String>);

impl Headers {
    /// The headers that `text` lists: `format=pdf, type=report`. An empty text is none.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let valued = |(name, value): (String, Option<String>)| match value {
            Some(value) => Ok((name, value)),
            None => Err(Refusal::new("headers", name, "a value for it: name=value")),
        };
        list("headers", text)?.into_iter().map(valued).collect::<Result<_, _>>().map(Headers)
    }
}

impl fmt::Display for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        f.write_str(&texts.join(", "))
    }
}

/// The headers that are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    any: bool,
    wanted: BTreeMap<String, Option<String>>,
}

impl Arguments {
    /// The binding that `text` lists: `x-match=any, format=pdf, urgent`. A name without a value
    /// wants the header, whatever its value.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut wanted = list("binding", text)?;
        let any = match wanted.remove(MATCH) {
            None => false,
            Some(Some(all)) if all == "all" => false,
            Some(Some(any)) if any == "any" => true,
            Some(other) => {
                return Err(Refusal::new(MATCH, other.unwrap_or_default(), "all or any"));
            }
        };
        Ok(Arguments { any, wanted })
    }

    /// Whether a message with these headers is wanted.
    pub fn routes(&self, headers: &Headers) -> bool {
        let mut compared = self.wanted.iter().filter(|(name, _)| !name.starts_with("x-"));
        let met = |(name, wanted): (&String, &Option<String>)| match (headers.0.get(name), wanted) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(value), Some(wanted)) => value == wanted,
        };
        if self.any { compared.any(met) } else { compared.all(met) }
    }
}

impl fmt::Display for Arguments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MATCH}={}", if self.any { "any" } else { "all" })?;
        for (name, value) in &self.wanted {
            match value {
                Some(value) => write!(f, ", {name}={value}")?,
                None => write!(f, ", {name}")?,
            }
        }
        Ok(())
    }
}

/// Names with or without values, with commas between them.
fn list(field: &str, text: &str) -> Result<BTreeMap<String, Option<String>>, Refusal> {
    let mut list = BTreeMap::new();
    for item in text.split(',').filter(|_| !text.trim().is_empty()) {
        let (name, value) = match item.split_once('=') {
            Some((name, value)) => (name.trim(), Some(short(field, value.trim())?)),
            None => (item.trim(), None),
        };
        if name.is_empty() {
            return Err(Refusal::new(field, text, "a name for every header: name=value, name=value"));
        }
        if list.insert(short(field, name)?, value).is_some() {
            return Err(Refusal::new(field, name, "each name once"));
        }
        if list.len() > MOST {
            return Err(Refusal::new(field, text, format!("at most {MOST} headers")));
        }
    }
    Ok(list)
}
