//! Devices and memories.

mod support;

use pjrt::{ClientOptions, Device, Error, HostArray};
use support::{client, plugins};

#[test]
fn devices_of_one_process_are_all_devices() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(3)).unwrap();
        assert_eq!(client.all_devices(), client.devices());
        for (index, device) in client.devices().iter().enumerate() {
            assert!(device.is_addressable());
            assert_eq!(device.process_index(), 0);
            assert_eq!(device.local_hardware_id().unwrap(), Some(index as i32));
            device.attributes().unwrap();
        }
    }
}

#[test]
fn buffers_lie_in_the_default_memory_which_is_one_of_the_devices() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        let default = |device: &Device| device.default_memory().unwrap();
        let [first, second] = client.devices().try_into().unwrap();
        assert_ne!(default(&first).id(), default(&second).id());
        assert!(first.memories().unwrap().contains(&default(&first)));
        assert!(!default(&first).kind().is_empty());
        let x = client.buffer(&HostArray::scalar(1.0f32), &second).unwrap();
        assert_eq!(x.memory().unwrap(), default(&second));
    }
}

#[test]
fn a_cpus_use_of_memory_is_unsupported() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
        let error = client.devices()[0].memory_stats().unwrap_err();
        assert!(error.is_unsupported(), "{error}");
    }
}

#[test]
fn a_buffer_is_copied_to_another_device_and_stays_where_it_is() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(2)).unwrap();
        let [first, second] = client.devices().try_into().unwrap();
        let array = HostArray::from_slice(&[2, 2], &[1.0f32, 2.0, 3.0, 4.0]).unwrap();
        let x = client.buffer(&array, &first).unwrap();
        let copy = x.copy_to_device(&second).unwrap();
        assert_eq!((copy.device(), x.device()), (second, first));
        assert_eq!((copy.to_host().unwrap(), x.to_host().unwrap()), (array.clone(), array));
    }
}

#[test]
fn a_buffer_may_be_copied_on_its_own_device_or_refused_and_is_not_lost() {
    for plugin in plugins() {
        let client = plugin.client(&ClientOptions::new().cpu_devices(1)).unwrap();
        let x = client.buffer(&HostArray::scalar(1.0f32), &client.devices()[0]).unwrap();
        match x.copy_to_device(&client.devices()[0]) {
            Ok(copy) => {
                drop(x);
                assert_eq!(copy.to_host().unwrap().item::<f32>().unwrap(), 1.0);
            }
            Err(error) => {
                assert!(matches!(error, Error::Plugin { .. }), "{error}");
                assert_eq!(x.to_host().unwrap().item::<f32>().unwrap(), 1.0);
            }
        }
    }
}

#[test]
fn a_buffer_is_not_copied_to_another_clients_device() {
    let (one, other) = (client(), client());
    let x = one.buffer(&HostArray::scalar(1.0f32), &one.devices()[0]).unwrap();
    let error = x.copy_to_device(&other.devices()[0]).unwrap_err();
    assert!(matches!(error, Error::ForeignDevice { id: 0 }), "{error}");
}
