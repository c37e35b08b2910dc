//! zstd, pushed: the outline of frames and blocks is read here, what is in a block by `ruzstd`.
//!
//! The decoder of `ruzstd` pulls, so it is given a block only once the whole block is there, and
//! never meets the end of its source. Frames follow one another; skippable frames are passed over;
//! checksums and stated lengths are compared. Dictionaries are refused, and so are windows that no
//! page should set aside memory for. RFC 8878 describes the format.

use super::limits::{Wants, grouped};
use super::unpack::Sink;
use crate::refusal::Refusal;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::Read;

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The farthest that a frame may reach back: what `zstd --long` and `zstd --ultra -22` use.
const WIDEST_WINDOW: u64 = 128 << 20;

/// The most that is handed on at once.
const STEP: usize = 1 << 16;

/// A zstd file being unpacked.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    /// What has come and has not been decoded, at most a block and a piece.
    held: Vec<u8>,
    part: Part,
    /// How many bytes of the frame have been handed on.
    produced: u64,
    buffer: Vec<u8>,
}

/// What comes next in the file.
#[derive(Clone, Copy)]
enum Part {
    Frame,
    Block { checksum: bool },
    Skipped { left: usize },
}

impl Default for Zstd {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WIDEST_WINDOW);
        Zstd { decoder, held: Vec::new(), part: Part::Frame, produced: 0, buffer: vec![0; STEP] }
    }
}

impl Zstd {
    /// Whether a file that starts with `head` is zstd, or the first bytes of it.
    pub(super) fn starts(head: &[u8]) -> bool {
        is_skippable(head) || head.starts_with(&MAGIC) || (head.len() > 1 && MAGIC.starts_with(head))
    }

    pub(super) fn push(&mut self, piece: &[u8], sink: Sink) -> Result<Wants, Refusal> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(piece);
        let mut used = 0;
        while let Some(length) = self.part_in(&held[used..])? {
            let part = &held[used..used + length];
            used += length;
            if self.decode(part, sink)? == Wants::NoMore {
                return Ok(Wants::NoMore);
            }
        }
        held.drain(..used);
        self.held = held;
        Ok(Wants::More)
    }

    pub(super) fn finish(&self) -> Result<(), Refusal> {
        match self.part {
            Part::Frame if self.held.is_empty() => Ok(()),
            _ => Err(Refusal::new("file", "a zstd file that is cut short", "a whole copy of it")),
        }
    }

    /// How long the next part is, once all of it is there.
    fn part_in(&self, held: &[u8]) -> Result<Option<usize>, Refusal> {
        if held.is_empty() {
            return Ok(None);
        }
        let length = match self.part {
            Part::Frame => frame_header_length(held)?,
            Part::Block { checksum } => block_length(held, checksum),
            Part::Skipped { left } => Some(left.min(held.len())),
        };
        Ok(length.filter(|length| *length <= held.len()))
    }

    fn decode(&mut self, part: &[u8], sink: Sink) -> Result<Wants, Refusal> {
        match self.part {
            Part::Frame => self.start_frame(part)?,
            Part::Skipped { left } => self.skip(left - part.len()),
            Part::Block { checksum } => {
                let mut source = part;
                let step = BlockDecodingStrategy::UptoBlocks(1);
                let last = self.decoder.decode_blocks(&mut source, step).map_err(|_| damaged())?;
                if self.hand_on(sink)? == Wants::NoMore {
                    return Ok(Wants::NoMore);
                }
                if last {
                    self.end_frame(checksum)?;
                }
            }
        }
        Ok(Wants::More)
    }

    fn start_frame(&mut self, header: &[u8]) -> Result<(), Refusal> {
        if is_skippable(header) {
            let length = header.last_chunk::<4>().copied().map_or(0, u32::from_le_bytes);
            self.skip(length as usize);
            return Ok(());
        }
        let mut source = header;
        self.decoder.reset(&mut source).map_err(|error| frame_refused(&error))?;
        self.produced = 0;
        let checksum = header.get(4).is_some_and(|descriptor| descriptor & 4 != 0);
        self.part = Part::Block { checksum };
        Ok(())
    }

    fn skip(&mut self, left: usize) {
        self.part = if left == 0 { Part::Frame } else { Part::Skipped { left } };
    }

    fn hand_on(&mut self, sink: Sink) -> Result<Wants, Refusal> {
        loop {
            let length = self.decoder.read(&mut self.buffer).map_err(|_| damaged())?;
            self.produced += length as u64;
            if length == 0 || sink(&self.buffer[..length])? == Wants::NoMore {
                return Ok(if length == 0 { Wants::More } else { Wants::NoMore });
            }
        }
    }

    /// Compares what the frame says about itself with what came out.
    fn end_frame(&mut self, checksum: bool) -> Result<(), Refusal> {
        let stated = self.decoder.content_size();
        let stated_wrong = stated != 0 && stated != self.produced;
        let sums = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if stated_wrong || (checksum && sums.0 != sums.1) {
            return Err(damaged());
        }
        self.part = Part::Frame;
        Ok(())
    }
}

/// Whether a frame that holds nothing to decode starts here.
fn is_skippable(start: &[u8]) -> bool {
    matches!(start, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// How long the header of the frame at the start of `held` is, once enough of it is there.
fn frame_header_length(held: &[u8]) -> Result<Option<usize>, Refusal> {
    let Some((magic, rest)) = held.split_first_chunk::<4>() else {
        return Ok(None);
    };
    if *magic != MAGIC {
        return if is_skippable(magic) { Ok(Some(8)) } else { Err(damaged()) };
    }
    Ok(rest.first().map(|descriptor| 5 + header_fields(*descriptor)))
}

/// How many bytes of window, dictionary and content size follow a frame's descriptor.
fn header_fields(descriptor: u8) -> usize {
    let single_segment = descriptor & 0x20 != 0;
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = [usize::from(single_segment), 2, 4, 8][usize::from(descriptor >> 6)];
    usize::from(!single_segment) + dictionary + size
}

/// How long the block at the start of `held` is, with its header and, after the last block of
/// a frame that has one, the checksum.
fn block_length(held: &[u8], checksum: bool) -> Option<usize> {
    let [a, b, c] = *held.first_chunk::<3>()?;
    let header = u32::from_le_bytes([a, b, c, 0]);
    let last = header & 1 != 0;
    let repeats_a_byte = (header >> 1) & 3 == 1;
    let content = if repeats_a_byte { 1 } else { (header >> 3) as usize };
    Some(3 + content + if last && checksum { 4 } else { 0 })
}

fn frame_refused(error: &FrameDecoderError) -> Refusal {
    match error {
        FrameDecoderError::WindowSizeTooBig { requested, .. } => {
            let value = format!("a zstd file with a window of {} bytes", grouped(*requested));
            let allowed = format!("a window of at most {} bytes (zstd --long=27)", grouped(WIDEST_WINDOW));
            Refusal::new("file", value, allowed)
        }
        FrameDecoderError::DictNotProvided { .. } => {
            Refusal::new("file", "a zstd file that needs a dictionary", "zstd without a dictionary")
        }
        _ => damaged(),
    }
}

fn damaged() -> Refusal {
    Refusal::new("file", "a damaged zstd file", "an undamaged copy of it")
}
