//! The page.

#[cfg(target_arch = "wasm32")]
mod page {
    use yew::prelude::*;

    #[component]
    pub fn Page() -> Html {
        use_effect_with((), |()| {
            let root = js_sys::eval("document.documentElement.dataset.ready = 'true'; window.sluiceWorker().then((worker) => { worker.onmessage = (message) => { document.documentElement.dataset.worker = message.data; }; })");
            if root.is_err() {
                web_sys::console::warn_1(&"the worker could not start".into());
            }
        });
        html! { <main><h1>{ "Sluice" }</h1></main> }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    yew::Renderer::<page::Page>::new().render();
    #[cfg(not(target_arch = "wasm32"))]
    println!("Sluice is a web page: ./dev serve shows it, ./dev build makes the site in dist/.");
}
