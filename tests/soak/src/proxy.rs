//! A faulty proxy: relays bytes, and breaks connections at arbitrary points.
//!
//! 40 % of the connections are undisturbed. The others are reset, closed or stalled after a number of bytes in one
//! direction. At intervals the proxy stops listening for a moment, so that connections are refused.

use std::collections::BTreeMap;
use std::io::{Read, Write as _};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::Done;

/// How long the proxy listens, and how long it refuses connections in between.
const LISTEN_TIME: Duration = Duration::from_millis(1500);
const REFUSE_TIME: Duration = Duration::from_millis(60);

/// The disruption of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disruption {
    Undisturbed,
    /// After this many bytes from the client.
    Request(usize, Action),
    /// After this many bytes from the server.
    Response(usize, Action),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Reset,
    Close,
    Stall,
}

impl Disruption {
    fn choose(rng: &mut Rng) -> Self {
        let action = match rng.u32(..10) {
            0..5 => Action::Reset,
            5..8 => Action::Close,
            _ => Action::Stall,
        };
        // Requests and responses have a few hundred bytes each, and a connection carries many of them.
        let most = if rng.bool() { 1000 } else { 30_000 };
        let bytes = rng.usize(1..most);
        match rng.u32(..10) {
            0..4 => Self::Undisturbed,
            4..7 => Self::Request(bytes, action),
            _ => Self::Response(bytes, action),
        }
    }

    fn name(self) -> String {
        let (side, action) = match self {
            Self::Undisturbed => return "undisturbed".into(),
            Self::Request(_, action) => ("request", action),
            Self::Response(_, action) => ("response", action),
        };
        let action = match action {
            Action::Reset => "reset",
            Action::Close => "closed",
            Action::Stall => "stalled",
        };
        format!("connection {action} during a {side}")
    }
}

type Counts = Arc<Mutex<BTreeMap<String, u64>>>;

fn count(counts: &Counts, what: String) {
    *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
}

/// Runs until standard input ends, and then prints the counts of the disruptions.
pub fn run(to: &str, seed: u64) -> Done<()> {
    let to: SocketAddr = to.parse()?;
    let counts = Counts::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ended, input_end) = tokio::sync::oneshot::channel::<()>();
    // On a thread, because a read of standard input cannot be cancelled and would block the runtime.
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(ended);
    });
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", json!({"url": format!("http://{}", listener.local_addr()?)}));
        tokio::select! {
            result = serve(listener, to, Rng::with_seed(seed), &counts) => result,
            _ = input_end => Ok(()),
        }
    })?;
    // The parent process may have ended.
    let _ = writeln!(std::io::stdout(), "{}", json!(*counts.lock().unwrap_or_else(PoisonError::into_inner)));
    Ok(())
}

async fn serve(mut listener: TcpListener, to: SocketAddr, mut rng: Rng, counts: &Counts) -> Done<()> {
    let address = listener.local_addr()?;
    loop {
        let pause = tokio::time::sleep(LISTEN_TIME);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                accepted = listener.accept() => {
                    let (client, disruption, counts) = (accepted?.0, Disruption::choose(&mut rng), Arc::clone(counts));
                    tokio::spawn(async move { relay(client, to, disruption, &counts).await });
                }
            }
        }
        drop(listener);
        count(counts, "connections refused for a moment".into());
        tokio::time::sleep(REFUSE_TIME).await;
        listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(REFUSE_TIME).await,
            }
        };
    }
}

/// Relays bytes until one side closes the connection or the disruption is due.
async fn relay(mut client: TcpStream, to: SocketAddr, disruption: Disruption, counts: &Counts) {
    let Ok(mut server) = TcpStream::connect(to).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    let (mut request_bytes, mut response_bytes) = match disruption {
        Disruption::Undisturbed => (None, None),
        Disruption::Request(bytes, _) => (Some(bytes), None),
        Disruption::Response(bytes, _) => (None, Some(bytes)),
    };
    let mut is_open = true;
    while is_open {
        is_open = tokio::select! {
            read = client.read(&mut up) => forward(&up, read, &mut server, &mut request_bytes).await,
            read = server.read(&mut down) => forward(&down, read, &mut client, &mut response_bytes).await,
        };
    }
    if request_bytes == Some(0) || response_bytes == Some(0) {
        count(counts, disruption.name());
        disrupt(&mut client, disruption).await;
    }
}

/// Forwards bytes. Returns whether to continue.
async fn forward(
    bytes: &[u8],
    read: std::io::Result<usize>,
    to: &mut TcpStream,
    remaining: &mut Option<usize>,
) -> bool {
    let Ok(length @ 1..) = read else { return false };
    let most = remaining.unwrap_or(usize::MAX).min(length);
    if let Some(remaining) = remaining {
        *remaining -= most;
    }
    to.write_all(&bytes[..most]).await.is_ok() && *remaining != Some(0)
}

async fn disrupt(client: &mut TcpStream, disruption: Disruption) {
    match disruption {
        Disruption::Request(_, Action::Reset) | Disruption::Response(_, Action::Reset) => {
            // With a linger time of zero, closing the socket sends a reset.
            let _ = socket2::SockRef::from(&*client).set_linger(Some(Duration::ZERO));
        }
        Disruption::Request(_, Action::Stall) | Disruption::Response(_, Action::Stall) => {
            // Until the client closes the connection.
            let mut rest = vec![0; 1024];
            while matches!(client.read(&mut rest).await, Ok(1..)) {}
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_determines_the_disruptions_and_covers_all_kinds() {
        let disruptions = |seed| {
            let mut rng = Rng::with_seed(seed);
            (0..200).map(|_| Disruption::choose(&mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(disruptions(7), disruptions(7));
        let names: std::collections::BTreeSet<_> = disruptions(7).into_iter().map(Disruption::name).collect();
        assert_eq!(names.len(), 7, "{names:?}");
    }
}
