//! Prints how fast the reader is: beside candle (where built with it) in floats, on each instruction set, and beside the machine's limit.
//!
//! `RAYON_NUM_THREADS=1 demarche-benches WEIGHTS ARTICLES.jsonl.gz`, one core; see `README.md`.

#[cfg(feature = "candle")]
mod floats;
mod limits;

use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::Path;

use cpu_time::ProcessTime;
use demarche_coder::CheapLook;
use demarche_knowledge::Knowledge;
use demarche_text::analyze::Analyzer;
use demarche_text::article::Article;
use demarche_text::language::{FILES, Language, pack};
use demarche_text::model::Model;

/// Sentences of the encoder's rows.
const SENTENCES: usize = 96;
/// Articles of the whole reader's rows.
const ARTICLES: usize = 24;
/// Each contender runs once a round, and its quickest counts, in processor time: neither other
/// programs nor a busy moment fall on one row alone.
const ROUNDS: usize = 7;
/// Pieces that candle gets at once.
#[cfg(feature = "candle")]
const BATCH: usize = 256;
/// Words of the sentence that speeds are given in.
const LONG: f64 = 27.0;

/// Something to be timed.
struct Contender<'c> {
    name: String,
    words: usize,
    /// Products that the encoder makes, where it is the encoder that is timed.
    products: Option<f64>,
    limit: Option<f64>,
    work: Box<dyn FnMut() + 'c>,
    quickest: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [weights, articles] = args.as_slice() else {
        return Err("usage: demarche-benches WEIGHTS ARTICLES.jsonl.gz".into());
    };
    if std::env::var("RAYON_NUM_THREADS").as_deref() != Ok("1") {
        return Err("set RAYON_NUM_THREADS=1, or candle takes every core and the ratios mean nothing".into());
    }
    let weights = fs::read(weights)?;
    let (_, header) = safetensors::SafeTensors::read_metadata(&weights)?;
    let layers: usize = header.metadata().as_ref().and_then(|m| m.get("layers")).ok_or("no `layers`")?.parse()?;
    let articles = read_articles(Path::new(articles), ARTICLES)?;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let tables: Vec<(&str, String)> = FILES
        .iter()
        .map(|name| Ok((*name, fs::read_to_string(root.join("data/language").join(name))?)))
        .collect::<Result<_, std::io::Error>>()?;
    let language = Language::read(&tables).map_err(|faults| format!("{faults:?}"))?;
    let packed = pack(&weights, &fs::read(root.join("models/segmenter.bin"))?, &language);
    let analyzer = Analyzer::from_bytes(packed.leak())?;
    let (knowledge, _) = Knowledge::from_tables(demarche_knowledge::load(&root.join("data")).0, None);
    let look = CheapLook::new(&knowledge, &analyzer);
    let look = look.with(&knowledge);

    let (mut worker, mut looking) = (analyzer.worker(), analyzer.worker());
    let documents: Vec<_> = articles.iter().map(|a| worker.analyze(a)).collect();
    let read = documents.iter().flat_map(|d| d.sentences()).filter(|s| s.analyzed());
    let all: Vec<Vec<&str>> = read.map(|s| s.tokens().map(|t| t.text()).collect()).collect();
    let step = (all.len() / SENTENCES).max(1);
    let sample: Vec<&[&str]> = all.iter().step_by(step).map(Vec::as_slice).collect();
    let words = |sentences: &[&[&str]]| sentences.iter().map(|s| s.len()).sum::<usize>();
    let sample_words = words(&sample);
    let read_words = all.iter().map(Vec::len).sum::<usize>();

    let models: Vec<Model> = Model::instruction_sets()
        .into_iter()
        .filter_map(|name| Model::from_bytes(&weights).ok()?.with_instructions(name))
        .collect();
    let mut counting = models[0].worker();
    let lengths: Vec<usize> = sample.iter().map(|sentence| counting.encode_all(&[sentence])).collect();
    let pieces: usize = lengths.iter().sum();
    // The layers' matrices: queries, keys, values and output, and the two wide ones.
    let products = (pieces * layers * (4 * 384 * 384 + 2 * 384 * 1536)) as f64;

    let mut contenders: Vec<Contender<'_>> = Vec::new();
    #[cfg(feature = "candle")]
    contenders.push(Contender {
        name: "encoder, candle, 32-bit floats".into(),
        words: sample_words,
        products: Some(products),
        limit: None,
        work: floats::work(&weights, layers, lengths, BATCH)?,
        quickest: f64::INFINITY,
    });
    for (model, name) in models.iter().zip(Model::instruction_sets()) {
        let mut worker = model.worker();
        let sample = &sample;
        contenders.push(Contender {
            name: format!("encoder, {name}"),
            words: sample_words,
            products: Some(products),
            limit: limits::operations_a_second(name),
            work: Box::new(move || _ = worker.encode_all(sample)),
            quickest: f64::INFINITY,
        });
        let (mut worker, mut out) = (model.worker(), Vec::new());
        contenders.push(Contender {
            name: format!("encoder and heads, {name}"),
            words: sample_words,
            products: None,
            limit: None,
            work: Box::new(move || worker.predict_all(sample, &mut out)),
            quickest: f64::INFINITY,
        });
    }
    contenders.push(Contender {
        name: "text to document, every sentence read".into(),
        words: read_words,
        products: None,
        limit: None,
        work: Box::new(|| articles.iter().for_each(|a| drop(worker.analyze(a)))),
        quickest: f64::INFINITY,
    });
    contenders.push(Contender {
        name: "text to document, after the cheap look".into(),
        words: read_words,
        products: None,
        limit: None,
        work: Box::new(|| articles.iter().for_each(|a| drop(looking.analyze_glancing(a, &look)))),
        quickest: f64::INFINITY,
    });

    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            let started = ProcessTime::now();
            (contender.work)();
            contender.quickest = contender.quickest.min(started.elapsed().as_secs_f64());
        }
    }
    print(&contenders, layers, sample.len(), sample_words, pieces);
    Ok(())
}

