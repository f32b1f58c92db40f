//! The changes of one thing: which thing the cursor or the focus is on, and the window that lists them.

use bansou_core::past::{Item, Turn};
use bansou_core::record::v1::{Id, JournalEntry};
use ratatui::layout::Rect;

use super::policy::Row;
use super::{
    Scene, away, checklist, claims, clients, day, diagnosis, evidence, fields, final_report, hearing, history, notes,
    plan, policy, regulations,
};
use crate::app::canvas::Canvas;
use crate::app::form::{Form, Purpose};
use crate::app::look::Role;
use crate::app::model::{Model, Screen, Tab, Work};
use crate::app::past::Past;
use crate::app::width::fit;

/// Rows of the chosen change below the list.
const DETAIL: u16 = 9;

/// Facts about the firm and the engagement that the overview shows.
const FACTS: [&str; 16] = [
    "expectations",
    "two_star",
    "ending",
    "matched_on",
    "case_no",
    "name",
    "kana",
    "category",
    "main_industry",
    "capital",
    "employees",
    "sole_proprietor",
    "prefecture",
    "contact",
    "one_star",
    "archived",
];

/// The thing under the cursor and what it is called; none where there is none.
pub fn under(model: &Model) -> Option<(String, Item)> {
    match &model.screen {
        Screen::Clients { cursor, .. } => {
            let client = model.books.clients.get(&clients::chosen(model, *cursor)?)?;
            Some((client.name.clone(), whole(client.id)))
        }
        Screen::Claims { cursor } => match claims::chosen(model, *cursor)? {
            claims::Row::Claim(claim) => {
                let (n, units) = (claim.number.to_string(), claim.lines.len().to_string());
                let title = model.look.words().fill("claims.number", &[("n", &n), ("units", &units)]);
                Some((title, whole(claim.id)))
            }
            claims::Row::Unit(_) => None,
        },
        Screen::Work(work) => on_tab(&Scene::of(model)?, work),
        _ => None,
    }
}

fn whole(id: Id) -> Item {
    Item { records: vec![id], within: vec![Vec::new()] }
}

fn within<const N: usize>(records: Vec<Id>, paths: [&[&str]; N]) -> Item {
    let path = |path: &&[&str]| path.iter().map(|name| (*name).to_owned()).collect();
    Item { records, within: paths.iter().map(path).collect() }
}

fn on_tab(scene: &Scene<'_>, work: &Work) -> Option<(String, Item)> {
    let (words, lang, books) = (scene.words, scene.model.lang(), &scene.model.books);
    let (id, session) = (work.engagement, work.session.to_string());
    let of_session = || words.fill("work.session", &[("n", &session)]);
    Some(match work.tab {
        Tab::Overview => {
            let records = vec![id, scene.client.id];
            (scene.client.name.clone(), Item { records, within: FACTS.map(|name| vec![name.to_owned()]).to_vec() })
        }
        Tab::Sessions => {
            let line = checklist::chosen(scene, work.session, work.cursor())?;
            let (home, own) = (line.home.to_string(), format!("#{}", line.id()));
            let dates = ["planned", "held", "combined_reason", "confirmation"];
            let [a, b, c, d] = dates.map(|part| ["sessions", session.as_str(), part]);
            let check = ["sessions", &home, "checks", line.id()];
            let own = ["sessions", &home, "own", &own];
            let item = within(vec![id], [&check, &own, &a, &b, &c, &d]);
            (format!("{} {}", of_session(), line.text().get(lang)), item)
        }
        Tab::Report => {
            let parts = ["planned", "held", "combined_reason", "confirmation", "report"];
            let [a, b, c, d, e] = parts.map(|part| ["sessions", session.as_str(), part]);
            (of_session(), within(vec![id], [&a, &b, &c, &d, &e]))
        }
        Tab::Notes => {
            let note = match work.notes.sheet {
                true => hearing::chosen(scene, &work.notes)?.answers.last().copied()?,
                false => notes::chosen(scene, work)?,
            };
            (words.get("kind.note").to_owned(), whole(note.id))
        }
        Tab::Diagnosis => {
            let number = diagnosis::chosen(scene, work.cursor());
            let short = scene.pack.diagnosis.question(number).map_or("", |q| q.short.get(lang));
            (format!("No.{number} {short}"), question(scene, number))
        }
        Tab::Policy => {
            let row = policy::chosen(scene, work.cursor())?;
            let record = books.policy_of(id).map(|p| p.id).into_iter().collect();
            let (item, path) = policy_row(&row, record);
            (fields::name(scene.model, Some(scene), "policy", &path), item)
        }
        Tab::Regulations => {
            let number = regulations::chosen(scene, work.cursor())?;
            let section = scene.pack.regulations.sections().find(|s| s.number == number)?;
            let record = books.regulations_of(id).map(|r| r.id).into_iter().collect();
            (format!("{number} {}", section.name(lang)), within(record, [&["sections", &number]]))
        }
        Tab::Plan => {
            let line = plan::chosen(scene, work.cursor())?;
            (line.action.clone(), plan_line(scene, line.id))
        }
        Tab::Final => {
            let item = final_report::chosen(scene, work.cursor())?;
            let record = books.final_report_of(id).map(|f| f.id).into_iter().collect();
            (item.text.get(lang).to_owned(), within(record, [&["answers", &item.id]]))
        }
        Tab::Evidence => {
            let kept = evidence::chosen(scene, work.cursor())?;
            (kept.name.clone(), whole(kept.id))
        }
        Tab::Deliverables => return None,
    })
}

