//! Every capability that is tried, by area.

mod ahead_of_time;
mod array;
mod client;
mod compile_option;
mod device;
mod donation;
mod element_type;
mod event;
mod executable;
mod layout;
mod many_devices;
mod mistake;
mod plugin;
mod profile;
mod program;
mod run;
mod topology;
mod transfer;

use super::case::Case;

/// Cases that belong together.
pub(crate) struct Area {
    pub(crate) name: &'static str,
    pub(crate) cases: Vec<Case>,
}

/// What makes an area's cases.
type Cases = fn() -> Vec<Case>;

/// Every area by name, in the order that they are tried and shown in.
const AREAS: &[(&str, Cases)] = &[
    ("Plugin", plugin::cases),
    ("Clients", client::cases),
    ("Devices", device::cases),
    ("Topologies", topology::cases),
    ("Arrays", array::cases),
    ("Arrays in transfer", transfer::cases),
    ("Layouts", layout::cases),
    ("Events", event::cases),
    ("Programs", program::cases),
    ("Compile options", compile_option::cases),
    ("Compiled programs", executable::cases),
    ("Profiles", profile::cases),
    ("Running", run::cases),
    ("Donation", donation::cases),
    ("Many devices", many_devices::cases),
    ("Ahead of time, without a client", ahead_of_time::cases),
    ("Element types", element_type::cases),
    ("Mistakes are errors", mistake::cases),
];

/// All cases, in order.
pub(crate) fn areas() -> Vec<Area> {
    AREAS.iter().map(|&(name, cases)| Area { name, cases: cases() }).collect()
}

/// `f32[2] -> f32[2]`, the sum of two arguments.
const ADD: &str = "func.func public @main(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %z = stablehlo.add %x, %y : tensor<2xf32>
  return %z : tensor<2xf32>
}";

/// Adds its second argument to its first, in the first one's memory.
const ADD_IN_PLACE: &str = "func.func public @main(
    %x: tensor<2xf32> {tf.aliasing_output = 0 : i32}, %y: tensor<2xf32>) -> tensor<2xf32> {
  %z = stablehlo.add %x, %y : tensor<2xf32>
  return %z : tensor<2xf32>
}";

/// Doubles its argument and may take its memory for the result.
const DOUBLE_DONOR: &str = "func.func public @main(
    %x: tensor<2xf32> {jax.buffer_donor = true}) -> tensor<2xf32> {
  %y = stablehlo.add %x, %x : tensor<2xf32>
  return %y : tensor<2xf32>
}";

/// The rows of the argument lie on `n` devices, and their sum on each: Shardy's marks say so.
fn sum_by_shardy(n: usize) -> String {
    format!(
        r#"module @sum attributes {{mhlo.num_partitions = {n} : i32}} {{
          sdy.mesh @mesh = <["data"={n}]>
          func.func public @main(
              %x: tensor<8x2xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{"data"}}, {{}}]>}})
              -> (tensor<2xf32> {{sdy.sharding = #sdy.sharding<@mesh, [{{}}]>}}) {{
            %zero = stablehlo.constant dense<0.0> : tensor<f32>
            %y = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0]
              : (tensor<8x2xf32>, tensor<f32>) -> tensor<2xf32>
            return %y : tensor<2xf32>
          }}
        }}"#
    )
}

/// As [`sum_by_shardy`], with the marks of GSPMD.
fn sum_by_gspmd(n: usize) -> String {
    format!(
        r#"module @sum attributes {{mhlo.num_partitions = {n} : i32}} {{
          func.func public @main(
              %x: tensor<8x2xf32> {{mhlo.sharding = "{{devices=[{n},1]<=[{n}]}}"}})
              -> (tensor<2xf32> {{mhlo.sharding = "{{replicated}}"}}) {{
            %zero = stablehlo.constant dense<0.0> : tensor<f32>
            %y = stablehlo.reduce(%x init: %zero) applies stablehlo.add across dimensions = [0]
              : (tensor<8x2xf32>, tensor<f32>) -> tensor<2xf32>
            return %y : tensor<2xf32>
          }}
        }}"#
    )
}
