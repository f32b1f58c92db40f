//! How the screens look: language, theme, ambiguous width, and what is hidden from people looking on.

use ratatui::style::{Color, Modifier, Style};

use super::keymap::Keymap;
use super::textkeys::Profile;
use super::width::Ambiguous;
use crate::words::{Lang, Words};

/// Colour themes. Dark and light keep the terminal's own text and background and add colours of the fixed part of the
/// 256-colour table: of the sixteen colours a terminal lets its user choose, no red and no yellow is legible in all the
/// common palettes. High contrast brings its own background; mono has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Dark,
    Light,
    Contrast,
    Mono,
}

impl Theme {
    /// The names in the settings.
    pub const NAMES: [(&str, Theme); 4] =
        [("dark", Theme::Dark), ("light", Theme::Light), ("high-contrast", Theme::Contrast), ("mono", Theme::Mono)];

    /// The theme for a background of red, green and blue.
    pub fn over(red: u8, green: u8, blue: u8) -> Theme {
        // The weights of Rec. 601: what the eye makes of the three.
        let light = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        if light > 128 * 1000 { Theme::Light } else { Theme::Dark }
    }

    /// The theme for `COLORFGBG`, such as `15;0`: the last number is the background among the sixteen colours.
    pub fn of_variable(value: &str) -> Option<Theme> {
        let background: u8 = value.rsplit(';').next()?.parse().ok()?;
        Some(if background == 7 || background > 8 { Theme::Light } else { Theme::Dark })
    }
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

/// What every practice home that the program makes is opened with; it protects nothing.
pub const PRACTICE_WORD: &str = "renshu";

/// The look of the screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub lang: Lang,
    pub theme: Theme,
    pub ambiguous: Ambiguous,
    /// True while the screen is shared with a client: other names, memos and counters are hidden.
    pub client_safe: bool,
    /// True until there is a home: the first run asks for what it needs.
    pub first: bool,
    /// True in the practice vault.
    pub practice: bool,
    /// The terminal is too small: what is not seen is not done.
    pub small: bool,
    /// The screens are told as lines.
    pub reader: bool,
    /// The keys, with the person's own.
    pub keys: Keymap,
    /// Whose keys texts obey.
    pub text: Profile,
    /// The title shows date and time.
    pub clock: bool,
    /// Full-width letters of an input method left on mean their keys.
    pub fold: bool,
    /// Lists may be copied to the terminal's own clipboard.
    pub clip_out: bool,
    /// The folder first offered for an exchange by hand; may be empty.
    pub bundle_dir: &'static str,
    /// What `~` stands for in a path; empty where it is not known.
    pub home: &'static str,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            lang: Lang::default(),
            theme: Theme::default(),
            ambiguous: Ambiguous::default(),
            client_safe: false,
            first: false,
            practice: false,
            small: false,
            reader: false,
            keys: Keymap::default(),
            text: Profile::default(),
            clock: true,
            fold: true,
            clip_out: false,
            bundle_dir: "",
            home: "",
        }
    }
}

