//! How the screens look: language, theme, ambiguous width, and what is hidden from people looking on.

use ratatui::style::{Color, Modifier, Style};

use super::width::Ambiguous;
use crate::words::{Lang, Words};

/// Colour themes. All use only the terminal's own sixteen colours and its background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
    Contrast,
    Mono,
}

/// What a piece of text is, so that a theme can style it. Every state is also a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Strong,
    /// Reverse video: title bar and chosen row.
    Bar,
    Good,
    Busy,
    Bad,
    Quiet,
}

/// The look of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub lang: Lang,
    pub theme: Theme,
    pub ambiguous: Ambiguous,
    /// True while the screen is shared with a client: other names, memos and counters are hidden.
    pub client_safe: bool,
    /// True in the practice vault.
    pub practice: bool,
}

impl Look {
    /// The words of the chosen language.
    pub fn words(&self) -> &'static Words {
        Words::new(self.lang)
    }

    /// The style of a role in the chosen theme.
    pub fn style(&self, role: Role) -> Style {
        let plain = Style::new();
        match (role, self.theme) {
            (Role::Plain, _) | (Role::Quiet, Theme::Mono | Theme::Contrast) => plain,
            (Role::Bar, _) => plain.add_modifier(Modifier::REVERSED),
            (Role::Strong | Role::Bad, Theme::Mono) | (Role::Strong, _) => plain.add_modifier(Modifier::BOLD),
            (Role::Good | Role::Busy, Theme::Mono) => plain,
            (Role::Good, Theme::Light) => plain.fg(Color::Blue),
            (Role::Busy, Theme::Light) => plain.fg(Color::Magenta),
            (Role::Bad, Theme::Light) => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            (Role::Good, Theme::Dark) => plain.fg(Color::Cyan),
            (Role::Busy, Theme::Dark) => plain.fg(Color::Yellow),
            (Role::Good, Theme::Contrast) => plain.fg(Color::LightCyan),
            (Role::Busy, Theme::Contrast) => plain.fg(Color::LightYellow),
            (Role::Bad, _) => plain.fg(Color::LightRed).add_modifier(Modifier::BOLD),
            (Role::Quiet, _) => plain.fg(Color::Gray),
        }
    }
}
