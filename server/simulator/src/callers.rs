//! Who can sign: the key pairs of [`crate::keys`], the temporary ones that roles gave out, and
//! the moments at which temporary ones end.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::books::{Company, mix};
use crate::keys::{self, Grant, KeyPair};
use crate::roles::Role;
use crate::sigv4::mac;

/// Who signed a request. Has no `Debug`: even invented secrets stay out of logs.
#[derive(Clone)]
pub(crate) struct Caller {
    pub access_key_id: String,
    pub secret: String,
    /// Of temporary keys.
    pub session_token: Option<String>,
    /// When a temporary key ends; `None` for never.
    pub expires: Option<DateTime<Utc>>,
    pub company: &'static Company,
    pub arn: String,
    pub user_id: String,
    pub grant: Grant,
}

impl From<&KeyPair> for Caller {
    fn from(key: &KeyPair) -> Self {
        Self {
            access_key_id: key.access_key_id.to_owned(),
            secret: key.secret.to_owned(),
            session_token: key.session_token.map(str::to_owned),
            expires: key.expired.then_some(DateTime::UNIX_EPOCH),
            company: key.company,
            arn: key.arn.to_owned(),
            user_id: key.user_id.to_owned(),
            grant: key.grant,
        }
    }
}

impl Caller {
    /// The account the caller belongs to.
    pub(crate) fn account(&self) -> &'static str {
        self.company.payer
    }

    /// Whether IAM allows `action`.
    pub(crate) fn allows(&self, action: &str) -> bool {
        self.grant.allows(action)
    }

    /// Whether the caller is a role already.
    pub(crate) fn is_role(&self) -> bool {
        self.arn.contains(":assumed-role/")
    }
}

/// A temporary key and when it ends, for the control pages.
#[derive(Serialize)]
pub(crate) struct Temporary {
    access_key_id: String,
    arn: String,
    expires_at: Option<DateTime<Utc>>,
}

/// All callers that exist.
pub(crate) struct KeyRing {
    seed: u64,
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    /// By their ids, in the order they were given out.
    issued: Vec<Caller>,
    /// Ends that were ordered for keys of [`keys::ALL`]; `None` for never.
    ordered: HashMap<String, Option<DateTime<Utc>>>,
}

impl KeyRing {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ring: Mutex::default(),
        }
    }

    /// The caller with this key id.
    pub(crate) fn find(&self, access_key_id: &str) -> Option<Caller> {
        let ring = self.ring();
        let issued = ring.issued.iter();
        if let Some(caller) = issued.rev().find(|key| key.access_key_id == access_key_id) {
            return Some(caller.clone());
        }
        let mut caller = Caller::from(keys::find(access_key_id)?);
        if let Some(end) = ring.ordered.get(access_key_id) {
            caller.expires = *end;
        }
        Some(caller)
    }

    /// Gives out a temporary key of a role. The same requests get the same keys in every run.
    pub(crate) fn issue(&self, role: &Role, session: &str, expires: DateTime<Utc>) -> Caller {
        let mut ring = self.ring();
        let number = ring.issued.len() as u64;
        let words = |kind: u8| {
            let mut bytes = number.to_be_bytes().to_vec();
            bytes.push(kind);
            STANDARD.encode(mac(&self.seed.to_be_bytes(), &bytes))
        };
        let mut secret = words(1).replace('=', "0");
        secret.truncate(40);
        let caller = Caller {
            access_key_id: format!("ASIASIM{:013}", mix(&[self.seed, number]) % 10_u64.pow(13)),
            secret,
            session_token: Some(format!("SimulatorOnlySessionToken//{}", words(2))),
            expires: Some(expires),
            company: role.company,
            arn: format!(
                "arn:aws:sts::{}:assumed-role/{}/{session}",
                role.company.payer,
                role.name()
            ),
            user_id: format!("{}:{session}", role.id),
            grant: role.grant,
        };
        ring.issued.push(caller.clone());
        caller
    }

    /// Orders when a temporary key ends. False when there is no such temporary key.
    pub(crate) fn expire(&self, access_key_id: &str, at: Option<DateTime<Utc>>) -> bool {
        let mut ring = self.ring();
        let issued = ring.issued.iter_mut();
        if let Some(caller) = issued.rev().find(|key| key.access_key_id == access_key_id) {
            caller.expires = at;
            return true;
        }
        let temporary = keys::find(access_key_id).is_some_and(|key| key.session_token.is_some());
        if temporary {
            ring.ordered.insert(access_key_id.to_owned(), at);
        }
        temporary
    }

    /// Every temporary key, without secrets.
    pub(crate) fn temporary(&self) -> Vec<Temporary> {
        let ids = keys::ALL
            .iter()
            .filter(|key| key.session_token.is_some())
            .map(|key| key.access_key_id.to_owned());
        let issued = self.ring().issued.clone();
        ids.filter_map(|id| self.find(&id))
            .chain(issued)
            .map(|caller| Temporary {
                access_key_id: caller.access_key_id,
                arn: caller.arn,
                expires_at: caller.expires,
            })
            .collect()
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// AWS's clock: the real one, or one that was ordered to be off by so many seconds.
pub(crate) fn now(skew_seconds: i64) -> DateTime<Utc> {
    let skew = TimeDelta::try_seconds(skew_seconds).unwrap_or_default();
    let now = Utc::now();
    now.checked_add_signed(skew).unwrap_or(now)
}
