//! The forms of the screens: which fields they have and which command their text becomes.

pub mod evidence;
pub mod guide;
pub mod more;
pub mod owner;
pub mod share;

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{self, NoteAction};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::programme::Pack;
use bansou_core::record::v1::{
    Assurance, Check, CheckState, Client, Confirmation, Contact, Held, Id, Mode, PlanLine, Planned, ReportText,
    SectionReview,
};
use bansou_core::session::{SessionAction, SessionCommand};
use jiff::civil::{Date, Time};
use unicode_normalization::UnicodeNormalization;

use crate::app::form::{Entry, Form, Purpose};
use crate::app::model::{Model, Work};
use crate::app::screens::Scene;
use crate::app::typed;
use crate::words::{Lang, Words};

/// A field that could not be read: its catalogue key.
pub type Unread = &'static str;

/// Typed text without full-width letters and outer spaces.
pub fn plain(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// The date in a field.
pub fn date(form: &Form, label: Unread) -> Result<Date, Unread> {
    plain(form.text(label)).replace('/', "-").parse().map_err(|_| label)
}

fn time(form: &Form, label: Unread) -> Result<Time, Unread> {
    let text = plain(form.text(label));
    let (hour, minute) = text.split_once(':').ok_or(label)?;
    let part = |t: &str| t.parse::<i8>().map_err(|_| label);
    Time::new(part(hour)?, part(minute)?, 0, 0).map_err(|_| label)
}

fn number<T: std::str::FromStr>(form: &Form, label: Unread) -> Result<T, Unread> {
    plain(form.text(label)).replace(',', "").parse().map_err(|_| label)
}

/// The text of a field without outer spaces, composed; a path as it stands on the disk.
pub fn line(form: &Form, label: &str) -> String {
    let text = form.text(label).trim();
    if typed::kind(label).is_path() { text.to_owned() } else { text.nfc().collect() }
}

fn modes(words: &Words) -> Vec<String> {
    ["mode.visit", "mode.online", "mode.mixed"].map(|k| words.get(k).to_owned()).to_vec()
}

const MODES: [Mode; 3] = [Mode::Visit, Mode::Online, Mode::Mixed];

fn yes_no(words: &Words) -> Vec<String> {
    ["form.yes", "form.no"].map(|k| words.get(k).to_owned()).to_vec()
}

/// Registering a client.
pub fn add_client(model: &Model) -> Form {
    Form::new(Purpose::AddClient, "form.add_client", client_fields(model, None))
}

/// Correcting a client.
pub fn edit_client(model: &Model, client: &Client) -> Form {
    let fields = client_fields(model, Some(client));
    Form::new(Purpose::EditClient(Box::new(client.clone())), "form.edit_client", fields)
}

/// The prefectures with the numbers by which they can be typed (JIS X 0401).
pub fn prefectures(packs: &[Pack], lang: Lang) -> Vec<String> {
    let all = packs.first().map_or(&[][..], |p| &p.prefectures.prefectures);
    (1..).zip(all).map(|(number, name)| format!("{number:02} {}", name.get(lang))).collect()
}

fn client_fields(model: &Model, old: Option<&Client>) -> Vec<Entry> {
    let lang = model.lang();
    let words = model.look.words();
    let pack = model.packs.first();
    let categories: Vec<String> =
        pack.map_or_else(Vec::new, |p| p.eligibility.categories.iter().map(|c| c.name.get(lang).to_owned()).collect());
    // Only a category with limits of its own can be a main industry.
    let own: Vec<String> = pack.map_or_else(Vec::new, |p| {
        p.eligibility.categories.iter().filter(|c| c.employees.is_some()).map(|c| c.name.get(lang).to_owned()).collect()
    });
    let industries = std::iter::once(words.get("form.none").to_owned()).chain(own).collect();
    let home = model.books.profile.as_ref().map_or(1, |p| p.prefecture);
    let text = |get: fn(&Client) -> String| old.map_or_else(String::new, get);
    let flag = |get: fn(&Client) -> bool, fresh: usize| old.map_or(fresh, |c| usize::from(!get(c)));
    let place = |n: u8| usize::from(n.max(1)) - 1;
    vec![
        Entry::line("field.name", &text(|c| c.name.clone())),
        Entry::line("field.kana", &text(|c| c.kana.clone())),
        Entry::pick("field.category", categories, old.map_or(0, |c| place(c.category))),
        Entry::line("field.capital", &text(|c| c.capital.to_string())),
        Entry::line("field.employees", &text(|c| c.employees.to_string())),
        Entry::pick("field.main_industry", industries, old.map_or(0, |c| usize::from(c.main_industry.unwrap_or(0)))),
        Entry::pick("field.sole", yes_no(words), flag(|c| c.sole_proprietor, 1)),
        Entry::pick("field.prefecture", prefectures(&model.packs, lang), place(old.map_or(home, |c| c.prefecture))),
        Entry::line("field.representative_title", &text(|c| c.contact.representative_title.clone())),
        Entry::line("field.representative", &text(|c| c.contact.representative.clone())),
        Entry::line("field.counterpart", &text(|c| c.contact.counterpart.clone())),
        Entry::pick("field.one_star", yes_no(words), flag(|c| c.one_star, 0)),
    ]
}

/// Beginning the engagement of a client.
pub fn begin(client: Id, today: Date) -> Form {
    Form::new(
        Purpose::Begin(client),
        "form.begin",
        vec![Entry::line("field.case_no", ""), Entry::line("field.matched_on", &today.to_string())],
    )
}

/// Giving a session its date.
pub fn schedule(words: &Words, today: Date) -> Form {
    Form::new(
        Purpose::Schedule,
        "form.schedule",
        vec![
            Entry::line("field.date", &today.to_string()),
            Entry::line("field.start", "13:30"),
            Entry::pick("field.mode", modes(words), 0),
        ],
    )
}

/// The firm's confirmation of a session.
pub fn confirm(words: &Words, held: &Held) -> Form {
    let kinds = ["assurance.paper", "assurance.signed_pdf", "assurance.mail", "assurance.terminal"];
    Form::new(
        Purpose::Confirm,
        "form.confirm",
        vec![
            Entry::line("field.signed_on", &held.date.to_string()),
            Entry::line("field.signer_title", ""),
            Entry::line("field.signer", ""),
            Entry::pick("field.assurance", kinds.map(|k| words.get(k).to_owned()).to_vec(), 0),
        ],
    )
}

/// The words of a session's report.
/// What was said and may leave stands in it until something is written, or else `draft`.
pub fn report(scene: &Scene<'_>, session: u8, text: &ReportText, draft: &str) -> Form {
    let said = || {
        let notes = note::released(&scene.model.books, scene.engagement.id, session);
        notes.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join("\n")
    };
    let written = Some(text.content.clone()).filter(|t| !t.is_empty());
    let content = written.or_else(|| Some(said()).filter(|t| !t.is_empty())).unwrap_or_else(|| draft.to_owned());
    Form::new(
        Purpose::Report,
        "form.report",
        vec![
            Entry::many("report.content", &content),
            Entry::line("report.focus", &text.focus),
            Entry::line("report.message", &text.message),
        ],
    )
}

/// A folder for the exchange by hand.
pub fn folder(purpose: Purpose, first: &str) -> Form {
    Form::new(purpose, "form.folder", vec![Entry::line("field.folder", first)])
}

/// One text in a multi-line field.
pub fn prose(purpose: Purpose, title: &'static str, text: &str) -> Form {
    Form::new(purpose, title, vec![Entry::many("field.text", text)])
}

/// Correcting a line of the plan.
pub fn plan_line(scene: &Scene<'_>, line: &PlanLine) -> Form {
    Form::new(Purpose::PlanLine(Box::new(line.clone())), "form.plan_line", plan_fields(scene, line))
}

fn plan_fields(scene: &Scene<'_>, line: &PlanLine) -> Vec<Entry> {
    let date = |d: Option<Date>| d.map_or_else(String::new, |d| d.to_string());
    let lang = scene.model.lang();
    let themes = &scene.pack.plan.themes;
    let at = themes.iter().position(|t| t.id == line.theme).unwrap_or(0);
    vec![
        Entry::line("field.action", &line.action),
        Entry::line("field.owner", &line.owner),
        Entry::line("field.begin_on", &date(line.start)),
        Entry::line("field.due", &date(line.due)),
        Entry::line("field.cost", &line.cost),
        Entry::line("field.done_when", &line.done_when),
        Entry::line("field.support", &line.support),
        Entry::pick("field.theme", themes.iter().map(|t| t.name.get(lang).to_owned()).collect(), at),
        Entry::line("field.issue", &line.issue),
        Entry::line("field.basis", &line.basis),
    ]
}

/// The command that a submitted form asks for.
pub fn command(model: &Model, form: &Form, work: Option<&Work>) -> Result<Option<Command>, Unread> {
    let session = |action| {
        work.map(|w| {
            let (engagement, session) = (w.engagement, w.session);
            Command::Session(SessionCommand { engagement, session, action })
        })
    };
    let finding = |action| work.map(|w| Command::Findings(FindingsCommand { engagement: w.engagement, action }));
    Ok(match &form.purpose {
        Purpose::Unlock
        | Purpose::Filter
        | Purpose::Export
        | Purpose::Import
        | Purpose::Memo(_)
        | Purpose::Attach { .. }
        | Purpose::EditAttachment(_)
        | Purpose::Office(_) => None,
        Purpose::AddClient => Some(Command::Client(ClientCommand::Add(Box::new(client(model, form, None)?)))),
        Purpose::Begin(client) => Some(Command::Client(ClientCommand::Begin {
            client: *client,
            case_no: plain(form.text("field.case_no")),
            matched_on: date(form, "field.matched_on")?,
        })),
        Purpose::Schedule => session(SessionAction::Plan(Planned {
            date: date(form, "field.date")?,
            start: Some(time(form, "field.start")?),
            mode: MODES[form.picked("field.mode").min(2)],
            moved_because: None,
        })),
        Purpose::Hold => {
            let reason = line(form, "field.combined");
            let combined_reason = (!reason.is_empty()).then_some(reason);
            session(SessionAction::Hold { held: held(form)?, combined_reason })
        }
        Purpose::AddItem => session(guide::item(form)?),
        Purpose::Combine(number) => work.map(|w| {
            let action = SessionAction::Combine(line(form, "field.reason"));
            Command::Session(SessionCommand { engagement: w.engagement, session: *number, action })
        }),
        Purpose::Report => session(SessionAction::Report(ReportText {
            content: line(form, "report.content"),
            focus: line(form, "report.focus"),
            message: line(form, "report.message"),
        })),
        Purpose::Confirm => session(SessionAction::Confirm(confirmation(form)?)),
        Purpose::Skip(item) => {
            let reason = Some(line(form, "field.text"));
            let check = Some(Check { state: CheckState::Skipped, reason, carried_to: None });
            session(SessionAction::Check { item: item.clone(), check })
        }
        Purpose::EditNote(note) => {
            let session = u8::try_from(form.picked("memo.session")).ok().filter(|n| *n > 0);
            let (who, text) = (line(form, "memo.who"), line(form, "field.text"));
            finding(FindingsAction::Note(NoteAction::Edit { note: *note, session, who, text }))
        }
        Purpose::Evidence(question) => {
            finding(FindingsAction::Evidence { question: *question, text: line(form, "field.text") })
        }
        Purpose::Section { section, review } => finding(FindingsAction::Section {
            section: section.clone(),
            review: SectionReview { finding: line(form, "field.text"), ..review.clone() },
        }),
        Purpose::PlanLine(old) => {
            let action = PlanAction::Edit(Box::new(edited(model, form, old)?));
            work.map(|w| Command::Plan(PlanCommand { engagement: w.engagement, action }))
        }
        _ => more::command(model, form, work)?,
    })
}

fn client(model: &Model, form: &Form, old: Option<&Client>) -> Result<Client, Unread> {
    let pack = model.packs.first();
    let category = pack.and_then(|p| p.eligibility.categories.get(form.picked("field.category")));
    let sole_proprietor = form.picked("field.sole") == 0;
    let no_capital = sole_proprietor && form.text("field.capital").trim().is_empty();
    let industry = u8::try_from(form.picked("field.main_industry")).map_err(|_| "field.main_industry")?;
    Ok(Client {
        id: old.map_or(Id([0; 16]), |c| c.id),
        name: line(form, "field.name"),
        kana: line(form, "field.kana"),
        category: category.map_or(0, |c| c.number),
        main_industry: (industry > 0).then_some(industry),
        capital: if no_capital { 0 } else { number(form, "field.capital")? },
        employees: number(form, "field.employees")?,
        sole_proprietor,
        prefecture: u8::try_from(form.picked("field.prefecture") + 1).map_err(|_| "field.prefecture")?,
        contact: Contact {
            representative_title: line(form, "field.representative_title"),
            representative: line(form, "field.representative"),
            counterpart: line(form, "field.counterpart"),
        },
        one_star: form.picked("field.one_star") == 0,
        added_on: old.map_or(model.clock.date(), |c| c.added_on),
        archived: old.is_some_and(|c| c.archived),
    })
}

fn held(form: &Form) -> Result<Held, Unread> {
    Ok(Held {
        date: date(form, "field.date")?,
        start: time(form, "field.start")?,
        end: time(form, "field.end")?,
        mode: MODES[form.picked("field.mode").min(2)],
        attendees: number(form, "field.attendees")?,
        management_present: form.picked("field.management") == 0,
        place: line(form, "field.place"),
    })
}

fn confirmation(form: &Form) -> Result<Confirmation, Unread> {
    let kinds = [Assurance::Paper, Assurance::SignedPdf, Assurance::Mail, Assurance::OnTerminal];
    Ok(Confirmation {
        signed_on: date(form, "field.signed_on")?,
        signer_title: line(form, "field.signer_title"),
        signer: line(form, "field.signer"),
        assurance: kinds[form.picked("field.assurance").min(3)],
        original_posted_on: None,
        evidence_sha256: None,
    })
}

fn edited(model: &Model, form: &Form, old: &PlanLine) -> Result<PlanLine, Unread> {
    let day = |label: Unread| match form.text(label).trim() {
        "" => Ok(None),
        _ => date(form, label).map(Some),
    };
    let theme = Scene::of(model).and_then(|s| s.pack.plan.themes.get(form.picked("field.theme")).map(|t| t.id.clone()));
    Ok(PlanLine {
        action: line(form, "field.action"),
        owner: line(form, "field.owner"),
        start: day("field.begin_on")?,
        due: day("field.due")?,
        cost: line(form, "field.cost"),
        done_when: line(form, "field.done_when"),
        support: line(form, "field.support"),
        issue: line(form, "field.issue"),
        basis: line(form, "field.basis"),
        theme: theme.unwrap_or_else(|| old.theme.clone()),
        ..old.clone()
    })
}
