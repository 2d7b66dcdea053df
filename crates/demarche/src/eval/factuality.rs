//! Whether the coder takes for happened what the gold does: macro-F1 of happened against did not.
//!
//! Two kinds of gold, told apart by their first line. UDS factuality (White et al. 2016, `decomp`) marks predicates of
//! EWT from about -2 (did not happen) to 2 (happened); above 0 counts as happened, rows on verbs alone are scored.
//! MEANTIME (Minard et al. 2016) marks events with certainty, polarity and time; certain, positive and not in the
//! future counts as happened, all else as not. The gold's words and sentences are kept, their parse is our own.

use super::pairs::{Report, report};
use crate::Engine;
use anyhow::{Context, Result, bail};
use demarche_core::Span;
use demarche_text::Document;
use demarche_text::conllu::{Sentence, Treebank, Word};
use std::fmt;

/// What was measured; prints as a table.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Predicates scored.
    pub scored: usize,
    /// Rows left out: they fall on no verb, or beyond their sentence.
    pub left_out: usize,
    /// By the labels `happened` and `did not`.
    pub report: Report,
    /// Wrong answers: what the gold says, the word, our grounds, the sentence.
    pub errors: Vec<(String, String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "n={} (left out: {})  macro-F1 {:.1}  accuracy {:.1}",
            self.scored,
            self.left_out,
            100.0 * self.report.macro_f1,
            100.0 * self.report.accuracy
        )?;
        for (label, (p, r, f1, n)) in &self.report.labels {
            writeln!(f, "  {label:<10} P {:>5.1}  R {:>5.1}  F1 {:>5.1}  n={n}", 100.0 * p, 100.0 * r, 100.0 * f1)?;
        }
        Ok(())
    }
}

/// A marked event: its sentence, its first and last word (from 0), whether it happened.
type Marked = (usize, (usize, usize), bool);

/// Scores one file; UDS needs the treebank whose words it marks.
///
/// # Errors
/// A row that cannot be read, by its line; UDS without a treebank.
pub fn score(engine: &Engine, gold: &str, treebank: Option<&Treebank>) -> Result<Figures> {
    if !gold.starts_with("sentence\t") {
        let (sentences, marked) = read_meantime(gold)?;
        return Ok(judge(engine, &sentences, &marked, 0));
    }
    let Some(treebank) = treebank else { bail!("rows of UDS mark words of EWT: name its file with --treebank FILE") };
    let rows = read_uds(gold)?;
    let marked = place(&rows, &treebank.sentences);
    Ok(judge(engine, &treebank.sentences, &marked, rows.len() - marked.len()))
}

fn judge(engine: &Engine, sentences: &[Sentence], marked: &[Marked], left_out: usize) -> Figures {
    let coder = demarche_coder::Coder::new(engine.knowledge());
    let doc = engine.analyzer().worker().analyze_words(sentences);
    let spans: Vec<Span> = marked.iter().filter_map(|(at, words, _)| span(&doc, *at, *words)).collect();
    let said = |happened: bool| if happened { "happened" } else { "did not" }.to_string();
    let (mut answers, mut errors) = (Vec::new(), Vec::new());
    for ((at, words, happened), standing) in marked.iter().zip(coder.standings(&doc, &spans)) {
        let found = standing.as_ref().is_some_and(demarche_coder::Standing::happened);
        if found != *happened {
            let sentence = &sentences[*at];
            let marked: Vec<&str> = sentence.words[words.0..=words.1].iter().map(|w| w.form.as_str()).collect();
            let grounds = standing.map(|s| s.grounds.join("; ")).unwrap_or_default();
            errors.push((said(*happened), marked.join(" "), grounds, sentence.text()));
        }
        answers.push((said(*happened), said(found)));
    }
    Figures { scored: answers.len(), left_out, report: report(&answers), errors }
}

/// Where words of a sentence stand in the document; sentences without words, of which it has none, are not marked.
fn span(doc: &Document, at: usize, (first, last): (usize, usize)) -> Option<Span> {
    let mut tokens = doc.sentences().nth(at)?.tokens();
    let first = tokens.nth(first)?.span();
    let last = doc.sentences().nth(at)?.tokens().nth(last)?.span();
    Some(first.cover(last))
}

/// A row of UDS: the sentence and the word, both from 0, and whether it happened.
type Row = (usize, usize, bool);

fn read_uds(gold: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (line, row) in (1..).zip(gold.lines()).skip(1) {
        let read = || {
            let mut columns = row.split('\t');
            let sentence: usize = columns.next()?.rsplit('-').next()?.parse().ok()?;
            let word: usize = columns.next()?.parse().ok()?;
            let factual: f64 = columns.next()?.parse().ok()?;
            Some((sentence.checked_sub(1)?, word.checked_sub(1)?, factual > 0.0))
        };
        rows.push(read().with_context(|| format!("line {line}: a sentence, a word from 1 and a number are wanted"))?);
    }
    Ok(rows)
}

/// How far a sentence's number may have moved between two releases of the treebank.
const MOVED: i64 = 3;

