//! What the operator reads: words at a terminal, one JSON object a line elsewhere, on the standard error. It never writes personal data.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging. `HIEC_LOG` chooses what (`info` unless set: `warn`, `debug`, `hiec=debug,warn`).
pub fn start(default: &str) {
    let filter = EnvFilter::try_from_env("HIEC_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Refused only where a logger was set before, and then that one serves.
    let _already = if std::io::stderr().is_terminal() {
        lines.with_target(false).compact().try_init()
    } else {
        lines.json().flatten_event(true).try_init()
    };
}
