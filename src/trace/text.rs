//! Text: one request a line, the key the whole line or one column of it.
//!
//! Lines end in LF or CR LF, blank lines are passed over, and a key may start with any character,
//! `#` included. Bytes that are not UTF-8 make keys like all others. What packed the text is not
//! known here.

use super::columns::{Column, Columns, Delimiter, Fields, unquoted};
use super::intern::TextKeys;
use super::limits::{Limits, Requests, Wants, grouped};
use super::lines::{Lines, at, is_blank};
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
    lines: Lines,
    /// The number of the present line, counted from 1.
    line: u64,
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
            lines: Lines::default(),
            line: 0,
            keys: TextKeys::default(),
            requests: Requests::new(limits.requests),
            notes,
        })
    }

    pub(super) fn requests(&self) -> usize {
        self.requests.len()
    }

    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Wants, Refusal> {
        let (mut lines, limits) = (std::mem::take(&mut self.lines), self.limits);
        let wants = lines.push(piece, &limits, &mut |number, line| self.take_line(number, line));
        self.lines = lines;
        wants
    }

    /// Takes the last line, which needs no line break, and puts the trace together.
    pub(super) fn finish(mut self) -> Result<(Trace, Body, Vec<Note>), Refusal> {
        let mut lines = std::mem::take(&mut self.lines);
        if !self.requests.stopped() {
            let limits = self.limits;
            lines.finish(&limits, &mut |number, line| self.take_line(number, line))?;
        }
        if self.requests.len() == 0 {
            return Err(no_requests(lines.number(), self.header));
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
        Ok((Trace { requests, names: Rc::<Names>::new(names), times: None }, body, notes))
    }

    fn take_line(&mut self, number: u64, line: &[u8]) -> Result<Wants, Refusal> {
        self.line = number;
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
