//! The key pairs the simulator knows. None of them opens anything: they exist here and nowhere
//! else, and say so. For "wrong secret" take any id with another secret; for "unknown key" any
//! id that is not in [`ALL`].

use crate::books::{ARCHIVE, Company, NEWCOMER, OTHER, SAMPLE, SHOP};

/// What a key pair may do. STS GetCallerIdentity works for every valid key, as at AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Everything that is simulated.
    All,
    /// These actions (`ce:GetCostAndUsage`) and no others.
    Only(&'static [&'static str]),
    /// Everything but these actions; `ec2:*` stands for a whole service.
    Except(&'static [&'static str]),
    /// IAM would allow everything, but the organization's policy forbids these actions.
    Forbidden(&'static [&'static str]),
    /// IAM would allow it, but nobody has enabled Cost Explorer in the account.
    NotEnabled,
    /// IAM would allow it, but the payer has cut the linked account off from Cost Explorer.
    CutOff,
    /// Every Cost Explorer request is throttled.
    Throttled,
    /// The organization's policy forbids EC2 outside these regions.
    OnlyInRegions(&'static [&'static str]),
    /// The account was never activated for Cost Explorer and EC2.
    NotActivated,
}

impl Grant {
    /// Whether IAM allows `action`.
    pub(crate) fn allows(self, action: &str) -> bool {
        match self {
            Self::Only(actions) => covers(actions, action),
            Self::Except(actions) => !covers(actions, action),
            Self::All
            | Self::Forbidden(_)
            | Self::NotEnabled
            | Self::CutOff
            | Self::Throttled
            | Self::OnlyInRegions(_)
            | Self::NotActivated => true,
        }
    }

    /// Whether the organization forbids `action`.
    pub(crate) fn forbids(self, action: &str) -> bool {
        matches!(self, Self::Forbidden(actions) if covers(actions, action))
    }

    /// The end of a refusal of `action`: whose policy it was. `None` when it is allowed.
    pub(crate) fn refusal(self, action: &str) -> Option<String> {
        if self.forbids(action) {
            return Some(format!(
                "with an explicit deny in a service control policy: {POLICY}"
            ));
        }
        (!self.allows(action))
            .then(|| format!("because no identity-based policy allows the {action} action"))
    }
}

/// The organization's policy that forbids.
pub(crate) const POLICY: &str =
    "arn:aws:organizations::123456789012:policy/o-simulator1/service_control_policy/p-simulate";

fn covers(actions: &[&str], action: &str) -> bool {
    actions.iter().any(|pattern| {
        pattern
            .strip_suffix('*')
            .map_or(*pattern == action, |start| action.starts_with(start))
    })
}

/// The least that a cost reader with an inventory needs.
pub const MINIMAL_ACTIONS: &[&str] = &[
    "ce:GetCostAndUsage",
    "ce:GetCostForecast",
    "ce:GetReservationUtilization",
    "ce:GetSavingsPlansUtilization",
    "ce:GetAnomalies",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "ec2:DescribeAddresses",
    "ec2:DescribeSnapshots",
];

/// Everything that a cost reader with an inventory has a use for.
pub const FULL_ACTIONS: &[&str] = &["ce:Get*", "ec2:Describe*"];

/// A key pair, who it belongs to and what it may do. Has no `Debug`: even invented secrets stay
/// out of logs.
pub struct KeyPair {
    /// Twenty characters, `AKIA…` or (temporary) `ASIA…`.
    pub access_key_id: &'static str,
    /// Forty characters.
    pub secret: &'static str,
    /// Of temporary keys.
    pub session_token: Option<&'static str>,
    /// Whether the token's time is over.
    pub expired: bool,
    /// The company whose books it reads.
    pub company: &'static Company,
    /// The caller, as GetCallerIdentity names it.
    pub arn: &'static str,
    /// The caller's unique id.
    pub user_id: &'static str,
    /// What it may do.
    pub grant: Grant,
}

impl KeyPair {
    /// The account the key belongs to.
    pub fn account(&self) -> &'static str {
        self.company.payer
    }
}

const PLAIN: KeyPair = KeyPair {
    access_key_id: "",
    secret: "",
    session_token: None,
    expired: false,
    company: &SAMPLE,
    arn: "arn:aws:iam::123456789012:user/cost-tracker",
    user_id: "AIDASIMULATORUSER001",
    grant: Grant::All,
};

