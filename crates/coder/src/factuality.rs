//! Whether the text says that it happened: negation, plans, doubts, demands, conditions, history.
//!
//! From the trigger the walk goes up the parse: what stands on the way (a modal, "not", "if", a governing word
//! such as "refused to" or "speculation about") changes the standing of the act. Terms: ACE's polarity, modality, tense.

use crate::frame::{governing_verb, passive};
use crate::words::{Governor, Words};
use demarche_core::{Modality, Polarity, Tense};
use demarche_text::{SentenceKind, Token, Upos};

/// How the text puts an act, and the words that say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Whether it is affirmed or denied.
    pub polarity: Polarity,
    /// Whether it is asserted, or only planned, possible, demanded …
    pub modality: Modality,
    /// The tense of its clause.
    pub tense: Tense,
    /// The words that decide, in the order in which they were met.
    pub grounds: Vec<String>,
    /// Whether the text tells of it as of history ("the anniversary of the invasion"): no news of the day.
    pub history: bool,
    /// Whether it was said and refused ("denied a request"): it happened, and what it asked for is not granted.
    pub refused: bool,
}

impl Standing {
    /// Whether the text says that the act happened: affirmed, asserted and not still to come.
    pub fn happened(&self) -> bool {
        self.polarity == Polarity::Positive && self.modality == Modality::Asserted && self.tense != Tense::Future
    }
}

/// The standing of the act that this word reports, with the object that its pattern asked for ("issued an apology").
pub(crate) fn standing(trigger: Token<'_>, object: Option<Token<'_>>, words: &Words) -> Standing {
    let mut walk = Walk {
        words,
        found: Standing {
            polarity: Polarity::Positive,
            modality: Modality::Asserted,
            tense: tense_of(trigger, words),
            grounds: Vec::new(),
            history: false,
            refused: false,
        },
    };
    walk.climb(trigger);
    let infinitive = |c: Token<'_>| c.relation() == "xcomp" && c.has("VerbForm=Inf");
    if words.modal_future.has(&trigger.text().to_lowercase()) && trigger.children().any(infinitive) {
        // "going to" is no going.
        walk.set(Modality::Planned, format!("“{} to”", trigger.text()));
    }
    if trigger.upos() == Upos::Verb {
        // "found no rebels guilty", "made no arrests"
        crate::frame::objects(trigger).into_iter().filter(|o| Some(*o) != object).for_each(|o| walk.negated_noun(o));
    }
    if let Some(object) = object {
        walk.negated_noun(object);
        // "launched a planned attack", but "welcomed the planned withdrawal" is a welcome
        if words.support_verbs.has(&trigger.lemma().to_lowercase()) {
            walk.described(object);
        }
    }
    if walk.found.modality == Modality::Asserted && asked(trigger, words) {
        walk.set(Modality::Possible, "a question");
    }
    walk.found
}

/// Whether the sentence asks whether the act happened. "Why did Mordor attack?" takes the attack for granted, and so
/// does a question about something else ("Will those who attacked withdraw?").
fn asked(trigger: Token<'_>, words: &Words) -> bool {
    if !trigger.sentence().text().trim_end().ends_with(['?']) {
        return false;
    }
    let mut token = trigger;
    loop {
        // "how many towns did Mordor attack?": the word that asks stands within what comes first.
        let asks = |c: Token<'_>| {
            let first = c.ix() < token.ix() && c.upos() != Upos::Verb;
            std::iter::once(c)
                .chain(c.children().filter(|_| first))
                .chain(c.children().flat_map(|d| d.children()).filter(|_| first))
                .any(|w| words.question_words.has(&w.lemma().to_lowercase()))
        };
        if token.children().any(asks) {
            return false;
        }
        // "Q: Has Mordor attacked?": the question hangs from whoever asks it.
        if matches!(token.relation(), "appos" | "parataxis" | "list") && inverted(token) {
            return true;
        }
        let clause = token.deprel() == "acl:relcl" || matches!(token.relation(), "acl" | "advcl" | "amod");
        match token.head() {
            Some(head) if !clause => token = head,
            Some(_) => return false,
            // "Mordor attacked Gondor?" in running text is no question; a headline has no room for the turn.
            None => return token.sentence().kind() == SentenceKind::Title || inverted(token),
        }
    }
}

