//! The steps of the practice: a strip above the status row, and the list of all of them.

use bansou_core::record::v1::TutorialProgress;
use bansou_core::tutorial::Tutorial;
use ratatui::layout::Rect;

use crate::app::area::wrap;
use crate::app::canvas::Canvas;
use crate::app::keymap::{Action, Keymap, Table, key_of};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::app::width::cut;

/// The screens from which the strip has three rows, and two.
const TALL: u16 = 24;
const MIDDLE: u16 = 20;

/// What the strip says: the step, how it is done, and both in one row.
struct Now {
    title: String,
    how: String,
    short: String,
}

/// Rows that the strip takes from the screen.
pub fn height(model: &Model, area: Rect) -> u16 {
    let Some(now) = now(model) else { return 0 };
    let most = match area.height {
        TALL.. => 3,
        MIDDLE.. => 2,
        _ => 1,
    };
    let rows = wrap(&now.how, usize::from(area.width - 2), model.look.ambiguous).len();
    u16::try_from(rows + 1).unwrap_or(most).min(most)
}

/// Draws the strip into its rows.
pub fn strip(model: &Model, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(now) = now(model).filter(|_| area.height > 0) else { return };
    let words = model.look.words();
    let key = model.look.keys.shown(Table::Global, Action::Tutorial);
    // A single row has room for the key alone, and for what to do.
    let (title, about) = match area.height {
        1 => (now.short, ""),
        _ => (now.title, words.get("tutorial.more")),
    };
    let more = format!("  {key} {about} ");
    canvas.row(0, area.y, area.width, "", Role::Bar);
    let room = usize::from(area.width.saturating_sub(canvas.cells(&more)));
    canvas.text(0, area.y, area.width, cut(&format!(" {title}"), room, model.look.ambiguous), Role::Bar);
    canvas.right(0, area.y, area.width, &more, Role::Bar);
    canvas.blank(Rect { y: area.y + 1, height: area.height - 1, ..area }, Role::Plain);
    canvas.paragraph(
        Rect { x: 1, y: area.y + 1, width: area.width - 2, height: area.height - 1 },
        &now.how,
        Role::Plain,
    );
}

fn now(model: &Model) -> Option<Now> {
    let progress = model.hand.tutorial.as_ref().filter(|p| !p.hidden)?;
    let shown = model.look.practice && !model.locked() && !model.look.client_safe;
    shown.then(|| told(model.look, progress))
}

fn told(look: Look, progress: &TutorialProgress) -> Now {
    let (tutorial, words) = (Tutorial::built_in(), look.words());
    let of = tutorial.steps.len().to_string();
    let (number, goal, how) = match tutorial.now(progress) {
        Some((at, part)) => {
            let goal = tutorial.steps[at].goal.get(look.lang);
            ((at + 1).to_string(), goal, keyed(part.how.get(look.lang), look.keys))
        }
        None => (of.clone(), words.get("tutorial.end"), tutorial.ended.get(look.lang).to_owned()),
    };
    let strip = |goal| words.fill("tutorial.strip", &[("n", &number), ("of", &of), ("goal", goal)]);
    Now { title: strip(goal), short: strip(&how), how }
}

/// Every step in a line with how far it is, and under the present one how its parts are done; for screens and paper.
pub fn lines(look: Look, progress: Option<&TutorialProgress>) -> Vec<String> {
    let (tutorial, words, none) = (Tutorial::built_in(), look.words(), TutorialProgress::default());
    let progress = progress.unwrap_or(&none);
    let now = tutorial.now(progress).map(|(at, _)| at);
    let state = |at, step| match at {
        _ if tutorial.done(progress, step) => "tutorial.done",
        at if now == Some(at) => "tutorial.now",
        _ if progress.skipped.contains(&step.id) => "tutorial.skipped",
        _ => "tutorial.open",
    };
    let mut lines = Vec::new();
    for (at, step) in tutorial.steps.iter().enumerate() {
        lines.push(format!("{:2} {}  {}", at + 1, words.get(state(at, step)), step.goal.get(look.lang)));
        for part in step.parts.iter().filter(|_| now == Some(at)) {
            let done = if progress.done.contains(&part.id) { "tutorial.done" } else { "tutorial.open" };
            lines.push(format!("     {} {}", words.get(done), keyed(part.how.get(look.lang), look.keys)));
        }
    }
    if now.is_none() {
        lines.extend([String::new(), tutorial.ended.get(look.lang).to_owned()]);
    }
    lines
}

/// The text with the key of each action in the place of the action's name.
pub fn keyed(text: &str, keys: Keymap) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        out.push_str(&key_of(keys, name).map_or_else(|| name.to_owned(), |key| key.to_string()));
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::app::width::{Ambiguous, cells};

    #[test]
    fn every_name_in_the_steps_is_that_of_an_action_and_no_text_is_cut_at_80_columns() {
        let keys = Keymap::default();
        for step in &Tutorial::built_in().steps {
            for text in step.parts.iter().flat_map(|p| [&p.how.ja, &p.how.en]) {
                for name in text.split('{').skip(1).map(|t| t.split('}').next().unwrap()) {
                    assert!(key_of(keys, name).is_some(), "{name} in {}", step.id);
                }
                let shown = keyed(text, keys);
                assert!(
                    wrap(&shown, 78, Ambiguous::Narrow).len() <= 2,
                    "{}: {} cells",
                    step.id,
                    cells(&shown, Ambiguous::Narrow)
                );
            }
        }
    }

    #[test]
    fn the_texts_have_the_same_width_on_every_terminal_and_no_key_is_typed_into_them() {
        for step in &Tutorial::built_in().steps {
            let hows = step.parts.iter().flat_map(|p| [&p.how.ja, &p.how.en]);
            for text in [&step.goal.ja, &step.goal.en].into_iter().chain(hows) {
                // The name of the invented firm begins so, as many names do.
                let own = text.replace('\u{3231}', "");
                assert_eq!(cells(&own, Ambiguous::Narrow), cells(&own, Ambiguous::Wide), "{text}");
                assert!(!text.contains("Ctrl+") && !text.contains("Enter") && !text.contains("F1"), "{text}");
            }
        }
    }

    #[test]
    fn a_person_s_own_keys_stand_in_the_steps() {
        let mine = [("plan.score".to_owned(), vec!["r".parse().unwrap()])];
        let keys = crate::app::keymap::own(&mine).unwrap();
        assert_eq!(keyed("a {plan.score} b {plan.delete}", keys), "a r b d");
    }
}
