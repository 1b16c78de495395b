//! What the compiler makes of a training step's memory, at the sizes that heads are for. Nothing is run.

mod support;

use hetxl::hlo_module::HloModule;
use hetxl::model::head::{Det, DiagNoise, Heteroscedastic};
use hetxl::model::{HeadConfig, Mlp, Model, Trunk};
use hetxl::programs::Programs;
use pjrt::LoadedExecutable;
use support::device;

/// A trunk of one layer to D, and the head.
fn compiled(head: HeadConfig, batch: usize, width: usize, classes: usize) -> LoadedExecutable {
    let trunk = Trunk::Mlp(Mlp { hidden: vec![width], dropout: 0.0 });
    let model = Model { trunk, head, features: 16, classes };
    let programs = Programs::new(model);
    device::runtime().compile(&programs.train_step(batch).unwrap()).unwrap()
}

fn het_xl(diag_noise: DiagNoise, factors: usize, samples: usize) -> HeadConfig {
    HeadConfig::HetXl(Heteroscedastic {
        diag_noise,
        factors,
        samples,
        ..Heteroscedastic::default()
    })
}

#[test]
fn no_array_of_the_classes_kernel_s_size_is_copied() {
    let (width, classes) = (24, 1009);
    let whole = |shape: &[u64]| shape == [24, 1009] || shape == [1009, 24];
    for head in [
        HeadConfig::Det(Det::default()),
        het_xl(DiagNoise::Independent, 4, 8),
        het_xl(DiagNoise::Scalar, 4, 32),
    ] {
        let name = format!("{head:?}");
        let module = compiled(head, 8, width, classes).optimized_program().unwrap();
        let buffers = HloModule::decode(&module).unwrap().buffers();
        let sized = || buffers.iter().filter(|it| whole(&it.shape));
        let copied = sized().find(|it| it.op == "copy" || it.name.contains("copy"));
        assert_eq!(copied, None, "{name}");
        // The kernel, its moments and what becomes of them are there, so that the sizes are right.
        assert!(sized().count() >= 4, "{name}");
    }
}

#[test]
fn memory_grows_with_samples_by_some_numbers_for_each_of_an_example() {
    let batch = 128;
    for noise in [DiagNoise::Scalar, DiagNoise::Independent] {
        let temp = |samples| {
            let executable = compiled(het_xl(noise, 50, samples), batch, 1024, 21_843);
            executable.memory_stats().unwrap().temp_bytes
        };
        let (few, many) = (temp(1000), temp(10_000));
        // Some numbers for each sample of each example, and the rows of one example, R + 2 or one for
        // each sample, as noise, as rows and as gradients of both.
        let rows = if noise == DiagNoise::Scalar { 0 } else { 10 * 1024 };
        let most = 4 * 9000 * (8 * batch as u64 + rows);
        assert!(many <= few + most, "{noise:?}: {few} and {many} bytes");
        // Beside it stand 310 MB of parameters and moments.
        assert!(few < 1 << 30, "{noise:?}: {few} bytes");
    }
}
