//! What only the whole of the tables shows: whether those referred to exist, and whether two rows can both be true.

use crate::codebook::Scheme;
use crate::{DataFault, Pattern, RowRef, Tables, hint};
use demarche_core::{EventType, Interval};
use std::collections::{BTreeMap, BTreeSet};

/// Everything in these tables that does not fit together.
pub(crate) fn whole(tables: &Tables) -> Vec<DataFault> {
    let mut checks = Checks { faults: Vec::new() };
    checks.ids(tables);
    checks.references(tables);
    checks.tenures(tables);
    checks.memberships(tables);
    checks.patterns(tables);
    checks.codebook(tables);
    checks.faults.sort();
    checks.faults
}

struct Checks {
    faults: Vec<DataFault>,
}

/// The ids that a column may name, with their usual names for hints.
#[derive(Default, Clone)]
struct Ids<'t> {
    names: BTreeMap<&'t str, &'t str>,
}

impl<'t> Ids<'t> {
    fn of(rows: impl Iterator<Item = (&'t String, &'t String)>) -> Ids<'t> {
        Ids { names: rows.map(|(id, name)| (id.as_str(), name.as_str())).collect() }
    }
    fn and(mut self, other: &Ids<'t>) -> Ids<'t> {
        self.names.extend(&other.names);
        self
    }
    /// An actor who is called what was written, or else an id that is spelt nearly so.
    fn hint(&self, written: &str) -> String {
        match self.names.iter().find(|(_, name)| **name == written) {
            Some((id, _)) => format!("the id of {written} is {id}"),
            None => hint::nearest(written, self.names.keys().copied()),
        }
    }
}

impl Checks {
    fn fault(&mut self, row: RowRef, column: &str, what: String, hint: String) {
        let column = (!column.is_empty()).then(|| column.to_owned());
        self.faults.push(DataFault { file: row.table.path(), line: row.line, column, what, hint });
    }

    fn known(&mut self, row: RowRef, column: &str, id: &str, ids: &Ids<'_>) {
        if !id.is_empty() && !ids.names.contains_key(id) {
            self.fault(row, column, format!("nobody has the id {id}"), ids.hint(id));
        }
    }

    /// No two actors have one id.
    fn ids(&mut self, tables: &Tables) {
        let states = tables.states.iter().map(|r| (&r.id, r.row));
        let groups = tables.groups.iter().map(|r| (&r.id, r.row));
        let bodies = tables.bodies.iter().map(|r| (&r.id, r.row));
        let nonstate = tables.nonstate.iter().map(|r| (&r.id, r.row));
        let persons = tables.persons.iter().map(|r| (&r.id, r.row));
        let mut seen: BTreeMap<&String, RowRef> = BTreeMap::new();
        for (id, row) in states.chain(groups).chain(bodies).chain(nonstate).chain(persons) {
            // Within one table the loader has said so already.
            if let Some(first) = seen.insert(id, row)
                && first.table != row.table
            {
                self.fault(
                    row,
                    "id",
                    format!("{id} is also the id of {first}"),
                    "give one of the two another id".to_owned(),
                );
            }
        }
    }

    fn references(&mut self, tables: &Tables) {
        let states = Ids::of(tables.states.iter().map(|r| (&r.id, &r.name)));
        let groups = Ids::of(tables.groups.iter().map(|r| (&r.id, &r.name)));
        let persons = Ids::of(tables.persons.iter().map(|r| (&r.id, &r.name)));
        let offices = Ids::of(tables.offices.iter().map(|r| (&r.id, &r.title)));
        let owners = states.clone().and(&groups);
        let actors = owners
            .clone()
            .and(&Ids::of(tables.bodies.iter().map(|r| (&r.id, &r.name))))
            .and(&Ids::of(tables.nonstate.iter().map(|r| (&r.id, &r.name))));
        for r in &tables.states {
            self.known(r.row, "successor", r.successor.as_deref().unwrap_or_default(), &states);
        }
        for r in &tables.names {
            self.known(r.row, "actor", &r.actor, &actors);
        }
        for r in &tables.memberships {
            self.known(r.row, "group", &r.group, &groups);
            self.known(r.row, "member", &r.member, &actors);
        }
        for r in &tables.bodies {
            self.known(r.row, "state", &r.owner, &owners);
        }
        for r in &tables.nonstate {
            self.known(r.row, "state", r.state.as_deref().unwrap_or_default(), &states);
        }
        for r in &tables.persons {
            self.known(r.row, "state", r.state.as_deref().unwrap_or_default(), &states);
        }
        for r in &tables.offices {
            self.known(r.row, "owner", &r.owner, &actors);
        }
        for r in &tables.tenures {
            self.known(r.row, "person", &r.person, &persons);
            self.known(r.row, "office", &r.office, &offices);
        }
        for r in &tables.occasions {
            r.parties.iter().for_each(|party| self.known(r.row, "parties", party, &actors));
        }
        for r in &tables.ties {
            r.parties.iter().for_each(|party| self.known(r.row, "parties", party, &actors));
            r.counterparts.iter().for_each(|party| self.known(r.row, "counterparts", party, &actors));
            if let ([party], []) = (&r.parties[..], &r.counterparts[..])
                && !r.kind.two_sided()
                && !groups.names.contains_key(party.as_str())
            {
                let what = format!("{party} alone has a {} with itself", r.kind.as_str());
                self.fault(r.row, "parties", what, "ids parted by |, or a group".to_owned());
            }
        }
        for r in &tables.places {
            self.known(r.row, "country", r.country.as_deref().unwrap_or_default(), &states);
        }
        for r in &tables.borders {
            self.known(r.row, "state", &r.state, &states);
        }
        for r in &tables.publishers {
            self.known(r.row, "country", r.country.as_deref().unwrap_or_default(), &states);
        }
    }

