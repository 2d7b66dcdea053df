//! What a second opinion says: the typing head is asked of the pairs of a sentence, beside the patterns.
//!
//! It is asked of every pair that a pattern joined, and agreement or difference goes into the grounds; and of pairs of
//! known parties that no pattern joined, where a clear answer makes an event of its own, whose trigger is the word that
//! the two hang from.  The head answers by PLOVER's rules of conversion: a future cooperation is AGREE, a future attack
//! THREATEN, a refusal REJECT.

use crate::code::key;
use crate::convert::plover_type;
use crate::coref::Mentions;
use crate::fold::Told;
use crate::pair::distance;
use crate::place::located;
use crate::resolve::Resolver;
use demarche_core::{ActorRef, EventType, Span};
use demarche_text::{Sentence, Token, Upos};

/// Whoever answers what one party of a sentence does to another.
pub trait Ear {
    /// For each pair, every class with the logarithm of its share; `None` is nothing.
    fn hear(&mut self, sentence: Sentence<'_>, pairs: &[(Span, Span)]) -> Vec<Vec<(Option<EventType>, f32)>>;
}

/// Which way to lean where precision and recall cannot both be had.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Leaning {
    /// Only what a pattern reports and the head does not contradict.
    Precision,
    /// Patterns, and what the head alone is clear about.
    #[default]
    Balanced,
    /// Also what the head alone finds likelier than not.
    Recall,
}

impl Leaning {
    /// The share from which the head's answer makes an event that no pattern reports.
    fn clear(self) -> f32 {
        match self {
            Leaning::Precision => f32::INFINITY,
            Leaning::Balanced => 0.90,
            Leaning::Recall => 0.60,
        }
    }
    /// The confidence below which an event is left out.
    pub(crate) fn least(self) -> f32 {
        match self {
            Leaning::Precision => 0.70,
            // What is likelier wrong than right.
            Leaning::Balanced => 0.45,
            Leaning::Recall => 0.0,
        }
    }
}

/// The share below which a type is contradicted by a clear answer of another.
const DOUBTED: f32 = 0.03;

/// Stances of verbs that by themselves do nothing to anybody.
const SAYING: [&str; 2] = ["asserts", "claims"];

/// Steps in the tree beyond which two parties are not asked about.
const FAR: usize = 6;

/// Parties of a sentence that are paired where no pattern joined them.
const PARTIES: usize = 4;

/// A pair that no pattern joined and that the head is clear about.
pub(crate) struct Heard<'a> {
    pub(crate) event_type: EventType,
    pub(crate) share: f32,
    pub(crate) actor: ActorRef,
    pub(crate) recipient: ActorRef,
    pub(crate) trigger: Token<'a>,
}

/// Asks of all pairs of a sentence: marks the told events, and returns what was heard beside them.
pub(crate) fn hear<'a>(
    ear: &mut dyn Ear,
    sentence: Sentence<'a>,
    mentions: &Mentions,
    resolver: &Resolver<'a>,
    told: &mut [Told<'a>],
    leaning: Leaning,
) -> Vec<Heard<'a>> {
    let here = |p: &&ActorRef| sentence.span().contains(p.span);
    let mut pairs: Vec<(Span, Span)> = Vec::new();
    let mut of_event: Vec<Option<usize>> = Vec::new();
    for t in told.iter() {
        let source = t.event.actors.iter().find(here);
        let target = t
            .event
            .recipients
            .iter()
            .find(here)
            .or_else(|| t.event.actors.iter().filter(here).nth(1).filter(|_| t.event.recipients.is_empty()));
        of_event.push(match (source, target) {
            (Some(s), Some(t)) if !s.span.overlaps(t.span) => {
                pairs.push((s.span, t.span));
                Some(pairs.len() - 1)
            }
            _ => None,
        });
    }
    // Pairs whose word reports already, or only says that something is said, need not be asked; nor who does something
    // to the subject of an active verb, nor parties far from each other.
    let silent = |word: Token<'a>| {
        let verb = resolver.knowledge.lexicon().speech.get(&word.lemma().to_lowercase());
        !told.iter().any(|t| t.trigger == word) && !verb.is_some_and(|v| SAYING.contains(&v.stance.as_str()))
    };
    let apart = if leaning == Leaning::Precision { Vec::new() } else { unjoined(sentence, mentions, resolver, told) };
    let free: Vec<(Party<'a>, Party<'a>, Token<'a>)> = apart
        .into_iter()
        .filter(|(a, b)| {
            leaning == Leaning::Recall || b.0.deprel() != "nsubj" && distance(a.0, b.0).is_some_and(|n| n <= FAR)
        })
        .filter_map(|(a, b)| carrier(a.0, b.0).filter(|word| silent(*word)).map(|word| (a, b, word)))
        .collect();
    let first_free = pairs.len();
    pairs.extend(free.iter().map(|(a, b, _)| (a.1.span, b.1.span)));
    if pairs.is_empty() {
        return Vec::new();
    }
    let answers = ear.hear(sentence, &pairs);
    for (t, at) in told.iter_mut().zip(of_event) {
        let Some(answer) = at.and_then(|at| answers.get(at)) else { continue };
        second(t, answer);
    }
    let mut heard: Vec<Heard<'a>> = Vec::new();
    for ((a, b, trigger), answer) in free.into_iter().zip(answers.iter().skip(first_free)) {
        let Some((Some(event_type), share)) = best(answer) else { continue };
        if share < leaning.clear() {
            continue;
        }
        // Of the two directions the clearer one.
        let back = |h: &Heard<'_>| key(&h.actor) == key(&b.1) && key(&h.recipient) == key(&a.1);
        // One word tells one act; of several pairs that hang from it the clearest.
        let one = |h: &Heard<'_>| h.trigger == trigger && h.event_type == event_type;
        match heard.iter_mut().find(|h| back(h) || one(h)) {
            Some(other) if other.share >= share => {}
            Some(other) => *other = Heard { event_type, share, actor: a.1, recipient: b.1, trigger },
            None => heard.push(Heard { event_type, share, actor: a.1, recipient: b.1, trigger }),
        }
    }
    heard
}

