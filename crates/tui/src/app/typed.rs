//! What kind of text a field wants: how it is read, what is shown beside it, and how long it may be.

use bansou_core::programme;
use bansou_core::reading::{self, Unread};
use bansou_core::text_rules::{LINE, PROSE};
use bansou_core::wareki::Era;
use jiff::civil::Date;

use super::model::Model;
use super::paths;
use super::screens;
use super::screens::payments::yen;
use crate::words::{Lang, Words};

/// How the text of a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Free,
    Date,
    Time,
    Number,
    Kana,
    /// The path of a file, or of a folder.
    File,
    Folder,
}

impl Kind {
    /// True for what lies on the disk: it is completed there, and its letters stay as they are there.
    pub fn is_path(self) -> bool {
        matches!(self, Kind::File | Kind::Folder)
    }
}

/// Longest case number in characters.
const CASE_NO: usize = 20;

/// What is said about a field of its own, such as those of the first run.
const TOLD: [(&str, &str); 8] = [
    ("owner.way", "owner.hint_way"),
    ("owner.registration", "owner.hint_registration"),
    ("owner.pattern", "owner.hint_pattern"),
    ("field.prefecture", "owner.hint_prefecture"),
    ("field.passphrase_new", "owner.hint_passphrase"),
    ("owner.invitation", "owner.hint_invitation"),
    ("line.place", "line.hint_place"),
    ("owner.aloud", "owner.hint_aloud"),
];

/// The kind of the field with this label.
pub fn kind(label: &str) -> Kind {
    match label {
        "field.date" | "field.matched_on" | "field.signed_on" | "field.begin_on" | "field.due" | "attach.dated" => {
            Kind::Date
        }
        "pair.consent_on" | "pair.liability_on" | "pair.until" => Kind::Date,
        "field.start" | "field.end" => Kind::Time,
        "field.capital" | "field.employees" | "field.attendees" | "line.place" => Kind::Number,
        "field.kana" => Kind::Kana,
        "attach.path" | "field.file" | "field.new_file" | "field.request_file" | "owner.invitation" | "owner.pack" => {
            Kind::File
        }
        "field.folder" => Kind::Folder,
        _ => Kind::Free,
    }
}

/// Catalogue key of how a field of this kind may be written.
pub fn hint(label: &str) -> Option<&'static str> {
    if let Some((_, hint)) = TOLD.iter().find(|(of, _)| *of == label) {
        return Some(hint);
    }
    Some(match kind(label) {
        Kind::Free => return None,
        Kind::Date => "write.hint_date",
        Kind::Time => "write.hint_time",
        Kind::Number => "write.hint_number",
        Kind::Kana => "write.hint_kana",
        Kind::File | Kind::Folder => "path.hint",
    })
}

/// The longest text, in characters, that the field with this label takes; `None` where the rules set none.
pub fn limit(label: &str, many: bool) -> Option<usize> {
    match label {
        "field.filter" => None,
        _ if kind(label).is_path() => None,
        "field.case_no" => Some(CASE_NO),
        "field.action" | "field.issue" | "field.cost" | "field.done_when" | "field.support" | "field.basis" => {
            Some(PROSE)
        }
        "report.focus" | "report.message" | "field.text" | "memo.text" | "field.reason" | "final.numbers" => {
            Some(PROSE)
        }
        _ if many => Some(PROSE),
        _ => Some(LINE),
    }
}

/// Characters left near the end of a field, or too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    left: usize,
    over: usize,
    max: usize,
}

impl Room {
    /// True when the text is too long.
    pub fn over(&self) -> bool {
        self.over > 0
    }

    /// The sentence.
    pub fn fill(self, words: &Words) -> String {
        let key = if self.over() { "write.over" } else { "write.left" };
        let n = if self.over() { self.over } else { self.left };
        words.fill(key, &[("n", &n.to_string()), ("max", &self.max.to_string())])
    }
}

/// The room left in a field, once it is worth telling: in the last tenth, at most the last hundred characters.
pub fn room(label: &str, many: bool, text: &str) -> Option<Room> {
    let max = limit(label, many)?;
    let near = max - (max / 10).min(100);
    // No text has more characters than bytes: most need no counting.
    let count = if text.len() < near { return None } else { text.chars().count() };
    (count >= near).then(|| Room { left: max.saturating_sub(count), over: count.saturating_sub(max), max })
}

