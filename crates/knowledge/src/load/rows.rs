//! Each table of rows: its columns, and how a row is made of its cells.

use super::file::Report;
use super::tsv::{Cells, Layout, read};
use crate::codebook::{CameoEntry, CrosswalkEntry, Scheme};
use crate::gazetteer::MOST_ALIASES;
use crate::{
    Agent, AgentKind, AgentModifier, Body, BorderRow, Group, GroupKind, Membership, NameKind, NameRow, NonState,
    Occasion, Office, OfficeKind, Person, PlaceKind, PlaceRow, Point, Publisher, SpeechVerb, State, Status, Table,
    Tables, Tenure, Tie, TieKind,
};
use demarche_core::{Context, EventType, Mode, Precision, Sector};

/// The columns of a table, and those that tell its rows apart; `None` for tables that are not of rows.
pub(super) fn layout(table: Table) -> Option<Layout> {
    let optional: &[&str] = match table {
        Table::States => &["gw", "fips", "wikidata"],
        Table::Groups => &["members"],
        _ => &[],
    };
    let (columns, key): (&[&str], &[&str]) = match table {
        Table::States => (
            &["id", "name", "from", "until", "cow", "gw", "iso2", "fips", "wikidata", "capital", "successor", "source"],
            &["id"],
        ),
        Table::Names => (&["name", "actor", "kind", "from", "until", "source"], &["name", "actor", "kind", "from"]),
        Table::Groups => (&["id", "name", "kind", "code", "members", "from", "until", "seat", "source"], &["id"]),
        Table::Memberships => {
            (&["group", "member", "status", "from", "until", "source"], &["group", "member", "status", "from"])
        }
        Table::Bodies => (&["id", "name", "state", "sector", "from", "until", "source"], &["id"]),
        Table::NonState => (&["id", "name", "state", "code", "sector", "from", "until", "source"], &["id"]),
        Table::Persons => (&["id", "name", "state", "sector", "aliases", "source"], &["id"]),
        Table::Offices => (&["id", "owner", "title", "kind", "holders", "sector", "from", "until"], &["id"]),
        Table::Tenures => (&["person", "office", "from", "until", "source"], &["person", "office", "from"]),
        Table::Agents => (&["noun", "sector", "kind", "note", "source"], &["noun"]),
        Table::AgentModifiers => (&["modifier", "sector", "effect", "source"], &["modifier"]),
        Table::Occasions => (&["name", "id", "point", "date", "parties", "source"], &["name", "id", "point"]),
        Table::Ties => (&["id", "kind", "name", "parties", "counterparts", "from", "until", "source"], &["id", "from"]),
        Table::Places | Table::Regions | Table::Countries | Table::Features => (
            &["name", "aliases", "country", "admin", "lat", "lon", "kind", "population", "source"],
            &["name", "country", "admin", "lat", "lon", "kind"],
        ),
        Table::Borders => (&["state", "lat", "lon", "rings", "source"], &["state"]),
        Table::Publishers => (&["name", "id", "country", "kind", "source"], &["name"]),
        Table::Cameo => (&["cameo", "type", "mode", "contexts", "label", "goldstein", "source"], &["cameo"]),
        Table::Crosswalk => (&["scheme", "theirs", "ours", "back", "source"], &["scheme", "theirs"]),
        Table::SpeechVerbs => (&["lemma", "stance", "kind", "note"], &["lemma"]),
        _ => return None,
    };
    Some(Layout { columns, optional, key })
}

