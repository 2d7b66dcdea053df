//! What GDELT's two event tables have in common: no header, tabs in a file called CSV, CAMEO codes for actors and acts,
//! FIPS 10-4 codes for places, three places a row.

use super::delimited::{Cells, Row, Trouble};
use super::{Loss, cameo_losses, event_id, first_day, loss, party};
use crate::Entry;
use demarche_core::{ActorRef, Codes, DocId, Place, PlacePrecision, Scope, Sector};
use jiff::civil::Date;

/// Why statements and appeals give no entry.
pub(super) const STATEMENT: &str = "statements and appeals (CAMEO 01 and 02), which PLOVER does not count as events";

/// Columns that both tables have at the same place.
const ID: usize = 0;
const DAY: usize = 1;
const MONTH: usize = 2;
const YEAR: usize = 3;
const FRACTION: usize = 4;
const ACTOR1: usize = 5;
const ACTOR2: usize = 15;
const ROOT: usize = 25;
const CODE: usize = 26;
const BASE_CODE: usize = 27;
const ROOT_CODE: usize = 28;
const QUAD: usize = 29;
const GOLDSTEIN: usize = 30;
const MENTIONS: usize = 31;
const SOURCES: usize = 32;
const ARTICLES: usize = 33;
const GEO: usize = 35;

/// Within an actor's ten columns.
const NAME: usize = 1;
const COUNTRY: usize = 2;
const GROUP: usize = 3;
const TYPE1: usize = 7;

/// Where the tables differ.
pub(super) struct Shape {
    /// How entries call it.
    pub(super) dataset: &'static str,
    /// Columns of each of the three places: type, name, country, first division (and second), lat, long, feature.
    pub(super) geo: usize,
}

impl Shape {
    /// The place of the act, behind those of the two actors.
    fn action(&self) -> usize {
        GEO + 2 * self.geo
    }
    fn lat(&self) -> usize {
        self.action() + self.geo - 3
    }
    fn added(&self) -> usize {
        GEO + 3 * self.geo
    }
    fn url(&self) -> usize {
        self.added() + 1
    }

    pub(super) fn entry(&self, row: &Row<'_>, codes: &Codes) -> Result<Entry, Trouble> {
        let id = row.need(ID, "every row has an id")?;
        row.need(DAY, "every row has a day")?;
        let day = row.day(DAY)?;
        let code = row.need(CODE, "a CAMEO code")?;
        let Some(act) = codes.act(code) else {
            return Err(Trouble::Cell(CODE, format!("{code} is no CAMEO code"), "a text: 042 keeps its zero"));
        };
        let Some(event_type) = act.event_type else { return Err(Trouble::NoEvent(STATEMENT)) };
        let url = row.get(self.url());
        let document = DocId::of(&[self.dataset, url.unwrap_or(id)]);
        let mut event = super::event(event_id(self.dataset, id, day), document, event_type, act.mode, codes);
        event.contexts.clone_from(&act.contexts);
        event.cameo = Some(act.code.clone());
        event.actors.extend(actor(row, ACTOR1, codes));
        event.recipients.extend(actor(row, ACTOR2, codes));
        event.when = day.map(super::on);
        event.place = self.place(row, day, codes);
        let mut entry = Entry::bare(self.dataset, event);
        entry.source_id = Some(id.to_owned());
        entry.published = row.get(self.added()).and_then(|text| super::day(text.get(..8)?));
        entry.publisher = url.and_then(host).map(str::to_owned);
        entry.url = url.map(str::to_owned);
        Ok(entry)
    }

