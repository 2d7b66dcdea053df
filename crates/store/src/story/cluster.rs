//! Clusters by average link: two clusters become one as long as their members are alike on the average.
//!
//! Sokal and Michener (1958), over a sparse graph: pairs without an edge are not alike at all. What then stands alone may
//! go to a large cluster, whose mean says more than one pair does.

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

/// Gives items that stand alone to the cluster of `many` or more items that they are likest to on the average, where
/// that is `least` or more and `clear` times as much as to any other. All are given at once: none brings in the next.
pub(crate) fn take_in(clusters: &mut [usize], edges: &[(usize, usize, f64)], many: usize, least: f64, clear: f64) {
    let mut sizes = vec![0usize; clusters.len()];
    clusters.iter().for_each(|&cluster| sizes[cluster] += 1);
    let mut sums: BTreeMap<usize, BTreeMap<usize, f64>> = BTreeMap::new();
    for &(a, b, likeness) in edges {
        for (item, other) in [(a, b), (b, a)] {
            let to = clusters[other];
            if sizes[clusters[item]] == 1 && sizes[to] >= many {
                *sums.entry(item).or_default().entry(to).or_default() += likeness / sizes[to] as f64;
            }
        }
    }
    for (item, means) in sums {
        let mut means: Vec<(f64, usize)> = means.into_iter().map(|(cluster, mean)| (mean, cluster)).collect();
        means.sort_by(|a, b| b.0.total_cmp(&a.0));
        if means[0].0 >= least && means.get(1).is_none_or(|next| means[0].0 >= clear * next.0) {
            clusters[item] = means[0].1;
        }
    }
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

    #[test]
    fn what_stands_alone_goes_to_one_clear_cluster_of_many() {
        // Two clusters of three and one of two; 8 is near the first, 9 near both, 10 near the pair, 11 near 8 alone.
        let clusters = vec![0, 0, 0, 3, 3, 3, 6, 6, 8, 9, 10, 11];
        let near = |item: usize, to: [usize; 3], likeness| to.map(|other| (other, item, likeness));
        let mut edges = [near(8, [0, 1, 2], 0.3), near(9, [0, 1, 2], 0.3), near(9, [3, 4, 5], 0.25)].concat();
        edges.extend([(6, 10, 0.3), (7, 10, 0.3), (8, 11, 0.3)]);
        let taken = |least| {
            let mut clusters = clusters.clone();
            take_in(&mut clusters, &edges, 3, least, 1.5);
            clusters
        };
        assert_eq!(taken(0.2), [0, 0, 0, 3, 3, 3, 6, 6, 0, 9, 10, 11]);
        assert_eq!(taken(0.4), clusters);
    }
}
