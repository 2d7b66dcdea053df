//! `demarche ingest`: articles into the ledger.

use super::code::{engine, threads};
use super::input::Faults;
use super::ledger::LedgerFile;
use super::output::{self, Format};
use super::web::{self, WebOptions};
use super::{Exit, STOP};
use crate::intake::ingest::{Ingest, Summary, Told};
use crate::intake::local;
use crate::intake::source::Item;
use crate::intake::web::Web;
use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `demarche ingest`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files, folders, globs, or - for standard input, plain or gzipped: articles, WARC, feeds, OPML;
    /// addresses of feeds, lists of feeds, news sitemaps and pages
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<String>,
    #[command(flatten)]
    ledger: LedgerFile,
    /// The day of publication, over whatever the articles say
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Shape of the summary [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    #[command(flatten)]
    web: WebOptions,
}

const EXAMPLES: &str = "Examples:
  demarche ingest archive/                       all files of a folder into demarche.db
  demarche ingest --ledger news.db 'wire/*.jsonl.gz'
  demarche ingest CC-NEWS-20250902-00001.warc.gz
  demarche ingest https://news.example/rss.xml feeds.opml

Interrupted at any point, the same command goes on where it was.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let ledger = args.ledger.write()?;
    let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
    let mut faults = Faults::default();
    let marks = Arc::new(ledger.marks()?);
    let published = args.published;
    let (paths, addresses) = web::split(&args.sources, &mut faults);
    let known = Arc::clone(&marks);
    let files = paths.into_iter().flat_map(move |path| local::file(path, published, Arc::clone(&marks)));
    let web = Web::new(args.web.client()?, known, args.web.pages(), addresses);
    let command = std::iter::once("ingest").chain(args.sources.iter().map(String::as_str));
    let ingest = Ingest {
        engine: &engine,
        ledger: &ledger,
        command: command.collect::<Vec<_>>().join(" "),
        threads: threads(args.threads),
        stop: &STOP,
    };
    let summary = take(&ingest, files.chain(web), &mut faults)?;
    if !summary.complete {
        faults.report("interrupted: what was taken is kept (hint: the same command goes on from there)");
    }
    print(&summary, output::format(args.format))?;
    let passed: u64 = summary.passed.values().sum();
    Ok(faults.exit(usize::try_from(summary.taken + passed).unwrap_or(usize::MAX)))
}

/// Takes all that the sources hold, with a progress bar; each fault is said as it is met.
pub(crate) fn take(
    ingest: &Ingest<'_>,
    sources: impl Iterator<Item = Item> + Send,
    faults: &mut Faults,
) -> Result<Summary> {
    let bar = progress();
    let summary = ingest.run(sources, |told| match told {
        Told::Taken => bar.inc(1),
        Told::Fault(what) => bar.suspend(|| faults.report(what)),
    });
    bar.finish_and_clear();
    summary
}

/// A running count, on a terminal.
pub(crate) fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} documents, {per_sec}, {elapsed}") {
        bar.set_style(style);
    }
    bar
}

/// What came of it.
pub(crate) fn print(summary: &Summary, format: Format) -> Result<()> {
    let mut out = output::stdout();
    if format != Format::Table {
        output::line(&mut out, summary)?;
        return Ok(out.flush()?);
    }
    let mut rows = vec![vec!["documents taken".to_string(), summary.taken.to_string()]];
    let mut row = |what: String, count: u64| {
        if count > 0 {
            rows.push(vec![what, count.to_string()]);
        }
    };
    row("of these, new versions of pages".to_string(), summary.versions);
    for (lang, &count) in &summary.uncoded {
        row(format!("of these, not coded: language {lang}"), count);
    }
    row("events".to_string(), summary.events);
    for (why, &count) in &summary.passed {
        row(format!("passed over: {why}"), count);
    }
    row("faults".to_string(), summary.faults);
    output::table(&mut out, &["what", "how many"], &rows, 60)?;
    Ok(out.flush()?)
}
