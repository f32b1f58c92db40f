//! What the keys and the forms of the secretariat's rooms do.

use bansou_core::command::Command;
use bansou_core::office::{OfficeCommand, missing_before};
use bansou_core::record::v1::{Delivery, Id, JournalEntry, Record};
use jiff::civil::Date;

use super::applied;
use crate::app::effect::Effect;
use crate::app::form::{Entry, Form, Purpose};
use crate::app::keymap::Action;
use crate::app::list::{Cursor, Step};
use crate::app::model::{Ctx, Model, Screen};
use crate::app::office::{APPROVING, Act, Errand, Office, PULLING, Paper, Room, Seen};
use crate::app::screens::forms::{date, line, plain};
use crate::app::screens::{board, experts, figures, inbox, payments};

/// What a key asks for.
enum Ask {
    Nothing,
    Say(&'static str),
    Form(Form),
    Do(Errand),
}

fn office(model: &Model) -> Option<&Office> {
    match &model.screen {
        Screen::Office(office) => Some(office),
        _ => None,
    }
}

fn office_mut(model: &mut Model) -> Option<&mut Office> {
    match &mut model.screen {
        Screen::Office(office) => Some(office),
        _ => None,
    }
}

/// Opens a room.
pub(super) fn go(model: &mut Model, room: Room) {
    model.overlay = None;
    if let Some(office) = office_mut(model) {
        (office.room, office.open) = (room, None);
    }
}

/// Closes the delivery that is open, or goes back to the board; false when there is nothing to close.
pub(super) fn close(model: &mut Model) -> bool {
    let Some(office) = office_mut(model) else {
        return false;
    };
    office.open.take().is_some() || std::mem::take(&mut office.room) != Room::Board
}

/// Moves the cursor of the room.
pub(super) fn step(model: &mut Model, step: Step) {
    let Some(office) = office(model) else {
        return;
    };
    let rows = match (office.room, office.open) {
        (Room::Board, _) => board::shown(model, &office.filter).len(),
        (Room::Inbox, Some((id, _))) => inbox::rows(model, id).len(),
        (Room::Inbox, None) => inbox::deliveries(model).len(),
        (Room::Payments, _) => payments::rows(model).len(),
        (Room::Figures, _) => figures::rows(model).len(),
        (Room::Experts, _) => model.books.experts.len(),
    };
    if let Some(office) = office_mut(model) {
        office.cursor_mut().go(step, rows);
    }
}

/// Narrows the board.
pub(super) fn filter(model: &mut Model, text: &str) {
    if let Some(office) = office_mut(model) {
        office.cursors.remove(&Room::Board);
        text.clone_into(&mut office.filter);
    }
}

/// A request was read: it is shown on the experts' screen until it is approved.
pub(super) fn request_read(model: &mut Model, seen: Seen) {
    if let Some(office) = office_mut(model) {
        office.room = Room::Experts;
        office.request = Some(seen);
    }
}

/// Something the shell was sent to do is done: it is said, with what a pull brought.
pub(super) fn done(model: &mut Model, what: &'static str, entries: &[JournalEntry]) {
    let Some(office) = office_mut(model) else {
        return;
    };
    if what == APPROVING {
        office.request = None;
    }
    if what == PULLING {
        let changes = entries.iter().flat_map(|e| &e.changes);
        let new = changes.filter(|c| c.before.is_none() && matches!(c.after, Some(Record::Delivery(_)))).count();
        model.status.notice = Some(model.look.words().fill("room.pulled", &[("n", &new.to_string())]));
    } else {
        model.say("room.done");
    }
}

/// True while the shell is on an errand: one at a time, so that a key pressed twice asks for nothing twice.
fn busy(model: &Model) -> bool {
    model.pending.values().any(|p| p.entry.is_none())
}

fn start(model: &mut Model, errand: Errand) -> Vec<Effect> {
    let id = model.wait(errand.waiting());
    vec![Effect::Office { id, errand }]
}

/// Performs an action of the room.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(office) = office(model) else {
        return Vec::new();
    };
    let ask = match action {
        Action::Filter => {
            let field = vec![Entry::line("field.filter", &office.filter)];
            Ask::Form(Form::new(Purpose::Filter, "form.filter", field))
        }
        Action::Open => return open(model),
        Action::Office(Act::Pull) => Ask::Do(Errand::Pull { folder: None }),
        Action::Office(act) => match office.room {
            Room::Board => on_board(model, office, act),
            Room::Inbox => on_delivery(model, office, act),
            Room::Payments => on_payments(model, office, act),
            Room::Figures => Ask::Form(paper(Paper::ExportFigures)),
            Room::Experts => on_experts(model, office, act),
        },
        _ => Ask::Nothing,
    };
    match ask {
        Ask::Nothing => Vec::new(),
        Ask::Say(key) => {
            model.say(key);
            Vec::new()
        }
        Ask::Form(form) => {
            model.form = Some(form);
            Vec::new()
        }
        Ask::Do(_) if busy(model) => {
            model.say("room.busy");
            Vec::new()
        }
        Ask::Do(errand) => start(model, errand),
    }
}

