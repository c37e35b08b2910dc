//! What www/loader.js brings: the worker, its program, and the texts of the source files.

use gloo_utils::window;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the function of that name promises.
pub async fn ask(name: &str) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(&window(), &name.into())?.dyn_into()?;
    let promise: Promise = function.call0(&JsValue::NULL)?.dyn_into()?;
    JsFuture::from(promise).await
}
