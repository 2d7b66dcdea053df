//! What the tests of this crate share.
#![allow(dead_code, unreachable_pub)]

use demarche_knowledge::{Knowledge, Tables, load};
use jiff::civil::Date;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tables of the invented world.
pub fn world_tables() -> Tables {
    let (tables, faults) = load(&root().join("tests/world"));
    assert_eq!(lines(&faults), "");
    tables
}

/// The invented world alone.
pub fn world() -> Knowledge {
    let (knowledge, faults) = Knowledge::from_tables(world_tables(), None);
    assert_eq!(lines(&faults), "");
    knowledge
}

pub fn lines(faults: &[demarche_knowledge::DataFault]) -> String {
    faults.iter().map(|fault| format!("{fault}\n")).collect()
}

pub fn on(date: &str) -> Date {
    date.parse().expect("a date")
}

/// Numbers that look random and are the same each time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % limit
    }
}
