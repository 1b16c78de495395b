//! Environment variables that plugins read, set before a plugin is loaded.

use std::ffi::OsStr;
use std::path::Path;

use crate::tpu_chips;

/// A variable's name and the value it is given.
type Variable = (&'static str, &'static str);

/// What every plugin reads, and why it is given a value.
const ALWAYS: &[Variable] = &[
    // Otherwise plugins narrate on standard error; warnings and errors still appear.
    ("TF_CPP_MIN_LOG_LEVEL", "1"),
];

/// What libtpu reads, and why it needs a value on a machine without a TPU. With one, the metadata
/// server and the lock are real, and nothing is set.
const LIBTPU_WITHOUT_TPU: &[Variable] = &[
    // Otherwise it asks a metadata server that doesn't exist, for ten minutes.
    ("TPU_SKIP_MDS_QUERY", "1"),
    // Otherwise a second process that compiles ahead of time is refused.
    ("ALLOW_MULTIPLE_LIBTPU_LOAD", "1"),
    // Otherwise it leaves two log files per process in the temporary folder.
    ("TPU_LOG_DIR", "disabled"),
    // Otherwise it warns that it can't tell what it runs on. They restrict nothing.
    ("TPU_ACCELERATOR_TYPE", "v3-8"),
    ("TPU_WORKER_HOSTNAMES", "localhost"),
    ("TPU_WORKER_ID", "0"),
];

/// Sets what the plugin at `path` reads, unless it is set; to be called before the plugin is
/// loaded, and by one thread at a time.
pub(crate) fn prepare(path: &Path) {
    for (name, value) in of(path, !tpu_chips().is_empty()) {
        if std::env::var_os(name).is_none() {
            // SAFETY: Rust's own accesses are synchronised with this one. C code that reads the
            // environment in another thread isn't: `Plugin::load` documents that there may be none,
            // which no function can check.
            unsafe { std::env::set_var(name, value) };
        }
    }
}

fn of(path: &Path, has_tpu: bool) -> impl Iterator<Item = &'static Variable> {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    let libtpu = if name.contains("libtpu") && !has_tpu { LIBTPU_WITHOUT_TPU } else { &[] };
    ALWAYS.iter().chain(libtpu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_libtpu_are_for_libtpu_on_a_machine_without_a_tpu() {
        let names = |path: &str, has_tpu| {
            of(Path::new(path), has_tpu).map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let log_level = "TF_CPP_MIN_LOG_LEVEL";
        assert_eq!(names("/libtpu/libpjrt_cpu.so", false), [log_level]);
        assert_eq!(names("/plugins/libtpu.so", true), [log_level]);
        let without_tpu = names("/plugins/libtpu-0.0.52.so", false);
        assert!(without_tpu.contains(&log_level) && without_tpu.contains(&"TPU_SKIP_MDS_QUERY"));
    }
}