/// Reads a table of rows into its place.
pub(super) fn table(text: &str, report: &mut Report<'_>, tables: &mut Tables) {
    let Some(layout) = layout(report.table) else { return };
    match report.table {
        Table::States => tables.states = read(text, &layout, report, state),
        Table::Names => tables.names = read(text, &layout, report, name),
        Table::Groups => tables.groups = read(text, &layout, report, group),
        Table::Memberships => tables.memberships = read(text, &layout, report, membership),
        Table::Bodies => tables.bodies = read(text, &layout, report, body),
        Table::NonState => tables.nonstate = read(text, &layout, report, nonstate),
        Table::Persons => tables.persons = read(text, &layout, report, person),
        Table::Offices => tables.offices = read(text, &layout, report, office),
        Table::Tenures => tables.tenures = read(text, &layout, report, tenure),
        Table::Agents => tables.agents = read(text, &layout, report, agent),
        Table::AgentModifiers => tables.agent_modifiers = read(text, &layout, report, agent_modifier),
        Table::Occasions => tables.occasions = read(text, &layout, report, occasion),
        Table::Ties => tables.ties = read(text, &layout, report, tie),
        Table::Places | Table::Regions | Table::Countries | Table::Features => {
            tables.places.extend(read(text, &layout, report, place));
        }
        Table::Borders => tables.borders = read(text, &layout, report, border),
        Table::Publishers => tables.publishers = read(text, &layout, report, publisher),
        Table::Cameo => tables.codebook.cameo = read(text, &layout, report, cameo),
        Table::Crosswalk => tables.codebook.crosswalk = read(text, &layout, report, crosswalk),
        Table::SpeechVerbs => {
            let verbs = read(text, &layout, report, speech_verb);
            tables.lexicon.speech = verbs.into_iter().map(|verb| (verb.lemma.clone(), verb)).collect();
        }
        _ => {}
    }
}

type Row<'c, 'x, 'f> = &'c mut Cells<'x, 'f>;

fn state(c: Row<'_, '_, '_>) -> Option<State> {
    let id = c.id("id")?;
    if id.len() != 3 || !id.bytes().all(|b| b.is_ascii_uppercase()) {
        c.fault("id", format!("{id} is no state's code"), "three capitals: ISO 3166 alpha-3");
    }
    let (name, interval, cow) = (c.id("name")?, c.interval(), c.number("cow"));
    let (gw, iso2, fips, wikidata) = (c.number("gw"), c.maybe("iso2"), c.maybe("fips"), c.maybe("wikidata"));
    let item = |id: &String| id.strip_prefix('Q').is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    if let Some(id) = wikidata.as_ref().filter(|id| !item(id)) {
        c.fault("wikidata", format!("{id} is no item"), "Q and digits, as in Q142");
    }
    let (capital, successor) = (c.maybe("capital"), c.maybe("successor"));
    let (source, row) = (c.text("source"), c.row());
    Some(State { id, name, interval, cow, gw, iso2, fips, wikidata, capital, successor, source, row })
}

fn name(c: Row<'_, '_, '_>) -> Option<NameRow> {
    let (name, actor) = (c.id("name")?, c.id("actor")?);
    let kind = c.one(
        "kind",
        &[
            ("name", NameKind::Name),
            ("acronym", NameKind::Acronym),
            ("adjective", NameKind::Adjective),
            ("demonym", NameKind::Demonym),
            ("capital", NameKind::Capital),
            ("seat", NameKind::Seat),
        ],
    )?;
    Some(NameRow { name, actor, kind, interval: c.interval(), source: c.text("source"), row: c.row() })
}

fn group(c: Row<'_, '_, '_>) -> Option<Group> {
    let (id, name) = (c.id("id")?, c.id("name")?);
    let kind =
        c.one("kind", &[("igo", GroupKind::Igo), ("bloc", GroupKind::Bloc), ("alliance", GroupKind::Alliance)])?;
    let (code, interval, seat) = (code(c), c.interval(), c.maybe("seat"));
    let partial = c.maybe_one("members", &[("all", false), ("some", true)]).unwrap_or(false);
    Some(Group { id, name, kind, code, partial, interval, seat, source: c.text("source"), row: c.row() })
}

/// PLOVER's codes for those who belong to no state.
const CODES: &[(&str, &str)] = &[
    ("IGO", "IGO"),
    ("UNO", "UNO"),
    ("EUR", "EUR"),
    ("WST", "WST"),
    ("NGO", "NGO"),
    ("ISM", "ISM"),
    ("IMG", "IMG"),
    ("MNC", "MNC"),
];

