//! Events against an annotation that holds offsets and codes alone: its texts stay where they are published.
//!
//! Gold: `{"text","set","part","start","end","events":[{"type","mode","status","optional","trigger":[start,end],
//! "actors":["USA GOV"],"recipients":[…]}]}`, where `text` is the hash of an article's body as demarche reads it
//! ([`stable_hash`]), and offsets are bytes of that body.  Between `start` and `end` every happening is coded once.
//! A folder of articles is looked through for the bodies.
//!
//! What enters counts is compared: gold that happened, and our positive asserted rows.  An event that a fair reader may
//! leave out (`optional`) is neither asked for nor held against us.

use super::events::{Counts, overlap};
use crate::{Article, Engine};
use anyhow::{Context, Result};
use demarche_core::{ActorRef, Event, stable_hash};
use demarche_text::Document;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One annotated stretch of a text.
#[derive(Debug, Clone, Deserialize)]
pub struct Stretch {
    /// Hash of the body.
    pub text: String,
    /// The set that has it, as its file is called.
    pub set: String,
    /// Whether it was looked at while the program was made (`tune`), or kept unseen (`held`).
    pub part: String,
    /// First byte in the body.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// What is to be coded.
    pub events: Vec<Annotated>,
}

/// One annotated event.
#[derive(Debug, Clone, Deserialize)]
pub struct Annotated {
    /// PLOVER's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// PLOVER's mode.
    pub mode: Option<String>,
    /// `happened`, or how it is put where it did not or may not have.
    pub status: String,
    /// Whether a fair reader may leave it out.
    #[serde(default)]
    pub optional: bool,
    /// The reporting words, bytes of the body.
    pub trigger: (usize, usize),
    /// Code and sector of each who acts.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Code and sector of each to whom.
    #[serde(default)]
    pub recipients: Vec<String>,
}

/// Reads the annotation.
///
/// # Errors
/// The first line that is none, with its number.
pub fn read_gold(text: &str) -> Result<Vec<Stretch>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(ix, line)| {
            serde_json::from_str(line).with_context(|| format!("line {}: not an annotated stretch", ix + 1))
        })
        .collect()
}

/// Whether a file is of this kind, by its first record.
pub fn is_annotation(text: &str) -> bool {
    text.lines()
        .find(|l| !l.starts_with('#') && !l.trim().is_empty())
        .is_some_and(|l| serde_json::from_str::<Stretch>(l).is_ok())
}

/// The hash by which an annotation names a body.
pub fn key(body: &str) -> String {
    stable_hash(&[body])
}

/// What is counted, one row each.
const ROWS: [&str; 4] = ["type, actor and recipient", "type", "type and any party", "codes of the parties"];

/// The figures of one part of the annotation.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Stretches that were scored.
    pub stretches: usize,
    /// Those without a gold event, and how many of them stayed empty.
    pub quiet: (usize, usize),
    /// By row name.
    pub rows: [Counts; 4],
    /// By type: matched on type alone.
    pub types: BTreeMap<String, Counts>,
    /// Rows of any standing: those of the gold that did not happen, and how many of these we counted all the same.
    pub standing: (usize, usize),
}

/// All figures, and what went wrong.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// By part.
    pub parts: BTreeMap<String, Part>,
    /// Stretches whose text was in no file of the folder, by set.
    pub missing: BTreeMap<String, usize>,
    /// Stretch by stretch, where not all is right: part, gold, found, text.
    pub errors: Vec<(String, String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (set, count) in &self.missing {
            writeln!(f, "{count} stretches of {set} are in no file of the folder (shared/data/news has that set)")?;
        }
        for (name, part) in &self.parts {
            writeln!(
                f,
                "{name}: {} stretches  without gold event {}  of these kept quiet {}  gold that did not happen {}  of it counted {}",
                part.stretches, part.quiet.0, part.quiet.1, part.standing.0, part.standing.1
            )?;
            writeln!(f, "{:<28}{:>8}{:>8}{:>8}{:>6}{:>6}{:>6}", "", "P", "R", "F1", "hit", "pred", "gold")?;
            let rows = ROWS.iter().map(|r| r.to_string()).zip(part.rows);
            let types = part.types.iter().map(|(t, c)| (format!("  {t}"), *c));
            for (name, counts) in rows.chain(types) {
                let (p, r, f1) = counts.prf();
                let (hit, predicted, gold) = (counts.hit, counts.predicted, counts.gold);
                let (p, r, f1) = (100.0 * p, 100.0 * r, 100.0 * f1);
                writeln!(f, "{name:<28}{p:>8.1}{r:>8.1}{f1:>8.1}{hit:>6}{predicted:>6}{gold:>6}")?;
            }
        }
        Ok(())
    }
}

