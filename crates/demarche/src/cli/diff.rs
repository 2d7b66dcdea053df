//! `demarche data diff`: which records change between two folders of tables, and which changed rows they name.

use super::code::{engine, threads};
use super::input::{Faults, Inputs, articles};
use super::output::{self, Format};
use super::{Exit, STOP};
use anyhow::Result;
use demarche_knowledge::RowChange;
use demarche_text::Article;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche data diff`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder of tables, laid over the built-in ones
    old: PathBuf,
    /// Another, as it is after the change
    new: PathBuf,
    #[command(flatten)]
    corpus: Inputs,
    /// Shape of the output [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// How many threads; what comes out never depends on it [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// A record that is not the same under both.
#[derive(Debug, Serialize)]
struct Difference {
    document: String,
    sentence: u64,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Value>,
    rows: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let mut faults = Faults::default();
    let read: Vec<Article> =
        articles(&args.corpus, None, &mut faults).into_iter().map(|(_, article)| article).collect();
    let (old, new) = (engine(Some(&args.old))?, engine(Some(&args.new))?);
    let tables = |engine: &crate::Engine| engine.knowledge().clone().into_tables();
    let rows = tables(&old).changes(&tables(&new));
    let before = coded(&old, &read, args.threads);
    let after = coded(&new, &read, args.threads);
    let found: Vec<Difference> =
        before.iter().zip(&after).flat_map(|(before, after)| differences(before, after, &rows)).collect();
    let mut out = output::stdout();
    const HEADER: [&str; 6] = ["document", "sentence", "change", "old", "new", "rows"];
    let lines = || found.iter().map(line);
    match output::format(args.format) {
        Format::Jsonl => found.iter().try_for_each(|difference| output::line(&mut out, difference))?,
        Format::Table if found.is_empty() => {}
        Format::Table => output::table(&mut out, &HEADER, &lines().collect::<Vec<_>>(), 60)?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(HEADER)?;
            lines().try_for_each(|row| csv.write_record(row))?;
            csv.flush()?;
        }
    }
    out.flush()?;
    eprintln!("demarche: {} rows differ, and {} records of {} documents", rows.len(), found.len(), read.len());
    Ok(faults.exit(before.len()))
}

/// The records of every document, in order.
fn coded(engine: &crate::Engine, articles: &[Article], asked: Option<usize>) -> Vec<Vec<Value>> {
    let mut all = Vec::with_capacity(articles.len());
    let work = articles.iter().map(|article| ((), article.clone()));
    engine.code_all(work, threads(asked), &STOP, |(), coded| {
        all.push(coded.records(false).iter().filter_map(|record| serde_json::to_value(record).ok()).collect());
        true
    });
    all
}

/// What a record is about, whatever it says of it: two records of one key are one record that changed.
fn key(record: &Value) -> (String, u64, u64) {
    let at = record.pointer("/evidence/0/start").or(record.pointer("/content/start")).or(record.get("start"));
    let kind = record.get("kind").and_then(Value::as_str).unwrap_or_default().to_string();
    (kind, record.get("sentence").and_then(Value::as_u64).unwrap_or(0), at.and_then(Value::as_u64).unwrap_or(0))
}

/// A record without its own and others' ids, which change with whatever they are made of.
fn bare(record: &Value) -> Value {
    let mut record = record.clone();
    if let Some(fields) = record.as_object_mut() {
        ["id", "event"].into_iter().for_each(|field| drop(fields.remove(field)));
    }
    record
}

fn differences(before: &[Value], after: &[Value], rows: &[RowChange]) -> Vec<Difference> {
    let document = before.first().and_then(|d| d.get("id")).and_then(Value::as_str).unwrap_or_default().to_string();
    let mut by_key: BTreeMap<(String, u64, u64), [Vec<&Value>; 2]> = BTreeMap::new();
    for (side, records) in [before, after].into_iter().enumerate() {
        for record in records.iter().skip(1) {
            by_key.entry(key(record)).or_default()[side].push(record);
        }
    }
    let mut found = Vec::new();
    for ((_, sentence, _), [mut old, mut new]) in by_key {
        old.retain(|o| match new.iter().position(|n| bare(n) == bare(o)) {
            Some(same) => {
                new.remove(same);
                false
            }
            None => true,
        });
        let (mut old, mut new) = (old.into_iter(), new.into_iter());
        loop {
            let (old, new) = (old.next().cloned(), new.next().cloned());
            let change = match (&old, &new) {
                (Some(_), Some(_)) => "changed",
                (Some(_), None) => "removed",
                (None, Some(_)) => "added",
                (None, None) => break,
            };
            let rows = causes(old.as_ref(), new.as_ref(), rows);
            found.push(Difference { document: document.clone(), sentence, change, old, new, rows });
        }
    }
    found
}

/// The changed rows whose ids or words stand in what differs.
fn causes(old: Option<&Value>, new: Option<&Value>, rows: &[RowChange]) -> Vec<String> {
    let mut said = Vec::new();
    old.into_iter().chain(new).for_each(|record| strings(record, &mut said));
    let names = |word: &String| said.iter().any(|text| text == word || has_words(text, word));
    let named = rows.iter().filter(|row| row.words.iter().any(names));
    let place = |row: &RowChange| {
        let side = if row.new.is_some() { "new" } else { "old" };
        row.row().map(|row| format!("{side} {row}"))
    };
    named.filter_map(place).collect()
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|v| strings(v, found)),
        Value::Object(fields) => fields.values().for_each(|v| strings(v, found)),
        _ => {}
    }
}

/// Whether a text has a word or phrase in it, as whole words.
fn has_words(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    words.len() > 2
        && text
            .match_indices(&words)
            .any(|(at, _)| edge(text[..at].chars().next_back()) && edge(text[at + words.len()..].chars().next()))
}

fn line(difference: &Difference) -> Vec<String> {
    vec![
        difference.document.clone(),
        difference.sentence.to_string(),
        difference.change.to_string(),
        difference.old.as_ref().map(short).unwrap_or_default(),
        difference.new.as_ref().map(short).unwrap_or_default(),
        difference.rows.join(", "),
    ]
}

/// "ACCUSE Scott Bessent → China", "check supported", …
fn short(record: &Value) -> String {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
    let party = |v: &Value| {
        let words = |name: &str| v.get(name).and_then(Value::as_str).map(str::to_owned);
        let code = [words("code"), words("sector")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        format!("{} ({code})", words("name").or(words("text")).unwrap_or_default())
    };
    let parties = |name: &str| match record.get(name) {
        Some(Value::Array(list)) => list.iter().map(party).collect::<Vec<_>>().join(", "),
        Some(one) => party(one),
        None => String::new(),
    };
    match text("kind") {
        "event" => format!("{} {} → {}", text("type"), parties("actors"), parties("recipients")),
        "statement" => format!("statement {}", parties("speaker")),
        "relation" => format!("{} {} → {}", text("relation"), parties("subject"), parties("object")),
        "check" => format!("{} {}", text("verdict"), text("claim")),
        kind => kind.to_string(),
    }
}
