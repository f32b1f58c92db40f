//! Two homes through the real program: a lead shares one engagement with a trainee, and takes over what comes back.
#![allow(clippy::unwrap_used, clippy::panic)]
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bansou::shell::home::Home;
use bansou::shell::vault::Secret;
use bansou::shell::{seal, share};
use bansou_core::wire::v1::envelope::{Context, Signed};
use bansou_tests::program::Person;
use bansou_tests::world::{begin, day};
use serde_json::{Value, json};

const CASE: &str = "K-0901";
const LEADS: &str = "shidou no kotoba";
const TRAINEES: &str = "doukou no kotoba";

struct Pair {
    lead: Person,
    trainee: Person,
}

fn path(person: &Person, name: &str) -> String {
    person.folder().join(name).display().to_string()
}

fn home(person: &Person, passphrase: &str) -> Home {
    Home::open(&person.home(), &Secret::new(passphrase.into())).unwrap()
}

impl Pair {
    /// A lead with an engagement and an agreement, and a trainee with a home of their own.
    fn agreed() -> Self {
        let (lead, trainee) = (Person::new(LEADS), Person::new(TRAINEES));
        lead.bansou(["init", "--name", "指導 花子", "--practice"]).ok();
        trainee.bansou(["init", "--name", "同行 次郎", "--practice"]).ok();
        begin(&lead, CASE, "㈱写し製作所", -30);
        lead.bansou(["session", "plan", CASE, "1", &day(3)]).ok();
        lead.bansou(["diagnosis", "answer", CASE, "1", "0"]).ok();
        lead.bansou(["diagnosis", "answer", CASE, "3", "2"]).ok();
        lead.bansou_with_input(["diagnosis", "evidence", CASE, "3"], "設定画面").ok();
        lead.bansou_with_input(["note", "add", CASE, "--may-leave"], "QZ-may-leave").ok();
        lead.bansou_with_input(["note", "add", CASE], "QZ-confidential").ok();
        lead.bansou(["plan", "generate", CASE, "--count", "2"]).ok();
        let pair = Self { lead, trainee };
        pair.agree("");
        pair
    }

    fn agree(&self, more: &str) {
        let key = self.trainee.json(["share", "key"])["key"].as_str().unwrap().to_owned();
        let today = day(0);
        let text = format!(
            "trainee = \"同行 次郎\"\nkey = \"{key}\"\nconsent_by = \"社長\"\nconsent_on = \"{today}\"\n\
             consent_taken_by = \"指導 花子\"\nliability_on = \"{today}\"\nsessions = [1, 2]\nroles = \"記録\"\n\
             dates_by = \"指導者\"\nhandouts = true\nparts = [\"overview\", \"diagnosis\", \"plan\", \"notes\"]\n{more}"
        );
        self.lead.bansou_with_input(["share", "agree", CASE, "-"], &text).ok();
    }

    /// Writes the copy; gives its file.
    fn offered(&self) -> String {
        let file = path(&self.lead, "copy.age");
        let _ = fs::remove_file(&file);
        self.lead.bansou(["share", "offer", CASE, &file]).ok();
        file
    }

    fn taken(&self) {
        let file = self.offered();
        self.trainee.bansou(["share", "open", &file, "--yes"]).ok();
    }

    fn returned(&self, name: &str) -> String {
        let file = path(&self.trainee, name);
        self.trainee.bansou(["share", "return", CASE, &file]).ok();
        file
    }
}

