//! Windows over a text field: what a paste will put where, search and replace, phrases.

use bansou_core::phrases::{self, Phrase, Place};
use bansou_core::programme;
use bansou_core::record::v1::Id;

use super::field::Field;
use super::find::found;
use super::form::{Form, Input, Purpose};
use super::model::Model;
use super::screens::Scene;
use super::text::{Lines, clean};
use super::textkeys::TextKey;
use super::width::printable;

/// What a key does to the text that has the focus, or in a window over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// A key of the text itself: moving, erasing, undo.
    Key,
    /// A key of Emacs or of vi.
    Text(TextKey),
    Cut,
    Paste,
    All,
    /// Opens the window of search and replace.
    Seek,
    /// The next place of what was looked for.
    Next,
    Phrases,
    /// Puts the chosen phrase, or name, in.
    Insert,
    /// Keeps what is marked, or the whole field, as a phrase.
    Keep,
    /// Deletes the chosen phrase, when it is an own one.
    Forget,
    /// Takes what the preview of a paste shows.
    Take,
    /// One field for all, or a field for each cell.
    Split,
    /// The other field of the window.
    Other,
    /// Looks for what the window says.
    Find,
    ReplaceAll,
}

/// Characters up to which a paste goes in without a look.
const SHORT: usize = 2000;

/// What was left out of a paste.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub controls: usize,
    /// Marks that turn the direction of writing.
    pub directions: usize,
}

/// Pasted text before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasting {
    /// Cleaned, its lines kept.
    pub text: String,
    /// The cells of a table, or the lines; empty where only one field can take the text.
    pub cells: Vec<String>,
    pub lines: usize,
    pub characters: usize,
    pub removed: Removed,
    /// A field for each cell.
    pub split: bool,
    table: bool,
    into: Lines,
}

impl Pasting {
    /// Looks at what was pasted into a field.
    pub fn new(raw: &str, into: Lines) -> Pasting {
        let (raw, sequences) = without_sequences(raw);
        // Terminals paste a line end as a carriage return.
        let raw = &raw.replace("\r\n", "\n").replace('\r', "\n")[..];
        // The end of a copied line is no second line.
        let raw = if into == Lines::One { raw.trim_end_matches('\n') } else { raw };
        let mut removed = Removed { controls: sequences, ..Removed::default() };
        for c in raw.chars().filter(|c| !printable(*c) && !matches!(c, '\n' | '\t')) {
            if c.is_control() { removed.controls += 1 } else { removed.directions += 1 }
        }
        let text = clean(raw, Lines::Many);
        let lines = text.split('\n').count();
        let filled = || raw.lines().filter(|line| !line.trim().is_empty());
        let table = match into {
            Lines::One => raw.contains('\t'),
            Lines::Many => filled().count() > 1 && filled().all(|line| line.contains('\t')),
        };
        let cells = match into {
            Lines::One => raw.lines().flat_map(|l| l.split('\t')).map(|c| clean(c.trim(), Lines::One)).collect(),
            Lines::Many => Vec::new(),
        };
        let split = table && into == Lines::One;
        Pasting { characters: text.chars().count(), text, cells, lines, removed, split, table, into }
    }

    /// True when it should be looked at before it goes in.
    pub fn wants_a_look(&self) -> bool {
        self.table || self.characters > SHORT || (self.lines > 1 && self.into == Lines::One)
    }

    /// The fields from the focused one on that take text, with the cell that each takes.
    pub fn targets<'a>(&'a self, form: &Form) -> Vec<(usize, &'a str)> {
        let takes = |index: &usize| matches!(form.entries[*index].input, Input::Line(_) | Input::Many(_));
        let fields = (form.at..form.entries.len()).filter(takes);
        fields.zip(self.cells.iter().map(String::as_str)).collect()
    }
}

/// The text without sequences that steer a terminal (ECMA-48: CSI and OSC), and how many there were.
fn without_sequences(raw: &str) -> (String, usize) {
    let (mut out, mut count, mut rest) = (String::new(), 0, raw);
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        let length = match after.chars().next() {
            Some('[') => after.find(|c: char| ('@'..='~').contains(&c) && c != '[').map(|end| end + 1),
            Some(']') => [("\u{7}", 1), ("\u{1b}\\", 2)].iter().filter_map(|(end, n)| Some(after.find(end)? + n)).min(),
            _ => Some(0),
        };
        out.push_str(before);
        count += 1;
        rest = &after[length.unwrap_or(after.len())..];
    }
    (out + rest, count)
}

