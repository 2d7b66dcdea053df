//! Archives, feeds and the web into a ledger, from outside; the web is a server of the test's own on the loopback.

// The readers' own tests use the rest of it.
#[allow(dead_code)]
#[path = "../src/intake/server.rs"]
mod server;

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use server::Server;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Dir {
        let path = std::env::temp_dir().join(format!("demarche-intake-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Dir(path)
    }
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        std::fs::write(self.0.join(name), bytes).expect("a file for the test");
        self.0.join(name).display().to_string()
    }
    fn demarche(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_demarche"))
            .args(arguments)
            .args(["--ledger", &self.0.join("test.db").display().to_string(), "--format", "jsonl"])
            .stdin(Stdio::null())
            .output()
            .expect("the program runs")
    }
}
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn summary(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(said.trim()).unwrap_or_else(|_| panic!("{said}{}", err(output)))
}
fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn page(title: &str) -> String {
    let line =
        "Finland closed its border with Russia on Friday after talks in Helsinki had failed, the government said. ";
    format!(
        "<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{title}: {}</p><p>{}</p></article></body></html>",
        line.repeat(3),
        line.repeat(2)
    )
}

fn record(url: &str, status: &str, page: &str) -> Vec<u8> {
    let block = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n{page}");
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
        block.len()
    );
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(record.as_bytes()).expect("memory takes it");
    packed.finish().expect("memory takes it")
}

#[test]
fn an_archive_and_a_feed_kept_as_files() {
    let dir = Dir::new("files");
    let mut broken = record("https://p.example/2", "200 OK", &page("Lost"));
    broken.truncate(60);
    let archive = [
        record("https://p.example/1", "200 OK", &page("First")),
        broken,
        record("https://p.example/3", "404 Not Found", "no"),
        record("https://p.example/4", "200 OK", &page("Second")),
    ];
    let archive = dir.file("news.warc.gz", archive.concat());
    let feed = dir.file(
        "feed.xml",
        "<rss><channel><title>F</title><item><title>Third</title><guid>a</guid><description>Norway imposed sanctions on Belarus.</description></item></channel></rss>",
    );
    let done = dir.demarche(&["ingest", &archive, &feed]);
    let said = summary(&done);
    assert_eq!((said["taken"].as_u64(), done.status.code()), (Some(3), Some(3)), "{said}{}", err(&done));
    assert_eq!(said["passed"]["status 404"], 1);
    assert!(err(&done).contains("news.warc.gz: record"), "{}", err(&done));
    let again = summary(&dir.demarche(&["ingest", &archive, &feed]));
    assert_eq!((again["taken"].as_u64(), again["passed"]["file taken before"].as_u64()), (Some(0), Some(2)));
}

#[test]
fn feeds_are_watched() {
    let server = Server::start(|request| {
        let item = "<item><title>Border closed</title><link>/story</link><description>Short.</description></item>";
        match request.path.as_str() {
            "/good" if request.header("if-none-match") == Some("\"g\"") => Server::status(304),
            "/good" => Server::page("text/xml", &format!("<rss><channel><title>Good</title>{item}</channel></rss>"))
                .with("ETag: \"g\""),
            "/bad" => Server::page("text/xml", "<rss><channel><item><title>Half"),
            "/inside" => Server::status(302).with("Location: http://localhost:1/secret"),
            "/story" => Server::page("text/html", &page("Border closed")),
            _ => Server::status(404),
        }
    });
    let dir = Dir::new("watch");
    let list = format!(
        "<opml><body><outline xmlUrl='{}'/><outline xmlUrl='{}'/><outline xmlUrl='{}'/></body></opml>",
        server.at("/bad"),
        server.at("/inside"),
        server.at("/good")
    );
    let list = dir.file("feeds.opml", list);
    let shut = dir.demarche(&["watch", "--once", "--pause", "0", &list]);
    assert_eq!((shut.status.code(), server.asked().len()), (Some(2), 0), "{}", err(&shut));
    let watch = ["watch", "--once", "--pause", "0", "--allow-private=127.0.0.1", &list];
    let done = dir.demarche(&watch);
    let said = summary(&done);
    assert_eq!((said["taken"].as_u64(), done.status.code()), (Some(1), Some(3)), "{said}{}", err(&done));
    assert!(err(&done).contains("not on the public network") && err(&done).contains("/bad: "), "{}", err(&done));
    let again = summary(&dir.demarche(&watch));
    assert_eq!((again["taken"].as_u64(), again["passed"]["not changed since"].as_u64()), (Some(0), Some(1)), "{again}");
    assert_eq!(server.asked().iter().filter(|path| *path == "/story").count(), 1);
}
