//! POLECAT's weekly files: PLOVER events, tab-separated, forty named columns, "None" where a value is missing,
//! several values parted by "; ".
//!
//! A row is one event: several parties of a side are lists in its cells. Files with a header of their own spelling, an
//! extra "Headline", stray tabs or the bytes of ISO-8859-1 are read as what they mean.

use super::delimited::{self, Cells, Layout, Row, Trouble, columns};
use super::{Entries, Format, Loss, Outgoing, Target, Written, event_id, first_day, loss, party};
use crate::{Entry, Error};
use demarche_core::{ActorRef, Codes, Context, DocId, Mode, Place, PlacePrecision, Scope, Sector};
use std::borrow::Cow;
use std::path::Path;

columns! {
    EventId = "Event ID",
    EventDate = "Event Date",
    EventType = "Event Type",
    EventMode = "Event Mode",
    Intensity = "Intensity",
    QuadCode = "Quad Code",
    Contexts = "Contexts",
    ActorName = "Actor Name",
    ActorCountry = "Actor Country",
    ActorCow = "Actor COW",
    PrimaryActorSector = "Primary Actor Sector",
    ActorSectors = "Actor Sectors",
    ActorTitle = "Actor Title",
    ActorNameRaw = "Actor Name Raw",
    WikipediaActorId = "Wikipedia Actor ID",
    RecipientName = "Recipient Name",
    RecipientCountry = "Recipient Country",
    RecipientCow = "Recipient COW",
    PrimaryRecipientSector = "Primary Recipient Sector",
    RecipientSectors = "Recipient Sectors",
    RecipientTitle = "Recipient Title",
    RecipientNameRaw = "Recipient Name Raw",
    WikipediaRecipientId = "Wikipedia Recipient ID",
    Placename = "Placename",
    City = "City",
    District = "District",
    Province = "Province",
    Country = "Country",
    Latitude = "Latitude",
    Longitude = "Longitude",
    GeoNamesId = "GeoNames ID",
    RawPlacename = "Raw Placename",
    FeatureType = "Feature Type",
    Source = "Source",
    PublicationDate = "Publication Date",
    StoryPeople = "Story People",
    StoryOrganizations = "Story Organizations",
    StoryLocations = "Story Locations",
    Language = "Language",
    Version = "Version",
}

/// Where a side's cells stand.
struct Side {
    name: Column,
    country: Column,
    cow: Column,
    primary: Column,
    sectors: Column,
    title: Column,
    raw: Column,
}

const ACTOR: Side = Side {
    name: Column::ActorName,
    country: Column::ActorCountry,
    cow: Column::ActorCow,
    primary: Column::PrimaryActorSector,
    sectors: Column::ActorSectors,
    title: Column::ActorTitle,
    raw: Column::ActorNameRaw,
};
const RECIPIENT: Side = Side {
    name: Column::RecipientName,
    country: Column::RecipientCountry,
    cow: Column::RecipientCow,
    primary: Column::PrimaryRecipientSector,
    sectors: Column::RecipientSectors,
    title: Column::RecipientTitle,
    raw: Column::RecipientNameRaw,
};

const AND: &str = "; ";
const NONE: &str = "None";

/// POLECAT.
pub(super) struct Polecat;