#[test]
fn two_homes_share_an_engagement_work_apart_and_merge() {
    let pair = Pair::agreed();
    let Pair { lead, trainee } = &pair;
    let shown = lead.json(["share", "show", CASE, "--reveal"]);
    assert_eq!(
        (&shown["trainee"], &shown["ready"], &shown["paid"]),
        (&json!("同行 次郎"), &json!(true), &json!(false))
    );
    assert_eq!(shown["fingerprint"], trainee.json(["share", "key"])["fingerprint"], "both see the same digits");
    let file = pair.offered();
    // Nobody takes in what was not compared; the lead's line compares it.
    let said = trainee.bansou(["--lang", "ja", "share", "open", &file]).code(8).stdout;
    assert!(said.contains("取り込みませんでした") && said.contains("指紋"), "{said}");
    let leads = lead.json(["share", "key"]);
    let own = trainee.json(["share", "key"])["key"].as_str().unwrap().to_owned();
    trainee.bansou(["--lang", "ja", "share", "open", &file, "--from", &own]).refused(9, true);
    let opened = trainee.json(["share", "open", &file, "--from", leads["key"].as_str().unwrap(), "--reveal"]);
    assert_eq!((&opened["taken"], &opened["fingerprint"]), (&json!(true), &leads["fingerprint"]));
    assert_eq!((&opened["lead"], &opened["parts"]["diagnosis"]), (&json!("指導 花子"), &json!(3)));
    trainee.bansou(["--lang", "ja", "share", "open", &file, "--yes"]).refused(8, true);
    let notes = trainee.bansou(["note", "list", CASE]).ok().stdout;
    assert!(notes.contains("QZ-may-leave") && !notes.contains("QZ-confidential"), "{notes}");
    // Drafts are written, nothing official is.
    trainee.bansou(["diagnosis", "answer", CASE, "1", "2"]).ok();
    trainee.bansou(["diagnosis", "answer", CASE, "7", "0"]).ok();
    trainee.bansou_with_input(["diagnosis", "evidence", CASE, "3"], "台帳も見た").ok();
    trainee.bansou_with_input(["note", "add", CASE], "同行者のメモ").ok();
    let date = day(0);
    let form6 = path(trainee, "form6.pdf");
    for args in [
        vec!["session", "plan", CASE, "1", &date],
        vec!["session", "done", CASE, "1", &date, "13:30", "15:30", "--attendees", "2"],
        vec!["report", "check", CASE, "1"],
        vec!["deliverable", "make", CASE, "diagnosis"],
        vec!["session", "prep", CASE, "1", "--pdf", &form6],
        vec!["policy", "enact", CASE, &date],
        vec!["share", "offer", CASE, &form6],
    ] {
        let refused = trainee.bansou([&["--lang", "ja"][..], &args].concat()).refused(8, true);
        assert!(refused.stderr.contains("E-1007"), "{args:?}: {}", refused.stderr);
    }
    let other = trainee.bansou_with_input(["--lang", "en", "policy", "set", CASE, "company"], "x").refused(8, false);
    assert!(other.stderr.contains("E-1008"), "{}", other.stderr);
    // Meanwhile the lead goes on.
    lead.bansou(["diagnosis", "answer", CASE, "1", "4"]).ok();
    lead.bansou_with_input(["diagnosis", "evidence", CASE, "3"], "規程を見た").ok();
    let back = pair.returned("back.age");
    let list = lead.json(["share", "merge", &back, "--reveal"]);
    let rows = list["rows"].as_array().unwrap();
    let row = |key: &str| rows.iter().find(|r| r["key"] == key).unwrap_or_else(|| panic!("{key}: {list}"));
    assert_eq!((rows.len(), &list["open"]), (4, &json!(4)));
    assert_eq!((&row("answer/1")["state"], &row("answer/7")["state"]), (&json!("both"), &json!("theirs")));
    assert_eq!(row("evidence/3")["base"], "設定画面");
    let number = |key: &str| row(key)["number"].to_string();
    let hidden = lead.json(["share", "merge", &back]);
    assert_eq!(hidden["rows"][0]["theirs"], Value::Null, "withheld unless revealed");
    // Both texts stand; both answers are findable; the rest is taken at once.
    let (first, third) = (number("answer/1"), number("evidence/3"));
    let merged = lead.json(["share", "merge", &back, "--both", &first, &third, "--all-new"]);
    assert_eq!(merged["open"], 0);
    let answers = lead.bansou(["diagnosis", "show", CASE, "--json", "--reveal"]).ok().stdout;
    assert!(answers.contains("規程を見た") && answers.contains("〔同行 次郎〕台帳も見た"), "{answers}");
    let notes = lead.bansou(["note", "list", CASE]).ok().stdout;
    assert!(notes.contains("〔同行 次郎〕一部") && notes.contains("同行者のメモ"), "{notes}");
    // The same return again changes nothing; undo takes the merge back as one.
    let before = lead.json(["history"])["entries"].as_array().unwrap().len();
    lead.json(["share", "merge", &back, "--take", &first]);
    assert_eq!(lead.json(["history"])["entries"].as_array().unwrap().len(), before);
    lead.bansou(["undo"]).ok();
    assert_eq!(lead.json(["share", "merge", &back])["open"], 4);
    // What was agreed stays, once a copy is out.
    lead.bansou(["share", "withdraw", CASE]).ok();
    lead.bansou(["--lang", "ja", "share", "offer", CASE, &path(lead, "second.age")]).refused(8, true);
}

