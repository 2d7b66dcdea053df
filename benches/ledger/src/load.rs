//! Sixteen readers at once ask the pages of a served ledger of made events, each address once, and the times they wait
//! are printed.

use crate::made::{MONTHS, World};
use std::collections::BTreeMap;
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
        // Those that act most first, then ever less.
        let (one, other) = (states[n % 40], states[(n * 7 + 1) % 200]);
        let month = (n * 11) as i32 % (MONTHS - 24);
        let (year, month) = (2005 + month / 12, month % 12 + 1);
        let days = format!("from={year}-{month:02}&until={}-{month:02}", year + 1);
        all.push(("dyad", format!("/dyad/{one}/{other}")));
        all.push(("dyad in a year", format!("/dyad/{other}/{one}?{days}")));
        all.push(("actor", format!("/actor/{}", states[n])));
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
    let (next, times) = (AtomicUsize::new(0), Mutex::new(BTreeMap::<&str, Vec<f64>>::new()));
    let failed = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                while let Some((kind, path)) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match fetch(address, path) {
                        Ok((200, took, _)) => {
                            if let Ok(mut times) = times.lock() {
                                times.entry(kind).or_default().push(took);
                                times.entry("all").or_default().push(took);
                            }
                        }
                        _ => {
                            failed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!("{} pages by {READERS} readers in {seconds:.1} s, {:.0} a second", paths.len(), paths.len() as f64 / seconds);
    for (kind, mut times) in times.into_inner().map_err(|_| "a reader failed")? {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
        println!("{kind:20} half {:8.1} ms, 95 of 100 {:8.1} ms, longest {:8.1} ms", at(0.5), at(0.95), at(1.0));
    }
    println!("{} failed", failed.into_inner());
    Ok(())
}