/// PLOVER's codes for those who belong to no state, or a longer one of another scheme (CAMEO's `IGOEUREEC`, `FRA/GBR`).
fn code(c: Row<'_, '_, '_>) -> Option<String> {
    let other = |code: &String| code.len() > 3 && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'/');
    c.maybe("code").filter(other).or_else(|| c.maybe_one("code", CODES).map(str::to_owned))
}

fn membership(c: Row<'_, '_, '_>) -> Option<Membership> {
    let (group, member) = (c.id("group")?, c.id("member")?);
    let kinds = [Status::Member, Status::Observer, Status::Partner, Status::Candidate, Status::Suspended];
    let status = c.one("status", &kinds.map(|kind| (kind.as_str(), kind)))?;
    Some(Membership { group, member, status, interval: c.interval(), source: c.text("source"), row: c.row() })
}

fn body(c: Row<'_, '_, '_>) -> Option<Body> {
    let (id, name, owner) = (readable(c)?, c.id("name")?, c.id("state")?);
    let (sector, interval) = (c.sector("sector"), c.interval());
    Some(Body { id, name, owner, sector, interval, source: c.text("source"), row: c.row() })
}

/// An id in small letters, digits and hyphens.
fn readable(c: Row<'_, '_, '_>) -> Option<String> {
    let id = c.id("id")?;
    if !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        c.fault("id", format!("{id} is not written as ids are"), "small letters without accents, digits and hyphens");
    }
    Some(id)
}

fn nonstate(c: Row<'_, '_, '_>) -> Option<NonState> {
    let (id, name, state) = (readable(c)?, c.id("name")?, c.maybe("state"));
    let (code, sector, interval) = (code(c), c.sector("sector"), c.interval());
    Some(NonState { id, name, state, code, sector, interval, source: c.text("source"), row: c.row() })
}

fn person(c: Row<'_, '_, '_>) -> Option<Person> {
    let (id, name, state, sector) = (readable(c)?, c.id("name")?, c.maybe("state"), c.sector("sector"));
    let (mut surnames, mut aliases) = (Vec::new(), Vec::new());
    for alias in c.list("aliases") {
        match alias.split_once(':') {
            Some(("surname", surname)) => surnames.push(surname.trim().to_owned()),
            Some((other, _)) => {
                c.fault("aliases", format!("{other}: is not known here"), "surname:Name, or a plain name")
            }
            None => aliases.push(alias),
        }
    }
    for written in std::iter::once(&name).chain(&aliases).chain(&surnames) {
        if let Some(odd) = written.chars().find(|&letter| !of_a_name(letter)) {
            c.fault("name", format!("\u{201c}{odd}\u{201d} in {written}"), "only what news prints as part of the name");
        }
    }
    Some(Person { id, name, state, sector, surnames, aliases, source: c.text("source"), row: c.row() })
}

/// Whether a person's name may hold this character; anything else is the rest of some note.
fn of_a_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '\'' | '\u{2018}' | '\u{2019}' | '.' | ',' | '"')
}

fn office(c: Row<'_, '_, '_>) -> Option<Office> {
    use OfficeKind::*;
    let (id, owner, title) = (readable(c)?, c.id("owner")?, c.id("title")?);
    let kinds = [
        HeadOfState,
        HeadOfGovernment,
        Foreign,
        Defence,
        Finance,
        Interior,
        Deputy,
        Envoy,
        Spokesperson,
        Leader,
        Chief,
    ];
    let kind = c.one("kind", &kinds.map(|kind| (kind.as_str(), kind)))?;
    let many = c.one("holders", &[("one", false), ("many", true)])?;
    let (sector, interval) = (c.sector("sector").unwrap_or(Sector::Gov), c.interval());
    Some(Office { id, owner, title, kind, many, sector, interval, row: c.row() })
}

