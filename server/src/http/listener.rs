//! Listens, answers, and stops without cutting anybody off.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{net::TcpListener, sync::watch};

/// How long answers that have begun may take after the server is asked to stop.
pub const GRACE: Duration = Duration::from_secs(10);

/// Answers on `listener` until `stop` says true; then takes no more connections
/// and gives those that have begun `grace`.
///
/// # Errors
/// Listening failed.
pub async fn answer(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
    grace: Duration,
) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopped(stop.clone()));
    tokio::select! {
        ended = serving.into_future() => ended,
        () = async { stopped(stop).await; tokio::time::sleep(grace).await } => {
            tracing::warn!("some answers took too long and were cut off");
            Ok(())
        }
    }
}

/// Returns when `stop` says true, or nobody is left to say so.
async fn stopped(mut stop: watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    #[tokio::test]
    async fn answers_that_have_begun_are_finished() {
        let (begun, mut has_begun) = watch::channel(false);
        let (go, gone) = watch::channel(false);
        let router = Router::new().route(
            "/",
            get(move || async move {
                begun.send_replace(true);
                stopped(gone).await;
                "done"
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (stop, told) = watch::channel(false);
        let server = tokio::spawn(answer(listener, router, told, GRACE));
        let client = tokio::spawn(async move { reqwest::get(url).await?.text().await });
        has_begun.wait_for(|begun| *begun).await.unwrap();
        stop.send_replace(true);
        go.send_replace(true);
        assert_eq!(client.await.unwrap().unwrap(), "done");
        server.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn answers_that_never_end_are_cut_off() {
        let (begun, mut has_begun) = watch::channel(false);
        let router = Router::new().route(
            "/",
            get(move || async move {
                begun.send_replace(true);
                std::future::pending::<&str>().await
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (stop, told) = watch::channel(false);
        let server = tokio::spawn(answer(listener, router, told, Duration::ZERO));
        let client = tokio::spawn(async move { reqwest::get(url).await });
        has_begun.wait_for(|begun| *begun).await.unwrap();
        stop.send_replace(true);
        server.await.unwrap().unwrap();
        client.abort();
    }
}
