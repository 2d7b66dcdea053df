//! Two extractors read one page, each wrong in its own way: the one keeps menus and headlines of other reports,
//! the other captions and sign-up lines. What both keep is almost always the report; what one alone keeps
//! is judged by what it is and where it stands.

use super::blocks::{Block, Kind};
use std::collections::{HashMap, HashSet};

/// Words of a block that is prose and no label.
const PROSE: usize = 12;
/// Words of a block that shows where the report begins and ends.
const MARK: usize = 8;
/// Less than this share of the first extractor's letters also with the second, and they read different parts of
/// the page: then there is nothing to weigh.
const SAME_PART: f32 = 0.5;
/// Letters of a block that is looked for far ahead: a short one may stand anywhere.
const LONG: usize = 20;
/// How many blocks ahead a short one is looked for.
const AHEAD: usize = 3;
/// Words that are compared together.
const SHINGLE: usize = 4;

/// The report by both extractors: the blocks of the first with those of the second put between, less what only
/// one of them keeps and what has not the look of a report. `page` tells how its links lie.
pub(super) fn agreed(first: Vec<Block>, second: Vec<Block>, page: &[Block]) -> Vec<Block> {
    if first.is_empty() || second.is_empty() {
        return if first.is_empty() { second } else { first };
    }
    let votes = votes(first, second, page);
    let letters = |by: fn(&Vote) -> bool| votes.iter().filter(|v| by(v)).map(|v| v.key.len()).sum::<usize>() as f32;
    if letters(|v| v.first && v.second) < SAME_PART * letters(|v| v.first) {
        return votes.into_iter().filter(|v| v.first && v.block.linked <= 0.8).map(|v| v.block).collect();
    }
    let marks = |v: &Vote| v.first && v.second && v.words >= MARK;
    let from = votes.iter().position(marks).unwrap_or(votes.len());
    let until = votes.iter().rposition(marks).unwrap_or(0);
    // A report's first paragraph is often set apart from the rest, and one extractor misses it.
    let within = |at: usize| at + 1 >= from && at < until;
    let kept = votes.into_iter().enumerate().filter(|(at, vote)| match (vote.first, vote.second) {
        (true, true) => vote.block.linked <= 0.9 || vote.block.kind == Kind::Item || closed(&vote.block.text),
        (true, false) => vote.prose(),
        _ => vote.prose() && vote.block.kind != Kind::Caption && within(*at),
    });
    kept.map(|(_, vote)| vote.block).collect()
}

/// A block and which extractors keep it.
struct Vote {
    block: Block,
    /// Its letters and digits, lower case.
    key: String,
    words: usize,
    first: bool,
    second: bool,
}

impl Vote {
    fn prose(&self) -> bool {
        self.words >= PROSE && self.block.kind != Kind::Heading && self.block.linked < 0.5 && closed(&self.block.text)
    }
}

/// Whether a text ends as sentences do.
fn closed(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '…', ':', ')', '\'', '"', '’', '”', '»'])
}

