//! The commands: puts the parts together, runs them, and takes them apart again
//! in order. Decides nothing about the product.

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
};

use tokio::{net::TcpListener, sync::watch};

use crate::{
    config::{
        Settings,
        cli::{Cli, Command, ServeArgs},
        environment, logging,
        master_key::MASTER_KEY_VARIABLE,
    },
    http::{self, Edge, Readiness},
    store::Store,
};

mod accounts;
mod error;
mod parts;
mod prompt;
mod shutdown;
mod simulate;

pub use error::StartError;
use parts::Parts;

/// Carries a command out.
///
/// # Errors
/// See [`StartError`].
pub async fn run(cli: Cli) -> Result<(), StartError> {
    environment::check(env::vars_os().map(|(name, _)| name))?;
    match cli.command {
        None => help(),
        Some(Command::Serve(args)) => {
            let settings = settle(&args)?;
            logging::start(&args.log)?;
            serve(settings).await
        }
        Some(Command::SimulateAws(args)) => simulate::run(&args).await,
        Some(Command::User(args)) => accounts::run(&args.command).await,
    }
}

fn help() -> Result<(), StartError> {
    use clap::CommandFactory;

    Cli::command()
        .print_help()
        .map_err(|error| StartError::System("the help can't be printed", error))
}

fn settle(args: &ServeArgs) -> Result<Settings, StartError> {
    Ok(Settings::resolve(args, env::var_os(MASTER_KEY_VARIABLE))?)
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// A part doesn't start, or listening fails.
pub async fn serve(settings: Settings) -> Result<(), StartError> {
    log_panics();
    warn_about(&settings);
    // First, because a taken port often means that another server has the database.
    let listener = listen(settings.listen).await?;
    let address = listener
        .local_addr()
        .map_err(|error| StartError::Listen(settings.listen, error))?;
    let store = Store::open(&settings.database).await?;
    let parts = Parts::start(&settings, &store).await?;

    let readiness = Readiness::new({
        let store = store.clone();
        move || {
            let store = store.clone();
            async move { store.ping().await.is_ok() }
        }
    });
    let router = http::protect(
        http::pages(parts.services.clone()).merge(http::files(parts.services.clone())),
        readiness,
        &Edge::from(&settings),
    )?;

    let (stop, stopped) = watch::channel(false);
    let answering = tokio::spawn(http::answer(listener, router, stopped, http::GRACE));
    announce(&settings, address);
    let asked = tokio::select! {
        asked = shutdown::asked() => asked,
        () = async { stop.closed().await } => Ok(()),
    };
    tracing::info!("stopping: answers that have begun may take up to 10 seconds more");
    stop.send_replace(true);
    let answered = tokio::select! {
        answered = answering => answered
            .map_err(|error| StartError::Part("answering failed", error.into()))?,
        // Asked twice: somebody is in a hurry.
        _ = shutdown::asked() => Ok(()),
    };
    parts.stop().await;
    store.close().await?;
    asked?;
    answered.map_err(|error| StartError::Listen(address, error))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::InUse(address),
            _ => StartError::Listen(address, error),
        })
}

/// The one line on standard output: scripts wait for it.
fn announce(settings: &Settings, address: SocketAddr) {
    let mut here = address;
    if here.ip().is_unspecified() {
        here.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let line = match &settings.public_url {
        Some(url) => format!("Cost Tracker is at {url} (listening on {address})"),
        None => format!("Cost Tracker is at http://{here}"),
    };
    // A closed standard output is no reason to stop.
    drop(writeln!(io::stdout(), "{line}"));
    tracing::info!(%address, database = %settings.database, "serving");
}

/// What works, but may not be what was meant.
fn warn_about(settings: &Settings) {
    for name in environment::ignored_endpoints(env::vars_os().map(|(name, _)| name)) {
        tracing::warn!(
            "{name} has no effect here, so that nobody redirects AWS keys by accident; \
             --aws-endpoint-url does it for loopback addresses"
        );
    }
    if let Some(endpoint) = &settings.aws_endpoint {
        tracing::warn!(%endpoint, "no call goes to the real AWS");
    }
    if let Some(today) = settings.today {
        tracing::warn!(%today, "another day is played");
    }
    if settings.public_url.is_some() && !settings.trust_proxy {
        tracing::warn!(
            "with a proxy in front, everybody seems to come from its address, and one person's \
             wrong passwords slow down all: let it set X-Forwarded-For, and add --trust-proxy"
        );
    }
    if !settings.listen.ip().is_loopback() && !settings.is_https() {
        tracing::warn!(
            "other machines can reach this server without TLS, and read passwords on the way: \
             put a proxy with TLS in front, and name its address with --public-url"
        );
    }
}

/// Panics go into the log like everything else, so that JSON stays JSON.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(
            place,
            "panicked: {}",
            panic.payload_as_str().unwrap_or("no text")
        );
    }));
}
