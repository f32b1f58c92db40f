//! Everything at once: any keys, texts and sizes on full books; keys of one's own; lists that remember where one was.

use bansou::app::form::{Form, Input};
use bansou::app::key::{Code, Key};
use bansou::app::keymap;
use bansou::app::look::{Look, Theme};
use bansou::app::model::Screen;
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::app::width::Ambiguous;
use bansou::words::Lang;
use bansou_core::record::v1::TutorialProgress;
use proptest::prelude::*;
use ratatui::style::Color;

use super::harness::{Driver, books};
use super::{any_key, engagement, held, sealed_item};

/// A session held and reported, the questions answered, a plan, notes, a sealed report, a claim.
fn full() -> Driver {
    let mut driver = held();
    driver.keys("g4");
    driver.keys("42420424204-424n42420424");
    driver.saved();
    driver.keys("g8a");
    driver.saved();
    driver.keys("1m");
    driver.text("メモ");
    driver.keys("<Enter><Esc>");
    driver.saved();
    let item = sealed_item(&driver, 9, 1);
    driver.model.books.put(bansou_core::record::v1::Record::Outbox(item));
    driver.keys("gka");
    driver.saved();
    driver.keys("gc");
    assert!(engagement(&driver).held_count() == 1 && driver.model.books.claims.len() == 1);
    driver
}

/// What happens besides keys of the tables.
fn event() -> impl Strategy<Value = Vec<Msg>> {
    let typed = "[a-zあ-んア-ン漢字ｶﾞ①㈱👨\u{3099}]{1,6}";
    prop_oneof![
        12 => any_key().prop_map(|key| vec![Msg::Key(key)]),
        3 => typed.prop_map(|text| text.chars().map(|c| Msg::Key(Key::char(c))).collect()),
        1 => any::<String>().prop_map(|text| vec![Msg::Paste(text)]),
        2 => any::<bool>().prop_map(|small| vec![Msg::Resized { small }]),
        1 => Just(vec![Msg::Tick]),
        1 => (0_u64..60).prop_map(|left| vec![Msg::Idle { left }]),
    ]
}

fn texts(form: &Form) -> Vec<String> {
    let text = |input: &Input| match input {
        Input::Line(field) => field.text().to_owned(),
        Input::Many(area) => area.text().to_owned(),
        Input::Pick { at, .. } => at.to_string(),
        Input::Secret(_) => String::new(),
    };
    form.entries.iter().map(|entry| text(&entry.input)).collect()
}

