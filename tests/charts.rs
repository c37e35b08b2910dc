//! Charts drawn natively: well-formed pictures in which everything stands inside, nothing stands
//! on top of something else, and every colour can be told from the paper.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test may end it")]

use plotters::style::RGBColor;
use sluice::chart::{Axis, BarChart, Drawing, Frame, Line, LineChart, Palette};
use std::collections::BTreeMap;

const PALETTES: [Palette; 2] = [Palette::LIGHT, Palette::DARK];
/// From a phone to a wide screen.
const SIZES: [(u32, u32); 3] = [(300, 180), (640, 240), (1280, 400)];

/// One element of a picture.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn number(&self, name: &str) -> Option<f64> {
        self.attributes.get(name).map(|value| value.parse().unwrap())
    }

    /// Every point that it names, of a rectangle both corners.
    fn points(&self) -> Vec<(f64, f64)> {
        let pair = |x: &str, y: &str| Some((self.number(x)?, self.number(y)?));
        let mut points: Vec<(f64, f64)> = [("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")]
            .iter()
            .filter_map(|(x, y)| pair(x, y))
            .collect();
        if let (Some((x, y)), Some((width, height))) = (pair("x", "y"), pair("width", "height")) {
            assert!(width >= 0.0 && height >= 0.0, "{self:?}");
            points.push((x + width, y + height));
        }
        let listed = self.attributes.get("points").map_or("", String::as_str).split_whitespace();
        points.extend(listed.map(|point| {
            let (x, y) = point.split_once(',').unwrap();
            (x.parse::<f64>().unwrap(), y.parse::<f64>().unwrap())
        }));
        points
    }
}

/// Reads the little of XML that pictures are written in, and ends the test where it is broken.
fn elements(svg: &str) -> Vec<Element> {
    let (mut elements, mut open): (Vec<Element>, Vec<(String, usize)>) = (Vec::new(), Vec::new());
    let mut pieces = svg.split('<');
    assert_eq!(pieces.next().unwrap().trim(), "", "text before the first element");
    for piece in pieces {
        let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("<{piece} is not closed"));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().map(|(open, _)| open).as_deref(), Some(name), "</{name}>");
        } else {
            let single = tag.ends_with('/');
            let tag = tag.trim_end_matches('/');
            let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
            let mut attributes = BTreeMap::new();
            while let Some((key, after)) = rest.trim().split_once("=\"") {
                let (value, after) = after.split_once('"').unwrap_or_else(|| panic!("{key} in <{tag}>"));
                assert!(attributes.insert(key.to_owned(), unescaped(value)).is_none(), "{key} in <{tag}>");
                rest = after;
            }
            assert_eq!(rest.trim(), "", "<{tag}>");
            if !single {
                open.push((name.to_owned(), elements.len()));
            }
            elements.push(Element { name: name.to_owned(), attributes, text: String::new() });
        }
        match open.last() {
            Some((_, at)) => elements[*at].text.push_str(unescaped(text).trim()),
            None => assert_eq!(text.trim(), "", "text after the last element"),
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    elements
}

fn unescaped(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or_else(|| panic!("a bare & before {piece}"));
        plain.push_str(match name {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" | "#39" => "'",
            other => panic!("&{other};"),
        });
        plain.push_str(rest);
    }
    plain
}

/// Draws, and checks what holds of every picture: it is well-formed and nothing leaves it.
fn drawn(drawing: &impl Drawing, width: u32, height: u32) -> Vec<Element> {
    let elements = elements(&drawing.svg(width, height));
    assert_eq!((elements[0].name.as_str(), elements[0].number("width")), ("svg", Some(f64::from(width))));
    for element in &elements[1..] {
        for (x, y) in element.points() {
            let inside = (0.0..=f64::from(width)).contains(&x) && (0.0..=f64::from(height)).contains(&y);
            assert!(inside, "({x}, {y}) of {element:?} is outside {width} by {height}");
        }
    }
    elements
}

fn texts(elements: &[Element]) -> Vec<&str> {
    elements.iter().filter(|element| element.name == "text").map(|element| element.text.as_str()).collect()
}

