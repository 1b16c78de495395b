//! The part of the page about one run.

use std::collections::BTreeSet;
use std::fmt::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::Run;
use super::bars;
use super::findings::{Findings, SHOWN, Shown};
use super::text::{Escaped, count, number, percent};
use crate::data::Skipped;
use crate::environment::date;

impl Run {
    /// The kinds of the trunk and of the head.
    pub(super) fn kinds(&self) -> (String, String) {
        let entries = self.config.entries();
        let kind = |of: &str| {
            let found = entries.iter().find(|(key, _)| key == of);
            found.map_or_else(String::new, |(_, value)| value.trim_matches('"').to_owned())
        };
        (kind("model.trunk.kind"), kind("model.head.kind"))
    }

    /// The split that metrics are known of, and these: of what was looked at, or else of the newest
    /// evaluation while the run was trained.
    pub(super) fn metrics(&self) -> (String, Vec<(String, f64)>) {
        if let Ok(findings) = &self.findings {
            let values = findings.evaluation.values().into_iter();
            let values = values.filter(|(_, value)| value.is_finite());
            let values = values.map(|(name, value)| (name.to_owned(), value)).collect();
            return (findings.split.to_string(), values);
        }
        let curves = self.history.curves.iter().filter(|curve| curve.split == "validation");
        let last = curves.filter_map(|curve| Some((curve.name.clone(), curve.points.last()?.1)));
        ("validation".to_owned(), last.collect())
    }

    /// Appends the section about the run, the `at`-th of the page.
    pub(super) fn show(
        &self,
        html: &mut String,
        name: &str,
        at: usize,
        differing: &BTreeSet<String>,
    ) {
        let _ = writeln!(
            html,
            "<section aria-labelledby=\"run-{at}\">\n<h2 id=\"run-{at}\">{}</h2>",
            Escaped(name)
        );
        if self.history.damaged > 0 {
            let _ = writeln!(
                html,
                "<p>{} of <code>metrics.jsonl</code> could not be read.</p>",
                match self.history.damaged {
                    1 => "One line".to_owned(),
                    lines => format!("{lines} lines"),
                }
            );
        }
        match &self.findings {
            Ok(findings) => findings.show(html, name, at),
            Err(problem) => {
                let _ = writeln!(
                    html,
                    "<p>What it gets right and wrong is not known: {}.</p>",
                    Escaped(problem)
                );
            }
        }
        self.show_environment(html);
        self.show_config(html, differing);
        html.push_str("</section>\n");
    }

    fn show_environment(&self, html: &mut String) {
        html.push_str("<h3>Environment</h3>\n");
        let Some(of) = &self.environment else {
            html.push_str("<p>The run does not tell what it was computed on.</p>\n");
            return;
        };
        let devices = match (of.devices, &of.device[..]) {
            (1, kind) => kind.to_owned(),
            (devices, kind) => format!("{devices} × {kind}"),
        };
        let memory = of.memory.map(|it| format!(", {:.0} GiB", it as f64 / (1u64 << 30) as f64));
        let machine = format!(
            "{}, {} threads{}",
            of.processor.as_deref().unwrap_or("a processor"),
            of.threads,
            memory.unwrap_or_default()
        );
        let rows = [
            ("folder", self.path.display().to_string()),
            ("began, or went on", format!("{} UTC", date(of.began))),
            ("hetxl", of.hetxl.clone()),
            ("platform", of.platform_version.clone()),
            ("device", devices),
            ("plugin", format!("{}, interface {}", of.plugin, of.interface)),
            ("machine", machine),
            ("system", of.system.clone()),
        ];
        html.push_str("<div class=\"scroll\"><table>\n<tbody>\n");
        for (name, value) in rows {
            let _ =
                writeln!(html, "<tr><th scope=\"row\">{name}</th><td>{}</td></tr>", Escaped(value));
        }
        html.push_str("</tbody>\n</table></div>\n");
    }

