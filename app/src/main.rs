//! The `hiec` program: reads the command line and starts what it names; all work is done in the library.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use hiec::{program, serving};
use hiec_kernel::SystemClock;
use hiec_store::Database;
use hiec_web::Site;

/// Runs a Health Innovation and Education Cluster.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an installation.
    Serve {
        /// sqlite:///path/to/hiec.db or postgres://user@host/name
        #[arg(long, env = "HIEC_DATABASE")]
        database: String,
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Run the demonstration.
    Demo {
        #[arg(long, default_value_t = 8080)]
        port: u16,
        #[arg(long)]
        dir: Option<PathBuf>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Serve { database, listen } => run(&database, listen).await,
        Command::Demo { port, dir } => {
            let dir = dir.unwrap_or_else(|| PathBuf::from(".demo"));
            match std::fs::create_dir_all(&dir) {
                Ok(()) => {
                    let url = format!("sqlite://{}", dir.join("hiec.db").display());
                    run(&url, SocketAddr::from(([127, 0, 0, 1], port))).await
                }
                Err(error) => Err(error.into()),
            }
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hiec: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(url: &str, listen: SocketAddr) -> Result<(), Box<dyn std::error::Error>> {
    let database = Database::connect(url).await?;
    let clock = Arc::new(SystemClock);
    program::migrate(&database, clock.as_ref()).await?;
    let listener = serving::bind(listen).await?;
    let address = listener.local_addr()?;
    let base = format!("http://{address}/").parse()?;
    let site = Site {
        name: "hiec".into(),
        base,
        is_demo: false,
    };
    let state = program::state(database, clock, site, http::Extensions::new())?;
    println!("hiec is ready at http://{address}/");
    Ok(serving::serve(listener, program::router(&state, axum::Router::new())).await?)
}
