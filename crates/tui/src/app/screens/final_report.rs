//! The final report: its items with numbered options, one digit per answer.

use bansou_core::programme::questionnaire::{Item, Kind};
use ratatui::layout::Rect;

use super::{Scene, overview};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;

/// The items that are to be asked, given the answers so far.
pub fn items<'a>(scene: &Scene<'a>) -> Vec<&'a Item> {
    let answers = scene.model.books.final_report_of(scene.engagement.id).map(|f| f.answers.clone()).unwrap_or_default();
    let questionnaire = &scene.pack.final_report;
    questionnaire.items.iter().filter(|i| questionnaire.applies(i, &answers)).collect()
}

/// The item under the cursor.
pub fn chosen<'a>(scene: &Scene<'a>, cursor: Cursor) -> Option<&'a Item> {
    let items = items(scene);
    items.get(cursor.at(items.len())).copied()
}

/// The stored answer of an item.
pub fn answer<'a>(scene: &Scene<'a>, item: &Item) -> &'a str {
    let report = scene.model.books.final_report_of(scene.engagement.id);
    report.and_then(|f| f.answers.get(&item.id)).map_or("", String::as_str)
}

/// The answer after option `number` was pressed: it alone, or added to or taken from several.
pub fn pressed(item: &Item, before: &str, number: usize) -> Option<String> {
    if number == 0 || number > item.options.len() {
        return None;
    }
    if item.kind == Kind::One {
        return Some(number.to_string());
    }
    let mut numbers: Vec<usize> = before.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    match numbers.iter().position(|n| *n == number) {
        Some(at) => drop(numbers.remove(at)),
        None => numbers.push(number),
    }
    numbers.sort_unstable();
    (!numbers.is_empty()).then(|| numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(","))
}

fn chosen_options(answer: &str) -> Vec<usize> {
    answer.split(',').filter_map(|n| n.trim().parse().ok()).collect()
}

/// An answer in words.
pub fn in_words(scene: &Scene<'_>, item: &Item, answer: &str) -> String {
    if item.kind == Kind::Free {
        return answer.replace('\n', " ");
    }
    let option = |n: usize| item.options.get(n.wrapping_sub(1)).map(|o| format!("{n} {}", o.get(scene.model.lang())));
    chosen_options(answer).into_iter().filter_map(option).collect::<Vec<_>>().join(", ")
}

/// How the sessions were fitted to the firm: what the answers about the contents rest on.
fn adapted(scene: &Scene<'_>) -> String {
    let each = (1..=scene.engagement.last_session())
        .map(|n| bansou_core::checklist::adapted(&scene.pack.curriculum, scene.engagement, n));
    let (added, skipped) = each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if added + skipped == 0 {
        return String::new();
    }
    scene.words.fill("timeline.adapted", &[("added", &added.to_string()), ("skipped", &skipped.to_string())])
}

/// Draws the items with their answers and the options of the chosen one.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let (words, lang) = (scene.words, scene.model.lang());
    let items = items(scene);
    let missing = items.iter().filter(|i| answer(scene, i).is_empty() && i.kind != Kind::Free).count().to_string();
    let star = words.get(overview::star_word(scene.engagement.two_star));
    let title = words.fill("final.title", &[("n", &missing), ("star", star)]);
    canvas.text(1, area.y, area.width - 1, &title, Role::Strong);
    let at = cursor.at(items.len());
    let Some(item) = items.get(at) else {
        return;
    };
    let options = u16::try_from(item.options.len()).unwrap_or(1).clamp(1, 9);
    let foot = area.bottom().saturating_sub(options + 2);
    let height = usize::from(foot.saturating_sub(area.y + 1));
    let half = area.width / 2;
    for (y, index) in (area.y + 1..).zip(cursor.window(items.len(), height)) {
        let base = if index == at { Role::Bar } else { Role::Plain };
        let item = items[index];
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, base);
        canvas.text(3, y, half - 4, &format!("{:<5}{}", item.id, item.text.get(lang)), base);
        let given = answer(scene, item);
        let shown = match (given.is_empty(), item.kind) {
            (true, Kind::Free) => String::new(),
            (true, _) => words.get("policy.open").to_owned(),
            (false, _) => in_words(scene, item, given),
        };
        canvas.text(half, y, area.width - half, &shown, base);
        if index == at {
            canvas.point(1, y);
        }
    }
    canvas.rule(0, foot, area.width);
    let kind = match item.kind {
        Kind::One => "final.one",
        Kind::Several => "final.several",
        Kind::Free => "final.free",
    };
    canvas.text(1, foot + 1, area.width - 1, words.get(kind), Role::Strong);
    canvas.right(1, foot + 1, area.width - 2, &adapted(scene), Role::Quiet);
    let given = chosen_options(answer(scene, item));
    for (number, (y, option)) in (1..).zip((foot + 2..area.bottom()).zip(&item.options)) {
        let mark = if given.contains(&number) { "[x]" } else { "[ ]" };
        canvas.text(3, y, area.width - 4, &format!("{number} {mark} {}", option.get(lang)), Role::Plain);
    }
    if item.kind == Kind::Free {
        let rest = Rect { x: 3, y: foot + 2, width: area.width - 4, height: area.bottom().saturating_sub(foot + 2) };
        canvas.paragraph(rest, answer(scene, item), Role::Plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bansou_core::text::Text;

    #[test]
    fn a_digit_answers_or_toggles() {
        let option = || Text { ja: String::new(), en: String::new() };
        let item = |kind| Item {
            id: "1".into(),
            text: option(),
            kind,
            options: vec![option(), option(), option()],
            only_if: None,
        };
        for (kind, before, number, after) in [
            (Kind::One, "1", 2, Some("2")),
            (Kind::One, "", 4, None),
            (Kind::Several, "1", 3, Some("1,3")),
            (Kind::Several, "1,3", 1, Some("3")),
            (Kind::Several, "3", 3, None),
            (Kind::Free, "text", 0, None),
        ] {
            assert_eq!(pressed(&item(kind), before, number).as_deref(), after, "{kind:?} {before} {number}");
        }
    }
}
