//! The notes of an engagement: filtered, marked, and sorted onto what they are about.

use bansou_core::note::{self, Onto};
use bansou_core::record::v1::{Id, Note};
use ratatui::layout::Rect;

use super::Scene;
use super::memo::session_word;
use crate::app::canvas::Canvas;
use crate::app::find::found;
use crate::app::look::Role;
use crate::app::model::Work;
use crate::app::notes_view::NotesView;
use crate::app::width::fit;

/// From this width on the chosen note stands beside the list.
const WIDE: u16 = 100;
/// Cells of the pane beside the list.
const PANE: u16 = 45;
/// Rows of the chosen note below the list.
const BELOW: u16 = 7;

/// The notes that the filter lets through, oldest first.
pub fn shown<'a>(scene: &Scene<'a>, view: &NotesView) -> Vec<&'a Note> {
    let books = &scene.model.books;
    let mut notes = books.notes_of(scene.engagement.id);
    notes.retain(|n| {
        view.session.is_none_or(|s| n.session == s)
            && view.who.as_ref().is_none_or(|who| n.who == *who)
            && !(view.unsorted && note::sorted(books, n))
    });
    notes
}

/// The note under the cursor; none while others look on.
pub fn chosen<'a>(scene: &Scene<'a>, work: &Work) -> Option<&'a Note> {
    let notes = shown(scene, &work.notes);
    let at = work.cursor().at(notes.len());
    notes.into_iter().nth(at).filter(|_| !scene.model.look.client_safe)
}

/// Whether the sheet is shown, and the row under the cursor when nothing narrows the list.
pub fn stands(scene: &Scene<'_>, work: &Work) -> (bool, usize) {
    let at = if work.notes.sheet {
        let chosen = super::hearing::chosen(scene, &work.notes).map(|row| &row.ask.id);
        super::hearing::all(scene).iter().position(|row| Some(&row.ask.id) == chosen)
    } else {
        let chosen = chosen(scene, work).map(|n| n.id);
        scene.model.books.notes_of(scene.engagement.id).iter().position(|n| Some(n.id) == chosen)
    };
    (work.notes.sheet, at.unwrap_or(0))
}

/// What an act is about: the marked notes that are seen, or the one under the cursor.
pub fn picked<'a>(scene: &Scene<'a>, work: &Work) -> Vec<&'a Note> {
    if scene.model.look.client_safe {
        return Vec::new();
    }
    let mut marked = shown(scene, &work.notes);
    marked.retain(|n| work.notes.marked.contains(&n.id));
    if marked.is_empty() { chosen(scene, work).into_iter().collect() } else { marked }
}

