//! What a lab's charts and its table show, as data that the page draws without knowing the lab.

use super::{Marks, Report};
use serde::{Deserialize, Serialize};

/// One of a lab's charts.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// How a link names it.
    pub id: &'static str,
    /// Its name on a tab.
    pub name: &'static str,
    /// What is drawn.
    pub plot: Plot,
    /// How its values are written.
    pub scale: Scale,
    /// The figure that stands beside each variant's name.
    pub figure: &'static str,
    /// The exact value after so many steps, where it can be counted from the marks.
    pub exact: Option<fn(&Marks, u64) -> f64>,
}

/// Two views of a lab are the same if a link names them alike.
impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What a chart draws.
#[derive(Clone, Copy, Debug)]
pub enum Plot {
    /// The series of this name, a line a variant.
    Lines(&'static str),
    /// [`View::figure`] as a bar a variant.
    Bars,
    /// Curves from theory over a share from 0 to 1, and where the variants stand among them.
    Curve(fn(&Report) -> Option<Curve>),
}

/// Curves over a share, and measured points.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The name of each curve, and its places and values.
    pub lines: Vec<(String, Vec<(f64, f64)>)>,
    /// The variant, the place and the value of each point.
    pub points: Vec<(usize, f64, f64)>,
    /// What the share is of, after "100 %".
    pub across: &'static str,
    /// What is seen, in a sentence.
    pub says: String,
}

/// How values are written and how far their axis reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Ratios from 0 to 1, in percent.
    Share,
    /// Seconds from 0, in the unit that suits them.
    Seconds,
    /// Numbers from 0.
    Count,
    /// Numbers a second, from 0.
    Rate,
}

/// A table of figures, a row a variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What each column shows; the first column is the variant's name.
    pub head: Vec<String>,
    /// The variants' names and their cells.
    pub rows: Vec<(String, Vec<String>)>,
}

/// What a lab says about its report.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The charts, in the order of their tabs; the first is where the lab opens.
    pub views: &'static [View],
    /// What is to be taken away from the report, in a sentence.
    pub takeaway: fn(&Report) -> String,
    /// The figures side by side.
    pub table: fn(&Report) -> Table,
}

/// Two summaries are the same if they show the same charts.
impl PartialEq for Summary {
    fn eq(&self, other: &Self) -> bool {
        self.views == other.views
    }
}
