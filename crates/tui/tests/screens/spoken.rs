//! The screens as lines: every screen tells its title and its chosen row, nothing is drawn, and little is said twice.

use bansou::app::keymap::Table;
use bansou::app::look::Look;
use bansou::app::msg::Msg;
use bansou::app::spoken::{Speaker, Told};
use bansou::words::{Lang, Words};

use crate::harness::{Driver, books, snapshot};
use crate::problem;

/// Somebody who only hears what is told.
struct Listener {
    driver: Driver,
    speaker: Speaker,
    all: String,
}

impl Listener {
    fn new(lang: Lang) -> Listener {
        let look = Look { lang, reader: true, clock: false, ..Look::default() };
        let mut listener =
            Listener { driver: Driver::with(look, books()), speaker: Speaker::default(), all: String::new() };
        listener.listen();
        listener
    }

    fn listen(&mut self) -> String {
        let told = match self.speaker.listen(&self.driver.model) {
            Told::Lines(lines) => lines.iter().map(|line| format!("{line}\n")).collect(),
            Told::Typed(text) => text,
        };
        let drawn = |c: char| c.is_control() && c != '\n' || ('\u{2500}'..='\u{28ff}').contains(&c);
        assert!(!told.contains(drawn), "{told:?}");
        self.all.push_str(&told);
        told
    }

    /// Presses keys and gives what was told after the last.
    fn keys(&mut self, keys: &str) -> String {
        let mut told = String::new();
        let mut rest = keys;
        while !rest.is_empty() {
            let end = if rest.starts_with('<') {
                rest.find('>').unwrap() + 1
            } else {
                rest.chars().next().unwrap().len_utf8()
            };
            self.all.push_str(&format!("[{}]\n", &rest[..end]));
            self.driver.keys(&rest[..end]);
            self.driver.saved();
            told = self.listen();
            rest = &rest[end..];
        }
        told
    }
}

#[test]
fn every_screen_tells_its_title_and_its_chosen_row_in_both_languages() {
    for lang in [Lang::Ja, Lang::En] {
        let words = Words::new(lang);
        for (script, title) in [
            ("t", "key.today"),
            ("gh", "key.history"),
            ("gk", "act.claims"),
            ("<F5>", "table.outbox"),
            ("<Enter>1", "tab.overview"),
            ("<Enter>2", "tab.sessions"),
            ("<Enter>3", "tab.notes"),
            ("<Enter>4", "tab.diagnosis"),
            ("<Enter>6", "tab.policy"),
            ("<Enter>7", "tab.regulations"),
            ("<Enter>8", "tab.plan"),
            ("<Enter>9", "tab.deliverables"),
            ("<Enter>0", "tab.report"),
            ("<Enter>1f", "tab.final"),
            ("<Enter>ge", "tab.evidence"),
        ] {
            let mut listener = Listener::new(lang);
            listener.keys(script);
            // Asked for: where one is, then everything.
            listener.speaker.again();
            let place = listener.listen();
            let first = place.lines().next().unwrap();
            assert!(first.ends_with(words.get(title)) && place.lines().count() > 1, "{script}: {place}");
            listener.speaker.again();
            let everything = listener.listen();
            assert!(everything.starts_with(first) && everything.len() >= place.len(), "{script}: {everything}");
        }
        let mut listener = Listener::new(lang);
        for script in
            ["a", "<Esc>", "<F1>", "<Esc>", "<F2>", "<Esc>", "<F3>", "<Esc>", "<F7>", "<Esc>", "g", "<Esc>", "D"]
        {
            assert!(!listener.keys(script).trim_matches([' ', '\n']).is_empty(), "{script} is silent");
        }
        listener.driver.send(Msg::Failed { id: 0, problem: problem() });
        listener.driver.model.fail(*problem());
        let told = listener.listen();
        assert!(
            told.contains("E-004") && told.contains(&problem().happened) && told.contains(&problem().todo),
            "{told}"
        );
    }
}

#[test]
fn a_row_has_its_number_and_its_headings_and_moving_tells_nothing_else() {
    let mut listener = Listener::new(Lang::Ja);
    let told = listener.keys("<Down>");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(told.starts_with("2/2 企業名: みどり調剤薬局(有)"), "{told}");
    assert!(listener.keys("1").starts_with("1/2 企業名: ㈱北星精密、"), "a digit chooses the row of its number");
    assert_eq!(listener.keys("7"), "", "there is no such row");
}

#[test]
fn a_question_is_told_with_its_answer_and_the_next_follows_by_itself() {
    let mut listener = Listener::new(Lang::Ja);
    let told = listener.keys("<Enter>44");
    assert!(told.starts_with("2 / 25、ウイルス対策"), "{told}");
    let told = listener.keys("<Up>");
    assert!(told.contains("選択中: 1 脆弱性対策、4"), "{told}");
    assert_eq!(listener.driver.model.table(), Table::Diagnosis);
}

#[test]
fn what_is_typed_goes_on_in_its_line_and_a_secret_is_never_told() {
    let mut listener = Listener::new(Lang::Ja);
    listener.keys("a");
    assert_eq!((listener.keys("㈱"), listener.keys("音")), ("㈱".into(), "音".into()));
    assert_eq!(listener.keys("<Backspace>"), "企業名、㈱\n");
    assert!(listener.keys("<Tab>").starts_with("2/"), "the next field");
    let look = Look { reader: true, clock: false, ..Look::default() };
    let mut locked = Driver::new(look);
    let mut speaker = Speaker::default();
    speaker.listen(&locked.model);
    locked.keys("himitsu");
    assert_eq!(speaker.listen(&locked.model), Told::Lines(Vec::new()));
}

#[test]
fn at_rest_nothing_is_told() {
    let mut listener = Listener::new(Lang::Ja);
    listener.driver.later(60);
    listener.driver.send(Msg::Tick);
    assert_eq!(listener.listen(), "");
}

#[test]
fn what_is_covered_is_not_told() {
    let mut listener = Listener::new(Lang::Ja);
    let told = listener.keys("<F4>");
    assert!(!told.contains("㈱北星精密") && !told.contains("みどり調剤"), "{told}");
    listener.speaker.again();
    listener.listen();
    listener.speaker.again();
    let everything = listener.listen();
    assert!(!everything.contains("㈱北星精密"), "{everything}");
}

#[test]
fn a_transcript_of_some_work() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let mut listener = Listener::new(lang);
        listener
            .keys("<Down><Up><Enter>2<Down> 442-<Up>m夜に止まる<Enter><Esc>e設定<Ctrl+S>8a<Down>t312<F1><Esc>gq<Esc>");
        snapshot(&format!("spoken-{name}"), &listener.all);
    }
}
