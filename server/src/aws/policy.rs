//! IAM policies to copy: the least that makes a thing work.
//! Source of the actions: AWS's service authorization reference. None of them
//! takes a resource other than `*` here.

use domain::ledger::Operation;

/// What the whole product reads.
const COST_ACTIONS: [&str; 5] = [
    "ce:GetCostAndUsage",
    "ce:GetCostForecast",
    "ce:GetReservationUtilization",
    "ce:GetSavingsPlansUtilization",
    "ce:GetAnomalies",
];
const WASTE_ACTIONS: [&str; 4] = [
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "ec2:DescribeAddresses",
    "ec2:DescribeSnapshots",
];

/// The policy (JSON) that allows everything the product does, and nothing else.
#[must_use]
pub fn minimal_policy() -> String {
    document(&[("CostRead", &COST_ACTIONS), ("WasteScan", &WASTE_ACTIONS)])
}

/// The policy (JSON) that allows one operation.
#[must_use]
pub fn policy_for(operation: Operation) -> String {
    document(&[("CostTracker", &[operation.iam_action()])])
}

/// Written by hand, in the order in which the console shows policies.
fn document(statements: &[(&str, &[&str])]) -> String {
    let statements: Vec<String> = statements
        .iter()
        .map(|(sid, actions)| {
            let actions: Vec<String> = actions
                .iter()
                .map(|action| format!("        \"{action}\""))
                .collect();
            format!(
                "    {{\n      \"Sid\": \"{sid}\",\n      \"Effect\": \"Allow\",\n      \
                 \"Action\": [\n{}\n      ],\n      \"Resource\": \"*\"\n    }}",
                actions.join(",\n")
            )
        })
        .collect();
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}",
        statements.join(",\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_action_is_one_statement() {
        let policy: serde_json::Value =
            serde_json::from_str(&policy_for(Operation::GetCostAndUsage)).unwrap();
        assert_eq!(
            policy,
            serde_json::json!({
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
    fn the_whole_product_only_reads() {
        let policy: serde_json::Value = serde_json::from_str(&minimal_policy()).unwrap();
        let actions: Vec<&str> = policy["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|statement| statement["Action"].as_array().unwrap())
            .map(|action| action.as_str().unwrap())
            .collect();
        assert_eq!(actions.len(), 9);
        for action in actions {
            let (service, verb) = action.split_once(':').unwrap();
            assert!(
                service == "ce" && verb.starts_with("Get")
                    || service == "ec2" && verb.starts_with("Describe")
            );
        }
    }
}
