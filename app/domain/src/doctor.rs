//! The key doctor: what a connection's key may do at AWS, action by action.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    account::ConnectionId,
    error::{Code, Error},
    ledger::{AwsService, Operation},
    money::{Currency, Money, Nanos},
    policy,
    spending::CapStatus,
};

/// How much the product needs an action.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// In the minimal policy: the product's main parts stand on it.
    Minimal,
    /// Makes one thing better.
    Optional,
}

/// What a check found out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// AWS answered.
    Granted,
    /// IAM, an organization's policy or the payer account forbids it.
    Denied,
    /// Cost Explorer, or the account itself, isn't switched on.
    NotEnabled,
    /// AWS asked us to slow down: it may be granted or not.
    Throttled,
    /// Something else came in between.
    Unknown,
}

impl CheckState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Granted,
        Self::Denied,
        Self::NotEnabled,
        Self::Throttled,
        Self::Unknown,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::NotEnabled => "not_enabled",
            Self::Throttled => "throttled",
            Self::Unknown => "unknown",
        }
    }

    /// What an answer's error says about the permission.
    #[must_use]
    pub const fn of(code: Code) -> Self {
        match code {
            // AWS let the question in, and had nothing to say.
            Code::AwsNoData => Self::Granted,
            Code::AwsDenied | Code::AwsDeniedByOrganization | Code::AwsCutOffByPayer => {
                Self::Denied
            }
            Code::AwsNotEnabled | Code::AwsNotActivated => Self::NotEnabled,
            Code::AwsThrottled | Code::Busy => Self::Throttled,
            _ => Self::Unknown,
        }
    }
}

/// Whether no other question would fare better after this error: asking on
/// would only cost more.
#[must_use]
pub const fn stops_all(code: Code) -> bool {
    matches!(
        code,
        Code::AwsUnknownKey
            | Code::AwsWrongSecret
            | Code::AwsExpiredToken
            | Code::AwsNotActivated
            | Code::AwsNetwork
            | Code::AwsClock
            | Code::Internal
    )
}

/// Every action that the doctor checks: the nine of the minimal policy first.
#[must_use]
pub fn actions() -> Vec<Operation> {
    let checked = |operation: &&Operation| operation.service() != AwsService::Sts;
    let mut actions: Vec<Operation> = Operation::ALL.iter().filter(checked).copied().collect();
    actions.sort_by_key(|operation| match need(*operation) {
        Need::Minimal => 0,
        Need::Optional => 1,
    });
    actions
}

/// How much the product needs an operation.
#[must_use]
pub const fn need(operation: Operation) -> Need {
    use Operation as O;
    match operation {
        O::GetCallerIdentity
        | O::AssumeRole
        | O::GetCostAndUsage
        | O::GetCostForecast
        | O::GetReservationUtilization
        | O::GetSavingsPlansUtilization
        | O::GetAnomalies
        | O::DescribeInstances
        | O::DescribeVolumes
        | O::DescribeAddresses
        | O::DescribeSnapshots => Need::Minimal,
        O::GetUsageForecast
        | O::GetReservationCoverage
        | O::GetSavingsPlansCoverage
        | O::GetAnomalyMonitors
        | O::GetDimensionValues
        | O::GetTags
        | O::GetCostCategories
        | O::DescribeRegions => Need::Optional,
    }
}

/// What the product can't do without an operation.
#[must_use]
pub const fn without(operation: Operation) -> &'static str {
    use Operation as O;
    match operation {
        O::GetCallerIdentity => "Nothing at all: AWS doesn't say whose key it is.",
        O::AssumeRole => "The role can't be taken on.",
        O::GetCostAndUsage => "No costs at all: everything on the Overview comes from it.",
        O::GetCostForecast => "No forecast of this month's and the coming months' cost.",
        O::GetReservationUtilization => "No answer to how much of your reservations is used.",
        O::GetSavingsPlansUtilization => "No answer to how much of your Savings Plans is used.",
        O::GetAnomalies => "AWS's own findings of unusual cost are left out.",
        O::GetUsageForecast => "No forecast of usage, only of cost.",
        O::GetReservationCoverage => "No share of usage that reservations cover.",
        O::GetSavingsPlansCoverage => "No share of cost that Savings Plans cover.",
        O::GetAnomalyMonitors => "No telling whether AWS found nothing unusual or doesn't look.",
        O::GetDimensionValues => "Filters offer only values that occur in stored costs.",
        O::GetTags => "Cost allocation tags can't be offered for grouping.",
        O::GetCostCategories => "Cost categories can't be offered for grouping.",
        O::DescribeInstances => "Stopped and idle instances aren't found.",
        O::DescribeVolumes => "Volumes that no instance uses aren't found.",
        O::DescribeAddresses => "Unused Elastic IP addresses aren't found.",
        O::DescribeSnapshots => "Old snapshots aren't found.",
        O::DescribeRegions => {
            "Regions come from the costs instead: one without cost isn't looked at."
        }
    }
}

/// What checking these operations costs when each takes one request.
#[must_use]
pub fn price(operations: &[Operation]) -> Money {
    let amount = operations
        .iter()
        .map(|operation| operation.price().amount.0)
        .fold(0_i64, i64::saturating_add);
    Money::new(Nanos(amount), Currency::USD)
}

/// What a person wants to be checked.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What costs nothing: EC2's actions.
    Free,
    /// The minimal policy.
    Minimal,
    /// Everything.
    All,
}

