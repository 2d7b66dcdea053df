//! The pages over HTTP: every address that the site lists answers in every shape, whoever may not ask is refused, and
//! readers are answered while a ledger is written.
//!
//! What there is to open is read from `/openapi.json`, so that a new page is tried without a word here.

#[path = "site/markup.rs"]
mod markup;
mod site;

use serde_json::Value;
use site::{Answer, Listed, Site, examples, scratch};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What every answer forbids a browser to do.
fn guarded(answer: &Answer) -> bool {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    policy.contains("default-src 'none'")
        && policy.contains("frame-ancestors 'none'")
        && !policy.contains("unsafe")
        && answer.header("x-content-type-options") == Some("nosniff")
        && answer.header("referrer-policy") == Some("same-origin")
        && answer.header("x-frame-options") == Some("DENY")
        && answer.header("cross-origin-resource-policy") == Some("same-origin")
        && answer.header("cross-origin-opener-policy") == Some("same-origin")
}

/// What is wrong with an answer that should be a page in a shape.
fn wrong(page: &Listed, shape: &str, answer: &Answer) -> Vec<String> {
    let mut faults = Vec::new();
    let kind = answer.header("content-type").unwrap_or_default();
    let (wanted, text) = (["text/html; charset=utf-8", "application/json", "text/csv; charset=utf-8"], answer.text());
    // A page may lead elsewhere.
    if answer.status == 303 && answer.header("location").is_some_and(|to| to.starts_with('/')) {
        return faults;
    }
    if answer.status != 200 {
        return vec![format!("{} {}", answer.status, text.lines().find(|l| l.contains("error")).unwrap_or_default())];
    }
    match shape {
        // What is to be kept, as a network for Gephi, is a file in its own format.
        "" if answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment")) => {
            faults.extend(text.is_empty().then(|| "an empty file".to_string()));
        }
        "" => {
            faults.extend((kind != wanted[0]).then(|| format!("is {kind}")));
            faults.extend(markup::faults(&text));
        }
        ".json" => {
            faults.extend((kind != wanted[1]).then(|| format!("is {kind}")));
            let value = answer.json();
            // A description for programs has a form of its own.
            if value.get("openapi").is_none() && (value["ok"] != true || value["page"] != page.name.as_str()) {
                faults.push(format!("does not name itself: {} {}", value["ok"], value["page"]));
            }
        }
        _ => {
            faults.extend((kind != wanted[2]).then(|| format!("is {kind}")));
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            faults.extend(reader.headers().is_ok_and(|h| h.is_empty()).then(|| "no columns".to_string()));
            faults.extend(reader.records().filter_map(|row| row.err()).map(|e| e.to_string()));
        }
    }
    faults
}

