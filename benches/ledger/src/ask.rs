//! Asks a ledger of made events what the goals name, and prints how long the program's own answers take.

use crate::made::World;
use demarche_core::{ActorSet, Designation, Interval};
use demarche_store::collect::panel::{PanelSpec, Unit};
use demarche_store::collect::series::Width;
use demarche_store::{Access, Ledger, Query};
use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// Rounds of the quick questions, and of the panel.
const ROUNDS: usize = 21;
const PANELS: usize = 3;

/// The first time, the median and the longest of some rounds, in milliseconds, with what the last gave.
fn timed<T>(rounds: usize, mut ask: impl FnMut(usize) -> Result<T, Box<dyn Error>>) -> Result<([f64; 3], T), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut last = None;
    for round in 0..rounds {
        let begun = Instant::now();
        last = Some(ask(round)?);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let last = last.ok_or("no round")?;
    Ok(([first, times[rounds / 2], times[rounds - 1]], last))
}

fn print(name: &str, [first, median, longest]: [f64; 3], of: impl std::fmt::Display) {
    println!("{name:42} first {first:9.2} ms, median {median:9.2} ms, longest {longest:9.2} ms  ({of})");
}

/// Peak memory of this process, in MB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Asks them all; the pairs and words are the world's, from those that act most and stand oftenest to seldom ones.
pub fn ask(world: &World, path: &Path) -> Result<(), Box<dyn Error>> {
    let ledger = Ledger::open(path, Access::Read)?;
    let who = |name: &str| Some(ActorSet::one(name, Designation::Code(name.to_owned())));
    let query = |line: &str| -> Result<Query, Box<dyn Error>> {
        Query::parse(line, &who).map_err(|faults| format!("{line}: {faults:?}").into())
    };
    let states = world.states();
    let pair = |round: usize| (states[round % 20], states[(round * 7 + 1) % 200]);

    let heaviest = query(&format!("{}-{}", states[0], states[1]))?;
    let (times, events) = timed(ROUNDS, |_| Ok(ledger.series(&heaviest, Width::Month)?.iter().map(|b| b.sums.events()).sum::<u32>()))?;
    print("a dyad's monthly series, the same", times, format!("{events} events"));
    let (times, months) = timed(ROUNDS, |round| {
        let (a, b) = pair(round);
        Ok(ledger.series(&query(&format!("{a}-{b}"))?, Width::Month)?.len())
    })?;
    print("a dyad's monthly series, each another", times, format!("{months} months"));
    let (times, rows) = timed(ROUNDS, |round| {
        let (a, b) = pair(round);
        Ok(ledger.rows_before(&query(&format!("{a}-{b}"))?, 50, None)?.0.len())
    })?;
    print("the latest fifty of a dyad", times, format!("{rows} rows"));
    for (name, rank) in [("a common word", 3), ("a word less common", 300), ("a rare word", 15_000)] {
        let (times, rows) = timed(ROUNDS, |round| {
            let line = query(world.word(rank + round))?;
            Ok(ledger.rows_before(&line, 50, None)?.0.len())
        })?;
        print(&format!("the latest fifty with {name}"), times, format!("{rows} rows"));
        let (times, found) = timed(ROUNDS, |round| Ok(ledger.count(&query(world.word(rank + round))?)?))?;
        print(&format!("how many with {name}"), times, format!("{found} events"));
    }
    let unit = |code: &&str| Unit { code: (*code).to_owned(), states: vec![((*code).to_owned(), Interval::ALWAYS)] };
    let units: Vec<Unit> = states.iter().map(unit).collect();
    for (name, dyads) in [("a panel of 200 states by month", false), ("a panel of their ordered pairs by month", true)] {
        let spec = PanelSpec { units: units.clone(), dyads, width: Width::Month };
        let (times, (rows, events)) = timed(PANELS, |_| {
            let (mut rows, mut events) = (0_u64, 0_u64);
            ledger.panel(&Query::default(), &spec, &mut |row| {
                rows += 1;
                events += u64::from(row.sums.events());
                Ok(())
            })?;
            Ok((rows, events))
        })?;
        print(name, times, format!("{rows} rows, {events} events"));
    }
    println!("peak memory {} MB", peak());
    Ok(())
}
