//! Loading a plugin in a process of its own, which a broken one may end.

use std::env;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use pjrt::{Extension, Plugin};
use serde::{Deserialize, Serialize};

/// The option of `hetxl doctor` that makes it the process which loads a plugin.
pub(super) const OPTION: &str = "probe";

/// Longer than any plugin was seen to take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a plugin tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// The version of the PJRT interface.
    pub(super) interface: Option<String>,
    /// The version of StableHLO.
    pub(super) stablehlo: Option<String>,
    /// The platform whose hardware it needs; none for a CPU's.
    pub(super) accelerator: Option<String>,
    /// Why it can't be used.
    pub(super) problem: Option<String>,
}

impl Answer {
    fn problem(problem: impl Into<String>) -> Self {
        Self { problem: Some(problem.into()), ..Self::default() }
    }

    /// Asks the plugin, in this process.
    pub(super) fn of(path: &Path) -> Self {
        let answer = || {
            let plugin = Plugin::load(path)?;
            let stablehlo = plugin.stablehlo_version()?;
            Ok::<_, pjrt::Error>(Self {
                interface: Some(plugin.api_version().to_string()),
                stablehlo: stablehlo
                    .map(|[major, minor, patch]| format!("{major}.{minor}.{patch}")),
                accelerator: accelerator(&plugin.extensions()?).map(str::to_owned),
                problem: None,
            })
        };
        answer().unwrap_or_else(|error| Self::problem(error.to_string()))
    }
}

/// What a plugin is for, told by what it has beyond the interface.
fn accelerator(extensions: &[Extension]) -> Option<&'static str> {
    let has = |extension| extensions.contains(&extension);
    if has(Extension::TPU_TOPOLOGY) {
        return Some("tpu");
    }
    has(Extension::GPU_CUSTOM_CALL).then_some("cuda12")
}

/// A process that loads a plugin.
pub(super) struct Probe {
    child: Child,
    started: Instant,
    /// What is said on standard error; a pipe would stop a plugin that says much.
    words: File,
}

impl Probe {
    pub(super) fn start(path: &Path) -> io::Result<Self> {
        let words = tempfile::tempfile()?;
        let child = Command::new(env::current_exe()?)
            .args(["doctor", &format!("--{OPTION}")])
            .arg(path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(words.try_clone()?)
            .spawn()?;
        Ok(Self { child, started: Instant::now(), words })
    }

    /// Waits for the answer. What a plugin says on its own is told only where it says no more.
    pub(super) fn answer(mut self) -> Answer {
        match self.wait() {
            Ok(Some(status)) if status.success() => {
                let mut text = String::new();
                let read = self.child.stdout.take().map(|mut it| it.read_to_string(&mut text));
                let answer = read.and_then(|_| serde_json::from_str(text.lines().last()?).ok());
                answer.unwrap_or_else(|| self.fault("gives no answer"))
            }
            Ok(Some(status)) => self.fault(&format!("ends the process ({status})")),
            Ok(None) => self.fault(&format!("takes longer than {} s", PATIENCE.as_secs())),
            Err(error) => self.fault(&format!("cannot be waited for: {error}")),
        }
    }

    fn fault(&mut self, what: &str) -> Answer {
        let mut said = String::new();
        let read = self.words.rewind().and_then(|()| self.words.read_to_string(&mut said));
        let last = said.lines().rfind(|line| read.is_ok() && !line.trim().is_empty());
        let last = last.map_or(String::new(), |line| format!("; its last words: {line}"));
        Answer::problem(format!("loading it {what}{last}"))
    }

    /// How the process ended; `None` where it had to be ended.
    fn wait(&mut self) -> io::Result<Option<ExitStatus>> {
        while self.started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.child.kill()?;
        self.child.wait()?;
        Ok(None)
    }
}
