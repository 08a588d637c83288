//! The `Authorization` header of Signature Version 4, taken apart. Verifies nothing.

/// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub access_key_id: String,
    /// `20261123`
    pub date: String,
    pub region: String,
    pub service: String,
    /// Should be `aws4_request`.
    pub terminator: String,
    /// Lower case, as sent.
    pub signed_headers: Vec<String>,
    pub signature: String,
}

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

impl Authorization {
    /// Reads the header, or says, in AWS's words, what it lacks.
    pub(crate) fn parse(header: &str) -> Result<Self, String> {
        let Some(fields) = header
            .strip_prefix(ALGORITHM)
            .filter(|rest| rest.starts_with(' '))
        else {
            return Err(format!(
                "Authorization header requires '{ALGORITHM}' as its algorithm. Authorization={}",
                header.split(' ').next().unwrap_or_default()
            ));
        };
        let field = |name: &str| {
            fields
                .split(',')
                .filter_map(|field| field.trim().split_once('='))
                .find(|(found, value)| *found == name && !value.is_empty())
                .map(|(_, value)| value.to_owned())
        };
        let (credential, signed, signature) = (
            field("Credential"),
            field("SignedHeaders"),
            field("Signature"),
        );
        let missing: Vec<String> = [
            ("Credential", &credential),
            ("Signature", &signature),
            ("SignedHeaders", &signed),
        ]
        .into_iter()
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| format!("Authorization header requires '{name}' parameter."))
        .collect();
        let (Some(credential), Some(signed), Some(signature)) = (credential, signed, signature)
        else {
            return Err(missing.join(" "));
        };
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, terminator] = parts[..] else {
            return Err(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
                    .to_owned(),
            );
        };
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            terminator: terminator.to_owned(),
            signed_headers: signed.split(';').map(str::to_owned).collect(),
            signature,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_header_with_and_without_spaces() {
        let header = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/ce/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=00ff";
        let authorization = Authorization::parse(header).unwrap();
        assert_eq!(authorization.service, "ce");
        assert_eq!(authorization.signed_headers, ["host", "x-amz-date"]);
        assert_eq!(
            Authorization::parse(&header.replace(", ", ",")),
            Ok(authorization)
        );
    }

    #[test]
    fn names_everything_that_is_missing() {
        let error = Authorization::parse("AWS4-HMAC-SHA256 Credential=a/b/c/d/e").unwrap_err();
        assert!(
            error.contains("'Signature'")
                && error.contains("'SignedHeaders'")
                && !error.contains("'Credential'")
        );
        assert!(Authorization::parse("Basic dXNlcg==").is_err());
        assert!(
            Authorization::parse(
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0"
            )
            .is_err()
        );
    }
}
