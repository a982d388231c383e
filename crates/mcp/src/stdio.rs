use std::io;

use rmcp::ServiceExt as _;
use rmcp::transport::async_rw::AsyncRwTransport;

use crate::config::ServerConfig;
use crate::refusal::ServeError;
use crate::server::Server;

/// The longest message that is read, in bytes: a task is at most 1 MB.
const MOST_BYTES: usize = 4 << 20;

/// Serves one client on standard input and output, until it closes them. Blocks.
///
/// # Errors
/// Where a root is no folder, or the machine refuses threads.
pub fn serve_stdio(config: ServerConfig) -> Result<(), ServeError> {
    let server = Server::new(config)?;
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let tidy = tokio::spawn(server.clone().keep_tidy());
        let (input, output) = rmcp::transport::io::stdio_pipes();
        let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(MOST_BYTES);
        let served = match server.serve(transport).await {
            Ok(running) => {
                running.waiting().await.map(drop).map_err(|error| ServeError::new(error.to_string()))
            }
            // It went away before it said anything.
            Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(ServeError::new(format!("the client does not speak the protocol: {error}"))),
        };
        tidy.abort();
        served
    });
    // A read of standard input cannot be taken back.
    runtime.shutdown_background();
    served
}

/// Few threads: what takes time is the mappers', which have their own.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, ServeError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()
        .map_err(|error: io::Error| ServeError::new(format!("cannot start threads: {error}")))
}