fn print(contenders: &[Contender<'_>], layers: usize, sentences: usize, words: usize, pieces: usize) {
    println!(
        "{layers} layers; {sentences} sentences of {words} words in {pieces} pieces; quickest of {ROUNDS} rounds\n"
    );
    println!("| | words a second | sentences of {LONG} words a second | times the first row | Gop/s | of the limit |");
    println!("|---|---|---|---|---|---|");
    let speed = |c: &Contender<'_>| c.words as f64 / c.quickest;
    let base = speed(&contenders[0]);
    for c in contenders {
        let operations = c.products.map(|p| 2.0 * p / c.quickest);
        let share = operations.zip(c.limit).map_or(String::new(), |(o, l)| format!("{:.0} %", 100.0 * o / l));
        let operations = operations.map_or(String::new(), |o| format!("{:.0}", o / 1e9));
        let speed = speed(c);
        println!("| {} | {speed:.0} | {:.0} | {:.2} | {operations} | {share} |", c.name, speed / LONG, speed / base);
    }
    println!();
    for name in Model::instruction_sets() {
        if let Some(limit) = limits::operations_a_second(name) {
            println!("{name}: at most {:.0} Gop/s", limit / 1e9);
        }
    }
}

/// The first articles of a gzipped file of JSON lines with `title` and `paragraphs`.
fn read_articles(path: &Path, count: usize) -> Result<Vec<Article>, Box<dyn Error>> {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(path)?).read_to_string(&mut text)?;
    let article = |line: &str| -> Result<Article, Box<dyn Error>> {
        let value: serde_json::Value = serde_json::from_str(line)?;
        let paragraphs = value["paragraphs"].as_array().ok_or("an article without `paragraphs`")?;
        let body: Vec<&str> = paragraphs.iter().filter_map(|p| p.as_str()).collect();
        let title = value["title"].as_str().map(str::to_string);
        Ok(Article { title, body: body.join("\n\n"), lang: "en".into(), ..Article::default() })
    };
    text.lines().take(count).map(article).collect()
}
