//! HTTPS with a certificate that is made at the start.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Utc};
use hyper::Uri;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::ids::random_hex;

/// Some clients reject certificates that are valid for more than 398 days.
const LIFETIME_DAYS: u64 = 365;

pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The certificate authority, for the clients to trust.
    pub(crate) certificate_pem: String,
}

impl Tls {
    /// Makes a certificate authority, whose key is not kept, and a certificate for the names of this emulator.
    pub(crate) fn new(addr: SocketAddr, environment_url: &str) -> io::Result<Tls> {
        let (certificate_pem, chain, key) = make(addr, environment_url).map_err(io::Error::other)?;
        let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let builder = builder.with_safe_default_protocol_versions().map_err(io::Error::other)?;
        let config = builder.with_no_client_auth().with_single_cert(chain, key.into());
        let mut config = config.map_err(io::Error::other)?;
        // The first that the client supports. HTTP/2 is for a reply to gRPC clients, which support nothing else.
        config.alpn_protocols = vec![b"http/1.1".to_vec(), b"h2".to_vec()];
        Ok(Tls { acceptor: TlsAcceptor::from(Arc::new(config)), certificate_pem })
    }
}

type Made = (String, Vec<CertificateDer<'static>>, PrivatePkcs8KeyDer<'static>);

fn make(addr: SocketAddr, environment_url: &str) -> Result<Made, rcgen::Error> {
    let authority = CertifiedIssuer::self_signed(authority()?, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let mut params = dated(CertificateParams::default());
    params.distinguished_name.push(DnType::CommonName, "Scalekit emulator");
    params.subject_alt_names = names(addr, environment_url)?;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.signed_by(&key, &authority)?;
    Ok((authority.pem(), vec![certificate.der().clone()], key.serialize_der().into()))
}

fn authority() -> Result<CertificateParams, rcgen::Error> {
    let mut params = dated(CertificateParams::default());
    // Unique, because verifiers find authorities by name, and a machine can trust those of several emulators.
    let name = format!("Scalekit emulator CA {}", random_hex::<4>());
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// Sets the validity. It starts yesterday, because the clocks of two machines differ.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let date = |day: DateTime<Utc>| {
        // The month and day of a date are below 32.
        rcgen::date_time_ymd(day.year(), day.month() as u8, day.day() as u8)
    };
    let yesterday = Utc::now() - Days::new(1);
    params.not_before = date(yesterday);
    params.not_after = date(yesterday + Days::new(LIFETIME_DAYS));
    params
}

/// The names and addresses at which clients reach the emulator.
fn names(addr: SocketAddr, environment_url: &str) -> Result<Vec<SanType>, rcgen::Error> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let mut addresses = loopback.to_vec();
    let mut hosts = vec!["localhost".to_owned()];
    if !addr.ip().is_unspecified() {
        addresses.push(addr.ip());
    }
    if let Some(host) = environment_url.parse::<Uri>().ok().and_then(|url| Some(url.host()?.to_owned())) {
        match host.trim_matches(['[', ']']).parse() {
            Ok(address) => addresses.push(address),
            Err(_) => hosts.push(host),
        }
    }
    addresses.sort_unstable();
    addresses.dedup();
    hosts.dedup();
    let hosts = hosts.into_iter().map(|host| Ok(SanType::DnsName(host.try_into()?)));
    hosts.chain(addresses.into_iter().map(|address| Ok(SanType::IpAddress(address)))).collect()
}
