//! The keys of one person: an Ed25519 key that signs and an age identity that opens.

use std::fmt;

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::SealError;
use crate::shell::vault::Secret;

/// Both secret keys; stored as an ordinary record of the vault, wiped when dropped.
pub struct KeyRing {
    pub signing: SigningKey,
    pub identity: Identity,
}

/// What others may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeys {
    /// Ed25519, 32 bytes.
    pub signing: [u8; 32],
    /// `age1…`.
    pub age: String,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyRing(***)")
    }
}

impl KeyRing {
    /// New random keys.
    pub fn generate() -> Result<Self, SealError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SealError::Random)?;
        Ok(Self { signing: SigningKey::from_bytes(&seed), identity: Identity::generate() })
    }

    /// Version byte 1, the signing seed (32 bytes), the age identity as text.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let identity = self.identity.to_string();
        let mut out = Zeroizing::new(Vec::with_capacity(33 + identity.expose_secret().len()));
        out.push(1);
        out.extend_from_slice(self.signing.as_bytes());
        out.extend_from_slice(identity.expose_secret().as_bytes());
        out
    }

    /// Reads what `to_bytes` wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let (seed, identity) = bytes.strip_prefix(&[1]).and_then(<[u8]>::split_first_chunk).ok_or(SealError::Keys)?;
        let identity = std::str::from_utf8(identity).ok().and_then(|t| t.parse().ok()).ok_or(SealError::Keys)?;
        Ok(Self { signing: SigningKey::from_bytes(seed), identity })
    }

    /// The age identity as text (`AGE-SECRET-KEY-1…`), for a practice home's owner only.
    pub(in crate::shell) fn identity_text(&self) -> Secret {
        Secret::new(self.identity.to_string().expose_secret().to_owned())
    }

    /// The public halves.
    pub fn public(&self) -> PublicKeys {
        PublicKeys { signing: self.signing.verifying_key().to_bytes(), age: self.identity.to_public().to_string() }
    }
}
