//! `hetxl bench`: what it tells of steps whose cost is known.

mod support;

use serde_json::{Value, json};
use support::Workplace;

/// Sizes at which a step takes no time.
const TINY: &str = "--batch 4 --dim 32 --input 8 --steps 2";

/// A report for each cell.
fn reports(work: &Workplace, arguments: &str) -> Vec<Value> {
    let ended = work.succeed(&format!("bench heads --json {TINY} {arguments}"));
    ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_combination_is_measured_and_a_head_without_noise_once() {
    let work = Workplace::new();
    let arguments = "--head det,het-xl --classes 70 --factors 3 --samples 2,9";
    let reports = reports(&work, arguments);
    let cells = reports.iter().map(|it| (it["head"].clone(), it["samples"].clone()));
    assert_eq!(
        cells.collect::<Vec<_>>(),
        [(json!("det"), Value::Null), (json!("het-xl"), json!(2)), (json!("het-xl"), json!(9)),]
    );
    for report in &reports {
        assert_eq!(report["losses"].as_array().unwrap().len(), 2, "{report}");
        let number =
            |name: &str| report[name].as_f64().unwrap_or_else(|| panic!("{name}: {report}"));
        for name in ["compile_s", "gflops_per_s", "roof_gflops_per_s", "peak_rss_mib"] {
            assert!(number(name) > 0.0, "{name}: {report}");
        }
        assert!(number("step_ms_min") <= number("step_ms_median"), "{report}");
        // The state and the batch: parameters with two moments each, inputs, labels, seed, step,
        // learning rate and decay.
        let arguments = 4 * (3 * number("parameters") as u64 + 4 * 8 + 4 + 2 + 3);
        assert_eq!(report["argument_bytes"], arguments, "{report}");
    }
    // 8·32 + 32 and 32·32 + 32 for the trunk, 32·70 + 70 for the head.
    assert_eq!(reports[0]["parameters"], 288 + 1056 + 2310);
}

/// The trunk's are 2·B·8·D and 2·B·D·D forward, as much for the kernels' gradients, and 2·B·D·D for
/// the first layer's outputs.
const TRUNK: u64 = 2 * 4 * (2 * 8 * 32 + 3 * 32 * 32);

#[test]
fn flops_are_those_of_the_products_that_the_evaluation_order_has() {
    let work = Workplace::new();
    let flops = |arguments: &str| {
        let reports = reports(&work, &format!("--classes 70 {arguments}"));
        reports[0]["flops"].as_u64().unwrap()
    };
    let (b, k, d) = (4, 70, 32);
    // Of DET: logits, the kernel's gradient, the pre-logits'.
    assert_eq!(flops("--head det"), TRUNK + 6 * b * k * d);

    // Of HET-XL the layers of both scales, and the factors' (R = 3) of each sample, besides J rows of
    // each example.
    let noise = 2 * 3 * 2 * b * d * d;
    let direct = |rows: u64| TRUNK + noise + 6 * b * rows * k * d;
    let factors = |samples: u64| 2 * 2 * b * samples * 3 * d;
    let independent = "--diag-noise independent --factors 3 --samples 5";
    assert_eq!(flops(independent), direct(5) + factors(5));
    // Made anew for the gradient.
    let anew = "-s model.head.plan={examples=4,classes=35,keep=false}";
    let again = 2 * b * 5 * k * d;
    assert_eq!(flops(&format!("{independent} {anew}")), direct(5) + factors(5) + again);

    // Of scalar noise R + 2 = 5 rows, and 9 samples mixed of them: for the normaliser, for the
    // gradient, and back. With one tile the first two are one.
    let scalar = "--diag-noise scalar --factors 3 --samples 9";
    let mixed = 2 * b * 9 * 5 * k;
    assert_eq!(flops(scalar), direct(5) + 2 * mixed);
    let tiles = "-s model.head.plan={examples=4,classes=35,keep=true}";
    assert_eq!(flops(&format!("{scalar} {tiles}")), direct(5) + 3 * mixed);
    assert_eq!(flops(&format!("{scalar} {tiles} --loss sigmoid")), direct(5) + 2 * mixed);
}

#[test]
fn the_sizes_of_parts_are_told_and_can_be_given() {
    let work = Workplace::new();
    let notes = |more: &str| {
        let reports = reports(&work, &format!("--classes 70 --samples 2 --factors 3 {more}"));
        reports[0]["notes"].clone()
    };
    assert_eq!(
        notes(""),
        json!(["head: chunks of 4 examples, tiles of 70 classes, projections kept"])
    );
    assert_eq!(
        notes("-s model.head.plan={examples=2,classes=16,keep=false}"),
        json!(["head: chunks of 2 examples, tiles of 16 classes, projections made anew"])
    );
}

#[test]
fn a_table_has_a_row_for_each_cell() {
    let work = Workplace::new();
    let ended = work.succeed(&format!("bench heads {TINY} --head det --classes 70,71"));
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("head  loss     B   K   D "), "{ended:#?}");
    assert!(lines[1].starts_with("det   softmax  4  70  32 "), "{ended:#?}");
    assert!(lines[2].starts_with("det   softmax  4  71  32 "), "{ended:#?}");
    assert_eq!(
        lines[3],
        "det softmax 4 70 32: head: chunks of 4 examples, tiles of 70 classes, projections kept"
    );
}

#[test]
fn a_cell_that_cannot_be_is_refused_before_any_is_measured() {
    let work = Workplace::new();
    let refused = |arguments: &str| work.fail(&format!("bench heads {arguments}"));
    let unknown = refused("--head det,hetxl");
    assert!(unknown.starts_with("error: model.head.kind: unknown variant `hetxl`"), "{unknown}");
    insta::assert_snapshot!(refused("--samples 4,0"), @"error: model.head.samples: at least one sample is needed");
    insta::assert_snapshot!(refused("--loss hinge"), @"error: model.head.loss: unknown variant `hinge`, expected `softmax` or `sigmoid`");
    insta::assert_snapshot!(refused("-s model.head.plans=1"), @"error: model.head: there is no key `plans`: did you mean `plan`?");
    // A plugin that the environment names would be taken for it.
    let mut command = work.command("bench heads -s runtime.platform=none");
    insta::assert_snapshot!(work.message(command.env_remove("HETXL_PLUGIN")), @r#"error: there is no plugin for the platform "none" on this machine; known platforms are: cpu, cpu-zml, cpu-openxla, tpu, cuda12, cuda13, or set HETXL_PLUGIN to the path of one"#);
    for wrong in ["--batch 0", "--classes x", "--steps 0", "--dim", "--unknown"] {
        assert_eq!(work.hetxl(&format!("bench heads {wrong}")).code, Some(2), "{wrong}");
    }
}

#[test]
fn a_step_that_takes_more_memory_than_there_is_is_not_begun() {
    let arguments = "bench heads --head det --batch 1000000000 --input 1000 --dim 2 --classes 2";
    let ended = Workplace::new().hetxl(&format!("{arguments} --json"));
    assert_eq!(ended.code, Some(1));
    let refusal = ended.stderr.lines().find(|line| line.starts_with("error: a run of train_step"));
    let refusal = refusal.unwrap_or_else(|| panic!("{}", ended.stderr));
    assert!(refusal.contains("GiB of memory, and this machine has"), "{refusal}");
}
