//! Opening a library by a relative path. This file has one test, since that one changes the
//! process's working folder.

use std::path::Path;

use xla_sys::{Library, LoadError};

#[test]
fn a_name_without_a_slash_is_a_file_in_the_working_folder_and_not_a_library_of_the_system() {
    let folder = std::env::temp_dir().join(format!("xla-sys-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    // A library of this name is in the system's folders as well, and opens.
    std::fs::write(folder.join("libc.so.6"), b"\x7fELF and no more").unwrap();
    std::env::set_current_dir(&folder).unwrap();
    // SAFETY: nothing of the file can run.
    let opened = unsafe { Library::open(Path::new("libc.so.6")) };
    std::fs::remove_dir_all(&folder).unwrap();
    let Err(LoadError::Refused { path, .. }) = opened else { panic!("{opened:?}") };
    assert_eq!(path.file_name().unwrap(), "libc.so.6");
    assert!(path.is_absolute(), "{path:?}");
}
