//! Something secret on its way from a form to the server. It can be sent, and
//! nothing else: it has no readable `Debug`, and only the server can open it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A password or key as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(feature = "ssr")]
impl Secret {
    /// What the server's services take.
    pub fn open(self) -> secrecy::SecretString {
        self.0.into()
    }

    /// As [`Secret::open`], or nothing where the field was left empty.
    pub fn open_filled(self) -> Option<secrecy::SecretString> {
        (!self.0.trim().is_empty()).then(|| self.open())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing() {
        let secret = Secret("hunter2hunter2".to_owned());
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
