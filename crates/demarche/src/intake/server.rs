//! A web server for tests, on the loopback: what it answers is a function of the request, and it knows what was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request as it came.
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) port: u16,
    headers: Vec<(String, String)>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What the server says.
pub(crate) struct Reply {
    status: u16,
    lines: Vec<String>,
    body: Vec<u8>,
    wait: Duration,
    drip: bool,
}

impl Reply {
    /// With a header line.
    pub(crate) fn with(mut self, line: &str) -> Reply {
        self.lines.push(line.to_string());
        self
    }
    /// After a while.
    pub(crate) fn after(self, wait: Duration) -> Reply {
        Reply { wait, ..self }
    }
    /// Byte by byte.
    pub(crate) fn dripping(self) -> Reply {
        Reply { drip: true, ..self }
    }
}

/// The server; it ends with the process.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                thread::spawn(move || {
                    if let Some(request) = read(&stream, port) {
                        seen.lock().expect("no test panics here").push(request.path.clone());
                        let _ = write(stream, &answer(&request));
                    }
                });
            }
        });
        Server { port, asked }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The paths asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics here").clone()
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply { status, lines: Vec::new(), body: Vec::new(), wait: Duration::ZERO, drip: false }
    }

    pub(crate) fn page(media: &str, body: &str) -> Reply {
        Reply { body: body.as_bytes().to_vec(), ..Server::status(200) }.with(&format!("Content-Type: {media}"))
    }
}

fn read(stream: &TcpStream, port: u16) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_string();
    let mut headers = Vec::new();
    while let Some(Ok(line)) = lines.next() {
        match line.split_once(':') {
            Some((name, value)) => headers.push((name.trim().to_ascii_lowercase(), value.trim().to_string())),
            None => break,
        }
    }
    Some(Request { path, port, headers })
}

fn write(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    thread::sleep(reply.wait);
    write!(stream, "HTTP/1.1 {} X\r\nConnection: close\r\n", reply.status)?;
    for line in &reply.lines {
        write!(stream, "{line}\r\n")?;
    }
    if reply.status == 304 {
        return write!(stream, "\r\n");
    }
    write!(stream, "Content-Length: {}\r\n\r\n", reply.body.len())?;
    if !reply.drip {
        return stream.write_all(&reply.body);
    }
    for byte in &reply.body {
        stream.write_all(&[*byte])?;
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
