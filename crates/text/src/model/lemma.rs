//! A lemma is predicted as a small edit of the word, so that names never seen get one too.
//!
//! `training/corpus.py` (`lemma_script`) makes the scripts that are applied here.

use super::wordpiece::canonical;

/// How to make the lemma of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LemmaScript {
    /// The lemma whatever the form (`=be`).
    Whole(Box<str>),
    /// Recase, cut so many characters at the end, add the ending (`l3|y`).
    Edit {
        /// What to do with capitals.
        casing: Casing,
        /// Characters to cut.
        cut: usize,
        /// What to add.
        add: Box<str>,
    },
}

/// What becomes of a form's capitals in its lemma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    /// All lower.
    Lower,
    /// First letter upper, the rest lower.
    Capital,
    /// All upper.
    Upper,
    /// As they are.
    Kept,
}

impl LemmaScript {
    /// Reads a script; `None` where it is none.
    pub(super) fn read(script: &str) -> Option<Self> {
        if let Some(whole) = script.strip_prefix('=') {
            return Some(Self::Whole(whole.into()));
        }
        let (cut, add) = script.get(1..)?.split_once('|')?;
        let casing = match script.as_bytes()[0] {
            b'l' => Casing::Lower,
            b'c' => Casing::Capital,
            b'u' => Casing::Upper,
            b'k' => Casing::Kept,
            _ => return None,
        };
        Some(Self::Edit { casing, cut: cut.parse().ok()?, add: add.into() })
    }

    /// The lemma of `form`. A form too short for the cut is only recased.
    pub(super) fn apply(&self, form: &str) -> String {
        let (casing, cut, add) = match self {
            Self::Whole(lemma) => return lemma.to_string(),
            Self::Edit { casing, cut, add } => (*casing, *cut, add),
        };
        let mut plain = String::with_capacity(form.len() + add.len());
        canonical(form, &mut plain);
        let mut lemma = match casing {
            Casing::Kept => plain,
            Casing::Lower => lower(plain),
            Casing::Upper => plain.to_uppercase(),
            Casing::Capital => {
                let mut chars = plain.chars();
                let first = chars.next();
                first.into_iter().flat_map(char::to_uppercase).chain(chars.flat_map(char::to_lowercase)).collect()
            }
        };
        if cut == 0 {
            lemma.push_str(add);
        } else if let Some((at, _)) = lemma.char_indices().rev().nth(cut - 1).filter(|(at, _)| *at > 0) {
            lemma.truncate(at);
            lemma.push_str(add);
        }
        lemma
    }
}

fn lower(mut plain: String) -> String {
    if plain.is_ascii() {
        plain.make_ascii_lowercase();
        plain
    } else {
        plain.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::LemmaScript;

    #[test]
    fn scripts_edit_words() {
        let made = |script: &str, form: &str| LemmaScript::read(script).unwrap().apply(form);
        assert_eq!(made("l3|y", "Countries"), "country");
        assert_eq!(made("=be", "was"), "be");
        assert_eq!(made("c0|", "OBAMA"), "Obama");
        assert_eq!(made("c1|", "Étienne’"), "Étienne");
        assert_eq!(made("l5|x", "abc"), "abc");
        assert_eq!(LemmaScript::read("x"), None);
    }
}
