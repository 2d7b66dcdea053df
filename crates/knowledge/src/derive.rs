//! Actors and names in one shape, made of the rows of seven tables.

use crate::{Actor, ActorKind, GroupKind, Name, NameKind, PlaceKind, PlaceRow, Tables};
use demarche_core::{ActorId, Interval};
use std::collections::{BTreeMap, BTreeSet};

/// Every actor, sorted by id.
pub(crate) fn actors(tables: &Tables) -> Vec<Actor> {
    let states = tables.states.iter().map(|r| Actor {
        id: ActorId::from(r.id.as_str()),
        name: r.name.clone(),
        kind: ActorKind::State,
        state: Some(r.id.clone()),
        code: Some(r.id.clone()),
        sector: None,
        interval: r.interval,
        source: r.source.clone(),
        row: r.row,
    });
    let groups = tables.groups.iter().map(|r| Actor {
        id: ActorId::from(r.id.as_str()),
        name: r.name.clone(),
        kind: if r.kind == GroupKind::Bloc { ActorKind::Bloc } else { ActorKind::Group },
        state: None,
        code: r.code.clone(),
        sector: None,
        interval: r.interval,
        source: r.source.clone(),
        row: r.row,
    });
    let group_code = |id: &str| {
        let ix = tables.groups.binary_search_by(|g| g.id.as_str().cmp(id)).ok()?;
        Some(tables.groups[ix].code.clone())
    };
    let bodies = tables.bodies.iter().map(|r| {
        // A body of a group has the group's code and belongs to no state.
        let (state, code) = match group_code(&r.owner) {
            Some(code) => (None, code),
            None => (Some(r.owner.clone()), Some(r.owner.clone())),
        };
        Actor {
            id: ActorId::from(r.id.as_str()),
            name: r.name.clone(),
            kind: ActorKind::Body,
            state,
            code,
            sector: r.sector,
            interval: r.interval,
            source: r.source.clone(),
            row: r.row,
        }
    });
    let nonstate = tables.nonstate.iter().map(|r| Actor {
        id: ActorId::from(r.id.as_str()),
        name: r.name.clone(),
        kind: ActorKind::NonState,
        state: r.state.clone(),
        code: r.code.clone().or_else(|| r.state.clone()),
        sector: r.sector,
        interval: r.interval,
        source: r.source.clone(),
        row: r.row,
    });
    let persons = tables.persons.iter().map(|r| Actor {
        id: ActorId::from(r.id.as_str()),
        name: r.name.clone(),
        kind: ActorKind::Person,
        state: r.state.clone(),
        code: r.state.clone(),
        sector: r.sector,
        interval: Interval::ALWAYS,
        source: r.source.clone(),
        row: r.row,
    });
    let mut all: Vec<Actor> = states.chain(groups).chain(bodies).chain(nonstate).chain(persons).collect();
    all.sort_by(|a, b| (&a.id, a.row).cmp(&(&b.id, b.row)));
    all
}

/// Every name: of `names.tsv` first, then the usual names, then those of persons.
///
/// Where a folder laid over the built-in tables gives a name, nobody of theirs bears it any more.
pub(crate) fn names(tables: &Tables, actors: &[Actor]) -> Vec<Name> {
    let id = |text: &str| match actors.binary_search_by(|actor| actor.id.as_str().cmp(text)) {
        Ok(ix) => actors[ix].id.clone(),
        Err(_) => ActorId::from(text),
    };
    let mut all: Vec<Name> = Vec::with_capacity(tables.names.len() + actors.len() * 2);
    all.extend(tables.names.iter().map(|r| Name {
        text: r.name.clone(),
        actor: id(&r.actor),
        kind: r.kind,
        interval: r.interval,
        row: r.row,
    }));
    all.extend(actors.iter().filter(|actor| actor.kind != ActorKind::Person).map(|actor| Name {
        text: actor.name.clone(),
        actor: actor.id.clone(),
        kind: NameKind::Name,
        interval: actor.interval,
        row: actor.row,
    }));
    for person in &tables.persons {
        let actor = id(&person.id);
        let mut add = |text: &str, kind: NameKind| {
            all.push(Name {
                text: text.to_owned(),
                actor: actor.clone(),
                kind,
                interval: Interval::ALWAYS,
                row: person.row,
            });
        };
        add(&person.name, NameKind::Person);
        person.aliases.iter().for_each(|alias| add(alias, NameKind::Person));
        surnames(&person.name, &person.aliases, &person.surnames).iter().for_each(|s| add(s, NameKind::Surname));
    }
    // A surname is everybody's: a folder that brings a person does not take it from others.
    let own: BTreeSet<String> = all
        .iter()
        .filter(|name| name.row.overlay && name.kind != NameKind::Surname)
        .map(|name| name.text.clone())
        .collect();
    if !own.is_empty() {
        all.retain(|name| name.row.overlay || !own.contains(&name.text));
    }
    all
}

