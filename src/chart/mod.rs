//! Charts: drawings of series and figures over any plotters backend.
//!
//! The page shows them as SVG, which is sharp on every screen; the tests and the command line draw
//! the same picture natively. A drawing knows colours and pixels, and no lab.

mod axis;
mod bars;
mod lines;
mod palette;

pub use axis::Axis;
pub use bars::BarChart;
pub use lines::{Frame, Line, LineChart};
pub use palette::{Palette, Stroke};

use plotters::prelude::*;

/// A drawing that fills the area it is given.
pub trait Drawing {
    /// Draws onto `area`.
    ///
    /// # Errors
    /// Whatever the backend reports.
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, plotters::coord::Shift>) -> Result<(), Fault<B>>;

    /// The drawing as an SVG document of `width` by `height` CSS pixels. A drawing that fails is
    /// an empty document; the SVG backend itself has nothing that can fail.
    fn svg(&self, width: u32, height: u32) -> String {
        let mut text = String::new();
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        let drawn = self.draw(&area).and_then(|()| area.present());
        drop(area);
        drawn.map_or(String::new(), |()| text)
    }
}

/// What a backend reports when it cannot draw.
pub type Fault<B> = DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>;
