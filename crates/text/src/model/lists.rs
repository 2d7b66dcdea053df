//! Lists hold together: in "China, Iran and Russia" no part belongs to a word outside.
//!
//! The network chooses each word's head by itself, and now and then gives the middle of a list to the verb while the
//! last part hangs on the first. What stands between two joined words, set off by a comma, is joined to the first too.

use crate::tag::Upos;

use super::WordPrediction;

/// Joins stray list parts; `conj` is the relation of joined words.
pub(super) fn mend(forms: &[&str], words: &mut [WordPrediction], conj: u16) {
    for last in 0..words.len() {
        let first = words[last].head as usize;
        if words[last].deprel != conj || first == 0 || first > last {
            continue;
        }
        let first = first - 1;
        for part in first + 1..last {
            let head = words[part].head as usize;
            let stray = head == 0 || head - 1 < first || head - 1 > last;
            let nominal = matches!(words[part].upos, Upos::Propn | Upos::Noun);
            if stray && head != 0 && nominal && set_off(forms, words, part) && !above(words, part, first) {
                (words[part].head, words[part].deprel) = (first as u32 + 1, conj);
            }
        }
    }
}

/// Whether a part of a list has a comma before it, and a comma or a conjunction after.
fn set_off(forms: &[&str], words: &[WordPrediction], part: usize) -> bool {
    let of_part = |ix: &usize| words[*ix].upos != Upos::Punct && above(words, part, *ix);
    let start = (0..part).rev().take_while(of_part).last().unwrap_or(part);
    let end = (part + 1..words.len()).take_while(of_part).last().unwrap_or(part) + 1;
    start > 0 && forms[start - 1] == "," && end < words.len() && (forms[end] == "," || words[end].upos == Upos::Cconj)
}

/// Whether one word stands above another in the tree.
fn above(words: &[WordPrediction], upper: usize, lower: usize) -> bool {
    let mut at = lower;
    for _ in 0..words.len() {
        match words[at].head {
            0 => return false,
            head if head as usize - 1 == upper => return true,
            head => at = head as usize - 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EntityTag;

    #[test]
    fn the_middle_of_a_list_is_joined_to_its_first() {
        let forms = ["which", "includes", "Arnor", ",", "Gondor", "and", "Rohan"];
        let heads = [(2, 1), (0, 0), (2, 2), (5, 3), (2, 1), (7, 5), (3, 4)];
        let word = |&(head, deprel): &(u32, u16)| WordPrediction {
            upos: Upos::Propn,
            feats: 0,
            deprel,
            head,
            lemma: String::new(),
            entity: EntityTag::Out,
        };
        let mut words: Vec<WordPrediction> = heads.iter().map(word).collect();
        words[1].upos = Upos::Verb;
        (words[3].upos, words[5].upos) = (Upos::Punct, Upos::Cconj);
        mend(&forms, &mut words, 4);
        assert_eq!((words[4].head, words[4].deprel), (3, 4));
        assert_eq!((words[2].head, words[6].head), (2, 3));
    }
}
