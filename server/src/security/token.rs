//! Session tokens: random, and kept only as their SHA-256.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ports::SessionToken;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The operating system has no random numbers to give.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random numbers")]
pub struct NoRandomness(#[source] getrandom::Error);

/// A new token: 256 random bits as 43 letters that fit into a cookie.
///
/// # Errors
/// When the operating system has no random numbers.
pub fn random() -> Result<SessionToken, NoRandomness> {
    let mut bits = Zeroizing::new([0_u8; 32]);
    fill_random(bits.as_mut())?;
    Ok(SecretString::from(URL_SAFE_NO_PAD.encode(bits.as_slice())))
}

/// What the store knows a token by. Needs no salt: there are 2²⁵⁶ tokens to guess from.
#[must_use]
pub fn sha256(token: &SessionToken) -> [u8; 32] {
    Sha256::digest(token.expose_secret().as_bytes()).into()
}

pub(super) fn fill_random(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(NoRandomness)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn tokens_are_long_and_differ() {
        let tokens: Vec<SessionToken> = (0..1000).map(|_| random().unwrap()).collect();
        let distinct: HashSet<&str> = tokens.iter().map(|token| token.expose_secret()).collect();
        assert_eq!(distinct.len(), 1000);
        for token in distinct {
            assert_eq!(URL_SAFE_NO_PAD.decode(token).unwrap().len(), 32);
        }
    }

    #[test]
    fn the_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            hex::encode(sha256(&SecretString::from("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn debug_output_hides_the_token() {
        let token = random().unwrap();
        assert!(!format!("{token:?}").contains(token.expose_secret()));
    }
}
