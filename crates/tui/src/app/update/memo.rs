//! Taking down what is said: each line is saved with the time it was begun, and nothing typed is lost.

use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{NewNote, NoteAction};

use super::{applied, work};
use crate::app::effect::Effect;
use crate::app::form::{Form, Memo, Purpose};
use crate::app::list::{Cursor, Step};
use crate::app::model::{Ctx, Model, Screen, Tab};
use crate::app::screens::{Scene, forms, memo};

/// Notes when the first character of the line was typed.
pub(super) fn begin(model: &mut Model, ctx: &Ctx) {
    if let Some(Form { purpose: Purpose::Memo(memo), entries, .. }) = &mut model.form {
        let empty = entries.get(1).is_some_and(|e| e.text().is_empty());
        memo.begun = if empty { None } else { memo.begun.or(Some(ctx.now)) };
    }
}

/// Saves the line and gives an empty one; on an empty line it ends.
pub(super) fn enter(model: &mut Model, form: Form, ctx: &Ctx) -> Vec<Effect> {
    let Purpose::Memo(memo) = form.purpose.clone() else {
        return Vec::new();
    };
    if form.text("memo.text").trim().is_empty() {
        if memo.hearing.is_some() {
            next_question(model);
        }
        return Vec::new();
    }
    match save(model, &form, &memo, ctx) {
        Ok(effects) => {
            let shown = memo.session;
            model.form = Scene::about(model, memo.engagement).map(|scene| memo::open(&scene, memo.hearing, shown));
            effects
        }
        Err(reason) => {
            model.form = Some(Form { refused: Some(reason), ..form });
            Vec::new()
        }
    }
}

fn save(model: &mut Model, form: &Form, memo: &Memo, ctx: &Ctx) -> Result<Vec<Effect>, String> {
    let who = form.text("memo.who").to_owned();
    let text = forms::line(form, "memo.text");
    let new = NewNote {
        begun: memo.begun,
        session: memo.session,
        who: who.clone(),
        text,
        hearing: memo.hearing.clone(),
        ..NewNote::default()
    };
    let action = FindingsAction::Note(NoteAction::Add(new));
    let effects = applied(model, ctx, Command::Findings(FindingsCommand { engagement: memo.engagement, action }))?;
    model.hand.speaker = who;
    if let Screen::Work(work) = &mut model.screen {
        work.cursors.insert(Tab::Notes, Cursor::on(usize::MAX));
    }
    Ok(effects)
}

/// Goes on to the next question of the sheet; a list of open ones has moved up by itself.
fn next_question(model: &mut Model) {
    if matches!(&model.screen, Screen::Work(work) if !work.notes.open_only) {
        work::step(model, Step::Down);
    }
}
