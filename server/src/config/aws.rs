//! Where AWS is: the real one, unless a loopback address is named.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

use clap::{Args, ValueEnum, value_parser};
use url::{Host, Url};

/// Options about AWS.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "AWS")]
pub struct AwsArgs {
    /// Whether people may connect the built-in sample account
    #[arg(
        long,
        env = "COST_TRACKER_SAMPLE_ACCOUNT",
        value_name = "on|off",
        default_value = "on",
        hide_possible_values = true,
        hide_env_values = true
    )]
    pub sample_account: Switch,

    /// Whether administrators may connect with this server's own AWS credentials
    ///
    /// The ones that the AWS SDK finds: AWS_ACCESS_KEY_ID and its like, a
    /// profile, a web identity, or the role of the container or instance. They
    /// are never looked for while this is off. Whoever is an administrator here
    /// then sees what those credentials may see.
    #[arg(
        long,
        env = "COST_TRACKER_ENVIRONMENT_CREDENTIALS",
        value_name = "on|off",
        default_value = "off",
        hide_possible_values = true,
        hide_env_values = true
    )]
    pub environment_credentials: Switch,

    /// Send all AWS calls to a simulator on this machine
    ///
    /// Takes loopback addresses only, so that nobody redirects people's AWS
    /// keys by accident. The AWS SDK's own AWS_ENDPOINT_URL… variables have no
    /// effect on this server.
    #[arg(
        long,
        env = "COST_TRACKER_AWS_ENDPOINT_URL",
        value_name = "URL",
        value_parser = LoopbackUrl::parse,
        hide_env_values = true
    )]
    pub aws_endpoint_url: Option<LoopbackUrl>,

    /// Cost Explorer requests in a second for each AWS account
    ///
    /// AWS allows 5. Two connections to one account share it; lower it where other
    /// tools ask the same account.
    #[arg(
        long,
        env = "COST_TRACKER_COST_EXPLORER_RATE",
        value_name = "NUMBER",
        default_value_t = 5,
        value_parser = value_parser!(u32).range(1..=5),
        hide_env_values = true
    )]
    pub cost_explorer_rate: u32,

    /// EC2 requests in a second for each AWS account and region
    #[arg(
        long,
        env = "COST_TRACKER_EC2_RATE",
        value_name = "NUMBER",
        default_value_t = 10,
        value_parser = value_parser!(u32).range(1..=50),
        hide_env_values = true
    )]
    pub ec2_rate: u32,

    /// STS requests in a second for each AWS account
    #[arg(
        long,
        env = "COST_TRACKER_STS_RATE",
        value_name = "NUMBER",
        default_value_t = 5,
        value_parser = value_parser!(u32).range(1..=50),
        hide_env_values = true
    )]
    pub sts_rate: u32,
}

impl AwsArgs {
    /// The rates.
    #[must_use]
    pub const fn rates(&self) -> Rates {
        Rates {
            cost_explorer: self.cost_explorer_rate,
            ec2: self.ec2_rate,
            sts: self.sts_rate,
        }
    }
}

/// Requests in a second, at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rates {
    /// To Cost Explorer, for each AWS account.
    pub cost_explorer: u32,
    /// To EC2, for each AWS account and region.
    pub ec2: u32,
    /// To STS, for each AWS account.
    pub sts: u32,
}

/// On or off, in words.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// An HTTP address that can't leave this machine: AWS keys may go there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoopbackUrl(Url);

impl LoopbackUrl {
    /// From text such as `http://127.0.0.1:4599`.
    ///
    /// `localhost` is taken as 127.0.0.1 and never looked up: a resolver could
    /// send keys elsewhere.
    ///
    /// # Errors
    /// One sentence about what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        const HOW: &str = "write it like http://127.0.0.1:4599";
        let mut url = Url::parse(text).map_err(|why| format!("{why}; {HOW}"))?;
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address).to_canonical()),
            Some(Host::Domain("localhost")) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Some(Host::Domain(_)) | None => None,
        };
        let Some(address) = address.filter(IpAddr::is_loopback) else {
            return Err(
                "AWS calls go to AWS, or to a loopback address (127.0.0.1, [::1]) for trying \
                 things out: people's AWS keys must not end up anywhere else"
                    .to_owned(),
            );
        };
        if url.scheme() != "http" {
            return Err(format!(
                "only http works, for it stays on this machine; {HOW}"
            ));
        }
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !bare || url.set_ip_host(address).is_err() {
            return Err(format!(
                "only http, an address and a port belong here; {HOW}"
            ));
        }
        Ok(Self(url))
    }

    /// For clients; ends with a slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for LoopbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_taken() {
        for (text, url) in [
            ("http://127.0.0.1:4599", "http://127.0.0.1:4599"),
            ("http://127.8.9.10:1/", "http://127.8.9.10:1"),
            ("http://[::1]:4599", "http://[::1]:4599"),
            ("http://localhost:4599", "http://127.0.0.1:4599"),
            ("http://LOCALHOST:4599", "http://127.0.0.1:4599"),
            ("http://[::ffff:127.0.0.1]:1", "http://127.0.0.1:1"),
        ] {
            assert_eq!(LoopbackUrl::parse(text).unwrap().to_string(), url);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in [
            "http://10.0.0.1:4599",
            "http://0.0.0.0:4599",
            "http://[::]:4599",
            "http://[fe80::1]:4599",
            "http://[::ffff:8.8.8.8]:4599",
            "https://ce.us-east-1.amazonaws.com",
            "http://localhost.example.com:4599",
            "http://localhost.:4599",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
        ] {
            let sentence = LoopbackUrl::parse(text).unwrap_err();
            assert!(sentence.contains("loopback"), "{text}: {sentence}");
        }
        for text in [
            "127.0.0.1:4599",
            "ftp://127.0.0.1",
            "https://127.0.0.1:4599",
            "http://ann:pw@127.0.0.1",
            "http://127.0.0.1/path",
            "http://127.0.0.1/?q",
            "",
        ] {
            let sentence = LoopbackUrl::parse(text).unwrap_err();
            assert!(
                sentence.contains("http://127.0.0.1:4599"),
                "{text}: {sentence}"
            );
        }
    }
}
