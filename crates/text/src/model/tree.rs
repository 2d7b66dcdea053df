//! A parse must be one tree under one root: here the best heads are made so where they are not.

/// The best head of every word, 0 the root and words counted from 1.
///
/// `scores` has one row per word, a column for the root and then one per word; a word's own column
/// is never taken. The maximum spanning tree is computed only where the best heads make none.
pub(super) fn heads(scores: &[f32], words: usize, out: &mut Vec<u32>) {
    out.clear();
    for (word, row) in scores.chunks_exact(words + 1).enumerate() {
        let (mut best, mut highest) = (0, row[0]);
        for (head, score) in row.iter().enumerate().skip(1) {
            if *score > highest && head != word + 1 {
                (best, highest) = (head, *score);
            }
        }
        out.push(best as u32);
    }
    if !is_tree(out) {
        out.clear();
        out.extend(spanning(scores, words).into_iter().skip(1).map(|h| h as u32));
    }
}

/// One root, and every word reaches it.
fn is_tree(heads: &[u32]) -> bool {
    heads.iter().filter(|h| **h == 0).count() == 1
        && (0..heads.len()).all(|start| {
            let mut at = heads[start] as usize;
            let mut steps = 0;
            while at != 0 && steps <= heads.len() {
                at = heads[at - 1] as usize;
                steps += 1;
            }
            at == 0
        })
}

/// The best tree with exactly one root (Chu, Liu and Edmonds), as heads of the nodes 0..=words.
///
/// Every arc from the root is made so dear that the best tree has as few of them as can be: one.
fn spanning(scores: &[f32], words: usize) -> Vec<usize> {
    let nodes = words + 1;
    let reach = scores.iter().fold(1.0_f64, |m, s| m.max(f64::from(s.abs())));
    let toll = 4.0 * reach * nodes as f64;
    let mut arcs = vec![f64::NEG_INFINITY; nodes * nodes];
    for (word, row) in scores.chunks_exact(nodes).enumerate() {
        for (head, score) in row.iter().enumerate().filter(|(head, _)| *head != word + 1) {
            arcs[(word + 1) * nodes + head] = f64::from(*score) - if head == 0 { toll } else { 0.0 };
        }
    }
    contract(&arcs, nodes)
}

/// The best heads over `arcs[dependent * n + head]`, node 0 the root: a cycle is drawn together into
/// one node, the smaller problem solved, and the cycle opened where its arc enters.
fn contract(arcs: &[f64], n: usize) -> Vec<usize> {
    let best = |node: usize| {
        let row = &arcs[node * n..(node + 1) * n];
        (0..n).filter(|h| *h != node).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0)
    };
    let mut heads: Vec<usize> = (0..n).map(|node| if node == 0 { 0 } else { best(node) }).collect();
    let Some(cycle) = find_cycle(&heads) else {
        return heads;
    };

    // Nodes outside keep their order, and the cycle becomes the last node.
    let outside: Vec<usize> = (0..n).filter(|v| !cycle.contains(v)).collect();
    let (m, drawn) = (outside.len() + 1, outside.len());
    let mut smaller = vec![f64::NEG_INFINITY; m * m];
    let mut entered = vec![0; m];
    let mut left = vec![0; m];
    for (i, v) in outside.iter().enumerate() {
        for (j, u) in outside.iter().enumerate().filter(|(j, _)| *j != i) {
            smaller[i * m + j] = arcs[v * n + u];
        }
        for c in &cycle {
            let leave = arcs[v * n + c];
            if leave > smaller[i * m + drawn] {
                (smaller[i * m + drawn], left[i]) = (leave, *c);
            }
            let enter = arcs[c * n + v] - arcs[c * n + heads[*c]];
            if enter > smaller[drawn * m + i] {
                (smaller[drawn * m + i], entered[i]) = (enter, *c);
            }
        }
    }
    let found = contract(&smaller, m);
    for (i, v) in outside.iter().enumerate().skip(1) {
        heads[*v] = if found[i] == drawn { left[i] } else { outside[found[i]] };
    }
    heads[entered[found[drawn]]] = outside[found[drawn]];
    heads
}

/// The nodes of one cycle, if there is any.
fn find_cycle(heads: &[usize]) -> Option<Vec<usize>> {
    let mut seen = vec![0; heads.len()];
    for start in 1..heads.len() {
        let mut at = start;
        while at != 0 && seen[at] == 0 {
            seen[at] = start;
            at = heads[at];
        }
        if at != 0 && seen[at] == start {
            let mut cycle = vec![at];
            let mut next = heads[at];
            while next != at {
                cycle.push(next);
                next = heads[next];
            }
            return Some(cycle);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every assignment of heads, the slow way.
    fn by_trial(scores: &[f32], words: usize) -> f64 {
        let mut best = f64::NEG_INFINITY;
        for mut code in 0..(words + 1).pow(words as u32) {
            let mut heads = vec![];
            for _ in 0..words {
                heads.push((code % (words + 1)) as u32);
                code /= words + 1;
            }
            if is_tree(&heads) {
                best = best.max(worth(scores, &heads));
            }
        }
        best
    }

    fn worth(scores: &[f32], heads: &[u32]) -> f64 {
        let row = heads.len() + 1;
        heads.iter().enumerate().map(|(w, h)| f64::from(scores[w * row + *h as usize])).sum()
    }

    #[test]
    fn the_spanning_tree_is_the_best_one() {
        let mut s = 7_u32;
        for words in 1..=5 {
            for _ in 0..60 {
                let scores: Vec<f32> = (0..words * (words + 1))
                    .map(|_| {
                        s = s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        (s >> 16) as f32 / 4096.0
                    })
                    .collect();
                let found: Vec<u32> = spanning(&scores, words).into_iter().skip(1).map(|h| h as u32).collect();
                assert!(is_tree(&found), "{found:?}");
                assert!((worth(&scores, &found) - by_trial(&scores, words)).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn a_cycle_is_repaired() {
        let mut out = vec![];
        heads(&[0.0, 0.0, 9.0, 5.0, 9.0, 0.0], 2, &mut out);
        assert_eq!(out, [2, 0]);
    }
}