/// An event reduced to what is compared.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    event_type: String,
    actors: BTreeSet<String>,
    recipients: BTreeSet<String>,
    /// Bytes of the body.
    trigger: (usize, usize),
}

impl Row {
    fn parties(&self) -> BTreeSet<&String> {
        self.actors.iter().chain(&self.recipients).collect()
    }
    /// Type, actor and recipient for each pair; a reciprocal event has its pairs in the order of their codes.
    fn triples(&self) -> BTreeSet<(String, String, String)> {
        let t = &self.event_type;
        let none = BTreeSet::from([String::new()]);
        if self.recipients.is_empty() && self.actors.len() > 1 {
            let all: Vec<&String> = self.actors.iter().collect();
            return (0..all.len())
                .flat_map(|i| (i + 1..all.len()).map(move |j| (i, j)))
                .map(|(i, j)| (t.clone(), all[i].clone(), all[j].clone()))
                .collect();
        }
        let actors = if self.actors.is_empty() { &none } else { &self.actors };
        let recipients = if self.recipients.is_empty() { &none } else { &self.recipients };
        actors.iter().flat_map(|a| recipients.iter().map(move |b| (t.clone(), a.clone(), b.clone()))).collect()
    }
    fn near(&self, other: &Row) -> bool {
        let aside = self.trigger.0.max(other.trigger.0).saturating_sub(self.trigger.1.min(other.trigger.1));
        aside < 12 || self.parties().intersection(&other.parties()).next().is_some()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |s: &BTreeSet<String>| s.iter().cloned().collect::<Vec<_>>().join(",");
        write!(f, "{} {}>{}", self.event_type, list(&self.actors), list(&self.recipients))
    }
}

fn countries(parties: &[ActorRef]) -> BTreeSet<String> {
    parties
        .iter()
        .filter_map(|p| p.code.clone())
        .flat_map(|c| c.split('/').map(String::from).collect::<Vec<_>>())
        .collect()
}

/// Scores the annotation over the articles of a folder.
pub fn score(engine: &Engine, gold: &[Stretch], articles: impl Iterator<Item = Article>, least: f32) -> Figures {
    let mut wanted: BTreeMap<&str, Vec<&Stretch>> = BTreeMap::new();
    for stretch in gold {
        wanted.entry(&stretch.text).or_default().push(stretch);
    }
    let mut figures = Figures::default();
    for article in articles {
        let Some(stretches) = wanted.remove(key(&article.body).as_str()) else { continue };
        let coded = engine.code_one(&article);
        for stretch in stretches {
            figures.add(stretch, &coded.doc, &coded.coding.events, &article.body, least);
        }
    }
    for stretch in wanted.into_values().flatten() {
        *figures.missing.entry(stretch.set.clone()).or_default() += 1;
    }
    figures
}

