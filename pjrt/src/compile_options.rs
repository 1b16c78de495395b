//! How a program is compiled.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message as _;

use crate::Flag;
use crate::error::{Error, Result};

/// How a program is compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct CompileOptions {
    /// Copies of the program that run side by side, each on devices of its own.
    pub replicas: usize,
    /// Parts that each copy is split into, one device for each.
    pub partitions: usize,
    /// The [ids](crate::Device::id) of the devices that the program is for, in the order of
    /// [`LoadedExecutable::devices`](crate::LoadedExecutable::devices): those of the first replica's
    /// partitions, then those of the next. Where it is empty, the plugin chooses.
    pub devices: Vec<i32>,
    /// XLA's own effort levels: 9 for the least, 19, 29, 39; otherwise the plugin chooses.
    pub optimization_level: Option<i32>,
    /// Whether the program's sharding marks are Shardy's (`sdy.*`) rather than GSPMD's. The two
    /// must agree: marks of Shardy are an error without it.
    pub use_shardy: bool,
    /// XLA flags for this compilation alone, by name without leading dashes. Unlike those in the
    /// environment their names and types are checked, and an unknown one is an error. What they
    /// ask for is not: a value that makes no sense to the compiler may end the process.
    pub flags: BTreeMap<String, Flag>,
}

impl Default for CompileOptions {
    fn default() -> Self {
        Self {
            replicas: 1,
            partitions: 1,
            devices: Vec::new(),
            optimization_level: None,
            use_shardy: false,
            flags: BTreeMap::new(),
        }
    }
}

impl CompileOptions {
    /// The serialised `CompileOptionsProto`, for a program on some of the devices with the ids
    /// `all_devices`, those of all hosts together.
    ///
    /// # Errors
    /// [`Error::Option`] for what plugins answer by ending the process, or take for what it isn't.
    pub(crate) fn encode(&self, all_devices: &[i32]) -> Result<Vec<u8>> {
        let (num_replicas, num_partitions) = self.counts(all_devices.len())?;
        self.check_devices(all_devices)?;
        let build = ExecutableBuildOptions {
            // Which ones is said by the assignment.
            device_ordinal: -1,
            num_replicas,
            num_partitions,
            use_spmd_partitioning: num_partitions > 1,
            device_assignment: self.assignment(),
            use_shardy_partitioner: self.use_shardy,
            optimization_level: self.optimization_level.unwrap_or_default(),
        };
        let env_option_overrides = self.flags.iter().map(|(k, v)| (k.clone(), v.into()));
        let options = CompileOptionsProto {
            executable_build_options: Some(build),
            env_option_overrides: env_option_overrides.collect(),
        };
        Ok(options.encode_to_vec())
    }

    /// Replicas and partitions: at least one of each, and no more than there are devices for.
    fn counts(&self, all_devices: usize) -> Result<(i64, i64)> {
        for (option, count) in [("replicas", self.replicas), ("partitions", self.partitions)] {
            if count == 0 {
                return Err(Error::Option { option, expected: "at least 1", got: "0".to_owned() });
            }
        }
        if self.replicas.saturating_mul(self.partitions) > all_devices {
            return Err(Error::Option {
                option: "replicas and partitions",
                expected: "a product of at most the number of devices",
                got: format!("{} × {} with {all_devices} of them", self.replicas, self.partitions),
            });
        }
        Ok((self.replicas as i64, self.partitions as i64))
    }

    /// Refuses devices, where any are named, unless they are one for each partition of each replica,
    /// distinct, and among those with the ids `all_devices`.
    fn check_devices(&self, all_devices: &[i32]) -> Result<()> {
        let refused = |expected, got| Err(Error::Option { option: "devices", expected, got });
        let devices = &self.devices;
        if devices.is_empty() {
            return Ok(());
        }
        if devices.len() != self.replicas * self.partitions {
            let got = format!("{devices:?} for {} × {}", self.replicas, self.partitions);
            return refused("an id for each partition of each replica", got);
        }
        if let Some(unknown) = devices.iter().find(|id| !all_devices.contains(id)) {
            return refused("ids of devices that there are", unknown.to_string());
        }
        if devices.iter().collect::<BTreeSet<_>>().len() != devices.len() {
            return refused("each device once", format!("{devices:?}"));
        }
        Ok(())
    }

    /// The devices by partition and then by replica, if any are named.
    fn assignment(&self) -> Option<DeviceAssignment> {
        let of = |partition| {
            let devices = self.devices.iter().skip(partition).step_by(self.partitions);
            ComputationDevice { replica_device_ids: devices.copied().map(i64::from).collect() }
        };
        (!self.devices.is_empty()).then(|| DeviceAssignment {
            replica_count: self.replicas as i32,
            computation_count: self.partitions as i32,
            computation_devices: (0..self.partitions).map(of).collect(),
        })
    }
}

impl From<&Flag> for OptionOverride {
    fn from(flag: &Flag) -> Self {
        let value = match flag.clone() {
            Flag::String(value) => OverrideValue::String(value),
            Flag::Bool(value) => OverrideValue::Bool(value),
            Flag::Int(value) => OverrideValue::Int(value),
            Flag::Float(value) => OverrideValue::Float(value),
        };
        Self { value: Some(value) }
    }
}

