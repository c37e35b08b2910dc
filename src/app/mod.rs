//! The page: it shows scenes, moments and charts, and edits scenarios, without knowing any
//! algorithm. Only this floor and `work` know the browser.

mod address;
mod charts;
mod checks;
mod dialogs;
mod engine;
mod entry;
mod field;
mod life;
mod loader;
mod motion;
mod names;
mod pad;
mod page;
mod player;
mod save;
mod shapes;
mod source;
mod speed;
mod stage;
mod strip;
mod theme;
mod theory;
mod timeline;
mod weight;
mod why;

use gloo_utils::document;
use web_sys::Element;

/// Starts the page.
pub fn open() {
    std::panic::set_hook(Box::new(|panic| show_panic(&panic.to_string())));
    yew::Renderer::<page::Page>::new().render();
}

/// Says that something broke, and offers the same state again: the address holds all of it.
fn show_panic(what: &str) {
    web_sys::console::error_1(&what.into());
    let document = document();
    let shown =
        document.create_element("div").ok().filter(|_| document.get_element_by_id("broken").is_none());
    let (Some(notice), Some(body)) = (shown, document.body()) else { return };
    notice.set_id("broken");
    let _ = notice.set_attribute("role", "alert");
    notice.set_inner_html(
        "<p><strong>Something in Sluice broke.</strong> What you had set is in the address. <button type=button>Open the same state again</button></p><pre></pre>",
    );
    if let Ok(Some(details)) = notice.query_selector("pre") {
        details.set_text_content(Some(what));
    }
    if let Ok(Some(button)) = notice.query_selector("button") {
        let _ = button.set_attribute("onclick", "location.reload()");
    }
    let _ = body.prepend_with_node_1(&notice);
}

/// The element with this id.
fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}