/// The sample company's payer account, everything allowed.
pub const GOOD: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORGOOD001",
    secret: "SimulatorOnly/NotARealSecret+Good0000001",
    ..PLAIN
};

/// A second user of the same account.
pub const GOOD_SECOND: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORGOOD002",
    secret: "SimulatorOnly/NotARealSecret+Good0000002",
    arn: "arn:aws:iam::123456789012:user/finance",
    user_id: "AIDASIMULATORUSER002",
    ..PLAIN
};

/// Another company's account, everything allowed.
pub const OTHER_ACCOUNT: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATOROTHER01",
    secret: "SimulatorOnly/NotARealSecret+Other000001",
    company: &OTHER,
    arn: "arn:aws:iam::210987654321:user/cost-tracker",
    user_id: "AIDASIMULATORUSER003",
    ..PLAIN
};

/// A shop's account with a few services, everything allowed.
pub const SMALL_ACCOUNT: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORSMALL01",
    secret: "SimulatorOnly/NotARealSecret+Small000001",
    company: &SHOP,
    arn: "arn:aws:iam::121234345656:user/cost-tracker",
    user_id: "AIDASIMULATORUSER033",
    ..PLAIN
};

/// The account of a shop that has switched multi-year history on, everything allowed.
pub const MULTI_YEAR: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORYEARS01",
    secret: "SimulatorOnly/NotARealSecret+MultiYear01",
    company: &ARCHIVE,
    arn: "arn:aws:iam::343456567878:user/cost-tracker",
    user_id: "AIDASIMULATORUSER034",
    ..PLAIN
};

/// A role's temporary key in the sample company; needs its session token.
pub const TEMPORARY: KeyPair = KeyPair {
    access_key_id: "ASIASIMULATORTEMP001",
    secret: "SimulatorOnly/NotARealSecret+Temp0000001",
    session_token: Some("SimulatorOnlySessionToken//Temporary0001=="),
    arn: "arn:aws:sts::123456789012:assumed-role/CostReader/cost-tracker",
    user_id: "AROASIMULATORROLE001:cost-tracker",
    ..PLAIN
};

/// A temporary key whose time is over.
pub const EXPIRED: KeyPair = KeyPair {
    access_key_id: "ASIASIMULATOREXPIRED",
    secret: "SimulatorOnly/NotARealSecret+Expired0001",
    session_token: Some("SimulatorOnlySessionToken//Expired000001=="),
    expired: true,
    arn: "arn:aws:sts::123456789012:assumed-role/CostReader/cost-tracker",
    user_id: "AROASIMULATORROLE001:cost-tracker",
    ..PLAIN
};

/// No policy at all: Cost Explorer is denied, naming the action.
pub const NO_PERMISSION: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORDENIED1",
    secret: "SimulatorOnly/NotARealSecret+Denied00001",
    arn: "arn:aws:iam::123456789012:user/nobody",
    user_id: "AIDASIMULATORUSER004",
    grant: Grant::Only(&[]),
    ..PLAIN
};

/// May list dimension values, but not read costs.
pub const WITHOUT_COSTS: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOCOSTS",
    secret: "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",
    arn: "arn:aws:iam::123456789012:user/lister",
    user_id: "AIDASIMULATORUSER005",
    grant: Grant::Only(&["ce:GetDimensionValues"]),
    ..PLAIN
};

/// May read costs and nothing else of Cost Explorer.
pub const COSTS_ONLY: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORCOSTS01",
    secret: "SimulatorOnly/NotARealSecret+CostsOnly01",
    arn: "arn:aws:iam::123456789012:user/reader",
    user_id: "AIDASIMULATORUSER006",
    grant: Grant::Only(&["ce:GetCostAndUsage"]),
    ..PLAIN
};

/// An account in which Cost Explorer was never enabled.
pub const NOT_ENABLED: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOTENAB",
    secret: "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",
    company: &NOT_ENABLED_COMPANY,
    arn: "arn:aws:iam::555566667777:user/cost-tracker",
    user_id: "AIDASIMULATORUSER007",
    grant: Grant::NotEnabled,
    ..PLAIN
};

/// An account opened today. Cost Explorer answers, with zero totals and without groups.
pub const BRAND_NEW: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNEWACCT",
    secret: "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",
    company: &NEWCOMER,
    arn: "arn:aws:iam::333344445555:user/cost-tracker",
    user_id: "AIDASIMULATORUSER008",
    ..PLAIN
};

