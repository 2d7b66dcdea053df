//! Who says so: speakers, the words that mark a report, and what is quoted.

use crate::coref::Mentions;
use crate::frame::subjects;
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Attribution, Quote, Span};
use demarche_text::article::speaker_of_turn;
use demarche_text::{EntityKind, EntityTag, Quotation, Sentence, SentenceKind, Token, Upos};

/// One report of an utterance.
#[derive(Debug, Clone)]
pub(crate) struct Speech<'a> {
    /// The verb, or the marker ("according").
    pub(crate) verb: Token<'a>,
    /// Asserts, denies, asks …
    pub(crate) stance: String,
    pub(crate) cue: String,
    pub(crate) speaker: Option<ActorRef>,
    /// The head of the words for the speaker, also where nobody known is meant ("studies", "I").
    pub(crate) source: Option<Span>,
    /// Whether something is said or thought, and not only known or seen.
    pub(crate) voiced: bool,
    /// What is said, quotation marks apart.
    pub(crate) content: Option<Span>,
    pub(crate) quoted: bool,
}

/// Every report of an utterance in the document, in order.
pub(crate) fn speeches<'a>(resolver: &Resolver<'a>, mentions: &Mentions) -> Vec<Speech<'a>> {
    let mut found: Vec<Speech<'a>> = resolver
        .doc
        .sentences()
        .filter(|s| s.kind() != SentenceKind::Furniture)
        .flat_map(|s| {
            let label = label(resolver, mentions, s);
            label.into_iter().chain(s.tokens().filter_map(|t| speech(resolver, mentions, t))).collect::<Vec<_>>()
        })
        .collect();
    for turn in turns(resolver, mentions) {
        if !found.iter().any(|f| f.cue == turn.cue && f.verb.sentence().ix() == turn.verb.sentence().ix()) {
            found.push(turn);
        }
    }
    found
}

/// The turns of a talk that is written down: "THE PRESIDENT: …". One line with a colon is none yet.
fn turns<'a>(resolver: &Resolver<'a>, mentions: &Mentions) -> Vec<Speech<'a>> {
    let turn = |paragraph: &Span| {
        let text = resolver.doc.text(*paragraph);
        let label = speaker_of_turn(text)?;
        let start = paragraph.start + label.len() as u32;
        let speaker = resolver.doc.tokens_in(Span::new(paragraph.start, start)).last()?;
        let said = text[label.len() + 1..].trim_start();
        Some(Speech {
            verb: speaker,
            stance: if said.ends_with('?') { "asks" } else { "asserts" }.to_string(),
            cue: ":".to_string(),
            speaker: mentions.parties(resolver, speaker).into_iter().next(),
            source: Some(speaker.span()),
            voiced: true,
            content: Some(Span::new(paragraph.end - said.len() as u32, paragraph.end)),
            quoted: false,
        })
    };
    let found: Vec<Speech<'a>> = resolver.doc.paragraphs.iter().filter_map(turn).collect();
    if found.len() > 1 { found } else { Vec::new() }
}

/// The label of a speaker in an interview or a transcript: a person's name before a colon, alone in its sentence or
/// before what he says.
fn label<'a>(resolver: &Resolver<'a>, mentions: &Mentions, sentence: Sentence<'a>) -> Option<Speech<'a>> {
    let colon = sentence.tokens().take(6).find(|t| t.text() == ":")?;
    let before = sentence.tokens().take_while(|t| t.ix() < colon.ix());
    let person = |t: Token<'_>| {
        matches!(t.entity(), EntityTag::Begin(EntityKind::Person) | EntityTag::Inside(EntityKind::Person))
    };
    if !before.clone().all(person) {
        return None;
    }
    let source = before.clone().find(|t| t.head().is_none_or(|h| h.ix() >= colon.ix()));
    let source = source.or_else(|| before.clone().next())?;
    let rest = sentence.tokens().find(|t| t.ix() > colon.ix() && t.upos() != Upos::Punct);
    let content = match rest {
        Some(first) => Some(Span::new(first.span().start, sentence.span().end)),
        None => following(resolver, sentence),
    };
    Some(Speech {
        verb: source,
        stance: "asserts".to_string(),
        cue: colon.text().to_string(),
        speaker: mentions.parties(resolver, source).into_iter().next(),
        source: Some(source.span()),
        voiced: true,
        content: Some(content?),
        quoted: true,
    })
}

