//! What the host does to an image before a device sees it, beside what decoding alone costs.
//!
//!     cargo bench --bench pipeline [-- --images FOLDER --count 100000]
//!
//! 2,000 JPEGs of 500x375 pixels at quality 85 are made in a folder of the temporary ones, of noise
//! whose octaves fall off as those of photographs do; with `--images` the files of a folder are taken
//! instead. Then, on all processors and in turns: files are read and decoded, and nothing else; and
//! files are read, decoded, cropped, resized, flipped, normalised and put into batches of 128 for
//! training, and taken as a loop of training takes them. At last `--count` images go through, and the
//! memory that the process occupies is looked at on the way.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use hetxl::data::{
    Batches, Dataset, Example, Fields, ImageData, ImageSettings, Order, Random, RawInput,
    ReadError, Share, Source,
};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use rayon::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const MADE: usize = 2000;
const WIDTH: usize = 500;
const HEIGHT: usize = 375;
const QUALITY: u8 = 85;

const BATCH: usize = 128;

/// Batches that are taken before time is: more than are made ahead.
const WARM: usize = 5;

/// Turns of each measurement.
const TURNS: usize = 5;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let count: usize = value("--count").map_or(Ok(100_000), |count| count.parse())?;
    let made = tempfile::tempdir()?;
    let folder = match value("--images") {
        Some(folder) => PathBuf::from(folder),
        None => {
            make_images(made.path())?;
            made.path().to_owned()
        }
    };
    let files = Files::in_folder(&folder)?;
    let bytes =
        files.paths.iter().map(|path| Ok(fs::metadata(path)?.len())).sum::<Result<u64>>()?;
    let threads = std::thread::available_parallelism()?;
    println!(
        "{} files of {:.1} kB on average, {threads} processors\n",
        files.paths.len(),
        bytes as f64 / files.paths.len() as f64 / 1e3
    );

    let files = Arc::new(files);
    let dataset = dataset(&files)?;
    println!(
        "| turn | decoder, images/s | CPU ms | pipeline, images/s | CPU ms | ratio | of CPU |\n\
         |---|---|---|---|---|---|---|"
    );
    let mut ratios = vec![];
    for turn in 1..=TURNS {
        let (decoder, decoder_cpu) = timed(|| decode(&files))?;
        let mut batches = batches(&dataset)?;
        // From now on as many are made ahead as are taken.
        take(&mut batches, WARM * BATCH, |_| Ok(()))?;
        let (pipeline, pipeline_cpu) = timed(|| take(&mut batches, MADE, |_| Ok(())))?;
        let (ratio, of_cpu) = (pipeline / decoder, pipeline_cpu / decoder_cpu);
        println!(
            "| {turn} | {:.0} | {:.2} | {:.0} | {:.2} | {ratio:.3} | {of_cpu:.3} |",
            1.0 / decoder,
            decoder_cpu * 1e3,
            1.0 / pipeline,
            pipeline_cpu * 1e3
        );
        ratios.push([ratio, of_cpu]);
    }
    let median = |of: usize| {
        let mut ratios = ratios.iter().map(|ratio| ratio[of]).collect::<Vec<_>>();
        ratios.sort_by(f64::total_cmp);
        ratios[TURNS / 2]
    };
    println!("\nmedian ratio {:.3}, of CPU {:.3}", median(0), median(1));

    println!("\n| images | resident MiB |\n|---|---|");
    take(&mut batches(&dataset)?, count, |taken| {
        if taken.is_power_of_two()
            || (taken * BATCH).is_multiple_of((count / 10).next_multiple_of(BATCH))
        {
            println!("| {} | {} |", taken * BATCH, resident()? >> 20);
        }
        Ok(())
    })?;
    println!("\npeak {} MiB", peak()?);
    Ok(())
}

/// Files in a folder.
#[derive(Debug)]
struct Files {
    paths: Vec<PathBuf>,
}

impl Files {
    fn in_folder(folder: &Path) -> Result<Self> {
        let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
        let mut paths = paths.collect::<Result<Vec<_>>>()?;
        paths.sort();
        Ok(Self { paths })
    }
}

impl Source for Files {
    fn len(&self) -> usize {
        self.paths.len()
    }

    fn read(&self, index: usize) -> Result<Example, ReadError> {
        let file = fs::read(&self.paths[index]);
        let file = file.map_err(|error| ReadError::Unusable(error.to_string()))?;
        Ok(Example { input: RawInput::Image(file), labels: vec![0] })
    }

    fn name(&self, index: usize) -> String {
        self.paths[index].display().to_string()
    }
}

fn dataset(files: &Arc<Files>) -> Result<Arc<Dataset>> {
    let config = ImageData {
        train: String::new(),
        validation: None,
        test: None,
        classes: 1,
        max_labels: None,
        fields: Fields::default(),
        image: ImageSettings::default(),
        max_skipped: 0,
        threads: None,
    };
    let source: Arc<dyn Source> = files.clone();
    Ok(Arc::new(Dataset::images([source.clone(), source.clone(), source], &config)?))
}

