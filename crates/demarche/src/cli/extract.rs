//! `demarche extract`: web pages to their article.

use super::Exit;
use super::input::{Faults, Inputs, articles};
use super::output;
use anyhow::Result;
use demarche_core::Caption;
use jiff::civil::Date;
use serde::Serialize;
use std::io::Write;

/// Arguments of `demarche extract`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dateline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    lang: &'a str,
    body: &'a str,
    captions: &'a [Caption],
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let mut faults = Faults::default();
    let mut out = output::stdout();
    let found = articles(&args.inputs, None, &mut faults);
    for (_, article) in &found {
        let row = Row {
            url: article.url.as_deref(),
            title: article.title.as_deref(),
            byline: article.byline.as_deref(),
            dateline: article.dateline.as_deref(),
            published: article.published,
            publisher: article.publisher.as_deref(),
            lang: &article.lang,
            body: &article.body,
            captions: &article.captions,
        };
        output::line(&mut out, &row)?;
    }
    out.flush()?;
    Ok(faults.exit(found.len()))
}
