//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): HChaCha20 makes a key for each nonce, the rest is RFC 8439.

use chacha20::cipher::consts::U10;
use chacha20::hchacha;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};

pub const NONCE: usize = 24;
pub const TAG: usize = 16;

/// The key of one nonce, and what is left of the nonce.
fn keyed(key: &[u8; 32], nonce: &[u8; NONCE]) -> (LessSafeKey, Nonce) {
    let subkey = hchacha::<U10>(key.into(), nonce[..16].into());
    let mut rest = [0; 12];
    rest[4..].copy_from_slice(&nonce[16..]);
    let unbound = UnboundKey::new(&CHACHA20_POLY1305, &subkey).expect("32 bytes is its key length");
    (LessSafeKey::new(unbound), Nonce::assume_unique_for_key(rest))
}

/// Encrypts in place and gives the tag; nothing when there are more bytes than RFC 8439 allows.
pub fn seal(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], bytes: &mut [u8]) -> Option<[u8; TAG]> {
    let (key, nonce) = keyed(key, nonce);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(aad), bytes).ok()?;
    tag.as_ref().try_into().ok()
}

/// Decrypts in place; false, and nothing readable is left, when tag, nonce, key or associated data are others.
#[must_use]
pub fn open(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], tag: &[u8; TAG], bytes: &mut [u8]) -> bool {
    let (key, nonce) = keyed(key, nonce);
    key.open_in_place_separate_tag(nonce, Aad::from(aad), (*tag).into(), bytes, 0..).is_ok()
}
