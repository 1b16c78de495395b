//! What all charts are drawn with.

use std::fmt::{Display, Write};

use super::text::Escaped;

/// The beginning of a chart of this size, with what it shows in words.
pub(super) fn open(width: f64, height: f64, described: impl Display) -> String {
    let described = Escaped(described);
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{described}\">"
    )
}

/// A line from `left` to `right` at a height, and what it stands for.
pub(super) fn level(svg: &mut String, [left, right]: [f64; 2], y: f64, tick: &str) {
    let _ = write!(
        svg,
        "<line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
         <text class=\"tick\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{tick}</text>",
        left - 6.0,
        y + 4.0,
    );
}
