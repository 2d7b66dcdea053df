//! Places against gold coordinates: first with the gold's own spans given, then with those that are found.
//!
//! Gold is JSON Lines of articles with `text`, `toponyms` of `start` and `end` in characters and, where known, `lat`
//! and `lon` (or `latitude` and `longitude`). The customary measure counts what lies within 161 km (100 miles) of the
//! gold. The country of a gold point is that of the nearest town of the tables, or of a state whose middle it is.

use anyhow::{Context, Result};
use demarche_coder::{Coder, FoundPlace};
use demarche_core::Span;
use demarche_knowledge::{Knowledge, PlaceKind, kilometres};
use demarche_text::Article;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// A hundred miles.
const NEAR: f64 = 161.0;
/// A name that nothing is known of counts, in the mean and the median, as half the circumference of the earth.
const NOWHERE: f64 = 20_038.0;
/// A gold point this near to the middle of a state, in kilometres, is taken for the state.
const MIDDLE: f64 = 1.0;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    id: String,
    #[serde(default)]
    url: Option<String>,
    text: String,
    #[serde(default)]
    toponyms: Vec<Gold>,
}

#[derive(Deserialize)]
struct Gold {
    start: i64,
    end: i64,
    #[serde(default, alias = "latitude", deserialize_with = "degrees")]
    lat: Option<f64>,
    #[serde(default, alias = "longitude", deserialize_with = "degrees")]
    lon: Option<f64>,
}

/// Degrees as a number or as text.
fn degrees<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Number(number) => number.as_f64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// What was measured; prints as a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Gold names with coordinates.
    pub gold: usize,
    /// Those for which we know any place.
    pub known: usize,
    /// Those within 161 km.
    pub near: usize,
    /// Gold names whose point has a country.
    pub with_country: usize,
    /// Those whose country is right.
    pub country: usize,
    /// How far off each is, in kilometres.
    pub far: Vec<f64>,
    /// All gold names, with coordinates or without.
    pub spans: usize,
    /// Names that we find.
    pub found: usize,
    /// Found names that are gold names to the letter.
    pub exact: usize,
    /// Found names that overlap a gold name.
    pub overlapping: usize,
    /// Gold names that a found one overlaps.
    pub overlapped: usize,
    /// Gold names with coordinates, found, overlapping.
    pub placed: usize,
    /// Those within 161 km.
    pub placed_near: usize,
    /// Each that was wrong: article, words, gold point, ours.
    pub misses: Vec<(String, String, String, String)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize, all: usize| if all == 0 { 0.0 } else { 100.0 * part as f64 / all as f64 };
        let mut line = |name: &str, part: usize, all: usize| {
            writeln!(f, "{name:<34} {part:>6} of {all:>5}  {:>6.2} %", share(part, all))
        };
        line("given: within 161 km", self.near, self.gold)?;
        line("given: the right country", self.country, self.with_country)?;
        line("given: some place known", self.known, self.gold)?;
        line("found: exact, precision", self.exact, self.found)?;
        line("found: exact, recall", self.exact, self.spans)?;
        line("found: overlapping, precision", self.overlapping, self.found)?;
        line("found: overlapping, recall", self.overlapped, self.spans)?;
        line("found: within 161 km", self.placed_near, self.placed)?;
        let f1 = |p: f64, r: f64| if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
        let exact = f1(share(self.exact, self.found), share(self.exact, self.spans));
        let loose = f1(share(self.overlapping, self.found), share(self.overlapped, self.spans));
        writeln!(f, "found: F1                          exact {exact:.2}  overlapping {loose:.2}")?;
        let mut far = self.far.clone();
        far.sort_by(f64::total_cmp);
        let known: Vec<f64> = far.iter().copied().filter(|&far| far < NOWHERE).collect();
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
        let median = |all: &[f64]| all.get(all.len() / 2).copied().unwrap_or(0.0);
        writeln!(f, "given: kilometres off              mean {:.0}  median {:.0}", mean(&far), median(&far))?;
        write!(f, "given: kilometres off, where known mean {:.0}  median {:.0}", mean(&known), median(&known))
    }
}

/// Scores the engine on a gold file (plain JSON Lines).
///
/// # Errors
/// Where a line is not what the gold's lines are.
pub fn score(engine: &crate::Engine, gold: &str) -> Result<Figures> {
    let coder = Coder::new(engine.knowledge());
    let countries = Countries::new(engine.knowledge());
    let mut worker = engine.analyzer().worker();
    let mut figures = Figures::default();
    for (line, number) in gold.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let page: Page = serde_json::from_str(line).with_context(|| format!("line {number}"))?;
        let bytes: Vec<usize> = page.text.char_indices().map(|(at, _)| at).chain([page.text.len()]).collect();
        // Some gold has offsets before the text, which point at nothing.
        let byte = |at: i64| bytes.get(usize::try_from(at).ok()?).copied();
        let place = |gold: &Gold| Some(Span::of(byte(gold.start)?, byte(gold.end)?));
        let mut names: Vec<(Span, &Gold)> =
            page.toponyms.iter().filter_map(|gold| Some((place(gold)?, gold))).filter(|(s, _)| !s.is_empty()).collect();
        names.sort_by_key(|(span, _)| *span);
        let spans: Vec<Span> = names.iter().map(|(span, _)| *span).collect();
        let publisher = page.url.as_deref().and_then(host);
        let given = coder.places_given(&page.text, &spans, publisher);
        for ((span, gold), ours) in names.iter().zip(&given) {
            let (Some(lat), Some(lon)) = (gold.lat, gold.lon) else { continue };
            let words = &page.text[span.range()];
            figures.given(&page.id, words, (lat, lon), ours.as_ref(), countries.at(lat, lon));
        }
        let doc = worker.analyze(&Article::from_text(&page.text));
        let found = coder.places(&doc);
        figures.found(&page.text, &doc.text, &names, &found);
    }
    Ok(figures)
}

