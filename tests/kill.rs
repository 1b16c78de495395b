//! Runs that are killed at any moment, and go on as if nothing had been.
//!
//! `HETXL_KILLS=50 cargo test --test kill` kills fifty times instead of eight, and `HETXL_KILL_SEED`
//! takes the moments of a test that said what its seed was.

mod support;

use std::collections::BTreeMap;
use std::env;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hetxl::checkpoint::{self, Checkpoint, Tensors};
use support::{Running, Workplace};

/// Every other step is saved, so that many moments are those of a save. The head has noise and the trunk
/// drops numbers, both drawn anew in every step.
const TRAIN: &str = "train small.toml --steps 60 -s train.checkpoint_every=2 -s train.log_every=10 \
                     -s train.eval_every=25 -s optimizer.ema=0.9 -s model.trunk.hidden=[256] \
                     -s model.trunk.dropout=0.1 -s runtime.cache=true";

fn last(work: &Workplace, run: &str) -> [Tensors; 2] {
    let path = work.path(&format!("{run}/checkpoints/00000060"));
    let Checkpoint { parameters, optimizer, .. } = Checkpoint::load(&path).unwrap();
    [parameters, optimizer]
}

#[test]
fn a_run_that_is_killed_at_any_moment_goes_on_bit_for_bit_from_a_whole_checkpoint() {
    let kills = env::var("HETXL_KILLS").map_or(8, |kills| kills.parse::<u32>().unwrap());
    let work = Workplace::new();
    // The first run compiles, so that others start as fast as each other where programs are cached.
    work.succeed(&format!("{TRAIN} --run-dir first"));
    let began = Instant::now();
    work.succeed(&format!("{TRAIN} --run-dir whole"));
    let takes = began.elapsed();
    let (expected, lines) = (last(&work, "whole"), work.metrics("whole"));

    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
    let seed = env::var("HETXL_KILL_SEED").map_or_else(|_| now(), |seed| seed.parse().unwrap());
    let mut from = BTreeMap::<u64, u32>::new();
    for kill in 0..kills {
        // One moment in each part of the time that a run takes.
        let random = hlo::random::threefry2x32([seed, 0], [kill, 0])[0];
        let moment = (f64::from(kill) + f64::from(random) / 2f64.powi(32)) / f64::from(kills);
        let moment = takes.mul_f64(moment);
        let run = format!("run-{kill}");
        let said = format!("seed {seed}, kill {kill} after {moment:?} of {takes:?}");
        let mut running = Running::start(&mut work.command(&format!("{TRAIN} --run-dir {run}")));
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        running.signal("KILL");
        running.end();

        let latest = checkpoint::latest(&work.path(&format!("{run}/checkpoints"))).unwrap();
        assert!(latest.passed_over.is_empty(), "{said}: {:?}", latest.passed_over);
        let step = latest.checkpoint.map_or(0, |(_, checkpoint)| checkpoint.state.step);
        *from.entry(step).or_default() += 1;
        // Killed before it has a folder a run is no run yet.
        let resume = if work.path(&run).join("config.toml").exists() { "--resume" } else { "" };
        let ended = work.succeed(&format!("{TRAIN} --run-dir {run} {resume}"));
        assert!(
            ended.stderr.contains(&format!("training from step {step} to 60")),
            "{said}: {ended:?}"
        );
        assert!(last(&work, &run) == expected, "{said}: another state");
        assert_eq!(work.metrics(&run), lines, "{said}");
    }
    println!("each of {takes:?}; went on from steps {:?}", from.keys());
}