impl Format for Polecat {
    fn name(&self) -> &'static str {
        "polecat"
    }
    fn about(&self) -> &'static str {
        "POLECAT's weekly files: PLOVER events, tab-separated, 40 columns"
    }
    fn losses(&self) -> &'static [Loss] {
        LOSSES
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(delimited::read(&Polecat, path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error> {
        to.stream(|out| delimited::write(self, entries, out, codes))
    }
}

const LOSSES: &[Loss] = &[
    loss("dataset", "comes back as polecat"),
    loss("source_id", "that of another data set gives way to the event's id"),
    loss("url", "no column"),
    loss("title", "no column"),
    loss("sentence_text", "no column"),
    loss("extra", "columns of another data set have no place"),
    loss("event.document", "no column"),
    loss("event.sentence", "no column"),
    loss("event.cameo", "no column"),
    loss("event.polarity", "only what happened is written"),
    loss("event.modality", "only what happened is written"),
    loss("event.tense", "no column"),
    loss("event.attribution", "no column"),
    loss("event.when.until", "the first day alone"),
    loss("event.when.precision", "a day"),
    loss("event.when.basis", "no column"),
    loss("event.when.scope", "no column"),
    loss("event.when, where absent", "the day of publication stands for it; an entry with neither is left out"),
    loss("event.place.scope", "no column"),
    loss("event.evidence", "no column"),
    loss("event.grounds", "no column"),
    loss("event.confidence", "no column"),
    loss("event.actors.start", "no column"),
    loss("event.actors.end", "no column"),
    loss("event.actors.id", "no column"),
    loss("event.actors.resolved_by", "no column"),
    loss("event.actors.candidates", "no column"),
    loss("event.recipients.start", "no column"),
    loss("event.recipients.end", "no column"),
    loss("event.recipients.id", "no column"),
    loss("event.recipients.resolved_by", "no column"),
    loss("event.recipients.candidates", "no column"),
];

impl Layout for Polecat {
    const DATASET: &'static str = "polecat";
    const MISSING: &'static str = NONE;
    const HEADER: bool = true;
    const DYADIC: bool = false;

    fn columns(&self) -> &'static [&'static str] {
        COLUMNS
    }

    fn entry(&self, row: &Row<'_>, codes: &Codes) -> Result<Entry, Trouble> {
        use Column::*;
        let id = row.need(EventId, "every row has an id")?;
        let day = row.day(EventDate)?;
        let word = row.need(Column::EventType, "one of PLOVER's sixteen types")?;
        let Some(event_type) = demarche_core::EventType::parse(word) else {
            let what = format!("{word} is no event type");
            return Err(Trouble::Cell(
                Column::EventType.into(),
                what,
                "one of PLOVER's sixteen types; or a tab is missing",
            ));
        };
        let mode = row.get(EventMode).and_then(Mode::parse);
        let document = DocId::of(&[Self::DATASET, id]);
        let mut event = super::event(event_id(Self::DATASET, id, day), document, event_type, mode, codes);
        if let Some(intensity) = row.number(Intensity) {
            event.intensity = intensity;
        }
        event.contexts = row.get(Contexts).map(contexts).unwrap_or_default();
        event.actors = parties(row, &ACTOR);
        event.recipients = parties(row, &RECIPIENT);
        event.when = day.map(super::on);
        event.place = place(row, codes);
        let mut entry = Entry::bare(Self::DATASET, event);
        entry.source_id = Some(id.to_owned());
        entry.publisher = row.get(Source).map(str::to_owned);
        entry.published = row.day(PublicationDate)?;
        entry.lang = row.get(Language).map(str::to_owned);
        entry.version = row.get(Version).map(str::to_owned);
        Ok(entry)
    }

    fn row(&self, entry: &Entry, actors: &[&ActorRef], recipients: &[&ActorRef], codes: &Codes, row: &mut Cells) {
        use Column::*;
        let event = &entry.event;
        let id = entry.source_id.as_deref().filter(|_| entry.dataset == Self::DATASET);
        row.set(EventId, id.unwrap_or(&event.id));
        row.print(EventDate, first_day(entry));
        row.set(Column::EventType, event.event_type.as_str());
        row.maybe(EventMode, event.mode.map(Mode::as_str));
        row.print(Intensity, Some(event.intensity));
        row.print(QuadCode, Some(event.quad.number()));
        let contexts: Vec<&str> = event.contexts.iter().map(|context| context.as_str()).collect();
        row.set(Contexts, &contexts.join(AND));
        side(row, &ACTOR, actors, codes);
        side(row, &RECIPIENT, recipients, codes);
        if let Some(place) = &event.place {
            row.set(Placename, &place.name);
            match place.precision {
                PlacePrecision::City => row.set(City, &place.name),
                PlacePrecision::Unknown => {}
                other => row.set(FeatureType, feature(other)),
            }
            row.maybe(Province, place.region.as_deref());
            row.maybe(Country, place.country.as_deref());
            row.print(Latitude, place.lat);
            row.print(Longitude, place.lon);
            row.set(RawPlacename, &place.text);
        }
        row.maybe(Source, entry.publisher.as_deref());
        row.print(PublicationDate, entry.published);
        row.maybe(Language, entry.lang.as_deref());
        row.maybe(Version, entry.version.as_deref());
    }
}

/// GeoNames' feature codes, as far as they say how fine a place is.
const FEATURES: [(&str, PlacePrecision); 4] = [
    ("PCLI", PlacePrecision::Country),
    ("ADM1", PlacePrecision::Region),
    ("SEA", PlacePrecision::Water),
    ("BLDG", PlacePrecision::Building),
];