    pub(super) fn row(
        &self,
        entry: &Entry,
        actors: &[&ActorRef],
        recipients: &[&ActorRef],
        codes: &Codes,
        row: &mut Cells,
    ) {
        let event = &entry.event;
        match entry.source_id.as_deref().filter(|_| entry.dataset == self.dataset) {
            Some(id) => row.set(ID, id),
            // The table's ids are numbers: the digits of ours, shortened to what a signed number holds.
            None => row.print(ID, Some(number(&event.id))),
        }
        if let Some(day) = first_day(entry) {
            row.print(DAY, Some(day.strftime("%Y%m%d")));
            row.print(MONTH, Some(day.strftime("%Y%m")));
            row.print(YEAR, Some(day.strftime("%Y")));
            let fraction = f64::from(day.year()) + (f64::from(day.month()) * 30.0 + f64::from(day.day())) / 365.0;
            row.print(FRACTION, Some(format_args!("{fraction:.4}")));
        }
        actors.first().into_iter().for_each(|party| put_actor(row, ACTOR1, party, codes));
        recipients.first().into_iter().for_each(|party| put_actor(row, ACTOR2, party, codes));
        row.set(ROOT, "1");
        let code = event.cameo.clone().or_else(|| Some(codes.act_of(event.event_type, event.mode)?.code.clone()));
        if let Some(code) = code {
            let code = super::icews::whole(&code);
            row.set(BASE_CODE, code.get(..3).unwrap_or(&code));
            row.set(ROOT_CODE, code.get(..2).unwrap_or(&code));
            row.print(QUAD, quad(&code));
            row.print(GOLDSTEIN, codes.act(&code).and_then(|act| act.goldstein));
            row.set(CODE, &code);
        }
        for column in [MENTIONS, SOURCES, ARTICLES] {
            row.set(column, "1");
        }
        if let Some(place) = &event.place {
            let geo = self.action();
            row.set(geo, geo_type(place));
            let land = place.country.as_deref().and_then(|id| codes.state(id));
            row.set(geo + 1, &place.name);
            row.maybe(geo + 2, land.and_then(|state| state.fips.as_deref()));
            row.maybe(geo + 3, place.region.as_deref());
            row.print(self.lat(), place.lat);
            row.print(self.lat() + 1, place.lon);
        }
        if let Some(published) = entry.published {
            let time = if self.dataset == "gdelt2" { "000000" } else { "" };
            row.print(self.added(), Some(format_args!("{}{time}", published.strftime("%Y%m%d"))));
        }
        row.maybe(self.url(), entry.url.as_deref());
    }

    fn place(&self, row: &Row<'_>, day: Option<Date>, codes: &Codes) -> Option<Place> {
        let geo = self.action();
        let name = row.get(geo + 1)?;
        let country = row.get(geo + 2).and_then(|fips| codes.state_of_fips(fips, day));
        Some(Place {
            text: name.to_owned(),
            name: name.to_owned(),
            country: country.map(str::to_owned),
            region: row.get(geo + 3).map(str::to_owned),
            lat: row.number(self.lat()),
            lon: row.number(self.lat() + 1),
            precision: match row.get(geo) {
                Some("1") => PlacePrecision::Country,
                Some("2" | "5") => PlacePrecision::Region,
                Some("3" | "4") => PlacePrecision::City,
                _ => PlacePrecision::Unknown,
            },
            scope: Scope::Document,
        })
    }
}

/// Country, state of the US, city of the US, other city, other division.
fn geo_type(place: &Place) -> &'static str {
    let us = place.country.as_deref() == Some("USA");
    match place.precision {
        PlacePrecision::Country => "1",
        PlacePrecision::Region => {
            if us {
                "2"
            } else {
                "5"
            }
        }
        PlacePrecision::City | PlacePrecision::Building => {
            if us {
                "3"
            } else {
                "4"
            }
        }
        PlacePrecision::Water | PlacePrecision::Unknown => "0",
    }
}

/// GDELT's quad class of a CAMEO code: the root's (01-05, 06-08, 09-13, 14-20).
fn quad(code: &str) -> Option<u8> {
    match code.get(..2)?.parse().ok()? {
        1..=5 => Some(1),
        6..=8 => Some(2),
        9..=13 => Some(3),
        14..=20 => Some(4),
        _ => None,
    }
}

