//! What happens to an object of a cache, in words.

use crate::cache::Change;
use crate::lab::words;

/// How much a change matters to somebody who reads only one reason: what leaves comes first.
pub fn weight(change: &Change) -> u8 {
    match change {
        Change::Leaves { .. } | Change::Bypasses => 3,
        Change::Moves { .. } | Change::Adapts { .. } => 2,
        Change::Stays | Change::Marks(_) | Change::Counts(_) | Change::Enters { .. } => 1,
        Change::Forgotten { .. } => 0,
    }
}

/// What happens to `who`, who may be `many`, as the first half of a sentence.
pub fn happens(who: &str, many: bool, change: &Change) -> String {
    let verb = |one: &'static str, more: &'static str| if many { more } else { one };
    match change {
        Change::Stays => format!("{who} {} where {}", verb("stays", "stay"), verb("it is", "they are")),
        Change::Marks(true) => format!("{who} {} marked", verb("is", "are")),
        Change::Marks(false) => format!("{who} {}", verb("loses its mark", "lose their marks")),
        Change::Counts(count) => format!("{who} now {} {count}", verb("counts", "count")),
        Change::Enters { into } => format!("{who} {} {into}", verb("enters", "enter")),
        Change::Moves { from, to } if from == to => format!("{who} {} within {to}", verb("moves", "move")),
        Change::Moves { from, to } => format!("{who} {} from {from} to {to}", verb("moves", "move")),
        Change::Leaves { remembered: None, .. } => format!("{who} {}", verb("leaves", "leave")),
        Change::Leaves { remembered: Some(ghost), .. } => {
            format!(
                "{who} {}, and {} in {ghost}",
                verb("leaves", "leave"),
                verb("its name stays", "their names stay")
            )
        }
        Change::Forgotten { from } => format!("{who} {} forgotten by {from}", verb("is", "are")),
        Change::Bypasses => format!("{who} {} outside", verb("stays", "stay")),
        Change::Adapts { dial, from, to } => {
            format!("The {dial} goes from {} to {}", words::number(*from), words::number(*to))
        }
    }
}
