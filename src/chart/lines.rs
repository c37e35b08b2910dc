//! Lines over the course of a run, each labelled at its end.

use super::{Drawing, Fault, Palette, Stroke};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Several lines over the same steps, with ratios from 0 to 1 as their values.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// The lines.
    pub lines: Vec<Line>,
    /// What the steps are called: "requests".
    pub steps: String,
    /// The last step.
    pub length: u64,
    /// The colours.
    pub palette: Palette,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What stands at its end.
    pub label: String,
    /// Step and value, by rising step.
    pub points: Vec<(f64, f64)>,
}

impl Line {
    /// The points that have a place: those whose step and value are numbers.
    fn known(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.points.iter().copied().filter(|(step, value)| step.is_finite() && value.is_finite())
    }
}

/// Where the plot stands in the picture, in CSS pixels, and the values at its edges: what it takes
/// to turn a pointer into a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The left edge: step 0.
    pub left: f64,
    /// The right edge: the last step.
    pub right: f64,
    /// The top edge.
    pub top: f64,
    /// The bottom edge.
    pub bottom: f64,
    /// The value at the bottom edge.
    pub low: f64,
    /// The value at the top edge.
    pub high: f64,
}

const LEFT: u32 = 46;
const BOTTOM: u32 = 26;
const TOP: u32 = 10;
const FONT: (FontFamily, u32) = (FontFamily::SansSerif, 12);

impl LineChart {
    /// Where the plot stands in a picture of `width` by `height`.
    pub fn frame(&self, width: u32, height: u32) -> Frame {
        let (low, high) = self.bounds();
        let right = width.saturating_sub(self.room_for_labels(width)).max(LEFT + 1);
        let bottom = height.saturating_sub(BOTTOM).max(TOP + 1);
        Frame {
            left: f64::from(LEFT),
            right: f64::from(right),
            top: f64::from(TOP),
            bottom: f64::from(bottom),
            low,
            high,
        }
    }

    /// The pixels that the longest label needs, at most a third of the picture.
    fn room_for_labels(&self, width: u32) -> u32 {
        let longest = self.lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0) as u32;
        (longest * 7 + 18).min(width / 3).max(24)
    }

    /// The values at the bottom and at the top: whole tenths that hold all points.
    fn bounds(&self) -> (f64, f64) {
        let values = || self.lines.iter().flat_map(|line| line.known().map(|point| point.1));
        let low = values().fold(1.0, f64::min).clamp(0.0, 1.0);
        let high = values().fold(0.0, f64::max).clamp(0.0, 1.0);
        let low = (low * 10.0 - 0.01).floor().max(0.0) / 10.0;
        let high = (high * 10.0 + 0.01).ceil().min(10.0) / 10.0;
        if high - low < 0.15 { ((low - 0.1).max(0.0), (low + 0.1).min(1.0).max(high)) } else { (low, high) }
    }
}

impl Drawing for LineChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<(), Fault<B>> {
        let (width, height) = area.dim_in_pixel();
        let frame = self.frame(width, height);
        area.fill(&self.palette.card)?;
        self.draw_grid(area, &frame)?;
        for (at, line) in self.lines.iter().enumerate() {
            self.draw_line(area, &frame, line, self.palette.stroke(at))?;
        }
        self.draw_labels(area, &frame)
    }
}

impl LineChart {
    fn draw_grid<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        frame: &Frame,
    ) -> Result<(), Fault<B>> {
        let soft = FONT.into_text_style(area).color(&self.palette.soft);
        let tenths = (frame.low * 10.0).round() as i32..=(frame.high * 10.0).round() as i32;
        let every = if tenths.end() - tenths.start() > 5 { 2 } else { 1 };
        for tenth in tenths.clone().filter(|tenth| (tenth - tenths.start()) % every == 0) {
            let y = frame.y(f64::from(tenth) / 10.0);
            area.draw(&PathElement::new(
                vec![(frame.left as i32, y), (frame.right as i32, y)],
                self.palette.line,
            ))?;
            let style = soft.pos(Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(format!("{} %", tenth * 10), (frame.left as i32 - 6, y), style))?;
        }
        let below = frame.bottom as i32 + 8;
        let (first, last) =
            ("0".to_owned(), format!("{} {}", crate::lab::words::count(self.length), self.steps));
        let start = soft.pos(Pos::new(HPos::Left, VPos::Top));
        area.draw(&Text::new(first, (frame.left as i32, below), start))?;
        let end = soft.pos(Pos::new(HPos::Right, VPos::Top));
        area.draw(&Text::new(last, (frame.right as i32, below), end))
    }

    fn draw_line<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        frame: &Frame,
        line: &Line,
        stroke: Stroke,
    ) -> Result<(), Fault<B>> {
        let pixels: Vec<(i32, i32)> =
            line.known().map(|(step, value)| (frame.x(step, self.length), frame.y(value))).collect();
        let style = stroke.color.stroke_width(2);
        match stroke.dash {
            (0, _) => area.draw(&PathElement::new(pixels.clone(), style))?,
            (drawn, left_out) => {
                area.draw(&DashedPathElement::new(pixels.clone(), drawn, left_out, style))?
            }
        }
        const MARKERS: usize = 8;
        let every = pixels.len().div_ceil(MARKERS).max(1);
        for at in pixels.iter().skip(every / 2).step_by(every) {
            draw_marker(area, *at, stroke)?;
        }
        Ok(())
    }

    /// Writes each label at the end of its line, pushed apart where they would overlap.
    fn draw_labels<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        frame: &Frame,
    ) -> Result<(), Fault<B>> {
        const APART: i32 = 16;
        let ends = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| Some((frame.y(line.known().last()?.1), at)));
        let mut ends: Vec<(i32, usize)> = ends.collect();
        ends.sort_unstable();
        for at in 1..ends.len() {
            ends[at].0 = ends[at].0.max(ends[at - 1].0 + APART);
        }
        let mut lowest = frame.bottom as i32;
        for end in ends.iter_mut().rev() {
            end.0 = end.0.min(lowest);
            lowest = end.0 - APART;
        }
        for (y, at) in ends {
            let color = self.palette.stroke(at).color;
            let style = FONT.into_text_style(area).color(&color);
            let style = style.pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(self.lines[at].label.clone(), (frame.right as i32 + 8, y), style))?;
        }
        Ok(())
    }
}

impl Frame {
    /// The pixel column of `step`.
    pub fn x(&self, step: f64, length: u64) -> i32 {
        (self.left + (self.right - self.left) * step / (length.max(1) as f64)).round() as i32
    }

    /// The pixel row of `value`.
    pub fn y(&self, value: f64) -> i32 {
        (self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)).round() as i32
    }

    /// The step at pixel column `x`.
    pub fn step(&self, x: f64, length: u64) -> u64 {
        let share = ((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        (share * length as f64).round() as u64
    }
}

fn draw_marker<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    at: (i32, i32),
    stroke: Stroke,
) -> Result<(), Fault<B>> {
    let style = stroke.color.filled();
    match stroke.marker {
        0 => area.draw(&Circle::new(at, 3, style)),
        1 => area.draw(&Rectangle::new([(at.0 - 3, at.1 - 3), (at.0 + 3, at.1 + 3)], style)),
        2 => area.draw(&TriangleMarker::new(at, 4, style)),
        _ => area.draw(&Cross::new(at, 3, stroke.color.stroke_width(2))),
    }
}
