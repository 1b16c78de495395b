//! Calibration and confidence as SVG.

use std::fmt::Write;

use super::axis::Axis;
use super::svg;
use super::text::{count, percent};
use crate::metrics::Bin;

const WIDTH: f64 = 320.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 312.0;

/// Accuracy by confidence: for each interval a bar up to its accuracy, what is missing to its mean
/// confidence, and below how many examples it has.
pub(super) fn reliability(name: &str, bins: &[Bin], colour: usize) -> String {
    const TOP: f64 = 10.0;
    const BOTTOM: f64 = 278.0;
    const FLOOR: f64 = 352.0;
    let x = |part: f64| LEFT + (RIGHT - LEFT) * part;
    let y = |part: f64| BOTTOM - (BOTTOM - TOP) * part;
    let described = format!(
        "Reliability diagram of {name}: accuracy against confidence in {} intervals; the table below \
         has the numbers",
        bins.len()
    );
    let mut svg = svg::open(WIDTH, 360.0, described);
    for (value, tick) in Axis::between(0.0, 1.0).ticks() {
        svg::level(&mut svg, [LEFT, RIGHT], y(value), &tick);
        let _ = write!(
            svg,
            "<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1}\" y=\"{:.1}\">{tick}</text>",
            x(value),
            BOTTOM + 16.0,
        );
    }
    let most = bins.iter().map(|bin| bin.examples).max().unwrap_or(0).max(1) as f64;
    let width = (RIGHT - LEFT) / bins.len() as f64;
    for (at, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.examples > 0) {
        let part = |sum: f64| sum / bin.examples as f64;
        let (accuracy, confidence) = (part(bin.correct as f64), part(bin.confidence).min(1.0));
        let left = x(at as f64 / bins.len() as f64) + 1.0;
        let told = format!(
            "confidence {}: accuracy {}, {} examples",
            percent(confidence),
            percent(accuracy),
            count(bin.examples)
        );
        let (upper, lower) = (y(accuracy.max(confidence)), y(accuracy.min(confidence)));
        let tall = (FLOOR - BOTTOM - 24.0) * bin.examples as f64 / most;
        let _ = write!(
            svg,
            "<g><title>{told}</title>\
             <rect class=\"bar c{colour}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
             <rect class=\"gap\" x=\"{left:.1}\" y=\"{upper:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>\
             <rect class=\"bar c{colour}\" x=\"{left:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"/></g>",
            y(accuracy),
            width - 2.0,
            BOTTOM - y(accuracy),
            width - 2.0,
            lower - upper,
            FLOOR - tall,
            width - 2.0,
        );
    }
    let _ = write!(
        svg,
        "<line class=\"ideal\" x1=\"{LEFT}\" y1=\"{BOTTOM}\" x2=\"{RIGHT}\" y2=\"{TOP}\"/>\
         <text class=\"label\" transform=\"rotate(-90)\" text-anchor=\"middle\" x=\"{:.1}\" y=\"11\">accuracy</text>\
         <text class=\"label\" transform=\"rotate(-90)\" text-anchor=\"middle\" x=\"{:.1}\" y=\"11\">examples</text>",
        -(TOP + BOTTOM) / 2.0,
        -(FLOOR - 24.0),
    );
    svg + "</svg>"
}

/// How many examples that are classified right have a confidence, upwards, and wrong, downwards; each
/// as a part of its own.
pub(super) fn confidences(name: &str, counts: &[[u64; 2]], colour: usize) -> String {
    const MIDDLE: f64 = 100.0;
    const REACH: f64 = 88.0;
    let sums = [0, 1].map(|at| counts.iter().map(|it| it[at]).sum::<u64>());
    let [right, wrong] = sums.map(count);
    let described = format!(
        "Confidence of {name}: {right} examples that are classified right, upwards, and {wrong} that \
         aren't, downwards"
    );
    let mut svg = svg::open(WIDTH, 226.0, described);
    let x = |part: f64| LEFT + (RIGHT - LEFT) * part;
    let width = (RIGHT - LEFT) / counts.len() as f64;
    let part = |bin: &[u64; 2], at: usize| bin[at] as f64 / sums[at].max(1) as f64;
    let most = counts.iter().flat_map(|bin| [part(bin, 0), part(bin, 1)]).fold(0.0, f64::max);
    for (at, bin) in counts.iter().enumerate() {
        let [up, down] = [0, 1].map(|which| REACH * part(bin, which) / most.max(1e-12));
        let (low, high) = (at as f64 / counts.len() as f64, (at + 1) as f64 / counts.len() as f64);
        let _ = write!(
            svg,
            "<g><title>confidence {} to {}: {} right, {} wrong</title>\
             <rect class=\"bar c{colour}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{up:.1}\"/>\
             <rect class=\"gap\" x=\"{:.1}\" y=\"{MIDDLE:.1}\" width=\"{:.1}\" height=\"{down:.1}\"/></g>",
            percent(low),
            percent(high),
            count(bin[0]),
            count(bin[1]),
            x(low) + 1.0,
            MIDDLE - up,
            width - 2.0,
            x(low) + 1.0,
            width - 2.0,
        );
    }
    for (value, tick) in Axis::between(0.0, 1.0).ticks() {
        let _ = write!(
            svg,
            "<text class=\"tick\" text-anchor=\"middle\" x=\"{:.1}\" y=\"206\">{tick}</text>",
            x(value),
        );
    }
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{MIDDLE}\" y2=\"{MIDDLE}\"/>\
         <text class=\"label\" text-anchor=\"middle\" x=\"{:.1}\" y=\"222\">confidence</text>\
         <text class=\"label\" transform=\"rotate(-90)\" text-anchor=\"middle\" x=\"-56\" y=\"11\">right</text>\
         <text class=\"label\" transform=\"rotate(-90)\" text-anchor=\"middle\" x=\"-144\" y=\"11\">wrong</text>",
        (LEFT + RIGHT) / 2.0,
    );
    svg + "</svg>"
}
