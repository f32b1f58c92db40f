//! What every request can reach: the store, the uploads under way, the published documents and the limits.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bansou_core::intake::{Limits, MAX_BUNDLE};
use bansou_core::wire::v1::envelope::{Context, Signed, decode_key, key_id};
use bansou_core::wire::v1::recipients::{Recipients, Roster};

use crate::answer::Refused;
use crate::pace::Pace;
use crate::partial::Uploads;
use crate::store::{Store, StoreError};
use crate::{Config, ServerError, files, log};

/// Name of the recipients file among the documents.
pub const RECIPIENTS: &str = "recipients";
/// Name of the roster among the documents.
pub const ROSTER: &str = "roster";

/// The published documents in the form the decisions need.
#[derive(Clone, Debug, Default)]
pub struct Published {
    pub recipients_version: Option<u64>,
    pub experts: BTreeSet<[u8; 32]>,
    pub staff: BTreeSet<[u8; 32]>,
}

/// The state of the server.
pub struct App {
    pub store: Store,
    pub uploads: Uploads,
    /// The secretariat's root key.
    pub root: [u8; 32],
    pub receipt_key: [u8; 32],
    pub config: Config,
    published: RwLock<Arc<Published>>,
    pace: Mutex<Pace>,
    _lock: File,
}

impl App {
    /// Opens the data folder; refuses when another server holds it or no secretariat is known.
    pub fn open(config: Config) -> Result<Self, ServerError> {
        let lock = files::prepare(&config.data)?;
        let root = files::secretariat(&config.data, config.secretariat.as_deref())?;
        let key = files::receipt_key(&config.data)?;
        let receipt_key = key.verifying_key().to_bytes();
        let store = Store::open(&config.data, key, config.now)?;
        let uploads = Uploads::open(&config.data, &store, config.now)?;
        let app = Self {
            store,
            uploads,
            root,
            receipt_key,
            published: RwLock::default(),
            pace: Mutex::new(Pace::new(config.per_minute)),
            config,
            _lock: lock,
        };
        app.reload()?;
        Ok(app)
    }

    /// Reads the published documents again after one of them was written.
    pub fn reload(&self) -> Result<(), StoreError> {
        let mut published = Published::default();
        if let Some(text) = self.store.document(RECIPIENTS)? {
            let recipients: Recipients = self.document(&text, Context::Recipients)?;
            published.recipients_version = Some(recipients.version);
        }
        if let Some(text) = self.store.document(ROSTER)? {
            let roster: Roster = self.document(&text, Context::Roster)?;
            published.experts = keys(&roster.experts)?;
            published.staff = keys(&roster.staff)?;
        }
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(published);
        Ok(())
    }

    fn document<T: serde::de::DeserializeOwned>(&self, text: &str, context: Context) -> Result<T, StoreError> {
        Signed::from_json(text).and_then(|s| s.open_by(context, &self.root)).map_err(|_| StoreError::Damaged)
    }

    /// The documents as they are now.
    pub fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Unix time in seconds.
    pub fn now(&self) -> i64 {
        (self.config.now)()
    }

    /// Refuses a known key that asks too often.
    pub fn pace(&self, key: &[u8; 32]) -> Result<(), Refused> {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.take(&key_id(key), self.now()).map_err(Refused::too_fast)
    }

    /// What a key may still bring, uploads under way included.
    pub fn limits(&self, key_id: &str) -> Result<Limits, StoreError> {
        let (bundles, bytes) = self.store.usage(key_id)?;
        let (open_bundles, open_bytes) = self.uploads.usage(key_id);
        Ok(Limits {
            bundle_bytes: MAX_BUNDLE,
            bundles_left: self.config.quota_bundles.saturating_sub(bundles + open_bundles),
            bytes_left: self.config.quota_bytes.saturating_sub(bytes.saturating_add(open_bytes)),
        })
    }

    /// Writes one line to the log.
    pub fn log(&self, text: &str) {
        log::line(self.now(), text);
    }
}

fn keys(texts: &[String]) -> Result<BTreeSet<[u8; 32]>, StoreError> {
    texts.iter().map(|text| decode_key(text).map_err(|_| StoreError::Damaged)).collect()
}
