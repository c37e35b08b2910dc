//! Reading a trace file that comes in pieces: a [`TraceReader`] is pushed bytes, never pulls.
//!
//! What a file is shows in its content, not in its name: first the packing, then, in the first few
//! kilobytes of what is inside, oracleGeneral or text. Any way to cut the bytes into pieces gives
//! the same reading. Files, workers and progress bars are not known here.

use super::Trace;
use super::access_log::AccessLog;
use super::columns::{Columns, Delimiter};
use super::limits::{Limits, Wants, grouped};
use super::oracle_general::OracleGeneral;
use super::text::Text;
use super::unpack::{Packing, Unpacker};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::Read;

/// A trace file as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The requests and the names of their keys.
    pub trace: Trace,
    /// What the file turned out to be.
    pub format: Format,
    /// What its reader should know about how it was read.
    pub notes: Vec<Note>,
}

/// What a file turned out to be, to be shown: "text, zstd-compressed".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// What is inside.
    pub body: Body,
    /// What it is packed in.
    pub packing: Packing,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.packing {
            Packing::Plain => write!(f, "{}", self.body),
            packing => write!(f, "{}, {packing}", self.body),
        }
    }
}

/// How requests are written down in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text, one key a line.
    Lines,
    /// Text in columns, the key in one of them.
    Columns {
        /// What separates the columns.
        delimiter: Delimiter,
        /// The column of the key, counted from 1.
        column: usize,
    },
    /// The binary records of libCacheSim.
    OracleGeneral,
    /// Text whose lines have a time.
    AccessLog,
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Lines => f.write_str("text"),
            Body::Columns { delimiter, column } => {
                write!(f, "text, column {column} of {delimiter}-separated columns")
            }
            Body::OracleGeneral => f.write_str("oracleGeneral"),
            Body::AccessLog => f.write_str("a log of times"),
        }
    }
}

/// Something that the reader of a file should know about how it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Note {
    /// The file holds more requests than are taken.
    Stopped {
        /// As many were taken.
        requests: usize,
    },
    /// Some keys are not UTF-8.
    Mended {
        /// As many are not.
        keys: usize,
    },
    /// Each whole line was taken as a key, but the lines look like columns.
    LooksDelimited(Delimiter),
    /// Some lines have a time before that of the line before them.
    PutInOrder {
        /// As many have.
        lines: usize,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Stopped { requests } => {
                write!(f, "Only the first {} requests were taken.", grouped(*requests))
            }
            Note::Mended { keys } => {
                let keys = grouped(*keys);
                write!(f, "Keys that are not UTF-8 ({keys} of them) are shown with � in their names.")
            }
            Note::PutInOrder { lines } => {
                let lines = grouped(*lines);
                write!(
                    f,
                    "Lines that were not in the order of their times ({lines} of them) were put in order."
                )
            }
            Note::LooksDelimited(delimiter) => write!(
                f,
                "Each whole line was taken as a key, but the lines look like {delimiter}-separated \
                 columns; choose a column to take the key from."
            ),
        }
    }
}

/// A trace file being read, piece by piece.
pub struct TraceReader {
    unpacker: Unpacker,
    inside: Inside,
    wants: Wants,
    refused: Option<Refusal>,
}

impl TraceReader {
    /// Reads with the limits of the page.
    pub fn new(columns: Columns) -> Self {
        Self::within(columns, Limits::default())
    }

    /// Reads with other limits.
    pub fn within(columns: Columns, limits: Limits) -> Self {
        Self::beginning(State::Undecided(Vec::new()), columns, limits)
    }

    /// Reads an access log: times, and who came at each.
    pub fn of_times() -> Self {
        let limits = Limits::default();
        Self::beginning(State::AccessLog(AccessLog::new(limits)), Columns::default(), limits)
    }

    fn beginning(state: State, columns: Columns, limits: Limits) -> Self {
        let inside = Inside { columns, limits, bytes: 0, state };
        TraceReader { unpacker: Unpacker::new(), inside, wants: Wants::More, refused: None }
    }

    /// Takes the next piece of the file, of any size. After [`Wants::NoMore`] the rest of the file
    /// makes no difference; after a refusal the same refusal is all that follows.
    pub fn push(&mut self, piece: &[u8]) -> Result<Wants, Refusal> {
        if let Some(refusal) = &self.refused {
            return Err(refusal.clone());
        }
        if self.wants == Wants::NoMore {
            return Ok(Wants::NoMore);
        }
        let TraceReader { unpacker, inside, .. } = self;
        match unpacker.push(piece, &mut |bytes| inside.push(bytes)) {
            Ok(wants) => {
                self.wants = wants;
                Ok(wants)
            }
            Err(refusal) => {
                self.refused = Some(refusal.clone());
                Err(refusal)
            }
        }
    }

    /// How many requests have been taken so far.
    pub fn requests(&self) -> usize {
        match &self.inside.state {
            State::Undecided(_) => 0,
            State::Text(text) => text.requests(),
            State::OracleGeneral(records) => records.requests(),
            State::AccessLog(log) => log.requests(),
        }
    }

