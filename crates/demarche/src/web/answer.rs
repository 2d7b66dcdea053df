//! From a request to an answer: values read and checked, the page asked on a thread of its own over one state of the
//! ledger, within bounds of time and number, and its view written in the shape that was asked for.

use super::ask::{Ask, Upload};
use super::fault::Fault;
use super::guard::{Trusted, cookie};
use super::memo::Written;
use super::page::{Method, Page, Reply, Sheet, View};
use super::site::Site;
use super::{asset, frame, url::Url};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// In which shape an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Html,
    Json,
    Csv,
}

/// The cookie that holds under which name somebody corrects.
pub(super) const AUTHOR: &str = "demarche-author";
/// How long a page over the ledger may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The pages that read articles.
const READS: [&str; 2] = ["read", "read-handed"];
/// How long an article may take to be read.
const READING: Duration = Duration::from_secs(60);
/// How long a request waits for its turn.
const QUEUE: Duration = Duration::from_secs(5);
/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);
/// How long a body may be, in bytes.
const LARGEST: usize = 8 << 20;

impl Shape {
    /// By the ending of a path.
    pub(super) fn of(path: &str) -> Shape {
        if path.ends_with(".json") {
            Shape::Json
        } else if path.ends_with(".csv") {
            Shape::Csv
        } else {
            Shape::Html
        }
    }
    fn ending(self) -> &'static str {
        match self {
            Shape::Html => "",
            Shape::Json => ".json",
            Shape::Csv => ".csv",
        }
    }
}

/// What came with a request.
struct Given {
    values: Vec<(String, String)>,
    upload: Option<Upload>,
    /// Under which name whoever asks wrote the last time.
    author: Option<String>,
}

/// Answers a request for a page.
pub(super) async fn answer(State(site): State<Arc<Site>>, page: &'static Page, request: Request) -> Response {
    let shape = Shape::of(request.uri().path());
    let trusted = request.extensions().get::<Trusted>().is_some();
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let address = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    // Bodies are held in memory: so many at once, whatever comes.
    let arriving = match page.method {
        Method::Get => None,
        Method::Post => match tokio::time::timeout(QUEUE, site.arriving.acquire()).await {
            Ok(Ok(place)) => Some(place),
            _ => return failed(&site, &Fault::busy("too much is being sent at once; try again in a moment"), shape),
        },
    };
    let given = match tokio::time::timeout(ARRIVAL, given(page, shape, request)).await {
        Ok(Ok(given)) => given,
        Ok(Err(fault)) => return failed(&site, &fault, shape),
        Err(_) => return failed(&site, &Fault::busy("the request did not arrive in time"), shape),
    };
    drop(arriving);
    let reads = READS.contains(&page.name) && (page.method == Method::Post || !given.values.is_empty());
    let gate = if reads { &site.reading } else { &site.gate };
    // A permit goes with the work, not with whoever waits for it: what was given up on still takes its core.
    let Ok(Ok(permit)) = tokio::time::timeout(QUEUE, Arc::clone(gate).acquire_owned()).await else {
        return failed(&site, &Fault::busy("too many questions at once; try again in a moment"), shape);
    };
    let stop = Arc::new(Mutex::new(None));
    let (work, work_stop) = (Arc::clone(&site), Arc::clone(&stop));
    // What is being written is not given up on.
    let patience = if reads || page.method == Method::Post { READING } else { PATIENCE };
    let done = tokio::task::spawn_blocking(move || {
        let _held = permit;
        respond(&work, page, given, (shape, trusted), (&address, known.as_ref()), &work_stop)
    });
    let answered = match tokio::time::timeout(patience, done).await {
        Ok(Ok(answered)) => answered,
        Ok(Err(_)) => Err(Fault::own("the page failed")),
        Err(_) => {
            if let Some(interrupter) = stop.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
                interrupter.interrupt();
            }
            Err(Fault::busy("the answer took too long (hint: a shorter period, or a narrower question)"))
        }
    };
    answered.unwrap_or_else(|fault| failed(&site, &fault, shape))
}

/// An address that there is not; one with a slash too many leads to the one without.
pub(super) async fn nowhere(State(site): State<Arc<Site>>, request: Request) -> Response {
    let shape = Shape::of(request.uri().path());
    if matches!(*request.method(), axum::http::Method::GET | axum::http::Method::HEAD)
        && let Some(to) = without_slash(request.uri())
        && let Ok(to) = HeaderValue::from_str(&to)
    {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response();
    }
    failed(&site, &Fault::nowhere("no such page (hint: /about lists the addresses)"), shape)
}

/// The same address without a slash at its end, where that stays on this site: `//example.org/` does not.
fn without_slash(uri: &axum::http::Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/').filter(|path| !path.is_empty() && !path.ends_with('/'))?;
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    local.then(|| uri.query().map_or_else(|| path.to_string(), |query| format!("{path}?{query}")))
}

