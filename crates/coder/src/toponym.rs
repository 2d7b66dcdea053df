//! Which Paris, which Georgia: every place name of a document at once, each understood in the light of the others.
//!
//! A name's places are weighed by how well known they are; by the states and regions that the document names, near
//! and far; by what follows the name ("Paris, Texas"); by the level that the words name ("the province of"); by how
//! near its other places lie; and, weakly, by where it is printed. One name has one sense in a document, but where
//! its own words say otherwise.

use crate::words::Words;
use demarche_core::Span;
use demarche_knowledge::{Knowledge, NameKind, Place, PlaceKind};
use std::collections::BTreeMap;

/// What the words around a name are worth against the digits of a town's people.
const CONTAINED: f64 = 4.0;
const LISTED: f64 = 0.5;
const ELSEWHERE_CONTAINED: f64 = 2.0;
const LEVEL: f64 = 2.5;
const SHARE_OF_STATE: f64 = 3.0;
const STATE_NEAR: f64 = 0.8;
const REGION_NAMED: f64 = 1.5;
const REGION_NEAR: f64 = 0.7;
const NEIGHBOUR: f64 = 1.2;
const PRINTED_THERE: f64 = 0.6;
/// "Near" is within so many bytes: a sentence or two.
const NEAR: u32 = 250;
/// Neighbours count for less with each so many kilometres.
const REACH: f64 = 200.0;
/// A town this well known is meant whatever stands behind its name.
const FAMOUS: f64 = 6.0;
/// A town lies in another, or in a county named by it, within so many kilometres.
const SUBURB: f64 = 60.0;

/// A state that the document names, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'k> {
    pub(crate) at: u32,
    pub(crate) state: &'k str,
}

/// One of the places that a name may mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'k> {
    pub(crate) place: Place<'k>,
    /// How much speaks for it; compares only with others of the same name.
    pub(crate) score: f64,
    /// Whether the name itself is on no row and this is the place that the words put it in.
    pub(crate) around: bool,
}

/// A place name of a document.
#[derive(Debug, Clone)]
pub(crate) struct Toponym<'k> {
    pub(crate) span: Span,
    /// The likeliest first; none where nothing is known.
    pub(crate) candidates: Vec<Candidate<'k>>,
}

/// What all the names of a document are understood by.
pub(crate) struct Gazetteer<'k, 'd> {
    pub(crate) knowledge: &'k Knowledge,
    pub(crate) words: &'d Words,
    pub(crate) text: &'d str,
    pub(crate) states: Vec<Named<'k>>,
    pub(crate) publisher: Option<&'k str>,
}