/// Search and replace in the text that has the focus.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seek {
    pub find: Field,
    pub with: Field,
    /// The second field has the focus.
    pub second: bool,
}

impl Seek {
    /// The field that has the focus.
    pub fn field(&mut self) -> &mut Field {
        if self.second { &mut self.with } else { &mut self.find }
    }
}

/// Where the form's words go.
pub fn place(purpose: &Purpose) -> Option<Place> {
    match purpose {
        Purpose::Report => Some(Place::Report),
        Purpose::Evidence(_) => Some(Place::Evidence),
        Purpose::Section { .. } => Some(Place::Finding),
        Purpose::PlanLine(_) | Purpose::AddLine { .. } => Some(Place::Plan),
        Purpose::Memo(_) | Purpose::EditNote(_) => Some(Place::Note),
        _ => None,
    }
}

/// A phrase that can be put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// Its record, when the expert keeps it.
    pub own: Option<Id>,
    pub name: &'a str,
    pub text: &'a str,
}

/// The phrases on offer: the expert's own, then those of use in the open form, or of any use when something is looked
/// for. An own one may hold the words of any client: none while people look on.
pub fn phrases<'a>(model: &'a Model, query: &str) -> Vec<Offer<'a>> {
    let pack = Scene::of(model).map(|s| s.pack).or_else(|| programme::for_day(&model.packs, model.clock.date()));
    let place = model.form.as_ref().and_then(|form| place(&form.purpose)).filter(|_| query.trim().is_empty());
    let lang = model.lang();
    let kept = if model.look.client_safe { Vec::new() } else { phrases::own(&model.books) };
    let kept = kept.into_iter().filter(|p| found(query, &p.text));
    let own = kept.map(|p| Offer { own: Some(p.id), name: p.text.lines().next().unwrap_or(""), text: &p.text });
    let matching = |phrase: &&Phrase| {
        [phrase.name.get(lang), &phrase.reading, phrase.text.get(lang)].iter().any(|text| found(query, text))
    };
    let given = pack.into_iter().flat_map(|pack| pack.phrases.of(place)).filter(matching);
    own.chain(given.map(|p| Offer { own: None, name: p.name.get(lang), text: p.text.get(lang) })).collect()
}

/// What would be kept as a phrase: what is marked, or the whole field.
pub fn to_keep(model: &Model) -> Option<&str> {
    let form = model.form.as_ref()?;
    let text = match &form.entries.get(form.at)?.input {
        Input::Line(field) => field.as_text(),
        Input::Many(area) => area.as_text(),
        Input::Pick { .. } | Input::Secret(_) => return None,
    };
    let marked = text.selected();
    Some(if marked.is_empty() { text.as_str() } else { marked }).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_surprise_is_looked_at_first() {
        for (raw, into, look) in [
            ("一行", Lines::One, false),
            ("一行\r\n", Lines::One, false),
            ("一\n二", Lines::One, true),
            ("一\t二", Lines::One, true),
            ("一\r\n二\r\n三\t四", Lines::Many, false),
            ("一\t二\n三\t四\n", Lines::Many, true),
            ("一\t二\r三\t四\r", Lines::Many, true),
            ("一\r二", Lines::One, true),
            ("一行\r", Lines::One, false),
            (&"長".repeat(2000), Lines::Many, false),
            (&"長".repeat(2001), Lines::Many, true),
        ] {
            assert_eq!(Pasting::new(raw, into).wants_a_look(), look, "{raw:.10}");
        }
    }

    #[test]
    fn what_was_cleaned_out_is_counted_and_cells_keep_their_order() {
        let pasting = Pasting::new("名\u{7}前\t\u{202E}住所\r\n電話 \t1", Lines::One);
        assert_eq!(pasting.removed, Removed { controls: 1, directions: 1 });
        assert_eq!(pasting.cells, ["名前", "住所", "電話", "1"]);
        assert_eq!((pasting.lines, pasting.characters, pasting.split), (2, 11, true));
        for (raw, text, controls) in [
            ("\u{1b}[31m赤\u{1b}[0m", "赤", 2),
            ("\u{1b}]0;pwn\u{7}題", "題", 1),
            ("\u{1b}]0;pwn\u{1b}\\題", "題", 1),
            ("\u{1b}[終", "", 1),
            ("\u{1b}x", "x", 1),
            ("[31m", "[31m", 0),
        ] {
            let pasting = Pasting::new(raw, Lines::One);
            assert_eq!((pasting.text.as_str(), pasting.removed.controls), (text, controls), "{raw:?}");
        }
    }
}