/// What is needed to read a field: the day, the eras and the language of the reasons.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub today: Date,
    eras: &'a [Era],
    lang: Lang,
    /// What `~` stands for in a path; empty where it is not known.
    home: &'static str,
}

impl<'a> Reader<'a> {
    /// The reader of the screens.
    pub fn of(model: &'a Model) -> Reader<'a> {
        let today = model.clock.date();
        let eras = programme::for_day(&model.packs, today).map_or(&[][..], |pack| &pack.calendar.eras);
        Reader { today, eras, lang: model.lang(), home: model.look.home }
    }

    /// The words of its language.
    pub fn words(&self) -> &'static Words {
        Words::new(self.lang)
    }

    /// The text as commands take it, or why it cannot be read. An empty field is left to the command.
    pub fn read(&self, label: &str, text: &str) -> Result<String, String> {
        let why = |unread: Unread| unread.0.get(self.lang).to_owned();
        if text.trim().is_empty() {
            return Ok(text.to_owned());
        }
        match kind(label) {
            Kind::Free => Ok(text.to_owned()),
            Kind::File | Kind::Folder => Ok(paths::given(text, self.home)),
            Kind::Date => reading::date(text, self.today, self.eras).map(|d| d.to_string()).map_err(why),
            Kind::Time => reading::time(text).map(|t| t.strftime("%H:%M").to_string()).map_err(why),
            Kind::Number => reading::number(text).map(|n| n.to_string()).map_err(why),
            Kind::Kana => reading::kana(text).map_err(why),
        }
    }

    /// What a field is read as, for beside it; nothing where it would repeat what is written.
    pub fn beside(&self, label: &str, text: &str) -> Option<Result<String, String>> {
        if kind(label) == Kind::Free || kind(label).is_path() || text.trim().is_empty() {
            return None;
        }
        let read = match self.read(label, text) {
            Ok(read) => read,
            Err(reason) => return Some(Err(reason)),
        };
        let words = self.words();
        match kind(label) {
            Kind::Date => {
                let date: Date = read.parse().ok()?;
                let weekday = screens::weekday(words, date);
                let told = format!("({weekday}) {}", screens::away(words, date, self.today));
                Some(Ok(if read == text.trim() { told } else { format!("{date}{told}") }))
            }
            Kind::Number => {
                let shown = yen(read.parse().ok()?);
                (shown != text.trim()).then_some(Ok(shown))
            }
            _ => (read != text.trim()).then_some(Ok(read)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_shows_what_it_is_read_as() {
        let reader = Reader { today: jiff::civil::date(2026, 10, 5), eras: &[], lang: Lang::Ja, home: "" };
        for (label, text, shown) in [
            ("field.date", "10/8", "2026-10-08(木) あと3日"),
            ("field.date", "2026-10-08", "(木) あと3日"),
            ("field.date", "昨日", "2026-10-04(日) 1日前"),
            ("field.start", "午後1時半", "13:30"),
            ("field.capital", "300万", "3,000,000"),
            ("field.kana", "ながと", "ナガト"),
        ] {
            assert_eq!(reader.beside(label, text), Some(Ok(shown.to_owned())), "{text}");
        }
        for (label, text) in [("field.start", "13:30"), ("field.date", " "), ("field.name", "10/8")] {
            assert_eq!(reader.beside(label, text), None, "{text}");
        }
        assert!(matches!(reader.beside("field.date", "2/30"), Some(Err(reason)) if reason.contains("2/28")));
    }

    #[test]
    fn the_end_of_a_field_is_told_before_it_is_reached() {
        let words = Words::new(Lang::Ja);
        let told = |count: usize| room("field.name", false, &"字".repeat(count)).map(|room| room.fill(words));
        assert_eq!(told(179), None);
        assert_eq!(told(188).as_deref(), Some("あと12字"));
        assert_eq!(told(203).as_deref(), Some("3字多すぎます(200字まで)。直すまで確定できません"));
        assert!(room("field.folder", false, &"x".repeat(5000)).is_none());
    }
}
