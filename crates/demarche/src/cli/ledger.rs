//! What the verbs of the ledger share.

use anyhow::Result;
use demarche_store::{Access, Ledger, Selection};
use jiff::civil::Date;
use std::path::PathBuf;

/// Which ledger.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct LedgerFile {
    /// The ledger
    #[arg(long, value_name = "FILE", default_value = "demarche.db")]
    pub(crate) ledger: PathBuf,
}

impl LedgerFile {
    /// Opens it to ask.
    pub(crate) fn read(&self) -> Result<Ledger> {
        Ok(Ledger::open(&self.ledger, Access::Read)?)
    }
    /// Opens it to write, and makes it where there is none.
    pub(crate) fn write(&self) -> Result<Ledger> {
        Ok(Ledger::open(&self.ledger, Access::Write)?)
    }
    /// Opens one that exists to write.
    pub(crate) fn change(&self) -> Result<Ledger> {
        self.read().map(drop)?;
        self.write()
    }
}

/// Which part of what a ledger knows.
#[derive(clap::Args, Debug, Clone, Default)]
pub(crate) struct Bounds {
    /// First day; a month or a year stands for its first
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Option<Date>,
    /// The day after the last; a month or a year stands for its first
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) until: Option<Date>,
    /// As the ledger knew it on this day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_known_on: Option<Date>,
    /// Only what so many independent origins report
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) min_origins: u32,
    /// Also what did not happen: denied, planned, possible, demanded
    #[arg(long)]
    pub(crate) all: bool,
}

impl Bounds {
    /// The same for the store.
    pub(crate) fn selection(&self) -> Selection {
        Selection {
            from: self.from,
            until: self.until,
            known_on: self.as_known_on,
            min_origins: self.min_origins,
            all: self.all,
            ..Selection::default()
        }
    }
}

/// `2025-01-31`, `2025-01` or `2025`.
fn day(text: &str) -> Result<Date, String> {
    demarche_core::first_day(text).ok_or_else(|| "a day, a month or a year: 2025-01-31, 2025-01, 2025".to_owned())
}
