//! `demarche parse`: text or articles to CoNLL-U.

use super::Exit;
use super::input::{Faults, Inputs, articles, read};
use super::output;
use crate::Engine;
use anyhow::Result;
use demarche_text::conllu;
use std::io::Write;

/// What the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum InputKind {
    /// Text or articles
    Text,
    /// CoNLL-U whose tokens and sentences are kept
    Conllu,
}

/// Arguments of `demarche parse`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// What the files hold
    #[arg(long, value_enum, default_value = "text")]
    input: InputKind,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = Engine::new()?;
    let mut worker = engine.analyzer().worker();
    let mut faults = Faults::default();
    let mut out = output::stdout();
    let mut done = 0;
    match args.input {
        InputKind::Text => {
            for (_, article) in articles(&args.inputs, None, &mut faults) {
                out.write_all(conllu::write(&worker.analyze(&article)).as_bytes())?;
                done += 1;
            }
        }
        InputKind::Conllu => {
            for path in args.inputs.paths(&mut faults) {
                match read(&path) {
                    Ok(source) => match conllu::read(&source.name, &source.bytes) {
                        Ok(gold) => {
                            let predicted = worker.annotate(&gold);
                            out.write_all(predicted.to_string().as_bytes())?;
                            done += 1;
                        }
                        Err(found) => found.iter().for_each(|fault| faults.report(fault)),
                    },
                    Err(error) => faults.report(format!("{}: {error:#}", path.display())),
                }
            }
        }
    }
    out.flush()?;
    Ok(faults.exit(done))
}
