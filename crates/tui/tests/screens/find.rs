//! The search over everything: typed, shown, gone to, come back from, kept from onlookers, forgotten at the lock.

use bansou::app::effect::Effect;
use bansou::app::look::Look;
use bansou::app::model::{Screen, Tab, Work};
use bansou::app::msg::Msg;
use bansou::app::office::Room;
use bansou::app::overlay::Overlay;
use bansou::app::search::Search;
use bansou::words::Lang;
use bansou_core::books::Books;
use bansou_core::client::ClientCommand;
use bansou_core::command::{self, Command};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{NewNote, NoteAction};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::programme::builtin;
use bansou_core::record::v1::{AnswerCode, Id, SectionReview, SectionStatus};
use jiff::civil::date;

use crate::harness::{self, Driver, snapshot};
use crate::office;

/// Two firms at work: 北星 with 0 on backup, みどり with 4; notes, a plan, a section, a blank of the policy.
fn books() -> Books {
    let packs = builtin();
    let mut books = harness::books();
    let mut seed = 100;
    let mut apply = |books: &mut Books, command: Command| {
        seed += 1;
        let now = date(2026, 10, 5).at(10, seed as i8 % 60, 0, 0);
        let ctx = command::Ctx { now, seed: [seed; 16], packs: &packs };
        let changes = command::apply(books, &ctx, command).unwrap();
        books.follow(&changes);
    };
    let green = books.clients.values().find(|c| c.name.starts_with("みどり")).unwrap().id;
    let begin = ClientCommand::Begin { client: green, case_no: "K-0119".into(), matched_on: date(2026, 9, 1) };
    apply(&mut books, Command::Client(begin));
    let of = |books: &Books, case: &str| books.engagements.values().find(|e| e.case_no == case).unwrap().id;
    let (star, green) = (of(&books, "K-0118"), of(&books, "K-0119"));
    let mut find = |engagement, action| apply(&mut books, Command::Findings(FindingsCommand { engagement, action }));
    for (engagement, answer) in [(star, AnswerCode::No), (green, AnswerCode::Done)] {
        find(engagement, FindingsAction::Answer { question: 11, answer: Some(answer) });
        find(engagement, FindingsAction::Answer { question: 3, answer: Some(AnswerCode::No) });
    }
    find(star, FindingsAction::Evidence { question: 11, text: "外付けﾃﾞｨｽｸは金庫の秘密番号".into() });
    for (engagement, text) in [
        (star, "ナガト製作所からの要求を社長が心配している"),
        (star, "サーバー室の鍵は総務"),
        (green, "テレワークは3名。ｻｰﾊﾞｰは無い"),
    ] {
        let new = NewNote { session: Some(1), who: "社長".into(), text: text.into(), ..NewNote::default() };
        find(engagement, FindingsAction::Note(NoteAction::Add(new)));
    }
    let review = SectionReview {
        status: SectionStatus::Missing,
        document: String::new(),
        finding: "再委託の条項がない".into(),
        response: String::new(),
    };
    find(star, FindingsAction::Section { section: "9.5".into(), review });
    apply(&mut books, Command::Plan(PlanCommand { engagement: star, action: PlanAction::Generate { count: 2 } }));
    books
}

fn opened(look: Look) -> Driver {
    Driver::with(look, books())
}

fn search(driver: &Driver) -> &Search {
    match &driver.model.overlay {
        Some(Overlay::Search(search)) => search,
        other => panic!("no search on the screen: {other:?}"),
    }
}

/// The clients and kinds found, in the order shown.
fn found(driver: &Driver) -> Vec<(String, &'static str)> {
    let name = |id: Option<Id>| id.map_or_else(String::new, |id| driver.model.books.clients[&id].name.clone());
    search(driver).hits.iter().map(|h| (name(h.client), h.kind)).collect()
}

fn looked_for(driver: &mut Driver, query: &str) -> Vec<(String, &'static str)> {
    driver.keys("<Esc><F3>");
    driver.text(query);
    found(driver)
}

fn work(driver: &Driver) -> &Work {
    match &driver.model.screen {
        Screen::Work(work) => work,
        other => panic!("no engagement on the screen: {other:?}"),
    }
}

