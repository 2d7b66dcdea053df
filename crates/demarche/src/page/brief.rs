//! A briefing on two parties or on one: what mattered month by month with its words and sources, what changed against
//! the past year, what each side claims, what stands between them.
//!
//! Every sentence of it is either a count of the ledger or the words of a report; nothing is retold.

use super::actor::{Saying, sayings};
use crate::ask::{Names, Reference};
use crate::plot::Mirrored;
use anyhow::Result;
use demarche_core::{ActorSet, Event, EventType, Interval, Precision};
use demarche_store::collect::series::{Bin, Width};
use demarche_store::collect::story::StoryFound;
use demarche_store::collect::tie::Stated;
use demarche_store::collect::{CLASS_NAMES, CLASSES, Sums};
use demarche_store::{Ledger, Query};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What a briefing is to be on.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The query, with its period.
    pub query: Query,
    /// The one party.
    pub one: ActorSet,
    /// The other; `None` for a briefing on one.
    pub other: Option<ActorSet>,
    /// Happenings of a month.
    pub top: usize,
    /// The command that gives the same again.
    pub command: String,
}

/// A briefing.
#[derive(Debug, Clone)]
pub struct Brief {
    /// On whom.
    pub title: String,
    /// First and last day.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// The main counts, in sentences.
    pub summary: Vec<String>,
    /// The series.
    pub bins: Vec<Bin>,
    /// Its plot.
    pub plot: String,
    /// The plot in words.
    pub plot_in_words: String,
    /// The months, the latest first.
    pub months: Vec<Month>,
    /// What changed.
    pub changes: Option<Changes>,
    /// Who claims what.
    pub claims: Vec<(String, Vec<Saying>)>,
    /// What the tables say stands.
    pub reference: Vec<Reference>,
    /// What reports state.
    pub stated: Vec<Stated>,
    /// How to read it.
    pub method: Vec<String>,
    /// The command.
    pub command: String,
}

/// A month.
#[derive(Debug, Clone)]
pub struct Month {
    /// Its first day.
    pub from: Date,
    /// What happened in it.
    pub sums: Sums,
    /// What mattered most, by day.
    pub happenings: Vec<Happening>,
}

/// One happening of a month.
#[derive(Debug, Clone)]
pub struct Happening {
    /// The day, or days.
    pub when: String,
    /// The words of the report.
    pub words: String,
    /// "RUS → UKR, assault (drone)".
    pub coded: String,
    /// Where to read it.
    pub sources: Vec<Source>,
    /// How many documents report it, how many of them independent.
    pub reports: (u32, u32),
}

/// Where something can be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The publisher, or else the document.
    pub name: String,
    /// The address.
    pub url: Option<String>,
}

/// The last whole month against those before it.
#[derive(Debug, Clone)]
pub struct Changes {
    /// That month.
    pub month: Date,
    /// How many months are before it: twelve, or as many as were read.
    pub before: usize,
    /// What is counted, how many in the month, how many on average in a month before, how many at most.
    pub rows: Vec<(String, u32, f64, u32)>,
    /// Documents read in the month and on average before.
    pub documents: (u64, f64),
}

/// "March 2025".
pub fn month_name(day: Date) -> String {
    day.strftime("%B %Y").to_string()
}

