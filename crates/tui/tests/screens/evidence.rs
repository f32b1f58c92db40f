//! Attachments by keys: taken in, tied to what the cursor stands on, opened, exported, deleted, covered.

use bansou::app::effect::Effect;
use bansou::app::evidence::{Errand, Given, Source};
use bansou::app::look::Look;
use bansou::app::model::{Screen, Tab};
use bansou::app::msg::Msg;
use bansou::app::overlay::Overlay;
use bansou::words::Lang;
use bansou_core::attachment::{AttachmentAction, AttachmentCommand, NewAttachment};
use bansou_core::command::{self, Command, Ctx};
use bansou_core::record::v1::{Attachment, Id};

use crate::harness::{Driver, SIZES};
use crate::{engagement, saves, working};

fn attachments(driver: &Driver) -> Vec<Attachment> {
    driver.model.books.attachments_of(engagement(driver).id).into_iter().cloned().collect()
}

/// What the screens ask the shell to do with attachments.
fn errands(effects: &[Effect]) -> Vec<(u64, Errand)> {
    let errand = |e: &Effect| match e {
        Effect::Evidence { id, errand } => Some((*id, errand.clone())),
        _ => None,
    };
    effects.iter().filter_map(errand).collect()
}

/// Answers an attachment as the shell does; the same bytes share a blob.
fn attached(driver: &mut Driver, effects: &[Effect], media: &str, bytes: u8) {
    let [(id, Errand::Add(given))] = &errands(effects)[..] else { panic!("{effects:?}") };
    let Given { engagement, source, dated, note, links } = (**given).clone();
    let (name, pasted) = match source {
        Source::File(path) => (path, false),
        Source::Text { name, .. } => (name, true),
    };
    let media = media.to_owned();
    let sha256 = format!("{bytes:02x}").repeat(32);
    let blob = Id([bytes; 16]);
    let new = NewAttachment { name, media, size: 48_200, sha256, blob, dated, note, links, pasted };
    let action = AttachmentAction::Add(Box::new(new));
    let made = Command::Attachment(AttachmentCommand { engagement, action });
    let number = attachments(driver).len() as u8;
    let now = driver.model.clock.checked_add(jiff::Span::new().seconds(number)).unwrap();
    let ctx = Ctx { now, seed: [bytes + 100 + number; 16], packs: &driver.model.packs };
    let changes = command::apply(&driver.model.books, &ctx, made).unwrap();
    let entry = Box::new(command::entry(now, "attachment", changes, None));
    driver.send(Msg::Attached { id: *id, seq: *id, entry });
}

/// Types into fields, one after the other.
fn fill(driver: &mut Driver, fields: &[&str]) {
    for (n, text) in fields.iter().enumerate() {
        if n > 0 {
            driver.keys("<Tab>");
        }
        driver.text(text);
    }
}

fn with_evidence(look: Look) -> Driver {
    let mut driver = working(look, "gea");
    fill(&mut driver, &["/home/u/共有フォルダーの権限.pdf", "2026-10-01", "総務部長から", "5, 6", "", "1"]);
    let effects = driver.keys("<Ctrl+S>");
    attached(&mut driver, &effects, "application/pdf", 1);
    driver.keys("p");
    driver.text("退職者 2名");
    let effects = driver.keys("<Ctrl+S>");
    attached(&mut driver, &effects, "text/plain", 2);
    driver
}

