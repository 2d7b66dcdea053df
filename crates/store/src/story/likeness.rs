//! How much two reports have in common: words and actors, the rare ones of their time above all.
//!
//! Cosine of tf-idf (Salton and Buckley 1988). Rarity is counted over the weeks around a report and not over the whole
//! ledger, so that what comes in years later changes nothing about it.

use super::Report;
use super::copy::words;
use std::collections::{BTreeMap, HashMap};

/// How much of a report says what it is about: its title and first sentences.
const OPENING: usize = 100;
/// Days on either side over which rarity is counted.
const AROUND: i32 = 21;
/// As many reports without it stand behind every count, about a month of one agency's news: a likeness is to mean the
/// same in a ledger of few reports, where a happening's own reports would make its words common, and in one of many.
const BEHIND: f64 = 1000.0;
/// A word in more reports of its time than this does not by itself bring two reports together.
const COMMON: usize = 400;

/// Beginnings of words stand for the words: "sanctions", "sanctioned" (truncation at six letters).
fn stem(word: &str) -> &str {
    word.char_indices().nth(6).map_or(word, |(at, _)| &word[..at])
}

/// Terms with how often they occur; an actor (`@`) and who does what (`#`) count as much as a word that occurs once.
fn terms(report: &Report) -> BTreeMap<String, f64> {
    let mut terms: BTreeMap<String, f64> = BTreeMap::new();
    for word in words(&report.text).take(OPENING) {
        // Shorter words are nearly all of grammar.
        if word.chars().count() > 3 || word.chars().all(|c| c.is_ascii_digit()) {
            *terms.entry(stem(&word).to_string()).or_default() += 1.0;
        }
    }
    for count in terms.values_mut() {
        *count = 1.0 + count.ln();
    }
    for actor in &report.actors {
        terms.insert(format!("@{actor}"), 1.0);
    }
    for happening in report.happenings.iter().filter(|h| h.counted && h.sentence < 3) {
        for actor in &happening.actors {
            terms.insert(format!("#{} {}", happening.event_type, actor.key()), 1.0);
        }
    }
    terms
}

/// Likeness of every two reports that are near in time and share more than common words: (a, b, 0 to 1), a before b.
/// `near` says how much a distance in time takes from a likeness.
pub(super) fn pairs(reports: &[&Report], reach: i32, near: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize, f64)> {
    let mut days: Vec<i32> = reports.iter().map(|r| r.day).collect();
    days.sort_unstable();
    let within = |sorted: &[i32], day: i32, reach: i32| {
        sorted.partition_point(|&d| d <= day + reach) - sorted.partition_point(|&d| d < day - reach)
    };
    let mut numbers: HashMap<String, usize> = HashMap::new();
    // Of each term the days of its reports, and the reports themselves.
    let mut when: Vec<Vec<i32>> = Vec::new();
    let mut holders: Vec<Vec<usize>> = Vec::new();
    let mut bags: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|&ix| (reports[ix].day, ix));
    bags.resize(reports.len(), Vec::new());
    for &ix in &order {
        for (term, count) in terms(reports[ix]) {
            let next = when.len();
            let number = *numbers.entry(term).or_insert(next);
            if number == next {
                when.push(Vec::new());
                holders.push(Vec::new());
            }
            when[number].push(reports[ix].day);
            holders[number].push(ix);
            bags[ix].push((number, count));
        }
    }
    for (ix, bag) in bags.iter_mut().enumerate() {
        let day = reports[ix].day;
        let all = within(&days, day, AROUND) as f64;
        for (term, weight) in bag.iter_mut() {
            let held = within(&when[*term], day, AROUND) as f64;
            *weight *= ((all + BEHIND) / (held + 1.0)).ln().max(0.0);
        }
        let length = bag.iter().map(|(_, w)| w * w).sum::<f64>().sqrt();
        if length > 0.0 {
            bag.iter_mut().for_each(|(_, w)| *w /= length);
        }
    }
    let mut found = Vec::new();
    let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
    let weights: Vec<HashMap<usize, f64>> = bags.iter().map(|bag| bag.iter().copied().collect()).collect();
    for &a in &order {
        let day = reports[a].day;
        shared.clear();
        for &(term, _) in &bags[a] {
            let (when, holders) = (&when[term], &holders[term]);
            let range = when.partition_point(|&d| d < day)..when.partition_point(|&d| d <= day + reach);
            if range.len() > COMMON {
                continue;
            }
            for &b in &holders[range] {
                if reports[b].day > day || b > a {
                    shared.entry(b).or_insert(0.0);
                }
            }
        }
        for &b in shared.keys() {
            let near = near(a, b);
            if near <= 0.0 {
                continue;
            }
            let product: f64 = bags[a].iter().filter_map(|(term, w)| Some(w * weights[b].get(term)?)).sum();
            if product > 0.0 {
                found.push((a.min(b), a.max(b), product * near));
            }
        }
    }
    found.sort_by_key(|&(a, b, _)| (a, b));
    found
}

/// Likeness of two sentences: the share of stems in common (Jaccard).
pub(super) fn overlap(a: &str, b: &str) -> f64 {
    let stems = |text: &str| -> std::collections::BTreeSet<String> {
        words(text).filter(|w| w.chars().count() > 3).map(|w| stem(&w).to_string()).collect()
    };
    let (a, b) = (stems(a), stems(b));
    let both = a.intersection(&b).count();
    let either = a.len() + b.len() - both;
    if either == 0 { 0.0 } else { both as f64 / either as f64 }
}
