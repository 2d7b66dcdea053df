//! Events of other data sets into the ledger, each batch with the mark of how far its file was read, or not at all.

use crate::intake::local::fingerprint;
use anyhow::Result;
use demarche_core::Codes;
use demarche_store::format::{Format, Passed};
use demarche_store::{Ledger, Mark, RunKind, RunSpec, Writer};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Events in one transaction.
const BATCH: u64 = 1 << 18;
/// Bytes that a row takes, about, as text and packed: from them it is judged whether an import is a large one.
const ROW: u64 = 400;
const PACKED: u64 = 60;

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Events taken.
    pub taken: u64,
    /// Of these, events whose id and day an earlier one of this import has: data sets repeat ids, and all are kept.
    pub repeated: u64,
    /// Rows that gave none, by reason.
    pub passed: BTreeMap<String, u64>,
    /// Rows and files that could not be read.
    pub faults: u64,
    /// Whether all files were read to their end.
    pub complete: bool,
}

/// What an import needs besides its files.
pub struct Import<'a> {
    /// Where to.
    pub ledger: &'a Ledger,
    /// How the files write states, sectors and acts.
    pub codes: &'a Codes,
    /// What they are.
    pub format: &'static dyn Format,
    /// The command line, by which an interrupted run knows itself.
    pub command: String,
    /// Set to end after the events in hand.
    pub stop: &'a AtomicBool,
}

/// What an import says while it runs.
#[derive(Debug)]
pub enum Told<'a> {
    /// So many rows were read.
    Rows(u64),
    /// Something cannot be read.
    Fault(&'a str),
}

impl Import<'_> {
    /// Takes all that the files hold.
    ///
    /// # Errors
    /// Where the ledger cannot be written: what was committed is kept, and the same command goes on from there.
    pub fn run(&self, paths: &[PathBuf], mut tell: impl FnMut(Told<'_>)) -> Result<Imported> {
        let mut writer = self.ledger.writer(&RunSpec {
            kind: RunKind::Import,
            coder: None,
            tables: None,
            command: Some(self.command.clone()),
            author: None,
            at: jiff::Timestamp::now(),
        })?;
        let marks = self.ledger.marks()?;
        writer.expect(paths.iter().map(|path| rows(path)).sum())?;
        let mut done = Imported { complete: true, ..Imported::default() };
        let mut ids = Vec::new();
        for path in paths {
            let mark = Mark {
                place: format!("{}:{}", self.format.name(), place(path)),
                kind: "import".to_owned(),
                fingerprint: fingerprint(path).ok(),
                ..Mark::default()
            };
            // A copy of a file that was taken, under another name, is the same file.
            let same = |m: &&Mark| {
                let format = m.kind == mark.kind && m.place.split(':').next() == mark.place.split(':').next();
                format && m.fingerprint.is_some() && m.fingerprint == mark.fingerprint
            };
            let own = marks.get(&mark.place).filter(same);
            if own.or_else(|| marks.values().find(same)).is_some_and(|m| m.done) {
                *done.passed.entry("files taken before".to_owned()).or_default() += 1;
                continue;
            }
            let mark = own.cloned().unwrap_or(mark);
            self.file(path, mark, &mut writer, &mut done, &mut ids, &mut tell)?;
            if self.stop.load(Ordering::Relaxed) {
                done.complete = false;
                break;
            }
        }
        ids.sort_unstable();
        done.repeated = ids.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
        if done.complete {
            writer.finish(jiff::Timestamp::now())?;
        } else {
            writer.commit()?;
        }
        Ok(done)
    }

    fn file(
        &self,
        path: &Path,
        mut mark: Mark,
        writer: &mut Writer<'_>,
        done: &mut Imported,
        ids: &mut Vec<u64>,
        tell: &mut impl FnMut(Told<'_>),
    ) -> Result<()> {
        let entries = match self.format.read(path, self.codes) {
            Some(Ok(entries)) => entries,
            Some(Err(error)) => {
                done.faults += 1;
                tell(Told::Fault(&error.to_string()));
                return Ok(());
            }
            None => anyhow::bail!("{} is only written (hint: export)", self.format.name()),
        };
        let skip = usize::try_from(mark.position).unwrap_or(usize::MAX);
        let mut waiting = 0;
        writer.add_entries(entries.skip(skip), |writer, parcel| {
            mark.position += parcel.rows;
            mark.taken += parcel.ids.len() as u64;
            done.taken += parcel.ids.len() as u64;
            ids.extend(parcel.ids);
            for passed in parcel.passed {
                match passed {
                    Passed::NoEvent(why) => {
                        mark.skipped += 1;
                        *done.passed.entry(why.to_owned()).or_default() += 1;
                    }
                    Passed::Fault(fault) => {
                        mark.faulty += 1;
                        done.faults += 1;
                        tell(Told::Fault(&fault.to_string()));
                    }
                    Passed::Broken(error) => {
                        done.faults += 1;
                        tell(Told::Fault(&error.to_string()));
                    }
                }
            }
            tell(Told::Rows(parcel.rows));
            waiting += parcel.rows;
            if self.stop.load(Ordering::Relaxed) {
                return Ok(ControlFlow::Break(()));
            }
            if waiting >= BATCH {
                waiting = 0;
                commit(writer, &mark)?;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        mark.done = !self.stop.load(Ordering::Relaxed);
        Ok(commit(writer, &mark)?)
    }
}

fn commit(writer: &mut Writer<'_>, mark: &Mark) -> demarche_store::Result<()> {
    // What cannot be told again (standard input) cannot be gone on with.
    if mark.fingerprint.is_some() {
        writer.set_mark(mark)?;
    }
    writer.commit()
}

/// How many rows a file has, about.
fn rows(path: &Path) -> u64 {
    let packed = path.extension().is_some_and(|e| ["gz", "zip", "parquet"].iter().any(|p| e.eq_ignore_ascii_case(p)));
    path.metadata().map_or(0, |file| file.len()) / if packed { PACKED } else { ROW }
}

fn place(path: &Path) -> String {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}
