//! A safe runtime over the PJRT C API: load a plugin, compile a program, run it.
//!
//! ```no_run
//! use pjrt::{ClientOptions, Code, CompileOptions, HostArray, Plugin};
//!
//! let plugin = Plugin::load("/opt/plugins/libpjrt_cpu.so")?;
//! let client = plugin.client(&ClientOptions::new().cpu_devices(1))?;
//! let code = "func.func public @main(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
//!   %z = stablehlo.multiply %x, %y : tensor<f32>
//!   return %z : tensor<f32>
//! }";
//! let multiply = client.compile(Code::mlir(code), &CompileOptions::default())?;
//! let device = &client.devices()[0];
//! let x = client.buffer(&HostArray::scalar(6.0f32), device)?;
//! let y = client.buffer(&HostArray::scalar(7.0f32), device)?;
//! let results = multiply.run(vec![(&x).into(), (&y).into()])?;
//! assert_eq!(results[0].to_host()?.item::<f32>()?, 42.0);
//! # Ok::<(), pjrt::Error>(())
//! ```
//!
//! An array gets onto a device as a copy ([`Client::buffer`]), is read where it is
//! ([`Client::lend`]), or arrives piece by piece while programs wait for it ([`Client::transfer`]).
//!
//! Every object keeps what it depends on alive: a [`Buffer`] its [`Client`], a client its
//! [`Plugin`], which is never unloaded. An error that happens while an object is dropped is kept by
//! the client and returned, as [`Error::Deferred`], by the next call that compiles, copies an array
//! to or from a device, or asks a buffer or an executable for what only the plugin knows.
//! [`LoadedExecutable::run`] is none of these: it would lose the buffers that were donated to it.
//! What a client still holds when it is gone is returned by the next [`Plugin::client`], and so is
//! what went wrong with a topology or a program that never had one.
//!
//! Devices needn't be there for a program to be compiled for them: [`Plugin::topology`] describes
//! them, and [`Plugin::compile`] makes an [`Executable`] that tells its cost and memory.
//!
//! What takes long to compile can be kept: with the feature `cache`, `CompileCache::compile` stands in
//! for [`Client::compile`], and loads a program that it finds in its folder. What lies there is
//! machine code that is run, so the folder must be the user's own, and nobody else able to write to it;
//! any other is left alone, and the program compiled.
//!
//! The chapter "PJRT from Rust" of the book (`docs/book`) goes through all this with examples, and
//! `SUPPORT.md` tells what was seen to work on which plugin.
//!
//! A plugin is foreign code in this process. Arguments that are known to crash one are refused
//! here; what a program itself can do to its compiler is said at [`Client::compile`].

mod allocator;
mod api;
mod attribute;
mod buffer;
mod client;
mod code;
#[cfg(feature = "cache")]
mod compile_cache;
mod compile_options;
mod device;
mod device_description;
mod dtype;
mod error;
mod event;
mod executable;
mod execute;
mod extension;
#[cfg(test)]
mod fake_plugin;
mod flag;
mod hardware;
mod host_array;
#[cfg(feature = "install")]
pub mod install;
mod layout;
mod loaded_executable;
mod loan;
mod memory;
mod memory_stats;
pub mod mlir;
mod owner;
mod plugin;
mod plugin_variables;
mod profile;
mod program_text;
#[cfg(any(feature = "cache", feature = "install"))]
mod sha256;
mod signal;
mod signature;
mod topology;
mod topology_request;
mod trace;
mod transfer;

// What the tests of each file and those of the whole crate share is written for the latter.
#[cfg(test)]
extern crate self as pjrt;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

pub use allocator::keep_freed_memory;
pub use attribute::AttributeValue;
pub use buffer::Buffer;
pub use client::{Client, ClientOptions};
pub use code::{Code, Format};
#[cfg(feature = "cache")]
pub use compile_cache::{CacheError, CachedProgram, Compilation, CompileCache};
pub use compile_options::CompileOptions;
pub use device::Device;
pub use device_description::DeviceDescription;
pub use dtype::{DType, Element};
pub use error::{Error, ErrorCode, Result};
pub use event::Event;
pub use executable::Executable;
pub use execute::Input;
pub use extension::Extension;
pub use flag::Flag;
pub use hardware::{nvidia_gpus, tpu_chips};
pub use host_array::{HostArray, HostArrayError};
pub use layout::Layout;
pub use loaded_executable::LoadedExecutable;
pub use memory::{DeviceMemoryStats, Memory};
pub use memory_stats::MemoryStats;
pub use plugin::Plugin;
pub use profile::{Profile, ProfileOptions};
pub use signature::{Alias, ArraySpec};
pub use topology::Topology;
pub use trace::Trace;
pub use transfer::Transfer;
pub use xla_sys::{ApiVersion, LoadError};
