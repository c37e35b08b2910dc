//! The worker that runs long simulations beside the page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    drop(js_sys::eval("postMessage('ready')"));
}
