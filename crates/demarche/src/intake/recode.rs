//! Stored documents read and coded again, as they were taken the first time.

use super::credit::Houses;
use super::ingest::{Given, Ingest};
use anyhow::Result;
use demarche_core::Basis;
use demarche_store::{Recoded, RunKind, StoredDocument, Writer};
use demarche_text::Article;
use std::sync::atomic::Ordering;

/// Documents read into memory at once.
const ROUND: usize = 256;

/// What came of a recoding.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// The run, for `demarche diff`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<i64>,
    /// Documents coded again.
    pub documents: u64,
    /// Events that stay.
    pub kept: u64,
    /// Events that came.
    pub added: u64,
    /// Events that ended.
    pub dropped: u64,
    /// Documents that this version reads otherwise, and that stay as they were.
    pub faults: u64,
    /// Whether all were coded.
    pub complete: bool,
}

/// The article that a document was made of.
pub fn article(stored: &StoredDocument) -> Article {
    let record = &stored.record;
    let title = record.title.as_deref().map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
    let body = title.filter(|t| !t.is_empty()).and_then(|t| stored.text.strip_prefix(&t)?.strip_prefix("\n\n"));
    // A day that was read in the text is read there again.
    let read = matches!(record.published_basis, Some(Basis::Dateline | Basis::LatestInText | Basis::None));
    Article {
        article_id: record.article_id.clone(),
        url: record.url.clone(),
        title: record.title.clone(),
        byline: stored.byline.clone(),
        dateline: stored.dateline.clone(),
        published: record.published.filter(|_| !read),
        published_basis: record.published_basis.filter(|_| !read),
        publisher: record.publisher.clone(),
        lang: record.lang.clone(),
        body: body.unwrap_or(&stored.text).to_string(),
        ..Article::default()
    }
}

impl Ingest<'_> {
    /// Codes documents again, all or those given; an interrupted run goes on where it was.
    ///
    /// # Errors
    /// Where the ledger cannot be read or written.
    pub fn recode(
        &self,
        documents: Option<&[i64]>,
        mut tell: impl FnMut(&str),
        mut done: impl FnMut(),
    ) -> Result<Summary> {
        let mut writer = self.ledger.writer(&self.spec(RunKind::Recode))?;
        let documents = match documents {
            Some(some) => some.to_vec(),
            None => self.ledger.coded_documents()?,
        };
        let mut summary = Summary::default();
        for round in documents.chunks(ROUND) {
            self.round(&mut writer, round, &mut summary, &mut tell, &mut done)?;
            writer.commit()?;
        }
        summary.run = writer.run();
        summary.complete = !self.stop.load(Ordering::Relaxed);
        if summary.complete {
            writer.group_stories()?;
            writer.finish(jiff::Timestamp::now())?;
        }
        Ok(summary)
    }

    /// The same within a run that is open already.
    pub(crate) fn round(
        &self,
        writer: &mut Writer<'_>,
        documents: &[i64],
        summary: &mut Summary,
        tell: &mut impl FnMut(&str),
        done: &mut impl FnMut(),
    ) -> Result<()> {
        let houses = Houses::new(self.engine.knowledge());
        let mut articles = Vec::new();
        for &key in documents {
            if !writer.has_coded(key)? {
                let stored = self.ledger.stored_document(key)?;
                articles.push(((key, stored.place.clone()), article(&stored)));
            }
        }
        let mut failure = None;
        self.engine.code_all(articles.into_iter(), self.threads, self.stop, |(key, place), coded| {
            let given = Given::of(&coded, &houses);
            let Some(doc) = given.document(&coded, &place) else { return true };
            done();
            match writer.recode(key, &doc) {
                Ok(Recoded { kept, added, dropped }) => {
                    summary.documents += 1;
                    summary.kept += kept;
                    summary.added += added;
                    summary.dropped += dropped;
                    true
                }
                Err(error) if error.is_about_what_was_asked() => {
                    summary.faults += 1;
                    tell(&error.to_string());
                    true
                }
                Err(error) => {
                    failure = Some(error);
                    false
                }
            }
        });
        failure.map_or(Ok(()), |error| Err(error.into()))
    }
}