impl Scope {
    /// All of them, the cheapest first.
    pub const ALL: [Self; 3] = [Self::Free, Self::Minimal, Self::All];

    /// The name in forms.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Minimal => "minimal",
            Self::All => "all",
        }
    }

    /// What is in it.
    #[must_use]
    pub fn operations(self) -> Vec<Operation> {
        let mut chosen = actions();
        chosen.retain(|operation| match self {
            Self::Free => operation.price().amount == Nanos::ZERO,
            Self::Minimal => need(*operation) == Need::Minimal,
            Self::All => true,
        });
        chosen
    }
}

/// A [`Scope`] by its name, or a single action: `ec2:DescribeVolumes`.
///
/// # Errors
/// [`Code::Invalid`] when it is neither.
pub fn chosen(what: &str) -> Result<Vec<Operation>, Error> {
    if let Some(scope) = Scope::ALL.into_iter().find(|scope| scope.as_str() == what) {
        return Ok(scope.operations());
    }
    what.parse::<Operation>()
        .ok()
        .filter(|operation| operation.service() != AwsService::Sts)
        .map(|operation| vec![operation])
        .ok_or_else(|| {
            Error::invalid(
                "what",
                "This can't be checked.",
                "Choose one of the three, or an action of the table.",
            )
        })
}

/// What is known about one action.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found out.
    pub state: CheckState,
    /// Why it isn't granted, with what to do.
    pub reason: Option<Error>,
    /// When.
    pub checked_at: DateTime<Utc>,
}

/// One row of the doctor's page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ActionRow {
    /// Which.
    pub operation: Operation,
    /// What is known; `None` while this key hasn't been checked for it.
    pub finding: Option<Finding>,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Whether it is under way; else it has ended, or was cut off.
    pub running: bool,
    /// Actions that have their answer.
    pub done: u32,
    /// Actions that were chosen.
    pub total: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// Everything on the doctor's page.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Examination {
    /// Whose key.
    pub connection: ConnectionId,
    /// What the person calls the connection.
    pub name: String,
    /// What its requests may cost.
    pub cap: CapStatus,
    /// Every action.
    pub rows: Vec<ActionRow>,
    /// The last check, if there was one.
    pub progress: Option<Progress>,
}

impl Examination {
    /// The policy (JSON) that mends every denial that a policy can mend; `None`
    /// when there is none.
    #[must_use]
    pub fn mending_policy(&self) -> Option<String> {
        let mends = |row: &&ActionRow| {
            let reason = row.finding.as_ref().and_then(|found| found.reason.as_ref());
            reason.is_some_and(|reason| reason.policy.is_some())
        };
        let denied: Vec<Operation> = self
            .rows
            .iter()
            .filter(mends)
            .map(|row| row.operation)
            .collect();
        policy::for_these(&denied)
    }

    /// How many actions are in this state.
    #[must_use]
    pub fn count(&self, state: CheckState) -> u32 {
        let same = |row: &&ActionRow| {
            row.finding
                .as_ref()
                .is_some_and(|finding| finding.state == state)
        };
        u32::try_from(self.rows.iter().filter(same).count()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_actions_are_needed_and_eight_help() {
        let actions = actions();
        assert_eq!(actions.len(), 17);
        assert!(
            actions[..9]
                .iter()
                .all(|operation| need(*operation) == Need::Minimal)
        );
        assert!(
            actions[9..]
                .iter()
                .all(|operation| need(*operation) == Need::Optional)
        );
        let texts: std::collections::HashSet<_> = Operation::ALL
            .iter()
            .map(|operation| without(*operation))
            .collect();
        assert_eq!(texts.len(), Operation::ALL.len());
    }

    #[test]
    fn prices_count_cost_explorer_alone() {
        let told: Vec<_> = Scope::ALL
            .into_iter()
            .map(|scope| {
                let operations = scope.operations();
                (operations.len(), price(&operations).display())
            })
            .collect();
        assert_eq!(
            told,
            [
                (5, "$0.00".to_owned()),
                (9, "$0.05".to_owned()),
                (17, "$0.12".to_owned())
            ]
        );
    }

    #[test]
    fn what_is_chosen_is_a_scope_or_an_action() {
        assert_eq!(chosen("all").unwrap().len(), 17);
        assert_eq!(chosen("ce:GetTags").unwrap(), [Operation::GetTags]);
        for nothing in ["", "sts:AssumeRole", "ec2:TerminateInstances"] {
            assert_eq!(
                chosen(nothing).unwrap_err().code,
                Code::Invalid,
                "{nothing}"
            );
        }
    }

    #[test]
    fn errors_become_states() {
        for (code, state) in [
            (Code::AwsNoData, CheckState::Granted),
            (Code::AwsDeniedByOrganization, CheckState::Denied),
            (Code::AwsCutOffByPayer, CheckState::Denied),
            (Code::AwsNotEnabled, CheckState::NotEnabled),
            (Code::AwsThrottled, CheckState::Throttled),
            (Code::AwsNetwork, CheckState::Unknown),
            (Code::AwsExpiredToken, CheckState::Unknown),
        ] {
            assert_eq!(CheckState::of(code), state, "{code:?}");
        }
        // What stops all says nothing about the permission itself.
        assert!(!stops_all(Code::AwsDenied) && stops_all(Code::AwsWrongSecret));
    }
}
