//! Clients, their devices and their compiler.

mod support;

use pjrt::{Client, ClientOptions, Code, CompileOptions, Error, Flag, LoadedExecutable, Plugin};
use support::{ADD, ADD_IN_PLACE, clients, plugin_paths, plugins};

#[test]
fn a_client_has_as_many_devices_as_asked_for() {
    for plugin in plugins() {
        for count in [1, 3] {
            let client = plugin.client(&ClientOptions::new().cpu_devices(count)).unwrap();
            assert_eq!(client.platform_name(), "cpu");
            let ids: Vec<i32> = client.devices().iter().map(pjrt::Device::id).collect();
            assert_eq!(ids, (0..count as i32).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_count_of_devices_that_would_end_the_process_is_refused() {
    let plugin = Plugin::load(&plugin_paths()[0]).unwrap();
    let error = plugin.client(&ClientOptions::new().cpu_devices(0)).unwrap_err();
    insta::assert_snapshot!(error, @"option cpu_device_count: expected a whole number from 1 to 4096, got 0");
    let error = plugin.client(&ClientOptions::new().set("cpu_device_count", "2")).unwrap_err();
    assert!(matches!(error, Error::Option { .. }), "{error}");
}

#[test]
fn a_malformed_module_is_an_error_with_code_and_message() {
    for client in clients() {
        for code in ["", "not a module", "func.func public @main() -> tensor<f32> { return }"] {
            let error = client.compile(Code::mlir(code), &CompileOptions::default()).unwrap_err();
            let Error::Plugin { function, code, message } = error else { panic!("{error}") };
            assert_eq!(function, "PJRT_Client_Compile");
            assert!(code.name().is_some());
            assert!(!message.is_empty());
        }
    }
}

#[test]
fn text_ends_where_its_slice_ends_whatever_bytes_follow() {
    for client in clients() {
        let bytes = [ADD.as_bytes(), b" \xff not MLIR"].concat();
        let text = &bytes[..ADD.len()];
        let program = client.compile(Code::mlir(text), &CompileOptions::default()).unwrap();
        assert_eq!(program.inputs().len(), 2);
        assert!(client.compile(Code::mlir(&bytes), &CompileOptions::default()).is_err());
    }
}

#[test]
fn bytes_that_are_no_hlo_module_are_an_error() {
    for client in clients() {
        let code = Code::hlo(b"\xff\xff\xff");
        assert!(client.compile(code, &CompileOptions::default()).is_err());
    }
}

fn with_flag(client: &Client, name: &str, value: Flag) -> Result<LoadedExecutable, Error> {
    let options = CompileOptions { flags: [(name.to_owned(), value)].into(), ..Default::default() };
    client.compile(Code::mlir(ADD), &options)
}

#[test]
fn an_unknown_flag_is_refused_with_the_name_that_may_be_meant() {
    for client in clients() {
        for (flag, nearest) in [
            ("xla_backend_optimisation_level", "xla_backend_optimization_level"),
            ("--xla_dump_hlo_as_text", "xla_dump_hlo_as_text"),
            ("xla_cpu_enable_fastmath", "xla_cpu_enable_fast_math"),
        ] {
            let error = with_flag(&client, flag, Flag::Bool(true)).unwrap_err();
            let path = client.plugin().path().display();
            let expected = format!("the plugin {path} has no flag {flag}; is {nearest} meant?");
            assert_eq!(error.to_string(), expected);
            let error = with_flag(&client, nearest, Flag::String("?".to_owned())).unwrap_err();
            assert!(matches!(error, Error::FlagValue { .. }), "{error}");
        }
        for flag in ["", "x", "xla"] {
            let error = with_flag(&client, flag, Flag::Bool(true)).unwrap_err();
            assert!(matches!(error, Error::UnknownFlag { nearest: None, .. }), "{error}");
        }
    }
}

#[test]
fn a_flag_of_another_type_is_refused_by_its_name() {
    for client in clients() {
        let refusal = |name, value| with_flag(&client, name, value).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(refusal("xla_backend_optimization_level", Flag::Bool(true)), @"the flag xla_backend_optimization_level cannot be the boolean true: While setting option xla_backend_optimization_level, '1' is not a valid int32 value.");
            insta::assert_snapshot!(refusal("xla_cpu_enable_fast_math", Flag::String("on".to_owned())), @r#"the flag xla_cpu_enable_fast_math cannot be the string "on": While setting option xla_cpu_enable_fast_math, 'on' is not a valid bool value."#);
        }
    }
}

#[test]
fn a_number_may_be_given_as_a_string() {
    for client in clients() {
        for (name, value) in [
            ("xla_backend_optimization_level", "1"),
            ("xla_gpu_auto_spmd_partitioning_memory_budget_ratio", "1.5"),
        ] {
            with_flag(&client, name, Flag::String(value.to_owned())).unwrap();
        }
    }
}

#[test]
fn a_known_flag_is_accepted() {
    for client in clients() {
        let flags = [("xla_backend_optimization_level".to_owned(), Flag::Int(1))].into();
        let options = CompileOptions { flags, ..Default::default() };
        client.compile(Code::mlir(ADD), &options).unwrap();
    }
}

#[test]
fn more_replicas_and_partitions_than_devices_are_refused_rather_than_ending_the_process() {
    for client in clients() {
        let options = CompileOptions { replicas: 65_536, partitions: 65_536, ..Default::default() };
        let error = client.compile(Code::mlir(ADD), &options).unwrap_err();
        assert_eq!(
            error.to_string(),
            "option replicas and partitions: expected a product of at most the number of devices, \
             got 65536 × 65536 with 1 of them"
        );
    }
}

#[test]
fn a_module_of_hlo_is_compiled() {
    for client in clients() {
        let module = include_bytes!("../../tests/data/multiply.pb");
        let multiply = client.compile(Code::hlo(module), &CompileOptions::default()).unwrap();
        assert_eq!(multiply.inputs().len(), 2);
    }
}

#[test]
fn an_optimised_program_is_refused_rather_than_ending_the_process() {
    for client in clients() {
        let module = support::compile(&client, ADD_IN_PLACE).optimized_program().unwrap();
        let error = client.compile(Code::hlo(&module), &CompileOptions::default()).unwrap_err();
        assert!(matches!(error, Error::CompiledAlready), "{error}");
    }
}
