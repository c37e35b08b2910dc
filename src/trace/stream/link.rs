//! The short form of a stream, to be read in a link.
//!
//! `zipf:0.9:40:200` is a Zipf stream of skew 0.9 over 40 keys with 200 requests; a part that is
//! left out at the end has its usual value. `scan:30@100` starts at key number 100. Phases are
//! joined by `;`, the parts of a mix by `|`, each with its weight before a `*`:
//!
//! `loop:9:100;3*zipf:0.9:40:100|1*scan:40@100`
//!
//! The characters are such that a browser leaves them as they are behind a `#`. In typed keys a
//! character that means something else is written as `~` and the two digits of each of its bytes.

use super::check::{FIRST, KEYS, PERCENT, REQUESTS, SKEW_ALLOWED, WEIGHTS, whole_allowed};
use super::{Drift, HotSet, Loop, Part, Scan, Stream, Uniform, Words, Zipf};
use crate::refusal::Refusal;
use std::fmt::{self, Write};
use std::ops::RangeInclusive;
use std::str::Split;

/// How many requests a stream has that does not say.
const USUAL_REQUESTS: u32 = 200;

impl Stream {
    /// Reads the short form.
    pub fn parse(text: &str) -> Result<Stream, Refusal> {
        let phases: Vec<&str> = text.split(';').collect();
        let stream = match phases.as_slice() {
            [only] => parse_phase(only)?,
            [only, ""] => Stream::Phases(each(&[only], "phases", parse_phase)?),
            several => Stream::Phases(each(several, "phases", parse_phase)?),
        };
        stream.check()?;
        Ok(stream)
    }

    /// The short form, unless the stream has none: it has one if it is simple, a mix of simple
    /// streams, or phases of these.
    pub fn link(&self) -> Result<String, Refusal> {
        let has = match self {
            Stream::Phases(phases) => phases.iter().all(is_phase),
            phase => is_phase(phase),
        };
        let allowed = "a file: a link holds phases of mixes of simple streams, and no deeper";
        if has { Ok(self.to_string()) } else { Err(Refusal::new("stream", self, allowed)) }
    }
}

fn is_phase(stream: &Stream) -> bool {
    match stream {
        Stream::Mix(parts) => parts.iter().all(|part| is_simple(&part.of)),
        other => is_simple(other),
    }
}

fn is_simple(stream: &Stream) -> bool {
    !matches!(stream, Stream::Phases(_) | Stream::Mix(_))
}

/// The short form; parts that have none stand in brackets, which only a person can read.
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = match self {
            Stream::Zipf(Zipf { keys, skew, requests, first }) => {
                write!(f, "zipf:{skew}:{keys}:{requests}")?;
                *first
            }
            Stream::Uniform(Uniform { keys, requests, first }) => {
                write!(f, "uniform:{keys}:{requests}")?;
                *first
            }
            Stream::Scan(Scan { requests, first }) => {
                write!(f, "scan:{requests}")?;
                *first
            }
            Stream::Loop(Loop { keys, requests, first }) => {
                write!(f, "loop:{keys}:{requests}")?;
                *first
            }
            Stream::Drift(Drift { keys, working_set, shift_every, requests, first }) => {
                write!(f, "drift:{keys}:{working_set}:{shift_every}:{requests}")?;
                *first
            }
            Stream::HotSet(HotSet { keys, hot, hot_share, change_every, requests, first }) => {
                write!(f, "hot:{keys}:{hot}:{hot_share}:{change_every}:{requests}")?;
                *first
            }
            Stream::Keys(words) => return write_words(words, f),
            Stream::Phases(phases) => return write_phases(phases, f),
            Stream::Mix(parts) => return write_mix(parts, f),
        };
        if first == 0 { Ok(()) } else { write!(f, "@{first}") }
    }
}

/// A single phase is told from a stream that is no phase by the `;` behind it.
fn write_phases(phases: &[Stream], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, phase) in phases.iter().enumerate() {
        if n > 0 {
            f.write_char(';')?;
        }
        write_part(phase, is_phase(phase), f)?;
    }
    if phases.len() == 1 { f.write_char(';') } else { Ok(()) }
}

fn write_mix(parts: &[Part], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (n, Part { weight, of }) in parts.iter().enumerate() {
        if n > 0 {
            f.write_char('|')?;
        }
        write!(f, "{weight}*")?;
        write_part(of, is_simple(of), f)?;
    }
    Ok(())
}

fn write_part(part: &Stream, plain: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if plain { write!(f, "{part}") } else { write!(f, "({part})") }
}

fn write_words(words: &Words, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("keys:")?;
    for (n, word) in words.iter().enumerate() {
        if n > 0 {
            f.write_char(',')?;
        }
        word.bytes().try_for_each(|byte| write_byte(byte, f))?;
    }
    Ok(())
}

fn write_byte(byte: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' | b':' => {
            f.write_char(char::from(byte))
        }
        other => write!(f, "~{other:02X}"),
    }
}

/// Reads each of several parts; a refusal says which.
fn each<T>(
    texts: &[&str],
    field: &str,
    parse: impl Fn(&str) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let parsed =
        |(n, text): (usize, &&str)| parse(text).map_err(|refusal| refusal.within(&format!("{field}[{n}]")));
    texts.iter().enumerate().map(parsed).collect()
}

fn parse_phase(text: &str) -> Result<Stream, Refusal> {
    if !text.contains(['|', '*']) {
        return parse_simple(text);
    }
    let parts: Vec<&str> = text.split('|').collect();
    Ok(Stream::Mix(each(&parts, "mix", parse_part)?))
}

