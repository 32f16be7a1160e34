//! A server where one thing goes wrong, at one of the requests that a client makes.

use std::collections::HashMap;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;
use socket2::{Domain, SockRef, Socket, Type};

use crate::case::{Case, Fault, Scene, Target, Then};
use crate::memory;
use crate::raw::{self, Request, Stream};
use crate::tls::{self, Authority};

/// Nobody waits longer than this for something that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Whom clients are told to trust.
pub(crate) static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);

static IN_ORDER: LazyLock<Arc<ServerConfig>> =
    LazyLock::new(|| Arc::new(tls::config(&AUTHORITY.sign("127.0.0.1"), None, rustls::DEFAULT_VERSIONS)));

/// A running server. Dropping it ends its connections.
pub struct Site {
    shared: Arc<Shared>,
    listener: Arc<Socket>,
    addr: SocketAddr,
    elsewhere: TcpListener,
    process: u32,
    used_before: Option<u64>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) struct Shared {
    pub(crate) case: &'static Case,
    pub(crate) target: Target,
    scene: Scene,
    healed: AtomicBool,
    stopped: AtomicBool,
    /// Connections that were made; those that went wrong.
    made: AtomicUsize,
    pub(crate) wronged: AtomicUsize,
    /// The most that was sent over one connection in place of an answer.
    pub(crate) most_sent: AtomicU64,
    pub(crate) requests: Mutex<Vec<Request>>,
    /// The connections that are open, by number.
    open: Mutex<HashMap<usize, Connection>>,
    closed: Condvar,
}

struct Connection {
    socket: TcpStream,
    /// Whether something went wrong on it.
    wronged: bool,
}

impl Site {
    /// Starts one. `process` is that of the client, whose memory is watched.
    pub fn start(case: &'static Case, target: Target, process: u32) -> Site {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        let addr = listener.local_addr().unwrap().as_socket().unwrap();
        let elsewhere = elsewhere();
        let scheme = if case.fault.is_secure() { "https" } else { "http" };
        let scene = Scene {
            target,
            own: format!("{scheme}://{addr}"),
            elsewhere: elsewhere.local_addr().unwrap().to_string(),
        };
        let shared = Arc::new(Shared::new(case, target, scene));
        let listener = Arc::new(listener);
        let nobody_listens = matches!(case.fault, Fault::Refuse) && !target.needs_token();
        let thread = (!nobody_listens).then(|| {
            listener.listen(64).unwrap();
            let (shared, listener) = (Arc::clone(&shared), Arc::clone(&listener));
            thread::spawn(move || accept(&shared, &listener))
        });
        let used_before = case.heavy.then(|| {
            memory::forget_peak(process);
            memory::used(process)
        });
        let used_before = used_before.flatten();
        Site { shared, listener, addr, elsewhere, process, used_before, thread }
    }

    /// What a client takes for its environment URL.
    pub fn url(&self) -> &str {
        &self.shared.scene.own
    }

    /// The authorities that a client is to trust, in PEM.
    pub fn authority(&self) -> String {
        AUTHORITY.pem()
    }

    /// From now on all is well. False where a call would not see that: nobody listens any more, or the client
    /// remembers for a while that there were no keys.
    pub fn heal(&self) -> bool {
        self.shared.healed.store(true, Ordering::SeqCst);
        !matches!(self.shared.case.fault, Fault::Refuse) && self.shared.target != Target::Check
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Whether somebody was sent elsewhere, and went.
    pub(crate) fn led_astray(&self) -> bool {
        self.elsewhere.set_nonblocking(true).unwrap();
        !matches!(self.elsewhere.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// By how many kilobytes the client grew at most. `None` where that is not measured.
    pub(crate) fn grown(&self) -> Option<u64> {
        Some(memory::peak(self.process)?.saturating_sub(self.used_before?))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = self.listener.shutdown(Shutdown::Both);
        // Where that did not wake the listener, this does.
        let _ = TcpStream::connect(self.addr);
        let _ = self.thread.take().map(JoinHandle::join);
        for connection in self.shared.open.lock().unwrap().values() {
            let _ = connection.socket.shutdown(Shutdown::Both);
        }
    }
}

/// A server that nobody visits by accident. Where the whole of 127.0.0.0/8 is this machine, it has an address of its own:
/// ports are given out again soon, to whoever asks.
fn elsewhere() -> TcpListener {
    static NUMBER: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let [.., third, fourth] = std::process::id().to_be_bytes();
    let own = Ipv4Addr::new(127, third ^ high | 1, fourth, low.max(1));
    TcpListener::bind((own, 0)).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap()
}

fn accept(shared: &Arc<Shared>, listener: &Socket) {
    while !shared.stopped.load(Ordering::SeqCst) {
        // A client that is gone before it was let in is no reason to let in nobody any more.
        let Ok((socket, _)) = listener.accept() else { continue };
        let number = shared.made.fetch_add(1, Ordering::SeqCst);
        let stream = TcpStream::from(socket);
        let Ok(socket) = stream.try_clone() else { continue };
        shared.open.lock().unwrap().insert(number, Connection { socket, wronged: false });
        let last = matches!(shared.case.fault, Fault::Refuse);
        if last {
            let _ = listener.shutdown(Shutdown::Both);
        }
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A broken connection is often the point of the test.
            let then = shared.serve(stream, number).unwrap_or(Then::Close);
            shared.close(number, then);
        });
        if last {
            break;
        }
    }
}

impl Shared {
    fn new(case: &'static Case, target: Target, scene: Scene) -> Shared {
        Shared {
            case,
            target,
            scene,
            healed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            made: AtomicUsize::new(0),
            wronged: AtomicUsize::new(0),
            most_sent: AtomicU64::new(0),
            requests: Mutex::default(),
            open: Mutex::default(),
            closed: Condvar::new(),
        }
    }

