//! What one given party does to another: the question of `demarche classify`.
//!
//! The two parties are marked in the text; every frame is weighed by how well they fill its roles and how near
//! its trigger stands to them. Plans and denials are read by PLOVER's rules of conversion (manual 2021; the table is
//! also that of Hu et al., ACL 2024): a promised aid is an agreement, a planned attack a threat, a denied meeting a refusal.

use crate::coder::Coder;
use crate::convert::converted;
use crate::coref::Mentions;
use crate::factuality::standing;
use crate::frame::{Filler, Frame, frames, loose};
use crate::mention::Names;
use crate::resolve::Resolver;
use demarche_core::{EventType, Mode, Polarity, Span};
use demarche_knowledge::{Needs, Patterns};
use demarche_text::{Document, Sentence, Token};
use std::collections::BTreeMap;

/// The answer for one pair.
#[derive(Debug, Clone, PartialEq)]
pub struct PairCoding {
    /// The type; `None` where nothing between the two is reported.
    pub event_type: Option<EventType>,
    /// The mode, where a pattern gives one and no conversion changed the type.
    pub mode: Option<Mode>,
    /// Every type that found support, the best first, with its share.
    pub scores: Vec<(EventType, f32)>,
    /// What the answer rests on.
    pub grounds: Vec<String>,
}

/// The share of a type that no pattern speaks for, when patterns and head are weighed together.
const UNSEEN: f32 = 0.02;

/// The head's weight beside the patterns': of 0.5, 0.65, 0.8 and 0.95 the best on written sentences that it did not learn.
const HEAD: f32 = 0.65;

/// The least support for an answer that is not forced.
const FLOOR: f32 = 1.0;

