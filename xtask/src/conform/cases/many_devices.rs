//! One program on several devices of this process.

use pjrt::{Buffer, Code, CompileOptions, HostArray, LoadedExecutable};

use super::{ADD_IN_PLACE, sum_by_gspmd, sum_by_shardy};
use crate::conform::case::{Case, Verdict, case, same};
use crate::conform::subject::Subject;

/// An operation in which replicas exchange what they have. Each brings `n` numbers:
/// `10 * replica + 0`, `10 * replica + 1`, and so on.
pub(super) struct Collective {
    pub(super) name: &'static str,
    /// The operation and its attributes, for so many replicas.
    operation: fn(usize) -> String,
    /// What each of so many replicas has afterwards.
    expected: fn(usize) -> Vec<Vec<f32>>,
}

pub(super) const COLLECTIVES: [Collective; 6] = [
    Collective {
        name: "all-reduce",
        operation: |n| format!("\"stablehlo.all_reduce\"(%x) {SUM} {{{}}}", group(n)),
        expected: |n| vec![sums(n); n],
    },
    Collective {
        name: "all-gather",
        operation: |n| {
            format!("\"stablehlo.all_gather\"(%x) {{all_gather_dim = 0 : i64, {}}}", group(n))
        },
        expected: |n| vec![rows(n).concat(); n],
    },
    Collective {
        name: "reduce-scatter",
        operation: |n| {
            let attributes = format!("{{scatter_dimension = 0 : i64, {}}}", group(n));
            format!("\"stablehlo.reduce_scatter\"(%x) {SUM} {attributes}")
        },
        expected: |n| sums(n).into_iter().map(|sum| vec![sum]).collect(),
    },
    Collective {
        name: "collective-permute",
        operation: |n| {
            let pairs: Vec<_> = (0..n).map(|i| format!("[{i}, {}]", (i + 1) % n)).collect();
            let pairs = format!("dense<[{}]> : tensor<{n}x2xi64>", pairs.join(", "));
            format!("\"stablehlo.collective_permute\"(%x) {{source_target_pairs = {pairs}}}")
        },
        expected: |n| {
            let mut rows = rows(n);
            rows.rotate_right(1);
            rows
        },
    },
    Collective {
        name: "all-to-all",
        operation: |n| {
            let split = format!("split_count = {n} : i64, split_dimension = 0 : i64");
            let attributes = format!("{split}, concat_dimension = 0 : i64, {}", group(n));
            format!("\"stablehlo.all_to_all\"(%x) {{{attributes}}}")
        },
        expected: |n| {
            let column = |i| rows(n).into_iter().map(|row| row[i]).collect();
            (0..n).map(column).collect()
        },
    },
    Collective {
        name: "collective-broadcast",
        operation: |n| format!("\"stablehlo.collective_broadcast\"(%x) {{{}}}", group(n)),
        expected: |n| vec![rows(n).remove(0); n],
    },
];

const SUM: &str = "({
  ^bb0(%a: tensor<f32>, %b: tensor<f32>):
    %c = stablehlo.add %a, %b : tensor<f32>
    stablehlo.return %c : tensor<f32>
})";

/// All replicas in one group.
fn group(n: usize) -> String {
    let ids: Vec<String> = (0..n).map(|id| id.to_string()).collect();
    format!("replica_groups = dense<[[{}]]> : tensor<1x{n}xi64>", ids.join(", "))
}

fn rows(n: usize) -> Vec<Vec<f32>> {
    (0..n).map(|replica| (0..n).map(|i| (10 * replica + i) as f32).collect()).collect()
}

fn sums(n: usize) -> Vec<f32> {
    (0..n).map(|i| rows(n).iter().map(|row| row[i]).sum()).collect()
}

impl Collective {
    /// The operation alone, as a program of `n` replicas.
    pub(super) fn code(&self, n: usize) -> String {
        let result = (self.expected)(n)[0].len();
        format!(
            "func.func public @main(%x: tensor<{n}xf32>) -> tensor<{result}xf32> {{
              %y = {} : (tensor<{n}xf32>) -> tensor<{result}xf32>
              return %y : tensor<{result}xf32>
            }}",
            (self.operation)(n)
        )
    }

    fn run(&self, subject: &Subject) -> Verdict {
        let n = subject.device_count()?;
        let program = replicas(subject, n, &self.code(n))?;
        let results = run_each(&program, &[n], &rows(n))?;
        same("results", results, (self.expected)(n))
    }
}

