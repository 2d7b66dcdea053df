//! What the editor probably meant.

/// "did you mean …", where a known word is near enough to the one written; empty otherwise.
pub(crate) fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let limit = (written.chars().count() / 3).clamp(1, 3);
    let near = known.into_iter().filter_map(|word| Some((distance(written, word, limit)?, word)));
    near.min().map_or_else(String::new, |(_, word)| format!("did you mean {word}?"))
}

/// The same, or else the whole list, where it is short enough to read.
pub(crate) fn one_of(written: &str, known: &[&str]) -> String {
    let near = nearest(written, known.iter().copied());
    if near.is_empty() { format!("one of: {}", known.join(" ")) } else { near }
}

/// How many letters must be put in, taken out, changed or swapped, upper and lower case alike;
/// `None` beyond the limit.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&distance| distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        assert_eq!(nearest("recipeint", ["recipient", "reciprocal"]), "did you mean recipient?");
        assert_eq!(nearest("fra", ["FRA", "DEU"]), "did you mean FRA?");
        assert_eq!(nearest("banana", ["FRA", "DEU"]), "");
    }
}
