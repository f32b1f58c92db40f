//! The attachments of an engagement: what each is, of which day, and what it proves something about.

use bansou_core::attachment::{self, Of, TEXT};
use bansou_core::record::v1::{Attachment, Id};
use ratatui::layout::Rect;

use super::{Scene, day};
use crate::app::canvas::Canvas;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::width::fit;

/// From this width on the chosen attachment stands beside the list.
const WIDE: u16 = 100;
/// Cells of the pane beside the list.
const PANE: u16 = 45;
/// Rows of the chosen attachment below the list.
const BELOW: u16 = 8;

/// The attachments in the order they came.
pub fn all<'a>(scene: &Scene<'a>) -> Vec<&'a Attachment> {
    scene.model.books.attachments_of(scene.engagement.id)
}

/// The attachment under the cursor; none while others look on.
pub fn chosen<'a>(scene: &Scene<'a>, cursor: Cursor) -> Option<&'a Attachment> {
    let all = all(scene);
    let at = cursor.at(all.len());
    all.into_iter().nth(at).filter(|_| !scene.model.look.client_safe)
}

/// How many attachments are tied to something, to show beside it with the key that leads there.
pub fn linked(scene: &Scene<'_>, of: Of) -> Option<String> {
    let count = attachment::about(&scene.model.books, scene.engagement.id, of).len();
    let shown = count > 0 && !scene.model.look.client_safe;
    shown.then(|| scene.words.fill("attach.linked", &[("n", &count.to_string())]))
}

/// A line about notes or evidence with how many attachments there are before it.
pub fn beside(scene: &Scene<'_>, of: Of, line: String) -> String {
    match linked(scene, of) {
        Some(count) if line.is_empty() => count,
        Some(count) => format!("{count}  {line}"),
        None => line,
    }
}

/// The place of a plan's line in its order, from 1.
fn line_number(scene: &Scene<'_>, id: Id) -> Option<usize> {
    super::plan::lines(scene).iter().position(|(_, line)| line.id == id).map(|at| at + 1)
}

/// The numbers that an attachment is tied to, as they are typed: questions, plan lines, sessions.
pub fn numbers(scene: &Scene<'_>, of: &Attachment) -> [String; 3] {
    let list = |all: Vec<String>| all.join(", ");
    let lines = of.links.plan_lines.iter().filter_map(|id| line_number(scene, *id));
    [
        list(of.links.questions.iter().map(u8::to_string).collect()),
        list(lines.map(|n| n.to_string()).collect()),
        list(of.links.sessions.iter().map(u8::to_string).collect()),
    ]
}

/// Everything an attachment is tied to, in words.
fn ties(scene: &Scene<'_>, of: &Attachment) -> Vec<String> {
    let keys = ["attach.on_questions", "attach.on_lines", "attach.on_sessions"];
    let pairs = keys.into_iter().zip(numbers(scene, of));
    pairs.filter(|(_, list)| !list.is_empty()).map(|(key, list)| scene.words.fill(key, &[("list", &list)])).collect()
}

