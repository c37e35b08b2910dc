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