fn best(answer: &[(Option<EventType>, f32)]) -> Option<(Option<EventType>, f32)> {
    answer.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(t, share)| (*t, share.exp()))
}

/// Writes the head's opinion into an event.
fn second(told: &mut Told<'_>, answer: &[(Option<EventType>, f32)]) {
    let event = &mut told.event;
    let own = plover_type(event);
    let share = answer.iter().find(|(t, _)| *t == own).map_or(0.0, |(_, s)| s.exp());
    let Some((said, clear)) = best(answer) else { return };
    if said == own {
        event.grounds.push(format!("head agrees {clear:.2}"));
        event.confidence = rounded(event.confidence + 0.08 * clear);
    } else {
        let name = said.map_or("NONE", |t| t.as_str());
        event.grounds.push(format!("head says {name} {clear:.2}"));
        event.confidence = rounded(event.confidence - if share < DOUBTED { 0.2 } else { 0.1 } * clear);
    }
}

fn rounded(confidence: f32) -> f32 {
    (confidence.clamp(0.05, 0.99) * 100.0).round() / 100.0
}

type Party<'a> = (Token<'a>, ActorRef);

/// Ordered pairs of parties with different codes that no event of the sentence joins.
fn unjoined<'a>(
    sentence: Sentence<'a>,
    mentions: &Mentions,
    resolver: &Resolver<'a>,
    told: &[Told<'a>],
) -> Vec<(Party<'a>, Party<'a>)> {
    let mut parties: Vec<Party<'a>> = Vec::new();
    for token in sentence.tokens() {
        let Some(found) = mentions.at(token) else { continue };
        let Some(party) = found.refs.first().filter(|p| p.code.is_some()) else { continue };
        // "in Edoras" is where; in "Gondorian soldiers" it is the soldiers who act.
        let place = party.resolved_by.iter().any(|by| by == "place")
            || located(outermost(token), resolver.words)
            || resolver
                .toponyms
                .iter()
                .any(|name| name.span.len() > party.span.len() && name.span.contains(party.span));
        let inside = matches!(token.relation(), "amod" | "compound")
            && token.head().and_then(|h| mentions.at(h)).is_some_and(|m| m.refs.iter().any(|r| r.code == party.code));
        if place || inside {
            continue;
        }
        if sentence.span().contains(party.span) && !parties.iter().any(|(_, p)| p.span.overlaps(party.span)) {
            parties.push((token, party.clone()));
        }
    }
    parties.truncate(PARTIES);
    let joined = |a: &ActorRef, b: &ActorRef| {
        told.iter().any(|t| {
            let all: Vec<&ActorRef> = t.event.actors.iter().chain(&t.event.recipients).collect();
            let has = |p: &ActorRef| all.iter().any(|q| q.code == p.code || key(q) == key(p));
            has(a) && has(b)
        })
    };
    let mut pairs = Vec::new();
    for a in &parties {
        for b in &parties {
            if a.1.code != b.1.code && !joined(&a.1, &b.1) {
                pairs.push((a.clone(), b.clone()));
            }
        }
    }
    pairs
}

/// "the coast" of "off the coast of Umbar".
fn outermost(token: Token<'_>) -> Token<'_> {
    let of = |t: Token<'_>| t.relation() == "nmod" && t.children().any(|c| c.relation() == "case" && c.lemma() == "of");
    std::iter::successors(Some(token), |t| t.head().filter(|_| of(*t))).last().unwrap_or(token)
}

/// The word that two parties hang from: what the one does to the other, as far as the tree shows it.
fn carrier<'a>(source: Token<'a>, target: Token<'a>) -> Option<Token<'a>> {
    let up: Vec<Token<'a>> = std::iter::once(source).chain(source.ancestors()).collect();
    let meet = std::iter::once(target).chain(target.ancestors()).find(|t| up.contains(t))?;
    let reports = |t: &Token<'a>| *t != source && *t != target && matches!(t.upos(), Upos::Verb | Upos::Noun);
    // Below the meeting point, the target's own clause: "said it would close its border with Arnor".
    let below = std::iter::once(target)
        .chain(target.ancestors())
        .take_while(|t| *t != meet)
        .filter(|t| t.upos() == Upos::Verb)
        .last();
    below
        .filter(|b| matches!(b.relation(), "ccomp" | "xcomp"))
        .or_else(|| std::iter::once(meet).chain(meet.ancestors()).find(reports))
}