fn chart(lines: &[(&str, Vec<(f64, f64)>)], length: u64, palette: Palette) -> LineChart {
    let lines =
        lines.iter().map(|(label, points)| Line { label: (*label).to_owned(), points: points.clone() });
    let lines: Vec<Line> = lines.collect();
    let values = lines.iter().flat_map(|line| line.points.iter()).filter(|point| point.0.is_finite());
    let values: Vec<f64> = values.map(|point| point.1).filter(|value| value.is_finite()).collect();
    let (x, y) = (Axis::steps(length, "requests"), Axis::share(values.into_iter()));
    LineChart { lines, points: Vec::new(), x, y, palette }
}

/// Ratios as bars, in percent.
fn bars(values: Vec<(String, f64)>, palette: Palette) -> BarChart {
    let bars = values.into_iter().map(|(name, value)| (name, value, sluice::lab::words::percent(value)));
    BarChart { bars: bars.collect(), most: 1.0, palette }
}

/// A line that ends at `last`.
fn towards(last: f64) -> Vec<(f64, f64)> {
    (1..=50).map(|at| (f64::from(at) * 20.0, 0.5 + (last - 0.5) * f64::from(at) / 50.0)).collect()
}

#[test]
fn each_label_stands_there_once() {
    let labels = ["LRU", "SIEVE", "S3-FIFO, threshold 2", "<R&D> \"it's\""];
    let ends = [0.31, 0.77, 0.42, 0.9];
    for palette in PALETTES {
        for (width, height) in SIZES {
            let lines: Vec<_> = labels.iter().zip(ends).map(|(label, end)| (*label, towards(end))).collect();
            let elements = drawn(&chart(&lines, 1_000, palette), width, height);
            let bars = labels.iter().zip(ends).map(|(label, value)| ((*label).to_owned(), value)).collect();
            let bars = crate::bars(bars, palette);
            let of_bars = drawn(&bars, width, bars.height());
            for label in labels {
                for texts in [texts(&elements), texts(&of_bars)] {
                    assert_eq!(texts.iter().filter(|text| **text == label).count(), 1, "{label}: {texts:?}");
                }
            }
            assert!(texts(&elements).contains(&"1,000 requests"));
            assert!(texts(&of_bars).contains(&"77.0 %"));
        }
    }
}

#[test]
fn labels_never_stand_on_each_other() {
    let check = |ends: &[f64]| {
        let names = ["one", "two", "three", "four"];
        let lines: Vec<_> = names.iter().zip(ends).map(|(name, end)| (*name, towards(*end))).collect();
        for (width, height) in SIZES {
            let elements = drawn(&chart(&lines, 1_000, Palette::LIGHT), width, height);
            let rows = elements.iter().filter(|element| names.contains(&element.text.as_str()));
            let mut rows: Vec<f64> = rows.map(|element| element.number("y").unwrap()).collect();
            rows.sort_unstable_by(f64::total_cmp);
            assert_eq!(rows.len(), ends.len());
            assert!(rows.windows(2).all(|pair| pair[1] - pair[0] >= 12.0), "{ends:?}: {rows:?}");
            assert!(rows[0] >= 6.0 && rows[rows.len() - 1] <= f64::from(height) - 6.0, "{ends:?}: {rows:?}");
        }
    };
    for ends in [
        &[0.0, 0.0, 0.0, 0.0][..],
        &[1.0, 1.0, 1.0, 1.0],
        &[0.5, 0.5, 0.5, 0.5],
        &[0.0, 0.001, 0.002, 1.0],
        &[0.999, 1.0, 0.0, 0.0],
        &[0.481, 0.479],
        &[0.7],
    ] {
        check(ends);
    }
}

