//! The practice world: a secretariat, an expert and the real server in a process of its own, all with real keys.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};

use bansou_core::command::Command;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::{Id, PatternCode, Profile};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::data::{Firm, Practice, Stage as At, built_in};
use super::stage::Stage;
use crate::shell::clock;
use crate::shell::documents::Typesetter;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::runtime::Wish;
use crate::shell::vault::{Kind, Secret};
use crate::shell::{enrol, office, place, post};
use crate::words::Words;

pub use crate::app::look::PRACTICE_WORD as PASSPHRASE;

/// A running practice server; it ends with this value.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Starts this program again as the server at this loopback address; port 0 is a free one.
    pub fn start(data: &Path, root_key: &str, address: &str) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(|e| Failure::file(Path::new("bansou"), &e))?;
        let mut child = Process::new(program)
            .arg("practice-server")
            .arg("--data")
            .arg(data)
            .args(["--listen", address, "--secretariat", root_key])
            // Closed by the end of this program, however it ends, and the server goes with it.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| Failure::file(data, &e))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|e| Failure::file(data, &e))?;
        }
        match line.trim().strip_prefix("listening ") {
            Some(url) => Ok(Self { child, url: url.to_owned() }),
            None => {
                let _ = child.kill();
                Err(Failure::Step("the practice server did not start".into()))
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Everything the practice runs on.
pub struct World {
    pub dir: PathBuf,
    pub server: Server,
    pub office: Home,
    pub expert: Home,
    pub typesetter: Typesetter,
    pub practice: Practice,
    /// The day the practice begins: today.
    pub base: Date,
}

impl World {
    /// Makes homes with real keys, starts the server and enrols the expert.
    pub fn prepare(dir: &Path) -> Result<Self, Failure> {
        let practice = built_in()?;
        std::fs::create_dir_all(dir).map_err(|e| Failure::file(dir, &e))?;
        let secret = Secret::new(PASSPHRASE.to_owned());
        let mut office = Home::create(&dir.join("secretariat"), &secret, Kind::Practice, office_profile(&practice))?.0;
        office::found(&mut office, "")?;
        let server = Server::start(&dir.join("server"), &office.root_key(), "127.0.0.1:0")?;
        office::publish_to(&mut office, server.url.clone())?;
        let mut expert = Home::create(&dir.join("expert"), &secret, Kind::Practice, expert_profile(&practice))?.0;
        let [invitation, request, pack] = ["invitation.json", "request.age", "pack.json"].map(|f| dir.join(f));
        office::invite(&mut office, &invitation)?;
        enrol::request(&mut expert, &invitation, &request)?;
        office::approve(&mut office, &request, &pack)?;
        enrol::accept(&mut expert, &pack)?;
        let base = clock::now().date();
        Ok(Self { dir: dir.to_owned(), server, office, expert, typesetter: Typesetter::new()?, practice, base })
    }

    /// The number of the enrolled expert's record at the secretariat.
    pub fn expert_id(&self) -> Result<Id, Failure> {
        let id = self.office.books.experts.keys().next().copied();
        id.ok_or_else(|| Failure::Step("no expert is enrolled".into()))
    }

    /// The secretariat assigns a firm's case to the expert.
    pub fn assign(&mut self, firm: &Firm) -> Result<(), Failure> {
        let (expert, noon) = (self.expert_id()?, self.base.saturating_add(firm.matched.days()).at(12, 0, 0, 0));
        self.office.set_practice_time(noon)?;
        self.office
            .apply(Command::Office(OfficeCommand::OpenCase {
                case_no: firm.case_no.clone(),
                client_name: firm.name.clone(),
                prefecture: firm.prefecture,
                expert,
            }))
            .map(drop)
    }

    /// Sends what waits, lets the secretariat pull and approve what its check found nothing in, and fetches answers.
    pub fn exchange(&mut self, offset: i32) -> Result<(usize, usize), Failure> {
        let evening = self.base.saturating_add(offset.days()).at(20, 0, 0, 0);
        self.office.set_practice_time(evening)?;
        let receipts = post::send(&mut self.expert)?;
        office::pull(&mut self.office, None)?;
        office::review_clean(&mut self.office)?;
        Ok((receipts, post::fetch_replies(&mut self.expert)?))
    }

    /// Loads the three firms of the practice at their stages.
    pub fn load_firms(&mut self) -> Result<usize, Failure> {
        let firms = self.practice.firms.clone();
        let mut loaded = 0;
        for firm in firms.iter().filter(|f| f.stage != At::Walk) {
            self.assign(firm)?;
            self.load(firm)?;
            loaded += 1;
        }
        let now = clock::now();
        self.expert.set_practice_time(now)?;
        self.office.set_practice_time(now)?;
        Ok(loaded)
    }

    fn load(&mut self, firm: &Firm) -> Result<(), Failure> {
        let work = self.practice.work.clone();
        let mut stage = Stage::begin(&mut self.expert, firm, &work, self.base)?;
        stage.plan_dates()?;
        let engagement = stage.engagement;
        for (session, offset) in (1u8..).zip(&firm.held) {
            let mut stage = Stage::resume(&mut self.expert, firm, &work, self.base, engagement);
            stage.session_work(session, *offset)?;
            // The firm between sessions has its newest report still to be written.
            if firm.stage == At::Finished || usize::from(session) < firm.held.len() {
                post::seal_report(&mut self.expert, &self.typesetter, engagement, session)?;
                self.exchange(*offset)?;
            }
        }
        Ok(())
    }
}

fn office_profile(practice: &Practice) -> Profile {
    let o = practice.secretariat.clone();
    Profile {
        secretariat: true,
        practice: true,
        programme: "current-2026".into(),
        name: o.name,
        kana: o.kana,
        registration: String::new(),
        pattern: PatternCode::A,
        prefecture: o.prefecture,
        address: o.address,
        invoice_number: String::new(),
        company: String::new(),
    }
}

fn expert_profile(practice: &Practice) -> Profile {
    let e = practice.expert.clone();
    Profile {
        secretariat: false,
        practice: true,
        programme: "current-2026".into(),
        name: e.name,
        kana: e.kana,
        registration: e.registration,
        pattern: e.pattern,
        prefecture: e.prefecture,
        address: e.address,
        invoice_number: e.invoice_number,
        company: e.company,
    }
}

/// A new folder beside the default home, or the one that was named; it must be empty or absent.
pub fn folder(dir: Option<&Path>) -> Result<PathBuf, Failure> {
    let dir = match dir {
        Some(dir) => dir.to_owned(),
        None => {
            let id = Id::grown(&clock::seed(), 0).to_string();
            let homes = place::default_home().and_then(|h| h.parent().map(Path::to_owned));
            let homes = homes.ok_or_else(|| Failure::NoHome { path: "~/.local/share".into() })?;
            homes.join("bansou-practice").join(&id[..12])
        }
    };
    let used = std::fs::read_dir(&dir).is_ok_and(|mut entries| entries.next().is_some());
    if used {
        let dir = dir.display();
        return Err(Failure::input(
            format!(
                "{dir} は空ではありません。別のフォルダーを指定してください。前の練習の続きは bansou --home {dir}/expert で開けます。"
            ),
            format!(
                "{dir} is not empty. Name another folder; bansou --home {dir}/expert goes on with an earlier practice."
            ),
        ));
    }
    Ok(dir)
}

/// Prepares the practice and opens the screens on the expert's home.
pub fn screens(wish: Wish, dir: Option<&Path>) -> Result<u8, Failure> {
    let dir = folder(dir)?;
    let shown = dir.display().to_string();
    // Nobody listening is no failure.
    let _ = writeln!(std::io::stderr(), "{}", Words::new(wish.lang).fill("tutorial.making", &[("dir", &shown)]));
    let mut world = World::prepare(&dir)?;
    world.load_firms()?;
    let World { server, expert, office, .. } = world;
    // Set free, so that it can be opened beside the expert's screens.
    drop(office);
    let code = crate::shell::runtime::practice(expert, wish, None);
    drop(server);
    let line = Words::new(wish.lang).fill("walk.left", &[("dir", &dir.display().to_string()), ("word", PASSPHRASE)]);
    // Told after the screens are gone; nobody listening is no failure.
    let _ = writeln!(std::io::stderr(), "{line}");
    code
}