/// A character typed into a field is in it afterwards; what is no key of the form leaves every text as it is.
fn kept(before: &Option<Form>, msg: &Msg, driver: &Driver, typing: bool) {
    let (Some(before), Some(after)) = (before, &driver.model.form) else { return };
    if before.purpose != after.purpose || before.title != after.title {
        return;
    }
    match msg {
        Msg::Resized { .. } | Msg::Tick | Msg::Idle { .. } => assert_eq!(texts(before), texts(after), "{msg:?}"),
        Msg::Key(key) => {
            let at = before.at;
            // What is selected gives way to what is typed.
            let selected = match before.entries.get(at).map(|e| e.input.clone()) {
                Some(Input::Line(mut field)) => field.edit().selected().len(),
                Some(Input::Many(mut area)) => area.edit().selected().len(),
                _ => return,
            };
            if let Some(c) = key.typed().filter(|c| typing && bansou::app::width::printable(*c)) {
                let (was, is) = (&texts(before)[at], &texts(after)[at]);
                assert!(
                    is.len() + selected >= was.len() && (is.contains(c) || is == was),
                    "{c:?}: {was:?} became {is:?}"
                );
                assert!(is != was || was.chars().count() > 50, "{c:?} was not taken into {was:?}");
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_keys_at_any_sizes_lose_nothing_and_never_fail(
        way in prop::sample::select(vec!["", "<Enter>", "<Enter>2", "<Enter>3", "<Enter>4", "<Enter>8", "<Enter>0", "gk", "a", "<Enter>m", "<F2>"]),
        events in prop::collection::vec((event(), (0_u16..220, 0_u16..70)), 1..30),
        wide in any::<bool>(),
        client_safe in any::<bool>(),
        practice in any::<bool>(),
        theme in prop::sample::select(vec![Theme::Dark, Theme::Light, Theme::Contrast, Theme::Mono]),
    ) {
        thread_local!(static FULL: Driver = full());
        let ambiguous = if wide { Ambiguous::Wide } else { Ambiguous::Narrow };
        let mut driver = FULL.with(Driver::clone);
        driver.model.look = Look { ambiguous, theme, client_safe, practice, ..Look::default() };
        driver.model.hand.tutorial = practice.then(TutorialProgress::default);
        driver.pause = 500;
        driver.keys(way);
        for (msgs, (width, height)) in events {
            for msg in msgs {
                let (before, typing) = (driver.model.form.clone(), driver.model.overlay.is_none());
                driver.send(msg.clone());
                kept(&before, &msg, &driver, typing);
            }
            for (width, height) in [(width, height), (60, 16), (1, 1)] {
                let (x, y) = driver.cursor(width, height);
                prop_assert!(x < width.max(1) && y < height.max(1), "cursor {x},{y} in {width}x{height}");
            }
        }
    }
}

#[test]
fn every_state_is_told_in_words_and_not_by_its_colour_alone() {
    let full = full();
    for theme in [Theme::Dark, Theme::Light, Theme::Contrast] {
        for way in [
            "",
            "<Enter>",
            "<Enter>2",
            "<Enter>3",
            "<Enter>g4",
            "<Enter>7",
            "<Enter>8",
            "<Enter>9",
            "<Enter>0",
            "gk",
            "go",
        ] {
            for size in [(60, 20), (80, 24), (120, 40)] {
                let (mut coloured, mut plain) = (full.clone(), full.clone());
                (coloured.model.look.theme, plain.model.look.theme) = (theme, Theme::Mono);
                coloured.keys(way);
                plain.keys(way);
                assert_eq!(
                    coloured.dump(size.0, size.1),
                    plain.dump(size.0, size.1),
                    "{way}: the words do not depend on it"
                );
                let quiet = |c: Color| c == Color::Reset || [231, 250, 239].map(Color::Indexed).contains(&c);
                let runs = coloured.runs(size);
                // The radar is an ornament; its bars stand beside it.
                let radar = |text: &str| text.chars().all(|c| ('\u{2800}'..='\u{28FF}').contains(&c));
                for (y, colour, text) in runs.iter().filter(|run| !quiet(run.1) && !radar(&run.2)) {
                    // A bar or ticks may stand beside the word of their state.
                    let mut beside = runs.iter().filter(|other| other.0 == *y && other.1 == *colour);
                    let told = beside.any(|other| other.2.chars().any(char::is_alphanumeric));
                    assert!(told, "{way} {size:?}: only the colour of {text:?}");
                }
            }
        }
    }
}

#[test]
fn help_footer_and_palette_show_the_persons_own_keys() {
    let wanted = [("clients.add".to_owned(), vec![Key::char('+')]), ("global.help".to_owned(), vec![Key::ctrl('o')])];
    let keys = keymap::own(&wanted).unwrap();
    let mut driver = Driver::with(Look { keys, lang: Lang::En, ..Look::default() }, books());
    assert!(driver.dump(80, 24).lines().last().unwrap().contains("+ add"), "{}", driver.dump(80, 24));
    driver.keys("a");
    assert!(driver.model.form.is_none(), "the old key means nothing any more");
    driver.send(Msg::Key(Key::ctrl('o')));
    assert!(matches!(driver.model.overlay, Some(Overlay::Help { .. })));
    let help = driver.dump(80, 40);
    assert!(help.contains("+ ") && help.contains("Ctrl+O"), "{help}");
    driver.keys("<Esc><F2>");
    driver.text("add");
    assert!(driver.dump(80, 24).lines().any(|l| l.contains("add") && l.trim_end().ends_with('+')));
    driver.keys("<Esc>+");
    assert!(driver.model.form.is_some());
}

#[test]
fn full_width_letters_are_left_alone_when_the_person_wants_it_so() {
    let mut driver = Driver::with(Look { fold: false, ..Look::default() }, books());
    driver.keys("ａ");
    assert!(driver.model.form.is_none());
}

#[test]
fn lists_remember_their_cursor_and_their_filter_until_the_lock() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("/");
    driver.text("みどり");
    driver.keys("<Enter>go");
    assert!(matches!(driver.model.screen, Screen::Outbox { .. }));
    driver.keys("<Esc>");
    assert!(matches!(&driver.model.screen, Screen::Clients { filter, .. } if filter == "みどり"));
    let mut driver = Driver::with(Look::default(), full().model.books);
    driver.keys("<Down>gkgc");
    assert!(matches!(&driver.model.screen, Screen::Clients { cursor, .. } if cursor.at(2) == 1), "the second row");
    driver.keys("<Up><Enter>8<Down><Down><Esc><Enter>8");
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert_eq!(work.cursor().at(9), 2);
    driver.keys("<F9>");
    assert!(driver.model.hand.screens.is_empty());
}

#[test]
fn every_empty_list_names_the_next_key() {
    let firms = books();
    let mut nobody = firms.clone();
    nobody.clients.clear();
    nobody.engagements.clear();
    for (books, way) in [
        (&nobody, ""),
        (&nobody, "t"),
        (&nobody, "gh"),
        (&nobody, "go"),
        (&nobody, "gk"),
        (&firms, "<Enter>3"),
        (&firms, "<Enter>8"),
        (&firms, "<Enter>ge"),
    ] {
        let mut driver = Driver::with(Look::default(), books.clone());
        driver.keys(way);
        let screen = driver.dump(80, 24);
        let keys: Vec<String> =
            driver.model.look.keys.rows(driver.model.table()).iter().flat_map(|b| b.keys).map(Key::to_string).collect();
        let body: Vec<&str> = screen.lines().skip(1).take(21).flat_map(str::split_whitespace).collect();
        let named = body.windows(2).any(|w| {
            let key = w[0].rsplit('\u{3002}').next().unwrap();
            w[1].starts_with('\u{3067}') && keys.iter().any(|k| k == key)
        });
        assert!(named, "{way}: no key in\n{screen}");
    }
}

#[test]
fn a_prefix_offers_at_most_twelve_choices_without_the_tabs_digits() {
    for table in [keymap::Table::GoTo, keymap::Table::OfficeGoTo] {
        let rows = keymap::Keymap::default().rows(table);
        let letters = rows.iter().filter(|b| !b.keys.iter().any(|k| matches!(k.code, Code::Char('0'..='9'))));
        assert!(letters.count() <= 12, "{table:?}");
    }
}

#[test]
fn a_window_too_small_says_so_and_keeps_what_was_typed() {
    let mut driver = Driver::with(Look::default(), books());
    driver.keys("a");
    driver.text("有明");
    for (width, height) in [(59, 24), (80, 15), (1, 1), (0, 0)] {
        let screen = driver.dump(width, height);
        assert!(screen.lines().skip(1).all(str::is_empty), "one line: {screen}");
        driver.send(Msg::Resized { small: false });
    }
    driver.text("木工");
    assert!(driver.dump(60, 16).contains("有明木工"));
}
