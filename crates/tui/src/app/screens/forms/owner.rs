//! Forms about the owner of the home: the first run, the own facts, joining a programme; and what they become.

use bansou_core::programme::for_day;
use bansou_core::record::v1::{PatternCode, Profile};

use super::{Unread, line};
use crate::app::effect::Founder;
use crate::app::form::{Entry, Form, Purpose};
use crate::app::look::Look;
use crate::app::model::Model;
use crate::words::Words;

const PATTERNS: [(PatternCode, &str); 3] =
    [(PatternCode::A, "owner.pattern_a"), (PatternCode::B, "owner.pattern_b"), (PatternCode::C, "owner.pattern_c")];

/// Tokyo, where nothing is known.
const PREFECTURE: u8 = 13;

fn named(words: &Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| words.get(key).to_owned()).collect()
}

/// All that must be known before the first client.
pub fn first(look: Look, prefectures: Vec<String>) -> Form {
    let words = look.words();
    Form::new(
        Purpose::Found,
        "owner.first",
        vec![
            Entry::pick("owner.way", named(words, &["owner.way_home", "owner.way_practice"]), 0),
            Entry::line("owner.name", ""),
            Entry::line("owner.registration", ""),
            Entry::pick("owner.pattern", named(words, &PATTERNS.map(|p| p.1)), 0),
            Entry::pick("field.prefecture", prefectures, usize::from(PREFECTURE) - 1),
            Entry::secret("field.passphrase_new"),
            Entry::secret("field.passphrase_again"),
            Entry::line("owner.invitation", ""),
            Entry::pick("owner.aloud", named(words, &["form.no", "form.yes"]), usize::from(look.reader)),
        ],
    )
}

/// True when the first run asks for the practice.
pub fn practises(form: &Form) -> bool {
    form.picked("owner.way") == 1
}

/// What the first run asks for; the passphrases are taken out of the form.
pub fn founder(model: &Model, form: &mut Form) -> Result<Founder, Unread> {
    let mut secrets = form.take_secrets().into_iter();
    let (new, again) = (secrets.next().unwrap_or_default(), secrets.next().unwrap_or_default());
    if line(form, "owner.name").is_empty() {
        return Err("owner.name");
    }
    if new != again {
        return Err("field.passphrase_again");
    }
    let year = for_day(&model.packs, model.clock.date()).or(model.packs.last());
    let bare = Profile {
        secretariat: false,
        practice: false,
        programme: year.map_or_else(String::new, |pack| pack.programme.id.clone()),
        name: String::new(),
        kana: String::new(),
        registration: String::new(),
        pattern: PatternCode::A,
        prefecture: PREFECTURE,
        address: String::new(),
        invoice_number: String::new(),
        company: String::new(),
    };
    Ok(Founder {
        profile: profile(form, &bare),
        passphrase: new,
        invitation: line(form, "owner.invitation"),
        aloud: form.picked("owner.aloud") == 1,
    })
}

/// The facts about the owner, to be corrected.
pub fn facts(model: &Model) -> Option<Form> {
    let (words, old) = (model.look.words(), model.books.profile.as_ref()?);
    let pattern = PATTERNS.iter().position(|p| p.0 == old.pattern).unwrap_or(0);
    Some(Form::new(
        Purpose::Owner,
        "owner.facts",
        vec![
            Entry::line("owner.name", &old.name),
            Entry::line("field.kana", &old.kana),
            Entry::line("owner.registration", &old.registration),
            Entry::pick("owner.pattern", named(words, &PATTERNS.map(|p| p.1)), pattern),
            Entry::pick(
                "field.prefecture",
                super::prefectures(&model.packs, model.lang()),
                usize::from(old.prefecture.max(1)) - 1,
            ),
            Entry::line("owner.address", &old.address),
            Entry::line("owner.company", &old.company),
            Entry::line("owner.invoice_number", &old.invoice_number),
        ],
    ))
}

/// The owner as the form says; what no form of the owner asks for stays.
pub fn profile(form: &Form, old: &Profile) -> Profile {
    Profile {
        name: line(form, "owner.name"),
        kana: line(form, "field.kana"),
        registration: line(form, "owner.registration"),
        pattern: PATTERNS[form.picked("owner.pattern").min(2)].0,
        prefecture: u8::try_from(form.picked("field.prefecture") + 1).unwrap_or(PREFECTURE),
        address: line(form, "owner.address"),
        invoice_number: line(form, "owner.invoice_number"),
        company: line(form, "owner.company"),
        ..old.clone()
    }
}

/// Which invitation is answered.
pub fn request() -> Form {
    Form::new(Purpose::Request, "owner.request", vec![Entry::line("owner.invitation", "")])
}

/// Which answer of the secretariat is taken in.
pub fn accept() -> Form {
    Form::new(Purpose::Accept, "owner.accept", vec![Entry::line("owner.pack", "")])
}