/// The particle that makes a verb report speech in talk: "and I was like, no".
fn quotative<'a>(resolver: &Resolver<'_>, verb: Token<'a>) -> Option<Token<'a>> {
    let of_talk = |c: &Token<'_>| {
        c.deprel() == "compound:prt"
            && resolver.words.quotatives.has(&format!("{} {}", verb.lemma().to_lowercase(), c.lemma().to_lowercase()))
    };
    verb.children().find(of_talk).filter(|_| verb.children().any(|c| c.relation() == "nsubj"))
}

/// The rest of a sentence behind the comma that follows a word.
fn rest_after(word: Token<'_>) -> Option<Span> {
    let first = word.next().filter(|t| t.text() == ",")?.next()?;
    Some(Span::new(first.span().start, word.sentence().span().end))
}

/// The sentence behind one that announces it with a colon.
fn following(resolver: &Resolver<'_>, sentence: Sentence<'_>) -> Option<Span> {
    if !sentence.text().trim_end().ends_with(':') {
        return None;
    }
    resolver.doc.sentences().nth(sentence.ix().0 as usize + 1).map(|s| s.span())
}

/// "in the words of the minister", "in his view": a noun that tells whose words or view a clause is.
fn in_the_words<'a>(resolver: &Resolver<'a>, mentions: &Mentions, noun: Token<'a>) -> Option<Speech<'a>> {
    let marks = noun.relation() == "obl"
        && resolver.words.source_nouns.has(&noun.lemma().to_lowercase())
        && noun.children().any(|c| c.relation() == "case" && matches!(c.lemma(), "in" | "by"))
        && !noun.children().any(|c| c.relation() == "amod");
    let owner = |c: &Token<'_>| {
        c.deprel() == "nmod:poss"
            || c.deprel() == "nmod" && c.children().any(|p| p.relation() == "case" && p.lemma() == "of")
    };
    let source = noun.children().find(|c| marks && owner(c))?;
    let clause = noun.head()?;
    Some(Speech {
        verb: noun,
        stance: "asserts".to_string(),
        cue: noun.text().to_string(),
        speaker: mentions.parties(resolver, source).into_iter().next(),
        source: Some(source.span()),
        voiced: true,
        content: Some(clause_span(clause, Some(noun))),
        quoted: false,
    })
}

fn speech<'a>(resolver: &Resolver<'a>, mentions: &Mentions, token: Token<'a>) -> Option<Speech<'a>> {
    let lexicon = resolver.knowledge.lexicon();
    let lemma = token.lemma().to_lowercase();
    if lemma == "accord" || lemma == "according" {
        let source = token.head().filter(|_| token.relation() == "case").or_else(|| {
            // Read as a participle: "according" with an oblique of its own.
            token.children().find(|c| c.relation() == "obl")
        })?;
        let clause = source.head().filter(|h| *h != token).or_else(|| token.head());
        return Some(Speech {
            verb: token,
            stance: "asserts".to_string(),
            cue: "according to".to_string(),
            speaker: mentions.parties(resolver, source).into_iter().next(),
            source: Some(source.span()),
            voiced: true,
            content: clause.map(|h| clause_span(h, Some(source))),
            quoted: false,
        });
    }
    if let Some(speech) = in_the_words(resolver, mentions, token) {
        return Some(speech);
    }
    let quotative = quotative(resolver, token);
    let (stance, voiced) = match token.upos() {
        _ if quotative.is_some() => ("asserts".to_string(), true),
        Upos::Verb => match lexicon.speech.get(&lemma) {
            Some(verb) => (verb.stance.clone(), verb.kind.as_deref() != Some(KNOWING)),
            // "was concerned that", read as a participle
            None if resolver.words.speech_adjectives.has(&token.text().to_lowercase()) => {
                ("believes".to_string(), false)
            }
            None => return None,
        },
        Upos::Noun if resolver.words.speech_nouns.has(&lemma) => ("asserts".to_string(), true),
        Upos::Adj if resolver.words.speech_adjectives.has(&lemma) => ("believes".to_string(), false),
        _ => return None,
    };
    let clause = said_clause(token, resolver);
    let quotation = quotation_of(resolver, token).filter(|_| voiced && token.upos() == Upos::Verb);
    let content = match (&quotation, clause) {
        (Some(quotation), _) => quotation.span,
        (None, Some(clause)) => clause_span(clause, Some(token)),
        (None, None) => match quotative {
            Some(like) => rest_after(like)?,
            None => beyond(resolver, token).filter(|_| voiced && token.upos() == Upos::Verb)?,
        },
    };
    let sources = sources(token, resolver);
    let speaker = sources
        .iter()
        .flat_map(|s| mentions.parties(resolver, *s))
        .find(|p| p.id.is_some() || p.code.is_some() || p.sector.is_some() || p.name.is_some());
    Some(Speech {
        verb: token,
        stance,
        cue: token.text().to_string(),
        speaker,
        source: sources.first().map(|s| s.span()),
        voiced,
        content: Some(content),
        quoted: quotation.is_some(),
    })
}

