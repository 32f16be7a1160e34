//! A server that applies one fault to one of the requests that a client makes.

use std::collections::HashMap;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::ServerConfig;
use socket2::{Domain, SockRef, Socket, Type};

use crate::case::{Case, ConnectionAction, Fault, ResponseContext, Target};
use crate::memory;
use crate::raw::{self, Request, Stream};
use crate::tls::{self, Authority};

/// The longest wait for an expected event.
pub const MAX_WAIT: Duration = Duration::from_secs(30);

/// The authority that clients trust.
pub(crate) static AUTHORITY: LazyLock<Authority> = LazyLock::new(Authority::new);

static VALID_TLS: LazyLock<Arc<ServerConfig>> =
    LazyLock::new(|| Arc::new(tls::config(&AUTHORITY.sign("127.0.0.1"), None, rustls::DEFAULT_VERSIONS)));

/// A running server. Dropping it closes its connections.
pub struct FaultServer {
    shared: Arc<Shared>,
    listener: Arc<Socket>,
    addr: SocketAddr,
    elsewhere: TcpListener,
    process: u32,
    memory_before: Option<u64>,
    thread: Option<JoinHandle<()>>,
}

pub(crate) struct Shared {
    pub(crate) case: &'static Case,
    pub(crate) target: Target,
    context: ResponseContext,
    healed: AtomicBool,
    stopped: AtomicBool,
    /// The number of accepted connections.
    accepted: AtomicUsize,
    /// The number of connections with an early fault.
    pub(crate) faulty: AtomicUsize,
    /// The most bytes sent over one connection in place of a response.
    pub(crate) most_sent: AtomicU64,
    pub(crate) requests: Mutex<Vec<Request>>,
    /// The open connections by number.
    open: Mutex<HashMap<usize, Connection>>,
    closed: Condvar,
}

struct Connection {
    socket: TcpStream,
    /// Whether a fault was applied to the connection.
    faulty: bool,
}

impl FaultServer {
    /// Starts a server. `process` is the ID of the client's process, whose memory is measured.
    pub fn start(case: &'static Case, target: Target, process: u32) -> FaultServer {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        let addr = listener.local_addr().unwrap().as_socket().unwrap();
        let elsewhere = elsewhere();
        let scheme = if case.fault.is_secure() { "https" } else { "http" };
        let context = ResponseContext {
            target,
            own: format!("{scheme}://{addr}"),
            elsewhere: elsewhere.local_addr().unwrap().to_string(),
        };
        let shared = Arc::new(Shared::new(case, target, context));
        let listener = Arc::new(listener);
        let is_refusing = matches!(case.fault, Fault::Refuse) && !target.needs_token();
        let thread = (!is_refusing).then(|| {
            listener.listen(64).unwrap();
            let (shared, listener) = (Arc::clone(&shared), Arc::clone(&listener));
            thread::spawn(move || accept(&shared, &listener))
        });
        let memory_before = case.heavy.then(|| {
            memory::reset_peak(process);
            memory::used(process)
        });
        let memory_before = memory_before.flatten();
        FaultServer { shared, listener, addr, elsewhere, process, memory_before, thread }
    }

    /// The environment URL for a client.
    pub fn url(&self) -> &str {
        &self.shared.context.own
    }

    /// The certificate authority for a client, in PEM.
    pub fn authority(&self) -> String {
        AUTHORITY.pem()
    }

