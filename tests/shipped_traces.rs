//! The traces that ship with the page are what `www/traces/traces.json` says they are.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use serde_json::Value;
use sluice::trace::{Columns, RECORDED, TraceReader, read_all};
use std::fs::{self, File};

const TRACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/traces");

#[test]
fn counts_are_as_stated() {
    for stated in index() {
        let path = format!("{TRACES}/{}", stated["file"].as_str().unwrap());
        assert_eq!(fs::metadata(&path).unwrap().len(), stated["bytes"], "{path}");
        let reading = read_all(File::open(&path).unwrap(), TraceReader::new(Columns::default())).unwrap();
        assert_eq!(reading.trace.requests.len(), stated["requests"], "{path}");
        assert_eq!(reading.trace.keys(), stated["objects"], "{path}");
        assert_eq!(reading.format.to_string(), "text, zstd-compressed");
        assert!(reading.notes.is_empty(), "{path}: {:?}", reading.notes);
    }
}

#[test]
fn capacities_are_smaller_than_the_working_set() {
    for stated in index() {
        assert!(stated["capacity"].as_u64() < stated["objects"].as_u64(), "{}", stated["id"]);
    }
}

#[test]
fn the_page_knows_them_as_they_are() {
    for (stated, known) in index().iter().zip(RECORDED) {
        let said = (stated["id"].as_str(), stated["title"].as_str(), stated["description"].as_str());
        assert_eq!(said, (Some(known.id), Some(known.title), Some(known.description)));
        let counted = (stated["requests"].as_u64(), stated["objects"].as_u64(), stated["capacity"].as_u64());
        assert_eq!(counted, (Some(known.requests), Some(known.objects), Some(u64::from(known.capacity))));
    }
    assert_eq!(index().len(), RECORDED.len());
}

fn index() -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(format!("{TRACES}/traces.json")).unwrap()).unwrap()
}
