//! What the keys of the attachments do, there and where something can be proved.

use bansou_core::attachment::{self, AttachmentAction, AttachmentCommand, Of, TEXT};
use bansou_core::command::Command;

use super::Ask;
use crate::app::effect::Effect;
use crate::app::evidence::Errand;
use crate::app::field::Field;
use crate::app::form::Purpose;
use crate::app::keymap::Action;
use crate::app::list::Cursor;
use crate::app::model::{Model, Screen, Tab, Work};
use crate::app::overlay::Overlay;
use crate::app::screens::{Scene, diagnosis, evidence, forms, plan};

/// Who looks at it in another program types this first.
const WORD: &str = "yes";

pub(super) fn on_evidence(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let Some(chosen) = evidence::chosen(scene, work.cursor()) else {
        return Ask::Nothing;
    };
    match action {
        Action::Open if chosen.media.starts_with(TEXT) => Ask::Shell(super::Job::Evidence(Errand::Read(chosen.id))),
        Action::Open => {
            let about = ["attach.sure_1", "attach.sure_2", "attach.sure_3"].map(|key| scene.words.get(key).to_owned());
            Ask::Question(Box::new(Overlay::Confirm {
                question: "attach.sure",
                about: [chosen.name.clone()].into_iter().chain(about).collect(),
                expected: WORD.to_owned(),
                typed: Field::default(),
                effect: Box::new(Effect::Evidence { id: 0, errand: Errand::View(chosen.id) }),
            }))
        }
        Action::Edit => Ask::Form(forms::evidence::edit(scene, chosen)),
        // Nothing protects the copy: the title says so.
        Action::SaveAs => {
            let purpose = Purpose::SaveDocument(chosen.blob);
            Ask::Form(forms::more::file(purpose, "attach.form_export", &chosen.name))
        }
        Action::Delete => {
            let action = AttachmentAction::Remove(chosen.id);
            Ask::Do(Command::Attachment(AttachmentCommand { engagement: work.engagement, action }))
        }
        _ => Ask::Nothing,
    }
}

/// What the cursor of the tab stands on, if something can be proved about it.
fn of(scene: &Scene<'_>, work: &Work) -> Option<Of> {
    match work.tab {
        Tab::Diagnosis => Some(Of::Question(diagnosis::chosen(scene, work.cursor()))),
        Tab::Plan => plan::chosen(scene, work.cursor()).map(|line| Of::Line(line.id)),
        Tab::Sessions => Some(Of::Session(work.session)),
        _ => None,
    }
}

/// The form that takes something in, about what the cursor stands on.
pub(super) fn attach(scene: &Scene<'_>, work: &Work, pasted: bool) -> Ask {
    let mut numbers = [const { String::new() }; 3];
    match of(scene, work) {
        Some(Of::Question(n)) => numbers[0] = n.to_string(),
        Some(Of::Line(_)) => numbers[1] = (work.cursor().at(plan::lines(scene).len()) + 1).to_string(),
        Some(Of::Session(n)) => numbers[2] = n.to_string(),
        None => {}
    }
    Ask::Form(forms::evidence::add(scene, pasted, numbers))
}

/// Goes to the attachments; the cursor stands on the first about what it stood on.
pub(super) fn show(model: &mut Model) {
    let Screen::Work(work) = &model.screen else { return };
    let first = Scene::of(model).and_then(|scene| {
        let linked = attachment::about(&model.books, work.engagement, of(&scene, work)?);
        let id = linked.first()?.id;
        evidence::all(&scene).iter().position(|a| a.id == id)
    });
    if let Screen::Work(work) = &mut model.screen {
        (work.tab, work.score) = (Tab::Evidence, None);
        if let Some(at) = first {
            work.cursors.insert(Tab::Evidence, Cursor::on(at));
        }
    }
}
