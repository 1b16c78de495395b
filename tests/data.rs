//! Sets of images through the public interface.

use std::collections::HashSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use hetxl::data::{Dataset, EvalBatch, IdxData, LabelNoise, Order, Share, Split};

/// Writes a set of 2×1 images, the values of image `i` being `i` and 0, its label `i % 3`.
fn write_set(folder: &Path, train: u8, test: u8) {
    for (part, count) in [("train", train), ("t10k", test)] {
        let mut images = vec![0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 1];
        images.extend((0..count).flat_map(|i| [i, 0]));
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), images).unwrap();
        let mut labels = vec![0, 0, 8, 1, 0, 0, 0, count];
        labels.extend((0..count).map(|i| i % 3));
        fs::write(folder.join(format!("{part}-labels.idx1-ubyte")), labels).unwrap();
    }
}

fn order(batch: usize, seed: u64, start: u64) -> Order {
    Order { batch, seed, start, share: Share::ALL }
}

fn idx(folder: &Path, classes: usize, validation: usize) -> IdxData {
    let (path, stack) = (folder.to_owned(), NonZeroUsize::MIN);
    IdxData { path, classes, validation, stack, label_noise: None }
}

fn error(folder: &Path, classes: usize, validation: usize) -> String {
    let error = Dataset::idx(&idx(folder, classes, validation)).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn the_digits_are_those_that_were_published() {
    // From the description of the set: 1,797 images; the classes' counts of its test part are
    // 178, 182, 177, 183, 181, 182, 181, 179, 174, 180.
    let digits = Dataset::digits().unwrap();
    let mut counts = [0; 10];
    for split in [Split::Train, Split::Validation, Split::Test] {
        let batch = digits.sequential(split, digits.len(split)).unwrap().next().unwrap().unwrap();
        for &label in batch.labels.as_slice::<i32>().unwrap() {
            counts[label as usize] += 1;
        }
    }
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    let lengths = [Split::Train, Split::Validation, Split::Test].map(|split| digits.len(split));
    assert_eq!(lengths, [1297, 200, 300]);
}

#[test]
fn inputs_of_the_train_split_have_mean_0_and_variance_1() {
    let digits = Dataset::digits().unwrap();
    let batch = digits.sequential(Split::Train, 1297).unwrap().next().unwrap().unwrap();
    let inputs = batch.inputs.as_slice::<f32>().unwrap();
    let count = inputs.len() as f64;
    let mean = inputs.iter().map(|&x| f64::from(x)).sum::<f64>() / count;
    let variance = inputs.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / count;
    assert!(mean.abs() < 1e-6, "{mean}");
    assert!((variance - 1.0).abs() < 1e-6, "{variance}");
}

#[test]
fn every_epoch_has_every_example_once_whatever_the_size_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 30, 4);
    let set = Arc::new(Dataset::idx(&idx(folder.path(), 3, 5)).unwrap());
    for batch in [4, 25, 40] {
        let rows = set.batches(order(batch, 3, 0)).unwrap().flat_map(|batch| {
            let inputs = batch.unwrap().inputs.to_array::<f32>().unwrap();
            inputs.outer_iter().map(|row| row[0].to_bits()).collect::<Vec<_>>()
        });
        let seen = rows.take(100).collect::<Vec<_>>();
        for epoch in seen.chunks(25) {
            assert_eq!(epoch.iter().collect::<HashSet<_>>().len(), 25);
        }
        assert_ne!(seen[..25], seen[25..50]);
    }
}

#[test]
fn hosts_share_a_batch_without_overlap_and_without_a_gap() {
    let digits = Arc::new(Dataset::digits().unwrap());
    let batch = |share| {
        let order = Order { share, ..order(12, 1, 107) };
        digits.batches(order).unwrap().next().unwrap().unwrap()
    };
    let whole = batch(Share::ALL);
    let parts = (0..3).map(|host| batch(Share { host, hosts: 3 })).collect::<Vec<_>>();
    let joined = parts.iter().flat_map(|part| part.inputs.bytes()).copied().collect::<Vec<_>>();
    assert_eq!(joined, whole.inputs.bytes());
    assert!(parts.iter().all(|part| part.labels.dims() == [4]));
}

#[test]
fn batches_from_a_later_step_are_those_that_an_uninterrupted_run_sees() {
    let digits = Arc::new(Dataset::digits().unwrap());
    let whole = digits.batches(order(500, 9, 0)).unwrap().take(8).map(Result::unwrap);
    let resumed = digits.batches(order(500, 9, 5)).unwrap().take(3).map(Result::unwrap);
    assert!(whole.skip(5).eq(resumed));
}

#[test]
fn an_image_keeps_its_label_through_shuffling() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 200, 4);
    let set = Arc::new(Dataset::idx(&idx(folder.path(), 3, 0)).unwrap());
    let ordered = set.sequential(Split::Train, 200).unwrap().next().unwrap().unwrap();
    let ordered = ordered.inputs.to_array::<f32>().unwrap();
    for batch in set.batches(order(20, 0, 0)).unwrap().take(20) {
        let batch = batch.unwrap();
        let inputs = batch.inputs.to_array::<f32>().unwrap();
        let labels = batch.labels.as_slice::<i32>().unwrap();
        for (row, &label) in inputs.outer_iter().zip(labels) {
            let index = ordered.outer_iter().position(|it| it == row).unwrap();
            assert_eq!(label, index as i32 % 3);
        }
    }
}

