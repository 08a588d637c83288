//! STS in the query protocol: GetCallerIdentity. Needs no permission, as at AWS.

use crate::error::{AwsError, Cause, Reply, Service, escaped};
use crate::keys::KeyPair;

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

/// Answers a verified request.
pub(crate) fn answer(
    key: &KeyPair,
    parameters: &[(String, String)],
    request_id: &str,
) -> Result<Reply, AwsError> {
    let (action, version) = (
        parameter(parameters, "Action"),
        parameter(parameters, "Version"),
    );
    if action != "GetCallerIdentity" || version != "2011-06-15" {
        let text = format!("Could not find operation {action} for version {version}");
        return Err(AwsError::new(Cause::UnknownOperation, text));
    }
    Ok(Reply::ok(
        Service::Sts,
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
             <GetCallerIdentityResult>\n    <Arn>{}</Arn>\n    <UserId>{}</UserId>\n    <Account>{}</Account>\n  \
             </GetCallerIdentityResult>\n  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  \
             </ResponseMetadata>\n</GetCallerIdentityResponse>\n",
            escaped(key.arn),
            escaped(key.user_id),
            key.account(),
        ),
    ))
}
