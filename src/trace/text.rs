//! Text: one request a line, the key the whole line or one column of it.
//!
//! Lines end in LF or CR LF, blank lines are passed over, and a key may start with any character,
//! `#` included. Bytes that are not UTF-8 make keys like all others. What packed the text is not
//! known here.

use super::columns::{Column, Columns, Delimiter, Fields, unquoted};
use super::intern::TextKeys;
use super::limits::{Limits, Requests, Wants, grouped};
use super::read::{Body, Note};
use super::{Names, Trace};
use crate::refusal::Refusal;
use std::rc::Rc;

/// A text file being read.
#[derive(Debug)]
pub(super) struct Text {
    limits: Limits,
    taking: Taking,
    header: Header,
    line: u64,
    /// The start of a line whose end has not come yet.
    held: Vec<u8>,
    keys: TextKeys,
    requests: Requests,
    notes: Vec<Note>,
}

/// Whether the first line that is not blank names the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    None,
    Expected,
    Read,
}

/// Which part of a line is the key.
#[derive(Clone, Debug)]
enum Taking {
    Line,
    /// The column with this name; its place is known once the header has been read.
    Named(Delimiter, String),
    /// The column at this place, counted from 0.
    Field(Delimiter, usize),
}

impl Text {
    /// Makes the choices that are open in `columns` by looking at `head`, the start of the file.
    pub(super) fn new(columns: &Columns, limits: Limits, head: &[u8]) -> Result<Self, Refusal> {
        columns.check()?;
        let head = first_lines(head);
        let taking = Taking::of(columns, &head);
        let looks = Delimiter::regular(&head).filter(|delimiter| *delimiter != Delimiter::Space);
        let unsplit = *columns == Columns::default() && head.len() > 2;
        let notes = looks.filter(|_| unsplit).map(Note::LooksDelimited).into_iter().collect();
        Ok(Text {
            limits,
            taking,
            header: if columns.has_header() { Header::Expected } else { Header::None },
            line: 0,
            held: Vec::new(),
            keys: TextKeys::default(),
            requests: Requests::new(limits.requests),
            notes,
        })
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Wants, Refusal> {
        let mut rest = piece;
        while let Some(end) = newline(rest) {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if self.whole_line(line)? == Wants::NoMore {
                return Ok(Wants::NoMore);
            }
        }
        self.held.extend_from_slice(rest);
        self.bound(self.held.len(), self.line + 1)?;
        Ok(Wants::More)
    }

    /// Takes the last line, which needs no line break, and puts the trace together.
    pub(super) fn finish(mut self) -> Result<(Trace, Body, Vec<Note>), Refusal> {
        if !self.held.is_empty() && !self.requests.stopped() {
            self.whole_line(&[])?;
        }
        if self.requests.len() == 0 {
            return Err(no_requests(self.line, self.header));
        }
        let body = self.taking.shown();
        let Text { keys, requests, mut notes, limits, .. } = self;
        if requests.stopped() {
            notes.push(Note::Stopped { requests: limits.requests });
        }
        let requests = requests.into_run();
        let (names, mended) = keys.into_names();
        if mended > 0 {
            notes.push(Note::Mended { keys: mended });
        }
        Ok((Trace { requests, names: Rc::<Names>::new(names) }, body, notes))
    }

    /// A line whose end has come; its start may have come earlier.
    fn whole_line(&mut self, end: &[u8]) -> Result<Wants, Refusal> {
        if self.held.is_empty() {
            return self.take_line(end);
        }
        let mut line = std::mem::take(&mut self.held);
        line.extend_from_slice(end);
        let wants = self.take_line(&line);
        line.clear();
        self.held = line;
        wants
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Wants, Refusal> {
        self.line += 1;
        self.bound(line.len(), self.line)?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if is_blank(line) {
            return Ok(Wants::More);
        }
        if self.header == Header::Expected {
            self.header = Header::Read;
            self.taking.find_in(line)?;
            return Ok(Wants::More);
        }
        match self.taking {
            Taking::Field(delimiter, place) => self.take_field(line, delimiter, place),
            _ => self.take_key(line),
        }
    }

    fn take_field(&mut self, line: &[u8], delimiter: Delimiter, place: usize) -> Result<Wants, Refusal> {
        let field = Fields::new(line, delimiter).nth(place).map(unquoted);
        match field {
            Some(key) if !key.is_empty() => self.take_key(&key),
            field => {
                let line_shown = String::from_utf8_lossy(line);
                let column = place + 1;
                let allowed = match field {
                    Some(_) => format!("a key in column {column}"),
                    None => format!("at least {column} columns with a {delimiter} between them"),
                };
                Err(Refusal::new(at(self.line), line_shown, allowed))
            }
        }
    }

    #[inline]
    fn take_key(&mut self, name: &[u8]) -> Result<Wants, Refusal> {
        if !self.requests.have_room() {
            return Ok(Wants::NoMore);
        }
        if name.len() > self.limits.key_bytes {
            let value = format!("a key of {} bytes", grouped(name.len()));
            let allowed = format!("a key of at most {} bytes", grouped(self.limits.key_bytes));
            return Err(Refusal::new(at(self.line), value, allowed));
        }
        let Some(key) = self.keys.key(name, self.limits.name_bytes) else {
            let most = grouped(self.limits.name_bytes);
            let value = format!("different keys of more than {most} bytes together");
            let allowed = format!("a file whose different keys take at most {most} bytes together");
            return Err(Refusal::new(at(self.line), value, allowed));
        };
        self.requests.push(key);
        Ok(Wants::More)
    }

    /// Refuses a line before more of it is held than is allowed.
    #[inline]
    fn bound(&self, length: usize, line: u64) -> Result<(), Refusal> {
        if length <= self.limits.line_bytes {
            return Ok(());
        }
        let most = grouped(self.limits.line_bytes);
        let key = grouped(self.limits.key_bytes);
        let value = format!("a line of more than {most} bytes");
        let allowed = format!("lines of at most {most} bytes, with a key of at most {key} bytes");
        Err(Refusal::new(at(line), value, allowed))
    }
}

impl Taking {
    fn of(columns: &Columns, head: &[&[u8]]) -> Taking {
        let delimiter = columns.delimiter.or_else(|| {
            let _chosen = columns.column.as_ref()?;
            Delimiter::recognise(head)
        });
        match (&columns.column, delimiter) {
            (Some(Column::Name(name)), delimiter) => {
                Taking::Named(delimiter.unwrap_or(Delimiter::Comma), name.clone())
            }
            (Some(Column::Number(number)), Some(delimiter)) => {
                Taking::Field(delimiter, (*number as usize).saturating_sub(1))
            }
            (Some(Column::Number(number)), None) if *number > 1 => {
                Taking::Field(Delimiter::Comma, *number as usize - 1)
            }
            (None, Some(delimiter)) => Taking::Field(delimiter, 0),
            (_, None) => Taking::Line,
        }
    }

    /// Looks up a column that was chosen by name in the header.
    fn find_in(&mut self, header: &[u8]) -> Result<(), Refusal> {
        let Taking::Named(delimiter, wanted) = self else {
            return Ok(());
        };
        let names: Vec<String> = Fields::new(header, *delimiter)
            .map(|field| String::from_utf8_lossy(&unquoted(field)).into_owned())
            .collect();
        let Some(place) = names.iter().position(|name| name == wanted) else {
            let known = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
            let allowed = format!("a name in the header, one of: {known}");
            return Err(Refusal::new("column", wanted, allowed));
        };
        *self = Taking::Field(*delimiter, place);
        Ok(())
    }

    fn shown(&self) -> Body {
        match self {
            Taking::Field(delimiter, place) => Body::Columns { delimiter: *delimiter, column: place + 1 },
            _ => Body::Lines,
        }
    }
}

/// A file without a request, in the words for what it does have.
fn no_requests(lines: u64, header: Header) -> Refusal {
    let value = match header {
        Header::Read => "a file of a header alone",
        _ if lines == 0 => "an empty file",
        _ => "a file of blank lines",
    };
    Refusal::new("file", value, "a file with at least one request")
}

/// The lines of `head`, without blank ones and without the last, which may be cut.
fn first_lines(head: &[u8]) -> Vec<&[u8]> {
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
    let lines = whole.split(|byte| *byte == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).filter(|line| !is_blank(line)).collect()
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

fn at(line: u64) -> String {
    format!("line {}", grouped(line))
}

/// Where the next line break is. Eight bytes at a time: a byte of `differs` is zero where a line
/// break stands, and taking one from it borrows into its highest bit.
#[inline]
fn newline(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const BREAKS: u64 = u64::from_le_bytes([b'\n'; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let differs = u64::from_le_bytes(*word) ^ BREAKS;
        let found = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
        if found != 0 {
            return Some(place * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let place = rest.iter().position(|byte| *byte == b'\n')?;
    Some(words.len() * 8 + place)
}
