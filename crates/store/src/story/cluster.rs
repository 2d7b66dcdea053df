//! Clusters by average link: two clusters become one as long as their members are alike on the average.
//!
//! Sokal and Michener (1958), over a sparse graph: pairs without an edge are not alike at all.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// A merge to be tried: the likest first, then the one of the smallest members.
#[derive(Debug, PartialEq)]
struct Merge {
    likeness: f64,
    a: usize,
    b: usize,
}

impl Eq for Merge {}
impl Ord for Merge {
    fn cmp(&self, other: &Merge) -> Ordering {
        let members = |m: &Merge| Reverse((m.a, m.b));
        self.likeness.total_cmp(&other.likeness).then_with(|| members(self).cmp(&members(other)))
    }
}
impl PartialOrd for Merge {
    fn partial_cmp(&self, other: &Merge) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Clusters of `owners.len()` items: for each item the smallest item of its cluster.
///
/// `edges` join two different items each, with a likeness above 0, each pair at most once; clusters of a mean likeness
/// of `least` or more are joined, unless that would put two items of one owner together.
pub(crate) fn average_link(owners: &[usize], edges: &[(usize, usize, f64)], least: f64) -> Vec<usize> {
    let n = owners.len();
    let mut sums: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); n];
    let mut sizes = vec![1usize; n];
    let mut held: Vec<BTreeSet<usize>> = owners.iter().map(|&owner| BTreeSet::from([owner])).collect();
    let mut into: Vec<usize> = (0..n).collect();
    let mut heap = BinaryHeap::new();
    for &(a, b, likeness) in edges {
        let (a, b) = (a.min(b), a.max(b));
        sums[a].insert(b, likeness);
        sums[b].insert(a, likeness);
        if likeness >= least {
            heap.push(Merge { likeness, a, b });
        }
    }
    while let Some(Merge { likeness, a, b }) = heap.pop() {
        let alive = into[a] == a && into[b] == b;
        let mean = sums[a].get(&b).map_or(0.0, |sum| sum / (sizes[a] * sizes[b]) as f64);
        if !alive || mean != likeness || held[a].intersection(&held[b]).next().is_some() {
            continue;
        }
        into[b] = a;
        sizes[a] += sizes[b];
        let owners = std::mem::take(&mut held[b]);
        held[a].extend(owners);
        for (c, sum) in std::mem::take(&mut sums[b]) {
            sums[c].remove(&b);
            if c != a {
                *sums[a].entry(c).or_default() += sum;
                let both = sums[a][&c];
                sums[c].insert(a, both);
            }
        }
        for (&c, sum) in &sums[a] {
            let likeness = sum / (sizes[a] * sizes[c]) as f64;
            if likeness >= least {
                heap.push(Merge { likeness, a: a.min(c), b: a.max(c) });
            }
        }
    }
    // The smaller index always takes the larger in, so one pass from the front settles all.
    for item in 0..n {
        into[item] = into[into[item]];
    }
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_decide_and_owners_stay_apart() {
        let edges = [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.4), (2, 3, 0.5)];
        // 0 and 1 first; 2 is 0.6 from both; 3 is 0.5 from 2 alone, which is a sixth on the average.
        assert_eq!(average_link(&[0, 1, 2, 3], &edges, 0.5), [0, 0, 0, 3]);
        assert_eq!(average_link(&[0, 1, 0, 3], &edges, 0.5), [0, 0, 2, 2]);
        assert_eq!(average_link(&[0, 1, 2, 3], &edges, 0.95), [0, 1, 2, 3]);
    }
}
