//! Charts and their numbers as files: SVG, PNG, CSV.

use gloo_utils::document;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement,
    Url,
};

/// Hands `text` to the person as a file.
pub fn text(name: &str, kind: &str, text: &str) {
    if let Some(address) = object_url(kind, text) {
        download(name, &address);
        let _ = Url::revoke_object_url(&address);
    }
}

fn object_url(kind: &str, text: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

fn download(name: &str, address: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(address);
        link.set_download(name);
        link.click();
    }
}

/// Draws the SVG at twice its size and hands it over as a picture.
pub fn png(name: &str, svg: &str, width: u32, height: u32) {
    const SCALE: u32 = 2;
    let (Some(address), Ok(image)) = (object_url("image/svg+xml", svg), HtmlImageElement::new()) else {
        return;
    };
    let (name, source, loaded) = (name.to_owned(), address.clone(), image.clone());
    let draw = Closure::once_into_js(move || {
        let canvas = document()
            .create_element("canvas")
            .ok()
            .and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        let Some(canvas) = canvas else { return };
        canvas.set_width(width * SCALE);
        canvas.set_height(height * SCALE);
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let (w, h) = (f64::from(width * SCALE), f64::from(height * SCALE));
        let drawn = context.and_then(|context| {
            context.draw_image_with_html_image_element_and_dw_and_dh(&loaded, 0.0, 0.0, w, h).ok()
        });
        if let (Some(()), Ok(picture)) = (drawn, canvas.to_data_url()) {
            download(&name, &picture);
        }
        let _ = Url::revoke_object_url(&source);
    });
    image.set_onload(Some(draw.unchecked_ref()));
    image.set_src(&address);
}
