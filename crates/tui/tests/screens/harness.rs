//! Drives the model with keys and dumps frames as plain text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bansou::app::effect::Effect;
use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::model::{Ctx, Model};
use bansou::app::msg::Msg;
use bansou::app::width::Ambiguous;
use bansou::app::{update::update, view::view};
use bansou_core::books::Books;
use bansou_core::client::ClientCommand;
use bansou_core::command::{self, Command};
use bansou_core::programme::builtin;
use bansou_core::record::v1::{Client, Contact, Id, Profile};
use bansou_core::session::{SessionAction, SessionCommand};
use jiff::ToSpan;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Position;
use ratatui::style::Color;

use crate::people::owner;

/// A model with a clock that moves `pause` milliseconds per key.
#[derive(Clone)]
pub struct Driver {
    pub model: Model,
    pub pause: u64,
    ctx: Ctx,
}

impl Driver {
    pub fn new(look: Look) -> Driver {
        let now = jiff::civil::date(2026, 10, 8).at(14, 5, 12, 0);
        let ctx = Ctx { now, millis: 0, seed: [7; 16] };
        let packs = Arc::new(builtin());
        Driver { model: Model::new(look, now, packs), pause: 50, ctx }
    }

    /// Unlocked, with an empty home on the screen.
    pub fn opened(look: Look) -> Driver {
        Driver::with(look, Books::default())
    }

    /// Unlocked, with these books.
    pub fn with(look: Look, books: Books) -> Driver {
        let mut driver = Driver::new(look);
        driver.keys("x<Enter>");
        let (books, recent) = (Box::new(books), Vec::new());
        driver.send(Msg::Unlocked { id: 1, books, recent, drafts: Box::default() });
        driver
    }

    /// Answers every save as the store does.
    pub fn saved(&mut self) {
        let waiting: Vec<u64> = self.model.pending.keys().copied().collect();
        for id in waiting {
            self.send(Msg::Saved { id, seq: id });
        }
    }

    pub fn later(&mut self, seconds: i64) {
        self.ctx.now = self.ctx.now.checked_add(seconds.seconds()).unwrap();
    }

    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        self.ctx.millis += self.pause;
        for (byte, part) in self.ctx.seed.iter_mut().zip(self.ctx.millis.to_le_bytes()) {
            *byte = part;
        }
        update(&mut self.model, msg, &self.ctx)
    }

    pub fn text(&mut self, text: &str) {
        for c in text.chars() {
            assert_eq!(self.send(Msg::Key(Key::char(c))), [], "typing asks for nothing");
        }
    }

    /// Presses keys: characters, and names in angle brackets (`<F2>`, `<Ctrl+S>`).
    pub fn keys(&mut self, script: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut rest = script;
        while let Some(c) = rest.chars().next() {
            let (key, length) = match rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                Some((name, _)) if c == '<' => (named(name), name.len() + 2),
                _ => (Key::char(c), c.len_utf8()),
            };
            effects.extend(self.send(Msg::Key(key)));
            rest = &rest[length..];
        }
        effects
    }

    fn frame(&self, width: u16, height: u16) -> Terminal<TestBackend> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view(&self.model, frame)).unwrap();
        terminal
    }

    pub fn dump(&self, width: u16, height: u16) -> String {
        dump(self.frame(width, height).backend().buffer())
    }

    /// Compares one size with the stored picture. In wide mode the screen must be the same but for its lines, unless it
    /// has a picture of its own.
    pub fn shot(&mut self, name: &str, (width, height): (u16, u16)) {
        let narrow = self.dump(width, height);
        snapshot(&format!("{name}-{width}x{height}"), &narrow);
        let before = std::mem::replace(&mut self.model.look.ambiguous, Ambiguous::Wide);
        let wide = self.dump(width, height);
        self.model.look.ambiguous = before;
        let file = folder().join(format!("{name}-{width}x{height}-wide.txt"));
        if narrow.replace('\u{2500}', "-").replace('\u{2502}', "|") != wide {
            current(&file, &wide);
        } else if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            let _ = std::fs::remove_file(&file);
        } else {
            assert!(!file.exists(), "{} is not needed any more", file.display());
        }
    }

    /// Neighbouring cells of one colour: row, colour, text.
    pub fn runs(&self, (width, height): (u16, u16)) -> Vec<(u16, Color, String)> {
        let terminal = self.frame(width, height);
        let buffer = terminal.backend().buffer();
        let mut runs: Vec<(u16, Color, String)> = Vec::new();
        for y in 0..height {
            let mut before = None;
            for x in 0..width {
                let cell = &buffer[(x, y)];
                if before != Some(cell.fg) {
                    runs.push((y, cell.fg, String::new()));
                }
                before = Some(cell.fg);
                if let Some(run) = runs.last_mut() {
                    run.2.push_str(cell.symbol());
                }
            }
        }
        runs.retain(|run| !run.2.trim().is_empty());
        runs
    }

    pub fn cursor(&self, width: u16, height: u16) -> (u16, u16) {
        let Position { x, y } = self.frame(width, height).backend().cursor_position();
        (x, y)
    }
}