#[test]
fn every_spelling_finds_the_same_and_all_words_are_needed() {
    let mut driver = opened(Look::default());
    driver.keys("<F3>");
    for (query, notes) in [
        ("ナガト", 1),
        ("nagato", 1),
        ("ﾅｶﾞﾄ", 1),
        ("ながと", 1),
        ("ＮＡＧＡＴＯ", 1),
        ("sa-ba-", 2),
        ("サーバ", 2),
        ("ｻｰﾊﾞ 鍵", 1),
        ("鍵　ｻｰﾊﾞ", 1),
        ("鍵 テレワーク", 0),
        ("社長 テレワーク", 1),
        ("株式会社北星 サーバー", 1),
        ("ほくせい ｻｰﾊﾞ", 1),
        ("k-0119 ｻｰﾊﾞ", 1),
        ("火星", 0),
    ] {
        let seen = looked_for(&mut driver, query);
        assert_eq!(seen.iter().filter(|(_, kind)| *kind == "note").count(), notes, "{query}: {seen:?}");
    }
    assert_eq!(looked_for(&mut driver, "㈱"), looked_for(&mut driver, "株式会社"));
    assert_eq!(looked_for(&mut driver, "hokusei")[0], ("㈱北星精密".into(), "client"));
}

#[test]
fn who_scored_0_on_backup_takes_two_keys_beside_the_words() {
    let mut driver = opened(Look::default());
    driver.keys("<F3>");
    driver.text("バックアップ 0点");
    assert_eq!(found(&driver), [("㈱北星精密".to_owned(), "sheet")]);
    assert!(driver.dump(80, 24).contains("問11=0 バックアップ 0点"));
    driver.keys("<Enter>");
    assert_eq!((work(&driver).tab, work(&driver).cursor().at(25)), (Tab::Diagnosis, 10));
    for query in ["問11=0", "11=0", "bakkuappu 0点", "0pt backup"] {
        assert_eq!(
            looked_for(&mut driver, query),
            [("㈱北星精密".to_owned(), "sheet")],
            "{query}: {}",
            driver.dump(80, 24)
        );
    }
    driver.keys("<Esc><Esc><Esc>");
    driver.keys("<F3>");
    driver.text("3=0");
    assert_eq!(found(&driver).len(), 2, "both firms");
}

#[test]
fn the_firm_on_the_screen_comes_first() {
    let mut driver = opened(Look::default());
    for (row, first) in [("", "㈱北星精密"), ("<Down>", "みどり調剤薬局(有)")] {
        driver.keys("gc");
        driver.keys(row);
        driver.keys("<Enter><F3>");
        driver.text("社長");
        assert_eq!(found(&driver)[0].0, first);
        driver.keys("<Esc>");
    }
}

#[test]
fn enter_goes_to_the_place_and_esc_comes_back_step_by_step() {
    let mut driver = opened(Look::default());
    driver.keys("<F5>");
    for (query, tab, row) in [
        ("nagato", Tab::Notes, "ナガト製作所"),
        ("再委託の条項", Tab::Regulations, "9.5"),
        ("金庫", Tab::Diagnosis, "バックアップ"),
    ] {
        driver.keys("<F3>");
        driver.text(query);
        let before = found(&driver);
        driver.keys("<Enter>");
        assert_eq!(work(&driver).tab, tab, "{query}");
        let (_, y) = driver.cursor(80, 24);
        let line =
            driver.dump(80, 24).lines().nth(if tab == Tab::Diagnosis { 3 } else { y.into() }).unwrap().to_owned();
        assert!(line.contains(row) || driver.dump(80, 24).contains(row), "{query}: {line}");
        driver.keys("<Esc>");
        assert_eq!((found(&driver), search(&driver).typed.text()), (before, query), "back among the hits");
        driver.keys("<Esc>");
        assert!(matches!(driver.model.screen, Screen::Outbox { .. }), "back where it was opened");
    }
}

