//! `SUPPORT.md`: what `pjrt` can do on each plugin, made by trying it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use pjrt::install::{Environment, Source, Wheel};

use crate::conform::{self, Line, Outcome, Report};

/// The columns. `--check` installs the first three where they are missing, and compares the others
/// where they are installed.
const PLUGINS: [&str; 5] = ["cpu", "cpu-zml", "cpu-openxla", "tpu", "cuda12"];

/// The plugins that every machine has the devices for.
const CPUS: [&str; 3] = ["cpu", "cpu-zml", "cpu-openxla"];

/// What to do with the matrix.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing; tries the CPU plugins and those of the others that are installed, and fails
    /// if their columns would change
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../SUPPORT.md");
    let environment =
        Environment { plugin: None, names_and_library_paths: None, ..Environment::from_process() };
    let mut reports = Vec::new();
    for name in PLUGINS {
        if arguments.check && !CPUS.contains(&name) && !is_installed(&environment, name) {
            eprintln!("{name} isn't installed: its column is not compared");
            continue;
        }
        let library = environment.install(name, &mut |step| eprintln!("{step}"))?;
        let report = conform::report(name, &library)?;
        if !CPUS.contains(&name) && report.about.without_device.is_none() {
            // Its column tells what can be done anywhere.
            if !arguments.check {
                bail!("the devices of {name} are here: make the matrix on a machine without them");
            }
            eprintln!("the devices of {name} are here: its column is not compared");
            continue;
        }
        reports.push(report);
    }
    let made = matrix(&reports);
    if !arguments.check {
        return fs::write(&path, made).with_context(|| format!("writing {}", path.display()));
    }
    let committed = fs::read_to_string(&path).context("reading SUPPORT.md")?;
    reports.iter().try_for_each(|report| compare(&committed, &made, &report.plugin))
}

/// Whether the cache holds this build, rather than Python another one.
fn is_installed(environment: &Environment, name: &str) -> bool {
    environment.find(name, None).is_ok_and(|found| found.source == Source::Cache)
}

/// Fails if two matrices say different things of a plugin.
fn compare(committed: &str, made: &str, plugin: &str) -> Result<()> {
    let (committed, made) = (said_of(committed, plugin), said_of(made, plugin));
    if committed == made {
        return Ok(());
    }
    let gone =
        committed.iter().filter(|line| !made.contains(line)).map(|line| format!("\n- {line}"));
    let new =
        made.iter().filter(|line| !committed.contains(line)).map(|line| format!("\n+ {line}"));
    bail!(
        "SUPPORT.md isn't what {plugin} does; run `cargo run -p xtask -- support` and commit the \
         result{}",
        gone.chain(new).collect::<String>()
    );
}

/// The lines of a matrix that speak of a plugin: of tables, the rows in which it has a mark.
fn said_of(matrix: &str, plugin: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut column = None;
    let (mut chapter, mut section) = ("", "");
    for line in matrix.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        chapter = line.strip_prefix("## ").unwrap_or(chapter);
        section = line.strip_prefix("### ").unwrap_or(section);
        if !line.starts_with('|') {
            column = None;
            let of_plugin = section.is_empty() || section == plugin;
            if of_plugin && !line.is_empty() {
                said.push(line.to_owned());
            }
        } else if let Some(column) = column {
            let mark: &str = cells.get(column).copied().unwrap_or_default();
            if !mark.is_empty() {
                said.push(format!("{chapter}, {}: {mark}", cells[1]));
            }
        } else {
            let head = format!("`{plugin}`");
            column = cells.iter().position(|cell| *cell == head);
        }
    }
    said
}

const HEAD: &str = "\
# What works on which plugin

Made by `cargo run -p xtask -- support`, which tries every capability of the crate
[`pjrt`](pjrt/src/lib.rs) on each plugin; what is typed here by hand is lost. CI makes the columns of
the CPU plugins anew on every change, and the others where it has the plugin.
`cargo run -p xtask -- conform PLUGIN` tries another plugin, by name or by the path of its library.

| | |
|---|---|
| ✓ | works, with the right numbers; where there is no device, what compiles is right as far as can be told without running it |
| – | the plugin says that it doesn't do this, in the words below |
| ✗ | a wrong number, another error, or the end of the process, in the words below |
| | not tried: it takes a device or a tool that wasn't there, or that there is none |

";

