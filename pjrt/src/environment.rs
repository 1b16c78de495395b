//! Environment variables that plugins read while they are loaded.

use std::path::Path;
use std::sync::Once;

/// What every plugin reads, and why it is given a value.
const ALWAYS: [(&str, &str); 1] = [
    // Otherwise plugins narrate on standard error; warnings and errors still appear.
    ("TF_CPP_MIN_LOG_LEVEL", "1"),
];

/// What libtpu reads, and why it needs a value on a machine without a TPU. With one, the metadata
/// server and the lock are real, and nothing is set.
const WITHOUT_TPU: [(&str, &str); 6] = [
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

/// Sets what plugins read, unless the user has set it; to be called before one is loaded.
pub(crate) fn prepare() {
    // Once, since threads of a plugin may read the environment at any time from then on.
    static PREPARED: Once = Once::new();
    PREPARED.call_once(|| {
        let has_tpu = ["/dev/accel0", "/dev/vfio/0"].iter().any(|path| Path::new(path).exists());
        let without_tpu: &[_] = if has_tpu { &[] } else { &WITHOUT_TPU };
        for (name, value) in ALWAYS.iter().chain(without_tpu) {
            if std::env::var_os(name).is_none() {
                // SAFETY: Rust's own accesses are synchronised with this one, and no plugin has
                // been loaded whose threads could read the environment past the lock.
                unsafe { std::env::set_var(name, value) };
            }
        }
    });
}