/// The rows that fall on verbs. Between the release that was marked and the one at hand sentences were joined, split and
/// left out, so that from such a place on all numbers are off by one: the shifts are those that put the most rows on
/// verbs, at a price of some rows for each change (the path of least cost, after Viterbi).
fn place(rows: &[Row], sentences: &[Sentence]) -> Vec<Marked> {
    const PRICE: i64 = 4;
    let verb = |row: &Row, shift: i64| {
        let at = usize::try_from(row.0 as i64 + shift).ok()?;
        let word = sentences.get(at)?.words.get(row.1)?;
        (word.upos == "VERB").then_some(at)
    };
    let shifts: Vec<i64> = (-MOVED..=MOVED).collect();
    let mut best: Vec<i64> = shifts.iter().map(|s| -s.abs() * PRICE).collect();
    let mut from: Vec<Vec<usize>> = Vec::with_capacity(rows.len());
    for row in rows {
        let step: Vec<(i64, usize)> = (0..shifts.len())
            .map(|to| {
                let reach = |o: usize| best[o] - (shifts[o] - shifts[to]).abs() * PRICE;
                let origin = (0..shifts.len()).max_by_key(|&o| (reach(o), o == to)).unwrap_or(to);
                (reach(origin) + i64::from(verb(row, shifts[to]).is_some()), origin)
            })
            .collect();
        best = step.iter().map(|s| s.0).collect();
        from.push(step.into_iter().map(|s| s.1).collect());
    }
    let mut at = (0..shifts.len()).max_by_key(|&s| best[s]).unwrap_or(0);
    let mut marked = Vec::new();
    for (row, from) in rows.iter().zip(&from).rev() {
        if let Some(sentence) = verb(row, shifts[at]) {
            marked.push((sentence, (row.1, row.1), row.2));
        }
        at = from[at];
    }
    marked.reverse();
    marked
}

/// The sentences of MEANTIME and the events marked in them.
fn read_meantime(gold: &str) -> Result<(Vec<Sentence>, Vec<Marked>)> {
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut marked: Vec<Marked> = Vec::new();
    let mut open = Sentence::default();
    let close = |open: &mut Sentence, sentences: &mut Vec<Sentence>| {
        if !open.words.is_empty() {
            sentences.push(std::mem::take(open));
        }
    };
    for (line, row) in (1..).zip(gold.lines()) {
        if row.trim().is_empty() || row.starts_with("# ") {
            close(&mut open, &mut sentences);
            if row.starts_with('#') {
                open.comments.push("newpar".to_string());
            }
            continue;
        }
        let columns: Vec<&str> = row.split('\t').collect();
        let [_, form, event, certainty, polarity, time, ..] = columns[..] else {
            bail!("line {line}: six columns are wanted (id, word, event, certainty, polarity, time)");
        };
        let place = open.words.len();
        if event.starts_with("B-") {
            let is = |column: &str, value: &str| column.strip_prefix("B-").is_some_and(|c| c.starts_with(value));
            let happened = is(certainty, "CERTAIN") && is(polarity, "POS") && is(time, "NON_FUTURE");
            marked.push((sentences.len(), (place, place), happened));
        } else if event.starts_with("I-")
            && let Some((sentence, words, _)) = marked.last_mut()
            && *sentence == sentences.len()
        {
            words.1 = place;
        }
        open.words.push(Word { form: form.to_string(), ..Word::default() });
    }
    close(&mut open, &mut sentences);
    Ok((sentences, marked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(tags: &str) -> Sentence {
        let word = |t: char| Word { upos: if t == 'v' { "VERB" } else { "NOUN" }.to_string(), ..Word::default() };
        Sentence { words: tags.chars().map(word).collect(), ..Sentence::default() }
    }

    #[test]
    fn rows_follow_a_sentence_that_was_left_out() {
        let verb_at = |n: usize| sentence(&(0..8).map(|i| if i == n { 'v' } else { 'n' }).collect::<String>());
        // Twenty sentences with their verbs in turn; the marked release had one more after the fifth.
        let sentences: Vec<Sentence> = (0..20).map(|n| verb_at(n * 3 % 8)).collect();
        let rows: Vec<Row> = (0..20).map(|n| (if n < 5 { n } else { n + 1 }, n * 3 % 8, n % 2 == 0)).collect();
        let found = place(&rows, &sentences);
        assert_eq!(found, (0..20).map(|n| (n, (n * 3 % 8, n * 3 % 8), n % 2 == 0)).collect::<Vec<_>>());
    }

    #[test]
    fn meantime_counts_certain_positive_and_not_future() {
        let gold = "# newdoc id = a\n1\tArnor\t_\t_\t_\t_\n2\ttook\tB-E-1\tB-CERTAIN-1\tB-POS-1\tB-NON_FUTURE-1\n3\toff\tI-E-1\tI-CERTAIN-1\tI-POS-1\tI-NON_FUTURE-1\n\n4\tit\t_\t_\t_\t_\n5\tfalls\tB-E-2\tB-CERTAIN-2\tB-POS-2\tB-FUTURE-2\n";
        let (sentences, marked) = read_meantime(gold).unwrap();
        assert_eq!(sentences.len(), 2);
        assert_eq!(marked, [(0, (1, 2), true), (1, (1, 1), false)]);
        assert!(read_meantime("1\ta\n").unwrap_err().to_string().contains("line 1"));
    }
}
