//! The progress board: how all cases stand, each case in one line, and what is known of the chosen one.

use std::cmp::Reverse;

use bansou_core::deadline;
use bansou_core::programme::Pack;
use bansou_core::record::v1::{Case, CaseSession};
use bansou_core::statistics::{self, CaseState, Statistics};
use jiff::civil::Date;
use ratatui::layout::Rect;

use super::{day, distance, experts, inbox, payments};
use crate::app::canvas::Canvas;
use crate::app::find;
use crate::app::list::Cursor;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::office::Office;
use crate::words::Words;

/// From this width on the detail stands to the right of the list.
const WIDE: u16 = 100;
/// Rows of the detail below the list.
const BELOW: u16 = 4;
/// Cells of the case number, of the prefecture, of the expert, of one deliverable, and of a date.
const CASE: u16 = 9;
const PREFECTURE: u16 = 10;
const EXPERT: u16 = 7;
const DELIVERABLE: u16 = 3;
const LAST: u16 = 8;
/// Cells of the longest bar.
const BAR: u16 = 62;
/// The sentence keeps at least these cells; columns before it give way.
const SENTENCE: u16 = 18;

/// The programme pack of the secretariat.
pub fn pack(model: &Model) -> Option<&Pack> {
    let profile = model.books.profile.as_ref()?;
    bansou_core::command::pack(&model.packs, &profile.programme).ok()
}

/// The cases that the filter leaves, the latest first, then by number.
pub fn shown<'a>(model: &'a Model, filter: &str) -> Vec<&'a Case> {
    let today = model.clock.date();
    let mut cases: Vec<&Case> = model.books.cases.values().filter(|c| matches(model, c, filter)).collect();
    let late = |c: &Case| pack(model).and_then(|p| statistics::days_late(c, p, today)).map(|l| l.1);
    cases.sort_by_key(|c| (Reverse(late(c)), c.case_no.clone()));
    cases
}

fn matches(model: &Model, case: &Case, filter: &str) -> bool {
    let sentence = pack(model).map_or_else(String::new, |p| sentence(model, p, case).0);
    let expert = experts::number_of(model, case.expert);
    [&case.case_no, &prefecture(model, case), &expert, &sentence].iter().any(|text| find::found(filter, text))
}

/// The case under the cursor.
pub fn chosen<'a>(model: &'a Model, filter: &str, cursor: Cursor) -> Option<&'a Case> {
    let cases = shown(model, filter);
    cases.get(cursor.at(cases.len())).copied()
}

/// The name of a case's prefecture.
pub fn prefecture(model: &Model, case: &Case) -> String {
    let name = pack(model).and_then(|p| p.prefectures.name(case.prefecture));
    name.map_or_else(String::new, |n| n.get(model.lang()).to_owned())
}

/// Draws the counts, the bars, the cases and the chosen case.
pub fn draw(model: &Model, office: &Office, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let Some(pack) = pack(model) else {
        return;
    };
    if model.books.cases.is_empty() {
        canvas.text(1, area.y, area.width - 2, words.get("board.empty"), Role::Plain);
        return canvas.point(1, area.y);
    }
    let figures = statistics::compute(&model.books, pack, model.clock.date());
    let y = draw_counts(model, &figures, canvas, area);
    let y = draw_bars(pack, &figures, canvas, Rect { y, ..area });
    canvas.rule(0, y, area.width);
    let rest = Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area };
    let cases = shown(model, &office.filter);
    let case = cases.get(office.cursor().at(cases.len())).copied();
    if area.width >= WIDE {
        let side = (36 + (area.width - WIDE) / 5).min(45);
        let list = Rect { width: area.width - side, ..rest };
        canvas.wall(list.width, rest.y, rest.height);
        let pane = Rect { x: list.width + 2, width: side - 3, ..rest };
        case.into_iter().for_each(|case| draw_pane(model, pack, case, canvas, pane));
        return draw_list(model, pack, &cases, office, canvas, list);
    }
    let list = Rect { height: rest.height.saturating_sub(BELOW + 1), ..rest };
    canvas.rule(0, list.bottom(), area.width);
    let below = Rect { y: list.bottom() + 1, height: BELOW, ..rest };
    case.into_iter().for_each(|case| draw_below(model, pack, case, canvas, below));
    draw_list(model, pack, &cases, office, canvas, list);
}

