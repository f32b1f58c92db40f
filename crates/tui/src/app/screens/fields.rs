//! The fields of records in the words of the screens: what each is called, and what its stored value means.

use bansou_core::history::Difference;
use bansou_core::money::format_yen;
use bansou_core::programme::Pack;
use bansou_core::record::v1::{
    AnswerCode, Assurance, CheckState, ClaimState, EndingKind, LineStatus, Mode, OutboxState, SectionStatus, TwoStar,
};
use bansou_core::text::Text;
use jiff::civil::DateTime;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Scene, claims, final_report, mode_word, outbox, overview, plan};
use crate::app::model::Model;

/// How telling a field is, the lowest first; nothing of one that has no name for people.
pub fn place(path: &[String]) -> Option<usize> {
    let keyed = |at: usize| at.checked_sub(1).is_some_and(|above| KEYED.contains(&path[above].as_str()));
    let named = |(at, name): (usize, &String)| {
        keyed(at) || name.starts_with('#') || name.parse::<u32>().is_ok() || PARTS.iter().any(|part| part.0 == name)
    };
    if !path.iter().enumerate().all(named) {
        return None;
    }
    path.iter().rev().find_map(|name| PARTS.iter().position(|part| part.0 == name))
}

/// What a field is called.
pub fn name(model: &Model, scene: Option<&Scene<'_>>, kind: &str, path: &[String]) -> String {
    let (words, lang) = (model.look.words(), model.lang());
    let mut out: Vec<String> = Vec::new();
    let mut above = "";
    for name in path {
        let said = |text: &Text| text.get(lang).to_owned();
        let special = scene.and_then(|s| match (kind, above) {
            ("policy", "fields") => s.pack.policy.fields.iter().find(|f| f.id == *name).map(|f| said(&f.name)),
            ("final-report", "answers") => {
                s.pack.final_report.items.iter().find(|i| i.id == *name).map(|i| said(&i.text))
            }
            ("engagement", "checks") => {
                let items = s.pack.curriculum.sessions.iter().flat_map(|session| session.items());
                let own = s.engagement.sessions.iter().flat_map(|session| &session.own);
                let edition = items.filter(|i| i.id == *name).map(|i| said(&i.text())).next();
                edition.or_else(|| own.filter(|o| o.id == *name).map(|o| o.text.clone()).next())
            }
            _ => None,
        });
        let part = || PARTS.iter().find(|p| p.0 == name).map(|p| words.get(p.1).to_owned());
        match (kind, above, special) {
            (_, _, Some(special)) => out.push(special),
            ("engagement", "sessions", _) => {
                out.pop();
                out.push(words.fill("work.session", &[("n", name)]));
            }
            // The parts of a pair are told apart by what stands in them.
            ("policy", "published", _) => {}
            _ if name.starts_with('#') => {}
            _ => out.push(part().unwrap_or_else(|| name.clone())),
        }
        above = name;
    }
    out.join(" ")
}

/// What stood in a field and what stands there: old -> new.
pub fn turn(model: &Model, scene: Option<&Scene<'_>>, kind: &str, field: &Difference) -> String {
    let told = |text: &Option<String>| value(model, scene, kind, &field.path, text.as_deref()).replace('\n', " ");
    match &field.before {
        None => told(&field.after),
        Some(_) => format!("{} -> {}", told(&field.before), told(&field.after)),
    }
}

