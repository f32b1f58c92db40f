//! A client's way out of a practice home: sealed reports, an accepted claim, the retention time, and then nothing left.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "kit/people.rs"]
mod people;

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};

use bansou::shell::documents::Typesetter;
use bansou::shell::home::Home;
use bansou::shell::practice::data::{Firm, Practice, built_in};
use bansou::shell::practice::stage::Stage;
use bansou::shell::vault::{Kind, Secret};
use bansou::shell::{enrol, office, papers, post, retention};
use bansou_core::claim::{self, ClaimCommand};
use bansou_core::client::ClientCommand;
use bansou_core::command::{self, Command};
use bansou_core::document::{Request, sheet};
use bansou_core::history;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::{Id, OutboxState, Profile, Record};
use bansou_core::refusal::Refusal;
use bansou_core::text::Lang;
use bansou_server::Config;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use people::owner;
use serde_json::Value;
use tempfile::TempDir;

const BASE: Date = date(2026, 10, 30);
const WORD: &str = "renshu";

fn home(dir: &Path, secretariat: bool) -> Home {
    let profile = Profile { secretariat, ..owner() };
    let mut home = Home::create(dir, &Secret::new(WORD.into()), Kind::Practice, profile).unwrap().0;
    home.set_practice_time(BASE.at(9, 0, 0, 0)).unwrap();
    home
}

struct World {
    dir: TempDir,
    _server: (bansou_server::Running, tokio::runtime::Runtime),
    office: Home,
    expert: Home,
    typesetter: Typesetter,
    practice: Practice,
}

impl World {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let mut office = home(&dir.path().join("secretariat"), true);
        office::found(&mut office, "").unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let mut config = Config::new(dir.path().join("server"), "127.0.0.1:0".parse().unwrap());
        config.secretariat = Some(office.root_key());
        let server = runtime.block_on(bansou_server::start(config)).unwrap();
        office::publish_to(&mut office, server.url()).unwrap();
        let mut expert = home(&dir.path().join("expert"), false);
        let [invitation, request, pack] = ["invitation.json", "request.age", "pack.json"].map(|f| dir.path().join(f));
        office::invite(&mut office, &invitation).unwrap();
        enrol::request(&mut expert, &invitation, &request).unwrap();
        office::approve(&mut office, &request, &pack).unwrap();
        enrol::accept(&mut expert, &pack).unwrap();
        Self {
            dir,
            _server: (server, runtime),
            office,
            expert,
            typesetter: Typesetter::new().unwrap(),
            practice: built_in().unwrap(),
        }
    }

    fn firm(&self, case_no: &str) -> Firm {
        self.practice.firms.iter().find(|f| f.case_no == case_no).unwrap().clone()
    }

    /// Everything that waits goes to the secretariat; it accepts all and the answers come back.
    fn exchange(&mut self, offset: i32) {
        self.office.set_practice_time(BASE.saturating_add(offset.days()).at(20, 0, 0, 0)).unwrap();
        post::send(&mut self.expert).unwrap();
        office::pull(&mut self.office, None).unwrap();
        office::review_clean(&mut self.office).unwrap();
        post::fetch_replies(&mut self.expert).unwrap();
        assert!(self.expert.books.outbox.values().all(|i| i.state == OutboxState::Accepted));
    }

    /// Takes a firm through its first sessions, each reported and accepted; gives its client and engagement.
    fn work(&mut self, firm: &Firm, sessions: usize) -> (Id, Id) {
        let expert = *self.office.books.experts.keys().next().unwrap();
        let (case_no, client_name, prefecture) = (firm.case_no.clone(), firm.name.clone(), firm.prefecture);
        self.office.set_practice_time(BASE.saturating_add(firm.matched.days()).at(12, 0, 0, 0)).unwrap();
        self.office
            .apply(Command::Office(OfficeCommand::OpenCase { case_no, client_name, prefecture, expert }))
            .unwrap();
        let work = self.practice.work.clone();
        let mut stage = Stage::begin(&mut self.expert, firm, &work, BASE).unwrap();
        stage.plan_dates().unwrap();
        let (client, engagement) = (stage.client, stage.engagement);
        for (session, offset) in (1u8..).zip(&firm.held).take(sessions) {
            let mut stage = Stage::resume(&mut self.expert, firm, &work, BASE, engagement);
            stage.at(*offset).unwrap();
            stage.session_work(session, *offset).unwrap();
            post::seal_report(&mut self.expert, &self.typesetter, engagement, session).unwrap();
            self.exchange(*offset);
        }
        (client, engagement)
    }

    /// One claim over everything that can be claimed, accepted on `BASE`.
    fn claim(&mut self) -> Id {
        self.expert.set_practice_time(BASE.at(9, 0, 0, 0)).unwrap();
        let mut units = Vec::new();
        for e in self.expert.books.engagements.values() {
            let found = claim::units(&self.expert.books, self.expert.pack_of(e.id).unwrap(), e);
            units.extend(found.iter().filter(|u| u.blocked.is_none()).map(|u| (e.id, u.line.sessions[0])));
        }
        let drafted = self.expert.apply(Command::Claim(ClaimCommand::Draft { units, claimed_on: BASE })).unwrap();
        post::seal_claim(&mut self.expert, &self.typesetter, drafted[0].id).unwrap();
        self.exchange(0);
        drafted[0].id
    }
}

