//! `repo-map mcp` and `repo-map serve`: the same server on pipes and on loopback.

use crate::exit_code::ExitCode;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use repo_map_bounded_io::read_named;
use repo_map_cache::{Error, FilesConfig, RankingConfig, RepoMapperBuilder, Tokenizer, escaped_path};
use repo_map_mcp::{HttpConfig, ServeError, ServerConfig, serve_http, serve_stdio};

use crate::arguments::{McpArguments, ServeArguments, ServerArguments};
use crate::commands::engine;
use crate::failure::{self, Failure};

/// More than any token has.
const LONGEST_TOKEN: u64 = 4096;

pub(crate) fn run(arguments: &McpArguments) -> Result<ExitCode, Failure> {
    serve_stdio(config(&arguments.server)?).map_err(|error| failed(&error))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn serve(arguments: &ServeArguments) -> Result<ExitCode, Failure> {
    let http = HttpConfig::new(arguments.port, token(&arguments.token_file)?);
    serve_http(config(&arguments.server)?, &http, |address| {
        failure::note(&format!(
            "serving on http://{address}/mcp; the token is in {}",
            escaped_path(&arguments.token_file)
        ));
    })
    .map_err(|error| failed(&error))?;
    Ok(ExitCode::SUCCESS)
}

fn failed(error: &ServeError) -> Failure {
    Failure::Unreadable(error.to_string())
}

/// The server that the flags ask for.
fn config(arguments: &ServerArguments) -> Result<ServerConfig, Failure> {
    let engine = arguments.engine.clone();
    let tokenizer = match &engine.tokenizer {
        Some(name) => Tokenizer::by_name(name).map_err(|error| Failure::Usage(error.to_string()))?,
        None => Tokenizer::default(),
    };
    let builder = move |folder: &Path| -> Result<RepoMapperBuilder, Error> {
        let cache = engine.place.load(folder)?;
        Ok(engine::over(folder, &engine, cache, FilesConfig::load(folder)?)
            .ranking(RankingConfig::load(folder)?))
    };
    let mut config = ServerConfig::new(&arguments.root, builder);
    config.tokenizer = tokenizer;
    config.token_budget = arguments.map_tokens as usize;
    Ok(config)
}

/// The token in a file; a new one where there is no file.
fn token(file: &Path) -> Result<String, Failure> {
    let faulty = |error: io::Error| Failure::Unreadable(format!("{}: {error}", escaped_path(file)));
    if !file.try_exists().map_err(faulty)? {
        let token = random().map_err(faulty)?;
        make(file, &token).map_err(faulty)?;
        return Ok(token);
    }
    let bytes = read_named(file, LONGEST_TOKEN)
        .map_err(|error| Failure::Unreadable(format!("{}: {error}", escaped_path(file))))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::Unreadable(format!("{}: a token is text", escaped_path(file))))?;
    Ok(text.trim().to_owned())
}

/// 32 random bytes, in hexadecimal digits.
fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A new file that nobody else reads.
fn make(file: &Path, token: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file)?.write_all(format!("{token}\n").as_bytes())
}
