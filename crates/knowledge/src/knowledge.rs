//! What was true on that day: the one place to ask.
//!
//! Every question about the world takes a date; no function returns "the" president, and there is no today.

use crate::gazetteer::Gazetteer;
use crate::pack::Bytes;
use crate::phrase::{Agreement, Phrases, agreement, raised, same};
use crate::{
    Actor, Agent, AgentModifier, Borders, Codebook, DataFault, Group, Lexicon, Membership, Name, NameKind, Occasion,
    Office, Patterns, Place, Publisher, State, Status, Tables, Tenure, Tie, check, derive, fold, pack,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Everything known, frozen.
#[derive(Clone)]
pub struct Knowledge {
    pub(crate) tables: Tables,
    /// The rows that actors and names were made of, packed until other tables are laid over them.
    pub(crate) named: Bytes,
    patterns: Patterns,
    relations: Patterns,
    actors: Vec<Actor>,
    names: Vec<Name>,
    pub(crate) index: Index,
}

/// What is slow to build and therefore packed.
#[derive(Clone, Default)]
pub(crate) struct Index {
    pub(crate) names: Phrases,
    pub(crate) places: Gazetteer,
    pub(crate) occasions: Phrases,
    pub(crate) orders: Orders,
}

/// Rows in other orders than that of their table, by position.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Orders {
    /// Offices by owner.
    owned: Vec<u32>,
    /// Tenures by office.
    held: Vec<u32>,
    /// Memberships by member.
    belonging: Vec<u32>,
}

impl Orders {
    fn new(tables: &Tables) -> Orders {
        Orders {
            owned: order(&tables.offices, |office| office.owner.as_str()),
            held: order(&tables.tenures, |tenure| (tenure.office.as_str(), tenure.interval.from)),
            belonging: order(&tables.memberships, |membership| membership.member.as_str()),
        }
    }

    /// Whether every position is one of these tables.
    pub(crate) fn fit(&self, tables: &Tables) -> bool {
        let fit = |order: &[u32], rows: usize| order.iter().all(|&ix| (ix as usize) < rows);
        fit(&self.owned, tables.offices.len())
            && fit(&self.held, tables.tenures.len())
            && fit(&self.belonging, tables.memberships.len())
    }
}

/// The stretch of sorted rows that compare equal.
fn range<T>(rows: &[T], compare: impl Fn(&T) -> Ordering) -> std::ops::Range<usize> {
    let from = rows.partition_point(|row| compare(row).is_lt());
    let until = rows.partition_point(|row| compare(row).is_le());
    from..until
}

/// The positions of rows, by something in them.
fn order<'r, T, K: Ord>(rows: &'r [T], key: impl Fn(&'r T) -> K) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    order.sort_by_key(|&ix| key(&rows[ix as usize]));
    order
}

impl Knowledge {
    /// Tables with others laid over them, and what does not fit together in the two.
    ///
    /// Faults of single files are [`load`](crate::load)'s; here are those that only the whole shows.
    pub fn from_tables(base: Tables, overlay: Option<Tables>) -> (Knowledge, Vec<DataFault>) {
        let mut tables = match overlay {
            Some(over) => base.overlaid(over),
            None => base,
        };
        tables.sort();
        let faults = check::whole(&tables);
        let countries = derive::countries(&tables);
        let places = Gazetteer::new(tables.places.iter().chain(&countries));
        // From here on the rows of places are read from there.
        tables.places = Vec::new();
        let actors = derive::actors(&tables);
        let names = derive::names(&tables, &actors);
        let index = Index {
            names: Phrases::new(names.iter().map(|name| name.text.as_str())),
            places,
            occasions: Phrases::new(tables.occasions.iter().map(|occasion| occasion.name.as_str())),
            orders: Orders::new(&tables),
        };
        let named = pack::rows(&tables.split_off_named()).into();
        (Knowledge::assembled(tables, named, actors, names, index), faults)
    }

    /// Sorted tables with what was made of them.
    pub(crate) fn assembled(
        mut tables: Tables,
        named: Bytes,
        actors: Vec<Actor>,
        names: Vec<Name>,
        index: Index,
    ) -> Knowledge {
        let patterns = Patterns::new(std::mem::take(&mut tables.patterns));
        let relations = Patterns::new(std::mem::take(&mut tables.relations));
        tables.codebook.index();
        Knowledge { tables, named, patterns, relations, actors, names, index }
    }

