//! Curves as SVG.

use std::fmt::Write;

use super::axis::Axis;
use super::svg;
use super::text::{Escaped, number};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 350.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 180.0;

/// Beyond so many points of a curve neighbours lie on the same pixel.
const DRAWN: usize = 400;

/// Up to so many points of a chart are marked one by one.
const MARKED: usize = 160;

/// From this ratio of the largest value to the smallest on, an axis is logarithmic.
const WIDE: f64 = 20.0;

/// A curve in a chart.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    /// What it is called.
    pub(super) name: &'a str,
    /// The run that it is of, by number.
    pub(super) run: usize,
    /// Steps and values.
    pub(super) points: &'a [(f64, f64)],
}

/// How many colours there are, and as many kinds of dashes.
const COLOURS: usize = 8;

/// The classes of what is drawn for a run: a colour and dashes, both together another for each of the
/// first 64 runs.
pub(super) fn look(run: usize) -> String {
    format!("c{} d{}", run % COLOURS, (run + run / COLOURS) % COLOURS)
}

/// The curves of one metric, by step. The axis of its values may be logarithmic where `logarithmic`
/// says so. There is at least one point.
pub(super) fn curves(title: &str, lines: &[Line<'_>], logarithmic: bool) -> String {
    let points = || lines.iter().flat_map(|line| line.points);
    let (steps, values) = (points().map(|point| point.0), points().map(|point| point.1));
    let (low, high) = values
        .clone()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), it| (low.min(it), high.max(it)));
    let logarithmic = logarithmic && low > 0.0 && high / low >= WIDE;
    let across = Axis::of(steps, false);
    let up = Axis::of(values, logarithmic);
    let x = |step: f64| LEFT + (RIGHT - LEFT) * across.place(step);
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * up.place(value);
    let mut svg = svg::open(WIDTH, HEIGHT, describe(title, lines, logarithmic));
    for (value, name) in up.ticks() {
        svg::level(&mut svg, [LEFT, RIGHT], y(value), &name);
    }
    for (step, name) in across.ticks() {
        let x = x(step);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{BOTTOM}\"/>\
             <text class=\"tick\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{:.1}\">{name}</text>",
            BOTTOM + 16.0,
        );
    }
    let step = if logarithmic { "step (the other axis is logarithmic)" } else { "step" };
    let _ = write!(
        svg,
        "<text class=\"label\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{step}</text>",
        (LEFT + RIGHT) / 2.0,
        HEIGHT - 5.0,
    );
    let marked = lines.iter().map(|line| line.points.len()).sum::<usize>() <= MARKED;
    for line in lines {
        let drawn = thinned(line.points);
        let points = drawn.iter().map(|&(step, value)| format!("{:.1},{:.1}", x(step), y(value)));
        let _ = write!(
            svg,
            "<g class=\"series {}\"><title>{}</title><polyline points=\"{}\"/>",
            look(line.run),
            Escaped(line.name),
            points.collect::<Vec<_>>().join(" "),
        );
        if marked {
            for &(step, value) in line.points {
                let _ = write!(
                    svg,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"><title>{}, step {step}: {}</title></circle>",
                    x(step),
                    y(value),
                    Escaped(line.name),
                    number(value),
                );
            }
        }
        svg.push_str("</g>");
    }
    svg + "</svg>"
}

/// What a chart shows, in words.
fn describe(title: &str, lines: &[Line<'_>], logarithmic: bool) -> String {
    let scale = if logarithmic { " on a logarithmic axis" } else { "" };
    let of_line = |line: &Line<'_>| {
        let [first, .., last] = line.points else {
            let at = line.points.first().map_or_else(String::new, |&(step, value)| {
                format!("{} at step {step}", number(value))
            });
            return format!("{}: {at}", line.name);
        };
        format!(
            "{}: from {} at step {} to {} at step {}",
            line.name,
            number(first.1),
            first.0,
            number(last.1),
            last.0
        )
    };
    let lines = lines.iter().map(of_line).collect::<Vec<_>>().join("; ");
    format!("{title} by step{scale}. {lines}")
}

/// As many points as can be told apart: of neighbours the lowest and the highest.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= DRAWN {
        return points.to_vec();
    }
    let together = points.len().div_ceil(DRAWN / 2);
    let extremes = |group: &[(f64, f64)]| {
        let low = group.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
        let high = group.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut both: Vec<_> = low.into_iter().chain(high).collect();
        both.sort_by(|a, b| a.0.total_cmp(&b.0));
        both
    };
    points.chunks(together).flat_map(extremes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_curve_keeps_its_peaks() {
        let points: Vec<_> = (0..100_000)
            .map(|step| (f64::from(step), if step == 70_001 { 9.0 } else { 1.0 }))
            .collect();
        let drawn = thinned(&points);
        assert!(drawn.len() <= DRAWN);
        assert!(drawn.contains(&(70_001.0, 9.0)));
        assert!(drawn.is_sorted_by(|a, b| a.0 <= b.0));
    }

    #[test]
    fn a_value_that_is_not_positive_has_no_logarithmic_axis() {
        let points = [(1.0, 0.0), (2.0, 100.0)];
        let line = Line { name: "a", run: 0, points: &points };
        let svg = curves("loss", &[line], true);
        assert!(
            !svg.contains("logarithmic") && !svg.contains("NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }

    #[test]
    fn names_are_text() {
        let points = [(1.0, 0.5)];
        let line = Line { name: "<script>\"", run: 0, points: &points };
        let svg = curves("a<b", &[line], false);
        assert!(!svg.contains("<script>") && !svg.contains("a<b"), "{svg}");
        assert!(svg.contains("&lt;script&gt;&quot;: 0.5 at step 1"), "{svg}");
    }
}
