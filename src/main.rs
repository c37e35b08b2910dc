//! The page. Natively there is nothing to see: Trunk builds it for the browser.

#[cfg(target_arch = "wasm32")]
fn main() {
    sluice::app::open();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    println!("Sluice is a web page: ./dev serve shows it, ./dev build makes the site in dist/.");
}
