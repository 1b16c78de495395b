//! Checkpoints on a real disk: whole, damaged in every way, and on a disk that is full.

use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use hetxl::checkpoint::{Checkpoint, Position, State, Tensors, latest, prune};
use hetxl::model::head::ClassHash;
use pjrt::HostArray;

fn checkpoint(step: u64) -> Checkpoint {
    let values = [f32::MIN_POSITIVE / 2.0, -0.0, f32::INFINITY, 0.1, step as f32, 1e-30];
    let kernel = HostArray::from_slice(&[2, 3], &values).unwrap();
    Checkpoint {
        state: State {
            step,
            seed: u64::MAX,
            position: Position { epoch: 3, example: step },
            config_sha256: "ab".repeat(32),
            hash: Some(ClassHash { buckets: 64, seed: 1, signed: true }),
            hetxl: "0.1.0".to_owned(),
        },
        parameters: Tensors::from([
            ("head/loc/kernel".to_owned(), kernel.clone()),
            ("head/tau".to_owned(), HostArray::scalar(f32::NAN)),
        ]),
        optimizer: Tensors::from([
            ("adam/m/head/loc/kernel".to_owned(), kernel),
            ("adam/count".to_owned(), HostArray::scalar(7i32)),
        ]),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    names.sort();
    names
}

/// Saves steps 1 and 2, damages step 2, and gives why it is passed over for step 1.
fn reason(damage: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    checkpoint(1).save(folder.path()).unwrap();
    let second = checkpoint(2).save(folder.path()).unwrap();
    damage(&second);
    let found = latest(folder.path()).unwrap();
    let (path, loaded) = found.checkpoint.unwrap();
    assert_eq!((path, loaded), (folder.path().join("00000001"), checkpoint(1)));
    assert_eq!(found.passed_over.len(), 1);
    found.passed_over[0].to_string().replace(&format!("{}/", second.display()), "")
}

#[test]
fn a_checkpoint_comes_back_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = checkpoint(100).save(folder.path()).unwrap();
    assert_eq!(names(folder.path()), ["00000100"]);
    assert_eq!(Checkpoint::load(&path).unwrap(), checkpoint(100));
}

#[test]
fn saving_a_step_again_replaces_it() {
    let folder = tempfile::tempdir().unwrap();
    checkpoint(5).save(folder.path()).unwrap();
    let mut other = checkpoint(5);
    other.state.seed = 1;
    let path = other.save(folder.path()).unwrap();
    assert_eq!(Checkpoint::load(&path).unwrap(), other);
    assert_eq!(names(folder.path()), ["00000005"]);
}

#[test]
fn a_truncated_file_is_reported_and_passed_over() {
    let reason = reason(|folder| {
        File::options()
            .write(true)
            .open(folder.join("parameters.safetensors"))
            .unwrap()
            .set_len(50)
            .unwrap();
    });
    assert!(reason.starts_with("parameters.safetensors has 50 bytes, expected "), "{reason}");
}

#[test]
fn a_flipped_bit_is_reported_and_passed_over() {
    let reason = reason(|folder| {
        let path = folder.join("optimizer.safetensors");
        let mut contents = fs::read(&path).unwrap();
        *contents.last_mut().unwrap() ^= 1;
        fs::write(path, contents).unwrap();
    });
    assert!(reason.starts_with("optimizer.safetensors has the sha256 "), "{reason}");
}

#[test]
fn a_missing_file_is_reported_and_passed_over() {
    for file in ["state.json", "parameters.safetensors"] {
        let reason = reason(|folder| fs::remove_file(folder.join(file)).unwrap());
        assert_eq!(reason, format!("cannot read {file}: No such file or directory (os error 2)"));
    }
}

#[test]
fn a_state_that_is_cut_or_from_another_format_is_reported_and_passed_over() {
    let reason_of = |change: fn(String) -> String| {
        reason(|folder| {
            let path = folder.join("state.json");
            let contents = fs::read_to_string(&path).unwrap();
            fs::write(path, change(contents)).unwrap();
        })
    };
    let cut = reason_of(|contents| contents[..40].to_owned());
    assert!(cut.starts_with("state.json is not readable as the state of a checkpoint: "), "{cut}");
    let later = reason_of(|contents| contents.replace("\"format\": 1", "\"format\": 2"));
    assert_eq!(
        later,
        "state.json is of format 2 and this version reads format 1; use a newer version"
    );
}

#[test]
fn a_folder_without_checkpoints_has_no_latest_one() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("absent")] {
        let found = latest(&path).unwrap();
        assert!(found.checkpoint.is_none() && found.passed_over.is_empty());
    }
}

#[test]
fn pruning_keeps_the_newest_by_number() {
    let folder = tempfile::tempdir().unwrap();
    for step in [99_999_999, 3, 100_000_000, 20] {
        checkpoint(step).save(folder.path()).unwrap();
    }
    fs::create_dir(folder.path().join("notes")).unwrap();
    prune(folder.path(), 100_000_000, NonZeroUsize::new(2).unwrap()).unwrap();
    assert_eq!(names(folder.path()), ["100000000", "99999999", "notes"]);
}

#[test]
fn pruning_keeps_the_one_that_was_written_last_and_those_after_it() {
    let folder = tempfile::tempdir().unwrap();
    for step in [100, 200, 300, 400, 600] {
        checkpoint(step).save(folder.path()).unwrap();
    }
    prune(folder.path(), 300, NonZeroUsize::MIN).unwrap();
    assert_eq!(names(folder.path()), ["00000300", "00000400", "00000600"]);
}

#[test]
fn what_a_killed_process_left_is_removed_by_the_next_save() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(".saving-x1/new")).unwrap();
    checkpoint(1).save(folder.path()).unwrap();
    assert_eq!(names(folder.path()), ["00000001"]);
}

/// A disk that takes no more is stood for by a limit on the size of files, which any user can set
/// on a process: a write fails halfway in the same manner.
#[test]
fn a_full_disk_gives_one_message_and_leaves_the_checkpoints_as_they_were() {
    const FOLDER: &str = "HETXL_TEST_FULL_DISK";
    let large = |step| {
        let mut large = checkpoint(step);
        let kernel = HostArray::from_slice(&[1 << 16], &[1.0f32; 1 << 16]).unwrap();
        large.parameters.insert("large".to_owned(), kernel);
        large
    };
    if let Some(folder) = std::env::var_os(FOLDER) {
        let error = large(2).save(Path::new(&folder)).unwrap_err().to_string();
        assert!(error.starts_with("cannot write "), "{error}");
        assert!(error.ends_with("parameters.safetensors: File too large (os error 27)"), "{error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    checkpoint(1).save(folder.path()).unwrap();
    let status = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" --exact \"$1\""])
        .arg(std::env::current_exe().unwrap())
        .arg("a_full_disk_gives_one_message_and_leaves_the_checkpoints_as_they_were")
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&status.stdout);
    assert!(status.status.success() && output.contains("1 passed"), "{output}");
    assert_eq!(names(folder.path()), ["00000001"]);
    assert_eq!(latest(folder.path()).unwrap().checkpoint.unwrap().1, checkpoint(1));
}
