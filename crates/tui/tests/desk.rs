//! The desk doing the secretariat's errands on real practice homes, without a network.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/people.rs"]
mod people;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use bansou::app::effect::{Chore, Effect};
use bansou::app::field;
use bansou::app::msg::Msg;
use bansou::app::office::{Errand, Seen};
use bansou::shell::desk::{Desk, Job, Running};
use bansou::shell::home::Home;
use bansou::shell::vault::{Kind, Secret};
use bansou::shell::{enrol, office};
use bansou_core::record::v1::Profile;
use bansou_core::text::Lang;
use people::owner;
use tempfile::TempDir;

fn home(dir: &Path, secretariat: bool) -> Home {
    let profile = Profile { secretariat, ..owner() };
    Home::create(dir, &Secret::new("renshu".into()), Kind::Practice, profile).unwrap().0
}

struct Office {
    dir: TempDir,
    running: Running,
    answers: Receiver<Msg>,
    next: u64,
}

impl Office {
    fn open() -> Office {
        let dir = TempDir::new().unwrap();
        let mut home = home(&dir.path().join("secretariat"), true);
        office::found(&mut home, "").unwrap();
        let (to_app, answers) = channel();
        let running = Desk::open(home).start(to_app, Lang::En);
        Office { dir, running, answers, next: 0 }
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// Sends the desk on an errand and gives its answer.
    fn errand(&mut self, errand: Errand) -> Msg {
        self.next += 1;
        self.running.to_desk.send(Job::Do(Effect::Office { id: self.next, errand })).unwrap();
        self.answers.recv().unwrap()
    }

    /// An expert asks to join; gives the request's file.
    fn request(&mut self, name: &str) -> String {
        let [invitation, request] = [format!("{name}-invitation.json"), format!("{name}-request.age")];
        let (invitation, request) = (self.file(&invitation), self.file(&request));
        let done = self.errand(Errand::Invite { file: invitation.clone() });
        assert!(matches!(&done, Msg::Done { entries, .. } if entries.len() == 1), "{done:?}");
        let mut expert = home(&self.dir.path().join(name), false);
        enrol::request(&mut expert, Path::new(&invitation), Path::new(&request)).unwrap();
        request
    }

    fn read(&mut self, file: &str) -> Seen {
        match self.errand(Errand::ReadRequest { file: file.to_owned() }) {
            Msg::RequestRead { seen, .. } => *seen,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_expert_is_invited_read_approved_and_revoked() {
    let mut office = Office::open();
    let file = office.request("expert");
    let seen = office.read(&file);
    assert_eq!((seen.name.as_str(), &seen.file), ("長戸 一", &file));
    let pack = office.file("pack.json");
    let done = office.errand(Errand::ApproveExpert { seen, file: pack.clone() });
    assert!(matches!(&done, Msg::Done { entries, .. } if !entries.is_empty()), "{done:?}");
    assert!(fs::read_to_string(pack).unwrap().contains("certificate"));
    let expert = match &done {
        Msg::Done { entries, .. } => entries[0].changes[0].id,
        _ => unreachable!(),
    };
    let stopped = office.errand(Errand::RevokeExpert { expert });
    let kept = matches!(&stopped, Msg::Stopped { entries, .. } if entries.len() == 1);
    assert!(kept, "revoked here although no server can be told: {stopped:?}");
}

#[test]
fn the_desk_examines_the_open_home_and_nothing_once_it_is_locked() {
    let office = Office::open();
    fs::write(office.dir.path().join("secretariat/keys/stray.age"), "x").unwrap();
    let examine = |id| office.running.to_desk.send(Job::Do(Effect::Examine { id, wide: false })).unwrap();
    examine(1);
    let found = match office.answers.recv().unwrap() {
        Msg::Examined { id: 1, report } => report.findings,
        other => panic!("{other:?}"),
    };
    assert!(found.iter().any(|f| f.id() == "key.unknown" && f.about.en == "keys/stray.age"), "{found:?}");
    office.running.to_desk.send(Job::Do(Effect::Lock)).unwrap();
    examine(2);
    assert!(matches!(office.answers.recv().unwrap(), Msg::Failed { id: 2, .. }));
}

#[test]
fn the_desk_backs_up_drills_and_changes_the_passphrase() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("home");
    let (mut home, code) = Home::create(&path, &Secret::new("renshu".into()), Kind::Practice, owner()).unwrap();
    home.take_entries();
    let (to_app, answers) = channel();
    let running = Desk::open(home).start(to_app, Lang::En);
    let typed = field::Secret::new;
    let ask = |id, chore| {
        running.to_desk.send(Job::Do(Effect::Care { id, chore })).unwrap();
        answers.recv().unwrap()
    };
    let done = ask(1, Chore::Backup);
    assert!(matches!(&done, Msg::Done { id: 1, entries } if entries.len() == 1), "{done:?}");
    assert_eq!(fs::read_dir(path.join("backups")).unwrap().count(), 1);
    assert!(matches!(ask(2, Chore::Drill(typed("AGE-SECRET-KEY-1X"))), Msg::Stopped { .. }));
    assert!(matches!(ask(3, Chore::Drill(typed(code.expose()))), Msg::Done { .. }));
    let change = |now: &str| Chore::Passphrase { now: typed(now), new: typed("あたらしい") };
    match ask(4, change("違う")) {
        Msg::Stopped { problem, .. } => assert_eq!(problem.code, "E-VAULT-PASSPHRASE"),
        other => panic!("{other:?}"),
    }
    assert!(matches!(ask(5, change("renshu")), Msg::Done { .. }));
    assert!(matches!(ask(6, change(code.expose())), Msg::Done { .. }), "who forgot it has the sheet");
    running.to_desk.send(Job::Stop).unwrap();
    running.thread.join().unwrap();
    assert!(Home::open(&path, &Secret::new("renshu".into())).is_err());
    let home = Home::open(&path, &Secret::new("あたらしい".into())).unwrap();
    assert!(home.books.care.as_ref().is_some_and(|care| care.drilled_on.is_some() && care.backup.is_some()));
}

#[test]
fn a_request_replaced_after_it_was_shown_is_not_approved() {
    let mut office = Office::open();
    let (first, second) = (office.request("first"), office.request("second"));
    let seen = office.read(&first);
    fs::copy(second, &first).unwrap();
    let pack = office.file("pack.json");
    let stopped = office.errand(Errand::ApproveExpert { seen, file: pack.clone() });
    assert!(matches!(&stopped, Msg::Stopped { entries, .. } if entries.is_empty()), "{stopped:?}");
    assert!(!Path::new(&pack).exists());
}

#[test]
fn figures_are_written_once_and_an_empty_folder_brings_nothing() {
    let mut office = Office::open();
    let file = office.file("figures.pdf");
    let done = office.errand(Errand::ExportFigures { file: file.clone() });
    assert!(matches!(done, Msg::Done { .. }), "{done:?}");
    assert!(fs::read(&file).unwrap().starts_with(b"%PDF-"));
    let again = office.errand(Errand::ExportFigures { file });
    assert!(matches!(again, Msg::Stopped { .. }), "an existing file is never overwritten");
    let folder = Some(office.dir.path().join("usb").to_str().unwrap().to_owned());
    fs::create_dir(office.dir.path().join("usb")).unwrap();
    let pulled = office.errand(Errand::Pull { folder });
    assert!(matches!(&pulled, Msg::Done { entries, .. } if entries.is_empty()), "{pulled:?}");
}
