//! Who stands where in a weighted network without directions: betweenness, closeness, eigenvector centrality,
//! communities. A heavier edge is a shorter way: its length is one over its weight.

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

pub(super) type Graph = UnGraph<(), f64>;

/// A way in the queue, the shortest first.
struct Way(f64, usize);
impl PartialEq for Way {
    fn eq(&self, other: &Way) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Way {}
impl PartialOrd for Way {
    fn partial_cmp(&self, other: &Way) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Way {
    fn cmp(&self, other: &Way) -> Ordering {
        other.0.total_cmp(&self.0).then(other.1.cmp(&self.1))
    }
}

/// Lengths that differ by less are the same: sums of fractions depend on their order.
const SAME: f64 = 1e-9;

/// The share of shortest ways between others that lead through each node (Brandes, "A faster algorithm for betweenness
/// centrality", 2001), over all pairs of others.
pub(super) fn betweenness(graph: &Graph) -> Vec<f64> {
    let n = graph.node_count();
    let mut through = vec![0.0; n];
    for start in 0..n {
        let mut length = vec![f64::INFINITY; n];
        let (mut ways, mut before) = (vec![0.0; n], vec![Vec::new(); n]);
        let mut settled = vec![false; n];
        let mut order = Vec::new();
        let mut queue = BinaryHeap::from([Way(0.0, start)]);
        (length[start], ways[start]) = (0.0, 1.0);
        while let Some(Way(_, v)) = queue.pop() {
            if std::mem::replace(&mut settled[v], true) {
                continue;
            }
            order.push(v);
            for edge in graph.edges(NodeIndex::new(v)) {
                let w = edge.target().index();
                let way = length[v] + 1.0 / edge.weight();
                if way < length[w] - SAME {
                    (length[w], ways[w]) = (way, ways[v]);
                    before[w] = vec![v];
                    queue.push(Way(way, w));
                } else if (way - length[w]).abs() <= SAME && !settled[w] {
                    ways[w] += ways[v];
                    before[w].push(v);
                }
            }
        }
        let mut depends = vec![0.0; n];
        for &w in order.iter().rev() {
            for &v in &before[w] {
                depends[v] += ways[v] / ways[w] * (1.0 + depends[w]);
            }
            if w != start {
                through[w] += depends[w];
            }
        }
    }
    let pairs = (n.saturating_sub(1) * n.saturating_sub(2)) as f64;
    through.into_iter().map(|t| if pairs > 0.0 { t / pairs } else { 0.0 }).collect()
}

/// One over the mean way to those who can be reached, times their share of all (Wasserman and Faust, 1994, 5.2).
pub(super) fn closeness(graph: &Graph) -> Vec<f64> {
    let n = graph.node_count();
    let one = |node: NodeIndex| {
        let ways = dijkstra(graph, node, None, |edge| 1.0 / edge.weight());
        let reached = ways.len() - 1;
        // Summed in the order of nodes, not of the map.
        let sum: f64 = ways.into_iter().collect::<BTreeMap<_, _>>().values().sum();
        if reached == 0 { 0.0 } else { reached as f64 / sum * reached as f64 / (n - 1) as f64 }
    };
    graph.node_indices().map(one).collect()
}

/// The principal eigenvector of the weights, its largest value 1 (Bonacich, 1972).
pub(super) fn eigenvector(graph: &Graph) -> Vec<f64> {
    let n = graph.node_count();
    let heaviest = graph.edge_weights().copied().fold(0.0, f64::max);
    if heaviest == 0.0 {
        return vec![0.0; n];
    }
    let mut values = vec![1.0; n];
    for _ in 0..1000 {
        // The values themselves are added, so that a network of two sides does not swing between them.
        let mut next = values.clone();
        for edge in graph.edge_references() {
            let (a, b, weight) = (edge.source().index(), edge.target().index(), edge.weight() / heaviest);
            next[a] += weight * values[b];
            if a != b {
                next[b] += weight * values[a];
            }
        }
        let largest = next.iter().copied().fold(0.0, f64::max);
        next.iter_mut().for_each(|value| *value /= largest);
        let moved = next.iter().zip(&values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        values = next;
        if moved < 1e-10 {
            break;
        }
    }
    values
}

/// Communities by greedy modularity (Clauset, Newman, Moore, 2004), numbered from 1 by their size, then their first node.
pub(super) fn communities(graph: &Graph) -> Vec<usize> {
    let n = graph.node_count();
    let total: f64 = graph.edge_weights().sum();
    let mut group: Vec<usize> = (0..n).collect();
    let mut share = vec![0.0; n];
    let mut between: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    if total > 0.0 {
        for edge in graph.edge_references() {
            let (a, b) = (edge.source().index(), edge.target().index());
            share[a] += edge.weight() / (2.0 * total);
            share[b] += edge.weight() / (2.0 * total);
            if a != b {
                *between.entry((a.min(b), a.max(b))).or_default() += edge.weight() / total;
            }
        }
    }
    // What joining two gains: their share of the edges beyond what chance gives them. Of equal gains the first pair.
    let gain = |(&(a, b), &edges): (&(usize, usize), &f64), share: &[f64]| (edges - 2.0 * share[a] * share[b], (a, b));
    while let Some((gained, (a, b))) = between
        .iter()
        .map(|pair| gain(pair, &share))
        .reduce(|best, next| if next.0 > best.0 + SAME { next } else { best })
    {
        if gained <= SAME {
            break;
        }
        group.iter_mut().filter(|g| **g == b).for_each(|g| *g = a);
        share[a] += std::mem::take(&mut share[b]);
        for ((x, y), edges) in std::mem::take(&mut between) {
            let (x, y) = (if x == b { a } else { x }, if y == b { a } else { y });
            if x != y {
                *between.entry((x.min(y), x.max(y))).or_default() += edges;
            }
        }
    }
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    group.iter().for_each(|g| *sizes.entry(*g).or_default() += 1);
    let mut order: Vec<usize> = sizes.keys().copied().collect();
    order.sort_by_key(|g| (std::cmp::Reverse(sizes[g]), *g));
    let number: BTreeMap<usize, usize> = order.into_iter().zip(1..).collect();
    group.iter().map(|g| number[g]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(n: usize, edges: &[(usize, usize, f64)]) -> Graph {
        let mut graph = Graph::with_capacity(n, edges.len());
        let nodes: Vec<NodeIndex> = (0..n).map(|_| graph.add_node(())).collect();
        for &(a, b, w) in edges {
            graph.add_edge(nodes[a], nodes[b], w);
        }
        graph
    }

    /// Every shortest way by trying all ways without a turn back.
    fn betweenness_by_trying(graph: &Graph) -> Vec<f64> {
        fn ways(
            graph: &Graph,
            at: usize,
            to: usize,
            path: &mut Vec<usize>,
            length: f64,
            all: &mut Vec<(f64, Vec<usize>)>,
        ) {
            if at == to {
                return all.push((length, path.clone()));
            }
            for edge in graph.edges(NodeIndex::new(at)) {
                let next = edge.target().index();
                if !path.contains(&next) {
                    path.push(next);
                    ways(graph, next, to, path, length + 1.0 / edge.weight(), all);
                    path.pop();
                }
            }
        }
        let n = graph.node_count();
        let mut through = vec![0.0; n];
        for a in 0..n {
            for b in (0..n).filter(|&b| b != a) {
                let mut all = Vec::new();
                ways(graph, a, b, &mut vec![a], 0.0, &mut all);
                let least = all.iter().map(|(length, _)| *length).fold(f64::INFINITY, f64::min);
                let best: Vec<_> = all.into_iter().filter(|(length, _)| *length <= least + SAME).collect();
                for (_, path) in &best {
                    path.iter().filter(|&&v| v != a && v != b).for_each(|&v| through[v] += 1.0 / best.len() as f64);
                }
            }
        }
        through.into_iter().map(|t| t / ((n - 1) * (n - 2)) as f64).collect()
    }

    #[test]
    fn centralities_agree_with_their_definitions() {
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize
        };
        for _ in 0..40 {
            let n = 6;
            let mut edges = Vec::new();
            for a in 0..n {
                for b in a + 1..n {
                    if random() % 2 == 0 {
                        edges.push((a, b, (random() % 3 + 1) as f64));
                    }
                }
            }
            let graph = graph(n, &edges);
            let (found, tried) = (betweenness(&graph), betweenness_by_trying(&graph));
            assert!(found.iter().zip(&tried).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {tried:?} {edges:?}");
            // An eigenvector: the weights times the values are the values, but for one factor.
            let values = eigenvector(&graph);
            let mut image = vec![0.0; n];
            for &(a, b, w) in &edges {
                image[a] += w * values[b];
                image[b] += w * values[a];
            }
            let factor = image.iter().copied().fold(0.0, f64::max);
            assert!(image.iter().zip(&values).all(|(i, v)| (i - factor * v).abs() < 1e-3), "{image:?} {values:?}");
        }
    }

    #[test]
    fn two_groups_with_one_bridge_are_two_communities() {
        let clique = |at: usize| [(at, at + 1, 3.0), (at, at + 2, 3.0), (at + 1, at + 2, 3.0)];
        let edges = [&clique(0)[..], &clique(3)[..], &[(2, 3, 1.0)]].concat();
        let graph = graph(6, &edges);
        assert_eq!(communities(&graph), [1, 1, 1, 2, 2, 2]);
        let between = betweenness(&graph);
        assert!(between[2] > 0.5 && between[0] == 0.0);
        let close = closeness(&graph);
        assert!(close[2] > close[0] && close[2] == close[3]);
    }
}
