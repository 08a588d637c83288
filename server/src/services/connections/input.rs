//! What people type about connections: read once, then trusted.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{Error, Result, account::key_warnings, ports::NewKey};
use secrecy::{ExposeSecret, SecretString};

use crate::aws::AwsKey;

const NAME_MAX: usize = 80;
/// AWS's own limit for an access key id.
const KEY_ID_MAX: usize = 128;
/// Far above any secret or token that AWS gives out.
const SECRET_MAX: usize = 8_192;

/// A key as it was typed, and when it ends.
pub(super) struct TypedKey {
    pub key: Arc<AwsKey>,
    /// Only temporary keys end.
    pub ends_at: Option<DateTime<Utc>>,
}

impl TypedKey {
    /// Pasted keys come with spaces and line breaks around them.
    pub(super) fn read(typed: NewKey, now: DateTime<Utc>) -> Result<Self> {
        let end = typed.end;
        let key = Arc::new(checked_key(typed)?);
        let ends_at = match key.session_token {
            Some(_) => end.resolve(now)?,
            None => None,
        };
        Ok(Self { key, ends_at })
    }
}

pub(super) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::invalid(
            "name",
            "The connection has no name.",
            "Give it one.",
        ));
    }
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            format!(
                "The name is too long, or has characters that can't be shown (at most {NAME_MAX} letters)."
            ),
            "Choose a shorter one, e.g. “Production”.",
        ));
    }
    Ok(name.to_owned())
}

fn checked_key(key: NewKey) -> Result<AwsKey> {
    let access_key_id = key.access_key_id.trim().to_owned();
    if access_key_id.is_empty()
        || access_key_id.len() > KEY_ID_MAX
        || !access_key_id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(Error::invalid(
            "access_key_id",
            "This isn't an access key id.",
            "Copy it from the IAM console: 20 capital letters and digits, such as AKIA….",
        ));
    }
    let secret = checked_secret(&key.secret).ok_or_else(|| {
        Error::invalid(
            "secret",
            "The secret access key is missing, or isn't one.",
            "AWS shows it once, when the key is made. If it is lost, make a new key in IAM.",
        )
    })?;
    let session_token = match key.session_token {
        Some(token) if !token.expose_secret().trim().is_empty() => {
            Some(checked_secret(&token).ok_or_else(|| {
                Error::invalid(
                    "session_token",
                    "This isn't a session token.",
                    "Copy the whole of AWS_SESSION_TOKEN, or leave the field empty.",
                )
            })?)
        }
        _ => None,
    };
    Ok(AwsKey {
        access_key_id,
        secret,
        session_token,
    })
}

/// What can't go into an HTTP header can't be part of a signature either.
fn checked_secret(secret: &SecretString) -> Option<SecretString> {
    let text = secret.expose_secret().trim();
    let plausible = !text.is_empty()
        && text.len() <= SECRET_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    plausible.then(|| SecretString::from(text))
}

pub(super) fn warnings(key: &AwsKey) -> Vec<String> {
    let secret_length = key.secret.expose_secret().chars().count();
    key_warnings(
        &key.access_key_id,
        secret_length,
        key.session_token.is_some(),
    )
}