    /// The plain rows, to lay others over them.
    pub fn into_tables(self) -> Tables {
        let places = self.index.places.table_rows();
        let named = pack::unpacked_rows(&self.named);
        Tables { places, ..self.looked_up().with_named(named) }
    }

    /// The plain rows that are looked up as they are.
    pub(crate) fn looked_up(self) -> Tables {
        Tables { patterns: self.patterns.all, relations: self.relations.all, ..self.tables }
    }

    /// The plain rows that are looked up as they are: not the patterns and places, nor what [`Knowledge::actors`]
    /// and [`Knowledge::names`] were made of (names, bodies, non-state actors, persons).
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Every actor, by id.
    pub fn actors(&self) -> &[Actor] {
        &self.actors
    }

    /// Every name.
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// The actor with this id.
    pub fn actor(&self, id: &str) -> Option<&Actor> {
        let ix = self.actors.binary_search_by(|actor| actor.id.as_str().cmp(id)).ok()?;
        Some(&self.actors[ix])
    }

    /// Every way in which an actor is named.
    pub fn names_of(&self, id: &str) -> impl Iterator<Item = &Name> {
        self.names.iter().filter(move |name| name.actor.as_str() == id)
    }

    /// The names, aliases and surnames of a person.
    pub(crate) fn names_of_person(&self, id: &str) -> &[Name] {
        // Those of persons come last and in the order of their ids.
        let first = self.names.partition_point(|n| !matches!(n.kind, NameKind::Person | NameKind::Surname));
        let persons = &self.names[first..];
        &persons[range(persons, |name| name.actor.as_str().cmp(id))]
    }

