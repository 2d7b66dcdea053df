//! Events made from a seed, shaped as a decade or two of POLECAT are: a few states act most, many words come seldom.

use demarche_core::{
    ActorRef, Basis, Codes, Context, DocId, Event, EventType, Interval, Modality, Mode, Place, PlacePrecision, Polarity,
    Precision, Scope, Sector, Span, StateCode, Tense, When, stable_hash,
};
use demarche_store::Entry;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::Path;

/// Months that the events are spread over, from the first.
pub const MONTHS: i32 = 240;
const FIRST_YEAR: i16 = 2005;

/// Numbers from a seed (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    /// One of `n`, the first ones far oftener: the n-th about as often as the n-th commonest word.
    fn seldom(&mut self, n: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (((n as f64 + 1.0).powf(share)) as usize).saturating_sub(1).min(n - 1)
    }
    /// Any month.
    pub fn month(&mut self) -> i32 {
        self.below(MONTHS as usize) as i32
    }
    fn one<'x, T>(&mut self, of: &'x [T]) -> &'x T {
        &of[self.below(of.len())]
    }
}

/// The states, their numbers, and made words.
pub struct World {
    /// Code tables for the formats.
    pub codes: Codes,
    states: Vec<(String, String)>,
    words: Vec<String>,
}

const SYLLABLES: [&str; 20] =
    ["ba", "ke", "ri", "mo", "ta", "lu", "sen", "dor", "vi", "an", "po", "che", "gri", "os", "na", "tel", "um", "ez", "fa", "ko"];

