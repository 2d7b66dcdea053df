//! Chromium over its own protocol (DevTools, by WebSocket): tabs that are opened, typed into and looked at, and that
//! keep what went wrong in them.
#![allow(dead_code, reason = "tests and the maker of pictures each use their own part")]

use base64::Engine;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// How long one command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where Chromium is on this machine.
pub(crate) fn found() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let all = names.iter().flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(name)));
    all.into_iter().find(|file| file.is_file())
}

/// A browser of its own, with a profile of its own; both end with the value.
pub(crate) struct Chromium {
    child: Child,
    port: u16,
    profile: PathBuf,
}

impl Chromium {
    /// Starts one.
    pub(crate) fn start(program: &Path) -> Chromium {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("demarche-chromium-{}-{n}", std::process::id()));
        let _ = std::fs::remove_dir_all(&profile);
        std::fs::create_dir_all(&profile).expect("a folder for the profile");
        let mut child = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--no-default-browser-check", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--disable-extensions", "--mute-audio"])
            .args(["--remote-debugging-port=0", "--window-size=1200,900"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let begun = Instant::now();
        let port = loop {
            // The first line is the port; it is whole once there is a second.
            let file = std::fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
            if let Some(port) = file.split_once('\n').and_then(|(port, _)| port.parse().ok()) {
                break port;
            }
            let ended = child.try_wait().expect("its state");
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "Chromium did not start: {ended:?}");
            std::thread::sleep(Duration::from_millis(50));
        };
        Chromium { child, port, profile }
    }

    /// A new tab.
    pub(crate) fn tab(&self) -> Tab {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("Chromium listens");
        let ask =
            format!("PUT /json/new?about:blank HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
        stream.write_all(ask.as_bytes()).expect("asked");
        let answer = answer(&mut stream);
        let told: Value = serde_json::from_str(&answer).unwrap_or_else(|e| panic!("no tab ({e}): {answer}"));
        let url = told["webSocketDebuggerUrl"].as_str().expect("an address").to_string();
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("Chromium listens");
        let config = tungstenite::protocol::WebSocketConfig::default()
            .max_message_size(Some(512 << 20))
            .max_frame_size(Some(512 << 20));
        let (socket, _) = tungstenite::client::client_with_config(url.as_str(), stream, Some(config))
            .unwrap_or_else(|error| panic!("no way to the tab: {error}"));
        socket.get_ref().set_read_timeout(Some(Duration::from_millis(100))).expect("a limit");
        let mut tab = Tab { socket, next: 0, seen: Vec::new(), faults: Vec::new(), own: String::new() };
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        // Keys go where they would in a window that is in front.
        tab.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        tab
    }
}

