//! The pages, one file each; [`PAGES`] is all of them.

mod about;
mod actor;
mod corrections;
mod dyad;
mod event;
mod go;
mod months;
mod network;
mod read;
mod runs;
mod search;
mod source;
mod sources;
mod start;
mod story;
mod token;
mod world;

use super::page::{Kind, Page, Param, Place};

/// Every address of the site.
#[rustfmt::skip]
pub(super) const PAGES: &[Page] = &[
    start::PAGE,
    go::PAGE,
    read::PAGE,
    read::HANDED,
    source::PAGE,
    dyad::PAGE,
    runs::PAGE,
    runs::BETWEEN,
    corrections::PAGE,
    corrections::WRITTEN,
    world::PAGE,
    network::PAGE,
    network::GEXF,
    actor::PAGE,
    event::PAGE,
    story::PAGE,
    search::PAGE,
    sources::PAGE,
    about::PAGE,
    about::DESCRIPTION,
    token::PAGE,
    token::ENTERED,
];

/// A part of the path.
const fn part(name: &'static str, about: &'static str, example: &'static str) -> Param {
    Param { name, place: Place::Path, kind: Kind::Text, about, example }
}

/// A value of the query.
const fn value(name: &'static str, kind: Kind, about: &'static str, example: &'static str) -> Param {
    Param { name, place: Place::Query, kind, about, example }
}

/// A field of what is handed over.
const fn field(name: &'static str, about: &'static str, example: &'static str) -> Param {
    Param { name, place: Place::Body, kind: Kind::Text, about, example }
}
