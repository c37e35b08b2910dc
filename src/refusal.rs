//! A value from outside that cannot be taken: which field, what was given, and what is allowed.
//!
//! Every reader of links, files, messages and stored settings answers with this one type, so that
//! the page, the command line and the JavaScript API say the same words. It knows nothing about
//! where the value came from.

use std::fmt;

/// Why a value from outside was refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refusal {
    /// The field as its author wrote it, for example `capacity` or `variants[1].threshold`.
    pub field: String,
    /// The value that was given, shortened to [`Refusal::SHOWN`] characters.
    pub value: String,
    /// What would have been taken, as words that follow "use": "a whole number from 1 to 64".
    pub allowed: String,
}

impl Refusal {
    /// How many characters of a refused value are kept for showing.
    pub const SHOWN: usize = 60;

    /// Refuses `value` for `field` and says what is `allowed`.
    pub fn new(field: impl Into<String>, value: impl fmt::Display, allowed: impl Into<String>) -> Self {
        let value = value.to_string();
        let mut shown: String = value.chars().take(Self::SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Refusal { field: field.into(), value: shown, allowed: allowed.into() }
    }

    /// The same refusal with `outer` put before the field's name: `variants[1]` and `policy`
    /// make `variants[1].policy`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = format!("{outer}.{}", self.field);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: “{}” is not allowed; use {}", self.field, self.value, self.allowed)
    }
}

impl std::error::Error for Refusal {}
