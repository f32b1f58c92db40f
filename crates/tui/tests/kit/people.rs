//! The owner of a home, for tests that make one.

use bansou_core::record::v1::{PatternCode, Profile};

/// A practising expert of this year's programme.
pub fn owner() -> Profile {
    Profile {
        secretariat: false,
        practice: true,
        programme: "current-2026".into(),
        name: "長戸 一".into(),
        kana: "ナガト ハジメ".into(),
        registration: "012345".into(),
        pattern: PatternCode::A,
        prefecture: 13,
        address: String::new(),
        invoice_number: String::new(),
        company: String::new(),
    }
}
