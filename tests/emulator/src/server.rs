//! The HTTP server. Each connection has its own task, so that a fault can close the connection.

use std::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::dispatch;
use crate::grpc;
use crate::shared::Shared;
use crate::state::StateFile;
use crate::tls::Tls;
use crate::webhooks;

/// What the server needs.
pub(crate) struct Services {
    pub(crate) shared: Arc<Shared>,
    pub(crate) state_file: Option<Arc<StateFile>>,
    pub(crate) tls: Option<Arc<Tls>>,
}

/// Serves connections. Dropping the future closes all of them.
pub(crate) async fn run(listener: TcpListener, services: Services) {
    let Services { shared, state_file, tls } = services;
    let mut connections = JoinSet::new();
    let clock = shared.env().clock.clone();
    connections.spawn(webhooks::run(Arc::clone(&shared.outgoing), clock));
    if let Some(file) = state_file {
        let shared = Arc::clone(&shared);
        connections.spawn(async move { file.keep_saved(&shared).await });
    }
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(accept(stream, Arc::clone(&shared), tls.clone()));
                }
                // For example, out of file descriptors: let other connections finish.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn accept(stream: TcpStream, shared: Arc<Shared>, tls: Option<Arc<Tls>>) {
    // Without it, small responses wait for acknowledgments. The socket also works if this fails.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return connection(stream, shared).await };
    let handshake = tokio::time::timeout(shared.read_options.timeout, tls.acceptor.accept(stream));
    // An error means that the client does not trust the certificate, speaks HTTP, or is too slow.
    if let Ok(Ok(stream)) = handshake.await {
        connection(stream, shared).await;
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let close = Arc::new(Notify::new());
    let service = service_fn(|request| dispatch::handle(Arc::clone(&shared), Arc::clone(&close), request));
    let mut http = http1::Builder::new();
    // One copy of a small body is faster than a write from several buffers.
    http.writev(false);
    // Also closes a connection on which no request arrives.
    http.timer(TokioTimer::new()).header_read_timeout(shared.read_options.timeout);
    let mut serving = http.serve_connection(TokioIo::new(stream), service);
    let result = loop {
        tokio::select! {
            result = &mut serving => break result,
            // The response head is already sent, so this does not add `connection: close` to it.
            () = close.notified() => pin::Pin::new(&mut serving).graceful_shutdown(),
        }
    };
    // Any other error means that the client disconnected or that a fault closed the connection.
    if result.is_err_and(|error| error.is_parse_version_h2()) {
        let parts = serving.into_parts();
        // It ends with an error, because the client disconnects.
        let _ = grpc::reject_calls(parts.io.into_inner(), &parts.read_buf, shared.read_options.timeout).await;
    }
}
