//! What the verbs of the ledger share.

use anyhow::Result;
use demarche_store::{Access, Ledger};
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
