//! The whole site asked without a network: one shape of faults, answers kept as long as they are true, who may write.

use super::{Site, app};
use crate::Engine;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use demarche_core::{ActorRef, Event, Span};
use demarche_store::{Access, Entry, Ledger, RunKind, RunSpec};
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;

/// A ledger in a folder that goes when the test ends.
struct Kept(PathBuf);

impl Kept {
    fn new(name: &str) -> Kept {
        let folder = std::env::temp_dir().join(format!("demarche-web-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let kept = Kept(folder);
        kept.add(&[event("e-0000000000000001", 0.9, "head says AID 0.91")]);
        kept
    }
    fn file(&self) -> PathBuf {
        self.0.join("test.db")
    }
    fn add(&self, events: &[Event]) {
        let ledger = Ledger::open(&self.file(), Access::Write).unwrap();
        let at = "2020-01-01T12:00:00Z".parse().unwrap();
        let command = events.first().map(|e| e.id.clone());
        let spec = RunSpec { kind: RunKind::Import, coder: None, tables: None, command, author: None, at };
        let mut writer = ledger.writer(&spec).unwrap();
        events.iter().for_each(|event| writer.add_entry(&Entry::bare("test", event.clone())).unwrap());
        writer.finish(at).unwrap();
    }
    fn site(&self, token: Option<&str>) -> Arc<Site> {
        let token = token.map(str::to_string);
        Arc::new(Site::new(Engine::new().unwrap(), Some(&self.file()), token, false).unwrap())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn event(id: &str, confidence: f32, ground: &str) -> Event {
    let mut event: Event = serde_json::from_value(serde_json::json!({
        "id": id, "document": "d-0000000000000001", "sentence": 0, "type": "SANCTION", "quad": 4, "intensity": -4.0,
        "actors": [], "polarity": "positive", "modality": "asserted", "tense": "past", "evidence": [],
        "grounds": ["pattern x", ground], "confidence": confidence,
        "when": { "from": "2020-01-01", "until": "2020-01-02", "precision": "day", "basis": "publication", "scope": "document" },
    }))
    .unwrap();
    event.actors.push(ActorRef { code: Some("ARN".to_string()), ..ActorRef::bare("<b>Arnor</b>", Span::new(0, 5)) });
    event.recipients.push(ActorRef { code: Some("GON".to_string()), ..ActorRef::bare("Gondor", Span::new(0, 6)) });
    event
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

fn ask(site: &Arc<Site>, method: &str, to: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(to).header("host", "127.0.0.1:1");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let response = app(Arc::clone(site)).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    })
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const BEARER: (&str, &str) = ("authorization", "bearer word");

#[test]
fn an_answer_is_kept_until_something_is_written() {
    let kept = Kept::new("memo");
    let site = kept.site(None);
    let first = ask(&site, "GET", "/runs.json", &[], "");
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let tag = first.header(header::ETAG).to_string();
    assert_eq!(site.remembered(&tag).map(|w| w.body.to_vec()), Some(first.body.clone().into_bytes()));
    let again = ask(&site, "GET", "/runs.json", &[], "");
    assert_eq!((again.body.as_str(), again.header(header::ETAG)), (first.body.as_str(), tag.as_str()));
    let known = ask(&site, "GET", "/runs.json", &[("if-none-match", &tag)], "");
    assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let other = ask(&site, "GET", "/runs.csv", &[], "");
    assert_ne!(other.header(header::ETAG), tag);
    kept.add(&[event("e-0000000000000002", 0.9, "")]);
    let later = ask(&site, "GET", "/runs.json", &[("if-none-match", &tag)], "");
    assert_eq!(later.status, StatusCode::OK);
    assert_ne!(later.header(header::ETAG), tag);
    assert!(later.body.contains("e-0000000000000002") && !first.body.contains("e-0000000000000002"));
}

#[test]
fn whatever_is_asked_is_answered_in_one_shape() {
    let kept = Kept::new("shape");
    let site = kept.site(None);
    for (method, to, status) in [
        ("GET", "/about.json", 200),
        ("HEAD", "/about.json", 200),
        ("GET", "/nothing.json", 404),
        ("GET", "/nothing.csv", 404),
        ("GET", "/static/nothing.json", 404),
        ("GET", "/static/../site.json", 404),
        ("GET", "/static/..%2fsite.css.json", 404),
        ("PUT", "/about.json", 405),
        ("OPTIONS", "/about.json", 405),
        ("BREW", "/about.json", 405),
        ("POST", "/about.json", 405),
        ("DELETE", "/corrections.json", 405),
        ("GET", "/dyad/%ff/USA.json", 400),
        ("GET", "/dyad/R%00/USA.json", 400),
        ("GET", "/dyad/%/%2.json", 404),
        ("GET", "/runs/1/x.json", 400),
        ("GET", "/runs/1/9.json", 404),
        ("GET", "/runs.json?before=x", 400),
        ("GET", "/runs.json?%ff=1", 400),
        ("GET", "/about.json?from=2020", 400),
        ("GET", "/corrections.json?event=%00", 400),
        ("GET", "/corrections.json?event=e-1", 404),
    ] {
        let answer = ask(&site, method, to, &[], "");
        assert_eq!(answer.status.as_u16(), status, "{method} {to}: {}", answer.body);
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{method} {to}");
        if status == 405 {
            assert!(!answer.header(header::ALLOW).is_empty(), "{method} {to}");
        }
        if method == "HEAD" {
            assert_eq!(answer.body, "");
            continue;
        }
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["ok"], status == 200, "{method} {to}");
        if status != 200 {
            assert_eq!((body["status"].as_u64(), body["error"].is_string()), (Some(u64::from(status)), true), "{to}");
            assert!(!answer.body.contains(&kept.0.display().to_string()), "{to}: where the ledger lies");
        }
    }
    for (from, to) in [("/runs/", "/runs"), ("/runs/?limit=3", "/runs?limit=3")] {
        let answer = ask(&site, "GET", from, &[], "");
        assert_eq!((answer.status.as_u16(), answer.header(header::LOCATION)), (308, to));
    }
    for to in ["//example.org/", "///", "/nothing//"] {
        let answer = ask(&site, "GET", to, &[], "");
        assert_eq!((answer.status.as_u16(), answer.header(header::LOCATION)), (404, ""), "{to}");
    }
    let page = ask(&site, "PATCH", "/about", &[], "");
    assert!(page.status == 405 && page.body.contains("role=\"alert\""));
}

#[test]
fn who_has_not_shown_the_token_gets_the_command_and_who_has_writes() {
    let kept = Kept::new("correct");
    let id = "e-0000000000000001";
    let silent = kept.site(None);
    let said = format!("reject={id}&author=Faramir&reason=it+was+otherwise");
    let answer = ask(&silent, "POST", "/corrections", &[FORM], &said);
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let line = "--reject --reason &#39;it was otherwise&#39; --author Faramir --ledger test.db";
    let line = [line.to_string(), line.replace("&#39;", "'")];
    assert!(line.iter().any(|line| answer.body.contains(line)), "{}", answer.body);
    let site = kept.site(Some("word"));
    for headers in
        [vec![FORM], vec![FORM, ("authorization", "Bearer wore")], vec![FORM, BEARER, ("origin", "http://x")]]
    {
        assert_eq!(ask(&site, "POST", "/corrections", &headers, &said).status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let queue = |site: &Arc<Site>| -> usize {
        let body = ask(site, "GET", "/corrections.json", &[BEARER], "").body;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["queue"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(queue(&site), 1);
    // What lacks a reason, and what cannot be written now, is shown again as it was typed.
    let edit = format!("edit={id}&type=AID&mode=none&actors=ARN&author=Faramir");
    let answer = ask(&site, "POST", "/corrections", &[FORM, BEARER], &edit);
    assert!(answer.status == 400 && answer.body.contains("helps nobody") && answer.body.contains("value=\"Faramir\""));
    let edit = format!("{edit}&reason=the+loan");
    let busy = Ledger::open(&kept.file(), Access::Write).unwrap();
    let answer = ask(&site, "POST", "/corrections", &[FORM, BEARER], &edit);
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("another demarche is writing") && answer.body.contains("value=\"the loan\""));
    assert!(answer.body.contains("value=\"AID\" selected"), "{}", answer.body);
    drop(busy);
    let answer = ask(&site, "POST", "/corrections", &[FORM, BEARER], &edit);
    assert_eq!((answer.status.as_u16(), answer.header(header::LOCATION)), (303, format!("/event/{id}").as_str()));
    assert!(answer.header(header::SET_COOKIE).starts_with("demarche-author=Faramir; "));
    let page = ask(&site, "GET", &format!("/corrections?event={id}"), &[BEARER], "");
    assert!(
        page.status == 200 && page.body.contains("the loan") && page.body.contains("&lt;b&gt;Arnor"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<b>Arnor"));
    assert_eq!(queue(&site), 0, "what was judged is in the queue no more");
    // As an object of JSON, from the queue, and back to it in the same shape.
    let said =
        serde_json::json!({ "accept": id, "author": "É; owyn", "reason": "so it was", "then": "queue" }).to_string();
    let answer = ask(&site, "POST", "/corrections.json", &[("content-type", "application/json"), BEARER], &said);
    assert_eq!(
        (answer.status.as_u16(), answer.header(header::LOCATION)),
        (303, "/corrections.json?reason=so%20it%20was")
    );
    let cookie = answer.header(header::SET_COOKIE).split(';').next().unwrap().to_string();
    let page = ask(&site, "GET", "/corrections", &[BEARER, ("cookie", &cookie)], "");
    assert!(page.body.contains("É; owyn"), "the author is remembered");
    assert!(!page.body.contains("word\""), "the token stands on no page");
}
