//! The commands that mend what is missing.

use std::path::Path;

use pjrt::install::{FindError, Found, PipError, Source};

use super::super::hardware::{Missing, System};
use super::super::quoted;
use super::probe::Answer;
use super::{folder, in_words};

/// A plugin for the platform `name` was not found.
pub(super) fn of_search(error: &FindError, name: &str) -> Missing {
    match error {
        FindError::Missing { damaged: None, .. } => {
            Missing::new("there is no plugin", Some(format!("hetxl plugin install {name}")))
        }
        FindError::Missing { damaged: Some(path), .. } => {
            let what = format!("the plugin {} is damaged", path.display());
            Missing::new(what, Some(format!("hetxl plugin install {name}")))
        }
        FindError::NoFile { origin, .. } => Missing::new(in_words(error), unset(*origin)),
        _ => Missing::new(in_words(error), unset(Source::NamesAndLibraryPaths)),
    }
}

/// A plugin was found and can't be used; none if it can.
pub(super) fn of_answer(answer: &Answer, found: &Found, system: System) -> Option<Missing> {
    let problem = answer.problem.as_ref()?;
    Some(Missing::new(problem, command(problem, found, system)))
}

fn command(problem: &str, found: &Found, system: System) -> Option<String> {
    if problem.contains("libstdc++.so.6: cannot open shared object file") {
        return system.install("libstdc++6", "libstdc++");
    }
    // No command brings what the system's own libraries are too old for.
    if problem.contains("cannot open shared object file") || problem.contains("version `GLIBC") {
        return None;
    }
    match (found.source, &found.name) {
        (Source::Cache, Some(name)) => {
            let folder = folder(&found.path).display().to_string();
            Some(format!("rm -r {} && hetxl plugin install {name}", quoted(&folder)))
        }
        // What is installed is found before the packages of Python.
        (Source::Python, Some(name)) => Some(format!("hetxl plugin install {name}")),
        (source, _) => unset(source),
    }
}

fn unset(origin: Source) -> Option<String> {
    match origin {
        Source::Plugin | Source::NamesAndLibraryPaths => Some(format!("unset {origin}")),
        _ => None,
    }
}

/// There is nowhere to install to, or nothing can be written there.
pub(super) fn of_cache(folder: Option<&Path>) -> Missing {
    let what = match folder {
        Some(folder) => format!("the cache folder {} cannot be written", folder.display()),
        None => "there is no cache folder to install plugins into".to_owned(),
    };
    Missing::new(what, Some("export HETXL_CACHE=/var/tmp/hetxl".to_owned()))
}

/// Nothing can be downloaded.
pub(super) fn of_pip(error: &PipError, system: System) -> Missing {
    match error {
        PipError::NoPython { .. } => Missing::new(
            "there is no python3",
            system.install("python3 python3-pip", "python3-pip"),
        ),
        _ => {
            // Debian takes this module out of its own Python.
            let remedy = system.install("python3-pip", "python3-pip").filter(|_| is_system_s());
            let remedy = remedy.unwrap_or_else(|| "python3 -m ensurepip".to_owned());
            Missing::new("python3 has no pip", Some(remedy))
        }
    }
}

/// Whether the `python3` on the search path is the system's.
fn is_system_s() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let python = std::env::split_paths(&path).map(|it| it.join("python3")).find(|it| it.is_file());
    python.is_some_and(|python| ["/usr/bin", "/bin"].iter().any(|it| python.starts_with(it)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn remedy(problem: &str, source: Source) -> Option<String> {
        let path = PathBuf::from("/my cache/plugins/cpu-1/p.so");
        let found = Found { name: Some("cpu".to_owned()), path, source };
        let answer = Answer { problem: Some(problem.to_owned()), ..Answer::default() };
        of_answer(&answer, &found, System::Debian).unwrap().remedy
    }

    #[test]
    fn a_library_that_the_plugin_needs_is_installed_by_the_system() {
        // As glibc's loader says it.
        let text = "the system refuses to load /p.so: libstdc++.so.6: cannot open shared object \
                    file: No such file or directory; check that it is whole";
        assert_eq!(remedy(text, Source::Cache).unwrap(), "sudo apt-get install libstdc++6");
        let old = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found";
        assert_eq!(remedy(old, Source::Cache), None);
        let other = "libtbb.so.2: cannot open shared object file: No such file or directory";
        assert_eq!(remedy(other, Source::Cache), None);
    }

    #[test]
    fn a_broken_plugin_is_mended_where_it_comes_from() {
        let broken = "loading it ends the process (signal: 7 (SIGBUS))";
        assert_eq!(
            remedy(broken, Source::Cache).unwrap(),
            "rm -r '/my cache/plugins/cpu-1' && hetxl plugin install cpu"
        );
        assert_eq!(remedy(broken, Source::Python).unwrap(), "hetxl plugin install cpu");
        assert_eq!(remedy(broken, Source::Plugin).unwrap(), "unset HETXL_PLUGIN");
        let named = remedy(broken, Source::NamesAndLibraryPaths).unwrap();
        assert_eq!(named, "unset PJRT_NAMES_AND_LIBRARY_PATHS");
    }
}
