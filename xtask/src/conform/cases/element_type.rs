//! Arrays and programs of every element type.

use pjrt::{Code, CompileOptions, DType, ErrorCode, HostArray};

use crate::conform::case::{Case, Finding, Verdict, case, holds, same};
use crate::conform::subject::{Compiled, Subject};

pub(super) fn cases() -> Vec<Case> {
    let array = |&dtype: &DType| case(format!("arrays of {dtype}"), move |s| arrays(s, dtype));
    let program =
        |&dtype: &DType| case(format!("programs on {dtype}"), move |s| programs(s, dtype));
    DType::ALL.iter().map(array).chain(DType::ALL.iter().map(program)).collect()
}

fn arrays(subject: &Subject, dtype: DType) -> Verdict {
    let sample = sample(dtype)?;
    let buffer = subject.on_device(&sample)?;
    same("type", buffer.dtype(), dtype)?;
    holds("the same bytes come back", buffer.to_host()?.bytes() == sample.bytes())
}

/// A program that moves the elements without arithmetic: it reverses them.
fn programs(subject: &Subject, dtype: DType) -> Verdict {
    let code = format!(
        "func.func public @main(%x: tensor<5x{dtype}>) -> tensor<5x{dtype}> {{
          %y = stablehlo.reverse %x, dims = [0] : tensor<5x{dtype}>
          return %y : tensor<5x{dtype}>
        }}"
    );
    let reverse = subject.try_compile(Code::mlir(&code), &CompileOptions::default())?;
    let reverse = reverse.map_err(refusal)?;
    same("type", reverse.outputs()[0].dtype, dtype)?;
    let Compiled::Loaded(reverse) = reverse else { return Ok(()) };
    let sample = sample(dtype)?;
    let results = reverse.run(vec![subject.on_device(&sample)?.into()])?;
    let mut elements: Vec<&[u8]> = sample.bytes().chunks(dtype.host_bytes()).collect();
    elements.reverse();
    holds("its bytes are reversed", results[0].to_host()?.bytes() == elements.concat())
}

/// The programs differ in nothing but the type, so that what a compiler has against one is that it
/// doesn't know the type, which has no kind of error of its own.
fn refusal(error: pjrt::Error) -> Finding {
    match &error {
        pjrt::Error::Plugin { code: ErrorCode::UNKNOWN | ErrorCode::INVALID_ARGUMENT, .. } => {
            Finding::unsupported(error.to_string())
        }
        _ => error.into(),
    }
}

/// Five elements of various bits, none of them a NaN.
fn sample(dtype: DType) -> Verdict<HostArray> {
    // Elements of fewer than eight bits are the lower ones of a byte.
    let digits = dtype.name().trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let mask = match digits[..end].parse() {
        Ok(bits @ 0..8) => (1 << bits) - 1,
        _ => 0x3f,
    };
    let element = |i: usize| [(7 * i + 3) as u8 & mask].repeat(dtype.host_bytes());
    let bytes: Vec<u8> = (0..5).flat_map(element).collect();
    Ok(HostArray::from_bytes(dtype, &[5], &bytes)?)
}
