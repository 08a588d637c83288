//! Where the server listens, and how people reach it from outside.

use std::{fmt, net::SocketAddr};

use clap::{Args, builder::BoolishValueParser};
use url::Url;

/// Options about the network.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Network")]
pub struct ListenArgs {
    /// Address and port to listen on
    #[arg(
        long,
        env = "COST_TRACKER_LISTEN",
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:3000",
        value_parser = address,
        hide_env_values = true
    )]
    pub listen: SocketAddr,

    /// How people reach this server, when it stands behind a proxy with TLS
    ///
    /// For example https://costs.example.com. With https, cookies are marked
    /// Secure and browsers are told to never use plain HTTP (HSTS).
    #[arg(
        long,
        env = "COST_TRACKER_PUBLIC_URL",
        value_name = "URL",
        value_parser = PublicUrl::parse,
        hide_env_values = true
    )]
    pub public_url: Option<PublicUrl>,

    /// Take the client's address from X-Forwarded-For's last entry
    ///
    /// Only behind a proxy that sets this header: otherwise anybody could
    /// pretend to be anywhere and get around the limit on sign-in attempts.
    #[arg(
        long,
        env = "COST_TRACKER_TRUST_PROXY",
        // In the environment, where a flag needs a value.
        value_parser = BoolishValueParser::new(),
        hide_env_values = true
    )]
    pub trust_proxy: bool,
}

/// The address people type: scheme, host and port, and nothing behind them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// From text such as `https://costs.example.com`.
    ///
    /// # Errors
    /// One sentence about what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        const HOW: &str = "write it like https://costs.example.com";
        let url = Url::parse(text).map_err(|why| format!("{why}; {HOW}"))?;
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !matches!(url.scheme(), "http" | "https") {
            Err(format!("only http and https work; {HOW}"))
        } else if bare {
            Ok(Self(url))
        } else {
            Err(format!(
                "only a scheme, a host and a port belong here; {HOW}"
            ))
        }
    }

    /// As browsers send it in `Origin`: lower case, no default port, no slash at the end.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether people come over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

/// An address with a port, where a name would depend on who resolves it.
///
/// # Errors
/// One sentence about what to write instead.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "write a numeric address and a port, like 127.0.0.1:3000 or [::1]:3000".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_numeric_and_have_a_port() {
        assert!(address("127.0.0.1:3000").is_ok());
        assert!(address("[::1]:0").is_ok());
        for text in [
            "127.0.0.1",
            "localhost:3000",
            ":3000",
            "127.0.0.1:70000",
            "",
        ] {
            assert!(address(text).unwrap_err().contains("127.0.0.1:3000"));
        }
    }

    #[test]
    fn public_urls_are_origins() {
        let url = PublicUrl::parse("https://Costs.Example.com:443/").unwrap();
        assert_eq!(url.origin(), "https://costs.example.com");
        assert!(url.is_https());
        let url = PublicUrl::parse("http://10.0.0.7:8080").unwrap();
        assert_eq!(url.to_string(), "http://10.0.0.7:8080");
        assert!(!url.is_https());
        for text in [
            "costs.example.com",
            "ftp://costs.example.com",
            "https://costs.example.com/app",
            "https://costs.example.com/?a",
            "https://ann@costs.example.com",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
