//! An access token signed with the server's key, and the key set of `/keys`.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::Result;

/// One of the emulator's test keys.
const KEY: &[u8] = include_bytes!("../../emulator/keys/test-only-1.pk8.der");
const KEY_ID: &str = "bench";

/// The client ID, which is the audience of the tokens.
pub const CLIENT_ID: &str = "skc_bench";

/// Encodes as base64url without padding.
fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pair() -> Result<RsaKeyPair> {
    RsaKeyPair::from_pkcs8(KEY).map_err(|rejected| rejected.to_string().into())
}

/// The key set.
pub fn keys() -> Result<Value> {
    let pair = pair()?;
    let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
    let (n, e) = (encode(public.n), encode(public.e));
    Ok(json!({"keys": [{"use": "sig", "kty": "RSA", "kid": KEY_ID, "alg": "RS256", "n": n, "e": e}]}))
}

/// The public key in DER.
pub fn public_key() -> Result<Vec<u8>> {
    Ok(pair()?.public().as_ref().to_vec())
}

/// A user's access token with the claims that the service sets.
pub fn access_token(issuer: &str) -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = json!({
        "iss": issuer, "sub": "usr_74123456789012345", "aud": [CLIENT_ID], "client_id": CLIENT_ID,
        "iat": now, "nbf": now, "exp": now + 86_399, "jti": "tkn_74123456789012345", "sid": "ses_74123456789012345",
        "oid": "org_74123456789012345", "roles": ["admin", "editor"],
        "permissions": ["reports:read", "reports:write", "members:read"],
        "scope": "openid profile email offline_access", "amr": ["conn_74123456789012345"],
    });
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": KEY_ID});
    let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let pair = pair()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| "signing failed")?;
    Ok(format!("{signed}.{}", encode(signature)))
}
