//! What the operator reads: words at a terminal, one JSON object a line elsewhere, on the standard error. It never writes personal data.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::traces::Traces;

/// Starts logging. `HIEC_LOG` chooses what (`info` unless set: `warn`, `debug`, `hiec=debug,warn`).
pub fn start(default: &str, traces: Option<&Traces>) {
    let filter = EnvFilter::try_from_env("HIEC_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let is_terminal = std::io::stderr().is_terminal();
    // Refused only where a logger was set before, and then that one serves.
    let _already = match traces {
        // Each with what it needs: the log's filter holds back nothing of the traces.
        Some(traces) => {
            let lines = match is_terminal {
                true => words().boxed(),
                false => objects(std::io::stderr).boxed(),
            };
            tracing_subscriber::registry().with(lines.with_filter(filter)).with(traces.layer()).try_init()
        }
        None if is_terminal => Registry::default().with(filter).with(words()).try_init(),
        None => json(filter, std::io::stderr).try_init(),
    };
}

/// One JSON object a line, into a writer of one's choosing.
pub fn json<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync + 'static + use<W>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    Registry::default().with(filter).with(objects(writer))
}

/// For somebody at a terminal.
fn words<S>() -> impl Layer<S> + Send + Sync + use<S>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
{
    tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).compact()
}

fn objects<S, W>(writer: W) -> impl Layer<S> + Send + Sync + use<S, W>
where
    S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(writer)
}
