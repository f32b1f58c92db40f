//! The desk thread: owns the open home, does what the screens ask in order, and answers each request once.

mod evidence;
mod office;
mod owner;
mod past;
mod paths;
mod share;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use bansou_core::books::Books;
use bansou_core::command::housekeeping;
use bansou_core::document::Request;
use bansou_core::record::v1::Id;
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::Signed;
use bansou_core::wire::v1::receipt::InboxEntry;

use super::carry::{Carrier as _, CarryError, Https, Sealed, Sent};
use super::documents::Typesetter;
use super::enrol::Enrolled;
use super::evidence::Look;
use super::failure::Failure;
use super::home::Home;
use super::runtime::fail;
use super::vault::Secret;
use super::{doctor, memory, papers, post, resume, retention};
use crate::app::effect::{Effect, Ticket};
use crate::app::field;
use crate::app::msg::{Msg, Problem};

/// Work for the desk.
pub enum Job {
    Do(Effect),
    /// The home is open already: tell the screens under this ticket.
    Announce(Ticket),
    /// The network thread came back.
    Carried(Ticket, Carried),
    /// Say so when everything before is done.
    Answer(Sender<()>),
    /// For tests on practice homes: the desk panics.
    Panic,
    Stop,
}

/// What the network thread brought back.
pub struct Carried {
    listed: Result<Vec<InboxEntry>, CarryError>,
    sent: Vec<(Id, Result<Sent, CarryError>)>,
    replies: Vec<(String, Signed)>,
    failure: Option<CarryError>,
}

/// The desk before its thread starts.
pub struct Desk {
    path: PathBuf,
    home: Option<Home>,
}

/// The desk's thread and the way to it.
pub struct Running {
    pub to_desk: Sender<Job>,
    pub thread: JoinHandle<()>,
    /// The home was open from the start.
    pub open: bool,
}

/// How many journal entries the screens get for undo and history.
const RECENT: u64 = 1000;

impl Desk {
    /// A desk whose home is opened by the first `Unlock`.
    pub fn locked(path: PathBuf) -> Self {
        Self { path, home: None }
    }

    /// A desk with an open home.
    pub fn open(mut home: Home) -> Self {
        // The screens begin with the books as they are: what was written before must not be followed again.
        home.take_entries();
        Self { path: home.path.clone(), home: Some(home) }
    }

    /// Starts the thread; answers go to `app`.
    pub fn start(self, app: Sender<Msg>, lang: Lang) -> Running {
        let (to_desk, jobs) = channel();
        let own = to_desk.clone();
        let open = self.home.is_some();
        let thread = std::thread::spawn(move || {
            Worker { path: self.path, home: self.home, typesetter: None, app, own, lang, looks: Vec::new() }
                .work(&jobs);
            memory::wipe_stack();
        });
        Running { to_desk, thread, open }
    }
}

struct Worker {
    path: PathBuf,
    home: Option<Home>,
    typesetter: Option<Typesetter>,
    app: Sender<Msg>,
    own: Sender<Job>,
    lang: Lang,
    /// What viewers are looking at.
    looks: Vec<Look>,
}