/// Whether a clause puts its auxiliary or copula before its subject ("Has Mordor attacked?", "Is a deal near?").
fn inverted(predicate: Token<'_>) -> bool {
    let clause = |t: &Token<'_>| matches!(t.relation(), "aux" | "cop");
    let first = predicate.children().find(clause).unwrap_or(predicate);
    predicate.children().any(|c| matches!(c.relation(), "nsubj" | "expl") && c.ix() > first.ix())
}

/// Whether a clause is a condition by its order of words alone: "had Mordor attacked", "were Mordor to attack".
fn inverted_condition(clause: Token<'_>) -> bool {
    let first = clause.children().find(|c| matches!(c.relation(), "aux" | "cop"));
    let opens = |t: &Token<'_>| matches!(t.text().to_lowercase().as_str(), "had" | "were" | "should");
    first.filter(opens).is_some_and(|first| {
        let left = clause.subtree().first().is_some_and(|t| *t == first);
        left && clause.children().any(|c| c.relation() == "nsubj" && c.ix() > first.ix())
    })
}

/// Whether a verb is an infinitive with "to", also in the passive ("to be held"), that reaches into no past
/// ("to have attacked").
fn to_infinitive(verb: Token<'_>) -> bool {
    verb.children().any(|c| c.relation() == "mark" && c.lemma() == "to")
        && (verb.has("VerbForm=Inf")
            || verb.children().any(|c| matches!(c.relation(), "aux" | "cop") && c.has("VerbForm=Inf")))
        && !verb.children().any(|c| c.relation() == "aux" && c.lemma() == "have")
}

/// Whether a verb form in -ing stands for a clause ("by attacking").
fn gerund(clause: Token<'_>) -> bool {
    clause.has("VerbForm=Ger") || clause.has("VerbForm=Part") && clause.has("Tense=Pres")
}

/// Whether a verb is an order.
fn ordered(verb: Token<'_>) -> bool {
    verb.has("Mood=Imp") && !verb.children().any(|c| matches!(c.relation(), "nsubj" | "aux"))
}

/// Whether a verb stands bare, with nobody who does it: an order or an entry of a programme ("Attack at dawn",
/// "take the ferry, then sail on").
fn bare(verb: Token<'_>) -> bool {
    verb.has("VerbForm=Inf")
        && !verb
            .children()
            .any(|c| matches!(c.relation(), "nsubj" | "csubj" | "aux" | "mark" | "case" | "cop" | "expl"))
}

struct Walk<'w> {
    words: &'w Words,
    found: Standing,
}

