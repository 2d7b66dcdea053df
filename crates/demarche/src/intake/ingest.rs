//! From sources into the ledger: what is known already is passed over before it is coded, the rest is coded on all cores,
//! and each batch is written with the marks of how far its sources were read, or not at all.

use super::credit::Houses;
use super::source::{Found, Item};
use crate::{Coded, Engine};
use anyhow::Result;
use demarche_core::{DocId, Record};
use demarche_store::story::Report;
use demarche_store::{Added, DocumentIn, Ledger, Mark, RunKind, RunSpec, SentenceSpan, Writer};
use demarche_text::{Article, SentenceKind};
use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Documents in one transaction: so few that little is done twice after a kill, so many that the disk is not the limit.
const BATCH: usize = 32;

/// Why an article is passed over whose document the ledger has.
const KNOWN: &str = "in the ledger already";

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Documents taken.
    pub taken: u64,
    /// Of these, new versions of pages that the ledger had.
    pub versions: u64,
    /// Of these, documents in other languages, by language: kept and not coded.
    pub uncoded: BTreeMap<String, u64>,
    /// Events coded.
    pub events: u64,
    /// What was passed over, by reason.
    pub passed: BTreeMap<String, u64>,
    /// What could not be read.
    pub faults: u64,
    /// Whether all sources were read to their end.
    pub complete: bool,
}

/// What an ingest needs besides its sources.
pub struct Ingest<'a> {
    /// Who reads and codes.
    pub engine: &'a Engine,
    /// Where to.
    pub ledger: &'a Ledger,
    /// The command line, by which an interrupted run knows itself.
    pub command: String,
    /// On how many threads to code.
    pub threads: usize,
    /// Set to end after the document in hand.
    pub stop: &'a AtomicBool,
}

/// The version of the coder: of the program and of its weights.
pub fn coder_version() -> String {
    format!("{}+{}", env!("CARGO_PKG_VERSION"), demarche_data::MODEL)
}

impl Ingest<'_> {
    /// The run as the ledger remembers it.
    pub fn spec(&self, kind: RunKind) -> RunSpec {
        RunSpec {
            kind,
            coder: Some(coder_version()),
            tables: Some(self.engine.knowledge().version()),
            command: Some(self.command.clone()),
            author: None,
            at: jiff::Timestamp::now(),
        }
    }

    /// Takes all that the sources hold; `tell` hears of each fault and of each document taken.
    ///
    /// # Errors
    /// Where the ledger cannot be written: what was committed is kept, and the same command goes on from there.
    pub fn run(&self, sources: impl Iterator<Item = Item> + Send, mut tell: impl FnMut(Told<'_>)) -> Result<Summary> {
        let known = self.ledger.document_ids()?;
        let mut intake = Intake {
            writer: self.ledger.writer(&self.spec(RunKind::Ingest))?,
            marks: self.ledger.marks()?,
            counts: BTreeMap::new(),
            pending: BTreeMap::new(),
            waiting: 0,
            houses: Houses::new(self.engine.knowledge()),
            summary: Summary::default(),
        };
        let rest = Mutex::new(Vec::new());
        let fresh = Fresh { engine: self.engine, sources, known, rest: &rest };
        let mut failure = None;
        self.engine.code_all(fresh, self.threads, self.stop, |before: Before, coded| {
            let taken = intake.settle(before.items, &mut tell).and_then(|()| intake.take(&before.place, &coded));
            if let Err(error) = taken {
                failure = Some(error);
                return false;
            }
            tell(Told::Taken);
            true
        });
        if let Some(error) = failure {
            return Err(error.into());
        }
        let complete = !self.stop.load(Ordering::Relaxed);
        if complete {
            let rest = rest.into_inner().unwrap_or_default();
            intake.settle(rest, &mut tell)?;
        }
        intake.commit()?;
        intake.summary.complete = complete;
        let Intake { mut writer, summary, .. } = intake;
        if complete {
            writer.group_stories()?;
            writer.finish(jiff::Timestamp::now())?;
        }
        Ok(summary)
    }
}

/// What an ingest says while it runs.
#[derive(Debug)]
pub enum Told<'a> {
    /// A document was taken.
    Taken,
    /// Something cannot be read.
    Fault(&'a str),
}

/// What came before an article in its source, and which source that is.
struct Before {
    items: Vec<Item>,
    place: String,
}

/// The articles of the sources that the ledger does not have, each with what came before it.
struct Fresh<'a, S> {
    engine: &'a Engine,
    sources: S,
    known: HashSet<DocId>,
    /// What comes after the last article.
    rest: &'a Mutex<Vec<Item>>,
}

impl<S: Iterator<Item = Item>> Iterator for Fresh<'_, S> {
    type Item = (Before, Article);

    fn next(&mut self) -> Option<(Before, Article)> {
        let mut items = Vec::new();
        for item in self.sources.by_ref() {
            match item {
                Item::Article(found) => {
                    let Found { article, place } = *found;
                    if self.known.insert(self.engine.analyzer().identify(&article)) {
                        return Some((Before { items, place }, article));
                    }
                    items.push(Item::Passed { place, why: KNOWN.to_string() });
                }
                other => items.push(other),
            }
        }
        if let Ok(mut rest) = self.rest.lock() {
            rest.append(&mut items);
        }
        None
    }
}