#[test]
fn each_kind_leads_to_its_row() {
    let mut driver = opened(Look::default());
    let line = driver.model.books.plans.values().next().unwrap().lines[1].action.clone();
    driver.keys("<F3>");
    driver.text(&line.chars().take(8).collect::<String>().replace(' ', ""));
    let at = search(&driver).hits.iter().position(|h| h.kind == "plan").unwrap();
    driver.keys(&"<Down>".repeat(at));
    driver.keys("<Enter>");
    assert_eq!(work(&driver).tab, Tab::Plan);
    let (_, y) = driver.cursor(120, 40);
    let row = driver.dump(120, 40).lines().nth(y.into()).unwrap().to_owned();
    assert!(row.contains(&line.chars().take(6).collect::<String>()), "{row}");
    looked_for(&mut driver, "midori");
    driver.keys("<Enter>");
    assert_eq!(work(&driver).tab, Tab::Overview);
    assert!(driver.dump(80, 24).contains("みどり調剤薬局(有) > 概要"), "a firm leads to its work");
}

#[test]
fn a_form_keeps_its_text_while_one_searches() {
    let mut driver = opened(Look::default());
    driver.keys("<Enter>3<F3>");
    driver.text("サーバー室");
    driver.keys("<Enter>");
    driver.keys("e");
    driver.text("書きかけ");
    driver.keys("<Ctrl+F>");
    driver.text("ナガト");
    assert_eq!(found(&driver).len(), 1);
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("入力の途中です"));
    driver.keys("<Esc>");
    assert!(driver.dump(80, 24).contains("書きかけ"));
}

#[test]
fn a_kept_line_is_replaced_by_a_letter_and_edited_by_other_keys() {
    let mut driver = opened(Look::default());
    driver.keys("<F3>");
    driver.text("ナガト");
    driver.keys("<Esc><F3>");
    assert_eq!((search(&driver).typed.text(), found(&driver).len()), ("ナガト", 1));
    driver.keys("<Backspace>");
    assert_eq!(search(&driver).typed.text(), "ナガ");
    driver.keys("<Esc><F3>鍵");
    assert_eq!(search(&driver).typed.text(), "鍵");
    driver.keys("<F1><Esc><F3>");
    assert_eq!(search(&driver).typed.text(), "鍵", "help forgets nothing");
    driver.send(Msg::Paste("サーバー\n室".into()));
    assert_eq!(search(&driver).typed.text(), "サーバー 室");
}

#[test]
fn people_who_look_on_see_only_their_own() {
    let mut driver = opened(Look::default());
    driver.keys("<F4><F3>");
    driver.text("バックアップ");
    let seen = driver.dump(80, 24);
    assert!(found(&driver).is_empty() && !seen.contains("北星") && !seen.contains("0点"), "{seen}");
    assert!(seen.contains(&format!("{}件", search(&driver).hidden)));
    driver.keys("<Esc><F4><Enter><F4><F3>");
    driver.text("バックアップ");
    let own = "㈱北星精密";
    assert!(!found(&driver).is_empty() && found(&driver).iter().all(|(name, _)| name == own), "{:?}", found(&driver));
    for secret in ["サーバー", "金庫"] {
        assert!(looked_for(&mut driver, secret).is_empty(), "notes and evidence stay hidden");
        assert!(search(&driver).hidden > 0);
    }
    driver.keys("<F4>");
    assert!(!found(&driver).is_empty(), "shown as soon as nobody looks on");
}

#[test]
fn the_lock_forgets_the_query_and_what_was_found() {
    let mut driver = opened(Look::default());
    driver.keys("<F3>");
    driver.text("ナガト");
    driver.keys("<Enter>");
    assert_eq!(driver.keys("<F3><F9>"), [Effect::Lock]);
    let left = format!("{:?}", driver.model);
    assert!(!left.contains("ナガト") && !left.contains("北星") && !left.contains("さくせい"));
    assert!(driver.model.hand == Default::default());
    driver.keys("<F3>");
    assert!(driver.model.overlay.is_none(), "nothing is searched while locked");
}

