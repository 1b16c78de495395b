//! What programs are compiled for, as a user writes it.

use std::fmt;
use std::str::FromStr;

use super::gpu::{self, Gpus};

/// What a program is compiled for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// This machine's processor.
    Cpu,
    /// A slice of TPUs by generation and chips along each axis, such as `v3:2x2`.
    Tpu(String),
    /// NVIDIA GPUs, such as `h100`, or `h100:16x8` for 8 on each of 16 hosts.
    Cuda(Gpus),
}

/// A target is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{got:?} is no target; there are `cpu`; slices of TPUs by generation and chips, such as \
     `tpu:v3:2x2` (8 cores) or `tpu:v3:8x8` (128 cores); and NVIDIA GPUs, such as `cuda:h100`, \
     `cuda:h100:8` (of one host) or `cuda:h100:16x8` (8 on each of 16 hosts), which may be {}, or \
     any other by the path of a description, such as `cuda:./gpu.txtpb`",
    gpu::names()
)]
pub struct TargetError {
    got: String,
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let none = || TargetError { got: text.to_owned() };
        match text.split_once(':') {
            None if text == "cpu" => Ok(Self::Cpu),
            Some(("tpu", slice)) if !slice.is_empty() => Ok(Self::Tpu(slice.to_owned())),
            Some(("cuda", gpus)) => Gpus::parse(gpus).map(Self::Cuda).ok_or_else(none),
            _ => Err(none()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Tpu(slice) => write!(f, "tpu:{slice}"),
            Self::Cuda(gpus) => write!(f, "cuda:{gpus}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_back_as_they_are_shown() {
        for text in [
            "cpu",
            "tpu:v3:2x2",
            "tpu:v5e:16x16",
            "cuda:h100",
            "cuda:a100-40gb:8",
            "cuda:h100:16x8",
            "cuda:./gpu.txtpb",
            "cuda:gpus/mine:2",
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_target_is_refused_with_all_that_there_are() {
        for text in ["", "tpu", "tpu:", "cpu:1", "cuda", "cuda:", "cuda:h101", "cuda:h100:0"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
        for text in ["cuda:h100:8x", "cuda:h100:x8", "cuda:h100:0x8", "cuda:h100:-1", "cuda:8"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
        insta::assert_snapshot!("gpu".parse::<Target>().unwrap_err(), @r#""gpu" is no target; there are `cpu`; slices of TPUs by generation and chips, such as `tpu:v3:2x2` (8 cores) or `tpu:v3:8x8` (128 cores); and NVIDIA GPUs, such as `cuda:h100`, `cuda:h100:8` (of one host) or `cuda:h100:16x8` (8 on each of 16 hosts), which may be p100, v100, t4, a100-40gb, a100, rtx-a6000, l4, rtx-4090, h100-pcie, h100, h200, b200, rtx-pro-6000, or any other by the path of a description, such as `cuda:./gpu.txtpb`"#);
    }
}
