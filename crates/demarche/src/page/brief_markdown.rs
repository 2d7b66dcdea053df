//! A briefing as Markdown, one sentence a line.

use super::brief::{Brief, Source, change, day_name, month_name};
use std::fmt::Write;

/// Text that is no mark-up.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '`' | '|' | '#' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn source(source: &Source) -> String {
    match &source.url {
        Some(url) if !url.contains(['(', ')', ' ', '<', '>']) => format!("[{}]({url})", plain(&source.name)),
        _ => plain(&source.name),
    }
}

/// The words with a part of them in bold.
fn marked(words: &str, part: &str) -> String {
    match words.find(part).filter(|_| !part.is_empty()) {
        Some(at) => format!("{}**{}**{}", plain(&words[..at]), plain(part), plain(&words[at + part.len()..])),
        None => plain(words),
    }
}

/// The whole; `plot` is how the picture is reached from it, where there is one.
pub fn markdown(brief: &Brief, plot: Option<&str>) -> String {
    let mut out = String::new();
    let _ = write_all(&mut out, brief, plot);
    out
}

fn write_all(out: &mut String, brief: &Brief, plot: Option<&str>) -> std::fmt::Result {
    writeln!(
        out,
        "# {}\n\n{} to {}\n\n## In short\n",
        plain(&brief.title),
        day_name(brief.first),
        day_name(brief.last)
    )?;
    for line in &brief.summary {
        writeln!(out, "- {}", plain(line))?;
    }
    if let Some(plot) = plot {
        writeln!(out, "\n![{}]({plot})", plain(&brief.plot_in_words))?;
    }
    if let Some(changes) = &brief.changes {
        writeln!(out, "\n## What changed\n")?;
        writeln!(
            out,
            "| | {} | monthly mean of the {} months before | change | most before |",
            month_name(changes.month),
            changes.before
        )?;
        writeln!(out, "|---|---:|---:|---:|---:|")?;
        for (name, now, mean, most) in &changes.rows {
            let change = change(*now, *mean).map_or("new".to_string(), |percent| format!("{percent:+.0} %"));
            let change = if *now == 0 && *mean == 0.0 { String::new() } else { change };
            let high = if now > most && *now > 1 { " (highest)" } else { "" };
            writeln!(out, "| {name} | {now}{high} | {mean:.1} | {change} | {most} |")?;
        }
        if changes.documents.0 > 0 {
            writeln!(out, "| *documents read* | {} | {:.0} | | |", changes.documents.0, changes.documents.1)?;
        }
    }
    writeln!(out, "\n## Main happenings")?;
    for month in &brief.months {
        let sums = &month.sums;
        writeln!(out, "\n### {}\n", month_name(month.from))?;
        writeln!(out, "{} of conflict, {} of cooperation.\n", sums.conflict(), sums.cooperation())?;
        for h in &month.happenings {
            let sources: Vec<String> = h.sources.iter().map(source).collect();
            let reports = match h.reports {
                (1, _) => String::new(),
                (reports, origins) => format!("; {reports} reports, {origins} independent"),
            };
            writeln!(out, "- **{}**: {}  ", h.when, plain(&h.words))?;
            writeln!(out, "  {}{reports}. *{}*", sources.join(", "), plain(&h.coded))?;
        }
    }
    if brief.claims.iter().any(|(_, claims)| !claims.is_empty()) {
        writeln!(out, "\n## What each side says")?;
        for (side, claims) in brief.claims.iter().filter(|(_, claims)| !claims.is_empty()) {
            writeln!(out, "\n### {}\n", plain(side))?;
            for claim in claims {
                let from = Source {
                    name: claim.publisher.clone().unwrap_or_else(|| claim.document.clone()),
                    url: claim.url.clone(),
                };
                writeln!(
                    out,
                    "- **{}**, {}: {}  ",
                    day_name(claim.day),
                    plain(&claim.speaker),
                    marked(&claim.words, &claim.said)
                )?;
                writeln!(out, "  {}{}", source(&from), if claim.quoted { ". Own words." } else { "" })?;
            }
        }
    }
    if !brief.reference.is_empty() || !brief.stated.is_empty() {
        writeln!(out, "\n## What stands between them on {}\n", day_name(brief.last))?;
        for r in &brief.reference {
            let since = r.from.map_or(String::new(), |day| format!(", since {}", day_name(day)));
            let with = if r.with.is_empty() { String::new() } else { format!(" with {}", plain(&r.with.join(", "))) };
            writeln!(out, "- {}: {}{with}{since} (tables: {})", r.kind.replace('-', " "), plain(&r.name), r.source)?;
        }
        for s in &brief.stated {
            let not = if s.stands { "" } else { "no " };
            let publisher = s.publisher.as_deref().unwrap_or(&s.document);
            writeln!(
                out,
                "- reported, {not}{}: {} – {}, last on {}: {} ({})",
                s.relation,
                plain(&s.subject),
                plain(&s.object),
                day_name(s.last),
                plain(&s.words),
                plain(publisher)
            )?;
        }
    }
    writeln!(out, "\n## How to read this\n")?;
    for line in &brief.method {
        writeln!(out, "- {line}")?;
    }
    writeln!(out, "\nThe same again: `{}`", brief.command)
}
