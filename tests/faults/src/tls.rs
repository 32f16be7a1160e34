//! A test certificate authority, and TLS servers with its certificates.

use std::io;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

use crate::raw::Stream;

/// A certificate authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, both in PEM.
pub struct Identity {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub key: String,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// Creates an authority with a new key.
    pub fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Unique names, because verifiers look authorities up by name and would confuse two with the same name.
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let name = format!("Authority {}", NUMBER.fetch_add(1, Ordering::Relaxed));
        params.distinguished_name.push(DnType::CommonName, name);
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// The authority's certificate in PEM.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// Signs a certificate for a host.
    pub fn sign(&self, host: &str) -> Identity {
        self.sign_until(host, 2999)
    }

    /// Signs a certificate for a host that is valid until the start of a year.
    pub fn sign_until(&self, host: &str, year: i32) -> Identity {
        self.sign_between(host, 2000, year)
    }

    /// Signs a certificate for a host that is valid from the start of one year to the start of another.
    pub fn sign_between(&self, host: &str, from: i32, until: i32) -> Identity {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap().pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

/// Returns a wrapper that does the server side of TLS. With `clients`, only client certificates of that authority are
/// accepted.
pub fn server(
    identity: &Identity,
    clients: Option<&Authority>,
) -> impl Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync + 'static {
    let config = Arc::new(config(identity, clients, rustls::DEFAULT_VERSIONS));
    move |stream| accept(&config, stream)
}

/// The TLS configuration of a server.
pub fn config(
    identity: &Identity,
    clients: Option<&Authority>,
    versions: &[&'static SupportedProtocolVersion],
) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_protocol_versions(versions).unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
    builder.with_single_cert(vec![certificate], key).unwrap()
}

/// Does the server side of the handshake. Returns `None` if it fails.
pub fn accept(config: &Arc<ServerConfig>, stream: TcpStream) -> Option<Box<dyn Stream>> {
    let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(config)).ok()?, stream);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).or_else(close_after_alert(&stream.sock)).ok()?;
    }
    Some(Box::new(stream))
}

/// Closes the connection gracefully after a failed handshake, so that a reset does not discard the alert with the reason.
fn close_after_alert(socket: &TcpStream) -> impl FnOnce(io::Error) -> io::Result<(usize, usize)> + use<> {
    let socket = socket.try_clone();
    move |error| {
        let mut socket = socket?;
        socket.shutdown(std::net::Shutdown::Write)?;
        io::copy(&mut socket, &mut io::sink())?;
        Err(error)
    }
}
