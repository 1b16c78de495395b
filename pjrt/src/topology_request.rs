//! What a topology is asked for by, and what of it would end the process.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::{AttributeValue, Extension};

/// More chips, or hosts and devices, than any system has; plugins list each of their devices.
const MOST: u64 = 1 << 16;

/// What XLA divides by or relies on in the description of an NVIDIA GPU, and the least that any of
/// them has: one that leaves a number out, or has too little shared memory, ends the process when a
/// program is compiled.
const GPU_NUMBERS: [(&str, u64); 14] = [
    ("core_count", 1),
    ("fpus_per_core", 1),
    ("threads_per_warp", 32),
    ("threads_per_block_limit", 1024),
    ("threads_per_core_limit", 1024),
    ("block_dim_limit_x", 65_535),
    ("block_dim_limit_y", 65_535),
    ("block_dim_limit_z", 65_535),
    ("shared_memory_per_block", 49_152),
    ("shared_memory_per_core", 49_152),
    ("registers_per_block_limit", 32_768),
    ("registers_per_core_limit", 32_768),
    ("memory_bandwidth", 1),
    ("device_memory_size", 1),
];

/// Refuses a request that is known to end the process, or to be answered by something else than
/// what was meant, in a plugin with `extensions`.
pub(crate) fn check(
    name: &str,
    options: &BTreeMap<String, AttributeValue>,
    extensions: &[Extension],
) -> Result<()> {
    if extensions.contains(&Extension::TPU_TOPOLOGY) {
        return tpu_options(options, tpu_name(name)?);
    }
    gpu_options(options)
}

/// How many chips a slice has at most by its name, `v3:2x2` and the like: a generation and the chips
/// along two or three dimensions.
fn tpu_name(name: &str) -> Result<u64> {
    let refused = || {
        Err(Error::Option {
            option: "topology name",
            expected: "a generation and 2 or 3 numbers of chips of at least 1, such as v3:2x2, and no \
                       more than 65536 chips in all",
            got: format!("`{name}`"),
        })
    };
    // Without a name libtpu takes its oldest generation.
    if name.trim().is_empty() {
        return refused();
    }
    let stem = name.strip_suffix("_untwisted").or_else(|| name.strip_suffix("_twisted"));
    let Some((_, chips)) = stem.unwrap_or(name).rsplit_once(['=', ':', '_']) else {
        // An alias such as `v3-8`, which libtpu knows or refuses; each chip has a core at least.
        let cores = name.rsplit_once('-').and_then(|(_, cores)| cores.parse().ok());
        return Ok(cores.unwrap_or(1));
    };
    let chips: Option<Vec<u64>> = chips.split('x').map(|count| count.parse().ok()).collect();
    let Some(chips) = chips else { return refused() };
    let product = chips.iter().try_fold(1_u64, |product, &count| product.checked_mul(count));
    match product {
        Some(product @ 1..=MOST) if (2..=3).contains(&chips.len()) => Ok(product),
        _ => refused(),
    }
}

/// Options for slices of `chips` each.
fn tpu_options(options: &BTreeMap<String, AttributeValue>, chips: u64) -> Result<()> {
    match options.get("chips_per_host_bounds") {
        None => {}
        Some(AttributeValue::Ints(bounds))
            if bounds.len() == 3 && bounds.iter().all(|bound| (1..=256).contains(bound)) => {}
        Some(got) => {
            return Err(Error::Option {
                option: "chips_per_host_bounds",
                expected: "three whole numbers from 1 to 256",
                got: got.to_string(),
            });
        }
    }
    match options.get("num_slices") {
        None => Ok(()),
        Some(&AttributeValue::Int(slices @ 1..=1024))
            if chips.saturating_mul(slices.unsigned_abs()) <= MOST =>
        {
            Ok(())
        }
        Some(got) => Err(Error::Option {
            option: "num_slices",
            expected: "a whole number from 1 to 1024, for 65536 chips at most",
            got: got.to_string(),
        }),
    }
}

fn gpu_options(options: &BTreeMap<String, AttributeValue>) -> Result<()> {
    let string = |option: &'static str, expected| match options.get(option) {
        None => Ok(None),
        Some(AttributeValue::String(value)) => Ok(Some(value.as_str())),
        Some(got) => Err(Error::Option { option, expected, got: got.to_string() }),
    };
    string("host_target_machine_options", "a machine's description as text")?;
    if let Some(config) = string("target_config", "a GPU's description as text")? {
        // Another vendor's GPU ends the process as well.
        if !config.contains("cuda_compute_capability") {
            return Err(Error::Option {
                option: "target_config",
                expected: "an NVIDIA GPU's description in full",
                got: "one without `cuda_compute_capability`".to_owned(),
            });
        }
        for (number, least) in GPU_NUMBERS {
            if !states(config, number, least) {
                return Err(Error::Option {
                    option: "target_config",
                    expected: "an NVIDIA GPU's description in full",
                    got: format!("one without `{number}` of at least {least}"),
                });
            }
        }
    }
    let expected =
        "partitions x hosts x devices, each at least 1 and at most 65536 in all, such as 1x1x8";
    if let Some(shape) = string("topology", expected)? {
        let counts: Option<Vec<u64>> = shape.split('x').map(|count| count.parse().ok()).collect();
        let product = counts.as_ref().filter(|counts| counts.len() == 3).and_then(|counts| {
            counts.iter().try_fold(1_u64, |product, &count| product.checked_mul(count))
        });
        if !product.is_some_and(|product| (1..=MOST).contains(&product)) {
            let got = format!("`{shape}`");
            return Err(Error::Option { option: "topology", expected, got });
        }
    }
    Ok(())
}

