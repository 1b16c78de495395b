//! Clients, their devices and their compiler.

mod support;

use pjrt::{ClientOptions, Code, CompileOptions, Error, ErrorCode, Flag, Plugin};
use support::{ADD, client, clients, plugin_paths, plugins};

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

#[test]
fn an_unknown_flag_is_an_error() {
    let client = client();
    let flags = [("xla_no_such_flag".to_owned(), Flag::Bool(true))].into();
    let options = CompileOptions { flags, ..Default::default() };
    let error = client.compile(Code::mlir(ADD), &options).unwrap_err();
    assert!(matches!(&error, Error::Plugin { code: ErrorCode::INVALID_ARGUMENT, .. }), "{error}");
    assert!(error.to_string().contains("xla_no_such_flag"), "{error}");
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
fn an_optimised_program_compiles_again_as_hlo() {
    for client in clients() {
        let program = support::compile(&client, ADD);
        let module = program.optimized_program().unwrap();
        let again = client.compile(Code::hlo(&module), &CompileOptions::default()).unwrap();
        assert_eq!(again.inputs(), program.inputs());
    }
}
