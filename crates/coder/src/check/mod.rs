//! Stated facts held against the reference: memberships and their number, offices, ages, capitals, alliances.
//!
//! A verdict is given only with the row that decides; the date asked for is the document's.
//! Where the reference does not settle a claim, nothing is said or the verdict is unknown: a wrong
//! contradiction costs a reader more than a missed one.

mod age;
mod ally;
mod office;
mod place;

use crate::coref::Mentions;
use crate::mention::core;
use crate::resolve::Resolver;
use crate::when;
use demarche_core::{
    ActorRef, Check, CheckObject, Evidence, Interval, Polarity, Reference, Relation, RelationKind, Role, Span, Verdict,
    stable_hash,
};
use demarche_knowledge::{ActorKind, Membership, Status};
use demarche_text::{SentenceKind, Token, Upos};
use jiff::civil::Date;

/// Every check that the document gives rise to, each claim once.
pub(crate) fn checks<'a>(resolver: &Resolver<'a>, mentions: &Mentions, relations: &[Relation]) -> Vec<Check> {
    if resolver.doc.meta.published.is_none() {
        // Without a day there is nothing to ask the reference for.
        return Vec::new();
    }
    let mut all: Vec<Check> = relations
        .iter()
        .filter(|r| r.relation == RelationKind::Member)
        .filter_map(|r| membership(resolver, r))
        .collect();
    all.extend(office::checks(resolver, mentions));
    for sentence in resolver.doc.sentences().filter(|s| s.kind() != SentenceKind::Furniture && s.analyzed()) {
        for token in sentence.tokens() {
            all.extend(count(resolver, mentions, token));
            all.extend(age::anniversary(resolver, token));
            all.extend(age::war(resolver, token));
            all.extend(place::capital(resolver, token));
            all.extend(place::location(resolver, token));
            all.extend(ally::treaty(resolver, mentions, token));
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
    let in_force = rows.iter().find(|m| m.interval.contains(resolver.on) && m.status == Status::Member);
    if rows.is_empty() && resolver.knowledge.group(group.as_str()).is_some_and(|g| g.partial) {
        return None;
    }
    let claimed = relation.polarity == Polarity::Positive;
    let name = |p: &ActorRef| p.name.clone().unwrap_or_else(|| p.text.clone());
    let reference = match in_force.or(current).copied().or(nearest(&rows, resolver.on)) {
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
    if !agrees && (unfinished(resolver, relation) || !predicated(resolver, relation)) {
        return None;
    }
    Some(verdict(resolver, claim, if agrees { Verdict::Supported } else { Verdict::Contradicted }, Some(reference)))
}

/// Whether a noun ("member") is said of the subject itself, not of something near it ("troops from NATO member states").
fn predicated(resolver: &Resolver<'_>, relation: &Relation) -> bool {
    let trigger = relation.evidence.iter().find(|e| e.role == Role::Trigger);
    let noun = trigger.and_then(|e| resolver.doc.tokens_in(e.span).find(|t| t.upos() == Upos::Noun));
    noun.is_none_or(|noun| bearers(noun).iter().any(|t| relation.subject.span.overlaps(t.span())))
}

/// Whether the words tell of a joining or leaving under way ("leaving the EU"), which no row can deny.
fn unfinished(resolver: &Resolver<'_>, relation: &Relation) -> bool {
    let trigger = relation.evidence.iter().find(|e| e.role == Role::Trigger);
    let verb = trigger.and_then(|e| resolver.doc.tokens_in(e.span).find(|t| t.upos() == Upos::Verb));
    verb.is_some_and(|verb| {
        !verb.has("Tense=Past") || verb.children().any(|c| c.relation() == "aux" && c.has("Tense=Pres"))
    })
}

/// The row that bears on a day outside all of them: the last before it, else the first after it.
fn nearest<'r>(rows: &[&'r Membership], on: Date) -> Option<&'r Membership> {
    let before = rows.iter().filter(|m| m.interval.until.is_some_and(|until| until <= on));
    before.max_by_key(|m| m.interval.until).or(rows.first()).copied()
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
    let hyphened = || {
        // "nine-member": the hyphen may leave the number beside the noun.
        let hyphen = token.previous().filter(|p| matches!(p.text(), "-" | "–"))?;
        hyphen.previous().filter(|p| p.upos() == Upos::Num)
    };
    let number = token.children().find(|c| c.upos() == Upos::Num || c.relation() == "nummod").or_else(hyphened)?;
    let joined = token.previous().is_some_and(|p| matches!(p.text(), "-" | "–"));
    let value = resolver.words.number(number.text())?;
    let group = group_of(resolver, mentions, token)?;
    let id = group.id.clone()?;
    let members = resolver.knowledge.members(id.as_str(), resolver.on);
    // "10 NATO members", "five permanent members": some of them, not their number.
    if !(joined || whole(resolver, token, number) && 2 * value > members.len() as i64) {
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
    // Where a first day is not known, or not all members stand in the table, the number may be right all the same;
    // and a text that looks back may mean the number of then.
    let uncertain = members.iter().any(|m| m.interval.from.is_none())
        || resolver.knowledge.group(id.as_str()).is_some_and(|g| g.partial)
        || elsewhen(resolver, token);
    let judged = match members.len() as i64 == value {
        true => Verdict::Supported,
        false if uncertain => Verdict::Unknown,
        false => Verdict::Contradicted,
    };
    Some(verdict(resolver, claim, judged, Some(reference)))
}

/// Whether a noun with a number means all there are: "the 32 members", "all 27 member states", not "the 10 new members".
fn whole<'a>(resolver: &Resolver<'a>, noun: Token<'a>, number: Token<'a>) -> bool {
    let bare = |c: Token<'a>| {
        !matches!(c.relation(), "amod" | "acl" | "advmod")
            || resolver.names.at(c).is_some()
            || resolver.words.member_nouns.has(&c.lemma().to_lowercase())
    };
    let determined = |c: Token<'a>| {
        matches!(c.relation(), "det" | "nmod") && resolver.words.whole_determiners.has(&c.lemma().to_lowercase())
            || c.deprel() == "nmod:poss"
    };
    noun.children().filter(|&c| c != number).all(bare) && noun.children().any(determined)
}