/// The short name of a kind of file.
fn kind(scene: &Scene<'_>, media: &str) -> &'static str {
    match media {
        "application/pdf" => "PDF",
        "image/png" => "PNG",
        "image/jpeg" => "JPEG",
        "image/gif" => "GIF",
        "application/zip" => "ZIP",
        m if m.contains("wordprocessing") => "Word",
        m if m.contains("spreadsheet") => "Excel",
        m if m.contains("presentation") => "PPT",
        m if m.starts_with(TEXT) => scene.words.get("attach.text_kind"),
        _ => scene.words.get("attach.other_kind"),
    }
}

/// Bytes in a few cells.
fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// Draws the list and the chosen attachment.
pub fn draw(scene: &Scene<'_>, cursor: Cursor, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let all = all(scene);
    let heading = words.fill("attach.count", &[("n", &all.len().to_string())]);
    canvas.text(1, area.y, area.width - 1, &heading, Role::Strong);
    if all.is_empty() {
        let below = Rect { x: 1, y: area.y + 2, width: area.width - 2, height: area.height - 2 };
        let y = canvas.paragraph(below, words.get("attach.empty"), Role::Plain);
        let rest = Rect { y, height: below.bottom().saturating_sub(y), ..below };
        canvas.paragraph(rest, words.get("attach.empty_ties"), Role::Plain);
        return canvas.point(1, area.y + 2);
    }
    let wide = area.width >= WIDE;
    let (left, below) = if wide { (area.width - PANE - 2, 0) } else { (area.width, BELOW) };
    let table =
        Rect { y: area.y + 1, width: left - u16::from(wide), height: area.height.saturating_sub(1 + below), ..area };
    rows(scene, cursor, &all, canvas, table);
    let chosen = all[cursor.at(all.len())];
    let pane = if wide {
        canvas.wall(left, area.y + 1, area.height.saturating_sub(1));
        let x = left + 2;
        Rect { x, y: area.y + 1, width: area.right() - x, height: area.height - 1 }
    } else {
        canvas.rule(0, table.bottom(), area.width);
        let y = table.bottom() + 1;
        Rect { x: 1, y, width: area.width - 2, height: area.bottom() - y }
    };
    detail(scene, chosen, canvas, pane);
}

fn rows(scene: &Scene<'_>, cursor: Cursor, all: &[&Attachment], canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let ambiguous = canvas.look.ambiguous;
    let row = |number: &str, dated: &str, kind: &str, size: &str, ties: &str, name: &str| {
        let cells = [(number, 3), (dated, 10), (kind, 5), (size, 8), (ties, 4)];
        let cells = cells.map(|(text, width)| fit(text, width, ambiguous));
        format!("{} {name}", cells.join(" "))
    };
    let [dated, kinds, sizes, tied, name] =
        ["attach.of_day", "attach.kind", "attach.size", "attach.ties", "attach.name"].map(|key| words.get(key));
    canvas.text(1, area.y, area.width - 1, &row("", dated, kinds, sizes, tied, name), Role::Quiet);
    let at = cursor.at(all.len());
    let height = usize::from(area.height.saturating_sub(1));
    for (y, index) in (area.y + 1..area.bottom()).zip(cursor.window(all.len(), height)) {
        let one = all[index];
        let role = if index == at { Role::Bar } else { Role::Plain };
        let links = &one.links;
        let count = links.questions.len() + links.plan_lines.len() + links.sessions.len();
        let tied = if count == 0 { "-".to_owned() } else { count.to_string() };
        let dated = one.dated.map_or_else(|| "-".to_owned(), |d| d.to_string());
        let number = (index + 1).to_string();
        let line = row(&number, &dated, kind(scene, &one.media), &size(one.size), &tied, &one.name);
        canvas.row(1, y, area.width - 1, &line, role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

fn detail(scene: &Scene<'_>, one: &Attachment, canvas: &mut Canvas<'_>, area: Rect) {
    let words = scene.words;
    let below = |y: u16| Rect { y, height: area.bottom().saturating_sub(y), ..area };
    let mut y = canvas.paragraph(area, &one.name, Role::Strong);
    let came = if one.pasted { "attach.came_text" } else { "attach.came_file" };
    let when = format!("{} {}", day(words, one.imported_at.date()), one.imported_at.strftime("%H:%M"));
    let dated = one.dated.map_or_else(|| words.get("attach.no_day").to_owned(), |on| day(words, on));
    y = canvas.paragraph(below(y), &words.fill(came, &[("when", &when), ("day", &dated)]), Role::Plain);
    if !one.note.is_empty() {
        y = canvas.paragraph(below(y), &one.note, Role::Plain);
    }
    let ties = ties(scene, one);
    let tied = if ties.is_empty() { words.get("attach.untied").to_owned() } else { ties.join("  ") };
    y = canvas.paragraph(below(y), &tied, Role::Plain);
    let hash = words.fill("attach.hash", &[("hash", &one.sha256)]);
    canvas.paragraph(below(y), &hash, Role::Quiet);
}
