//! From a few words to the page that they mean.

use super::value;
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::page::{Kind, Method, Page, Param, Reply};
use crate::web::url::Url;
use demarche_store::Query;

const PARAMS: &[Param] = &[value("to", Kind::Text, "A dyad, an actor, an id or words", "RUS-UKR")];

pub(in crate::web) const PAGE: Page = Page {
    name: "go",
    method: Method::Get,
    path: "/go",
    about: "Leads to the page that a few words mean: a dyad, an actor, an event, a story, a document, or what is found",
    params: &[PARAMS],
    answer,
};

fn answer(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let words = ask.get("to").unwrap_or_default().trim().trim_matches('"');
    let id = |prefix: &str| words.strip_prefix(prefix).is_some_and(|rest| rest.len() == 16);
    let to = if words.is_empty() {
        Url::to("/")
    } else if id("e-") {
        Url::event(words)
    } else if id("s-") {
        Url::story(words)
    } else if id("d-") {
        Url::source(words, None)
    } else if ask.ledger.is_some() {
        let names = ask.names()?;
        let pair = Query::parse(words, &|name| names.set(name)).ok().and_then(|query| query.pair);
        match (names.set(words), pair) {
            (Some(_), _) => Url::actor(words),
            (None, Some(pair)) => Url::dyad(&pair.source.name, &pair.target.name),
            (None, None) => Url::search(words),
        }
    } else {
        Url::search(words)
    };
    Ok(Reply::See(to.to_string(), None))
}
