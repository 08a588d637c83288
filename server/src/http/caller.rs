//! Finds out where a request comes from, for slowing down guesses.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use domain::ports::Caller;
use http::HeaderMap;

/// Whether the proxy in front says where clients are.
#[derive(Clone, Copy, Debug)]
pub struct TrustProxy(pub bool);

/// Puts the [`Caller`] into the request's extensions.
pub async fn find(State(trust): State<TrustProxy>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        // Without a connection (in tests) everybody is the same nobody.
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let told = trust.0.then(|| forwarded_for(request.headers())).flatten();
    let address = told.unwrap_or(peer).to_canonical();
    request.extensions_mut().insert(Caller { address });
    next.run(request).await
}

/// The entry that the nearest proxy added. Those before it are the client's own
/// words and could be anything.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let entry = last.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| {
        entry
            .parse()
            .ok()
            .map(|with_port: SocketAddr| with_port.ip())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        forwarded_for(&headers).map(|address| address.to_string())
    }

    #[test]
    fn only_the_last_entry_counts() {
        assert_eq!(last(&["1.2.3.4, 5.6.7.8"]).as_deref(), Some("5.6.7.8"));
        assert_eq!(last(&["1.2.3.4", "5.6.7.8"]).as_deref(), Some("5.6.7.8"));
        assert_eq!(last(&["1.2.3.4:5678"]).as_deref(), Some("1.2.3.4"));
        assert_eq!(last(&["[2001:db8::1]:443"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(last(&["[2001:db8::1]"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(last(&["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn nonsense_is_nobody() {
        assert_eq!(last(&[]), None);
        assert_eq!(last(&["1.2.3.4, unknown"]), None);
        assert_eq!(last(&[""]), None);
    }
}
