//! Looking after machine and store from the doctor's screen: examine, back up, drill, change the passphrase.

use crate::app::effect::{Chore, Effect};
use crate::app::form::{Entry, Form, Purpose};
use crate::app::keymap::Action;
use crate::app::model::{Model, Screen};
use crate::app::screens::forms::owner;
use crate::app::width::Ambiguous;

const EXAMINING: &str = "waiting.doctor";
const BACKUP: &str = "waiting.backup";
const DRILL: &str = "waiting.drill";
const PASSPHRASE: &str = "waiting.passphrase";
pub(super) const REQUEST: &str = "waiting.enrol_request";
pub(super) const ACCEPT: &str = "waiting.enrol_accept";

/// What each chore says when it is done.
const DONE: [(&str, &str); 5] = [
    (BACKUP, "notice.backup_made"),
    (DRILL, "notice.drilled"),
    (PASSPHRASE, "notice.passphrase_changed"),
    (REQUEST, "notice.requested"),
    (ACCEPT, "notice.enrolled"),
];

/// Performs an action of the doctor's screen.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => return examine(model),
        Action::Backup => return start(model, BACKUP, Chore::Backup),
        Action::Drill => model.form = Some(drill_form()),
        Action::Passphrase => model.form = Some(passphrase_form()),
        Action::Edit => model.form = owner::facts(model),
        Action::Request => model.form = Some(owner::request()),
        Action::Accept => model.form = Some(owner::accept()),
        _ => {}
    }
    Vec::new()
}

/// Asks the shell to examine machine and store; once at a time.
pub(super) fn examine(model: &mut Model) -> Vec<Effect> {
    if model.waits_for(EXAMINING) {
        return Vec::new();
    }
    let (id, wide) = (model.wait(EXAMINING), model.look.ambiguous == Ambiguous::Wide);
    vec![Effect::Examine { id, wide }]
}

/// Asks the shell for a chore; once at a time.
pub(super) fn start(model: &mut Model, what: &'static str, chore: Chore) -> Vec<Effect> {
    if model.waits_for(what) {
        return Vec::new();
    }
    vec![Effect::Care { id: model.wait(what), chore }]
}

fn drill_form() -> Form {
    Form::new(Purpose::Drill, "form.drill", vec![Entry::secret("field.recovery_code")])
}

fn passphrase_form() -> Form {
    let fields = ["field.passphrase_now", "field.passphrase_new", "field.passphrase_again"];
    Form::new(Purpose::Passphrase, "form.passphrase", fields.map(Entry::secret).to_vec())
}

/// Submits one of its forms. Nothing that was typed stays in a form.
pub(super) fn submit(model: &mut Model, mut form: Form) -> Vec<Effect> {
    let mut secrets = form.take_secrets().into_iter();
    match (form.purpose, secrets.next(), secrets.next(), secrets.next()) {
        (Purpose::Drill, Some(code), ..) => start(model, DRILL, Chore::Drill(code)),
        (Purpose::Passphrase, Some(now), Some(new), Some(again)) if new == again => {
            start(model, PASSPHRASE, Chore::Passphrase { now, new })
        }
        _ => {
            let refused = Some(model.look.words().get("form.differ").to_owned());
            model.form = Some(Form { refused, ..passphrase_form() });
            Vec::new()
        }
    }
}

/// Says what was done and examines again, so that what it was the answer to goes from the list.
pub(super) fn done(model: &mut Model, what: &str) -> Vec<Effect> {
    let Some((_, notice)) = DONE.iter().find(|(chore, _)| *chore == what) else { return Vec::new() };
    model.say(notice);
    if what == REQUEST {
        return vec![Effect::Fingerprint { id: model.wait("waiting.own_key") }];
    }
    match model.screen {
        Screen::Doctor { .. } => examine(model),
        _ => Vec::new(),
    }
}