/// The whole document. What it says of a plugin hangs on no other: a column of the tables, and a
/// section.
fn matrix(reports: &[Report]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("## Plugins\n\n");
    let rows = [
        row("package", reports, |report| {
            let wheel = Wheel::named(&report.plugin);
            wheel.map_or_else(String::new, |it| format!("{} {}", it.package, it.version))
        }),
        row("PJRT", reports, |report| report.about.pjrt.clone()),
        row("StableHLO", reports, |report| report.about.stablehlo.clone().unwrap_or_default()),
        row("tried", reports, |report| {
            let without = report.about.without_device.as_ref();
            without.map_or_else(|| "on devices".to_owned(), |it| format!("compiling only, {it}"))
        }),
        row("works", reports, |report| report.count(Outcome::Supported).to_string()),
        row("doesn't", reports, |report| report.count(Outcome::Unsupported).to_string()),
        row("fails", reports, |report| report.count(Outcome::Failed).to_string()),
        row("not tried", reports, |report| report.count(Outcome::NotRun).to_string()),
    ];
    table(&mut text, reports, rows);
    let lines = reports.first().map_or(&[][..], |report| &report.cases);
    for area in lines.chunk_by(|one, next| one.area == next.area) {
        let name = area[0].area;
        let _ = writeln!(text, "\n## {name}\n");
        let rows = area.iter().map(|line| {
            row(&line.name, reports, |report| mark(report, name, &line.name).to_owned())
        });
        table(&mut text, reports, rows);
    }
    text.push_str(
        "\n## Extensions\n\nOf the interface; those that a plugin has, used here or not.\n\n",
    );
    let mut extensions: Vec<&String> =
        reports.iter().flat_map(|report| &report.about.extensions).collect();
    extensions.sort();
    extensions.dedup();
    let rows = extensions.into_iter().map(|extension| {
        row(extension, reports, |report| {
            if report.about.extensions.contains(extension) { "✓" } else { "" }.to_owned()
        })
    });
    table(&mut text, reports, rows);
    text.push_str("\n## What plugins say\n");
    for report in reports {
        let _ = writeln!(text, "\n### {}\n", report.plugin);
        for (words, lines) in words(report) {
            let areas = lines.chunk_by(|one, next| one.area == next.area).map(|area| {
                let names: Vec<_> = area.iter().map(|line| line.name.as_str()).collect();
                format!("*{}*: {}", area[0].area, names.join(", "))
            });
            let _ = writeln!(text, "- `{words}`\\\n  {}", areas.collect::<Vec<_>>().join("; "));
        }
    }
    text
}

fn mark(report: &Report, area: &str, name: &str) -> &'static str {
    let line = report.cases.iter().find(|line| line.area == area && line.name == name);
    match line.map(|line| line.finding.outcome) {
        Some(Outcome::Supported) => "✓",
        Some(Outcome::Unsupported) => "–",
        Some(Outcome::Failed) => "✗",
        Some(Outcome::NotRun) | None => "",
    }
}

/// What a plugin says of what it doesn't do or fails at, and the capabilities that it says so of.
fn words(report: &Report) -> BTreeMap<String, Vec<&Line>> {
    let mut words: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in &report.cases {
        if matches!(line.finding.outcome, Outcome::Unsupported | Outcome::Failed) {
            // On one line, and nothing in it that would end the code that it stands in.
            let said = line.finding.words.split_whitespace().collect::<Vec<_>>().join(" ");
            words.entry(said.replace('`', "'")).or_default().push(line);
        }
    }
    words
}

fn row(name: &str, reports: &[Report], cell: impl Fn(&Report) -> String) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(reports.iter().map(cell)).collect()
}

fn table(text: &mut String, reports: &[Report], rows: impl IntoIterator<Item = Vec<String>>) {
    let head = row("", reports, |report| format!("`{}`", report.plugin));
    let _ = writeln!(text, "| {} |", head.join(" | "));
    let _ = writeln!(text, "|---|{}", ":-:|".repeat(reports.len()));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of two plugins; the second has a mark, or none, in the second row.
    fn two(mark: &str) -> String {
        format!(
            "# Title\n\n## All\n\n| | `one` | `other` |\n|---|:-:|:-:|\n| a | ✓ | – |\n| b | ✓ | {mark} |\n\n\
             ### one\n\n- says nothing\n\n### other\n\n- no `a`\n"
        )
    }

    #[test]
    fn what_is_said_of_a_plugin_is_its_column_and_its_section() {
        assert_eq!(
            said_of(&two("✓"), "other"),
            [
                "# Title",
                "## All",
                "All, ---: :-:",
                "All, a: –",
                "All, b: ✓",
                "### other",
                "- no `a`"
            ]
        );
    }

    #[test]
    fn a_column_that_changed_is_named_with_both_marks_and_no_other_is() {
        let (committed, made) = (two("✓"), two("–"));
        assert!(compare(&committed, &made, "one").is_ok());
        let error = compare(&committed, &made, "other").unwrap_err();
        assert_eq!(
            error.to_string(),
            "SUPPORT.md isn't what other does; run `cargo run -p xtask -- support` and commit the \
             result\n- All, b: ✓\n+ All, b: –"
        );
    }

    #[test]
    fn what_is_said_of_a_plugin_hangs_on_no_other() {
        let alone = "# Title\n\n## All\n\n| | `one` |\n|---|:-:|\n| a | ✓ |\n| b | ✓ |\n\n### one\n\n- says nothing\n";
        assert!(compare(&two("✓"), alone, "one").is_ok());
    }

    #[test]
    fn a_plugin_that_has_no_column_yet_differs() {
        assert!(compare("# Title\n", &two("✓"), "other").is_err());
    }
}