#[test]
fn a_column_and_its_step_lead_to_each_other() {
    for (width, height) in SIZES {
        for length in [1, 2, 7, 60, 200, 1_000, 20_000_000] {
            let frame = chart(&[("LRU", towards(0.5))], length, Palette::LIGHT).frame(width, height);
            let pixels = frame.right - frame.left;
            let at = |x: f64| frame.place(x).round() as u64;
            let a_pixel = length as f64 / pixels;
            for share in 0..=50 {
                let step = length * share / 50;
                let back = at(f64::from(frame.x(step as f64)));
                let off = back.abs_diff(step) as f64;
                assert!(off <= a_pixel / 2.0 + 0.5 && (a_pixel >= 1.0 || off == 0.0), "{step} became {back}");
            }
            for x in frame.left as i32..=frame.right as i32 {
                let back = frame.x(at(f64::from(x)) as f64);
                assert!(f64::from((back - x).abs()) <= 0.5 / a_pixel + 1.0, "column {x} became {back}");
            }
            assert_eq!((at(-1e9), at(1e9)), (0, length));
        }
    }
}

#[test]
fn values_fill_the_frame_from_its_bottom_to_its_top() {
    let check = |values: &[f64], low: f64, high: f64| {
        let points = values.iter().enumerate().map(|(at, value)| (at as f64, *value)).collect();
        let frame = chart(&[("LRU", points)], 100, Palette::LIGHT).frame(640, 240);
        assert!((frame.low - low).abs() < 1e-9 && (frame.high - high).abs() < 1e-9, "{values:?}: {frame:?}");
        assert_eq!((frame.y(low), frame.y(high)), (frame.bottom as i32, frame.top as i32));
    };
    for (values, low, high) in [
        (&[0.0, 1.0][..], 0.0, 1.0),
        (&[0.32, 0.68], 0.3, 0.7),
        (&[0.35], 0.2, 0.4),
        (&[0.0], 0.0, 0.1),
        (&[1.0], 0.8, 1.0),
        (&[], 0.8, 1.0),
        (&[0.32, f64::NAN, 0.68], 0.3, 0.7),
    ] {
        check(values, low, high);
    }
}

#[test]
fn poor_data_is_drawn_without_a_fault() {
    let nan = f64::NAN;
    for points in [
        vec![],
        vec![(1.0, 0.5)],
        vec![(0.0, 0.0)],
        vec![(1.0, nan)],
        vec![(1.0, nan), (2.0, 0.5), (3.0, nan)],
        vec![(1.0, f64::INFINITY), (2.0, f64::NEG_INFINITY), (3.0, 0.4)],
        vec![(nan, 0.5), (2.0, 0.5)],
        vec![(1.0, 0.5), (1.0, 0.5), (1.0, 0.5)],
    ] {
        for length in [0, 3, u64::MAX] {
            for (width, height) in SIZES {
                let points =
                    if length == 0 { points.iter().map(|p| (0.0, p.1)).collect() } else { points.clone() };
                let lines: Vec<_> = ["a", "b", "c", "d"].map(|label| (label, points.clone())).into();
                let chart = chart(&lines, length, Palette::DARK);
                drawn(&chart, width, height);
                let frame = chart.frame(width, height);
                assert!(frame.place(frame.right) == length as f64 && frame.low < frame.high, "{points:?}");
            }
        }
    }
    for bars in [vec![], vec![("LRU".to_owned(), nan)], vec![("LRU".to_owned(), 7.0), (String::new(), -1.0)]]
    {
        let bars = crate::bars(bars, Palette::LIGHT);
        drawn(&bars, 300, bars.height());
    }
}

#[test]
fn what_is_no_number_is_left_out_of_the_line() {
    let points = vec![(10.0, 0.5), (20.0, f64::NAN), (30.0, 0.6), (40.0, f64::NAN)];
    let chart = chart(&[("LRU", points)], 40, Palette::LIGHT);
    let frame = chart.frame(640, 240);
    let elements = drawn(&chart, 640, 240);
    let marks = elements.iter().filter(|element| matches!(&*element.name, "circle" | "polyline"));
    for (_, y) in marks.flat_map(Element::points) {
        assert!((frame.top..=frame.bottom).contains(&y), "something is drawn at {y}, outside {frame:?}");
    }
    let label = elements.iter().find(|element| element.text == "LRU").unwrap();
    assert_eq!(label.number("y"), Some(f64::from(frame.y(0.6))));
}

