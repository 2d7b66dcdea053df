//! `demarche where`: each place name of a text.

use super::Exit;
use super::code::engine;
use super::output;
use anyhow::Result;
use demarche_coder::Coder;
use demarche_text::Article;
use std::io::Write;

/// Arguments of `demarche where`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The text, or - for standard input
    text: String,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = engine(None)?;
    let doc = engine.analyzer().worker().analyze(&Article::from_text(&super::when::text(&args.text)?));
    let places = Coder::new(engine.knowledge()).places(&doc);
    let mut out = output::stdout();
    for place in &places {
        output::line(&mut out, place)?;
    }
    out.flush()?;
    Ok(if places.is_empty() { Exit::NothingFound } else { Exit::Done })
}
