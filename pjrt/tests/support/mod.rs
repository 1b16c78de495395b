//! Where tests find plugins, and what they do with them.
#![allow(dead_code)] // each test file uses a part

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use pjrt::install::Environment;
use pjrt::{
    Buffer, Client, ClientOptions, Code, CompileOptions, HostArray, LoadedExecutable, Plugin,
};

/// Paths of the CPU plugins that tests run with, installed where the machine has none:
/// `HETXL_PLUGIN` stands for all of them.
pub(crate) fn plugin_paths() -> Vec<PathBuf> {
    let environment = Environment::from_process();
    if environment.plugin.is_some() {
        return vec![path(&environment, "cpu")];
    }
    ["cpu", "cpu-zml", "cpu-openxla"].map(|name| path(&environment, name)).into()
}

fn path(environment: &Environment, name: &str) -> PathBuf {
    let found = environment.find_or_install(name, None, &mut |step| eprintln!("{step}"));
    found.expect("a plugin").path
}

/// A plugin that compiles for what the machine needn't have, such as `tpu`, installed where it is
/// missing, whatever plugin the tests run with. Where it can't be had, the reason is printed.
pub(crate) fn ahead_of_time(name: &str) -> Option<Plugin> {
    let environment = Environment { plugin: None, ..Environment::from_process() };
    let found = environment.find_or_install(name, None, &mut |step| eprintln!("{step}"));
    let found = found.inspect_err(|reason| println!("skipped: no {name}: {reason}")).ok()?;
    Some(Plugin::load(found.path).expect("a plugin"))
}

/// The plugins that tests run with, loaded.
pub(crate) fn plugins() -> Vec<Plugin> {
    plugin_paths().iter().map(|path| Plugin::load(path).expect("a plugin")).collect()
}

/// A client with one device, of each plugin.
pub(crate) fn clients() -> Vec<Client> {
    let options = ClientOptions::new().cpu_devices(1);
    plugins().iter().map(|plugin| plugin.client(&options).expect("a client")).collect()
}

/// A client with one device, of the plugin that is preferred.
pub(crate) fn client() -> Client {
    let plugin = Plugin::load(&plugin_paths()[0]).expect("a plugin");
    plugin.client(&ClientOptions::new().cpu_devices(1)).expect("a client")
}

/// Compiles StableHLO text without options.
pub(crate) fn compile(client: &Client, code: &str) -> LoadedExecutable {
    client.compile(Code::mlir(code), &CompileOptions::default()).expect("a program")
}

/// Puts an array on the first device.
pub(crate) fn on_device(client: &Client, array: &HostArray) -> Buffer {
    client.buffer(array, &client.devices()[0]).expect("a buffer")
}

/// Puts an `f32` array on the first device.
pub(crate) fn f32s(client: &Client, dims: &[usize], values: &[f32]) -> Buffer {
    on_device(client, &HostArray::from_slice(dims, values).expect("as many values as dimensions"))
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, which sleeps until it is woken.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// What this process holds in memory, in bytes.
pub(crate) fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    let pages: usize = statm.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a number");
    4096 * pages
}

/// `f32[2] -> f32[2]`, the sum of two arguments.
pub(crate) const ADD: &str =
    "func.func public @main(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %z = stablehlo.add %x, %y : tensor<2xf32>
  return %z : tensor<2xf32>
}";

/// Adds its second argument to its first, in the first one's memory.
pub(crate) const ADD_IN_PLACE: &str = "func.func public @main(
    %x: tensor<2xf32> {tf.aliasing_output = 0 : i32}, %y: tensor<2xf32>) -> tensor<2xf32> {
  %z = stablehlo.add %x, %y : tensor<2xf32>
  return %z : tensor<2xf32>
}";