/// `xla.CompileOptionsProto`, the fields that are set here.
#[derive(Clone, PartialEq, prost::Message)]
struct CompileOptionsProto {
    #[prost(message, optional, tag = "3")]
    executable_build_options: Option<ExecutableBuildOptions>,
    #[prost(btree_map = "string, message", tag = "7")]
    env_option_overrides: BTreeMap<String, OptionOverride>,
}

/// `xla.ExecutableBuildOptionsProto`, the fields that are set here.
#[derive(Clone, PartialEq, prost::Message)]
struct ExecutableBuildOptions {
    #[prost(int64, tag = "1")]
    device_ordinal: i64,
    #[prost(int64, tag = "4")]
    num_replicas: i64,
    #[prost(int64, tag = "5")]
    num_partitions: i64,
    #[prost(bool, tag = "6")]
    use_spmd_partitioning: bool,
    #[prost(message, optional, tag = "9")]
    device_assignment: Option<DeviceAssignment>,
    #[prost(bool, tag = "19")]
    use_shardy_partitioner: bool,
    #[prost(int32, tag = "24")]
    optimization_level: i32,
}

/// `xla.DeviceAssignmentProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct DeviceAssignment {
    #[prost(int32, tag = "1")]
    replica_count: i32,
    #[prost(int32, tag = "2")]
    computation_count: i32,
    #[prost(message, repeated, tag = "3")]
    computation_devices: Vec<ComputationDevice>,
}

/// `xla.DeviceAssignmentProto.ComputationDevice`.
#[derive(Clone, PartialEq, prost::Message)]
struct ComputationDevice {
    #[prost(int64, repeated, tag = "1")]
    replica_device_ids: Vec<i64>,
}

/// `xla.OptionOverrideProto`.
#[derive(Clone, PartialEq, prost::Message)]
struct OptionOverride {
    #[prost(oneof = "OverrideValue", tags = "1, 2, 3, 4")]
    value: Option<OverrideValue>,
}

#[derive(Clone, PartialEq, prost::Oneof)]
enum OverrideValue {
    #[prost(string, tag = "1")]
    String(String),
    #[prost(bool, tag = "2")]
    Bool(bool),
    #[prost(int64, tag = "3")]
    Int(i64),
    #[prost(double, tag = "4")]
    Float(f64),
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHT: &[i32] = &[0, 1, 2, 3, 4, 5, 6, 7];

    #[test]
    fn the_default_asks_for_one_replica_and_one_partition() {
        // Field 3, 15 bytes: field 1 = -1, field 4 = 1, field 5 = 1.
        let mut expected = vec![0x1a, 15, 0x08];
        expected.extend([0xff; 9]);
        expected.extend([0x01, 0x20, 1, 0x28, 1]);
        assert_eq!(CompileOptions::default().encode(&[0]).unwrap(), expected);
    }

    #[test]
    fn counts_that_would_end_the_process_are_refused() {
        let none = CompileOptions { replicas: 0, ..Default::default() };
        insta::assert_snapshot!(none.encode(&[0]).unwrap_err(), @"option replicas: expected at least 1, got 0");
        let none = CompileOptions { partitions: 0, ..Default::default() };
        assert!(none.encode(&[0]).is_err());
    }

    #[test]
    fn more_replicas_and_partitions_than_devices_are_refused() {
        let options =
            |replicas, partitions| CompileOptions { replicas, partitions, ..Default::default() };
        assert!(options(2, 4).encode(EIGHT).is_ok());
        for (replicas, partitions) in [(9, 1), (3, 3), (65_536, 65_536), (usize::MAX, 2)] {
            assert!(options(replicas, partitions).encode(EIGHT).is_err());
        }
    }

    #[test]
    fn devices_that_are_none_or_named_twice_or_not_one_for_each_partition_are_refused() {
        let refusal = |replicas, partitions, devices: &[i32]| {
            let devices = devices.to_vec();
            let options = CompileOptions { replicas, partitions, devices, ..Default::default() };
            options.encode(EIGHT).unwrap_err()
        };
        insta::assert_snapshot!(refusal(1, 1, &[-1]), @"option devices: expected ids of devices that there are, got -1");
        insta::assert_snapshot!(refusal(2, 1, &[7, 8]), @"option devices: expected ids of devices that there are, got 8");
        insta::assert_snapshot!(refusal(1, 2, &[5, 5]), @"option devices: expected each device once, got [5, 5]");
        insta::assert_snapshot!(refusal(2, 2, &[5, 2]), @"option devices: expected an id for each partition of each replica, got [5, 2] for 2 × 2");
    }

    #[test]
    fn an_assignment_lists_the_replicas_of_each_partition() {
        let devices = vec![5, 2, 0, 7, 1, 3];
        let options = CompileOptions { replicas: 2, partitions: 3, devices, ..Default::default() };
        let assignment = options.assignment().unwrap();
        let ids: Vec<_> =
            assignment.computation_devices.into_iter().map(|it| it.replica_device_ids).collect();
        assert_eq!(ids, [[5, 7], [2, 1], [0, 3]]);
    }
}
