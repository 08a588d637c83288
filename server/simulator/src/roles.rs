//! The roles the simulator knows, and whom they trust: everyone who is allowed to ask and names
//! the right external id.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::books::{Company, OTHER, SAMPLE};
use crate::keys::{FULL_ACTIONS, Grant, MINIMAL_ACTIONS};

/// A role that can be asked for.
#[derive(Debug)]
pub struct Role {
    /// The full name, as in AssumeRole's `RoleArn`.
    pub arn: &'static str,
    /// The role's unique id.
    pub id: &'static str,
    /// The company whose books it reads.
    pub company: &'static Company,
    /// What it may do.
    pub grant: Grant,
    /// Whether anybody can take it on.
    pub trusts: bool,
    /// The longest session, in seconds.
    pub longest: i64,
}

impl Role {
    /// The name at the end of the ARN.
    pub fn name(&self) -> &'static str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }
}

/// The external id that every trusting role accepts; others can be registered.
pub const EXTERNAL_ID: &str = "simulator-external-id";

/// Registered as an external id, it stands for all of them.
pub const ANY: &str = "*";

/// Reads everything of the sample company.
pub const READER: Role = Role {
    arn: "arn:aws:iam::123456789012:role/CostReader",
    id: "AROASIMULATORROLE001",
    company: &SAMPLE,
    grant: Grant::Only(FULL_ACTIONS),
    trusts: true,
    longest: 43_200,
};

/// Reads with the minimal policy, for an hour at most.
pub const MINIMAL_READER: Role = Role {
    arn: "arn:aws:iam::123456789012:role/MinimalCostReader",
    id: "AROASIMULATORROLE002",
    grant: Grant::Only(MINIMAL_ACTIONS),
    longest: 3_600,
    ..READER
};

/// Reads everything of the other company.
pub const OTHER_READER: Role = Role {
    arn: "arn:aws:iam::210987654321:role/CostReader",
    id: "AROASIMULATORROLE003",
    company: &OTHER,
    ..READER
};

/// Trusts nobody, whatever external id is named.
pub const CLOSED: Role = Role {
    arn: "arn:aws:iam::123456789012:role/TrustsNobody",
    id: "AROASIMULATORROLE004",
    trusts: false,
    ..READER
};

/// Every role the simulator knows.
pub const ALL: [&Role; 4] = [&READER, &MINIMAL_READER, &OTHER_READER, &CLOSED];

/// What was registered beyond [`EXTERNAL_ID`].
#[derive(Default)]
pub(crate) struct Trust {
    orders: Mutex<Orders>,
}

#[derive(Default)]
struct Orders {
    /// Role (all without) and external id.
    external_ids: Vec<(Option<String>, String)>,
    /// Instead of the duration that is asked for.
    session_seconds: Option<i64>,
}

impl Trust {
    /// Lets roles (all that trust, without `role_arn`) accept another external id; [`ANY`] for
    /// whatever is named, as a trust policy without a condition does.
    pub(crate) fn register(&self, role_arn: Option<String>, external_id: String) {
        self.orders().external_ids.push((role_arn, external_id));
    }

    /// Makes sessions last this long, whatever is asked for; `None` as asked.
    pub(crate) fn last(&self, session_seconds: Option<i64>) {
        self.orders().session_seconds = session_seconds;
    }

    /// The length that was ordered for sessions.
    pub(crate) fn session_seconds(&self) -> Option<i64> {
        self.orders().session_seconds
    }

    /// The role, if there is one of this name that accepts the external id.
    pub(crate) fn role(&self, arn: &str, external_id: &str) -> Option<&'static Role> {
        let role = ALL
            .into_iter()
            .find(|role| role.arn == arn && role.trusts)?;
        let orders = self.orders();
        let registered = orders.external_ids.iter().any(|(of, id)| {
            (id == external_id || id == ANY) && of.as_deref().is_none_or(|of| of == role.arn)
        });
        (registered || external_id == EXTERNAL_ID).then_some(role)
    }

    fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