#[test]
fn the_last_batch_of_an_evaluation_is_filled_up_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 9, 7);
    let set = Dataset::idx(&idx(folder.path(), 3, 2)).unwrap();
    let batches = set.sequential(Split::Test, 4).unwrap().map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(batches.iter().map(|it| it.indices.len()).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(batches[1].inputs.dims(), [4, 2]);
    assert_eq!(batches[1].labels.as_slice::<i32>().unwrap(), [1, 2, 0, 1]);
    // The last two of the train files, in their order: labels 7 % 3 and 8 % 3.
    let validation = set.sequential(Split::Validation, 2).unwrap().next().unwrap().unwrap();
    assert_eq!(validation.labels.as_slice::<i32>().unwrap(), [1, 2]);
}

#[test]
fn an_empty_batch_is_refused() {
    let digits = Arc::new(Dataset::digits().unwrap());
    assert_eq!(
        digits.batches(order(0, 0, 0)).unwrap_err().to_string(),
        "a batch of 0 can't be drawn from the train split of 1297 examples"
    );
}

#[test]
fn a_label_beyond_the_classes_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 9, 7);
    assert_eq!(
        error(folder.path(), 2, 1),
        "train-labels.idx1-ubyte holds the label 2 at index 2 (offset 10), expected less than 2, \
         the number of classes"
    );
}

#[test]
fn counts_that_differ_are_refused_with_both_files() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 9, 7);
    let labels = folder.path().join("t10k-labels.idx1-ubyte");
    fs::write(labels, [0, 0, 8, 1, 0, 0, 0, 1, 0]).unwrap();
    assert_eq!(
        error(folder.path(), 3, 1),
        "t10k-images-idx3-ubyte holds 7 images and t10k-labels.idx1-ubyte holds 1 labels"
    );
}

#[test]
fn images_of_another_size_are_refused_with_both_sizes() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 9, 2);
    let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6];
    fs::write(folder.path().join("t10k-images-idx3-ubyte"), images).unwrap();
    assert_eq!(
        error(folder.path(), 3, 1),
        "t10k-images-idx3-ubyte holds images of [1, 1] pixels, expected [2, 1] as in the train split"
    );
}

#[test]
fn a_validation_split_must_leave_something_to_train_on() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 9, 7);
    assert_eq!(
        error(folder.path(), 3, 9),
        "a validation split of 9 leaves nothing of the 9 examples to train on"
    );
}

/// A split in one batch.
fn whole(set: &Dataset, split: Split) -> EvalBatch {
    set.sequential(split, set.len(split)).unwrap().next().unwrap().unwrap()
}

#[test]
fn labels_are_changed_to_the_next_class_the_more_often_the_more_ink_there_is() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 250, 250);
    let changed = |seed| {
        let label_noise = Some(LabelNoise { rate: 0.8, seed });
        let set = Dataset::idx(&IdxData { label_noise, ..idx(folder.path(), 3, 50) }).unwrap();
        let labels = whole(&set, Split::Test).labels;
        let labels = labels.as_slice::<i32>().unwrap().iter().enumerate();
        let changed = labels.map(|(index, &label)| {
            // The image at an index has that much ink.
            let clean = index as i32 % 3;
            assert_eq!(set.clean_label(Split::Test, index), Some(clean as u32));
            assert!([clean, (clean + 1) % 3].contains(&label));
            label != clean
        });
        changed.collect::<Vec<_>>()
    };
    let runs = (0..20).map(changed).collect::<Vec<_>>();
    assert_ne!(runs[0], runs[1]);
    let rate = |range: std::ops::Range<usize>| {
        let count = runs.iter().flat_map(|run| &run[range.clone()]).filter(|&&it| it).count();
        count as f64 / (20 * range.len()) as f64
    };
    // Of 20 · 50 labels whose chances are 0.08 and 0.72 in the mean; five standard errors are 0.07.
    assert!((rate(0..50) - 0.08).abs() < 0.05, "{}", rate(0..50));
    assert!((rate(200..250) - 0.72).abs() < 0.07, "{}", rate(200..250));
}

#[test]
fn images_side_by_side_have_the_classes_of_all_as_digits() {
    let folder = tempfile::tempdir().unwrap();
    write_set(folder.path(), 30, 20);
    let stack = NonZeroUsize::new(3).unwrap();
    let set = Dataset::idx(&IdxData { stack, ..idx(folder.path(), 3, 5) }).unwrap();
    let plain = Dataset::idx(&idx(folder.path(), 3, 5)).unwrap();
    assert_eq!((set.classes(), set.features()), (27, 6));
    let batch = whole(&set, Split::Test);
    let inputs = batch.inputs.to_array::<f32>().unwrap();
    let mean = plain.normalization().unwrap();
    let mut seen = [const { vec![] }; 3];
    for (row, &label) in inputs.outer_iter().zip(batch.labels.as_slice::<i32>().unwrap()) {
        // The first row of pixels is the three images' own numbers, which tell their classes.
        let numbers = [0, 1, 2].map(|at| {
            let number = (0..20).find(|&number| mean.input(number) == row[at]).unwrap();
            seen[at].push(number);
            i32::from(number) % 3
        });
        assert_eq!(label, 9 * numbers[0] + 3 * numbers[1] + numbers[2]);
        assert!((3..6).all(|at| row[at] == mean.input(0)));
    }
    // Each image is once in each place.
    assert_ne!(seen[1], seen[2]);
    for mut place in seen {
        place.sort_unstable();
        assert!(place.into_iter().eq(0..20));
    }
}
