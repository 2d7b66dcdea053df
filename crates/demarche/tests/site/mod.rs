//! A ledger made of the examples and the program that serves it, for tests of its pages; and a plain HTTP client that
//! sends what it is told to, right or wrong.
#![allow(dead_code, reason = "each test program uses its own part")]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// How long an answer may take before the test gives up on it.
const PATIENCE: Duration = Duration::from_secs(90);

/// A file of `examples/`.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A new file for a test program, where cargo keeps such things; what an earlier run left there is gone.
pub(crate) fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
    std::fs::create_dir_all(&dir).expect("a folder for the tests");
    let path = dir.join(name);
    for more in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(dir.join(format!("{name}{more}")));
    }
    path
}

/// Runs the program, which must do what it is told, and gives what it prints.
fn demarche(ledger: &Path, verb: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
    let output = command.arg(verb).arg("--ledger").arg(ledger).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{verb}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Takes files into a ledger.
pub(crate) fn ingest(ledger: &Path, files: &[PathBuf]) {
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    demarche(ledger, "ingest", &files.iter().map(String::as_str).collect::<Vec<_>>());
}

/// The ledger of the examples, made once for a test program: two runs, and corrections of each kind after them.
pub(crate) fn examples() -> &'static Path {
    static LEDGER: OnceLock<PathBuf> = OnceLock::new();
    LEDGER.get_or_init(|| {
        let path = scratch("examples.db");
        ingest(&path, &[example("ledger/ukraine.jsonl")]);
        ingest(&path, &[example("ledger/world.jsonl")]);
        let events = demarche(&path, "events", &["actor:RUS", "--limit", "3", "--format", "jsonl"]);
        let corrections = [&["--accept"][..], &["--reject"], &["--set", "type=AID"]];
        for (line, how) in events.lines().zip(corrections) {
            let event: Value = serde_json::from_str(line).expect("JSON");
            let id = event["id"].as_str().expect("an id");
            demarche(&path, "correct", &[&[id, "--author", "A. Reader", "--reason", "looked at"], how].concat());
        }
        path
    })
}

/// A site that is being served; it ends with the value.
pub(crate) struct Site {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub(crate) address: String,
    /// What it said before it began.
    pub(crate) said: String,
}

