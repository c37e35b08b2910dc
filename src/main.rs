//! The page.

#[cfg(target_arch = "wasm32")]
mod page {
    use yew::prelude::*;

    const READY: &str = "document.documentElement.dataset.ready = 'true'; window.sluiceWorker().then(
        (worker) => { worker.onmessage = ({ data }) => { document.documentElement.dataset.worker = data; }; })";

    #[component]
    pub fn Page() -> Html {
        use_effect_with((), |()| drop(js_sys::eval(READY)));
        html! { <main><h1>{ "Sluice" }</h1></main> }
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    yew::Renderer::<page::Page>::new().render();
    #[cfg(not(target_arch = "wasm32"))]
    println!("Sluice is a web page: ./dev serve shows it, ./dev build makes the site in dist/.");
}
