//! The entrance: an [`Analyzer`] is frozen and shared, a [`Worker`] holds one thread's buffers and turns
//! an [`Article`] into a [`Document`].
//!
//! The order of work: furniture and captions are marked, the clean text is laid out, paragraphs, tokens and
//! sentences are cut, the language model reads the sentences, quotations and time expressions are found.

use crate::article::Article;
use crate::conllu::{self, Treebank};
use crate::document::{Document, Meta, SentenceData, SentenceKind, TokenData};
use crate::language::{self, Language};
use crate::model::{EntityTag, Model, ModelWorker, PairHead, WordPrediction};
use crate::segment::{self, Segmenter};
use crate::tag::Upos;
use crate::token::{self, RawToken};
use crate::{quote, timex};
use demarche_core::{Caption, DocId, Furniture, Span};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Sentences that the model reads at once: enough to fill its batches, few enough for any document.
const TOGETHER: usize = 128;

/// Says before the language model runs which sentences deserve it.
pub trait Glance {
    /// Whether each sentence of a document, given in order, is worth reading.
    fn worth_reading(&self, sentences: &[&str]) -> Vec<bool>;
}

/// Reads everything.
struct Everything;

impl Glance for Everything {
    fn worth_reading(&self, sentences: &[&str]) -> Vec<bool> {
        vec![true; sentences.len()]
    }
}

/// Why an analyzer cannot be made of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalyzerFault(String);

impl fmt::Display for AnalyzerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for AnalyzerFault {}

/// What reads: the language model, the segmenter and the word lists. Frozen; share it between threads.
#[derive(Debug)]
pub struct Analyzer {
    model: Model,
    pairs: PairHead,
    segmenter: Segmenter,
    language: Language,
}

impl Analyzer {
    /// Opens what [`language::pack`] has packed.
    ///
    /// # Errors
    /// Says which part cannot be read.
    pub fn from_bytes(bytes: &'static [u8]) -> Result<Analyzer, AnalyzerFault> {
        let parts = language::unpack(bytes).map_err(AnalyzerFault)?;
        let model = Model::from_bytes(parts.weights)
            .map_err(|e| AnalyzerFault(format!("the language model: {e}")))?
            .with_dictionary(parts.language.dictionary());
        let pairs =
            PairHead::from_bytes(parts.pairs, &model).map_err(|e| AnalyzerFault(format!("the typing head: {e}")))?;
        let segmenter = Segmenter::from_bytes(parts.segmenter)
            .ok_or_else(|| AnalyzerFault("the segmenter's weights are not of this version".into()))?;
        Ok(Analyzer { model, pairs, segmenter, language: parts.language })
    }

    /// The classes of the typing head, in the order of its answers.
    pub fn relations(&self) -> &[String] {
        self.pairs.classes()
    }

    /// The word lists.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The id that an article's document will have, without reading its sentences.
    pub fn identify(&self, article: &Article) -> DocId {
        let mut article = article.clone();
        article.settle(&self.language.furniture, &self.language.time);
        lay_out(&article).id
    }

    /// A worker for one thread.
    pub fn worker(&self) -> Worker<'_> {
        Worker {
            analyzer: self,
            model: self.model.worker(),
            predictions: Vec::new(),
            feats: Vec::new(),
            deprels: Vec::new(),
        }
    }
}

/// One thread's reader; reuse it from article to article.
pub struct Worker<'a> {
    analyzer: &'a Analyzer,
    model: ModelWorker<'a>,
    predictions: Vec<WordPrediction>,
    /// Features and relations by their ids, so that each text is kept once.
    feats: Vec<Option<Arc<str>>>,
    deprels: Vec<Option<Arc<str>>>,
}

impl fmt::Debug for Worker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

