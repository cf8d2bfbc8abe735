//! The `hiec` program: reads the command line and starts what it names; all work is done in the library.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use hiec::demo::{Demo, StageBanner};
use hiec::{program, serving};
use hiec_competition::Stage;
use hiec_competition::demo::{STAGES, moment};
use hiec_kernel::{ShiftedClock, SystemClock};
use hiec_store::Database;
use hiec_web::Site;
use hiec_web::layout::Banner;

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
    /// Run the demonstration: the 2009 round at any stage, on a file of its own.
    Demo {
        /// Where the round stands: dialogue, pqq, shortlist, bidding, assessment, panel, standstill, announced.
        #[arg(long, default_value = "bidding", value_parser = demo_stage)]
        at: Stage,
        /// The port on this machine; 0 takes a free one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Where its files go; nothing else is touched.
        #[arg(long, default_value = ".demo")]
        dir: PathBuf,
    },
}

fn demo_stage(text: &str) -> Result<Stage, String> {
    Stage::from_key(text)
        .filter(|stage| STAGES.contains(stage))
        .ok_or_else(|| {
            let stages: Vec<&str> = STAGES.iter().map(|stage| stage.key()).collect();
            format!("choose one of {}", stages.join(", "))
        })
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Serve { database, listen } => run(&database, listen).await,
        Command::Demo { at, port, dir } => demonstrate(at, port, dir).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hiec: {error:#}");
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

async fn demonstrate(at: Stage, port: u16, dir: PathBuf) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&dir)
        .map_err(|error| format!("cannot make the folder {}: {error}", dir.display()))?;
    let listener = serving::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    let address = listener.local_addr()?;
    let clock = Arc::new(ShiftedClock::starting_at(moment(at)));
    let demo = Demo::new(dir, clock.clone());
    let database = demo.database(at).await?;
    let site = Site {
        name: "hiec".into(),
        base: format!("http://{address}/").parse()?,
        is_demo: true,
    };
    let mut services = http::Extensions::new();
    services.insert(demo.files()?);
    services.insert(demo);
    services.insert::<Arc<dyn Banner>>(Arc::new(StageBanner {
        clock: clock.clone(),
    }));
    let state = program::state(database, clock, site, services)?;
    println!("hiec is ready at http://{address}/");
    Ok(serving::serve(listener, program::router(&state, hiec::demo::routes())).await?)
}
