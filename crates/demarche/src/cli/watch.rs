//! `demarche watch`: feeds into the ledger, again and again.

use super::code::{engine, threads};
use super::ingest;
use super::input::Faults;
use super::ledger::LedgerFile;
use super::output::{self, Format};
use super::web::{self, WebOptions};
use super::{Exit, STOP};
use crate::intake::http::pause_until;
use crate::intake::ingest::Ingest;
use crate::intake::web::Web;
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Arguments of `demarche watch`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Addresses of feeds, sitemaps or lists of feeds, or OPML files [default: the feeds that the ledger knows]
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    #[command(flatten)]
    ledger: LedgerFile,
    /// From the end of a round to the next
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    every: u64,
    /// One round, then end
    #[arg(long)]
    once: bool,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Shape of each round's summary [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    #[command(flatten)]
    web: WebOptions,
}

const EXAMPLES: &str = "Examples:
  demarche watch https://news.example/rss.xml feeds.opml   every quarter of an hour, until Ctrl-C
  demarche watch --every 3600                              the feeds that demarche.db knows
  demarche watch --once                                    one round, as for a timer of the system";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let ledger = args.ledger.write()?;
    let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
    let client = args.web.client()?;
    let command = std::iter::once("watch").chain(args.sources.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    let mut faults = Faults::default();
    let mut done = 0;
    loop {
        let marks = Arc::new(ledger.marks()?);
        let (files, mut addresses) = web::split(&args.sources, &mut faults);
        for path in files {
            faults.report(format!("{}: no list of feeds (hint: demarche ingest takes files)", path.display()));
        }
        if args.sources.is_empty() {
            let feeds = marks.values().filter(|mark| matches!(mark.kind.as_str(), "feed" | "sitemap"));
            addresses = feeds.map(|mark| mark.place.clone()).collect();
        }
        if addresses.is_empty() {
            bail!("nothing to watch (hint: name the address of a feed, or an OPML file)");
        }
        let web = Web::new(Arc::clone(&client), marks, args.web.pages(), addresses);
        let ingest = Ingest {
            engine: &engine,
            ledger: &ledger,
            command: command.clone(),
            threads: threads(args.threads),
            stop: &STOP,
        };
        let summary = ingest::take(&ingest, web, &mut faults)?;
        ingest::print(&summary, output::format(args.format))?;
        done += summary.taken + summary.passed.values().sum::<u64>();
        let next = Instant::now() + Duration::from_secs(args.every);
        if args.once || !pause_until(next, &STOP) {
            return Ok(faults.exit(usize::try_from(done).unwrap_or(usize::MAX)));
        }
    }
}