    fn close(&self, number: usize, then: Then) {
        let mut open = self.open.lock().unwrap();
        if let Some(connection) = open.remove(&number).filter(|_| then == Then::Reset) {
            let _ = SockRef::from(&connection.socket).set_linger(Some(Duration::ZERO));
        }
        self.closed.notify_all();
    }

    fn mark(&self, number: usize) {
        if let Some(connection) = self.open.lock().unwrap().get_mut(&number) {
            connection.wronged = true;
        }
    }

    /// Waits until the client has let go of every connection where something went wrong. False where it does not.
    pub(crate) fn is_let_go(&self) -> bool {
        let held = |open: &mut HashMap<_, Connection>| open.values().any(|connection| connection.wronged);
        let open = self.open.lock().unwrap();
        let (_open, limit) = self.closed.wait_timeout_while(open, PATIENCE, held).unwrap();
        !limit.timed_out()
    }

    fn is_healed(&self) -> bool {
        self.healed.load(Ordering::SeqCst)
    }

    fn serve(&self, mut stream: TcpStream, number: usize) -> io::Result<Then> {
        let fault = self.case.fault;
        let early = fault.is_early() && !self.is_healed() && (number > 0 || !self.target.needs_token());
        if early {
            self.wronged.fetch_add(1, Ordering::SeqCst);
            self.mark(number);
        }
        let stream: Option<Box<dyn Stream>> = match fault {
            Fault::Connection(fault) | Fault::Wire(fault) if early => {
                let then = fault(&mut Counted { to: &mut stream, sent: 0, most: &self.most_sent })?;
                return end(&mut stream, then);
            }
            Fault::Handshake(config) if early => tls::accept(&Arc::new(config()), stream),
            _ if fault.is_secure() => tls::accept(&IN_ORDER, stream),
            _ => Some(Box::new(stream)),
        };
        match stream {
            Some(stream) => self.converse(stream, number),
            None => Ok(Then::Close),
        }
    }

    fn converse(&self, stream: Box<dyn Stream>, number: usize) -> io::Result<Then> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = Request::read(&mut stream)? {
            let target = Target::ALL.into_iter().find(|target| is_for(&request, *target));
            self.requests.lock().unwrap().push(request);
            let Some(target) = target else {
                raw::json(stream.get_mut(), 404, "{}")?;
                continue;
            };
            let then = if target.request() == self.target.request() && !self.is_healed() {
                self.mark(number);
                self.wrong(stream.get_mut())?
            } else {
                self.well(target, stream.get_mut())?
            };
            match then {
                Then::Keep => {}
                then => return end(&mut stream, then),
            }
        }
        Ok(Then::Close)
    }

    fn wrong(&self, to: &mut dyn Write) -> io::Result<Then> {
        let mut to = Counted { to, sent: 0, most: &self.most_sent };
        match self.case.fault {
            Fault::Says(text, then) | Fault::SaysSecurely(text, then) => {
                to.write_all(self.scene.fill(text).as_bytes())?;
                to.flush()?;
                Ok(then)
            }
            Fault::Does(what) => what(&self.scene, &mut to),
            _ => self.well(self.target, &mut to),
        }
    }

    fn well(&self, target: Target, to: &mut dyn Write) -> io::Result<Then> {
        // Where connections are what goes wrong, the one that brought the token does not serve for more.
        let last = self.case.fault.is_early() && self.target.needs_token() && target == Target::Token;
        let headers: &[(&str, &str)] =
            if last { &[("connection", "close")] } else { &[("content-type", "application/json")] };
        raw::respond(to, 200, headers, target.good().as_bytes())?;
        Ok(if last { Then::Close } else { Then::Keep })
    }
}

fn end(stream: &mut dyn Read, then: Then) -> io::Result<Then> {
    if then == Then::Hang {
        io::copy(stream, &mut io::sink())?;
    }
    Ok(then)
}

fn is_for(request: &Request, target: Target) -> bool {
    request.line.strip_suffix(" HTTP/1.1") == Some(target.request())
}

/// Counts what is taken from us.
struct Counted<'a, T: ?Sized> {
    to: &'a mut T,
    sent: u64,
    most: &'a AtomicU64,
}

impl<T: Write + ?Sized> Write for Counted<'_, T> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.to.write(buffer)?;
        self.sent += written as u64;
        self.most.fetch_max(self.sent, Ordering::SeqCst);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl<T: Read + ?Sized> Read for Counted<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.to.read(buffer)
    }
}
