//! STS in the query protocol: GetCallerIdentity, which needs no permission, as at AWS, and
//! AssumeRole.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::callers::{Caller, KeyRing};
use crate::error::{AwsError, Cause, Reply, Service, escaped};
use crate::roles::Trust;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const SHORTEST: i64 = 900;
const LONGEST: i64 = 43_200;
/// A role that a role took on ends after an hour at the latest; also what is given unasked.
const HOUR: i64 = 3_600;

/// Form parameters, in the order they were sent.
pub(crate) fn parameters(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// The value of a parameter, empty when absent.
pub(crate) fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    parameters
        .iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value)
}

/// What an answer depends on besides the parameters.
pub(crate) struct Context<'a> {
    pub caller: &'a Caller,
    pub keys: &'a KeyRing,
    pub trust: &'a Trust,
    pub now: DateTime<Utc>,
    pub request_id: &'a str,
}

impl Context<'_> {
    /// Answers a verified request.
    pub(crate) fn answer(&self, parameters: &[(String, String)]) -> Result<Reply, AwsError> {
        let (action, version) = (
            parameter(parameters, "Action"),
            parameter(parameters, "Version"),
        );
        match (action, version) {
            ("GetCallerIdentity", "2011-06-15") => Ok(self.identity()),
            ("AssumeRole", "2011-06-15") => self.assume_role(parameters),
            _ => {
                let text = format!("Could not find operation {action} for version {version}");
                Err(AwsError::new(Cause::UnknownOperation, text))
            }
        }
    }

    fn identity(&self) -> Reply {
        let Caller { arn, user_id, .. } = self.caller;
        self.reply(
            "GetCallerIdentity",
            &format!(
                "    <Arn>{}</Arn>\n    <UserId>{}</UserId>\n    <Account>{}</Account>\n",
                escaped(arn),
                escaped(user_id),
                self.caller.account(),
            ),
        )
    }

    fn assume_role(&self, parameters: &[(String, String)]) -> Result<Reply, AwsError> {
        let wish = Wish::read(parameters)?;
        let role = self.trust.role(wish.role_arn, wish.external_id);
        // Whether the role is missing, trusts somebody else or wants another external id: AWS
        // says the same to all of them.
        let Some(role) = role.filter(|_| self.caller.allows("sts:AssumeRole")) else {
            let text = format!(
                "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
                self.caller.arn, wish.role_arn
            );
            return Err(AwsError::new(Cause::AccessDenied, text));
        };
        if self.caller.is_role() && wish.seconds > HOUR {
            return Err(AwsError::validation(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            ));
        }
        if wish.seconds > role.longest {
            return Err(AwsError::validation(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            ));
        }
        let seconds = self.trust.session_seconds().unwrap_or(wish.seconds);
        let end = TimeDelta::try_seconds(seconds)
            .and_then(|length| self.now.checked_add_signed(length))
            .ok_or_else(AwsError::internal)?;
        let given = self.keys.issue(role, wish.session, end);
        Ok(self.reply(
            "AssumeRole",
            &format!(
                "    <AssumedRoleUser>\n      <AssumedRoleId>{}</AssumedRoleId>\n      <Arn>{}</Arn>\n    \
                 </AssumedRoleUser>\n    <Credentials>\n      <AccessKeyId>{}</AccessKeyId>\n      \
                 <SecretAccessKey>{}</SecretAccessKey>\n      <SessionToken>{}</SessionToken>\n      \
                 <Expiration>{}</Expiration>\n    </Credentials>\n",
                escaped(&given.user_id),
                escaped(&given.arn),
                given.access_key_id,
                given.secret,
                given.session_token.unwrap_or_default(),
                end.to_rfc3339_opts(SecondsFormat::Secs, true),
            ),
        ))
    }

    fn reply(&self, action: &str, result: &str) -> Reply {
        let body = format!(
            "<{action}Response xmlns=\"{NAMESPACE}\">\n  <{action}Result>\n{result}  </{action}Result>\n  \
             <ResponseMetadata>\n    <RequestId>{}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n",
            self.request_id
        );
        Reply::ok(Service::Sts, body)
    }
}

/// AssumeRole's parameters, checked.
struct Wish<'a> {
    role_arn: &'a str,
    session: &'a str,
    external_id: &'a str,
    seconds: i64,
}

impl<'a> Wish<'a> {
    fn read(parameters: &'a [(String, String)]) -> Result<Self, AwsError> {
        let get = |name| parameter(parameters, name);
        let (role_arn, session) = (get("RoleArn"), get("RoleSessionName"));
        text(role_arn, "roleArn", 20..=2_048, |_| true)?;
        text(session, "roleSessionName", 2..=64, |c| {
            "_+=,.@-".contains(c)
        })?;
        let external_id = get("ExternalId");
        if parameters.iter().any(|(name, _)| name == "ExternalId") {
            text(external_id, "externalId", 2..=1_224, |c| {
                "_+=,.@:/-".contains(c)
            })?;
        }
        let duration = get("DurationSeconds");
        let seconds = match duration {
            "" => HOUR,
            other => other.parse().map_err(|_| {
                AwsError::new(
                    Cause::Other("MalformedInput", 400),
                    "DurationSeconds is not a number.",
                )
            })?,
        };
        if seconds < SHORTEST {
            let rule = format!("Member must have value greater than or equal to {SHORTEST}");
            return Err(constraint(duration, "durationSeconds", &rule));
        }
        if seconds > LONGEST {
            let rule = format!("Member must have value less than or equal to {LONGEST}");
            return Err(constraint(duration, "durationSeconds", &rule));
        }
        if role_arn.splitn(6, ':').count() < 6 || !role_arn.starts_with("arn:") {
            return Err(AwsError::validation(format!("{role_arn} is invalid")));
        }
        Ok(Self {
            role_arn,
            session,
            external_id,
            seconds,
        })
    }
}

/// The model's own checks of a text, in the words every AWS service uses.
fn text(
    value: &str,
    member: &str,
    length: std::ops::RangeInclusive<usize>,
    special: impl Fn(char) -> bool,
) -> Result<(), AwsError> {
    let count = value.chars().count();
    let rule = if value.is_empty() {
        let text = format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: \
             Member must not be null"
        );
        return Err(AwsError::validation(text));
    } else if count < *length.start() {
        format!(
            "Member must have length greater than or equal to {}",
            length.start()
        )
    } else if count > *length.end() {
        format!(
            "Member must have length less than or equal to {}",
            length.end()
        )
    } else if value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || special(c))
    {
        return Ok(());
    } else {
        "Member must satisfy regular expression pattern".to_owned()
    };
    Err(constraint(value, member, &rule))
}

fn constraint(value: &str, member: &str, rule: &str) -> AwsError {
    AwsError::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    ))
}