/// Draws the notes and the chosen one.
pub fn draw(scene: &Scene<'_>, work: &Work, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let notes = shown(scene, &work.notes);
    let all = scene.model.books.notes_of(scene.engagement.id).len();
    let hidden = scene.model.look.client_safe;
    let heading = if hidden { words.get("notes.title").to_owned() } else { title(scene, &work.notes, all) };
    canvas.text(1, area.y, area.width - 1, &heading, Role::Strong);
    let instead = match (hidden, all, notes.len()) {
        (true, ..) => Some("view.hidden"),
        (false, 0, _) => Some("notes.empty"),
        (false, _, 0) => Some("notes.none"),
        _ => None,
    };
    if let Some(key) = instead {
        canvas.text(1, area.y + 1, area.width - 1, words.get(key), Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let wide = area.width >= WIDE;
    let (left, below) = if wide { (area.width - PANE - 2, 0) } else { (area.width, BELOW) };
    let table =
        Rect { y: area.y + 1, width: left - u16::from(wide), height: area.height.saturating_sub(1 + below), ..area };
    rows(scene, work, &notes, canvas, table);
    let note = notes[work.cursor().at(notes.len())];
    if wide {
        canvas.wall(left, area.y + 1, area.height.saturating_sub(1));
        let x = left + 2;
        detail(scene, note, canvas, Rect { x, y: area.y + 1, width: area.right() - x, height: area.height - 1 });
    } else {
        canvas.rule(0, table.bottom(), area.width);
        let y = table.bottom() + 1;
        detail(scene, note, canvas, Rect { x: 1, y, width: area.width - 2, height: area.bottom() - y });
    }
}

/// How many there are, how many have no place yet, and what the filter lets through.
fn title(scene: &Scene<'_>, view: &NotesView, all: usize) -> String {
    let words = scene.words;
    let open = note::about(&scene.model.books, scene.engagement.id, &Onto::Nothing).len();
    let mut title = words.fill("notes.count", &[("n", &all.to_string()), ("open", &open.to_string())]);
    let session = view.session.map(|s| session_word(scene, s));
    let unsorted = view.unsorted.then(|| words.get("notes.unsorted").to_owned());
    let filter: Vec<String> = [session, view.who.clone(), unsorted].into_iter().flatten().collect();
    if !filter.is_empty() {
        title.push_str(&words.fill("notes.filter", &[("list", &filter.join(" / "))]));
    }
    if !view.marked.is_empty() {
        let seen = shown(scene, view).iter().filter(|n| view.marked.contains(&n.id)).count();
        title.push_str(&words.fill("notes.marked", &[("n", &seen.to_string())]));
    }
    title
}

fn rows(scene: &Scene<'_>, work: &Work, notes: &[&Note], canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let ambiguous = canvas.look.ambiguous;
    let at = work.cursor().at(notes.len());
    let row = |mark: &str, when: &str, session: &str, who: &str, secret: &str, place: &str, text: &str| {
        let cells = [(mark, 1), (when, 11), (session, 2), (who, 8), (secret, 4), (place, 7)];
        let cells = cells.map(|(text, width)| fit(text, width, ambiguous));
        format!("{} {text}", cells.join(" "))
    };
    let heads = ["notes.when", "notes.session", "memo.who", "notes.handling", "notes.place", "memo.text"];
    let [when, session, who, secret, sorted, text] = heads.map(|key| words.get(key));
    canvas.text(1, area.y, area.width - 1, &row("", when, session, who, secret, sorted, text), Role::Quiet);
    let height = usize::from(area.height.saturating_sub(1));
    for (y, index) in (area.y + 1..area.bottom()).zip(work.cursor().window(notes.len(), height)) {
        let note = notes[index];
        let role = if index == at { Role::Bar } else { Role::Plain };
        let mark = if work.notes.marked.contains(&note.id) { "*" } else { " " };
        let session = note.session.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let secret = words.get(if note.leaves { "notes.leaves_short" } else { "notes.stays_short" });
        let date = note.at.strftime("%m/%d %H:%M").to_string();
        let text = note.text.replace('\n', " ");
        let line = row(mark, &date, &session, &note.who, secret, &place(scene, note), &text);
        canvas.row(1, y, area.width - 1, &line, role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

/// Where a note was sorted to, in a few cells.
fn place(scene: &Scene<'_>, note: &Note) -> String {
    let words = scene.words;
    let line = note.line.and_then(|id| line_number(scene, id));
    if let Some((number, _)) = line {
        return words.fill("notes.line_short", &[("n", &number.to_string())]);
    }
    if let Some(section) = &note.section {
        return words.fill("notes.section_short", &[("n", section)]);
    }
    match (note.question, &note.hearing) {
        (Some(number), _) => words.fill("notes.question_short", &[("n", &number.to_string())]),
        (None, Some(_)) => words.get("tab.notes").to_owned(),
        (None, None) => "-".to_owned(),
    }
}

/// The place of a plan's line in its order, and what it is to do.
fn line_number(scene: &Scene<'_>, id: Id) -> Option<(usize, String)> {
    let lines = super::plan::lines(scene);
    let at = lines.iter().position(|(_, l)| l.id == id)?;
    Some((at + 1, lines[at].1.action.clone()))
}

fn detail(scene: &Scene<'_>, note: &Note, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let head = format!("{} {} {}", note.at.strftime("%m/%d %H:%M"), session_word(scene, note.session), note.who);
    let mut y = canvas.paragraph(area, &head, Role::Strong);
    y = canvas.paragraph(below(y), &note.text, Role::Plain);
    let secret = words.get(if note.leaves { "notes.leaves" } else { "notes.stays" });
    y = canvas.paragraph(below(y), secret, Role::Quiet);
    for place in places(scene, note) {
        y = canvas.paragraph(below(y), &place, Role::Plain);
    }
}

/// Everything a note was sorted onto, in words.
fn places(scene: &Scene<'_>, note: &Note) -> Vec<String> {
    let lang = scene.model.lang();
    let item = note.hearing.as_deref().map(|id| match scene.pack.hearing.item(id) {
        Some(item) => scene.words.fill("notes.on_hearing", &[("text", item.text().get(lang))]),
        None => scene.words.fill("notes.on_hearing", &[("text", id)]),
    });
    let question = note.question.map(|n| onto_word(scene, &Onto::Question(n)));
    let line = note.line.filter(|id| line_number(scene, *id).is_some()).map(|id| onto_word(scene, &Onto::Line(id)));
    let section = note.section.clone().map(|s| onto_word(scene, &Onto::Section(s)));
    [item, question, line, section].into_iter().flatten().collect()
}

/// A place to sort onto, in words.
fn onto_word(scene: &Scene<'_>, onto: &Onto) -> String {
    let (words, lang) = (scene.words, scene.model.lang());
    match onto {
        Onto::Question(number) => {
            let name = scene.pack.diagnosis.question(*number).map_or("", |q| q.short.get(lang));
            words.fill("notes.on_question", &[("n", &number.to_string()), ("text", name)])
        }
        Onto::Line(id) => {
            let (number, action) = line_number(scene, *id).unwrap_or_default();
            words.fill("notes.on_line", &[("n", &number.to_string()), ("text", &action)])
        }
        Onto::Section(number) => {
            let section = scene.pack.regulations.sections().find(|s| s.number == *number);
            let ja = lang == bansou_core::text::Lang::Ja;
            let name = section.map_or("", |s| if ja { &s.ja } else { &s.en });
            words.fill("notes.on_section", &[("n", number), ("text", name)])
        }
        Onto::Nothing => words.get("notes.on_nothing").to_owned(),
    }
}

/// The places to sort onto that match what is typed; a bare number means the question first.
pub fn targets(scene: &Scene<'_>, query: &str) -> Vec<(Onto, String)> {
    let questions = scene.pack.diagnosis.questions.iter().map(|q| Onto::Question(q.number));
    let lines = super::plan::lines(scene).into_iter().map(|(_, line)| Onto::Line(line.id));
    let sections = scene.pack.regulations.sections().map(|s| Onto::Section(s.number.clone()));
    let all = questions.chain(lines).chain(sections).chain([Onto::Nothing]);
    let mut all: Vec<(Onto, String)> = all.map(|onto| (onto.clone(), onto_word(scene, &onto))).collect();
    all.retain(|(_, word)| found(query, word));
    let typed = super::forms::plain(query);
    all.sort_by_key(|(onto, _)| match onto {
        Onto::Question(number) => number.to_string() != typed,
        Onto::Section(number) => *number != typed,
        _ => true,
    });
    all
}

/// The notes sorted onto something, as one line to show beside it.
pub fn linked(scene: &Scene<'_>, onto: &Onto) -> Option<String> {
    if scene.model.look.client_safe {
        return None;
    }
    let notes = note::about(&scene.model.books, scene.engagement.id, onto);
    let last = notes.last()?;
    let text = format!("{} {} {}", last.at.strftime("%m/%d"), last.who, last.text.replace('\n', " "));
    Some(scene.words.fill("notes.linked", &[("n", &notes.len().to_string()), ("text", &text)]))
}
