//! `hetxl report`: the page as a browser shows it.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/installed.rs"]
mod installed;
mod support;

use std::collections::HashSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use browser::Page;
use hetxl::metrics::METRICS;
use serde_json::{Value, json};
use support::{IDX, Workplace, write_idx_data};

/// The contrast of each text that is shown with what is behind it, the least one first, as of WCAG 2.
const CONTRASTS: &str = r#"
(() => {
  const channels = (text) => text.match(/[\d.]+/g).slice(0, 3).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((c) => {
      const part = c / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$|transparent/.test(colour)) return colour;
    }
  };
  const shown = [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && element.getClientRects().length);
  const contrast = (element) => {
    const style = getComputedStyle(element);
    const ink = element.ownerSVGElement ? style.fill : style.color;
    const [a, b] = [luminance(ink), luminance(behind(element))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), element.outerHTML.slice(0, 80)];
  };
  return shown.map(contrast).sort((x, y) => x[0] - y[0]);
})()"#;

fn texts(page: &mut Page, selector: &str) -> Vec<String> {
    let selector = json!(selector);
    let found = page
        .value(&format!("[...document.querySelectorAll({selector})].map(it => it.textContent)"));
    found.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// That the first run of a page has the metrics that `hetxl eval` tells, under the same names and to the
/// last digit; those are the result.
#[track_caller]
fn says_what_eval_says(work: &Workplace, page: &mut Page, run: &str) -> Vec<String> {
    let shown = work.succeed(&format!("eval {run}")).stdout;
    let name = |line: &str| line.rsplit_once("  ").unwrap().0.trim_end().to_owned();
    let expected = shown.lines().skip(1).map(name).collect::<Vec<_>>();
    // Before the metrics stand the run, its trunk, head, step, parameters and split.
    assert_eq!(texts(page, "table.runs thead th")[6..], expected);
    let metrics = work.json(&format!("eval {run} --json"))["metrics"].take();
    let metrics = METRICS.iter().filter_map(|metric| metrics.get(metric.name)?.as_f64());
    let metrics = metrics.collect::<Vec<_>>();
    let numbers = "[...document.querySelectorAll('table.runs tbody tr:first-child data')]";
    let exact = page.value(&format!("{numbers}.map(it => it.value)"));
    let exact = exact.as_array().unwrap().iter().map(|it| it.as_str().unwrap().parse().unwrap());
    assert_eq!(exact.collect::<Vec<f64>>(), metrics);
    let shown = texts(page, "table.runs tbody tr:first-child data");
    for (shown, exact) in shown.iter().zip(&metrics) {
        let shown = shown.parse::<f64>().unwrap();
        assert!((shown - exact).abs() <= 1e-3 * exact.abs().max(0.1), "{shown} and {exact}");
    }
    expected
}

#[test]
fn the_page_of_two_runs_is_whole_in_a_browser_and_says_what_eval_says() {
    let work = Workplace::quick();
    let hostile = "<b>&\"run\"<script>console.error(1)</script>";
    work.succeed("train small.toml --run-dir runs/plain --steps 60");
    work.succeed(&format!(
        "train small.toml --run-dir {} --steps 40 -s schedule.peak=1e-3 -s train.log_every=1",
        work.path("runs").join(hostile.replace('/', "\u{2215}")).display()
    ));
    let hostile = hostile.replace('/', "\u{2215}");
    let mut report = work.command("report runs/plain");
    report.arg(work.path("runs").join(&hostile)).args(["-o", "page.html"]);
    assert_eq!(support::end(&mut report).code, Some(0));

    let mut page = Page::open(&work.path("page.html"));
    assert_eq!(page.complaints(), Vec::<&Value>::new());
    assert_eq!(page.requests().len(), 1, "{:?}", page.requests());
    let headings = texts(&mut page, "h2");
    assert_eq!(headings, ["Runs", "What differs", "Curves", "plain", &hostile]);
    assert_eq!(page.value("document.querySelectorAll('script, b').length"), 0);

    // Numbers and differences.
    says_what_eval_says(&work, &mut page, "runs/plain");
    let first = texts(&mut page, "table.runs tbody tr:first-child > *");
    assert!(first.contains(&"60 of 60".to_owned()), "{first:?}");
    let differing = texts(&mut page, "#differences ~ div tbody th");
    assert_eq!(differing, ["schedule.peak", "train.log_every", "train.steps"]);
    let marked = texts(&mut page, "mark");
    assert_eq!(marked.len(), 6, "{marked:?}");

    // Every chart has curves of both runs and a description; every picture shows something.
    let charts = texts(&mut page, "#curves ~ .charts figure h3");
    for title in
        ["loss (train)", "learning rate (train)", "accuracy (validation)", "ECE (validation)"]
    {
        assert!(charts.contains(&title.to_owned()), "{charts:?}");
    }
    let loss = "document.querySelector('#curves ~ .charts figure')";
    assert_eq!(page.value(&format!("{loss}.querySelectorAll('svg.chart polyline').length")), 2);
    let points = page.value(&format!("{loss}.querySelectorAll('polyline')[1].points.length"));
    assert_eq!(points, 40);
    let undescribed =
        "document.querySelectorAll('svg.chart:not([role=img][aria-label]), img:not([alt])').length";
    assert_eq!(page.value(undescribed), 0);
    let pictures = "[...document.images].map(it => it.complete && it.naturalWidth)";
    let pictures = page.value(pictures);
    assert!(pictures.as_array().unwrap().iter().all(|width| *width == 8), "{pictures}");
    assert!(pictures.as_array().unwrap().len() > 2 * 24, "{pictures}");

    // It can be read: in either scheme, and on a narrow screen.
    for (scheme, ground) in [("light", "rgb(255, 255, 255)"), ("dark", "rgb(16, 20, 24)")] {
        page.prefer(scheme);
        assert_eq!(page.value("getComputedStyle(document.body).backgroundColor"), ground);
        let contrasts = page.value(CONTRASTS);
        assert!(contrasts.as_array().unwrap().len() > 300);
        assert!(contrasts[0][0].as_f64().unwrap() >= 4.5, "{scheme}: {}", contrasts[0]);
    }
    page.resize(400, 800);
    assert_eq!(page.value("document.documentElement.scrollWidth"), 400);
    assert_eq!(page.complaints(), Vec::<&Value>::new());
}

/// Names the folder that the pictures in the documentation are written to.
const PICTURES: &str = "HETXL_PICTURES";

#[test]
fn runs_with_different_heads_are_compared() {
    let work = Workplace::new();
    let folder = env::var_os(PICTURES).map(PathBuf::from);
    // Those in the documentation are of runs that have learned something.
    let steps = if folder.is_some() { 1000 } else { 20 };
    for (head, settings) in [("het-xl", "factors=4,samples=16"), ("det", "")] {
        work.succeed(&format!(
            "train small.toml --run-dir runs/{head} --steps {steps} -s train.log_every=10 \
             -s schedule.peak=2e-3 -s schedule.warmup_steps=100 \
             -s model.head={{kind='{head}',{settings}}}"
        ));
    }
    work.succeed("report runs/het-xl runs/det -o comparison.html");
    let mut page = Page::open(&work.path("comparison.html"));
    assert_eq!(page.complaints(), Vec::<&Value>::new());
    let factors = "[...document.querySelectorAll('#differences ~ div tr')].find(it => \
                   it.textContent.startsWith('model.head.factors'))";
    let factors = page.value(&format!("[...{factors}.children].map(it => it.textContent)"));
    assert_eq!(factors, json!(["model.head.factors", "4", "not set"]));
    assert_eq!(page.value("document.querySelectorAll('table.runs tr').length"), 3);

    for (name, from) in [("report.png", "body"), ("report-run.png", "#run-0")] {
        let png = page.picture(from, 1300);
        let picture = image::load_from_memory(&png).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), (1200, 1300));
        // Text and charts, and not only what is behind them.
        let ground = picture.pixels().filter(|it| it.0.iter().all(|&it| it > 240)).count();
        assert!(ground < 98 * 1200 * 13, "{name}: {ground}");
        if let Some(folder) = &folder {
            fs::write(folder.join(name), png).unwrap();
        }
    }
}