fn question(scene: &Scene<'_>, number: u8) -> Item {
    let records = scene.model.books.sheets_of(scene.engagement.id).iter().map(|s| s.id).collect();
    let number = number.to_string();
    within(records, [&["answers", &number], &["evidence", &number]])
}

fn plan_line(scene: &Scene<'_>, line: Id) -> Item {
    let record = scene.model.books.plan_of(scene.engagement.id).map(|p| p.id).into_iter().collect();
    within(record, [&["lines", &format!("#{line}")]])
}

fn policy_row(row: &Row, record: Vec<Id>) -> (Item, Vec<String>) {
    let item = match row {
        Row::Field(name) => within(record, [&["fields", name]]),
        Row::Article(number) => within(record, [&["articles", &number.to_string()]]),
        Row::Enacted => within(record, [&["enacted_on"]]),
        Row::Published => within(record, [&["published"]]),
    };
    let path = item.within.first().cloned().unwrap_or_default();
    (item, path)
}

/// The field that has the focus in a form; none when no record holds it.
pub fn focused(model: &Model, form: &Form) -> Option<(String, Item)> {
    let label = form.entries.get(form.at)?.label;
    let scene = Scene::of(model);
    let base = match &form.purpose {
        Purpose::EditClient(client) => whole(client.id),
        Purpose::PlanLine(line) => plan_line(scene.as_ref()?, line.id),
        Purpose::Evidence(number) => question(scene.as_ref()?, *number),
        Purpose::EditNote(note) => whole(*note),
        Purpose::EditAttachment(kept) => whole(*kept),
        Purpose::Report | Purpose::Schedule | Purpose::Hold | Purpose::Confirm | Purpose::Combine(_) => {
            let (Screen::Work(work), Some(scene)) = (&model.screen, &scene) else { return None };
            let session = work.session.to_string();
            let part = match form.purpose {
                Purpose::Report => "report",
                Purpose::Schedule => "planned",
                Purpose::Hold => "held",
                Purpose::Confirm => "confirmation",
                _ => "combined_reason",
            };
            within(vec![scene.engagement.id], [&["sessions", &session, part]])
        }
        // One thing, one field: what its screen shows.
        _ => {
            let (title, item) = under(model)?;
            let paths = item.within.into_iter().filter_map(|path| only_field(&form.purpose, path)).collect::<Vec<_>>();
            return (!paths.is_empty()).then_some((title, Item { within: paths, ..item }));
        }
    };
    let leaf: &[&str] = match (&form.purpose, LEAVES.iter().find(|l| l.0 == label)) {
        (Purpose::Evidence(_), _) => &[],
        (_, Some((_, leaf))) => leaf,
        (_, None) => return None,
    };
    let paths = base.within.iter().filter(|path| path.first().is_none_or(|first| first != "answers"));
    let paths = paths.map(|path| path.iter().cloned().chain(leaf.iter().map(|l| (*l).to_owned())).collect());
    let item = Item { within: paths.collect(), ..base };
    Some((model.look.words().get(label).to_owned(), item))
}