/// The kind of verbs that report what somebody knows, sees or makes sure of, and not what he says.
pub(crate) const KNOWING: &str = "know";

/// What is said where no clause hangs from the verb: the rest of its sentence behind a colon or an opening quotation
/// mark that nothing closes, or the sentence before it, where the report stands alone ("…. So he said.").
fn beyond(resolver: &Resolver<'_>, verb: Token<'_>) -> Option<Span> {
    let sentence = verb.sentence();
    let rest = sentence.tokens().filter(|t| t.ix() > verb.ix());
    if matches!(verb.relation(), "root" | "conj" | "parataxis" | "advcl")
        && let Some(next) = following(resolver, sentence)
    {
        return Some(next);
    }
    // "where he said, We will fight": direct speech that has no marks begins with a capital.
    if verb.children().any(|c| c.relation() == "nsubj")
        && let Some(rest) = rest_after(verb)
        && resolver.doc.text(rest).starts_with(char::is_uppercase)
        && resolver.doc.tokens_in(rest).next().is_some_and(|t| t.upos() != Upos::Propn)
    {
        return Some(rest);
    }
    let mark = rest.clone().take(6).find(|t| matches!(t.text(), ":" | "\"" | "“" | "‘"));
    if let Some(first) = mark.and_then(|m| rest.clone().find(|t| t.ix() > m.ix() && t.upos() != Upos::Punct)) {
        return Some(Span::new(first.span().start, sentence.span().end));
    }
    let alone = verb.relation() == "root" && verb.children().any(|c| c.relation() == "nsubj");
    let more =
        verb.children().any(|c| !matches!(c.relation(), "nsubj" | "aux" | "advmod" | "punct" | "cc" | "discourse"));
    if !alone || more {
        return None;
    }
    let before = sentence.ix().0.checked_sub(1).and_then(|ix| resolver.doc.sentences().nth(ix as usize))?;
    (before.paragraph() == sentence.paragraph()).then(|| before.span())
}

/// The clause that holds what is said or thought.
fn said_clause<'a>(word: Token<'a>, resolver: &Resolver<'_>) -> Option<Token<'a>> {
    let of_noun = word.upos() == Upos::Noun;
    let lemma = word.lemma().to_lowercase();
    let verb = resolver.knowledge.lexicon().speech.get(&lemma);
    let open = verb.is_some_and(|v| v.stance == "asks" || v.kind.as_deref() == Some(KNOWING))
        && !word.children().any(|c| c.relation() == "obj");
    let full = |c: &Token<'_>| match c.relation() {
        "ccomp" => true,
        // "what they feel officials need": a clause with a subject of its own, read as one without
        "xcomp" => !of_noun && c.children().any(|s| s.relation() == "nsubj"),
        // "asked if it attacked"
        // and "knows when it attacked"
        "advcl" => {
            let asks = |m: Token<'_>| match m.relation() {
                "mark" => matches!(m.lemma(), "if" | "whether"),
                "advmod" => resolver.words.question_words.has(m.lemma()),
                _ => false,
            };
            open && c.ix() > word.ix() && c.children().any(asks)
        }
        // "evidence that it attacked", and "it is clear that it attacked"
        "acl" => of_noun && c.deprel() == "acl" && c.children().any(|m| m.relation() == "mark" && m.lemma() == "that"),
        "csubj" => word.upos() != Upos::Noun && c.children().any(|m| m.relation() == "mark" && m.lemma() == "that"),
        _ => false,
    };
    let own = word.children().find(full);
    if word.upos() != Upos::Verb {
        return own;
    }
    // "told the world that it attacked": the clause may be read with the one who is told.
    let told = || {
        let to = word.children().filter(|c| matches!(c.relation(), "obj" | "iobj"));
        to.flat_map(|o| o.children()).find(|c| {
            let that = c.children().any(|m| m.relation() == "mark" && m.lemma() == "that");
            c.relation() == "acl" && that && c.children().any(|s| s.relation() == "nsubj" && s.lemma() != "that")
        })
    };
    // "what they say is that it attacked"
    let what = || {
        let what = word.head().filter(|h| {
            word.deprel() == "acl:relcl" && h.relation() == "nsubj" && resolver.words.question_words.has(h.lemma())
        });
        what.and_then(|h| h.head())
    };
    // "knows what happened": the clause hangs from its question word.
    let asks = |c: &Token<'_>| {
        resolver.words.question_words.has(&c.lemma().to_lowercase())
            && c.children().any(|r| matches!(r.deprel(), "acl:relcl" | "advcl:relcl"))
    };
    let citing =
        || matches!(word.relation(), "advcl" | "acl") && resolver.words.citing_verbs.has(&word.lemma().to_lowercase());
    own.or_else(|| word.children().find(|c| c.ix() > word.ix() && asks(c)))
        .or_else(told)
        .or_else(what)
        .or_else(|| {
            // "…, the paper wrote, citing officials": what the paper wrote is theirs.
            let main = word.head().filter(|_| citing())?;
            // "the paper, citing officials, wrote": the verb is that of the paper's clause.
            let main = if word.relation() == "acl" { main.head()? } else { main };
            Some(main.head().filter(|_| main.relation() == "parataxis" && bare(main)).unwrap_or(main))
        })
        .or_else(|| word.head().filter(|_| word.relation() == "parataxis" && (bare(word) || turned(word).is_some())))
        .or_else(|| {
            // "as officials said", "as you know"
            let as_said = word.relation() == "advcl"
                && word.children().any(|c| c.relation() == "mark" && c.lemma() == "as")
                && !word.children().any(|c| c.relation() == "obj");
            word.head().filter(|_| as_said)
        })
        .or_else(|| word.children().find(|c| c.relation() == "parataxis" && c.ix() > word.ix()))
}