fn named(name: &str) -> Key {
    if let Some(letter) = name.strip_prefix("Ctrl+") {
        return Key::ctrl(letter.to_lowercase().chars().next().unwrap());
    }
    if let Some(letter) = name.strip_prefix("Alt+") {
        return Key { alt: true, ..Key::char(letter.chars().next().unwrap()) };
    }
    if let Some(n) = name.strip_prefix('F').and_then(|n| n.parse().ok()) {
        return Key::f(n);
    }
    Key::plain(match name {
        "Enter" => Code::Enter,
        "Esc" => Code::Esc,
        "Tab" => Code::Tab,
        "Home" => Code::Home,
        "End" => Code::End,
        "PgUp" => Code::PageUp,
        "BackTab" => Code::BackTab,
        "Backspace" => Code::Backspace,
        "Delete" => Code::Delete,
        "Down" => Code::Down,
        "Up" => Code::Up,
        "Left" => Code::Left,
        "Right" => Code::Right,
        other => panic!("no key is called {other}"),
    })
}

/// One expert with two clients: one engaged with a date for session 1, one not begun.
pub fn books() -> Books {
    let packs = builtin();
    let mut books = Books::default();
    let profile = Profile { programme: "r2-2020".into(), ..owner() };
    let mut seed = 0;
    let mut apply = |command: Command| {
        seed += 1;
        let now = jiff::civil::date(2026, 10, 1).at(9, 0, 0, 0);
        let ctx = command::Ctx { now, seed: [seed; 16], packs: &packs };
        let changes = command::apply(&books, &ctx, command).unwrap();
        books.follow(&changes);
        changes[0].id
    };
    apply(Command::SetProfile(Box::new(profile)));
    let first = apply(Command::Client(ClientCommand::Add(Box::new(client("㈱北星精密", "ホクセイセイミツ")))));
    apply(Command::Client(ClientCommand::Add(Box::new(client("みどり調剤薬局(有)", "ミドリチョウザイヤッキョク")))));
    let engagement = apply(Command::Client(ClientCommand::Begin {
        client: first,
        case_no: "K-0118".into(),
        matched_on: jiff::civil::date(2026, 9, 1),
    }));
    apply(Command::Session(SessionCommand {
        engagement,
        session: 1,
        action: SessionAction::Plan(bansou_core::record::v1::Planned {
            date: jiff::civil::date(2026, 10, 8),
            start: Some(jiff::civil::time(13, 30, 0, 0)),
            mode: Default::default(),
            moved_because: None,
        }),
    }));
    books
}

fn client(name: &str, kana: &str) -> Client {
    Client {
        id: Id([0; 16]),
        name: name.into(),
        kana: kana.into(),
        category: 1,
        main_industry: None,
        capital: 10_000_000,
        employees: 48,
        sole_proprietor: false,
        prefecture: 15,
        contact: Contact {
            representative_title: "代表取締役".into(),
            representative: "北 星子".into(),
            counterpart: "総務部長".into(),
        },
        one_star: true,
        added_on: jiff::civil::date(2026, 10, 1),
        archived: false,
    }
}

/// The characters of a buffer, one line per row, without styles.
pub fn dump(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            line.push_str(buffer[(x, y)].symbol());
            x += buffer[(x, y)].cell_width().max(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The sizes of the pictures: a narrow window, the common one, a large one.
pub const SIZES: [(u16, u16); 3] = [(60, 20), (80, 24), (120, 40)];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens")
}

/// Compares with the stored picture of a screen.
pub fn snapshot(name: &str, screen: &str) {
    current(&folder().join(format!("{name}.txt")), screen);
}

/// Fails unless the file holds exactly `text`; UPDATE_SNAPSHOTS=1 writes it.
pub fn current(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(stored, text, "{} is not current (UPDATE_SNAPSHOTS=1 rewrites it)", path.display());
}
