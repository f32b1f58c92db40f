//! Text that must not be shown, logged or left behind in memory.

use std::fmt;

use zeroize::Zeroizing;

/// A passphrase or a recovery code; wiped when dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; it is wiped with this value.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the recovery sheet or a key file only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The age identity `AGE-SECRET-KEY-1…` that opens the store without the passphrase; printed once, never stored.
pub type RecoveryCode = Secret;
