//! The worker: long work beside the page, so that the page never waits.

#[cfg(target_arch = "wasm32")]
fn main() {
    sluice::work::desk::open();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("This is the worker of Sluice's page; Trunk builds it for the browser.");
}
