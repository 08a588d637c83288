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