impl Walk<'_> {
    fn set(&mut self, modality: Modality, why: impl Into<String>) {
        if self.found.modality == Modality::Asserted {
            self.found.modality = modality;
        }
        self.found.grounds.push(why.into());
    }

    fn negate(&mut self, why: String) {
        self.found.polarity = match self.found.polarity {
            Polarity::Positive => Polarity::Negative,
            // Twice denied is not thereby asserted.
            Polarity::Negative => {
                self.set(Modality::Possible, "a double negation");
                Polarity::Positive
            }
        };
        self.found.grounds.push(why);
    }

    fn apply(&mut self, governor: Governor, word: Token<'_>) {
        let why = format!("“{}”", word.text());
        match governor {
            Governor::Negative => self.negate(why),
            Governor::Planned => self.set(Modality::Planned, why),
            Governor::Possible => self.set(Modality::Possible, why),
            Governor::Conditional => self.set(Modality::Conditional, why),
            Governor::Demanded => self.set(Modality::Demanded, why),
            Governor::Believed => self.set(Modality::Believed, why),
            Governor::Historical => {
                self.found.history = true;
                self.found.grounds.push(format!("{why}: history"));
            }
        }
    }

    /// What hangs from the word itself: "not", "no", modals, "potential", "if".
    fn local(&mut self, token: Token<'_>) {
        for child in token.children() {
            let lemma = child.lemma().to_lowercase();
            let text = child.text().to_lowercase();
            let word = || format!("“{}”", child.text());
            match child.relation() {
                "advmod" | "det" | "cc" | "case"
                    if self.words.negation.has(&lemma) || self.words.negation.has(&text) =>
                {
                    self.negate(word());
                }
                // "no longer attacks", "not even attacked"
                "advmod" if child.children().any(|c| self.words.negation.has(&c.lemma().to_lowercase())) => {
                    self.negate(word());
                }
                // "nearly attacked", but "nearly always attacks"
                "advmod" if self.words.proximal_adverbs.has(&lemma) => self.negate(word()),
                "mark" | "case" if self.words.negation_prepositions.has(&lemma) => self.negate(word()),
                "aux" => self.modal(child, token),
                "mark" if self.words.conditional_markers.has(&lemma) => self.set(Modality::Conditional, word()),
                "mark" if self.words.negation.has(&lemma) => self.negate(word()),
                // "neither Arnor nor Gondor attacked", "no state attacked", "nobody attacked"
                "nsubj" if child.deprel() != "nsubj:pass" && token.upos() == Upos::Verb => {
                    let none = |c: &Token<'_>| {
                        matches!(c.relation(), "det" | "cc") && self.words.negation.has(&c.lemma().to_lowercase())
                    };
                    if self.words.negative_pronouns.has(&lemma) {
                        self.negate(word());
                    } else if let Some(no) = child.children().find(none) {
                        self.negate(format!("“{}”", no.text()));
                    }
                }
                _ => {}
            }
            if matches!(child.relation(), "mark" | "case" | "advmod" | "cc") {
                self.phrased(child);
            }
        }
        if token.relation() == "advcl" && inverted_condition(token) {
            // "Had Mordor attacked, Rohan would have answered."
            self.set(Modality::Conditional, "a condition");
        }
        if ordered(token) {
            self.set(Modality::Demanded, "an imperative");
        }
        if matches!(token.relation(), "root" | "parataxis" | "csubj") {
            if to_infinitive(token) {
                // "Arnor to send troops", a headline's future
                self.set(Modality::Planned, "“to”");
            } else if bare(token) {
                self.set(Modality::Demanded, "a bare infinitive");
            }
        }
        self.described(token);
    }

    /// What several words that stand together before a word make of it ("rather than", "in the event of").
    fn phrased(&mut self, first: Token<'_>) {
        let mut words = vec![first.text().to_lowercase()];
        words.extend(first.children().filter(|c| c.relation() == "fixed").map(|c| c.text().to_lowercase()));
        if words.len() < 2 {
            return;
        }
        if let Some(&governor) = self.words.phrases.get(&words.join(" ")) {
            self.apply(governor, first);
        }
    }

    /// What an auxiliary makes of its verb.
    fn modal(&mut self, aux: Token<'_>, verb: Token<'_>) {
        let (lemma, text) = (aux.lemma().to_lowercase(), aux.text().to_lowercase());
        let word = format!("“{}”", aux.text());
        if self.words.modal_future.has(&lemma) || self.words.modal_future.has(&text) {
            self.set(Modality::Planned, word);
            self.found.tense = Tense::Future;
        } else if self.words.modal_possible.has(&lemma) {
            self.set(Modality::Possible, word);
        } else if self.words.modal_demanded.has(&lemma) {
            self.set(Modality::Demanded, word);
        } else if self.words.modal_conditional.has(&lemma) || self.words.modal_conditional.has(&text) {
            if self.words.hedged_verbs.has(&verb.lemma().to_lowercase()) && self.first_person(verb) {
                // "we would urge Mordor": so it is said here and now.
                return;
            }
            // "said it would send" is the future seen from the past.
            let reported = verb.relation() == "ccomp";
            self.set(if reported { Modality::Planned } else { Modality::Conditional }, word);
        }
    }

    /// Whether what depends on this word as an infinitive came about all the same ("managed to", "sorry to").
    fn came_about(&self, head: Token<'_>) -> bool {
        let lemma = head.lemma().to_lowercase();
        // "was able to leave" tells that it left, "is able to" does not.
        let past = || head.children().any(|c| c.relation() == "cop" && c.has("Tense=Past"));
        self.words.implicative_past.has(&lemma) && past()
            || self.words.implicative.has(&lemma)
            || self.words.factive.has(&lemma)
            || self.words.support_verbs.has(&lemma)
    }

    fn climb(&mut self, trigger: Token<'_>) {
        let mut token = trigger;
        self.local(token);
        for _ in 0..12 {
            let Some(head) = token.head() else { return };
            let governor = self.governor(token, head);
            let against = token.children().find(|c| {
                matches!(c.relation(), "mark" | "case") && self.words.negative_markers.has(&c.lemma().to_lowercase())
            });
            match token.relation() {
                "conj" => {
                    // Coordinated words share what stands before the first, unless they have a subject of their own.
                    if token.children().any(|c| c.relation() == "nsubj") {
                        token = head;
                        continue;
                    }
                    if !token.children().any(|c| c.relation() == "aux") {
                        self.shared(token, head);
                    }
                }
                "xcomp" => {
                    let yet = head.lemma() == "have"
                        && head.children().any(|c| self.words.not_yet.has(&c.lemma().to_lowercase()));
                    if let Some(against) = against {
                        self.negate(format!("“{}”", against.text()));
                    } else if yet {
                        self.negate("“yet”".to_string());
                    } else if let Some(governor) = governor {
                        self.apply(governor, head);
                    } else if to_infinitive(token) && (!self.came_about(head) || self.asks(token)) {
                        // An infinitive tells of no fact unless its governor does.
                        self.set(Modality::Possible, format!("“{} to”", head.text()));
                    }
                    self.local(head);
                }
                "ccomp" | "csubj" => {
                    self.truth(head);
                    let own = |g: Governor| g == Governor::Believed && self.first_person(head);
                    if let Some(governor) = governor.filter(|g| !own(*g)) {
                        self.apply(governor, head);
                    } else if to_infinitive(token) && governor.is_none() && (!self.came_about(head) || self.asks(token))
                    {
                        // "knows how to attack" knows a way, and tells of no deed.
                        self.set(Modality::Possible, format!("“{} to”", head.text()));
                    } else if token.relation() == "csubj" {
                        // "attacking would be": the deed is as open as what is said of it.
                        head.children().filter(|c| c.relation() == "aux").for_each(|c| self.modal(c, head));
                    } else if head.upos() != Upos::Verb {
                        return;
                    }
                    // "did not claim that it attacked": a fact stays one whatever is said of knowing it.
                    let lemma = head.lemma().to_lowercase();
                    if self.words.factive.has(&lemma) {
                        return;
                    }
                }
                "acl" if token.deprel() != "acl:relcl" => {
                    let marked = token.children().any(|c| matches!(c.relation(), "mark" | "case"));
                    if passive(token) && !to_infinitive(token) || gerund(token) && !marked {
                        // "talks planned for May", "troops attacking a town": the participle speaks of its noun, and
                        // not the other way round.
                        return;
                    }
                    if let Some(governor) = governor {
                        self.apply(governor, head);
                    } else if token.has("VerbForm=Inf") || to_infinitive(token) {
                        self.set(Modality::Planned, format!("“{} to”", head.text()));
                    }
                    self.negated_noun(head);
                    if let Some(predicate) = head.head().filter(|p| head.relation() == "nsubj" && p.upos() == Upos::Adj)
                    {
                        // "reports that it attacked were false"
                        self.truth(predicate);
                    }
                }
                "advcl" => {
                    if let Some(against) = against {
                        self.negate(format!("“{}”", against.text()));
                    } else if token.has("VerbForm=Inf") && !token.children().any(|c| c.relation() == "nsubj")
                        || to_infinitive(token)
                    {
                        match governor {
                            Some(governor) => self.apply(governor, head),
                            // "fell to reach a new low": what came of it, not what it was for
                            None if self.words.change_verbs.has(&head.lemma().to_lowercase()) => {}
                            None => self.set(Modality::Planned, "a purpose"),
                        }
                    } else if let Some(governor) = governor.filter(|_| {
                        token.children().any(|c| {
                            matches!(c.relation(), "mark" | "case")
                                && (matches!(c.lemma(), "of" | "from" | "about" | "at")
                                    || self.two_words(head, c.lemma()).is_some())
                        })
                    }) {
                        self.apply(governor, head);
                    } else if self.opens(token) && !self.came_about(head) {
                        self.set(Modality::Possible, "an open matter");
                    } else if let Some(before) = self.ahead(token) {
                        self.set(Modality::Planned, format!("“{}”", before.text()));
                    } else if let Some(measure) = self.measured(token, head) {
                        // "as soon as it attacks", "as long as it attacks"
                        head.children().filter(|c| c.relation() == "aux").for_each(|c| self.modal(c, head));
                        if self.words.conditional_measures.has(&measure.lemma().to_lowercase()) {
                            self.set(Modality::Conditional, format!("“as {} as”", measure.text()));
                        }
                        match measure.head() {
                            Some(main) => {
                                main.children().filter(|c| c.relation() == "aux").for_each(|c| self.modal(c, main));
                                token = main;
                                continue;
                            }
                            None => return,
                        }
                    } else if self.of_its_time(token) || self.by_means(token) {
                        head.children().filter(|c| c.relation() == "aux").for_each(|c| self.modal(c, head));
                        if head.has("Mood=Imp") {
                            self.set(Modality::Demanded, "an imperative");
                        }
                        token = head;
                        continue;
                    }
                    return;
                }
                "obj" | "nsubj" | "obl" | "nmod" | "iobj"
                    if token.upos() != Upos::Verb || token.relation() == "obj" =>
                {
                    let uttered = || self.words.uttered_nouns.has(&token.lemma().to_lowercase());
                    if token == trigger && governor == Some(Governor::Negative) && uttered() {
                        // "denied a request": what was refused was asked for all the same; what is in it was not granted.
                        self.found.refused = true;
                        return;
                    }
                    if !self.nominal(token, head, governor) {
                        return;
                    }
                }
                "amod" | "compound" => {
                    // "the planned attack" is seen from the noun; "peace talks" passes to the talks.
                    if head.upos() == Upos::Noun {
                        return;
                    }
                }
                "aux" | "cop" | "parataxis" | "root" | "appos" => {
                    return;
                }
                _ => return,
            }
            token = head;
        }
    }

    /// What the head makes of the word that hangs from it: by itself, with its particle, or before an infinitive.
    fn governor(&self, token: Token<'_>, head: Token<'_>) -> Option<Governor> {
        let lemma = head.lemma().to_lowercase();
        let particle =
            |c: Token<'_>| c.deprel() == "compound:prt" || c.relation() == "advmod" && c.ix().0 == head.ix().0 + 1;
        if let Some(particle) = head.children().find(|c| particle(*c)) {
            if let Some(governor) = self.two_words(head, particle.lemma()) {
                return Some(governor);
            }
            if particle.deprel() == "compound:prt" {
                return None;
            }
        }
        let before = |c: &Token<'_>| c.relation() == "case" || c.relation() == "mark" && gerund(token);
        if let Some(governor) = token.children().find(before).and_then(|case| self.two_words(head, case.lemma())) {
            return Some(governor);
        }
        // "make sure that it withdraws", "is close to withdrawing"
        let above = head.head().filter(|_| head.relation() == "xcomp");
        if let Some(governor) = above.and_then(|above| self.two_words(above, head.lemma())) {
            return Some(governor);
        }
        let infinitive = (token.has("VerbForm=Inf") || to_infinitive(token))
            && matches!(token.relation(), "xcomp" | "acl" | "advcl" | "ccomp");
        // "had to leave" and "went to meet" tell of what was done, "has to" and "is going to" do not.
        let done = head.has("Tense=Past")
            && head.has("VerbForm=Fin")
            && self.words.done_in_past.has(&lemma)
            && !head.children().any(|c| c.relation() == "advmod" && self.words.not_yet.has(&c.lemma().to_lowercase()));
        let before = (infinitive && !done).then(|| self.words.infinitive.get(&lemma)).flatten();
        let found = self.words.governors.get(&lemma).or(before).copied();
        // "wants Rohan to attack": what one plans for another is asked of that other.
        let another = |c: Token<'_>| matches!(c.relation(), "obj" | "iobj") && c.ix() < token.ix();
        if infinitive && found == Some(Governor::Planned) && head.upos() == Upos::Verb && head.children().any(another) {
            return Some(Governor::Demanded);
        }
        found
    }

    /// "a planned attack": what an adjective makes of a noun.
    fn described(&mut self, noun: Token<'_>) {
        for child in noun.children().filter(|c| matches!(c.relation(), "amod" | "compound" | "advmod")) {
            let found = self.words.adjectives.get(&child.lemma().to_lowercase());
            if let Some(&governor) = found.or_else(|| self.words.adjectives.get(&child.text().to_lowercase())) {
                self.apply(governor, child);
            }
        }
    }

    /// A noun and the word it hangs from; whether the walk goes on from there.
    fn nominal(&mut self, token: Token<'_>, head: Token<'_>, governor: Option<Governor>) -> bool {
        let lemma = head.lemma().to_lowercase();
        if let Some(participle) = token.children().find(|c| c.deprel() == "acl" && passive(*c))
            && let Some(&governor) = self.words.governors.get(&participle.lemma().to_lowercase())
            // "an attack suspected to have been perpetrated by": only who did it is in doubt.
            && !(governor == Governor::Believed && participle.children().any(|c| c.relation() == "xcomp"))
        {
            self.apply(governor, participle);
        }
        let verb = head.upos() == Upos::Verb;
        match token.relation() {
            "obj" | "obl" if verb => {
                if token.relation() == "obj" && self.words.historical_verbs.has(&lemma) {
                    self.apply(Governor::Historical, head);
                }
                if let Some(governor) = governor {
                    let case = token.children().find(|c| c.relation() == "case");
                    let governed = token.relation() == "obj"
                        || governs_through(token, governor)
                        || case.is_some_and(|case| self.two_words(head, case.lemma()).is_some());
                    if governed {
                        self.apply(governor, head);
                    }
                    if governed {
                        self.carried(head);
                    }
                    return governed;
                }
                if token.relation() == "obj"
                    && !token.children().any(|c| c.has("Definite=Def") || c.deprel() == "nmod:poss")
                {
                    // "never suffered a raid", "did not see any fighting"
                    let not =
                        |c: &Token<'_>| c.relation() == "advmod" && self.words.negation.has(&c.lemma().to_lowercase());
                    if let Some(not) = head.children().find(not).filter(|_| !self.words.support_verbs.has(&lemma)) {
                        self.negate(format!("“{}”", not.text()));
                        return false;
                    }
                }
                if token.relation() == "obj" && self.words.support_verbs.has(&lemma)
                    || governing_verb(token, self.words) == Some(head) && token.relation() == "obj"
                {
                    self.carried(head);
                    return true;
                }
                false
            }
            "nsubj" if verb => {
                if token.deprel() == "nsubj:pass"
                    && let Some(governor) = governor
                {
                    self.apply(governor, head);
                    return true;
                }
                if self.words.occurrence_verbs.has(&lemma)
                    || token.deprel() == "nsubj:pass" && self.words.support_verbs.has(&lemma)
                {
                    self.carried(head);
                    return true;
                }
                if let Some(aux) = head.children().find(|c| {
                    c.relation() == "aux"
                        && (self.words.modal_conditional.has(&c.lemma().to_lowercase())
                            || self.words.modal_possible.has(&c.lemma().to_lowercase()))
                }) {
                    // "A deal would end the war": indefinite and supposed.
                    if token.children().any(|c| c.has("Definite=Ind")) {
                        self.set(Modality::Conditional, format!("“{}”", aux.text()));
                    }
                }
                false
            }
            "nsubj" => {
                // "a deal is unlikely", "an attack is possible"
                if let Some(governor) = governor.or_else(|| self.words.adjectives.get(&lemma).copied()) {
                    self.apply(governor, head);
                }
                self.local(head);
                false
            }
            "nmod" | "obl" => {
                let about = |c: Token<'_>| {
                    c.relation() == "case"
                        && matches!(c.lemma(), "of" | "for" | "about" | "on" | "over" | "to" | "against" | "at")
                };
                let case = head.children().find(|c| c.relation() == "case").map_or("", |c| c.lemma());
                if let Some(&governor) = self.words.phrases.get(&format!("{} {lemma} of", case.to_lowercase())) {
                    // "in the event of an attack"
                    self.apply(governor, head);
                    return false;
                }
                if self.words.historical_nouns.has(&lemma) && token.children().any(about) {
                    self.apply(Governor::Historical, head);
                }
                if let Some(governor) = governor.filter(|_| token.children().any(about)) {
                    self.apply(governor, head);
                    self.negated_noun(head);
                    return true;
                }
                if token.children().any(|c| c.relation() == "case" && c.lemma() == "of") {
                    // "no sign of a buildup"
                    self.negated_noun(head);
                }
                self.words.container_nouns.has(&lemma)
            }
            _ => false,
        }
    }

    /// What stands before the verb that carries a noun.
    fn carried(&mut self, verb: Token<'_>) {
        self.local(verb);
        if verb.has("Tense=Pres") && self.found.tense == Tense::Past {
            self.found.tense = Tense::Present;
        }
    }

    /// Modals and negation that a coordinated word shares with the first.
    fn shared(&mut self, token: Token<'_>, first: Token<'_>) {
        if token.has("VerbForm=Inf") && matches!(first.relation(), "root" | "parataxis" | "csubj") {
            if to_infinitive(first) {
                self.set(Modality::Planned, "“to”");
            } else if bare(token) && !first.children().any(|c| matches!(c.relation(), "nsubj" | "aux" | "cop")) {
                self.set(Modality::Demanded, "a bare infinitive");
            }
        }
        let or = token.children().any(|c| c.relation() == "cc" && self.words.alternative_conjunctions.has(c.lemma()));
        for child in first.children() {
            match child.relation() {
                // "did not attack or invade"
                "advmod" if or && self.words.negation.has(&child.lemma().to_lowercase()) => {
                    self.negate(format!("“{}”", child.text()));
                }
                "aux" => self.modal(child, first),
                "mark" if self.words.conditional_markers.has(&child.lemma().to_lowercase()) => {
                    self.set(Modality::Conditional, format!("“{}”", child.text()));
                }
                _ => {}
            }
        }
    }

    /// Whether a clause is what is talked or thought about, and not done ("on withdrawing", "so that it withdraws").
    fn opens(&self, clause: Token<'_>) -> bool {
        clause.children().any(|c| {
            let lemma = c.lemma().to_lowercase();
            matches!(c.relation(), "mark" | "case")
                && (gerund(clause) && self.words.open_prepositions.has(&lemma)
                    || self.words.purpose_markers.has(&lemma))
        })
    }

    /// Whether a clause says how its main clause is done: "respond by attacking", "respond, attacking a port".
    fn by_means(&self, clause: Token<'_>) -> bool {
        let mut marks = clause.children().filter(|c| matches!(c.relation(), "mark" | "case"));
        let of_its_time = |c: &Token<'_>| self.words.time_markers.has(&c.lemma().to_lowercase());
        gerund(clause) && marks.all(|c| self.words.means_prepositions.has(&c.lemma().to_lowercase()) || of_its_time(&c))
    }

    /// "before it attacks", "until it attacks": in the present tense still ahead.
    fn ahead<'t>(&self, clause: Token<'t>) -> Option<Token<'t>> {
        let before = |c: &Token<'t>| c.relation() == "mark" && self.words.ahead_markers.has(&c.lemma().to_lowercase());
        clause.children().find(before).filter(|_| clause.has("Tense=Pres") && clause.has("VerbForm=Fin"))
    }

    /// The adverb between "as" and "as" that a clause in the present tense completes ("as soon as it attacks").
    fn measured<'t>(&self, clause: Token<'t>, head: Token<'t>) -> Option<Token<'t>> {
        let of_time = |t: &Token<'t>| {
            let lemma = t.lemma().to_lowercase();
            self.words.time_measures.has(&lemma) || self.words.conditional_measures.has(&lemma)
        };
        let present = clause.has("Tense=Pres") && clause.has("VerbForm=Fin");
        let measures = clause.children().any(|c| c.relation() == "mark" && c.lemma() == "as");
        Some(head).filter(|h| present && measures && h.relation() == "advmod" && of_time(h))
    }

    /// What two words make of what follows them ("capable of attacking", "make sure that").
    fn two_words(&self, first: Token<'_>, second: &str) -> Option<Governor> {
        let key = format!("{} {}", first.lemma().to_lowercase(), second.to_lowercase());
        self.words.two_words_governors.get(&key).copied()
    }

    /// Whether a clause of time stands or falls with its main clause: "will leave when the talks end".
    fn of_its_time(&self, clause: Token<'_>) -> bool {
        clause.has("Tense=Pres")
            && clause.has("VerbForm=Fin")
            && clause.children().any(|c| {
                matches!(c.relation(), "mark" | "advmod") && self.words.time_markers.has(&c.lemma().to_lowercase())
            })
    }

    /// "it is not true that", "it is false that", "falsely claimed that": whether what follows is called untrue.
    fn truth(&mut self, head: Token<'_>) {
        let lemma = head.lemma().to_lowercase();
        let not = |c: &Token<'_>| {
            matches!(c.relation(), "advmod" | "det") && self.words.negation.has(&c.lemma().to_lowercase())
        };
        let falsely =
            |c: &Token<'_>| c.relation() == "advmod" && self.words.false_adverbs.has(&c.lemma().to_lowercase());
        let denied = match (self.words.untrue_adjectives.has(&lemma), self.words.true_adjectives.has(&lemma)) {
            (true, _) => head.children().find(not).is_none().then_some(head),
            (_, true) => head.children().find(not),
            _ => head.children().find(falsely),
        };
        if let Some(word) = denied {
            self.negate(format!("“{}”", word.text()));
        }
    }

    /// Whether a clause hangs from a question word ("how to attack", "what to do").
    fn asks(&self, clause: Token<'_>) -> bool {
        clause.children().any(|c| self.words.question_words.has(&c.lemma().to_lowercase()))
    }

    /// "I think", "we believe": the writer's own word for what is said to be so.
    fn first_person(&self, verb: Token<'_>) -> bool {
        verb.children().any(|c| c.relation() == "nsubj" && c.has("Person=1"))
    }

    /// "no plans to", "no sign of".
    fn negated_noun(&mut self, noun: Token<'_>) {
        if let Some(no) =
            noun.children().find(|c| c.relation() == "det" && self.words.negation.has(&c.lemma().to_lowercase()))
        {
            self.negate(format!("“{}”", no.text()));
        }
    }
}

/// Only some governors reach through a preposition: "called for talks", "hope for", "prepared for", "barred from".
fn governs_through(token: Token<'_>, governor: Governor) -> bool {
    token.children().any(|c| {
        c.relation() == "case"
            && match c.lemma() {
                "for" => governor != Governor::Negative,
                "from" => governor == Governor::Negative,
                "of" | "about" => matches!(governor, Governor::Possible | Governor::Believed),
                "to" => matches!(governor, Governor::Possible | Governor::Planned),
                _ => false,
            }
    })
}

/// The tense of the nearest finite verb.
pub(crate) fn tense_of(trigger: Token<'_>, words: &Words) -> Tense {
    let verb = if trigger.upos() == Upos::Verb { Some(trigger) } else { governing_verb(trigger, words) };
    let Some(verb) = verb else { return Tense::Past };
    let finite = verb.children().filter(|c| c.relation() == "aux").find(|c| c.has("VerbForm=Fin")).unwrap_or(verb);
    if words.modal_future.has(&finite.lemma().to_lowercase()) {
        Tense::Future
    } else if finite.has("Tense=Pres") && finite.has("VerbForm=Fin") && !verb.has("Tense=Past") {
        Tense::Present
    } else {
        Tense::Past
    }
}
