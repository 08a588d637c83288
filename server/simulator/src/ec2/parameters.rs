//! Parameters of the query protocol: `VolumeId.1`, `Filter.2.Value.1`.

use crate::error::{AwsError, Cause};

/// The parameters of a request, in the order they were sent.
pub(super) struct Parameters<'a>(pub &'a [(String, String)]);

/// Parameters of every operation.
const COMMON: [&str; 3] = ["Action", "Version", "DryRun"];

impl Parameters<'_> {
    /// The value of a parameter; `None` when it is absent or empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The values of `name.1`, `name.2`, … in the order of their numbers.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let mut found: Vec<(u32, &str)> = self
            .0
            .iter()
            .filter_map(|(key, value)| {
                let number = key.strip_prefix(name)?.strip_prefix('.')?;
                Some((number.parse().ok()?, value.as_str()))
            })
            .collect();
        found.sort_unstable_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// Refuses what the operation doesn't know, as EC2 does.
    pub(super) fn check(&self, known: &[&str]) -> Result<(), AwsError> {
        let unknown = self.0.iter().find(|(key, _)| {
            let name = key.split('.').next().unwrap_or_default();
            !known.contains(&name) && !COMMON.contains(&name)
        });
        unknown.map_or(Ok(()), |(key, _)| {
            let text = format!("The parameter {key} is not recognized");
            Err(AwsError::new(Cause::Other("UnknownParameter", 400), text))
        })
    }

    /// Everything that decides what is listed, for page tokens.
    pub(super) fn of_listing(&self) -> Vec<&(String, String)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .filter(|(key, _)| key != "NextToken" && key != "MaxResults")
            .collect();
        all.sort_unstable();
        all
    }
}
