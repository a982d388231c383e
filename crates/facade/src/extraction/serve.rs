use std::io::{self, BufReader, BufWriter, Read, Write};
use std::time::{Duration, Instant};

use super::protocol;
use super::record::record;
use crate::threads::PARSER_STACK;

/// How long records may wait for those of the other files of their batch.
const HELD: Duration = Duration::from_millis(500);

/// The main loop of a worker process: reads sources from `input` and writes their tags to `output`, until the
/// input ends.
///
/// The program that [`WorkerCommand`](crate::WorkerCommand) names calls this with its standard input and output, before it does anything else, and
/// prints nothing itself. A file may abort the process, which is what it is for.
///
/// # Errors
/// When the other end breaks off in the middle, or is no mapper of this version.
pub fn serve_extraction(input: impl Read + Send, output: impl Write + Send) -> io::Result<()> {
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(PARSER_STACK);
        let served = worker
            .spawn_scoped(scope, || {
                let input = BufReader::with_capacity(protocol::BUFFER, input);
                serve(input, BufWriter::with_capacity(protocol::BUFFER, output))
            })?
            .join();
        served.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    protocol::write_hello(&mut output)?;
    let Some(languages) = protocol::read_queries(&mut input)? else { return Ok(()) };
    while let Some(batch) = protocol::read_batch(&mut input)? {
        let mut flushed = Instant::now();
        for (id, source) in batch {
            let unknown = || io::Error::new(io::ErrorKind::InvalidData, format!("no language {id}"));
            let language = languages.by_id(&id).ok_or_else(unknown)?;
            protocol::write_record(&mut output, language, &record(language, &source))?;
            // Who waits for a slow file must see that there is a worker at work.
            if flushed.elapsed() > HELD {
                output.flush()?;
                flushed = Instant::now();
            }
        }
        // Once a batch otherwise: to wake whoever waits costs as much as a small file.
        output.flush()?;
    }
    Ok(())
}
