//! The frozen result of reading: clean text, sentences, tokens and their parse, with exact offsets.
//!
//! Inside, arrays; outside, views that borrow: [`Sentence`] and [`Token`] own nothing.
//! After [`crate::Worker::analyze`] nothing can change a document; later layers are kept beside it,
//! keyed by [`Span`].

use crate::model::{EntityKind, EntityTag};
use crate::quote::Quotation;
use crate::tag::Upos;
use crate::timex::Timex;
use demarche_core::{Basis, Caption, DocId, Furniture, SentenceIx, Span, TokenIx};
use jiff::civil::Date;
use std::ops::Range;
use std::sync::Arc;

/// What came with the article, and what the page showed of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meta {
    /// The id that came with the article.
    pub article_id: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Its title; where there is one it is the first paragraph of the clean text.
    pub title: Option<String>,
    /// Who signs it.
    pub byline: Option<String>,
    /// The place and date that open the report ("BEIJING, Sept 2 (Reuters) -").
    pub dateline: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// How that day is known.
    pub published_basis: Option<Basis>,
    /// The publisher as given.
    pub publisher: Option<String>,
    /// ISO 639-1 code of the language.
    pub lang: String,
}

/// What a sentence belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SentenceKind {
    /// The title.
    Title,
    /// The running text.
    Body,
    /// A photo caption.
    Caption,
    /// Page furniture: never coded.
    Furniture,
}

/// One sentence as the arrays hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceData {
    /// From its first token to its last.
    pub span: Span,
    /// Its tokens, as positions in the document.
    pub tokens: Range<u32>,
    /// The paragraph it lies in, from 0.
    pub paragraph: u32,
    /// What it belongs to.
    pub kind: SentenceKind,
    /// Whether the language model read it (else tags are guesses and heads are absent).
    pub analyzed: bool,
}

/// One token (a word of Universal Dependencies) as the arrays hold it.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenData {
    /// Its bytes.
    pub span: Span,
    /// Whether it continues the surface token before it ("n't" after "do").
    pub continues: bool,
    /// Its sentence.
    pub sentence: u32,
    /// Part of speech.
    pub upos: Upos,
    /// Features, `Mood=Ind|Tense=Past|VerbForm=Fin` or `_`.
    pub feats: Arc<str>,
    /// Dictionary form.
    pub lemma: Box<str>,
    /// The head's position in the document; `None` for the root and where nothing was parsed.
    pub head: Option<u32>,
    /// The relation to the head, with its subtype (`nsubj:pass`); `root` for the root.
    pub deprel: Arc<str>,
    /// Part of a named entity.
    pub entity: EntityTag,
}

/// A named entity that the language model sees; whom it names is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity {
    /// Its bytes.
    pub span: Span,
    /// Its first token.
    pub first: TokenIx,
    /// Its last token.
    pub last: TokenIx,
    /// Person, place or organisation.
    pub kind: EntityKind,
}

/// A frozen, analyzed text.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its identity.
    pub id: DocId,
    /// What came with it.
    pub meta: Meta,
    /// The clean text that every offset counts in.
    pub text: String,
    /// Paragraphs, in order.
    pub paragraphs: Vec<Span>,
    /// Page furniture.
    pub furniture: Vec<Furniture>,
    /// Photo captions.
    pub captions: Vec<Caption>,
    /// Quotations, in order of their opening marks.
    pub quotations: Vec<Quotation>,
    /// Time expressions, in order.
    pub timexes: Vec<Timex>,
    pub(crate) sentences: Vec<SentenceData>,
    pub(crate) tokens: Vec<TokenData>,
    pub(crate) children: Vec<Vec<u32>>,
}

impl Document {
    /// The words of a span; an empty text where the span does not fit.
    pub fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
    /// The sentences in order.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = Sentence<'_>> + Clone {
        (0..self.sentences.len() as u32).map(|ix| Sentence { doc: self, ix })
    }
    /// One sentence.
    ///
    /// # Panics
    /// If the position is not of this document.
    pub fn sentence(&self, ix: SentenceIx) -> Sentence<'_> {
        assert!((ix.0 as usize) < self.sentences.len(), "sentence of another document");
        Sentence { doc: self, ix: ix.0 }
    }
    /// The sentence that holds this byte.
    pub fn sentence_at(&self, offset: u32) -> Option<Sentence<'_>> {
        let after = self.sentences.partition_point(|s| s.span.start <= offset);
        let ix = after.checked_sub(1)?;
        (offset < self.sentences[ix].span.end).then_some(Sentence { doc: self, ix: ix as u32 })
    }
    /// All tokens in order.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = Token<'_>> + Clone {
        (0..self.tokens.len() as u32).map(|ix| Token { doc: self, ix })
    }
    /// One token.
    ///
    /// # Panics
    /// If the position is not of this document.
    pub fn token(&self, ix: TokenIx) -> Token<'_> {
        assert!((ix.0 as usize) < self.tokens.len(), "token of another document");
        Token { doc: self, ix: ix.0 }
    }
    /// The tokens that lie wholly in a span.
    pub fn tokens_in(&self, span: Span) -> impl Iterator<Item = Token<'_>> + Clone {
        let from = self.tokens.partition_point(|t| t.span.start < span.start) as u32;
        let until = self.tokens.partition_point(|t| t.span.end <= span.end) as u32;
        (from..until.max(from)).map(|ix| Token { doc: self, ix })
    }
}

/// A view of one sentence.
#[derive(Debug, Clone, Copy)]
pub struct Sentence<'d> {
    doc: &'d Document,
    ix: u32,
}

