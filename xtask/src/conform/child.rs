//! The process that a plugin is tried in, so that one that ends it costs the case alone.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
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
    say(&Message::About(About::of(&subject)?))?;
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

/// Tries every case on the plugin called `name`.
pub(super) fn run_all(name: &str, library: &Path) -> Result<Report> {
    let program = std::env::current_exe()?;
    let command = |first| {
        let mut command = Command::new(&program);
        command.arg("conform").arg(library).arg(format!("--from={first}"));
        command
    };
    let areas = areas();
    let count = areas.iter().map(|area| area.cases.len()).sum();
    let (about, mut findings) =
        listen(count, PATIENCE, &command).with_context(|| format!("trying {name}"))?;
    // Words name the plugin, and not where it lies on this machine.
    for finding in &mut findings {
        finding.words = finding.words.replace(&*library.to_string_lossy(), name);
    }
    Ok(Report::new(name, about, areas, findings))
}

/// What children find of `count` cases, each begun by `command` for the cases from its argument on:
/// a new one after each that ended, or said nothing for longer than `patience`.
fn listen(
    count: usize,
    patience: Duration,
    command: &dyn Fn(usize) -> Command,
) -> Result<(About, Vec<Finding>)> {
    let mut about = None;
    let mut findings = Vec::new();
    loop {
        let mut process = Process::start(command(findings.len()))?;
        let end = process.listen(patience, &mut about, &mut findings)?;
        let words = match end {
            Some(status) => format!("{}: {}", told(status), process.last_words()),
            None => format!("no end after {} s", patience.as_secs_f32()),
        };
        match about {
            None => bail!("the plugin can't be loaded: {words}"),
            Some(_) if findings.len() < count => findings.push(Finding::failed(words)),
            Some(_) if !end.is_some_and(|status| status.success()) => {
                bail!("after the last case: {words}")
            }
            Some(about) => return Ok((about, findings)),
        }
        if findings.len() == count {
            return Ok((about.context("it was loaded")?, findings));
        }
    }
}

fn told(status: ExitStatus) -> String {
    match status.signal() {
        Some(signal) => format!("ended by signal {signal}"),
        None => status.to_string(),
    }
}

struct Process {
    child: Child,
    lines: Receiver<String>,
    /// What it wrote to standard error.
    words: File,
}

impl Process {
    fn start(mut command: Command) -> Result<Self> {
        let words = tempfile::tempfile()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(words.try_clone()?);
        let mut child = command.spawn()?;
        let out = BufReader::new(child.stdout.take().context("the child has an output")?);
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.split(b'\n').map_while(Result::ok) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, lines, words })
    }

    /// Takes in what the child tells until it ends; without a status if it says nothing for too
    /// long.
    fn listen(
        &mut self,
        patience: Duration,
        about: &mut Option<About>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<ExitStatus>> {
        loop {
            match self.lines.recv_timeout(patience) {
                Ok(line) => match serde_json::from_str(&line) {
                    Ok(Message::About(told)) => *about = Some(told),
                    Ok(Message::Finding(finding)) => findings.push(finding),
                    Err(_) => {}
                },
                Err(RecvTimeoutError::Disconnected) => return Ok(Some(self.child.wait()?)),
                Err(RecvTimeoutError::Timeout) => return Ok(None),
            }
        }
    }

    /// Why the child ended, as far as its standard error tells: the last fatal line, or else the
    /// last one.
    fn last_words(&mut self) -> String {
        let mut text = Vec::new();
        let read = self.words.rewind().and_then(|()| self.words.read_to_end(&mut text));
        let text = String::from_utf8_lossy(if read.is_ok() { &text } else { &[] });
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
        let fatal = |line: &&str| {
            line.strip_prefix('F')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let line = lines().rfind(fatal).or_else(|| lines().next_back());
        // Without the time and the thread that plugins begin a line with.
        let message = line.map(|line| line.split_once("] ").map_or(line, |(_, message)| message));
        message.unwrap_or("it said nothing").to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that hangs is of no more use; of one that has ended there is nothing left to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::super::case::Outcome;
    use super::*;

    const ABOUT: &str = r#"echo '{"about": {"pjrt": "0.115", "stablehlo": null, "extensions": [], "without_device": null}}'"#;
    const FOUND: &str = r#"echo '{"finding": {"outcome": "supported"}}'"#;

    /// What comes of three cases, where the child that begins with case n runs a script's n-th line.
    fn outcomes(script: [&str; 3]) -> Result<Vec<(Outcome, String)>> {
        let command = |first: usize| {
            let mut command = Command::new("sh");
            command.arg("-c").arg(format!("{ABOUT}\n{}", script[first]));
            command
        };
        let (about, findings) = listen(3, Duration::from_millis(500), &command)?;
        assert_eq!(about.pjrt, "0.115");
        Ok(findings.into_iter().map(|finding| (finding.outcome, finding.words)).collect())
    }

    fn supported() -> (Outcome, String) {
        (Outcome::Supported, String::new())
    }

    #[test]
    fn a_case_that_ends_the_process_costs_no_other() {
        let first =
            format!("{FOUND}\necho noise\nprintf 'more noise'\necho oh no >&2\nkill -ABRT $$");
        let failed = (Outcome::Failed, "ended by signal 6: oh no".to_owned());
        let found = outcomes([&first, "", FOUND]).unwrap();
        assert_eq!(found, [supported(), failed, supported()]);
    }

    #[test]
    fn the_reason_is_the_fatal_line_without_time_and_thread() {
        let first = "echo 'F1122 04:14:43.79 26949 shape.h:7] Check failed: size > 0' >&2
            echo 'E1122 04:14:43.79 26949 state.cc:1] raising' >&2\nkill -ABRT $$";
        let failed = (Outcome::Failed, "ended by signal 6: Check failed: size > 0".to_owned());
        assert_eq!(outcomes([first, &format!("{FOUND}\n{FOUND}"), ""]).unwrap()[0], failed);
    }

    #[test]
    fn a_case_that_ends_the_process_without_a_signal_has_failed_as_well() {
        let first = format!("{FOUND}\n{FOUND}\nexit 1");
        let failed = (Outcome::Failed, "exit status: 1: it said nothing".to_owned());
        assert_eq!(outcomes([&first, "", ""]).unwrap(), [supported(), supported(), failed]);
    }

    #[test]
    fn a_case_without_an_end_is_given_up() {
        let first = format!("{FOUND}\nexec sleep 600");
        let failed = (Outcome::Failed, "no end after 0.5 s".to_owned());
        let found = outcomes([&first, "", FOUND]).unwrap();
        assert_eq!(found, [supported(), failed, supported()]);
    }

    #[test]
    fn an_end_that_comes_after_the_last_case_is_an_error() {
        let all = format!("{FOUND}\n{FOUND}\n{FOUND}\nkill -SEGV $$");
        let error = outcomes([&all, "", ""]).unwrap_err();
        assert_eq!(error.to_string(), "after the last case: ended by signal 11: it said nothing");
    }

    #[test]
    fn a_plugin_that_cannot_be_loaded_is_an_error_with_its_words() {
        let command = |_| {
            let mut command = Command::new("sh");
            command.args(["-c", "echo not a plugin >&2; exit 1"]);
            command
        };
        let error = listen(3, PATIENCE, &command).unwrap_err();
        assert_eq!(error.to_string(), "the plugin can't be loaded: exit status: 1: not a plugin");
    }
}
