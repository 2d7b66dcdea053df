//! Reads a data folder, says every fault, and how long packing, unpacking and looking up places take:
//! `cargo run --release -p demarche-knowledge --example check -- data`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use demarche_knowledge::{Knowledge, load};
use std::time::Instant;

fn main() {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "data".to_owned());
    let start = Instant::now();
    let (tables, mut faults) = load(dir.as_ref());
    let read = start.elapsed();
    let start = Instant::now();
    let (knowledge, crossed) = Knowledge::from_tables(tables, None);
    let built = start.elapsed();
    faults.extend(crossed);
    faults.iter().for_each(|fault| println!("{fault}"));
    let bytes = knowledge.to_bytes();
    // The least of several: other work on the machine only ever adds.
    let open = || {
        let start = Instant::now();
        let knowledge = Knowledge::from_bytes(&bytes).unwrap();
        (start.elapsed(), knowledge)
    };
    let (opened, again) = (0..10).map(|_| open()).min_by_key(|(took, _)| *took).unwrap();
    println!(
        "{} actors, {} names, {} tenures, {} places, {} patterns; {} faults",
        again.actors().len(),
        again.names().len(),
        again.tables().tenures.len(),
        again.places().count(),
        again.patterns().all.len(),
        faults.len()
    );
    // Names in an order that no cache helps with; the mean of all of them.
    let mut names: Vec<String> = again.places().map(|place| place.name.to_owned()).collect();
    names.sort_by_key(|name| name.bytes().rev().collect::<Vec<u8>>());
    let start = Instant::now();
    let found: usize = names.iter().map(|name| again.places_named(name).len()).sum();
    let look_up = start.elapsed() / names.len().max(1) as u32;
    println!("{} look-ups of places, {found} found, {look_up:?} each", names.len());
    println!("read {read:?}, built {built:?}, packed {} bytes, opened {opened:?}", bytes.len());
}
