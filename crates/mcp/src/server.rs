use std::sync::{Arc, OnceLock};
use std::time::Duration;

use repo_map_cache::CancellationToken;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, ErrorCode, Implementation, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, ProgressToken, ServerCapabilities, Tool,
};
use rmcp::service::{Peer, RequestContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};

use crate::arguments::shown;
use crate::config::ServerConfig;
use crate::conversations::Conversations;
use crate::instructions::INSTRUCTIONS;
use crate::places::Places;
use crate::progress::{Heard, Standing};
use crate::refusal::ServeError;
use crate::roots::Roots;
use crate::tools::{self, Call, Workplace};

/// How often a caller hears how far the work is.
const PROGRESS: Duration = Duration::from_millis(100);

/// Tools do not change while a program runs: an hour, in milliseconds.
const TTL: u64 = 3_600_000;

/// What answers clients, on any transport. Clones share everything.
#[derive(Clone)]
pub struct Server {
    workplace: Arc<Workplace>,
}

impl Server {
    /// A server of the folders in its settings.
    ///
    /// # Errors
    /// Where a root is no folder.
    pub fn new(config: ServerConfig) -> Result<Self, ServeError> {
        let roots = Roots::open(&config.roots)?;
        Ok(Self {
            workplace: Arc::new(Workplace {
                config,
                roots,
                places: Places::default(),
                conversations: Conversations::default(),
            }),
        })
    }

    /// Closes what nobody asks for, from time to time.
    pub(crate) async fn keep_tidy(self) {
        let mut clock = tokio::time::interval(self.workplace.config.idle.max(Duration::from_secs(1)) / 2);
        loop {
            clock.tick().await;
            let workplace = self.workplace.clone();
            // It may take a while to give back what a large tree holds.
            let _ = tokio::task::spawn_blocking(move || workplace.places.tidy(&workplace.config)).await;
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> rmcp::model::ServerConfig {
        rmcp::model::ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(
                Implementation::new("repo-map", env!("CARGO_PKG_VERSION")).with_title("Repository map"),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = ListToolsResult::with_all_items(tools::tools());
        Ok(tools.with_ttl_ms(TTL).with_cache_scope(CacheScope::Public))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::tools().into_iter().find(|tool| tool.name == name)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::names().find(|name| *name == request.name) else {
            let names: Vec<&str> = tools::names().collect();
            let line = format!("there is no tool {}; there are {}", shown(&request.name), names.join(", "));
            return Err(ErrorData::new(ErrorCode::INVALID_PARAMS, line, None));
        };
        let ends = EndsWithCall(CancellationToken::new());
        let heard = Arc::new(OnceLock::new());
        let call = Call {
            tool,
            arguments: request.arguments.unwrap_or_default(),
            id: context.id.clone(),
            cancellation: ends.0.clone(),
            heard: heard.clone(),
        };
        let workplace = self.workplace.clone();
        let mut work = tokio::task::spawn_blocking(move || workplace.answer(call));
        let progress = context.meta.get_progress_token();
        let mut clock = tokio::time::interval(PROGRESS);
        clock.tick().await;
        let mut last = None;
        loop {
            tokio::select! {
                done = &mut work => return match done {
                    Ok(result) => Ok(result.into()),
                    Err(error) => {
                        tracing::error!(%error, "a call ended in a panic");
                        Err(ErrorData::internal_error("the call failed inside of the server; ask again", None))
                    }
                },
                () = context.ct.cancelled() => {
                    return Err(ErrorData::internal_error("the call was cancelled", None));
                }
                _ = clock.tick(), if progress.is_some() => {
                    last = tell(&context.peer, progress.as_ref(), &heard, last).await;
                }
            }
        }
    }
}

/// Cancels the work of a call that nobody waits for any more.
struct EndsWithCall(CancellationToken);

impl Drop for EndsWithCall {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Tells how far the work is, where that is further than the last time.
async fn tell(
    peer: &Peer<RoleServer>,
    token: Option<&ProgressToken>,
    heard: &OnceLock<Arc<Heard>>,
    last: Option<Standing>,
) -> Option<Standing> {
    let standing = heard.get().and_then(|heard| heard.standing());
    let (Some(token), Some(now)) = (token, standing.filter(|now| Some(*now) != last)) else { return last };
    // A client that counts hears of files of one stage only: the numbers of a stage never fall.
    let mut told = ProgressNotificationParam::new(token.clone(), now.done as f64).with_message(now.told());
    if let Some(total) = now.total {
        told = told.with_total(total as f64);
    }
    let falls = last.is_some_and(|last| now.done <= last.done);
    if !falls && peer.notify_progress(told).await.is_err() {
        tracing::debug!("a client takes no progress");
    }
    Some(now)
}
