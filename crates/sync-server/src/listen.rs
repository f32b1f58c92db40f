//! Connections: how many, how long, how large a header, and how they end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::app::App;
use crate::routes::routes;

/// Connections at the same time; further ones wait in the listen queue.
const CONNECTIONS: u32 = 512;
/// Time for the header of a request, also between two requests of one connection.
const HEADER_TIME: Duration = Duration::from_secs(15);
/// Largest header of a request, in bytes, and the number of its fields.
const HEADER_BYTES: usize = 16 * 1024;
const HEADER_FIELDS: usize = 64;
/// Longest life of a connection.
const LIFE: Duration = Duration::from_secs(2 * 3600);
/// How long a stop waits for requests under way.
const FINISH: Duration = Duration::from_secs(30);

/// Accepts until told to stop, then finishes what was accepted and closes the store.
pub async fn serve(listener: TcpListener, app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let router = routes(Arc::clone(&app));
    let slots = Arc::new(Semaphore::new(CONNECTIONS as usize));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = told_to_stop(&mut stopped) => break,
        };
        match stream {
            Ok((stream, _)) => {
                let connection = connection(stream, router.clone(), stopped.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(slot);
                });
            }
            // Out of file descriptors or memory: give it a moment instead of spinning.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(FINISH, slots.acquire_many(CONNECTIONS)).await;
    let _ = tokio::task::spawn_blocking(move || app.store.close()).await;
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // The sender going away means the same.
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn connection(stream: TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_headers(HEADER_FIELDS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(connection);
    // A client that breaks off is its own matter; nothing of it goes to the log.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = tokio::time::sleep(LIFE) => {}
        () = told_to_stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(FINISH, connection).await;
        }
    }
}
