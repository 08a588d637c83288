//! Page tokens: opaque, bound to the account and to the request, with an end, and carrying the
//! day as of which the first page was answered, so that midnight between two pages changes
//! nothing.

use std::fmt::Debug;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{AwsError, Cause, Service};
use crate::sigv4::mac;
use crate::spoil;

const LENGTH: usize = 8 + 4 + 8 + 16 + 16;
/// AWS's own is not publicly known.
const LASTS: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes and reads the tokens of one account.
pub(crate) struct Tokens<'a> {
    pub seed: u64,
    pub account: &'a str,
    pub now: DateTime<Utc>,
    /// [`LASTS`] without it.
    pub last: Option<Duration>,
}

/// What a token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Rows before this page.
    pub from: u64,
    pub today: NaiveDate,
    request: Digested,
}

/// A request, without its page token.
pub(super) type Digested = [u8; 16];

/// Two requests have the same digest when they ask the same.
pub(crate) fn digest(operation: &str, request: &impl Debug) -> Digested {
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::digest(format!("{operation} {request:?}"))[..16]);
    half
}

impl Token {
    pub(crate) fn new(from: u64, today: NaiveDate, request: Digested) -> Self {
        Self {
            from,
            today,
            request,
        }
    }

    /// Refuses a token that came with other parameters than the first page.
    pub(crate) fn check(&self, request: Digested) -> Result<(), AwsError> {
        if self.request == request {
            return Ok(());
        }
        let text =
            "The request parameters changed between pages. Use the parameters of the first page.";
        Err(AwsError::new(
            Cause::Other("RequestChangedException", 400),
            text,
        ))
    }
}

impl Tokens<'_> {
    pub(crate) fn write(&self, token: &Token) -> String {
        let mut bytes = token.from.to_be_bytes().to_vec();
        bytes.extend(token.today.num_days_from_ce().to_be_bytes());
        bytes.extend(self.now.timestamp_millis().to_be_bytes());
        bytes.extend(token.request);
        bytes.extend(self.seal(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn read(&self, text: &str) -> Result<Token, AwsError> {
        let (token, made) = self.open(text).ok_or_else(|| {
            let text = "The page token is invalid. Start again without it.";
            AwsError::new(Cause::Other("InvalidNextTokenException", 400), text)
        })?;
        let lasts = TimeDelta::from_std(self.last.unwrap_or(LASTS)).unwrap_or(TimeDelta::MAX);
        if self.now - made >= lasts {
            return Err(spoil::expired_token(Service::CostExplorer));
        }
        Ok(token)
    }

    fn open(&self, text: &str) -> Option<(Token, DateTime<Utc>)> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .filter(|bytes| bytes.len() == LENGTH)?;
        let (said, seal) = bytes.split_at(LENGTH - 16);
        if !bool::from(seal.ct_eq(&self.seal(said))) {
            return None;
        }
        let (from, rest) = said.split_first_chunk::<8>()?;
        let (today, rest) = rest.split_first_chunk::<4>()?;
        let (made, rest) = rest.split_first_chunk::<8>()?;
        let token = Token {
            from: u64::from_be_bytes(*from),
            today: NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(*today))?,
            request: rest.try_into().ok()?,
        };
        let made = DateTime::from_timestamp_millis(i64::from_be_bytes(*made))?;
        Some((token, made))
    }

    fn seal(&self, said: &[u8]) -> Vec<u8> {
        let mut sealed = self.account.as_bytes().to_vec();
        sealed.extend(said);
        let mut seal = mac(&self.seed.to_be_bytes(), &sealed);
        seal.truncate(16);
        seal
    }
}