impl Worker {
    fn work(&mut self, jobs: &Receiver<Job>) {
        while let Ok(job) = jobs.recv() {
            match job {
                Job::Stop => return,
                Job::Answer(to) => drop(to.send(())),
                Job::Panic => fail(),
                Job::Announce(id) => self.announce(id),
                Job::Carried(id, carried) => {
                    let done = self.settle(carried);
                    self.answer(id, done);
                }
                Job::Do(effect) => self.perform(effect),
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        let lang = self.lang;
        match effect {
            Effect::Unlock { id, passphrase } => match Home::open(&self.path, &typed(&passphrase)) {
                Ok(home) => {
                    self.home = Some(home);
                    self.announce(id);
                }
                Err(failure) => self.fail(id, &failure),
            },
            Effect::Save { id, entry } => {
                let saved = self.home().and_then(|home| home.commit(&entry));
                match saved {
                    Ok(seq) => self.tell(Msg::Saved { id, seq }),
                    Err(failure) => self.fail(id, &failure),
                }
            }
            Effect::MakeDocument { id, request, file } => {
                let done = self.make(&request, file.as_deref().map(Path::new));
                self.answer(id, done);
            }
            Effect::SealReport { id, engagement, session } => {
                let done = self.seal(engagement, session);
                self.answer(id, done);
            }
            Effect::SealClaim { id, claim } => {
                let done = self.seal_claim(claim);
                self.answer(id, done);
            }
            Effect::Erase { id, client, word } => {
                let done = self.erase(client, &word);
                self.answer(id, done);
            }
            Effect::SaveDocument { id, blob, file } => {
                let done = self.home().and_then(|home| papers::save(home, blob, Path::new(&file)));
                self.answer(id, done);
            }
            Effect::SaveCalendar { id, file } => {
                let done = self.home().and_then(|home| papers::save_calendar(home, Path::new(&file), false, lang));
                self.answer(id, done);
            }
            Effect::Send { id } => self.send(id),
            Effect::ExportTo { id, folder } => {
                let done = self.home().and_then(|home| post::export(home, Path::new(&folder)).map(drop));
                self.answer(id, done);
            }
            Effect::ImportFrom { id, folder } => {
                let done = self.home().and_then(|home| post::import(home, Path::new(&folder)).map(drop));
                self.answer(id, done);
            }
            Effect::Examine { id, wide } => match &self.home {
                Some(home) => {
                    let report = Box::new(doctor::of_home(home, doctor::terminal(Some(wide))));
                    self.tell(Msg::Examined { id, report });
                }
                None => self.fail(id, &Failure::Locked),
            },
            Effect::KeepDrafts(drafts) => {
                let kept = self.home().and_then(|home| home.keep_drafts(*drafts));
                let problem = kept.err().map(|failure| Box::new(problem(&failure, self.lang)));
                self.tell(Msg::Kept { problem });
            }
            Effect::List(ask) => self.list(*ask),
            asked @ (Effect::Past { .. } | Effect::Then { .. }) => self.look_back(asked),
            asked @ (Effect::Found { .. } | Effect::Fingerprint { .. } | Effect::Care { .. }) => self.owner(asked),
            Effect::Office { id, errand } => self.office(id, errand),
            Effect::Evidence { id, errand } => self.evidence(id, errand),
            Effect::Share { id, errand } => self.share(id, errand),
            Effect::Lock => {
                self.home = None;
                self.looks.clear();
                self.typesetter = None;
                Typesetter::forget();
                memory::wipe_stack();
            }
            Effect::Quit(_) | Effect::Practise | Effect::Aloud | Effect::Clip(_) | Effect::Redraw | Effect::Suspend => {
            }
        }
    }

    fn home(&mut self) -> Result<&mut Home, Failure> {
        self.home.as_mut().ok_or(Failure::Locked)
    }

    fn make(&mut self, request: &Request, file: Option<&Path>) -> Result<(), Failure> {
        let (home, typesetter) = self.tools()?;
        let made = papers::make(home, typesetter, request)?;
        file.map_or(Ok(()), |file| papers::save(home, made.blob, file))
    }

    fn seal(&mut self, engagement: Id, session: u8) -> Result<(), Failure> {
        let (home, typesetter) = self.tools()?;
        post::seal_report(home, typesetter, engagement, session).map(drop)
    }

    fn seal_claim(&mut self, claim: Id) -> Result<(), Failure> {
        let (home, typesetter) = self.tools()?;
        post::seal_claim(home, typesetter, claim).map(drop)
    }

    fn erase(&mut self, client: Id, word: &str) -> Result<(), Failure> {
        let (home, typesetter) = self.tools()?;
        retention::erase(home, typesetter, client, word)?;
        Typesetter::forget();
        Ok(())
    }

    fn tools(&mut self) -> Result<(&mut Home, &Typesetter), Failure> {
        if self.typesetter.is_none() {
            self.typesetter = Some(Typesetter::new()?);
        }
        let typesetter = self.typesetter.as_ref().ok_or(Failure::Locked)?;
        Ok((self.home.as_mut().ok_or(Failure::Locked)?, typesetter))
    }

    /// The network runs beside the desk, so that a slow server never delays a save.
    fn send(&mut self, id: Ticket) {
        let prepared = self.home().and_then(|home| {
            let enrolled = Enrolled::of(home)?;
            let server = resume::server(home, &enrolled.server)?;
            Ok((server, enrolled.receipt_key()?, post::waiting(home)?, post::unanswered(home)))
        });
        let own = self.own.clone();
        match prepared {
            Ok((server, key, waiting, unanswered)) => drop(std::thread::spawn(move || {
                let _ = own.send(Job::Carried(id, carry(&server, &key, &waiting, unanswered)));
            })),
            Err(failure) => self.fail(id, &failure),
        }
    }

    fn settle(&mut self, carried: Carried) -> Result<(), Failure> {
        let home = self.home()?;
        let listed = post::take_mailbox(home, carried.listed);
        for (id, sent) in carried.sent {
            post::settle_sent(home, id, sent)?;
        }
        for (sha256, ack) in carried.replies {
            post::take_reply(home, &sha256, &ack)?;
        }
        listed?;
        carried.failure.map_or(Ok(()), |e| Err(e.into()))
    }

    /// Answers with everything the home has written since the last answer; a failure does not hide what was done.
    fn answer(&mut self, id: Ticket, done: Result<(), Failure>) {
        let entries = self.home.as_mut().map(Home::take_entries).unwrap_or_default();
        match done {
            Ok(()) => self.tell(Msg::Done { id, entries }),
            Err(failure) => {
                let problem = Box::new(problem(&failure, self.lang));
                self.tell(Msg::Stopped { id, entries, problem });
            }
        }
    }

    fn announce(&mut self, id: Ticket) {
        let Some(home) = &self.home else { return };
        match home.recent(RECENT) {
            Ok(mut recent) => {
                recent.retain(|(_, entry)| !housekeeping(entry));
                let books: Box<Books> = Box::new(home.books.clone());
                let (drafts, unread) = match home.drafts() {
                    Ok(drafts) => (Box::new(drafts), None),
                    Err(failure) => (Box::default(), Some(Box::new(problem(&failure, self.lang)))),
                };
                self.tell(Msg::Unlocked { id, books, recent, drafts });
                if unread.is_some() {
                    self.tell(Msg::Kept { problem: unread });
                }
            }
            Err(failure) => self.fail(id, &failure),
        }
    }

    fn fail(&self, id: Ticket, failure: &Failure) {
        self.tell(Msg::Failed { id, problem: Box::new(problem(failure, self.lang)) });
    }

    fn tell(&self, msg: Msg) {
        // The screens are gone only when the program ends.
        let _ = self.app.send(msg);
    }
}

/// What was typed, in the form that opens stores.
fn typed(secret: &field::Secret) -> Secret {
    Secret::new(secret.expose().to_owned())
}

fn carry(server: &Https, key: &[u8; 32], waiting: &[(Id, Sealed)], unanswered: Vec<String>) -> Carried {
    let listed = server.mailbox();
    let mut carried = Carried { listed, sent: Vec::new(), replies: Vec::new(), failure: None };
    for (id, sealed) in waiting {
        let sent = server.send(sealed, key);
        carried.failure = sent.as_ref().err().cloned();
        carried.sent.push((*id, sent));
        if carried.failure.is_some() {
            return carried;
        }
    }
    let fresh = waiting.iter().map(|(_, sealed)| sealed.sha256.clone());
    for sha256 in unanswered.into_iter().chain(fresh) {
        match server.get_ack(&sha256) {
            Ok(Some(ack)) => carried.replies.push((sha256, ack)),
            Ok(None) => {}
            Err(e) => {
                carried.failure = Some(e);
                return carried;
            }
        }
    }
    carried
}

/// A failure in the screens' form: what happened, then what to do.
fn problem(failure: &Failure, lang: Lang) -> Problem {
    let text = failure.text(lang);
    let end = match lang {
        Lang::Ja => text.find('。').map(|i| i + '。'.len_utf8()),
        Lang::En => text.find(". ").map(|i| i + 1),
    };
    let (happened, todo) = text.split_at(end.unwrap_or(text.len()));
    Problem { happened: happened.to_owned(), todo: todo.trim().to_owned(), code: failure.code() }
}