fn tenure(c: Row<'_, '_, '_>) -> Option<Tenure> {
    let (person, office, interval) = (c.id("person")?, c.id("office")?, c.interval());
    Some(Tenure { person, office, interval, source: c.text("source"), row: c.row() })
}

/// Words that are compared in small letters.
fn lower(c: Row<'_, '_, '_>, column: &str) -> Option<String> {
    let words = c.id(column)?;
    if words.chars().any(char::is_uppercase) {
        c.fault(column, format!("{words} has capitals"), "lemmas are written in small letters");
    }
    Some(words.to_lowercase())
}

fn agent(c: Row<'_, '_, '_>) -> Option<Agent> {
    let (noun, sector) = (lower(c, "noun")?, c.sector("sector"));
    let kinds = [AgentKind::Person, AgentKind::Group, AgentKind::Body, AgentKind::Weapon, AgentKind::Place];
    let kind = c.one("kind", &kinds.map(|kind| (kind.as_str(), kind)))?;
    Some(Agent { noun, sector, kind, note: c.maybe("note"), source: c.text("source"), row: c.row() })
}

fn agent_modifier(c: Row<'_, '_, '_>) -> Option<AgentModifier> {
    let (modifier, sector, effect) = (lower(c, "modifier")?, c.sector("sector"), c.maybe("effect"));
    Some(AgentModifier { modifier, sector, effect, source: c.text("source"), row: c.row() })
}

fn occasion(c: Row<'_, '_, '_>) -> Option<Occasion> {
    let (name, id) = (c.id("name")?, readable(c)?);
    let point = c.one("point", &[("start", Point::Start), ("end", Point::End), ("on", Point::On)])?;
    let precision = match c.maybe("date").unwrap_or_default().matches('-').count() {
        0 => Precision::Year,
        1 => Precision::Month,
        _ => Precision::Day,
    };
    let (date, parties) = (c.date("date")?, c.list("parties"));
    Some(Occasion { name, id, point, date, precision, parties, source: c.text("source"), row: c.row() })
}

fn tie(c: Row<'_, '_, '_>) -> Option<Tie> {
    let id = readable(c)?;
    let kind = c.one("kind", &TieKind::ALL.map(|kind| (kind.as_str(), kind)))?;
    let (name, parties, counterparts) = (c.text("name"), c.list("parties"), c.list("counterparts"));
    if parties.is_empty() {
        c.fault("parties", "the cell is blank", "ids parted by |");
    } else if counterparts.is_empty() && kind.two_sided() {
        c.fault("counterparts", "the cell is blank", format!("{} has two sides", kind.as_str()));
    }
    let twice = parties.iter().enumerate().find(|(ix, id)| parties[..*ix].contains(id) || counterparts.contains(id));
    if let Some((_, id)) = twice {
        c.fault("parties", format!("{id} stands twice"), "each party once, on one side");
    }
    Some(Tie { id, kind, name, parties, counterparts, interval: c.interval(), source: c.text("source"), row: c.row() })
}

fn place(c: Row<'_, '_, '_>) -> Option<PlaceRow> {
    let (name, aliases) = (c.id("name")?, c.list("aliases"));
    let mut spellings = std::collections::BTreeSet::from([&name]);
    for alias in &aliases {
        if !spellings.insert(alias) {
            c.fault("aliases", format!("{alias} stands twice"), "each spelling once, the usual name not among them");
        }
    }
    if aliases.len() > MOST_ALIASES {
        c.fault("aliases", format!("{} spellings", aliases.len()), format!("at most {MOST_ALIASES}"));
    }
    let (country, admin) = (c.maybe("country"), c.maybe("admin"));
    let lat = degrees(c, "lat", 90.0);
    let lon = degrees(c, "lon", 180.0);
    let kinds: Vec<(&str, PlaceKind)> = PlaceKind::ALL.iter().map(|&kind| (kind.as_str(), kind)).collect();
    let kind = c.one("kind", &kinds)?;
    if kind == PlaceKind::Country && country.is_none() {
        c.fault("country", format!("{name} is a country without its id"), "the id of its row in actors/states.tsv");
    }
    if c.maybe("lat").is_none() || c.maybe("lon").is_none() {
        c.fault("lat", format!("{name} lies nowhere"), "degrees, north and east positive");
    }
    let population = c.number("population");
    let source = c.text("source");
    Some(PlaceRow { name, aliases, country, admin, lat, lon, kind, population, source, row: c.row() })
}

