//! Events by the million: read and given their numbers on one thread, written on another.

use crate::dictionary::Dictionary;
use crate::entry::Entry;
use crate::error::Result;
use crate::format::Passed;
use crate::rows::{Numbering, Rows};
use crate::write::Writer;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Rows of a file that go from one thread to the other at once, and how many such parcels may wait.
const PARCEL: usize = 1 << 10;
const WAITING: usize = 8;

/// What came of some rows of a file, one after the other.
#[derive(Debug, Default)]
pub struct Parcel {
    /// How many they are.
    pub rows: u64,
    /// The numbers behind the ids of those that are events, in their order.
    pub ids: Vec<u64>,
    /// Why the others are none, in their order.
    pub passed: Vec<Passed>,
}

impl Writer<'_> {
    /// Adds the events of a file. `after` is told of each parcel that was written, and says whether to go on.
    ///
    /// # Errors
    /// Where the ledger cannot be written, and what `after` gives; the batch is to be given up then.
    pub fn add_entries(
        &mut self,
        entries: impl Iterator<Item = std::result::Result<Entry, Passed>> + Send,
        after: impl FnMut(&mut Self, Parcel) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let mut numbers = std::mem::take(&mut self.numbers);
        let (sender, parcels) = sync_channel(WAITING);
        let (flow, numbers) = std::thread::scope(|scope| {
            let numbering = scope.spawn(move || {
                send(entries, &mut numbers, &sender);
                numbers
            });
            (self.take(parcels, after), numbering.join())
        });
        let numbers = numbers.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        self.numbers = match flow {
            Ok(ControlFlow::Continue(())) => numbers,
            // What has a number and was not written is as if it had not been read.
            _ => Numbering::new(Dictionary::load(self.ledger.conn())?, self.day),
        };
        flow.map(|_| ())
    }

    /// Writes parcels until they end or nobody wants more.
    fn take(
        &mut self,
        parcels: Receiver<Result<(Rows, Parcel)>>,
        mut after: impl FnMut(&mut Self, Parcel) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        for parcel in parcels {
            let (mut rows, parcel) = parcel?;
            self.write(&mut rows)?;
            if after(self, parcel)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Sends numbered rows in parcels until they end or nobody wants them.
fn send(
    entries: impl Iterator<Item = std::result::Result<Entry, Passed>>,
    numbers: &mut Numbering,
    to: &SyncSender<Result<(Rows, Parcel)>>,
) {
    let mut rows = Rows::default();
    let mut parcel = Parcel::default();
    for entry in entries {
        parcel.rows += 1;
        match entry {
            Ok(entry) => {
                if let Err(error) = numbers.entry(entry, &mut rows) {
                    let _ = to.send(Err(error));
                    return;
                }
            }
            Err(passed) => parcel.passed.push(passed),
        }
        if parcel.rows == PARCEL as u64 {
            // Where nobody wants more there is nobody to be told.
            if to.send(Ok(sealed(numbers, &mut rows, &mut parcel))).is_err() {
                return;
            }
        }
    }
    let _ = to.send(Ok(sealed(numbers, &mut rows, &mut parcel)));
}

/// Rows in hand with what was new to the dictionary because of them.
fn sealed(numbers: &mut Numbering, rows: &mut Rows, parcel: &mut Parcel) -> (Rows, Parcel) {
    rows.news = std::mem::take(&mut numbers.words.news);
    parcel.ids = rows.events.iter().map(|event| event.hash.cast_unsigned()).collect();
    (std::mem::take(rows), std::mem::take(parcel))
}
