//! Which column of a delimited text file holds the key, and how a line falls into columns.
//!
//! Fields are separated by commas, tabs, semicolons or spaces. A field in double quotes may hold
//! the delimiter, and a doubled quote in it is one quote; a line break in it is not supported,
//! because a line is a request. How bytes become lines is not known here.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// How to take the key from a line of text. With nothing chosen, the whole line is the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Columns {
    /// The column that holds the key; the first, if only a delimiter is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Column>,
    /// Whether the first line holds the columns' names. Without a choice it does if the column is
    /// chosen by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What separates the columns; recognised from the first lines, if only a column is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<Delimiter>,
}

impl Columns {
    /// Refuses a choice that no file could satisfy.
    pub fn check(&self) -> Result<(), Refusal> {
        match &self.column {
            Some(Column::Number(0)) => {
                Err(Refusal::new("column", 0, "a column's number, counted from 1, or its name in the header"))
            }
            Some(Column::Name(_)) if self.header == Some(false) => {
                Err(Refusal::new("header", false, "a header if the column is chosen by its name"))
            }
            _ => Ok(()),
        }
    }

    /// Whether the first line is not a request.
    pub(super) fn has_header(&self) -> bool {
        self.header.unwrap_or(matches!(self.column, Some(Column::Name(_))))
    }
}

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// By its place, counted from 1.
    Number(u32),
    /// By its name in the header.
    Name(String),
}

impl From<&str> for Column {
    /// A whole number is a place, everything else a name.
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Column::Name(text.to_owned()), Column::Number)
    }
}

/// What separates columns. Written as the character itself or by its name: `","` or `"comma"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// The tabulator.
    Tab,
    /// `;`
    Semicolon,
    /// One space or several.
    Space,
}

impl Delimiter {
    /// All of them, the surest sign of columns first.
    pub const ALL: [Delimiter; 4] =
        [Delimiter::Tab, Delimiter::Semicolon, Delimiter::Comma, Delimiter::Space];

    /// The byte between two columns.
    fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
            Delimiter::Semicolon => b';',
            Delimiter::Space => b' ',
        }
    }

    /// The delimiter that `head`, the first lines of a file, is best read with: one that cuts each
    /// line into equally many columns, else one that cuts the first line into most.
    pub(super) fn recognise(head: &[&[u8]]) -> Option<Delimiter> {
        let first = head.first()?;
        Self::regular(head).or_else(|| {
            let most = Self::ALL.into_iter().rev().max_by_key(|delimiter| delimiter.columns(first))?;
            (most.columns(first) > 1).then_some(most)
        })
    }

    /// The delimiter that cuts each of the lines into equally many columns, more than one.
    pub(super) fn regular(head: &[&[u8]]) -> Option<Delimiter> {
        Self::ALL.into_iter().find(|delimiter| {
            let columns = head.first().map_or(0, |line| delimiter.columns(line));
            columns > 1 && head.iter().all(|line| delimiter.columns(line) == columns)
        })
    }

    /// How many columns `line` has.
    fn columns(self, line: &[u8]) -> usize {
        Fields::new(line, self).count()
    }
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Delimiter::Comma => "comma",
            Delimiter::Tab => "tab",
            Delimiter::Semicolon => "semicolon",
            Delimiter::Space => "space",
        })
    }
}

impl TryFrom<String> for Delimiter {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        match text.as_str() {
            "," | "comma" => Ok(Delimiter::Comma),
            "\t" | "\\t" | "tab" => Ok(Delimiter::Tab),
            ";" | "semicolon" => Ok(Delimiter::Semicolon),
            " " | "space" => Ok(Delimiter::Space),
            _ => Err(Refusal::new("delimiter", text, "comma, tab, semicolon or space")),
        }
    }
}

impl From<Delimiter> for String {
    fn from(delimiter: Delimiter) -> String {
        char::from(delimiter.byte()).to_string()
    }
}

/// The fields of one line, as they stand there, without the blanks around them.
pub(super) struct Fields<'a> {
    rest: Option<&'a [u8]>,
    delimiter: Delimiter,
}

impl<'a> Fields<'a> {
    pub(super) fn new(line: &'a [u8], delimiter: Delimiter) -> Self {
        let line = if delimiter == Delimiter::Space { line.trim_ascii() } else { line };
        Fields { rest: Some(line), delimiter }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let delimiter = self.delimiter.byte();
        let from = after_quotes(rest);
        let Some(length) = rest[from..].iter().position(|byte| *byte == delimiter) else {
            self.rest = None;
            return Some(rest.trim_ascii());
        };
        let (field, after) = rest.split_at(from + length);
        let after = &after[1..];
        self.rest = Some(if delimiter == b' ' { after.trim_ascii_start() } else { after });
        Some(field.trim_ascii())
    }
}

/// Where the quoted part of the field at the start of `text` ends; 0 if it is not quoted.
fn after_quotes(text: &[u8]) -> usize {
    let inside = text.trim_ascii_start();
    if inside.first() != Some(&b'"') {
        return 0;
    }
    let blanks = text.len() - inside.len();
    let mut place = 1;
    while let Some(length) = inside[place..].iter().position(|byte| *byte == b'"') {
        place += length + 1;
        if inside.get(place) != Some(&b'"') {
            return blanks + place;
        }
        place += 1;
    }
    0
}

/// A field without the quotes around it.
pub(super) fn unquoted(field: &[u8]) -> Cow<'_, [u8]> {
    let [b'"', inside @ .., b'"'] = field else {
        return Cow::Borrowed(field);
    };
    if !inside.contains(&b'"') {
        return Cow::Borrowed(inside);
    }
    let mut plain = Vec::with_capacity(inside.len());
    let mut doubled = false;
    for byte in inside {
        doubled = *byte == b'"' && !doubled;
        if !doubled {
            plain.push(*byte);
        }
    }
    Cow::Owned(plain)
}
