//! The worker: long work beside the page, so that the page never waits.
//!
//! Where no worker can work, the page loads this same program into its own thread and asks it for
//! a desk there; so the page's program need not contain what reads traces.

#[cfg(target_arch = "wasm32")]
fn main() {
    sluice::work::desk::open();
}

/// A desk in the thread that loaded this program: takes the function that gets the answers, and
/// returns the one that takes the orders.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn desk(answer: js_sys::Function) -> js_sys::Function {
    sluice::work::desk::open_here(answer)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is the worker of Sluice's page; Trunk builds it for the browser.");
}
