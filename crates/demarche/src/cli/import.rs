//! `demarche import`: events of other data sets into the ledger.

use super::code::engine;
use super::input::{Faults, Inputs};
use super::ledger::LedgerFile;
use super::output::{self, Format};
use super::{Exit, STOP};
use crate::codes::codes;
use crate::exchange::{Import, Imported, Told};
use anyhow::{Result, bail};
use demarche_store::format;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// Arguments of `demarche import`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// polecat, icews, gdelt1, gdelt2, plover, csv, parquet or sqlite
    #[arg(value_name = "FORMAT")]
    data_set: String,
    #[command(flatten)]
    inputs: Inputs,
    #[command(flatten)]
    ledger: LedgerFile,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Shape of the summary [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

const EXAMPLES: &str = "Examples:
  demarche import polecat ngecEventsDV-2024*.txt.gz
  demarche import --ledger gdelt.db gdelt2 20240301*.export.CSV.zip
  demarche import parquet events/                a folder that `demarche export parquet` wrote

Files are plain, gzipped or a zip of one file. Interrupted at any point, the same command goes on where it was.";

/// The format of that name.
pub(crate) fn named(name: &str, read: bool) -> Result<&'static dyn format::Format> {
    let known = || format::FORMATS.iter().filter(|f| !read || !["gexf", "followthemoney"].contains(&f.name()));
    match known().find(|format| format.name() == name) {
        Some(format) => Ok(*format),
        None if format::named(name).is_some() => bail!("{name} is only written (hint: demarche export {name})"),
        None => {
            let names: Vec<&str> = known().map(|format| format.name()).collect();
            bail!("{name}: no such format (hint: {})", names.join(", "))
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let format = named(&args.data_set, true)?;
    let mut faults = Faults::default();
    let paths = args.inputs.paths(&mut faults);
    if paths.is_empty() {
        return Ok(Exit::Fault);
    }
    let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
    let codes = codes(engine.knowledge());
    let ledger = args.ledger.write()?;
    let command = ["import", &args.data_set].into_iter().chain(args.inputs.files.iter().map(String::as_str));
    let command = command.collect::<Vec<_>>().join(" ");
    let import = Import { ledger: &ledger, codes: &codes, format, command, stop: &STOP };
    let bar = progress();
    let imported = import.run(&paths, |told| match told {
        Told::Rows(rows) => bar.inc(rows),
        Told::Fault(what) => bar.suspend(|| faults.report(what)),
    })?;
    bar.finish_and_clear();
    if !imported.complete {
        faults.report("interrupted: what was taken is kept (hint: the same command goes on from there)");
    }
    print(&imported, output::format(args.format))?;
    let passed: u64 = imported.passed.values().sum();
    Ok(faults.exit(usize::try_from(imported.taken + passed).unwrap_or(usize::MAX)))
}

/// Rows as they go by.
pub(crate) fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} events, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

fn print(imported: &Imported, format: Format) -> Result<()> {
    let mut out = output::stdout();
    if format != Format::Table {
        output::line(&mut out, imported)?;
        return Ok(out.flush()?);
    }
    let mut rows = vec![vec!["events taken".to_string(), imported.taken.to_string()]];
    let mut row = |what: String, count: u64| {
        if count > 0 {
            rows.push(vec![what, count.to_string()]);
        }
    };
    row("of these, with the id and day of an earlier one".to_string(), imported.repeated);
    for (why, &count) in &imported.passed {
        row(format!("passed over: {why}"), count);
    }
    row("faults".to_string(), imported.faults);
    output::table(&mut out, &["what", "how many"], &rows, 90)?;
    Ok(out.flush()?)
}
