//! Stated facts held against the reference: memberships, numbers of members, anniversaries.
//!
//! A verdict is given only with the row that decides; the date asked for is the document's.

use crate::coref::Mentions;
use crate::mention::core;
use crate::resolve::Resolver;
use demarche_core::{
    ActorRef, Check, CheckObject, Evidence, Polarity, Reference, Relation, RelationKind, Role, Span, Verdict,
    stable_hash,
};
use demarche_knowledge::{ActorKind, Membership, Occasion, Point, Status};
use demarche_text::{SentenceKind, Token, Upos};
use jiff::civil::Date;

/// Every check that the document gives rise to, each claim once.
pub(crate) fn checks<'a>(resolver: &Resolver<'a>, mentions: &Mentions, relations: &[Relation]) -> Vec<Check> {
    let mut all: Vec<Check> = relations
        .iter()
        .filter(|r| r.relation == RelationKind::Member)
        .filter_map(|r| membership(resolver, r))
        .collect();
    for sentence in resolver.doc.sentences().filter(|s| s.kind() != SentenceKind::Furniture && s.analyzed()) {
        for token in sentence.tokens() {
            all.extend(count(resolver, mentions, token));
            all.extend(anniversary(resolver, token));
        }
    }
    let mut kept: Vec<Check> = Vec::new();
    for check in all {
        if !kept.iter().any(|k| k.id == check.id) {
            kept.push(check);
        }
    }
    kept
}

struct Claim {
    sentence: u32,
    words: String,
    subject: Option<ActorRef>,
    object: Option<CheckObject>,
    polarity: Polarity,
    evidence: Vec<Evidence>,
}

fn verdict(resolver: &Resolver<'_>, claim: Claim, verdict: Verdict, reference: Option<Reference>) -> Check {
    Check {
        id: format!("c-{}", stable_hash(&[&resolver.doc.id.0, &claim.words])),
        document: resolver.doc.id.clone(),
        sentence: claim.sentence,
        claim: claim.words,
        subject: claim.subject,
        object: claim.object,
        polarity: claim.polarity,
        verdict,
        as_of: Some(resolver.on),
        reference,
        evidence: claim.evidence,
    }
}

/// "X is (not) a member of G".
fn membership(resolver: &Resolver<'_>, relation: &Relation) -> Option<Check> {
    let group = relation.object.id.as_ref()?;
    let member = relation
        .subject
        .id
        .as_ref()
        .map(|i| i.as_str())
        .filter(|i| resolver.knowledge.actor(i).is_some_and(|a| a.kind == ActorKind::State))?;
    let known = !resolver.knowledge.members(group.as_str(), resolver.on).is_empty();
    if !known {
        return None;
    }
    let rows = resolver.knowledge.membership(group.as_str(), member);
    let current = rows.iter().find(|m| m.interval.contains(resolver.on));
    let in_force = current.filter(|m| m.status == Status::Member);
    let claimed = relation.polarity == Polarity::Positive;
    let name = |p: &ActorRef| p.name.clone().unwrap_or_else(|| p.text.clone());
    let reference = match in_force.or(current).or(rows.last()) {
        Some(row) => Reference {
            statement: standing_of(row, &name(&relation.subject), &name(&relation.object), resolver.on),
            since: row.interval.from,
            row: row.row.to_string(),
            source: Some(row.source.clone()),
        },
        None => Reference {
            statement: format!(
                "{} has no row among the members of {}",
                name(&relation.subject),
                name(&relation.object)
            ),
            since: None,
            row: "actors/memberships.tsv".to_string(),
            source: None,
        },
    };
    let claim = Claim {
        sentence: relation.sentence,
        words: format!(
            "{} is {}a member of {}",
            name(&relation.subject),
            if claimed { "" } else { "not " },
            name(&relation.object)
        ),
        subject: Some(relation.subject.clone()),
        object: Some(CheckObject::Actor(relation.object.clone())),
        polarity: relation.polarity,
        evidence: relation.evidence.clone(),
    };
    let agrees = claimed == in_force.is_some();
    Some(verdict(resolver, claim, if agrees { Verdict::Supported } else { Verdict::Contradicted }, Some(reference)))
}

/// What a row says of a membership on a day: that it stands, stood, or came later.
fn standing_of(row: &Membership, member: &str, group: &str, on: Date) -> String {
    let status = row.status.as_str();
    match (row.interval.from, row.interval.until) {
        (Some(from), _) if on < from => format!("{member} became {status} of {group} on {from}"),
        (_, Some(until)) if until <= on => format!("{member} was {status} of {group} until {until}"),
        _ => format!("{member} is {status} of {group}"),
    }
}

