//! The command line: what people can type. Decides nothing.

use std::net::SocketAddr;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, builder::Styles, builder::styling::AnsiColor};

use super::{
    aws::AwsArgs, data_dir::DataDirArgs, database::DatabaseArgs, listen::ListenArgs,
    logging::LogArgs, master_key::MasterKeyArgs, today::TodayArgs,
};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  Look around, on this machine only:
    cost-tracker serve

  For other people, behind a proxy with TLS:
    cost-tracker serve --public-url https://costs.example.com --trust-proxy

  Let somebody in:
    cost-tracker user add ann@example.com

Every option has an environment variable too: `cost-tracker serve --help` names them.";

const SERVE_EXAMPLES: &str = "\
Examples:
  cost-tracker serve
  cost-tracker serve --listen 127.0.0.1:8080 --data-dir /var/lib/cost-tracker
  COST_TRACKER_DATABASE_URL=postgres://name:password@db/costs cost-tracker serve

Options come before the environment, which comes before the defaults.";

const SIMULATE_EXAMPLES: &str = "\
Examples:
  cost-tracker simulate-aws &
  eval \"$(cost-tracker simulate-aws --print-env)\"
  aws ce get-cost-and-usage --granularity MONTHLY --metrics UnblendedCost \\
    --time-period Start=2026-10-01,End=2026-11-01";

const USER_EXAMPLES: &str = "\
Examples:
  cost-tracker user add ann@example.com
  cost-tracker user reset-password ann@example.com --password-stdin < password.txt
  cost-tracker user list --data-dir /var/lib/cost-tracker";

/// Tells people what AWS costs them, to the cent, without becoming a cost itself.
#[derive(Debug, Parser)]
#[command(
    name = "cost-tracker",
    bin_name = "cost-tracker",
    version,
    styles = STYLES,
    max_term_width = 90,
    disable_help_subcommand = true,
    after_help = EXAMPLES
)]
pub struct Cli {
    /// What to do; without one, the help is printed.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the server
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Box<ServeArgs>),
    /// Play AWS on this machine, for trying things out with any AWS client
    ///
    /// Answers STS and Cost Explorer in AWS's own protocols, with the costs of
    /// a made-up company. Nothing leaves this machine and nothing costs money.
    #[command(after_help = SIMULATE_EXAMPLES)]
    SimulateAws(SimulateArgs),
    /// Make and mend people's accounts
    ///
    /// Works on the same database as the server, which may be running.
    #[command(after_help = USER_EXAMPLES)]
    User(UserArgs),
}

/// Options of `serve`.
#[derive(Args, Debug)]
pub struct ServeArgs {
    /// The network.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// The data folder.
    #[command(flatten)]
    pub data_dir: DataDirArgs,
    /// The database.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// The master key.
    #[command(flatten)]
    pub master_key: MasterKeyArgs,
    /// AWS.
    #[command(flatten)]
    pub aws: AwsArgs,
    /// The log.
    #[command(flatten)]
    pub log: LogArgs,
    /// The day.
    #[command(flatten)]
    pub today: TodayArgs,
}

/// Options of `simulate-aws`.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// Loopback address and port to listen on
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:4599",
        value_parser = loopback_address
    )]
    pub listen: SocketAddr,

    /// The day to play [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<NaiveDate>,

    /// Another number, another company [default: always the same one]
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,

    /// Print the settings that send an AWS client to this address, and exit
    #[arg(long)]
    pub print_env: bool,
}

/// Options of `user`.
#[derive(Args, Debug)]
pub struct UserArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What can be done about accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account, the first one an administrator's; asks for the password
    Add(PasswordArgs),
    /// Give an account another password and end its sessions; asks for the password
    ResetPassword(PasswordArgs),
    /// List all accounts
    List(StoreArgs),
}

impl UserCommand {
    /// Which database it is about.
    #[must_use]
    pub const fn store(&self) -> &StoreArgs {
        match self {
            Self::Add(args) | Self::ResetPassword(args) => &args.store,
            Self::List(store) => store,
        }
    }
}

/// Whose password, and where it comes from. Never an option: command lines are public.
#[derive(Args, Debug)]
pub struct PasswordArgs {
    /// The e-mail address the person signs in with
    #[arg(value_name = "E-MAIL")]
    pub email: String,

    /// Read the password from standard input's first line instead of asking
    #[arg(long)]
    pub password_stdin: bool,

    /// The database.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Which database.
#[derive(Args, Clone, Debug)]
pub struct StoreArgs {
    /// The data folder.
    #[command(flatten)]
    pub data_dir: DataDirArgs,
    /// The database.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// The simulator knows no secrets and checks no passwords: it stays on this machine.
fn loopback_address(text: &str) -> Result<SocketAddr, String> {
    let address = super::listen::address(text)?;
    if address.ip().to_canonical().is_loopback() {
        Ok(address)
    } else {
        Err("the simulator listens on loopback addresses only, like 127.0.0.1:4599".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_serve_option_has_its_variable() {
        let command = Cli::command();
        let serve = command.find_subcommand("serve").unwrap();
        for argument in serve.get_arguments() {
            let Some(long) = argument.get_long().filter(|long| *long != "help") else {
                continue;
            };
            let variable = format!("COST_TRACKER_{}", long.replace('-', "_").to_uppercase());
            assert_eq!(argument.get_env().unwrap().to_str(), Some(&*variable));
        }
    }

    #[test]
    fn no_command_takes_a_password_as_an_argument() {
        let line = ["cost-tracker", "user", "add", "ann@example.com"];
        assert!(Cli::try_parse_from(line).is_ok());
        for extra in [["--password", "x"], ["x", "y"]] {
            assert!(Cli::try_parse_from(line.iter().chain(&extra)).is_err());
        }
    }

    #[test]
    fn the_simulator_stays_on_this_machine() {
        let listen = |address| ["cost-tracker", "simulate-aws", "--listen", address];
        assert!(Cli::try_parse_from(listen("[::1]:4599")).is_ok());
        assert!(Cli::try_parse_from(listen("0.0.0.0:4599")).is_err());
    }

    #[test]
    fn short_help_leaves_the_played_day_out() {
        let mut command = Cli::command();
        let serve = command.find_subcommand_mut("serve").unwrap();
        assert!(!serve.render_help().to_string().contains("--today"));
        assert!(serve.render_long_help().to_string().contains("--today"));
    }
}