#[test]
fn every_address_answers_in_every_shape() {
    let site = Site::new();
    let mut faults = Vec::new();
    let mut asked = 0;
    for page in site.pages().iter().filter(|p| p.method == "GET") {
        for shape in ["", ".json", ".csv"] {
            let bare = std::iter::once(page.target(shape));
            let each = page.query.iter().map(|(name, value)| page.with(shape, name, value));
            for target in bare.chain(each) {
                let answer = site.get(&target);
                asked += 1;
                faults.extend(wrong(page, shape, &answer).iter().map(|fault| format!("{target}: {fault}")));
                if !guarded(&answer) {
                    faults.push(format!("{target}: unguarded"));
                }
                if answer.header("cache-control").is_none() {
                    faults.push(format!("{target}: a cache may keep it for ever"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults in {asked} answers:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_program_without_a_ledger_answers_too() {
    let site = Site::over(None, &[]);
    let mut faults = Vec::new();
    for page in site.pages().iter().filter(|p| p.method == "GET") {
        for shape in ["", ".json", ".csv"] {
            let target = page.target(shape);
            let answer = site.get(&target);
            match answer.status {
                200 => faults.extend(wrong(page, shape, &answer).iter().map(|fault| format!("{target}: {fault}"))),
                303 => {}
                404 => assert!(answer.text().contains("no ledger is open"), "{target}: {}", answer.text()),
                other => faults.push(format!("{target}: {other}")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_link_leads_nowhere() {
    let site = Site::new();
    let mut from: BTreeMap<String, String> = BTreeMap::new();
    for page in site.pages().iter().filter(|p| p.method == "GET") {
        let target = page.target("");
        // Some of each kind stand for all: a page leads to a hundred events.
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for link in markup::links(&site.get(&target).text()) {
            let kind = link.split(['/', '?', '#']).nth(1).unwrap_or_default();
            let count = kinds.entry(kind.to_string()).or_default();
            *count += 1;
            if link.starts_with('/') && *count <= 8 {
                from.entry(link.split('#').next().unwrap_or_default().to_string()).or_insert_with(|| target.clone());
            }
        }
    }
    let mut faults = Vec::new();
    for (link, page) in &from {
        let answer = site.get(link);
        if answer.status >= 400 {
            faults.push(format!("{page} leads to {link}: {}", answer.status));
        }
    }
    assert!(from.len() > 20, "only {} links", from.len());
    assert!(faults.is_empty(), "{} of {} links:\n{}", faults.len(), from.len(), faults.join("\n"));
}

#[test]
fn faults_have_one_shape() {
    let site = Site::new();
    let faults = [
        ("GET", "/nowhere.json", 404),
        ("GET", "/dyad/RUS/nobody-at-all.json", 404),
        ("GET", "/dyad/RUS/UKR.json?nothing=1", 400),
        ("GET", "/dyad/RUS/UKR.json?from=tomorrow&limit=0&bin=decade&nothing=1", 400),
        ("GET", "/dyad/RUS/UKR.json?from=2026&until=2025", 400),
        ("GET", "/dyad/RUS/UKR.json?before=nonsense", 400),
        ("POST", "/token.json", 401),
    ];
    for (method, target, status) in faults {
        let answer = site.ask(method, target, &[], b"");
        let value = answer.json();
        let single = value["errors"].as_array().expect("each fault").len();
        assert_eq!(
            (answer.status, &value["status"], &value["ok"]),
            (status, &status.into(), &Value::Bool(false)),
            "{target}"
        );
        assert!(value["error"].is_string() && single > 0, "{target}: {value}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}: a fault must not be kept");
        assert!(guarded(&answer), "{target}: unguarded");
        // The same in words for people.
        let page = site.ask(method, &target.replace(".json", ""), &[], b"");
        assert_eq!(page.status, status, "{target} as a page");
        assert_eq!(markup::faults(&page.text()), Vec::<String>::new(), "{target} as a page");
        assert!(guarded(&page));
    }
    let all = site.get("/dyad/RUS/UKR.json?from=tomorrow&limit=0&bin=decade&nothing=1").json();
    assert_eq!(all["errors"].as_array().map(Vec::len), Some(4), "all faults at once: {all}");
    for page in site.pages().iter().filter(|p| p.method == "GET") {
        let answer = site.get(&format!("{}?never-heard-of=1", page.target(".json")));
        assert_eq!(answer.status, 400, "{}: {}", page.name, answer.text());
        assert!(answer.text().contains("never-heard-of"), "{}", page.name);
    }
    let wrong = site.ask("DELETE", "/about", &[], b"");
    assert_eq!(wrong.status, 405);
    assert!(guarded(&wrong));
}

#[test]
fn a_few_words_lead_to_the_page_that_they_mean_in_the_shape_that_was_asked_for() {
    let site = Site::new();
    for shape in ["", ".json", ".csv"] {
        let leads = |words: &str| {
            let answer = site.get(&format!("/go{shape}?to={}", site::encoded(words)));
            assert_eq!(answer.status, 303, "{words}");
            answer.header("location").unwrap_or_default().to_string()
        };
        assert_eq!(leads("RUS-UKR"), format!("/dyad/RUS/UKR{shape}"));
        assert_eq!(leads("NATO"), format!("/actor/NATO{shape}"));
        assert_eq!(leads("e-0123456789abcdef"), format!("/event/e-0123456789abcdef{shape}"));
        assert_eq!(leads("prisoners & grain"), format!("/search{shape}?q=prisoners%20%26%20grain"));
        assert_eq!(leads("//evil.example"), format!("/search{shape}?q=%2F%2Fevil.example"));
        assert_eq!(leads(""), if shape.is_empty() { "/".to_string() } else { format!("/index{shape}") });
    }
}

#[test]
fn names_that_mean_something_in_addresses_stay_names() {
    let site = Site::new();
    for name in [
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "%3Cscript%3E",
        "a%00b",
        "%F0%9F%92%A9",
        "%FF%FE",
        "'%20OR%201=1--",
        "%22",
        "%7B%7D",
    ] {
        for target in [
            format!("/actor/{name}"),
            format!("/dyad/{name}/UKR"),
            format!("/search?q={name}"),
            format!("/go?to={name}"),
            format!("/static/{name}"),
        ] {
            let answer = site.get(&target);
            assert!(answer.status < 500, "{target}: {}", answer.status);
            assert!(guarded(&answer), "{target}: unguarded");
            assert!(!String::from_utf8_lossy(&answer.body).contains("<script>"), "{target}: as it came");
        }
    }
}

#[test]
fn other_sites_neither_read_nor_write() {
    let site = Site::over(Some(examples()), &["--token", "mellon"]);
    let address = site.address.clone();
    // A name that was made to point at this machine.
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""] {
        for target in ["/", "/about.json", "/static/site.css"] {
            let answer = site.ask("GET", target, &[("host", host)], b"");
            assert_eq!(answer.status, 403, "{target} for {host:?}");
            assert!(guarded(&answer));
        }
    }
    assert_eq!(site.ask("GET", "/about.json", &[("host", "localhost")], b"").status, 200);
    // A form of another site.
    let own = format!("http://{address}");
    let token = [("token", "mellon")];
    for headers in [
        vec![("origin", "http://evil.example")],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site")],
        vec![("origin", own.as_str()), ("sec-fetch-site", "same-site")],
    ] {
        assert_eq!(site.post("/token", &token, &headers).status, 403, "{headers:?}");
    }
    let entered = site.post("/token", &token, &[("origin", &own), ("sec-fetch-site", "same-origin")]);
    assert_eq!(entered.status, 303);
    let cookie = entered.header("set-cookie").expect("a cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(site.post("/token", &[("token", "melon")], &[]).status, 401);
    assert!(site.post("/token", &[("token", "melon")], &[]).header("set-cookie").is_none());
    let pair = cookie.split(';').next().expect("a pair").to_string();
    let trusted = |headers: &[(&str, &str)]| site.ask("GET", "/token.json", headers, b"").json()["trusted"].clone();
    assert_eq!(trusted(&[("cookie", &format!("other=1; {pair}"))]), true);
    assert_eq!(trusted(&[("authorization", "Bearer mellon")]), true);
    assert_eq!(trusted(&[("authorization", "Bearer mello")]), false);
    assert_eq!(trusted(&[]), false);
    // Whatever writes asks for the token and for the right origin.
    for page in site.pages().iter().filter(|p| p.method == "POST") {
        let cross = site.ask(
            "POST",
            &page.target(".json"),
            &[("origin", "http://evil.example"), ("authorization", "Bearer mellon")],
            b"",
        );
        assert_eq!(cross.status, 403, "{}", page.name);
    }
    let before = site.get("/").header("etag").map(str::to_string);
    for page in site
        .pages()
        .iter()
        .filter(|p| p.method == "POST" && !["token-entered", "read-handed"].contains(&p.name.as_str()))
    {
        let refused = site.post(&page.target(".json"), &[], &[("authorization", "Bearer melon")]);
        assert!(matches!(refused.status, 401 | 403), "{}: {}", page.name, refused.status);
    }
    assert_eq!(site.get("/").header("etag").map(str::to_string), before, "something was written");
}

#[test]
fn whoever_reaches_it_over_a_network_brings_the_token() {
    let site = Site::over(Some(examples()), &["--host", "0.0.0.0", "--token", "mellon"]);
    assert!(!site.said.contains("WARNING"), "{}", site.said);
    for page in site.pages_with(&[("authorization", "Bearer mellon")]) {
        if page.method == "GET" && page.name != "token" {
            assert_eq!(site.get(&page.target(".json")).status, 401, "{}", page.name);
        }
    }
    assert_eq!(site.get("/static/site.css").status, 200);
    assert_eq!(site.get("/token").status, 200, "the way in");
    assert_eq!(site.ask("GET", "/about", &[("authorization", "Bearer mellon")], b"").status, 200);
    let open = Site::over(Some(examples()), &["--host", "0.0.0.0"]);
    assert!(open.said.contains("WARNING: open to everybody"), "{}", open.said);
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let site = Site::new();
    let mut tags = BTreeSet::new();
    for target in ["/", "/dyad/RUS/UKR", "/dyad/RUS/UKR.json", "/dyad/RUS/UKR.csv", "/dyad/RUS/UKR?bin=year"] {
        let first = site.get(target);
        let tag = first.header("etag").unwrap_or_else(|| panic!("{target}: no tag")).to_string();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
        for known in [tag.clone(), format!("\"other\", {tag}")] {
            let again = site.ask("GET", target, &[("if-none-match", &known)], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{target}");
            assert!(guarded(&again));
        }
        assert_eq!(site.ask("GET", target, &[("if-none-match", "\"other\"")], b"").status, 200);
        assert_eq!(site.get(target).body, first.body, "{target}: twice the same question, two answers");
        assert!(tags.insert(tag), "{target}: the tag of another page");
        let head = site.ask("HEAD", target, &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0), "HEAD {target}");
    }
    let style = site.get("/static/site.css");
    assert!(style.header("cache-control").is_some_and(|c| c.contains("immutable")));
}

/// The ids of the rows of a list in the JSON of a page.
fn rows(value: &Value) -> Vec<String> {
    let list = ["events", "rows", "stories", "found"].iter().find_map(|key| value[*key].as_array());
    let ids = list.into_iter().flatten().filter_map(|row| row["id"].as_str().or_else(|| row["event"]["id"].as_str()));
    ids.map(str::to_string).collect()
}

#[test]
fn a_list_read_piece_by_piece_is_the_whole_list() {
    let site = Site::new();
    let mut tried = 0;
    for page in site.pages().iter().filter(|p| p.method == "GET" && p.takes("before") && p.takes("limit")) {
        let whole = site.get(&page.with(".json", "limit", "500")).json();
        let wanted = rows(&whole);
        if wanted.len() < 8 {
            continue;
        }
        tried += 1;
        let mut found = Vec::new();
        let mut next = Some(page.with(".json", "limit", "7"));
        while let Some(target) = next {
            let value = site.get(&target).json();
            assert!(rows(&value).len() <= 7, "{target}: {} rows", rows(&value).len());
            found.extend(rows(&value));
            assert!(found.len() <= wanted.len(), "{}: {target} goes round in circles", page.name);
            next = value["next_url"].as_str().map(str::to_string);
        }
        assert_eq!(found, wanted, "{}", page.name);
        // What programs read, people follow.
        let html = site.get(&page.with("", "limit", "7")).text();
        assert!(html.contains("rel=\"next\""), "{}: no way further back", page.name);
    }
    assert!(tried > 0, "no page has a list");
}

#[test]
fn the_description_is_openapi() {
    let site = Site::new();
    let description = site.get("/openapi.json").json();
    assert_eq!(description["openapi"], "3.1.0");
    let known: BTreeSet<&str> = ["openapi", "info", "paths", "components"].into();
    let fields = description.as_object().expect("an object");
    assert!(fields.keys().all(|key| known.contains(key.as_str())), "{:?}", fields.keys().collect::<Vec<_>>());
    let mut ids = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            assert!(ids.insert(operation["operationId"].to_string()), "{} twice", operation["operationId"]);
            let parts: BTreeSet<&str> = path.split('{').skip(1).filter_map(|p| p.split('}').next()).collect();
            let declared: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
            let in_path: BTreeSet<&str> =
                declared.iter().filter(|p| p["in"] == "path").filter_map(|p| p["name"].as_str()).collect();
            assert_eq!(parts, in_path, "{method} {path}");
            let names: BTreeSet<String> = declared.iter().map(|p| p["name"].to_string()).collect();
            assert_eq!(names.len(), declared.len(), "{method} {path}: a parameter twice");
            for parameter in declared {
                let example = parameter["example"].as_str().unwrap_or_default();
                assert!(!example.is_empty(), "{method} {path}: {} has no example", parameter["name"]);
            }
        }
    }
}

#[test]
fn too_much_and_too_slow_is_cut_off() {
    let site = Site::new();
    let large = vec![b'a'; (8 << 20) + 1000];
    let page = "/token.json";
    for kind in
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain"]
    {
        let answer = site.ask("POST", page, &[("content-type", kind)], &large);
        assert_eq!(answer.status, 413, "{kind}");
        assert_eq!(answer.json()["ok"], false);
    }
    // More head than any browser sends.
    let long = "x".repeat(1 << 20);
    let mut stream = TcpStream::connect(&site.address).expect("the site is there");
    let _ = stream.write_all(format!("GET /?q={long} HTTP/1.1\r\nhost: {}\r\n\r\n", site.address).as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let first = String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_string();
    assert!(bytes.is_empty() || first.contains(" 4"), "{first}");
    // Heads that never end: they are let go, and others are answered meanwhile.
    let begun = Instant::now();
    let slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(&site.address).expect("the site is there");
            stream.write_all(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ").expect("taken");
            stream
        })
        .collect();
    assert_eq!(site.get("/about").status, 200);
    for mut stream in slow {
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset), "still open");
    }
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_eq!(site.get("/about").status, 200);
}

#[test]
fn fifty_readers_while_a_ledger_is_written() {
    let ledger = scratch("written.db");
    site::ingest(&ledger, &[site::example("ledger/ukraine.jsonl")]);
    let site = Site::over(Some(&ledger), &[]);
    let before = site.get("/index.json").text();
    let targets: Vec<String> = site
        .pages()
        .iter()
        .filter(|p| p.method == "GET")
        .flat_map(|p| [p.target(""), p.target(".json")])
        .filter(|target| site.get(target).status == 200)
        .collect();
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..50)
            .map(|reader| {
                let (site, targets, done, asked) = (&site, &targets, &done, &asked);
                scope.spawn(move || {
                    let mut faults = Vec::new();
                    for n in 0.. {
                        if n >= 3 && done.load(Ordering::Relaxed) {
                            break;
                        }
                        let target = &targets[(reader + n) % targets.len()];
                        let answer = site.get(target);
                        asked.fetch_add(1, Ordering::Relaxed);
                        if answer.status != 200 {
                            faults.push(format!("{target}: {} {}", answer.status, answer.text()));
                        }
                    }
                    faults
                })
            })
            .collect();
        site::ingest(&ledger, &[site::example("ledger/world.jsonl")]);
        done.store(true, Ordering::Relaxed);
        let faults: Vec<String> = readers.into_iter().flat_map(|r| r.join().expect("a reader")).collect();
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    });
    assert!(asked.load(Ordering::Relaxed) >= 150);
    assert_ne!(site.get("/index.json").text(), before, "what was written is seen");
}
