//! ICEWS: CAMEO events between two parties, tab-separated, twenty named columns, countries and sectors in words.
//!
//! Event ids repeat, on another day; a CAMEO code is a text, and one that a spreadsheet read as a number has lost its
//! leading zero; the header is spelt in two ways.

use super::delimited::{self, Cells, Layout, Row, Trouble, columns};
use super::{Entries, Format, Loss, Outgoing, Target, Written, cameo_losses, event_id, first_day, loss, party};
use crate::{Entry, Error};
use demarche_core::{ActorRef, Codes, DocId, Place, PlacePrecision, Scope, Sector};
use jiff::civil::Date;
use std::path::Path;

columns! {
    EventId = "Event ID",
    EventDate = "Event Date",
    SourceName = "Source Name",
    SourceSectors = "Source Sectors",
    SourceCountry = "Source Country",
    EventText = "Event Text",
    CameoCode = "CAMEO Code",
    Intensity = "Intensity",
    TargetName = "Target Name",
    TargetSectors = "Target Sectors",
    TargetCountry = "Target Country",
    StoryId = "Story ID",
    SentenceNumber = "Sentence Number",
    Publisher = "Publisher",
    City = "City",
    District = "District",
    Province = "Province",
    Country = "Country",
    Latitude = "Latitude",
    Longitude = "Longitude",
}

/// ICEWS.
pub(super) struct Icews;

impl Format for Icews {
    fn name(&self) -> &'static str {
        "icews"
    }
    fn about(&self) -> &'static str {
        "ICEWS: CAMEO events, tab-separated, 20 columns, a row for each ordered pair"
    }
    fn losses(&self) -> &'static [Loss] {
        LOSSES
    }
    fn dyadic(&self) -> bool {
        true
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(delimited::read(&Icews, path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error> {
        to.stream(|out| delimited::write(self, entries, out, codes))
    }
}

const LOSSES: &[Loss] = cameo_losses!(
    place: "buildings and waters come back as cities",
    loss("dataset", "comes back as icews"),
    loss("source_id", "that of another data set gives way to the event's id"),
    loss("published", "no column"),
    loss("url", "no column"),
    loss("title", "no column"),
    loss("lang", "no column"),
    loss("version", "no column"),
    loss("sentence_text", "no column"),
    loss("extra", "columns of another data set have no place"),
    loss("event.document", "the story's id is kept, and gives another one"),
);

/// A CAMEO code as data sets write it: a root with a zero behind it.
pub(super) fn whole(code: &str) -> String {
    if code.len() == 2 { format!("{code}0") } else { code.to_owned() }
}

impl Layout for Icews {
    const DATASET: &'static str = "icews";
    const MISSING: &'static str = "";
    const HEADER: bool = true;
    const DYADIC: bool = true;

    fn columns(&self) -> &'static [&'static str] {
        COLUMNS
    }

    fn entry(&self, row: &Row<'_>, codes: &Codes) -> Result<Entry, Trouble> {
        use Column::*;
        let id = row.need(EventId, "every row has an id")?;
        row.need(EventDate, "every row has a day")?;
        let day = row.day(EventDate)?;
        let code = row.need(CameoCode, "a text: 042 keeps its zero")?;
        let Some(act) = codes.act(code) else {
            return Err(Trouble::Cell(
                CameoCode.into(),
                format!("{code} is no CAMEO code"),
                "a text: 042 keeps its zero",
            ));
        };
        let Some(event_type) = act.event_type else { return Err(Trouble::NoEvent(super::gdelt::STATEMENT)) };
        let document = DocId::of(&[Self::DATASET, row.get(StoryId).unwrap_or(id)]);
        let mut event = super::event(event_id(Self::DATASET, id, day), document, event_type, act.mode, codes);
        event.contexts.clone_from(&act.contexts);
        event.cameo = Some(act.code.clone());
        event.sentence = row.number::<u32>(SentenceNumber).map_or(0, |n| n.saturating_sub(1));
        event.actors.extend(one(row, SourceName, SourceSectors, SourceCountry, day, codes));
        event.recipients.extend(one(row, TargetName, TargetSectors, TargetCountry, day, codes));
        event.when = day.map(super::on);
        event.place = place(row, day, codes);
        let mut entry = Entry::bare(Self::DATASET, event);
        entry.source_id = Some(id.to_owned());
        entry.publisher = row.get(Publisher).map(str::to_owned);
        Ok(entry)
    }

    fn row(&self, entry: &Entry, actors: &[&ActorRef], recipients: &[&ActorRef], codes: &Codes, row: &mut Cells) {
        use Column::*;
        let event = &entry.event;
        let own = entry.dataset == Self::DATASET;
        row.set(EventId, entry.source_id.as_deref().filter(|_| own).unwrap_or(&event.id));
        row.print(EventDate, first_day(entry));
        let code = event.cameo.clone().or_else(|| Some(codes.act_of(event.event_type, event.mode)?.code.clone()));
        if let Some(code) = code {
            let code = whole(&code);
            row.maybe(EventText, codes.act(&code).map(|act| act.label.as_str()));
            row.print(Intensity, codes.act(&code).and_then(|act| act.goldstein));
            row.set(CameoCode, &code);
        }
        let mut side = |party: &ActorRef, name: Column, sectors: Column, country: Column| {
            row.set(name, party.name.as_deref().unwrap_or(&party.text));
            let code = party.code.as_deref();
            let land =
                code.and_then(|code| codes.theirs("icews-country", code).or_else(|| Some(&codes.state(code)?.name)));
            row.maybe(country, land.or(code));
            row.maybe(sectors, party.sector.and_then(|sector| codes.theirs("icews-sector", sector.as_str())));
        };
        actors.first().into_iter().for_each(|party| side(party, SourceName, SourceSectors, SourceCountry));
        recipients.first().into_iter().for_each(|party| side(party, TargetName, TargetSectors, TargetCountry));
        row.set(StoryId, &event.document.0);
        // A ledger does not keep which sentence an event of another data set stands in: its own row does.
        row.print(SentenceNumber, Some(event.sentence + 1).filter(|_| !own));
        row.maybe(Publisher, entry.publisher.as_deref());
        if let Some(place) = &event.place {
            match place.precision {
                PlacePrecision::Country => {}
                PlacePrecision::Region => row.set(Province, &place.name),
                _ => row.set(City, &place.name),
            }
            if place.precision != PlacePrecision::Region {
                row.maybe(Province, place.region.as_deref());
            }
            let state = place.country.as_deref();
            row.maybe(
                Country,
                state.and_then(|s| codes.theirs("icews-country", s).or_else(|| Some(&codes.state(s)?.name))),
            );
            row.print(Latitude, place.lat);
            row.print(Longitude, place.lon);
        }
    }
}

fn state<'c>(written: &str, day: Option<Date>, codes: &'c Codes) -> Option<&'c str> {
    codes.ours("icews-country", written).or_else(|| codes.state_named(written, day))
}

