//! `demarche data`: for those who edit the tables.

use super::Exit;
use super::code::engine;
use super::diff;
use super::output;
use anyhow::Result;
use demarche_text::Article;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche data`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    job: Job,
}

#[derive(clap::Subcommand)]
enum Job {
    /// Check a folder of tables as the build does: every fault with file, line and hint
    Check {
        /// The folder, laid out like data/, or a dictionary of PETRARCH's
        dir: PathBuf,
    },
    /// Which records change between two folders of tables over a corpus, with the changed rows that they name
    Diff(diff::Args),
    /// Which rows fire on a phrase, with file and line
    Why {
        /// The phrase or sentence
        phrase: String,
        /// A folder of tables laid over the built-in ones
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    match &args.job {
        Job::Check { dir } => check(dir),
        Job::Diff(args) => diff::run(args),
        Job::Why { phrase, data } => why(phrase, data.as_ref()),
    }
}

fn check(dir: &std::path::Path) -> Result<Exit> {
    if !dir.exists() {
        anyhow::bail!("{}: no such folder", dir.display());
    }
    match crate::Engine::with_data(dir) {
        Ok(engine) => {
            engine.ignored().iter().for_each(|line| eprintln!("{line}"));
            writeln!(output::stdout(), "{}: no fault", dir.display())?;
            Ok(Exit::Done)
        }
        Err(faults) => {
            eprintln!("{faults}");
            Ok(Exit::Fault)
        }
    }
}

fn why(phrase: &str, data: Option<&PathBuf>) -> Result<Exit> {
    let engine = engine(data)?;
    let coded = engine.code_one(&Article::from_text(phrase));
    let mut out = output::stdout();
    let coder = demarche_coder::Coder::new(engine.knowledge());
    let fired = coder.fired(&coded.doc);
    for row in &fired {
        writeln!(out, "{}", output::plain(row))?;
    }
    for event in &coded.coding.events {
        writeln!(
            out,
            "{} {} → {}",
            super::code::kind(event),
            super::code::parties(&event.actors),
            super::code::parties(&event.recipients)
        )?;
    }
    out.flush()?;
    Ok(if fired.is_empty() { Exit::NothingFound } else { Exit::Done })
}
