//! Names are runs of words, so their tags are chosen together: the best sequence that is one.

use super::{EntityKind, EntityTag};

/// What it costs to begin a name right after another: two names seldom touch, and a name is often
/// torn where its words alone look different (`South` and `Korea`). Tuned on EWT dev.
const TOUCH: f32 = 2.0;

/// The tags in the order that the weights have them.
pub(super) struct NameTags {
    tags: Vec<EntityTag>,
    /// Cost of tag `[to]` after tag `[from]`, row by `to`.
    costs: Vec<f32>,
}

/// Buffers kept from sentence to sentence.
#[derive(Default)]
pub(super) struct NameScratch {
    before: Vec<f32>,
    now: Vec<f32>,
    from: Vec<usize>,
    /// The result: one tag per word.
    pub(super) found: Vec<EntityTag>,
}

impl NameTags {
    /// Reads tags such as `O` and `B-PER`; `unknown` is told of each that is none.
    pub(super) fn read(tags: &[String], mut unknown: impl FnMut(&str)) -> Self {
        let mut read = Vec::with_capacity(tags.len());
        for tag in tags {
            match parse(tag) {
                Some(tag) => read.push(tag),
                None => unknown(tag),
            }
        }
        let tags = read;
        let cost = |to: EntityTag, from: EntityTag| match (to, from) {
            (EntityTag::Inside(a), EntityTag::Begin(b) | EntityTag::Inside(b)) if a == b => 0.0,
            (EntityTag::Inside(_), _) => f32::INFINITY,
            (EntityTag::Begin(_), EntityTag::Out) | (EntityTag::Out, _) => 0.0,
            (EntityTag::Begin(_), _) => TOUCH,
        };
        let costs = tags.iter().flat_map(|to| tags.iter().map(move |from| cost(*to, *from))).collect();
        Self { tags, costs }
    }

    /// Finds the best sequence for the scores of a sentence's words, into `s.found`.
    pub(super) fn decode<'s>(&self, words: impl Iterator<Item = &'s [f32]>, s: &mut NameScratch) {
        let count = self.tags.len();
        s.from.clear();
        s.found.clear();
        s.before.clear();
        // A sentence begins as after a word in no name.
        s.before.extend(self.tags.iter().map(|t| match t {
            EntityTag::Out => 0.0,
            _ => f32::NEG_INFINITY,
        }));
        for scores in words {
            s.now.clear();
            for (score, costs) in scores.iter().zip(self.costs.chunks_exact(count)) {
                let (mut best, mut highest) = (0, f32::NEG_INFINITY);
                for (from, (so_far, cost)) in s.before.iter().zip(costs).enumerate() {
                    if so_far - cost > highest {
                        (best, highest) = (from, so_far - cost);
                    }
                }
                s.from.push(best);
                s.now.push(highest + score);
            }
            std::mem::swap(&mut s.before, &mut s.now);
        }
        let (mut at, mut highest) = (0, f32::NEG_INFINITY);
        for (tag, score) in s.before.iter().enumerate() {
            if *score > highest {
                (at, highest) = (tag, *score);
            }
        }
        for from in s.from.chunks_exact(count).rev() {
            s.found.push(self.tags[at]);
            at = from[at];
        }
        s.found.reverse();
    }
}

fn parse(tag: &str) -> Option<EntityTag> {
    if tag == "O" {
        return Some(EntityTag::Out);
    }
    let (place, kind) = tag.split_once('-')?;
    let kind = match kind {
        "PER" => EntityKind::Person,
        "LOC" => EntityKind::Location,
        "ORG" => EntityKind::Organisation,
        _ => return None,
    };
    match place {
        "B" => Some(EntityTag::Begin(kind)),
        "I" => Some(EntityTag::Inside(kind)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_name_is_mended_and_nothing_continues_nothing() {
        let tags = ["O", "B-LOC", "I-LOC", "B-ORG", "I-ORG"].map(str::to_owned);
        let tags = NameTags::read(&tags, |tag| panic!("{tag}"));
        let mut s = NameScratch::default();
        let mut decode = |rows: &[[f32; 5]]| {
            tags.decode(rows.iter().map(<[f32; 5]>::as_slice), &mut s);
            s.found.clone()
        };
        let (begin, inside) = (EntityTag::Begin, EntityTag::Inside);
        let place = EntityKind::Location;
        let torn = [[0.0, 5.0, 0.0, 4.0, 0.0], [0.0, 1.0, 4.0, 4.5, 0.0]];
        assert_eq!(decode(&torn), [begin(place), inside(place)]);
        let orphan = [[5.0, 0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 4.0, 0.0, 0.0]];
        assert_eq!(decode(&orphan), [EntityTag::Out, begin(place)]);
        assert_eq!(decode(&[]), []);
        let mut unknown = vec![];
        NameTags::read(&["O", "B-GOD"].map(str::to_owned), |tag| unknown.push(tag.to_owned()));
        assert_eq!(unknown, ["B-GOD"]);
    }
}
