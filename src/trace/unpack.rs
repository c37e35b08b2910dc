//! Unpacking gzip and zstd piece by piece, recognised by how a file starts.
//!
//! Bytes go in as they come and plain bytes go out to a sink, a few hundred kilobytes at a time,
//! so that a small file which unpacks to a huge one never lies in memory. What the bytes mean is
//! not known here.

use super::limits::Wants;
use super::zstd::Zstd;
use crate::refusal::Refusal;
use flate2::write::MultiGzDecoder;
use std::fmt;
use std::io::Write;

/// What a file is packed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Nothing: the bytes are the trace.
    Plain,
    /// gzip, one member or several.
    Gzip,
    /// zstd, one frame or several.
    Zstd,
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Packing::Plain => "not compressed",
            Packing::Gzip => "gzip-compressed",
            Packing::Zstd => "zstd-compressed",
        })
    }
}

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

impl Packing {
    /// What a file that starts with `head` is packed in. A head that ends within the mark of
    /// a packing counts as packed: the file was cut short.
    pub(super) fn of(head: &[u8]) -> Packing {
        if head.starts_with(&GZIP_MAGIC) {
            Packing::Gzip
        } else if Zstd::starts(head) {
            Packing::Zstd
        } else {
            Packing::Plain
        }
    }
}

/// A file being unpacked.
pub(super) enum Unpacker {
    /// Fewer bytes than tell the packing.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
}

/// Where the plain bytes go.
pub(super) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<Wants, Refusal>;

impl Unpacker {
    /// As many bytes tell every packing.
    const TELLING: usize = 4;

    pub(super) fn new() -> Self {
        Unpacker::Unknown(Vec::with_capacity(Self::TELLING))
    }

    pub(super) fn packing(&self) -> Packing {
        match self {
            Unpacker::Unknown(_) | Unpacker::Plain => Packing::Plain,
            Unpacker::Gzip(_) => Packing::Gzip,
            Unpacker::Zstd(_) => Packing::Zstd,
        }
    }

    pub(super) fn push(&mut self, piece: &[u8], sink: Sink) -> Result<Wants, Refusal> {
        match self {
            Unpacker::Unknown(head) => {
                let (telling, rest) = piece.split_at(piece.len().min(Self::TELLING - head.len()));
                head.extend_from_slice(telling);
                if head.len() < Self::TELLING {
                    return Ok(Wants::More);
                }
                match self.decide(sink)? {
                    Wants::More => self.push(rest, sink),
                    Wants::NoMore => Ok(Wants::NoMore),
                }
            }
            Unpacker::Plain => sink(piece),
            Unpacker::Gzip(gzip) => gzip.push(piece, sink),
            Unpacker::Zstd(zstd) => zstd.push(piece, sink),
        }
    }

    /// The file has ended: refuses one that was cut short.
    pub(super) fn finish(&mut self, sink: Sink) -> Result<(), Refusal> {
        if let Unpacker::Unknown(_) = self {
            self.decide(sink)?;
        }
        match self {
            Unpacker::Unknown(_) | Unpacker::Plain => Ok(()),
            Unpacker::Gzip(gzip) => gzip.finish(sink),
            Unpacker::Zstd(zstd) => zstd.finish(),
        }
    }

    fn decide(&mut self, sink: Sink) -> Result<Wants, Refusal> {
        let Unpacker::Unknown(head) = self else {
            return Ok(Wants::More);
        };
        let head = std::mem::take(head);
        *self = match Packing::of(&head) {
            Packing::Plain => Unpacker::Plain,
            Packing::Gzip => Unpacker::Gzip(Box::new(Gzip(MultiGzDecoder::new(Vec::new())))),
            Packing::Zstd => Unpacker::Zstd(Box::default()),
        };
        self.push(&head, sink)
    }
}

/// gzip: the decoder writes into a small buffer that is handed on after every few kilobytes.
pub(super) struct Gzip(MultiGzDecoder<Vec<u8>>);

impl Gzip {
    /// A packed byte becomes at most about a thousand, so this bounds what the buffer holds.
    const STEP: usize = 1 << 10;

    fn push(&mut self, piece: &[u8], sink: Sink) -> Result<Wants, Refusal> {
        for step in piece.chunks(Self::STEP) {
            let written = self.write(step);
            if self.hand_on(sink)? == Wants::NoMore {
                return Ok(Wants::NoMore);
            }
            written?;
        }
        Ok(Wants::More)
    }

    fn write(&mut self, mut step: &[u8]) -> Result<(), Refusal> {
        while !step.is_empty() {
            match self.0.write(step) {
                Ok(taken) if taken > 0 => step = &step[taken..],
                _ => return Err(Refusal::new("file", "a damaged gzip file", "an undamaged copy of it")),
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: Sink) -> Result<(), Refusal> {
        let finished = self.0.try_finish();
        self.hand_on(sink)?;
        finished.map_err(|_| {
            Refusal::new(
                "file",
                "a gzip file that is cut short or damaged",
                "a whole and undamaged copy of it",
            )
        })
    }

    fn hand_on(&mut self, sink: Sink) -> Result<Wants, Refusal> {
        let plain = self.0.get_mut();
        let wants = sink(plain);
        plain.clear();
        wants
    }
}