fn decrypted(file: &str, identity: &Path) -> Option<Vec<u8>> {
    let out = Command::new("age").arg("-d").arg("-i").arg(identity).arg(file).output().expect("age is installed");
    out.status.success().then_some(out.stdout)
}

/// The trainee's identity as a key file of stock age.
fn identity(pair: &Pair) -> PathBuf {
    let file = pair.trainee.folder().join("identity");
    fs::write(&file, home(&pair.trainee, TRAINEES).practice_identity().unwrap().expose()).unwrap();
    file
}

#[test]
fn stock_age_opens_a_copy_with_the_trainees_identity_and_no_other() {
    let pair = Pair::agreed();
    let (file, own) = (pair.offered(), identity(&pair));
    let text = String::from_utf8(decrypted(&file, &own).unwrap()).unwrap();
    let signed = Signed::from_json(text.trim_end()).unwrap();
    let body: Value = serde_json::from_str(&signed.body).unwrap();
    assert_eq!((&body["case_no"], &body["fields"]["answer/3"]), (&json!(CASE), &json!("partial")));
    assert!(!text.contains("QZ-confidential"));
    let other = pair.lead.folder().join("other.key");
    assert!(Command::new("age-keygen").arg("-o").arg(&other).output().unwrap().status.success());
    assert!(decrypted(&file, &other).is_none());
    // Sizes are padded: a few words more do not show.
    let size = fs::metadata(&file).unwrap().len();
    pair.lead.bansou(["diagnosis", "answer", CASE, "4", "0"]).ok();
    let again = fs::metadata(pair.offered()).unwrap().len();
    assert!(size.abs_diff(again) < 256, "{size} {again}: only the grease of age differs");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_own_code() {
    let pair = Pair::agreed();
    let Pair { lead, trainee } = &pair;
    let (file, own) = (pair.offered(), identity(&pair));
    let good = fs::read(&file).unwrap();
    let refuse = |name: &str, bytes: &[u8], code: i32, says: &str| {
        let file = path(trainee, name);
        fs::write(&file, bytes).unwrap();
        let refused = trainee.bansou(["--lang", "ja", "share", "open", &file, "--yes"]).refused(code, true);
        assert!(refused.stderr.contains(says), "{name}: {}", refused.stderr);
    };
    let mut damaged = good.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    refuse("damaged", &damaged, 9, "E-SEAL-CHANGED");
    refuse("short", &good[..good.len() / 2], 9, "E-SEAL-CHANGED");
    refuse("nothing", b"", 9, "E-SEAL-FORMAT");
    refuse("huge", &vec![0; 6 << 20], 8, "E-SEAL-TOO-LARGE");
    trainee.bansou(["--lang", "ja", "share", "open", &path(trainee, "none"), "--yes"]).refused(1, true);
    // Opened and sealed again by the trainee's own means: the words are no longer the lead's.
    let text = String::from_utf8(decrypted(&file, &own).unwrap()).unwrap();
    let to = trainee.json(["share", "key"])["key"].as_str().unwrap().split(' ').nth(1).unwrap().to_owned();
    let seal_again = |text: &[u8]| {
        let (plain, sealed) = (path(trainee, "plain"), path(trainee, "sealed"));
        fs::write(&plain, text).unwrap();
        assert!(Command::new("age").args(["-r", &to, "-o", &sealed, &plain]).status().unwrap().success());
        fs::read(sealed).unwrap()
    };
    refuse("changed", &seal_again(text.replace("設定画面", "設定文書").as_bytes()), 9, "E-SHARE");
    refuse("large", &seal_again(&vec![b' '; 5 << 20]), 8, "E-SEAL-TOO-LARGE");
    refuse("no envelope", &seal_again(b"{}"), 9, "E-SEAL-ARCHIVE");
    // Signed by the lead, but not what this program may take.
    let body = Signed::from_json(text.trim_end()).unwrap().body;
    let signed = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&body).unwrap();
        change(&mut value);
        let home = home(lead, LEADS);
        let signed = seal::sign(&home.keys.signing, Context::Share, value.to_string());
        seal::seal_share(&signed, &to).unwrap()
    };
    refuse("newer", &signed(&|v| v["v"] = json!(2)), 10, "E-SHARE");
    refuse("newer shape", &signed(&|v| *v = json!({"v": 3, "anything": [1]})), 10, "E-SHARE");
    refuse("expired", &signed(&|v| v["until"] = json!(day(-1))), 8, "E-SHARE");
    refuse("for another", &signed(&|v| v["to"]["signing"] = v["from"]["signing"].clone()), 9, "E-SHARE");
    refuse("extra", &signed(&|v| v["extra"] = json!(1)), 9, "E-SHARE");
    refuse("real", &signed(&|v| v["practice"] = json!(false)), 8, "E-703");
    refuse("edition", &signed(&|v| v["programme"] = json!("r99")), 10, "E-105");
    refuse("key", &signed(&|v| v["fields"]["claim/1"] = json!("45000")), 8, "E-106");
    // The lead cannot open what was sealed to the trainee.
    lead.bansou(["--lang", "ja", "share", "open", &file, "--yes"]).refused(9, true);
    assert!(!trainee.bansou(["client", "list"]).ok().stdout.contains("写し製作所"));
    // And a return that is somebody else's.
    pair.taken();
    let back = pair.returned("back.age");
    trainee.bansou(["--lang", "ja", "share", "merge", &back]).refused(9, true);
    let mut damaged = fs::read(&back).unwrap();
    damaged[200] ^= 1;
    fs::write(path(lead, "back.age"), damaged).unwrap();
    lead.bansou(["--lang", "ja", "share", "merge", &path(lead, "back.age")]).refused(9, true);
    for (line, code) in [("bansou-key-v1 age1x y", 2), ("bansou-key-v2 age1x y", 10)] {
        let text = format!("key = \"{line}\"");
        let refused = lead.bansou_with_input(["--lang", "ja", "share", "agree", CASE, "-"], &text).refused(code, true);
        assert!(refused.stderr.contains("E-SHARE"), "{}", refused.stderr);
    }
}