impl Site {
    /// Over a ledger or none, with further options.
    pub(crate) fn over(ledger: Option<&Path>, options: &[&str]) -> Site {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demarche"));
        command.arg("serve").args(ledger).args(["--port", "0"]).args(options);
        // Where no ledger is named, none may lie about by its usual name.
        command.current_dir(env!("CARGO_TARGET_TMPDIR")).env_remove("DEMARCHE_TOKEN");
        let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stderr.take().expect("its standard error")).lines();
        let mut said = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else { panic!("it did not begin: {said}") };
            if let Some(rest) = line.trim().strip_prefix("http://") {
                let port = rest.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
                break format!("127.0.0.1:{port}");
            }
            said.push_str(&line);
            said.push('\n');
        };
        // What else it says must not fill the pipe and halt it.
        std::thread::spawn(move || lines.for_each(drop));
        Site { child, address, said }
    }

    /// Over the examples.
    pub(crate) fn new() -> Site {
        Site::over(Some(examples()), &[])
    }

    /// The address of a page in full.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// Asks for a page.
    pub(crate) fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[], b"")
    }

    /// Asks with headers of one's own; `host` stands for the right one unless it is given.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut head = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(&self.address).expect("the site is there");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.write_all(head.as_bytes()).expect("the head is taken");
        // A body that is too long may be broken off; the answer says so.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::of(&bytes).unwrap_or_else(|| panic!("{method} {target}: no answer, {} bytes", bytes.len()))
    }

    /// Hands a form over as a browser does.
    pub(crate) fn post(&self, target: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.ask("POST", target, &all, body.as_bytes())
    }

    /// Every address that the site says of itself that it has.
    pub(crate) fn pages(&self) -> Vec<Listed> {
        self.pages_with(&[])
    }

    /// The same for whoever must show something.
    pub(crate) fn pages_with(&self, headers: &[(&str, &str)]) -> Vec<Listed> {
        let description = self.ask("GET", "/openapi.json", headers, b"").json();
        let ids = Ids::of(self);
        let paths = description["paths"].as_object().expect("paths").clone();
        let mut pages = Vec::new();
        for (path, methods) in &paths {
            let Some(stem) = path.strip_suffix(".json") else { continue };
            for (method, operation) in methods.as_object().expect("methods") {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let text = |p: &Value, key: &str| p[key].as_str().unwrap_or_default().to_string();
                let mut page = Listed {
                    name: text(operation, "operationId").trim_end_matches("-json").to_string(),
                    method: method.to_uppercase(),
                    stem: stem.to_string(),
                    query: Vec::new(),
                };
                for parameter in &parameters {
                    let (name, example) = (text(parameter, "name"), ids.real(&text(parameter, "example")));
                    if parameter["in"] == "path" {
                        page.stem = page.stem.replace(&format!("{{{name}}}"), &encoded(&example));
                    } else {
                        page.query.push((name, example));
                    }
                }
                pages.push(page);
            }
        }
        assert!(pages.len() >= 5, "the description lists {} pages", pages.len());
        pages
    }

    /// The pages that a browser shows: a file is kept and not shown.
    pub(crate) fn shown(&self) -> Vec<Listed> {
        let file = |page: &Listed| self.get(&page.target("")).header("content-disposition").is_some();
        self.pages().into_iter().filter(|page| page.method == "GET" && !file(page)).collect()
    }

    /// What a browser opens: every page bare, and with each value that it takes.
    pub(crate) fn openable(&self) -> Vec<String> {
        // Bounds and lengths change what is listed, not how; HTTP tries them all.
        const ALIKE: [&str; 7] = ["from", "until", "known", "min_origins", "all", "limit", "before"];
        let mut all = Vec::new();
        for page in self.pages().iter().filter(|p| p.method == "GET") {
            all.push(page.target(""));
            let values = page.query.iter().filter(|(name, _)| !ALIKE.contains(&name.as_str()));
            all.extend(values.map(|(name, value)| page.with("", name, value)));
        }
        all.retain(|target| self.get(target).header("content-disposition").is_none());
        all
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Ids that a description cannot know: of whatever ledger is open.
struct Ids {
    event: Option<String>,
    story: Option<String>,
    document: Option<String>,
}

impl Ids {
    /// Of the first that the start page or a dyad links to.
    fn of(site: &Site) -> Ids {
        let text = format!("{}{}", site.get("/").text(), site.get("/dyad/RUS/UKR").text());
        let first = |prefix: &str| {
            let at = text.find(prefix)? + prefix.len();
            Some(text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect())
        };
        Ids { event: first("/event/"), story: first("/story/"), document: first("/source/") }
    }

    /// A real id in place of one that only shows how ids look.
    fn real(&self, example: &str) -> String {
        let own = |id: &Option<String>| id.clone().unwrap_or_else(|| example.to_string());
        let hash = |rest: &str| rest.len() == 16 && rest.chars().all(|c| c.is_ascii_hexdigit());
        match example.split_once('-') {
            Some(("e", rest)) if hash(rest) => own(&self.event),
            Some(("s", rest)) if hash(rest) => own(&self.story),
            Some(("d", rest)) if hash(rest) => own(&self.document),
            _ => example.to_string(),
        }
    }
}

/// A page as `/openapi.json` lists it, its examples filled in.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) method: String,
    stem: String,
    /// Values that it takes, with an example each.
    pub(crate) query: Vec<(String, String)>,
}

impl Listed {
    /// The page with nothing but its path, in a shape: nothing, `.json`, `.csv`.
    pub(crate) fn target(&self, shape: &str) -> String {
        match (self.stem.as_str(), shape) {
            ("/index", "") => "/".to_string(),
            (stem, shape) => format!("{stem}{shape}"),
        }
    }

    /// The page with one value.
    pub(crate) fn with(&self, shape: &str, name: &str, value: &str) -> String {
        format!("{}?{name}={}", self.target(shape), encoded(value))
    }

    /// Whether it takes a value.
    pub(crate) fn takes(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| known == name)
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers =
            lines.filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_string())).collect();
        Some(Answer { status, headers, body: bytes[end + 4..].to_vec() })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }
}

/// A value as addresses and forms write it.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}
