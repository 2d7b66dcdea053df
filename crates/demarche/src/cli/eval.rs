//! `demarche eval`: figures against gold.

use super::Exit;
use super::code::engine;
use super::input::{Faults, Inputs, articles, read};
use super::output;
use crate::eval;
use anyhow::{Context, Result};
use demarche_text::conllu::{self, ConlluFault};
use std::fmt;
use std::io::Write;
use std::path::PathBuf;

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Task {
    /// Events of free text
    Events,
    /// The label of a given pair
    Pairs,
    /// Tokens, tags, trees and entities against CoNLL-U
    Parse,
    /// Names of people, places and organisations against IOB2 columns
    Ner,
    /// The main text of web pages
    Extract,
    /// Time expressions
    Timex,
    /// Whom phrases, linked names and visitors stand for
    Actors,
    /// Place names and where they lie
    Places,
    /// Whether the text says that it happened
    Factuality,
    /// Who says so
    Attribution,
    /// Reports of one happening, brought together
    Stories,
}

/// Arguments of `demarche eval`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to score
    #[arg(value_enum)]
    task: Task,
    #[command(flatten)]
    inputs: Inputs,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// List this many wrong answers
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// (actors) the ids of the pages that linked names lead to
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// (factuality on UDS, attribution) the CoNLL-U file whose words the gold marks
    #[arg(long, value_name = "FILE")]
    treebank: Option<PathBuf>,
    /// (events, annotations) the folder of articles whose texts are annotated
    #[arg(long, value_name = "DIR")]
    texts: Option<PathBuf>,
    #[command(flatten)]
    preset: super::code::Preset,
    /// (parse) start from raw text, not from the gold tokens
    #[arg(long)]
    raw: bool,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = engine(args.data.as_ref())?.leaning(args.preset.leaning());
    let key = match &args.key {
        Some(path) => {
            let source = read(path).with_context(|| path.display().to_string())?;
            let text = std::str::from_utf8(&source.bytes).context("not UTF-8")?;
            Some(eval::actors::read_key(text, engine.knowledge()).with_context(|| path.display().to_string())?)
        }
        None => None,
    };
    let mut faults = Faults::default();
    let treebank = match &args.treebank {
        Some(path) => {
            let source = read(path).with_context(|| path.display().to_string())?;
            match conllu::read(&source.name, &source.bytes) {
                Ok(treebank) => Some(treebank),
                Err(lines) => {
                    lines.iter().for_each(|line| faults.report(line));
                    return Ok(faults.exit(0));
                }
            }
        }
        None => None,
    };
    let paths = args.inputs.paths(&mut faults);
    let mut done = 0;
    let mut out = output::stdout();
    for path in &paths {
        let scored = (|| -> Result<()> {
            if args.task == Task::Extract {
                writeln!(out, "{}\n{}", path.display(), eval::extract::score(path)?)?;
                return Ok(());
            }
            let source = read(path)?;
            let text = || std::str::from_utf8(&source.bytes).context("not UTF-8");
            writeln!(out, "{}", source.name)?;
            match args.task {
                Task::Events if eval::annotated::is_annotation(text()?) => {
                    let folder = args.texts.as_ref().context("the texts are named by hash: --texts DIR has them")?;
                    let inputs = Inputs { files: vec![folder.display().to_string()] };
                    let texts = articles(&inputs, None, &mut faults).into_iter().map(|(_, article)| article);
                    let figures = eval::annotated::score(&engine, &eval::annotated::read_gold(text()?)?, texts, 0.0);
                    writeln!(out, "{figures}")?;
                    for (part, gold, found, text) in figures.errors.iter().take(args.errors) {
                        writeln!(out, "{part}\n  gold  {gold}\n  found {found}\n  {text}")?;
                    }
                }
                Task::Events => {
                    let figures = eval::events::score(&engine, &eval::events::read_gold(text()?)?);
                    writeln!(out, "{figures}")?;
                    for (id, gold, found, text) in figures.errors.iter().take(args.errors) {
                        writeln!(out, "{id}\n  gold  {gold}\n  found {found}\n  {text}")?;
                    }
                }
                Task::Pairs => {
                    let figures = eval::pairs::score(&engine, &eval::events::read_gold(text()?)?);
                    writeln!(out, "{figures}")?;
                    for (id, gold, found, grounds, text) in figures.errors.iter().take(args.errors) {
                        writeln!(out, "{id}  gold {gold}  found {found}  ({grounds})\n  {text}")?;
                    }
                }
                Task::Parse => {
                    let gold = conllu::read(&source.name, &source.bytes).map_err(Lines)?;
                    writeln!(out, "{}", eval::parse::score(engine.analyzer(), &gold, args.raw)?)?;
                }
                Task::Ner => {
                    let gold = eval::ner::read_gold(&source.name, &source.bytes).map_err(Lines)?;
                    let figures = eval::ner::score(engine.analyzer(), &gold);
                    writeln!(out, "{figures}")?;
                    for (what, kind, words, text) in figures.errors.iter().take(args.errors) {
                        writeln!(out, "{what} {kind} {words}\n  {text}")?;
                    }
                }
                Task::Timex => {
                    let figures = eval::timex::score(&engine, text()?)?;
                    writeln!(out, "{figures}")?;
                    for (words, gold, ours) in figures.misses.iter().take(args.errors) {
                        writeln!(out, "{words}\t{gold}\t{ours}")?;
                    }
                }
                Task::Actors => {
                    let figures = eval::actors::score(&engine, text()?, key.as_ref())?;
                    write!(out, "{figures}")?;
                    for miss in figures.misses.iter().take(args.errors) {
                        writeln!(out, "  {}", output::plain(miss))?;
                    }
                }
                Task::Places => {
                    let figures = eval::places::score(&engine, text()?)?;
                    writeln!(out, "{figures}")?;
                    for (id, words, gold, ours) in figures.misses.iter().take(args.errors) {
                        writeln!(out, "{id}  {words}  gold {gold}  found {ours}")?;
                    }
                }
                Task::Factuality => {
                    let figures = eval::factuality::score(&engine, text()?, treebank.as_ref())?;
                    writeln!(out, "{figures}")?;
                    for (gold, word, grounds, text) in figures.errors.iter().take(args.errors) {
                        writeln!(out, "gold {gold}  “{word}”  ({grounds})\n  {text}")?;
                    }
                }
                Task::Attribution => {
                    let treebank = treebank
                        .as_ref()
                        .context("the rows name sentences of GUM: name its file with --treebank FILE")?;
                    let figures = eval::attribution::score(&engine, &eval::attribution::read_gold(text()?)?, treebank);
                    writeln!(out, "{figures}")?;
                    for (sentence, source, content) in figures.misses.iter().take(args.errors) {
                        writeln!(out, "{sentence}  {source}\n  {content}")?;
                    }
                }
                Task::Stories => {
                    let figures = eval::stories::score(&engine, text()?)?;
                    writeln!(out, "{figures}")?;
                    for (gold, among, words) in figures.misplaced.iter().take(args.errors) {
                        writeln!(out, "{gold} among {among}\n  {words}")?;
                    }
                    for (gold, words) in figures.scattered.iter().take(args.errors) {
                        writeln!(out, "{gold} apart\n  {words}")?;
                    }
                }
                Task::Extract => {}
            }
            Ok(())
        })();
        match scored {
            Ok(()) => done += 1,
            Err(error) if output::closed_pipe(&error) => return Err(error),
            Err(error) => match error.downcast::<Lines>() {
                Ok(Lines(lines)) => lines.iter().for_each(|line| faults.report(line)),
                Err(error) => faults.report(format!("{}: {error:#}", path.display())),
            },
        }
    }
    out.flush()?;
    Ok(faults.exit(done))
}

/// The faults of a gold file, each of which names its own place.
#[derive(Debug)]
struct Lines(Vec<ConlluFault>);

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} faults", self.0.len())
    }
}
impl std::error::Error for Lines {}
