//! Commands that run programs of any origin do so in a process of their own: some programs end the
//! process inside the compiler, such as one whose function calls itself.

use std::env;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode};

use hetxl::{Error, Result};
use rustix::process::{Signal, set_parent_process_death_signal};

/// Set in the process of the command's own.
const APART: &str = "HETXL_APART";

/// Does `work` in a process of its own with the same arguments: here, if this is that process.
pub(super) fn apart(work: impl FnOnce() -> Result<ExitCode>) -> Result<ExitCode> {
    if end_with_parent() {
        return work();
    }
    // A system without room for another process, or on which this file has been replaced since,
    // can still do the work here.
    let Ok(mut command) = command() else { return work() };
    let Ok(status) = command.args(env::args_os().skip(1)).status() else {
        return work();
    };
    match status.code() {
        Some(code) => Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)),
        None => Err(Error::Ended { signal: status.signal().unwrap_or_default() }),
    }
}

/// This program once more, in a process that does a command's work.
pub(super) fn command() -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.env(APART, "1");
    Ok(command)
}

/// Whether this is such a process. If so, whoever ends the command ends the work.
pub(super) fn end_with_parent() -> bool {
    let is_apart = env::var_os(APART).is_some();
    if is_apart {
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
    is_apart
}
