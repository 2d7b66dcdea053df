//! The word lists that the coder reads, taken out of the lexicon once and kept as sets.
//!
//! Their rows are `data/language/factuality.toml`, `references.toml`, `registers.toml` and `speech-verbs.tsv`.

use demarche_knowledge::{Knowledge, Lexicon};
use std::collections::{HashMap, HashSet};

/// A list of words to ask for membership.
#[derive(Debug, Default)]
pub(crate) struct Set(HashSet<String>);

impl Set {
    pub(crate) fn of(lexicon: &Lexicon, name: &str) -> Set {
        Set(lexicon.list(name).iter().map(|w| w.to_lowercase()).collect())
    }
    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.contains(word) || word.chars().any(char::is_uppercase) && self.0.contains(&word.to_lowercase())
    }
}

/// What a governing word makes of the act that depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Governor {
    Planned,
    Possible,
    Conditional,
    Demanded,
    Believed,
    Negative,
    Historical,
}

/// The tables of governing words, the strongest first: a word of two tables counts as the first.
const ACTS: [(&str, Governor); 6] = [
    ("negative", Governor::Negative),
    ("planned", Governor::Planned),
    ("demanded", Governor::Demanded),
    ("conditional", Governor::Conditional),
    ("possible", Governor::Possible),
    ("believed", Governor::Believed),
];

/// Every list, by what it is for.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) negation: Set,
    pub(crate) modal_possible: Set,
    pub(crate) modal_future: Set,
    pub(crate) modal_demanded: Set,
    pub(crate) modal_conditional: Set,
    pub(crate) conditional_markers: Set,
    pub(crate) governors: HashMap<String, Governor>,
    /// Governors that bear on an infinitive alone ("told to withdraw").
    pub(crate) infinitive: HashMap<String, Governor>,
    /// Governors with their particle ("rule out").
    pub(crate) two_words_governors: HashMap<String, Governor>,
    pub(crate) adjectives: HashMap<String, Governor>,
    /// Words whose infinitive came about ("managed to").
    pub(crate) implicative: Set,
    /// Words whose clause is a fact even where they are denied ("did not know that").
    pub(crate) factive: Set,
    /// Words that ask for the circumstances of what did happen ("why", "how").
    pub(crate) question_words: Set,
    /// Prepositions before a gerund that is talked about ("talks on withdrawing").
    pub(crate) open_prepositions: Set,
    /// Prepositions that deny what they stand before ("instead of"), and say nothing as adverbs.
    pub(crate) negation_prepositions: Set,
    /// Prepositions before the means of a deed ("by attacking").
    pub(crate) means_prepositions: Set,
    /// Governors of an infinitive that in the past tense tell of a deed ("had to withdraw").
    pub(crate) done_in_past: Set,
    /// Verbs whose object is who says what the main clause does ("…, citing officials").
    pub(crate) citing_verbs: Set,
    /// Several words that stand together before a word ("rather than"), and what they make of it.
    pub(crate) phrases: HashMap<String, Governor>,
    /// Nouns of what has been said when it is refused ("denied a request").
    pub(crate) uttered_nouns: Set,
    /// "nobody", "none".
    pub(crate) negative_pronouns: Set,
    /// Adjectives and adverbs that say of a clause whether it is true ("it is not true that", "falsely").
    pub(crate) true_adjectives: Set,
    pub(crate) untrue_adjectives: Set,
    pub(crate) false_adverbs: Set,
    /// Conjunctions that let a denial reach on ("did not attack or invade").
    pub(crate) alternative_conjunctions: Set,
    /// Nouns and verbs of looking back ("anniversary", "commemorate").
    pub(crate) historical_nouns: Set,
    pub(crate) historical_verbs: Set,
    /// Conjunctions whose clause in the present tense is still ahead ("before it attacks").
    pub(crate) ahead_markers: Set,
    /// Adverbs between "as" and "as" of time ("as soon as") and of condition ("as long as").
    pub(crate) time_measures: Set,
    pub(crate) conditional_measures: Set,
    /// Adverbs of what came near and did not come ("nearly").
    pub(crate) proximal_adverbs: Set,
    /// Adjectives whose infinitive came about, in the past ("was able to").
    pub(crate) implicative_past: Set,
    /// Verbs that the speaker says with "would" and means ("we would urge").
    pub(crate) hedged_verbs: Set,
    /// Verbs of change, before whose infinitive stands what came of it ("fell to reach").
    pub(crate) change_verbs: Set,
    /// Conjunctions of purpose ("so that").
    pub(crate) purpose_markers: Set,
    /// Conjunctions of time whose clause, in the present tense, lies as far ahead as the main clause.
    pub(crate) time_markers: Set,
    /// Nouns with a clause of what somebody says ("evidence that"), and adjectives with one ("sure that").
    pub(crate) speech_nouns: Set,
    pub(crate) speech_adjectives: Set,
    /// Verbs that with their particle report speech in talk ("was like").
    pub(crate) quotatives: Set,
    /// Nouns behind "in" and before an owner that tell whose words a clause is ("in the view of").
    pub(crate) source_nouns: Set,
    pub(crate) not_yet: Set,
    /// Governors by which the doer's own plan is told as settled ("is set to meet").
    pub(crate) announcing: Set,
    pub(crate) negative_markers: Set,
    pub(crate) support_verbs: Set,
    pub(crate) harm_verbs: Set,
    pub(crate) time_prepositions: Set,
    pub(crate) occurrence_verbs: Set,
    pub(crate) pair_words: Set,
    pub(crate) two_words: Set,
    pub(crate) person_nouns: Set,
    pub(crate) state_nouns: Set,
    pub(crate) group_nouns: Set,
    pub(crate) container_nouns: Set,
    pub(crate) economy_nouns: Set,
    pub(crate) former_words: Set,
    pub(crate) place_prepositions: Set,
    pub(crate) member_nouns: Set,
    pub(crate) anniversary_nouns: Set,
    pub(crate) whole_determiners: Set,
    pub(crate) war_nouns: Set,
    pub(crate) year_nouns: Set,
    pub(crate) capital_nouns: Set,
    pub(crate) ally_nouns: Set,
    pub(crate) treaty_words: Set,
    pub(crate) start_words: Set,
    pub(crate) end_words: Set,
    pub(crate) sport_words: Set,
    pub(crate) accident_nouns: Set,
    pub(crate) accident_verbs: Set,
    /// Accidents where they are counted ("a fire").
    pub(crate) accident_counted: Set,
    /// What knocks people down on the road, and the verbs that say so.
    pub(crate) accident_vehicles: Set,
    pub(crate) accident_blows: Set,
    /// Words that are of sport where enough of them stand together.
    pub(crate) sport_hints: Set,
    /// Words that say that nobody meant it.
    pub(crate) unmeant: Set,
    /// Verbs whose object is taken back.
    pub(crate) undoing_verbs: Set,
    /// How satire begins.
    pub(crate) satire_openings: Vec<String>,
    /// Words that say of what level a place is, with the level: `region`, `county` or `city`.
    pub(crate) place_levels: HashMap<String, String>,
    /// Words that name a part of a place.
    pub(crate) place_directions: Set,
    /// Peoples and adjectives of places that are no states, with the place.
    pub(crate) place_adjectives: HashMap<String, String>,
    numbers: HashMap<String, i64>,
}

