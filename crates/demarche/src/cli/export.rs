//! `demarche export`: events out of the ledger in a format of others.

use super::code::engine;
use super::import::{named, progress};
use super::ledger::{Bounds, LedgerFile};
use super::output;
use super::{Exit, STOP};
use crate::codes::codes;
use anyhow::{Context, Result, bail};
use demarche_store::Selection;
use demarche_store::format::{Format, Target, Written};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Arguments of `demarche export`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// polecat, icews, gdelt1, gdelt2, plover, csv, parquet, sqlite, gexf or followthemoney
    #[arg(value_name = "FORMAT")]
    format: String,
    /// Where to [default: standard output]; for Parquet a folder, or one file NAME.parquet
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    ledger: LedgerFile,
    #[command(flatten)]
    bounds: Bounds,
    /// Each happening once: of several reports the one that stands for them
    #[arg(long)]
    once: bool,
    /// Only events of this data set (demarche, polecat, icews, …); may be given more than once
    #[arg(long, value_name = "NAME")]
    dataset: Vec<String>,
    /// List what the format cannot hold, and write nothing
    #[arg(long)]
    losses: bool,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  demarche export parquet -o events/ --from 2020       a folder by year and month
  demarche export gexf --once -o network.gexf          for Gephi
  demarche export polecat --dataset demarche > own.tsv
  demarche export icews --losses                       what ICEWS' columns cannot hold";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let format = named(&args.format, false)?;
    if args.losses {
        let rows: Vec<Vec<String>> =
            format.losses().iter().map(|loss| vec![loss.field.to_string(), loss.what.to_string()]).collect();
        let mut out = output::stdout();
        output::table(&mut out, &["field", "what becomes of it"], &rows, 100)?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let text = !matches!(format.name(), "parquet" | "sqlite");
    if args.output.is_none() && (!format.streams() || (!text && std::io::stdout().is_terminal())) {
        bail!("{} does not go to standard output (hint: -o PATH)", format.name());
    }
    let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
    let codes = codes(engine.knowledge());
    let ledger = args.ledger.read()?;
    let selection = Selection { once: args.once, datasets: args.dataset.clone(), ..args.bounds.selection() };
    let bar = progress();
    let mut entries =
        ledger.entries(&selection)?.take_while(|_| !STOP.load(Ordering::Relaxed)).inspect(|_| bar.inc(1)).peekable();
    if entries.peek().is_none() {
        bar.finish_and_clear();
        eprintln!("demarche: no event within these bounds");
        return Ok(Exit::NothingFound);
    }
    let mut stdout = std::io::stdout();
    let target = match &args.output {
        Some(path) => Target::Path(path),
        None => Target::Stream(&mut stdout),
    };
    let written = format.write(&mut entries, target, &codes).context("export")?;
    bar.finish_and_clear();
    say(format, &written);
    if STOP.load(Ordering::Relaxed) {
        eprintln!("demarche: interrupted: only a part is written");
        return Ok(Exit::Partly);
    }
    Ok(Exit::Done)
}

fn say(format: &dyn Format, written: &Written) {
    let Written { entries, rows, left_out } = written;
    let pairs = if format.dyadic() && rows != entries { format!(" as {rows} ordered pairs") } else { String::new() };
    eprintln!("demarche: {entries} events written{pairs}");
    if *left_out > 0 {
        eprintln!(
            "demarche: {left_out} have no place in this format: what did not happen, or has no day or no second party"
        );
    }
    if !format.losses().is_empty() {
        let fields: Vec<&str> = format.losses().iter().map(|loss| loss.field).collect();
        eprintln!(
            "demarche: {} cannot hold: {} (demarche export {} --losses says what becomes of each)",
            format.name(),
            fields.join("; "),
            format.name()
        );
    }
}