fn draw_counts(model: &Model, s: &Statistics, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let words = model.look.words();
    let count = |n: usize| n.to_string();
    let first = words.fill(
        "board.counts",
        &[
            ("cases", &count(s.cases)),
            ("not_started", &count(s.not_started)),
            ("running", &count(s.running)),
            ("finished", &count(s.finished)),
            ("ended", &count(s.ended)),
        ],
    );
    let (claims, yen) = payments::waiting(model);
    let waiting = inbox::waiting(model).count();
    let wrong = waiting - inbox::clean(model).count();
    let second = words.fill(
        "board.to_do",
        &[
            ("late", &count(s.late)),
            ("claims", &count(claims)),
            ("yen", &payments::yen(yen)),
            ("inbox", &count(waiting)),
            ("wrong", &count(wrong)),
        ],
    );
    canvas.text(1, area.y, area.width - 1, &first, Role::Strong);
    let role = if s.late + wrong > 0 { Role::Bad } else { Role::Plain };
    canvas.text(1, area.y + 1, area.width - 1, &second, role);
    area.y + 2
}

/// One bar for each session: two in a row on a narrow screen.
fn draw_bars(pack: &Pack, s: &Statistics, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let words = canvas.look.words();
    let columns = if area.width >= WIDE { 1 } else { 2 };
    let width = area.width / columns;
    let count = u16::from(pack.programme.sessions.count);
    for index in 0..count {
        let number = (index + 1) as u8;
        let held = s.held.get(&number).copied().unwrap_or(0);
        let (x, y) = (1 + index % columns * width, area.y + index / columns);
        let name = words.fill("work.session", &[("n", &number.to_string())]);
        canvas.text(x, y, 10, &name, Role::Plain);
        let bar = (width - 21).min(BAR);
        canvas.bar(x + 10, y, bar, held as u64, s.cases as u64);
        canvas.text(x + 11 + bar, y, 9, &format!("{held}/{}", s.cases), Role::Plain);
    }
    area.y + count.div_ceil(columns)
}

/// Where the columns of the list begin; a column that does not fit has no place.
struct Columns {
    prefecture: Option<u16>,
    expert: u16,
    sessions: u16,
    session: u16,
    deliverables: u16,
    last: Option<u16>,
    sentence: u16,
}

impl Columns {
    fn of(canvas: &Canvas<'_>, pack: &Pack, width: u16) -> Columns {
        let words = canvas.look.words();
        let session = 1 + STATES.iter().map(|s| canvas.cells(words.get(s))).max().unwrap_or(2);
        let fixed = 3 + CASE + EXPERT + session * u16::from(pack.programme.sessions.count);
        let fixed = fixed + DELIVERABLE * pack.programme.deliverables.len() as u16 + SENTENCE;
        let prefecture = fixed + PREFECTURE <= width;
        let last = fixed + PREFECTURE + LAST <= width;
        let expert = 3 + CASE + if prefecture { PREFECTURE } else { 0 };
        let sessions = expert + EXPERT;
        let deliverables = sessions + session * u16::from(pack.programme.sessions.count);
        let after = deliverables + DELIVERABLE * pack.programme.deliverables.len() as u16;
        Columns {
            prefecture: prefecture.then_some(3 + CASE),
            expert,
            sessions,
            session,
            deliverables,
            last: last.then_some(after),
            sentence: after + if last { LAST } else { 0 },
        }
    }
}

const STATES: [&str; 6] =
    ["state.done", "state.doing", "state.late", "state.planned", "state.not_yet", "state.dropped"];

fn draw_list(model: &Model, pack: &Pack, cases: &[&Case], office: &Office, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let columns = Columns::of(canvas, pack, area.width);
    heading(pack, &columns, canvas, area);
    if cases.is_empty() {
        let text = words.fill("board.none", &[("filter", &office.filter)]);
        canvas.text(3, area.y + 1, area.width - 3, &text, Role::Plain);
        return canvas.point(1, area.y + 1);
    }
    let at = office.cursor().at(cases.len());
    let height = usize::from(area.height.saturating_sub(1));
    for (y, index) in (area.y + 1..).zip(office.cursor().window(cases.len(), height)) {
        let role = if index == at { Role::Bar } else { Role::Plain };
        canvas.row(0, y, area.width, if index == at { " >" } else { "" }, role);
        row(model, pack, cases[index], &columns, canvas, Rect { y, height: 1, ..area }, role);
        if index == at {
            canvas.point(1, y);
        }
    }
}

fn heading(pack: &Pack, columns: &Columns, canvas: &mut Canvas<'_>, area: Rect) {
    let words = canvas.look.words();
    let y = area.y;
    canvas.text(3, y, CASE, words.get("head.case"), Role::Quiet);
    if let Some(x) = columns.prefecture {
        canvas.text(x, y, PREFECTURE, words.get("head.prefecture"), Role::Quiet);
    }
    canvas.text(columns.expert, y, EXPERT, words.get("head.expert"), Role::Quiet);
    for index in 0..u16::from(pack.programme.sessions.count) {
        let number = (index + 1).to_string();
        canvas.text(columns.sessions + index * columns.session, y, columns.session, &number, Role::Quiet);
    }
    for (x, deliverable) in (columns.deliverables..).step_by(DELIVERABLE.into()).zip(&pack.programme.deliverables) {
        canvas.text(
            x,
            y,
            DELIVERABLE,
            &words.fill("head.deliverable", &[("n", &deliverable.number.to_string())]),
            Role::Quiet,
        );
    }
    if let Some(x) = columns.last {
        canvas.text(x + 1, y, LAST, words.get("head.last"), Role::Quiet);
    }
    canvas.text(
        columns.sentence,
        y,
        area.width - columns.sentence.min(area.width),
        words.get("head.state"),
        Role::Quiet,
    );
}

