//! `demarche verify`: a ledger checked from end to end.

use super::Exit;
use super::ledger::LedgerFile;
use super::output;
use anyhow::Result;
use std::io::Write;

/// Arguments of `demarche verify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerFile,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let ledger = args.ledger.read()?;
    let faults = ledger.verify()?;
    let mut out = output::stdout();
    for fault in &faults {
        writeln!(out, "{}", output::plain(&fault.to_string()))?;
    }
    let name = args.ledger.ledger.display();
    match faults.len() {
        0 => writeln!(out, "{name}: no fault")?,
        n => writeln!(out, "{name}: {n} faults (hint: a ledger can be made anew from the same sources)")?,
    }
    out.flush()?;
    Ok(if faults.is_empty() { Exit::Done } else { Exit::Fault })
}