#[test]
fn what_is_found_follows_a_change_that_comes_meanwhile() {
    let mut driver = opened(Look::default());
    driver.keys("<Enter>3<F3>");
    driver.text("サーバー室");
    driver.keys("<Enter>d<F3>");
    assert!(found(&driver).is_empty(), "the note was deleted");
    driver.keys("<Esc>");
    driver.saved();
    driver.keys("u<F3>");
    assert_eq!(found(&driver).len(), 1, "and taken back");
    let id = *driver.model.pending.keys().next().unwrap();
    driver.send(Msg::Failed { id, problem: crate::problem() });
    driver.keys("<Esc><F3>");
    assert!(found(&driver).len() <= 1);
    assert_eq!(
        driver.model.hand.index.as_ref(),
        Some(&bansou_core::search::Index::build(&driver.model.books, &driver.model.packs))
    );
}

/// A change that went past the index would be found no more.
#[test]
fn the_books_of_the_model_are_changed_in_one_place() {
    let mut stack = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app")];
    let mut places = Vec::new();
    while let Some(folder) = stack.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                stack.push(path);
            } else if std::fs::read_to_string(&path).unwrap().contains("books.follow(") {
                places.push(path.file_name().unwrap().to_owned());
            }
        }
    }
    assert_eq!(places, ["model.rs"]);
}

#[test]
fn a_secretariat_finds_its_own_records() {
    let mut driver = office::office(Look::default(), "");
    driver.keys("<F3>");
    driver.text("K-0");
    let case = search(&driver).hits.iter().position(|h| h.kind == "case").unwrap();
    driver.keys(&"<Down>".repeat(case));
    driver.keys("<Enter>");
    assert!(matches!(&driver.model.screen, Screen::Office(o) if o.room == Room::Board && o.open.is_none()));
    driver.keys("<Esc>");
    let kinds: std::collections::BTreeSet<_> = search(&driver).hits.iter().map(|h| h.kind).collect();
    for kind in ["delivery", "expert"] {
        let query = if kind == "expert" { "012345" } else { "K-0" };
        driver.keys("<Esc><F3>");
        driver.text(query);
        let at = search(&driver).hits.iter().position(|h| h.kind == kind);
        let at = at.unwrap_or_else(|| panic!("{kind} in {kinds:?}"));
        driver.keys(&"<Down>".repeat(at));
        driver.keys("<Enter>");
        let room = if kind == "expert" { Room::Experts } else { Room::Inbox };
        assert!(matches!(&driver.model.screen, Screen::Office(o) if o.room == room), "{kind}");
        driver.keys("<Esc>");
    }
}

#[test]
fn the_palette_finds_the_regulations_by_romaji_from_the_list_and_remembers_what_was_chosen() {
    let mut driver = opened(Look::default());
    driver.keys("<F2>");
    driver.text("tenken");
    driver.keys("<Enter>");
    assert_eq!(work(&driver).tab, Tab::Regulations, "of the chosen client");
    driver.keys("<F2>");
    let first = |d: &Driver| d.dump(80, 24).lines().nth(4).unwrap().to_owned();
    assert!(first(&driver).contains("規程"), "{}", first(&driver));
    driver.text("f9");
    assert!(first(&driver).contains("ロック"), "found by its key");
    driver.keys("<Esc>g1<F5><F2>");
    driver.text("kitei");
    assert!(first(&driver).contains("先に顧客を開いてください"), "why it cannot be done: {}", first(&driver));
    driver.keys("<Enter>");
    assert!(driver.dump(80, 24).contains("先に顧客を開いてください"));
}

#[test]
fn the_search_in_both_languages_and_sizes() {
    for (lang, code, query) in [(Lang::Ja, "ja", "バックアップ"), (Lang::En, "en", "backup")] {
        for (width, height) in [(80, 24), (120, 40)] {
            let mut driver = opened(Look { lang, ..Look::default() });
            driver.keys("<F3>");
            snapshot(&format!("find-empty-{code}-{width}x{height}"), &driver.dump(width, height));
            driver.text(query);
            driver.keys("<Down>");
            snapshot(&format!("find-{code}-{width}x{height}"), &driver.dump(width, height));
            driver.keys("<Esc><F4><F3>社長");
            snapshot(&format!("find-safe-{code}-{width}x{height}"), &driver.dump(width, height));
        }
    }
    let mut driver = opened(Look::default());
    driver.keys("<F3>火星");
    snapshot("find-nothing-ja-80x24", &driver.dump(80, 24));
}
