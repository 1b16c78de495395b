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
