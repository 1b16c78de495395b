//! Environment variables that plugins read while they are loaded.

use std::path::Path;

/// What libtpu reads, and why it needs a value on a machine without a TPU.
const WITHOUT_TPU: [(&str, &str); 3] = [
    // Otherwise it asks a metadata server that doesn't exist, for ten minutes.
    ("TPU_SKIP_MDS_QUERY", "1"),
    // Otherwise a second process that compiles ahead of time is refused.
    ("ALLOW_MULTIPLE_LIBTPU_LOAD", "1"),
    // Otherwise it leaves two log files per process in the temporary folder.
    ("TPU_LOG_DIR", "disabled"),
];

/// Sets what the plugin at `path` reads, unless the user has set it.
///
/// On a machine with a TPU nothing is set: there the metadata server and the lock are real.
pub(crate) fn prepare(path: &Path) {
    let is_libtpu = path.file_name().is_some_and(|name| name.to_string_lossy().contains("libtpu"));
    let has_tpu = ["/dev/accel0", "/dev/vfio/0"].iter().any(|device| Path::new(device).exists());
    if !is_libtpu || has_tpu {
        return;
    }
    for (name, value) in WITHOUT_TPU {
        if std::env::var_os(name).is_none() {
            // SAFETY: the standard library's own accesses are synchronised; foreign code that reads
            // the environment at this moment could only be a plugin loaded before, and plugins read
            // it while they are initialised, which the registry's lock serialises with this.
            unsafe { std::env::set_var(name, value) };
        }
    }
}
