//! Settings: read once at the start from the command line and the environment,
//! checked, and then only passed on. One file per concern.

use std::{ffi::OsString, fmt, net::SocketAddr, path::PathBuf};

pub mod aws;
pub mod cli;
pub mod data_dir;
pub mod database;
pub mod environment;
mod error;
pub mod listen;
pub mod logging;
pub mod master_key;
pub mod today;

pub use aws::{LoopbackUrl, Rates};
pub use error::ConfigError;
pub use listen::PublicUrl;

use chrono::NaiveDate;

use crate::{security::master_key::MasterKeySource, store::DatabaseUrl};

/// Everything `serve` needs to know.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How people reach the server, where that differs.
    pub public_url: Option<PublicUrl>,
    /// Whether a proxy says where clients are.
    pub trust_proxy: bool,
    /// The folder for what the server keeps.
    pub data_dir: PathBuf,
    /// The database.
    pub database: DatabaseUrl,
    /// Where the master key comes from.
    pub master_key: MasterKeySource,
    /// Whether people may connect the sample account.
    pub sample_account: bool,
    /// Whether administrators may connect with the server's own AWS credentials.
    pub environment_credentials: bool,
    /// Where AWS calls go instead of AWS.
    pub aws_endpoint: Option<LoopbackUrl>,
    /// How fast AWS is asked.
    pub aws_rates: Rates,
    /// The day to play instead of the real one. Then the real AWS must not be
    /// called: without `aws_endpoint`, everything goes to the built-in simulator.
    pub today: Option<NaiveDate>,
}

impl Settings {
    /// Checks the options against each other. `master_key` is the variable
    /// [`master_key::MASTER_KEY_VARIABLE`], which has no option.
    ///
    /// # Errors
    /// A setting can't be used, or two contradict each other.
    pub fn resolve(
        args: &cli::ServeArgs,
        master_key: Option<OsString>,
    ) -> Result<Self, ConfigError> {
        let data_dir = args.data_dir.data_dir.clone();
        let sample_account = args.aws.sample_account.is_on();
        let aws_endpoint = args.aws.aws_endpoint_url.clone();
        Ok(Self {
            listen: args.listen.listen,
            public_url: args.listen.public_url.clone(),
            trust_proxy: args.listen.trust_proxy,
            database: database::resolve(&args.database, &data_dir)?,
            master_key: master_key::resolve(&args.master_key, master_key, &data_dir)?,
            sample_account,
            today: today::resolve(args.today, sample_account, aws_endpoint.as_ref())?,
            environment_credentials: args.aws.environment_credentials.is_on(),
            aws_endpoint,
            aws_rates: args.aws.rates(),
            data_dir,
        })
    }

    /// Whether browsers come over TLS, so that cookies can be kept to it.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }
}

/// Without secrets: the database hides its password, and the master key stays out.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .field("trust_proxy", &self.trust_proxy)
            .field("data_dir", &self.data_dir)
            .field("database", &self.database)
            .field("sample_account", &self.sample_account)
            .field("environment_credentials", &self.environment_credentials)
            .field("aws_endpoint", &self.aws_endpoint)
            .field("aws_rates", &self.aws_rates)
            .field("today", &self.today)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use clap::Parser;

    use super::*;

    fn settings(options: &[&str]) -> Result<Settings, String> {
        let line = ["cost-tracker", "serve"].iter().chain(options);
        let cli = cli::Cli::try_parse_from(line).map_err(|error| error.to_string())?;
        let Some(cli::Command::Serve(args)) = cli.command else {
            panic!("not serve");
        };
        Settings::resolve(&args, None).map_err(|error| error.to_string())
    }

    #[test]
    fn bad_options_are_refused_in_a_sentence() {
        for (options, says) in [
            (&["--aws-endpoint-url", "http://10.0.0.1"][..], "loopback"),
            (&["--listen", "localhost"][..], "127.0.0.1:3000"),
            (&["--sample-account", "maybe"][..], "sample-account"),
            (&["--cost-explorer-rate", "6"][..], "cost-explorer-rate"),
            (&["--ec2-rate", "0"][..], "ec2-rate"),
            (&["--sts-rate", "fast"][..], "sts-rate"),
            (&["--lisen", "127.0.0.1:1"][..], "--listen"),
            (
                &["--today", "2026-11-24", "--sample-account", "off"][..],
                "--today",
            ),
            (
                &["--database-url", "mysql://a:hunter2@b/c"][..],
                "--database-url",
            ),
        ] {
            let sentence = settings(options).unwrap_err();
            assert!(sentence.contains(says), "{sentence}");
            assert!(!sentence.contains("hunter2"), "{sentence}");
        }
    }

    #[test]
    fn settings_hide_their_secrets() {
        let settings = settings(&["--database-url", "postgres://a:hunter2@b/c"]).unwrap();
        assert!(settings.database.to_string().contains("@b/c"));
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    /// Prints the settings that this process's own environment leads to. Only
    /// [`seen_with`] runs it.
    #[test]
    #[ignore = "runs in a process with an environment of its own"]
    fn child() {
        let options: Vec<String> = std::env::var("OPTIONS")
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        match settings(&options) {
            Ok(settings) => println!("<{settings:#?}>"),
            Err(sentence) => println!("<{sentence}>"),
        }
    }

    /// What [`child`] says in a process with these variables: changing the
    /// environment of this one would race with other tests.
    fn seen_with(options: &str, variables: &[(&str, &str)]) -> String {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "config::tests::child",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env_clear()
            .env("OPTIONS", options)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn options_come_before_the_environment_before_the_defaults() {
        let variables = [
            ("COST_TRACKER_LISTEN", "127.0.0.1:4001"),
            ("COST_TRACKER_TRUST_PROXY", "on"),
        ];
        let seen = seen_with("", &[]);
        assert!(seen.contains("listen: 127.0.0.1:3000"), "{seen}");
        assert!(seen.contains("trust_proxy: false"), "{seen}");
        assert!(seen.contains("environment_credentials: false"), "{seen}");
        assert!(seen.contains("./data/cost-tracker."), "{seen}");
        let seen = seen_with("", &variables);
        assert!(seen.contains("listen: 127.0.0.1:4001"), "{seen}");
        assert!(seen.contains("trust_proxy: true"), "{seen}");
        let seen = seen_with("--listen 127.0.0.1:4002", &variables);
        assert!(seen.contains("listen: 127.0.0.1:4002"), "{seen}");
    }

    #[test]
    fn errors_do_not_repeat_secrets_from_the_environment() {
        let variables = [("COST_TRACKER_DATABASE_URL", "mysql://a:hunter2@b/c")];
        let seen = seen_with("", &variables);
        assert!(seen.contains("--database-url"), "{seen}");
        assert!(!seen.contains("hunter2"), "{seen}");
    }
}
