//! What two people of an engagement hand each other: any keys and values, as a copy that comes in and as what comes back.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use bansou_core::books::Books;
use bansou_core::command::{self, Command, Ctx};
use bansou_core::history::engagement_of;
use bansou_core::programme::{Lang, Pack, builtin};
use bansou_core::record::v1::{Change, Handout, Id, Record, Returned, Take};
use bansou_core::refusal::Refusal;
use bansou_core::share::merge::{rows, waiting};
use bansou_core::share::{self, PARTS, ShareCommand, fields, spoken};
use bansou_core::wire::v1::envelope::Signed;
use bansou_core::wire::v1::share::Share;

type Values = BTreeMap<String, Option<String>>;

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(builtin);
static SHARE: LazyLock<Share> = LazyLock::new(|| {
    let signed = Signed::from_json(include_str!("../../tests/golden/wire/v1/share.json")).expect("a golden file");
    let share: Share = serde_json::from_str(&signed.body).expect("a golden file");
    Share { id: Id(*b"what a lead gave"), parts: PARTS.into(), ..share }
});
const RETURNED: Id = Id(*b"what came back ;");

fn ctx(seed: u8) -> Ctx<'static> {
    Ctx { now: "2026-11-20T18:00:00".parse().expect("a constant"), seed: [seed; 16], packs: &PACKS }
}

fn apply(books: &Books, seed: u8, command: ShareCommand) -> Result<Vec<Change>, Refusal> {
    command::apply(books, &ctx(seed), Command::Share(command))
}

/// A home that knows whose it is and has no client.
fn empty() -> Books {
    let profile = include_bytes!("../../tests/golden/record/v1/profile.json");
    let profile = Record::decode(profile).expect("a golden file");
    let mut books = Books::default();
    books.follow(&[Change { id: profile.id(), before: None, after: Some(profile) }]);
    books
}

/// A lead's engagement with a copy of it handed out.
fn lead() -> (Books, Id) {
    let mut books = empty();
    let changes = apply(&books, 1, ShareCommand::Receive(Box::new(SHARE.clone()))).expect("the golden share");
    books.follow(&changes.into_iter().filter(|c| c.id != SHARE.id).collect::<Vec<_>>());
    let engagement = *books.engagements.keys().next().expect("the copy");
    let handout = Record::Handout(Handout {
        id: SHARE.id,
        engagement,
        trainee: SHARE.trainee.clone(),
        age_recipient: SHARE.to.age.clone(),
        signing_key: SHARE.to.signing.clone(),
        made_at: SHARE.made_at,
        until: SHARE.until,
        parts: PARTS.into(),
        fields: SHARE.fields.clone(),
    });
    books.follow(&[Change { id: SHARE.id, before: None, after: Some(handout) }]);
    (books, engagement)
}

/// The input is a JSON object of texts by key; null is a value that was taken away.
pub fn target(data: &[u8]) {
    let Ok(values) = serde_json::from_slice::<Values>(data) else { return };
    copied(&values);
    given_back(&values);
}

/// As a copy that a lead made: refused, or an engagement whose differences can be told.
fn copied(values: &Values) {
    let given = values.iter().filter_map(|(key, value)| Some((key.clone(), value.clone()?)));
    let mut books = empty();
    let share = Share { fields: given.collect(), ..SHARE.clone() };
    let Ok(changes) = apply(&books, 1, ShareCommand::Receive(Box::new(share))) else { return };
    books.follow(&changes);
    let shared = &books.shared[&SHARE.id];
    let changed = share::changed(&books, shared).expect("it was just taken in");
    assert!(share::drafts(&changed) <= changed.len());
}

/// As a return: whatever the lead takes, every row is then decided and no other record was touched.
fn given_back(values: &Values) {
    let (mut books, engagement) = lead();
    let drafts = values.iter().filter(|(key, _)| fields::place(key).is_some_and(|place| place.draft));
    let returned = Returned {
        id: RETURNED,
        engagement,
        handout: SHARE.id,
        trainee: SHARE.trainee.clone(),
        made_at: SHARE.made_at,
        fields: drafts.map(|(key, value)| (key.clone(), value.clone())).collect(),
        decided: BTreeMap::new(),
    };
    let taken = apply(&books, 2, ShareCommand::TakeIn(Box::new(returned))).expect("it names an engagement");
    books.follow(&taken);
    let found = rows(&books, &books.returns[&RETURNED]).expect("it answers a handout");
    for row in &found {
        let title = spoken::title(&books, engagement, row);
        for lang in [Lang::Ja, Lang::En] {
            let pack = &PACKS[0];
            assert!(!spoken::label(pack, &row.name, title, lang).is_empty());
            let _ = [&row.base, &row.mine, &row.theirs].map(|side| spoken::value(pack, row, side, lang));
        }
    }
    for take in [Take::Theirs, Take::Mine, Take::Both] {
        let takes = found.iter().map(|row| (row.name.clone(), take)).collect();
        let Ok(changes) = apply(&books, 3, ShareCommand::Decide { returned: RETURNED, takes }) else { continue };
        let entry = command::entry(ctx(3).now, "share", changes.clone(), None);
        assert!(changes.is_empty() || engagement_of(&entry) == Some(engagement));
        let mut after = books.clone();
        after.follow(&changes);
        assert_eq!(waiting(&after, &after.returns[&RETURNED]), 0);
        assert_eq!((after.clients.len(), after.engagements.len()), (1, 1));
    }
}