/// Who speaks: the subjects of the verb, those who are cited ("cited officials as saying"), or, where the words are a
/// noun or an adjective, the subject of its clause.
fn sources<'a>(word: Token<'a>, resolver: &Resolver<'_>) -> Vec<Token<'a>> {
    if matches!(word.relation(), "advcl" | "acl") && resolver.words.citing_verbs.has(&word.lemma().to_lowercase()) {
        let cited: Vec<Token<'a>> = word.children().filter(|c| c.relation() == "obj").collect();
        if !cited.is_empty() {
            return cited;
        }
    }
    if word.upos() == Upos::Verb
        && !word.children().any(|c| c.relation() == "nsubj")
        && word.children().any(|c| matches!(c.relation(), "mark" | "case") && c.lemma() == "as")
        && let Some(citing) = word.head().filter(|h| h.upos() == Upos::Verb)
        && let Some(cited) = citing.children().find(|c| c.relation() == "obj" || c.deprel() == "nsubj:pass")
    {
        return vec![cited];
    }
    if let Some(speaker) = turned(word) {
        return vec![speaker];
    }
    let own = if word.upos() == Upos::Verb { subjects(word, 0) } else { Vec::new() };
    if !own.is_empty() {
        return own;
    }
    let by = |c: &Token<'_>| {
        c.deprel() == "nmod"
            && c.children().any(|p| p.relation() == "case" && matches!(p.lemma(), "by" | "from" | "of"))
    };
    let own: Vec<Token<'a>> = word
        .children()
        .filter(|c| matches!(c.relation(), "nsubj") || c.deprel() == "nmod:poss" || word.upos() == Upos::Noun && by(c))
        .collect();
    if !own.is_empty() || word.upos() != Upos::Noun {
        return own;
    }
    // "said in a statement that", "issued a warning that": whoever does it speaks.
    let utters = |verb: &Token<'_>| {
        let lemma = verb.lemma().to_lowercase();
        let stance = resolver.knowledge.lexicon().speech.get(&lemma).map(|v| v.stance.as_str());
        // Who denies or condemns a claim does not make it.
        resolver.words.support_verbs.has(&lemma)
            || stance.is_some_and(|s| !matches!(s, "denies" | "criticises" | "doubts"))
    };
    let carrier =
        word.head().filter(|h| h.upos() == Upos::Verb && matches!(word.relation(), "obl" | "obj") && utters(h));
    carrier.map(|verb| subjects(verb, 0)).unwrap_or_default()
}

