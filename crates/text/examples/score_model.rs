//! Scores the weights against a treebank: the figures of the model card come from here.
//!
//! `score_model WEIGHTS TREEBANK.conllu [ENTITIES.iob2]`, files unpacked. Words are the gold ones;
//! punctuation counts and relations keep their subtypes.

#![allow(clippy::print_stdout, reason = "a tool for people")]

use std::{collections::HashMap, error::Error, time::Instant};

use demarche_text::model::{EntityKind, EntityTag, Model};

#[derive(Default)]
struct Sentence {
    id: String,
    words: Vec<[String; 6]>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [weights, treebank, rest @ ..] = args.as_slice() else {
        return Err("usage: score_model WEIGHTS TREEBANK.conllu [ENTITIES.iob2]".into());
    };
    let model = Model::from_bytes(&std::fs::read(weights)?)?;
    let sentences = read(&std::fs::read_to_string(treebank)?);
    let entities = rest.first().map(std::fs::read_to_string).transpose()?.map(|t| read_entities(&t));

    let forms: Vec<Vec<&str>> = sentences.iter().map(|s| s.words.iter().map(|w| w[0].as_str()).collect()).collect();
    let slices: Vec<&[&str]> = forms.iter().map(Vec::as_slice).collect();
    let mut worker = model.worker();
    let mut out = Vec::new();
    let started = Instant::now();
    worker.predict_all(&slices, &mut out);
    let together = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let mut alone = Vec::new();
    for words in &slices {
        worker.predict(words, &mut alone);
    }
    let one_by_one = started.elapsed().as_secs_f64();

    let mut right = [0_usize; 5];
    let (mut gold_spans, mut found_spans, mut both) = (0, 0, 0);
    let mut rest = out.as_slice();
    for s in &sentences {
        let (here, after) = rest.split_at(s.words.len());
        rest = after;
        for (p, [_, lemma, upos, feats, head, deprel]) in here.iter().zip(&s.words) {
            let attached = p.head.to_string() == *head;
            let hits = [
                attached,
                attached && model.deprel(p.deprel) == deprel,
                p.upos.as_str() == upos,
                model.feats(p.feats) == feats,
                plain(&p.lemma) == plain(lemma),
            ];
            for (count, hit) in right.iter_mut().zip(hits) {
                *count += usize::from(hit);
            }
        }
        if let Some(gold) = entities.as_ref().and_then(|e| e.get(&s.id)).filter(|g| g.len() == here.len()) {
            let found: Vec<String> = here.iter().map(|p| tag(p.entity)).collect();
            let (gold, found) = (spans(gold), spans(&found));
            both += gold.iter().filter(|g| found.contains(g)).count();
            gold_spans += gold.len();
            found_spans += found.len();
        }
    }
    let total = out.len();
    for (name, count) in ["UAS", "LAS", "UPOS", "FEATS", "lemma"].iter().zip(right) {
        println!("{name:6} {:.2}", 100.0 * count as f64 / total as f64);
    }
    if entities.is_some() {
        println!("entity {:.2}", 200.0 * f64::from(both as u32) / f64::from(gold_spans as u32 + found_spans as u32));
    }
    println!("{:.0} words a second together, {:.0} one by one", total as f64 / together, total as f64 / one_by_one);
    Ok(())
}

fn read(text: &str) -> Vec<Sentence> {
    text.split("\n\n")
        .map(|block| {
            let mut s = Sentence::default();
            for line in block.lines() {
                let c: Vec<&str> = line.split('\t').collect();
                if let Some(id) = line.strip_prefix("# sent_id = ") {
                    s.id = id.to_owned();
                } else if c.len() > 7 && c[0].bytes().all(|b| b.is_ascii_digit()) {
                    s.words.push([1, 2, 3, 5, 6, 7].map(|i| c[i].to_owned()));
                }
            }
            s
        })
        .filter(|s| !s.words.is_empty())
        .collect()
}

fn read_entities(text: &str) -> HashMap<String, Vec<String>> {
    let mut tags: HashMap<String, Vec<String>> = HashMap::new();
    let mut id = String::new();
    for line in text.lines() {
        if let Some(found) = line.strip_prefix("# sent_id = ") {
            id = found.to_owned();
        } else if let Some(tag) = line.split('\t').nth(2) {
            tags.entry(id.clone()).or_default().push(tag.to_owned());
        }
    }
    tags
}

fn tag(entity: EntityTag) -> String {
    let name = |kind| match kind {
        EntityKind::Person => "PER",
        EntityKind::Location => "LOC",
        EntityKind::Organisation => "ORG",
    };
    match entity {
        EntityTag::Out => "O".to_owned(),
        EntityTag::Begin(kind) => format!("B-{}", name(kind)),
        EntityTag::Inside(kind) => format!("I-{}", name(kind)),
    }
}

/// First word, end and kind of every name.
fn spans(tags: &[String]) -> Vec<(usize, usize, String)> {
    let mut out: Vec<(usize, usize, String)> = Vec::new();
    for (i, tag) in tags.iter().enumerate() {
        match tag.split_once('-') {
            Some(("B", kind)) => out.push((i, i + 1, kind.to_owned())),
            Some(("I", kind)) => match out.last_mut().filter(|(_, end, open)| *end == i && open == kind) {
                Some(open) => open.1 = i + 1,
                None => out.push((i, i + 1, kind.to_owned())),
            },
            _ => {}
        }
    }
    out
}

/// Quotes of either kind count as the same lemma.
fn plain(lemma: &str) -> String {
    lemma.replace(['‘', '’', '`'], "'").replace(['“', '”'], "\"").replace(['–', '—'], "-").replace('…', "...")
}