/// Enter: from a case to what arrived for it, from a delivery to its parts, from a part to a file.
fn open(model: &mut Model) -> Vec<Effect> {
    let Some(office) = office(model) else {
        return Vec::new();
    };
    match (office.room, office.open) {
        (Room::Board, _) => {
            let case = board::chosen(model, &office.filter, office.cursor());
            let newest = case.and_then(|case| inbox::of_case(model, case).last().map(|d| d.id));
            open_delivery(model, newest);
        }
        (Room::Inbox, None) => {
            let chosen = inbox::chosen(model, office.cursor());
            open_delivery(model, chosen);
        }
        (Room::Inbox, Some((delivery, cursor))) => match inbox::part(model, delivery, cursor) {
            Some(role) => model.form = Some(paper(Paper::SavePart { delivery, role })),
            None => model.say("inbox.no_part"),
        },
        _ => {}
    }
    Vec::new()
}

fn open_delivery(model: &mut Model, delivery: Option<Id>) {
    match (delivery, office_mut(model)) {
        (Some(id), Some(office)) => {
            office.room = Room::Inbox;
            office.open = Some((id, Cursor::default()));
        }
        _ => model.say("inbox.nothing_arrived"),
    }
}

fn on_board(model: &Model, office: &Office, act: Act) -> Ask {
    match (act, board::chosen(model, &office.filter, office.cursor())) {
        (Act::FollowUp, Some(case)) => Ask::Form(follow_up(model, case.id)),
        _ => Ask::Nothing,
    }
}

fn on_delivery(model: &Model, office: &Office, act: Act) -> Ask {
    let chosen = office.open.map(|(id, _)| id).or_else(|| inbox::chosen(model, office.cursor()));
    let delivery = chosen.and_then(|id| model.books.deliveries.get(&id));
    let waiting = delivery.filter(|d| d.review.is_none()).map(|d| d.id);
    match (act, waiting) {
        (Act::Waive, _) => delivery.map_or(Ask::Nothing, |d| waive(model, d)),
        (Act::PullFolder, _) => Ask::Form(paper(Paper::PullFolder)),
        (Act::ApproveClean, _) if inbox::clean(model).next().is_some() => Ask::Do(Errand::ReviewClean),
        (Act::ApproveClean, _) => Ask::Say("inbox.nothing_clean"),
        (Act::Approve, Some(delivery)) => Ask::Do(Errand::Review { delivery, accepted: true, note: String::new() }),
        (Act::Return, Some(delivery)) => {
            let field = vec![Entry::many("field.reason", "")];
            Ask::Form(Form::new(Purpose::Office(Paper::Return(delivery)), "form.return", field))
        }
        (Act::Approve | Act::Return, None) if delivery.is_some() => Ask::Say("inbox.decided"),
        _ => Ask::Nothing,
    }
}

/// Asks for the highest number that is no longer waited for: the one before the delivery, as a first guess.
fn waive(model: &Model, delivery: &Delivery) -> Ask {
    if missing_before(&model.books, delivery).is_none() {
        return Ask::Say("inbox.no_gap");
    }
    let through = delivery.seq.saturating_sub(1).to_string();
    let fields = vec![Entry::line("field.through", &through), Entry::many("field.reason", "")];
    Ask::Form(Form::new(Purpose::Office(Paper::Waive(delivery.expert)), "form.waive", fields))
}

fn on_payments(model: &Model, office: &Office, act: Act) -> Ask {
    let run = payments::chosen(model, office.cursor());
    match (act, run) {
        (Act::Plan, _) => {
            let field = vec![Entry::line("field.closed_month", &month(model))];
            Ask::Form(Form::new(Purpose::Office(Paper::PlanPay), "form.plan_pay", field))
        }
        (Act::Approve, Some(run)) if run.approved_by.is_some() => Ask::Say("pay.approved_already"),
        (Act::Approve, Some(run)) => {
            let word = model.look.words().get("pay.word").to_owned();
            let fields = vec![Entry::line("field.approver", ""), Entry::line("field.pay_word", "")];
            let purpose = Purpose::Office(Paper::ApprovePay { run: run.id, word });
            Ask::Form(Form::new(purpose, "form.approve_pay", fields))
        }
        (Act::Export, Some(run)) => Ask::Form(paper(Paper::ExportPayments(run.id))),
        (Act::Approve | Act::Export, None) => Ask::Say("pay.empty"),
        _ => Ask::Nothing,
    }
}

/// The month that closed last.
fn month(model: &Model) -> String {
    let closed = model.clock.date().first_of_month().yesterday();
    closed.map_or_else(|_| String::new(), |d| d.strftime("%Y-%m").to_string())
}