impl World {
    /// Reads the states from the project's table.
    pub fn of(states: &Path) -> std::io::Result<World> {
        let text = std::fs::read_to_string(states)?;
        let (mut codes, mut found) = (Codes::default(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            // Those that are there still, two hundred of them, sovereign ones first.
            if cells[3].is_empty() {
                found.push((cells[4].is_empty(), cells[0].to_owned(), cells[1].to_owned()));
            }
            codes.add_state(StateCode {
                id: cells[0].to_owned(),
                name: cells[1].to_owned(),
                interval: Interval::ALWAYS,
                cow: cells[4].parse().ok(),
                gw: cells[5].parse().ok(),
                iso2: None,
                fips: Some(cells[7].to_owned()).filter(|fips| !fips.is_empty()),
            });
        }
        found.sort();
        found.truncate(200);
        let mut random = Random(99);
        // In an order of its own: those that act most are not those whose code comes first.
        for ix in (1..found.len()).rev() {
            found.swap(ix, random.below(ix + 1));
        }
        let words = (0..20_000).map(|_| (0..2 + random.below(3)).map(|_| *random.one(&SYLLABLES)).collect()).collect();
        Ok(World { codes, states: found.into_iter().map(|(_, id, name)| (id, name)).collect(), words })
    }

    /// The codes of the states, those that act most first.
    pub fn states(&self) -> Vec<&str> {
        self.states.iter().map(|(id, _)| id.as_str()).collect()
    }

    /// The n-th commonest word of sentences.
    pub fn word(&self, n: usize) -> &str {
        &self.words[n]
    }

    fn name(&self, random: &mut Random, of: usize, kinds: usize) -> String {
        let word = |random: &mut Random| {
            let word = &self.words[random.seldom(of)];
            let mut letters = word.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
        };
        (0..kinds).map(|_| word(random)).collect::<Vec<_>>().join(" ")
    }

    fn party(&self, random: &mut Random, state: usize) -> (ActorRef, Option<String>) {
        let (id, name) = &self.states[state];
        let sector = [None, Some(Sector::Gov), Some(Sector::Mil), Some(Sector::Opp), Some(Sector::Cvl)][random.seldom(5)];
        // Forty known persons of each state.
        let person = (random.below(3) == 0).then(|| self.name(&mut Random((state * 40 + random.below(40)) as u64), 20_000, 2));
        let office = person.as_ref().filter(|_| random.below(2) == 0).map(|_| "Minister of Foreign Affairs".to_owned());
        let party = ActorRef {
            text: person.clone().unwrap_or_else(|| name.clone()),
            span: Span::new(0, 0),
            id: None,
            name: Some(person.clone().unwrap_or_else(|| name.clone())),
            code: Some(id.clone()),
            sector,
            office,
            resolved_by: Vec::new(),
            candidates: Vec::new(),
        };
        (party, person)
    }

    /// An event of a month, counted from the first; with the words of its sentence, or as POLECAT has it without.
    pub fn event(&self, random: &mut Random, number: u64, month: i32, words: bool) -> Entry {
        let day = Date::new(FIRST_YEAR + (month / 12) as i16, (month % 12 + 1) as i8, 1 + random.below(28) as i8);
        let day = day.unwrap_or_default();
        let (source, mut target) = (random.seldom(200), random.seldom(200));
        if source == target {
            target = (target + 1 + random.below(199)) % 200;
        }
        let event_type = EventType::ALL[random.seldom(16)];
        let mode = (random.below(2) == 0).then(|| *random.one(Mode::ALL));
        let (actor, wiki) = self.party(random, source);
        let (recipient, other) = self.party(random, target);
        let source_id = format!("{:08x}{:08x}", stable_number(number), number);
        let place = (random.below(4) > 0).then(|| {
            let at = random.seldom(3000);
            let place = &mut Random(at as u64 + 7);
            let name = self.name(place, 20_000, 1);
            Place {
                text: name.clone(),
                name,
                country: Some(self.states[source].0.clone()),
                region: Some(self.name(place, 400, 1)),
                lat: Some((place.below(1_200_000) as f64) / 1e4 - 50.0),
                lon: Some((place.below(3_000_000) as f64) / 1e4 - 150.0),
                precision: PlacePrecision::City,
                scope: Scope::Document,
            }
        });
        let mut extra = BTreeMap::new();
        let mut more = |column: &str, value: String| extra.insert(column.to_owned(), value);
        more("Story People", format!("{}; {}", self.name(random, 5000, 2), self.name(random, 5000, 2)));
        more("Story Organizations", self.name(random, 2000, 3));
        more("Story Locations", format!("{}; {}", self.states[source].1, self.states[target].1));
        if let Some(wiki) = wiki {
            more("Wikipedia Actor ID", wiki.replace(' ', "_"));
        }
        if let Some(wiki) = other {
            more("Wikipedia Recipient ID", wiki.replace(' ', "_"));
        }
        if place.is_some() {
            more("GeoNames ID", random.below(9_000_000).to_string());
            more("Feature Type", "PPLA".to_owned());
        }
        let sentence_text = words.then(|| {
            let verb = event_type.as_str().to_lowercase();
            let rest: Vec<&str> = (0..14).map(|_| self.words[random.seldom(20_000)].as_str()).collect();
            format!("{} moved to {verb} {}, {}.", actor.text, recipient.text, rest.join(" "))
        });
        let event = Event {
            id: format!("e-{}", stable_hash(&["polecat", &source_id, &day.to_string()])),
            document: DocId::of(&["polecat", &source_id]),
            sentence: 0,
            event_type,
            mode,
            contexts: (0..random.below(3)).map(|_| Context::ALL[random.seldom(37)]).collect(),
            cameo: None,
            quad: event_type.quad(),
            intensity: random.below(200) as f32 / 10.0 - 10.0,
            actors: vec![actor],
            recipients: vec![recipient],
            polarity: Polarity::Positive,
            modality: Modality::Asserted,
            tense: Tense::Past,
            attribution: None,
            when: Some(When {
                interval: Interval::day(day),
                precision: Precision::Day,
                basis: Basis::None,
                scope: Scope::Document,
            }),
            place,
            evidence: Vec::new(),
            grounds: Vec::new(),
            confidence: 1.0,
        };
        Entry {
            event,
            dataset: "polecat".to_owned(),
            source_id: Some(source_id),
            publisher: Some(self.name(&mut Random(random.seldom(600) as u64), 20_000, 2)),
            published: day.checked_add(jiff::Span::new().days(random.below(3) as i64)).ok(),
            url: None,
            title: None,
            lang: Some("English".to_owned()),
            version: Some("NGEC_1.2".to_owned()),
            sentence_text,
            extra,
        }
    }
}

fn stable_number(number: u64) -> u32 {
    (Random(number).next() >> 32) as u32
}
