//! The sync server: takes sealed bundles it cannot open, keeps them, and gives signed receipts.

mod answer;
mod app;
pub mod args;
mod auth;
pub mod check;
mod error;
mod files;
mod listen;
mod log;
mod pace;
mod partial;
mod publish;
mod reading;
mod routes;
mod store;
mod upload;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use error::ServerError;

/// Everything that can be chosen about a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the server; created with mode 0700.
    pub data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The secretariat's root key (Ed25519, base64); needed at the first start only.
    pub secretariat: Option<String>,
    /// Says that a proxy in front speaks TLS, which allows an address other than loopback.
    pub behind_tls_proxy: bool,
    /// Bundles one key may store.
    pub quota_bundles: u64,
    /// Bytes one key may store.
    pub quota_bytes: u64,
    /// Tickets and signed requests one key may send in a minute.
    pub per_minute: u32,
    /// Unix time in seconds.
    pub now: fn() -> i64,
}

impl Config {
    /// A server in `data` on `listen` with the usual limits and the system clock.
    pub fn new(data: PathBuf, listen: SocketAddr) -> Self {
        Self {
            data,
            listen,
            secretariat: None,
            behind_tls_proxy: false,
            quota_bundles: args::QUOTA_BUNDLES,
            quota_bytes: args::QUOTA_BYTES,
            per_minute: args::PER_MINUTE,
            now: system_seconds,
        }
    }
}

fn system_seconds() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A server that is answering.
pub struct Running {
    /// The address it really listens on.
    pub addr: SocketAddr,
    /// The Ed25519 key that signs its receipts.
    pub receipt_key: [u8; 32],
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// The address as a URL without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Takes no new connection, finishes what was accepted, and returns when everything is on disk.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let _ = self.task.await;
    }
}

/// Starts a server inside the current tokio runtime.
pub async fn start(config: Config) -> Result<Running, ServerError> {
    if !config.listen.ip().is_loopback() && !config.behind_tls_proxy {
        return Err(ServerError::NotLoopback(config.listen));
    }
    let (addr, now) = (config.listen, config.now);
    let app = tokio::task::spawn_blocking(move || app::App::open(config))
        .await
        .map_err(|e| ServerError::Io("starting", std::io::Error::other(e)))??;
    let app = Arc::new(app);
    let listener = TcpListener::bind(addr).await.map_err(|e| ServerError::Listen(addr, e))?;
    let addr = listener.local_addr().map_err(|e| ServerError::Listen(addr, e))?;
    let receipt_key = app.receipt_key;
    log::line(now(), &format!("listening {addr}"));
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(listen::serve(listener, app, stopped));
    Ok(Running { addr, receipt_key, stop, task })
}

/// Runs a server until SIGTERM or SIGINT. The first line on stdout is `listening http://ADDRESS:PORT`.
pub fn run(config: Config) -> Result<(), ServerError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| ServerError::Io("starting the runtime", e))?;
    runtime.block_on(async {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .map_err(|e| ServerError::Io("waiting for signals", e))?;
        let running = start(config).await?;
        let mut out = std::io::stdout();
        // A closed stdout is no reason to stop serving.
        let _ = writeln!(out, "listening {}", running.url()).and_then(|()| out.flush());
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        running.stop().await;
        Ok(())
    })
}