/// The body of an answer whose length is said in its head; the connection may stay open after it.
fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| {
                let (name, value) = l.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if length.is_some_and(|length| body.len() >= length) {
                return body.to_string();
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => {
                return text.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_string());
            }
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Its other processes may write for a moment yet.
        for _ in 0..20 {
            if std::fs::remove_dir_all(&self.profile).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// One tab.
pub(crate) struct Tab {
    socket: WebSocket<TcpStream>,
    next: u64,
    /// Events of the page's life that nobody has waited for yet.
    seen: Vec<String>,
    faults: Vec<String>,
    /// Where all requests must go.
    own: String,
}

impl Tab {
    /// A command, and what came of it.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.tried(method, params).unwrap_or_else(|fault| panic!("{method}: {fault}"))
    }

    /// A command that may fail.
    pub(crate) fn tried(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.send(method, params);
        let id = self.next;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let Some(message) = self.read() else { continue };
            if message["id"] == id {
                return match message.get("error") {
                    Some(error) => Err(error.to_string()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
        Err("no answer".to_string())
    }

    fn send(&mut self, method: &str, params: Value) {
        self.next += 1;
        let text = json!({ "id": self.next, "method": method, "params": params }).to_string();
        self.socket.send(Message::text(text)).expect("the tab is there");
    }

    /// The next message, if one comes soon; events are noted.
    fn read(&mut self) -> Option<Value> {
        let message = match self.socket.read() {
            Ok(Message::Text(text)) => serde_json::from_str::<Value>(&text).expect("JSON"),
            Ok(_) => return None,
            Err(tungstenite::Error::Io(error))
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) =>
            {
                return None;
            }
            Err(error) => panic!("the tab is gone: {error}"),
        };
        if let Some(event) = message["method"].as_str() {
            self.note(event, &message["params"]);
        }
        Some(message)
    }

    fn note(&mut self, event: &str, params: &Value) {
        let mut fault = |what: String| self.faults.push(what);
        match event {
            "Page.javascriptDialogOpening" => {
                fault(format!("a dialog: {}", params["message"]));
                self.send("Page.handleJavaScriptDialog", json!({ "accept": false }));
            }
            "Runtime.exceptionThrown" => {
                let details = &params["exceptionDetails"];
                fault(format!("a script failed: {} {}", details["text"], details["exception"]["description"]));
            }
            "Runtime.consoleAPICalled" if params["type"] == "error" || params["type"] == "assert" => {
                fault(format!("console: {}", params["args"]));
            }
            "Log.entryAdded" if params["entry"]["level"] == "error" => {
                fault(format!("console: {} {}", params["entry"]["text"], params["entry"]["url"]));
            }
            "Audits.issueAdded" if params["issue"]["code"] == "ContentSecurityPolicyIssue" => {
                fault(format!(
                    "against the policy: {}",
                    params["issue"]["details"]["contentSecurityPolicyIssueDetails"]
                ));
            }
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with(&self.own) && !url.starts_with("data:") && !url.starts_with("about:") {
                    fault(format!("a request to {}", url.chars().take(200).collect::<String>()));
                }
            }
            "Network.webSocketCreated" => fault(format!("a socket to {}", params["url"])),
            "Page.loadEventFired" | "Page.windowOpen" | "Page.frameNavigated" => self.seen.push(event.to_string()),
            _ => {}
        }
    }

    /// Opens an address and waits until it is there; every request must go to its host.
    pub(crate) fn open(&mut self, url: &str) {
        let host = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        self.own = format!("{host}/");
        self.seen.clear();
        let gone = self.call("Page.navigate", json!({ "url": url }));
        assert!(gone.get("errorText").is_none(), "{url}: {}", gone["errorText"]);
        // Within one document nothing is loaded.
        if gone.get("loaderId").is_some() {
            self.loaded();
        }
    }

    /// Waits until a page that was led to is there.
    pub(crate) fn loaded(&mut self) {
        let begun = Instant::now();
        while !self.seen.iter().any(|event| event == "Page.loadEventFired") {
            assert!(begun.elapsed() < PATIENCE, "nothing was loaded, at {}", self.address());
            self.read();
        }
        self.seen.clear();
        self.settle(20);
    }

    /// Lets the page do what it does by itself.
    pub(crate) fn settle(&mut self, milliseconds: u64) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(milliseconds) {
            self.read();
        }
    }

    /// Does something that leads to another page, and waits for it.
    pub(crate) fn led(&mut self, act: impl FnOnce(&mut Tab)) {
        self.seen.clear();
        act(self);
        self.loaded();
    }

    /// What went wrong since it was last asked.
    pub(crate) fn faults(&mut self) -> Vec<String> {
        self.settle(20);
        std::mem::take(&mut self.faults)
    }

    /// Forgets what went wrong: where it was meant to.
    pub(crate) fn forgive(&mut self) {
        self.faults();
    }

    /// What an expression of JavaScript is; the page's policy does not bind it.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let told = self
            .call("Runtime.evaluate", json!({ "expression": expression, "returnByValue": true, "awaitPromise": true }));
        if let Some(details) = told.get("exceptionDetails") {
            panic!("{expression:.200}: {details}");
        }
        told["result"]["value"].clone()
    }

    /// The text of an expression.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.eval(expression).as_str().unwrap_or_default().to_string()
    }

    /// Where it is.
    pub(crate) fn address(&mut self) -> String {
        self.text("location.href")
    }

    /// Presses a key.
    pub(crate) fn key(&mut self, key: &str) {
        self.key_with(key, 0);
    }

    /// Presses a key with others held: 1 Alt, 2 Control, 8 Shift.
    pub(crate) fn key_with(&mut self, key: &str, modifiers: u8) {
        let (code, text) = match key {
            "Tab" => (9, None),
            "Enter" => (13, Some("\r")),
            "Escape" => (27, None),
            " " => (32, Some(" ")),
            "ArrowLeft" => (37, None),
            "ArrowRight" => (39, None),
            one => (u32::from(one.chars().next().unwrap_or_default().to_ascii_uppercase()), Some(one)),
        };
        let mut down = json!({ "type": if text.is_some() { "keyDown" } else { "rawKeyDown" }, "key": key, "modifiers": modifiers,
            "windowsVirtualKeyCode": code, "nativeVirtualKeyCode": code });
        if let Some(text) = text {
            down["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": key, "modifiers": modifiers, "windowsVirtualKeyCode": code }),
        );
    }

    /// Types a text where the focus is.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Sets the focus, by a selector.
    pub(crate) fn focus(&mut self, selector: &str) {
        let root = self.call("DOM.getDocument", json!({ "depth": 0 }))["root"]["nodeId"].clone();
        let node = self.call("DOM.querySelector", json!({ "nodeId": root, "selector": selector }))["nodeId"].clone();
        assert_ne!(node, 0, "no {selector} at {}", self.address());
        self.call("DOM.focus", json!({ "nodeId": node }));
    }

    /// Clicks the middle of what a selector finds.
    pub(crate) fn click(&mut self, selector: &str) {
        let at = self.eval(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}}); const r = e.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            self.call(
                "Input.dispatchMouseEvent",
                json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 }),
            );
        }
    }

    /// Scripts of pages run or do not.
    pub(crate) fn scripts(&mut self, run: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": !run }));
    }

    /// Light or dark, on a screen or on paper; nothing moves, so that what is looked at has arrived.
    pub(crate) fn media(&mut self, scheme: &str, medium: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
    }

    /// A window of some width and height.
    pub(crate) fn size(&mut self, width: u32, height: u32, phone: bool) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone }),
        );
    }

    /// A picture of the upper part of the page, PNG.
    pub(crate) fn picture(&mut self, width: u32, height: u32) -> Vec<u8> {
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let told = self
            .call("Page.captureScreenshot", json!({ "format": "png", "clip": clip, "captureBeyondViewport": true }));
        let data = told["data"].as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(data).expect("base64")
    }

    /// The page on paper, PDF.
    pub(crate) fn paper(&mut self) -> Vec<u8> {
        let told = self.call("Page.printToPDF", json!({ "paperWidth": 8.27, "paperHeight": 11.69 }));
        let data = told["data"].as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.decode(data).expect("base64")
    }
}
