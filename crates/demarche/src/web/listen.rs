//! Where the site listens: the loopback unless told otherwise, with a bound on how long a request's head may take to
//! arrive and on how many connections are open.

use super::{Site, app};
use anyhow::{Context, Result, bail};
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Where to listen.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address of this machine on which to listen.
    pub host: IpAddr,
    /// The port; 0 for any that is free.
    pub port: u16,
}

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(10);
/// Connections open at once.
const CONNECTIONS: usize = 512;
/// How long answers in hand have when the program is to end.
const LAST: Duration = Duration::from_secs(2);

/// Listens until `stop`; `ready` is told the address.
///
/// # Errors
/// Where the port is taken or may not be used.
pub fn serve(site: Site, options: &Options, stop: &AtomicBool, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads")?;
    let ended = runtime.block_on(async {
        let address = SocketAddr::new(options.host, options.port);
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                bail!("{address}: another program listens there (hint: --port {})", options.port.wrapping_add(1))
            }
            Err(error) => return Err(error).with_context(|| address.to_string()),
        };
        ready(listener.local_addr()?);
        accept(&listener, app(Arc::new(site)), stop).await;
        Ok(())
    });
    // Whoever is still being answered is cut off: nothing is written but in transactions.
    runtime.shutdown_timeout(LAST);
    ended
}

async fn accept(listener: &TcpListener, app: axum::Router, stop: &AtomicBool) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    while !stop.load(Ordering::Relaxed) {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let next = tokio::time::timeout(Duration::from_millis(200), listener.accept()).await;
        let Ok(Ok((stream, address))) = next else { continue };
        let app = app.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let mut request: Request = request.map(axum::body::Body::new);
                request.extensions_mut().insert(ConnectInfo(address));
                app.clone().oneshot(request)
            });
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD);
            // What a browser breaks off is no fault of ours.
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
            drop(permit);
        });
    }
}
