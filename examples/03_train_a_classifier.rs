//! Train a HET-XL classifier from Rust, without the command line.
//!
//!     cargo run --release --example 03_train_a_classifier

use std::sync::atomic::AtomicBool;

use hetxl::config::Config;
use hetxl::run_folder::Place;
use hetxl::runtime::Runtime;
use hetxl::train::{Event, train};

pub(crate) const CONFIG: &str = r#"
    model.trunk = { kind = "mlp", hidden = [64] }
    model.head = { kind = "het-xl", factors = 5, samples = 8 }
    data.kind = "digits"
    schedule = { peak = 3e-3, warmup_steps = 20 }
    train = { steps = 200, eval_every = 100 }
"#;

pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::parse(CONFIG, &[])?;
    let runtime = Runtime::open(&config.runtime, &mut |step| eprintln!("{step}"))?;
    let folder = tempfile::tempdir()?;
    let never = AtomicBool::new(false);
    let place = Place::New(folder.path().join("run"));
    let outcome = train(&config, &runtime, &place, &never, &mut |event| {
        if let Event::Evaluated { step, split, evaluation } = event {
            println!("step {step}: {split} accuracy {:.3}", evaluation.accuracy);
        }
    })?;
    let test = outcome.test.expect("the digits have a test split");
    assert!(test.accuracy > 0.9);
    Ok(())
}