/// STS answers; Cost Explorer throttles every request.
pub const THROTTLED: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORTHROTTL",
    secret: "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",
    company: &THROTTLED_COMPANY,
    arn: "arn:aws:iam::666677778888:user/cost-tracker",
    user_id: "AIDASIMULATORUSER009",
    grant: Grant::Throttled,
    ..PLAIN
};

/// Works, though neither its id nor its secret looks like AWS's: what looks odd isn't wrong.
pub const ODD: KeyPair = KeyPair {
    access_key_id: "SIMULATORODDKEY1",
    secret: "SimulatorOnly/NotARealSecret+Odd",
    company: &ODD_COMPANY,
    arn: "arn:aws:iam::777788889999:user/cost-tracker",
    user_id: "AIDASIMULATORUSER010",
    ..PLAIN
};

/// May take roles on, and nothing else.
pub const ASSUME_ONLY: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORASSUME1",
    secret: "SimulatorOnly/NotARealSecret+AssumeOnly1",
    arn: "arn:aws:iam::123456789012:user/tracker-server",
    user_id: "AIDASIMULATORUSER011",
    grant: Grant::Only(&["sts:AssumeRole"]),
    ..PLAIN
};

/// The minimal policy: [`MINIMAL_ACTIONS`].
pub const MINIMAL: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORMINIMAL",
    secret: "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",
    arn: "arn:aws:iam::123456789012:user/minimal",
    user_id: "AIDASIMULATORUSER012",
    grant: Grant::Only(MINIMAL_ACTIONS),
    ..PLAIN
};

/// A second temporary key, for tests that order its end over the control address.
pub const SHORT_LIVED: KeyPair = KeyPair {
    access_key_id: "ASIASIMULATORSHORT01",
    secret: "SimulatorOnly/NotARealSecret+ShortLived1",
    session_token: Some("SimulatorOnlySessionToken//ShortLived001=="),
    arn: "arn:aws:sts::123456789012:assumed-role/CostReader/short-lived",
    user_id: "AROASIMULATORROLE001:short-lived",
    ..PLAIN
};

/// Everything but forecasts.
pub const WITHOUT_FORECAST: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOFORE1",
    secret: "SimulatorOnly/NotARealSecret+NoForecast1",
    arn: "arn:aws:iam::123456789012:user/no-forecast",
    user_id: "AIDASIMULATORUSER013",
    grant: Grant::Except(&["ce:GetCostForecast", "ce:GetUsageForecast"]),
    ..PLAIN
};

/// Everything of Cost Explorer, nothing of EC2.
pub const WITHOUT_EC2: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOEC201",
    secret: "SimulatorOnly/NotARealSecret+NoEc2000001",
    arn: "arn:aws:iam::123456789012:user/no-inventory",
    user_id: "AIDASIMULATORUSER014",
    grant: Grant::Except(&["ec2:*"]),
    ..PLAIN
};

/// Everything but snapshots.
pub const WITHOUT_SNAPSHOTS: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOSNAP1",
    secret: "SimulatorOnly/NotARealSecret+NoSnapshot1",
    arn: "arn:aws:iam::123456789012:user/no-snapshots",
    user_id: "AIDASIMULATORUSER030",
    grant: Grant::Except(&["ec2:DescribeSnapshots"]),
    ..PLAIN
};

/// Everything, but the organization's policy closes EC2 outside two regions.
pub const TWO_REGIONS: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORREGIONS",
    secret: "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",
    arn: "arn:aws:iam::123456789012:user/two-regions",
    user_id: "AIDASIMULATORUSER031",
    grant: Grant::OnlyInRegions(&["us-east-1", "eu-west-1"]),
    ..PLAIN
};

/// An account that was never activated: neither Cost Explorer nor EC2 knows it.
pub const NOT_ACTIVATED: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOTACTV",
    secret: "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",
    company: &NOT_ACTIVATED_COMPANY,
    arn: "arn:aws:iam::999900009999:user/cost-tracker",
    user_id: "AIDASIMULATORUSER032",
    grant: Grant::NotActivated,
    ..PLAIN
};

/// Everything but reservations and Savings Plans.
pub const WITHOUT_COMMITMENTS: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORNOCOMM1",
    secret: "SimulatorOnly/NotARealSecret+NoCommit001",
    arn: "arn:aws:iam::123456789012:user/no-commitments",
    user_id: "AIDASIMULATORUSER015",
    grant: Grant::Except(&["ce:GetReservation*", "ce:GetSavingsPlans*"]),
    ..PLAIN
};