pub(super) fn cases() -> Vec<Case> {
    let collectives = COLLECTIVES.iter();
    let mut cases: Vec<Case> = collectives
        .map(|collective| case(collective.name, |subject| collective.run(subject)))
        .collect();
    cases.extend([
        case("partitions by Shardy", |subject| partitions(subject, sum_by_shardy, true)),
        case("partitions by GSPMD", |subject| partitions(subject, sum_by_gspmd, false)),
        case("donation on each of them", |subject| {
            let n = subject.device_count()?;
            let add = replicas(subject, n, ADD_IN_PLACE)?;
            let mut inputs = Vec::new();
            for (index, device) in add.devices().iter().enumerate() {
                let on = |values: &[f32]| -> Verdict<Buffer> {
                    Ok(add.client().buffer(&HostArray::from_slice(&[2], values)?, device)?)
                };
                inputs.push(vec![on(&[index as f32, 0.0])?.into(), on(&[1.0, 1.0])?.into()]);
            }
            let expected: Vec<_> = (0..n).map(|index| vec![index as f32 + 1.0, 1.0]).collect();
            same("sums", read(&add.run_on_all(inputs)?)?, expected)
        }),
        case("two replicas of several partitions", |subject| {
            let n = subject.device_count()? / 2;
            let code = format!(
                r#"module @ids attributes {{mhlo.num_partitions = {n} : i32}} {{
                  sdy.mesh @mesh = <["part"={n}]>
                  func.func public @main() -> (
                      tensor<ui32> {{sdy.sharding = #sdy.sharding<@mesh, []>}},
                      tensor<{n}xui32> {{sdy.sharding = #sdy.sharding<@mesh, [{{"part"}}]>}}) {{
                    %r = stablehlo.replica_id : tensor<ui32>
                    %p = stablehlo.iota dim = 0 : tensor<{n}xui32>
                    return %r, %p : tensor<ui32>, tensor<{n}xui32>
                  }}
                }}"#
            );
            let options = CompileOptions {
                replicas: 2,
                partitions: n,
                use_shardy: true,
                ..Default::default()
            };
            let program = subject.client()?.compile(Code::mlir(&code), &options)?;
            let results = program.run_on_all((0..2 * n).map(|_| vec![]).collect())?;
            let item = |buffer: &Buffer| -> Verdict<u32> { Ok(buffer.to_host()?.item()?) };
            let ids = results.iter().map(|ids| Ok((item(&ids[0])?, item(&ids[1])?)));
            let n = n as u32;
            let expected: Vec<_> = (0..2 * n).map(|index| (index / n, index % n)).collect();
            same("replica and partition", ids.collect::<Verdict<Vec<_>>>()?, expected)
        }),
    ]);
    cases
}

fn replicas(subject: &Subject, n: usize, code: &str) -> Verdict<LoadedExecutable> {
    let options = CompileOptions { replicas: n, ..Default::default() };
    Ok(subject.client()?.compile(Code::mlir(code), &options)?)
}

/// The sum of `[8, 2]` numbers by column, of which each device has some rows.
fn partitions(subject: &Subject, code: fn(usize) -> String, use_shardy: bool) -> Verdict {
    let n = subject.device_count()?;
    let options = CompileOptions { partitions: n, use_shardy, ..Default::default() };
    let program = subject.client()?.compile(Code::mlir(&code(n)), &options)?;
    let x: Vec<f32> = (0..16).map(|i| i as f32).collect();
    let parts: Vec<Vec<f32>> = x.chunks(16 / n).map(<[f32]>::to_vec).collect();
    same("sums", run_each(&program, &[8 / n, 2], &parts)?, vec![vec![56.0, 64.0]; n])
}

/// Runs a program of one argument and one result on all its devices.
fn run_each(
    program: &LoadedExecutable,
    dims: &[usize],
    values: &[Vec<f32>],
) -> Verdict<Vec<Vec<f32>>> {
    let mut inputs = Vec::new();
    for (device, values) in program.devices().iter().zip(values) {
        let array = HostArray::from_slice(dims, values)?;
        inputs.push(vec![program.client().buffer(&array, device)?.into()]);
    }
    read(&program.run_on_all(inputs)?)
}

/// The first result of each device.
fn read(results: &[Vec<Buffer>]) -> Verdict<Vec<Vec<f32>>> {
    results.iter().map(|results| Ok(results[0].to_host()?.as_slice()?.to_vec())).collect()
}
