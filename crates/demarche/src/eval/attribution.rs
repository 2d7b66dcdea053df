//! Who says so, against the attribution relations of GUM's discourse trees (Zeldes 2017).
//!
//! A row gives a sentence by its id and the words of the part that names the source ("Past studies establish").
//! It is right when the coder finds the marking word or the speaker of a report within that part.
//! Some source parts have no verb at all and no "according": bylines, credits of pictures, entries of a bibliography,
//! parts of a sentence cut at an aside. They are counted and stay in the figure; the figure without them stands beside it.

use crate::Engine;
use anyhow::{Context, Result};
use demarche_core::Span;
use demarche_text::conllu::Treebank;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One relation: who or what attributes, and in which sentence.
#[derive(Debug, Clone, Deserialize)]
pub struct Relation {
    /// The document of the treebank.
    pub doc: String,
    /// The sentence's `sent_id`.
    pub sent: String,
    /// The words of the source part, with spaces between.
    pub source_cue: String,
    /// The words of the part that is attributed.
    #[serde(default)]
    pub content_head: String,
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Rows.
    pub rows: usize,
    /// A speaker or a cue was found inside the source part.
    pub right: usize,
    /// A cue was found there.
    pub cues: usize,
    /// A speaker was found there.
    pub speakers: usize,
    /// Source parts without a verb and without "according".
    pub verbless: usize,
    /// Those of them that are right.
    pub verbless_right: usize,
    /// Rows whose words do not stand in their sentence.
    pub lost: usize,
    /// Rows that are not right: the sentence, the source part, what is attributed.
    pub misses: Vec<(String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        writeln!(f, "speaker or cue inside the source part  {:.1}  n={}", share(self.right, self.rows), self.rows)?;
        writeln!(f, "  cue {:.1}  speaker {:.1}", share(self.cues, self.rows), share(self.speakers, self.rows))?;
        let rest = self.rows - self.verbless;
        writeln!(f, "  of the parts with a verb  {:.1}  n={rest}", share(self.right - self.verbless_right, rest))?;
        writeln!(
            f,
            "  parts without a verb (credits, bylines, fragments): {} of {} right",
            self.verbless_right, self.verbless
        )?;
        writeln!(f, "  not in their sentence: {}", self.lost)
    }
}

/// Reads the gold, one relation a line.
///
/// # Errors
/// Names the line that is none.
pub fn read_gold(text: &str) -> Result<Vec<Relation>> {
    let rows = (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty());
    rows.map(|(line, row)| serde_json::from_str(row).with_context(|| format!("line {line}"))).collect()
}

/// Scores the rows on the words of their treebank, parsed by us, document by document.
pub fn score(engine: &Engine, gold: &[Relation], treebank: &Treebank) -> Figures {
    let wanted: BTreeSet<&str> = gold.iter().map(|r| r.doc.as_str()).collect();
    let mut documents: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut open = String::new();
    for (at, sentence) in treebank.sentences.iter().enumerate() {
        if let Some(id) = sentence.comment("newdoc id") {
            open = id.to_string();
        }
        if wanted.contains(open.as_str()) {
            documents.entry(open.clone()).or_default().push(at);
        }
    }
    let coder = demarche_coder::Coder::new(engine.knowledge());
    let mut worker = engine.analyzer().worker();
    let mut figures = Figures { rows: gold.len(), ..Figures::default() };
    let mut located = 0;
    for (id, places) in &documents {
        let sentences: Vec<_> = places.iter().map(|&at| treebank.sentences[at].clone()).collect();
        let doc = worker.analyze_words(&sentences);
        let sayings = coder.sayings(&doc);
        for row in gold.iter().filter(|r| r.doc == *id) {
            let Some(at) = sentences.iter().position(|s| s.comment("sent_id") == Some(&row.sent)) else { continue };
            let words: Vec<&str> = row.source_cue.split_whitespace().collect();
            let forms: Vec<&str> = sentences[at].words.iter().map(|w| w.form.as_str()).collect();
            let Some(first) = forms.windows(words.len().max(1)).position(|w| w == words) else { continue };
            located += 1;
            let tokens: Vec<Span> =
                doc.sentences().nth(at).into_iter().flat_map(|s| s.tokens()).map(|t| t.span()).collect();
            let part = tokens[first].cover(tokens[first + words.len() - 1]);
            let cue = sayings.iter().any(|s| part.contains(s.cue));
            let speaker = sayings.iter().any(|s| s.source.is_some_and(|s| part.contains(s)));
            let verbless = !sentences[at].words[first..first + words.len()]
                .iter()
                .any(|w| w.upos == "VERB" || w.lemma == "accord" || w.form.eq_ignore_ascii_case("according"));
            figures.right += usize::from(cue || speaker);
            figures.cues += usize::from(cue);
            figures.speakers += usize::from(speaker);
            figures.verbless += usize::from(verbless);
            figures.verbless_right += usize::from(verbless && (cue || speaker));
            if !cue && !speaker {
                figures.misses.push((row.sent.clone(), row.source_cue.clone(), row.content_head.clone()));
            }
        }
    }
    figures.lost = gold.len() - located;
    figures
}