/// The site that an address belongs to.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?.trim_start_matches("www.");
    (host.contains('.') && !host.contains(' ')).then_some(host)
}

fn number(id: &str) -> i64 {
    let digits = id.strip_prefix("e-").and_then(|hex| u64::from_str_radix(hex, 16).ok());
    let digits = digits.or_else(|| u64::from_str_radix(&demarche_core::stable_hash(&[id]), 16).ok());
    (digits.unwrap_or_default() >> 1) as i64
}

fn actor(row: &Row<'_>, at: usize, codes: &Codes) -> Option<ActorRef> {
    let name = row.get(at + NAME).or_else(|| row.get(at))?;
    let (country, group) = (row.get(at + COUNTRY), row.get(at + GROUP));
    let types = (TYPE1..TYPE1 + 3).filter_map(|column| row.get(at + column));
    let code = country
        .map(|code| codes.ours("cameo-country", code).unwrap_or(code))
        .or_else(|| codes.ours("cameo-group", group?))
        .or_else(|| types.clone().find_map(|code| codes.ours("cameo-group", code)));
    let sector = types.clone().find_map(|code| codes.ours("cameo-role", code)).and_then(Sector::parse);
    Some(ActorRef { name: Some(name.to_owned()), code: code.map(str::to_owned), sector, ..party(name) })
}

fn put_actor(row: &mut Cells, at: usize, party: &ActorRef, codes: &Codes) {
    let mut whole = String::new();
    if let Some(code) = party.code.as_deref() {
        let (column, code) = match codes.theirs("cameo-group", code) {
            Some(group) => (GROUP, group),
            None => (COUNTRY, codes.theirs("cameo-country", code).unwrap_or(code)),
        };
        row.set(at + column, code);
        whole.push_str(code);
    }
    if let Some(role) = party.sector.and_then(|sector| codes.theirs("cameo-role", sector.as_str())) {
        row.set(at + TYPE1, role);
        whole.push_str(role);
    }
    row.set(at, &whole);
    row.set(at + NAME, party.name.as_deref().unwrap_or(&party.text));
}

pub(super) const LOSSES: &[Loss] = cameo_losses!(
    place: "buildings come back as cities, waters as unknown",
    loss("dataset", "comes back as gdelt1 or gdelt2"),
    loss("source_id", "that of another data set gives way to a number made from the event's id"),
    loss("publisher", "no column: the site of the address stands for it"),
    loss("title", "no column"),
    loss("lang", "no column"),
    loss("version", "no column"),
    loss("sentence_text", "no column"),
    loss("extra", "columns of another data set have no place"),
    loss("event.id", "the table's ids are numbers"),
    loss("event.document", "no column: follows the address"),
    loss("event.sentence", "no column"),
);

/// Names the columns of a table of GDELT from the parts of each place.
macro_rules! gdelt_columns {
    ($($geo:literal),+) => {
        &[
            "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
            "Actor1Code", "Actor1Name", "Actor1CountryCode", "Actor1KnownGroupCode", "Actor1EthnicCode",
            "Actor1Religion1Code", "Actor1Religion2Code", "Actor1Type1Code", "Actor1Type2Code", "Actor1Type3Code",
            "Actor2Code", "Actor2Name", "Actor2CountryCode", "Actor2KnownGroupCode", "Actor2EthnicCode",
            "Actor2Religion1Code", "Actor2Religion2Code", "Actor2Type1Code", "Actor2Type2Code", "Actor2Type3Code",
            "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
            "NumMentions", "NumSources", "NumArticles", "AvgTone",
            $(concat!("Actor1Geo_", $geo),)+
            $(concat!("Actor2Geo_", $geo),)+
            $(concat!("ActionGeo_", $geo),)+
            "DATEADDED", "SOURCEURL",
        ]
    };
}
pub(super) use gdelt_columns;
