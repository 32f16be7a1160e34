//! `client.request` and `client.jwks`.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::OtherCall;
use super::authentication::other_calls;
use super::records::{Method, RequestQuery};
use crate::client::{RawResponse, keys, raw};
use crate::error::{Result, ScalekitError};
use crate::op::read_caller_json;
use crate::types::{Json, Lenient, to_json};

/// `RawResponse`.
#[derive(Serialize)]
struct Response {
    status: i32,
    request_id: Option<String>,
    headers: HashMap<String, String>,
    body: Json,
}

impl From<RawResponse> for Response {
    fn from(response: RawResponse) -> Self {
        let RawResponse { status, request_id, headers, body } = response;
        Self { status, request_id, headers, body }
    }
}

/// The arguments of `client.request`. `query` and `body` are JSON.
#[derive(Serialize)]
struct Arguments<'a> {
    method: &'a str,
    path: &'a str,
    query: Option<Json>,
    body: Option<Json>,
}

/// Writes the arguments of `client.request`.
///
/// # Errors
///
/// `InvalidArgument` if `query` or `body` is not JSON.
pub fn request_arguments(
    method: &str,
    path: &str,
    query: Option<&str>,
    body: Option<&str>,
) -> Result<String> {
    let json = |name: &str, text: Option<&str>| {
        text.map(|text| read_caller_json(name, text, Json::lenient)).transpose().map(Option::flatten)
    };
    let arguments = Arguments { method, path, query: json("query", query)?, body: json("body", body)? };
    to_json(&arguments).map_err(|_| ScalekitError::internal("client.request", "cannot be written"))
}

other_calls! {
    with secret true;

    "client.request"(method: Method, path: String, query: RequestQuery, body: Option<Json>) optional [query] |wire| {
        Response::from(raw(wire, method.0, path, query.0, body).await?)
    }

    "client.jwks"() optional [] |wire| {
        keys(wire).await?
    }
}
