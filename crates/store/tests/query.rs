//! What a query finds is what trying every event finds; a series and a panel are a recount of it, zeros included.

mod common;

use common::{Folder, add, day, party, report, spec, time};
use demarche_core::{
    ActorRef, ActorSet, Designation, Event, EventType, Interval, Member, Modality, Mode, Place, PlacePrecision,
    Polarity, Precision, Record, Scope,
};
use demarche_store::collect::panel::{PanelSpec, Unit};
use demarche_store::collect::series::Width;
use demarche_store::collect::{CLASSES, Sums};
use demarche_store::{Ledger, Query, RunKind, Stored, Term};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers from a seed: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
    fn name(&mut self) -> &'static str {
        WHO[self.below(WHO.len())]
    }
    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
    fn date(&mut self) -> Date {
        day("2024-01-01").checked_add(i64::try_from(self.below(500)).expect("small").days()).expect("a date")
    }
}

const WHO: [&str; 5] = ["Arnor", "Gondor", "Rohan", "Mordor", "Isengard"];
const VERBS: [&str; 3] = ["condemned", "praised", "attacked"];

fn code(name: &str) -> String {
    name[..3].to_uppercase()
}

/// Some hundred reports of the invented world, of every kind that a query tells apart.
fn ledger(folder: &Folder, random: &mut Random) -> Ledger {
    let ledger = folder.open();
    let mut writer = ledger.writer(&spec(RunKind::Ingest, "2026-01-01")).expect("a writer");
    for n in 0..400 {
        let (actor, recipient, verb) = (random.name(), random.name(), *random.of(&VERBS));
        let published = random.date();
        let text = format!("{actor} {verb} {recipient} in report {n}.");
        let mut report =
            report(&text, [actor, verb, recipient], *random.of(EventType::ALL), &published.to_string(), None);
        report.record.publisher = random.one_in(2).then(|| random.of(&["Herald", "Palantir Post"]).to_string());
        let Record::Event(event) = &mut report.records[0] else { unreachable!() };
        change(event, &text, random);
        event.place = place(n);
        add(&mut writer, &report);
    }
    writer.commit().expect("committed");
    writer.finish(time("2026-01-01")).expect("finished");
    ledger
}

fn change(event: &mut Event, text: &str, random: &mut Random) {
    event.intensity = random.below(200) as f32 / 10.0 - 10.0;
    event.mode = random.one_in(3).then_some(Mode::Visit);
    if random.one_in(4) {
        event.actors.append(&mut event.recipients);
    }
    if random.one_in(4) {
        event.actors.push(party(random.name(), text));
    }
    if random.one_in(6) {
        event.polarity = Polarity::Negative;
    }
    if random.one_in(6) {
        event.modality = Modality::Planned;
    }
    if random.one_in(10) {
        event.when = None;
    } else if let Some(when) = &mut event.when {
        when.precision =
            *random.of(&[Precision::Day, Precision::Day, Precision::Week, Precision::Month, Precision::Year]);
        let from = random.date();
        when.interval = Interval { from: Some(from), until: from.tomorrow().ok() };
    }
}

/// Towns, buildings and states by turns, and nowhere.
fn place(n: usize) -> Option<Place> {
    let (name, country, precision) = match n % 4 {
        0 => ("Minas Tirith", "GON", PlacePrecision::City),
        1 => ("Orthanc", "ISE", PlacePrecision::Building),
        2 => ("Rohan", "ROH", PlacePrecision::Country),
        _ => return None,
    };
    let text = |text: &str| text.to_string();
    Some(Place {
        text: text(name),
        name: text(name),
        country: Some(text(country)),
        region: None,
        lat: Some(n as f64 % 4.0),
        lon: Some(7.0),
        precision,
        scope: Scope::Sentence,
    })
}

fn always(name: &str) -> ActorSet {
    ActorSet::one(name, Designation::Code(code(name)))
}

