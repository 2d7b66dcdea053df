//! Who "he", "the minister" and "the two leaders" are: reference within one article, in reading order.

use crate::mention::nominal;
use crate::resolve::{Form, Resolution, Resolver};
use demarche_core::{ActorRef, TokenIx};
use demarche_text::{SentenceKind, Token, Upos};
use std::collections::BTreeMap;

/// Whom every phrase of the document stands for, by the token that heads it.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    by_head: BTreeMap<TokenIx, Resolution>,
}

/// One earlier mention that later words may refer to.
struct Earlier {
    head: TokenIx,
    sentence: u32,
    paragraph: u32,
    subject: bool,
    form: Form,
    refs: Vec<ActorRef>,
}

/// How many sentences back a pronoun may reach.
const REACH: u32 = 3;

/// How many mentions back any word may reach: beyond it nothing is referred to, and a long text costs no more a word.
const WINDOW: usize = 300;

impl Mentions {
    /// Resolves every phrase, in reading order.
    pub(crate) fn find(resolver: &Resolver<'_>) -> Mentions {
        let mut mentions = Mentions::default();
        let mut earlier: Vec<Earlier> = Vec::new();
        for sentence in resolver.doc.sentences().filter(|s| s.kind() != SentenceKind::Furniture) {
            for token in sentence.tokens() {
                let named = resolver.names.at(token).is_some_and(|m| m.head == token.ix());
                if !nominal(token) && !named {
                    continue;
                }
                let recent = &earlier[earlier.len().saturating_sub(WINDOW)..];
                let found = mentions
                    .back(resolver, token, recent)
                    .or_else(|| resolver.phrase(token))
                    .or_else(|| mentions.owned(token))
                    .or_else(|| mentions.apposed(resolver, token));
                let Some(found) = found else { continue };
                if found.form != Form::Possession {
                    earlier.push(Earlier {
                        head: token.ix(),
                        sentence: sentence.ix().0,
                        paragraph: sentence.paragraph(),
                        subject: token.relation() == "nsubj",
                        form: found.form,
                        refs: found.refs.clone(),
                    });
                }
                mentions.by_head.insert(token.ix(), found);
            }
        }
        mentions
    }

    /// What the phrase at this head stands for.
    pub(crate) fn at(&self, head: Token<'_>) -> Option<&Resolution> {
        self.by_head.get(&head.ix())
    }

    /// Every phrase that stands for somebody, by its head.
    pub(crate) fn all(&self) -> Vec<(TokenIx, Vec<ActorRef>)> {
        self.by_head.iter().filter(|(_, r)| !r.refs.is_empty()).map(|(head, r)| (*head, r.refs.clone())).collect()
    }

    /// Every known actor at its first mention, in the order of the text.
    pub(crate) fn known(&self) -> Vec<ActorRef> {
        let mut found: Vec<ActorRef> = Vec::new();
        let named = self.by_head.values().filter(|r| r.form != Form::Possession).flat_map(|r| &r.refs);
        for party in named.filter(|p| p.id.is_some()) {
            if !found.iter().any(|f| f.id == party.id) {
                found.push(party.clone());
            }
        }
        found
    }

    /// Every party that a filler of a role names: its own, those coordinated with it,
    /// and through nouns that only count or collect ("hundreds of", "members of").
    pub(crate) fn parties(&self, resolver: &Resolver<'_>, filler: Token<'_>) -> Vec<ActorRef> {
        let mut found = Vec::new();
        self.collect(resolver, filler, 0, &mut found);
        let mut kept: Vec<ActorRef> = Vec::new();
        for party in found {
            let twice =
                |k: &ActorRef| k.id.is_some() && k.id == party.id || k.span == party.span && k.code == party.code;
            if !kept.iter().any(twice) {
                kept.push(party);
            }
        }
        kept
    }

