//! What a server function answers when it can't: a [`domain::Error`] and what
//! the person had typed. Never carries text from a framework or from upstream.

use std::collections::BTreeMap;

use domain::{Code, Error, policy};
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A failure on its way to a page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ApiError {
    /// What happened.
    pub error: Error,
    /// Typed values by field name, to fill the form again without JavaScript.
    /// It travels in a URL: nothing secret may get in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, String>,
}

impl ApiError {
    /// What was typed into a field, if it came along.
    #[must_use]
    pub fn kept(&self, field: &str) -> Option<String> {
        self.kept.get(field).cloned()
    }

    /// The same error as it may be shown when it came in a URL, which anyone can
    /// write: no policy but our own and no way out of the product.
    #[must_use]
    pub fn from_url(mut self) -> Self {
        if self.error.policy.is_some() {
            self.error.policy = Some(policy::minimal());
        }
        self.error.link = self.error.link.filter(|link| is_local(link));
        self
    }
}

/// Whether a path stays on this server: browsers read `//x` and `/\x` as another host.
#[must_use]
pub fn is_local(path: &str) -> bool {
    let mut letters = path.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && !path
            .chars()
            .any(|letter| letter.is_control() || letter == '\\')
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self {
            error,
            kept: BTreeMap::new(),
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    /// Drops the framework's text: it may quote what was sent.
    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        let error = match value {
            ServerFnErrorErr::Request(_) => Error::new(
                Code::Busy,
                "The server didn't answer.",
                "Check that it is running and that you are online, then try again.",
            ),
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Error::new(
                Code::Invalid,
                "The form could not be read.",
                "Reload the page and fill it in again.",
            ),
            ServerFnErrorErr::Deserialization(_) => Error::new(
                Code::Internal,
                "The server's answer could not be read.",
                "The server may have been updated: reload the page.",
            ),
            _ => Error::new(
                Code::Internal,
                "Something went wrong between this page and the server.",
                "Reload the page and try again.",
            ),
        };
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framework_errors_lose_their_text() {
        let told = "invalid value: hunter2hunter2".to_owned();
        for error in [
            ServerFnErrorErr::Args(told.clone()),
            ServerFnErrorErr::MissingArg(told.clone()),
            ServerFnErrorErr::Deserialization(told.clone()),
            ServerFnErrorErr::ServerError(told.clone()),
            ServerFnErrorErr::Request(told),
        ] {
            let answer = ApiError::from_server_fn_error(error);
            assert!(!String::from_utf8_lossy(&answer.ser()).contains("hunter2"));
        }
    }

    #[test]
    fn errors_survive_the_wire() {
        let mut error = ApiError::from(Error::invalid("email", "No.", "Yes."));
        error.kept.insert("email".to_owned(), "ann@".to_owned());
        assert_eq!(ApiError::de(error.ser()), error);
    }

    #[test]
    fn a_url_can_not_plant_policies_or_links() {
        let planted = Error::not_signed_in()
            .with_policy(r#"{"Action":"*"}"#)
            .with_link("https://example.com/");
        let shown = ApiError::from(planted).from_url();
        assert_eq!(shown.error.policy, Some(policy::minimal()));
        assert_eq!(shown.error.link, None);
    }

    #[test]
    fn only_own_paths_are_local() {
        for path in ["/", "/connections/1?x=//y"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "//evil",
            "/\\evil",
            "https://evil",
            "javascript:x",
            "/a\nb",
            "\\/evil",
        ] {
            assert!(!is_local(path), "{path}");
        }
    }
}