/// The seconds that each image takes of those that `work` tells the number of, and of the processors.
fn timed(work: impl FnOnce() -> Result<usize>) -> Result<(f64, f64)> {
    let (began, spent) = (Instant::now(), cpu_seconds()?);
    let count = work()? as f64;
    Ok((began.elapsed().as_secs_f64() / count, (cpu_seconds()? - spent) / count))
}

/// Reads and decodes all files; the result is how many there are.
fn decode(files: &Files) -> Result<usize> {
    // Into the same memory again and again, which is the best that the decoder can do.
    let all = files.paths.par_iter().try_for_each_init(Vec::new, |pixels, path| {
        let file = fs::read(path).map_err(|error| error.to_string())?;
        let options = DecoderOptions::new_fast();
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&file), options);
        decoder.decode_headers().map_err(|error| error.to_string())?;
        pixels.resize(decoder.output_buffer_size().ok_or("it has no size")?, 0);
        decoder.decode_into(pixels).map_err(|error| error.to_string())?;
        black_box(pixels);
        Ok::<_, String>(())
    });
    all?;
    Ok(files.len())
}

fn batches(dataset: &Arc<Dataset>) -> Result<Batches> {
    let order = Order { batch: BATCH, seed: 0, start: 0, share: Share::ALL };
    Ok(dataset.batches(order)?)
}

/// Takes at least `count` images in batches; the result is how many. `look` is called with the number
/// of batches after each.
fn take(
    batches: &mut Batches,
    count: usize,
    mut look: impl FnMut(usize) -> Result<()>,
) -> Result<usize> {
    let steps = count.div_ceil(BATCH);
    for step in 1..=steps {
        let batch = batches.next().ok_or("there is no batch")??;
        batches.reuse(black_box(batch));
        look(step)?;
    }
    Ok(steps * BATCH)
}

/// Writes JPEGs: windows of a large texture.
fn make_images(folder: &Path) -> Result<()> {
    const SIDE: usize = 2048;
    let texture = texture(SIDE);
    (0..MADE).into_par_iter().try_for_each(|index| {
        let mut random = Random::new(1, 0, index);
        let mut start = |length| (random.uniform() * (SIDE - length) as f64) as usize;
        let (top, left) = (start(HEIGHT), start(WIDTH));
        let rows = (top..top + HEIGHT).map(|row| &texture[(row * SIDE + left) * 3..][..WIDTH * 3]);
        let pixels = rows.flatten().copied().collect::<Vec<u8>>();
        let mut file = vec![];
        JpegEncoder::new_with_quality(&mut file, QUALITY)
            .write_image(&pixels, WIDTH as u32, HEIGHT as u32, ExtendedColorType::Rgb8)
            .map_err(|error| error.to_string())?;
        fs::write(folder.join(format!("{index:04}.jpg")), file).map_err(|error| error.to_string())
    })?;
    Ok(())
}

/// `[side, side, 3]`: octaves of smooth noise, each half as strong as the one of twice its scale, the
/// channels much alike.
fn texture(side: usize) -> Vec<u8> {
    let noise = |row: usize, column: usize, channel: usize| {
        let octave = |scale: usize| {
            let (y, x) = (row as f64 / scale as f64, column as f64 / scale as f64);
            (smooth(y, x, scale * 4 + channel) - 0.5) * (scale as f64).sqrt()
        };
        (0..9).map(|doublings| octave(1 << doublings)).sum::<f64>()
    };
    let pixel = |index: usize| {
        let (row, column) = (index / side, index % side);
        let grey = noise(row, column, 3);
        let of = |channel| 128.0 + 12.0 * (grey + 0.3 * noise(row, column, channel));
        std::array::from_fn::<_, 3, _>(|channel| of(channel).clamp(0.0, 255.0) as u8)
    };
    let pixels = (0..side * side).into_par_iter().flat_map_iter(pixel);
    pixels.collect()
}

/// Noise between 0 and 1 that is linear between whole places.
fn smooth(y: f64, x: f64, kind: usize) -> f64 {
    let at = |y: f64, x: f64| {
        let mut hash = (y as u64) << 32 | (x as u64) << 12 | kind as u64;
        for _ in 0..2 {
            hash = (hash ^ hash >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        (hash >> 40) as f64 / (1u64 << 24) as f64
    };
    let (y0, x0) = (y.floor(), x.floor());
    let (dy, dx) = (y - y0, x - x0);
    let row = |y: f64| at(y, x0) * (1.0 - dx) + at(y, x0 + 1.0) * dx;
    row(y0) * (1.0 - dy) + row(y0 + 1.0) * dy
}

/// Processor time of this process, of all threads that it has and had.
fn cpu_seconds() -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, after_name) = stat.rsplit_once(')').ok_or("the status has no name")?;
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / TICKS_PER_SECOND)
}

/// Bytes of memory that this process occupies.
fn resident() -> Result<u64> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split(' ').nth(1).ok_or("statm has no second number")?.parse()?;
    Ok(pages * 4096)
}

/// The most MiB that it ever occupied.
fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.ok_or("the status has no peak")?.trim().trim_end_matches(" kB");
    Ok(number.parse::<u64>()? >> 10)
}
