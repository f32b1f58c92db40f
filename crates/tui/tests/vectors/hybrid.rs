//! An age identity for ML-KEM-768 with X25519 (`AGE-SECRET-KEY-PQ-1…`), so that the post-quantum vectors run too.
//!
//! No key of the program is of this kind; the code stands here and not in the program until one is. HPKE base mode of
//! RFC 9180 with KEM 0x647a (draft-ietf-hpke-pq), HKDF-SHA256 and ChaCha20-Poly1305, as C2SP's age.md asks for.

use age::DecryptError;
use age_core::format::{FileKey, Stanza};
use age_core::primitives::bech32_decode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _};
use hkdf::Hkdf;
use ml_kem::kem::{Decapsulate as _, DecapsulationKey};
use ml_kem::{B32, KemCore as _, MlKem768, MlKem768Params};
use sha2::Sha256;
use sha3::digest::{ExtendableOutput as _, Update as _, XofReader as _};
use sha3::{Digest as _, Sha3_256, Shake256};
use x25519_dalek::{PublicKey, StaticSecret};

const KIND: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const LABEL: &[u8] = br"\.//^\";
/// KEM 0x647a, KDF HKDF-SHA256, AEAD ChaCha20-Poly1305.
const SUITE: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
const LATTICE: usize = 1088;

pub struct Hybrid {
    lattice: DecapsulationKey<MlKem768Params>,
    curve: StaticSecret,
}

impl Hybrid {
    pub fn parse(text: &str) -> Option<Self> {
        let seed: Vec<u8> = bech32_decode(
            text,
            |_| (),
            |prefix| if prefix.as_str().eq_ignore_ascii_case("age-secret-key-pq-") { Ok(()) } else { Err(()) },
            |_, bytes| Ok(bytes.collect()),
        )
        .ok()?;
        let mut stream = Shake256::default().chain(<[u8; 32]>::try_from(seed).ok()?).finalize_xof();
        let [d, z, x] = std::array::from_fn(|_| {
            let mut part = [0; 32];
            stream.read(&mut part);
            part
        });
        let (lattice, _) = MlKem768::generate_deterministic(&B32::from(d), &B32::from(z));
        Some(Self { lattice, curve: StaticSecret::from(x) })
    }

    fn open(&self, enc: &[u8; LATTICE + 32], sealed: &[u8]) -> Result<Option<FileKey>, DecryptError> {
        let (ct, share) = enc.split_at(LATTICE);
        let ct = <[u8; LATTICE]>::try_from(ct).unwrap().into();
        let share = PublicKey::from(<[u8; 32]>::try_from(share).unwrap());
        let by_curve = self.curve.diffie_hellman(&share);
        if !by_curve.was_contributory() {
            return Err(DecryptError::InvalidHeader);
        }
        let by_lattice = self.lattice.decapsulate(&ct).map_err(|()| DecryptError::InvalidHeader)?;
        let shared = sha3::Digest::chain_update(Sha3_256::new(), by_lattice)
            .chain_update(by_curve)
            .chain_update(share)
            .chain_update(PublicKey::from(&self.curve))
            .chain_update(LABEL)
            .finalize();
        let (key, nonce) = schedule(&shared);
        let opened = ChaCha20Poly1305::new(&key.into()).decrypt(&nonce.into(), sealed).ok();
        Ok(opened.map(|plain| FileKey::init_with_mut(|key| key.copy_from_slice(&plain))))
    }
}

/// Key and nonce of HPKE's base mode.
fn schedule(shared: &[u8]) -> ([u8; 32], [u8; 12]) {
    let extract = |salt: &[u8], label: &[u8], ikm: &[u8]| {
        Hkdf::<Sha256>::extract(Some(salt), &[b"HPKE-v1", SUITE, label, ikm].concat())
    };
    let (psk_id, _) = extract(&[], b"psk_id_hash", &[]);
    let (info, _) = extract(&[], b"info_hash", INFO);
    let context = [&[0], psk_id.as_slice(), info.as_slice()].concat();
    let (_, secret) = extract(shared, b"secret", &[]);
    let expand = |label: &[u8], out: &mut [u8]| {
        let length = (out.len() as u16).to_be_bytes();
        secret.expand(&[&length, b"HPKE-v1".as_slice(), SUITE, label, &context].concat(), out).unwrap();
    };
    let (mut key, mut nonce) = ([0; 32], [0; 12]);
    expand(b"key", &mut key);
    expand(b"base_nonce", &mut nonce);
    (key, nonce)
}

impl age::Identity for Hybrid {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != KIND {
            return None;
        }
        let [enc] = &stanza.args[..] else { return Some(Err(DecryptError::InvalidHeader)) };
        let enc = STANDARD_NO_PAD.decode(enc).ok().and_then(|bytes| <[u8; LATTICE + 32]>::try_from(bytes).ok());
        match enc {
            Some(enc) if stanza.body.len() == 32 => self.open(&enc, &stanza.body).transpose(),
            _ => Some(Err(DecryptError::InvalidHeader)),
        }
    }
}