    /// The config, with what differs from other runs marked.
    fn show_config(&self, html: &mut String, differing: &BTreeSet<String>) {
        html.push_str("<h3>Config</h3>\n");
        let others = self.evaluated_with.iter();
        let others = others
            .map(|(key, value)| format!("<code>{}</code>", Escaped(format!("{key} = {value}"))));
        let others = others.collect::<Vec<_>>().join(", ");
        if !others.is_empty() {
            let _ = writeln!(html, "<p>It was evaluated with {others}.</p>");
        }
        html.push_str("<details><summary>with every default</summary>\n<pre><code>");
        let text = self.config.to_toml();
        let mut section = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                section = format!("{name}.");
            }
            let key = line.split_once(" = ").map(|(key, _)| format!("{section}{key}"));
            let differs = key.is_some_and(|key| differing.contains(&key));
            let (open, close) = if differs { ("<mark>", "</mark>") } else { ("", "") };
            let _ = writeln!(html, "{open}{}{close}", Escaped(line));
        }
        html.push_str("</code></pre></details>\n");
    }
}

impl Findings {
    fn show(&self, html: &mut String, name: &str, at: usize) {
        let colour = at % 8;
        let evaluation = &self.evaluation;
        let _ =
            write!(html, "<p>{} examples of the {} split", count(evaluation.examples), self.split);
        let left_out = [
            (evaluation.unlabelled, "without a label"),
            (evaluation.skipped.len() as u64, "that could not be used"),
        ];
        for (number, what) in left_out.into_iter().filter(|(number, _)| *number > 0) {
            let _ = write!(html, ", beside {} {what}", count(number));
        }
        html.push_str(".</p>\n");
        self.show_skipped(html);
        html.push_str("<div class=\"charts\">\n");
        let _ = write!(
            html,
            "<figure>\n<h3>Reliability</h3>\n{}\n<figcaption>Bars are the accuracy of examples by their \
             confidence, hatched what parts it from their mean confidence: ECE {}. Below, how many examples \
             there are.</figcaption>\n",
            bars::reliability(name, evaluation.calibration.bins(), colour),
            number(evaluation.calibration.error()),
        );
        self.show_bins(html);
        let _ = write!(
            html,
            "</figure>\n<figure>\n<h3>Confidence</h3>\n{}\n<figcaption>Of {} examples that are classified \
             right, upwards, and of {} that are not, downwards, the part in each interval.",
            bars::confidences(name, &self.confidences, colour),
            count(self.confidences.iter().map(|it| it[0]).sum()),
            count(self.confidences.iter().map(|it| it[1]).sum()),
        );
        if let Some(auroc) = evaluation.auroc {
            let _ = write!(
                html,
                " Of a right and a wrong one the right one has the higher confidence in {} of cases \
                 (AUROC).",
                percent(auroc)
            );
        }
        html.push_str("</figcaption>\n</figure>\n<div>\n");
        self.show_classes(html);
        html.push_str("</div>\n</div>\n");
        self.show_examples(
            html,
            "Most uncertain examples",
            "Those with the highest entropy of the prediction, in nats, from the highest on. Above are an example's own classes, below what it is taken for.",
            &self.uncertain,
        );
        self.show_examples(
            html,
            "Most confident mistakes",
            "Those that are classified wrong with the highest confidence, from the highest on.",
            &self.mistakes,
        );
    }

    fn show_skipped(&self, html: &mut String) {
        let skipped = &self.evaluation.skipped;
        if skipped.is_empty() {
            return;
        }
        html.push_str("<details><summary>what could not be used</summary>\n<ul>\n");
        for Skipped { name, problem } in skipped.iter().take(SHOWN) {
            let _ = writeln!(html, "<li>{}: {}</li>", Escaped(name), Escaped(problem));
        }
        if skipped.len() > SHOWN {
            let _ = writeln!(html, "<li>{} more</li>", count((skipped.len() - SHOWN) as u64));
        }
        html.push_str("</ul></details>\n");
    }