/// A way of asking that an address does not have.
pub(super) async fn otherwise(State(site): State<Arc<Site>>, request: Request) -> Response {
    let fault = Fault::method(format!("this address is not for {}", request.method()));
    failed(&site, &fault, Shape::of(request.uri().path()))
}

/// A fault as a page or as JSON.
pub(super) fn failed(site: &Site, fault: &Fault, shape: Shape) -> Response {
    let fault = &fault.without(site.path());
    let mut response = match shape {
        Shape::Html => html(frame::fault(site, fault)).into_response(),
        Shape::Json | Shape::Csv => json(&fault.json()).into_response(),
    };
    *response.status_mut() = fault.status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(fault.status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

async fn given(page: &'static Page, shape: Shape, request: Request) -> Result<Given, Fault> {
    let bad = |what: String| Fault::asked(vec![what]);
    let (mut parts, body) = request.into_parts();
    let author = cookie(&parts.headers, AUTHOR).map(|name| super::url::decoded(&name));
    let mut given = Given { values: Vec::new(), upload: None, author };
    let path = RawPathParams::from_request_parts(&mut parts, &()).await;
    let path = path.map_err(|e| bad(format!("the address cannot be read: {e}")))?;
    given.values.extend(path.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    if page.path.ends_with('}')
        && let Some((_, value)) = given.values.last_mut()
    {
        value.truncate(value.len().saturating_sub(shape.ending().len()));
    }
    let query = parts.uri.query().unwrap_or_default();
    given.values.extend(url::form_urlencoded::parse(query.as_bytes()).into_owned());
    if page.method == Method::Post {
        let kind =
            parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
        body_of(&kind, Request::from_parts(parts, body), &mut given).await?;
    }
    Ok(given)
}

/// A form, a form with a file, or an object of JSON.
async fn body_of(kind: &str, request: Request, given: &mut Given) -> Result<(), Fault> {
    let bad = |what: String| Fault::asked(vec![what]);
    let large = || Fault::too_long(format!("more than {} MB", LARGEST >> 20));
    if kind.starts_with("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST).await.map_err(|_| large())?;
        let request = Request::from_parts(parts, Body::from(body));
        let form = Multipart::from_request(request, &()).await;
        let mut form = form.map_err(|e| bad(format!("the form cannot be read: {e}")))?;
        loop {
            let field = form.next_field().await.map_err(|e| bad(format!("the form cannot be read: {e}")))?;
            let Some(field) = field else { return Ok(()) };
            let name = field.name().unwrap_or_default().to_string();
            let file = field.file_name().map(str::to_string);
            let bytes = field.bytes().await.map_err(|e| bad(format!("the form cannot be read: {e}")))?;
            match file {
                Some(name) if !bytes.is_empty() => given.upload = Some(Upload { name, bytes: bytes.to_vec() }),
                Some(_) => {}
                None => given.values.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
    }
    let bytes = to_bytes(request.into_body(), LARGEST).await.map_err(|_| large())?;
    if kind.starts_with("application/json") {
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&bytes).map_err(|e| bad(format!("no object of JSON: {e}")))?;
        given.values.extend(object.into_iter().map(|(name, value)| match value {
            serde_json::Value::String(text) => (name, text),
            other => (name, other.to_string()),
        }));
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        given.values.extend(url::form_urlencoded::parse(&bytes).into_owned());
    } else if !bytes.is_empty() {
        given.upload = Some(Upload { name: String::new(), bytes: bytes.to_vec() });
    }
    Ok(())
}

fn respond(
    site: &Site,
    page: &'static Page,
    given: Given,
    (shape, trusted): (Shape, bool),
    (address, known): (&str, Option<&HeaderValue>),
    stop: &Mutex<Option<demarche_store::Interrupter>>,
) -> Result<Response, Fault> {
    let values = Ask::values(page, &given.values)?;
    let ledger = site.take()?;
    *stop.lock().unwrap_or_else(PoisonError::into_inner) = ledger.as_ref().map(demarche_store::Ledger::interrupter);
    let asked = |ledger: Option<&demarche_store::Ledger>| -> Result<Response, Fault> {
        let tag = match (page.method, ledger) {
            (Method::Get, Some(ledger)) => {
                let who = (trusted, given.author.as_deref());
                Some(tag(&ledger.state()?, address, who))
            }
            _ => None,
        };
        if let Some(tag) = &tag {
            if known.is_some_and(|k| k.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim() == tag))) {
                return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), Some(tag)));
            }
            if let Some(written) = site.remembered(tag) {
                return Ok(tagged(written.into_response(), Some(tag)));
            }
        }
        let Given { upload, author, .. } = given;
        let ask = Ask { site, page, values, upload, trusted, author, ledger };
        let view = match (page.answer)(&ask)? {
            Reply::See(to, cookie) => return Ok(tagged(see(&shaped_like(&to, shape), cookie), tag.as_deref())),
            Reply::View(view) => view,
        };
        let written = shaped(&ask, view.as_ref(), shape)?;
        let status = view.fault().map_or(view.status(), |fault| fault.status);
        if let Some(tag) = tag.as_deref().filter(|_| status == StatusCode::OK) {
            site.remember(tag, &written);
        }
        let mut response = tagged(written.into_response(), tag.as_deref().filter(|_| status == StatusCode::OK));
        *response.status_mut() = status;
        Ok(response)
    };
    let answered = match &ledger {
        // Corrections are written by a connection of their own; a snapshot would not see them.
        Some(ledger) if page.method == Method::Get => ledger.snapshot(|ledger| asked(Some(ledger))),
        other => Ok(asked(other.as_ref())),
    };
    // What was ended from outside may be about to end once more: that ledger is not used again.
    let spoilt = matches!(&answered, Ok(Err(fault)) if fault.status == StatusCode::SERVICE_UNAVAILABLE);
    *stop.lock().unwrap_or_else(PoisonError::into_inner) = None;
    site.done(ledger.filter(|_| !spoilt));
    answered?
}

