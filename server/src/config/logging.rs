//! What the log says and how. Whatever the filter, libraries that handle keys,
//! bodies and SQL stay quiet below the levels at which they would print them.

use std::io;

use clap::{Args, ValueEnum};
use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, FilterFn, filter_fn},
    fmt::MakeWriter,
    layer::SubscriberExt,
    util::{SubscriberInitExt, TryInitError},
};

use super::error::ConfigError;

/// Options about the log.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Log (on stderr)")]
pub struct LogArgs {
    /// Lines for people, or JSON for programs
    #[arg(
        long,
        env = "COST_TRACKER_LOG_FORMAT",
        value_name = "text|json",
        default_value = "text",
        hide_possible_values = true,
        hide_env_values = true
    )]
    pub log_format: LogFormat,

    /// What to log: a level, or levels for parts, such as info,server::aws=debug
    ///
    /// Levels are error, warn, info, debug and trace. The AWS SDK, HTTP and
    /// database libraries stay at warn whatever is said here: below it they
    /// would print requests and data.
    #[arg(
        long,
        env = "COST_TRACKER_LOG",
        value_name = "FILTER",
        default_value = "info",
        hide_env_values = true
    )]
    pub log: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Libraries that would print keys, bodies or data below `warn`. Names of
/// targets begin so.
const QUIET: [&str; 14] = [
    "aws_",
    "h2",
    "hyper",
    "leptos",
    "memory_serve",
    "reqwest",
    "rustls",
    "sea_orm",
    "sea_query",
    "sea_schema",
    "server_fn",
    "sqlx",
    "tower",
    "want",
];

fn is_quiet(meta: &Metadata<'_>) -> bool {
    *meta.level() > Level::WARN && QUIET.iter().any(|part| meta.target().starts_with(part))
}

fn quiet_libraries() -> FilterFn<impl Fn(&Metadata<'_>) -> bool> {
    filter_fn(|meta| !is_quiet(meta))
}

/// Reads the filter.
///
/// # Errors
/// The filter isn't one.
pub fn filter(text: &str) -> Result<EnvFilter, ConfigError> {
    EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse(text)
        .map_err(|why| {
            ConfigError::new(format!(
                "The log filter can't be read ({why}). Write --log like info or \
                 warn,server=debug."
            ))
        })
}

/// The layer that writes lines, for [`start`] and for tests.
fn layer<W>(
    format: LogFormat,
    filter: EnvFilter,
    writer: W,
) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = filter.and(quiet_libraries());
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => lines
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .with_filter(filter)
            .boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_filter(filter)
            .boxed(),
    }
}

/// Begins to log, for the whole process. Call once.
///
/// # Errors
/// The filter isn't one, or something logs already.
pub fn start(args: &LogArgs) -> Result<(), ConfigError> {
    let layer = layer(args.log_format, filter(&args.log)?, io::stderr);
    tracing_subscriber::registry()
        .with(layer)
        .try_init()
        .map_err(|_: TryInitError| ConfigError::new("Something else in this process logs already."))
}

/// Catches log lines in tests.
#[cfg(test)]
pub(crate) mod caught {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use tracing::Subscriber;
    use tracing_subscriber::layer::SubscriberExt;

    use super::{LogFormat, filter, layer};

    /// What was logged so far.
    #[derive(Clone, Default)]
    pub(crate) struct Page(Arc<Mutex<Vec<u8>>>);

    impl Page {
        /// Logs onto this page, the way the server does.
        pub(crate) fn subscriber(&self, format: LogFormat, text: &str) -> impl Subscriber + use<> {
            let writer = self.clone();
            let layer = layer(format, filter(text).unwrap(), move || writer.clone());
            tracing_subscriber::registry().with(layer)
        }

        /// Everything on it.
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{caught::Page, *};

    fn logged(format: LogFormat, text: &str) -> String {
        let page = Page::default();
        tracing::subscriber::with_default(page.subscriber(format, text), || {
            tracing::trace!("ours, in detail");
            tracing::info!("ours");
            tracing::trace!(target: "aws_smithy_runtime::client", "a key");
            tracing::debug!(target: "sqlx::query", "a row");
            tracing::info!(target: "hyper_util::client", "a body");
            tracing::warn!(target: "aws_config", "a warning");
        });
        page.text()
    }

    #[test]
    fn libraries_stay_quiet_even_at_trace() {
        for filter in [
            "trace",
            "trace,aws_smithy_runtime=trace,sqlx=debug,hyper_util=info",
        ] {
            let lines = logged(LogFormat::Text, filter);
            for shown in ["ours, in detail", "a warning"] {
                assert!(lines.contains(shown), "{lines}");
            }
            for hidden in ["a key", "a row", "a body"] {
                assert!(!lines.contains(hidden), "{lines}");
            }
        }
    }

    #[test]
    fn json_lines_are_json() {
        let lines = logged(LogFormat::Json, "info");
        let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(first["message"], "ours");
        assert_eq!(first["level"], "INFO");
    }

    #[test]
    fn unreadable_filters_are_refused() {
        assert!(
            filter("server=loudly")
                .unwrap_err()
                .to_string()
                .contains("--log")
        );
    }
}