impl<'k> Gazetteer<'k, '_> {
    /// The places of these names, which stand in the order of the text.
    pub(crate) fn resolve(&self, spans: &[Span]) -> Vec<Toponym<'k>> {
        let mut names: Vec<Toponym<'k>> = spans.iter().map(|&span| self.read(span)).collect();
        let containers: Vec<Vec<Place<'k>>> = spans.iter().map(|&span| self.container(span)).collect();
        // The first pass knows no neighbours; the second weighs them by what the first made of them.
        for pass in 0..2 {
            let before: Vec<Option<Place<'k>>> =
                names.iter().map(|name| name.candidates.first().filter(|_| pass > 0).map(|c| c.place)).collect();
            self.weigh(&mut names, &containers, &before);
        }
        self.place_unknown(&mut names, &containers);
        names
    }

    /// Names on no row lie where the words put them, or else where the nearest name does that is finer than a state.
    fn place_unknown(&self, names: &mut [Toponym<'k>], containers: &[Vec<Place<'k>>]) {
        let known: Vec<Option<Place<'k>>> = names.iter().map(|name| name.candidates.first().map(|c| c.place)).collect();
        for (ix, name) in names.iter_mut().enumerate() {
            let outer = containers[ix].first().copied();
            if let Some(best) = name.candidates.first() {
                // "Oxford, North Carolina": no town of that name is known there, but it is not the one in England either.
                let town = best.place.kind == PlaceKind::City && best.place.prominence() < FAMOUS;
                let elsewhere = town && !containers[ix].iter().any(|outer| self.lies_in(&best.place, outer));
                if let Some(place) = outer.filter(|outer| elsewhere && large_region(outer)) {
                    name.candidates.insert(0, Candidate { place, score: best.score, around: true });
                }
                continue;
            }
            let nearest = || {
                let others = known.iter().enumerate().filter_map(|(other, place)| Some((other, (*place)?)));
                let (fine, coarse): (Vec<_>, Vec<_>) =
                    others.partition(|(_, place)| !matches!(place.kind, PlaceKind::Country | PlaceKind::Area));
                let closest =
                    |all: Vec<(usize, Place<'k>)>| all.into_iter().min_by_key(|(other, _)| other.abs_diff(ix));
                closest(fine).or_else(|| closest(coarse)).map(|(_, place)| place)
            };
            let place = outer.or_else(nearest);
            name.candidates.extend(place.map(|place| Candidate { place, score: 0.0, around: true }));
        }
    }

    /// What a name may mean by its own words.
    fn read(&self, span: Span) -> Toponym<'k> {
        let words = self.text.get(span.range()).unwrap_or_default();
        let mut places = self.named(words);
        if places.is_empty() {
            places = self.of_people(words);
        }
        let candidates =
            places.into_iter().map(|place| Candidate { place, score: place.prominence(), around: false }).collect();
        Toponym { span, candidates }
    }

    /// The rows that bear these words, or these words without those that only say what and where in it.
    fn named(&self, words: &str) -> Vec<Place<'k>> {
        let bare = words.trim().trim_end_matches("'s").trim_end_matches("’s").trim_end_matches(['.', ',']);
        let article = bare.strip_prefix("the ").or_else(|| bare.strip_prefix("The ")).unwrap_or(bare);
        for form in [words, bare, article] {
            let found = self.knowledge.places_named(form);
            if !found.is_empty() {
                return found;
            }
        }
        let level = |word: &str| self.level(word).is_some();
        if let Some((rest, last)) = article.rsplit_once(' ')
            && level(last)
        {
            let found = self.of_level(self.named(rest), last);
            if !found.is_empty() {
                return found;
            }
        }
        if let Some((first, rest)) = article.split_once(' ') {
            // "the Province of X", "City of X".
            if let Some(inner) = rest.strip_prefix("of ")
                && level(first)
            {
                return self.of_level(self.named(inner), first);
            }
            if self.words.place_directions.has(first) {
                return self.named(rest);
            }
        }
        if let Some((first, rest)) = article.split_once('-')
            && self.words.place_directions.has(first)
        {
            return self.named(rest);
        }
        Vec::new()
    }

    /// Of these places those of the level that a word names, if there are any.
    fn of_level(&self, places: Vec<Place<'k>>, word: &str) -> Vec<Place<'k>> {
        let fitting: Vec<Place<'k>> = places.iter().copied().filter(|place| self.fits(place, word)).collect();
        // A county is on few rows, and a town of its name mostly lies elsewhere.
        if fitting.is_empty() && self.level(word) != Some("county") { places } else { fitting }
    }

    fn level(&self, word: &str) -> Option<&str> {
        self.words.place_levels.get(word.to_lowercase().as_str()).map(String::as_str)
    }

    /// Whether a place is what a word such as "province" or "city" says.
    fn fits(&self, place: &Place<'k>, word: &str) -> bool {
        match self.level(word) {
            Some("city") => matches!(place.kind, PlaceKind::City | PlaceKind::Capital),
            Some("region" | "county") => place.kind == PlaceKind::Region,
            _ => true,
        }
    }

    /// The state of a people: "French", "Iranians".
    fn of_people(&self, words: &str) -> Vec<Place<'k>> {
        if let Some(name) = self.words.place_adjectives.get(words) {
            return self.knowledge.places_named(name);
        }
        let names = self.knowledge.names_at(words, 0);
        let whole = names.into_iter().find(|(end, _)| *end == words.len());
        let mut states: Vec<Place<'k>> = Vec::new();
        for name in whole.into_iter().flat_map(|(_, names)| names) {
            let place = match name.kind {
                NameKind::Person | NameKind::Surname => None,
                _ => self.knowledge.country(name.actor.as_str()),
            };
            if let Some(place) = place
                && !states.iter().any(|known| known.number == place.number)
            {
                states.push(place);
            }
        }
        states
    }

    /// The places that the words right after a name put it in: "Paris, Texas", "Aurora, Colo.", "Homs (Syria)".
    fn container(&self, span: Span) -> Vec<Place<'k>> {
        let rest = self.text.get(span.end as usize..).unwrap_or_default();
        let after = rest.trim_start_matches([',', ' ', '(']);
        let gap = &rest[..rest.len() - after.len()];
        if !gap.starts_with(", ") && !gap.starts_with(" (") && gap != "," {
            // "in the Syrian city of Homs": the people before the name.
            return Vec::new();
        }
        let after_article = after.strip_prefix("the ").unwrap_or(after);
        let skipped = after_article.split_once(' ').filter(|(word, _)| self.words.place_directions.has(word));
        let start = skipped.map_or(after_article, |(_, rest)| rest);
        if !start.starts_with(char::is_uppercase) {
            return Vec::new();
        }
        self.knowledge.places_at(start, 0).map(|(_, places)| places).unwrap_or_default()
    }

    /// Whether one place lies in another as tables know it.
    fn lies_in(&self, inner: &Place<'k>, outer: &Place<'k>) -> bool {
        if inner.number == outer.number {
            return false;
        }
        match outer.kind {
            PlaceKind::Country => inner.country == outer.country && inner.kind != PlaceKind::Country,
            PlaceKind::Region => {
                inner.country == outer.country
                    && inner.kind != PlaceKind::Country
                    && inner.admin.is_some_and(|admin| {
                        outer.admin == Some(admin) || self.knowledge.place_spellings(outer).any(|name| name == admin)
                    })
            }
            PlaceKind::City | PlaceKind::Capital => {
                inner.country == outer.country && inner.distance(outer).is_some_and(|far| far < SUBURB)
            }
            _ => false,
        }
    }

    /// Scores every candidate and puts the best first.
    fn weigh(&self, names: &mut [Toponym<'k>], containers: &[Vec<Place<'k>>], before: &[Option<Place<'k>>]) {
        let spans: Vec<Span> = names.iter().map(|name| name.span).collect();
        let keys: Vec<String> = spans.iter().map(|span| self.key(*span)).collect();
        // What each name's own words say, by place.
        let own: Vec<BTreeMap<u32, f64>> =
            (0..names.len()).map(|ix| self.by_own_words(ix, &names[ix], &spans, containers, names)).collect();
        let votes = self.votes(&spans, &keys, before);
        let mut senses: BTreeMap<&str, BTreeMap<u32, (f64, u32)>> = BTreeMap::new();
        let mut context: Vec<Vec<f64>> = Vec::with_capacity(names.len());
        for (ix, name) in names.iter().enumerate() {
            let scores: Vec<f64> = name
                .candidates
                .iter()
                .map(|c| c.place.prominence() + self.by_context(ix, &c.place, &spans, &keys, before, &votes))
                .collect();
            for (candidate, score) in name.candidates.iter().zip(&scores) {
                let sum = senses.entry(&keys[ix]).or_default().entry(candidate.place.number).or_insert((0.0, 0));
                *sum = (sum.0 + score, sum.1 + 1);
            }
            context.push(scores);
        }
        // Where the words of one mention say which it is, the others most likely follow.
        let mut said: BTreeMap<(&str, u32), f64> = BTreeMap::new();
        for (ix, words) in own.iter().enumerate() {
            for (&number, &worth) in words {
                let most = said.entry((&keys[ix], number)).or_insert(0.0);
                *most = most.max(if worth >= CONTAINED { ELSEWHERE_CONTAINED } else { 0.0 });
            }
        }
        for (ix, name) in names.iter_mut().enumerate() {
            for candidate in &mut name.candidates {
                let number = candidate.place.number;
                let (sum, count) = senses[keys[ix].as_str()][&number];
                let mean = sum / f64::from(count.max(1));
                let words = own[ix].get(&number).copied().unwrap_or(0.0);
                let elsewhere = said.get(&(keys[ix].as_str(), number)).copied().unwrap_or(0.0);
                candidate.score = mean + words.max(elsewhere);
            }
            name.candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.number.cmp(&b.place.number)));
        }
    }

    fn key(&self, span: Span) -> String {
        self.text.get(span.range()).unwrap_or_default().to_lowercase()
    }

    /// What stands right around a name: what it is put in, what is put in it, the level that is named.
    fn by_own_words(
        &self,
        ix: usize,
        name: &Toponym<'k>,
        spans: &[Span],
        containers: &[Vec<Place<'k>>],
        names: &[Toponym<'k>],
    ) -> BTreeMap<u32, f64> {
        let mut worth: BTreeMap<u32, f64> = BTreeMap::new();
        let rest = self.text.get(name.span.end as usize..).unwrap_or_default();
        let following =
            rest.strip_prefix(' ').map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(""));
        let leading = self.text.get(..name.span.start as usize).unwrap_or_default().trim_end().strip_suffix(" of");
        let leading = leading.and_then(|before| before.rsplit(|c: char| !c.is_alphanumeric()).next());
        // "Manila, in the Philippines" and "Santa Ana in California" are read like "Santa Ana, California".
        let linked = |a: Span, b: Span| {
            let between = self.text.get(a.end as usize..b.start as usize).unwrap_or("\n\n");
            matches!(between.trim_start_matches([',', ' ', '(']), "" | "in " | "in the " | "of ") && !between.is_empty()
        };
        let next = (ix + 1 < spans.len() && linked(spans[ix], spans[ix + 1])).then(|| &names[ix + 1]);
        let last = ix.checked_sub(1).filter(|&last| linked(spans[last], spans[ix])).map(|last| &names[last]);
        for candidate in &name.candidates {
            let place = &candidate.place;
            let mut sum = 0.0;
            let within = containers[ix].iter().any(|outer| self.lies_in(place, outer))
                || next.is_some_and(|next| next.candidates.iter().any(|outer| self.lies_in(place, &outer.place)));
            let around = last.is_some_and(|last| last.candidates.iter().any(|inner| self.lies_in(&inner.place, place)));
            if within || around {
                // "Oregon, Ohio and Texas" is a list of states and no town in Ohio.
                let listed =
                    within && place.kind == PlaceKind::City && name.candidates.iter().any(|c| large_region(&c.place));
                sum += if listed { LISTED } else { CONTAINED };
            }
            for word in [following, leading].into_iter().flatten() {
                if self.level(word).is_some() && self.fits(place, word) && place.kind != PlaceKind::Country {
                    sum += LEVEL;
                    break;
                }
            }
            if sum > 0.0 {
                worth.insert(place.number, sum);
            }
        }
        worth
    }

    /// How often each state is named or holds a place that is named, one vote a name.
    fn votes(
        &self,
        spans: &[Span],
        keys: &[String],
        before: &[Option<Place<'k>>],
    ) -> BTreeMap<&'k str, BTreeMap<String, f64>> {
        let mut votes: BTreeMap<&'k str, BTreeMap<String, f64>> = BTreeMap::new();
        for named in &self.states {
            if !spans.iter().any(|span| span.start <= named.at && named.at < span.end) {
                *votes.entry(named.state).or_default().entry(String::new()).or_insert(0.0) += 1.0;
            }
        }
        for ((place, key), _) in before.iter().zip(keys).zip(spans) {
            if let Some(state) = place.and_then(|place| place.country) {
                *votes.entry(state).or_default().entry(key.clone()).or_insert(0.0) += 1.0;
            }
        }
        votes
    }

    /// What the rest of the document says for a place.
    fn by_context(
        &self,
        ix: usize,
        place: &Place<'k>,
        spans: &[Span],
        keys: &[String],
        before: &[Option<Place<'k>>],
        votes: &BTreeMap<&'k str, BTreeMap<String, f64>>,
    ) -> f64 {
        let near = |at: u32| at.abs_diff(spans[ix].start) <= NEAR;
        let mut sum = 0.0;
        if let Some(country) = place.country {
            // A name does not vote for itself; many votes of one name are worth little more than a few.
            let weight = |by: &BTreeMap<String, f64>| -> f64 {
                by.iter().filter(|(key, _)| **key != keys[ix]).map(|(_, count)| count.sqrt()).sum()
            };
            let all: f64 = votes.values().map(weight).sum();
            let here = votes.get(country).map_or(0.0, weight);
            if all > 0.0 {
                sum += SHARE_OF_STATE * here / (all + 1.0);
            }
            let other = |at: u32| !(spans[ix].start <= at && at < spans[ix].end);
            if place.kind != PlaceKind::Country
                && self.states.iter().any(|named| named.state == country && near(named.at) && other(named.at))
            {
                sum += STATE_NEAR;
            }
            if self.publisher == Some(country) {
                sum += PRINTED_THERE;
            }
        }
        let (mut region, mut region_near, mut closest) = (false, false, f64::INFINITY);
        for (other, found) in before.iter().enumerate() {
            let Some(found) = found.filter(|_| keys[other] != keys[ix]) else { continue };
            if found.kind == PlaceKind::Region && self.lies_in(place, &found) {
                region = true;
                region_near |= near(spans[other].start);
            }
            if !matches!(found.kind, PlaceKind::Country | PlaceKind::Area | PlaceKind::Sea)
                && let Some(far) = place.distance(&found)
            {
                closest = closest.min(far);
            }
        }
        sum += if region { REGION_NAMED } else { 0.0 } + if region_near { REGION_NEAR } else { 0.0 };
        sum + if matches!(place.kind, PlaceKind::Country | PlaceKind::Area) {
            0.0
        } else {
            NEIGHBOUR * (-closest / REACH).exp()
        }
    }
}

/// A state of a union, a province: what a list names side by side, and what stands behind a town's name.
fn large_region(place: &Place<'_>) -> bool {
    place.kind == PlaceKind::Region && place.prominence() >= 5.2 && place.admin.is_some()
}

/// Every state that a text names by its name or its people.
pub(crate) fn states_named<'k>(knowledge: &'k Knowledge, text: &str) -> Vec<Named<'k>> {
    let mut found = Vec::new();
    let mut end = 0;
    let mut inside = false;
    for (at, letter) in text.char_indices() {
        let starts = !inside && letter.is_uppercase();
        inside = letter.is_alphanumeric();
        if !starts || at < end {
            continue;
        }
        let Some((until, names)) = knowledge.names_at(text, at).into_iter().next() else { continue };
        let Some(name) = names.first() else { continue };
        end = until;
        let state = matches!(name.kind, NameKind::Name | NameKind::Acronym | NameKind::Adjective | NameKind::Demonym)
            .then(|| knowledge.country(name.actor.as_str()))
            .flatten();
        if let Some(state) = state.and_then(|place| place.country) {
            found.push(Named { at: at as u32, state });
        }
    }
    found
}