/// A state, a person by id, or a group that states join and leave.
fn some_set(random: &mut Random) -> ActorSet {
    let name = random.name();
    match random.below(3) {
        0 => always(name),
        1 => ActorSet::one(name, Designation::Id(name.to_lowercase())),
        _ => {
            let member = |random: &mut Random| {
                let from = random.date();
                let interval = if random.one_in(2) {
                    Interval {
                        from: Some(from),
                        until: from.checked_add(random.below(300).max(1) as i64 * 1.day()).ok(),
                    }
                } else {
                    Interval::ALWAYS
                };
                let who = code(random.name());
                Member { who: Designation::Code(who), interval }
            };
            ActorSet { name: "Council".to_string(), members: (0..3).map(|_| member(random)).collect() }
        }
    }
}

fn some_query(random: &mut Random) -> Query {
    let mut query = Query::default();
    if random.one_in(2) {
        query = Query::between(some_set(random), some_set(random), random.one_in(2));
    } else if random.one_in(2) {
        query.actors = vec![some_set(random)];
    }
    if random.one_in(2) {
        let from = random.date();
        let first = if random.one_in(2) { from.first_of_month() } else { from };
        query = query.during(Some(first), random.one_in(2).then(|| first.checked_add(3.months()).expect("a date")));
    }
    if random.one_in(4) {
        query.types = vec![*random.of(EventType::ALL), *random.of(EventType::ALL)];
    }
    if random.one_in(4) {
        query.classes = vec![*random.of(&CLASSES)];
    }
    if random.one_in(6) {
        query.modes = vec![Mode::Visit];
    }
    if random.one_in(5) {
        query.text = vec![Term { words: "attacked".to_string(), begins: false }];
    }
    if random.one_in(6) {
        query.publisher = Some("palantir post".to_string());
    }
    if random.one_in(6) {
        query.polarity = Some(Polarity::Negative);
    }
    if random.one_in(6) {
        query.known_on = Some(random.date());
    }
    query.all = random.one_in(6);
    query
}

fn day_of(stored: &Stored) -> Date {
    stored.entry.event.when.and_then(|w| w.interval.from).unwrap_or(stored.known)
}

/// The same by trying.
fn fits(query: &Query, stored: &Stored) -> bool {
    let (entry, event, on) = (&stored.entry, &stored.entry.event, day_of(stored));
    let pair = query.pair.as_ref().is_none_or(|pair| {
        let way = |a: &ActorSet, b: &ActorSet| event.dyads().iter().any(|(x, y)| a.has(x, on) && b.has(y, on));
        way(&pair.source, &pair.target) || (!pair.directed && way(&pair.target, &pair.source))
    });
    let parties: Vec<&ActorRef> = event.actors.iter().chain(&event.recipients).collect();
    let known = query.known_on.is_none_or(|day| stored.known <= day);
    let unreal = query.all || query.polarity.is_some() || query.modality.is_some();
    pair && known
        && query.actors.iter().all(|set| parties.iter().any(|party| set.has(party, on)))
        && query.text.iter().all(|term| entry.sentence_text.as_ref().is_some_and(|text| text.contains(&term.words)))
        && (query.types.is_empty() || query.types.contains(&event.event_type))
        && (query.classes.is_empty() || query.classes.contains(&event.event_type.quad()))
        && (query.modes.is_empty() || event.mode.is_some_and(|mode| query.modes.contains(&mode)))
        && query.polarity.is_none_or(|polarity| event.polarity == polarity)
        && (unreal || event.counted())
        && query
            .publisher
            .as_ref()
            .is_none_or(|name| entry.publisher.as_ref().is_some_and(|p| p.eq_ignore_ascii_case(name)))
        && query.from.is_none_or(|from| from <= on)
        && query.until.is_none_or(|until| on < until)
}

fn everything(ledger: &Ledger) -> Vec<Stored> {
    let mut reader = ledger.reader();
    let keys = reader.keys_in_force().expect("keys");
    keys.into_iter().map(|key| reader.event(key).expect("an event")).collect()
}

