//! What a person reads: what happened, and what to do next. All of it is ours.

use super::kind::Kind;

impl Kind {
    /// What happened, and what to do next.
    pub(super) fn words(self, action: &str) -> (String, &'static str) {
        let fixed = |text: &str| text.to_owned();
        match self {
            Self::UnknownKey => (
                fixed("AWS doesn't know this access key id."),
                "Check it for typing mistakes, and that the key hasn't been deactivated or deleted. A temporary key also needs its own session token.",
            ),
            Self::MalformedKey => (
                fixed("AWS can't read this access key id."),
                "Copy it again, without spaces or other signs around it.",
            ),
            Self::WrongSecret => (
                fixed("The secret key doesn't belong to this access key id."),
                "Copy both again from the same place. If the secret is lost, make a new access key in IAM.",
            ),
            Self::ExpiredToken => (
                fixed("The temporary key has expired."),
                "Get a new access key, secret and session token, and replace all three.",
            ),
            Self::Denied => (
                format!("This key isn't allowed to use {action}."),
                "Attach the policy below to its user or role in IAM. If it is attached already, the account's root user has to activate IAM access to billing information in the account settings.",
            ),
            Self::ForbiddenByPolicy => (
                format!("An IAM policy of this key forbids {action}."),
                "Remove the Deny statement or widen the permissions boundary in IAM: allowing the action elsewhere doesn't outweigh it.",
            ),
            Self::DeniedByOrganization => (
                format!("Your organization's policies forbid {action} in this account."),
                "Ask the administrators of your AWS organization to exempt it, or connect the management account instead.",
            ),
            Self::NotEnabled => (
                fixed("Cost Explorer isn't enabled in this AWS account."),
                "Open Cost Explorer once in the AWS console, as the root user or an administrator. AWS then needs up to 24 hours to prepare the data.",
            ),
            Self::CutOffByPayer => (
                fixed("The account that pays the bill keeps cost data from this member account."),
                "Ask its administrators to give linked accounts access to Cost Explorer, or connect the paying account instead.",
            ),
            Self::NotActivated => (
                fixed("This AWS account isn't fully activated."),
                "Finish signing up in the AWS console: a payment method or a confirmation is missing.",
            ),
            Self::Throttled => (
                fixed("AWS asked us to slow down, and still did after several tries."),
                "Try again in a few minutes. Another tool may be using the same account's Cost Explorer.",
            ),
            Self::NoData => (
                fixed("AWS sent no cost data for these days."),
                "New accounts have none for the first day or two. Try again later.",
            ),
            Self::TooLittleHistory => (
                fixed("AWS knows too few days of this account to look ahead."),
                "Forecasts come after some weeks of costs.",
            ),
            Self::NoCommitments => (
                fixed("There were no reservations or Savings Plans in these days."),
                "Choose other days, or see what AWS recommends to buy in the Billing console.",
            ),
            Self::Network => (
                fixed("AWS couldn't be reached from this server."),
                "Check the server's internet connection, DNS, firewall and proxy.",
            ),
            Self::Certificate => (
                fixed("The secure connection to AWS couldn't be trusted."),
                "If a proxy inspects the traffic, add its certificate to those the server trusts. Check the server's clock too.",
            ),
            Self::Timeout => (
                fixed("AWS took too long to answer."),
                "Try again. If it stays, check the server's internet connection.",
            ),
            Self::Server => (
                fixed("AWS had a fault of its own, and still did after several tries."),
                "Try again in a few minutes. The AWS Health Dashboard shows whether it is a known one.",
            ),
            Self::Clock => (
                fixed("This server's clock differs too much from AWS's."),
                "Set the server's clock, best by switching on time synchronization (NTP), and try again.",
            ),
            Self::Refused => (
                fixed("AWS refused the question."),
                "Try again later. If it stays, the server's log has AWS's error code and request id.",
            ),
            Self::TooFarBack => (
                fixed("AWS doesn't keep daily costs that far back."),
                "Ask for later days: AWS keeps about 14 months.",
            ),
            Self::MixedUnits => (
                fixed("This usage is measured in several units, which can't be added."),
                "Narrow it down to one usage type.",
            ),
            Self::UnknownMonitor => (
                fixed("AWS doesn't know this anomaly monitor."),
                "It may have been deleted. Look at AWS Cost Anomaly Detection in the console.",
            ),
            Self::AnswerChanged => (
                fixed("AWS's answer changed while it was being read."),
                "Try again.",
            ),
            Self::Unreadable => (
                fixed("AWS answered something that can't be read."),
                "Try again later. If it stays, this version may be too old for what AWS sends.",
            ),
            Self::NotAws => (
                fixed("Something other than AWS answered this server."),
                "Look for a proxy, a firewall or a sign-in page between this server and the internet.",
            ),
            Self::RoleDenied => (
                fixed("AWS didn't let this server take on the role."),
                "AWS doesn't say which of these it is: the role doesn't exist, its trust policy doesn't name who asks, or the ExternalId in it is another. Compare all three with the connection page, and see that who asks may use sts:AssumeRole.",
            ),
            Self::RegionDisabled => (
                fixed("This region isn't open to the AWS account."),
                "Nothing runs there, so nothing is missed. If you have just enabled the region, AWS needs some minutes.",
            ),
            Self::EnvironmentOff => (
                fixed("This server's own AWS credentials are switched off."),
                "Ask the administrator to start the server with --environment-credentials on, or connect with a key.",
            ),
            Self::EnvironmentEmpty => (
                fixed("This server has no AWS credentials of its own."),
                "The administrator gives it some: by environment variables, a profile, or a role of the instance or container it runs in.",
            ),
            Self::EnvironmentBroken => (
                fixed("This server's own AWS credentials couldn't be loaded."),
                "The administrator finds the reason in the server's log: a file, a token or the metadata service of the instance or container.",
            ),
            Self::CapReached => (
                fixed("This connection's monthly cap for requests to AWS is reached."),
                "Background updates go on by themselves on the 1st, or when you raise the cap on the connection's page. You may still refresh by hand, after seeing the price.",
            ),
            Self::Busy => (
                fixed("Too many requests to AWS are waiting already."),
                "Try again in a minute.",
            ),
            Self::Internal => (
                fixed("Something went wrong on this server before AWS was asked."),
                "Try again. If it stays, look into the server's log.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_says_what_happened_and_what_to_do() {
        let mut messages = HashSet::new();
        for kind in Kind::ALL {
            let (message, advice) = kind.words("ce:GetCostAndUsage");
            assert!(message.ends_with('.') && advice.ends_with('.'), "{kind:?}");
            assert!(messages.insert(message), "{kind:?} reads like another");
        }
    }
}
