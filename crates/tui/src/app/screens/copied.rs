//! What of a list can be copied: its rows with whole values under headings, and a summary that names nobody.

use bansou_core::claim::Unit;
use bansou_core::engagement::status;
use bansou_core::record::v1::{CheckState, Client, Engagement, Note};
use bansou_core::today::Todo;

use super::memo::session_word;
use super::{Scene, checklist, claims, clients, diagnosis, notes, plan, state_word, today};
use crate::app::model::{Model, Screen, Tab, Work};
use crate::words::Words;

/// A list as a table.
pub struct Table {
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    /// The column that is meant by the thing itself.
    pub main: usize,
    /// Rows that may not leave.
    pub confidential: Vec<usize>,
}

impl Table {
    /// The headings stand in one text, between slashes.
    fn new(words: &'static Words, head: &'static str, main: usize, rows: Vec<Vec<String>>) -> Table {
        Table { head: words.get(head).split('/').collect(), rows, main, confidential: Vec::new() }
    }
}

/// The list on the screen; none where there is nothing to copy.
pub fn table(model: &Model) -> Option<Table> {
    let words = model.look.words();
    match &model.screen {
        Screen::Clients { .. } => {
            let rows = clients::shown(model).into_iter().map(|client| of_client(model, client)).collect();
            Some(Table::new(words, "copy.clients", 0, rows))
        }
        Screen::Today { .. } => {
            let row = |todo: Todo| {
                let whose = today::whose(model, todo.engagement).to_owned();
                vec![whose, today::sentence(model, &todo), todo.due.map_or_else(String::new, |d| d.to_string())]
            };
            Some(Table::new(words, "copy.today", 1, today::todos(model).into_iter().map(row).collect()))
        }
        Screen::Claims { .. } => {
            let row = |row| match row {
                claims::Row::Unit(unit) => of_unit(model, &unit),
                claims::Row::Claim(claim) => {
                    let number = words.fill(
                        "claims.number",
                        &[("n", &claim.number.to_string()), ("units", &claim.lines.len().to_string())],
                    );
                    let state = words.get(claims::state_word(claim.state).0).to_owned();
                    vec![state, number, String::new(), String::new(), claim.gross.to_string(), String::new()]
                }
            };
            Some(Table::new(words, "copy.claims", 1, claims::rows(model).into_iter().map(row).collect()))
        }
        Screen::Work(work) => on_tab(&Scene::of(model)?, work),
        _ => None,
    }
}

fn of_client(model: &Model, client: &Client) -> Vec<String> {
    let engagement = model.books.engagement_of(client.id);
    let scene = engagement.and_then(|e| Scene::about(model, e.id));
    let next = scene.map_or_else(String::new, |scene| clients::next_date(&scene));
    let case = engagement.map_or_else(String::new, |e| e.case_no.clone());
    let industry = clients::industry(model, client).to_owned();
    let states = engagement.map_or_else(String::new, |e| states(model, e));
    vec![client.name.clone(), client.kana.clone(), case, industry, client.employees.to_string(), states, next]
}

/// The state of each session in its word.
fn states(model: &Model, engagement: &Engagement) -> String {
    let Some(pack) = model.pack(engagement) else { return String::new() };
    let (words, today) = (model.look.words(), model.clock.date());
    let word = |n| words.get(state_word(status(&model.books, pack, engagement, n, today)).0);
    let numbers = 1..=u8::try_from(engagement.sessions.len()).unwrap_or(0);
    numbers.map(word).collect::<Vec<_>>().join(" ")
}

fn of_unit(model: &Model, unit: &Unit) -> Vec<String> {
    let words = model.look.words();
    let sessions: Vec<String> = unit.line.sessions.iter().map(u8::to_string).collect();
    vec![
        words.get(if unit.blocked.is_none() { "claims.open" } else { "claims.blocked" }).to_owned(),
        unit.line.case_no.clone(),
        today::whose(model, Some(unit.line.engagement)).to_owned(),
        sessions.join("+"),
        unit.line.fee.to_string(),
        unit.due.to_string(),
    ]
}