fn recount<'a>(found: impl Iterator<Item = &'a Stored>, width: Width) -> BTreeMap<Date, Sums> {
    let mut sums: BTreeMap<Date, Sums> = BTreeMap::new();
    for stored in found {
        let event = &stored.entry.event;
        let Some((precision, from)) = event.when.and_then(|w| Some((w.precision, w.interval.from?))) else { continue };
        let coarsest = match width {
            Width::Day => Precision::Day,
            Width::Week => Precision::Week,
            Width::Month | Width::Quarter | Width::Year => Precision::Month,
        };
        if precision <= coarsest {
            let thousandths = (f64::from(event.intensity) * 10.0).round() as i64 * 100;
            sums.entry(width.start(from)).or_default().add(event.event_type, 1, thousandths);
        }
    }
    sums
}

/// The keys of what a SELECT over the views gives, as whoever opens the file by hand gets them.
fn by_sql(folder: &Folder, sql: &str) -> Vec<i64> {
    let conn = rusqlite::Connection::open(folder.file()).expect("the file");
    let mut rows = conn.prepare(sql).unwrap_or_else(|e| panic!("{e}: {sql}"));
    let key = rows.column_index("key").expect("the key");
    rows.query_map([], |row| row.get(key)).expect("rows").collect::<rusqlite::Result<_>>().expect("keys")
}

#[test]
fn what_a_query_says_stays_a_literal_in_sql() {
    let (folder, mut random) = (Folder::new("literal"), Random(1));
    let ledger = ledger(&folder, &mut random);
    let hostile = "'; DROP TABLE event; --".to_string();
    let name = ActorSet::one(&hostile, Designation::Name(hostile.clone()));
    let query = Query {
        text: vec![Term { words: format!("\"{hostile}"), begins: true }],
        actors: vec![name.clone()],
        pair: Query::between(name, ActorSet::one("x", Designation::Code(hostile.clone())), false).pair,
        place: Some(hostile.clone()),
        country: Some(hostile.clone()),
        publisher: Some(hostile.clone()),
        dataset: Some(hostile.clone()),
        story: Some(hostile.clone()),
        document: Some(hostile),
        min_origins: 2,
        ..Query::default()
    };
    let all = everything(&ledger).len();
    assert_eq!(by_sql(&folder, &ledger.sql(&query).expect("SQL")), Vec::<i64>::new());
    let known = Query { known_on: Some(day("2025-01-01")), ..query };
    assert_eq!(by_sql(&folder, &ledger.sql(&known).expect("SQL")), Vec::<i64>::new());
    assert_eq!(everything(&ledger).len(), all);
}

