//! Which words name or describe someone: the spans that resolution works on.
//!
//! Names are looked up in the dated knowledge, longest first and on whole tokens; what the language model
//! calls an entity and knowledge does not know is kept as a name of somebody unknown.

use demarche_core::{Span, TokenIx};
use demarche_knowledge::{Knowledge, Name, NameKind};
use demarche_text::{Document, Entity, EntityKind, Sentence, Token, Upos};
use jiff::civil::Date;

/// A known name as it stands in the text.
#[derive(Debug, Clone)]
pub(crate) struct NameMatch<'k> {
    /// Its first token.
    pub(crate) first: TokenIx,
    /// Its last token.
    pub(crate) last: TokenIx,
    /// The token that the rest of the sentence attaches to.
    pub(crate) head: TokenIx,
    /// Its bytes.
    pub(crate) span: Span,
    /// The rows that it may be, those in force on the date first.
    pub(crate) names: Vec<&'k Name>,
}

/// All known names of a document and, by token, which one covers it.
#[derive(Debug, Default)]
pub(crate) struct Names<'k> {
    pub(crate) matches: Vec<NameMatch<'k>>,
    by_token: Vec<Option<u32>>,
    entities: Vec<Option<Entity>>,
}

impl<'k> Names<'k> {
    /// Finds every known name.
    pub(crate) fn find(doc: &Document, knowledge: &'k Knowledge, on: Date) -> Names<'k> {
        let count = doc.tokens().len();
        let mut found = Names { matches: Vec::new(), by_token: vec![None; count], entities: vec![None; count] };
        for sentence in doc.sentences() {
            for entity in sentence.entities() {
                for ix in entity.first.0..=entity.last.0 {
                    found.entities[ix as usize] = Some(entity);
                }
            }
            found.find_in(sentence, knowledge, on);
        }
        found.forget_own_acronyms(doc, knowledge);
        found
    }

    /// "The National Tea Commission (NTC)": letters that the text itself explains by a name that is not known are not the
    /// known actor's with these letters.
    fn forget_own_acronyms(&mut self, doc: &Document, knowledge: &Knowledge) {
        let explained = |m: &NameMatch<'_>| {
            let first = doc.token(m.first);
            let last = first.previous().filter(|t| t.text() == "(").and_then(|t| t.previous())?;
            let letters: Vec<char> = first.text().chars().rev().collect();
            let mut word = Some(last);
            for letter in &letters {
                while word.is_some_and(|w| !w.text().starts_with(char::is_uppercase)) {
                    word = word
                        .filter(|w| matches!(w.upos(), Upos::Adp | Upos::Cconj | Upos::Det))
                        .and_then(Token::previous);
                }
                if !word?.text().starts_with(*letter) {
                    return None;
                }
                word = word?.previous();
            }
            let meant =
                self.at(last).is_some_and(|name| name.names.iter().any(|n| m.names.iter().any(|k| k.actor == n.actor)));
            (letters.len() > 1 && !meant && knowledge.actor(m.names[0].actor.as_str()).is_some())
                .then(|| first.text().to_string())
        };
        let acronyms = self.matches.iter().filter(|m| m.names[0].kind == NameKind::Acronym && m.first == m.last);
        let own: Vec<String> = acronyms.filter_map(explained).collect();
        for token in self.by_token.iter_mut() {
            let Some(ix) = *token else { continue };
            let name = &self.matches[ix as usize];
            if name.first == name.last && own.iter().any(|o| o == doc.token(name.first).text()) {
                *token = None;
            }
        }
    }

    fn find_in(&mut self, sentence: Sentence<'_>, knowledge: &'k Knowledge, on: Date) {
        let tokens: Vec<Token<'_>> = sentence.tokens().collect();
        let mut at = 0;
        while at < tokens.len() {
            match self.longest(&tokens, at, knowledge, on) {
                Some((last, names)) => {
                    let covered = &tokens[at..=last];
                    let inside = |t: Token<'_>| covered.contains(&t);
                    let head =
                        covered.iter().copied().find(|t| t.head().is_none_or(|h| !inside(h))).unwrap_or(tokens[last]);
                    let ix = self.matches.len() as u32;
                    for token in covered {
                        self.by_token[token.ix().0 as usize] = Some(ix);
                    }
                    self.matches.push(NameMatch {
                        first: tokens[at].ix(),
                        last: tokens[last].ix(),
                        head: head.ix(),
                        span: tokens[at].span().cover(tokens[last].span()),
                        names,
                    });
                    at = last + 1;
                }
                None => at += 1,
            }
        }
    }