/// The surnames that are given, else the last words of the name and the aliases.
///
/// A last word that is a number ("III") or cut short ("Jr.") is no surname, nor is the only word of a name.
fn surnames(name: &str, aliases: &[String], given: &[String]) -> Vec<String> {
    if !given.is_empty() {
        return given.to_vec();
    }
    let mut found: Vec<String> = Vec::new();
    for full in std::iter::once(name).chain(aliases.iter().map(String::as_str)) {
        let Some((_, last)) = full.rsplit_once(' ') else { continue };
        let word = last.chars().any(char::is_lowercase) && last.starts_with(char::is_uppercase) && !last.ends_with('.');
        if word && !found.iter().any(|known| known == last) {
            found.push(last.to_owned());
        }
    }
    found.retain(|surname| surname != name && !aliases.contains(surname));
    found
}

/// States seen as places, in the order of the table, each in its middle, or else where its capital lies; the names
/// that mean the place are its spellings.
pub(crate) fn countries(tables: &Tables) -> Vec<PlaceRow> {
    let mut towns: BTreeMap<(&str, &str), &PlaceRow> = BTreeMap::new();
    let mut middles: BTreeMap<&str, &PlaceRow> = BTreeMap::new();
    for place in &tables.places {
        let Some(country) = place.country.as_deref() else { continue };
        match place.kind {
            PlaceKind::Country => _ = middles.insert(country, place),
            PlaceKind::City | PlaceKind::Capital => {
                for name in std::iter::once(&place.name).chain(&place.aliases) {
                    let best = towns.entry((name, country)).or_insert(place);
                    if place.population > best.population {
                        *best = place;
                    }
                }
            }
            _ => {}
        }
    }
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in tables.names.iter().filter(|r| matches!(r.kind, NameKind::Name | NameKind::Acronym)) {
        names.entry(&row.actor).or_default().push(&row.name);
    }
    let states = tables.states.iter().map(|state| {
        // The capital of a state that is gone lies on a row of the one that followed.
        let owners = [Some(&state.id), state.successor.as_ref()];
        let capital = state.capital.as_deref().unwrap_or_default();
        let town = || owners.into_iter().flatten().find_map(|owner| towns.get(&(capital, owner.as_str())).copied());
        let middle = middles.get(state.id.as_str()).copied().or_else(town);
        let mut aliases: Vec<String> = Vec::new();
        for name in names.get(state.id.as_str()).into_iter().flatten() {
            if *name != state.name && !aliases.iter().any(|known| known == name) {
                aliases.push((*name).to_owned());
            }
        }
        PlaceRow {
            name: state.name.clone(),
            aliases,
            country: Some(state.id.clone()),
            admin: None,
            lat: middle.and_then(|place| place.lat),
            lon: middle.and_then(|place| place.lon),
            kind: PlaceKind::Country,
            population: None,
            source: state.source.clone(),
            row: state.row,
        }
    });
    states.collect()
}

#[cfg(test)]
mod tests {
    use super::surnames;

    #[test]
    fn surnames_are_last_words_unless_given() {
        let of = |name: &str, aliases: &[&str], given: &[&str]| {
            let list = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
            surnames(name, &list(aliases), &list(given)).join("|")
        };
        assert_eq!(of("Ada Stone", &["Ada Stoney", "Stoney"], &[]), "Stone");
        assert_eq!(of("Stone Ada", &[], &["Stone"]), "Stone");
        assert_eq!(of("Elessar", &[], &[]), "");
        assert_eq!(of("Elessar III", &["Ada Stone Jr."], &[]), "");
    }
}