    fn collect(&self, resolver: &Resolver<'_>, filler: Token<'_>, depth: u8, found: &mut Vec<ActorRef>) {
        if depth > 4 {
            return;
        }
        let filler = antecedent(filler).unwrap_or(filler);
        let own = self.at(filler).filter(|r| !r.refs.is_empty());
        let lemma = filler.lemma().to_lowercase();
        let inner = || {
            filler.children().filter(|c| {
                c.deprel() == "nmod"
                    && !c.children().any(|p| p.relation() == "case" && resolver.words.place_prepositions.has(p.lemma()))
            })
        };
        match own {
            Some(own) if own.form != Form::Possession || !resolver.words.container_nouns.has(&lemma) => {
                found.extend(own.refs.iter().cloned());
            }
            _ => {
                if resolver.words.container_nouns.has(&lemma) || filler.upos() == Upos::Num {
                    for child in inner() {
                        self.collect(resolver, child, depth + 1, found);
                    }
                }
                if let Some(own) = own.filter(|_| found.is_empty()) {
                    found.extend(own.refs.iter().cloned());
                }
            }
        }
        for child in filler.children().filter(|c| c.relation() == "conj" && nominal(*c)) {
            self.collect(resolver, child, depth + 1, found);
        }
    }

    /// "the duo's ties", "their army": a thing of those that an owner refers to.
    fn owned(&self, token: Token<'_>) -> Option<Resolution> {
        let owner = token.children().find(|c| c.deprel() == "nmod:poss")?;
        let owners = self.at(owner).filter(|r| !r.refs.is_empty())?;
        let refs = owners.refs.iter().map(|r| {
            let mut r = r.clone();
            r.resolved_by.push("owner".to_string());
            r
        });
        Some(Resolution { form: Form::Possession, refs: refs.collect() })
    }

    /// "BRICS, another group": a description that follows what it describes, with only a comma or dash between.
    fn apposed(&self, resolver: &Resolver<'_>, token: Token<'_>) -> Option<Resolution> {
        if token.relation() != "appos" {
            return None;
        }
        let first = *token.subtree().first()?;
        let mut before = first.previous();
        while let Some(t) = before.filter(|t| t.upos() == Upos::Punct) {
            before = t.previous();
        }
        let nearest = before.and_then(|t| resolver.names.at(t)).map(|m| resolver.doc.token(m.head));
        let described = nearest.or(token.head()).and_then(|t| self.at(t))?;
        (described.form != Form::Possession).then(|| described.clone())
    }

    /// What refers back: pronouns, "the two leaders", a bare title, "the country".
    fn back(&self, resolver: &Resolver<'_>, token: Token<'_>, earlier: &[Earlier]) -> Option<Resolution> {
        let words = resolver.words;
        let sentence = token.sentence();
        let near = |e: &&Earlier| e.sentence + REACH >= sentence.ix().0 && e.head < token.ix();
        let lemma = token.lemma().to_lowercase();
        let text = token.text().to_lowercase();
        if token.upos() == Upos::Pron {
            if !token.has("Person=3") {
                return None;
            }
            if reflexive(token) {
                return self.subject_of(resolver, token, earlier).map(|e| referring(e, token, "reflexive"));
            }
            let plural = token.has("Number=Plur");
            let thing = token.has("Gender=Neut");
            let person = !thing && (token.has("Gender=Masc") || token.has("Gender=Fem"));
            if plural {
                return self.plural(resolver, token, earlier.iter().filter(near));
            }
            if !person && !thing {
                return None;
            }
            let fits = |e: &&Earlier| {
                e.refs.len() == 1
                    && if person { e.form == Form::Person } else { matches!(e.form, Form::State | Form::Organisation) }
            };
            // A possessive or an object rarely refers to a subject of its own clause other than by "self";
            // the subject of this or the last sentence is the best guess otherwise.
            return best(earlier.iter().filter(near).filter(fits), sentence.ix().0, token)
                .map(|e| referring(e, token, "pronoun"));
        }
        // A description that holds a name of its own speaks of that.
        if crate::mention::core(token).iter().any(|t| resolver.names.at(*t).is_some()) {
            return None;
        }
        let definite = token.children().any(|c| {
            c.relation() == "det"
                && matches!(c.lemma().to_lowercase().as_str(), "the" | "this" | "both" | "these" | "those")
        }) || words.two_words.has(&text);
        if !definite {
            return None;
        }
        let pair = words.pair_words.has(&lemma)
            || token.children().any(|c| {
                words.two_words.has(&c.lemma().to_lowercase()) && matches!(c.relation(), "nummod" | "det" | "amod")
            });
        if pair {
            let persons = words.person_nouns.has(&lemma) || words.pair_words.has(&lemma);
            return two(resolver, token, earlier, persons);
        }
        let singular = !token.has("Number=Plur");
        let alone =
            !token.children().any(|c| matches!(c.relation(), "amod" | "compound" | "nmod" | "nummod" | "appos"));
        if !singular && alone && words.state_nouns.has(&lemma) {
            return two(resolver, token, earlier, false);
        }
        let described = !resolver.states_around(token, &crate::mention::core(token), None).is_empty();
        if !singular || described {
            return None;
        }
        if words.state_nouns.has(&lemma) || words.group_nouns.has(&lemma) {
            let wanted = if words.state_nouns.has(&lemma) { Form::State } else { Form::Organisation };
            return best(
                earlier.iter().filter(near).filter(|e| e.form == wanted && e.refs.len() == 1),
                sentence.ix().0,
                token,
            )
            .map(|e| referring(e, token, "description"));
        }
        if words.person_nouns.has(&lemma) && resolver.names.at(token).is_none() {
            let titled = |e: &&Earlier| {
                e.form == Form::Person
                    && e.refs.len() == 1
                    && e.refs[0].office.as_ref().is_some_and(|o| o.to_lowercase().contains(&lemma))
            };
            return earlier.iter().rev().find(titled).map(|e| referring(e, token, "title"));
        }
        None
    }

