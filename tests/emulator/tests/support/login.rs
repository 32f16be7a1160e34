//! Helpers for logins: the requests of a browser and of an application.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::{Harness, Response};

pub const REDIRECT: &str = "http://127.0.0.1:9/callback";
pub const VERIFIER: &str = "a-verifier-of-43-characters-or-more.~_0123456789";

pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// Returns the base64url left half of the SHA-256 digest, for `at_hash` and `c_hash`.
pub fn left_half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

/// Decodes a part of a token: 0 is the header, 1 the payload.
pub fn decode_part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

pub fn claims(token: &Value) -> Value {
    decode_part(token.as_str().unwrap(), 1)
}

/// Returns the decoded query parameter of a URL.
pub fn query_parameter(location: &str, name: &str) -> Option<String> {
    let url = reqwest::Url::parse(location).unwrap();
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

/// Whether the signature of a token is valid under the key set at `/keys`.
pub async fn has_valid_signature(harness: &Harness, token: &str) -> bool {
    let keys = harness.call("GET", "/keys").await.json;
    let kid = &decode_part(token, 0)["kid"];
    let Some(key) = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid) else {
        return false;
    };
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).is_ok()
}

impl Harness {
    /// Sends `GET /oauth/authorize` with the required parameters. `extra` adds or overrides parameters.
    pub async fn authorize(&self, extra: &[(&str, &str)], cookie: Option<&str>) -> Response {
        let id = self.emulator.client_id();
        let defaults =
            [("response_type", "code"), ("client_id", id), ("redirect_uri", REDIRECT), ("state", "s t&1")];
        let kept = defaults.iter().filter(|(name, _)| extra.iter().all(|(own, _)| own != name));
        let query: Vec<_> = kept.chain(extra).copied().collect();
        let mut request = self.http.get(self.url("/oauth/authorize")).query(&query);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        Response::of(request.send().await.unwrap()).await
    }

    /// Makes a successful login and returns its code.
    pub async fn code(&self, extra: &[(&str, &str)]) -> String {
        let response = self.authorize(extra, None).await;
        assert_eq!(response.status, 303, "{}", response.text);
        query_parameter(response.header("location"), "code").unwrap_or_else(|| panic!("{response:?}"))
    }

    /// Exchanges a code. `extra` adds or overrides parameters; an empty value removes a parameter.
    pub async fn exchange(&self, code: &str, extra: &[(&str, &str)]) -> Response {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        let defaults = [
            ("grant_type", "authorization_code"),
            ("client_id", id),
            ("client_secret", secret),
            ("code", code),
            ("redirect_uri", REDIRECT),
        ];
        let kept = defaults.iter().filter(|(name, _)| extra.iter().all(|(own, _)| own != name));
        let form: Vec<_> = kept.chain(extra).filter(|(_, value)| !value.is_empty()).copied().collect();
        self.token_request(&form).await
    }

    pub async fn refresh(&self, token: &str) -> Response {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        let form = [("grant_type", "refresh_token"), ("client_id", id), ("client_secret", secret)];
        self.token_request(&[&form[..], &[("refresh_token", token)]].concat()).await
    }

    /// Makes a complete login and returns the token response.
    pub async fn log_in(&self, extra: &[(&str, &str)]) -> Value {
        let code = self.code(extra).await;
        let response = self.exchange(&code, &[]).await;
        assert_eq!(response.status, 200, "{}", response.text);
        response.json
    }
}

impl Response {
    /// Returns a parameter of the redirect to the application's callback.
    pub fn callback(&self, name: &str) -> Option<String> {
        assert_eq!(self.status, 303, "{}", self.text);
        query_parameter(self.header("location"), name)
    }

    /// Returns the session cookie as the browser sends it.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub fn oauth_error(&self) -> (u16, &str) {
        (self.status, self.json["error"].as_str().unwrap_or_default())
    }
}
