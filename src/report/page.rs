//! The page: what all runs have side by side, then each run by itself.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::SystemTime;

use super::Run;
use super::chart::{self, Line};
use super::text::{Escaped, count, number};
use crate::environment::date;
use crate::metrics::{METRICS, Metric, label};

/// What fills a part that is missing or wrong, whatever the colour beside it.
const HATCH: &str = "<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"4\" \
     height=\"4\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line class=\"hatch\" \
     x1=\"0\" y1=\"0\" x2=\"0\" y2=\"4\"/></pattern></defs></svg>\n";

/// The whole page as HTML.
pub fn page(runs: &[Run]) -> String {
    let names = names(runs);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let title = match &names[..] {
        [one] => format!("Run {}", Escaped(one)),
        several => format!("{} runs", several.len()),
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'\">\n<title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n\
         <style>\n{}</style>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n\
         <p class=\"quiet\">Written by hetxl {} on {} UTC.</p>\n",
        include_str!("style.css"),
        Escaped(env!("HETXL_VERSION")),
        date(now.as_secs()),
    );
    let mut sections = vec![("runs", "Runs")];
    if runs.len() > 1 {
        sections.push(("differences", "What differs"));
    }
    sections.push(("curves", "Curves"));
    html.push_str(HATCH);
    html.push_str("<nav aria-label=\"Contents\"><ul>");
    for (id, name) in sections {
        let _ = write!(html, "<li><a href=\"#{id}\">{name}</a></li>");
    }
    for (at, name) in names.iter().enumerate() {
        let _ = write!(html, "<li><a href=\"#run-{at}\">{}</a></li>", Escaped(name));
    }
    html.push_str("</ul></nav>\n</header>\n<main>\n");
    overview(&mut html, runs, &names);
    let differing = differing(runs);
    if runs.len() > 1 {
        differences(&mut html, runs, &names, &differing);
    }
    curves(&mut html, runs, &names);
    for (at, (run, name)) in runs.iter().zip(&names).enumerate() {
        run.show(&mut html, name, at, &differing);
    }
    html + "</main>\n</body>\n</html>\n"
}

/// What runs are called: by their folders, and by whole paths where those have equal names.
fn names(runs: &[Run]) -> Vec<String> {
    let is_unique = |run: &Run| runs.iter().filter(|other| other.name == run.name).count() == 1;
    let name = |run: &Run| {
        if is_unique(run) { run.name.clone() } else { run.path.display().to_string() }
    };
    runs.iter().map(name).collect()
}

/// The keys whose values differ among the runs.
fn differing(runs: &[Run]) -> BTreeSet<String> {
    let entries = runs.iter().map(|run| run.config.entries()).collect::<Vec<_>>();
    let all = entries.iter().flatten();
    let in_all = |entry| entries.iter().all(|run| run.contains(entry));
    all.filter(|entry| !in_all(entry)).map(|(key, _)| key.clone()).collect()
}

