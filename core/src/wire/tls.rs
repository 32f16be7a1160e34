//! What we trust, and how we prove who we are.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::{Result, ScalekitError};
use crate::options::ClientOptions;
use crate::types::SecretText;

/// Certificates from the caller, parsed.
#[derive(Debug, Default)]
pub(super) struct Trust {
    roots: Vec<CertificateDer<'static>>,
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
}

impl Trust {
    pub(super) fn new(options: &ClientOptions) -> Result<Self> {
        let roots = match &options.root_certificates_pem {
            Some(pem) => certificates("root_certificates_pem", pem)?,
            None => Vec::new(),
        };
        let identity = options.client_certificate_pem.as_deref().map(identity).transpose()?;
        let trust = Self { roots, identity };
        if !trust.is_default() {
            // What cannot be used is refused now, not at the first call.
            trust.config()?;
        }
        Ok(trust)
    }

    fn is_default(&self) -> bool {
        self.roots.is_empty() && self.identity.is_none()
    }

    /// The public authorities that come with the library, and the caller's own. No file of the machine is read, so
    /// that it works the same in an empty container and on a phone.
    pub(super) fn config(&self) -> Result<ClientConfig> {
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for root in &self.roots {
            let bad = |_| {
                ScalekitError::argument("root_certificates_pem", "holds a certificate that cannot be used")
            };
            roots.add(root.clone()).map_err(bad)?;
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| ScalekitError::internal("tls", e))?
            .with_root_certificates(roots);
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain.clone(), key.clone_key()).map_err(|_| {
                    ScalekitError::argument(
                        "client_certificate_pem",
                        "has a key that does not fit its certificate",
                    )
                })?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn certificates(option: &str, pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let bad = |why| ScalekitError::argument(option, why);
    let found = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<std::result::Result<Vec<_>, _>>();
    let found = found.map_err(|_| bad("is not valid PEM"))?;
    if found.is_empty() {
        return Err(bad("holds no certificate in PEM"));
    }
    Ok(found)
}

fn identity(pem: &SecretText) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let option = "client_certificate_pem";
    let chain = certificates(option, pem.expose())?;
    let key = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes());
    Ok((chain, key.map_err(|_| ScalekitError::argument(option, "holds no private key in PEM"))?))
}
