//! The bad road: passes bytes on, and breaks connections where no answer ends.
//!
//! Most connections are let be; the others get so many bytes through, in one direction, and then are reset, closed, or
//! held still. Now and then nobody listens for a moment, so that connections are refused.

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

/// How long the door is open, and how long it is shut.
const OPEN: Duration = Duration::from_millis(1500);
const SHUT: Duration = Duration::from_millis(60);

/// What happens to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Spared,
    /// After so many bytes of the client's.
    Request(usize, End),
    /// After so many bytes of the server's.
    Answer(usize, End),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Reset,
    Close,
    Still,
}

impl Fate {
    fn choose(rng: &mut Rng) -> Self {
        let end = match rng.u32(..10) {
            0..5 => End::Reset,
            5..8 => End::Close,
            _ => End::Still,
        };
        // A request is some hundred bytes, and so is an answer; connections live for many of them.
        let most = if rng.bool() { 1000 } else { 30_000 };
        let bytes = rng.usize(1..most);
        match rng.u32(..10) {
            0..4 => Self::Spared,
            4..7 => Self::Request(bytes, end),
            _ => Self::Answer(bytes, end),
        }
    }

    fn name(self) -> String {
        let (side, end) = match self {
            Self::Spared => return "spared".into(),
            Self::Request(_, end) => ("request", end),
            Self::Answer(_, end) => ("answer", end),
        };
        let end = match end {
            End::Reset => "reset",
            End::Close => "closed",
            End::Still => "held still",
        };
        format!("connection {end} amid the {side}s")
    }
}

type Counts = Arc<Mutex<BTreeMap<String, u64>>>;

fn count(counts: &Counts, what: String) {
    *counts.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
}

/// Serves until standard input ends, and then says what it has done.
pub fn run(to: &str, seed: u64) -> Done<()> {
    let to: SocketAddr = to.parse()?;
    let counts = Counts::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    // A read of standard input cannot be cancelled, and must not hold up the runtime.
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(ended);
    });
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", json!({"url": format!("http://{}", listener.local_addr()?)}));
        tokio::select! {
            result = serve(listener, to, Rng::with_seed(seed), &counts) => result,
            _ = end => Ok(()),
        }
    })?;
    // Nobody may be there to listen.
    let _ = writeln!(std::io::stdout(), "{}", json!(*counts.lock().unwrap_or_else(PoisonError::into_inner)));
    Ok(())
}

async fn serve(mut listener: TcpListener, to: SocketAddr, mut rng: Rng, counts: &Counts) -> Done<()> {
    let address = listener.local_addr()?;
    loop {
        let shut = tokio::time::sleep(OPEN);
        tokio::pin!(shut);
        loop {
            tokio::select! {
                () = &mut shut => break,
                accepted = listener.accept() => {
                    let (client, fate, counts) = (accepted?.0, Fate::choose(&mut rng), Arc::clone(counts));
                    tokio::spawn(async move { pass(client, to, fate, &counts).await });
                }
            }
        }
        drop(listener);
        count(counts, "nobody listening for a moment".into());
        tokio::time::sleep(SHUT).await;
        listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                Err(_) => tokio::time::sleep(SHUT).await,
            }
        };
    }
}

/// Passes bytes on until one side is done, or fate strikes.
async fn pass(mut client: TcpStream, to: SocketAddr, fate: Fate, counts: &Counts) {
    let Ok(mut server) = TcpStream::connect(to).await else { return };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut up, mut down) = (vec![0; 8192], vec![0; 8192]);
    let (mut asked, mut answered) = match fate {
        Fate::Spared => (None, None),
        Fate::Request(bytes, _) => (Some(bytes), None),
        Fate::Answer(bytes, _) => (None, Some(bytes)),
    };
    let mut passed = true;
    while passed {
        passed = tokio::select! {
            read = client.read(&mut up) => forward(&up, read, &mut server, &mut asked).await,
            read = server.read(&mut down) => forward(&down, read, &mut client, &mut answered).await,
        };
    }
    if asked == Some(0) || answered == Some(0) {
        count(counts, fate.name());
        strike(&mut client, fate).await;
    }
}

/// Whether to go on.
async fn forward(
    bytes: &[u8],
    read: std::io::Result<usize>,
    to: &mut TcpStream,
    left: &mut Option<usize>,
) -> bool {
    let Ok(length @ 1..) = read else { return false };
    let most = left.unwrap_or(usize::MAX).min(length);
    if let Some(left) = left {
        *left -= most;
    }
    to.write_all(&bytes[..most]).await.is_ok() && *left != Some(0)
}

async fn strike(client: &mut TcpStream, fate: Fate) {
    match fate {
        Fate::Request(_, End::Reset) | Fate::Answer(_, End::Reset) => {
            // Closed without a farewell: the other side sees a reset.
            let _ = socket2::SockRef::from(&*client).set_linger(Some(Duration::ZERO));
        }
        Fate::Request(_, End::Still) | Fate::Answer(_, End::Still) => {
            // Until the client goes.
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
    fn a_seed_chooses_every_fate_and_always_the_same() {
        let fates = |seed| {
            let mut rng = Rng::with_seed(seed);
            (0..200).map(|_| Fate::choose(&mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(fates(7), fates(7));
        let names: std::collections::BTreeSet<_> = fates(7).into_iter().map(Fate::name).collect();
        assert_eq!(names.len(), 7, "{names:?}");
    }
}
