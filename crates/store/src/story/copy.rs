//! Which report is a copy of which: shared runs of words, found by MinHash so that not every pair is compared.
//!
//! Broder, "On the resemblance and containment of documents" (1997); bands as in Leskovec, Rajaraman, Ullman,
//! "Mining of Massive Datasets", chapter 3.

use std::collections::{BTreeMap, BTreeSet};

/// Words in a run.
const RUN: usize = 3;
/// Hashes of a signature, and rows of a band: pairs that share half of their runs meet in a band with 0.9999.
const HASHES: usize = 64;
const ROWS: usize = 2;
/// A text of fewer runs says too little to be known again.
const LEAST: usize = 5;

/// A text as the set of its runs of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs(BTreeSet<u64>);

/// Words of a text, in small letters.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// FNV-1a over the words of a run, each closed by a byte that no text holds.
fn hash<'a>(words: impl Iterator<Item = &'a String>) -> u64 {
    words
        .flat_map(|w| w.bytes().chain([0xff]))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Runs {
    /// The runs of a text.
    pub fn of(text: &str) -> Runs {
        let words: Vec<String> = words(text).collect();
        Runs(words.windows(RUN).map(|run| hash(run.iter())).collect())
    }

    fn shared(&self, other: &Runs) -> usize {
        let (small, large) = if self.0.len() <= other.0.len() { (self, other) } else { (other, self) };
        small.0.iter().filter(|run| large.0.contains(run)).count()
    }

    /// Runs in both over runs in either, 0 to 1.
    pub fn resemblance(&self, other: &Runs) -> f64 {
        let shared = self.shared(other);
        let either = self.0.len() + other.0.len() - shared;
        if either == 0 { 0.0 } else { shared as f64 / either as f64 }
    }

    /// Runs in both over runs in the shorter, 0 to 1: an excerpt is contained in its whole.
    pub fn containment(&self, other: &Runs) -> f64 {
        let least = self.0.len().min(other.0.len());
        if least < LEAST { 0.0 } else { self.shared(other) as f64 / least as f64 }
    }

    fn signature(&self) -> [u64; HASHES] {
        let mut least = [u64::MAX; HASHES];
        for &run in &self.0 {
            for (slot, seed) in least.iter_mut().zip(1u64..) {
                *slot = (*slot).min(mixed(run ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
            }
        }
        least
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Pairs that may resemble each other, smaller index first, in order.
///
/// Texts that share half of their runs are among them but for one pair in ten thousand.
pub fn candidates(texts: &[Runs]) -> Vec<(usize, usize)> {
    let mut bands: BTreeMap<(usize, u64), Vec<usize>> = BTreeMap::new();
    for (ix, text) in texts.iter().enumerate() {
        if text.0.len() < LEAST {
            continue;
        }
        for (band, rows) in text.signature().chunks_exact(ROWS).enumerate() {
            let key = rows.iter().fold(band as u64, |key, &row| mixed(key ^ row));
            bands.entry((band, key)).or_default().push(ix);
        }
    }
    let mut pairs = BTreeSet::new();
    for members in bands.values() {
        for (n, &a) in members.iter().enumerate() {
            // What fills one bucket by the hundred is boilerplate; its neighbours are enough to join it.
            pairs.extend(members[n + 1..].iter().take(64).map(|&b| (a, b)));
        }
    }
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of words from a seed; each but the first of five is an edit of the one before.
    fn texts() -> Vec<Runs> {
        let mut state = 5u64;
        let mut below = |n: u64| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed(state) % n
        };
        let mut all: Vec<Vec<u64>> = Vec::new();
        for n in 0..400 {
            let mut words: Vec<u64> = match all.last() {
                Some(last) if n % 5 > 0 => last.clone(),
                _ => (0..60).map(|_| below(3000)).collect(),
            };
            for _ in 0..below(8) {
                let at = below(words.len() as u64) as usize;
                words[at] = below(3000);
            }
            all.push(words);
        }
        let text = |words: &Vec<u64>| words.iter().map(|w| format!("w{w}")).collect::<Vec<_>>().join(" ");
        all.iter().map(|words| Runs::of(&text(words))).collect()
    }

    #[test]
    fn bands_find_what_comparing_every_pair_finds() {
        let texts = texts();
        let found: BTreeSet<(usize, usize)> = candidates(&texts).into_iter().collect();
        let mut alike = 0;
        for a in 0..texts.len() {
            for b in a + 1..texts.len() {
                if texts[a].resemblance(&texts[b]) >= 0.5 {
                    alike += 1;
                    assert!(found.contains(&(a, b)), "{a} and {b} share {}", texts[a].resemblance(&texts[b]));
                }
            }
        }
        assert!(alike > 300 && found.len() < 8000, "{alike} alike, {} looked at of 79800", found.len());
    }
}