fn on_experts(model: &Model, office: &Office, act: Act) -> Ask {
    let chosen = experts::chosen(model, office.cursor());
    match (act, &office.request, chosen) {
        (Act::Invite, ..) => Ask::Form(paper(Paper::Invite)),
        (Act::Read, ..) => Ask::Form(paper(Paper::ReadRequest)),
        (Act::Approve, Some(seen), _) => Ask::Form(paper(Paper::ApproveExpert(seen.clone()))),
        (Act::Approve, None, _) => Ask::Say("experts.read_first"),
        (Act::Revoke, _, Some(expert)) if expert.revoked_on.is_none() => {
            let purpose = Paper::Revoke { expert: expert.id, word: experts::number(expert) };
            let field = vec![Entry::line("field.expert_word", "")];
            Ask::Form(Form::new(Purpose::Office(purpose), "form.revoke", field))
        }
        (Act::Revoke, _, Some(_)) => Ask::Say("experts.revoked_already"),
        _ => Ask::Nothing,
    }
}

/// A form that asks only for a file or a folder.
fn paper(paper: Paper) -> Form {
    let (title, label) = match &paper {
        Paper::PullFolder => ("form.pull_folder", "field.folder"),
        Paper::Invite => ("form.invite", "field.new_file"),
        Paper::ReadRequest => ("form.read_request", "field.request_file"),
        Paper::ApproveExpert(_) => ("form.enrol", "field.new_file"),
        Paper::SavePart { .. } => ("form.save_part", "field.new_file"),
        _ => ("form.export_pdf", "field.new_file"),
    };
    Form::new(Purpose::Office(paper), title, vec![Entry::line(label, "")])
}

fn follow_up(model: &Model, case: Id) -> Form {
    let words = model.look.words();
    let ways = ["how.phone", "how.mail", "how.other"].map(|k| words.get(k).to_owned()).to_vec();
    let fields = vec![Entry::pick("field.how", ways, 0), Entry::many("field.text", "")];
    Form::new(Purpose::Office(Paper::FollowUp(case)), "form.follow_up", fields)
}

/// Submits a form of the secretariat; it stays with the reason when it cannot be done.
pub(super) fn submit(model: &mut Model, mut form: Form, ctx: &Ctx) -> Vec<Effect> {
    let Purpose::Office(paper) = form.purpose.clone() else {
        return Vec::new();
    };
    match submitted(model, &form, paper, ctx) {
        Ok(effects) => effects,
        Err(reason) => {
            form.refused = Some(reason);
            model.form = Some(form);
            Vec::new()
        }
    }
}

fn submitted(model: &mut Model, form: &Form, paper: Paper, ctx: &Ctx) -> Result<Vec<Effect>, String> {
    let words = model.look.words();
    let unread = |label| words.fill("form.unread", &[("field", words.get(label))]);
    let needed = |label| Some(line(form, label)).filter(|t| !t.is_empty()).ok_or_else(|| unread(label));
    let differs = words.get("notice.word_differs").to_owned();
    let file = || needed("field.new_file");
    let errand = match paper {
        Paper::ApprovePay { word, .. } if plain(form.text("field.pay_word")) != word => return Err(differs),
        Paper::Revoke { word, .. } if plain(form.text("field.expert_word")) != word => return Err(differs),
        Paper::FollowUp(case) => {
            let (how, note) = (line(form, "field.how"), line(form, "field.text"));
            return applied(model, ctx, Command::Office(OfficeCommand::FollowUp { case, how, note }));
        }
        Paper::Waive(expert) => {
            let through = plain(form.text("field.through")).parse().map_err(|_| unread("field.through"))?;
            let reason = line(form, "field.reason");
            return applied(model, ctx, Command::Office(OfficeCommand::Waive { expert, through, reason }));
        }
        Paper::PlanPay => {
            let closed_on = closing(form).map_err(unread)?;
            return applied(model, ctx, Command::Office(OfficeCommand::PlanPay { closed_on }));
        }
        Paper::ApprovePay { run, .. } => {
            let by = line(form, "field.approver");
            return applied(model, ctx, Command::Office(OfficeCommand::ApprovePay { run, by }));
        }
        Paper::Revoke { expert, .. } => Errand::RevokeExpert { expert },
        Paper::PullFolder => Errand::Pull { folder: Some(needed("field.folder")?) },
        Paper::Return(delivery) => Errand::Review { delivery, accepted: false, note: needed("field.reason")? },
        Paper::SavePart { delivery, role } => Errand::SavePart { delivery, role, file: file()? },
        Paper::ExportPayments(run) => Errand::ExportPayments { run, file: file()? },
        Paper::ExportFigures => Errand::ExportFigures { file: file()? },
        Paper::Invite => Errand::Invite { file: file()? },
        Paper::ReadRequest => Errand::ReadRequest { file: needed("field.request_file")? },
        Paper::ApproveExpert(seen) => Errand::ApproveExpert { seen, file: file()? },
    };
    if busy(model) {
        return Err(words.get("room.busy").to_owned());
    }
    Ok(start(model, errand))
}

/// A month (`2026-10`) or any day of it.
fn closing(form: &Form) -> Result<Date, &'static str> {
    let label = "field.closed_month";
    let first = || format!("{}-01", plain(form.text(label)).replace('/', "-"));
    date(form, label).or_else(|_| first().parse().map_err(|_| label))
}
