//! Getting a scenario's requests: generated, fetched from the site, or read from a file.

use super::{Stop, Watch};
use crate::lab::{Scenario, Workload};
use crate::refusal::Refusal;
use crate::trace::stream::{Generator, Stream};
use crate::trace::{Columns, Key, Trace, TraceReader, Wants};
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Response};

/// How many bytes of a file are read at a time.
const PIECE: f64 = (1 << 20) as f64;
/// How many requests are generated at a time.
const GENERATED: usize = 250_000;

/// Requests, and what the person should know about how they were read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The requests.
    pub trace: Trace,
    /// Sentences for the page: the format that was recognised, what was left out.
    pub notes: Vec<String>,
}

/// Gets the requests of `scenario`; `file` is the person's own file, if the scenario names one.
///
/// # Errors
/// A file that is missing, cannot be read or is no trace; or the person cancelled.
pub async fn load(scenario: &Scenario, file: Option<Blob>, watch: &Watch) -> Result<Loaded, Stop> {
    let Some(workload) = scenario.workload() else {
        return Ok(Loaded { trace: Trace::empty(), notes: Vec::new() });
    };
    match workload {
        Workload::Stream(stream) => generate(stream, scenario.seed(), watch).await,
        Workload::Recorded(name) => fetch(name, watch).await,
        Workload::File { name, columns } => {
            let file =
                file.ok_or_else(|| Refusal::new("file", name, "a file that you choose on this page"))?;
            read(&file, TraceReader::new(columns.clone()), watch).await
        }
        Workload::Log(name) => {
            let file =
                file.ok_or_else(|| Refusal::new("file", name, "a log that you choose on this page"))?;
            read(&file, TraceReader::of_times(), watch).await
        }
    }
}

async fn generate(stream: &Stream, seed: u64, watch: &Watch) -> Result<Loaded, Stop> {
    let all = stream.requests();
    let mut generator = Generator::new(stream, seed);
    let mut requests: Vec<Key> = Vec::with_capacity(all as usize);
    while generator.fill(&mut requests, GENERATED) {
        watch.pause(requests.len() as u64, all).await?;
    }
    Ok(Loaded {
        trace: Trace { requests: requests.into(), names: generator.names(), times: None },
        notes: Vec::new(),
    })
}

async fn read(file: &Blob, mut reader: TraceReader, watch: &Watch) -> Result<Loaded, Stop> {
    let (mut at, size) = (0.0, file.size());
    while at < size {
        let piece = file.slice_with_f64_and_f64(at, (at + PIECE).min(size)).map_err(unreadable)?;
        let bytes = JsFuture::from(piece.array_buffer()).await.map_err(unreadable)?;
        at += PIECE;
        if reader.push(&Uint8Array::new(&bytes).to_vec())? == Wants::NoMore {
            break;
        }
        watch.pause(at as u64, size as u64).await?;
    }
    finish(reader)
}

async fn fetch(name: &str, watch: &Watch) -> Result<Loaded, Stop> {
    let absent = |_| {
        Refusal::new(
            "workload",
            format!("trace:{name}"),
            "a trace that this site has; it could not be fetched",
        )
    };
    let response = request(&format!("traces/{name}.txt.zst")).await.map_err(absent)?;
    let whole = response.blob().ok().filter(|_| response.ok()).ok_or_else(|| absent(JsValue::NULL))?;
    let file: Blob = JsFuture::from(whole).await.and_then(JsCast::dyn_into).map_err(absent)?;
    read(&file, TraceReader::new(Columns::default()), watch).await
}

/// `fetch`, which page and worker have under the same name in their global scopes.
async fn request(address: &str) -> Result<Response, JsValue> {
    let global = js_sys::global();
    let fetch: js_sys::Function = Reflect::get(&global, &"fetch".into())?.dyn_into()?;
    let promise: Promise = fetch.call1(&global, &address.into())?.dyn_into()?;
    JsFuture::from(promise).await?.dyn_into()
}

fn finish(reader: TraceReader) -> Result<Loaded, Stop> {
    let reading = reader.finish()?;
    let format = format!("Read as {}.", reading.format);
    let notes = reading.notes.iter().map(ToString::to_string);
    Ok(Loaded { trace: reading.trace, notes: [format].into_iter().chain(notes).collect() })
}

fn unreadable(error: JsValue) -> Refusal {
    let why = error.dyn_into::<js_sys::Error>().map_or(String::new(), |error| String::from(error.message()));
    Refusal::new("file", why, "a file that this browser may read")
}