/// Of one state of the ledger, one program, one address, and what is shown to whoever asks.
fn tag(state: &str, address: &str, (trusted, author): (bool, Option<&str>)) -> String {
    let (version, trusted) = (env!("CARGO_PKG_VERSION"), if trusted { "t" } else { "" });
    let author = author.unwrap_or_default();
    format!("\"{}\"", demarche_core::stable_hash(&[state, address, version, asset::version(), trusted, author]))
}

fn tagged(mut response: Response, tag: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie, Authorization"));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// An address in the shape of the question that led to it.
fn shaped_like(to: &str, shape: Shape) -> String {
    let end = to.find(['?', '#']).unwrap_or(to.len());
    let (path, rest) = to.split_at(end);
    let path = if path == "/" && shape != Shape::Html { "/index" } else { path };
    format!("{path}{}{rest}", shape.ending())
}

fn see(to: &str, cookie: Option<String>) -> Response {
    let mut headers = HeaderMap::new();
    headers.extend(HeaderValue::from_str(to).ok().map(|to| (header::LOCATION, to)));
    headers.extend(cookie.and_then(|c| HeaderValue::from_str(&c).ok()).map(|c| (header::SET_COOKIE, c)));
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn shaped(ask: &Ask<'_>, view: &dyn View, shape: Shape) -> Result<Written, Fault> {
    let next: Option<Url> = view.next().map(|next| ask.here().with("before", next));
    if let (Some(fault), Shape::Json | Shape::Csv) = (view.fault(), shape) {
        return Err(fault);
    }
    match shape {
        Shape::Html => match view.file() {
            Some(file) => {
                let name = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name)).ok();
                Ok(Written { beside: name.map(|n| (header::CONTENT_DISPOSITION, n)), ..written(file.kind, file.bytes) })
            }
            None => Ok(html(frame::page(ask, view))),
        },
        Shape::Json if view.bare() => Ok(json(&view.json())),
        Shape::Json => {
            let mut all = serde_json::Map::new();
            all.insert("ok".to_string(), true.into());
            all.insert("page".to_string(), ask.page.name.into());
            if let serde_json::Value::Object(fields) = view.json() {
                all.extend(fields);
            }
            if let Some(next) = next {
                all.insert("next".to_string(), view.next().into());
                all.insert("next_url".to_string(), next.shaped("json").to_string().into());
            }
            Ok(json(&serde_json::Value::Object(all)))
        }
        Shape::Csv => {
            let link = next.map(|url| format!("<{}>; rel=\"next\"", url.shaped("csv")));
            let link = link.and_then(|link| HeaderValue::from_str(&link).ok());
            Ok(Written { beside: link.map(|link| (header::LINK, link)), ..csv(&view.sheet())? })
        }
    }
}

fn written(kind: &'static str, body: impl Into<axum::body::Bytes>) -> Written {
    Written { kind, body: body.into(), beside: None }
}

fn html(markup: maud::Markup) -> Written {
    written("text/html; charset=utf-8", markup.into_string())
}

fn json(value: &serde_json::Value) -> Written {
    written("application/json", format!("{value:#}\n"))
}

fn csv(sheet: &Sheet) -> Result<Written, Fault> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let all =
        out.write_record(&sheet.columns).and_then(|()| sheet.rows.iter().try_for_each(|row| out.write_record(row)));
    all.map_err(Fault::own)?;
    Ok(written("text/csv; charset=utf-8", out.into_inner().map_err(Fault::own)?))
}
