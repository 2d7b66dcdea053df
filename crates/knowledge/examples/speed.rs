//! How long the packed tables take to open, and a name to be looked up.
//!
//! ```sh
//! cargo run --release -p demarche-knowledge --example speed -- data
//! ```
#![allow(clippy::print_stdout)]

use demarche_knowledge::{Knowledge, load};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "data".to_owned());
    let (tables, _) = load(dir.as_ref());
    let bytes = Knowledge::from_tables(tables, None).0.to_bytes();
    let mut opened: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            let _ = black_box(Knowledge::from_bytes(black_box(&bytes)));
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    opened.sort_by(f64::total_cmp);
    println!("packed {} bytes, opened in {:.1} ms (median of 15), {:.1} ms at best", bytes.len(), opened[7], opened[0]);
    let Ok(knowledge) = Knowledge::from_bytes(&bytes) else { return };
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
    each("an actor by its id", actors.len(), &mut || {
        actors.iter().for_each(|id| {
            let _ = black_box(knowledge.actor(id));
        });
    });
    each("the offices of a person on a day", actors.len(), &mut || {
        actors.iter().for_each(|id| drop(black_box(knowledge.offices_of(id, day))));
    });
}
