//! Sixteen readers at once ask the pages of a served ledger of made events, each address once, and the times they wait
//! are printed.

use crate::made::{MONTHS, World};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Readers at once.
const READERS: usize = 16;
/// Pages of each kind.
const EACH: usize = 80;

/// One page over a connection of its own: its status and how long it took, in milliseconds.
fn fetch(address: &str, path: &str) -> Result<(u16, f64, usize), Box<dyn Error + Send + Sync>> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    let status = std::str::from_utf8(answer.get(9..12).unwrap_or_default())?.parse()?;
    Ok((status, took, answer.len()))
}

/// The addresses of one kind, no two alike.
fn paths(world: &World) -> Vec<(&'static str, String)> {
    let states = world.states();
    let mut all = Vec::new();
    for n in 0..EACH {
        // From those that act most to those that hardly do.
        let (one, other) = (states[n * 5 % 200], states[(n * 7 + 1) % 200]);
        let month = (n * 11) as i32 % (MONTHS - 24);
        let (year, month) = (2005 + month / 12, month % 12 + 1);
        let days = format!("from={year}-{month:02}&until={}-{month:02}", year + 1);
        all.push(("dyad", format!("/dyad/{one}/{other}")));
        all.push(("dyad in a year", format!("/dyad/{other}/{one}?{days}")));
        all.push(("actor", format!("/actor/{}", states[n * 2])));
        all.push(("search", format!("/search?q={}", world.word(2 + n * n))));
        all.push(("search of a dyad", format!("/search?q={one}-{other}%20type:ASSAULT")));
        all.push(("world in a year", format!("/world?{days}")));
        all.push(("network in a year", format!("/network?{days}")));
    }
    all
}

/// Asks the site at an address.
pub fn load(world: &World, address: &str) -> Result<(), Box<dyn Error>> {
    // The pages that anybody opens first are asked beforehand, and told apart.
    for path in ["/", "/", "/sources", "/runs", "/corrections"] {
        let (status, took, bytes) = fetch(address, path).map_err(|e| e.to_string())?;
        println!("{path:20} {status} {took:9.1} ms {bytes:9} bytes");
    }
    let paths = paths(world);
    let kinds: std::collections::BTreeSet<&str> = paths.iter().map(|(kind, _)| *kind).collect();
    println!("one kind of page after the other:");
    for kind in kinds {
        round(address, &paths.iter().filter(|(of, _)| *of == kind).map(|(_, path)| path.as_str()).collect::<Vec<_>>(), kind)?;
    }
    println!("the same pages again, as JSON and all mixed:");
    let mixed: Vec<String> = paths.iter().map(|(_, path)| match path.split_once('?') {
        Some((path, query)) => format!("{path}.json?{query}"),
        None => format!("{path}.json"),
    }).collect();
    round(address, &mixed.iter().map(String::as_str).collect::<Vec<_>>(), "all")?;
    println!("the pages of the first round once more, all mixed, none changed since:");
    round(address, &paths.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>(), "all")
}

/// All readers ask for pages until none is left.
fn round(address: &str, paths: &[&str], kind: &str) -> Result<(), Box<dyn Error>> {
    let (next, times, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match (fetch(address, path), times.lock()) {
                        (Ok((200, took, _)), Ok(mut times)) => times.push(took),
                        _ => _ = failed.fetch_add(1, Ordering::Relaxed),
                    }
                }
            });
        }
    });
    let (seconds, failed) = (begun.elapsed().as_secs_f64(), failed.into_inner());
    let mut times = times.into_inner().map_err(|_| "a reader failed")?;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).copied();
    println!(
        "{kind:20} half {:8.1} ms, 95 of 100 {:8.1} ms, longest {:8.1} ms; {:5.0} a second, {failed} failed",
        at(0.5).unwrap_or_default(),
        at(0.95).unwrap_or_default(),
        at(1.0).unwrap_or_default(),
        paths.len() as f64 / seconds
    );
    Ok(())
}
