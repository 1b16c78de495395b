//! Commands that run programs of any origin do so in a process of their own: some programs end the
//! process inside the compiler, such as one whose function calls itself.

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode};

use hetxl::{Error, Result};
use rustix::process::{Signal, set_parent_process_death_signal};

/// Set in the process of the command's own.
const APART: &str = "HETXL_APART";

/// Does `work` in a process of its own with the same arguments: here, if this is that process.
pub(super) fn apart(work: impl FnOnce() -> Result<ExitCode>) -> Result<ExitCode> {
    if env::var_os(APART).is_some() {
        // Whoever ends the command ends the work.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
        return work();
    }
    // A system without room for another process, or on which this file has been replaced since,
    // can still do the work here.
    let Ok(program) = env::current_exe() else { return work() };
    let mut command = Command::new(program);
    let Ok(status) = command.args(env::args_os().skip(1)).env(APART, "1").status() else {
        return work();
    };
    match status.code() {
        Some(code) => Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)),
        None => Err(Error::Ended { signal: status.signal().unwrap_or_default() }),
    }
}