/// The organization's policy forbids anomalies and the inventory's regions.
pub const FORBIDDEN: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORSCPDENY",
    secret: "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",
    arn: "arn:aws:iam::123456789012:user/forbidden",
    user_id: "AIDASIMULATORUSER016",
    grant: Grant::Forbidden(&["ce:GetAnomal*", "ec2:DescribeRegions"]),
    ..PLAIN
};

/// A linked account that its payer has cut off from Cost Explorer.
pub const CUT_OFF: KeyPair = KeyPair {
    access_key_id: "AKIASIMULATORCUTOFF1",
    secret: "SimulatorOnly/NotARealSecret+CutOff00001",
    company: &CUT_OFF_COMPANY,
    arn: "arn:aws:iam::888899990000:user/cost-tracker",
    user_id: "AIDASIMULATORUSER017",
    grant: Grant::CutOff,
    ..PLAIN
};

const CUT_OFF_COMPANY: Company = Company {
    payer: "888899990000",
    ..NEWCOMER
};
const NOT_ACTIVATED_COMPANY: Company = Company {
    payer: "999900009999",
    ..NEWCOMER
};
const NOT_ENABLED_COMPANY: Company = Company {
    payer: "555566667777",
    ..NEWCOMER
};
const THROTTLED_COMPANY: Company = Company {
    payer: "666677778888",
    ..NEWCOMER
};

const ODD_COMPANY: Company = Company {
    payer: "777788889999",
    ..NEWCOMER
};

/// Every key pair the simulator knows.
pub const ALL: &[&KeyPair] = &[
    &WITHOUT_SNAPSHOTS,
    &TWO_REGIONS,
    &NOT_ACTIVATED,
    &GOOD,
    &GOOD_SECOND,
    &OTHER_ACCOUNT,
    &SMALL_ACCOUNT,
    &MULTI_YEAR,
    &TEMPORARY,
    &EXPIRED,
    &NO_PERMISSION,
    &WITHOUT_COSTS,
    &COSTS_ONLY,
    &NOT_ENABLED,
    &BRAND_NEW,
    &THROTTLED,
    &ODD,
    &ASSUME_ONLY,
    &MINIMAL,
    &SHORT_LIVED,
    &WITHOUT_FORECAST,
    &WITHOUT_EC2,
    &WITHOUT_COMMITMENTS,
    &FORBIDDEN,
    &CUT_OFF,
];

/// The key pair with this id.
pub fn find(access_key_id: &str) -> Option<&'static KeyPair> {
    ALL.iter()
        .copied()
        .find(|key| key.access_key_id == access_key_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_look_like_keys_and_are_found_by_their_ids() {
        for key in ALL {
            let odd = key.access_key_id == ODD.access_key_id;
            assert_eq!(key.access_key_id.len() == 20, !odd, "{}", key.access_key_id);
            assert_eq!(key.secret.len() == 40, !odd, "{}", key.access_key_id);
            assert_eq!(
                key.access_key_id.starts_with("ASIA"),
                key.session_token.is_some()
            );
            assert!(find(key.access_key_id).is_some_and(|found| found.secret == key.secret));
            assert!(key.arn.contains(key.account()));
        }
        assert!(find("AKIASIMULATORUNKNOWN").is_none());
        let ids: std::collections::BTreeSet<_> = ALL.iter().map(|key| key.user_id).collect();
        assert_eq!(ids.len() + 1, ALL.len(), "one role has an expired key, too");
    }

    #[test]
    fn grants_are_by_action() {
        let minimal = MINIMAL.grant;
        assert!(minimal.allows("ce:GetAnomalies") && !minimal.allows("ce:GetTags"));
        let full = Grant::Only(FULL_ACTIONS);
        assert!(full.allows("ec2:DescribeRegions") && !full.allows("sts:AssumeRole"));
        assert!(!WITHOUT_EC2.grant.allows("ec2:DescribeVolumes"));
        assert!(WITHOUT_EC2.grant.allows("ce:GetCostAndUsage"));
        assert_eq!(FORBIDDEN.grant.refusal("ce:GetCostAndUsage"), None);
        let text = FORBIDDEN.grant.refusal("ce:GetAnomalies").unwrap();
        assert!(
            text.contains("explicit deny in a service control policy"),
            "{text}"
        );
    }
}