#[test]
fn what_an_actor_does_and_with_whom_is_a_recount() {
    let (folder, mut random) = (Folder::new("sides"), Random(11));
    let ledger = ledger(&folder, &mut random);
    let all = everything(&ledger);
    let mut sums_answer = 0;
    for round in 0..80 {
        let mut query = Query { types: some_query(&mut random).types, ..Query::default() };
        if random.one_in(2) {
            let from = random.date().first_of_month();
            query = query.during(Some(from), random.one_in(2).then(|| from.checked_add(3.months()).expect("a date")));
        }
        // What the sums cannot answer is counted event by event.
        query.known_on = (round % 3 == 0).then(|| day("2026-01-01"));
        let who = if random.one_in(4) { some_set(&mut random) } else { always(random.name()) };
        let about = Query { actors: vec![who.clone()], ..query.clone() };
        let found: Vec<&Stored> = all.iter().filter(|stored| fits(&about, stored)).collect();
        let total = |side: &dyn Fn(&Stored) -> bool| {
            let mut sums = Sums::default();
            recount(found.iter().copied().filter(|s| side(s)), Width::Month).values().for_each(|s| sums.add_all(s));
            sums
        };
        let has = |stored: &Stored, parties: &[ActorRef]| parties.iter().any(|party| who.has(party, day_of(stored)));
        let acts = |stored: &Stored| has(stored, &stored.entry.event.actors);
        let mutual = |stored: &Stored| stored.entry.event.recipients.is_empty() && stored.entry.event.actors.len() > 1;
        let receives = |s: &Stored| has(s, &s.entry.event.recipients) || (mutual(s) && acts(s));
        assert_eq!(ledger.sides(&who, &query).expect("sides"), (total(&acts), total(&receives)), "{about:?}");

        let partners = ledger.partner_states(&who, &query, &|code| code != "ISE").expect("partners");
        sums_answer += usize::from(partners.is_some());
        for partner in partners.unwrap_or_default() {
            let code = partner.code.expect("a code");
            assert_ne!(code, "ISE");
            let own = who.members[0].who.code().expect("a code");
            let way = |stored: &Stored, from: &str, to: &str| {
                let is = |party: &ActorRef, code: &str| party.code.as_deref() == Some(code);
                stored.entry.event.dyads().iter().any(|(a, b)| is(a, from) && is(b, to))
            };
            assert_eq!(partner.out, total(&|stored| way(stored, own, &code)), "{own} > {code} {query:?}");
            assert_eq!(partner.received, total(&|stored| way(stored, &code, own)), "{code} > {own} {query:?}");
            // Of the events themselves, those of a time coarser than a month are counted too.
            let fine: Vec<i64> = found
                .iter()
                .filter(|s| !recount(std::iter::once(**s), Width::Month).is_empty())
                .map(|s| s.key)
                .collect();
            let same = ledger.partners(&who, &fine, &|code| code != "ISE").expect("partners");
            let same = same.iter().find(|p| p.code.as_deref() == Some(&code)).expect("the partner");
            assert_eq!((same.out, same.received), (partner.out, partner.received));
        }
    }
    assert!(sums_answer > 30, "{sums_answer}");
}

#[test]
fn a_query_finds_what_trying_finds_and_a_series_counts_it() {
    let (folder, mut random) = (Folder::new("query"), Random(3));
    let ledger = ledger(&folder, &mut random);
    let all = everything(&ledger);
    let (mut found_any, mut simple) = (0, 0);
    for _ in 0..300 {
        let mut query = some_query(&mut random);
        if random.one_in(3) {
            // What the monthly sums answer.
            let pair = Query::between(always(random.name()), always(random.name()), random.one_in(2)).pair;
            query = Query { pair, types: query.types, classes: query.classes, ..Query::default() };
            if random.one_in(2) {
                query = Query { pair: None, actors: vec![always(random.name())], ..query };
            }
            simple += 1;
        }
        let wanted: Vec<&Stored> = all.iter().filter(|stored| fits(&query, stored)).collect();
        let mut keys: Vec<i64> = wanted.iter().map(|stored| stored.key).collect();
        let mut found = ledger.keys(&query, None).expect("keys");
        assert!(
            found.len() < 2 || {
                let days: Vec<Date> = ledger.rows(&query, None).expect("rows").iter().map(day_of).collect();
                days.is_sorted()
            }
        );
        // The latest alone, from a place on, are the end of all.
        let (some, next) = ledger.rows_before(&query, 7, None).expect("rows");
        let (more, _) =
            if next.is_some() { ledger.rows_before(&query, 7, next).expect("rows") } else { Default::default() };
        let latest: Vec<i64> = some.iter().chain(&more).map(|stored| stored.key).collect();
        assert_eq!(latest, found.iter().rev().take(14).copied().collect::<Vec<_>>(), "{query:?}");
        let days = wanted.iter().map(|stored| day_of(stored));
        assert_eq!(ledger.span(&query).expect("a span"), days.clone().min().zip(days.max()), "{query:?}");
        let (near, _) = ledger.found_before(&query, 1000, None).expect("keys");
        assert_eq!(near, found.iter().rev().copied().collect::<Vec<_>>(), "{query:?}");
        assert_eq!(by_sql(&folder, &ledger.sql(&query).expect("SQL")), found, "{query:?}");
        found.sort_unstable();
        keys.sort_unstable();
        assert_eq!(found, keys, "{query:?}");
        assert_eq!(ledger.count(&query).expect("a count"), keys.len() as u64);
        found_any += usize::from(!keys.is_empty());
        let width = *random.of(&[Width::Day, Width::Week, Width::Month, Width::Quarter, Width::Year]);
        let series = ledger.series(&query, width).expect("a series");
        assert!(series.windows(2).all(|two| two[0].until == two[1].from), "a gap");
        let counted: BTreeMap<Date, Sums> =
            series.iter().filter(|bin| bin.sums.events() > 0).map(|bin| (bin.from, bin.sums)).collect();
        assert_eq!(counted, recount(wanted.into_iter(), width), "{width:?} {query:?}");
    }
    assert!(found_any > 100 && simple > 50, "too few queries find anything");
}

