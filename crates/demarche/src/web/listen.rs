//! Where the site listens: the loopback unless told otherwise, with bounds on how long a request's head may be and take
//! to arrive, on how many connections are open, how many of one address, and how long each lasts.

use super::{Site, app};
use anyhow::{Context, Result, bail};
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
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
/// How long it may be, in bytes: longer ones are answered with 431.
const LONGEST_HEAD: usize = 64 << 10;
/// Connections open at once.
const CONNECTIONS: usize = 512;
/// Of these, how many of one address of the network.
const OF_ONE: usize = 64;
/// How long a connection lasts, and how long an answer in hand has after that: who takes none holds no place for good.
const LIFE: (Duration, Duration) = (Duration::from_secs(300), Duration::from_secs(60));
/// How long answers in hand have when the program is to end.
const LAST: Duration = Duration::from_secs(2);
/// How long to wait before looking again.
const MOMENT: Duration = Duration::from_millis(200);

/// The places for connections.
#[derive(Debug, Default)]
struct Room(Mutex<BTreeMap<IpAddr, usize>>);

/// A place, given back when it is dropped.
#[derive(Debug)]
struct Seat(Arc<Room>, IpAddr);

impl Room {
    fn is_full(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().sum::<usize>() >= CONNECTIONS
    }
    /// A place for an address, unless it has its share already.
    fn seat(self: &Arc<Room>, who: IpAddr) -> Option<Seat> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.entry(who).or_default();
        if *held >= OF_ONE && !who.is_loopback() {
            return None;
        }
        *held += 1;
        Some(Seat(Arc::clone(self), who))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = all.get_mut(&self.1) {
            *held -= 1;
            if *held == 0 {
                all.remove(&self.1);
            }
        }
    }
}

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
    let room = Arc::new(Room::default());
    while !stop.load(Ordering::Relaxed) {
        // Whoever comes while all places are taken waits in the system's queue.
        if room.is_full() {
            tokio::time::sleep(MOMENT / 10).await;
            continue;
        }
        let (stream, address) = match tokio::time::timeout(MOMENT, listener.accept()).await {
            Ok(Ok(next)) => next,
            Err(_) => continue,
            // No more files may be open, say: that does not pass by asking again at once.
            Ok(Err(_)) => {
                tokio::time::sleep(MOMENT).await;
                continue;
            }
        };
        let Some(seat) = room.seat(address.ip()) else { continue };
        let app = app.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let mut request: Request = request.map(axum::body::Body::new);
                request.extensions_mut().insert(ConnectInfo(address));
                app.clone().oneshot(request)
            });
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD);
            let mut connection = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
            // What a browser breaks off is no fault of ours.
            if tokio::time::timeout(LIFE.0, connection.as_mut()).await.is_err() {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(LIFE.1, connection).await;
            }
            drop(seat);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_takes_all_places() {
        let room = Arc::new(Room::default());
        let (far, near): (IpAddr, IpAddr) = ("192.0.2.7".parse().unwrap(), "127.0.0.1".parse().unwrap());
        let seats: Vec<Option<Seat>> = (0..100).map(|_| room.seat(far)).collect();
        assert_eq!(seats.iter().flatten().count(), OF_ONE);
        let others: Vec<Option<Seat>> = (0..CONNECTIONS - OF_ONE).map(|_| room.seat(near)).collect();
        assert!(others.iter().all(Option::is_some) && room.is_full());
        drop(seats);
        assert!(!room.is_full() && room.seat(far).is_some());
    }
}