#[test]
fn a_copy_that_ended_is_erased_at_the_next_unlock_and_leaves_its_record() {
    let pair = Pair::agreed();
    let Pair { lead, trainee } = &pair;
    let file = PathBuf::from(path(lead, "old.age"));
    // Forty days ago: handed out, taken in, worked on.
    {
        let (mut from, mut to) = (home(lead, LEADS), home(trainee, TRAINEES));
        let then = format!("{}T12:00:00", day(-40)).parse().unwrap();
        let engagement = *from.books.engagements.keys().next().unwrap();
        let mut pairing = from.books.pairing_of(engagement).unwrap().clone();
        pairing.until = Some(day(-20).parse().unwrap());
        let command = bansou_core::share::ShareCommand::Pair(Box::new(pairing));
        from.apply(bansou_core::command::Command::Share(command)).unwrap();
        from.set_practice_time(then).unwrap();
        share::offer(&mut from, engagement, &file).unwrap();
        to.set_practice_time(then).unwrap();
        let copy = share::look(&to, &file).unwrap();
        share::open(&mut to, copy).unwrap();
        assert_eq!(to.books.clients.len(), 1);
    }
    let listed = trainee.json(["client", "list", "--reveal"]);
    assert_eq!(listed["clients"], json!([]), "gone at the unlock");
    trainee.bansou(["--lang", "ja", "share", "show", CASE]).refused(5, true);
    trainee.bansou(["--lang", "ja", "share", "open", &file.display().to_string(), "--yes"]).refused(8, true);
    let purges = trainee.json(["client", "purges"])["purges"].clone();
    assert_eq!(purges.as_array().unwrap().len(), 1);
    let purge = &purges[0];
    assert_eq!((&purge["rule"], &purge["finished"]), (&json!("ojt@2020"), &json!(true)));
    assert_eq!(purge["ended_on"], day(-20));
    trainee.bansou(["unlock-check"]).ok();
    assert!(!trainee.bansou(["search", "写し製作所"]).ok().stdout.contains("写し"));
    // A trainee who is done can erase earlier, without waiting for anything.
    pair.agree(&format!("until = \"{}\"\n", day(10)));
    pair.taken();
    let id = trainee.json(["client", "list"])["clients"][0]["id"].as_str().unwrap().to_owned();
    trainee.bansou(["client", "erase", &id, "--confirm", CASE]).ok();
    assert_eq!(trainee.json(["client", "list"])["clients"], json!([]));
}
