//! Clients that speak gRPC, such as the official SDKs in their API calls.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use scalekit_emulator::{Emulator, Settings};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::support;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
const PING: &[u8] = &[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

/// A call with the header block `:method: POST`, which ends its stream.
fn call(stream: u8) -> [u8; 10] {
    [0, 0, 1, 1, 5, 0, 0, 0, stream, 0x83]
}

/// Reads frames, each as its type, flags, stream and payload.
async fn read_frames(stream: &mut (impl AsyncRead + Unpin), count: usize) -> Vec<(u8, u8, u8, String)> {
    let mut frames = Vec::new();
    for _ in 0..count {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let mut payload = vec![0; usize::from(u16::from_be_bytes([head[1], head[2]]))];
        stream.read_exact(&mut payload).await.unwrap();
        frames.push((head[3], head[4], head[8], String::from_utf8_lossy(&payload).into_owned()));
    }
    frames
}

/// Makes calls, and expects the status `UNIMPLEMENTED`.
async fn expect_unimplemented(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let sent = [PREFACE, SETTINGS, PING, &call(1)].concat();
    stream.write_all(&sent).await.unwrap();
    let frames = timeout(support::LIMIT, read_frames(&mut stream, 4)).await.unwrap();
    assert_eq!(frames[0], (4, 0, 0, String::new()), "settings come first");
    assert_eq!(frames[1], (4, 1, 0, String::new()), "settings are acknowledged");
    assert_eq!(frames[2], (6, 1, 0, "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}".into()));
    stream.write_all(&call(3)).await.unwrap();
    let second = timeout(support::LIMIT, read_frames(&mut stream, 1)).await.unwrap();
    for ((kind, flags, id, block), expected) in [(&frames[3], 1), (&second[0], 3)] {
        assert_eq!((*kind, *flags, *id), (1, 5, expected));
        assert!(block.contains("grpc-status\u{2}12"), "{block:?}");
        assert!(block.contains("does not serve gRPC"), "{block:?}");
    }
}

#[tokio::test]
async fn grpc_call_is_unimplemented() {
    let emulator = Emulator::start().await.unwrap();
    expect_unimplemented(TcpStream::connect(emulator.addr()).await.unwrap()).await;
}

#[tokio::test]
async fn http2_is_negotiated_only_without_an_alternative() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let emulator = Emulator::start_with(Settings { tls: true, ..Settings::strict() }).await.unwrap();
    let connect = async |protocols: &[&[u8]]| {
        let mut roots = RootCertStore::empty();
        let pem = emulator.certificate_pem().unwrap().as_bytes();
        roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|own| own.to_vec()).collect();
        let stream = TcpStream::connect(emulator.addr()).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
    };
    let both = connect(&[b"h2", b"http/1.1"]).await;
    assert_eq!(both.get_ref().1.alpn_protocol(), Some(b"http/1.1".as_slice()));
    expect_unimplemented(connect(&[b"h2"]).await).await;
}
