//! Gets a password from a person at the terminal, or from standard input. It is
//! never shown and never an argument.

use std::io::{self, BufRead, IsTerminal, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, SecretString};

use super::StartError;

/// Far above any password, so that a wrong file doesn't fill the memory.
const LONGEST_LINE: u64 = 4096;

/// Asks twice, without showing what is typed.
///
/// # Errors
/// Standard input isn't a terminal, both differ, or the person pressed Ctrl-C.
pub async fn ask(email: &str) -> Result<SecretString, StartError> {
    if !io::stdin().is_terminal() {
        return Err(StartError::Password(
            "there is no terminal to ask for the password on: pass it with --password-stdin",
        ));
    }
    let silence = Silence::begin()?;
    let prompts = [format!("Password for {email}: "), "Once more: ".to_owned()];
    let asked = tokio::task::spawn_blocking(move || {
        let [first, second] = &prompts;
        Ok::<_, StartError>((ask_once(first)?, ask_once(second)?))
    });
    let (first, second) = tokio::select! {
        answers = asked => answers
            .map_err(|error| StartError::Part("asking for the password failed", error.into()))??,
        _ = tokio::signal::ctrl_c() => {
            drop(silence);
            say("\n");
            return Err(StartError::Cancelled);
        }
    };
    if first.expose_secret() == second.expose_secret() {
        Ok(first)
    } else {
        Err(StartError::Password(
            "the two passwords differ: nothing was changed, try again",
        ))
    }
}

/// The first line of standard input.
///
/// # Errors
/// There is none, or it can't be read.
pub fn from_stdin() -> Result<SecretString, StartError> {
    first_line(io::stdin().lock())
}

fn ask_once(prompt: &str) -> Result<SecretString, StartError> {
    say(prompt);
    let line = first_line(io::stdin().lock());
    // The terminal doesn't show the line break either.
    say("\n");
    line
}

/// Prompts go to stderr: standard output is for what a command answers. A
/// closed stderr is no reason not to read.
fn say(text: &str) {
    let mut stderr = io::stderr();
    drop(
        stderr
            .write_all(text.as_bytes())
            .and_then(|()| stderr.flush()),
    );
}

fn first_line(input: impl BufRead) -> Result<SecretString, StartError> {
    let mut line = String::new();
    input
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .map_err(|error| StartError::System("the password can't be read", error))?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    if line.is_empty() {
        return Err(StartError::Password(
            "no password came: nothing was changed",
        ));
    }
    Ok(line.into())
}

/// While it lives, the terminal doesn't show what is typed.
struct Silence(Termios);

impl Silence {
    fn begin() -> Result<Self, StartError> {
        let failed = |error: rustix::io::Errno| {
            StartError::System(
                "the terminal can't be kept from showing the password",
                error.into(),
            )
        };
        let before = tcgetattr(io::stdin()).map_err(failed)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // Nothing helps where this fails: the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_password() {
        for (text, password) in [
            ("correct horse\n", "correct horse"),
            ("correct horse\r\nmore\n", "correct horse"),
            (" spaces count ", " spaces count "),
        ] {
            assert_eq!(
                first_line(text.as_bytes()).unwrap().expose_secret(),
                password
            );
        }
        for text in ["", "\n", "\r\n"] {
            assert!(first_line(text.as_bytes()).is_err());
        }
        assert!(first_line(&b"\xff\xfe\n"[..]).is_err());
    }
}