    /// Every known name that begins at this byte, the start of a word, and ends where a word ends; the longest
    /// first, each with its end.
    ///
    /// Names are case-sensitive. Where nobody bears the very letters, those are given who bear them but for
    /// accents; and for words all in capitals, four letters or more, those who bear them in any case.
    pub fn names_at<'k>(&'k self, text: &str, start: usize) -> Vec<(usize, Vec<&'k Name>)> {
        let found = self.index.names.starting_at(text, start).into_iter().rev();
        found
            .filter_map(|(end, bearers)| {
                let here = &text[start..end];
                let bearers = bearers.iter().filter_map(|&ix| self.names.get(ix as usize));
                Some((end, best(here, bearers, |name| &name.text))).filter(|(_, names)| !names.is_empty())
            })
            .collect()
    }

    /// The office with this id.
    pub fn office(&self, id: &str) -> Option<&Office> {
        let ix = self.tables.offices.binary_search_by(|office| office.id.as_str().cmp(id)).ok()?;
        Some(&self.tables.offices[ix])
    }

    /// Every office of this owner.
    pub fn offices(&self, owner: &str) -> impl Iterator<Item = &Office> {
        let office = |ix: &u32| &self.tables.offices[*ix as usize];
        let range = range(&self.index.orders.owned, |ix| office(ix).owner.as_str().cmp(owner));
        self.index.orders.owned[range].iter().map(office)
    }

    /// Every tenure of this office, by date.
    pub fn tenures(&self, office: &str) -> impl Iterator<Item = &Tenure> {
        let tenure = |ix: &u32| &self.tables.tenures[*ix as usize];
        let range = range(&self.index.orders.held, |ix| tenure(ix).office.as_str().cmp(office));
        self.index.orders.held[range].iter().map(tenure)
    }

    /// The offices that a person held on a day.
    pub fn offices_of(&self, person: &str, on: Date) -> Vec<(&Office, &Tenure)> {
        self.tenures_of(person).into_iter().filter(|(_, tenure)| tenure.interval.contains(on)).collect()
    }

    /// All offices that a person ever held, by date.
    pub fn tenures_of(&self, person: &str) -> Vec<(&Office, &Tenure)> {
        let range = range(&self.tables.tenures, |tenure| tenure.person.as_str().cmp(person));
        self.tables.tenures[range].iter().filter_map(|tenure| Some((self.office(&tenure.office)?, tenure))).collect()
    }

    /// Everybody who held an office of this owner on a day.
    pub fn holders(&self, owner: &str, on: Date) -> Vec<(&Office, &Tenure)> {
        self.offices(owner)
            .flat_map(|office| self.tenures(&office.id).map(move |tenure| (office, tenure)))
            .filter(|(_, tenure)| tenure.interval.contains(on))
            .collect()
    }

    /// How and when one belonged to a group, by date.
    pub fn membership(&self, group: &str, member: &str) -> Vec<&Membership> {
        let rows = &self.tables.memberships;
        let range = range(rows, |row| (row.group.as_str(), row.member.as_str()).cmp(&(group, member)));
        rows[range].iter().collect()
    }

    /// All that belong or belonged to a group in any way.
    pub fn memberships(&self, group: &str) -> &[Membership] {
        let rows = &self.tables.memberships;
        &rows[range(rows, |row| row.group.as_str().cmp(group))]
    }

    /// The members of a group on a day.
    pub fn members(&self, group: &str, on: Date) -> Vec<&Membership> {
        self.memberships(group).iter().filter(|row| row.status == Status::Member && row.interval.contains(on)).collect()
    }

    /// The groups to which one belonged on a day, in any way.
    pub fn memberships_of(&self, member: &str, on: Date) -> Vec<&Membership> {
        let row = |ix: &u32| &self.tables.memberships[*ix as usize];
        let range = range(&self.index.orders.belonging, |ix| row(ix).member.as_str().cmp(member));
        self.index.orders.belonging[range].iter().map(row).filter(|row| row.interval.contains(on)).collect()
    }

    /// The row of a group.
    pub fn group(&self, id: &str) -> Option<&Group> {
        let ix = self.tables.groups.binary_search_by(|group| group.id.as_str().cmp(id)).ok()?;
        Some(&self.tables.groups[ix])
    }

    /// The row of a state.
    pub fn state(&self, id: &str) -> Option<&State> {
        let ix = self.tables.states.binary_search_by(|state| state.id.as_str().cmp(id)).ok()?;
        Some(&self.tables.states[ix])
    }

    /// What stands or stood between this actor and others, by id of the tie.
    pub fn ties_of<'k>(&'k self, actor: &'k str) -> impl Iterator<Item = &'k Tie> {
        self.tables.ties.iter().filter(move |tie| tie.concerns(actor))
    }

    /// The state that followed this one and those after it, to the last.
    pub fn successor<'k>(&'k self, state: &'k str) -> Option<&'k str> {
        let next = |id: &str| {
            let ix = self.tables.states.binary_search_by(|state| state.id.as_str().cmp(id)).ok()?;
            self.tables.states[ix].successor.as_deref()
        };
        // No chain is longer than the table, even if someone wrote a ring.
        std::iter::successors(next(state), |id| next(id)).take(self.tables.states.len()).last()
    }

    /// The common noun or noun phrase (lemmas, lower case) that gives a sector.
    pub fn agent(&self, phrase: &str) -> Option<&Agent> {
        let ix = self.tables.agents.binary_search_by(|agent| agent.noun.as_str().cmp(phrase)).ok()?;
        Some(&self.tables.agents[ix])
    }

    /// The word (lower case) that changes the sector of the noun after it.
    pub fn agent_modifier(&self, word: &str) -> Option<&AgentModifier> {
        let rows = &self.tables.agent_modifiers;
        let ix = rows.binary_search_by(|row| row.modifier.as_str().cmp(word)).ok()?;
        Some(&rows[ix])
    }

    /// The longest occasion whose name begins at this byte, its first letter in either case: its end and its rows.
    pub fn occasions(&self, text: &str, start: usize) -> Option<(usize, Vec<&Occasion>)> {
        let found = self.index.occasions.starting_at(text, start).into_iter().rev();
        found
            .map(|(end, bearers)| {
                let here = fold::plain(&text[start..end]);
                let rows = bearers.iter().filter_map(|&ix| self.tables.occasions.get(ix as usize));
                let rows = rows.filter(|row| {
                    let known = fold::plain(&row.name);
                    here == known || raised(&here, &known) || raised(&known, &here)
                });
                (end, rows.collect::<Vec<_>>())
            })
            .find(|(_, rows)| !rows.is_empty())
    }

    /// The longest place name that begins at this byte: its end, and the places that bear it, the most prominent first.
    ///
    /// Names are compared as in [`Knowledge::names_at`].
    pub fn places_at(&self, text: &str, start: usize) -> Option<(usize, Vec<Place<'_>>)> {
        let found = self.index.places.starting_at(text, start).into_iter().rev();
        found.map(|(end, value)| (end, self.places_of(&text[start..end], value))).find(|(_, places)| !places.is_empty())
    }

    /// The places that a whole text names, the most prominent first.
    pub fn places_named(&self, text: &str) -> Vec<Place<'_>> {
        match self.index.places.starting_at(text, 0).last() {
            Some(&(end, value)) if end == text.len() => self.places_of(text, value),
            _ => Vec::new(),
        }
    }

    fn places_of(&self, here: &str, value: u64) -> Vec<Place<'_>> {
        let mut places = best(here, self.index.places.bearers(value), |place| place.spelling);
        places.sort_by(|a, b| b.prominence().total_cmp(&a.prominence()).then(a.number.cmp(&b.number)));
        let mut seen = Vec::with_capacity(places.len());
        places.retain(|place| {
            let new = !seen.contains(&place.number);
            seen.push(place.number);
            new
        });
        places
    }

    /// A state as a place.
    pub fn country(&self, state: &str) -> Option<Place<'_>> {
        let ix = self.tables.states.binary_search_by(|row| row.id.as_str().cmp(state)).ok()?;
        // They are numbered after the rows of the tables, in the order of the states.
        let number = self.index.places.len() - self.tables.states.len() + ix;
        self.index.places.place(number as u32, 0)
    }

    /// The outlines of states, read anew at each call: only maps ask for them.
    pub fn borders(&self) -> Borders<'_> {
        Borders::new(&self.tables.borders, &self.tables.states)
    }

    /// Every spelling of a place, its usual name first.
    pub fn place_spellings(&self, place: &Place<'_>) -> impl Iterator<Item = &str> {
        self.index.places.spellings(place.number)
    }

    /// Every place.
    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        (0..self.index.places.len() as u32).filter_map(|number| self.index.places.place(number, 0))
    }

    /// The publisher with this name, or else with this name in other capitals ("REUTERS").
    pub fn publisher(&self, name: &str) -> Option<&Publisher> {
        let rows = &self.tables.publishers;
        match rows.binary_search_by(|row| row.name.as_str().cmp(name)) {
            Ok(ix) => Some(&rows[ix]),
            Err(_) => rows.iter().find(|row| row.name.eq_ignore_ascii_case(name)),
        }
    }

    /// What words report what event.
    pub fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// What words state what stands between actors.
    pub fn relations(&self) -> &Patterns {
        &self.relations
    }

    /// Types, modes, contexts.
    pub fn codebook(&self) -> &Codebook {
        &self.tables.codebook
    }

    /// Words that bear on factuality and attribution.
    pub fn lexicon(&self) -> &Lexicon {
        &self.tables.lexicon
    }
}

/// Of the bearers of a key those whose own words agree best with the text.
fn best<'b, B: 'b>(here: &str, bearers: impl Iterator<Item = B>, words: impl Fn(&B) -> &str) -> Vec<B> {
    let mut bearers: Vec<B> = bearers.collect();
    // Mostly somebody bears the very letters, and then nobody's accents need to be taken off.
    if bearers.iter().any(|bearer| same(here, words(bearer))) {
        bearers.retain(|bearer| same(here, words(bearer)));
        return bearers;
    }
    let judged = bearers.into_iter().filter_map(|bearer| Some((agreement(here, words(&bearer))?, bearer)));
    let mut judged: Vec<(Agreement, B)> = judged.collect();
    let Some(least) = judged.iter().map(|(agreement, _)| *agreement).min() else { return Vec::new() };
    judged.retain(|(agreement, _)| *agreement == least);
    judged.into_iter().map(|(_, bearer)| bearer).collect()
}