/// The path of the only field of a form, from what its screen shows.
fn only_field(purpose: &Purpose, mut path: Vec<String>) -> Option<Vec<String>> {
    let first = path.first()?.as_str();
    let kept = match purpose {
        Purpose::Section { .. } => {
            path.push("finding".to_owned());
            true
        }
        Purpose::PolicyField(_) | Purpose::PolicyArticle(_) | Purpose::PolicyEnacted | Purpose::FinalAnswer(_) => true,
        Purpose::PolicyPublished => true,
        Purpose::Skip(_) => {
            let of_check = path.get(2).is_some_and(|part| part == "checks");
            path.push("reason".to_owned());
            of_check
        }
        Purpose::Expect => first == "expectations",
        Purpose::Star => first == "two_star",
        _ => false,
    };
    kept.then_some(path)
}

/// Labels of forms, and where their fields stand in a record.
const LEAVES: [(&str, &[&str]); 36] = [
    ("field.name", &["name"]),
    ("field.kana", &["kana"]),
    ("field.category", &["category"]),
    ("field.capital", &["capital"]),
    ("field.employees", &["employees"]),
    ("field.main_industry", &["main_industry"]),
    ("field.sole", &["sole_proprietor"]),
    ("field.prefecture", &["prefecture"]),
    ("field.representative_title", &["contact", "representative_title"]),
    ("field.representative", &["contact", "representative"]),
    ("field.counterpart", &["contact", "counterpart"]),
    ("field.one_star", &["one_star"]),
    ("field.action", &["action"]),
    ("field.owner", &["owner"]),
    ("field.begin_on", &["start"]),
    ("field.due", &["due"]),
    ("field.cost", &["cost"]),
    ("field.done_when", &["done_when"]),
    ("field.support", &["support"]),
    ("field.theme", &["theme"]),
    ("field.issue", &["issue"]),
    ("field.basis", &["basis"]),
    ("report.content", &["content"]),
    ("report.focus", &["focus"]),
    ("report.message", &["message"]),
    ("field.date", &["date"]),
    ("field.start", &["start"]),
    ("field.mode", &["mode"]),
    ("field.signed_on", &["signed_on"]),
    ("field.signer_title", &["signer_title"]),
    ("field.signer", &["signer"]),
    ("field.assurance", &["assurance"]),
    ("field.reason", &[]),
    ("field.text", &["text"]),
    ("memo.who", &["who"]),
    ("memo.session", &["session"]),
];

/// The kind of the record that an entry changed.
fn kind(entry: &JournalEntry, id: Id) -> &'static str {
    let change = entry.changes.iter().find(|c| c.id == id);
    change.and_then(|c| c.after.as_ref().or(c.before.as_ref())).map_or("", |record| record.kind())
}

/// A value that stood in the field of a turn, in words.
pub fn spoken(model: &Model, (turn, entry): (&Turn, &JournalEntry), stored: Option<&str>) -> String {
    let scene = Scene::of(model);
    fields::value(model, scene.as_ref(), kind(entry, turn.record), &turn.field.path, stored)
}