#[test]
fn a_file_is_taken_in_with_its_day_and_what_it_is_about_and_u_takes_it_back() {
    let mut driver = working(Look::default(), "ge");
    assert!(driver.dump(80, 24).contains("a でファイルを"), "an empty list names the next key");
    driver.keys("a");
    fill(&mut driver, &["'/home/u/権限 一覧.pdf'", "10/1", "", "5、6", "", "1"]);
    let effects = driver.keys("<Ctrl+S>");
    let [(_, Errand::Add(given))] = &errands(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(given.source, Source::File("/home/u/権限 一覧.pdf".into()), "without the quotes of a dropped file");
    assert_eq!(given.dated, Some(jiff::civil::date(2026, 10, 1)));
    assert_eq!((given.links.questions.len(), given.links.sessions.len()), (2, 1));
    attached(&mut driver, &effects, "application/pdf", 1);
    assert_eq!(attachments(&driver)[0].name, "権限 一覧.pdf");
    assert!(driver.dump(80, 24).contains("権限 一覧.pdf"));
    assert_eq!(saves(&driver.keys("u")), 1);
    driver.saved();
    assert!(attachments(&driver).is_empty());
    assert_eq!(saves(&driver.keys("U")), 1);
    driver.saved();
    assert_eq!(attachments(&driver).len(), 1);
}

#[test]
fn what_cannot_be_read_stays_in_the_form_with_the_reason() {
    for (fields, word) in [
        (["", "", "", "", "", ""], "ファイルの場所"),
        (["x.pdf", "2/30", "", "", "", ""], "証拠の日付"),
        (["x.pdf", "", "", "五", "", ""], "設問の番号"),
        (["x.pdf", "", "", "", "7", ""], "計画の番号"),
    ] {
        let mut driver = working(Look::default(), "gea");
        fill(&mut driver, &fields);
        assert_eq!(errands(&driver.keys("<Ctrl+S>")), []);
        let reason = driver.model.form.as_ref().unwrap().refused.clone().unwrap();
        assert!(reason.contains(word), "{reason}");
    }
}

#[test]
fn f_ties_to_what_the_cursor_stands_on_and_v_leads_to_it() {
    let mut driver = working(Look::default(), "40000");
    driver.saved();
    driver.keys("f");
    assert_eq!(driver.model.form.as_ref().unwrap().text("attach.questions"), "5");
    driver.text("台帳.xlsx");
    let effects = driver.keys("<Ctrl+S>");
    attached(&mut driver, &effects, "application/zip", 1);
    let screen = driver.dump(80, 24);
    assert!(screen.contains("証拠 1件 (v)"), "{screen}");
    driver.keys("j");
    assert!(!driver.dump(80, 24).contains("証拠 1件"));
    driver.keys("kv");
    let Screen::Work(work) = &driver.model.screen else { panic!("work") };
    assert_eq!((work.tab, work.cursor().at(9)), (Tab::Evidence, 0));
    driver.keys("2f");
    assert_eq!(driver.model.form.as_ref().unwrap().text("attach.sessions"), "1");
    driver.keys("<Esc>8a");
    driver.saved();
    driver.keys("jf");
    assert_eq!(driver.model.form.as_ref().unwrap().text("attach.lines"), "2");
    driver.text("見積.pdf");
    let effects = driver.keys("<Ctrl+S>");
    attached(&mut driver, &effects, "application/pdf", 2);
    assert!(driver.dump(120, 40).contains("証拠 1件 (v)"));
    driver.keys("v");
    assert!(driver.dump(120, 40).contains("計画 2"), "the cursor stands on the one that is tied");
}

#[test]
fn the_same_bytes_twice_are_said_to_be_stored_once() {
    let mut driver = working(Look::default(), "ge");
    for (name, word) in [("a.pdf", "暗号化して保管しました"), ("b.pdf", "中身は一つだけ")] {
        driver.keys("a");
        driver.text(name);
        let effects = driver.keys("<Ctrl+S>");
        attached(&mut driver, &effects, "application/pdf", 7);
        let screen = driver.dump(80, 24);
        assert!(screen.contains(word), "{screen}");
    }
    assert_eq!(attachments(&driver).len(), 2);
}

#[test]
fn a_text_is_read_here_and_anything_else_only_after_a_word() {
    let mut driver = with_evidence(Look::default());
    let effects = driver.keys("<End><Enter>");
    let [(id, Errand::Read(_))] = errands(&effects)[..] else { panic!("{effects:?}") };
    let (title, lines) = ("文章".to_owned(), vec!["退職者 2名".to_owned()]);
    driver.send(Msg::Read { id, title, lines });
    assert!(driver.dump(80, 24).contains("退職者 2名"));
    assert_eq!(errands(&driver.keys("<Esc><Home><Enter>")), []);
    assert!(matches!(driver.model.overlay, Some(Overlay::Confirm { .. })));
    assert!(driver.dump(80, 24).contains("縮小画像"), "what a viewer may leave is said");
    driver.text("ye");
    assert_eq!(errands(&driver.keys("<Ctrl+S>")), []);
    driver.text("s");
    let effects = driver.keys("<Ctrl+S>");
    assert!(matches!(errands(&effects)[..], [(_, Errand::View(_))]), "{effects:?}");
}

#[test]
fn a_copy_is_written_on_purpose_and_what_is_deleted_is_in_the_bin() {
    let mut driver = with_evidence(Look::default());
    driver.keys("<Home>w");
    let screen = driver.dump(80, 24);
    assert!(screen.contains("守れません") && screen.contains("共有フォルダーの権限.pdf"), "{screen}");
    let blob = attachments(&driver)[0].blob;
    let effects = driver.keys("<Ctrl+S>");
    assert!(matches!(&effects[..], [Effect::SaveDocument { blob: b, .. }] if *b == blob), "{effects:?}");
    driver.saved();
    driver.keys("d");
    driver.saved();
    assert_eq!(attachments(&driver).len(), 1);
    driver.keys("ghd");
    let screen = driver.dump(120, 40);
    assert!(screen.contains("証拠") && screen.contains("共有フォルダーの権限.pdf"), "{screen}");
    driver.keys("u");
    driver.saved();
    assert_eq!(attachments(&driver).len(), 2);
}

#[test]
fn what_it_is_about_is_corrected() {
    let mut driver = with_evidence(Look::default());
    driver.keys("<Home>e");
    let form = driver.model.form.as_ref().unwrap();
    assert_eq!((form.text("attach.questions"), form.text("attach.dated")), ("5, 6", "2026-10-01"));
    driver.keys("<Tab><Tab>");
    driver.text(", 7");
    assert_eq!(saves(&driver.keys("<Ctrl+S>")), 1);
    driver.saved();
    assert_eq!(attachments(&driver)[0].links.questions, [5, 6, 7].into());
}

#[test]
fn nothing_is_shown_or_opened_while_others_look_on() {
    let mut driver = with_evidence(Look::default());
    let effects = driver.keys("<End><Enter>");
    let [(id, _)] = errands(&effects)[..] else { panic!("{effects:?}") };
    driver.keys("<F4>");
    driver.send(Msg::Read { id, title: "文章".into(), lines: vec!["退職者 2名".into()] });
    let screen = driver.dump(80, 24);
    assert!(driver.model.overlay.is_none() && !screen.contains("退職者") && !screen.contains("共有"), "{screen}");
    for keys in ["<Enter>", "a", "p", "e", "d", "w", "<Home><Enter>"] {
        assert_eq!(driver.keys(keys), [], "{keys}");
        assert!(driver.model.form.is_none() && driver.model.overlay.is_none(), "{keys}");
    }
    driver.keys("4jjjj");
    assert!(!driver.dump(80, 24).contains("証拠 1件"));
    for keys in ["f", "v"] {
        driver.keys(keys);
        assert!(driver.model.form.is_none(), "{keys}");
    }
    driver.keys("<F4>");
    assert!(driver.dump(80, 24).contains("証拠 1件 (v)"));
}

#[test]
fn a_lock_forgets_what_was_being_opened() {
    let mut driver = with_evidence(Look::default());
    let effects = driver.keys("<End><Enter>");
    let [(id, _)] = errands(&effects)[..] else { panic!("{effects:?}") };
    driver.keys("<F9>");
    driver.send(Msg::Read { id, title: "文章".into(), lines: vec!["退職者 2名".into()] });
    assert!(driver.model.overlay.is_none() && driver.model.locked());
}

#[test]
fn evidence_snapshots() {
    for (lang, name) in [(Lang::Ja, "ja"), (Lang::En, "en")] {
        let look = Look { lang, ..Look::default() };
        for size in SIZES {
            working(look, "ge").shot(&format!("evidence-empty-{name}"), size);
            working(look, "gea").shot(&format!("evidence-add-{name}"), size);
            let mut driver = with_evidence(look);
            driver.keys("<Home>");
            driver.shot(&format!("evidence-{name}"), size);
            driver.keys("<Enter>");
            driver.shot(&format!("evidence-open-{name}"), size);
        }
    }
}
