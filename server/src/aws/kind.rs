//! What can happen to a question, and what programs call it.

use domain::Code;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $code:ident)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Kind { $($(#[$doc])* $variant),* }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The kind as people and programs meet it.
            #[must_use]
            pub const fn code(self) -> Code {
                match self { $(Self::$variant => Code::$code),* }
            }
        }
    };
}

kinds! {
    /// AWS doesn't know the access key id, or the session token belongs to another.
    UnknownKey AwsUnknownKey
    /// The access key id has characters that no key has.
    MalformedKey AwsUnknownKey
    /// The signature doesn't fit: the secret is another key's.
    WrongSecret AwsWrongSecret
    /// The session token's time is over.
    ExpiredToken AwsExpiredToken
    /// No IAM policy allows the action.
    Denied AwsDenied
    /// An IAM policy or a permissions boundary forbids the action.
    ForbiddenByPolicy AwsDenied
    /// An organization's policy forbids the action.
    DeniedByOrganization AwsDeniedByOrganization
    /// Cost Explorer isn't switched on.
    NotEnabled AwsNotEnabled
    /// The payer account keeps costs from this member account.
    CutOffByPayer AwsCutOffByPayer
    /// The AWS account isn't complete yet.
    NotActivated AwsNotActivated
    /// Too many requests.
    Throttled AwsThrottled
    /// AWS has nothing to say.
    NoData AwsNoData
    /// AWS knows too few days to look ahead.
    TooLittleHistory AwsNoData
    /// There were no reservations or Savings Plans.
    NoCommitments AwsNoData
    /// No connection, or it broke.
    Network AwsNetwork
    /// The other side's certificate isn't trusted.
    Certificate AwsNetwork
    /// No answer in time.
    Timeout AwsTimeout
    /// AWS failed.
    Server AwsServer
    /// Our clock differs from AWS's.
    Clock AwsClock
    /// AWS didn't take the question.
    Refused AwsRefused
    /// The days lie before what AWS keeps.
    TooFarBack AwsRefused
    /// The usage is measured in several units.
    MixedUnits AwsRefused
    /// AWS has no such anomaly monitor.
    UnknownMonitor AwsRefused
    /// The answer changed while its pages were read.
    AnswerChanged AwsRefused
    /// AWS's answer makes no sense.
    Unreadable AwsUnreadable
    /// Something that isn't AWS answered.
    NotAws AwsUnreadable
    /// The role can't be taken on.
    RoleDenied AwsRoleDenied
    /// The region isn't open to the account.
    RegionDisabled AwsRegionDisabled
    /// The server's own credentials are asked for, but switched off.
    EnvironmentOff NotAllowed
    /// The server has no credentials of its own.
    EnvironmentEmpty AwsNoCredentials
    /// The server's own credentials can't be loaded.
    EnvironmentBroken AwsNoCredentials
    /// The connection's cap for our own requests is reached.
    CapReached CapReached
    /// Our queue is full, or the turn didn't come in time.
    Busy Busy
    /// A fault of ours: the ledger couldn't be written, or no request could be made.
    Internal Internal
}

impl Kind {
    /// Whether the same question may be answered if asked again a little later.
    #[must_use]
    pub const fn is_retried(self) -> bool {
        matches!(
            self,
            Self::Throttled | Self::Network | Self::Timeout | Self::Server
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_permissions_are_not_retried() {
        let all = Kind::ALL.iter().copied();
        let retried: Vec<Kind> = all.filter(|kind| kind.is_retried()).collect();
        assert_eq!(
            retried,
            [Kind::Throttled, Kind::Network, Kind::Timeout, Kind::Server]
        );
    }
}