impl Worker<'_> {
    /// Reads an article.
    pub fn analyze(&mut self, article: &Article) -> Document {
        self.analyze_glancing(article, &Everything)
    }

    /// Reads an article, but of its body only the sentences that a glance finds worth reading.
    pub fn analyze_glancing(&mut self, article: &Article, glance: &dyn Glance) -> Document {
        let mut article = article.clone();
        let language = &self.analyzer.language;
        article.settle(&language.furniture, &language.time);
        self.analyze_settled(&article, glance)
    }

    /// Reads plain text as it stands: nothing in it is furniture or a caption, and no byte moves.
    pub fn analyze_text(&mut self, text: &str) -> Document {
        self.analyze_settled(
            &Article { body: text.to_string(), lang: "en".to_string(), ..Article::default() },
            &Everything,
        )
    }

    fn analyze_settled(&mut self, article: &Article, glance: &dyn Glance) -> Document {
        let mut doc = lay_out(article);
        let english = doc.meta.lang.is_empty() || doc.meta.lang == "en";
        self.cut(&mut doc);
        if english {
            choose(&mut doc, glance);
        }
        self.read(&mut doc);
        doc.quotations = quote::find(&doc.text, &doc.paragraphs);
        doc.timexes = timex::find(&doc.text, &self.analyzer.language.time);
        doc
    }

    /// What the typing head makes of two parties in the sentence that both stand in, or else the first that one does:
    /// the classes with the logarithms of their shares; a party without words in the text is `None`.
    pub fn relate(&mut self, doc: &Document, source: Option<Span>, target: Option<Span>) -> Vec<(&str, f32)> {
        let holds = |s: &crate::Sentence<'_>, party: Option<Span>| party.is_some_and(|p| s.span().overlaps(p));
        let both = doc.sentences().find(|s| holds(s, source) && holds(s, target));
        let one = || doc.sentences().find(|s| holds(s, source) || holds(s, target));
        let Some(sentence) = both.or_else(one).or_else(|| doc.sentences().next()) else { return Vec::new() };
        let shares = self.relate_in(sentence, &[(source, target)]).pop().unwrap_or_default();
        self.analyzer.pairs.classes().iter().map(String::as_str).zip(shares).collect()
    }

    /// The classes of the typing head, in the order of its answers.
    pub fn relations(&self) -> &[String] {
        self.analyzer.relations()
    }

    /// The same for several pairs of one sentence, which is embedded once; shares in the order of
    /// [`Analyzer::relations`].
    pub fn relate_in(
        &mut self,
        sentence: crate::Sentence<'_>,
        pairs: &[(Option<Span>, Option<Span>)],
    ) -> Vec<Vec<f32>> {
        let words: Vec<&str> = sentence.tokens().map(|t| t.text()).collect();
        let part = |party: Option<Span>| {
            let inside = |t: &crate::Token<'_>| party.is_some_and(|p| p.overlaps(t.span()));
            let start = sentence.tokens().position(|t| inside(&t));
            start.map_or(0..0, |start| start..start + sentence.tokens().filter(inside).count())
        };
        let pairs: Vec<_> = pairs.iter().map(|(source, target)| (part(*source), part(*target))).collect();
        self.model.relate_all(&self.analyzer.pairs, &words, &pairs)
    }

    /// Predicts tags, trees and names for given words and sentences; nothing else of them is changed.
    pub fn annotate(&mut self, treebank: &Treebank) -> Treebank {
        let mut done = treebank.clone();
        for group in done.sentences.chunks_mut(TOGETHER) {
            let forms: Vec<Vec<&str>> =
                group.iter().map(|s| s.words.iter().map(|w| w.form.as_str()).collect()).collect();
            let slices: Vec<&[&str]> = forms.iter().map(Vec::as_slice).collect();
            self.model.predict_all(&slices, &mut self.predictions);
            let words = group.iter_mut().flat_map(|s| &mut s.words);
            for (word, p) in words.zip(&self.predictions) {
                let model = &self.analyzer.model;
                word.lemma.clone_from(&p.lemma);
                word.upos = p.upos.to_string();
                word.xpos = "_".into();
                word.feats = model.feats(p.feats).into();
                word.head = Some(p.head);
                word.deprel = model.deprel(p.deprel).into();
                word.deps = "_".into();
                word.misc = conllu::with_entity(&word.misc, p.entity);
            }
        }
        done
    }

    /// Reads given words in given sentences: the text of the document is these words, and paragraphs begin
    /// where the sentences say `newpar`. What the sentences say besides (tags, trees) is not looked at.
    pub fn analyze_words(&mut self, sentences: &[conllu::Sentence]) -> Document {
        let mut body = String::new();
        let mut places: Vec<Vec<RawToken>> = Vec::with_capacity(sentences.len());
        for sentence in sentences.iter().filter(|s| !s.words.is_empty()) {
            if !body.is_empty() {
                body.push_str(if sentence.comment("newpar").is_some() { "\n\n" } else { " " });
            }
            let inside = |at: u32| sentence.contracted.iter().any(|c| c.first < at && at <= c.last);
            let mut tokens = Vec::with_capacity(sentence.words.len());
            for (at, word) in (1_u32..).zip(&sentence.words) {
                let continues = inside(at);
                let tight = continues || at > 1 && sentence.words[at as usize - 2].misc.contains("SpaceAfter=No");
                if at > 1 && !tight {
                    body.push(' ');
                }
                let start = body.len();
                body.push_str(&word.form);
                tokens.push(RawToken { span: Span::of(start, body.len()), continues });
            }
            places.push(tokens);
        }
        let mut doc = lay_out(&Article { body, lang: "en".to_string(), ..Article::default() });
        for tokens in places {
            let (first, number) = (doc.tokens.len() as u32, doc.sentences.len() as u32);
            let span = tokens[0].span.cover(tokens[tokens.len() - 1].span);
            let paragraph = doc.paragraphs.partition_point(|p| p.end < span.end);
            for token in tokens {
                doc.tokens.push(guess(&doc.text, token, number));
            }
            doc.sentences.push(SentenceData {
                span,
                tokens: first..doc.tokens.len() as u32,
                paragraph: paragraph as u32,
                kind: SentenceKind::Body,
                analyzed: true,
            });
        }
        doc.children = vec![Vec::new(); doc.tokens.len()];
        self.read(&mut doc);
        doc.quotations = quote::find(&doc.text, &doc.paragraphs);
        doc.timexes = timex::find(&doc.text, &self.analyzer.language.time);
        doc
    }

    /// Fills in sentences and tokens.
    fn cut(&mut self, doc: &mut Document) {
        let mut raw: Vec<RawToken> = Vec::new();
        let title = title_paragraph(doc);
        let mut marks = Marks::new(&doc.furniture, &doc.captions);
        for (paragraph, &span) in (0..).zip(&doc.paragraphs) {
            let cut = match title {
                Some(title) if title == span => vec![(span, SentenceKind::Title)],
                _ => pieces(&doc.text, span, marks.over(span)),
            };
            for (piece, kind) in cut {
                raw.clear();
                token::tokenize(&doc.text, piece, &self.analyzer.language, &mut raw);
                for range in self.analyzer.segmenter.sentences(&doc.text, &raw, &self.analyzer.language) {
                    let first = doc.tokens.len() as u32;
                    let sentence = doc.sentences.len() as u32;
                    let tokens = &raw[range];
                    let last = part_stop(&doc.text, tokens);
                    let stop = last.is_some().then(|| RawToken {
                        span: Span::new(tokens[tokens.len() - 1].span.end - 1, tokens[tokens.len() - 1].span.end),
                        continues: false,
                    });
                    let whole = if last.is_some() { &tokens[..tokens.len() - 1] } else { tokens };
                    for t in whole.iter().copied().chain(last).chain(stop) {
                        doc.tokens.push(guess(&doc.text, t, sentence));
                    }
                    let span = tokens[0].span.cover(tokens[tokens.len() - 1].span);
                    doc.sentences.push(SentenceData {
                        span,
                        tokens: first..doc.tokens.len() as u32,
                        paragraph,
                        kind,
                        analyzed: false,
                    });
                }
            }
        }
        doc.children = vec![Vec::new(); doc.tokens.len()];
    }

    /// Runs the language model over the sentences that are to be read.
    fn read(&mut self, doc: &mut Document) {
        let ranges: Vec<Range<u32>> = doc.sentences.iter().filter(|s| s.analyzed).map(|s| s.tokens.clone()).collect();
        for group in ranges.chunks(TOGETHER) {
            let forms: Vec<Vec<&str>> = group
                .iter()
                .map(|r| {
                    doc.tokens[r.start as usize..r.end as usize].iter().map(|t| &doc.text[t.span.range()]).collect()
                })
                .collect();
            let slices: Vec<&[&str]> = forms.iter().map(Vec::as_slice).collect();
            self.model.predict_all(&slices, &mut self.predictions);
            let predictions = std::mem::take(&mut self.predictions);
            let places = group.iter().flat_map(|r| r.clone().map(move |at| (r.start, at)));
            for ((first, at), p) in places.zip(&predictions) {
                let token = &mut doc.tokens[at as usize];
                token.upos = p.upos;
                token.lemma = p.lemma.as_str().into();
                token.entity = p.entity;
                token.feats = shared(&mut self.feats, p.feats, |id| self.analyzer.model.feats(id));
                token.deprel = shared(&mut self.deprels, p.deprel, |id| self.analyzer.model.deprel(id));
                token.head = p.head.checked_sub(1).map(|head| first + head);
                if let Some(head) = token.head {
                    doc.children[head as usize].push(at);
                }
            }
            self.predictions = predictions;
        }
    }
}

