//! What the page and the desk that works for it say to each other.
//!
//! Large arrays cross as typed arrays; to and from a worker their memory is handed over, not copied.

use super::Loaded;
use super::run::Ran;
use crate::catalogue::Checked;
use crate::kernel::Time;
use crate::lab::{Marks, Report, Table};
use crate::refusal::Refusal;
use crate::trace::{Key, Names, Trace};
use js_sys::{Array, BigUint64Array, Uint8Array, Uint32Array};
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// What the page asks of the desk. Orders to work have a number, and the answers to them bear the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Get the requests of a scenario and hand them over.
    Load(Task),
    /// Run a scenario, getting its requests first if need be.
    Run(Task),
    /// Stop what is under way.
    Cancel,
    /// Hold what is called so, a broker, the exchanges or a limiter, against the vendors' own tests.
    /// Work under way goes on.
    Check(String),
    /// Measure the memory and the work of a scenario's variants. Work under way goes on.
    Weigh {
        /// The lab.
        lab: String,
        /// The scenario, as the query of a link.
        query: String,
    },
}

/// A scenario to work on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The order's number.
    pub id: u32,
    /// The lab.
    pub lab: String,
    /// The scenario, as the query of a link.
    pub query: String,
    /// The person's own file, or `null`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: JsValue,
}

/// What the desk answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is there: a worker's first word, before which it would not hear an order.
    Ready,
    /// It has done so much of so much.
    Progress {
        /// The order's number.
        id: u32,
        /// Units done.
        done: f64,
        /// All units.
        all: f64,
    },
    /// The requests.
    Loaded {
        /// The order's number.
        id: u32,
        /// The requests.
        trace: TraceParts,
        /// What the person should know about them.
        notes: Vec<String>,
    },
    /// The result of a run.
    Ran {
        /// The order's number.
        id: u32,
        /// The summary.
        report: Report,
        /// For each variant the words of its marks.
        #[serde(with = "serde_wasm_bindgen::preserve")]
        marks: Array,
    },
    /// Something from outside could not be taken.
    Refused {
        /// The order's number.
        id: u32,
        /// What, and what is allowed.
        refusal: Refusal,
    },
    /// How something came out of the vendors' own tests.
    Checked {
        /// What it is called.
        name: String,
        /// Every fact.
        facts: Vec<Checked>,
    },
    /// What a scenario's variants weigh.
    Weighed {
        /// The scenario, as a link writes it.
        query: String,
        /// A row a variant.
        table: Table,
    },
    /// The person's cancellation was obeyed before there was any result.
    Cancelled {
        /// The order's number.
        id: u32,
    },
}

/// A trace as typed arrays.
#[derive(Debug, Serialize, Deserialize)]
pub struct TraceParts {
    /// The requests.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    requests: Uint32Array,
    /// The letters of the names; empty if the keys are numbered.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    bytes: Uint8Array,
    /// Where each name ends.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    ends: Uint32Array,
    /// The names as numbers, if they are numbers.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    objects: BigUint64Array,
    /// How many keys there are.
    keys: u32,
    /// When each request came, in nanoseconds; empty where only the order is known.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    times: BigUint64Array,
}

impl Answer {
    /// The answer to order `id` that hands over `loaded`.
    pub(super) fn loaded(id: u32, loaded: &Loaded) -> Self {
        let (bytes, ends, objects): (&[u8], &[u32], &[u64]) = match &*loaded.trace.names {
            Names::Read { bytes, ends } => (bytes, ends, &[]),
            Names::Objects(objects) => (&[], &[], objects),
            Names::Numbered(_) => (&[], &[], &[]),
        };
        let trace = TraceParts {
            requests: requests_to(&loaded.trace.requests),
            bytes: Uint8Array::from(bytes),
            ends: Uint32Array::from(ends),
            objects: BigUint64Array::from(objects),
            keys: loaded.trace.keys() as u32,
            times: BigUint64Array::from(&*nanos(&loaded.trace)),
        };
        Answer::Loaded { id, trace, notes: loaded.notes.clone() }
    }

    /// The answer to order `id` that hands over `ran`.
    pub(super) fn ran(id: u32, ran: Ran) -> Self {
        let marks = ran.marks.iter().map(|marks| JsValue::from(Uint32Array::from(marks.words())));
        Answer::Ran { id, report: ran.report, marks: marks.collect() }
    }

    /// The buffers whose memory goes with the message.
    pub(super) fn transfers(&self) -> Array {
        match self {
            Answer::Loaded { trace, .. } => {
                let buffers = [
                    trace.requests.buffer(),
                    trace.bytes.buffer(),
                    trace.ends.buffer(),
                    trace.objects.buffer(),
                    trace.times.buffer(),
                ];
                buffers.iter().collect()
            }
            Answer::Ran { marks, .. } => {
                marks.iter().map(|words| Uint32Array::from(words).buffer()).collect()
            }
            _ => Array::new(),
        }
    }
}

impl TraceParts {
    /// The trace again.
    pub fn trace(&self) -> Trace {
        let names = match (self.ends.length(), self.objects.length()) {
            (0, 0) => Names::Numbered(self.keys as usize),
            (0, _) => Names::Objects(self.objects.to_vec()),
            _ => Names::Read { bytes: self.bytes.to_vec(), ends: self.ends.to_vec() },
        };
        let times = self.times.to_vec().into_iter().map(Time::from_nanos);
        let times = (self.times.length() > 0).then(|| times.collect());
        Trace { requests: requests_from(&self.requests), names: Rc::new(names), times }
    }
}

/// The marks of a run again.
pub fn marks_from(report: &Report, words: &Array) -> Vec<Marks> {
    let words = words.iter().filter_map(|words| words.dyn_into::<Uint32Array>().ok());
    words.map(|words| Marks::from_words(report.steps, words.to_vec())).collect()
}

fn nanos(trace: &Trace) -> Vec<u64> {
    trace.times.iter().flat_map(|times| times.iter().map(|time| time.nanos())).collect()
}

/// The requests as they cross between worker and page, without a second whole copy in Rust.
fn requests_from(array: &Uint32Array) -> Rc<[Key]> {
    const CHUNK: u32 = 1 << 16;
    let mut buffer = vec![0; CHUNK as usize];
    let length = array.length();
    (0..length as usize)
        .map(|at| {
            let offset = at % CHUNK as usize;
            if offset == 0 {
                let start = at as u32;
                let end = (start + CHUNK).min(length);
                array.subarray(start, end).copy_to(&mut buffer[..(end - start) as usize]);
            }
            Key(buffer[offset])
        })
        .collect()
}

/// The same way back.
fn requests_to(requests: &[Key]) -> Uint32Array {
    const CHUNK: usize = 1 << 16;
    let array = Uint32Array::new_with_length(requests.len() as u32);
    let mut buffer = Vec::with_capacity(CHUNK);
    for (at, chunk) in requests.chunks(CHUNK).enumerate() {
        buffer.clear();
        buffer.extend(chunk.iter().map(|key| key.0));
        let start = (at * CHUNK) as u32;
        array.subarray(start, start + chunk.len() as u32).copy_from(&buffer);
    }
    array
}
