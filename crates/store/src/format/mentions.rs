//! GDELT 2.0's mentions table: every report of an event. It is read where it lies beside the events of the same quarter
//! of an hour, and says of each event who reported it first, in which sentence, and how sure the coder was.
//!
//! A mention is no event: taken for one, a happening would count as often as it was copied. The addresses of all
//! reports are kept in the column `Mentions`.

use super::{Entries, unpack};
use crate::{Entry, Error};
use std::collections::HashMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// The columns of the table that are looked at, of its sixteen.
const EVENT: usize = 0;
const TIME: usize = 2;
const SOURCE: usize = 4;
const ADDRESS: usize = 5;
const SENTENCE: usize = 6;
const CONFIDENCE: usize = 11;
const WIDTH: usize = 16;

/// The column in which the addresses of all reports are kept.
pub(super) const COLUMN: &str = "Mentions";

struct Mention {
    time: String,
    source: String,
    address: String,
    sentence: u32,
    confidence: f32,
}

/// Whether a file is named as one of mentions.
pub(super) fn is_one(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().contains(".mentions."))
}

/// The mentions of the events of a file, as GDELT names both: `20240301120000.export.CSV.zip`.
fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let other = path.with_file_name(name.replace(".export.", ".mentions."));
    (other != path && other.is_file()).then_some(other)
}

/// The entries of a file, with what its mentions say.
pub(super) fn added<'a>(entries: Entries<'a>, path: &Path) -> Result<Entries<'a>, Error> {
    let Some(table) = beside(path) else { return Ok(entries) };
    let mut mentions: HashMap<String, Vec<Mention>> = HashMap::new();
    for line in unpack::open(&table)?.split(b'\n') {
        let line = line.map_err(|error| Error::io(&table, error))?;
        let line = super::delimited::decoded(&line);
        let cells: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
        // Rows of another width say nothing that could be trusted; the events do not depend on them.
        if cells.len() != WIDTH || cells[ADDRESS].is_empty() {
            continue;
        }
        mentions.entry(cells[EVENT].to_owned()).or_default().push(Mention {
            time: cells[TIME].to_owned(),
            source: cells[SOURCE].to_owned(),
            address: cells[ADDRESS].to_owned(),
            sentence: cells[SENTENCE].parse().unwrap_or(1),
            confidence: cells[CONFIDENCE].parse().unwrap_or(100.0),
        });
    }
    // Each list is sorted by itself: the order of the lists changes nothing.
    #[allow(clippy::iter_over_hash_type)]
    for list in mentions.values_mut() {
        list.sort_by(|a, b| (&a.time, &a.address, a.sentence).cmp(&(&b.time, &b.address, b.sentence)));
    }
    Ok(Box::new(entries.map(move |entry| {
        let mut entry = entry?;
        if let Some(list) = entry.source_id.as_ref().and_then(|id| mentions.get(id)) {
            add(&mut entry, list);
        }
        Ok(entry)
    })))
}

fn add(entry: &mut Entry, list: &[Mention]) {
    let own = list.iter().find(|mention| entry.url.as_deref() == Some(&mention.address));
    let Some(first) = own.or_else(|| list.first()) else { return };
    if !first.source.is_empty() {
        entry.publisher = Some(first.source.clone());
    }
    entry.event.sentence = first.sentence.saturating_sub(1);
    entry.event.confidence = (first.confidence / 100.0).clamp(0.0, 1.0);
    let mut addresses: Vec<&str> = list.iter().map(|mention| mention.address.as_str()).collect();
    addresses.dedup();
    entry.extra.insert(COLUMN.to_owned(), addresses.join(" "));
}
