//! oracleGeneral, the binary trace format of libCacheSim: records of 24 bytes, little-endian.
//!
//! A record is a time (`u32`, seconds), an object (`u64`), its size (`u32`, bytes) and the number
//! of the next request for the same object (`i64`, -1 if there is none). Only the object is taken:
//! here an object takes one place in a cache whatever its size, and the next request is found in
//! the trace itself.

use super::Trace;
use super::intern::NumberKeys;
use super::limits::{Limits, Requests, Wants, grouped};
use super::read::Note;
use crate::refusal::Refusal;
use std::rc::Rc;

const RECORD: usize = 24;

/// An oracleGeneral file being read.
#[derive(Debug)]
pub(super) struct OracleGeneral {
    limits: Limits,
    /// The start of a record whose end has not come yet.
    held: Vec<u8>,
    keys: NumberKeys,
    requests: Requests,
}

impl OracleGeneral {
    pub(super) fn new(limits: Limits) -> Self {
        OracleGeneral {
            limits,
            held: Vec::with_capacity(RECORD),
            keys: NumberKeys::default(),
            requests: Requests::new(limits.requests),
        }
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.len()
    }

    /// Whether `head`, the start of a file, reads like records: times that never go back, next
    /// requests that lie ahead, and at least one record. No text does: letters in the place
    /// of a next request make a number that is far too large.
    pub(super) fn fits(head: &[u8]) -> bool {
        let (records, _) = head.as_chunks::<RECORD>();
        let records = || records.iter().map(Record::read);
        let times = records().zip(records().skip(1)).all(|(one, next)| one.time <= next.time);
        let nexts = records().zip(0..).all(|(record, place)| {
            let ahead = record.next > place && record.next < Record::FARTHEST;
            record.next == -1 || record.next == i64::MAX || ahead
        });
        head.len() >= RECORD && times && nexts
    }

    pub(super) fn push(&mut self, piece: &[u8]) -> Wants {
        let missing = if self.held.is_empty() { 0 } else { RECORD - self.held.len() };
        let (end, rest) = piece.split_at(missing.min(piece.len()));
        self.held.extend_from_slice(end);
        if let Some(record) = self.held.first_chunk().copied() {
            self.held.clear();
            if self.take(&record) == Wants::NoMore {
                return Wants::NoMore;
            }
        }
        let (records, rest) = rest.as_chunks::<RECORD>();
        for record in records {
            if self.take(record) == Wants::NoMore {
                return Wants::NoMore;
            }
        }
        self.held.extend_from_slice(rest);
        Wants::More
    }

    pub(super) fn finish(self) -> Result<(Trace, Vec<Note>), Refusal> {
        let OracleGeneral { limits, held, keys, requests } = self;
        if !held.is_empty() && !requests.stopped() {
            let field = format!("record {}", grouped(requests.len() + 1));
            let value = format!("{} bytes at the end of the file", held.len());
            return Err(Refusal::new(field, value, "whole records of 24 bytes; the file was cut short"));
        }
        let stopped = requests.stopped().then_some(Note::Stopped { requests: limits.requests });
        let trace = Trace { requests: requests.into_run(), names: Rc::new(keys.into_names()), times: None };
        Ok((trace, stopped.into_iter().collect()))
    }

    #[inline]
    fn take(&mut self, record: &[u8; RECORD]) -> Wants {
        if !self.requests.have_room() {
            return Wants::NoMore;
        }
        let key = self.keys.key(Record::read(record).object);
        self.requests.push(key);
        Wants::More
    }
}

/// What is looked at of one record.
struct Record {
    time: u32,
    object: u64,
    next: i64,
}

impl Record {
    /// No recorded trace has as many requests as this.
    const FARTHEST: i64 = 1 << 48;

    #[inline]
    fn read(bytes: &[u8; RECORD]) -> Record {
        let [t0, t1, t2, t3, o0, o1, o2, o3, o4, o5, o6, o7, _, _, _, _, n @ ..] = *bytes;
        Record {
            time: u32::from_le_bytes([t0, t1, t2, t3]),
            object: u64::from_le_bytes([o0, o1, o2, o3, o4, o5, o6, o7]),
            next: i64::from_le_bytes(n),
        }
    }
}