    fn longest(
        &self,
        tokens: &[Token<'_>],
        at: usize,
        knowledge: &'k Knowledge,
        on: Date,
    ) -> Option<(usize, Vec<&'k Name>)> {
        let first = tokens[at];
        if first.continues() || !first.text().starts_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let doc = first.doc();
        for (end, names) in knowledge.names_at(&doc.text, first.span().start as usize) {
            let Some(last) = tokens[at..].iter().position(|t| t.span().end as usize == end) else { continue };
            let last = at + last;
            let mut kept: Vec<&Name> = names
                .into_iter()
                .filter(|name| self.plausible(name, &tokens[at..=last]))
                .filter(|name| !self.part_of_another(name, &tokens[at..=last], knowledge))
                .collect();
            if kept.is_empty() {
                continue;
            }
            // A name out of force is still a name ("the Soviet Union"), but never before one in force.
            kept.sort_by_key(|name| !name.interval.contains(on));
            return Some((last, kept));
        }
        None
    }

    /// Whether a name is only a part of a longer one: "Mexico" in "New Mexico", "Washington" in "Washington State University".
    fn part_of_another(&self, name: &Name, tokens: &[Token<'_>], knowledge: &Knowledge) -> bool {
        if !matches!(name.kind, NameKind::Name | NameKind::Capital | NameKind::Demonym) {
            return false;
        }
        let (first, last) = (tokens[0], tokens[tokens.len() - 1]);
        let Some(entity) = self.entity(first).filter(|e| Some(*e) == self.entity(last)) else { return false };
        let before = first.previous().is_some_and(|t| t.upos() == Upos::Propn && entity.first <= t.ix());
        match entity.kind {
            EntityKind::Location => before,
            EntityKind::Organisation if entity.last > last.ix() => {
                let head = last.doc().token(entity.last);
                head.upos() == Upos::Propn && knowledge.agent(&head.text().to_lowercase()).is_none()
            }
            _ => false,
        }
    }

    /// Whether these tokens can be this name here: a surname inside a longer unknown name is somebody else's.
    fn plausible(&self, name: &Name, tokens: &[Token<'_>]) -> bool {
        let (first, last) = (tokens[0], tokens[tokens.len() - 1]);
        let proper = |t: Token<'_>| t.upos() == Upos::Propn || t.entity() != demarche_text::EntityTag::Out;
        match name.kind {
            NameKind::Surname => {
                let joined = |t: Option<Token<'_>>| {
                    t.is_some_and(|t| {
                        t.upos() == Upos::Propn
                            && self
                                .entity(t)
                                .is_some_and(|e| e.kind == EntityKind::Person && Some(e) == self.entity(first))
                    })
                };
                let elsewhere = self.entity(first).is_some_and(|e| e.kind != EntityKind::Person && e.first != e.last);
                tokens.iter().any(|t| proper(*t))
                    && first.deprel() != "nmod:desc"
                    && !elsewhere
                    && !joined(first.previous())
                    && !joined(last.next())
            }
            NameKind::Adjective | NameKind::Demonym => first.text().starts_with(char::is_uppercase),
            NameKind::Name | NameKind::Acronym | NameKind::Capital | NameKind::Seat | NameKind::Person => {
                // What fills a nominal role and is written as a name is one, whatever the tagger made of it.
                let nominal = matches!(first.upos(), Upos::Noun | Upos::Adj | Upos::X)
                    || matches!(first.relation(), "nsubj" | "obj" | "obl" | "nmod" | "conj");
                tokens.len() > 1
                    || proper(first)
                    || nominal && first.text().chars().next().is_some_and(char::is_uppercase)
            }
        }
    }

    /// The name that covers a token.
    pub(crate) fn at(&self, token: Token<'_>) -> Option<&NameMatch<'k>> {
        self.by_token[token.ix().0 as usize].map(|ix| &self.matches[ix as usize])
    }
    /// The named entity that covers a token.
    pub(crate) fn entity(&self, token: Token<'_>) -> Option<Entity> {
        self.entities[token.ix().0 as usize]
    }
}

/// Whether a sentence is written in capitals throughout.
pub(crate) fn in_capitals(sentence: Sentence<'_>) -> bool {
    let text = sentence.text();
    sentence.tokens().len() > 3 && text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// The words that belong closest to a nominal head: titles, compounds, adjectives and the parts of a name,
/// in order, as one unbroken stretch around the head.
pub(crate) fn core(head: Token<'_>) -> Vec<Token<'_>> {
    let close = |t: Token<'_>| {
        matches!(t.relation(), "flat" | "compound" | "amod" | "nummod" | "det" | "fixed" | "goeswith")
            || t.deprel() == "nmod:desc"
            || t.deprel() == "nmod:unmarked"
            || t.deprel() == "nmod:poss"
            || t.relation() == "case" && t.text().starts_with(['\'', '’'])
            || t.relation() == "punct" && matches!(t.text(), "-" | "–")
            || t.relation() == "appos" && adjacent(t)
    };
    let mut found = vec![head];
    let mut next = 0;
    while next < found.len() {
        let token = found[next];
        found.extend(token.children().filter(|&c| close(c) && (c != head)));
        next += 1;
    }
    found.sort_by_key(|t| t.ix());
    let at = found.iter().position(|&t| t == head).unwrap_or(0);
    let mut first = at;
    while first > 0 && found[first - 1].ix().0 + 1 == found[first].ix().0 {
        first -= 1;
    }
    let mut last = at;
    while last + 1 < found.len() && found[last].ix().0 + 1 == found[last + 1].ix().0 {
        last += 1;
    }
    found[first..=last].to_vec()
}

/// An apposition that no comma sets off ("Treasury Secretary Scott Bessent").
fn adjacent(token: Token<'_>) -> bool {
    let mut before = token.subtree().first().and_then(|t| t.previous());
    while let Some(t) = before {
        if t.upos() == Upos::Punct {
            return false;
        }
        if Some(t) == token.head() {
            return true;
        }
        before = t.previous();
    }
    false
}

/// Whether a token can head a phrase that stands for someone.
pub(crate) fn nominal(token: Token<'_>) -> bool {
    matches!(token.upos(), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num | Upos::X)
        && !matches!(token.relation(), "flat" | "fixed" | "goeswith")
        || matches!(token.upos(), Upos::Adj | Upos::Det)
            && matches!(token.relation(), "nsubj" | "obj" | "obl" | "iobj" | "conj" | "nmod" | "root")
}