/// Marks the sentences that are to be read: no furniture, and what the glance finds worth it.
fn choose(doc: &mut Document, glance: &dyn Glance) {
    let readable: Vec<usize> =
        (0..doc.sentences.len()).filter(|&ix| doc.sentences[ix].kind != SentenceKind::Furniture).collect();
    let texts: Vec<&str> = readable.iter().map(|&ix| &doc.text[doc.sentences[ix].span.range()]).collect();
    let worth = glance.worth_reading(&texts);
    for (ix, worth) in readable.into_iter().zip(worth) {
        doc.sentences[ix].analyzed = worth;
    }
}

/// One text for all tokens with the same id.
fn shared<'m>(known: &mut Vec<Option<Arc<str>>>, id: u16, name: impl Fn(u16) -> &'m str) -> Arc<str> {
    let at = usize::from(id);
    if known.len() <= at {
        known.resize(at + 1, None);
    }
    known[at].get_or_insert_with(|| name(id).into()).clone()
}

/// A sentence that ends in a lone letter with a stop ends in that letter, and the stop is the sentence's: "Plan B."
fn part_stop(text: &str, tokens: &[RawToken]) -> Option<RawToken> {
    let last = tokens.last()?;
    let word = text.get(last.span.range())?;
    let mut chars = word.chars();
    let lone = chars.next().is_some_and(char::is_alphabetic) && chars.as_str() == ".";
    lone.then(|| RawToken { span: Span::new(last.span.start, last.span.end - 1), continues: last.continues })
}