fn one(
    row: &Row<'_>,
    name: Column,
    sectors: Column,
    country: Column,
    day: Option<Date>,
    codes: &Codes,
) -> Option<ActorRef> {
    let country = row.get(country);
    let name = row.get(name).or(country)?;
    let sector = row.get(sectors).and_then(|list| {
        list.split(',').find_map(|word| codes.ours("icews-sector", word.trim()).and_then(Sector::parse))
    });
    let code = country.and_then(|written| state(written, day, codes));
    // An organisation stands under its code where it belongs to no country.
    let code = code.or_else(|| country.filter(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())));
    Some(ActorRef { name: Some(name.to_owned()), code: code.map(str::to_owned), sector, ..party(name) })
}

fn place(row: &Row<'_>, day: Option<Date>, codes: &Codes) -> Option<Place> {
    use Column::*;
    let (city, region, country) = (row.get(City), row.get(Province), row.get(Country));
    let written = city.or(region).or(country)?;
    let land = country.and_then(|country| codes.state(state(country, day, codes)?));
    // A country goes by its usual name here.
    let name = land.filter(|_| Some(written) == country).map_or(written, |state| state.name.as_str());
    Some(Place {
        text: written.to_owned(),
        name: name.to_owned(),
        country: land.map(|state| state.id.clone()),
        region: region.filter(|_| city.is_some()).map(str::to_owned),
        lat: row.number(Latitude),
        lon: row.number(Longitude),
        precision: match (city, region) {
            (Some(_), _) => PlacePrecision::City,
            (None, Some(_)) => PlacePrecision::Region,
            (None, None) => PlacePrecision::Country,
        },
        scope: Scope::Document,
    })
}