fn row(model: &Model, pack: &Pack, case: &Case, columns: &Columns, canvas: &mut Canvas<'_>, area: Rect, base: Role) {
    let words = model.look.words();
    let colour = |role| if base == Role::Bar { base } else { role };
    let y = area.y;
    canvas.text(3, y, CASE - 1, &case.case_no, base);
    if let Some(x) = columns.prefecture {
        canvas.text(x, y, PREFECTURE - 1, &prefecture(model, case), base);
    }
    canvas.text(columns.expert, y, EXPERT - 1, &experts::number_of(model, case.expert), base);
    for (number, session) in &case.sessions {
        let (word, role) = state(case, *number, session, pack, model.clock.date());
        let x = columns.sessions + u16::from(number - 1) * columns.session;
        canvas.text(x, y, columns.session - 1, words.get(word), colour(role));
    }
    for (x, deliverable) in (columns.deliverables..).step_by(DELIVERABLE.into()).zip(&pack.programme.deliverables) {
        let number = deliverable.number;
        let text = match (case.accepted.contains(&number), case.received.contains(&number)) {
            (true, _) => format!(" {number}"),
            (false, true) => format!(" {number}?"),
            (false, false) => " .".to_owned(),
        };
        canvas.text(x, y, DELIVERABLE, &text, base);
    }
    if let Some(x) = columns.last {
        let last = case.sessions.values().filter_map(|s| s.held).max();
        let text = last.map_or_else(|| "-".to_owned(), |d| d.strftime("%m/%d").to_string());
        canvas.text(x + 1, y, LAST - 2, &text, base);
    }
    let (text, role) = sentence(model, pack, case);
    canvas.text(columns.sentence, y, area.width.saturating_sub(columns.sentence), &text, colour(role));
}

/// The word and the role of a session as the secretariat knows it.
fn state(case: &Case, number: u8, s: &CaseSession, pack: &Pack, today: Date) -> (&'static str, Role) {
    let late = |planned| deadline::follow_up_on(pack, planned) <= today;
    match (s.held, s.planned) {
        (Some(_), _) if s.accepted => ("state.done", Role::Good),
        (Some(_), _) => ("state.doing", Role::Busy),
        (None, _) if case.ended.as_ref().is_some_and(|(after, _)| number > *after) => ("state.dropped", Role::Quiet),
        (None, Some(planned)) if late(planned) => ("state.late", Role::Bad),
        (None, Some(_)) => ("state.planned", Role::Plain),
        (None, None) => ("state.not_yet", Role::Quiet),
    }
}

/// Where a case stands and what it waits for.
pub fn sentence(model: &Model, pack: &Pack, case: &Case) -> (String, Role) {
    let words = model.look.words();
    let today = model.clock.date();
    let about = |key, session: u8| words.fill(key, &[("n", &session.to_string())]);
    let waiting = inbox::of_case(model, case).into_iter().rev().find_map(|d| Some((d.report.as_ref()?.session, d)));
    let next = case.sessions.iter().find_map(|(n, s)| Some((*n, s.planned.filter(|_| s.held.is_none())?)));
    if let Some((session, days)) = statistics::days_late(case, pack, today) {
        let text = words.fill("board.late", &[("n", &session.to_string()), ("days", &days.to_string())]);
        return (text, Role::Bad);
    }
    match waiting {
        Some((session, d)) if d.review.is_none() => return (about("board.to_check", session), Role::Busy),
        Some((session, d)) if d.review.as_ref().is_some_and(|r| !r.accepted) => {
            return (about("board.returned", session), Role::Bad);
        }
        _ => {}
    }
    if let Some((after, _)) = &case.ended {
        return (about("board.ended", *after), Role::Quiet);
    }
    let finished = statistics::case_state(case, &pack.programme) == CaseState::Finished;
    match next {
        _ if finished && case.sessions.values().all(|s| s.paid || s.combined) => {
            (words.get("board.paid").to_owned(), Role::Good)
        }
        _ if finished && inbox::of_case(model, case).iter().any(|d| d.claim.is_some()) => {
            (words.get("board.to_pay").to_owned(), Role::Busy)
        }
        _ if finished => (words.get("board.to_claim").to_owned(), Role::Plain),
        Some((session, planned)) => {
            let when = distance(words, planned, today);
            let date = planned.strftime("%m/%d").to_string();
            let text = words.fill("board.planned", &[("n", &session.to_string()), ("date", &date), ("when", &when)]);
            (text, Role::Plain)
        }
        None => (words.get("board.no_date").to_owned(), Role::Plain),
    }
}

