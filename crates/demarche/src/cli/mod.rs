//! The command line: one file a verb; results to standard output, everything else to standard error.

// Printing is this module's job; the rest of the workspace must not.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod actor;
mod ask;
mod brief;
mod classify;
mod code;
mod correct;
mod data;
mod diff;
mod eval;
mod events;
mod explain;
mod export;
mod extract;
mod import;
mod ingest;
mod input;
mod ledger;
mod network;
mod output;
mod panel;
mod parse;
mod recode;
mod runs;
mod series;
mod serve;
mod stories;
mod ties;
mod verify;
mod watch;
mod web;
mod when;
mod r#where;
mod who;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run ended (the numbers are fixed by the contract).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All done.
    Done = 0,
    /// A query or look-up found nothing.
    NothingFound = 1,
    /// Nothing was done because of a fault.
    Fault = 2,
    /// Some inputs were faulty, the rest is there.
    Partly = 3,
}

/// demarche reads news and says who did what to whom, when, where and according to whom, with the words that say so.
#[derive(Parser)]
#[command(name = "demarche", version, about, long_about = None, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Code articles: events, statements, relations and checks, each with its words
    Code(code::Args),
    /// What one given party does to another
    Classify(classify::Args),
    /// Text or articles to CoNLL-U
    Parse(parse::Args),
    /// Web pages to their article, as JSON Lines
    Extract(extract::Args),
    /// Who a name is on a date
    Who(who::Args),
    /// Each time expression of a text, resolved
    When(when::Args),
    /// Each place name of a text
    Where(r#where::Args),
    /// Take articles into the ledger
    Ingest(ingest::Args),
    /// Take what feeds bring into the ledger, again and again
    Watch(watch::Args),
    /// Code the stored documents again, under the present coder and tables
    Recode(recode::Args),
    /// What changed between two runs, and because of what
    Diff(runs::Args),
    /// Say that an event is wrong, right or otherwise
    Correct(correct::Args),
    /// Check a ledger from end to end
    Verify(verify::Args),
    /// Events of other data sets into the ledger
    Import(import::Args),
    /// Events out of the ledger in a format of others
    Export(export::Args),
    /// Events of the ledger, each with its words
    Events(events::Args),
    /// Happenings with their reports: who is independent, who repeats whom
    Stories(stories::Args),
    /// How many events by day, week, month, quarter or year
    Series(series::Args),
    /// States or pairs of states by month or year, with explicit zeros
    Panel(panel::Args),
    /// What stands between two, and how what flows between them moves
    Ties(ties::Args),
    /// Who deals with whom, with centralities and communities
    Network(network::Args),
    /// One actor: names, offices, deeds, partners, statements
    Actor(actor::Args),
    /// A briefing on two parties or on one
    Brief(brief::Args),
    /// Pages on this machine: read an article, look at what a ledger holds
    Serve(serve::Args),
    /// Score against gold
    Eval(eval::Args),
    /// For those who edit the tables
    Data(data::Args),
}

/// Set by Ctrl-C; long verbs finish the document in hand, print what they have and stop.
pub(crate) static STOP: AtomicBool = AtomicBool::new(false);

/// Runs the program.
pub fn main() -> ExitCode {
    // A second Ctrl-C ends at once.
    let _ = ctrlc::set_handler(|| {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::abort();
        }
    });
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Fault as u8 } else { Exit::Done as u8 });
        }
    };
    let ended = match cli.verb {
        Verb::Code(args) => code::run(&args),
        Verb::Classify(args) => classify::run(&args),
        Verb::Parse(args) => parse::run(&args),
        Verb::Extract(args) => extract::run(&args),
        Verb::Who(args) => who::run(&args),
        Verb::When(args) => when::run(&args),
        Verb::Where(args) => r#where::run(&args),
        Verb::Ingest(args) => ingest::run(&args),
        Verb::Watch(args) => watch::run(&args),
        Verb::Recode(args) => recode::run(&args),
        Verb::Diff(args) => runs::run(&args),
        Verb::Correct(args) => correct::run(&args),
        Verb::Verify(args) => verify::run(&args),
        Verb::Import(args) => import::run(&args),
        Verb::Export(args) => export::run(&args),
        Verb::Events(args) => events::run(&args),
        Verb::Stories(args) => stories::run(&args),
        Verb::Series(args) => series::run(&args),
        Verb::Panel(args) => panel::run(&args),
        Verb::Ties(args) => ties::run(&args),
        Verb::Network(args) => network::run(&args),
        Verb::Actor(args) => actor::run(&args),
        Verb::Brief(args) => brief::run(&args),
        Verb::Serve(args) => serve::run(&args),
        Verb::Eval(args) => eval::run(&args),
        Verb::Data(args) => data::run(&args),
    };
    match ended {
        Ok(exit) => ExitCode::from(exit as u8),
        // Whoever reads the pipe has seen enough: that is no fault.
        Err(error) if output::closed_pipe(&error) => ExitCode::from(Exit::Done as u8),
        Err(error) => {
            eprintln!("demarche: {error:#}");
            ExitCode::from(Exit::Fault as u8)
        }
    }
}
