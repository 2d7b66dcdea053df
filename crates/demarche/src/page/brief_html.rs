//! A briefing as one HTML page without script or anything from elsewhere, to be mailed or printed.

use super::brief::{Brief, Source, change, day_name, month_name};
use crate::plot::escaped;
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 Georgia,serif;color:#222;background:#fff;max-width:780px;margin:2em auto;padding:0 1em}\
h1,h2,h3,table,.code,.src,svg{font-family:Helvetica,Arial,sans-serif}h1{font-size:26px;margin:0}h2{font-size:18px;\
border-bottom:1px solid #ccc;padding-bottom:3px;margin-top:1.8em}h3{font-size:15px;margin:1.2em 0 .3em}\
.period{color:#666;margin:.2em 0 1em}ul{padding-left:1.1em}li{margin:.45em 0}.src{font-size:12px;color:#555}\
.code{font-size:11px;color:#777;margin-left:.6em}table{border-collapse:collapse;font-size:13px}td,th{padding:3px 10px;\
text-align:right;border-bottom:1px solid #e5e5e5}td:first-child,th:first-child{text-align:left}.up{color:#b03a00}\
.down{color:#2171b5}mark{background:#fff3b0}svg{max-width:100%;height:auto}.note{color:#555;font-size:13px}\
@media print{h3,li{break-inside:avoid}}";

fn source(source: &Source) -> String {
    let name = escaped(&source.name);
    match &source.url {
        Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
            format!("<a href=\"{}\">{name}</a>", escaped(url))
        }
        _ => name,
    }
}

fn marked(words: &str, part: &str) -> String {
    match words.find(part).filter(|_| !part.is_empty()) {
        Some(at) => {
            format!("{}<mark>{}</mark>{}", escaped(&words[..at]), escaped(part), escaped(&words[at + part.len()..]))
        }
        None => escaped(words),
    }
}

/// The whole page.
pub fn html(brief: &Brief) -> String {
    let mut out = String::new();
    let _ = write_all(&mut out, brief);
    out
}

fn write_all(out: &mut String, brief: &Brief) -> std::fmt::Result {
    let title = escaped(&brief.title);
    let period = format!("{} to {}", day_name(brief.first), day_name(brief.last));
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">"
    )?;
    writeln!(out, "<title>{title}, {period}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>")?;
    writeln!(out, "<p class=\"period\">{period}</p>\n<h2>In short</h2>\n<ul>")?;
    for line in &brief.summary {
        writeln!(out, "<li>{}</li>", escaped(line))?;
    }
    writeln!(out, "</ul>\n<figure style=\"margin:1.5em 0\">\n{}</figure>", brief.plot)?;
    if let Some(changes) = &brief.changes {
        writeln!(out, "<h2>What changed</h2>\n<table>")?;
        writeln!(
            out,
            "<tr><th></th><th>{}</th><th>monthly mean of the {} months before</th><th>change</th><th>most before</th></tr>",
            month_name(changes.month),
            changes.before
        )?;
        for (name, now, mean, most) in &changes.rows {
            let percent = change(*now, *mean);
            let class = match percent {
                Some(p) if p >= 25.0 => "up",
                Some(p) if p <= -25.0 => "down",
                _ => "",
            };
            let text = match percent {
                Some(p) => format!("{p:+.0} %"),
                None if *now > 0 => "new".to_string(),
                None => String::new(),
            };
            let high = if now > most && *now > 1 { " (highest)" } else { "" };
            writeln!(
                out,
                "<tr><td>{name}</td><td>{now}{high}</td><td>{mean:.1}</td><td class=\"{class}\">{text}</td><td>{most}</td></tr>"
            )?;
        }
        if changes.documents.0 > 0 {
            let (now, mean) = changes.documents;
            writeln!(
                out,
                "<tr class=\"note\"><td>documents read</td><td>{now}</td><td>{mean:.0}</td><td></td><td></td></tr>"
            )?;
        }
        writeln!(out, "</table>")?;
    }
    writeln!(out, "<h2>Main happenings</h2>")?;
    for month in &brief.months {
        let sums = &month.sums;
        writeln!(
            out,
            "<h3>{} <span class=\"code\">{} of conflict, {} of cooperation</span></h3>\n<ul>",
            month_name(month.from),
            sums.conflict(),
            sums.cooperation()
        )?;
        for h in &month.happenings {
            let sources: Vec<String> = h.sources.iter().map(source).collect();
            let reports = match h.reports {
                (1, _) => String::new(),
                (reports, origins) => format!("; {reports} reports, {origins} independent"),
            };
            writeln!(
                out,
                "<li><b>{}</b>: {} <span class=\"src\">{}{reports}</span><span class=\"code\">{}</span></li>",
                h.when,
                escaped(&h.words),
                sources.join(", "),
                escaped(&h.coded)
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    if brief.claims.iter().any(|(_, claims)| !claims.is_empty()) {
        writeln!(out, "<h2>What each side says</h2>")?;
        for (side, claims) in brief.claims.iter().filter(|(_, claims)| !claims.is_empty()) {
            writeln!(out, "<h3>{}</h3>\n<ul>", escaped(side))?;
            for claim in claims {
                let name = claim.publisher.clone().unwrap_or_else(|| claim.document.clone());
                let from = source(&Source { name, url: claim.url.clone() });
                writeln!(
                    out,
                    "<li><b>{}</b>, {}: {} <span class=\"src\">{from}{}</span></li>",
                    day_name(claim.day),
                    escaped(&claim.speaker),
                    marked(&claim.words, &claim.said),
                    if claim.quoted { ", own words" } else { "" }
                )?;
            }
            writeln!(out, "</ul>")?;
        }
    }
    if !brief.reference.is_empty() || !brief.stated.is_empty() {
        writeln!(out, "<h2>What stands between them on {}</h2>\n<ul>", day_name(brief.last))?;
        for r in &brief.reference {
            let since = r.from.map_or(String::new(), |day| format!(", since {}", day_name(day)));
            let with = if r.with.is_empty() { String::new() } else { format!(" with {}", r.with.join(", ")) };
            writeln!(
                out,
                "<li>{}: {}{}{since} <span class=\"src\">tables ({})</span></li>",
                escaped(&r.kind.replace('-', " ")),
                escaped(&r.name),
                escaped(&with),
                escaped(&r.source)
            )?;
        }
        for s in &brief.stated {
            writeln!(
                out,
                "<li>reported, {}{}: {} – {}, last on {}: {} <span class=\"src\">{}</span></li>",
                if s.stands { "" } else { "no " },
                escaped(&s.relation),
                escaped(&s.subject),
                escaped(&s.object),
                day_name(s.last),
                escaped(&s.words),
                escaped(s.publisher.as_deref().unwrap_or(&s.document))
            )?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(out, "<h2>How to read this</h2>\n<ul class=\"note\">")?;
    for line in &brief.method {
        writeln!(out, "<li>{}</li>", escaped(line))?;
    }
    writeln!(
        out,
        "</ul>\n<p class=\"note\">The same again: <code>{}</code></p>\n</body>\n</html>",
        escaped(&brief.command)
    )
}