/// A token before the language model has seen it.
fn guess(text: &str, token: RawToken, sentence: u32) -> TokenData {
    let word = text.get(token.span.range()).unwrap_or_default();
    let first = word.chars().next().unwrap_or(' ');
    let upos = match first {
        c if c.is_numeric() => Upos::Num,
        c if c.is_uppercase() => Upos::Propn,
        c if c.is_alphabetic() => Upos::X,
        '$' | '%' | '+' | '=' | '<' | '>' | '#' | '@' => Upos::Sym,
        _ => Upos::Punct,
    };
    let lemma = if upos == Upos::Propn { word.into() } else { word.to_lowercase().into_boxed_str() };
    TokenData {
        span: token.span,
        continues: token.continues,
        sentence,
        upos,
        feats: "_".into(),
        lemma,
        head: None,
        deprel: "_".into(),
        entity: EntityTag::Out,
    }
}

/// The clean text, its paragraphs and what is known of the article.
fn lay_out(article: &Article) -> Document {
    let body = upto_4_gib(&article.body);
    let title = article.title.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let mut marks = Marks::new(&article.furniture, &[]);
    let opening = segment::first_paragraph(body, |span| !marks.over(span).is_empty());
    let repeated = title.is_some_and(|t| same_words(t, &body[opening.range()]));
    let (text, shift) = match title {
        Some(title) if !repeated => {
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            let gap = if body.is_empty() { "" } else { "\n\n" };
            (format!("{title}{gap}{body}"), (title.len() + gap.len()) as u32)
        }
        _ => (body.to_string(), 0),
    };
    let moved = |span: Span| {
        let limit = text.len() as u32;
        Span::new(span.start.saturating_add(shift).min(limit), span.end.saturating_add(shift).min(limit))
    };
    let furniture = article.furniture.iter().map(|f| Furniture { span: moved(f.span), ..f.clone() }).collect();
    let captions = article.captions.iter().map(|c| Caption { span: moved(c.span), ..c.clone() }).collect();
    let meta = Meta {
        article_id: article.article_id.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        byline: article.byline.clone(),
        dateline: article.dateline.clone(),
        published: article.published,
        published_basis: article.published_basis,
        publisher: article.publisher.clone(),
        lang: article.lang.clone(),
    };
    let day = article.published.map(|d| d.to_string()).unwrap_or_default();
    let id = DocId::of(&[&text, article.url.as_deref().unwrap_or_default(), &day]);
    let mut paragraphs = segment::paragraphs(&text[shift as usize..]);
    for p in &mut paragraphs {
        *p = Span::new(p.start + shift, p.end + shift);
    }
    if shift > 0 {
        let end = text[..shift as usize].trim_end().len();
        paragraphs.insert(0, Span::of(0, end));
    }
    Document {
        id,
        meta,
        text,
        paragraphs,
        furniture,
        captions,
        quotations: Vec::new(),
        timexes: Vec::new(),
        sentences: Vec::new(),
        tokens: Vec::new(),
        children: Vec::new(),
    }
}

