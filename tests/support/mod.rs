//! The command as a user runs it, in a folder of its own.
#![allow(dead_code)] // each test file uses a part

pub(crate) mod device;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A HET-XL model that is compiled and trained in seconds.
pub(crate) const SMALL: &str = r#"
[model.trunk]
kind = "mlp"
hidden = [32]

[model.head]
kind = "het-xl"
factors = 4
samples = 8

[data]
kind = "digits"

[schedule]
peak = 3e-3
warmup_steps = 20

[train]
steps = 100
batch_size = 64
log_every = 25
eval_every = 50
checkpoint_every = 50
"#;

/// A square matrix multiplied by itself until a counter has gone from 0 to 10.
pub(crate) const LOOP: &str = "\
func.func public @main(%x: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %one = stablehlo.constant dense<1> : tensor<i32>
  %ten = stablehlo.constant dense<10> : tensor<i32>
  %r:2 = stablehlo.while(%i = %zero, %a = %x) : tensor<i32>, tensor<8x8xf32>
  cond {
    %more = stablehlo.compare LT, %i, %ten : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %j = stablehlo.add %i, %one : tensor<i32>
    %b = stablehlo.dot_general %a, %x, contracting_dims = [1] x [0]
      : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    stablehlo.return %j, %b : tensor<i32>, tensor<8x8xf32>
  }
  return %r#1 : tensor<8x8xf32>
}
";

/// A folder with `small.toml` in it, where commands run.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("small.toml"), SMALL).unwrap();
        Self { folder }
    }

    /// With a head that has no noise, where that is beside the point: it compiles much faster.
    pub(crate) fn quick() -> Self {
        let work = Self::new();
        let head = "kind = \"het-xl\"\nfactors = 4\nsamples = 8";
        assert!(SMALL.contains(head));
        fs::write(work.path("small.toml"), SMALL.replace(head, "kind = \"det\"")).unwrap();
        work
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub(crate) fn read(&self, below: &str) -> String {
        let path = self.path(below);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn bytes(&self, below: &str) -> Vec<u8> {
        let path = self.path(below);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// `hetxl` with arguments that have no spaces, not started yet.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hetxl"));
        command.args(arguments.split_whitespace()).current_dir(self.folder.path());
        command
    }

    pub(crate) fn hetxl(&self, arguments: &str) -> Ended {
        end(&mut self.command(arguments))
    }

    /// Runs a command that must succeed.
    pub(crate) fn succeed(&self, arguments: &str) -> Ended {
        let ended = self.hetxl(arguments);
        assert_eq!(ended.code, Some(0), "{arguments}: {ended:#?}");
        ended
    }

    /// Runs a command that must succeed and print one JSON object.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        let ended = self.succeed(arguments);
        assert_eq!(ended.stdout.lines().count(), 1, "{ended:#?}");
        serde_json::from_str(&ended.stdout).unwrap()
    }

    /// Runs a command that must fail with one message, which is returned with this folder's path
    /// replaced by `WORK`.
    pub(crate) fn fail(&self, arguments: &str) -> String {
        self.message(&mut self.command(arguments))
    }

    /// [`Workplace::fail`] of a command.
    pub(crate) fn message(&self, command: &mut Command) -> String {
        let ended = end(command);
        assert_eq!(ended.code, Some(1), "{ended:#?}");
        assert_eq!(ended.stdout, "", "{ended:#?}");
        assert_eq!(ended.stderr.matches("error: ").count(), 1, "{ended:#?}");
        assert!(!ended.stderr.contains("panicked"), "{ended:#?}");
        self.generic(ended.stderr.trim_end())
    }

    /// A text with this folder's path replaced by `WORK`.
    pub(crate) fn generic(&self, text: &str) -> String {
        text.replace(self.folder.path().to_str().unwrap(), "WORK")
    }

    /// The names in a folder, sorted; none if there is no such folder.
    /// The lines of a run's `metrics.jsonl` without what hangs on the machine's speed.
    pub(crate) fn metrics(&self, run: &str) -> Vec<Value> {
        let lines = self.read(&format!("{run}/metrics.jsonl"));
        let parsed = lines.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            line.as_object_mut().unwrap().remove("time");
            line
        });
        parsed.collect()
    }

    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        names(&self.path(below))
    }
}

pub(crate) fn end(command: &mut Command) -> Ended {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A command under way, whose standard error is read line by line.
pub(crate) struct Running {
    child: Child,
    stderr: BufReader<std::process::ChildStderr>,
    pub heard: String,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr, heard: String::new() }
    }

    /// Waits for a line that starts with `start`.
    pub(crate) fn wait_for(&mut self, start: &str) -> &mut Self {
        loop {
            let before = self.heard.len();
            let count = self.stderr.read_line(&mut self.heard).unwrap();
            assert!(count > 0, "no line starts with {start:?} in:\n{}", self.heard);
            if self.heard[before..].starts_with(start) {
                return self;
            }
        }
    }

    /// Sends a signal such as `INT`.
    pub(crate) fn signal(&mut self, name: &str) -> &mut Self {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap();
        assert!(status.success());
        self
    }

    /// The exit code, or `None` after a signal, and all that was said on standard error.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        while self.stderr.read_line(&mut rest).unwrap() > 0 {}
        let status = self.child.wait().unwrap();
        (status.code(), format!("{}{rest}", self.heard))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A test that fails leaves no process behind; one that has ended can't be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file in the IDX format.
pub(crate) fn idx(dims: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dims.len() as u8];
    dims.iter().for_each(|dim| file.extend(dim.to_be_bytes()));
    file.extend(bytes);
    file
}

/// Writes 80 train and 20 test images of 2×2 pixels, whose class of four is the brightest pixel,
/// into `folder`.
pub(crate) fn write_idx_data(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (part, count) in [("train", 80u32), ("t10k", 20)] {
        let labels: Vec<u8> = (0..count).map(|i| (i % 4) as u8).collect();
        let pixels = |&label: &u8| (0..4).map(move |at| if at == label { 200 } else { 10 * at });
        let pixels: Vec<u8> = labels.iter().flat_map(pixels).collect();
        let images = idx(&[count, 2, 2], &pixels);
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), images).unwrap();
        let labels = idx(&[count], &labels);
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}

/// Overrides that make `small.toml` read the files of [`write_idx_data`] in `images`.
pub(crate) const IDX: &str = "-s data.kind=idx -s data.path=images -s data.classes=4 \
                              -s data.validation=16";
