//! Alliance obligations: "the Philippines, a treaty ally of the United States".

use super::{Claim, bearers, evidence, owners, verdict};
use crate::coref::Mentions;
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Check, CheckObject, Polarity, Reference, Verdict};
use demarche_knowledge::{ActorKind, Status, Tie, TieKind};
use demarche_text::Token;
use jiff::civil::Date;

/// One claim where a noun calls one state another's ally by treaty.
pub(super) fn treaty<'a>(resolver: &Resolver<'a>, mentions: &Mentions, noun: Token<'a>) -> Option<Check> {
    let words = resolver.words;
    let by_treaty = |c: Token<'a>| words.treaty_words.has(&c.lemma().to_lowercase());
    if !words.ally_nouns.has(&noun.lemma().to_lowercase()) || !noun.children().any(by_treaty) {
        return None;
    }
    if noun.children().any(|c| words.former_words.has(&c.lemma().to_lowercase()) || words.negation.has(c.lemma())) {
        return None;
    }
    let state = |p: &ActorRef| {
        p.id.as_ref().and_then(|id| resolver.knowledge.actor(id.as_str())).is_some_and(|a| a.kind == ActorKind::State)
    };
    let owner = owners(noun).flat_map(|t| mentions.parties(resolver, t)).find(&state)?;
    let ally =
        bearers(noun).into_iter().flat_map(|t| mentions.parties(resolver, t)).find(|p| state(p) && p.id != owner.id)?;
    let (one, other) = (ally.id.clone()?, owner.id.clone()?);
    let mut pacts: Vec<&Tie> = resolver
        .knowledge
        .tables()
        .ties
        .iter()
        .filter(|tie| matches!(tie.kind, TieKind::DefencePact | TieKind::Guarantee))
        .filter(|tie| binds(resolver, tie, one.as_str(), other.as_str()))
        .collect();
    // The pact that stands, else the one that ended last.
    pacts.sort_by_key(|tie| (!tie.interval.contains(resolver.on), std::cmp::Reverse(tie.interval.until)));
    let pact = pacts.first()?;
    let stands = pact.interval.contains(resolver.on);
    let name = |p: &ActorRef| p.name.clone().unwrap_or_else(|| p.text.clone());
    let open = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
    let statement = match stands {
        true => format!("{} is in force since {}", pact.name, open(pact.interval.from)),
        false if pact.interval.from.is_some_and(|from| resolver.on < from) => {
            format!("{} is in force only since {}", pact.name, open(pact.interval.from))
        }
        false => format!("{} was in force until {}", pact.name, open(pact.interval.until)),
    };
    let claim = Claim {
        sentence: noun.sentence().ix().0,
        words: format!("{} is a treaty ally of {}", name(&ally), name(&owner)),
        evidence: vec![evidence(resolver, noun.span())],
        subject: Some(ally),
        object: Some(CheckObject::Actor(owner)),
        polarity: Polarity::Positive,
    };
    let reference = Reference {
        statement,
        since: pact.interval.from,
        row: pact.row.to_string(),
        source: Some(pact.source.clone()),
    };
    let judged = match pact.kind {
        TieKind::DefencePact if stands => Verdict::Supported,
        TieKind::DefencePact => Verdict::Contradicted,
        // A one-sided promise is not what the words mean, nor its opposite.
        _ => Verdict::Unknown,
    };
    Some(verdict(resolver, claim, judged, Some(reference)))
}

/// Whether a pact is between these two: by their names, or because both are members of the group that has it.
fn binds(resolver: &Resolver<'_>, tie: &Tie, one: &str, other: &str) -> bool {
    let belongs = |group: &str, member: &str| {
        let rows = resolver.knowledge.membership(group, member);
        rows.iter().any(|m| m.status == Status::Member && m.interval.contains(resolver.on))
    };
    tie.between(one, other)
        || tie.counterparts.is_empty()
            && tie.interval.contains(resolver.on)
            && tie.parties.iter().any(|group| belongs(group, one) && belongs(group, other))
}
