//! Drives the model with keys and dumps frames as plain text.

use std::path::Path;

use bansou::app::effect::Effect;
use bansou::app::key::{Code, Key};
use bansou::app::look::Look;
use bansou::app::model::{Ctx, Model};
use bansou::app::msg::Msg;
use bansou::app::{update::update, view::view};
use jiff::ToSpan;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Position;

/// A model with a clock that moves `pause` milliseconds per key.
pub struct Driver {
    pub model: Model,
    pub pause: u64,
    ctx: Ctx,
}

impl Driver {
    pub fn new(look: Look) -> Driver {
        let now = jiff::civil::date(2026, 10, 8).at(14, 5, 12, 0);
        let ctx = Ctx { now, millis: 0 };
        Driver { model: Model::new(look, now), pause: 50, ctx }
    }

    /// Unlocked, with the clients on the screen.
    pub fn opened(look: Look) -> Driver {
        let mut driver = Driver::new(look);
        driver.keys("x<Enter>");
        driver.send(Msg::Unlocked { id: 1 });
        driver
    }

    pub fn later(&mut self, seconds: i64) {
        self.ctx.now = self.ctx.now.checked_add(seconds.seconds()).unwrap();
    }

    pub fn send(&mut self, msg: Msg) -> Vec<Effect> {
        self.ctx.millis += self.pause;
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

    pub fn cursor(&self, width: u16, height: u16) -> (u16, u16) {
        let Position { x, y } = self.frame(width, height).backend().cursor_position();
        (x, y)
    }
}

fn named(name: &str) -> Key {
    if let Some(letter) = name.strip_prefix("Ctrl+") {
        return Key::ctrl(letter.to_lowercase().chars().next().unwrap());
    }
    if let Some(n) = name.strip_prefix('F').and_then(|n| n.parse().ok()) {
        return Key::f(n);
    }
    Key::plain(match name {
        "Enter" => Code::Enter,
        "Esc" => Code::Esc,
        "Tab" => Code::Tab,
        "BackTab" => Code::BackTab,
        "Down" => Code::Down,
        "Up" => Code::Up,
        "Left" => Code::Left,
        "Right" => Code::Right,
        other => panic!("no key is called {other}"),
    })
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

/// Compares with the stored picture of a screen.
pub fn snapshot(name: &str, screen: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens");
    current(&folder.join(format!("{name}.txt")), screen);
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