/// As much of a text as offsets can count.
fn upto_4_gib(text: &str) -> &str {
    let mut end = text.len().min(u32::MAX as usize - (1 << 20));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The paragraph that is the title: the first that is no furniture, where it says the title.
fn title_paragraph(doc: &Document) -> Option<Span> {
    let title = doc.meta.title.as_deref()?;
    let mut marks = Marks::new(&doc.furniture, &[]);
    let first = doc.paragraphs.iter().find(|p| marks.over(**p).is_empty())?;
    same_words(title, doc.text(*first)).then_some(*first)
}

fn same_words(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// Marked stretches of a text, asked for in the text's order, so that many of them in many paragraphs stay cheap.
struct Marks {
    /// By where they begin.
    all: Vec<(Span, SentenceKind)>,
    next: usize,
    /// Those that the last span overlapped, and any that begin before its end.
    live: Vec<(Span, SentenceKind)>,
}

impl Marks {
    fn new(furniture: &[Furniture], captions: &[Caption]) -> Marks {
        let furniture = furniture.iter().map(|f| (f.span, SentenceKind::Furniture));
        let mut all: Vec<_> = furniture.chain(captions.iter().map(|c| (c.span, SentenceKind::Caption))).collect();
        all.sort_unstable();
        Marks { all, next: 0, live: Vec::new() }
    }

    /// Those that overlap a span, which begins no earlier than the one before it.
    fn over(&mut self, span: Span) -> &[(Span, SentenceKind)] {
        while let Some(mark) = self.all.get(self.next).filter(|m| m.0.start < span.end) {
            self.live.push(*mark);
            self.next += 1;
        }
        self.live.retain(|m| m.0.overlaps(span));
        &self.live
    }
}

/// A paragraph cut where furniture and captions begin and end, with what each piece is.
fn pieces(text: &str, paragraph: Span, marked: &[(Span, SentenceKind)]) -> Vec<(Span, SentenceKind)> {
    let mut borders: Vec<u32> = vec![paragraph.start, paragraph.end];
    borders.extend(
        marked
            .iter()
            .flat_map(|(s, _)| [s.start, s.end])
            .filter(|&b| paragraph.start < b && b < paragraph.end && text.is_char_boundary(b as usize)),
    );
    borders.sort_unstable();
    borders.dedup();
    borders
        .windows(2)
        .map(|w| {
            let piece = Span::new(w[0], w[1]);
            // What is furniture and caption is furniture.
            let kind = marked.iter().filter(|(s, _)| s.contains(piece)).map(|m| m.1).max();
            (piece, kind.unwrap_or(SentenceKind::Body))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::OnceLock;

    fn analyzer() -> &'static Analyzer {
        static MADE: OnceLock<Analyzer> = OnceLock::new();
        MADE.get_or_init(|| {
            let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/");
            let file = |name: &str| std::fs::read(format!("{models}{name}")).expect("the weights are there");
            let blob = language::pack(
                &file("english.safetensors"),
                &file("pairs.safetensors"),
                &file("segmenter.bin"),
                &Language::for_tests(),
            );
            Analyzer::from_bytes(blob.leak()).expect("the blob is sound")
        })
    }

    fn texts(doc: &Document) -> Vec<(&str, SentenceKind)> {
        doc.sentences().map(|s| (s.text(), s.kind())).collect()
    }

    #[test]
    fn an_article_becomes_a_document() {
        let article = Article {
            title: Some("Arnor  warns Gondor".into()),
            body: "Arnor's king warned Gondor on Monday. \"We won't wait,\" he said.\nThe envoys left.".into(),
            lang: "en".into(),
            ..Article::default()
        };
        let doc = analyzer().worker().analyze(&article);
        assert_eq!(
            texts(&doc),
            [
                ("Arnor warns Gondor", SentenceKind::Title),
                ("Arnor's king warned Gondor on Monday.", SentenceKind::Body),
                ("\"We won't wait,\" he said.", SentenceKind::Body),
                ("The envoys left.", SentenceKind::Body),
            ]
        );
        assert_eq!(doc.paragraphs.len(), 3);
        assert_eq!(doc.quotations.len(), 1);
        let warned = doc.tokens().find(|t| t.text() == "warned").unwrap();
        assert_eq!((warned.lemma(), warned.deprel(), warned.upos()), ("warn", "root", Upos::Verb));
        assert_eq!(warned.child("nsubj").map(|t| t.text()), Some("king"));
        assert!(warned.children().all(|c| c.head() == Some(warned)));
    }

    #[test]
    fn a_title_that_opens_the_body_is_not_told_twice() {
        let article = Article {
            title: Some("Arnor warns".into()),
            body: "Arnor warns\n\nIt did.".into(),
            lang: "en".into(),
            ..Article::default()
        };
        let doc = analyzer().worker().analyze(&article);
        assert_eq!(texts(&doc), [("Arnor warns", SentenceKind::Title), ("It did.", SentenceKind::Body)]);
        assert!(analyzer().worker().analyze(&Article::default()).text.is_empty());
    }

    #[test]
    fn a_glance_passes_sentences_over() {
        struct Envoys;
        impl Glance for Envoys {
            fn worth_reading(&self, sentences: &[&str]) -> Vec<bool> {
                sentences.iter().map(|s| s.contains("envoys")).collect()
            }
        }
        let article = Article { body: "It rained. The envoys left.".into(), lang: "en".into(), ..Article::default() };
        let doc = analyzer().worker().analyze_glancing(&article, &Envoys);
        let read: Vec<bool> = doc.sentences().map(|s| s.analyzed()).collect();
        assert_eq!(read, [false, true]);
        assert!(doc.sentence(demarche_core::SentenceIx(0)).tokens().all(|t| t.head().is_none()));
        let whole = analyzer().worker().analyze(&article);
        let tags = |d: &Document| {
            d.sentences().last().unwrap().tokens().map(|t| (t.upos(), t.deprel().to_string())).collect::<Vec<_>>()
        };
        assert_eq!(tags(&doc), tags(&whole));
    }

    #[test]
    fn any_text_is_a_sound_document_and_prints_as_sound_conllu() {
        let mut worker = analyzer().worker();
        let alphabet: Vec<char> =
            "ab Z.'\u{2019}-\u{301}@:/&$()9,\n\u{200d}\u{1f600}nst\"\u{201c}\u{201d}!\u{2026}\t\r\u{a0}\u{2028}\u{202e}\0\u{4e2d}\u{5d0}"
                .chars()
                .collect();
        let mut seed = 5_u64;
        for round in 0..150 {
            let mut text = String::new();
            for _ in 0..round {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                text.push(alphabet[(seed >> 33) as usize % alphabet.len()]);
            }
            for doc in [worker.analyze_text(&text), worker.analyze(&Article::from_text(&text))] {
                doc.check().unwrap_or_else(|fault| panic!("{fault}: {text:?}"));
                let printed = conllu::write(&doc);
                let back = conllu::read("printed", printed.as_bytes()).unwrap_or_else(|f| panic!("{f:?} in {printed}"));
                assert_eq!(back.to_string(), printed);
                let words: Vec<usize> = back.sentences.iter().map(|s| s.words.len()).collect();
                assert_eq!(words, doc.sentences().map(|s| s.tokens().len()).collect::<Vec<_>>());
            }
        }
    }

    /// What a million bytes may be made of, each a trap for something that looks back or ahead.
    const FLOODS: [&str; 24] = [
        "a",
        "\u{1f600}",
        "\u{4e2d}\u{6587}\u{65b0}\u{95fb}\u{3002}",
        "\u{202e}abc\u{202c}",
        "\0",
        "\u{301}",
        "\n",
        "- ",
        "\"",
        "\u{201c}",
        "(",
        "' ",
        "Mr. ",
        "U.S. ",
        "a.b.",
        "1,",
        "I don't ",
        "peace ",
        "May ",
        "two days after ",
        "@a ",
        "http://",
        "A b.\n",
        "Photo: A\n\n",
    ];

    #[test]
    fn a_megabyte_of_anything_takes_linear_time() {
        struct Nothing;
        impl Glance for Nothing {
            fn worth_reading(&self, sentences: &[&str]) -> Vec<bool> {
                vec![false; sentences.len()]
            }
        }
        for part in FLOODS {
            let text = part.repeat(1_000_000 / part.len());
            let started = std::time::Instant::now();
            let doc = analyzer()
                .worker()
                .analyze_glancing(&Article { lang: "en".into(), ..Article::from_text(&text) }, &Nothing);
            doc.check().unwrap_or_else(|fault| panic!("{fault}: {part:?}"));
            let printed = conllu::write(&doc);
            assert!(conllu::read("printed", printed.as_bytes()).is_ok(), "{part:?}");
            // With the square of its length this would be hours.
            assert!(started.elapsed().as_secs() < 120, "{part:?} takes {:?}", started.elapsed());
        }
    }

    #[test]
    fn the_model_reads_floods_in_linear_time() {
        for part in FLOODS {
            // One sentence of ten thousand words among them.
            let text = part.repeat(if part == "peace " { 10_000 } else { 800 });
            let started = std::time::Instant::now();
            let doc = analyzer().worker().analyze_text(&text);
            doc.check().unwrap_or_else(|fault| panic!("{fault}: {part:?}"));
            assert!(doc.sentences().all(|s| s.analyzed()));
            assert!(started.elapsed().as_secs() < 60, "{part:?} takes {:?}", started.elapsed());
        }
    }

    #[test]
    fn given_words_are_kept() {
        let gold = conllu::read(
            "given",
            b"# sent_id = 1\n1\tArnor\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n2\tslept\t_\t_\t_\t_\t_\t_\t_\t_\n\n",
        )
        .unwrap();
        let done = analyzer().worker().annotate(&gold);
        assert_eq!(done.sentences[0].comments, gold.sentences[0].comments);
        assert_eq!(done.sentences[0].words[1].head, Some(0));
        assert!(done.sentences[0].words[0].misc.contains("SpaceAfter=No"));
    }
}
