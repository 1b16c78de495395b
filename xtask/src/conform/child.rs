//! The process that a plugin is tried in, so that one that ends it costs the case alone.

use std::io::{BufRead, BufReader, Read, Seek, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use pjrt::Plugin;
use serde::{Deserialize, Serialize};

use super::case::Finding;
use super::cases::areas;
use super::report::{About, Report};
use super::subject::Subject;

/// Longer than any case takes, and a plugin is hanging.
const PATIENCE: Duration = Duration::from_secs(120);

/// A line on the child's standard output. Others may be the plugin's own.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Message {
    About(About),
    Finding(Finding),
}

/// Tries the cases from the one at `first` on, and prints what becomes of each.
pub(super) fn serve(library: &Path, first: usize) -> Result<()> {
    let subject = Subject::new(Plugin::load(library)?);
    say(&Message::About(About::of(&subject.plugin)?))?;
    for case in areas().into_iter().flat_map(|area| area.cases).skip(first) {
        say(&Message::Finding(case.run(&subject)))?;
    }
    Ok(())
}

fn say(message: &Message) -> Result<()> {
    let mut out = std::io::stdout().lock();
    // A plugin may have left a line unfinished.
    writeln!(out, "\n{}", serde_json::to_string(message)?)?;
    Ok(out.flush()?)
}

/// Tries every case on the plugin called `name`, with a new process after each that ends one.
pub(super) fn run_all(name: &str, library: &Path) -> Result<Report> {
    let count: usize = areas().iter().map(|area| area.cases.len()).sum();
    let mut about = None;
    let mut findings = Vec::new();
    while findings.len() < count {
        let mut process = Process::start(library, findings.len())?;
        let end = process.listen(&mut about, &mut findings);
        match end {
            End::Left(status) if about.is_none() => {
                bail!("{name} can't be loaded ({status}): {}", process.last_words())
            }
            End::Left(status) if findings.len() < count => {
                let words = format!("{}: {}", told(status), process.last_words());
                findings.push(Finding::failed(words));
            }
            End::Left(status) if !status.success() => {
                bail!("after its last case {name} {}: {}", told(status), process.last_words())
            }
            End::Left(_) => {}
            End::Hanging => {
                let words = format!("no end after {} s", PATIENCE.as_secs());
                findings.push(Finding::failed(words));
            }
        }
    }
    let about = about.with_context(|| format!("{name} was not tried"))?;
    // Words name the plugin, and not where it lies on this machine.
    for finding in &mut findings {
        finding.words = finding.words.replace(&*library.to_string_lossy(), name);
    }
    Ok(Report::new(name, about, areas(), findings))
}

fn told(status: ExitStatus) -> String {
    match status.signal() {
        Some(signal) => format!("ended by signal {signal}"),
        None => format!("ended the process with {status}"),
    }
}

/// How a child went.
enum End {
    Left(ExitStatus),
    Hanging,
}

struct Process {
    child: Child,
    lines: Receiver<String>,
    /// What it wrote to standard error.
    words: std::fs::File,
}

impl Process {
    fn start(library: &Path, first: usize) -> Result<Self> {
        let words = tempfile::tempfile()?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg("conform")
            .arg(library)
            .arg(format!("--from={first}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words.try_clone()?)
            .spawn()?;
        let out = BufReader::new(child.stdout.take().context("the child has an output")?);
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, lines, words })
    }

    /// Takes in what the child tells until it ends, or says nothing for too long.
    fn listen(&mut self, about: &mut Option<About>, findings: &mut Vec<Finding>) -> End {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => match serde_json::from_str(&line) {
                    Ok(Message::About(told)) => *about = Some(told),
                    Ok(Message::Finding(finding)) => findings.push(finding),
                    Err(_) => {}
                },
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait();
                    return status.map_or(End::Hanging, End::Left);
                }
                Err(RecvTimeoutError::Timeout) => return End::Hanging,
            }
        }
    }

    /// The last line that the child wrote to standard error.
    fn last_words(&mut self) -> String {
        let mut text = Vec::new();
        let read = self.words.rewind().and_then(|()| self.words.read_to_end(&mut text));
        let text = String::from_utf8_lossy(&text);
        let last = text.lines().rfind(|line| !line.trim().is_empty());
        last.filter(|_| read.is_ok()).unwrap_or("it said nothing").trim().to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that hangs is of no more use; of one that has ended there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