    /// "Himself": the subject of its own clause, or of the clause that this one continues.
    fn subject_of<'e>(&self, resolver: &Resolver<'_>, token: Token<'_>, earlier: &'e [Earlier]) -> Option<&'e Earlier> {
        let subject = token
            .ancestors()
            .take(6)
            .find_map(|a| a.children().find(|c| c.relation() == "nsubj" && c.ix() < token.ix()))?;
        let subject = antecedent(subject).unwrap_or(subject);
        earlier.iter().rev().find(|e| {
            let head = resolver.doc.token(e.head);
            head == subject || head.ancestors().take_while(|a| a.upos() != Upos::Verb).any(|a| a == subject)
        })
    }

    /// "They": the nearest several, else the nearest described people or body.
    fn plural<'e>(
        &self,
        resolver: &Resolver<'_>,
        token: Token<'_>,
        near: impl DoubleEndedIterator<Item = &'e Earlier>,
    ) -> Option<Resolution> {
        let (mut single, mut state) = (None, None);
        // What a relative clause names in passing is a worse antecedent than what the clause is about.
        let aside = |e: &Earlier| {
            let head = resolver.doc.token(e.head);
            head.ancestors().any(|a| a.deprel() == "acl:relcl" && a != token)
        };
        let mut ordered: Vec<&Earlier> = near.rev().collect();
        ordered.sort_by_key(|e| aside(e));
        for e in ordered {
            let head = resolver.doc.token(e.head);
            if head.relation() == "conj" {
                continue;
            }
            if e.refs.len() > 1 {
                return Some(referring(e, token, "pronoun"));
            }
            let coordinated: Vec<ActorRef> = {
                let mut refs = e.refs.clone();
                for child in head.children().filter(|c| c.relation() == "conj") {
                    refs.extend(self.at(child).into_iter().flat_map(|r| r.refs.iter().cloned()));
                }
                refs
            };
            if coordinated.len() > 1 {
                return Some(Resolution {
                    form: e.form,
                    refs: coordinated.into_iter().map(|r| moved(r, token, "pronoun")).collect(),
                });
            }
            let countable = head.has("Number=Plur") || e.form == Form::Organisation;
            if single.is_none() && countable && matches!(e.form, Form::Agents | Form::Organisation) {
                single = Some(e);
            }
            // "The US said that they …": a state speaks in the plural too, for want of others.
            if state.is_none() && e.form == Form::State && e.subject && e.sentence == token.sentence().ix().0 {
                state = Some(e);
            }
        }
        single.or(state).map(|e| referring(e, token, "pronoun"))
    }
}