/// Whether the sentence names a time that is not about the day of the document, so that it may tell of another state of the world.
fn elsewhen(resolver: &Resolver<'_>, token: Token<'_>) -> bool {
    let sentence = token.sentence().span();
    let far = |interval: Interval| {
        let near = |day: Option<Date>| day.is_some_and(|d| days_between(d, resolver.on).abs() <= 92);
        !interval.contains(resolver.on) && !near(interval.from) && !near(interval.until)
    };
    resolver.doc.timexes.iter().filter(|t| sentence.contains(t.span)).any(|t| {
        when::resolve(&t.kind, resolver.doc.meta.published, None).is_some_and(|(interval, _, _)| far(interval))
    })
}

/// Whether the sentence names a time close to the day of the document.
fn around(resolver: &Resolver<'_>, token: Token<'_>) -> bool {
    let sentence = token.sentence().span();
    resolver.doc.timexes.iter().filter(|t| sentence.contains(t.span)).any(|t| {
        when::resolve(&t.kind, resolver.doc.meta.published, Some(true))
            .and_then(|(interval, _, _)| interval.from)
            .is_some_and(|from| (0..=10).contains(&days_between(resolver.on, from)))
    })
}

/// From the second day to the first, in days.
fn days_between(one: Date, other: Date) -> i64 {
    other.until(one).map_or(0, |span| i64::from(span.get_days()))
}

/// What is said to be what a noun names: "the capital, X", "X, the capital", "X is the capital", "treaty ally X".
fn bearers<'a>(noun: Token<'a>) -> Vec<Token<'a>> {
    let copula = noun.children().any(|c| c.relation() == "cop");
    let below = noun.children().filter(|c| {
        c.relation() == "appos"
            || c.relation() == "flat"
            || c.deprel() == "nmod:desc"
            || copula && c.relation() == "nsubj"
    });
    let above = noun.head().filter(|h| {
        noun.relation() == "appos"
            || (noun.deprel() == "nmod:desc" || noun.relation() == "compound") && noun.next() == Some(*h)
    });
    below.chain(above).filter(|t| matches!(t.upos(), Upos::Propn | Upos::X | Upos::Noun)).collect()
}

/// Whose a noun is: "Arnor's capital", "the capital of Arnor", "the Arnorian capital".
fn owners<'a>(noun: Token<'a>) -> impl Iterator<Item = Token<'a>> {
    noun.children().filter(|c| {
        let of = || c.children().any(|p| p.relation() == "case" && p.lemma() == "of");
        c.deprel() == "nmod:poss"
            || matches!(c.relation(), "amod" | "compound")
            || c.deprel() == "nmod:unmarked"
            || c.deprel() == "nmod" && of()
    })
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
    let group_noun =
        |t: Token<'a>| resolver.names.at(t).is_some() || resolver.words.group_nouns.has(&t.lemma().to_lowercase());
    if holder.is_some_and(|h| !group_noun(h) && !resolver.words.member_nouns.has(&h.lemma().to_lowercase())) {
        // "the EU's five-member delegation" has members of its own.
        return None;
    }
    let around = core(holder.unwrap_or(token));
    holder
        .into_iter()
        .chain(token.children().filter(|c| matches!(c.deprel(), "nmod:poss" | "nmod" | "compound")))
        .chain(around)
        .flat_map(|t| mentions.parties(resolver, t))
        .find(is_group)
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