impl Look {
    /// The words of the chosen language.
    pub fn words(&self) -> &'static Words {
        Words::new(self.lang)
    }

    /// The style of a role in the chosen theme.
    pub fn style(&self, role: Role) -> Style {
        let plain = match self.theme {
            Theme::Contrast => Style::new().fg(Color::Indexed(231)).bg(Color::Indexed(16)),
            _ => Style::new(),
        };
        let colour = |dark, light, contrast| match self.theme {
            Theme::Dark => plain.fg(Color::Indexed(dark)),
            Theme::Light => plain.fg(Color::Indexed(light)),
            Theme::Contrast => plain.fg(Color::Indexed(contrast)),
            Theme::Mono => plain,
        };
        match role {
            Role::Plain => plain,
            Role::Bar => plain.add_modifier(Modifier::REVERSED),
            Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Good => colour(80, 24, 123),
            Role::Busy => colour(221, 90, 227),
            Role::Bad => colour(217, 88, 224).add_modifier(Modifier::BOLD),
            Role::Quiet => colour(250, 239, 231),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    type Rgb = [u8; 3];

    const fn rgb(hex: u32) -> Rgb {
        [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8]
    }

    /// Terminal, theme, background, and its own text where it says one.
    const PALETTES: [(&str, Theme, Rgb, Rgb); 13] = [
        // xterm: XTerm-col.ad and its default resources, black on white or reversed.
        ("xterm", Theme::Light, rgb(0xffffff), rgb(0x000000)),
        ("xterm reversed", Theme::Dark, rgb(0x000000), rgb(0xffffff)),
        // VTE: vte.cc, its defaults; GNOME Terminal's schemas "GNOME dark", "GNOME light", "Tango dark".
        ("VTE", Theme::Dark, rgb(0x000000), rgb(0xc0c0c0)),
        ("GNOME dark", Theme::Dark, rgb(0x171421), rgb(0xd0cfcc)),
        ("GNOME light", Theme::Light, rgb(0xffffff), rgb(0x171421)),
        ("Tango dark", Theme::Dark, rgb(0x2e3436), rgb(0xd3d7cf)),
        // Windows Terminal: defaults.json, "Campbell", "One Half Light", "Tango Light".
        ("Campbell", Theme::Dark, rgb(0x0c0c0c), rgb(0xcccccc)),
        ("One Half Light", Theme::Light, rgb(0xfafafa), rgb(0x383a42)),
        ("Campbell Powershell", Theme::Dark, rgb(0x012456), rgb(0xcccccc)),
        // Solarized: Ethan Schoonover's table, base03/base0 and base3/base00.
        ("Solarized dark", Theme::Dark, rgb(0x002b36), rgb(0x839496)),
        ("Solarized light", Theme::Light, rgb(0xfdf6e3), rgb(0x657b83)),
        // High contrast brings both with it.
        ("any", Theme::Contrast, rgb(0x000000), rgb(0xffffff)),
        ("any, mono", Theme::Mono, rgb(0x000000), rgb(0xffffff)),
    ];

    /// The fixed part of the 256-colour table: a cube of six steps, then 24 greys.
    fn fixed(index: u8) -> Rgb {
        let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
        match index {
            16..=231 => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(step),
            232.. => [8 + 10 * (index - 232); 3],
            _ => panic!("{index} is a colour that terminals let users change"),
        }
    }

    /// Relative luminance of WCAG 2.
    fn luminance(colour: Rgb) -> f64 {
        let [r, g, b] = colour.map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_is_legible_on_the_backgrounds_of_common_terminals() {
        assert!((contrast(rgb(0x757575), rgb(0xffffff)) - 4.6).abs() < 0.05, "the formula");
        for (name, theme, background, text) in PALETTES {
            let look = Look { theme, ..Look::default() };
            for role in [Role::Plain, Role::Strong, Role::Bar, Role::Good, Role::Busy, Role::Bad, Role::Quiet] {
                let style = look.style(role);
                let colour = |c: Option<Color>, own: Rgb| match c {
                    None => own,
                    Some(Color::Indexed(n)) => fixed(n),
                    Some(other) => panic!("{other:?} depends on the user's palette"),
                };
                if style.fg.is_none() && style.bg.is_none() {
                    continue; // The user's own text on the user's own background.
                }
                let found = contrast(colour(style.fg, text), colour(style.bg, background));
                let least = if theme == Theme::Contrast { 7.0 } else { 4.5 };
                assert!(found >= least, "{role:?} on {name}: {found:.1}");
            }
        }
    }

    #[test]
    fn mono_has_no_colour_and_the_states_differ_in_all_others_by_more_than_red_and_green() {
        let style = |theme, role| Look { theme, ..Look::default() }.style(role);
        for role in [Role::Plain, Role::Strong, Role::Bar, Role::Good, Role::Busy, Role::Bad, Role::Quiet] {
            assert_eq!((style(Theme::Mono, role).fg, style(Theme::Mono, role).bg), (None, None));
        }
        for theme in [Theme::Dark, Theme::Light, Theme::Contrast] {
            let colours = [Role::Good, Role::Busy, Role::Bad].map(|role| style(theme, role).fg);
            assert!(colours[0] != colours[1] && colours[1] != colours[2] && colours[0] != colours[2], "{theme:?}");
        }
    }

    #[test]
    fn the_theme_follows_the_background() {
        for (value, theme) in [
            ("15;0", Some(Theme::Dark)),
            ("0;15", Some(Theme::Light)),
            ("0;default;7", Some(Theme::Light)),
            ("12;8", Some(Theme::Dark)),
            ("default", None),
            ("", None),
        ] {
            assert_eq!(Theme::of_variable(value), theme, "{value}");
        }
        for (name, theme, [r, g, b], _) in PALETTES.iter().filter(|p| matches!(p.1, Theme::Dark | Theme::Light)) {
            assert_eq!(Theme::over(*r, *g, *b), *theme, "{name}");
        }
    }
}