/// A stored value in words.
pub fn value(model: &Model, scene: Option<&Scene<'_>>, kind: &str, path: &[String], stored: Option<&str>) -> String {
    let words = model.look.words();
    let key = match stored {
        None => Some("history.empty"),
        Some("true") => Some("form.yes"),
        Some("false") => Some("form.no"),
        Some(stored) => state(kind, path, stored),
    };
    let stored = match (key, stored) {
        (Some(key), _) => return words.get(key).to_owned(),
        (None, stored) => stored.unwrap_or_default(),
    };
    let pack = scene.map(|s| s.pack).or_else(|| model.packs.first());
    pack.and_then(|pack| named(model, scene, pack, kind, path, stored)).unwrap_or_else(|| {
        match stored.split_once(':') {
            // A time of the clock, without its seconds.
            Some((hour, rest)) if hour.len() == 2 && rest.len() == 5 => stored[..5].to_owned(),
            Some(_) => {
                stored.parse::<DateTime>().map_or(stored.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
            }
            _ => stored.to_owned(),
        }
    })
}

fn code<T: DeserializeOwned>(stored: &str) -> Option<T> {
    serde_json::from_value(Value::String(stored.to_owned())).ok()
}

/// The word of a state, as its screen has it.
fn state(kind: &str, path: &[String], stored: &str) -> Option<&'static str> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (kind, &path[..]) {
        ("sheet", ["answers", ..]) => code(stored).map(answer_word),
        ("plan", [.., "status"]) => code::<LineStatus>(stored).map(plan::status_word),
        ("engagement", ["two_star"]) => code::<TwoStar>(stored).map(overview::star_word),
        ("engagement", ["ending", "kind"]) => code::<EndingKind>(stored).map(|kind| match kind {
            EndingKind::Early => "ending.early",
            EndingKind::Shortened => "ending.shortened",
        }),
        ("engagement", [.., "mode"]) => code::<Mode>(stored).map(mode_word),
        ("engagement", [.., "assurance"]) => code::<Assurance>(stored).map(|how| match how {
            Assurance::Paper => "assurance.paper",
            Assurance::SignedPdf => "assurance.signed_pdf",
            Assurance::Mail => "assurance.mail",
            Assurance::OnTerminal => "assurance.terminal",
        }),
        ("engagement", [.., "checks", _, "state"]) => code::<CheckState>(stored).map(|state| match state {
            CheckState::Done => "check.done",
            CheckState::Skipped => "check.skipped",
        }),
        ("claim", ["state"]) => code::<ClaimState>(stored).map(claims::state_word).map(|s| s.0),
        ("outbox", ["state"]) => code::<OutboxState>(stored).map(|state| outbox::state(state).1),
        _ => None,
    }
}

fn answer_word(answer: AnswerCode) -> &'static str {
    match answer {
        AnswerCode::Done => "key.answer_done",
        AnswerCode::Partial => "key.answer_partial",
        AnswerCode::No => "key.answer_no",
        AnswerCode::Unknown => "key.answer_unknown",
        AnswerCode::NotApplicable => "key.answer_na",
    }
}

/// A value that names something of the edition.
fn named(
    model: &Model,
    scene: Option<&Scene<'_>>,
    pack: &Pack,
    kind: &str,
    path: &[String],
    stored: &str,
) -> Option<String> {
    let lang = model.lang();
    let said = |text: &Text| text.get(lang).to_owned();
    let place = || stored.parse::<usize>().ok()?.checked_sub(1);
    match (kind, path.last()?.as_str()) {
        ("regulations", "status") => Some(said(&pack.regulations.status(code::<SectionStatus>(stored)?).name)),
        ("plan", "theme") => pack.plan.themes.iter().find(|t| t.id == stored).map(|t| said(&t.name)),
        ("client", "category" | "main_industry") => pack.eligibility.categories.get(place()?).map(|c| said(&c.name)),
        ("client", "capital") | ("claim", "gross" | "net" | "fee") => stored.parse().ok().map(format_yen),
        ("client", "prefecture") => pack.prefectures.prefectures.get(place()?).map(said),
        ("final-report", item) => {
            let item = pack.final_report.items.iter().find(|i| i.id == item)?;
            Some(final_report::in_words(scene?, item, stored))
        }
        _ => None,
    }
}

/// Fields whose parts are named by what they are about.
const KEYED: [&str; 6] = ["answers", "evidence", "fields", "articles", "checks", "sections"];

