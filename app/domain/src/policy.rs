//! IAM documents to copy: what a key or a role has to be allowed, and who may
//! take a role on. Written as the console shows them.
//!
//! Source of the actions: AWS's service authorization reference. None of the
//! ones that read takes a resource other than `*` here.

use crate::{
    ledger::{AwsService, Operation},
    role::ExternalId,
};

/// What the product can't do without: costs, and what is idle.
const MINIMAL: [Operation; 9] = [
    Operation::GetCostAndUsage,
    Operation::GetCostForecast,
    Operation::GetReservationUtilization,
    Operation::GetSavingsPlansUtilization,
    Operation::GetAnomalies,
    Operation::DescribeInstances,
    Operation::DescribeVolumes,
    Operation::DescribeAddresses,
    Operation::DescribeSnapshots,
];

/// The policy (JSON) with which the product works.
#[must_use]
pub fn minimal() -> String {
    reading(&MINIMAL)
}

/// The policy (JSON) that allows everything the product ever asks, and nothing else.
#[must_use]
pub fn full() -> String {
    reading(Operation::ALL)
}

/// The policy (JSON) that allows one operation.
#[must_use]
pub fn for_one(operation: Operation) -> String {
    document(&[statement(
        "CostTracker",
        &[operation.iam_action()],
        &resource("*"),
    )])
}

/// The policy (JSON) that allows these operations and nothing else; `None` for none.
#[must_use]
pub fn for_these(operations: &[Operation]) -> Option<String> {
    (!operations.is_empty()).then(|| reading(operations))
}

/// The policy (JSON) that lets a key take a role on, by the role's ARN.
#[must_use]
pub fn assuming(role: &str) -> String {
    let action = Operation::AssumeRole.iam_action();
    document(&[statement("CostTracker", &[action], &resource(role))])
}

/// The trust policy (JSON) of a role that `principal` may take on with this
/// ExternalId only.
#[must_use]
pub fn trust(principal: &str, external_id: &ExternalId) -> String {
    let rest = format!(
        "\"Condition\": {{\n        \"StringEquals\": {{\n          \
         \"sts:ExternalId\": {}\n        }}\n      }}",
        quoted(external_id.as_str())
    );
    let principal = format!(
        "\"Principal\": {{\n        \"AWS\": {}\n      }}",
        quoted(principal)
    );
    let action = quoted(Operation::AssumeRole.iam_action());
    document(&[format!(
        "    {{\n      \"Sid\": \"CostTracker\",\n      \"Effect\": \"Allow\",\n      \
         {principal},\n      \"Action\": {action},\n      {rest}\n    }}"
    )])
}

fn reading(operations: &[Operation]) -> String {
    let of = |service: AwsService| {
        let wanted = operations.iter().filter(|one| one.service() == service);
        wanted.map(|one| one.iam_action()).collect::<Vec<_>>()
    };
    let costs = of(AwsService::CostExplorer);
    let waste = of(AwsService::Ec2);
    let statements: Vec<String> = [("CostRead", costs), ("WasteScan", waste)]
        .into_iter()
        .filter(|(_, actions)| !actions.is_empty())
        .map(|(sid, actions)| statement(sid, &actions, &resource("*")))
        .collect();
    document(&statements)
}

fn resource(name: &str) -> String {
    format!("\"Resource\": {}", quoted(name))
}

fn statement(sid: &str, actions: &[&str], rest: &str) -> String {
    let actions: Vec<String> = actions
        .iter()
        .map(|action| format!("        \"{action}\""))
        .collect();
    format!(
        "    {{\n      \"Sid\": \"{sid}\",\n      \"Effect\": \"Allow\",\n      \
         \"Action\": [\n{}\n      ],\n      {rest}\n    }}",
        actions.join(",\n")
    )
}

fn document(statements: &[String]) -> String {
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}",
        statements.join(",\n")
    )
}

/// ARNs and ExternalIds have no letters that JSON would have to escape but these.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parsed(policy: &str) -> Value {
        serde_json::from_str(policy).unwrap()
    }

    fn actions(policy: &str) -> Vec<String> {
        let policy = parsed(policy);
        let statements = policy["Statement"].as_array().unwrap().clone();
        let actions = statements
            .iter()
            .flat_map(|statement| statement["Action"].as_array().unwrap().clone());
        actions
            .map(|action| action.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn several_are_told_apart_by_what_they_are_for() {
        let both = parsed(&for_these(&[Operation::DescribeVolumes, Operation::GetTags]).unwrap());
        assert_eq!(both["Statement"][0]["Action"], json!(["ce:GetTags"]));
        assert_eq!(both["Statement"][1]["Sid"], "WasteScan");
        let one = parsed(&for_these(&[Operation::DescribeVolumes]).unwrap());
        assert_eq!(one["Statement"].as_array().unwrap().len(), 1);
        assert_eq!(for_these(&[]), None);
    }

    #[test]
    fn the_product_only_reads() {
        let (minimal, full) = (actions(&minimal()), actions(&full()));
        assert_eq!((minimal.len(), full.len()), (9, 17));
        assert_eq!(
            minimal.iter().filter(|one| one.starts_with("ce:")).count(),
            5
        );
        assert!(minimal.iter().all(|action| full.contains(action)));
        for action in full {
            let (service, verb) = action.split_once(':').unwrap();
            assert!(
                service == "ce" && verb.starts_with("Get")
                    || service == "ec2" && verb.starts_with("Describe"),
                "{action}"
            );
        }
    }

    #[test]
    fn one_action_is_one_statement() {
        assert_eq!(
            parsed(&for_one(Operation::GetCostAndUsage)),
            json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "CostTracker",
                    "Effect": "Allow",
                    "Action": ["ce:GetCostAndUsage"],
                    "Resource": "*",
                }],
            })
        );
    }

    #[test]
    fn a_role_trusts_one_principal_with_one_external_id() {
        let external_id: ExternalId = "cost-tracker-0123".parse().unwrap();
        let principal = "arn:aws:iam::111122223333:user/cost-tracker";
        assert_eq!(
            parsed(&trust(principal, &external_id)),
            json!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Sid": "CostTracker",
                    "Effect": "Allow",
                    "Principal": {"AWS": principal},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": "cost-tracker-0123"}},
                }],
            })
        );
        // Nothing that is put in can end the text it stands in.
        assert_eq!(
            parsed(&trust("a\"b\\", &external_id))["Statement"][0]["Principal"]["AWS"],
            "a\"b\\"
        );
    }

    #[test]
    fn a_key_may_take_on_one_role() {
        let role = "arn:aws:iam::111122223333:role/CostTracker";
        let policy = parsed(&assuming(role));
        assert_eq!(policy["Statement"][0]["Resource"], role);
        assert_eq!(policy["Statement"][0]["Action"], json!(["sts:AssumeRole"]));
    }
}
