//! The recipes are what they say, and those of the papers' size fit the TPUs that they are for.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hetxl::config::Config;
use hetxl::data::{DataConfig, Taken};
use hetxl::model::{HeadConfig, Model, ParamSpec};
use serde_json::Value;
use support::{Workplace, end};
use toml::Table;

/// Those on ImageNet-21k, with their parameters: worked out from the layers of the authors' code, and
/// not by this crate. HET has a fixed temperature there, HET-XL learns it.
const IMAGENET_21K: [(&str, usize); 6] = [
    ("resnet152-i21k-det", 102_900_115),
    ("resnet152-i21k-het", 193_526_722),
    ("resnet152-i21k-het-xl", 111_397_268),
    ("vit-l32-i21k-det", 328_949_075),
    ("vit-l32-i21k-het", 374_841_218),
    ("vit-l32-i21k-het-xl", 331_100_500),
];

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/recipes");

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name).with_extension("toml")
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

fn config(name: &str) -> Config {
    Config::read(&path(name), &[]).unwrap_or_else(|error| panic!("{error}"))
}

/// The parameters of a recipe that has shapes in the place of data.
fn parameters(config: &Config) -> usize {
    let DataConfig::Shapes { features, classes, .. } = config.data else {
        panic!("expected shapes, got {:?}", config.data)
    };
    let (trunk, head) = (config.model.trunk.clone(), config.model.head.clone());
    let model = Model { trunk, head, features, classes };
    model.params().iter().map(ParamSpec::elements).sum()
}

#[test]
fn every_recipe_is_a_config() {
    let recipes = fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let read: Vec<_> = recipes.map(|path| Config::read(&path, &[]).unwrap()).collect();
    assert!(read.len() > IMAGENET_21K.len());
}

/// The words that a shell makes of a line.
fn words(line: &str) -> Vec<String> {
    let script = format!("set -- {line}\nprintf '%s\\0' \"$@\"");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    let words = String::from_utf8(output.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn commands_in_the_heads_of_recipes_are_typed_in_a_shell_as_they_stand() {
    let mut kinds = vec![];
    for recipe in fs::read_dir(FOLDER).unwrap() {
        let path = recipe.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let commands = text.lines().filter_map(|line| line.strip_prefix("#   hetxl "));
        let commands = commands.map(words).collect::<Vec<_>>();
        assert!(!commands.is_empty(), "{}", path.display());
        for command in commands {
            assert!(matches!(command[0].as_str(), "train" | "compile"), "{command:?}");
            let config = Path::new(env!("CARGO_MANIFEST_DIR")).join(&command[1]);
            assert_eq!(config, path);
            let settings = command.windows(2).filter(|pair| pair[0] == "-s");
            let settings = settings.map(|pair| pair[1].clone()).collect::<Vec<_>>();
            let read = Config::read(&config, &settings);
            let read = read.unwrap_or_else(|error| panic!("{command:?}: {error}"));
            if !settings.is_empty() {
                kinds.push(read.model.head);
            }
        }
    }
    // Two recipes say how to do without the noise.
    assert!(matches!(kinds[..], [HeadConfig::Det(_), HeadConfig::Det(_)]), "{kinds:?}");
}

#[test]
fn models_on_imagenet_21k_have_the_papers_numbers_of_parameters() {
    for (name, expected) in IMAGENET_21K {
        assert_eq!(parameters(&config(name)), expected, "{name}");
    }
}

#[test]
fn what_is_for_training_on_imagenet_21k_is_a_config_too() {
    for (name, _) in IMAGENET_21K {
        let text = text(name);
        let (before, rest) = text.split_once("#   [data]\n").unwrap();
        let (files, rest) = rest.split_once("[data]\n").unwrap();
        let (_, after) = rest.split_once("\n\n").unwrap();
        let files = files.replace("#   ", "");
        let config = Config::parse(&format!("{before}\n{after}\n[data]\n{files}"), &[]).unwrap();
        let DataConfig::Tfrecord(images) = config.data else { panic!("{name}: {:?}", config.data) };
        assert_eq!(images.classes, 21_843);
        // The paper's split into three parts.
        assert_eq!(images.test, Some(Taken::First(102_400)));
        assert_eq!(images.validation, Some(Taken::First(102_400)));
        assert_eq!(3 * images.image.size.pow(2), 150_528);
    }
}

#[test]
fn the_recipes_of_a_trunk_differ_in_the_head_alone() {
    for names in IMAGENET_21K.map(|(name, _)| name).chunks(3) {
        let rest = |name: &&str| {
            let mut table: Table = text(name).parse().unwrap();
            table["model"].as_table_mut().unwrap().remove("head").unwrap();
            table
        };
        let rests: Vec<_> = names.iter().map(rest).collect();
        assert!(rests.iter().all(|rest| *rest == rests[0]), "{names:?}");
    }
}

#[test]
fn a_recipe_trains_for_90_epochs_of_what_the_split_leaves() {
    const IMAGES: u64 = 14_197_122 - 2 * 102_400;
    for (name, _) in IMAGENET_21K {
        let config = config(name);
        let epochs = (config.train.steps * config.train.batch_size as u64) as f64 / IMAGES as f64;
        assert!((epochs - 90.0).abs() < 1e-3, "{name}: {epochs}");
        assert_eq!(config.schedule.total_steps, Some(config.train.steps));
    }
}

/// Slow: it takes 25 seconds of a processor with the least of the compiler's efforts. With
/// `HETXL_RECIPES=all` every recipe on ImageNet-21k is compiled, which takes two minutes of one.
#[test]
fn recipes_of_the_papers_size_fit_a_core_of_a_tpu_v3() {
    let all = std::env::var_os("HETXL_RECIPES").is_some_and(|value| value == "all");
    let compiled = |name: &str| all || name == "resnet152-i21k-het-xl";
    for (name, parameters) in IMAGENET_21K.into_iter().filter(|(name, _)| compiled(name)) {
        let work = Workplace::new();
        let recipe = path(name);
        let least = "--xla-flag xla_optimization_level=EFFORT_O0";
        let arguments = format!("compile {} --for tpu:v3:8x8 {least} --json", recipe.display());
        let mut command = work.command(&arguments);
        let ended =
            end(command.env_remove("HETXL_PLUGIN").env_remove("PJRT_NAMES_AND_LIBRARY_PATHS"));
        assert_eq!(ended.code, Some(0), "{ended:#?}");
        let made: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((&made["used_devices"], &made["fits"]), (&128.into(), &true.into()), "{name}");
        // Each core has parameters and moments, and takes its part of the images, beside some scalars.
        let images = config(name).train.batch_size / 128;
        let expected = (3 * 4 * parameters + images * 4 * (150_528 + 1)) as u64;
        let arguments = made["memory"]["arguments"].as_u64().unwrap();
        assert!((expected..expected + expected / 50).contains(&arguments), "{name}: {made}");
    }
}
