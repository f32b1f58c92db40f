//! Erasing a client from the list: what is asked before, and what follows after.

use bansou_core::command::PURGE;
use bansou_core::record::v1::{Id, JournalEntry};
use bansou_core::refusal::Refusal;
use bansou_core::retention;

use crate::app::effect::Effect;
use crate::app::field::Field;
use crate::app::model::{Ctx, Model};
use crate::app::overlay::Overlay;

/// The question with what would go and what would stay; refused while something stands in the way.
pub(super) fn asked(model: &Model, client: Id, ctx: &Ctx) -> Result<Overlay, Refusal> {
    let (books, today) = (&model.books, ctx.now.date());
    let word = retention::word(books, client);
    retention::allowed(books, &model.packs, client, today, &word)?;
    let plan = retention::plan(books, &model.packs, client, &model.history, client, today)?;
    let words = model.look.words();
    let sum = |counts: &std::collections::BTreeMap<String, u32>| counts.values().sum::<u32>().to_string();
    let (removed, reduced) = (sum(&plan.certificate.removed), sum(&plan.certificate.reduced));
    let blobs = plan.certificate.blobs.to_string();
    let goes = words.fill("erase.goes", &[("n", &removed), ("blobs", &blobs)]);
    let stays = match plan.certificate.kept_until {
        Some(date) => words.fill("erase.stays", &[("n", &reduced), ("date", &date.to_string())]),
        None => words.get("erase.nothing_stays").to_owned(),
    };
    let effect = Box::new(Effect::Erase { id: 0, client, word: word.clone() });
    let about = vec![goes, stays];
    Ok(Overlay::Confirm { question: "engage.erase", about, expected: word, typed: Field::default(), effect })
}

/// The word was typed: the shell erases.
pub fn begin(model: &mut Model, client: Id, word: String) -> Vec<Effect> {
    vec![Effect::Erase { id: model.wait("waiting.erase"), client, word }]
}

/// Whether the shell has just erased a client.
pub fn purged(entries: &[JournalEntry]) -> bool {
    entries.iter().any(|e| e.command == PURGE)
}
