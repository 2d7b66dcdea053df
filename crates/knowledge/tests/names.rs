//! Names found in running text are exactly those that a slow search finds.

mod common;

use common::{Dice, world};
use demarche_knowledge::Knowledge;

fn word_start(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    text[at..].starts_with(char::is_alphanumeric) && !before.is_some_and(char::is_alphanumeric)
}

/// Every known name that stands here letter by letter and ends with a word.
fn slowly(knowledge: &Knowledge, text: &str, at: usize) -> Vec<(usize, Vec<String>)> {
    let mut found: std::collections::BTreeMap<usize, Vec<String>> = Default::default();
    for name in knowledge.names() {
        let rest = &text[at..];
        if rest.starts_with(&name.text) && !rest[name.text.len()..].starts_with(char::is_alphanumeric) {
            found.entry(at + name.text.len()).or_default().push(format!("{} {:?}", name.actor, name.kind));
        }
    }
    found
        .into_iter()
        .rev()
        .map(|(end, mut names)| {
            names.sort();
            (end, names)
        })
        .collect()
}

#[test]
fn the_index_finds_what_a_slow_search_finds() {
    let world = world();
    let mut dice = Dice(1950);
    let joints = [" ", ", ", "-", ". ", "'s ", "", "s ", " of the ", "\u{201d} "];
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..1 + dice.below(8) {
            text.push_str(&world.names()[dice.below(world.names().len())].text);
            text.push_str(joints[dice.below(joints.len())]);
        }
        for at in (0..text.len()).filter(|&at| text.is_char_boundary(at) && word_start(&text, at)) {
            let quickly: Vec<(usize, Vec<String>)> = world
                .names_at(&text, at)
                .into_iter()
                .map(|(end, names)| {
                    let mut names: Vec<String> = names.iter().map(|n| format!("{} {:?}", n.actor, n.kind)).collect();
                    names.sort();
                    (end, names)
                })
                .collect();
            assert_eq!(quickly, slowly(&world, &text, at), "{text:?} at {at}");
        }
    }
}

#[test]
fn no_text_and_no_place_in_it_is_too_odd() {
    let world = world();
    for text in ["", "é", "\u{301}", "Arnor\u{301}", "\u{feff}Arnor", "𝔄rnor", "Arnor\u{200d}", "A\n\n\nB", "R.A"] {
        for at in 0..=text.len() + 1 {
            world.names_at(text, at);
            world.places_at(text, at);
            world.occasions(text, at);
        }
    }
}