fn overview(html: &mut String, runs: &[Run], names: &[String]) {
    let measured: Vec<_> = runs.iter().map(Run::metrics).collect();
    let mut metrics: Vec<&str> = measured
        .iter()
        .flat_map(|(_, values)| values.iter().map(|(name, _)| name.as_str()))
        .collect();
    metrics.sort_by_key(|name| rank(name));
    metrics.dedup();
    html.push_str(
        "<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">Runs</h2>\n<div class=\"scroll\"><table class=\"runs\">\n\
         <caption>Each run, where it stands, and the metrics of its newest checkpoint.</caption>\n\
         <thead><tr><th scope=\"col\">run</th><th scope=\"col\">trunk</th><th scope=\"col\">head</th>\
         <th scope=\"col\" class=\"n\">step</th><th scope=\"col\" class=\"n\">parameters</th>\
         <th scope=\"col\">measured on</th>",
    );
    for name in &metrics {
        let _ = write!(html, "<th scope=\"col\" class=\"n\">{}</th>", Escaped(label(name)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (at, (run, name)) in runs.iter().zip(names).enumerate() {
        let (split, values) = &measured[at];
        let (trunk, head) = run.kinds();
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{} <a href=\"#run-{at}\">{}</a></th><td>{}</td><td>{}</td>\
             <td class=\"n\">{} of {}</td><td class=\"n\">{}</td><td>{}</td>",
            swatch(at),
            Escaped(name),
            Escaped(trunk),
            Escaped(head),
            run.step.map_or_else(|| "–".to_owned(), count),
            count(run.config.train.steps),
            run.parameters.map_or_else(|| "–".to_owned(), |number| count(number as u64)),
            Escaped(split),
        );
        for name in &metrics {
            let of = |values: &[(String, f64)]| {
                values.iter().find(|(it, _)| it == name).map(|(_, value)| *value)
            };
            let Some(value) = of(values) else {
                html.push_str("<td class=\"n\">–</td>");
                continue;
            };
            let others = measured.iter().filter(|(it, _)| it == split);
            let others: Vec<_> = others.filter_map(|(_, values)| of(values)).collect();
            let is_best = others.len() > 1 && others.iter().all(|&it| !is_better(name, it, value));
            let (class, told) = if is_best { (" best", " title=\"the best\"") } else { ("", "") };
            let _ = write!(
                html,
                "<td class=\"n{class}\"{told}><data value=\"{value}\">{}</data></td>",
                number(value)
            );
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n</section>\n");
}

/// Whether a value of a metric is better than another.
fn is_better(name: &str, value: f64, than: f64) -> bool {
    let falls = Metric::named(name).is_some_and(|metric| metric.falls);
    if falls { value < than } else { value > than }
}

fn differences(html: &mut String, runs: &[Run], names: &[String], differing: &BTreeSet<String>) {
    html.push_str(
        "<section aria-labelledby=\"differences\">\n<h2 id=\"differences\">What differs</h2>\n",
    );
    if differing.is_empty() {
        html.push_str("<p>The runs have the same config.</p>\n</section>\n");
        return;
    }
    html.push_str(
        "<div class=\"scroll\"><table>\n<caption>Keys of the config that have other values in other \
         runs.</caption>\n<thead><tr><th scope=\"col\">key</th>",
    );
    for (at, name) in names.iter().enumerate() {
        let _ = write!(html, "<th scope=\"col\">{} {}</th>", swatch(at), Escaped(name));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    let entries: Vec<_> = runs.iter().map(|run| run.config.entries()).collect();
    for key in differing {
        let _ = write!(html, "<tr><th scope=\"row\"><code>{}</code></th>", Escaped(key));
        for run in &entries {
            let value = run.iter().find(|(it, _)| it == key).map(|(_, value)| value);
            match value {
                Some(value) => write!(html, "<td><code>{}</code></td>", Escaped(value)),
                None => write!(html, "<td class=\"quiet\">not set</td>"),
            }
            .expect("a string takes all");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n</section>\n");
}

fn curves(html: &mut String, runs: &[Run], names: &[String]) {
    html.push_str("<section aria-labelledby=\"curves\">\n<h2 id=\"curves\">Curves</h2>\n");
    let shown = runs.iter().flat_map(|run| &run.history.curves);
    let shown = shown.filter(|curve| ["train", "validation"].contains(&curve.split.as_str()));
    let mut metrics: Vec<_> =
        shown.map(|curve| (curve.split.as_str(), curve.name.as_str())).collect();
    metrics.sort_by_key(|&(split, name)| (rank(name).0, split, name));
    metrics.dedup();
    if metrics.is_empty() {
        html.push_str("<p>Nothing was measured yet.</p>\n");
    }
    html.push_str("<div class=\"charts\">\n");
    for (split, name) in metrics {
        let lines = runs.iter().zip(names).enumerate().filter_map(|(at, (run, of))| {
            let curve = run.history.curve(split, name)?;
            Some(Line { name: of, run: at, points: &curve.points })
        });
        let lines: Vec<_> = lines.collect();
        let is_logarithmic = Metric::named(name).is_some_and(|metric| metric.is_logarithmic);
        let title = format!("{} ({split})", label(name));
        let _ = write!(
            html,
            "<figure>\n<h3>{}</h3>\n{}\n",
            Escaped(&title),
            chart::curves(&title, &lines, is_logarithmic)
        );
        if runs.len() > 1 {
            html.push_str("<figcaption><ul class=\"legend\">");
            for line in &lines {
                let _ = write!(html, "<li>{} {}</li>", swatch(line.run), Escaped(line.name));
            }
            html.push_str("</ul></figcaption>\n");
        }
        html.push_str("</figure>\n");
    }
    html.push_str("</div>\n</section>\n");
}

/// The colour and the dashes of a run.
fn swatch(run: usize) -> String {
    format!(
        "<svg class=\"swatch series {}\" viewBox=\"0 0 26 10\" aria-hidden=\"true\">\
         <polyline points=\"0,5 26,5\"/></svg>",
        chart::look(run)
    )
}

/// The place of a metric among others: those that are known, then the rest by name.
fn rank(name: &str) -> (usize, &str) {
    let known = METRICS.iter().position(|metric| metric.name == name);
    (known.unwrap_or(METRICS.len()), name)
}