#[test]
fn a_run_that_cannot_be_evaluated_has_a_page_with_the_rest() {
    let work = Workplace::quick();
    write_idx_data(&work.path("images"));
    work.succeed(&format!("train small.toml --steps 10 -s train.log_every=1 {IDX}"));
    fs::rename(work.path("images"), work.path("gone")).unwrap();
    let ended = work.succeed("report runs/small-1");
    assert_eq!(ended.stdout, "report.html\n");
    insta::assert_snapshot!(work.generic(ended.stderr.trim_end()), @"runs/small-1 is not evaluated: cannot read WORK/images: No such file or directory (os error 2)");
    let page = work.read("report.html");
    assert!(page.contains("What it gets right and wrong is not known: "));
    assert!(page.contains("<h3>loss (train)</h3>"));
}

#[test]
fn a_run_with_labels_that_are_wrong_on_purpose_is_also_measured_by_the_right_ones() {
    let work = Workplace::quick();
    write_idx_data(&work.path("images"));
    work.succeed(&format!("train small.toml --steps 10 {IDX} -s data.label_noise={{rate=0.9}}"));
    work.succeed("report runs/small-1");
    let mut page = Page::open(&work.path("report.html"));
    let names = says_what_eval_says(&work, &mut page, "runs/small-1");
    assert!(names.contains(&"clean accuracy".to_owned()), "{names:?}");
    // A wrong label is the class after the right one, and the first class comes after the last.
    let labels = texts(&mut page, ".examples li strong");
    let wrong = labels.iter().filter_map(|it| it.split_once(" instead of "));
    let class = |it: &str| it.parse::<u32>().unwrap();
    let wrong = wrong.map(|(label, right)| (class(label), class(right))).collect::<Vec<_>>();
    assert!(!wrong.is_empty() && wrong.len() < labels.len(), "{labels:?}");
    assert!(wrong.iter().all(|(label, right)| *label == (right + 1) % 4), "{wrong:?}");
}

