//! An HTTP endpoint for webhooks and interceptor requests that records requests and responds as configured.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How the endpoint handles one request.
#[derive(Debug, Clone, Copy)]
pub enum Behavior {
    /// Respond with this status code and no body.
    Status(u16),
    /// Respond with 200 and this body.
    Json(&'static str),
    /// Close the connection without a response.
    Close,
    /// Keep the connection open without a response.
    NoResponse,
}

/// The headers and body of a request.
pub type Request = (HashMap<String, String>, Vec<u8>);

pub struct Receiver {
    pub url: String,
    requests: Arc<watch::Sender<Vec<Request>>>,
    behaviors: Arc<Mutex<VecDeque<Behavior>>>,
    server: JoinHandle<()>,
}

impl Receiver {
    /// Starts an endpoint that responds with 201 unless other behavior is queued.
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
        let (requests, behaviors) = (Arc::default(), Arc::<Mutex<VecDeque<Behavior>>>::default());
        let server = tokio::spawn(serve(listener, Arc::clone(&requests), Arc::clone(&behaviors)));
        Receiver { url, requests, behaviors, server }
    }

    /// Queues the behavior for the next requests, one entry per request.
    pub fn queue(&self, behaviors: &[Behavior]) {
        self.behaviors.lock().unwrap().extend(behaviors);
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.borrow().clone()
    }

    /// Waits until at least `count` requests have arrived.
    pub async fn wait(&self, count: usize) {
        let mut requests = self.requests.subscribe();
        requests.wait_for(|requests| requests.len() >= count).await.unwrap();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(
    listener: TcpListener,
    requests: Arc<watch::Sender<Vec<Request>>>,
    behaviors: Arc<Mutex<VecDeque<Behavior>>>,
) {
    let mut open = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read(&mut stream).await;
        requests.send_modify(|requests| requests.push(request));
        let behavior = behaviors.lock().unwrap().pop_front().unwrap_or(Behavior::Status(201));
        match behavior {
            Behavior::Status(status) => {
                let text = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(text.as_bytes()).await.unwrap();
            }
            Behavior::Json(body) => {
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close",
                    body.len()
                );
                stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
            }
            Behavior::Close => drop(stream),
            Behavior::NoResponse => open.push(stream),
        }
    }
}

async fn read(stream: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let end = loop {
        stream.read_buf(&mut bytes).await.unwrap();
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    assert_eq!(lines.next(), Some("POST /hook?x=1 HTTP/1.1"));
    let pairs = lines.map(|line| line.split_once(": ").unwrap());
    let headers: HashMap<_, _> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while bytes.len() < end + 4 + length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    (headers, bytes[end + 4..].to_vec())
}
