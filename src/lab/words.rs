//! How numbers and lists are written for people: the same everywhere on the page.

use std::fmt::Display;

/// A whole number with its thousands set apart by commas: `1,108,195`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 request`, `2,000 requests`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A ratio as a percentage with one decimal: `48.1 %`.
pub fn percent(ratio: f64) -> String {
    format!("{:.1} %", 100.0 * ratio)
}

/// A number with at most two decimals, no idle zeros and no idle sign: `2`, `0.5`, `3.14`.
pub fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Seconds in the unit that suits them, with three digits: `340 ms`, `2.50 s`, `3.2 h`.
pub fn seconds(value: f64) -> String {
    let (scaled, unit) = match value.abs() {
        0.0 => (0.0, "s"),
        size if size < 1e-6 => (value * 1e9, "ns"),
        size if size < 1e-3 => (value * 1e6, "µs"),
        size if size < 1.0 => (value * 1e3, "ms"),
        size if size < 600.0 => (value, "s"),
        size if size < 36_000.0 => (value / 60.0, "min"),
        _ => (value / 3_600.0, "h"),
    };
    let decimals = match scaled.abs() {
        0.0 => 0,
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    format!("{scaled:.decimals$} {unit}")
}

/// What stands before a noun in the singular: `a queue`, `an answer`.
pub fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// The same text with a capital first letter.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The same text with a small first letter.
pub fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Things one after another: `A`, `A and B`, `A, B and C`, `A, B, C and 12 more`.
pub fn list<T: Display>(things: &[T]) -> String {
    const SHOWN: usize = 4;
    let shown = if things.len() > SHOWN { SHOWN - 1 } else { things.len() };
    let mut parts: Vec<String> = things[..shown].iter().map(T::to_string).collect();
    if things.len() > shown {
        parts.push(format!("{} more", count((things.len() - shown) as u64)));
    }
    match parts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
    }
}

/// A name that fits into a sentence: of a long one the end, which tells most.
pub fn named(name: &str) -> String {
    ending(name, 28)
}

/// The last `most` letters of `text`, with a sign that something stands before them.
pub fn ending(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let end: String = text.chars().skip(letters - most + 1).collect();
    format!("…{end}")
}
