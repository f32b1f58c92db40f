//! A terminal's screen as an SVG picture: every word is pressed into its cells, so that any font keeps the columns.

use std::fmt::Write as _;

use vt100::{Cell, Color, Screen};

/// Pixels of one cell and of the edge around the screen.
const CELL: (usize, usize) = (8, 20);
const EDGE: usize = 12;
const PAPER: &str = "#16181d";
const INK: &str = "#d7dae0";
/// The sixteen colours of a terminal.
const COLOURS: [&str; 16] = [
    "#16181d", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0", "#7f8896", "#ff8b94",
    "#b5e08f", "#ffd98e", "#8ac6ff", "#e0a0f0", "#7fd5e0", "#ffffff",
];

fn colour(of: Color, otherwise: &str) -> String {
    match of {
        Color::Default => otherwise.to_owned(),
        Color::Idx(n @ 0..16) => COLOURS[usize::from(n)].to_owned(),
        // The cube of six levels, then the greys.
        Color::Idx(n @ 16..232) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let n = n - 16;
            format!("#{:02x}{:02x}{:02x}", level(n / 36), level(n / 6 % 6), level(n % 6))
        }
        Color::Idx(n) => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (n - 232)),
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// Ink, paper and weight of a cell.
fn style(cell: &Cell) -> (String, String, bool) {
    let (ink, paper) = (colour(cell.fgcolor(), INK), colour(cell.bgcolor(), PAPER));
    let (ink, paper) = if cell.inverse() { (paper, ink) } else { (ink, paper) };
    (ink, paper, cell.bold())
}

/// The screen with this title, which says in words what is to be seen.
pub fn svg(screen: &Screen, title: &str) -> String {
    let (rows, columns) = {
        let (rows, columns) = screen.size();
        (rows.get(), columns.get())
    };
    let (width, height) = (usize::from(columns) * CELL.0 + 2 * EDGE, usize::from(rows) * CELL.1 + 2 * EDGE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"'Noto Sans Mono CJK JP','BIZ UDGothic','MS Gothic','Osaka-Mono',monospace\" font-size=\"16\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n",
        escaped(title)
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let Some(first) = screen.cell(row, column) else { break };
            let (from, look) = (column, style(first));
            // The second half of a wide character belongs to it, whatever its own style.
            while screen.cell(row, column).is_some_and(|c| c.is_wide_continuation() || style(c) == look) {
                column += 1;
            }
            run(&mut out, screen, row, (from, column), &look);
        }
    }
    out.push_str("</svg>\n");
    out
}

/// One style: its paper, then every word at its own column.
fn run(out: &mut String, screen: &Screen, row: u16, (from, to): (u16, u16), look: &(String, String, bool)) {
    let (ink, paper, bold) = look;
    let (x, y) = (|column: u16| EDGE + usize::from(column) * CELL.0, EDGE + usize::from(row) * CELL.1);
    if paper != PAPER {
        let width = x(to) - x(from);
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{}\" fill=\"{paper}\"/>",
            x(from),
            CELL.1
        );
    }
    let weight = if *bold { " font-weight=\"bold\"" } else { "" };
    let mut column = from;
    while column < to {
        let (begin, mut word) = (column, String::new());
        while let Some(cell) = screen.cell(row, column).filter(|_| column < to) {
            if !cell.is_wide_continuation() && cell.contents().trim().is_empty() {
                break;
            }
            word.push_str(cell.contents());
            column += 1;
        }
        if !word.is_empty() {
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" fill=\"{ink}\"{weight} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                x(begin),
                y + 15,
                x(column) - x(begin),
                escaped(&word)
            );
        }
        column += 1;
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
