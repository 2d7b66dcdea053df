//! `demarche when`: each time expression of a text, resolved against a date.

use super::Exit;
use super::code::engine;
use super::output;
use anyhow::Result;
use demarche_coder::Coder;
use demarche_core::{Basis, Precision, Span};
use demarche_text::Article;
use jiff::civil::Date;
use serde::Serialize;
use std::io::{Read, Write};

/// Arguments of `demarche when`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The text, or - for standard input
    text: String,
    /// The day by which relative times count
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
}

#[derive(Serialize)]
struct Row<'d> {
    text: &'d str,
    #[serde(flatten)]
    span: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precision: Option<Precision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<Basis>,
}

/// The argument, or standard input for `-`.
pub(crate) fn text(argument: &str) -> Result<String> {
    if argument != "-" {
        return Ok(argument.to_string());
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = engine(None)?;
    let mut article = Article::from_text(&text(&args.text)?);
    article.published = args.published.or(article.published);
    let doc = engine.analyzer().worker().analyze(&article);
    let times = Coder::new(engine.knowledge()).times(&doc);
    let mut out = output::stdout();
    for told in &times {
        let row = Row {
            text: doc.text(told.span),
            span: told.span,
            from: told.days.and_then(|d| d.0.from),
            until: told.days.and_then(|d| d.0.until),
            precision: told.days.map(|d| d.1),
            basis: told.days.map(|d| d.2),
        };
        output::line(&mut out, &row)?;
    }
    out.flush()?;
    Ok(if times.is_empty() { Exit::NothingFound } else { Exit::Done })
}
