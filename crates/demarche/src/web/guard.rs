//! Who may ask, and what a browser may do with the answer.
//!
//! The texts shown are anybody's: no script, style, image or frame of theirs may come to life, and no other site may
//! have a visitor's browser read or write here.

use super::answer::{self, Shape};
use super::fault::Fault;
use super::site::Site;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

/// Goes with a request that brought the token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trusted;

/// The cookie that holds the token.
pub(crate) const COOKIE: &str = "demarche-token";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Stands before every page.
pub(super) async fn guard(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let shape = Shape::of(request.uri().path());
    let who = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    if brings(&site, request.headers()) {
        request.extensions_mut().insert(Trusted);
    }
    let mut response = match checked(&site, &request, who) {
        Ok(()) => next.run(request).await,
        Err(fault) => answer::failed(&site, &fault, shape),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Other sites are told nothing; without any, browsers would call the origin of our own forms "null".
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

fn checked(site: &Site, request: &Request, who: Option<IpAddr>) -> Result<(), Fault> {
    if let Some(who) = who
        && !site.allows(who, Instant::now())
    {
        return Err(Fault::too_often());
    }
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    // A name that another site made to point here would let its scripts read the pages.
    if !site.is_open() && !is_loopback(host) {
        return Err(Fault::forbidden("these pages are for this machine: 127.0.0.1 or localhost"));
    }
    let trusted = request.extensions().get::<Trusted>().is_some();
    let path = request.uri().path();
    let free = path.starts_with("/static/") || path == "/token";
    if site.is_open() && site.token().is_some() && !trusted && !free {
        return Err(Fault::unknown(
            "the token is wanted (hint: enter it at /token, or send `Authorization: Bearer …`)",
        ));
    }
    if request.method() != Method::GET && request.method() != Method::HEAD && !same_origin(headers, host) {
        return Err(Fault::forbidden("a form of another site cannot write here"));
    }
    Ok(())
}

/// Whether a request that writes comes from a page of this site, or from no page at all.
fn same_origin(headers: &HeaderMap, host: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = match text("origin") {
        None => true,
        Some(origin) => origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
    };
    site && origin
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn brings(site: &Site, headers: &HeaderMap) -> bool {
    let Some(token) = site.token() else { return false };
    let bearer = headers.get_all(header::AUTHORIZATION).iter().filter_map(|value| value.to_str().ok());
    let mut bearer =
        bearer.filter_map(|value| value.split_once(' ')).filter(|(how, _)| how.eq_ignore_ascii_case("bearer"));
    bearer.any(|(_, given)| same(given.trim(), token))
        || cookie(headers, COOKIE).is_some_and(|given| same(&super::url::decoded(&given), token))
}

/// A cookie by its name.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|all| all.split(';')).filter_map(|one| one.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
}

/// A cookie for this browser alone: no script reads it, no other site sends it, and it is a name and a value whatever
/// the value holds.
pub(crate) fn set_cookie(name: &str, value: &str, days: Option<u32>) -> String {
    let age = days.map_or_else(String::new, |days| format!("; Max-Age={}", u64::from(days) * 86_400));
    format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{age}", super::url::encoded(value))
}

/// Takes as long for a wrong token as for one that is nearly right.
pub(crate) fn same(given: &str, token: &str) -> bool {
    let differs = given.bytes().zip(token.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    given.len() == token.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for host in ["localhost", "localhost:8001", "127.0.0.1:8001", "127.1.2.3", "[::1]:8001", "LOCALHOST"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "example.org", "localhost.example.org", "127.0.0.1.example.org:80", "[::2]:80", "192.168.0.1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_token_comes_back_from_its_cookie_whatever_it_holds() {
        for token in ["word", "a; b=c", "päss wörd", "100%"] {
            let set = set_cookie(COOKIE, token, None);
            let sent = format!("other=1; {}", set.split(';').next().unwrap());
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(&sent).unwrap());
            assert_eq!(cookie(&headers, COOKIE).map(|v| super::super::url::decoded(&v)).as_deref(), Some(token));
            assert!(set.contains("; HttpOnly") && set.contains("; SameSite=Strict"), "{set}");
        }
    }

    #[test]
    fn forms_of_other_sites_are_told() {
        let headers = |all: &[(&'static str, &'static str)]| -> HeaderMap {
            all.iter()
                .map(|(name, value)| (axum::http::HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect()
        };
        let host = "127.0.0.1:8001";
        assert!(same_origin(&headers(&[]), host), "a program sends neither");
        assert!(same_origin(&headers(&[("origin", "http://127.0.0.1:8001"), ("sec-fetch-site", "same-origin")]), host));
        assert!(!same_origin(&headers(&[("origin", "http://example.org")]), host));
        assert!(!same_origin(&headers(&[("origin", "null")]), host));
        assert!(!same_origin(&headers(&[("sec-fetch-site", "cross-site")]), host));
        assert!(same("word", "word") && !same("wor", "word") && !same("word", "wore"));
    }
}
