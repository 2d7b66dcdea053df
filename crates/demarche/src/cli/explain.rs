//! `demarche code --explain`: each sentence with its layers, and for each event why.

use super::code::{kind, parties, standing};
use super::output::plain;
use crate::Coded;
use crate::page::event_day;
use crate::page::why::Why;
use anyhow::Result;
use demarche_core::Role;
use demarche_knowledge::Knowledge;
use demarche_text::SentenceKind;
use std::io::Write;

pub(crate) fn print(out: &mut impl Write, knowledge: &Knowledge, coded: &Coded) -> Result<()> {
    let (doc, coding) = (&coded.doc, &coded.coding);
    let meta = &doc.meta;
    writeln!(out, "{}  {}", doc.id, plain(meta.title.as_deref().unwrap_or("untitled")))?;
    let basis = meta.published_basis.map(|b| format!(" ({b:?})")).unwrap_or_default();
    writeln!(out, "published {}{basis}", meta.published.map_or("unknown".to_string(), |d| d.to_string()))?;
    for sentence in doc.sentences() {
        let ix = sentence.ix().0;
        let label = match sentence.kind() {
            SentenceKind::Title => "title",
            SentenceKind::Body => "",
            SentenceKind::Caption => "caption",
            SentenceKind::Furniture => "furniture",
        };
        writeln!(out, "\n[{ix}] {label}{}{}", if label.is_empty() { "" } else { ": " }, plain(sentence.text()))?;
        for event in coding.events.iter().filter(|e| e.sentence == ix) {
            let how = standing(event);
            writeln!(
                out,
                "    {} {} → {}{}",
                kind(event),
                parties(&event.actors),
                if event.recipients.is_empty() { "–".to_string() } else { parties(&event.recipients) },
                if how.is_empty() { String::new() } else { format!("  [{how}]") }
            )?;
            let words: Vec<String> = event
                .evidence
                .iter()
                .filter(|e| e.role == Role::Trigger)
                .map(|e| format!("“{}” [{}]", plain(&e.text), e.sentence))
                .collect();
            writeln!(out, "      words      {}", words.join(", "))?;
            let date = event_day(event);
            if !date.is_empty() {
                let how =
                    event.when.map(|w| format!("{:?}, {:?}", w.basis, w.scope).to_lowercase()).unwrap_or_default();
                writeln!(out, "      when       {date} ({how})")?;
            }
            if let Some(place) = &event.place {
                writeln!(out, "      where      {} {}", place.name, place.country.as_deref().unwrap_or_default())?;
            }
            if let Some(said) = &event.attribution {
                let speaker = said.speaker.as_ref().map(|s| parties(std::slice::from_ref(s))).unwrap_or_default();
                let quotes: Vec<String> = said.quotes.iter().map(|q| format!("“{}”", plain(&q.text))).collect();
                writeln!(
                    out,
                    "      said by    {speaker} ({}) {}",
                    said.cue.as_deref().unwrap_or_default(),
                    quotes.join(" ")
                )?;
            }
            let trace = coding.traces.iter().find(|t| t.event == event.id);
            let why = Why::of(knowledge, event, trace, meta.published);
            writeln!(out, "      grounds    {}", why.grounds.join("; "))?;
            for party in &why.parties {
                writeln!(out, "      party      {} by {}", plain(&party.text), party.by.join(", "))?;
            }
            if let Some(rule) = &why.rule {
                writeln!(out, "      rule       {} ({})", rule.name, rule.row.as_deref().unwrap_or_default())?;
            }
            for candidate in &why.candidates {
                writeln!(out, "      candidate  {candidate}")?;
            }
            for rejected in &why.rejected {
                writeln!(out, "      rejected   {rejected}")?;
            }
        }
        for statement in coding.statements.iter().filter(|s| s.sentence == ix) {
            let speaker = statement.speaker.as_ref().map(|s| parties(std::slice::from_ref(s))).unwrap_or_default();
            writeln!(out, "    says       {speaker} ({}): {}", statement.cue, plain(&statement.content.text))?;
        }
        for relation in coding.relations.iter().filter(|r| r.sentence == ix) {
            let not = if relation.polarity == demarche_core::Polarity::Negative { "not " } else { "" };
            writeln!(
                out,
                "    relation   {} {not}{:?} {}",
                parties(std::slice::from_ref(&relation.subject)),
                relation.relation,
                parties(std::slice::from_ref(&relation.object))
            )?;
        }
        for check in coding.checks.iter().filter(|c| c.sentence == ix) {
            let reference =
                check.reference.as_ref().map(|r| format!("{} ({})", r.statement, r.row)).unwrap_or_default();
            writeln!(out, "    check      {}: {:?}: {reference}", check.claim, check.verdict)?;
        }
        for note in coding.notes.iter().filter(|n| n.sentence == Some(ix)) {
            writeln!(out, "    note       {}: {}", note.why, plain(note.text.as_deref().unwrap_or_default()))?;
        }
    }
    writeln!(out)?;
    Ok(())
}