/// The program on the expert's home, as a person would call it on a later day.
fn bansou(dir: &Path, args: &[&str]) -> Output {
    program(dir, args).output().unwrap()
}

fn program(dir: &Path, args: &[&str]) -> Process {
    let passphrase: PathBuf = dir.join("passphrase");
    if !passphrase.exists() {
        papers::write_file(&passphrase, WORD.as_bytes()).unwrap();
    }
    let mut program = Process::new(env!("CARGO_BIN_EXE_bansou"));
    program.arg("--home").arg(dir.join("expert")).arg("--passphrase-file").arg(passphrase);
    program.args(["--no-input", "--lang", "en"]).args(args);
    program
}

fn json(dir: &Path, args: &[&str]) -> Value {
    let output = bansou(dir, &[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What only this firm's records say.
fn words(firm: &Firm) -> Vec<&str> {
    vec![&firm.name, &firm.kana, &firm.representative]
}

/// Every text that the home still gives out: its records, its history, its certificates.
fn told(home: &Home) -> Vec<String> {
    let entries = home.history().unwrap();
    home.books.records().iter().map(|r| r.encode()).chain(entries.iter().map(|(_, e)| e.encode())).collect()
}

fn says(home: &Home, words: &[&str]) -> bool {
    told(home).iter().any(|text| words.iter().any(|w| text.contains(w)))
}

#[test]
fn a_firm_leaves_after_its_time_and_only_its_claim_and_the_proof_stay() {
    let mut world = World::new();
    let (leaving, staying) = (world.firm("K-0044"), world.firm("K-0007"));
    let (client, engagement) = world.work(&leaving, 4);
    let (other, _) = world.work(&staying, 1);
    let claim = world.claim();
    let World { dir, mut expert, typesetter, .. } = world;
    assert!(says(&expert, &words(&leaving)) && says(&expert, &words(&staying)));
    expert.apply(Command::Client(ClientCommand::Archive(client))).unwrap();
    let before = expert.books.clone();
    let payload = claim::payload(&before, expert.pack_of(engagement).unwrap(), &before.claims[&claim]);
    // Too early, then the wrong word, then the other firm, whose sessions go on: each is refused and changes nothing.
    let no = |expert: &mut Home, client: Id, typed: &str| {
        let refused = retention::erase(expert, &typesetter, client, typed).unwrap_err();
        assert_eq!((refused.exit_code(), &expert.books), (8, &before));
        refused.code()
    };
    assert_eq!(no(&mut expert, client, "K-0044"), "E-903");
    expert.set_practice_time(BASE.saturating_add(90.days()).at(9, 0, 0, 0)).unwrap();
    assert_eq!(no(&mut expert, client, "K-0007"), "E-904");
    assert_eq!(no(&mut expert, other, "K-0007"), "E-903");
    let record = retention::erase(&mut expert, &typesetter, client, "K-0044").unwrap();
    assert!(record.blobs.len() > 15 && record.blobs.iter().all(|id| expert.blob(*id).is_err()));
    assert!(!expert.purge_finished(&record), "the texts go when it is opened next");
    let journal = expert.history().unwrap();
    let purged = &journal.iter().rev().find(|(_, e)| e.command == command::PURGE).unwrap().1;
    assert_eq!(history::reverse(&expert.books, purged), Err(Refusal::CannotUndo), "a purge is not taken back");
    drop(expert);

    let home = Home::open(&dir.path().join("expert"), &Secret::new(WORD.into())).unwrap();
    assert_eq!(home.verify(Lang::En).unwrap(), Vec::<String>::new());
    assert!(!says(&home, &words(&leaving)) && says(&home, &words(&staying)));
    assert_eq!(home.books.purges.get(&record.id), Some(&record));
    assert!(home.purge_finished(&record) && record.blobs.iter().all(|id| home.blob(*id).is_err()));
    assert!(home.history().unwrap().iter().all(|(seq, _)| !record.entries.contains(seq)));
    // The other firm is as it was, and the claim says the same amounts on a form made anew.
    let about = |r: &Record| r.encode().contains(&other.to_string());
    assert!(before.records().into_iter().filter(about).eq(home.books.records().into_iter().filter(about)));
    let pack = home.pack_of(engagement).unwrap();
    assert_eq!(claim::payload(&home.books, pack, &home.books.claims[&claim]), payload);
    let form = home.books.artefacts.values().find(|a| a.claim == Some(claim)).unwrap();
    assert!(!before.artefacts.contains_key(&form.id) && home.blob(form.blob).unwrap().starts_with(b"%PDF-"));
    let data = sheet(&home.books, &home.packs, BASE, &Request::Claim(claim)).unwrap().data.to_string();
    assert!(data.contains("K-0044") && !data.contains(&leaving.name) && data.contains(&staying.name), "{data}");
    drop(home);
    by_hand(dir.path(), record.entries.len());
}

const FIRM: &str = "name = \"㈱ひみつ\"\nkana = \"ヒミツ\"\ncategory = 1\nemployees = 20\nprefecture = 13\n";

/// The program with a text on its standard input; gives its exit code and what it said on either side.
fn told_by(dir: &Path, args: &[&str], input: &str) -> (i32, String) {
    let file = dir.join("input");
    std::fs::write(&file, input).unwrap();
    let mut program = program(dir, args);
    let output = program.stdin(std::fs::File::open(file).unwrap()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn a_firm_on_hold_stays_and_one_without_sessions_may_go_at_once() {
    let dir = TempDir::new().unwrap();
    drop(home(&dir.path().join("expert"), false));
    let run = |args: &[&str], input: &str| told_by(dir.path(), args, input);
    assert_eq!(run(&["client", "add", "-"], FIRM).0, 0);
    let id = json(dir.path(), &["client", "list"])["clients"][0]["id"].as_str().unwrap().to_owned();
    let said = |args: &[&str]| run(&[&["client"], args].concat(), "係争中");
    assert_eq!(said(&["hold", &id]).0, 0);
    assert_eq!(said(&["archive", &id]).0, 0);
    let list = json(dir.path(), &["client", "list", "--archived"]);
    assert_eq!(list["clients"][0]["blocks"][0]["code"], "hold");
    assert_eq!((said(&["erase", &id, "--dry-run"]).0, said(&["one-star", &id]).0), (6, 8));
    let (code, refused) = said(&["erase", &id, "--confirm", "erase"]);
    assert!(code == 8 && refused.contains("E-903") && !refused.contains("係争中"), "{refused}");
    assert_eq!(said(&["release", &id]).0, 0);
    assert_eq!((said(&["unarchive", &id]).0, said(&["erase", &id]).0), (0, 2));
    let (code, refused) = said(&["erase", &id, "--confirm", "yes"]);
    assert!(code == 8 && refused.contains("E-904"), "{refused}");
    assert_eq!(said(&["erase", &id, "--dry-run"]).0, 0);
    assert_eq!(json(dir.path(), &["client", "list"])["clients"].as_array().unwrap().len(), 1, "nothing was erased");
    let done = json(dir.path(), &["client", "erase", &id, "--confirm", "erase"]);
    assert_eq!((&done["removed"]["client"], &done["removed"]["hold"]), (&1.into(), &1.into()));
    assert_eq!((&done["finished"], &done["case_no"]), (&true.into(), &Value::Null));
    assert_eq!(json(dir.path(), &["client", "purges"])["purges"][0]["finished"], true);
    let (code, history) = run(&["history"], "");
    assert!(code == 0 && history.matches("text erased on").count() == 5, "{history}");
    assert_eq!(run(&["undo"], "").0, 8);
}

/// The same home through the command line.
fn by_hand(dir: &Path, erased: usize) {
    let purge = json(dir, &["client", "purges"])["purges"][0].clone();
    assert_eq!((&purge["case_no"], &purge["rule"]), (&"K-0044".into(), &"standard@2026".into()));
    assert_eq!(json(dir, &["history"])["erased"].as_array().unwrap().len(), erased);
    assert_eq!(json(dir, &["client", "list"])["clients"].as_array().unwrap().len(), 1);
    assert_eq!(json(dir, &["client", "list", "--archived"])["clients"], Value::Array(Vec::new()));
    assert_eq!(json(dir, &["unlock-check"])["findings"], Value::Array(Vec::new()));
    let closed = bansou(dir, &["plan", "generate", "K-0044"]);
    assert_eq!(closed.status.code(), Some(8), "what is left cannot be worked on");
    let file = dir.join("certificate.md").display().to_string();
    json(dir, &["client", "certificate", purge["id"].as_str().unwrap(), &file]);
    assert_eq!(json(dir, &["client", "check-certificate", &file])["sha256"], purge["sha256"]);
    let changed = std::fs::read_to_string(&file).unwrap().replace("K-0044", "K-0045");
    std::fs::write(&file, changed).unwrap();
    assert_eq!(bansou(dir, &["client", "check-certificate", &file]).status.code(), Some(9));
}