/// Both readings as one row of blocks, in the order of the page.
fn votes(first: Vec<Block>, second: Vec<Block>, page: &[Block]) -> Vec<Vote> {
    let known: HashMap<String, &Block> = page.iter().rev().map(|block| (key(&block.text), block)).collect();
    let (in_first, in_second) = (shingles(&first), shingles(&second));
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (ix, block) in second.iter().enumerate() {
        places.entry(key(&block.text)).or_default().push(ix);
    }
    let mut votes: Vec<Vote> = Vec::with_capacity(first.len() + second.len());
    let vote = |block: Block, first: bool, second: bool| {
        let key = key(&block.text);
        let words = words(&block.text).count();
        // What an extractor keeps has lost its links or its tag; the page still has them.
        let block = match known.get(&key) {
            Some(here) => Block { text: block.text, linked: here.linked.max(block.linked), kind: here.kind },
            None => block,
        };
        Vote { block, key, words, first, second }
    };
    let mut rest = second.into_iter().enumerate().peekable();
    for block in first {
        let next = rest.peek().map_or(usize::MAX, |(ix, _)| *ix);
        let key = key(&block.text);
        let place = places.get(&key).and_then(|all| all.get(all.partition_point(|&ix| ix < next)).copied());
        let place = place.filter(|ix| key.len() >= LONG || ix - next <= AHEAD);
        let Some(place) = place else {
            let also = covered(&block.text, &in_second);
            votes.push(vote(block, true, also));
            continue;
        };
        while let Some((_, skipped)) = rest.next_if(|(ix, _)| *ix < place) {
            // The same text in the first, cut otherwise, stands there already.
            if !covered(&skipped.text, &in_first) {
                votes.push(vote(skipped, false, true));
            }
        }
        rest.next();
        votes.push(vote(block, true, true));
    }
    let left = rest.map(|(_, block)| block).filter(|block| !covered(&block.text, &in_first));
    votes.extend(left.map(|block| vote(block, false, true)));
    votes
}

/// Words in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_lowercase)
}

fn key(text: &str) -> String {
    words(text).collect()
}

/// Every run of a few words of some blocks.
fn shingles(blocks: &[Block]) -> HashSet<String> {
    blocks.iter().flat_map(|block| runs(&block.text)).collect()
}

/// The runs of a few words of a text; all of it where it is shorter.
fn runs(text: &str) -> Vec<String> {
    let words: Vec<String> = words(text).collect();
    if words.len() <= SHINGLE { vec![words.join(" ")] } else { words.windows(SHINGLE).map(|w| w.join(" ")).collect() }
}

/// Whether all of a text is in the other reading, however that is cut into blocks.
fn covered(text: &str, other: &HashSet<String>) -> bool {
    runs(text).iter().all(|run| other.contains(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, linked: f32, kind: Kind) -> Block {
        Block { text: text.to_string(), linked, kind }
    }

    /// Paragraphs that both have, and in the gap what one of them adds.
    fn report(extra: Option<Block>) -> Vec<Block> {
        let prose = |about: &str| {
            block(&format!("The ministers of Arnor and Gondor spoke of {about} in the old palace."), 0.0, Kind::Text)
        };
        [Some(prose("borders")), extra, Some(prose("trade")), Some(prose("peace"))].into_iter().flatten().collect()
    }

    #[test]
    fn one_voice_is_judged_by_what_it_says() {
        let long = "A second round of talks will be held in Minas Tirith before the end of the year.";
        for (extra, by_first, by_second) in [
            (block(long, 0.0, Kind::Text), true, true),
            (block(long, 0.0, Kind::Caption), true, false),
            (block(long, 0.9, Kind::Text), false, false),
            (block(long, 0.0, Kind::Heading), false, false),
            (block("Share this", 0.0, Kind::Text), false, false),
        ] {
            let has = |blocks: Vec<Block>| blocks.iter().any(|b| b.text == extra.text);
            assert_eq!(has(agreed(report(Some(extra.clone())), report(None), &[])), by_first, "{extra:?}");
            assert_eq!(has(agreed(report(None), report(Some(extra.clone())), &[])), by_second, "{extra:?}");
            assert!(extra.linked > 0.5 || has(agreed(report(Some(extra.clone())), report(Some(extra.clone())), &[])));
        }
    }

    #[test]
    fn readings_of_different_parts_are_not_mixed() {
        let other = vec![block("Nothing of all this was ever said by anybody who was there.", 0.0, Kind::Text)];
        assert_eq!(agreed(report(None), other.clone(), &[]), report(None));
        assert_eq!(agreed(Vec::new(), other.clone(), &[]), other);
    }

    #[test]
    fn the_same_text_cut_otherwise_stands_once() {
        let whole = report(None).iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!(agreed(report(None), vec![block(&whole, 0.0, Kind::Text)], &[]), report(None));
    }
}