impl<'d> Sentence<'d> {
    fn data(self) -> &'d SentenceData {
        &self.doc.sentences[self.ix as usize]
    }
    /// Its position, from 0.
    pub fn ix(self) -> SentenceIx {
        SentenceIx(self.ix)
    }
    /// From its first token to its last.
    pub fn span(self) -> Span {
        self.data().span
    }
    /// Its words.
    pub fn text(self) -> &'d str {
        self.doc.text(self.span())
    }
    /// Its paragraph, from 0.
    pub fn paragraph(self) -> u32 {
        self.data().paragraph
    }
    /// What it belongs to.
    pub fn kind(self) -> SentenceKind {
        self.data().kind
    }
    /// Whether the language model read it.
    pub fn analyzed(self) -> bool {
        self.data().analyzed
    }
    /// Its tokens.
    pub fn tokens(self) -> impl ExactSizeIterator<Item = Token<'d>> + DoubleEndedIterator + Clone {
        let doc = self.doc;
        self.data().tokens.clone().map(move |ix| Token { doc, ix })
    }
    /// The root of its parse.
    pub fn root(self) -> Option<Token<'d>> {
        self.tokens().find(|t| &*t.data().deprel == "root")
    }
    /// Its named entities, in order.
    pub fn entities(self) -> Vec<Entity> {
        let mut found: Vec<Entity> = Vec::new();
        let mut open = false;
        for token in self.tokens() {
            match token.data().entity {
                EntityTag::Out => open = false,
                EntityTag::Inside(kind) if open && found.last().is_some_and(|e| e.kind == kind) => {
                    if let Some(last) = found.last_mut() {
                        last.span.end = token.span().end;
                        last.last = token.ix();
                    }
                }
                EntityTag::Begin(kind) | EntityTag::Inside(kind) => {
                    open = true;
                    found.push(Entity { span: token.span(), first: token.ix(), last: token.ix(), kind });
                }
            }
        }
        found
    }
}

/// A view of one token.
#[derive(Clone, Copy)]
pub struct Token<'d> {
    doc: &'d Document,
    ix: u32,
}

impl std::fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.text(), self.ix)
    }
}
impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.ix == other.ix && std::ptr::eq(self.doc, other.doc)
    }
}
impl Eq for Token<'_> {}

impl<'d> Token<'d> {
    fn data(self) -> &'d TokenData {
        &self.doc.tokens[self.ix as usize]
    }
    /// The document it belongs to.
    pub fn doc(self) -> &'d Document {
        self.doc
    }
    /// Its position in the document, from 0.
    pub fn ix(self) -> TokenIx {
        TokenIx(self.ix)
    }
    /// Its bytes.
    pub fn span(self) -> Span {
        self.data().span
    }
    /// As written.
    pub fn text(self) -> &'d str {
        self.doc.text(self.span())
    }
    /// Dictionary form.
    pub fn lemma(self) -> &'d str {
        &self.data().lemma
    }
    /// Part of speech.
    pub fn upos(self) -> Upos {
        self.data().upos
    }
    /// All features as UD writes them, or `_`.
    pub fn feats(self) -> &'d str {
        &self.data().feats
    }
    /// Whether a feature has this value, written `Tense=Past`.
    pub fn has(self, feature: &str) -> bool {
        self.data().feats.split('|').any(|f| f == feature)
    }
    /// Whether it continues the surface token before it ("n't" after "do").
    pub fn continues(self) -> bool {
        self.data().continues
    }
    /// The relation to its head, with its subtype.
    pub fn deprel(self) -> &'d str {
        &self.data().deprel
    }
    /// The relation without its subtype.
    pub fn relation(self) -> &'d str {
        self.deprel().split(':').next().unwrap_or_default()
    }
    /// Its head; `None` for a root.
    pub fn head(self) -> Option<Token<'d>> {
        self.data().head.map(|ix| Token { doc: self.doc, ix })
    }
    /// Its dependents in order.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Token<'d>> + Clone {
        let doc = self.doc;
        self.doc.children[self.ix as usize].iter().map(move |&ix| Token { doc, ix })
    }
    /// Its first dependent with this relation (subtype included where written with one).
    pub fn child(self, deprel: &str) -> Option<Token<'d>> {
        self.children().find(|c| c.deprel() == deprel || c.relation() == deprel)
    }
    /// Part of a named entity.
    pub fn entity(self) -> EntityTag {
        self.data().entity
    }
    /// Its sentence.
    pub fn sentence(self) -> Sentence<'d> {
        Sentence { doc: self.doc, ix: self.data().sentence }
    }
    /// The token after it in the same sentence.
    pub fn next(self) -> Option<Token<'d>> {
        let end = self.sentence().data().tokens.end;
        (self.ix + 1 < end).then_some(Token { doc: self.doc, ix: self.ix + 1 })
    }
    /// The token before it in the same sentence.
    pub fn previous(self) -> Option<Token<'d>> {
        let start = self.sentence().data().tokens.start;
        (self.ix > start).then_some(Token { doc: self.doc, ix: self.ix.wrapping_sub(1) })
    }
    /// Every token of its subtree, in order, itself included.
    pub fn subtree(self) -> Vec<Token<'d>> {
        let mut found = vec![self];
        let mut next = 0;
        while next < found.len() {
            let token = found[next];
            found.extend(token.children());
            next += 1;
        }
        found.sort_by_key(|t| t.ix);
        found
    }
    /// Its heads, nearest first, up to the root.
    pub fn ancestors(self) -> impl Iterator<Item = Token<'d>> {
        std::iter::successors(self.head(), |t| t.head()).take(200)
    }
}
