//! GDELT 2.0's event table.
//!
//! 61 columns: that of GDELT 1.0 with a second-level division in each place, and the quarter of an hour in DATEADDED.

use super::delimited::{self, Cells, Layout, Row, Trouble};
use super::gdelt::{self, Shape, gdelt_columns};
use super::mentions;
use super::{Entries, Format, Loss, Outgoing, Target, Written};
use crate::{Entry, Error};
use demarche_core::{ActorRef, Codes};
use std::path::Path;

const SHAPE: Shape = Shape { dataset: "gdelt2", geo: 8 };

const COLUMNS: &[&str] =
    gdelt_columns!("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID");

/// GDELT 2.0.
pub(super) struct Gdelt2;

impl Format for Gdelt2 {
    fn name(&self) -> &'static str {
        SHAPE.dataset
    }
    fn about(&self) -> &'static str {
        "GDELT 2.0 events: tab-separated, no header, 61 columns, a row for each ordered pair"
    }
    fn losses(&self) -> &'static [Loss] {
        gdelt::LOSSES
    }
    fn dyadic(&self) -> bool {
        true
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        if mentions::is_one(path) {
            let what = "a table of mentions (hint: it is read with the .export. file beside it)";
            return Some(Err(Error::not_of_format(&path.display().to_string(), what)));
        }
        Some(delimited::read(&Gdelt2, path, codes).and_then(|entries| mentions::added(entries, path)))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error> {
        to.stream(|out| delimited::write(self, entries, out, codes))
    }
}

impl Layout for Gdelt2 {
    const DATASET: &'static str = SHAPE.dataset;
    const MISSING: &'static str = "";
    const HEADER: bool = false;
    const DYADIC: bool = true;

    fn columns(&self) -> &'static [&'static str] {
        COLUMNS
    }
    fn widths(&self) -> &'static [usize] {
        &[61]
    }
    fn entry(&self, row: &Row<'_>, codes: &Codes) -> Result<Entry, Trouble> {
        SHAPE.entry(row, codes)
    }
    fn row(&self, entry: &Entry, actors: &[&ActorRef], recipients: &[&ActorRef], codes: &Codes, row: &mut Cells) {
        SHAPE.row(entry, actors, recipients, codes, row);
    }
}