    fn show_bins(&self, html: &mut String) {
        html.push_str(
            "<details><summary>as a table</summary><div class=\"scroll\"><table>\n\
             <caption>Intervals of the confidence that have examples</caption>\n<thead><tr>\
             <th scope=\"col\">up to</th><th scope=\"col\" class=\"n\">examples</th>\
             <th scope=\"col\" class=\"n\">confidence</th><th scope=\"col\" class=\"n\">accuracy</th>\
             </tr></thead>\n<tbody>\n",
        );
        let bins = self.evaluation.calibration.bins();
        for (at, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.examples > 0) {
            let part = |sum: f64| percent(sum / bin.examples as f64);
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{}</td></tr>",
                percent((at + 1) as f64 / bins.len() as f64),
                count(bin.examples),
                part(bin.confidence),
                part(bin.correct as f64),
            );
        }
        html.push_str("</tbody>\n</table></div></details>\n");
    }

    fn show_classes(&self, html: &mut String) {
        html.push_str("<h3>Classes that are found least</h3>\n");
        if self.classes.is_empty() {
            html.push_str("<p>Every example is classified right.</p>\n");
            return;
        }
        html.push_str(
            "<div class=\"scroll\"><table>\n<caption>The classes with the lowest recall, and what their \
             examples are taken for.</caption>\n<thead><tr><th scope=\"col\">class</th>\
             <th scope=\"col\" class=\"n\">recall</th><th scope=\"col\" class=\"n\">examples</th>\
             <th scope=\"col\">taken for</th></tr></thead>\n<tbody>\n",
        );
        for class in &self.classes {
            let instead = class.taken_for.iter().map(|&(instead, times)| {
                format!("{} ({}×)", Escaped(self.class(instead)), count(times))
            });
            let _ = writeln!(
                html,
                "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td>{}</td></tr>",
                Escaped(self.class(class.class)),
                percent(class.found as f64 / class.examples as f64),
                count(class.examples),
                instead.collect::<Vec<_>>().join(", "),
            );
        }
        html.push_str("</tbody>\n</table></div>\n");
    }

    fn show_examples(&self, html: &mut String, title: &str, told: &str, examples: &[Shown]) {
        let _ = writeln!(html, "<h3>{title}</h3>\n<p class=\"quiet\">{told}</p>");
        if examples.is_empty() {
            html.push_str("<p>There is none.</p>\n");
            return;
        }
        html.push_str("<ul class=\"examples\">\n");
        for example in examples {
            self.show_example(html, example);
        }
        html.push_str("</ul>\n");
    }

    fn show_example(&self, html: &mut String, example: &Shown) {
        let classes = |classes: &[u32]| {
            let names: Vec<_> = classes.iter().map(|&class| self.class(class)).collect();
            names.join(", ")
        };
        let mut labels = classes(&example.labels);
        if let Some(class) = example.mislabelled {
            let _ = write!(labels, " instead of {}", self.class(class));
        }
        let _ = write!(html, "<li title=\"{}\">", Escaped(&example.name));
        if let Some(picture) = &example.picture {
            let said =
                example.first.first().map_or_else(String::new, |&(class, _)| self.class(class));
            let told = format!("example {}: {labels}, taken for {said}", example.index);
            let _ = write!(
                html,
                "<img width=\"{}\" height=\"{}\" alt=\"{}\" src=\"data:image/png;base64,{}\">",
                picture.width,
                picture.height,
                Escaped(told),
                BASE64_STANDARD.encode(&picture.png),
            );
        }
        let _ = write!(html, "<strong>{}</strong>", Escaped(labels));
        for &(class, probability) in &example.first {
            let right = if example.labels.contains(&class) { " class=\"right\"" } else { "" };
            let _ = write!(
                html,
                "<br><span{right}>{}: {}</span>",
                Escaped(self.class(class)),
                percent(f64::from(probability))
            );
        }
        let _ = writeln!(
            html,
            "<br><span class=\"quiet\">entropy {}, confidence {}, no. {}</span></li>",
            number(f64::from(example.entropy)),
            percent(f64::from(example.confidence)),
            example.index,
        );
    }
}
