//! The real `hiec serve` as a process of its own: started on a database, watched, killed; it is never asked anything but over HTTP.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A running server. Dropping it kills it.
pub struct Server {
    process: Child,
    /// `127.0.0.1:41234`.
    pub address: String,
    /// From the start of the process to the line that names the address.
    pub started_in: Duration,
    log: Receiver<String>,
}

/// One answered request, as the server's own log tells it.
#[derive(Clone, Debug)]
pub struct Answered {
    pub route: String,
    pub status: u16,
    pub took: Duration,
}

/// What the system says of the process, in mebibytes and processor seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Use {
    pub resident: f64,
    pub most_resident: f64,
    pub processor: f64,
}

impl Server {
    /// Starts it on a free port with files in `folder`; waits until it says that it is ready.
    pub fn start(binary: &Path, database: &str, folder: &Path) -> Self {
        let begun = Instant::now();
        let mut command = Command::new(binary);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .arg("--files")
            .arg(folder.join("files"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("HIEC_") {
                command.env_remove(name);
            }
        }
        let mut process = command.spawn().expect("the server starts");
        let stderr = process.stderr.take().expect("its log is ours");
        let (send, log) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let stdout = process.stdout.take().expect("its output is ours");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("it says something");
        let address = line.trim().rsplit("http://").next().unwrap_or_default().trim_end_matches('/').to_owned();
        if address.is_empty() {
            let _ = process.wait();
            panic!("the server did not start: {}", log.iter().collect::<Vec<_>>().join("\n"));
        }
        Self { process, address, started_in: begun.elapsed(), log }
    }

    /// Kills it as a power cut would.
    pub fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        let _ = self.process.wait();
    }

    /// Everything answered since the last call, and whatever else the log said that is worse than information.
    pub fn answered(&self) -> (Vec<Answered>, Vec<String>) {
        let (mut answered, mut worse) = (Vec::new(), Vec::new());
        for line in self.log.try_iter() {
            let Ok(entry) = serde_json::from_str::<serde_json::Value>(&line) else {
                worse.push(line);
                continue;
            };
            let micros = entry["micros"].as_u64();
            match (entry["message"].as_str(), micros) {
                (Some("answered"), Some(micros)) => answered.push(Answered {
                    route: entry["span"]["route"].as_str().unwrap_or_default().to_owned(),
                    status: entry["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0),
                    took: Duration::from_micros(micros),
                }),
                _ if entry["level"] != "INFO" => worse.push(line),
                _ => {}
            }
        }
        (answered, worse)
    }

    pub fn uses(&self) -> Use {
        let read =
            |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", self.process.id())).unwrap_or_default();
        let status = read("status");
        let mebibytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
        };
        // After the name, which may hold spaces, the 12th and 13th fields are ticks in the program and in the kernel (100 a second).
        let stat = read("stat");
        let fields: Vec<f64> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse().ok())
            .collect();
        Use {
            resident: mebibytes("VmRSS:"),
            most_resident: mebibytes("VmHWM:"),
            processor: fields.iter().sum::<f64>() / 100.0,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
