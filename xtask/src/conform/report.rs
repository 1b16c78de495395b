//! What became of every case, for people and for machines.

use std::fmt::Write as _;

use anyhow::Result;
use pjrt::Extension;
use serde::{Deserialize, Serialize};

use super::case::{Finding, Outcome};
use super::cases::Area;
use super::subject::Subject;

/// What a plugin is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    /// The version of the PJRT interface.
    pub(crate) pjrt: String,
    /// The version of StableHLO, if the plugin tells.
    pub(crate) stablehlo: Option<String>,
    /// The names of its extensions, or their numbers where the interface has no name.
    pub(crate) extensions: Vec<String>,
    /// Why there is no device: then programs are compiled, and no more.
    pub(crate) without_device: Option<String>,
}

impl About {
    pub(super) fn of(subject: &Subject) -> Result<Self> {
        let plugin = &subject.plugin;
        let stablehlo = plugin.stablehlo_version()?.map(|version| version.map(|n| n.to_string()));
        Ok(Self {
            pjrt: plugin.api_version().to_string(),
            stablehlo: stablehlo.map(|version| version.join(".")),
            extensions: plugin.extensions()?.iter().map(Extension::to_string).collect(),
            without_device: subject.absent_hardware().map(str::to_owned),
        })
    }
}

/// A plugin, and what became of every case on it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The plugin as it was asked for.
    pub(crate) plugin: String,
    #[serde(flatten)]
    pub(crate) about: About,
    pub(crate) cases: Vec<Line>,
}

/// A case and what became of it.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) area: &'static str,
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) finding: Finding,
}

impl Report {
    /// `findings` are those of the cases of `areas`, in order.
    pub(super) fn new(
        plugin: &str,
        about: About,
        areas: Vec<Area>,
        findings: Vec<Finding>,
    ) -> Self {
        let names = areas.into_iter().flat_map(|area| {
            area.cases.into_iter().map(move |case| (area.name, case.name.into_owned()))
        });
        let line = |((area, name), finding)| Line { area, name, finding };
        Self { plugin: plugin.to_owned(), about, cases: names.zip(findings).map(line).collect() }
    }

    /// How many cases came out so.
    pub(crate) fn count(&self, outcome: Outcome) -> usize {
        self.cases.iter().filter(|line| line.finding.outcome == outcome).count()
    }

    /// The report as one JSON object.
    pub(super) fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The report as a table, and what it comes to.
    pub(super) fn table(&self) -> String {
        let About { pjrt, stablehlo, extensions, .. } = &self.about;
        let stablehlo = stablehlo.as_deref().unwrap_or("unknown");
        let mut text = format!("{}: PJRT {pjrt}, StableHLO {stablehlo}\n", self.plugin);
        let _ = writeln!(text, "extensions: {}", extensions.join(", "));
        let width = self.cases.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
        let mut area = "";
        for line in &self.cases {
            if line.area != area {
                area = line.area;
                let _ = writeln!(text, "\n{area}");
            }
            let Finding { outcome, words } = &line.finding;
            let outcome = outcome.to_string();
            let row = format!("  {:width$}  {outcome:11}  {}", line.name, words.replace('\n', " "));
            let _ = writeln!(text, "{}", row.trim_end());
        }
        let counts = [Outcome::Supported, Outcome::Unsupported, Outcome::NotRun, Outcome::Failed]
            .map(|outcome| format!("{} {outcome}", self.count(outcome)));
        let _ = writeln!(text, "\n{}", counts.join(", "));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plugin, and what became of the cases of one area on it.
    fn report(plugin: &str, findings: &[(&str, Finding)]) -> Report {
        let line = |(name, finding): &(&str, Finding)| Line {
            area: "Arrays",
            name: (*name).to_owned(),
            finding: finding.clone(),
        };
        let about = About {
            pjrt: "0.115".to_owned(),
            stablehlo: Some("1.20.0".to_owned()),
            extensions: vec!["Layouts".to_owned()],
            without_device: None,
        };
        Report { plugin: plugin.to_owned(), about, cases: findings.iter().map(line).collect() }
    }

    #[test]
    fn the_table_tells_every_case_why_it_is_not_supported_and_how_many_there_are_of_each() {
        let findings = [
            ("there and back", Finding::supported()),
            ("in place", Finding::unsupported("UNIMPLEMENTED: not\nhere")),
            ("across", Finding::not_run("one device")),
            ("whole", Finding::failed("expected 1, got 2")),
        ];
        assert_eq!(
            report("some", &findings).table(),
            "\
some: PJRT 0.115, StableHLO 1.20.0
extensions: Layouts

Arrays
  there and back  supported
  in place        unsupported  UNIMPLEMENTED: not here
  across          not run      one device
  whole           failed       expected 1, got 2

1 supported, 1 unsupported, 1 not run, 1 failed
"
        );
    }

    #[test]
    fn the_object_has_the_words_of_what_has_any() {
        let findings = [("a", Finding::supported()), ("b", Finding::not_run("one device"))];
        let object: serde_json::Value =
            serde_json::from_str(&report("some", &findings).json().unwrap()).unwrap();
        let expected = serde_json::json!({
            "plugin": "some", "pjrt": "0.115", "stablehlo": "1.20.0", "extensions": ["Layouts"],
            "without_device": null,
            "cases": [
                {"area": "Arrays", "name": "a", "outcome": "supported"},
                {"area": "Arrays", "name": "b", "outcome": "not_run", "words": "one device"},
            ],
        });
        assert_eq!(object, expected);
    }
}