/// The publisher's name as credits have it for web pages: the host without `www`.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().map(|host| host.strip_prefix("www.").unwrap_or(host))
}

impl Figures {
    fn given(&mut self, id: &str, words: &str, gold: (f64, f64), ours: Option<&FoundPlace>, country: Option<&str>) {
        let point = ours.and_then(|found| Some((found.place.lat?, found.place.lon?)));
        let far = point.map_or(NOWHERE, |point| kilometres(gold, point));
        let state = ours.and_then(|found| found.place.country.as_deref());
        self.gold += 1;
        self.known += usize::from(point.is_some());
        self.near += usize::from(far <= NEAR);
        self.far.push(far);
        // A sea or a continent has no country; nor has what lies in one of ours.
        let no_state = ours.is_some_and(|found| found.place.country.is_none()) && far <= NEAR;
        let judged = country.is_some() && !no_state;
        self.with_country += usize::from(judged);
        self.country += usize::from(judged && state == country);
        if far > NEAR || judged && state != country {
            let ours = ours.map_or("unknown".to_owned(), |found| {
                let (lat, lon) = point.unwrap_or_default();
                format!("{} {} {lat:.2} {lon:.2}", found.place.name, state.unwrap_or("-"))
            });
            let gold = format!("{:.2} {:.2} {}", gold.0, gold.1, country.unwrap_or("-"));
            self.misses.push((id.to_owned(), words.to_owned(), gold, format!("{ours} ({far:.0} km)")));
        }
    }

    /// Holds found names against the gold ones; the clean text may differ from the given one in its white space,
    /// so places are told by how many other characters stand before them.
    fn found(&mut self, given: &str, clean: &str, gold: &[(Span, &Gold)], found: &[FoundPlace]) {
        let (given, clean) = (Inked::of(given), Inked::of(clean));
        let gold: Vec<(Span, &Gold)> = gold.iter().map(|(span, gold)| (given.span(*span), *gold)).collect();
        let ours: Vec<(Span, &FoundPlace)> = found.iter().map(|found| (clean.span(found.span), found)).collect();
        self.spans += gold.len();
        self.found += ours.len();
        for (span, _) in &ours {
            self.exact += usize::from(gold.iter().any(|(other, _)| other == span));
            self.overlapping += usize::from(gold.iter().any(|(other, _)| other.overlaps(*span)));
        }
        for (span, gold) in &gold {
            let Some((_, found)) = ours.iter().find(|(other, _)| other.overlaps(*span)) else { continue };
            self.overlapped += 1;
            if let (Some(lat), Some(lon)) = (gold.lat, gold.lon) {
                let point = found.place.lat.zip(found.place.lon);
                self.placed += 1;
                self.placed_near += usize::from(point.is_some_and(|point| kilometres((lat, lon), point) <= NEAR));
            }
        }
    }
}

/// For each byte of a text how many characters that are no white space stand before it.
struct Inked(Vec<u32>);

impl Inked {
    fn of(text: &str) -> Inked {
        let mut before = Vec::with_capacity(text.len() + 1);
        let mut count = 0;
        for letter in text.chars() {
            before.extend(std::iter::repeat_n(count, letter.len_utf8()));
            count += u32::from(!letter.is_whitespace());
        }
        before.push(count);
        Inked(before)
    }
    fn span(&self, span: Span) -> Span {
        Span::new(self.0[span.start as usize], self.0[span.end as usize])
    }
}

/// Latitude, longitude and the country there.
type Point<'k> = (f64, f64, &'k str);

/// Towns by degree, to find the nearest.
struct Countries<'k> {
    cells: std::collections::BTreeMap<(i32, i32), Vec<Point<'k>>>,
    middles: Vec<Point<'k>>,
}

impl<'k> Countries<'k> {
    fn new(knowledge: &'k Knowledge) -> Countries<'k> {
        let mut countries = Countries { cells: std::collections::BTreeMap::new(), middles: Vec::new() };
        for place in knowledge.places() {
            let (Some(lat), Some(lon), Some(country)) = (place.lat, place.lon, place.country) else { continue };
            match place.kind {
                PlaceKind::Country => {
                    let lasts = knowledge.actor(country).is_none_or(|state| state.interval.until.is_none());
                    countries.middles.extend(lasts.then_some((lat, lon, country)));
                }
                PlaceKind::City | PlaceKind::Capital => {
                    let cell = (lat.floor() as i32, lon.floor() as i32);
                    countries.cells.entry(cell).or_default().push((lat, lon, country));
                }
                _ => {}
            }
        }
        countries
    }

    /// The country of a point; `None` far from any town, as at sea.
    fn at(&self, lat: f64, lon: f64) -> Option<&'k str> {
        let far = |point: &&(f64, f64, &'k str)| kilometres((lat, lon), (point.0, point.1));
        let nearest = |a: &&(f64, f64, &'k str), b: &&(f64, f64, &'k str)| far(a).total_cmp(&far(b));
        if let Some(middle) = self.middles.iter().min_by(nearest).filter(|middle| far(middle) <= MIDDLE) {
            return Some(middle.2);
        }
        for reach in [1, 4] {
            let cells = (-reach..=reach).flat_map(|north| (-reach..=reach).map(move |east| (north, east)));
            let towns = cells
                .filter_map(|(north, east)| self.cells.get(&(lat.floor() as i32 + north, lon.floor() as i32 + east)))
                .flatten();
            if let Some(town) = towns.min_by(nearest) {
                return Some(town.2);
            }
        }
        None
    }
}
