//! What every document keeps, whatever was read, stands here once: tests and fuzz targets hold documents to it.

use crate::document::Document;
use demarche_core::Span;

impl Document {
    /// Holds the document to what it promises; time and memory are linear in the document.
    ///
    /// Every byte that is no white space is in exactly one token, tokens and sentences come in order, sentences tile
    /// the tokens, each lies in its paragraph, every span lies in the text and between characters, and the heads of
    /// a sentence are a tree with one root where it was analyzed, and absent where it was not.
    ///
    /// # Errors
    /// The first promise that is broken, and where.
    pub fn check(&self) -> Result<(), String> {
        self.check_spans()?;
        self.check_order()?;
        self.check_trees()
    }

    fn check_spans(&self) -> Result<(), String> {
        let tokens = self.tokens.iter().map(|t| ("token", t.span));
        let sentences = self.sentences.iter().map(|s| ("sentence", s.span));
        let solid = self.paragraphs.iter().map(|&p| ("paragraph", p)).chain(sentences).chain(tokens);
        let solid = solid.chain(self.timexes.iter().map(|t| ("time expression", t.span)));
        let solid = solid.chain(self.quotations.iter().map(|q| ("quotation", q.span)));
        for (what, span) in solid {
            if self.text.get(span.range()).is_none_or(str::is_empty) {
                return Err(format!("{what} {span:?} is not a stretch of the text"));
            }
        }
        let around = self.quotations.iter().map(|q| ("quotation with its marks", q.outer));
        let marked = self.furniture.iter().map(|f| ("furniture", f.span));
        let captions = self.captions.iter().map(|c| ("caption", c.span));
        for (what, span) in around.chain(marked).chain(captions) {
            if self.text.get(span.range()).is_none() {
                return Err(format!("{what} {span:?} lies outside the text"));
            }
        }
        match self.quotations.iter().find(|q| !q.outer.contains(q.span)) {
            Some(q) => Err(format!("quotation {:?} is not within its marks", q.span)),
            None => Ok(()),
        }
    }

    fn check_order(&self) -> Result<(), String> {
        apart("paragraphs", self.paragraphs.iter().copied())?;
        apart("sentences", self.sentences.iter().map(|s| s.span))?;
        apart("tokens", self.tokens.iter().map(|t| t.span))?;
        apart("time expressions", self.timexes.iter().map(|t| t.span))?;
        let mut next = 0;
        for (ix, sentence) in (0..).zip(&self.sentences) {
            let (first, last) = (sentence.tokens.start, sentence.tokens.end);
            if first != next || last <= first || last as usize > self.tokens.len() {
                return Err(format!("sentence {ix} has tokens {first}..{last}, and {next} were used up before"));
            }
            next = last;
            let tokens = &self.tokens[first as usize..last as usize];
            let (from, to) = (tokens[0].span.start, tokens[tokens.len() - 1].span.end);
            if sentence.span != (Span { start: from, end: to }) || tokens.iter().any(|t| t.sentence != ix) {
                return Err(format!("sentence {ix} is {:?} and its tokens {from}..{to}", sentence.span));
            }
            let paragraph = self.paragraphs.get(sentence.paragraph as usize);
            if !paragraph.is_some_and(|p| p.contains(sentence.span)) {
                return Err(format!("sentence {ix} lies outside its paragraph"));
            }
        }
        if next as usize != self.tokens.len() {
            return Err(format!("only {next} of {} tokens are in a sentence", self.tokens.len()));
        }
        let mut covered = 0;
        for span in self.tokens.iter().map(|t| t.span.range()).chain(std::iter::once(self.text.len()..self.text.len()))
        {
            if self.text[covered..span.start].chars().any(|c| !c.is_whitespace()) {
                return Err(format!("bytes {covered}..{} are in no token", span.start));
            }
            if self.text[span.clone()].chars().any(char::is_whitespace) {
                return Err(format!("token {span:?} has white space"));
            }
            covered = span.end;
        }
        Ok(())
    }

    fn check_trees(&self) -> Result<(), String> {
        for (ix, sentence) in self.sentences.iter().enumerate() {
            let range = sentence.tokens.clone();
            let tokens = &self.tokens[range.start as usize..range.end as usize];
            if !sentence.analyzed {
                if tokens.iter().any(|t| t.head.is_some()) {
                    return Err(format!("sentence {ix} has heads and was not analyzed"));
                }
                continue;
            }
            if tokens.iter().filter(|t| t.head.is_none()).count() != 1 {
                return Err(format!("sentence {ix} has not one root"));
            }
            if tokens.iter().any(|t| t.head.is_some_and(|h| !range.contains(&h))) {
                return Err(format!("sentence {ix} has a head outside"));
            }
            // From the root every word is reached once.
            let root = range.clone().find(|&at| self.tokens[at as usize].head.is_none());
            let mut reached: Vec<u32> = root.into_iter().collect();
            let mut next = 0;
            while next < reached.len() && reached.len() <= tokens.len() {
                reached.extend(&self.children[reached[next] as usize]);
                next += 1;
            }
            if reached.len() != tokens.len() {
                return Err(format!("sentence {ix} is no tree"));
            }
        }
        let hung = |(head, at): (usize, &u32)| self.tokens[*at as usize].head == Some(head as u32);
        match self.children.iter().enumerate().flat_map(|(h, c)| c.iter().map(move |at| (h, at))).all(hung) {
            true => Ok(()),
            false => Err("a token's dependents do not hang on it".into()),
        }
    }
}

/// Spans in order, none over another.
fn apart(what: &str, spans: impl Iterator<Item = Span>) -> Result<(), String> {
    let mut end = 0;
    for span in spans {
        if span.start < end {
            return Err(format!("{what}: {span:?} begins before {end}"));
        }
        end = span.end;
    }
    Ok(())
}