/// The two that "both sides" means: those last named together as those who act ("Iran and Saudi Arabia agreed",
/// "talks between"), else the last two different ones, in the order of the text.
fn two(resolver: &Resolver<'_>, token: Token<'_>, earlier: &[Earlier], persons: bool) -> Option<Resolution> {
    let answer = |refs: Vec<ActorRef>| Resolution {
        form: if persons { Form::Person } else { Form::State },
        refs: refs.into_iter().map(|r| moved(r, token, "the two last named")).collect(),
    };
    let together = earlier.iter().rev().find_map(|e| {
        let head = resolver.doc.token(e.head);
        let acting = matches!(head.relation(), "nsubj" | "root")
            || head.children().any(|c| c.relation() == "case" && matches!(c.lemma(), "between" | "by" | "of"));
        let others: Vec<&Earlier> = earlier
            .iter()
            .filter(|o| {
                resolver.doc.token(o.head).head() == Some(head) && resolver.doc.token(o.head).relation() == "conj"
            })
            .collect();
        let right = |e: &Earlier| if persons { e.form == Form::Person } else { e.form != Form::Place };
        let [other] = others[..] else { return None };
        (acting && right(e) && right(other) && e.refs.len() == 1 && other.refs.len() == 1)
            .then(|| vec![e.refs[0].clone(), other.refs[0].clone()])
    });
    if let Some(refs) = together {
        return Some(answer(refs));
    }
    let wanted = |form: Form| if persons { form == Form::Person } else { matches!(form, Form::State | Form::Person) };
    let mut refs: Vec<ActorRef> = Vec::new();
    for e in earlier.iter().rev().filter(|e| wanted(e.form)) {
        for r in e.refs.iter().rev() {
            let mut r = r.clone();
            if !persons && e.form == Form::Person {
                let Some(state) = r.code.as_deref().and_then(|c| resolver.knowledge.actor(c)) else { continue };
                let Some(as_state) = resolver.actor_ref(&r.text, r.span, state.id.as_str(), Vec::new()) else {
                    continue;
                };
                r = as_state;
            }
            if !refs.iter().any(|k| k.id == r.id && k.name == r.name) {
                refs.push(r);
            }
        }
        if refs.len() >= 2 {
            refs.truncate(2);
            refs.reverse();
            return Some(answer(refs));
        }
    }
    None
}

/// The likeliest antecedent: a subject before others, near before far.
fn best<'e>(candidates: impl Iterator<Item = &'e Earlier>, sentence: u32, token: Token<'_>) -> Option<&'e Earlier> {
    let own = clause(token);
    candidates
        .filter(|e| {
            // In "he praised him" the object is not the subject of the same verb.
            let head = token.doc().token(e.head);
            token.deprel() == "nmod:poss"
                || !(head.relation() == "nsubj" && token.relation() != "nsubj" && clause(head) == own)
        })
        .max_by_key(|e| {
            let distance = (sentence - e.sentence) as i32;
            let paragraph = i32::from(e.paragraph == token.sentence().paragraph());
            (paragraph * 2 - distance * 4 + i32::from(e.subject) * 5, e.head)
        })
}

fn reflexive(token: Token<'_>) -> bool {
    token.has("Reflex=Yes")
}

/// The verb that a word belongs to.
fn clause(token: Token<'_>) -> Option<TokenIx> {
    token.ancestors().find(|t| t.upos() == Upos::Verb).map(|t| t.ix())
}

/// What a relative pronoun stands for.
pub(crate) fn antecedent(token: Token<'_>) -> Option<Token<'_>> {
    if !(token.has("PronType=Rel") || matches!(token.lemma(), "who" | "which" | "that") && token.upos() == Upos::Pron) {
        return None;
    }
    let clause = std::iter::once(token)
        .chain(token.ancestors())
        .take(6)
        .find(|t| t.deprel() == "acl:relcl")
        .and_then(|t| t.head());
    // Where the parse lost the clause, the nearest noun before the pronoun is meant.
    clause.or_else(|| {
        std::iter::successors(token.previous(), |t| t.previous())
            .take(12)
            .find(|t| matches!(t.upos(), Upos::Noun | Upos::Propn))
            .map(|t| if matches!(t.relation(), "flat" | "compound") { t.head().unwrap_or(t) } else { t })
    })
}

fn referring(earlier: &Earlier, token: Token<'_>, by: &str) -> Resolution {
    Resolution { form: earlier.form, refs: earlier.refs.iter().map(|r| moved(r.clone(), token, by)).collect() }
}

/// The same actor, mentioned by other words.
fn moved(mut party: ActorRef, token: Token<'_>, by: &str) -> ActorRef {
    if party.name.is_none() {
        party.name = Some(party.text.clone());
    }
    let core = crate::mention::core(token);
    party.span = core.first().map_or(token.span(), |t| t.span()).cover(token.span());
    party.text = token.doc().text(party.span).to_string();
    let kind = format!("coreference: {by}");
    if !party.resolved_by.contains(&kind) {
        party.resolved_by.push(kind);
    }
    party
}
