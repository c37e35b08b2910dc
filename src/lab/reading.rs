//! Numbers, lists and pairs as links and forms write them, read and written back.

use super::variant::plain_text;
use crate::refusal::Refusal;
use serde_json::Value;
use std::ops::RangeInclusive;

/// The most parts that a list may have.
const MOST_LISTED: usize = 1_000;
/// The seconds that are taken.
pub const SECONDS: RangeInclusive<f64> = 0.0..=1e9;

/// Puts a value that was read into its place, unless it was refused.
///
/// # Errors
/// As it was read.
pub fn put<T>(place: &mut T, read: Result<T, Refusal>) -> Result<(), Refusal> {
    *place = read?;
    Ok(())
}

/// Reads a number within `range`.
///
/// # Errors
/// Text that is none.
pub fn number(field: &str, text: &str, range: RangeInclusive<f64>) -> Result<f64, Refusal> {
    let number = text.trim().parse().ok().filter(|number| range.contains(number));
    let allowed = || format!("a number from {} to {}", range.start(), range.end());
    number.ok_or_else(|| Refusal::new(field, text, allowed()))
}

/// A number as a link writes it; empty: not set.
pub fn optional(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| value.to_string())
}

/// Reads seconds of model time; empty: not set.
///
/// # Errors
/// Text that is neither.
pub fn optional_seconds(field: &str, text: &str) -> Result<Option<f64>, Refusal> {
    if text.is_empty() { Ok(None) } else { number(field, text, SECONDS).map(Some) }
}

/// A list as a link writes it.
pub fn joined<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<_>>().join(",")
}

/// Reads a list whose parts are separated by commas.
///
/// # Errors
/// Too many parts, or one that `read` refuses.
pub fn listed<T>(
    field: &str,
    text: &str,
    read: impl Fn(&str) -> Result<T, Refusal>,
) -> Result<Vec<T>, Refusal> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > MOST_LISTED {
        return Err(Refusal::new(field, parts.len(), format!("at most {MOST_LISTED} of them")));
    }
    parts.into_iter().map(read).collect()
}

/// Reads two numbers of seconds, or counts, with `separator` between them.
///
/// # Errors
/// Text that is none; `allowed` says what would be.
pub fn pair(field: &str, text: &str, separator: char, allowed: &str) -> Result<(f64, f64), Refusal> {
    let refused = || Refusal::new(field, text, allowed);
    let (first, second) = text.split_once(separator).ok_or_else(refused)?;
    let read = |part: &str| part.trim().parse().ok().filter(|value: &f64| SECONDS.contains(value));
    Ok((read(first).ok_or_else(refused)?, read(second).ok_or_else(refused)?))
}

/// A JSON value as a link writes it; a list has commas between its parts.
pub fn list_text(value: &Value) -> String {
    match value.as_array() {
        Some(parts) => parts.iter().map(plain_text).collect::<Vec<_>>().join(","),
        None if value.is_null() => String::new(),
        None => plain_text(value),
    }
}