#[test]
fn a_panel_is_a_recount_with_a_row_for_every_zero() {
    let (folder, mut random) = (Folder::new("panel"), Random(5));
    let ledger = ledger(&folder, &mut random);
    let all = everything(&ledger);
    let late = Interval { from: Some(day("2024-08-01")), until: None };
    let unit = |name: &&str| Unit {
        code: code(name),
        states: vec![(code(name), if *name == "Rohan" { late } else { Interval::ALWAYS })],
    };
    let spec = PanelSpec { units: WHO.iter().map(unit).collect(), dyads: true, width: Width::Month };
    let period = Query::default().during(Some(day("2024-01-01")), Some(day("2025-01-01")));
    // Both ways of counting: from the monthly sums, and from the events.
    for query in [period.clone(), Query { known_on: Some(day("2024-10-01")), ..period.clone() }] {
        let (mut rows, mut counted) = (0, BTreeMap::new());
        let mut read = 0;
        ledger
            .panel(&query, &spec, &mut |row| {
                rows += 1;
                read += row.exposure.documents;
                let key = (row.source.to_string(), row.target.map(str::to_string), row.from);
                assert!(row.sums.events() == 0 || counted.insert(key, *row.sums).is_none(), "a row twice");
                Ok(())
            })
            .expect("a panel");
        // Twelve months for the twelve pairs without the late state, five for the eight with it.
        assert_eq!(rows, 12 * 12 + 8 * 5);
        assert!(read > 0);
        let mut wanted = BTreeMap::new();
        for source in WHO {
            for target in WHO.iter().filter(|target| **target != source) {
                let pair = Query { pair: Query::between(always(source), always(target), true).pair, ..query.clone() };
                let found = all.iter().filter(|stored| fits(&pair, stored));
                for (month, sums) in recount(found, Width::Month) {
                    if (source != "Rohan" && *target != "Rohan") || month >= day("2024-08-01") {
                        wanted.insert((code(source), Some(code(target)), month), sums);
                    }
                }
            }
        }
        assert_eq!(counted, wanted);
    }
    let spec = PanelSpec { dyads: false, ..spec };
    for query in [period.clone(), Query { known_on: Some(day("2026-01-01")), ..period }] {
        ledger
            .panel(&query, &spec, &mut |row| {
                let sides = |who: &str, acts: bool| {
                    let found = all.iter().filter(|stored| {
                        let sides = stored.entry.event.dyads().into_iter();
                        let alone = match (&stored.entry.event.actors[..], stored.entry.event.recipients.is_empty()) {
                            ([only], true) => acts && only.code.as_deref() == Some(who),
                            _ => false,
                        };
                        let one = |(a, b): (&ActorRef, &ActorRef)| if acts { a.code.clone() } else { b.code.clone() };
                        fits(&query, stored) && (alone || sides.map(one).any(|code| code.as_deref() == Some(who)))
                    });
                    recount(found, Width::Month).get(&row.from).copied().unwrap_or_default()
                };
                assert_eq!(*row.sums, sides(row.source, true), "{} acts in {}", row.source, row.from);
                assert_eq!(row.received.copied(), Some(sides(row.source, false)), "{} in {}", row.source, row.from);
                Ok(())
            })
            .expect("a panel");
    }
}

