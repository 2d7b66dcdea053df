//! How fast events of another data set go in: `cargo run --release -p demarche-store --example import_speed -- ROWS FILE`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use demarche_core::{
    ActorRef, Basis, EventType, Interval, Modality, Place, PlacePrecision, Polarity, Precision, Scope,
};
use demarche_core::{DocId, Event, Sector, Span, Tense, When, stable_hash};
use demarche_store::{Access, Entry, Ledger, RunKind, RunSpec};
use std::time::Instant;

/// Numbers without pattern from a seed (Steele, Lea, Flood 2014: SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Few states are in most of the news: the smaller of two draws.
fn code(state: &mut u64) -> String {
    let n = (next(state) % 200).min(next(state) % 200).min(next(state) % 200);
    format!("{}{}{}", (b'A' + (n / 26) as u8) as char, (b'A' + (n % 26) as u8) as char, 'X')
}

fn party(state: &mut u64) -> ActorRef {
    let code = code(state);
    let n = next(state) % 40;
    ActorRef {
        name: Some(format!("Name {n} of {code}")),
        sector: Some(Sector::ALL[(n % 26) as usize]),
        office: n.is_multiple_of(3).then(|| format!("Minister {n}")),
        code: Some(code.clone()),
        ..ActorRef::bare(format!("Person {n} of {code}"), Span::new(0, 0))
    }
}

fn entry(n: u64, state: &mut u64, rows: u64) -> Entry {
    let day = demarche_store::days::day_of(12_000 + (n * 7300 / rows) as i32).unwrap();
    let event_type = EventType::ALL[(next(state) % 16) as usize];
    let id = format!("{}-{:08x}", day, next(state) as u32);
    let event = Event {
        id: format!("e-{}", stable_hash(&["polecat", &id])),
        document: DocId::of(&[]),
        sentence: 0,
        event_type,
        mode: None,
        contexts: Vec::new(),
        cameo: None,
        quad: event_type.quad(),
        intensity: (next(state) % 200) as f32 / 10.0 - 10.0,
        actors: vec![party(state)],
        recipients: vec![party(state)],
        polarity: Polarity::Positive,
        modality: Modality::Asserted,
        tense: Tense::Past,
        attribution: None,
        when: Some(When {
            interval: Interval::day(day),
            precision: Precision::Day,
            basis: Basis::Stated,
            scope: Scope::Document,
        }),
        place: Some(Place {
            text: "Town".to_string(),
            name: format!("Town {}", next(state) % 3000),
            country: Some(code(state)),
            region: None,
            lat: Some(1.5),
            lon: Some(2.5),
            precision: PlacePrecision::City,
            scope: Scope::Document,
        }),
        evidence: Vec::new(),
        grounds: Vec::new(),
        confidence: 1.0,
    };
    Entry {
        event,
        dataset: "polecat".to_string(),
        source_id: Some(id),
        publisher: Some(format!("Publisher {}", next(state) % 500)),
        published: Some(day),
        url: None,
        title: None,
        lang: Some("en".to_string()),
        version: Some("NGEC-1.0".to_string()),
        sentence_text: None,
        extra: [
            ("GeoNames ID", "2988507"),
            ("Feature Type", "PPLC"),
            ("Story People", "A B; C D; E F"),
            ("District", "x"),
        ]
        .map(|(k, v)| (k.to_string(), v.to_string()))
        .into(),
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().unwrap().parse().unwrap();
    let path = std::path::PathBuf::from(arguments.next().unwrap());
    let begun = Instant::now();
    let mut state = 7;
    let mut made = 0;
    for n in 0..rows {
        made += entry(n, &mut state, rows).event.actors.len();
    }
    println!("{made} rows made in {:.2?}", begun.elapsed());
    let begun = Instant::now();
    let ledger = Ledger::open(&path, Access::Write).unwrap();
    let spec = RunSpec {
        kind: RunKind::Import,
        coder: None,
        tables: None,
        command: Some("speed".into()),
        author: None,
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let mut writer = ledger.writer(&spec).unwrap();
    writer.expect(rows).unwrap();
    let mut state = 7;
    for n in 0..rows {
        writer.add_entry(&entry(n, &mut state, rows)).unwrap();
        if n % 250_000 == 249_999 {
            writer.commit().unwrap();
            println!("{n} {:.2?}", begun.elapsed());
        }
    }
    println!("rows in {:.2?}", begun.elapsed());
    writer.finish(spec.at).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    println!("done in {seconds:.2} s: {:.0} rows a second", rows as f64 / seconds);
}
