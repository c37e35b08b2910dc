//! Lines over the course of a run, each labelled at its end.

use super::{Axis, Drawing, Fault, Palette, Stroke};
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Several lines over the same places, and points that stand for themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    /// The lines.
    pub lines: Vec<Line>,
    /// Points that are marked: the look of which variant, place and value.
    pub points: Vec<(usize, f64, f64)>,
    /// The axis from left to right.
    pub x: Axis,
    /// The axis from the bottom to the top.
    pub y: Axis,
    /// The colours.
    pub palette: Palette,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What stands at its end.
    pub label: String,
    /// Place and value, by rising place.
    pub points: Vec<(f64, f64)>,
}

impl Line {
    /// The points that have a place: those whose step and value are numbers.
    fn known(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.points.iter().copied().filter(|(step, value)| step.is_finite() && value.is_finite())
    }
}

/// Where the plot stands in the picture, in CSS pixels, and the values at its edges: what it takes
/// to turn a pointer into a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// The left edge.
    pub left: f64,
    /// The right edge.
    pub right: f64,
    /// The top edge.
    pub top: f64,
    /// The bottom edge.
    pub bottom: f64,
    /// The place at the left edge.
    pub start: f64,
    /// The place at the right edge.
    pub end: f64,
    /// The value at the bottom edge.
    pub low: f64,
    /// The value at the top edge.
    pub high: f64,
}

const LEFT: u32 = 52;
const BOTTOM: u32 = 26;
const TOP: u32 = 10;
const FONT: (FontFamily, u32) = (FontFamily::SansSerif, 12);

impl LineChart {
    /// Where the plot stands in a picture of `width` by `height`.
    pub fn frame(&self, width: u32, height: u32) -> Frame {
        let right = width.saturating_sub(self.room_for_labels(width)).max(LEFT + 1);
        let bottom = height.saturating_sub(BOTTOM).max(TOP + 1);
        Frame {
            left: f64::from(LEFT),
            right: f64::from(right),
            top: f64::from(TOP),
            bottom: f64::from(bottom),
            start: self.x.low,
            end: self.x.high,
            low: self.y.low,
            high: self.y.high,
        }
    }

    /// The pixels that the longest label needs, at most a third of the picture.
    fn room_for_labels(&self, width: u32) -> u32 {
        let longest = self.lines.iter().map(|line| line.label.chars().count()).max().unwrap_or(0) as u32;
        (longest * 7 + 18).min(width / 3).max(24)
    }
}

impl Drawing for LineChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<(), Fault<B>> {
        let (width, height) = area.dim_in_pixel();
        let frame = self.frame(width, height);
        area.fill(&self.palette.card)?;
        self.draw_grid(area, &frame)?;
        for (at, line) in self.lines.iter().enumerate() {
            self.draw_line(area, &frame, line, self.stroke(at))?;
        }
        for (at, place, value) in
            self.points.iter().filter(|point| point.1.is_finite() && point.2.is_finite())
        {
            let (stroke, middle) = (self.palette.stroke(*at), (frame.x(*place), frame.y(*value)));
            area.draw(&Circle::new(middle, 7, self.palette.card.filled()))?;
            area.draw(&Circle::new(middle, 7, stroke.color.stroke_width(2)))?;
            draw_marker(area, middle, stroke)?;
        }
        self.draw_labels(area, &frame)
    }
}

impl LineChart {
    /// The look of line `at`. Beside points that stand for the variants, lines are in the background.
    fn stroke(&self, at: usize) -> Stroke {
        let own = self.palette.stroke(at);
        if self.points.is_empty() { own } else { Stroke { color: self.palette.soft, ..own } }
    }

    fn draw_grid<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        frame: &Frame,
    ) -> Result<(), Fault<B>> {
        let soft = FONT.into_text_style(area).color(&self.palette.soft);
        for (value, text) in &self.y.ticks {
            let y = frame.y(*value);
            area.draw(&PathElement::new(
                vec![(frame.left as i32, y), (frame.right as i32, y)],
                self.palette.line,
            ))?;
            let style = soft.pos(Pos::new(HPos::Right, VPos::Center));
            area.draw(&Text::new(text.clone(), (frame.left as i32 - 6, y), style))?;
        }
        let below = frame.bottom as i32 + 8;
        for (place, text) in &self.x.ticks {
            let x = frame.x(*place);
            let (first, last) = (x <= frame.left as i32, x + 30 >= frame.right as i32);
            let beside = if first {
                HPos::Left
            } else if last {
                HPos::Right
            } else {
                HPos::Center
            };
            area.draw(&Text::new(text.clone(), (x, below), soft.pos(Pos::new(beside, VPos::Top))))?;
        }
        Ok(())
    }

    fn draw_line<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        frame: &Frame,
        line: &Line,
        stroke: Stroke,
    ) -> Result<(), Fault<B>> {
        let pixels: Vec<(i32, i32)> =
            line.known().map(|(step, value)| (frame.x(step), frame.y(value))).collect();
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
            let color = self.stroke(at).color;
            let style = FONT.into_text_style(area).color(&color);
            let style = style.pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(self.lines[at].label.clone(), (frame.right as i32 + 8, y), style))?;
        }
        Ok(())
    }
}

impl Frame {
    /// The pixel column of `place`; what lies outside stands at the edge.
    pub fn x(&self, place: f64) -> i32 {
        let share = if self.end > self.start { (place - self.start) / (self.end - self.start) } else { 0.0 };
        (self.left + (self.right - self.left) * share.clamp(0.0, 1.0)).round() as i32
    }

    /// The pixel row of `value`; what lies outside stands at the edge.
    pub fn y(&self, value: f64) -> i32 {
        let share = if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.0 };
        (self.bottom - (self.bottom - self.top) * share.clamp(0.0, 1.0)).round() as i32
    }

    /// The place at pixel column `x`.
    pub fn place(&self, x: f64) -> f64 {
        let share = ((x - self.left) / (self.right - self.left)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
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
