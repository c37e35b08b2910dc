//! The colours, dashes and markers of charts, in both themes.
//!
//! The four variants take hues of Okabe and Ito's palette for the colour-blind (2008), darkened or
//! lightened until they hold a contrast of 3:1 against the paper of their theme; each has a dash
//! and a marker of its own, so that nothing rests on colour alone.

use plotters::style::RGBColor;

/// The colours of one theme. The style sheet names the same ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Palette {
    /// Behind everything.
    pub card: RGBColor,
    /// Text that matters.
    pub ink: RGBColor,
    /// Text that explains.
    pub soft: RGBColor,
    /// Grid lines.
    pub line: RGBColor,
    /// The variants, in order.
    pub variants: [RGBColor; 4],
}

impl Palette {
    /// Dark on light.
    pub const LIGHT: Palette = Palette {
        card: RGBColor(255, 255, 255),
        ink: RGBColor(29, 31, 33),
        soft: RGBColor(92, 97, 102),
        line: RGBColor(222, 219, 211),
        variants: [
            RGBColor(0, 114, 178),
            RGBColor(184, 80, 10),
            RGBColor(0, 120, 90),
            RGBColor(163, 76, 125),
        ],
    };

    /// Light on dark.
    pub const DARK: Palette = Palette {
        card: RGBColor(28, 31, 35),
        ink: RGBColor(236, 234, 228),
        soft: RGBColor(163, 167, 171),
        line: RGBColor(51, 55, 60),
        variants: [
            RGBColor(86, 180, 233),
            RGBColor(230, 159, 0),
            RGBColor(47, 199, 155),
            RGBColor(222, 146, 188),
        ],
    };

    /// The look of variant `at`; after the fourth the looks repeat.
    pub fn stroke(&self, at: usize) -> Stroke {
        const DASHES: [(u32, u32); 4] = [(0, 0), (8, 5), (2, 4), (14, 4)];
        Stroke { color: self.variants[at % 4], dash: DASHES[at % 4], marker: at % 4 }
    }
}

/// How one line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: RGBColor,
    /// Pixels drawn and left out in turn; `(0, 0)`: an unbroken line.
    pub dash: (u32, u32),
    /// Which marker stands on it: circle, square, triangle, cross.
    pub marker: usize,
}
