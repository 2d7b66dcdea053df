//! Fuller and shorter forms of a person's name: "Eric E. Williams" is Eric Williams, whom a table need not spell twice.

use crate::{Knowledge, Name, NameKind, fold};

/// How a written name goes with a known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// It ends with the known surname, or begins with it where the known name does.
    Surname,
    /// The surname stands inside, as before a second one ("Francisco Flores Pérez").
    Inside,
}

impl Knowledge {
    /// Persons with a name of which this is a fuller or a shorter form: the surname stands in it, and the words of
    /// the one, two at least, stand in the other in the same order. An initial goes with a word that it begins.
    ///
    /// Each person once, by the first of its names that fits, the closer likeness first.
    pub fn persons_like(&self, name: &str) -> Vec<(Likeness, &Name)> {
        let written = words(name);
        let mut found: Vec<(Likeness, &Name)> = Vec::new();
        if written.len() < 2 {
            return found;
        }
        for (start, _) in name.char_indices().filter(|&(at, c)| c.is_alphanumeric() && begins_word(name, at)) {
            for (end, names) in self.names_at(name, start) {
                for surname in names.into_iter().filter(|n| n.kind == NameKind::Surname) {
                    if found.iter().any(|(_, known)| known.actor == surname.actor) {
                        continue;
                    }
                    let last = words(&surname.text);
                    let fits = self.names_of_person(surname.actor.as_str()).iter().find_map(|known| {
                        let full = words(&known.text);
                        // "al-Thani" is a surname with its particle and tells no given name.
                        let given = full.iter().any(|w| w.chars().count() > 2 && !last.contains(w));
                        let like = known.kind == NameKind::Person && given && agree(&written, &full);
                        let first = start == 0 && full.starts_with(&last);
                        like.then_some((
                            if end == name.len() || first { Likeness::Surname } else { Likeness::Inside },
                            known,
                        ))
                    });
                    found.extend(fits);
                }
            }
        }
        found.sort_by_key(|(likeness, _)| *likeness);
        found
    }
}

fn begins_word(text: &str, at: usize) -> bool {
    !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
}

/// The words of a name in small letters without accents; hyphens part words, apostrophes do not.
fn words(name: &str) -> Vec<String> {
    let plain = fold::plain(name).to_lowercase().replace('\'', "");
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// Whether the words of the shorter name stand in the longer one in their order, two of them at least in full.
fn agree(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let initial = |one: &str, of: &str| one.chars().count() == 1 && of.starts_with(one);
    let mut rest = long.iter();
    let stands = |word: &String| rest.any(|other| other == word || initial(word, other) || initial(other, word));
    let full = short.iter().filter(|w| w.chars().count() > 1 && long.contains(w)).count();
    short.len() >= 2 && full >= 1 && short.iter().all(stands)
}

#[cfg(test)]
mod tests {
    use super::{agree, words};

    #[test]
    fn forms_of_one_name_agree() {
        for (a, b, expected) in [
            ("Eric E. Williams", "Eric Williams", true),
            ("E. Williams", "Eric Williams", true),
            ("Dean Rusk", "David Dean Rusk", true),
            ("Park Chung Hee", "Park Chung-hee", true),
            ("Ada Williams", "Eric Williams", false),
            ("Williams", "Eric Williams", false),
            ("Williams Eric", "Eric Williams", false),
        ] {
            assert_eq!(agree(&words(a), &words(b)), expected, "{a} {b}");
        }
    }
}
