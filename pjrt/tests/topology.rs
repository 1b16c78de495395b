//! Topologies, and programs that are compiled for them without a client.

mod support;

use std::collections::BTreeMap;

use pjrt::{ClientOptions, Code, CompileOptions, Error, HostArray, Plugin, Topology};
use support::{ADD, f32s, plugins};

/// The topology of two CPU devices, by way of its serialised form, so that no client is alive; or
/// none for an older plugin, which can't read that form.
fn two_cpus(plugin: &Plugin) -> Option<Topology> {
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    let bytes = client.topology().unwrap().serialize().unwrap();
    drop(client);
    match plugin.deserialize_topology(&bytes) {
        Ok(topology) => Some(topology),
        Err(error) => {
            assert!(plugin.api_version().minor < 115, "{error}");
            assert!(matches!(error, Error::Plugin { .. } | Error::Unsupported { .. }), "{error}");
            None
        }
    }
}

#[test]
fn a_client_tells_its_topology_which_outlives_it() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(3)).unwrap();
        let topology = client.topology().unwrap();
        assert_eq!(topology.platform_version(), client.platform_version());
        drop(client);
        assert_eq!(topology.platform_name(), "cpu");
        let devices = topology.devices().unwrap();
        assert_eq!(devices.iter().map(|device| device.id).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(devices.iter().all(|device| device.process_index == 0 && device.kind == "cpu"));
        assert!(!devices[0].debug_string.is_empty());
        topology.attributes().unwrap();
    }
}

#[test]
fn a_cpu_plugin_has_no_topologies_of_its_own() {
    for plugin in plugins() {
        let error = plugin.topology("cpu", &BTreeMap::new()).unwrap_err();
        assert!(error.is_unsupported(), "{error}");
    }
}

#[test]
fn bytes_that_are_no_topology_are_an_error() {
    for plugin in plugins() {
        assert!(plugin.deserialize_topology(b"\xff\xff\xff\xff no topology").is_err());
    }
}

#[test]
fn a_program_is_compiled_without_a_client_and_runs_once_loaded() {
    for plugin in plugins() {
        let Some(topology) = two_cpus(&plugin) else { continue };
        assert_eq!(topology.devices().unwrap().len(), 2);
        let add = plugin.compile(&topology, Code::mlir(ADD), &CompileOptions::default()).unwrap();
        drop(topology);
        assert_eq!((add.inputs().len(), add.outputs().len()), (2, 1));
        assert!(add.memory_stats().unwrap().argument_bytes >= 16);
        assert!(!add.serialize().unwrap().is_empty());

        let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        let serialized = add.serialize().unwrap();
        for add in [client.load(add).unwrap(), client.load_serialized(&serialized).unwrap()] {
            let x = f32s(&client, &[2], &[1.0, 2.0]);
            let results = add.run(vec![(&x).into(), (&x).into()]).unwrap();
            assert_eq!(results[0].to_host().unwrap().as_slice::<f32>().unwrap(), [2.0, 4.0]);
        }
    }
}

#[test]
fn a_program_for_two_devices_that_was_compiled_without_a_client_runs_on_both() {
    let plugin = &plugins()[0];
    let Some(topology) = two_cpus(plugin) else { return };
    let code = "func.func public @main(%x: tensor<2xf32>) -> tensor<4xf32> {
      %y = \"stablehlo.all_gather\"(%x) {
        all_gather_dim = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>
      } : (tensor<2xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }";
    let options = CompileOptions { replicas: 2, ..Default::default() };
    let gather = plugin.compile(&topology, Code::mlir(code), &options).unwrap();
    let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    let gather = client.load(gather).unwrap();
    let mut inputs = Vec::new();
    for (device, values) in gather.devices().iter().zip([[1.0f32, 2.0], [3.0, 4.0]]) {
        let array = HostArray::from_slice(&[2], &values).unwrap();
        inputs.push(vec![client.buffer(&array, device).unwrap().into()]);
    }
    for results in gather.run_on_all(inputs).unwrap() {
        let host = results[0].to_host().unwrap();
        assert_eq!(host.as_slice::<f32>().unwrap(), [1.0, 2.0, 3.0, 4.0]);
    }
}

#[test]
fn a_program_for_more_devices_than_a_topology_or_a_client_has_is_refused() {
    let plugin = &plugins()[0];
    let Some(topology) = two_cpus(plugin) else { return };
    let options = |replicas| CompileOptions { replicas, ..Default::default() };
    let error = plugin.compile(&topology, Code::mlir(ADD), &options(3)).unwrap_err();
    assert!(matches!(error, Error::Option { .. }), "{error}");
    let two = plugin.compile(&topology, Code::mlir(ADD), &options(2)).unwrap();
    let one = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
    insta::assert_snapshot!(one.load(two).unwrap_err(), @"the program runs on 2 devices, and the client has 1");
}

#[test]
fn a_program_for_a_device_that_a_topology_lacks_is_refused() {
    let plugin = &plugins()[0];
    let Some(topology) = two_cpus(plugin) else { return };
    let options = CompileOptions { devices: vec![2], ..Default::default() };
    let error = plugin.compile(&topology, Code::mlir(ADD), &options).unwrap_err();
    insta::assert_snapshot!(error, @"option devices: expected ids of devices that there are, got 2");
}

#[test]
fn a_program_is_loaded_onto_the_devices_that_it_was_compiled_for_and_refused_where_they_lack() {
    let plugin = &plugins()[0];
    let Some(topology) = two_cpus(plugin) else { return };
    let options = CompileOptions { devices: vec![1], ..Default::default() };
    let compiled = || plugin.compile(&topology, Code::mlir(ADD), &options).unwrap();
    let client = |count| plugin.client(&ClientOptions::new().cpu_devices(count)).unwrap();
    let two = client(2);
    let serialized = compiled().serialize().unwrap();
    for add in [two.load(compiled()).unwrap(), two.load_serialized(&serialized).unwrap()] {
        assert_eq!(add.devices(), [two.devices().remove(1)]);
    }
    let one = client(1);
    insta::assert_snapshot!(one.load(compiled()).unwrap_err(), @"option devices: expected ids of devices that there are, got 1");
    assert!(one.load_serialized(&serialized).is_err());
}

#[test]
fn another_plugins_topology_and_program_are_refused() {
    let plugins = plugins();
    let [one, other, ..] = plugins.as_slice() else { return };
    let Some(topology) = two_cpus(one) else { return };
    let error = other.compile(&topology, Code::mlir(ADD), &CompileOptions::default()).unwrap_err();
    insta::assert_snapshot!(error, @"the topology belongs to another plugin; make it with this one");
    let add = one.compile(&topology, Code::mlir(ADD), &CompileOptions::default()).unwrap();
    let client = other.client(&ClientOptions::new().cpu_devices(2)).unwrap();
    insta::assert_snapshot!(client.load(add).unwrap_err(), @"the program belongs to another plugin; make it with this one");
}