/// The speaker behind his verb, at the end of what he says: "…, claims Gondor".
fn turned(verb: Token<'_>) -> Option<Token<'_>> {
    let behind = |c: &Token<'_>| c.relation() == "obj" && c.ix() > verb.ix();
    let alone = !verb.children().any(|c| matches!(c.relation(), "nsubj" | "aux" | "xcomp" | "ccomp" | "mark" | "cc"));
    let comma = verb.previous().is_some_and(|t| t.text() == "," || t.upos() == Upos::Punct);
    let set_beside = verb.relation() == "parataxis" && verb.has("VerbForm=Fin");
    verb.children().find(behind).filter(|_| alone && comma && set_beside)
}

/// Whether a verb set beside a clause has nothing else to say: "…, he said", but not "…; Russia threatens countermeasures".
fn bare(verb: Token<'_>) -> bool {
    !verb.children().any(|c| matches!(c.relation(), "obj" | "xcomp" | "ccomp") || c.text() == ";")
}

/// The quotation that a verb of saying introduces or closes: it touches the verb's clause on either side.
fn quotation_of<'d>(resolver: &Resolver<'d>, verb: Token<'d>) -> Option<&'d Quotation> {
    let sentence = verb.sentence();
    let whole = |q: &&Quotation| {
        let words = resolver.doc.tokens_in(q.span).filter(|t| t.upos() != Upos::Punct).count();
        // A comma or a stop before the closing mark shows that an utterance is quoted, and not a word or two.
        let closed = resolver.doc.text(q.span).trim_end().ends_with([',', '.', '?', '!', '…', '—']);
        words >= 4 || closed || resolver.doc.tokens_in(q.span).any(|t| t.upos() == Upos::Verb && t.has("VerbForm=Fin"))
    };
    let near = |q: &&Quotation| {
        let after = q.outer.start >= verb.span().end && between(resolver, verb.span().end, q.outer.start) <= 6;
        let before = q.outer.end <= verb.span().start && between(resolver, q.outer.end, verb.span().start) <= 8;
        (after || before) && (q.outer.overlaps(sentence.span()) || touching(resolver, sentence, q))
    };
    resolver.doc.quotations.iter().filter(near).filter(whole).min_by_key(|q| {
        if q.outer.start >= verb.span().end { q.outer.start - verb.span().end } else { verb.span().start - q.outer.end }
    })
}

fn between(resolver: &Resolver<'_>, from: u32, until: u32) -> usize {
    resolver.doc.tokens_in(Span::new(from, until.max(from))).filter(|t| t.upos() != Upos::Punct).count()
}

/// A quotation of several sentences that ends where this one begins.
fn touching(resolver: &Resolver<'_>, sentence: Sentence<'_>, quotation: &Quotation) -> bool {
    quotation.outer.end <= sentence.span().start
        && resolver.doc.text(Span::new(quotation.outer.end, sentence.span().start)).trim().is_empty()
}

/// A clause without the report that frames it.
fn clause_span(head: Token<'_>, without: Option<Token<'_>>) -> Span {
    let skipped: Vec<Token<'_>> =
        without.filter(|w| w.ancestors().any(|a| a == head)).map(|w| w.subtree()).unwrap_or_default();
    let mut span = head.span();
    for token in head.subtree() {
        if !skipped.contains(&token) && (token.upos() != Upos::Punct || span.contains(token.span())) {
            // A report in the middle of a clause leaves two parts; the one with the head is kept whole.
            span = span.cover(token.span());
        }
    }
    if let Some(report) = without
        && span.contains(report.span())
    {
        if report.ix() < head.ix() {
            span.start = span.start.max(report.span().end);
        } else {
            span.end = span.end.min(skipped.first().map_or(report.span().start, |t| t.span().start));
        }
    }
    let text = head.doc().text(span);
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—'));
    let lead = text.find(trimmed).unwrap_or(0) as u32;
    Span::new(span.start + lead, span.start + lead + trimmed.len() as u32)
}

/// Who says that the act of this trigger happened: the innermost report around it, else the speaker of the
/// quotation that it stands in; and the quotations in its own clause.
pub(crate) fn attribution<'a>(
    resolver: &Resolver<'a>,
    speeches: &[Speech<'a>],
    trigger: Token<'a>,
    own_speaker: Option<&ActorRef>,
) -> Option<Attribution> {
    let at = trigger.span();
    let framing = speeches
        .iter()
        .filter(|s| s.verb != trigger && s.content.is_some_and(|c| c.contains(at)))
        .min_by_key(|s| (s.content.map_or(0, |c| c.len()), std::cmp::Reverse(s.verb.ix())));
    let framing = framing.map(|report| cited(resolver, speeches, report).unwrap_or(report));
    let quotation = resolver.doc.quotations.iter().filter(|q| q.span.contains(at)).min_by_key(|q| q.span.len());
    let spoken = framing.or_else(|| {
        // The quotation runs on from a sentence that names its speaker.
        let quotation = quotation?;
        let paragraph = trigger.sentence().paragraph();
        speeches
            .iter()
            .filter(|s| s.verb.sentence().paragraph() == paragraph && s.source.is_some() && s.quoted)
            .min_by_key(|s| s.verb.span().start.abs_diff(quotation.outer.start))
    });
    let quote = |q: &Quotation| Quote { text: resolver.doc.text(q.span).to_string(), span: q.span };
    if let Some(speech) = spoken {
        let quotes = quotation.into_iter().map(quote).collect();
        return Some(Attribution {
            speaker: speaker(resolver, speeches, speech, 0),
            cue: Some(speech.cue.clone()),
            quotes,
        });
    }
    let own: Vec<Quote> = resolver
        .doc
        .quotations
        .iter()
        .filter(|q| q.outer.overlaps(trigger.sentence().span()))
        .filter(|q| within_clause(resolver, trigger, q) || own_speaker.is_some_and(|s| apposed(resolver, s, q)))
        .map(quote)
        .collect();
    let speaker = own_speaker?;
    if own.is_empty() {
        return None;
    }
    Some(Attribution { speaker: Some(speaker.clone()), cue: Some(trigger.text().to_string()), quotes: own })
}

/// Those whom a report cites for what it says ("the paper, citing officials, wrote that").
fn cited<'s, 'a>(resolver: &Resolver<'a>, speeches: &'s [Speech<'a>], report: &Speech<'a>) -> Option<&'s Speech<'a>> {
    let beside = |citing: Token<'a>| {
        let Some(head) = citing.head() else { return false };
        // below the report, below its subject, or beside it below what it says
        head == report.verb
            || citing.relation() == "acl" && head.head() == Some(report.verb)
            || report.verb.relation() == "parataxis" && report.verb.head() == Some(head)
    };
    speeches.iter().find(|s| {
        s.verb != report.verb
            && s.source.is_some()
            && resolver.words.citing_verbs.has(&s.verb.lemma().to_lowercase())
            && matches!(s.verb.relation(), "advcl" | "acl")
            && beside(s.verb)
    })
}

/// The speaker of a report. "I" and "we" within a quotation are whoever is quoted there; where nobody known speaks,
/// the words for him stand.
fn speaker(resolver: &Resolver<'_>, speeches: &[Speech<'_>], speech: &Speech<'_>, depth: u8) -> Option<ActorRef> {
    if speech.speaker.is_some() || depth > 3 {
        return speech.speaker.clone();
    }
    let source = resolver.doc.tokens_in(speech.source?).next()?;
    let within = || {
        let around =
            |s: &&Speech<'_>| s.quoted && s.verb != speech.verb && s.content.is_some_and(|c| c.contains(source.span()));
        let outer = speeches.iter().filter(around).min_by_key(|s| s.content.map_or(0, |c| c.len()))?;
        speaker(resolver, speeches, outer, depth + 1)
    };
    let own_words = || ActorRef::bare(source.text(), source.span());
    if source.has("Person=1") { within() } else { Some(own_words()) }
}

/// Whether the quoted words hang from the trigger before any other verb.
fn within_clause(resolver: &Resolver<'_>, trigger: Token<'_>, quotation: &Quotation) -> bool {
    resolver.doc.tokens_in(quotation.span).any(|t| {
        std::iter::once(t)
            .chain(t.ancestors())
            .take_while(|a| *a == trigger || a.upos() != Upos::Verb || quotation.span.contains(a.span()))
            .any(|a| a == trigger)
    })
}

/// Whether the quoted words stand in the speaker's own phrase ("alongside his “dear friend”").
fn apposed(resolver: &Resolver<'_>, speaker: &ActorRef, quotation: &Quotation) -> bool {
    let Some(token) = resolver.doc.tokens_in(speaker.span).next() else { return false };
    resolver.doc.tokens_in(quotation.span).any(|t| {
        t.sentence().ix() == token.sentence().ix()
            && t.ancestors().take_while(|a| a.upos() != Upos::Verb).any(|a| speaker.span.overlaps(a.span()))
    })
}
