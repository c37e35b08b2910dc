//! Why a message goes to a subscriber, or why not, word by word.

use super::{FanOut, Subscriber};
use crate::queue::routing::{Binding, Exchange};

/// What `subscriber` asks for, held against the key at place `key`.
pub(super) fn bindings(scenario: &FanOut, key: u16, subscriber: u32) -> String {
    let (Some(key), Some(subscriber)) =
        (scenario.keys.get(usize::from(key)), scenario.subscribers.get(subscriber as usize))
    else {
        return String::new();
    };
    let Some((text, binding)) = subscriber.matching(&key.key, &key.headers) else {
        let message = match scenario.exchange {
            Exchange::Headers => format!("a message with “{}”", key.headers),
            _ => format!("“{}”", key.key),
        };
        return format!("{}, which {message} does not match", all(subscriber));
    };
    match binding {
        Binding::Fanout(_) => "everything".to_owned(),
        Binding::Direct(_) => format!("“{text}”, and that is its key"),
        Binding::Headers(_) => format!("“{text}”, and it has “{}”", key.headers),
        Binding::Topic(pattern) => {
            let words = pattern.explained(&key.key).unwrap_or_default();
            let words = words.into_iter().map(|(word, stands_for)| match stands_for.as_str() {
                "" => format!("{word} = nothing"),
                _ => format!("{word} = {stands_for}"),
            });
            match words.collect::<Vec<_>>().join(", ") {
                words if words.is_empty() => "a key without words, and it has none".to_owned(),
                words => format!("“{text}”, and “{}” matches: {words}", key.key),
            }
        }
    }
}

/// All that `subscriber` asks for.
pub(super) fn all(subscriber: &Subscriber) -> String {
    let quoted = subscriber.bindings.iter().map(|(text, _)| format!("“{text}”"));
    quoted.collect::<Vec<_>>().join(" or ")
}