/// Draws the changes, newest first, and the chosen one below.
pub fn draw(model: &Model, past: &Past, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let count = past.turns.len().to_string();
    let title = words.fill("past.title", &[("what", &past.title), ("n", &count)]);
    let ambiguous = model.look.ambiguous;
    canvas.text(1, area.y, area.width - 1, &fit(&title, usize::from(area.width - 1), ambiguous), Role::Strong);
    canvas.point(1, area.y);
    let about = match model.form {
        Some(_) => "past.into_field",
        None => "past.about",
    };
    canvas.text(1, area.y + 1, area.width - 1, words.get(about), Role::Quiet);
    let mut y = area.y + 2;
    if past.erased > 0 {
        let line = words.fill("past.erased", &[("n", &past.erased.to_string())]);
        canvas.text(1, y, area.width - 1, &line, Role::Busy);
        y += 1;
    }
    let Some(entries) = &past.entries else {
        canvas.text(1, y, area.width - 1, words.get("waiting.past"), Role::Plain);
        return;
    };
    let Some(chosen) = past.chosen() else {
        canvas.text(1, y, area.width - 1, words.get("past.nothing"), Role::Plain);
        return;
    };
    let at = past.cursor.at(past.turns.len());
    let foot = area.bottom().saturating_sub(DETAIL.max(area.height / 3));
    let height = usize::from(foot.saturating_sub(y));
    for (y, index) in (y..).zip(past.cursor.window(past.turns.len(), height)) {
        let turn = &past.turns[index];
        let Some((_, entry)) = entries.iter().find(|(seq, _)| *seq == turn.seq) else { continue };
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width + 2, if index == at { " >" } else { "" }, role);
        row(model, turn, entry, canvas, Rect { x: 3, y, width: area.width - 3, height: 1 }, role);
        if index == at {
            canvas.point(1, y);
        }
    }
    canvas.rule(0, foot, area.width + 2);
    let rest = Rect { x: 1, y: foot + 1, width: area.width - 1, height: area.bottom().saturating_sub(foot + 1) };
    detail(model, chosen, canvas, rest);
}

fn row(model: &Model, turn: &Turn, entry: &JournalEntry, canvas: &mut Canvas<'_>, area: Rect, role: Role) {
    let words = model.look.words();
    let date = turn.at.date();
    let when = format!("{} {}", day(words, date), turn.at.strftime("%H:%M"));
    let x = canvas.text(area.x, area.y, 18, &when, role) + 2;
    canvas.text(x, area.y, 9, &away(words, date, model.clock.date()), role);
    let x = x + 10;
    let scene = Scene::of(model);
    let kind = kind(entry, turn.record);
    let name = fields::name(model, scene.as_ref(), kind, &tail(&turn.field.path));
    let text = format!("{name}: {}", fields::turn(model, scene.as_ref(), kind, &turn.field));
    let room = area.right().saturating_sub(x);
    canvas.text(x, area.y, room, &fit(&text, usize::from(room), model.look.ambiguous), role);
}

/// A path without what stands in the title.
fn tail(path: &[String]) -> Vec<String> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let kept: Vec<&str> = match &names[..] {
        ["sessions", _, "checks", _, rest @ ..] => [&["checks"], rest].concat(),
        ["sessions", _, "own", _, rest @ ..] => [&["own"], rest].concat(),
        ["sessions", _, rest @ ..] | ["sections", _, rest @ ..] | ["lines", _, rest @ ..] if !rest.is_empty() => {
            rest.to_vec()
        }
        [part @ ("answers" | "evidence" | "fields" | "articles"), _] => vec![part],
        all => all.to_vec(),
    };
    kept.into_iter().map(str::to_owned).collect()
}

fn detail(model: &Model, chosen: (&Turn, &JournalEntry), canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let (turn, entry) = chosen;
    let date = turn.at.date();
    let when = format!("{date} {} {}", turn.at.strftime("%H:%M"), away(words, date, model.clock.date()));
    let told = format!("{when}  {}  #{}", history::told(model, entry), turn.seq);
    canvas.text(area.x, area.y, area.width, &told, Role::Strong);
    let half = (area.height.saturating_sub(1) / 2).max(1);
    let sides = [("past.before", &turn.field.before), ("past.after", &turn.field.after)];
    let mut y = area.y + 1;
    for (word, stored) in sides {
        let x = canvas.text(area.x, y, area.width, words.get(word), Role::Quiet) + 2;
        let text = spoken(model, chosen, stored.as_deref());
        let width = area.right().saturating_sub(x);
        let height = half.min(area.bottom().saturating_sub(y));
        y = canvas.paragraph(Rect { x, y, width, height }, &text.replace('\n', " "), Role::Plain);
    }
}

/// The place of a value among the options of a choice.
pub fn option(options: &[String], spoken: &str, stored: Option<&str>) -> Option<usize> {
    let by_word = options.iter().position(|option| option == spoken);
    by_word.or_else(|| stored.is_none().then_some(0)).or_else(|| stored?.parse().ok().filter(|n| *n < options.len()))
}
