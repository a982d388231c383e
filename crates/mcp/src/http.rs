//! The same server on loopback, for clients that speak HTTP: behind a token, and for no page of a browser.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;

use crate::config::ServerConfig;
use crate::refusal::ServeError;
use crate::server::Server;
use crate::stdio::runtime;

/// Connections at once; more wait.
const MOST_CONNECTIONS: usize = 64;

type Service = StreamableHttpService<Server, LocalSessionManager>;
type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Where and for whom.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpConfig {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// What a client must show: `Authorization: Bearer …`.
    pub token: String,
}

impl HttpConfig {
    /// A port for those who know the token.
    pub fn new(port: u16, token: impl Into<String>) -> Self {
        Self { port, token: token.into() }
    }
}

/// Serves clients on `http://127.0.0.1:PORT/mcp` until the process ends, and says where once it listens. Blocks.
///
/// # Errors
/// Where a root is no folder, the token is shorter than 16 characters, or the port cannot be had.
pub fn serve_http(
    config: ServerConfig,
    http: &HttpConfig,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    if http.token.len() < 16 {
        return Err(ServeError::new("the token of a server has 16 characters or more"));
    }
    let server = Server::new(config)?;
    let runtime = runtime()?;
    let expected: Arc<str> = format!("Bearer {}", http.token).into();
    runtime.block_on(async {
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), http.port);
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| ServeError::new(format!("cannot listen on {address}: {error}")))?;
        listening(listener.local_addr().unwrap_or(address));
        tokio::spawn(server.clone().keep_tidy());
        let service = service(server);
        let places = Arc::new(tokio::sync::Semaphore::new(MOST_CONNECTIONS));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return Ok(()) };
            let (stream, _) = match listener.accept().await {
                Ok(accepted) => accepted,
                // Such as too many open files: others may close theirs.
                Err(error) => {
                    tracing::warn!(%error, "a connection was not taken");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                    continue;
                }
            };
            let (service, expected) = (service.clone(), expected.clone());
            tokio::spawn(async move {
                let answer = service_fn(move |request| answer(service.clone(), expected.clone(), request));
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), answer);
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "a connection broke");
                }
                drop(place);
            });
        }
    })
}

fn service(server: Server) -> Service {
    let config = StreamableHttpServerConfig::default().enforce_origin_validation();
    StreamableHttpService::new(move || Ok(server.clone()), Arc::default(), config)
}

async fn answer(
    service: Service,
    expected: Arc<str>,
    request: Request<Incoming>,
) -> Result<Answer, Infallible> {
    let shown = request.headers().get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
    if !shown.is_some_and(|shown| is_same(shown, expected.as_bytes())) {
        let refused = said(StatusCode::UNAUTHORIZED, "show the token: Authorization: Bearer TOKEN\n");
        return Ok(refused);
    }
    if request.uri().path() != "/mcp" {
        return Ok(said(StatusCode::NOT_FOUND, "the server is at /mcp\n"));
    }
    Ok(service.handle(request).await)
}

fn said(status: StatusCode, line: &'static str) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from_static(line.as_bytes())).boxed());
    *response.status_mut() = status;
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, http::HeaderValue::from_static("Bearer"));
    }
    response
}

/// Compares all of two texts, however early they differ: how long it takes says nothing of the token.
fn is_same(shown: &[u8], expected: &[u8]) -> bool {
    let differ = shown.iter().zip(expected).fold(0, |differ, (a, b)| differ | (a ^ b));
    shown.len() == expected.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_token_is_the_token() {
        for (shown, is_it) in
            [("Bearer abc", true), ("Bearer ab", false), ("Bearer abcd", false), ("", false)]
        {
            assert_eq!(is_same(shown.as_bytes(), b"Bearer abc"), is_it, "{shown}");
        }
    }
}