fn on_tab(scene: &Scene<'_>, work: &Work) -> Option<Table> {
    let words = scene.words;
    Some(match work.tab {
        Tab::Sessions => {
            let row = |line: &bansou_core::checklist::Line<'_>| {
                let state = match line.check.map(|c| c.state) {
                    Some(CheckState::Done) => "state.done",
                    Some(CheckState::Skipped) => "spoken.left_out",
                    None => "state.not_yet",
                };
                let reason = line.check.and_then(|c| c.reason.clone()).unwrap_or_default();
                vec![words.get(state).to_owned(), line.text().get(scene.model.lang()).to_owned(), reason]
            };
            Table::new(words, "copy.sessions", 1, checklist::lines(scene, work.session).iter().map(row).collect())
        }
        Tab::Notes if !work.notes.sheet => {
            let shown = notes::shown(scene, &work.notes);
            let confidential = shown.iter().enumerate().filter(|(_, n)| !n.leaves).map(|(at, _)| at).collect();
            let rows = shown.into_iter().map(|note| of_note(scene, note)).collect();
            Table { confidential, ..Table::new(words, "copy.notes", 3, rows) }
        }
        Tab::Diagnosis => of_answers(scene),
        Tab::Regulations => of_sections(scene),
        Tab::Plan => of_plan(scene),
        _ => return None,
    })
}

fn of_note(scene: &Scene<'_>, note: &Note) -> Vec<String> {
    let handling = scene.words.get(if note.leaves { "notes.leaves" } else { "notes.stays" });
    let at = note.at.strftime("%Y-%m-%d %H:%M").to_string();
    vec![at, session_word(scene, note.session), note.who.clone(), note.text.clone(), handling.to_owned()]
}

fn of_answers(scene: &Scene<'_>) -> Table {
    let lang = scene.model.lang();
    let sheets = scene.model.books.sheets_of(scene.engagement.id);
    let evidence = |number: &u8| sheets.last().and_then(|s| s.evidence.get(number).cloned()).unwrap_or_default();
    let given = diagnosis::answers(scene);
    let row = |(question, answer): (&bansou_core::diagnosis::Question, &Option<_>)| {
        let answer = answer.map_or("", |answer| diagnosis::choice(scene.words, answer)).to_owned();
        let text = question.text.get(lang).to_owned();
        vec![question.number.to_string(), text, answer, evidence(&question.number)]
    };
    let rows = scene.pack.diagnosis.questions.iter().zip(&given).map(row).collect();
    Table::new(scene.words, "copy.answers", 1, rows)
}

fn of_sections(scene: &Scene<'_>) -> Table {
    let lang = scene.model.lang();
    let review = scene.model.books.regulations_of(scene.engagement.id);
    let edition = &scene.pack.regulations;
    let rows = edition.sections().map(|section| {
        let found = review.and_then(|r| r.sections.get(&section.number));
        let state = found.map_or_else(String::new, |f| edition.status(f.status).name.get(lang).to_owned());
        let finding = found.map_or_else(String::new, |f| f.finding.clone());
        vec![section.number.clone(), section.name(lang).to_owned(), state, finding]
    });
    Table::new(scene.words, "copy.sections", 1, rows.collect())
}

fn of_plan(scene: &Scene<'_>) -> Table {
    let (words, lang) = (scene.words, scene.model.lang());
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, |d| d.to_string());
    let rows = (1..).zip(plan::lines(scene)).map(|(n, (score, line)): (usize, _)| {
        let theme = scene.pack.plan.theme(&line.theme).map_or("", |t| t.name.get(lang));
        let state = words.get(plan::status_word(line.status)).to_owned();
        let numbers = format!("{} {} {}", line.urgency, line.importance, line.difficulty);
        vec![
            n.to_string(),
            score.to_string(),
            numbers,
            theme.to_owned(),
            line.action,
            line.issue,
            line.owner,
            day(line.start),
            day(line.due),
            line.cost,
            line.done_when,
            state,
        ]
    });
    Table::new(words, "copy.plan", 4, rows.collect())
}

/// What is known of the engagement on the screen, or under the cursor, without the name of anybody.
pub fn summary(model: &Model) -> Option<String> {
    let engagement = match &model.screen {
        Screen::Work(work) => work.engagement,
        Screen::Clients { cursor, .. } => model.books.engagement_of(clients::chosen(model, *cursor)?)?.id,
        _ => return None,
    };
    let scene = Scene::about(model, engagement)?;
    let score = scene.pack.diagnosis.score(&diagnosis::answers(&scene));
    let reviewed = model.books.regulations_of(engagement).map_or(0, |r| r.sections.len());
    let values = [
        ("case", scene.engagement.case_no.clone()),
        ("states", states(model, scene.engagement)),
        ("points", score.total.to_string()),
        ("max", score.max_of_answered.to_string()),
        ("reviewed", reviewed.to_string()),
        ("sections", scene.pack.regulations.sections().count().to_string()),
        ("lines", plan::lines(&scene).len().to_string()),
    ];
    Some(scene.words.fill("copy.summary", &values.each_ref().map(|(key, value)| (*key, value.as_str()))))
}