impl Coder<'_> {
    /// What `source` does to `target`; a party that is not in the text is `None`.
    ///
    /// `heard` is what the typing head says ([`demarche_text::Worker::relate`]): classes with the logarithms of their
    /// shares.  The head counts twice as much as the patterns; the grounds say where they differ.
    /// With `forced` there is always an answer.
    pub fn classify(
        &self,
        doc: &Document,
        source: Option<Span>,
        target: Option<Span>,
        heard: &[(&str, f32)],
        forced: bool,
    ) -> PairCoding {
        let read = self.classify_by_patterns(doc, source, target, forced);
        if heard.is_empty() {
            return read;
        }
        let of_pattern = |t: Option<EventType>| match t {
            Some(t) => read.scores.iter().find(|(s, _)| *s == t).map_or(0.0, |(_, share)| *share),
            None => f32::from(u8::from(read.event_type.is_none())),
        };
        let mut both: Vec<(Option<EventType>, f32)> = heard
            .iter()
            .map(|(class, share)| (EventType::parse(class), *share))
            .filter(|(t, _)| !forced || t.is_some())
            .map(|(t, share)| (t, HEAD * share + (1.0 - HEAD) * (of_pattern(t) + UNSEEN).ln()))
            .collect();
        both.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let Some((chosen, _)) = both.first().copied() else { return read };
        let total: f32 = both.iter().map(|(_, s)| s.exp()).sum();
        let scores =
            both.iter().filter_map(|(t, s)| Some(((*t)?, (s.exp() / total * 1000.0).round() / 1000.0))).collect();
        let said = heard.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut grounds = if read.event_type == chosen { read.grounds.clone() } else { Vec::new() };
        if let Some((class, share)) = said {
            grounds.push(format!("head {class} {:.2}", share.exp()));
            if let Some(of_patterns) = read.event_type.filter(|t| t.as_str() != *class) {
                grounds.push(format!("patterns say {of_patterns}"));
            }
        }
        let mode = read.mode.filter(|_| read.event_type == chosen);
        PairCoding { event_type: chosen, mode, scores, grounds }
    }

    /// The same by patterns alone.
    fn classify_by_patterns(
        &self,
        doc: &Document,
        source: Option<Span>,
        target: Option<Span>,
        forced: bool,
    ) -> PairCoding {
        let on = crate::coder::day(doc);
        let names = Names::find(doc, self.knowledge(), on);
        let resolver = Resolver::new(doc, self.knowledge(), self.words(), &names, on);
        let mentions = Mentions::find(&resolver);
        let pair = Pair { doc, source, target, resolver: &resolver, mentions: &mentions };
        let mut best = Best::default();
        for sentence in doc.sentences() {
            for of_trigger in frames(sentence, self.knowledge().patterns(), self.words(), |_, _| true) {
                for frame in &of_trigger {
                    let Some((score, mut grounds)) = pair.fit(sentence, frame) else { continue };
                    let Some(event_type) = frame.pattern.event_type() else { continue };
                    let standing = standing(frame.trigger, frame.object, self.words());
                    // Between these two it is the refusal that counts.
                    let polarity = if standing.refused { Polarity::Negative } else { standing.polarity };
                    let (converted, penalty) = converted(event_type, polarity, standing.modality, standing.tense);
                    grounds.extend(standing.grounds);
                    let mode = frame.pattern.mode.filter(|_| converted == event_type);
                    best.weigh(converted, mode, score - penalty, grounds);
                }
            }
        }
        if forced && best.0.is_empty() {
            for sentence in doc.sentences() {
                for (pattern, trigger) in loose(sentence, self.knowledge().patterns()) {
                    let Some(event_type) = pattern.event_type() else { continue };
                    let score = 0.4 * pattern.weight + pair.nearness(trigger);
                    best.weigh(event_type, None, score, vec![format!("word of pattern {}", pattern.id)]);
                }
            }
        }
        let mut scored: Vec<(EventType, f32, Option<Mode>, Vec<String>)> =
            best.0.into_iter().map(|(t, (s, m, g))| (t, s, m, g)).collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let total: f32 = scored.iter().map(|s| s.1.exp()).sum();
        let scores = scored.iter().map(|s| (s.0, (s.1.exp() / total * 1000.0).round() / 1000.0)).collect();
        match scored.into_iter().next() {
            Some((event_type, score, mode, grounds)) if forced || score >= FLOOR => {
                PairCoding { event_type: Some(event_type), mode, scores, grounds }
            }
            _ if forced => PairCoding {
                event_type: most_common(self.knowledge().patterns()),
                mode: None,
                scores,
                grounds: vec!["no reporting word: the type with most patterns".to_string()],
            },
            _ => PairCoding { event_type: None, mode: None, scores, grounds: Vec::new() },
        }
    }
}

/// The best support that each type found.
#[derive(Default)]
struct Best(BTreeMap<EventType, (f32, Option<Mode>, Vec<String>)>);

impl Best {
    fn weigh(&mut self, event_type: EventType, mode: Option<Mode>, score: f32, grounds: Vec<String>) {
        let entry = self.0.entry(event_type).or_insert((f32::MIN, None, Vec::new()));
        if score > entry.0 {
            *entry = (score, mode, grounds);
        }
    }
}

/// The type that has the most patterns, for want of any sign.
fn most_common(patterns: &Patterns) -> Option<EventType> {
    let mut counts: BTreeMap<EventType, usize> = BTreeMap::new();
    for event_type in patterns.all.iter().filter_map(|p| p.event_type()) {
        *counts.entry(event_type).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(t, _)| t)
}

struct Pair<'p, 'a> {
    doc: &'a Document,
    source: Option<Span>,
    target: Option<Span>,
    resolver: &'p Resolver<'a>,
    mentions: &'p Mentions,
}

