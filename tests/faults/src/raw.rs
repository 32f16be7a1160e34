//! Scripted HTTP servers with control over every byte. Each connection has its own thread.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use socket2::{Domain, Socket, Type};

/// A received request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method, target and version.
    pub line: String,
    /// The headers in order, with lowercase names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The request target.
    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    /// Reads a request. Returns `None` at the end of the connection.
    pub fn read(from: &mut impl BufRead) -> io::Result<Option<Request>> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if from.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let mut lines = lines.into_iter();
        let line = lines.next().unwrap_or_default();
        let header = |text: String| {
            let (name, value) = text.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let mut request = Request { line, headers: lines.filter_map(header).collect(), body: String::new() };
        let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        from.read_exact(&mut body)?;
        request.body = String::from_utf8_lossy(&body).into_owned();
        Ok(Some(request))
    }
}

/// What happens to the connection after a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// It stays open for the next request.
    Keep,
    /// It is closed.
    Close,
    /// It stays open, and nothing more is sent.
    Hang,
}

/// The server's side of a connection, with or without TLS.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

type Wrap = dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync;
type Responder = dyn Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync;

#[derive(Default)]
struct State {
    stopped: AtomicBool,
    connections: AtomicUsize,
    requests: Mutex<Vec<Request>>,
}

/// A running server. Dropping it frees its port; connections stay open until their clients close them.
pub struct RawServer {
    addr: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

impl RawServer {
    /// Starts a server that responds to each request with `responder`.
    pub fn start(
        responder: impl Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync + 'static,
    ) -> RawServer {
        RawServer::start_with(|stream| Some(Box::new(stream)), responder)
    }

    /// Starts a server whose streams go through `wrap`, such as a TLS handshake; `None` closes the connection.
    pub fn start_with(
        wrap: impl Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync + 'static,
        responder: impl Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync + 'static,
    ) -> RawServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (addr, state) = (listener.local_addr().unwrap(), Arc::new(State::default()));
        let (wrap, responder): (Arc<Wrap>, Arc<Responder>) = (Arc::new(wrap), Arc::new(responder));
        let shared = Arc::clone(&state);
        let thread = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.stopped.load(Ordering::SeqCst) {
                    break;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (state, wrap, responder) =
                    (Arc::clone(&shared), Arc::clone(&wrap), Arc::clone(&responder));
                // A broken connection is often the point of the test.
                thread::spawn(move || wrap(stream).map(|stream| serve(stream, &state, &*responder)));
            }
        });
        RawServer { addr, state, thread: Some(thread) }
    }

    /// Starts a server that returns access tokens, and responds to every other request with `responder`.
    pub fn service(
        responder: impl Fn(&Request, &mut dyn Write) -> io::Result<Next> + Send + Sync + 'static,
    ) -> RawServer {
        RawServer::start(move |request, to| match request.target() {
            "/oauth/token" => json(to, 200, TOKEN),
            _ => responder(request, to),
        })
    }

    /// The environment URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// The number of accepted connections.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }

    /// The requests so far whose target starts with `path`.
    pub fn requests_to(&self, path: &str) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.target().starts_with(path)).collect()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        // Wakes the accept loop.
        let _ = TcpStream::connect(self.addr);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(stream: Box<dyn Stream>, state: &State, responder: &Responder) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = Request::read(&mut stream)? {
        state.requests.lock().unwrap().push(request.clone());
        match responder(&request, stream.get_mut())? {
            Next::Keep => {}
            Next::Close => return Ok(()),
            Next::Hang => return stream.read_to_end(&mut Vec::new()).map(drop),
        }
    }
    Ok(())
}

/// A token response of the service.
pub const TOKEN: &str = r#"{"access_token": "token_1", "token_type": "Bearer", "expires_in": 3600}"#;

/// An organization response of the service.
pub const ORGANIZATION: &str = r#"{"organization": {"id": "org_1", "display_name": "Acme"}}"#;

/// A key set of the service, with a key that has signed no token.
pub const KEYS: &str = concat!(
    r#"{"keys": [{"use": "sig", "kty": "RSA", "kid": "snk_2", "alg": "RS256", "e": "AQAB", "n": ""#,
    "______________________________________________________________________________________",
    "______________________________________________________________________________________",
    "______________________________________________________________________________________",
    "___________________________________________________________________________________w",
    r#""}]}"#,
);

/// Writes a complete response with additional headers.
pub fn respond(to: &mut dyn Write, status: u16, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Next> {
    let mut head = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let whole = [head.as_bytes(), b"\r\n", body].concat();
    to.write_all(&whole)?;
    to.flush()?;
    Ok(Next::Keep)
}

/// Writes a complete JSON response.
pub fn json(to: &mut dyn Write, status: u16, body: &str) -> io::Result<Next> {
    respond(to, status, &[("content-type", "application/json")], body.as_bytes())
}

/// A bound port that refuses connections until this is dropped.
#[derive(Debug)]
pub struct Nowhere(Socket);

impl Default for Nowhere {
    fn default() -> Self {
        Self::new()
    }
}

impl Nowhere {
    /// Binds a free port without listening on it.
    pub fn new() -> Nowhere {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Nowhere(socket)
    }

    /// The environment URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap().as_socket().unwrap())
    }
}
