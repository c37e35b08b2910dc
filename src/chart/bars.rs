//! One bar a variant: the whole run at a glance.

use super::{Drawing, Fault, Palette};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Values as bars from the left, with name and value written beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    /// Name, value and the value in words of each.
    pub bars: Vec<(String, f64, String)>,
    /// The value that fills the whole width.
    pub most: f64,
    /// The colours.
    pub palette: Palette,
}

const ROW: i32 = 34;
const FONT: (FontFamily, u32) = (FontFamily::SansSerif, 13);

impl BarChart {
    /// The height that the bars need, in CSS pixels.
    pub fn height(&self) -> u32 {
        (ROW * self.bars.len() as i32 + 6) as u32
    }
}

impl Drawing for BarChart {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>) -> Result<(), Fault<B>> {
        area.fill(&self.palette.card)?;
        let width = area.dim_in_pixel().0 as i32;
        let longest = self.bars.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0) as i32;
        let left = (longest * 8 + 12).min(width / 2);
        let full = (width - left - 72).max(1);
        for (at, (name, value, written)) in self.bars.iter().enumerate() {
            let (top, color) = (ROW * at as i32 + 8, self.palette.stroke(at).color);
            let end = left + (f64::from(full) * (value / self.most).clamp(0.0, 1.0)).round() as i32;
            let middle = top + 10;
            area.draw(&Rectangle::new(
                [(left, top), (left + full, top + 20)],
                self.palette.line.mix(0.5).filled(),
            ))?;
            area.draw(&Rectangle::new([(left, top), (end, top + 20)], color.filled()))?;
            let label =
                FONT.into_text_style(area).color(&self.palette.ink).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(name.clone(), (0, middle), label))?;
            let figure =
                FONT.into_text_style(area).color(&self.palette.ink).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw(&Text::new(written.clone(), (left + full + 8, middle), figure))?;
        }
        Ok(())
    }
}
