//! How long the packed tables take to open, and a name to be looked up.
//!
//! ```sh
//! cargo run --release -p demarche-knowledge --example speed -- data
//! cargo run --release -p demarche-knowledge --example speed -- target/release/build/demarche-data-*/out/knowledge.bin
//! ```
//!
//! The second opens what a build has packed, in a process that has done nothing before, as the program does.
#![allow(clippy::print_stdout)]

use demarche_knowledge::{Knowledge, load};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "data".to_owned());
    let packed = |dir: &str| Knowledge::from_tables(load(dir.as_ref()).0, None).0.to_bytes();
    let bytes: &'static [u8] = std::fs::read(&path).unwrap_or_else(|_| packed(&path)).leak();
    let mut opened: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            let knowledge = black_box(Knowledge::from_static(black_box(bytes)));
            let took = start.elapsed().as_secs_f64() * 1e3;
            drop(knowledge);
            took
        })
        .collect();
    let first = opened[0];
    opened.sort_by(f64::total_cmp);
    let (best, median) = (opened[0], opened[7]);
    println!("packed {} bytes, opened in {first:.1} ms, then {median:.1} (median), {best:.1} at best", bytes.len());
    let Ok(knowledge) = Knowledge::from_static(bytes) else { return };
    let day = jiff::civil::date(2025, 6, 1);
    let names: Vec<String> = knowledge.names().iter().step_by(7).map(|name| format!("{} said", name.text)).collect();
    let actors: Vec<String> = knowledge.actors().iter().step_by(3).map(|actor| actor.id.to_string()).collect();
    let each = |what: &str, count: usize, ask: &mut dyn FnMut()| {
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            ask();
            best = best.min(start.elapsed().as_secs_f64() * 1e6 / count as f64);
        }
        println!("{what}: {best:.2} µs each, {count} of them");
    };
    each("a name in a text, with all who bear it", names.len(), &mut || {
        names.iter().for_each(|text| drop(black_box(knowledge.names_at(text, 0))));
    });
    let mut places: Vec<String> = knowledge.places().map(|place| place.name.to_owned()).collect();
    // An order that no cache helps with.
    places.sort_by_key(|name| name.bytes().rev().collect::<Vec<u8>>());
    each("a place, with all that bear its name", places.len(), &mut || {
        places.iter().for_each(|name| drop(black_box(knowledge.places_named(name))));
    });
    each("an actor by its id", actors.len(), &mut || {
        actors.iter().for_each(|id| {
            let _ = black_box(knowledge.actor(id));
        });
    });
    each("the offices of a person on a day", actors.len(), &mut || {
        actors.iter().for_each(|id| drop(black_box(knowledge.offices_of(id, day))));
    });
}