/// "the nine-member SCO", "the alliance's 32 members".
fn count<'a>(resolver: &Resolver<'a>, mentions: &Mentions, token: Token<'a>) -> Option<Check> {
    if !resolver.words.member_nouns.has(&token.lemma().to_lowercase()) {
        return None;
    }
    let number = token.children().find(|c| c.upos() == Upos::Num || c.relation() == "nummod").or_else(|| {
        // "nine-member": the hyphen may leave the number beside the noun.
        let hyphen = token.previous().filter(|p| matches!(p.text(), "-" | "–"))?;
        hyphen.previous().filter(|p| p.upos() == Upos::Num)
    })?;
    let value = resolver.words.number(number.text())?;
    let group = group_of(resolver, mentions, token)?;
    let id = group.id.clone()?;
    let members = resolver.knowledge.members(id.as_str(), resolver.on);
    if members.is_empty() {
        return None;
    }
    let last = members.iter().filter(|m| m.interval.from.is_some()).max_by_key(|m| m.interval.from)?;
    let name = group.name.clone().unwrap_or_else(|| group.text.clone());
    let span = number.span().cover(token.span());
    let claim = Claim {
        sentence: token.sentence().ix().0,
        words: format!("{name} has {value} members"),
        subject: Some(group.clone()),
        object: Some(CheckObject::Number { number: value }),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, span)],
    };
    let reference = Reference {
        statement: format!("{} members", members.len()),
        since: last.interval.from,
        row: last.row.to_string(),
        source: Some(last.source.clone()),
    };
    let agrees = members.len() as i64 == value;
    Some(verdict(resolver, claim, if agrees { Verdict::Supported } else { Verdict::Contradicted }, Some(reference)))
}

/// The group that a count of members belongs to.
fn group_of<'a>(resolver: &Resolver<'a>, mentions: &Mentions, token: Token<'a>) -> Option<ActorRef> {
    let is_group = |p: &ActorRef| {
        p.id.as_ref()
            .and_then(|id| resolver.knowledge.actor(id.as_str()))
            .is_some_and(|a| matches!(a.kind, ActorKind::Group | ActorKind::Bloc))
    };
    let modifier = matches!(token.relation(), "compound" | "amod") || token.deprel() == "nmod:unmarked";
    let holder = if modifier { token.head() } else { None };
    let around = core(holder.unwrap_or(token));
    holder
        .into_iter()
        .chain(token.children().filter(|c| matches!(c.deprel(), "nmod:poss" | "nmod" | "compound")))
        .chain(around)
        .flat_map(|t| mentions.parties(resolver, t))
        .find(is_group)
}

/// "the 80th anniversary of the end of World War II".
fn anniversary(resolver: &Resolver<'_>, token: Token<'_>) -> Option<Check> {
    if !resolver.words.anniversary_nouns.has(&token.lemma().to_lowercase()) {
        return None;
    }
    let ordinal = token.children().find_map(|c| ordinal(c.text()).or_else(|| resolver.words.number(c.text())))?;
    let phrase = token.subtree();
    let (span, occasions) = phrase.iter().find_map(|t| {
        let (end, found) = resolver.knowledge.occasions(&resolver.doc.text, t.span().start as usize)?;
        Some((Span::of(t.span().start as usize, end), found))
    })?;
    let lemmas: Vec<String> = phrase.iter().map(|t| t.lemma().to_lowercase()).collect();
    let wants = |point: Point| match point {
        Point::End => lemmas.iter().any(|l| resolver.words.end_words.has(l)),
        Point::Start => lemmas.iter().any(|l| resolver.words.start_words.has(l)),
        Point::On => true,
    };
    let year = i64::from(resolver.on.year()) - ordinal;
    let chosen: &Occasion = occasions
        .iter()
        .find(|o| o.point != Point::On && wants(o.point))
        .or_else(|| occasions.iter().find(|o| o.point == Point::On))
        .or_else(|| occasions.iter().find(|o| i64::from(o.date.year()) == year))
        .or_else(|| occasions.first())?;
    let done = match chosen.point {
        Point::Start => "began",
        Point::End => "ended",
        Point::On => "was",
    };
    let claim = Claim {
        sentence: token.sentence().ix().0,
        words: format!("{} {done} {ordinal} years before {}", chosen.name, resolver.on.year()),
        subject: None,
        object: Some(CheckObject::Number { number: ordinal }),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, token.span().cover(span))],
    };
    let reference = Reference {
        statement: format!("{} {done} on {}", chosen.name, chosen.date),
        since: Some(chosen.date),
        row: chosen.row.to_string(),
        source: Some(chosen.source.clone()),
    };
    let agrees = i64::from(chosen.date.year()) == year;
    Some(verdict(resolver, claim, if agrees { Verdict::Supported } else { Verdict::Contradicted }, Some(reference)))
}

/// "80th" is 80.
fn ordinal(text: &str) -> Option<i64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    (!digits.is_empty() && rest.len() == 2 && rest.chars().all(|c| c.is_ascii_alphabetic()))
        .then(|| digits.parse().ok())?
}

fn evidence(resolver: &Resolver<'_>, span: Span) -> Evidence {
    Evidence {
        role: Role::Claim,
        sentence: resolver.doc.sentence_at(span.start).map_or(0, |s| s.ix().0),
        span,
        text: resolver.doc.text(span).to_string(),
    }
}

/// The day that `count` days after (or, negative, before) this one is.
pub(crate) fn shifted(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}