/// Whether a text proto says `field: N` with a whole number of `least` or more, every time it says
/// `field`.
fn states(text: &str, field: &str, least: u64) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut values = text.match_indices(field).filter_map(|(at, _)| {
        let after = &text[at + field.len()..];
        let whole = !text[..at].ends_with(is_word) && !after.starts_with(is_word);
        whole.then(|| {
            let value = after.trim_start().strip_prefix(':').unwrap_or_default().trim_start();
            let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            value[..digits].parse::<u64>().is_ok_and(|count| count >= least)
        })
    });
    let stated = values.next();
    stated == Some(true) && values.all(|enough| enough)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TPU: &[Extension] = &[Extension::TPU_TOPOLOGY];

    fn options(name: &str, value: impl Into<AttributeValue>) -> BTreeMap<String, AttributeValue> {
        [(name.to_owned(), value.into())].into()
    }

    #[test]
    fn names_of_tpu_slices_that_would_end_the_process_or_mean_another_are_refused() {
        let accepted = |name: &str| check(name, &BTreeMap::new(), TPU).is_ok();
        for name in ["v3:2x2", "v3_8x8", "TPU v3=2x2x1", "v4:4x4x8_twisted", "v3-8"] {
            assert!(accepted(name), "{name}");
        }
        for name in ["", " ", "v3:0x0", "v3:2x0", "v3:2", "v3:", "v3:x", "v3:-1x-1", "v3:1x1x1x1"] {
            assert!(!accepted(name), "{name}");
        }
        for name in ["v3:9999999999x2", "v3:99999999999999999999x2", "v3:0x0_twisted"] {
            assert!(!accepted(name), "{name}");
        }
        let error = check("v3:0x0", &BTreeMap::new(), TPU).unwrap_err();
        insta::assert_snapshot!(error, @"option topology name: expected a generation and 2 or 3 numbers of chips of at least 1, such as v3:2x2, and no more than 65536 chips in all, got `v3:0x0`");
    }

    #[test]
    fn options_of_tpu_slices_are_positive() {
        let accepted = |options| check("v3:2x2", &options, TPU).is_ok();
        assert!(accepted(options("chips_per_host_bounds", vec![1, 1, 1])));
        assert!(!accepted(options("chips_per_host_bounds", vec![1, 0, 1])));
        assert!(!accepted(options("chips_per_host_bounds", vec![1, 1])));
        assert!(!accepted(options("num_slices", 0)));
        assert!(accepted(options("num_slices", 1024)));
    }

    #[test]
    fn slices_of_tpus_are_no_larger_together_than_one_may_be() {
        let accepted = |name, slices| check(name, &options("num_slices", slices), TPU).is_ok();
        assert!(accepted("v3:32x32", 64) && accepted("v3-8", 1024) && accepted("v3-2048", 32));
        assert!(!accepted("v3:32x32", 65) && !accepted("v3-2048", 33));
        assert!(!accepted("v3:256x256", 2));
        assert!(!accepted("v3-99999999999999999", 1024));
    }

    #[test]
    fn a_description_of_a_gpu_that_would_end_the_process_is_refused() {
        let refusal = |config: &str| {
            check("", &options("target_config", config), &[]).map_err(|error| error.to_string())
        };
        let numbers: Vec<String> =
            GPU_NUMBERS[1..].iter().map(|(name, least)| format!("{name}: {least}")).collect();
        let whole = format!(
            "gpu_device_info {{ cuda_compute_capability {{ major: 8 }} core_count: 108 {} }}",
            numbers.join(" ")
        );
        refusal(&whole).unwrap();
        for broken in [
            whole.replace("core_count: 108", ""),
            whole.replace("core_count: 108", "core_count: 0"),
            whole.replace("core_count: 108", "core_count: -1"),
            whole.replace("core_count: 108", "xcore_count: 108"),
            whole.replace("core_count: 108", "core_count: 108 core_count: 0"),
        ] {
            let error = refusal(&broken).unwrap_err();
            assert!(error.ends_with("got one without `core_count` of at least 1"), "{error}");
        }
        // The plugin doesn't survive this one either.
        let little = whole.replace("shared_memory_per_block: 49152", "shared_memory_per_block: 1");
        insta::assert_snapshot!(refusal(&little).unwrap_err(), @"option target_config: expected an NVIDIA GPU's description in full, got one without `shared_memory_per_block` of at least 49152");
        for broken in [String::new(), whole.replace("cuda_compute", "rocm_compute")] {
            let error = refusal(&broken).unwrap_err();
            assert!(error.ends_with("got one without `cuda_compute_capability`"), "{error}");
        }
        assert!(check("", &options("target_config", 3), &[]).is_err());
    }

    #[test]
    fn a_shape_of_gpus_has_three_positive_numbers() {
        let accepted = |shape: &str| check("", &options("topology", shape), &[]).is_ok();
        assert!(accepted("1x16x8"));
        for shape in ["", "1", "8x1", "-1x1x-1", "1x0x1", "1x1x1x1", "65536x65536x65536"] {
            assert!(!accepted(shape), "{shape}");
        }
        assert!(check("", &options("topology", 8), &[]).is_err());
    }
}