    /// Ends the fault. Returns false if a second call cannot succeed anyway: the port refuses connections, or the client
    /// caches the failed key fetch for a while.
    pub fn heal(&self) -> bool {
        self.shared.healed.store(true, Ordering::SeqCst);
        !matches!(self.shared.case.fault, Fault::Refuse) && self.shared.target != Target::Check
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Whether a client connected to the server elsewhere.
    pub(crate) fn is_elsewhere_contacted(&self) -> bool {
        self.elsewhere.set_nonblocking(true).unwrap();
        !matches!(self.elsewhere.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// The peak growth of the client in kilobytes, or `None` if it is not measured.
    pub(crate) fn grown(&self) -> Option<u64> {
        Some(memory::peak(self.process)?.saturating_sub(self.memory_before?))
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = self.listener.shutdown(Shutdown::Both);
        // Wakes the accept loop on systems where the shutdown does not.
        let _ = TcpStream::connect(self.addr);
        let _ = self.thread.take().map(JoinHandle::join);
        for connection in self.shared.open.lock().unwrap().values() {
            let _ = connection.socket.shutdown(Shutdown::Both);
        }
    }
}

/// A server that no client connects to by accident. Where all of 127.0.0.0/8 is loopback, it has its own address, because
/// a freed port is soon assigned to another program.
fn elsewhere() -> TcpListener {
    static NUMBER: AtomicU16 = AtomicU16::new(1);
    let [high, low] = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let [.., third, fourth] = std::process::id().to_be_bytes();
    let own = Ipv4Addr::new(127, third ^ high | 1, fourth, low.max(1));
    TcpListener::bind((own, 0)).or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap()
}

fn accept(shared: &Arc<Shared>, listener: &Socket) {
    while !shared.stopped.load(Ordering::SeqCst) {
        // A client that disconnects before it is accepted must not end the accept loop.
        let Ok((socket, _)) = listener.accept() else { continue };
        let number = shared.accepted.fetch_add(1, Ordering::SeqCst);
        let stream = TcpStream::from(socket);
        let Ok(socket) = stream.try_clone() else { continue };
        shared.open.lock().unwrap().insert(number, Connection { socket, faulty: false });
        let last = matches!(shared.case.fault, Fault::Refuse);
        if last {
            let _ = listener.shutdown(Shutdown::Both);
        }
        let shared = Arc::clone(shared);
        thread::spawn(move || {
            // A broken connection is often the point of the test.
            let action = shared.serve(stream, number).unwrap_or(ConnectionAction::Close);
            shared.close(number, action);
        });
        if last {
            break;
        }
    }
}

impl Shared {
    fn new(case: &'static Case, target: Target, context: ResponseContext) -> Shared {
        Shared {
            case,
            target,
            context,
            healed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            accepted: AtomicUsize::new(0),
            faulty: AtomicUsize::new(0),
            most_sent: AtomicU64::new(0),
            requests: Mutex::default(),
            open: Mutex::default(),
            closed: Condvar::new(),
        }
    }

    fn close(&self, number: usize, action: ConnectionAction) {
        let mut open = self.open.lock().unwrap();
        if let Some(connection) = open.remove(&number).filter(|_| action == ConnectionAction::Reset) {
            let _ = SockRef::from(&connection.socket).set_linger(Some(Duration::ZERO));
        }
        self.closed.notify_all();
    }

    fn mark_faulty(&self, number: usize) {
        if let Some(connection) = self.open.lock().unwrap().get_mut(&number) {
            connection.faulty = true;
        }
    }

    /// Waits until the client has closed every faulty connection. Returns false after `MAX_WAIT`.
    pub(crate) fn await_faulty_connections_closed(&self) -> bool {
        let has_faulty =
            |open: &mut HashMap<_, Connection>| open.values().any(|connection| connection.faulty);
        let open = self.open.lock().unwrap();
        let (_open, limit) = self.closed.wait_timeout_while(open, MAX_WAIT, has_faulty).unwrap();
        !limit.timed_out()
    }

    fn is_healed(&self) -> bool {
        self.healed.load(Ordering::SeqCst)
    }

    fn serve(&self, mut stream: TcpStream, number: usize) -> io::Result<ConnectionAction> {
        let fault = self.case.fault;
        let early = fault.is_early() && !self.is_healed() && (number > 0 || !self.target.needs_token());
        if early {
            self.faulty.fetch_add(1, Ordering::SeqCst);
            self.mark_faulty(number);
        }
        let stream: Option<Box<dyn Stream>> = match fault {
            Fault::Connection(fault) | Fault::Wire(fault) if early => {
                let action = fault(&mut Counted { to: &mut stream, sent: 0, most: &self.most_sent })?;
                return finish(&mut stream, action);
            }
            Fault::Handshake(config) if early => tls::accept(&Arc::new(config()), stream),
            _ if fault.is_secure() => tls::accept(&VALID_TLS, stream),
            _ => Some(Box::new(stream)),
        };
        match stream {
            Some(stream) => self.serve_requests(stream, number),
            None => Ok(ConnectionAction::Close),
        }
    }

    fn serve_requests(&self, stream: Box<dyn Stream>, number: usize) -> io::Result<ConnectionAction> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = Request::read(&mut stream)? {
            let target = Target::ALL.into_iter().find(|target| is_for(&request, *target));
            self.requests.lock().unwrap().push(request);
            let Some(target) = target else {
                raw::json(stream.get_mut(), 404, "{}")?;
                continue;
            };
            let action = if target.request() == self.target.request() && !self.is_healed() {
                self.mark_faulty(number);
                self.write_fault(stream.get_mut())?
            } else {
                self.write_success(target, stream.get_mut())?
            };
            match action {
                ConnectionAction::Keep => {}
                action => return finish(&mut stream, action),
            }
        }
        Ok(ConnectionAction::Close)
    }

    fn write_fault(&self, to: &mut dyn Write) -> io::Result<ConnectionAction> {
        let mut to = Counted { to, sent: 0, most: &self.most_sent };
        match self.case.fault {
            Fault::Text(text, action) | Fault::TextOverTls(text, action) => {
                to.write_all(self.context.fill(text).as_bytes())?;
                to.flush()?;
                Ok(action)
            }
            Fault::Custom(write) => write(&self.context, &mut to),
            _ => self.write_success(self.target, &mut to),
        }
    }

    fn write_success(&self, target: Target, to: &mut dyn Write) -> io::Result<ConnectionAction> {
        // If the fault affects connections, the connection of the token response is closed, so that the next request opens
        // a new one.
        let last = self.case.fault.is_early() && self.target.needs_token() && target == Target::Token;
        let headers: &[(&str, &str)] =
            if last { &[("connection", "close")] } else { &[("content-type", "application/json")] };
        raw::respond(to, 200, headers, target.good_body().as_bytes())?;
        Ok(if last { ConnectionAction::Close } else { ConnectionAction::Keep })
    }
}

fn finish(stream: &mut dyn Read, action: ConnectionAction) -> io::Result<ConnectionAction> {
    if action == ConnectionAction::Hang {
        io::copy(stream, &mut io::sink())?;
    }
    Ok(action)
}

fn is_for(request: &Request, target: Target) -> bool {
    request.line.strip_suffix(" HTTP/1.1") == Some(target.request())
}

/// Counts the written bytes.
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
