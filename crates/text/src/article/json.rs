//! JSON Lines as the contract has them. A broken line costs that line alone.

use super::plain::{no_such_day, paragraphs};
use super::{Article, ArticleFault, Hint, given, html, parse_day};
use serde_json::{Map, Value};

pub(super) fn read(text: &str, hint: &Hint<'_>) -> Vec<Result<Article, ArticleFault>> {
    let mut all = Vec::new();
    // One object or list over many lines is told by a first line that is none by itself.
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    if serde_json::from_str::<Value>(first).is_err()
        && let Ok(whole) = serde_json::from_str::<Value>(text)
    {
        match whole {
            Value::Array(list) => list.into_iter().for_each(|value| article(value, None, hint, &mut all)),
            value => article(value, Some(1), hint, &mut all),
        }
        return all;
    }
    for (line, number) in text.split('\n').zip(1..) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Array(list)) => list.into_iter().for_each(|value| article(value, Some(number), hint, &mut all)),
            Ok(value) => article(value, Some(number), hint, &mut all),
            Err(error) => {
                let said = error.to_string();
                let what = said.split(" at line").next().unwrap_or_default();
                all.push(Err(ArticleFault::new(
                    hint,
                    Some(number),
                    format!("not JSON: {what} at column {}", error.column()),
                )));
            }
        }
    }
    all
}

fn article(value: Value, line: Option<usize>, hint: &Hint<'_>, all: &mut Vec<Result<Article, ArticleFault>>) {
    let fault = |what: &str| Err(ArticleFault::new(hint, line, what));
    let Value::Object(fields) = value else {
        all.push(fault("not an object"));
        return;
    };
    let text = |key: &str| match fields.get(key) {
        Some(Value::String(text)) => given(text),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let mut article = match body(&fields) {
        Ok(article) => article,
        Err(what) => {
            all.push(fault(what));
            return;
        }
    };
    let set = |field: &mut Option<String>, keys: &[&str]| {
        if let Some(value) = keys.iter().find_map(|key| text(key)) {
            *field = Some(value);
        }
    };
    set(&mut article.article_id, &["id"]);
    set(&mut article.url, &["url"]);
    set(&mut article.title, &["title"]);
    set(&mut article.byline, &["byline", "author"]);
    set(&mut article.publisher, &["publisher"]);
    if article.publisher.is_none() {
        // A summary may cite several; its first source stands for it.
        let first = fields.get("sources").and_then(Value::as_array).and_then(|list| list.first());
        let name = first.and_then(|source| source.get("name")).and_then(Value::as_str).and_then(given);
        article.publisher = name.map(|name| name.to_string());
    }
    set(&mut article.dateline, &["dateline"]);
    if let Some(day) = ["published", "date"].iter().find_map(|key| text(key)) {
        match parse_day(&day) {
            Some(day) => article.set_published(day),
            None => all.push(Err(no_such_day(hint, line, &day))),
        }
    }
    article.detect_language(text("lang").as_deref());
    all.push(Ok(article));
}

/// The article's text, from whichever field holds it.
fn body(fields: &Map<String, Value>) -> Result<Article, &'static str> {
    let missing = "no \"text\" (nor \"paragraphs\", nor \"html\")";
    let article = match (fields.get("text"), fields.get("paragraphs"), fields.get("html")) {
        (Some(Value::String(text)), ..) => Article { body: paragraphs(text), ..Article::default() },
        (None | Some(Value::Null), Some(Value::Array(list)), _) => {
            let lines: Vec<String> = list.iter().filter_map(Value::as_str).filter_map(given).collect();
            Article { body: lines.join("\n\n"), ..Article::default() }
        }
        (None | Some(Value::Null), _, Some(Value::String(page))) => {
            html::read(page).ok_or("no article text found in \"html\"")?
        }
        (Some(other), ..) if !other.is_null() => return Err("\"text\" is not a string"),
        _ => return Err(missing),
    };
    if article.body.is_empty() { Err("the text is empty") } else { Ok(article) }
}
