//! Light and dark: the system's choice, unless the person made one.

use crate::chart::Palette;
use gloo_utils::{document, window};

const KEY: &str = "sluice-theme";

/// Which theme the person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme chosen at an earlier visit. A stored word that means nothing counts as none; some
    /// embeddings have no storage at all.
    pub fn stored() -> Self {
        let storage = window().local_storage().ok().flatten();
        match storage.and_then(|storage| storage.get_item(KEY).ok().flatten()).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// The next one on the switch.
    pub fn next(self) -> Self {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::System,
        }
    }

    /// Its name on the switch.
    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Applies it to the page and keeps it for the next visit.
    pub fn apply(self) {
        if let Some(root) = document().document_element() {
            let _ = match self {
                Theme::System => root.remove_attribute("data-theme"),
                chosen => root.set_attribute("data-theme", chosen.name()),
            };
        }
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = match self {
                Theme::System => storage.remove_item(KEY),
                chosen => storage.set_item(KEY, chosen.name()),
            };
        }
    }

    /// The colours of its charts.
    pub fn palette(self) -> Palette {
        let dark = match self {
            Theme::Dark => true,
            Theme::Light => false,
            Theme::System => matches("(prefers-color-scheme: dark)"),
        };
        if dark { Palette::DARK } else { Palette::LIGHT }
    }
}

/// Whether a media query holds now.
pub fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|media| media.matches())
}