/// A part of a mix; its weight is 1 if it does not say.
fn parse_part(text: &str) -> Result<Part, Refusal> {
    let (weight, of) = text.split_once('*').unwrap_or(("1", text));
    let weight = parse_whole("weight", weight, &WEIGHTS)?;
    Ok(Part { weight, of: parse_simple(of).map_err(|refusal| refusal.within("of"))? })
}

fn parse_simple(text: &str) -> Result<Stream, Refusal> {
    if let Some(words) = text.strip_prefix("keys:") {
        return parse_words(words);
    }
    let (text, first) = text.split_once('@').unwrap_or((text, "0"));
    let mut parts = text.split(':');
    let kind = parts.next().unwrap_or_default();
    match kind {
        "zipf" => parse_zipf(Fields::new("zipf", parts, first)),
        "uniform" => parse_uniform(Fields::new("uniform", parts, first)),
        "scan" => parse_scan(Fields::new("scan", parts, first)),
        "loop" => parse_loop(Fields::new("loop", parts, first)),
        "drift" => parse_drift(Fields::new("drift", parts, first)),
        "hot" => parse_hot_set(Fields::new("hot-set", parts, first)),
        _ => Err(Refusal::new("stream", text, "zipf, uniform, scan, loop, drift, hot or keys, and a colon")),
    }
}

fn parse_zipf(mut fields: Fields<'_>) -> Result<Stream, Refusal> {
    let skew = fields.skew()?;
    let keys = fields.whole("keys", &KEYS)?;
    let (requests, first) = fields.end("zipf:skew:keys:requests")?;
    Ok(Stream::Zipf(Zipf { keys, skew, requests, first }))
}

fn parse_uniform(mut fields: Fields<'_>) -> Result<Stream, Refusal> {
    let keys = fields.whole("keys", &KEYS)?;
    let (requests, first) = fields.end("uniform:keys:requests")?;
    Ok(Stream::Uniform(Uniform { keys, requests, first }))
}

fn parse_scan(fields: Fields<'_>) -> Result<Stream, Refusal> {
    let (requests, first) = fields.end("scan:requests")?;
    Ok(Stream::Scan(Scan { requests, first }))
}

fn parse_loop(mut fields: Fields<'_>) -> Result<Stream, Refusal> {
    let keys = fields.whole("keys", &KEYS)?;
    let (requests, first) = fields.end("loop:keys:requests")?;
    Ok(Stream::Loop(Loop { keys, requests, first }))
}

fn parse_drift(mut fields: Fields<'_>) -> Result<Stream, Refusal> {
    let keys = fields.whole("keys", &KEYS)?;
    let working_set = fields.whole("working-set", &KEYS)?;
    let shift_every = fields.whole("shift-every", &REQUESTS)?;
    let (requests, first) = fields.end("drift:keys:working-set:shift-every:requests")?;
    Ok(Stream::Drift(Drift { keys, working_set, shift_every, requests, first }))
}

fn parse_hot_set(mut fields: Fields<'_>) -> Result<Stream, Refusal> {
    let keys = fields.whole("keys", &KEYS)?;
    let hot = fields.whole("hot", &KEYS)?;
    let hot_share = fields.whole("hot-share", &PERCENT)?;
    let change_every = fields.whole("change-every", &REQUESTS)?;
    let (requests, first) = fields.end("hot:keys:hot:hot-share:change-every:requests")?;
    Ok(Stream::HotSet(HotSet { keys, hot, hot_share, change_every, requests, first }))
}

/// The parts of a simple stream between its colons.
struct Fields<'a> {
    kind: &'static str,
    parts: Split<'a, char>,
    first: &'a str,
}

impl<'a> Fields<'a> {
    fn new(kind: &'static str, parts: Split<'a, char>, first: &'a str) -> Self {
        Fields { kind, parts, first }
    }

    fn whole(&mut self, name: &str, range: &RangeInclusive<u32>) -> Result<u32, Refusal> {
        parse_whole(&format!("{}.{name}", self.kind), self.parts.next().unwrap_or_default(), range)
    }

    fn skew(&mut self) -> Result<f64, Refusal> {
        let text = self.parts.next().unwrap_or_default();
        text.parse().map_err(|_| Refusal::new("zipf.skew", text, SKEW_ALLOWED))
    }

    /// The number of requests, the first key, and nothing behind them; `form` is what the whole
    /// should look like.
    fn end(mut self, form: &str) -> Result<(u32, u32), Refusal> {
        let requests = match self.parts.next() {
            Some(text) => parse_whole(&format!("{}.requests", self.kind), text, &REQUESTS)?,
            None => USUAL_REQUESTS,
        };
        if let Some(more) = self.parts.next() {
            return Err(Refusal::new(self.kind, more, format!("{form} and nothing behind it")));
        }
        Ok((requests, parse_whole(&format!("{}.first", self.kind), self.first, &FIRST)?))
    }
}

/// A whole number. Whether it is in the range is checked once the whole stream is known.
fn parse_whole(field: &str, text: &str, range: &RangeInclusive<u32>) -> Result<u32, Refusal> {
    text.parse().map_err(|_| Refusal::new(field, text, whole_allowed(range)))
}

fn parse_words(text: &str) -> Result<Stream, Refusal> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut pieces = text.split('~');
    bytes.extend_from_slice(pieces.next().unwrap_or_default().as_bytes());
    for piece in pieces {
        let digits = piece.get(..2).ok_or_else(|| refuse_escape(piece))?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| refuse_escape(piece))?);
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    let words = String::from_utf8(bytes).map_err(|_| Refusal::new("keys", text, "letters in UTF-8"))?;
    Ok(Stream::Keys(Words::parse(&words)?))
}

fn refuse_escape(piece: &str) -> Refusal {
    Refusal::new("keys", format!("~{piece}"), "two hexadecimal digits after each ~")
}