fn degrees(c: Row<'_, '_, '_>, column: &str, limit: f64) -> Option<f64> {
    let degrees: f64 = c.number(column)?;
    if degrees.abs() > limit {
        c.fault(column, format!("{degrees} is off the globe"), "degrees, north and east positive");
        return None;
    }
    Some(degrees)
}

fn border(c: Row<'_, '_, '_>) -> Option<BorderRow> {
    let state = c.id("state")?;
    let (lat, lon) = (degrees(c, "lat", 90.0), degrees(c, "lon", 180.0));
    if c.maybe("lat").is_none() || c.maybe("lon").is_none() {
        c.fault("lat", format!("{state} lies nowhere"), "degrees, north and east positive");
    }
    let rings = c.maybe("rings").unwrap_or_default();
    if let Err(what) = crate::border::rings(&rings) {
        c.fault("rings", what, "tenths of degrees east and north of the first corner, then steps; rings parted by |");
    }
    Some(BorderRow { state, lat: lat?, lon: lon?, rings, source: c.text("source"), row: c.row() })
}

fn publisher(c: Row<'_, '_, '_>) -> Option<Publisher> {
    let (name, id, country, kind) = (c.id("name")?, readable(c)?, c.maybe("country"), c.text("kind"));
    Some(Publisher { name, id, country, kind, source: c.text("source"), row: c.row() })
}

fn cameo(c: Row<'_, '_, '_>) -> Option<CameoEntry> {
    let (code, label) = (c.id("cameo")?, c.text("label"));
    c.text("source");
    let types: Vec<(&str, EventType)> = EventType::ALL.iter().map(|&t| (t.as_str(), t)).collect();
    let modes: Vec<(&str, Mode)> = Mode::ALL.iter().map(|&m| (m.as_str(), m)).collect();
    let (event_type, mode) = (c.maybe_one("type", &types), c.maybe_one("mode", &modes));
    let mut contexts = Vec::new();
    for word in c.list("contexts") {
        match Context::parse(&word) {
            Some(context) => contexts.push(context),
            None => {
                let known: Vec<&str> = Context::ALL.iter().map(|context| context.as_str()).collect();
                c.fault("contexts", format!("no such context: {word}"), crate::hint::one_of(&word, &known));
            }
        }
    }
    Some(CameoEntry { code, label, event_type, mode, contexts, goldstein: c.number("goldstein"), row: c.row() })
}

fn crosswalk(c: Row<'_, '_, '_>) -> Option<CrosswalkEntry> {
    let scheme = c.one("scheme", &Scheme::ALL.map(|scheme| (scheme.as_str(), scheme)))?;
    let (theirs, back) = (c.id("theirs")?, c.maybe_one("back", &[("yes", true)]).unwrap_or(false));
    c.text("source");
    let ours = match scheme {
        Scheme::CameoRole | Scheme::IcewsSector => c.sector("ours")?.to_string(),
        Scheme::CameoGroup => c.id("ours").and_then(|_| Some(c.one("ours", CODES)?.to_owned()))?,
        Scheme::CameoCountry | Scheme::IcewsCountry => c.id("ours")?,
    };
    Some(CrosswalkEntry { scheme, theirs, ours, back, row: c.row() })
}

fn speech_verb(c: Row<'_, '_, '_>) -> Option<SpeechVerb> {
    let (lemma, stance, kind) = (lower(c, "lemma")?, c.id("stance")?, c.maybe("kind"));
    Some(SpeechVerb { lemma, stance, kind, note: c.maybe("note"), row: c.row() })
}
