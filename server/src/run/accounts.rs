//! `cost-tracker user …`: makes and mends accounts, for whoever may read the
//! database anyway.

use std::{
    io::{self, Write},
    net::Ipv4Addr,
};

use domain::ports::{Caller, People};
use secrecy::SecretString;

use super::{StartError, prompt};
use crate::{
    config::{
        cli::{PasswordArgs, UserCommand},
        database,
    },
    services::{clock::Clock, people::PeopleService},
    store::Store,
};

/// Does what the command says.
///
/// # Errors
/// The database can't be opened, or the account can't be made or mended.
pub async fn run(command: &UserCommand) -> Result<(), StartError> {
    let args = command.store();
    let url = database::resolve(&args.database, &args.data_dir.data_dir)?;
    let password = match command {
        UserCommand::Add(args) | UserCommand::ResetPassword(args) => Some(password(args).await?),
        UserCommand::List(_) => None,
    };
    let store = Store::open(&url).await?;
    let people = PeopleService::new(store.clone(), Clock::default());
    let done = carry_out(command, &people, password).await;
    store.close().await?;
    done
}

async fn password(args: &PasswordArgs) -> Result<SecretString, StartError> {
    if args.password_stdin {
        prompt::from_stdin()
    } else {
        prompt::ask(&args.email).await
    }
}

async fn carry_out(
    command: &UserCommand,
    people: &PeopleService,
    password: Option<SecretString>,
) -> Result<(), StartError> {
    let mut out = io::stdout();
    let mut told = Ok(());
    match (command, password) {
        (UserCommand::Add(args), Some(password)) if people.needs_setup().await? => {
            // As in the browser: otherwise nobody would ever be the administrator.
            let here = Caller {
                address: Ipv4Addr::LOCALHOST.into(),
            };
            let session = people.set_up(&args.email, password, here).await?;
            people.sign_out(&session).await?;
            told = writeln!(
                out,
                "{} can sign in now, as the administrator.",
                args.email.trim()
            );
        }
        (UserCommand::Add(args), Some(password)) => {
            people.add(&args.email, password).await?;
            told = writeln!(out, "{} can sign in now.", args.email.trim());
        }
        (UserCommand::ResetPassword(args), Some(password)) => {
            people.reset_password(&args.email, password).await?;
            told = writeln!(
                out,
                "{} has a new password and is signed out everywhere.",
                args.email.trim()
            );
        }
        _ => {
            for user in people.list().await? {
                told = told.and_then(|()| writeln!(out, "{}\t{}", user.email, user.role.as_str()));
            }
        }
    }
    // It is done, whether or not somebody listens.
    drop(told);
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use domain::user::Role;

    use super::*;
    use crate::config::cli::{Cli, Command};

    async fn run_on(people: &PeopleService, verb: &str, email: &str) -> Result<(), StartError> {
        let cli = Cli::parse_from(["cost-tracker", "user", verb, email]);
        let Some(Command::User(args)) = cli.command else {
            panic!("not user");
        };
        let password = SecretString::from("seven unrelated zebras");
        carry_out(&args.command, people, Some(password)).await
    }

    #[tokio::test]
    async fn the_first_account_is_the_administrators() {
        let store = Store::open(&"sqlite::memory:".parse().unwrap())
            .await
            .unwrap();
        let people = PeopleService::new(store, Clock::default());
        run_on(&people, "add", "zoe@example.com").await.unwrap();
        run_on(&people, "add", "ann@example.com").await.unwrap();
        let users = people.list().await.unwrap();
        let roles: Vec<_> = users
            .iter()
            .map(|user| (user.email.as_str(), user.role))
            .collect();
        assert_eq!(
            roles,
            [
                ("ann@example.com", Role::Member),
                ("zoe@example.com", Role::Administrator)
            ]
        );
    }

    #[tokio::test]
    async fn refusals_say_what_to_do() {
        let store = Store::open(&"sqlite::memory:".parse().unwrap())
            .await
            .unwrap();
        let people = PeopleService::new(store, Clock::default());
        run_on(&people, "add", "ann@example.com").await.unwrap();
        let twice = run_on(&people, "add", "ann@example.com").await.unwrap_err();
        assert!(twice.to_string().contains("reset-password"), "{twice}");
        let nobody = run_on(&people, "reset-password", "bob@example.com")
            .await
            .unwrap_err();
        assert!(nobody.to_string().contains("user list"), "{nobody}");
    }
}
