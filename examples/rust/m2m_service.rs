//! An API for machine clients, with axum: `cargo run --example m2m_service`.
//!
//! `/reports` requires an access token of your environment with the audience of this API and the scope `reports:read`. The
//! program reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `API_AUDIENCE`, and needs no secret: tokens are
//! validated with the environment's public keys. `m2m_caller.rs` calls it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use scalekit::{
    AsyncPublicScalekitClient, AsyncTokens, ClientOptions, MachineTokenClaims, ScalekitError,
    TokenExpectations,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (url, id) = (std::env::var("SCALEKIT_ENVIRONMENT_URL")?, std::env::var("SCALEKIT_CLIENT_ID")?);
    let client = AsyncPublicScalekitClient::new(&url, &id, ClientOptions::default())?;
    let app = app(client.tokens(), &std::env::var("API_AUDIENCE")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// The API. Each route declares the scope that it requires.
pub fn app(tokens: AsyncTokens, audience: &str) -> Router {
    let require_scope = |scope: &str| {
        let expected = TokenExpectations {
            required_scopes: vec![scope.to_owned()],
            ..TokenExpectations::for_audience(audience)
        };
        from_fn_with_state(Arc::new(Guard { tokens: tokens.clone(), expected }), guard)
    };
    Router::new()
        .route("/reports", get(reports).layer(require_scope("reports:read")))
        .route("/health", get(|| async { "ok" }))
}

/// A handler behind the guard gets the validated claims of the caller.
async fn reports(Extension(caller): Extension<MachineTokenClaims>) -> Json<serde_json::Value> {
    Json(serde_json::json!({"reports": ["Q1", "Q2"], "for": caller.organization_id, "to": caller.client_id}))
}

struct Guard {
    tokens: AsyncTokens,
    expected: TokenExpectations,
}

async fn guard(
    State(guard): State<Arc<Guard>>,
    mut request: Request,
    next: Next,
) -> Result<Response, AuthError> {
    let token = bearer(request.headers())?;
    let claims = guard.tokens.validate_machine(token, guard.expected.clone()).await;
    let claims = claims.map_err(|error| AuthError::from_error(&error, &guard.expected))?;
    request.extensions_mut().insert(claims);
    Ok(next.run(request).await)
}

/// The bearer token of a request. Two `authorization` headers are rejected, because servers interpret them differently.
fn bearer(headers: &HeaderMap) -> Result<&str, AuthError> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (first, None) = (all.next(), all.next()) else { return Err(AuthError::malformed()) };
    let Some(value) = first else { return Err(AuthError::missing_token()) };
    let text = value.to_str().map_err(|_| AuthError::malformed())?;
    match text.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        None if text.trim().eq_ignore_ascii_case("bearer") => Err(AuthError::malformed()),
        _ => Err(AuthError::missing_token()),
    }
}

/// An error response of RFC 6750: a status code and a challenge.
#[derive(Debug)]
struct AuthError {
    status: StatusCode,
    challenge: Option<String>,
}

impl AuthError {
    /// The request has no bearer token: RFC 6750 requires a challenge without an error code.
    fn missing_token() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, challenge: Some("Bearer".into()) }
    }

    fn malformed() -> Self {
        Self { status: StatusCode::BAD_REQUEST, challenge: Some(r#"Bearer error="invalid_request""#.into()) }
    }

    fn from_error(error: &ScalekitError, expected: &TokenExpectations) -> Self {
        // The code, such as `wrong_audience`, is sent to the caller. The summary is for your log.
        let code = error.failure().code.as_deref().unwrap_or_default();
        let (status, challenge) = match error {
            ScalekitError::InvalidToken { .. } | ScalekitError::TokenExpired { .. } => (
                StatusCode::UNAUTHORIZED,
                Some(format!(r#"Bearer error="invalid_token", error_description="{code}""#)),
            ),
            ScalekitError::MissingScope { .. } => (
                StatusCode::FORBIDDEN,
                Some(format!(
                    r#"Bearer error="insufficient_scope", scope="{}""#,
                    expected.required_scopes.join(" ")
                )),
            ),
            // The keys could not be fetched. The token may be valid, so the caller may retry.
            _ => (StatusCode::SERVICE_UNAVAILABLE, None),
        };
        eprintln!("{status}: {error}");
        Self { status, challenge }
    }
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        let challenge = self.challenge.map(|challenge| (WWW_AUTHENTICATE, challenge));
        (self.status, AppendHeaders(challenge)).into_response()
    }
}
