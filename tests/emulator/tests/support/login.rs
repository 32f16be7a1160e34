//! A browser without a window, and an application that logs people in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::{Answer, Bench};

pub const REDIRECT: &str = "http://127.0.0.1:9/callback";
pub const VERIFIER: &str = "a-verifier-of-43-characters-or-more.~_0123456789";

pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// The left half of the SHA-256, as `at_hash` and `c_hash` have it.
pub fn half(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

pub fn part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

pub fn claims(token: &Value) -> Value {
    part(token.as_str().unwrap(), 1)
}

/// A parameter of an address, decoded.
pub fn parameter(location: &str, name: &str) -> Option<String> {
    let url = reqwest::Url::parse(location).unwrap();
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}

/// Verifies a token with nothing but what `/keys` shows.
pub async fn verifies(bench: &Bench, token: &str) -> bool {
    let keys = bench.call("GET", "/keys").await.json;
    let kid = &part(token, 0)["kid"];
    let Some(key) = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *kid) else {
        return false;
    };
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let public = RsaPublicKeyComponents { n: number("n"), e: number("e") };
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    public.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).is_ok()
}

impl Bench {
    /// `GET /oauth/authorize`, with the parameters that every request has, unless `extra` says otherwise.
    pub async fn authorize(&self, extra: &[(&str, &str)], cookie: Option<&str>) -> Answer {
        let id = self.emulator.client_id();
        let usual =
            [("response_type", "code"), ("client_id", id), ("redirect_uri", REDIRECT), ("state", "s t&1")];
        let kept = usual.iter().filter(|(name, _)| extra.iter().all(|(own, _)| own != name));
        let query: Vec<_> = kept.chain(extra).copied().collect();
        let mut request = self.http.get(self.url("/oauth/authorize")).query(&query);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// A login that succeeds: its code.
    pub async fn code(&self, extra: &[(&str, &str)]) -> String {
        let answer = self.authorize(extra, None).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        parameter(answer.header("location"), "code").unwrap_or_else(|| panic!("{answer:?}"))
    }

    /// Trades a code, with what every exchange has, unless `extra` says otherwise; an empty value leaves it out.
    pub async fn exchange(&self, code: &str, extra: &[(&str, &str)]) -> Answer {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", id),
            ("client_secret", secret),
            ("code", code),
            ("redirect_uri", REDIRECT),
        ];
        let kept = usual.iter().filter(|(name, _)| extra.iter().all(|(own, _)| own != name));
        let form: Vec<_> = kept.chain(extra).filter(|(_, value)| !value.is_empty()).copied().collect();
        self.token_request(&form).await
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        let (id, secret) = (self.emulator.client_id(), self.emulator.client_secret());
        let form = [("grant_type", "refresh_token"), ("client_id", id), ("client_secret", secret)];
        self.token_request(&[&form[..], &[("refresh_token", token)]].concat()).await
    }

    /// A whole login: the tokens.
    pub async fn log_in(&self, extra: &[(&str, &str)]) -> Value {
        let code = self.code(extra).await;
        let answer = self.exchange(&code, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }
}

impl Answer {
    /// What an application's callback would see.
    pub fn callback(&self, name: &str) -> Option<String> {
        assert_eq!(self.status, 303, "{}", self.text);
        parameter(self.header("location"), name)
    }

    /// The session that the browser keeps.
    pub fn cookie(&self) -> String {
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub fn oauth_error(&self) -> (u16, &str) {
        (self.status, self.json["error"].as_str().unwrap_or_default())
    }
}