impl<'a> Pair<'_, 'a> {
    /// How well the pair fills the roles of a frame; `None` where it fills none.
    fn fit(&self, sentence: Sentence<'a>, frame: &Frame<'a>) -> Option<(f32, Vec<String>)> {
        let acts = self.fills(&frame.actors, self.source);
        let suffers = self.fills(&frame.recipients, self.target);
        let back = self.fills(&frame.actors, self.target) || self.fills(&frame.recipients, self.source);
        let pattern = frame.pattern;
        let placed = |party: Option<Span>| party.is_some_and(|s| sentence.span().overlaps(s));
        if pattern.needs != Needs::Nothing && frame.actors.is_empty() && frame.recipients.is_empty() {
            return None;
        }
        let mut score = pattern.weight + 0.35 * frame.specificity.min(4) as f32;
        let mut grounds = vec![format!("pattern {}", pattern.id)];
        if pattern.reciprocal {
            let parties: Vec<Filler<'a>> = frame.actors.iter().chain(&frame.recipients).copied().collect();
            for party in [self.source, self.target] {
                if self.fills(&parties, party) {
                    score += 1.5;
                    grounds.push("a party by its slot".to_string());
                }
            }
        } else {
            if acts {
                score += 2.0;
                grounds.push("source by its slot".to_string());
            }
            if suffers {
                score += 2.0;
                grounds.push("target by its slot".to_string());
            }
            if back && !acts && !suffers {
                score -= 1.5;
            }
        }
        score += self.nearness(frame.trigger);
        if !placed(self.source) && !placed(self.target) {
            score -= 1.0;
        }
        Some((score, grounds))
    }

    /// Whether a party is among the fillers: by its words, or as somebody who is known to be the same.
    fn fills(&self, fillers: &[Filler<'a>], party: Option<Span>) -> bool {
        let Some(span) = party else { return false };
        let own = self.ids(span);
        fillers.iter().any(|f| {
            let inside = |t: Token<'a>| span.contains(t.span());
            inside(f.head)
                || crate::coref::antecedent(f.head).is_some_and(inside)
                || f.head
                    .children()
                    .any(|c| matches!(c.relation(), "conj" | "appos" | "flat" | "compound") && inside(c))
                || f.head.children().any(|c| matches!(c.deprel(), "nmod" | "nmod:poss") && inside(c))
                || self.mentions.parties(self.resolver, f.head).iter().any(|p| {
                    p.id.as_ref().is_some_and(|id| own.contains(&id.as_str().to_string()))
                        || p.name.as_ref().is_some_and(|n| self.doc.text(span).contains(n.as_str()))
                })
        })
    }

    fn ids(&self, span: Span) -> Vec<String> {
        self.doc
            .tokens_in(span)
            .filter_map(|t| self.mentions.at(t))
            .flat_map(|r| r.refs.iter().filter_map(|p| p.id.as_ref().map(|i| i.as_str().to_string())))
            .collect()
    }

    /// Up to 1.5 for a trigger on the way between the parties, less by each step aside.
    fn nearness(&self, trigger: Token<'a>) -> f32 {
        let head = |span: Option<Span>| {
            span.and_then(|s| self.doc.tokens_in(s).find(|t| t.head().is_none_or(|h| !s.contains(h.span()))))
        };
        let (source, target) = (head(self.source), head(self.target));
        let far = |party: Option<Token<'a>>| party.and_then(|p| distance(trigger, p)).unwrap_or(6) as f32;
        let (a, b) = (far(source), far(target));
        let direct = match (source, target) {
            (Some(s), Some(t)) => distance(s, t).unwrap_or(8) as f32,
            _ => a.min(b),
        };
        // On the path the two legs add up to the direct way.
        let aside = (a + b - direct).max(0.0);
        1.5 - 0.3 * aside - 0.12 * a
    }
}

/// Steps between two words of one sentence in the parse.
pub(crate) fn distance(a: Token<'_>, b: Token<'_>) -> Option<usize> {
    if a.sentence().ix() != b.sentence().ix() {
        return None;
    }
    let up: Vec<Token<'_>> = std::iter::once(a).chain(a.ancestors()).collect();
    std::iter::once(b)
        .chain(b.ancestors())
        .enumerate()
        .find_map(|(steps, t)| up.iter().position(|u| *u == t).map(|p| p + steps))
}
