//! What the keys of the client list and of an engagement's tabs do.

pub mod erase;
mod evidence;
mod notes;
pub(super) mod papers;

use bansou_core::bundle;
use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{Id, PlanLine, SectionReview};
use bansou_core::refusal::Refusal;

use super::{command, guide, turn};
use crate::app::effect::Effect;
use crate::app::evidence::Errand;
use crate::app::form::{Entry, Form, Purpose};
use crate::app::key::Key;
use crate::app::keymap::{Action, Place};
use crate::app::list::{Cursor, Step};
use crate::app::model::{Ctx, Model, Screen, Tab, Work};
use crate::app::overlay::Overlay;
use crate::app::screens::{self, Scene, clients, diagnosis, forms, memo, plan, regulations, then};
pub(super) use notes::{sort, step_sort};

/// What a key asks for: nothing, a form to fill, or a command.
pub(super) enum Ask {
    Nothing,
    Form(Form),
    Do(Command),
    Shell(Job),
    Refused(Refusal),
    /// Something to say, as a catalogue key.
    Notice(&'static str),
    /// A command that needs a typed word: the question's key and the word.
    Word(Command, &'static str, String),
    /// A question of its own.
    Question(Box<Overlay>),
    /// A text to read.
    Page(Vec<String>),
}

/// Work of the shell that a key asks for.
pub(super) enum Job {
    Make(Request),
    Seal { engagement: Id, session: u8 },
    SealClaim(Id),
    Send,
    Evidence(Errand),
    OwnKey,
}

fn start(model: &mut Model, job: Job) -> Effect {
    match job {
        Job::Make(request) => Effect::MakeDocument { id: model.wait("waiting.make"), request, file: None },
        Job::Seal { engagement, session } => Effect::SealReport { id: model.wait("waiting.seal"), engagement, session },
        Job::SealClaim(claim) => Effect::SealClaim { id: model.wait("waiting.seal"), claim },
        Job::Send => Effect::Send { id: model.wait("waiting.send") },
        Job::Evidence(errand) => super::evidence::start(model, errand),
        Job::OwnKey => super::share::start(model, crate::app::share::Errand::Key),
    }
}

/// Opens a tab of the engagement.
pub(super) fn go(model: &mut Model, tab: Tab) {
    model.overlay = None;
    // From the list it is the chosen client's tab.
    move_on(model, Action::Go(Place::Tab(tab)));
    if !matches!(model.screen, Screen::Work(_)) {
        return model.say("notice.no_client");
    }
    // Only a session that was held has a report.
    let held = Scene::of(model).map_or(1, |s| s.engagement.held_count().max(1));
    // A diagnosis that was broken off goes on where it was.
    let open = Scene::of(model).and_then(|s| diagnosis::answers(&s).iter().position(Option::is_none));
    if let Screen::Work(work) = &mut model.screen {
        if tab == Tab::Report {
            work.session = work.session.min(held);
        }
        if let (Tab::Diagnosis, Some(open)) = (tab, open) {
            work.cursors.entry(tab).or_insert(Cursor::on(open));
        }
        (work.tab, work.score) = (tab, None);
    }
}

/// Moves the cursor of the screen.
pub(super) fn step(model: &mut Model, step: Step) {
    let rows = screens::rows(model);
    if let Some(cursor) = model.screen.cursor_mut() {
        cursor.go(step, rows);
    }
}

/// A digit for a reader: the row with this number among the nine of which one is chosen. False where there is no list.
pub(super) fn choose(model: &mut Model, digit: usize) -> bool {
    let rows = screens::rows(model);
    let Some(cursor) = model.screen.cursor_mut().filter(|_| rows > 0) else { return false };
    let row = cursor.at(rows) / 9 * 9 + digit - 1;
    if row < rows {
        *cursor = Cursor::on(row);
    }
    true
}

/// A digit of a score being typed; the third saves it and goes to the next line.
pub(super) fn score_digit(model: &mut Model, key: Key, ctx: &Ctx) -> Option<Vec<Effect>> {
    let Screen::Work(work) = &mut model.screen else {
        return None;
    };
    let typed = work.score.as_mut()?;
    let key = key.folded().unwrap_or(key);
    let digit = key.typed().filter(|c| ('1'..='3').contains(c))?;
    typed.push(digit);
    if typed.len() < 3 {
        return Some(Vec::new());
    }
    let digits: Vec<u8> = typed.bytes().map(|b| b - b'0').collect();
    let (engagement, cursor) = (work.engagement, work.cursor());
    work.score = None;
    let scene = Scene::of(model)?;
    let line = plan::chosen(&scene, cursor)?;
    // The lines change places by their points: the next is the one that stood below before and has none yet.
    let lines = plan::lines(&scene);
    let open = |l: &&(u32, PlanLine)| l.1.id != line.id && !model.hand.scored.contains(&l.1.id);
    let below = lines.iter().skip(cursor.at(lines.len()));
    let next = below.chain(&lines).find(open).map_or(line.id, |l| l.1.id);
    model.hand.scored.push(line.id);
    let (urgency, importance, difficulty) = (digits[0], digits[1], digits[2]);
    let action = PlanAction::Score { line: line.id, urgency, importance, difficulty };
    let effects = command(model, ctx, Command::Plan(PlanCommand { engagement, action }));
    turn::point_at(model, next);
    Some(effects)
}

/// Performs an action of the screen.
pub(super) fn act(model: &mut Model, action: Action, ctx: &Ctx) -> Vec<Effect> {
    let ask = match &model.screen {
        Screen::Locked { .. }
        | Screen::Office(_)
        | Screen::Doctor { .. }
        | Screen::Today { .. }
        | Screen::History { .. }
        | Screen::Merge { .. } => Ask::Nothing,
        Screen::Outbox { .. } => match action {
            Action::Send => Ask::Shell(Job::Send),
            Action::Export => Ask::Form(forms::folder(Purpose::Export, model.look.bundle_dir)),
            Action::Import => Ask::Form(forms::folder(Purpose::Import, model.look.bundle_dir)),
            _ => Ask::Nothing,
        },
        Screen::Claims { cursor } => papers::on_claims(model, action, *cursor, ctx),
        Screen::Clients { cursor, filter, .. } => {
            let client = clients::chosen(model, *cursor);
            on_clients(model, action, filter, client, ctx)
        }
        Screen::Work(work) => match Scene::of(model) {
            Some(scene) => on_work(&scene, work, action),
            None => Ask::Nothing,
        },
    };
    move_on(model, action);
    match ask {
        Ask::Nothing => Vec::new(),
        Ask::Form(form) => {
            model.form = Some(form);
            Vec::new()
        }
        Ask::Do(asked) => {
            let effects = command(model, ctx, asked);
            turn::point_at_new(model, &effects);
            told(model, action, &effects);
            effects
        }
        Ask::Notice(notice) => {
            model.say(notice);
            Vec::new()
        }
        Ask::Refused(refusal) => {
            super::refuse(model, &refusal);
            Vec::new()
        }
        Ask::Shell(job) => vec![start(model, job)],
        Ask::Word(asked, question, word) => {
            if let Err(refusal) = super::ask_word(model, ctx, asked, question, word) {
                super::refuse(model, &refusal);
            }
            Vec::new()
        }
        Ask::Question(question) => {
            model.overlay = Some(*question);
            Vec::new()
        }
        Ask::Page(lines) => {
            let title = then::titled(model, model.look.words().get("act.preview"));
            model.overlay = Some(Overlay::Page { title, lines, cursor: Cursor::default() });
            Vec::new()
        }
    }
}

/// Says what a key did where the screen alone does not show it.
fn told(model: &mut Model, action: Action, effects: &[Effect]) {
    if effects.is_empty() || model.status.notice.is_some() {
        return;
    }
    let Screen::Work(Work { tab: Tab::Plan, .. }) = model.screen else { return };
    let added = effects.iter().find_map(|effect| match effect {
        Effect::Save { entry, .. } => Some(plan::added(entry)),
        _ => None,
    });
    match (action, added, Scene::of(model)) {
        (Action::Add, Some(n), Some(scene)) => {
            let left = bansou_core::planning::candidates(&model.books, scene.pack, scene.engagement).len();
            let values = [("n", n.to_string()), ("left", left.to_string())];
            let line = scene.words.fill("notice.added_lines", &values.each_ref().map(|(k, v)| (*k, v.as_str())));
            model.status.notice = Some(line);
        }
        (Action::Delete, ..) => model.say("notice.removed"),
        _ => {}
    }
}

/// Changes of the screen itself: opening an engagement, the session shown, the score being typed.
fn move_on(model: &mut Model, action: Action) {
    if let Screen::Clients { cursor, archived, order, .. } = &mut model.screen {
        match action {
            Action::Archived => *archived = !*archived,
            Action::Sort => order.by_name = !order.by_name,
            Action::Finished => order.finished = !order.finished,
            _ => {}
        }
        if matches!(action, Action::Archived | Action::Sort | Action::Finished) {
            *cursor = Cursor::default();
            return;
        }
    }
    if let (Screen::Clients { cursor, .. }, Action::Open | Action::Go(_)) = (&model.screen, action) {
        let client = clients::chosen(model, *cursor);
        if let Some(engagement) = client.and_then(|id| model.books.engagement_of(id)) {
            let fresh = Work::overview(engagement);
            turn::to(model, Screen::Work(fresh));
        }
        return;
    }
    let last = Scene::of(model).map_or(0, |s| s.engagement.sessions.len() as u8);
    let Screen::Work(work) = &mut model.screen else {
        return;
    };
    if work.tab == Tab::Notes {
        return notes::move_on(model, action);
    }
    if action != Action::Score {
        model.hand.scored.clear();
    }
    match action {
        Action::Attachments => evidence::show(model),
        Action::Merge => super::share::show(model),
        Action::NextSession if work.session < last => work.session += 1,
        Action::PreviousSession if work.session > 1 => work.session -= 1,
        Action::Score => work.score = Some(String::new()),
        Action::Open if work.tab == Tab::Overview => super::today::next_step(model),
        Action::Open if work.tab == Tab::Sessions => guide::follow_link(model),
        Action::Answer(Some(answer)) => {
            // Who listens does not see the answer in the table.
            let cursor = work.cursor();
            let said = Scene::of(model).filter(|s| s.model.look.reader).map(|s| diagnosis::said(&s, cursor, answer));
            model.status.notice = said.or(model.status.notice.take());
            step(model, Step::Down);
        }
        Action::Section(_) => step(model, Step::Down),
        _ => {}
    }
}

fn on_clients(model: &Model, action: Action, filter: &str, client: Option<Id>, ctx: &Ctx) -> Ask {
    let client = client.and_then(|id| model.books.clients.get(&id));
    match action {
        Action::Edit => client.map_or(Ask::Nothing, |c| Ask::Form(forms::edit_client(model, c))),
        Action::Delete if client.is_some_and(|c| c.archived) => {
            client.map_or(Ask::Nothing, |c| Ask::Do(Command::Client(ClientCommand::Unarchive(c.id))))
        }
        Action::Erase => match client.map(|c| erase::asked(model, c.id, ctx)) {
            Some(Ok(question)) => Ask::Question(Box::new(question)),
            Some(Err(refusal)) => Ask::Refused(refusal),
            None => Ask::Nothing,
        },
        Action::Delete => client.map_or(Ask::Nothing, |c| {
            let word = model.books.engagement_of(c.id).map_or_else(|| "archive".to_owned(), |e| e.case_no.clone());
            Ask::Word(Command::Client(ClientCommand::Archive(c.id)), "engage.archive", word)
        }),
        Action::Memo => {
            let scene = client.and_then(|c| Scene::about(model, model.books.engagement_of(c.id)?.id));
            scene.map_or(Ask::Nothing, |scene| Ask::Form(memo::open(&scene, None, None)))
        }
        Action::Add => Ask::Form(forms::add_client(model)),
        Action::TakeIn => Ask::Form(forms::share::take_copy()),
        Action::OwnKey => Ask::Shell(Job::OwnKey),
        Action::Filter => {
            Ask::Form(Form::new(Purpose::Filter, "form.filter", vec![Entry::line("field.filter", filter)]))
        }
        Action::Open => match client {
            Some(c) if model.books.engagement_of(c.id).is_none() => Ask::Form(forms::begin(c.id, ctx.now.date())),
            _ => Ask::Nothing,
        },
        _ => Ask::Nothing,
    }
}

fn on_work(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let engagement = work.engagement;
    let finding = |action| Ask::Do(Command::Findings(FindingsCommand { engagement, action }));
    match (work.tab, action) {
        (_, Action::Memo) => notes::memo(scene, work),
        (_, Action::Attach | Action::AttachText) => evidence::attach(scene, work, action == Action::AttachText),
        (Tab::Evidence, action) => evidence::on_evidence(scene, work, action),
        (Tab::Notes, action) => notes::on_notes(scene, work, action),
        (Tab::Overview, Action::Pair | Action::HandOver | Action::TakeIn | Action::Merge) => {
            super::share::on_overview(scene, action)
        }
        (_, Action::Expect) => Ask::Form(forms::more::expect(scene)),
        (_, Action::Star) => Ask::Form(forms::more::star(scene)),
        (_, Action::End) => Ask::Form(forms::more::end(scene)),
        (Tab::Deliverables, action) => papers::on_document(scene, work, action),
        (Tab::Policy, action) => papers::on_policy(scene, work, action),
        (Tab::Final, action) => papers::on_final(scene, work, action),
        (Tab::Diagnosis, Action::NewSheet) => Ask::Form(forms::more::new_sheet(scene)),
        (Tab::Report, action) => on_report(scene, work, action),
        (Tab::Sessions, action) => guide::on_session(scene, work, action),
        (Tab::Diagnosis, Action::Evidence) => {
            let question = diagnosis::chosen(scene, work.cursor());
            let sheets = scene.model.books.sheets_of(engagement);
            let text = sheets.last().and_then(|s| s.evidence.get(&question)).map_or("", String::as_str);
            let asked = scene.pack.diagnosis.question(question);
            let about = asked.map(|q| format!("{question} {}", q.short.get(scene.model.lang()))).unwrap_or_default();
            Ask::Form(forms::prose(Purpose::Evidence(question), "form.evidence", text).about(about))
        }
        (Tab::Diagnosis, Action::Answer(answer)) => {
            let question = diagnosis::chosen(scene, work.cursor());
            finding(FindingsAction::Answer { question, answer })
        }
        (Tab::Regulations, action) => on_section(scene, work, action),
        (Tab::Plan, action) => on_plan(scene, work, action),
        _ => Ask::Nothing,
    }
}

fn on_report(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let (engagement, session) = (work.engagement, work.session);
    match action {
        Action::Edit => match scene.engagement.session(session) {
            Some(found) => Ask::Form(forms::report(scene, session, &found.report, &draft(scene, session))),
            None => Ask::Nothing,
        },
        Action::Make => {
            let document = bundle::form_of(session).to_owned();
            Ask::Shell(Job::Make(Request::Engagement { engagement, document, session: Some(session) }))
        }
        Action::Preview => {
            let document = bundle::form_of(session).to_owned();
            papers::preview(scene.model, Request::Engagement { engagement, document, session: Some(session) })
        }
        Action::Seal => {
            let report = bundle::report(&scene.model.books, scene.pack, scene.engagement, session);
            match report.and_then(papers::sealable) {
                Ok(()) => Ask::Shell(Job::Seal { engagement, session }),
                Err(refusal) => Ask::Refused(refusal),
            }
        }
        _ => Ask::Nothing,
    }
}

/// The words of a report that was not written yet, from the checklist.
fn draft(scene: &Scene<'_>, session: u8) -> String {
    bansou_core::document::draft(scene.pack, scene.engagement, session)
}

fn on_section(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let Some(section) = regulations::chosen(scene, work.cursor()) else {
        return Ask::Nothing;
    };
    let review = scene.model.books.regulations_of(work.engagement).and_then(|r| r.sections.get(&section));
    let engagement = work.engagement;
    match (action, review) {
        (Action::Section(status), found) => {
            let review = match found {
                Some(review) => SectionReview { status, ..review.clone() },
                None => {
                    SectionReview { status, document: String::new(), finding: String::new(), response: String::new() }
                }
            };
            let action = FindingsAction::Section { section, review };
            Ask::Do(Command::Findings(FindingsCommand { engagement, action }))
        }
        (Action::Edit, Some(review)) => {
            let text = review.finding.clone();
            let named = scene.pack.regulations.sections().find(|s| s.number == section);
            let about = named.map(|s| format!("{section} {}", s.name(scene.model.lang())));
            let purpose = Purpose::Section { section, review: review.clone() };
            Ask::Form(forms::prose(purpose, "form.section", &text).about(about.unwrap_or_default()))
        }
        _ => Ask::Nothing,
    }
}

fn on_plan(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let engagement = work.engagement;
    let ask = |action| Ask::Do(Command::Plan(PlanCommand { engagement, action }));
    let line = plan::chosen(scene, work.cursor());
    match (action, line) {
        (Action::Add, _) => ask(PlanAction::Generate { count: plan::CANDIDATES }),
        (Action::NewLine, _) => Ask::Form(forms::more::new_line(scene, &[])),
        (Action::Agree, _) => Ask::Form(forms::more::agree(scene)),
        (Action::Preview, _) => {
            papers::preview(scene.model, Request::Engagement { engagement, document: "plan".to_owned(), session: None })
        }
        (Action::Make, Some(_)) => {
            let request = Request::Engagement { engagement, document: "plan-page".to_owned(), session: None };
            let name = format!("{}-plan-page.pdf", scene.engagement.case_no);
            Ask::Form(forms::more::file(Purpose::MakeFile(request), "form.save_document", &name))
        }
        (Action::Edit, Some(line)) => Ask::Form(forms::plan_line(scene, &line)),
        (Action::Raise | Action::Lower, Some(line)) => {
            Ask::Form(forms::more::move_line(scene, &line, action == Action::Raise))
        }
        (Action::Delete, Some(line)) => ask(PlanAction::Remove(line.id)),
        (Action::LineState(status), Some(line)) => ask(PlanAction::SetStatus { line: line.id, status }),
        _ => Ask::Nothing,
    }
}