/// The deliverables of a case with their states in words.
fn deliverables(pack: &Pack, words: &Words, case: &Case) -> Vec<String> {
    let word = |n: &u8| match (case.accepted.contains(n), case.received.contains(n)) {
        (true, _) => "board.accepted",
        (false, true) => "board.received",
        (false, false) => "board.not_received",
    };
    pack.programme.deliverables.iter().map(|d| format!("({}) {}", d.number, words.get(word(&d.number)))).collect()
}

fn last_contact(words: &Words, case: &Case) -> String {
    match case.follow_ups.last() {
        Some(f) => words.fill("board.contact", &[("date", &day(words, f.on)), ("how", &f.how), ("note", &f.note)]),
        None => words.get("board.no_contact").to_owned(),
    }
}

/// Number, name and expert of a case; the name is hidden from people looking on.
fn title(model: &Model, case: &Case) -> String {
    let words = model.look.words();
    let name = if model.look.client_safe { words.get("view.hidden") } else { &case.client_name };
    let expert = model.books.experts.get(&case.expert).map_or("", |e| e.name.as_str());
    format!(
        "{}  {name}  {}  {} {expert}",
        case.case_no,
        prefecture(model, case),
        experts::number_of(model, case.expert)
    )
}

fn draw_below(model: &Model, pack: &Pack, case: &Case, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let lines = [
        title(model, case),
        format!("{}  {}", words.get("work.deliverables"), deliverables(pack, words, case).join("  ")),
        last_contact(words, case),
        words.get("board.privacy").to_owned(),
    ];
    for (y, (index, line)) in (area.y..area.bottom()).zip(lines.iter().enumerate()) {
        let role = [Role::Strong, Role::Plain, Role::Plain, Role::Quiet][index];
        canvas.text(1, y, area.width - 1, line, role);
    }
}

fn draw_pane(model: &Model, pack: &Pack, case: &Case, canvas: &mut Canvas<'_>, area: Rect) {
    let words = model.look.words();
    let today = model.clock.date();
    let mut lines: Vec<(String, Role)> = Vec::new();
    let mut plain = |text: String, role| lines.push((text, role));
    let hidden = words.get("view.hidden");
    let expert = model.books.experts.get(&case.expert).map_or("", |e| e.name.as_str());
    plain(format!("{}  {}", case.case_no, prefecture(model, case)), Role::Strong);
    plain(if model.look.client_safe { hidden } else { &case.client_name }.to_owned(), Role::Plain);
    plain(format!("{} {expert}", experts::number_of(model, case.expert)), Role::Plain);
    plain(String::new(), Role::Plain);
    for (number, session) in &case.sessions {
        let (word, role) = state(case, *number, session, pack, today);
        let name = words.fill("work.session", &[("n", &number.to_string())]);
        let date = session.held.or(session.planned).map_or_else(String::new, |d| day(words, d));
        let paid = if session.paid { words.get("board.session_paid") } else { "" };
        let reported = session.reported_on.map(|d| d.strftime("%m/%d").to_string());
        let reported = reported.map_or_else(String::new, |d| words.fill("board.reported", &[("date", &d)]));
        plain(format!("{name} {}  {date}  {reported} {paid}", words.get(word)), role);
    }
    plain(String::new(), Role::Plain);
    plain(words.get("work.deliverables").to_owned(), Role::Strong);
    deliverables(pack, words, case).into_iter().for_each(|line| plain(line, Role::Plain));
    if let Some((after, reason)) = &case.ended {
        plain(words.fill("board.ended_why", &[("n", &after.to_string()), ("reason", reason)]), Role::Bad);
    }
    plain(String::new(), Role::Plain);
    plain(words.get("board.contacts").to_owned(), Role::Strong);
    for follow in case.follow_ups.iter().rev().take(4) {
        plain(format!("{} {} {}", day(words, follow.on), follow.how, follow.note), Role::Plain);
    }
    plain(words.get("board.next").to_owned(), Role::Plain);
    plain(String::new(), Role::Plain);
    plain(words.get("board.privacy").to_owned(), Role::Quiet);
    let mut y = area.y;
    for (text, role) in &lines {
        for (from, to) in crate::app::area::wrap(text, usize::from(area.width), model.look.ambiguous) {
            if y < area.bottom() {
                canvas.text(area.x, y, area.width, &text[from..to], *role);
            }
            y += 1;
        }
    }
}