/// The codes of the pairs of an event; 0 on the side of nobody.
fn codes(event: &Event) -> Vec<(String, String)> {
    let code = |party: &ActorRef| party.code.clone().expect("a code");
    match (&event.actors[..], event.recipients.is_empty()) {
        ([only], true) => vec![(code(only), "0".to_string())],
        _ => event.dyads().iter().map(|(a, b)| (code(a), code(b))).collect(),
    }
}

#[test]
fn a_map_is_a_recount_by_code_by_pair_and_by_place() {
    let (folder, mut random) = (Folder::new("world"), Random(11));
    let ledger = ledger(&folder, &mut random);
    let all = everything(&ledger);
    let who: Vec<String> = WHO.iter().map(|name| code(name)).collect();
    let named: BTreeSet<&str> = who.iter().map(String::as_str).collect();
    let names: BTreeMap<String, String> = who.iter().map(|code| (code.clone(), code.clone())).collect();
    for n in 0..12 {
        let mut query = Query::default();
        if n % 3 > 0 {
            query = query.during(Some(day("2024-04-01")), (n % 3 > 1).then(|| day("2024-06-01")));
        }
        query.classes = if n % 2 == 0 { Vec::new() } else { vec![CLASSES[n % 4], CLASSES[3]] };
        let found: Vec<&Stored> = all.iter().filter(|stored| fits(&query, stored)).collect();
        let sum = |of: &dyn Fn(&Event) -> bool| {
            let mut sums = Sums::default();
            let these = found.iter().copied().filter(|stored| of(&stored.entry.event));
            recount(these, Width::Year).values().for_each(|year| sums.add_all(year));
            sums
        };
        let sides = ledger.by_code(&query, &named).expect("sides");
        for code in &who {
            let (acts, receives) = (
                |event: &Event| codes(event).iter().any(|(source, _)| source == code),
                |event: &Event| codes(event).iter().any(|(_, target)| target == code),
            );
            let told = sides.get(code).copied().unwrap_or_default();
            assert_eq!(told.acts, sum(&acts), "{code} acts {query:?}");
            assert_eq!(told.receives, sum(&receives), "{code} receives {query:?}");
            assert_eq!(told.either, sum(&|event| acts(event) || receives(event)), "{code} {query:?}");
        }
        let mut pairs: Vec<(Sums, &str, &str)> = Vec::new();
        for one in &named {
            for other in named.range::<str, _>((std::ops::Bound::Excluded(*one), std::ops::Bound::Unbounded)) {
                let sums = sum(&|event| {
                    codes(event).iter().any(|(a, b)| (a == one && b == other) || (a == other && b == one))
                });
                pairs.push((sums, one, other));
            }
        }
        pairs.retain(|(sums, ..)| sums.events() > 0);
        let network = ledger.network(&query, &names).expect("a network").narrowed(&CLASSES, 2);
        let strong: BTreeMap<(&str, &str), Sums> =
            pairs.iter().filter(|(sums, ..)| sums.events() > 1).map(|(sums, a, b)| ((*a, *b), *sums)).collect();
        assert_eq!(network.pairs(&CLASSES, &Interval::ALWAYS), strong, "{query:?}");
        pairs.sort_by_key(|(sums, one, other)| (std::cmp::Reverse(sums.events()), *one, *other));
        for limit in [0, 3, 100] {
            let told = ledger.strongest(&query, &sides, limit).expect("dyads");
            let told: Vec<(Sums, &str, &str)> =
                told.iter().map(|dyad| (dyad.sums, dyad.one.as_str(), dyad.other.as_str())).collect();
            assert_eq!(told, pairs[..limit.min(pairs.len())], "{query:?}");
        }
        let mut latest: Vec<&Stored> = all
            .iter()
            .filter(|stored| {
                let on = day_of(stored);
                query.from.is_none_or(|from| from <= on) && query.until.is_none_or(|until| on < until)
            })
            .collect();
        latest.sort_by_key(|stored| std::cmp::Reverse((day_of(stored), stored.key)));
        let located = ledger.located(&query, 60, 1).expect("places");
        assert_eq!((located.looked as usize, located.whole), (latest.len().min(60), latest.len() <= 60));
        latest.truncate(60);
        let within = |name: &str, deeds: bool| {
            let mut sums = Sums::default();
            let these = latest.iter().copied().filter(|stored| {
                let event = &stored.entry.event;
                let place = event.place.as_ref();
                fits(&query, stored)
                    && place.is_some_and(|place| place.name == name)
                    && (!deeds || matches!(event.event_type.quad().number(), 2 | 4))
            });
            recount(these, Width::Year).values().for_each(|year| sums.add_all(year));
            sums
        };
        for (name, country) in [("Minas Tirith", "GON"), ("Orthanc", "ISE"), ("Rohan", "ROH")] {
            let told = located.countries.get(country).copied().unwrap_or_default();
            assert_eq!(told, within(name, false), "{name} {query:?}");
        }
        let towns = [within("Minas Tirith", true), within("Orthanc", true)].map(|sums| sums.events());
        assert_eq!(located.towns.first().map_or(0, |town| town.sums.events()), towns[0].max(towns[1]));
        assert!(located.towns.iter().all(|town| town.name != "Rohan"));
    }
    let months = ledger.months().expect("months").expect("some");
    assert!(months.0 >= day("2024-01-01") && months.1 > months.0 && months.1 <= day("2025-07-01"), "{months:?}");
    assert!(ledger.by_code(&Query { min_origins: 2, ..Query::default() }, &named).is_err(), "sums do not hold it");
}

