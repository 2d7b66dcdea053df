//! Whether a page is well made: every element closed, one first heading, nothing inline that could run.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];

/// What is wrong with a page.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let mut page = Page::default();
    let mut reader = Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = page.element(&tag);
                if !VOID.contains(&name.as_str()) {
                    page.open.push(name);
                }
            }
            Ok(Event::Empty(tag)) => {
                page.element(&tag);
            }
            Ok(Event::End(tag)) => {
                let name = tag.name().0.to_string();
                match page.open.pop() {
                    Some(open) if open == name => {}
                    open => page.faults.push(format!("</{name}> closes {open:?}")),
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                page.faults.push(format!("at byte {}: {error}", reader.error_position()));
                break;
            }
        }
    }
    page.finish()
}

/// The addresses that a page leads to.
pub(crate) fn links(html: &str) -> Vec<String> {
    let mut reader = Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut links = Vec::new();
    while let Ok(event) = reader.read_event() {
        let (Event::Start(tag) | Event::Empty(tag)) = &event else {
            if matches!(event, Event::Eof) {
                break;
            }
            continue;
        };
        links.extend(attributes(tag).into_iter().filter(|(name, _)| name == "href").map(|(_, value)| value));
    }
    links
}

fn attributes(tag: &BytesStart<'_>) -> Vec<(String, String)> {
    let plain =
        |value: String| value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    tag.html_attributes().flatten().map(|a| (a.key.0.to_string(), plain(a.value.into_owned()))).collect()
}

#[derive(Default)]
struct Page {
    open: Vec<String>,
    ids: BTreeSet<String>,
    /// Ids that are pointed at, and by what.
    wanted: Vec<(String, String)>,
    headings: Vec<u8>,
    faults: Vec<String>,
}

impl Page {
    fn element(&mut self, tag: &BytesStart<'_>) -> String {
        let name = tag.name().0.to_string();
        let all = attributes(tag);
        let value = |wanted: &str| all.iter().find(|(n, _)| n == wanted).map(|(_, v)| v.as_str());
        let mut fault = |what: String| self.faults.push(what);
        for (attribute, value) in &all {
            let lower = value.trim_start().to_lowercase();
            if attribute == "style" || attribute.starts_with("on") || attribute == "srcdoc" {
                fault(format!("<{name} {attribute}=…>: inline"));
            }
            if ["href", "src", "action", "formaction", "xlink:href"].contains(&attribute.as_str())
                && ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| lower.starts_with(scheme))
            {
                fault(format!("<{name} {attribute}={value:?}>: runs"));
            }
            if ["src", "action", "srcset", "poster"].contains(&attribute.as_str()) && !lower.starts_with('/') {
                fault(format!("<{name} {attribute}={value:?}>: not of this site"));
            }
        }
        match name.as_str() {
            "script" if value("src").is_none() => fault("a script inline".to_string()),
            "style" | "iframe" | "object" | "embed" | "base" => fault(format!("<{name}>")),
            "html" if value("lang").is_none() => fault("<html> without lang".to_string()),
            "img" if value("alt").is_none() => fault("<img> without alt".to_string()),
            "a" if value("href").is_some_and(|to| to.contains("://"))
                && !value("rel").is_some_and(|rel| rel.contains("noopener")) =>
            {
                fault(format!("<a href={:?}> without rel=noopener", value("href").unwrap_or_default()));
            }
            _ => {}
        }
        if let Some(id) = value("id")
            && !self.ids.insert(id.to_string())
        {
            self.faults.push(format!("the id {id:?} twice"));
        }
        for attribute in ["for", "aria-labelledby", "aria-describedby", "aria-controls"] {
            let ids = value(attribute).unwrap_or_default().split_whitespace();
            self.wanted.extend(ids.map(|id| (id.to_string(), attribute.to_string())));
        }
        if let Some(id) = value("href").and_then(|to| to.strip_prefix('#')).filter(|id| !id.is_empty()) {
            self.wanted.push((id.to_string(), "href".to_string()));
        }
        if let Some(level) = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()) {
            self.headings.push(level);
        }
        name
    }

    fn finish(mut self) -> Vec<String> {
        if !self.open.is_empty() {
            self.faults.push(format!("never closed: {:?}", self.open));
        }
        for (id, by) in &self.wanted {
            if !self.ids.contains(id) {
                self.faults.push(format!("{by} points at {id:?}, which is not there"));
            }
        }
        let firsts = self.headings.iter().filter(|h| **h == 1).count();
        if firsts != 1 {
            self.faults.push(format!("{firsts} first headings"));
        }
        for pair in self.headings.windows(2) {
            if pair[1] > pair[0] + 1 {
                self.faults.push(format!("h{} after h{}", pair[1], pair[0]));
            }
        }
        self.faults
    }
}
