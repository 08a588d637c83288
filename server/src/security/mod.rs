//! Password hashing, sealed secrets and session tokens. Nothing here prints,
//! logs or returns a secret by accident: the types that hold one have no `Debug`.

pub mod master_key;
pub mod password;
pub mod token;
pub mod unlock;
pub mod vault;