    /// An office for one person has one holder at a time, and nobody holds an office twice at once.
    fn tenures(&mut self, tables: &Tables) {
        let many: BTreeSet<&str> = tables.offices.iter().filter(|o| o.many).map(|o| o.id.as_str()).collect();
        let mut holders: BTreeMap<_, Vec<Held<'_>>> = BTreeMap::new();
        for r in &tables.tenures {
            let apart = many.contains(r.office.as_str()).then_some(r.person.as_str());
            holders.entry((r.office.as_str(), apart)).or_default().push((&r.person, r.interval, r.row));
        }
        for ((office, _), rows) in holders {
            for (mine, other) in clashes(rows.into_iter()) {
                let what = format!("{} holds {office} while {} does ({})", mine.0, other.0, place(mine.2, other.2));
                let hint = if other.2.overlay == mine.2.overlay {
                    "the day on which one begins is the day until which the other lasts".to_owned()
                } else {
                    format!("write a row of your own for {} that ends in time", other.0)
                };
                self.fault(mine.2, "", what, hint);
            }
        }
    }

    /// One belongs to a group in one way once at a time; two rows would be counted as two members.
    fn memberships(&mut self, tables: &Tables) {
        let mut by_pair: BTreeMap<_, Vec<Held<'_>>> = BTreeMap::new();
        for r in &tables.memberships {
            by_pair.entry((&r.group, &r.member, r.status)).or_default().push((r.member.as_str(), r.interval, r.row));
        }
        for ((group, member, status), rows) in by_pair {
            for (mine, other) in clashes(rows.into_iter()) {
                let other = place(mine.2, other.2);
                let what = format!("{member} is {} of {group} twice at once ({other})", status.as_str());
                self.fault(mine.2, "", what, "let one row end before the other begins".to_owned());
            }
        }
    }

    fn patterns(&mut self, tables: &Tables) {
        let mut seen: BTreeMap<&str, RowRef> = BTreeMap::new();
        for pattern in tables.patterns.iter().chain(&tables.relations) {
            if let Some(first) = seen.insert(&pattern.id, pattern.row) {
                let what = format!("{} is also the id of {first}", pattern.id);
                self.fault(pattern.row, "id", what, "give one of the two another id".to_owned());
            }
            self.codes(tables, pattern);
        }
    }

    /// The mode is one of the type's, the CAMEO code one of CAMEO's.
    fn codes(&mut self, tables: &Tables, pattern: &Pattern) {
        let codebook = &tables.codebook;
        if let (Some(event_type), Some(mode)) = (pattern.event_type(), pattern.mode)
            && !codebook.modes.is_empty()
            && codebook.mode(event_type, mode).is_none()
        {
            let known: Vec<&str> = codebook.modes_of(event_type).map(|entry| entry.mode.as_str()).collect();
            let what = format!("{event_type} has no mode {mode} ({})", pattern.id);
            let hint = if known.is_empty() { "it has none".to_owned() } else { hint::one_of(mode.as_str(), &known) };
            self.fault(pattern.row, "mode", what, hint);
        }
        if let Some(code) = &pattern.cameo
            && !codebook.cameo.is_empty()
            && codebook.cameo(code).is_none()
        {
            let what = format!("CAMEO has no code {code} ({})", pattern.id);
            let hint = hint::nearest(code, codebook.cameo.iter().map(|entry| entry.code.as_str()));
            self.fault(pattern.row, "cameo", what, hint);
        }
    }

    /// Where there is a codebook, it is whole.
    fn codebook(&mut self, tables: &Tables) {
        let codebook = &tables.codebook;
        if let Some(first) = codebook.types.first() {
            for &event_type in EventType::ALL {
                if codebook.event_type(event_type).is_none() {
                    let row = RowRef { line: 0, ..first.row };
                    self.fault(row, "", format!("no entry for {event_type}"), "each type has one".to_owned());
                }
            }
        }
        let states = Ids::of(tables.states.iter().map(|state| (&state.id, &state.name)));
        for entry in &codebook.crosswalk {
            if matches!(entry.scheme, Scheme::CameoCountry | Scheme::IcewsCountry) {
                self.known(entry.row, "ours", &entry.ours, &states);
            }
        }
    }
}

type Held<'t> = (&'t str, Interval, RowRef);

/// Where the other row stands, seen from one.
fn place(mine: RowRef, other: RowRef) -> String {
    if mine.overlay && !other.overlay { format!("the built-in {other}") } else { other.to_string() }
}

/// Neighbours in time that overlap; first the one that an editor would change: a row of their own, else the later.
fn clashes<'t>(rows: impl Iterator<Item = Held<'t>>) -> Vec<(Held<'t>, Held<'t>)> {
    let mut rows: Vec<Held<'_>> = rows.collect();
    rows.sort_by_key(|(_, interval, row)| (interval.from, *row));
    let mut found = Vec::new();
    // The one that lasts longest so far is the only one that a later row need be held against.
    let mut longest: Option<Held<'_>> = None;
    for row in rows {
        if let Some(other) = longest.filter(|other| other.1.overlaps(&row.1)) {
            found.push(if other.2.overlay && !row.2.overlay { (other, row) } else { (row, other) });
        }
        let lasts = |interval: &Interval| (interval.until.is_none(), interval.until);
        if longest.is_none_or(|other| lasts(&other.1) < lasts(&row.1)) {
            longest = Some(row);
        }
    }
    found
}