#[test]
fn a_run_that_has_done_nothing_yet_has_a_page() {
    let work = Workplace::quick();
    work.succeed("train small.toml --steps 1");
    fs::remove_dir_all(work.path("runs/small-1/checkpoints")).unwrap();
    fs::write(work.path("runs/small-1/metrics.jsonl"), "").unwrap();
    fs::remove_file(work.path("runs/small-1/environment.json")).unwrap();
    work.succeed("report runs/small-1 -o page.html");
    let page = work.read("page.html");
    for told in
        ["Nothing was measured yet.", "no checkpoint yet", "does not tell what it was computed on"]
    {
        assert!(page.contains(told), "{told}");
    }
}

#[test]
fn many_runs_are_told_apart_by_their_lines() {
    let work = Workplace::quick();
    work.succeed("train small.toml --run-dir runs/0 --steps 1");
    fs::remove_dir_all(work.path("runs/0/checkpoints")).unwrap();
    for copy in 1..20 {
        let folder = work.path(&format!("runs/{copy}"));
        fs::create_dir(&folder).unwrap();
        for name in ["config.toml", "metrics.jsonl"] {
            fs::copy(work.path("runs/0").join(name), folder.join(name)).unwrap();
        }
    }
    let runs = (0..20).map(|run| format!("runs/{run}")).collect::<Vec<_>>().join(" ");
    work.succeed(&format!("report {runs} -o page.html"));
    let mut page = Page::open(&work.path("page.html"));
    for drawn in ["table.runs .swatch polyline", "figure:first-child .chart polyline"] {
        let looks = page.value(&format!(
            "[...document.querySelectorAll('{drawn}')].map(it => getComputedStyle(it)).map(it => \
             it.stroke + it.strokeDasharray)"
        ));
        let looks = looks.as_array().unwrap().iter().map(Value::to_string).collect::<Vec<_>>();
        assert_eq!(looks.len(), 20, "{drawn}");
        assert_eq!(looks.iter().collect::<HashSet<_>>().len(), 20, "{looks:?}");
    }
}

#[test]
fn what_is_no_run_is_told_and_nothing_is_written() {
    let work = Workplace::quick();
    insta::assert_snapshot!(work.fail("report runs/none"), @"error: there is no run in runs/none: there is no such folder");
    assert!(!work.path("report.html").exists());
    work.succeed("train small.toml --steps 1");
    // Nothing is evaluated before, which would tell that it can't be.
    fs::remove_dir_all(work.path("runs/small-1/checkpoints")).unwrap();
    insta::assert_snapshot!(work.fail("report runs/small-1 -o runs"), @"error: cannot write runs: is a directory");
    insta::assert_snapshot!(work.fail("report runs/small-1 -o /proc/x.html"), @"error: cannot write /proc/x.html: No such file or directory (os error 2)");
    insta::assert_snapshot!(work.fail("report runs/small-1 -o small.toml/x.html"), @"error: cannot write small.toml/x.html: Not a directory (os error 20)");
    assert_eq!(work.names(""), ["runs", "small.toml"]);
    work.succeed("report runs/small-1 -o new/folder/x.html");
    assert!(work.path("new/folder/x.html").exists());
}

