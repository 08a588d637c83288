//! What is refused about connections, in the words that people read.

use domain::{
    Code, Error, Result,
    account::{AwsAccountId, ConnectionId},
    draft::DRAFTS_MAX,
    role::RoleArn,
};

use crate::{services::access::environments_account, store::connections::Dependent};

pub(super) fn connected_already(other: ConnectionId) -> Error {
    Error::new(
        Code::Conflict,
        "You are connected to this AWS account already.",
        "Open that connection to look at its costs or to replace its key.",
    )
    .with_link(format!("/connections/{other}"))
}

pub(super) fn other_account(field: &str, got: &AwsAccountId, wanted: &AwsAccountId) -> Error {
    let what = match field {
        "role_arn" => "role",
        "access_key_id" => "key",
        _ => return environments_account(got, wanted),
    };
    Error::invalid(
        field,
        format!("This {what} belongs to AWS account {got}, the connection to {wanted}."),
        format!("Use a {what} of the same account, or make a new connection for the other one."),
    )
}

/// Deleting it would break what signs in with its key.
pub(super) fn in_use(name: &str, dependents: &[Dependent]) -> Option<Error> {
    let first = dependents.first()?;
    let names: Vec<String> = dependents
        .iter()
        .map(|dependent| match dependent {
            Dependent::Connection(_, name) => format!("“{name}”"),
            Dependent::Draft(_, name) => format!("“{name}” (not finished)"),
        })
        .collect();
    let link = match first {
        Dependent::Connection(id, _) => format!("/connections/{id}"),
        Dependent::Draft(id, _) => format!("/connect/role/{id}"),
    };
    let (verb, them) = match dependents {
        [_] => ("signs", "it"),
        _ => ("sign", "them"),
    };
    let error = Error::new(
        Code::Conflict,
        format!(
            "“{name}” is needed: {} {verb} in with its key.",
            names.join(", ")
        ),
        format!("Delete {them} first, then this one. Nothing has been deleted."),
    );
    Some(error.with_link(link))
}

/// For everybody whom the server's own credentials don't concern, and where
/// they are switched off: nobody learns which of the two it is.
pub(super) fn no_environment() -> Error {
    Error::new(
        Code::NotAllowed,
        "There is no such way to connect here.",
        "Connect with an access key or with a role.",
    )
}

/// There is no such draft for this person.
pub(super) fn no_draft() -> Error {
    Error::not_found("unfinished role")
}

pub(super) fn too_many_drafts() -> Error {
    Error::new(
        Code::Conflict,
        format!("You have {DRAFTS_MAX} roles that aren't finished."),
        "Finish or discard one of them first.",
    )
    .with_link("/connections")
}

/// A role that who takes it on can reach: AWS's clouds know nothing of each other.
pub(super) fn checked_arn(typed: &str, source_arn: &str) -> Result<RoleArn> {
    let role: RoleArn = typed.parse()?;
    if source_arn.split(':').nth(1) != Some(role.partition()) {
        return Err(Error::invalid(
            "role_arn",
            "This role is in another of AWS's separate clouds than the key that takes it on.",
            "Use a key of the same cloud (aws, aws-cn or aws-us-gov, the second part of an ARN).",
        ));
    }
    Ok(role)
}

#[cfg(test)]
mod tests {
    use domain::draft::DraftId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn clouds_stay_apart() {
        let source = "arn:aws:iam::111122223333:user/x";
        assert!(checked_arn(" arn:aws:iam::444455556666:role/x", source).is_ok());
        let error = checked_arn("arn:aws-cn:iam::444455556666:role/x", source).unwrap_err();
        assert!(error.message.contains("separate clouds"));
    }

    #[test]
    fn everything_that_depends_on_a_key_is_named() {
        assert_eq!(in_use("Main", &[]), None);
        let id = ConnectionId(Uuid::from_u128(1));
        let one = Dependent::Connection(id, "Production".to_owned());
        let error = in_use("Main", std::slice::from_ref(&one)).unwrap();
        assert_eq!(
            error.message,
            "“Main” is needed: “Production” signs in with its key."
        );
        assert_eq!(error.link.unwrap(), format!("/connections/{id}"));
        let draft = Dependent::Draft(DraftId(Uuid::from_u128(2)), "Test".to_owned());
        let error = in_use("Main", &[one, draft]).unwrap();
        assert_eq!(
            error.message,
            "“Main” is needed: “Production”, “Test” (not finished) sign in with its key."
        );
    }
}