fn feature(precision: PlacePrecision) -> &'static str {
    FEATURES.iter().find(|(_, p)| *p == precision).map_or("", |(code, _)| code)
}

fn contexts(cell: &str) -> Vec<Context> {
    cell.split(';').filter_map(|word| Context::parse(word.trim())).collect()
}

fn parties(row: &Row<'_>, side: &Side) -> Vec<ActorRef> {
    let (name, country, raw) = (row.get(side.name), row.get(side.country), row.get(side.raw));
    let Some(text) = raw.or(name).or(country) else { return Vec::new() };
    let count = |cell: Option<&str>| cell.map_or(0, |cell| cell.matches(AND).count() + 1);
    let n = count(Some(text));
    // One party with a semicolon in its name, or several: the columns agree on it.
    if n > 1 && [name, country].into_iter().flatten().all(|cell| count(Some(cell)) == n) {
        let split = |column: Column| -> Vec<Option<&str>> {
            match row.get(column) {
                Some(cell) if count(Some(cell)) == n => {
                    cell.split(AND).map(|part| Some(part).filter(|p| *p != NONE)).collect()
                }
                _ => vec![None; n],
            }
        };
        let (names, countries, sectors) = (split(side.name), split(side.country), split(side.primary));
        let (titles, raws) = (split(side.title), split(side.raw));
        return (0..n)
            .map(|ix| {
                one(
                    raws[ix].or(names[ix]).or(countries[ix]).unwrap_or(NONE),
                    names[ix],
                    countries[ix],
                    sectors[ix],
                    titles[ix],
                )
            })
            .collect();
    }
    vec![one(text, name, country.filter(|code| !code.contains(AND)), row.get(side.primary), row.get(side.title))]
}

fn one(text: &str, name: Option<&str>, code: Option<&str>, sector: Option<&str>, title: Option<&str>) -> ActorRef {
    ActorRef {
        name: name.map(str::to_owned),
        code: code.map(str::to_owned),
        sector: sector.and_then(Sector::parse),
        office: title.map(str::to_owned),
        ..party(text)
    }
}

fn side<'p>(row: &mut Cells, side: &Side, parties: &[&'p ActorRef], codes: &Codes) {
    let mut set = |column: Column, of: &dyn Fn(&'p ActorRef) -> Option<Cow<'p, str>>| match parties {
        [] => {}
        [one] => row.maybe(column, of(one).as_deref()),
        many => {
            let cells: Vec<Option<Cow<'p, str>>> = many.iter().map(|party| of(party)).collect();
            if cells.iter().any(Option::is_some) {
                let cells: Vec<&str> = cells.iter().map(|cell| cell.as_deref().unwrap_or(NONE)).collect();
                row.set(column, &cells.join(AND));
            }
        }
    };
    set(side.name, &|p| p.name.as_deref().map(Cow::from));
    set(side.country, &|p| p.code.as_deref().map(Cow::from));
    set(side.cow, &|p| Some(codes.state(p.code.as_deref()?)?.cow?.to_string().into()));
    set(side.primary, &|p| p.sector.map(|s| s.as_str().into()));
    set(side.sectors, &|p| p.sector.map(|s| s.as_str().into()));
    set(side.title, &|p| p.office.as_deref().map(Cow::from));
    set(side.raw, &|p| Some(p.text.as_str().into()));
}

fn place(row: &Row<'_>, codes: &Codes) -> Option<Place> {
    use Column::*;
    let (city, region, country) = (row.get(City), row.get(Province), row.get(Country));
    let name = row.get(Placename).or(city).or(region).or(country)?;
    let state = |written: &str| match codes.state(written) {
        Some(state) => Some(state.id.clone()),
        None => codes.state_named(written, None).map(str::to_owned),
    };
    let feature = row.get(FeatureType).and_then(|code| FEATURES.iter().find(|(c, _)| *c == code));
    Some(Place {
        text: row.get(RawPlacename).unwrap_or(name).to_owned(),
        name: name.to_owned(),
        country: country.and_then(state),
        region: region.map(str::to_owned),
        lat: row.number(Latitude),
        lon: row.number(Longitude),
        precision: match feature {
            Some((_, precision)) => *precision,
            None if city.is_some() => PlacePrecision::City,
            None if region.is_some() && Some(name) == region => PlacePrecision::Region,
            None if country.is_some_and(|c| c == name) => PlacePrecision::Country,
            None => PlacePrecision::Unknown,
        },
        scope: Scope::Document,
    })
}
