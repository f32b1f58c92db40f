//! The owner of the home: the first run, the facts corrected later, and joining a programme.

use bansou_core::command::Command;

use super::{applied, care};
use crate::app::effect::{Chore, Effect};
use crate::app::field::Field;
use crate::app::form::{Form, Purpose};
use crate::app::model::{Ctx, Model, unlock_form};
use crate::app::msg::Founded;
use crate::app::overlay::Overlay;
use crate::app::screens::forms::{line, owner};

pub(super) const FOUNDING: &str = "waiting.found";
/// So many of the last characters of the recovery code are typed to see that it was written down.
const TYPED: usize = 6;

/// Submits one of its forms; it stays with the reason when it cannot be done.
pub(super) fn submit(model: &mut Model, mut form: Form, ctx: &Ctx) -> Vec<Effect> {
    let done = match form.purpose {
        Purpose::Found => {
            let asked = found(model, &mut form);
            // It stays until the home is made: a refusal of the shell loses nothing but the passphrases.
            form.refused = asked.as_ref().err().cloned();
            model.form = Some(form);
            return asked.unwrap_or_default();
        }
        Purpose::Owner => {
            let old = model.books.profile.clone();
            old.map_or(Ok(Vec::new()), |old| {
                applied(model, ctx, Command::SetProfile(Box::new(owner::profile(&form, &old))))
            })
        }
        Purpose::Request => file(model, &form, "owner.invitation")
            .map(|invitation| care::start(model, care::REQUEST, Chore::Request { invitation })),
        _ => file(model, &form, "owner.pack").map(|pack| care::start(model, care::ACCEPT, Chore::Accept { pack })),
    };
    done.unwrap_or_else(|reason| {
        form.refused = Some(reason);
        model.form = Some(form);
        Vec::new()
    })
}

/// The file in a field that must not be empty.
fn file(model: &Model, form: &Form, label: &str) -> Result<String, String> {
    let file = line(form, label);
    if file.is_empty() { Err(empty(model, label)) } else { Ok(file) }
}

fn empty(model: &Model, label: &str) -> String {
    let words = model.look.words();
    words.fill("form.empty", &[("field", words.get(label))])
}

fn found(model: &mut Model, form: &mut Form) -> Result<Vec<Effect>, String> {
    if owner::practises(form) {
        return Ok(vec![Effect::Practise]);
    }
    if model.waits_for(FOUNDING) {
        return Ok(Vec::new());
    }
    let founder = owner::founder(model, form);
    // Whatever is refused, here or by the shell: the passphrases have to be typed again.
    let next = if founder == Err("owner.name") { "owner.name" } else { "field.passphrase_new" };
    form.at = form.entries.iter().position(|e| e.label == next).unwrap_or(0);
    let founder = founder.map_err(|label| match label {
        "owner.name" => empty(model, label),
        _ => model.look.words().get("form.differ").to_owned(),
    })?;
    let id = model.wait(FOUNDING);
    Ok(vec![Effect::Found { id, founder: Box::new(founder) }])
}

/// The home is made: what must be written down stands over everything until its end was typed.
pub(super) fn founded(model: &mut Model, founded: Founded) -> Vec<Effect> {
    let words = model.look.words();
    model.look.first = false;
    model.form = Some(unlock_form());
    let code = founded.code.expose();
    let mut about = vec![words.fill("owner.folder", &[("folder", &founded.folder)]), String::new()];
    about.extend([words.get("owner.code").to_owned(), code.to_owned(), words.get("owner.code_why").to_owned()]);
    match founded.request {
        Some(Ok((file, print))) => {
            about.extend([String::new(), words.fill("owner.requested", &[("file", &file)]), print]);
        }
        Some(Err(problem)) => about.extend([String::new(), problem.happened, problem.todo]),
        None => {}
    }
    if let Some(settings) = &founded.aloud {
        let (key, file) = match settings {
            Ok(file) => ("owner.aloud_set", file),
            Err(file) => ("owner.aloud_by_hand", file),
        };
        about.extend([String::new(), words.fill(key, &[("file", file)])]);
    }
    let expected = code[code.len().saturating_sub(TYPED)..].to_owned();
    let (typed, effect) = (Field::default(), Box::new(Effect::Redraw));
    model.overlay = Some(Overlay::Confirm { question: "owner.written", about, expected, typed, effect });
    if founded.aloud.is_none() {
        return Vec::new();
    }
    model.look.reader = true;
    model.look.clock = false;
    vec![Effect::Aloud]
}
