//! What happens to values, in words.

use crate::compression::Change;
use crate::lab::words::counted;

/// What people call the value of a key.
pub fn name(key: u32) -> String {
    format!("value {}", key + 1)
}

/// How much a change matters to somebody who reads only one reason.
pub fn weight(change: Change) -> u8 {
    match change {
        Change::Leaves | Change::Passes => 3,
        Change::Found | Change::Kept { .. } => 2,
        Change::Fetched => 1,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    let is = verb("is", "are");
    let bytes = |bytes: u32| counted(u64::from(bytes), "byte", "bytes");
    let said = match change {
        Change::Found => format!("{who} {is} found"),
        Change::Fetched => format!("{who} {is} fetched"),
        Change::Kept { bytes: kept, of } if kept == of => format!("{who} {is} kept in {}", bytes(kept)),
        Change::Kept { bytes: kept, of } => format!("{who} {is} kept in {} instead of {of}", bytes(kept)),
        Change::Leaves => format!("{who} {}", verb("leaves", "leave")),
        Change::Passes => format!("{who} {is} not kept"),
    };
    crate::lab::words::capitalised(&said)
}
