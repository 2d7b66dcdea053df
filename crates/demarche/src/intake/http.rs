//! Asking the web, politely and with care: one request at a time, a pause before the next to the same host,
//! robots.txt obeyed, limits of size and time, validators sent back so that what has not changed is not sent again.
//!
//! Redirects are followed here and not by the HTTP library, because each is an address that a stranger wrote: it is
//! judged anew. A name is resolved once, its addresses are judged, and the connection goes to one of those addresses
//! and to no other.

use super::address::Private;
use super::content::{self, Headers};
use super::robots::{self, Robots};
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use ureq::config::Config;
use ureq::http::{Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::Url;

/// Redirects that are followed from one address.
const REDIRECTS: usize = 5;
/// For so long a site's robots.txt is not asked for again.
const ROBOTS_HOLD: Duration = Duration::from_secs(24 * 3600);
const ACCEPT: &str = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, \
                      application/feed+json, application/xml;q=0.9, */*;q=0.5";

/// How far a request may go.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bytes of a page, packed or unpacked.
    pub size: u64,
    /// From the request to the last byte, redirects included.
    pub time: Duration,
    /// Between two requests to one host, at least; a site's robots.txt may ask for more.
    pub pause: Duration,
    /// Which addresses that are not public may be asked.
    pub private: Private,
}

impl Default for Limits {
    fn default() -> Limits {
        let (time, pause) = (Duration::from_secs(30), Duration::from_secs(1));
        Limits { size: 16 << 20, time, pause, private: Private::Refused }
    }
}

/// What a server gave with a page to know it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, as it was written.
    pub etag: Option<String>,
    /// `Last-Modified`, as it was written.
    pub modified: Option<String>,
}

/// What came of a request.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// Nothing new since the validators were given.
    Same,
    /// A page.
    Page(Box<Page>),
}

/// A page from the web.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Where it was found in the end.
    pub url: Url,
    /// Its media type, in lower case.
    pub media: Option<String>,
    /// The charset that came with it.
    pub charset: Option<String>,
    /// To know it by the next time.
    pub validators: Validators,
    /// Its bytes, unpacked.
    pub body: Vec<u8>,
}

/// Why there is no page.
#[derive(Debug, PartialEq)]
pub enum Trouble {
    /// What was given is no address that can be asked.
    Address(String),
    /// The host is not on the public network.
    Private(IpAddr),
    /// robots.txt asks to leave the page alone.
    Robots,
    /// An answer other than a page.
    Status(u16),
    /// Larger than the limit, in bytes.
    TooLarge(u64),
    /// No end within the limit.
    TooSlow(Duration),
    /// Redirects without end.
    Redirects,
    /// The run was interrupted.
    Stopped,
    /// Anything else that goes wrong between two machines.
    Network(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Address(what) => f.write_str(what),
            Trouble::Private(address) => {
                write!(f, "leads to {address}, which is not on the public network (hint: --allow-private)")
            }
            Trouble::Robots => f.write_str("robots.txt asks to leave this page alone"),
            Trouble::Status(status) => write!(f, "HTTP status {status}"),
            Trouble::TooLarge(limit) => write!(f, "larger than {limit} bytes"),
            Trouble::TooSlow(limit) => write!(f, "not there after {} s", limit.as_secs_f64()),
            Trouble::Redirects => write!(f, "more than {REDIRECTS} redirects"),
            Trouble::Stopped => f.write_str("interrupted"),
            Trouble::Network(what) => f.write_str(what),
        }
    }
}

/// Asks the web, and remembers whom it asked when.
pub struct Client<'s> {
    agent: Agent,
    limits: Limits,
    stop: &'s AtomicBool,
    hosts: BTreeMap<String, Host>,
    robots: BTreeMap<String, (Instant, Robots)>,
}

#[derive(Debug, Default)]
struct Host {
    /// The end of the last request.
    asked: Option<Instant>,
    /// The host said that it had enough, with this status, and until when.
    resting: Option<(u16, Instant)>,
}

impl<'s> Client<'s> {
    /// A client that gives up waiting when `stop` is set.
    pub fn new(limits: Limits, stop: &'s AtomicBool) -> Client<'s> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy would resolve names where nobody judges the addresses.
            .proxy(None)
            .user_agent(concat!("demarche/", env!("CARGO_PKG_VERSION")))
            .accept(ACCEPT)
            .build();
        let guard = Guard { names: DefaultResolver::default(), private: limits.private.clone() };
        let agent = Agent::with_parts(config, DefaultConnector::default(), guard);
        Client { agent, limits, stop, hosts: BTreeMap::new(), robots: BTreeMap::new() }
    }

    /// Asks for an address; what `known` says of an earlier answer goes along.
    pub fn get(&mut self, address: &str, known: &Validators) -> Result<Answer, Trouble> {
        let mut url = parse(address)?;
        let mut left = self.limits.time;
        for _ in 0..=REDIRECTS {
            let delay = self.obey(&url)?;
            self.wait(&url, delay)?;
            let begun = Instant::now();
            let response = self.ask(&url, known, left)?;
            let status = response.status().as_u16();
            let headers = headers(&response);
            let validators = Validators {
                etag: headers.get("etag").map(str::to_string),
                modified: headers.get("last-modified").map(str::to_string),
            };
            match status {
                200 | 203 => {
                    let body = self.body(response, &headers, self.limits.size)?;
                    let (media, charset) = (headers.media(), headers.charset());
                    return Ok(Answer::Page(Box::new(Page { url, media, charset, validators, body })));
                }
                304 => return Ok(Answer::Same),
                301 | 302 | 303 | 307 | 308 => url = target(&url, &headers, status)?,
                _ => {
                    self.rest(&url, status, &headers);
                    return Err(Trouble::Status(status));
                }
            }
            left = left.saturating_sub(begun.elapsed());
        }
        Err(Trouble::Redirects)
    }

    /// Judges a page by its site's robots.txt, which is asked for where it is not known; gives the site's own pause.
    fn obey(&mut self, url: &Url) -> Result<Option<Duration>, Trouble> {
        let site = url.origin().ascii_serialization();
        let fresh = self.robots.get(&site).is_some_and(|(read, _)| read.elapsed() < ROBOTS_HOLD);
        if !fresh {
            let robots = self.read_robots(url)?;
            self.robots.insert(site.clone(), (Instant::now(), robots));
        }
        let robots = &self.robots[&site].1;
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_string(),
        };
        if robots.allows(&path) { Ok(robots.delay) } else { Err(Trouble::Robots) }
    }

    /// A site without the file is open; one in trouble is closed for now (RFC 9309, 2.3.1).
    fn read_robots(&mut self, url: &Url) -> Result<Robots, Trouble> {
        let mut url = url.join("/robots.txt").map_err(|error| Trouble::Address(error.to_string()))?;
        for _ in 0..=REDIRECTS {
            self.wait(&url, None)?;
            let response = self.ask(&url, &Validators::default(), self.limits.time)?;
            let status = response.status().as_u16();
            let headers = headers(&response);
            match status {
                200..=299 => {
                    let body = match self.body(response, &headers, robots::LARGEST) {
                        Err(Trouble::TooLarge(_)) => return Ok(Robots::closed()),
                        body => body?,
                    };
                    return Ok(Robots::read(&String::from_utf8_lossy(&body)));
                }
                301 | 302 | 303 | 307 | 308 => url = target(&url, &headers, status)?,
                400..=499 if status != 429 => return Ok(Robots::open()),
                _ => {
                    self.rest(&url, status, &headers);
                    return Err(Trouble::Status(status));
                }
            }
        }
        Ok(Robots::open())
    }

    /// Waits until a host may be asked again.
    fn wait(&mut self, url: &Url, delay: Option<Duration>) -> Result<(), Trouble> {
        let host = self.hosts.entry(host_of(url)).or_default();
        let now = Instant::now();
        if let Some((status, until)) = host.resting
            && now < until
        {
            return Err(Trouble::Status(status));
        }
        let pause = self.limits.pause.max(delay.unwrap_or_default());
        let until = host.asked.map_or(now, |asked| asked + pause);
        if pause_until(until, self.stop) { Ok(()) } else { Err(Trouble::Stopped) }
    }

    /// A host that has too much to do says so, and for how long.
    fn rest(&mut self, url: &Url, status: u16, headers: &Headers) {
        if matches!(status, 429 | 503) {
            let seconds = headers.get("retry-after").and_then(|s| s.parse::<u64>().ok()).unwrap_or(60).min(24 * 3600);
            let host = self.hosts.entry(host_of(url)).or_default();
            host.resting = Some((status, Instant::now() + Duration::from_secs(seconds)));
        }
    }

    fn ask(&mut self, url: &Url, known: &Validators, left: Duration) -> Result<Response<Body>, Trouble> {
        let mut request = self.agent.get(url.as_str()).header("accept-encoding", "gzip");
        if let Some(etag) = &known.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(modified) = &known.modified {
            request = request.header("if-modified-since", modified);
        }
        // No time at all would mean no limit.
        let left = left.max(Duration::from_millis(1));
        let answer = request.config().timeout_global(Some(left)).build().call();
        self.hosts.entry(host_of(url)).or_default().asked = Some(Instant::now());
        answer.map_err(|error| self.trouble(error))
    }

    fn body(&mut self, response: Response<Body>, headers: &Headers, limit: u64) -> Result<Vec<u8>, Trouble> {
        let announced = headers.get("content-length").and_then(|n| n.parse::<u64>().ok());
        if announced.is_some_and(|n| n > limit) {
            return Err(Trouble::TooLarge(limit));
        }
        let mut body = Vec::new();
        let read = response.into_body().into_reader().take(limit + 1).read_to_end(&mut body);
        read.map_err(|error| self.trouble(ureq::Error::from(error)))?;
        if body.len() as u64 > limit {
            return Err(Trouble::TooLarge(limit));
        }
        let packed = body.starts_with(&[0x1f, 0x8b]);
        content::unwrap(headers, body, limit).map_err(|what| {
            if packed && what.starts_with("larger") { Trouble::TooLarge(limit) } else { Trouble::Network(what) }
        })
    }

    fn trouble(&self, error: ureq::Error) -> Trouble {
        match error {
            ureq::Error::Timeout(_) => Trouble::TooSlow(self.limits.time),
            ureq::Error::HostNotFound => Trouble::Network("no such host".into()),
            ureq::Error::Other(inner) => match inner.downcast::<Inner>() {
                Ok(inner) => Trouble::Private(inner.0),
                Err(other) => Trouble::Network(other.to_string()),
            },
            other => Trouble::Network(other.to_string()),
        }
    }
}

/// Sleeps until a time, in slices, so that an interruption is noticed; whether none came.
pub fn pause_until(until: Instant, stop: &AtomicBool) -> bool {
    loop {
        if stop.load(Ordering::Relaxed) {
            return false;
        }
        match until.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => std::thread::sleep(left.min(Duration::from_millis(50))),
            _ => return true,
        }
    }
}

/// An address that may be asked: the web's two schemes, a host, no password.
fn parse(address: &str) -> Result<Url, Trouble> {
    let url = Url::parse(address.trim()).map_err(|error| Trouble::Address(format!("not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Trouble::Address(format!("only http and https are asked, not {}", url.scheme())));
    }
    if url.host().is_none() || !url.username().is_empty() || url.password().is_some() {
        return Err(Trouble::Address("an address has a host and no user".into()));
    }
    Ok(url)
}

fn target(url: &Url, headers: &Headers, status: u16) -> Result<Url, Trouble> {
    let to = headers.get("location").ok_or(Trouble::Status(status))?;
    let joined = url.join(to).map_err(|error| Trouble::Address(format!("a redirect to no address: {error}")))?;
    parse(joined.as_str())
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_ascii_lowercase()
}

fn headers(response: &Response<Body>) -> Headers {
    let mut headers = Headers::default();
    for (name, value) in response.headers() {
        headers.add(&format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
    }
    headers
}

/// Resolves names as the system does, and judges what it says before anyone connects.
#[derive(Debug)]
struct Guard {
    names: DefaultResolver,
    private: Private,
}

/// An address inside.
#[derive(Debug)]
struct Inner(IpAddr);

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not on the public network", self.0)
    }
}
impl std::error::Error for Inner {}

impl Resolver for Guard {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let host = uri.host().unwrap_or_default();
        // A name that means a public and an inner address at once is a trick.
        match found.iter().map(|address| address.ip()).find(|&address| !self.private.admits(host, address)) {
            Some(address) => Err(ureq::Error::Other(Box::new(Inner(address)))),
            None => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::server::Server;

    static NEVER: AtomicBool = AtomicBool::new(false);

    fn client(limits: Limits) -> Client<'static> {
        let private = Private::Hosts(vec!["127.0.0.1".into()]);
        Client::new(Limits { pause: Duration::from_millis(1), private, ..limits }, &NEVER)
    }
    fn page(answer: Result<Answer, Trouble>) -> Page {
        match answer {
            Ok(Answer::Page(page)) => *page,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_has_not_changed_is_not_sent_again() {
        let server = Server::start(|request| {
            if request.path != "/feed" {
                return Server::status(404);
            }
            let known = request.header("if-none-match") == Some("\"v1\"");
            if known {
                Server::status(304)
            } else {
                Server::page("text/xml; charset=utf-8", "<rss/>").with("ETag: \"v1\"")
            }
        });
        let mut client = client(Limits::default());
        let first = page(client.get(&server.at("/feed"), &Validators::default()));
        assert_eq!((first.body.as_slice(), first.charset.as_deref()), (&b"<rss/>"[..], Some("utf-8")));
        assert_eq!(client.get(&server.at("/feed"), &first.validators), Ok(Answer::Same));
        assert_eq!(server.asked(), ["/robots.txt", "/feed", "/feed"]);
    }

    #[test]
    fn no_request_leaves_the_public_network() {
        let server = Server::start(|request| match request.path.as_str() {
            "/to-name" => Server::status(302).with(&format!("Location: http://localhost:{}/secret", request.port)),
            "/to-service" => Server::status(307).with("Location: http://169.254.169.254/latest/meta-data"),
            "/to-mapped" => Server::status(301).with("Location: http://[::ffff:10.0.0.1]/"),
            "/to-file" => Server::status(301).with("Location: file:///etc/passwd"),
            "/around" => Server::status(301).with("Location: /around"),
            "/moved" => Server::status(301).with("Location: /here?x=1"),
            "/here?x=1" => Server::page("text/html", "here"),
            _ => Server::status(404),
        });
        let mut client = client(Limits::default());
        let none = Validators::default();
        for path in ["/to-name", "/to-service", "/to-mapped"] {
            let answer = client.get(&server.at(path), &none);
            assert!(matches!(answer, Err(Trouble::Private(_))), "{path}: {answer:?}");
        }
        assert!(matches!(client.get(&server.at("/to-file"), &none), Err(Trouble::Address(_))));
        assert_eq!(client.get(&server.at("/around"), &none), Err(Trouble::Redirects));
        assert_eq!(page(client.get(&server.at("/moved"), &none)).url.as_str(), server.at("/here?x=1"));
        assert!(!server.asked().contains(&"/secret".to_string()));
        let mut strict = Client::new(Limits::default(), &NEVER);
        for address in
            [server.at("/here?x=1"), "http://0x7f.1/".into(), "http://2130706433/".into(), "http://[::1]/".into()]
        {
            assert!(matches!(strict.get(&address, &none), Err(Trouble::Private(_))), "{address}");
        }
        for address in ["ftp://example.org/", "http://user:word@example.org/", "example.org"] {
            assert!(matches!(strict.get(address, &none), Err(Trouble::Address(_))), "{address}");
        }
    }

    #[test]
    fn robots_are_obeyed_and_limits_kept() {
        let server = Server::start(|request| match request.path.as_str() {
            "/robots.txt" => Server::page("text/plain", "User-agent: demarche\nDisallow: /closed\n"),
            "/open" => Server::page("text/html", "open"),
            "/closed/x" => Server::page("text/html", "closed"),
            "/large" => Server::page("text/html", &"x".repeat(5000)),
            "/slow" => Server::page("text/html", "late").after(Duration::from_secs(5)),
            "/drip" => Server::page("text/html", &"y".repeat(900)).dripping(),
            "/busy" => Server::status(503).with("Retry-After: 3600"),
            _ => Server::status(404),
        });
        let time = Duration::from_millis(400);
        let mut client = client(Limits { size: 1000, time, ..Limits::default() });
        let none = Validators::default();
        assert_eq!(page(client.get(&server.at("/open"), &none)).body, b"open");
        assert_eq!(client.get(&server.at("/closed/x"), &none), Err(Trouble::Robots));
        assert!(!server.asked().contains(&"/closed/x".to_string()));
        assert_eq!(client.get(&server.at("/large"), &none), Err(Trouble::TooLarge(1000)));
        for path in ["/slow", "/drip"] {
            let begun = Instant::now();
            assert_eq!(client.get(&server.at(path), &none), Err(Trouble::TooSlow(time)), "{path}");
            assert!(begun.elapsed() < Duration::from_secs(3), "{path}");
        }
        assert_eq!(client.get(&server.at("/gone"), &none), Err(Trouble::Status(404)));
        assert_eq!(client.get(&server.at("/busy"), &none), Err(Trouble::Status(503)));
        // A host that asked for rest is left alone.
        let asked = server.asked().len();
        assert_eq!(client.get(&server.at("/open"), &none), Err(Trouble::Status(503)));
        assert_eq!(server.asked().len(), asked);
    }

    #[test]
    fn a_host_is_not_asked_twice_without_a_pause() {
        let server = Server::start(|_| Server::status(404));
        let pause = Duration::from_millis(150);
        let private = Private::Allowed;
        let mut client = Client::new(Limits { pause, private, ..Limits::default() }, &NEVER);
        let begun = Instant::now();
        for _ in 0..2 {
            let _ = client.get(&server.at("/x"), &Validators::default());
        }
        // robots.txt, then the page twice.
        assert!(begun.elapsed() >= pause * 2);
    }
}