impl Figures {
    fn add(&mut self, stretch: &Stretch, doc: &Document, events: &[Event], body: &str, least: f32) {
        let base = doc.text.find(body).unwrap_or(0);
        let bare = |codes: &[String]| -> BTreeSet<String> {
            codes.iter().filter_map(|c| c.split(' ').next()).filter(|c| !c.is_empty()).map(String::from).collect()
        };
        let gold_row = |a: &Annotated| Row {
            event_type: a.event_type.clone(),
            actors: bare(&a.actors),
            recipients: bare(&a.recipients),
            trigger: a.trigger,
        };
        let happened = |a: &&Annotated| a.status == "happened";
        let asked: Vec<Row> = stretch.events.iter().filter(happened).filter(|a| !a.optional).map(gold_row).collect();
        let allowed: Vec<Row> = stretch.events.iter().filter(happened).filter(|a| a.optional).map(gold_row).collect();
        let not_so: Vec<Row> = stretch.events.iter().filter(|a| !happened(a)).map(gold_row).collect();
        let mut found: Vec<Row> = events
            .iter()
            .filter(|e| e.counted() && e.confidence >= least)
            .filter_map(|e| {
                let words = e.evidence.first()?.span;
                let at = (words.start as usize).checked_sub(base)?;
                (at >= stretch.start && at < stretch.end).then(|| Row {
                    event_type: e.event_type.as_str().to_string(),
                    actors: countries(&e.actors),
                    recipients: countries(&e.recipients),
                    trigger: (at, words.end as usize - base),
                })
            })
            .collect();
        // One of ours for each optional one, where none that is asked for is like it.
        for row in &allowed {
            let like = |f: &&Row| f.event_type == row.event_type && f.near(row);
            let taken = |f: &Row| asked.iter().any(|a| a.event_type == f.event_type && a.near(f));
            if let Some(at) = found.iter().position(|f| like(&f) && !taken(f)) {
                found.remove(at);
            }
        }
        let part = self.parts.entry(stretch.part.clone()).or_default();
        part.stretches += 1;
        if asked.is_empty() && allowed.is_empty() {
            part.quiet.0 += 1;
            part.quiet.1 += usize::from(found.is_empty());
        }
        part.standing.0 += not_so.len();
        let near = |row: &Row| found.iter().any(|f| f.event_type == row.event_type && f.near(row));
        part.standing.1 += not_so
            .iter()
            .filter(|r| near(r) && !asked.iter().any(|a| a.near(r) && a.event_type == r.event_type))
            .count();

        let triples = |rows: &[Row]| rows.iter().flat_map(Row::triples).collect::<Vec<_>>();
        let types = |rows: &[Row]| rows.iter().map(|r| r.event_type.clone()).collect::<Vec<_>>();
        let sided = |rows: &[Row]| {
            let pairs = rows.iter().flat_map(|r| r.parties().into_iter().map(|p| (r.event_type.clone(), p.clone())));
            pairs.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        let codes = |rows: &[Row]| {
            rows.iter().flat_map(Row::parties).cloned().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
        };
        let counts = [
            counted(&triples(&asked), &triples(&found)),
            counted(&types(&asked), &types(&found)),
            counted(&sided(&asked), &sided(&found)),
            counted(&codes(&asked), &codes(&found)),
        ];
        for (sum, one) in part.rows.iter_mut().zip(counts) {
            add(sum, one);
        }
        for kind in types(&asked).into_iter().chain(types(&found)).collect::<BTreeSet<_>>() {
            let of = |rows: &[Row]| types(rows).into_iter().filter(|t| *t == kind).collect::<Vec<_>>();
            add(part.types.entry(kind.clone()).or_default(), counted(&of(&asked), &of(&found)));
        }
        if counts[0].hit < counts[0].gold || counts[0].hit < counts[0].predicted {
            let list = |rows: &[Row]| {
                rows.iter()
                    .map(|r| format!("{r} “{}”", body.get(r.trigger.0..r.trigger.1).unwrap_or("")))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            let text = body.get(stretch.start..stretch.end).unwrap_or_default();
            let gold = match not_so.is_empty() {
                true => list(&asked),
                false => format!("{} | not so: {}", list(&asked), list(&not_so)),
            };
            self.errors.push((stretch.part.clone(), gold, list(&found), text.to_string()));
        }
    }
}

fn add(sum: &mut Counts, one: Counts) {
    sum.hit += one.hit;
    sum.predicted += one.predicted;
    sum.gold += one.gold;
}

fn counted<T: Ord>(gold: &[T], found: &[T]) -> Counts {
    Counts { hit: overlap(gold.iter(), found.iter()), predicted: found.len(), gold: gold.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reciprocal_events_have_their_pairs_once() {
        let codes = |list: &[&str]| list.iter().map(|c| c.to_string()).collect::<BTreeSet<_>>();
        let row = |actors: &[&str], recipients: &[&str]| Row {
            event_type: "CONSULT".to_string(),
            actors: codes(actors),
            recipients: codes(recipients),
            trigger: (0, 1),
        };
        let triple = |a: &str, b: &str| ("CONSULT".to_string(), a.to_string(), b.to_string());
        assert_eq!(row(&["GND", "ARN"], &[]).triples(), BTreeSet::from([triple("ARN", "GND")]));
        assert_eq!(row(&["GND"], &[]).triples(), BTreeSet::from([triple("GND", "")]));
        assert_eq!(row(&[], &["GND"]).triples(), BTreeSet::from([triple("", "GND")]));
        assert_eq!(counted(&["a", "a", "b"], &["a", "c", "a", "a"]), Counts { hit: 2, predicted: 4, gold: 3 });
    }
}