/// Taken, left out and faulty so far in this run, of one source.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    taken: u64,
    skipped: u64,
    faulty: u64,
}

struct Intake<'l> {
    writer: Writer<'l>,
    /// As they were when the run began.
    marks: BTreeMap<String, Mark>,
    counts: BTreeMap<String, Counts>,
    /// To be written with the batch.
    pending: BTreeMap<String, Mark>,
    waiting: usize,
    houses: Houses<'l>,
    summary: Summary,
}

impl Intake<'_> {
    /// What came between two articles; a batch ends here, where everything before a mark is written.
    fn settle(&mut self, items: Vec<Item>, tell: &mut impl FnMut(Told<'_>)) -> demarche_store::Result<()> {
        for item in items {
            match item {
                Item::Passed { place, why } => {
                    self.counts.entry(place).or_default().skipped += 1;
                    *self.summary.passed.entry(why).or_default() += 1;
                }
                Item::Fault { place, what } => {
                    self.counts.entry(place).or_default().faulty += 1;
                    self.summary.faults += 1;
                    tell(Told::Fault(&what));
                }
                Item::Mark(mark) => {
                    let counts = self.counts.get(&mark.place).copied().unwrap_or_default();
                    let before = self.marks.get(&mark.place).filter(|m| m.fingerprint == mark.fingerprint);
                    let sum = |field: fn(&Mark) -> u64, now: u64| before.map_or(0, field) + now;
                    let mark = Mark {
                        taken: sum(|m| m.taken, counts.taken),
                        skipped: sum(|m| m.skipped, counts.skipped),
                        faulty: sum(|m| m.faulty, counts.faulty),
                        ..*mark
                    };
                    self.pending.insert(mark.place.clone(), mark);
                }
                Item::Article(_) => {}
            }
        }
        if self.waiting >= BATCH { self.commit() } else { Ok(()) }
    }

    fn take(&mut self, place: &str, coded: &Coded) -> demarche_store::Result<()> {
        let given = Given::of(coded, &self.houses);
        let Some(doc) = given.document(coded, place) else { return Ok(()) };
        let (record, records) = (doc.record, doc.records);
        self.waiting += 1;
        let counts = self.counts.entry(place.to_string()).or_default();
        let added = self.writer.add_document(&doc)?;
        if added == Added::Known {
            counts.skipped += 1;
            *self.summary.passed.entry(KNOWN.to_string()).or_default() += 1;
            return Ok(());
        }
        counts.taken += 1;
        self.summary.taken += 1;
        self.summary.versions += u64::from(added == Added::Version);
        self.summary.events += records.iter().filter(|r| matches!(r, Record::Event(_))).count() as u64;
        if !doc.coded {
            *self.summary.uncoded.entry(record.lang.clone()).or_default() += 1;
        }
        Ok(())
    }

    fn commit(&mut self) -> demarche_store::Result<()> {
        for mark in std::mem::take(&mut self.pending).into_values() {
            self.writer.set_mark(&mark)?;
        }
        self.waiting = 0;
        self.writer.commit()
    }
}

/// What the ledger is given of a coded document.
#[derive(Debug)]
pub struct Given {
    records: Vec<Record>,
    sentences: Vec<SentenceSpan>,
    lineage: super::credit::Lineage,
}

impl Given {
    /// All that is not in the document itself.
    pub fn of(coded: &Coded, houses: &Houses<'_>) -> Given {
        let sentences = coded.doc.sentences().map(|s| SentenceSpan { span: s.span(), kind: kind(s.kind()) }).collect();
        Given { records: coded.records(false), sentences, lineage: houses.lineage(&coded.doc) }
    }

    /// As the ledger takes it.
    pub fn document<'a>(&'a self, coded: &'a Coded, place: &'a str) -> Option<DocumentIn<'a>> {
        let (Record::Document(record), records) = self.records.split_first()? else { return None };
        Some(DocumentIn {
            record,
            text: &coded.doc.text,
            byline: coded.doc.meta.byline.as_deref(),
            dateline: coded.doc.meta.dateline.as_deref(),
            outlet: self.lineage.outlet.as_deref(),
            credits: &self.lineage.credits,
            sentences: &self.sentences,
            records,
            coded: coded.doc.meta.lang == "en",
            place,
        })
    }
}

/// A coded document as `demarche_store::story::group` takes it.
pub fn report(coded: &Coded, houses: &Houses<'_>) -> Option<Report> {
    let given = Given::of(coded, houses);
    let doc = given.document(coded, "")?;
    let words = |n: u32| {
        let sentence = coded.doc.sentences().nth(n as usize);
        sentence.map_or(String::new(), |s| s.text().to_string())
    };
    let report = Report::of(doc.record, doc.text, doc.records, words);
    Some(Report { outlet: doc.outlet.map(str::to_string), credits: doc.credits.to_vec(), ..report })
}

/// As the ledger's sentences have it.
fn kind(kind: SentenceKind) -> &'static str {
    match kind {
        SentenceKind::Title => "title",
        SentenceKind::Body => "body",
        SentenceKind::Caption => "caption",
        SentenceKind::Furniture => "furniture",
    }
}
