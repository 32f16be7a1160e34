//! The HTTP server: one task for each connection, so that a fault can take the connection itself away.

pub(crate) mod body;

use std::pin::pin;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::dispatch;
use crate::shared::Shared;
use crate::webhooks;

/// Serves until it is dropped, which closes every connection.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    connections.spawn(webhooks::run(Arc::clone(&shared)));
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared)));
                }
                // Out of file descriptors, for example: give the others time to finish.
                Err(_) => tokio::task::yield_now().await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Without it, small answers wait for acknowledgements. A socket that refuses still works.
    let _ = stream.set_nodelay(true);
    let close = Arc::new(Notify::new());
    let service = service_fn(|request| dispatch::answer(Arc::clone(&shared), Arc::clone(&close), request));
    let mut serving = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    loop {
        tokio::select! {
            // An error means that the client went away, or that a fault ended the connection.
            _ = serving.as_mut() => return,
            // The head of the answer is out by now, so this adds no `connection: close` to it.
            () = close.notified() => serving.as_mut().graceful_shutdown(),
        }
    }
}