    /// The file has ended, or enough of it was read.
    pub fn finish(mut self) -> Result<Reading, Refusal> {
        if let Some(refusal) = self.refused {
            return Err(refusal);
        }
        if self.wants == Wants::More {
            let inside = &mut self.inside;
            self.unpacker.finish(&mut |bytes| inside.push(bytes))?;
        }
        let packing = self.unpacker.packing();
        let (trace, body, notes) = self.inside.finish()?;
        Ok(Reading { trace, format: Format { body, packing }, notes })
    }
}

/// Reads all of `source` with `reader`, for callers that can wait: the command line, an example, a test.
pub fn read_all(mut source: impl Read, mut reader: TraceReader) -> Result<Reading, Refusal> {
    let mut piece = vec![0; 1 << 18];
    loop {
        match source.read(&mut piece) {
            Ok(0) => return reader.finish(),
            Ok(length) => {
                if reader.push(&piece[..length])? == Wants::NoMore {
                    return reader.finish();
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Refusal::new("file", error, "a file that can be read")),
        }
    }
}

/// The unpacked bytes of a file, and what they turn out to be.
struct Inside {
    columns: Columns,
    limits: Limits,
    bytes: u64,
    state: State,
}

enum State {
    /// The first bytes, not yet enough to tell.
    Undecided(Vec<u8>),
    Text(Text),
    OracleGeneral(OracleGeneral),
    AccessLog(AccessLog),
}

/// As many bytes are looked at to tell what a file is, fewer only if it has fewer.
const HEAD: usize = 4096;

impl Inside {
    fn push(&mut self, bytes: &[u8]) -> Result<Wants, Refusal> {
        self.bytes += bytes.len() as u64;
        if self.bytes > self.limits.bytes {
            let most = grouped(self.limits.bytes);
            let value = format!("more than {most} bytes after unpacking");
            return Err(Refusal::new("file", value, format!("a file of at most {most} bytes")));
        }
        self.take(bytes)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Wants, Refusal> {
        match &mut self.state {
            State::Undecided(head) => {
                let (first, rest) = bytes.split_at(bytes.len().min(HEAD - head.len()));
                head.extend_from_slice(first);
                if head.len() < HEAD {
                    return Ok(Wants::More);
                }
                match self.decide()? {
                    Wants::More => self.take(rest),
                    Wants::NoMore => Ok(Wants::NoMore),
                }
            }
            State::Text(text) => text.push(bytes),
            State::OracleGeneral(records) => Ok(records.push(bytes)),
            State::AccessLog(log) => log.push(bytes),
        }
    }

    fn finish(mut self) -> Result<(Trace, Body, Vec<Note>), Refusal> {
        if let State::Undecided(_) = self.state {
            self.decide()?;
        }
        match self.state {
            State::Undecided(_) => Err(Refusal::new("file", "an empty file", "a file with requests")),
            State::Text(text) => text.finish(),
            State::AccessLog(log) => log.finish(),
            State::OracleGeneral(records) => {
                let (trace, notes) = records.finish()?;
                Ok((trace, Body::OracleGeneral, notes))
            }
        }
    }

    fn decide(&mut self) -> Result<Wants, Refusal> {
        let State::Undecided(head) = &mut self.state else {
            return Ok(Wants::More);
        };
        let head = std::mem::take(head);
        if OracleGeneral::fits(&head) {
            self.state = State::OracleGeneral(OracleGeneral::new(self.limits));
            return self.take(&head);
        }
        let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&head);
        if !is_text(head) {
            return Err(no_trace(head));
        }
        self.state = State::Text(Text::new(&self.columns, self.limits, head)?);
        self.take(head)
    }
}

/// Text holds no control characters but those between its lines and columns.
fn is_text(head: &[u8]) -> bool {
    let odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    !head.iter().any(odd)
}

/// A file that is neither, by the name of what it is where that is plain to see.
fn no_trace(head: &[u8]) -> Refusal {
    const KNOWN: [(&[u8], &str); 9] = [
        (&[0x1f, 0x8b], "a file that is compressed twice"),
        (&[0x28, 0xb5, 0x2f, 0xfd], "a file that is compressed twice"),
        (b"PK\x03\x04", "a zip archive or a spreadsheet"),
        (&[0xfd, b'7', b'z', b'X', b'Z'], "an xz file"),
        (b"BZh", "a bzip2 file"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (&[0x04, 0x22, 0x4d, 0x18], "an lz4 file"),
        (&[0xff, 0xfe], "text in UTF-16"),
        (&[0xfe, 0xff], "text in UTF-16"),
    ];
    let known = KNOWN.iter().find(|(start, _)| head.starts_with(start));
    let value = known.map_or("a binary file that is no trace", |(_, name)| *name);
    let allowed = "text in UTF-8 with one key a line or in columns, or oracleGeneral records, \
                   plain or compressed once by gzip or zstd";
    Refusal::new("file", value, allowed)
}
