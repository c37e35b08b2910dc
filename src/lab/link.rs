//! The page's address as a value: which lab, and what was set, as readable names and values.
//!
//! `#/eviction?policies=lru,sieve&capacity=8&step=12`. This file knows the punctuation; what the
//! names mean is the lab's affair.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::fmt;

/// What must be escaped in a fragment so that it survives copying; all else stays readable.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'=');

/// Names and values in order. A name stands at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// The value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Gives `name` a value, in its old place or at the end.
    pub fn set(&mut self, name: &str, value: impl fmt::Display) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_string(),
            None => self.0.push((name.to_owned(), value.to_string())),
        }
    }

    /// Takes `name` out and returns its value.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Reads `name=value&name=value`. A value may itself hold `=`; a name without a value has the
    /// empty one; of a repeated name the last counts.
    pub fn parse(text: &str) -> Self {
        let mut query = Query::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.set(&decode(name), decode(value));
        }
        query
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.iter().enumerate() {
            let value = Value(value);
            write!(f, "{}{}", if at == 0 { "" } else { "&" }, utf8_percent_encode(name, ESCAPED))?;
            if !value.0.is_empty() {
                write!(f, "={value}")?;
            }
        }
        Ok(())
    }
}

/// A value may keep its `=` signs, because only the first one ends the name.
struct Value<'a>(&'a str);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.split('=').enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "=" }, utf8_percent_encode(part, ESCAPED))?;
        }
        Ok(())
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A lab and what is set in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The lab's name; empty for the page's front.
    pub lab: String,
    /// What is set.
    pub query: Query,
}

impl Link {
    /// Reads the fragment of an address, with or without its `#`.
    pub fn parse(fragment: &str) -> Self {
        let path = fragment.trim_start_matches('#').trim_start_matches('/');
        let (lab, query) = path.split_once('?').unwrap_or((path, ""));
        Link { lab: decode(lab.trim_end_matches('/')), query: Query::parse(query) }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#/{}?{}", utf8_percent_encode(&self.lab, ESCAPED), self.query)
    }
}