#[test]
fn any_size_is_drawn_without_a_fault() {
    for width in [0, 1, 20, 46, 47, 60, 71, 72, 73, 100] {
        for height in [0, 1, 11, 36, 40] {
            let lines =
                chart(&[("OPT (insertion forced)", towards(0.5)), ("LRU", towards(0.5))], 9, PALETTES[0]);
            elements(&lines.svg(width, height));
            let Frame { left, right, top, bottom, .. } = lines.frame(width, height);
            assert!(left < right && top < bottom, "{width} by {height}");
            let bars = vec![("OPT (insertion forced)".to_owned(), 0.5)];
            elements(&crate::bars(bars, Palette::LIGHT).svg(width, height));
        }
    }
}

/// The contrast of two colours as WCAG 2 defines it.
fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
    };
    let luminance =
        |color: RGBColor| 0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2);
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

#[test]
fn colours_can_be_told_from_the_paper() {
    assert!((contrast(RGBColor(0, 0, 0), RGBColor(255, 255, 255)) - 21.0).abs() < 1e-9);
    for palette in PALETTES {
        for (color, least) in [(palette.ink, 4.5), (palette.soft, 4.5)]
            .into_iter()
            .chain(palette.variants.map(|color| (color, 3.0)))
        {
            let contrast = contrast(color, palette.card);
            assert!(contrast >= least, "{color:?} has {contrast:.2} against {:?}", palette.card);
        }
    }
}

#[test]
fn looks_differ_in_more_than_colour() {
    let looks: Vec<_> = (0..4).map(|at| Palette::LIGHT.stroke(at)).collect();
    for (at, look) in looks.iter().enumerate() {
        assert_eq!(*look, Palette::LIGHT.stroke(at + 4));
        for other in &looks[..at] {
            assert!(look.color != other.color && look.dash != other.dash && look.marker != other.marker);
        }
    }
}

/// The ticks of an axis: they rise evenly, start at nothing and end at or above all there is.
#[test]
fn axes_are_divided_by_round_numbers() {
    for most in [1e-7, 0.003, 0.04, 0.9, 1.0, 3.7, 12.0, 59.0, 240.0, 601.0, 5_000.0, 86_400.0, 3.1e7] {
        let own = || [0.0, most / 3.0, most, f64::NAN].into_iter();
        for axis in [Axis::seconds(own()), Axis::count(own()), Axis::rate(own())] {
            let ticks: Vec<f64> = axis.ticks.iter().map(|tick| tick.0).collect();
            assert!(axis.low == 0.0 && axis.high >= most && axis.high <= most * 2.6, "{most}: {axis:?}");
            assert!((3..=7).contains(&ticks.len()) && ticks[0] == 0.0, "{most}: {axis:?}");
            let step = ticks[1];
            assert!(ticks.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() < step * 1e-6), "{axis:?}");
            let texts: std::collections::BTreeSet<&String> = axis.ticks.iter().map(|tick| &tick.1).collect();
            assert_eq!(texts.len(), ticks.len(), "two ticks are written alike: {axis:?}");
        }
        let time = Axis::time(most);
        assert!(time.high == most && time.ticks.iter().all(|tick| tick.0 <= most * 1.000_001), "{time:?}");
    }
    for nothing in [&[][..], &[0.0], &[f64::NAN]] {
        let axis = Axis::count(nothing.iter().copied());
        assert!(axis.high > axis.low && axis.ticks.len() >= 2, "{axis:?}");
    }
}

#[test]
fn a_chart_over_time_stands_inside_its_picture() {
    for (width, height) in SIZES {
        let points: Vec<(f64, f64)> = (0..=40).map(|at| (f64::from(at) * 2.0, f64::from(at) / 7.0)).collect();
        let lines = vec![Line { label: "SQS 5.71 s".to_owned(), points }];
        let y = Axis::seconds([5.72].into_iter());
        let chart =
            LineChart { lines, points: vec![(1, 80.0, 5.0)], x: Axis::time(80.0), y, palette: PALETTES[1] };
        let elements = drawn(&chart, width, height);
        assert!(texts(&elements).contains(&"SQS 5.71 s"));
        assert!(
            texts(&elements).iter().any(|text| text.ends_with(" s") && text.starts_with("80")),
            "{:?}",
            texts(&elements)
        );
    }
}