impl Words {
    pub(crate) fn new(knowledge: &Knowledge) -> Words {
        let lexicon = knowledge.lexicon();
        let governors = |prefix: &str, kinds: &[(&str, Governor)]| {
            let mut found = HashMap::new();
            for (name, kind) in kinds {
                for word in lexicon.list(&format!("{prefix}.{name}")) {
                    found.entry(word.to_lowercase()).or_insert(*kind);
                }
            }
            found
        };
        let pairs = |name: &str| {
            let rows = lexicon.list(name).iter().filter_map(|row| row.split_once('='));
            rows.map(|(word, value)| (word.to_owned(), value.to_owned())).collect()
        };
        Words {
            negation: Set::of(lexicon, "negation"),
            modal_possible: Set::of(lexicon, "modal_possible"),
            modal_future: Set::of(lexicon, "modal_future"),
            modal_demanded: Set::of(lexicon, "modal_demanded"),
            modal_conditional: Set::of(lexicon, "modal_conditional"),
            conditional_markers: Set::of(lexicon, "conditional_markers"),
            governors: governors("governors", &ACTS),
            infinitive: governors("governors_infinitive", &ACTS),
            two_words_governors: governors("governors_two_words", &ACTS),
            implicative: Set::of(lexicon, "implicative.positive"),
            factive: Set::of(lexicon, "implicative.factive"),
            question_words: Set::of(lexicon, "question_words"),
            open_prepositions: Set::of(lexicon, "open_prepositions"),
            negation_prepositions: Set::of(lexicon, "negation_prepositions"),
            means_prepositions: Set::of(lexicon, "means_prepositions"),
            done_in_past: Set::of(lexicon, "done_in_past"),
            citing_verbs: Set::of(lexicon, "citing_verbs"),
            phrases: governors(
                "phrases",
                &[
                    ("negative", Governor::Negative),
                    ("planned", Governor::Planned),
                    ("conditional", Governor::Conditional),
                    ("possible", Governor::Possible),
                ],
            ),
            uttered_nouns: Set::of(lexicon, "uttered_nouns"),
            negative_pronouns: Set::of(lexicon, "negative_pronouns"),
            true_adjectives: Set::of(lexicon, "true_adjectives"),
            untrue_adjectives: Set::of(lexicon, "untrue_adjectives"),
            false_adverbs: Set::of(lexicon, "false_adverbs"),
            alternative_conjunctions: Set::of(lexicon, "alternative_conjunctions"),
            historical_nouns: Set::of(lexicon, "historical.nouns"),
            historical_verbs: Set::of(lexicon, "historical.verbs"),
            ahead_markers: Set::of(lexicon, "ahead_markers"),
            time_measures: Set::of(lexicon, "time_measures"),
            conditional_measures: Set::of(lexicon, "conditional_measures"),
            proximal_adverbs: Set::of(lexicon, "proximal_adverbs"),
            implicative_past: Set::of(lexicon, "implicative.past"),
            hedged_verbs: Set::of(lexicon, "hedged_verbs"),
            change_verbs: Set::of(lexicon, "change_verbs"),
            purpose_markers: Set::of(lexicon, "purpose_markers"),
            time_markers: Set::of(lexicon, "time_markers"),
            speech_nouns: Set::of(lexicon, "speech_nouns"),
            speech_adjectives: Set::of(lexicon, "speech_adjectives"),
            quotatives: Set::of(lexicon, "quotatives"),
            source_nouns: Set::of(lexicon, "source_nouns"),
            not_yet: Set::of(lexicon, "not_yet"),
            announcing: Set::of(lexicon, "announcing"),
            negative_markers: Set::of(lexicon, "negative_markers"),
            adjectives: governors(
                "adjectives",
                &[
                    ("negative", Governor::Negative),
                    ("planned", Governor::Planned),
                    ("demanded", Governor::Demanded),
                    ("possible", Governor::Possible),
                    ("historical", Governor::Historical),
                ],
            ),
            support_verbs: Set::of(lexicon, "support_verbs"),
            harm_verbs: Set::of(lexicon, "harm_verbs"),
            time_prepositions: Set::of(lexicon, "time_prepositions"),
            occurrence_verbs: Set::of(lexicon, "occurrence_verbs"),
            pair_words: Set::of(lexicon, "pair_words"),
            two_words: Set::of(lexicon, "two_words"),
            person_nouns: Set::of(lexicon, "person_nouns"),
            state_nouns: Set::of(lexicon, "state_nouns"),
            group_nouns: Set::of(lexicon, "group_nouns"),
            economy_nouns: Set::of(lexicon, "economy_nouns"),
            container_nouns: Set::of(lexicon, "container_nouns"),
            former_words: Set::of(lexicon, "former_words"),
            place_prepositions: Set::of(lexicon, "place_prepositions"),
            member_nouns: Set::of(lexicon, "member_nouns"),
            anniversary_nouns: Set::of(lexicon, "anniversary_nouns"),
            whole_determiners: Set::of(lexicon, "whole_determiners"),
            war_nouns: Set::of(lexicon, "war_nouns"),
            year_nouns: Set::of(lexicon, "year_nouns"),
            capital_nouns: Set::of(lexicon, "capital_nouns"),
            ally_nouns: Set::of(lexicon, "ally_nouns"),
            treaty_words: Set::of(lexicon, "treaty_words"),
            start_words: Set::of(lexicon, "start_words"),
            end_words: Set::of(lexicon, "end_words"),
            sport_words: Set::of(lexicon, "sport_words"),
            accident_nouns: Set::of(lexicon, "accident_nouns"),
            accident_verbs: Set::of(lexicon, "accident_verbs"),
            accident_counted: Set::of(lexicon, "accident_counted"),
            accident_vehicles: Set::of(lexicon, "accident_vehicles"),
            accident_blows: Set::of(lexicon, "accident_blows"),
            sport_hints: Set::of(lexicon, "sport_hints"),
            unmeant: Set::of(lexicon, "unmeant"),
            undoing_verbs: Set::of(lexicon, "undoing_verbs"),
            satire_openings: lexicon.list("satire_openings").to_vec(),
            place_levels: pairs("place_levels"),
            place_directions: Set::of(lexicon, "place_directions"),
            place_adjectives: pairs("place_adjectives"),
            numbers: lexicon
                .list("numbers")
                .iter()
                .filter_map(|row| row.split_once('='))
                .filter_map(|(word, value)| Some((word.to_lowercase(), value.parse().ok()?)))
                .collect(),
        }
    }

    /// "9", "1,200" and "nine" as numbers.
    pub(crate) fn number(&self, text: &str) -> Option<i64> {
        let digits = text.replace(',', "");
        digits.parse().ok().or_else(|| self.numbers.get(&text.to_lowercase()).copied())
    }
}
