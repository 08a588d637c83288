//! Verifies Signature Version 4, from the headers that the request itself says it signed.
//! Freshness is judged against real time, whatever day the simulator plays.

use axum::http::{HeaderMap, Method, Uri};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::authorization::{ALGORITHM, Authorization};
use crate::callers::Caller;
use crate::error::{AwsError, Cause};

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
                        Check your AWS Secret Access Key and signing method. \
                        Consult the service documentation for details.";
const INVALID_TOKEN: &str = "The security token included in the request is invalid.";
const EXPIRED_TOKEN: &str = "The security token included in the request is expired";
const STAMP: &str = "%Y%m%dT%H%M%SZ";
const TOLERANCE_MINUTES: i64 = 5;

/// What was signed.
pub(crate) struct Signed<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Signed<'_> {
    /// Who signed, or why AWS would not believe it. `find` looks a key id up.
    pub(crate) fn verify(
        &self,
        authorization: &Authorization,
        now: DateTime<Utc>,
        find: impl Fn(&str) -> Option<Caller>,
    ) -> Result<Caller, AwsError> {
        let stamp = self.stamp()?;
        self.check_scope(authorization, &stamp)?;
        self.check_signed_headers(authorization)?;
        let key = find(&authorization.access_key_id)
            .ok_or_else(|| AwsError::new(Cause::UnknownKey, INVALID_TOKEN))?;
        self.check_token(&key, now)?;
        check_age(&stamp, now)?;
        let expected = signature(
            &key.secret,
            authorization,
            &self.string_to_sign(authorization, &stamp),
        );
        if bool::from(
            expected
                .as_bytes()
                .ct_eq(authorization.signature.as_bytes()),
        ) {
            Ok(key)
        } else {
            Err(AwsError::new(Cause::BadSignature, MISMATCH))
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The signing time, as sent.
    fn stamp(&self) -> Result<String, AwsError> {
        let missing =
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
        let stamp = match (self.header("x-amz-date"), self.header("date")) {
            (Some(stamp), _) => stamp.to_owned(),
            (None, Some(date)) => DateTime::parse_from_rfc2822(date)
                .map(|date| date.with_timezone(&Utc).format(STAMP).to_string())
                .unwrap_or_else(|_| date.to_owned()),
            (None, None) => return Err(AwsError::new(Cause::IncompleteSignature, missing)),
        };
        if NaiveDateTime::parse_from_str(&stamp, STAMP).is_err() {
            let text = format!("Date must be in ISO-8601 'basic format'. Got '{stamp}'.");
            return Err(AwsError::new(Cause::IncompleteSignature, text));
        }
        Ok(stamp)
    }

    fn check_scope(&self, authorization: &Authorization, stamp: &str) -> Result<(), AwsError> {
        if authorization.terminator != "aws4_request" {
            let text = format!(
                "Credential should be scoped with a valid terminator: 'aws4_request', not '{}'.",
                authorization.terminator
            );
            return Err(AwsError::new(Cause::BadSignature, text));
        }
        let day = stamp.get(..8).unwrap_or_default();
        if authorization.date != day {
            let text = format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{}' != '{day}', from '{stamp}'.",
                authorization.date
            );
            return Err(AwsError::new(Cause::BadSignature, text));
        }
        Ok(())
    }

    /// Host and everything of AWS's that could be swapped on the way must be signed.
    fn check_signed_headers(&self, authorization: &Authorization) -> Result<(), AwsError> {
        let signed = |name: &str| {
            authorization
                .signed_headers
                .iter()
                .any(|header| header == name)
        };
        for name in ["Host", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Target"] {
            let lower = name.to_ascii_lowercase();
            if (name == "Host" || self.headers.contains_key(&lower)) && !signed(&lower) {
                let text = format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.");
                return Err(AwsError::new(Cause::BadSignature, text));
            }
        }
        Ok(())
    }

    fn check_token(&self, key: &Caller, now: DateTime<Utc>) -> Result<(), AwsError> {
        let token = key.session_token.as_deref();
        let matches = match (token, self.header("x-amz-security-token")) {
            (None, None) => true,
            (Some(token), Some(sent)) => bool::from(token.as_bytes().ct_eq(sent.as_bytes())),
            _ => false,
        };
        match matches {
            false => Err(AwsError::new(Cause::UnknownKey, INVALID_TOKEN)),
            true if key.expires.is_some_and(|end| end <= now) => {
                Err(AwsError::new(Cause::ExpiredToken, EXPIRED_TOKEN))
            }
            true => Ok(()),
        }
    }

    /// The request in the form that is hashed and signed.
    fn canonical_request(&self, authorization: &Authorization) -> String {
        let headers: String = authorization
            .signed_headers
            .iter()
            .map(|name| format!("{name}:{}\n", self.canonical_header(name)))
            .collect();
        format!(
            "{}\n{}\n{}\n{headers}\n{}\n{}",
            self.method,
            self.uri.path(),
            canonical_query(self.uri.query().unwrap_or_default()),
            authorization.signed_headers.join(";"),
            hex::encode(Sha256::digest(self.body)),
        )
    }

    /// All values of a header, each with single spaces.
    fn canonical_header(&self, name: &str) -> String {
        let values = self
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values
            .map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
            .join(",")
    }

    fn string_to_sign(&self, authorization: &Authorization, stamp: &str) -> String {
        let Authorization {
            date,
            region,
            service,
            terminator,
            ..
        } = authorization;
        let hash = hex::encode(Sha256::digest(self.canonical_request(authorization)));
        format!("{ALGORITHM}\n{stamp}\n{date}/{region}/{service}/{terminator}\n{hash}")
    }
}

/// Sorted by name and value; what was sent encoded stays as it was.
fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    pairs.sort_unstable();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn check_age(stamp: &str, now: DateTime<Utc>) -> Result<(), AwsError> {
    let signed = NaiveDateTime::parse_from_str(stamp, STAMP)
        .unwrap_or_default()
        .and_utc();
    let tolerance = TimeDelta::minutes(TOLERANCE_MINUTES);
    let text = if now - signed > tolerance {
        let oldest = (now - tolerance).format(STAMP);
        format!(
            "Signature expired: {stamp} is now earlier than {oldest} ({} - {TOLERANCE_MINUTES} min.)",
            now.format(STAMP)
        )
    } else if signed - now > tolerance {
        let newest = (now + tolerance).format(STAMP);
        format!(
            "Signature not yet current: {stamp} is still later than {newest} ({} + {TOLERANCE_MINUTES} min.)",
            now.format(STAMP)
        )
    } else {
        return Ok(());
    };
    Err(AwsError::new(Cause::Stale, text))
}

/// The signature as lower-case hex.
fn signature(secret: &str, authorization: &Authorization, string_to_sign: &str) -> String {
    let Authorization {
        date,
        region,
        service,
        terminator,
        ..
    } = authorization;
    let start = format!("AWS4{secret}").into_bytes();
    let key = [date, region, service, terminator]
        .into_iter()
        .fold(start, |key, part| mac(&key, part.as_bytes()));
    hex::encode(mac(&key, string_to_sign.as_bytes()))
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length; an empty answer would match no signature.
    Hmac::<Sha256>::new_from_slice(key).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

#[cfg(test)]
mod tests;