/// The fields of records, the telling ones first, and the keys of their names.
const PARTS: [(&str, &str); 105] = [
    ("text", "part.text"),
    ("who", "part.who"),
    ("sessions", "part.sessions"),
    ("session", "part.session"),
    ("question", "part.question"),
    ("answers", "part.answers"),
    ("evidence", "part.evidence"),
    ("taken_on", "part.taken_on"),
    ("lines", "part.lines"),
    ("issue", "part.issue"),
    ("basis", "part.basis"),
    ("action", "part.action"),
    ("owner", "part.owner"),
    ("support", "part.support"),
    ("urgency", "part.urgency"),
    ("importance", "part.importance"),
    ("difficulty", "part.difficulty"),
    ("start", "part.start"),
    ("due", "part.due"),
    ("cost", "part.cost"),
    ("done_when", "part.done_when"),
    ("status", "part.status"),
    ("theme", "part.theme"),
    ("moved", "part.moved"),
    ("places", "part.places"),
    ("planned", "part.planned"),
    ("held", "part.held"),
    ("date", "part.date"),
    ("end", "part.end"),
    ("mode", "part.mode"),
    ("place", "part.place"),
    ("attendees", "part.attendees"),
    ("management_present", "part.management_present"),
    ("checks", "part.checks"),
    ("state", "part.state"),
    ("reason", "part.reason"),
    ("confirmation", "part.confirmation"),
    ("report", "part.report"),
    ("content", "part.content"),
    ("focus", "part.focus"),
    ("message", "part.message"),
    ("expectations", "part.expectations"),
    ("name", "part.name"),
    ("kana", "part.kana"),
    ("employees", "part.employees"),
    ("finding", "part.finding"),
    ("case_no", "part.case_no"),
    ("two_star", "part.two_star"),
    ("ending", "part.ending"),
    ("contact", "part.contact"),
    ("archived", "part.archived"),
    ("sections", "part.sections_of"),
    ("document", "part.document"),
    ("response", "part.response"),
    ("fields", "part.fields"),
    ("articles", "part.articles"),
    ("at", "part.at"),
    ("note", "part.note"),
    ("dated", "part.dated"),
    ("links", "part.links"),
    ("questions", "part.question"),
    ("category", "part.category"),
    ("main_industry", "part.main_industry"),
    ("capital", "part.capital"),
    ("sole_proprietor", "part.sole"),
    ("prefecture", "part.prefecture"),
    ("representative_title", "part.representative_title"),
    ("representative", "part.representative"),
    ("counterpart", "part.counterpart"),
    ("one_star", "part.one_star"),
    ("signed_on", "part.signed_on"),
    ("signer_title", "part.signer_title"),
    ("signer", "part.signer"),
    ("assurance", "part.assurance"),
    ("original_posted_on", "part.posted"),
    ("moved_because", "part.moved_because"),
    ("combined_reason", "part.combined"),
    ("matched_on", "part.matched_on"),
    ("enacted_on", "part.enacted_on"),
    ("published", "part.published"),
    ("agreed_on", "part.agreed_on"),
    ("starts", "part.starts"),
    ("respondent", "part.respondent"),
    ("unit", "part.unit"),
    ("leaves", "part.leaves"),
    ("section", "part.sections_of"),
    ("hearing", "part.hearing"),
    ("carried_to", "part.carried_to"),
    ("own", "part.own"),
    ("minutes", "part.minutes"),
    ("after", "part.after"),
    ("on", "part.on"),
    ("kind", "part.kind"),
    ("claimed_on", "part.claimed_on"),
    ("gross", "part.gross"),
    ("net", "part.net"),
    ("fee", "part.fee"),
    ("reply", "part.reply"),
    ("clock", "part.clock"),
    ("started", "part.started"),
    ("ended", "part.ended"),
    ("pauses", "part.pauses"),
    ("from", "part.from"),
    ("until", "part.until"),
    ("added_on", "part.added_on"),
];