/// Writes `count` images of 40×30 pixels into a folder, each of one colour with something in it.
fn write_images(folder: &Path, count: u8, colour: [u8; 3]) {
    fs::create_dir_all(folder).unwrap();
    for at in 0..count {
        let pixel = |x, y| {
            let inside = x > u32::from(at) && y > 10;
            image::Rgb(if inside { colour } else { colour.map(|it| it / 2 + at) })
        };
        image::RgbImage::from_fn(40, 30, pixel).save(folder.join(format!("{at}.png"))).unwrap();
    }
}

#[test]
fn images_are_shown_with_the_names_of_their_classes() {
    let work = Workplace::quick();
    for (class, colour) in [("a&b", [200, 40, 40]), ("<i>c", [40, 40, 200]), ("d", [40, 200, 40])] {
        write_images(&work.path("pictures").join(class), 12, colour);
    }
    let data = "-s data.kind=folders -s data.train=pictures -s data.validation=6 -s data.test=12 \
                -s data.classes=3 -s data.image={size=16,resize=20}";
    work.succeed(&format!("train small.toml --steps 2 -s train.batch_size=8 {data}"));
    work.succeed("report runs/small-1");
    let mut page = Page::open(&work.path("report.html"));
    assert_eq!(page.complaints(), Vec::<&Value>::new());
    let classes = texts(&mut page, ".examples li strong");
    let mut known = classes.clone();
    known.sort();
    known.dedup();
    assert!(known.iter().all(|name| ["a&b", "<i>c", "d"].contains(&&name[..])), "{known:?}");
    assert!(known.len() > 1 && classes.len() >= 12, "{classes:?}");
    let sizes =
        page.value("[...document.images].map(it => `${it.naturalWidth}x${it.naturalHeight}`)");
    assert!(sizes.as_array().unwrap().iter().all(|size| size == "40x30"), "{sizes}");
    let names = page.value("[...document.querySelectorAll('.examples li')].map(it => it.title)");
    let names = names.as_array().unwrap();
    assert!(names.iter().all(|it| it.as_str().unwrap().ends_with(".png")), "{names:?}");
}

#[test]
fn examples_with_several_classes_are_taken_for_as_many_and_a_damaged_one_is_named() {
    let work = Workplace::quick();
    let mut tar = tar::Builder::new(fs::File::create(work.path("all.tar")).unwrap());
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes).unwrap();
    };
    write_images(&work.path("pictures"), 40, [250, 120, 30]);
    for at in 0..40 {
        let labels = json!({ "labels": [at % 5, 5 + at % 3] }).to_string();
        let picture = fs::read(work.path("pictures").join(format!("{at}.png"))).unwrap();
        add(format!("{at:02}.png"), if at == 3 { b"<b>" } else { &picture });
        add(format!("{at:02}.json"), labels.as_bytes());
    }
    drop(tar.into_inner().unwrap());
    let settings = "-s data.kind=webdataset -s data.train=all.tar -s data.test=20 -s data.classes=8 \
                    -s data.max_labels=2 -s data.image={size=8,resize=8} -s model.head.loss=sigmoid";
    work.succeed(&format!("train small.toml --steps 3 -s train.batch_size=8 {settings}"));
    work.succeed("report runs/small-1");
    let mut page = Page::open(&work.path("report.html"));
    assert_eq!(page.complaints(), Vec::<&Value>::new());
    let metrics = texts(&mut page, "table.runs thead th").join(" ");
    assert!(metrics.contains("precision@1") && metrics.contains("recall@5"), "{metrics}");
    let told = texts(&mut page, "section > p").join("\n");
    assert!(
        told.contains("19 examples of the test split, beside 1 that could not be used."),
        "{told}"
    );
    let skipped = texts(&mut page, "section > details li");
    assert!(
        skipped.len() == 1 && skipped[0].contains("all.tar: 03.png: it is no JPEG"),
        "{skipped:?}"
    );
    assert_eq!(texts(&mut page, ".examples:first-of-type li strong")[0].split(", ").count(), 2);
}