/// "9 March 2025".
pub fn day_name(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// The change of a count against its mean; `None` where there was nothing before.
pub fn change(now: u32, mean: f64) -> Option<f64> {
    (mean > 0.0).then(|| (f64::from(now) - mean) / mean * 100.0)
}

fn plural(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

impl Brief {
    /// Makes it; `None` where the ledger has nothing on it.
    pub fn of(ledger: &Ledger, names: &Names<'_>, asked: &Asked) -> Result<Option<Brief>> {
        let query = &asked.query;
        let Some((first, last)) = ledger.span(query)? else { return Ok(None) };
        // News speaks of distant years too; a briefing is of the time that was read, unless another is asked for.
        let read = ledger.read_span()?.map(|(first, last)| (first, query.known_on.map_or(last, |day| day.min(last))));
        let first = query.from.unwrap_or(read.map_or(first, |(first, _)| first));
        let last = query.until.and_then(|day| day.yesterday().ok()).unwrap_or(read.map_or(last, |(_, last)| last));
        if last < first {
            return Ok(None);
        }
        let period = Query { from: Some(first), until: last.tomorrow().ok(), ..query.clone() };
        let bins = ledger.series(&period, Width::Month)?;
        let called = |set: &ActorSet| names.id(&set.name).map_or_else(|| set.name.clone(), |id| names.name_of(&id));
        let one = called(&asked.one);
        let title = match &asked.other {
            Some(other) => format!("{one} and {}", called(other)),
            None => one.clone(),
        };
        let stories = ledger.stories(&period, None)?;
        let months = months(&stories, &bins, asked.top);
        let changes = changes(ledger, query, last)?;
        let plot = Mirrored {
            title: format!("{title}: cooperation and conflict by month"),
            note: format!(
                "Events as reported, each happening once, {} to {}. Grey: nothing was read.",
                day_name(first),
                day_name(last)
            ),
            bins: &bins,
            width: Width::Month,
            peaks: Vec::new(),
            standing: Vec::new(),
        };
        let mut claims = Vec::new();
        for (side, across) in [(Some(&asked.one), asked.other.as_ref()), (asked.other.as_ref(), Some(&asked.one))] {
            let Some(side) = side else { continue };
            let words = across.and_then(|across| names.id(&across.name)).map(|id| names.words_for(&id));
            claims.push((called(side), claims_of(ledger, side, &period, words.as_deref())?));
        }
        let during = Interval { from: Some(last), until: last.tomorrow().ok() };
        let reference = match (names.id(&asked.one.name), asked.other.as_ref().map(|other| names.id(&other.name))) {
            (Some(one), None) => names.reference(&one, None, during),
            (Some(one), Some(Some(other))) => names.reference(&one, Some(&other), during),
            _ => Vec::new(),
        };
        let stated =
            ledger.stated(&asked.one, asked.other.as_ref(), Some(first), last.tomorrow().ok(), query.known_on)?;
        Ok(Some(Brief {
            summary: summary(ledger, asked, &period, &bins, &stories, changes.as_ref(), &called)?,
            plot_in_words: plot.in_words(),
            plot: plot.svg(),
            title,
            first,
            last,
            months,
            changes,
            claims,
            reference,
            stated,
            method: method(query, &bins),
            bins,
            command: asked.command.clone(),
        }))
    }
}

fn summary(
    ledger: &Ledger,
    asked: &Asked,
    period: &Query,
    bins: &[Bin],
    stories: &[StoryFound],
    changes: Option<&Changes>,
    called: &dyn Fn(&ActorSet) -> String,
) -> Result<Vec<String>> {
    let mut total = Sums::default();
    bins.iter().for_each(|bin| total.add_all(&bin.sums));
    let mut documents: BTreeSet<&str> = BTreeSet::new();
    for story in stories {
        documents.extend(story.sources.iter().map(|report| report.document.as_str()));
    }
    let share = |part: u32| (f64::from(part) * 100.0 / f64::from(total.events().max(1))).round();
    let mut all = vec![format!(
        "{} in {}: {} of conflict ({:.0} %) and {} of cooperation ({:.0} %); deeds, not words, are {:.0} %.",
        plural(total.events(), "happening", "happenings"),
        plural(u32::try_from(documents.len()).unwrap_or(u32::MAX), "report", "reports"),
        total.conflict(),
        share(total.conflict()),
        total.cooperation(),
        share(total.cooperation()),
        share(total.class(CLASSES[1]) + total.class(CLASSES[3])),
    )];
    let mut types: Vec<(EventType, u32)> =
        EventType::ALL.iter().map(|&t| (t, total.of(t))).filter(|(_, n)| *n > 0).collect();
    types.sort_by_key(|(t, n)| (std::cmp::Reverse(*n), *t));
    let types: Vec<String> = types.iter().map(|(t, n)| format!("{} {n}", t.as_str().to_lowercase())).collect();
    all.push(format!("By kind: {}.", types.join(", ")));
    if let Some(other) = &asked.other {
        let way = |source: &ActorSet, target: &ActorSet| -> Result<u32> {
            let one_way = Query::between(source.clone(), target.clone(), true);
            let query = Query { pair: one_way.pair, ..period.clone() };
            Ok(u32::try_from(ledger.count(&query)?).unwrap_or(u32::MAX))
        };
        let (there, back) = (way(&asked.one, other)?, way(other, &asked.one)?);
        let both = (there + back).saturating_sub(u32::try_from(stories.len()).unwrap_or(u32::MAX));
        all.push(format!(
            "Who acts: {} toward {} {}, {} toward {} {}, both together {both}.",
            called(&asked.one),
            called(other),
            there - both.min(there),
            called(other),
            called(&asked.one),
            back - both.min(back)
        ));
    }
    if let (Some(most), true) = (bins.iter().rev().max_by_key(|bin| bin.sums.events()), bins.len() > 2) {
        all.push(format!(
            "The busiest month was {} with {}.",
            month_name(most.from),
            plural(most.sums.events(), "happening", "happenings")
        ));
    }
    if let Some(changes) = changes {
        let (_, now, mean, _) = &changes.rows[0];
        let against = match change(*now, *mean) {
            Some(percent) if percent.abs() >= 25.0 => format!(", {percent:+.0} % against the mean of {mean:.1}"),
            Some(_) => format!(", about the mean of {mean:.1}"),
            None => ", after none".to_string(),
        };
        let months = if changes.before == 12 {
            "the twelve months before".to_string()
        } else {
            format!("the {} months read before", changes.before)
        };
        all.push(format!(
            "{} had {}{against} in {months}.",
            month_name(changes.month),
            plural(*now, "happening", "happenings")
        ));
    }
    Ok(all)
}

/// The last month that was read to its end, against the twelve before it as far as they were read.
fn changes(ledger: &Ledger, query: &Query, last: Date) -> Result<Option<Changes>> {
    let whole = last.tomorrow().is_ok_and(|next| next.day() == 1);
    let end = if whole { last.last_of_month().tomorrow()? } else { last.first_of_month() };
    let Ok(start) = end.checked_sub(13.months()) else { return Ok(None) };
    let bins = ledger.series(&Query { from: Some(start), until: Some(end), ..query.clone() }, Width::Month)?;
    let Some((month, before)) = bins.split_last() else { return Ok(None) };
    // Where documents tell what was read, a month without any is no month of nothing.
    let told = bins.iter().any(|bin| bin.exposure.documents > 0);
    let before: Vec<&Bin> = before.iter().filter(|bin| !told || bin.exposure.documents > 0).collect();
    if before.len() < 3 || (told && month.exposure.documents == 0) {
        return Ok(None);
    }
    let row = |name: String, of: &dyn Fn(&Sums) -> u32| {
        let earlier: Vec<u32> = before.iter().map(|bin| of(&bin.sums)).collect();
        let mean = f64::from(earlier.iter().sum::<u32>()) / earlier.len() as f64;
        (name, of(&month.sums), mean, earlier.into_iter().max().unwrap_or(0))
    };
    let mut rows = vec![row("all".to_string(), &Sums::events)];
    for (class, name) in CLASSES.into_iter().zip(CLASS_NAMES) {
        rows.push(row(name.replace('_', " "), &move |sums: &Sums| sums.class(class)));
    }
    for &event_type in EventType::ALL {
        let one = row(event_type.as_str().to_lowercase(), &move |sums: &Sums| sums.of(event_type));
        // Kinds that hardly occur change by chance.
        if one.1 >= 3 || one.2 >= 1.0 {
            rows.push(one);
        }
    }
    let documents: u64 = before.iter().map(|bin| bin.exposure.documents).sum();
    Ok(Some(Changes {
        month: month.from,
        before: before.len(),
        rows,
        documents: (month.exposure.documents, documents as f64 / before.len() as f64),
    }))
}

/// "RUS → UKR, assault (drone)".
fn coded(event: &Event) -> String {
    let side = |parties: &[demarche_core::ActorRef]| {
        let mut all: Vec<&str> = Vec::new();
        for party in parties {
            let word = party.code.as_deref().or(party.name.as_deref()).unwrap_or(&party.text);
            if !all.contains(&word) {
                all.push(word);
            }
        }
        all.join(", ")
    };
    let mut text = side(&event.actors);
    if !event.recipients.is_empty() {
        text += &format!(" → {}", side(&event.recipients));
    }
    text += &format!(", {}", event.event_type.as_str().to_lowercase());
    if let Some(mode) = event.mode {
        text += &format!(" ({mode})");
    }
    text
}

/// How much a happening says: how widely it is reported, how rare its kind is here, how strong it is.
fn weight(story: &StoryFound, total: &Sums) -> f64 {
    let event = &story.lead.entry.event;
    let rare = (f64::from(total.events().max(1)) / f64::from(total.of(event.event_type).max(1))).ln();
    let wide = f64::from(story.origins).ln() * 2.0 + f64::from(story.reports).ln();
    let named = event.actors.iter().chain(&event.recipients).filter(|party| party.office.is_some()).count();
    wide + rare * 0.7 + f64::from(event.intensity.abs()) / 5.0 + named.min(2) as f64 * 0.5 - behind(story) * 1.5
}

/// How far behind in its sentence the deed stands, 0 to 1: what a sentence reports comes first, what it recalls last.
fn behind(story: &StoryFound) -> f64 {
    let entry = &story.lead.entry;
    let trigger = entry.event.evidence.iter().find(|e| e.role == demarche_core::Role::Trigger);
    let words = entry.sentence_text.as_deref().unwrap_or_default();
    let at = trigger.and_then(|trigger| words.find(&trigger.text));
    at.map_or(0.0, |at| at as f64 / words.len().max(1) as f64)
}

/// The main happenings of each month, the latest month first.
fn months(stories: &[StoryFound], bins: &[Bin], top: usize) -> Vec<Month> {
    let mut total = Sums::default();
    bins.iter().for_each(|bin| total.add_all(&bin.sums));
    let mut all = Vec::new();
    for bin in bins.iter().rev().filter(|bin| bin.sums.events() > 0) {
        // One sentence is shown once, whatever it tells.
        let mut by_words: BTreeMap<&str, Vec<&StoryFound>> = BTreeMap::new();
        for story in stories {
            let when = story.lead.entry.event.when.filter(|w| fine(w.precision)).and_then(|w| w.interval.from);
            let Some(words) = story.lead.entry.sentence_text.as_deref() else { continue };
            if when.is_some_and(|day| bin.from <= day && day < bin.until) {
                by_words.entry(words).or_default().push(story);
            }
        }
        let mut groups: Vec<Vec<&StoryFound>> = by_words.into_values().collect();
        let heaviest = |group: &[&StoryFound]| group.iter().map(|s| weight(s, &total)).fold(0.0, f64::max);
        groups.sort_by(|a, b| heaviest(b).total_cmp(&heaviest(a)).then_with(|| a[0].id.cmp(&b[0].id)));
        // At most half of a month is of one kind, as long as there are others.
        let mut kinds: BTreeMap<EventType, usize> = BTreeMap::new();
        let (mut chosen, mut later) = (Vec::new(), Vec::new());
        for group in groups {
            let kind = kinds.entry(group[0].lead.entry.event.event_type).or_default();
            if *kind < top.div_ceil(2) {
                *kind += 1;
                chosen.push(group);
            } else {
                later.push(group);
            }
        }
        chosen.truncate(top);
        let room = top - chosen.len();
        chosen.extend(later.into_iter().take(room));
        chosen.sort_by_key(|group| (day_of(group[0]), group[0].id.clone()));
        let happenings = chosen.iter().map(|group| happening(group)).collect();
        all.push(Month { from: bin.from, sums: bin.sums, happenings });
    }
    all
}

fn fine(precision: Precision) -> bool {
    matches!(precision, Precision::Hour | Precision::Day | Precision::Week | Precision::Month)
}

fn day_of(story: &StoryFound) -> Option<Date> {
    story.lead.entry.event.when.and_then(|when| when.interval.from)
}

fn happening(group: &[&StoryFound]) -> Happening {
    let lead = group[0];
    let event = &lead.lead.entry.event;
    let when = match (event.when.map(|w| w.precision), day_of(lead)) {
        (Some(Precision::Month), Some(day)) => month_name(day),
        (Some(Precision::Week), Some(day)) => format!("week of {}", day.strftime("%-d %B")),
        (_, Some(day)) => day.strftime("%-d %B").to_string(),
        _ => String::new(),
    };
    let mut deeds: Vec<String> = Vec::new();
    for story in group {
        let deed = coded(&story.lead.entry.event);
        if !deeds.contains(&deed) {
            deeds.push(deed);
        }
    }
    let widest = group.iter().max_by_key(|story| (story.origins, story.reports)).unwrap_or(&group[0]);
    let mut sources: Vec<Source> = Vec::new();
    for report in &widest.sources {
        let name = report.publisher.clone().unwrap_or_else(|| report.document.clone());
        if sources.iter().all(|known| known.name != name) {
            sources.push(Source { name, url: report.url.clone() });
        }
    }
    Happening {
        when,
        words: lead.lead.entry.sentence_text.clone().unwrap_or_default(),
        coded: deeds.join("; "),
        sources,
        reports: (widest.reports, widest.origins),
    }
}

/// How many claims a side has in a briefing.
const CLAIMS: usize = 8;
/// How many statements are looked through for them.
const LOOKED_AT: usize = 5000;

/// What a side said, with the other side in its words where there is one: own words and named speakers first.
pub(crate) fn claims_of(
    ledger: &Ledger,
    side: &ActorSet,
    query: &Query,
    about: Option<&[String]>,
) -> Result<Vec<Saying>> {
    let mut all = sayings(ledger, side, query, LOOKED_AT)?;
    if let Some(words) = about {
        all.retain(|saying| words.iter().any(|word| has_word(&saying.said, word)));
    }
    let mut seen = BTreeSet::new();
    all.retain(|saying| saying.said.split_whitespace().count() > 3 && seen.insert(saying.words.clone()));
    let named = |saying: &Saying| saying.speaker.contains('(');
    // Stable: of equals the latest come first.
    all.reverse();
    all.sort_by_key(|saying| std::cmp::Reverse(u8::from(saying.quoted) + u8::from(named(saying))));
    all.truncate(CLAIMS);
    all.sort_by_key(|saying| saying.day);
    Ok(all)
}

/// Whether a word or name stands in a text, from its beginning to its end or an ending of its own.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = text[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    })
}

fn method(query: &Query, bins: &[Bin]) -> Vec<String> {
    let documents: u64 = bins.iter().map(|bin| bin.exposure.documents).sum();
    let sentences: u64 = bins.iter().map(|bin| bin.exposure.sentences).sum();
    let mut all = Vec::new();
    if documents > 0 {
        all.push(format!(
            "{documents} documents with {sentences} sentences were read for this period, on whatever subject; what was not in them is not here."
        ));
    }
    all.push(
        "A happening counts once, however many reports it has; reports that copy each other are one origin. \
         Only what is said to have happened counts: no plan, no denial, no threatened act (the threat itself does)."
            .to_string(),
    );
    all.push(
        "Kinds and classes are PLOVER's, coded by machine from single sentences: read the words before you rely on a code. \
         The happenings shown are those most widely reported, rarest in kind for these parties, and strongest."
            .to_string(),
    );
    if query.min_origins > 1 {
        all.push(format!("Only what at least {} independent origins report is counted.", query.min_origins));
    }
    if let Some(day) = query.known_on {
        all.push(format!("As the ledger knew it on {}.", day_name(day)));
    }
    all
}
