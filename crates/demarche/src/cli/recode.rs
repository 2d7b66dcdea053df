//! `demarche recode`: the stored text under the present coder and tables.

use super::code::{engine, threads};
use super::input::Faults;
use super::ledger::LedgerFile;
use super::output::{self, Format};
use super::{Exit, STOP};
use crate::intake::ingest::Ingest;
use anyhow::Result;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche recode`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerFile,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Shape of the summary [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

const EXAMPLES: &str = "Examples:
  demarche recode                         after a new version of demarche
  demarche recode --data mydata/          under corrected tables
  demarche diff 1 2                       what that changed, and because of what

Nothing is lost: what a coding no longer says ends, and is still known for the days before.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let ledger = args.ledger.change()?;
    let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
    let mut faults = Faults::default();
    let ingest = Ingest {
        engine: &engine,
        ledger: &ledger,
        command: "recode".to_string(),
        threads: threads(args.threads),
        stop: &STOP,
    };
    let bar = super::ingest::progress();
    let summary = ingest.recode(None, |what| bar.suspend(|| faults.report(what)), || bar.inc(1))?;
    bar.finish_and_clear();
    if !summary.complete {
        faults.report("interrupted: what was coded is kept (hint: the same command goes on from there)");
    }
    let mut out = output::stdout();
    if output::format(args.format) == Format::Table {
        let rows = [
            ("run", summary.run.map_or("none".to_string(), |r| r.to_string())),
            ("documents coded again", summary.documents.to_string()),
            ("events that stay", summary.kept.to_string()),
            ("events that came", summary.added.to_string()),
            ("events that ended", summary.dropped.to_string()),
        ]
        .map(|(what, count)| vec![what.to_string(), count]);
        output::table(&mut out, &["what", "how many"], &rows, 60)?;
    } else {
        output::line(&mut out, &summary)?;
    }
    out.flush()?;
    Ok(faults.exit(usize::try_from(summary.documents).unwrap_or(usize::MAX)))
}