#[test]
fn a_query_printed_is_read_back() {
    let mut random = Random(9);
    for _ in 0..500 {
        let mut query = some_query(&mut random);
        query.place = random.one_in(3).then(|| "Minas Tirith".to_string());
        query.min_origins = random.below(3) as u32;
        query.reports = random.one_in(3);
        query.text.extend(random.one_in(3).then(|| Term { words: "RUS-CHN: a b".to_string(), begins: true }));
        let sets: Vec<ActorSet> = query
            .pair
            .iter()
            .flat_map(|pair| [pair.source.clone(), pair.target.clone()])
            .chain(query.actors.iter().cloned())
            .collect();
        // Names that mean two things in one query cannot be told apart by a name.
        let twice = |set: &ActorSet| sets.iter().any(|other| other.name == set.name && other != set);
        if sets.iter().any(twice) {
            continue;
        }
        let line = query.to_string();
        let read = Query::parse(&line, &|name| sets.iter().find(|set| set.name == name).cloned());
        assert_eq!(read, Ok(query), "{line}");
    }
}

#[test]
fn every_fault_of_a_query_has_its_column() {
    let who = |name: &str| (name != "Nobody").then(|| always("Arnor"));
    let faults = Query::parse("typ:X type:AID,WAR from:2024-13 Nobody>ARN \"open", &who).expect_err("faults");
    let told: Vec<(usize, &str)> = faults.iter().map(|f| (f.column, f.what.as_str())).collect();
    assert_eq!(
        told,
        [
            (1, "no key typ"),
            (16, "no event type WAR"),
            (25, "no date 2024-13"),
            (33, "nobody known as Nobody"),
            (44, "a quotation mark that is not closed"),
        ]
    );
    assert!(faults.iter().all(|fault| fault.column == 44 || !fault.hint.is_empty()));
    // A word with a hyphen is a word.
    let query = Query::parse("long-range missile*", &who).expect("a query");
    assert!(query.pair.is_none() && query.text.len() == 2 && query.text[1].begins);
}
