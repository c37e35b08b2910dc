//! The page's address: what is set stands in its fragment, and the browser's history works.

use crate::lab::Link;
use gloo_utils::window;
use wasm_bindgen::JsValue;

/// What the address says now.
pub fn read() -> Link {
    Link::parse(&window().location().hash().unwrap_or_default())
}

/// Whether the page is embedded: `?embed` before the fragment or in it.
pub fn is_embedded() -> bool {
    let search = window().location().search().unwrap_or_default();
    let before =
        search.trim_start_matches('?').split('&').any(|part| part == "embed" || part.starts_with("embed="));
    before || read().query.get("embed").is_some()
}

/// Makes `link` the address, as a new entry of the history or in place of the present one. Some
/// embeddings forbid it; then the page works all the same, without a link.
pub fn write(link: &Link, new_entry: bool) {
    let Ok(history) = window().history() else { return };
    let text = link.to_string();
    if window().location().hash().is_ok_and(|hash| hash == text) {
        return;
    }
    let _ = match new_entry {
        true => history.push_state_with_url(&JsValue::NULL, "", Some(&text)),
        false => history.replace_state_with_url(&JsValue::NULL, "", Some(&text)),
    };
}

/// Loads the page anew, with the program that holds what the address names.
pub fn load() {
    let _ = window().location().reload();
}

/// The whole address of `link`, to be handed to somebody else.
pub fn whole(link: &Link, embedded: bool) -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    format!("{origin}{path}{}{link}", if embedded { "?embed" } else { "" })
}
