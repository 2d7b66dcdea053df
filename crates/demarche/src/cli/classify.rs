//! `demarche classify`: what source does to target.

use super::Exit;
use super::code::{engine, threads};
use super::input::{Faults, Inputs, read};
use super::output;
use anyhow::Result;
use demarche_coder::Coder;
use demarche_core::Span;
use demarche_text::Document;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche classify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// Always answer, also where no event is reported
    #[arg(long)]
    forced: bool,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
    source: String,
    target: String,
    source_span: Option<[usize; 2]>,
    target_span: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct Answer {
    id: serde_json::Value,
    r#type: Option<String>,
    mode: Option<String>,
    scores: BTreeMap<String, f32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unplaced: Vec<&'static str>,
    grounds: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = engine(args.data.as_ref())?;
    let mut faults = Faults::default();
    let mut questions: Vec<Question> = Vec::new();
    for path in args.inputs.paths(&mut faults) {
        let source = match read(&path) {
            Ok(source) => source,
            Err(error) => {
                faults.report(format!("{}: {error:#}", path.display()));
                continue;
            }
        };
        let text = String::from_utf8_lossy(&source.bytes);
        let mut lines = 0;
        for (ix, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            lines += 1;
            match serde_json::from_str(line) {
                Ok(question) => questions.push(question),
                Err(error) => faults.report(format!(
                    "{}:{}: {error} (hint: {{\"id\",\"text\",\"source\",\"target\"}} is wanted)",
                    source.name,
                    ix + 1
                )),
            }
        }
        if lines == 0 {
            faults.report(format!("{}: empty", source.name));
        }
    }
    let mut out = output::stdout();
    let threads = threads(args.threads).min(questions.len().max(1));
    let chunk = questions.len().div_ceil(threads).max(1);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let (engine, forced) = (&engine, args.forced);
        let handles: Vec<_> = questions
            .chunks(chunk)
            .map(|part| {
                scope.spawn(move || {
                    let coder = Coder::new(engine.knowledge());
                    let mut worker = engine.analyzer().worker();
                    part.iter().map(|q| answer(&mut worker, &coder, q, forced)).collect::<Vec<_>>()
                })
            })
            .collect();
        handles.into_iter().flat_map(|h| h.join().unwrap_or_default()).collect()
    });
    for answer in &answers {
        output::line(&mut out, answer)?;
    }
    out.flush()?;
    Ok(faults.exit(answers.len()))
}

fn answer(worker: &mut demarche_text::Worker<'_>, coder: &Coder<'_>, question: &Question, forced: bool) -> Answer {
    let doc = worker.analyze_text(&question.text);
    let place = |words: &str, span: Option<[usize; 2]>| {
        span.and_then(|s| characters(&doc, &question.text, s)).or_else(|| crate::eval::pairs::locate(&doc, words))
    };
    let source = place(&question.source, question.source_span);
    let target = place(&question.target, question.target_span);
    let heard = worker.relate(&doc, source, target);
    let found = coder.classify(&doc, source, target, &heard, forced);
    let unplaced =
        [("source", source), ("target", target)].into_iter().filter(|(_, s)| s.is_none()).map(|(n, _)| n).collect();
    Answer {
        id: question.id.clone(),
        r#type: found.event_type.map(|t| t.to_string()),
        mode: found.mode.map(|m| m.to_string()),
        scores: found.scores.into_iter().map(|(t, s)| (t.to_string(), s)).collect(),
        unplaced,
        grounds: found.grounds,
    }
}

/// Character offsets of the question's text to bytes of the clean text; the words are looked for near there,
/// since cleaning may have moved them.
fn characters(doc: &Document, text: &str, [start, end]: [usize; 2]) -> Option<Span> {
    let words: String = text.chars().skip(start).take(end.checked_sub(start)?).collect();
    let byte = text.char_indices().nth(start)?.0;
    let (at, _) = doc.text.match_indices(words.as_str()).min_by_key(|(at, _)| at.abs_diff(byte))?;
    (!words.is_empty()).then(|| Span::of(at, at + words.len()))
}
