//! Refuses settings that nobody reads, so that a misspelt one doesn't pass for set.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory;

use super::{cli::Cli, error::ConfigError, master_key::MASTER_KEY_VARIABLE};

const PREFIX: &str = "COST_TRACKER_";

/// Read when the binary is built, so that it may well be set where tests run.
const OF_THE_BUILD: &str = "COST_TRACKER_SITE";

/// Every variable that some command reads.
#[must_use]
pub fn known() -> Vec<String> {
    fn collect(command: &clap::Command, names: &mut Vec<String>) {
        names.extend(
            command
                .get_arguments()
                .filter_map(|argument| argument.get_env())
                .map(|name| name.to_string_lossy().into_owned()),
        );
        for inner in command.get_subcommands() {
            collect(inner, names);
        }
    }
    let mut names = vec![MASTER_KEY_VARIABLE.to_owned()];
    collect(&Cli::command(), &mut names);
    names.sort_unstable();
    names.dedup();
    names
}

/// Refuses variables that begin like ours but aren't.
///
/// # Errors
/// Names the first such variable and the one that was probably meant.
pub fn check(names: impl IntoIterator<Item = OsString>) -> Result<(), ConfigError> {
    let known = known();
    let unknown = names.into_iter().find_map(|name| {
        let name = name.to_string_lossy().into_owned();
        let ours = name.to_ascii_uppercase().starts_with(PREFIX);
        (ours && name != OF_THE_BUILD && !known.contains(&name)).then_some(name)
    });
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let nearest = known
        .iter()
        .min_by_key(|name| distance(&unknown.to_ascii_uppercase(), name))
        .map_or(MASTER_KEY_VARIABLE, String::as_str);
    Err(ConfigError::new(format!(
        "There is no setting {unknown}. Did you mean {nearest}? `cost-tracker serve --help` \
         lists them all; unset the others."
    )))
}

/// The AWS SDK's own variables that would send keys elsewhere, and are ignored here.
#[must_use]
pub fn ignored_endpoints(names: impl IntoIterator<Item = OsString>) -> Vec<String> {
    let mut found: Vec<String> = names
        .into_iter()
        .filter_map(|name| OsStr::to_str(&name).map(str::to_owned))
        .filter(|name| name.starts_with("AWS_ENDPOINT_URL"))
        .collect();
    found.sort_unstable();
    found
}

/// How many letters to change, add or drop (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(name: &str) -> Result<(), ConfigError> {
        check([OsString::from("PATH"), OsString::from(name)])
    }

    #[test]
    fn distances_count_letters() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn misspelt_settings_are_refused_with_the_nearest() {
        for (wrong, right) in [
            ("COST_TRACKER_LISTENS", "COST_TRACKER_LISTEN"),
            (
                "COST_TRACKER_MASTERKEY_FILE",
                "COST_TRACKER_MASTER_KEY_FILE",
            ),
            ("COST_TRACKER_DATABSE_URL", "COST_TRACKER_DATABASE_URL"),
            ("cost_tracker_log", "COST_TRACKER_LOG"),
        ] {
            let sentence = check_name(wrong).unwrap_err().to_string();
            assert!(sentence.contains(&format!("mean {right}?")), "{sentence}");
        }
    }

    #[test]
    fn known_settings_pass() {
        for name in known() {
            check_name(&name).unwrap();
        }
        for name in [
            "LISTEN",
            "DATA_DIR",
            "DATABASE_URL",
            "MASTER_KEY",
            "MASTER_KEY_FILE",
            "SAMPLE_ACCOUNT",
            "ENVIRONMENT_CREDENTIALS",
            "AWS_ENDPOINT_URL",
            "COST_EXPLORER_RATE",
            "EC2_RATE",
            "STS_RATE",
            "PUBLIC_URL",
            "TRUST_PROXY",
            "LOG_FORMAT",
            "LOG",
            "TODAY",
        ] {
            assert!(known().contains(&format!("{PREFIX}{name}")), "{name}");
        }
    }

    #[test]
    fn the_sdks_own_endpoint_variables_are_found() {
        let names = ["AWS_ENDPOINT_URL_STS", "AWS_REGION", "AWS_ENDPOINT_URL"].map(OsString::from);
        assert_eq!(
            ignored_endpoints(names),
            ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"]
        );
    }
}
