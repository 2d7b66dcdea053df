//! The one place with threads: articles in, coded documents out, in the order of the articles.

use anyhow::{Context, Result, bail};
use demarche_coder::{CheapLook, Coder, Coding, Ear, Leaning, Looking};
use demarche_core::{Basis, EventType, Record, Span};
use demarche_knowledge::{DataFault, Knowledge, Tables};
use demarche_text::{Analyzer, Article, Document, Sentence};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};

/// The frozen parts: what reads and what knows.
pub struct Engine {
    analyzer: Analyzer,
    knowledge: Knowledge,
    ignored: Vec<DataFault>,
    read_all: bool,
    leaning: Leaning,
    /// Made when the first article comes: most verbs read none.
    look: OnceLock<CheapLook>,
}

/// One document and all that it yielded.
#[derive(Debug, Clone, PartialEq)]
pub struct Coded {
    /// The document.
    pub doc: Document,
    /// Its records.
    pub coding: Coding,
}

impl Coded {
    /// The lines of `demarche code --format jsonl`.
    pub fn records(&self, with_text: bool) -> Vec<Record> {
        demarche_coder::records(&self.doc, &self.coding, with_text)
    }
}

impl Engine {
    /// The engine over the built-in tables.
    pub fn new() -> Result<Engine> {
        let knowledge =
            Knowledge::from_static(demarche_data::KNOWLEDGE).context("the built-in tables cannot be read")?;
        Engine::with_knowledge(knowledge)
    }

    /// The engine with a folder of tables laid over the built-in ones, PETRARCH's dictionaries beside them included;
    /// or with one such dictionary. [`Engine::ignored`] has the lines of dictionaries that gave no row.
    ///
    /// # Errors
    /// Every fault of the tables, each with file, line and hint.
    pub fn with_data(dir: &Path) -> Result<Engine> {
        if !dir.exists() {
            bail!(
                "{}: no such folder or file (hint: --data takes a folder laid out like data/, or a dictionary)",
                dir.display()
            );
        }
        let base = Knowledge::from_static(demarche_data::KNOWLEDGE).context("the built-in tables cannot be read")?;
        let base = base.into_tables();
        let (mut overlay, mut faults) =
            if dir.is_dir() { demarche_knowledge::load(dir) } else { (Tables::default(), Vec::new()) };
        let (dictionaries, ignored) = demarche_knowledge::dictionaries(dir, &base);
        overlay.names.extend(dictionaries.names);
        overlay.nonstate.extend(dictionaries.nonstate);
        overlay.agents.extend(dictionaries.agents);
        let (knowledge, crossed) = Knowledge::from_tables(base, Some(overlay));
        faults.extend(crossed);
        if !faults.is_empty() {
            let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
            bail!("{}", lines.join("\n"));
        }
        Ok(Engine { ignored, ..Engine::with_knowledge(knowledge)? })
    }

    /// The engine over any knowledge.
    pub fn with_knowledge(knowledge: Knowledge) -> Result<Engine> {
        let analyzer =
            Analyzer::from_bytes(demarche_data::TEXT).context("the built-in language model cannot be read")?;
        Ok(Engine {
            analyzer,
            knowledge,
            ignored: Vec::new(),
            read_all: false,
            leaning: Leaning::Balanced,
            look: OnceLock::new(),
        })
    }

    /// Lines of dictionaries laid over the tables that have no place in them.
    pub fn ignored(&self) -> &[DataFault] {
        &self.ignored
    }

    /// The same, but every sentence is read, also those that a look at their words shows to report nothing.
    pub fn reading_all(self, read_all: bool) -> Engine {
        Engine { read_all, ..self }
    }

    /// The same, leaning to precision or recall.
    pub fn leaning(self, leaning: Leaning) -> Engine {
        Engine { leaning, ..self }
    }

    /// What reads.
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    /// What knows.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// One article, read and coded.
    pub fn code_one(&self, article: &Article) -> Coded {
        let coder = Coder::new(&self.knowledge);
        code(&mut self.analyzer.worker(), self.look(), &coder, article, self.leaning)
    }

    fn look(&self) -> Option<Looking<'_>> {
        let made = || CheapLook::new(&self.knowledge, &self.analyzer);
        (!self.read_all).then(|| self.look.get_or_init(made).with(&self.knowledge))
    }

    /// Many articles on `threads` threads; `sink` gets each result in the order of the articles,
    /// whatever the number of threads, and ends the work by returning `false`, as does `stop`.
    pub fn code_all<I, T>(&self, articles: I, threads: usize, stop: &AtomicBool, mut sink: impl FnMut(T, Coded) -> bool)
    where
        I: Iterator<Item = (T, Article)> + Send,
        T: Send,
    {
        let source = Mutex::new(articles.enumerate());
        let (sender, receiver) = mpsc::sync_channel::<(usize, T, Coded)>(threads.max(1) * 4);
        let done = AtomicBool::new(false);
        let look = self.look();
        std::thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                let sender = sender.clone();
                let (source, done, look) = (&source, &done, look);
                scope.spawn(move || {
                    let coder = Coder::new(&self.knowledge);
                    let mut worker = self.analyzer.worker();
                    while !stop.load(Ordering::Relaxed) && !done.load(Ordering::Relaxed) {
                        let next = match source.lock() {
                            Ok(mut articles) => articles.next(),
                            Err(_) => return,
                        };
                        let Some((ix, (tag, article))) = next else { return };
                        let coded = code(&mut worker, look, &coder, &article, self.leaning);
                        if sender.send((ix, tag, coded)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut waiting: BTreeMap<usize, (T, Coded)> = BTreeMap::new();
            let mut next = 0;
            for (ix, tag, coded) in receiver {
                waiting.insert(ix, (tag, coded));
                while let Some((tag, coded)) = waiting.remove(&next) {
                    next += 1;
                    if !done.load(Ordering::Relaxed) && !sink(tag, coded) {
                        done.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
    }
}

fn code(
    worker: &mut demarche_text::Worker<'_>,
    look: Option<Looking<'_>>,
    coder: &Coder<'_>,
    article: &Article,
    leaning: Leaning,
) -> Coded {
    let mut doc = match look {
        Some(look) => worker.analyze_glancing(article, &look),
        None => worker.analyze(article),
    };
    if doc.meta.published.is_none()
        && let Some(day) = demarche_coder::latest_date(&doc)
    {
        doc.meta.published = Some(day);
        doc.meta.published_basis = Some(Basis::LatestInText);
    }
    let english = doc.meta.lang == "en";
    let coding = if english { coder.code_hearing(&doc, &mut Hearing(worker), leaning) } else { Coding::default() };
    Coded { doc, coding }
}

/// The reader's typing head, as the coder asks it.
struct Hearing<'w, 'a>(&'w mut demarche_text::Worker<'a>);

impl Ear for Hearing<'_, '_> {
    fn hear(&mut self, sentence: Sentence<'_>, pairs: &[(Span, Span)]) -> Vec<Vec<(Option<EventType>, f32)>> {
        let pairs: Vec<_> = pairs.iter().map(|(source, target)| (Some(*source), Some(*target))).collect();
        let answers = self.0.relate_in(sentence, &pairs);
        let classes = self.0.relations();
        let named = |shares: Vec<f32>| classes.iter().map(|c| EventType::parse(c)).zip(shares).collect();
        answers.into_iter().map(named).collect()
    }
}
