//! A person's own keys: the built-in tables changed by action name, or the reason why not.

use super::{Binding, Keymap, Named, Table};
use crate::app::key::{Code, Key};

/// Why a key cannot be given to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Terminals, multiplexers or input methods keep this key, or it needs another keyboard protocol.
    Taken(Key),
    /// Letters are text in this table.
    Text(Key),
    /// In the table of this title the key means this word already (catalogue keys).
    Twice { key: Key, title: &'static str, word: &'static str },
}

/// Rows that stand in every screen are named once by this scope.
const LIST: &str = "list";

/// A table while it is being changed.
struct Draft {
    table: Table,
    title: &'static str,
    rows: Vec<(Binding, Vec<Key>)>,
}

/// The name of a table in the settings.
pub(super) fn scope(title: &str) -> &str {
    title.rsplit('.').next().unwrap_or(title)
}

/// The name of an action in the settings, such as `notes.delete`.
pub(super) fn name(title: &str, word: &str) -> String {
    format!("{}.{}", scope(title), scope(word))
}

/// True for the tables of screens, which `list.` names all at once.
fn is_screen(table: Table) -> bool {
    use Table::{Confirm, Form, Global, GoTo, OfficeGoTo, Palette, Tutorial, Window};
    !matches!(table, Global | Form | Window | Palette | Confirm | GoTo | OfficeGoTo | Tutorial) && !is_profile(table)
}

/// True for the keys of a profile: they lie over others, and hold only for who has asked for them.
fn is_profile(table: Table) -> bool {
    matches!(table, Table::Emacs | Table::Vim)
}

/// True where typed letters are text.
fn is_text(table: Table) -> bool {
    matches!(table, Table::Form | Table::Palette | Table::Confirm)
}

/// False for a word that several keys share, each with its own meaning, such as the options of a question.
fn is_one(rows: &[Binding], word: &str) -> bool {
    rows.iter().filter(|row| row.word == word).count() == 1
}

/// The key that hints show for an action name such as `notes.delete`.
pub fn key_of(keys: Keymap, wanted: &str) -> Option<Key> {
    keys.tables().find_map(|(_, title, rows)| {
        let row = rows.iter().find(|row| name(title, row.word) == wanted)?;
        row.keys.first().copied()
    })
}

/// Every action name, those of one table before those of all lists.
pub fn names() -> Vec<String> {
    let mut all: Vec<String> = Keymap::default()
        .tables()
        .flat_map(|(table, title, rows)| {
            rows.iter().filter(|row| is_one(rows, row.word)).flat_map(move |row| {
                let list = is_screen(table).then(|| format!("{LIST}.{}", scope(row.word)));
                [Some(name(title, row.word)), list].into_iter().flatten()
            })
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// The built-in tables with a person's own keys, given by action name; else the first entry that is refused, and why.
/// A letter takes the place of an action's letters, any other key that of its other keys: what works while the input
/// method is on stays so. `list.` changes every screen where the key is still free.
pub fn own(wanted: &[(String, Vec<Key>)]) -> Result<Keymap, (usize, Refused)> {
    let mut drafts: Vec<Draft> = Keymap::default()
        .tables()
        .map(|(table, title, rows)| {
            let rows = rows.iter().map(|row| (*row, row.keys.to_vec())).collect();
            Draft { table, title, rows }
        })
        .collect();
    for (at, (_, keys)) in wanted.iter().enumerate() {
        if let Some(key) = keys.iter().find(|key| is_taken(**key)) {
            return Err((at, Refused::Taken(*key)));
        }
    }
    let is_list = |name: &str| name.split('.').next() == Some(LIST);
    for (at, (name, keys)) in wanted.iter().enumerate().filter(|(_, w)| !is_list(&w.0)) {
        drafts.iter_mut().try_for_each(|draft| draft.give(name, keys)).map_err(|refused| (at, refused))?;
    }
    for (at, (name, keys)) in wanted.iter().enumerate().filter(|(_, w)| !is_list(&w.0)) {
        check(&drafts, name, keys).map_err(|refused| (at, refused))?;
    }
    for (at, (wanted, keys)) in wanted.iter().enumerate().filter(|(_, w)| is_list(&w.0)) {
        let action = scope(wanted);
        let (mut given, mut why) = (false, None);
        for draft in 0..drafts.len() {
            let name = name(drafts[draft].title, action);
            if !is_screen(drafts[draft].table) || !drafts[draft].rows.iter().any(|r| scope(r.0.word) == action) {
                continue;
            }
            let before: Vec<Vec<Key>> = drafts[draft].rows.iter().map(|row| row.1.clone()).collect();
            drafts[draft].give(&name, keys).map_err(|refused| (at, refused))?;
            match check(&drafts, &name, keys) {
                Ok(()) => given = true,
                Err(refused) => {
                    drafts[draft].rows.iter_mut().zip(before).for_each(|(row, keys)| row.1 = keys);
                    why = Some(refused);
                }
            }
        }
        if let Some(refused) = why.filter(|_| !given) {
            return Err((at, refused));
        }
    }
    Ok(kept(drafts))
}

impl Draft {
    /// Gives keys to the rows of a name.
    fn give(&mut self, wanted: &str, keys: &[Key]) -> Result<(), Refused> {
        let (table, title) = (self.table, self.title);
        for (row, held) in self.rows.iter_mut().filter(|(row, _)| name(title, row.word) == wanted) {
            if let Some(letter) = keys.iter().find(|key| is_text(table) && !key.works_in_text()) {
                return Err(Refused::Text(*letter));
            }
            let stays = |old: &&Key| !keys.iter().any(|new| new.works_in_text() == old.works_in_text());
            *held = keys.iter().chain(row.keys.iter().filter(stays)).copied().collect();
        }
        Ok(())
    }

    /// The row of a key, other than those of this name.
    fn other(&self, wanted: &str, key: Key) -> Option<Refused> {
        let other = |r: &&(Binding, Vec<Key>)| name(self.title, r.0.word) != wanted && r.1.contains(&key);
        let row = self.rows.iter().find(other)?;
        Some(Refused::Twice { key, title: self.title, word: row.0.word })
    }
}

/// Refuses keys that mean something else where this action can be called.
fn check(drafts: &[Draft], wanted: &str, keys: &[Key]) -> Result<(), Refused> {
    let mine = |draft: &&Draft| draft.rows.iter().any(|r| name(draft.title, r.0.word) == wanted);
    let Some(own) = drafts.iter().find(mine) else { return Ok(()) };
    let everywhere = own.table == Table::Global;
    let reached = |draft: &&Draft| {
        let below = (everywhere || draft.table == Table::Global) && !is_profile(own.table) && !is_profile(draft.table);
        draft.table == own.table || below
    };
    for key in keys {
        if let Some(refused) = drafts.iter().filter(reached).find_map(|draft| draft.other(wanted, *key)) {
            return Err(refused);
        }
    }
    Ok(())
}

/// True for keys that never reach the program, or reach it as another key.
fn is_taken(key: Key) -> bool {
    const CONTROL: [char; 10] = ['a', 'b', 'h', 'i', 'j', 'm', ' ', '\\', '@', '^'];
    match key.code {
        Code::Char(c) if key.ctrl => CONTROL.contains(&c) || !c.is_ascii_lowercase(),
        Code::Char(c) => key.alt || !(c.is_ascii_graphic() || c == ' '),
        Code::F(n) => key.ctrl || key.alt || key.shift || n == 11,
        _ => key.ctrl || key.alt || key.shift,
    }
}

/// Tables for the rest of the run: read once at the start, like the built-in ones.
fn kept(drafts: Vec<Draft>) -> Keymap {
    let mut tables: Vec<Named> = drafts
        .into_iter()
        .map(|draft| {
            let rows =
                draft.rows.into_iter().map(|(row, keys)| Binding { keys: keys.leak(), ..row }).collect::<Vec<_>>();
            (draft.table, draft.title, &*rows.leak())
        })
        .collect();
    let global = tables.remove(0).2;
    Keymap { global, screens: tables.leak() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::app::keymap::Action;

    fn give(wanted: &[(&str, &str)]) -> Result<Keymap, (usize, Refused)> {
        let parsed = |(name, key): &(&str, &str)| (name.to_string(), vec![key.parse().unwrap()]);
        own(&wanted.iter().map(parsed).collect::<Vec<_>>())
    }

    #[test]
    fn a_name_means_one_row_of_a_table_or_rows_of_one_meaning() {
        for (table, title, rows) in Keymap::default().tables() {
            let mut seen = BTreeMap::new();
            for row in rows {
                let before = seen.insert(name(title, row.word), row.word).unwrap_or(row.word);
                assert_eq!(before, row.word, "{table:?}");
            }
        }
        let scopes: Vec<_> = Keymap::default().tables().map(|(_, title, _)| scope(title)).collect();
        assert!(scopes.iter().all(|s| scopes.iter().filter(|t| s == *t).count() == 1 && *s != LIST), "{scopes:?}");
    }

    #[test]
    fn an_action_gets_its_own_key_and_keeps_those_that_work_with_the_input_method_on() {
        let keys = give(&[("notes.delete", "r"), ("list.down", "n"), ("global.lock", "Ctrl+O")]).unwrap();
        assert_eq!(keys.find(Table::Notes, Key::char('r')), Some(Action::Delete));
        assert_eq!(keys.find(Table::Notes, Key::char('d')), None);
        let down = |table, key| keys.find(table, key) == keys.find(Table::Clients, Key::plain(Code::Down));
        assert!(down(Table::Clients, Key::char('n')) && !down(Table::Clients, Key::char('j')));
        assert!(down(Table::Sessions, Key::char('j')) && !down(Table::Sessions, Key::char('n')), "n is taken there");
        assert_eq!(keys.find(Table::Global, Key::ctrl('o')), Some(Action::Lock));
        assert_eq!(keys.find(Table::Global, Key::f(9)), None);
        assert!(keys.page().contains("| Ctrl+O | lock |"), "the page shows the person's own keys");
    }

    #[test]
    fn keys_that_cannot_be_given_are_refused_with_the_reason() {
        use Refused::{Taken, Text, Twice};
        let twice = |key: &str, title, word| Twice { key: key.parse().unwrap(), title, word };
        for (name, key, refused) in [
            ("notes.delete", "Ctrl+A", Taken(Key::ctrl('a'))),
            ("notes.delete", "Ctrl+J", Taken(Key::ctrl('j'))),
            ("notes.delete", "F11", Taken(Key::f(11))),
            ("form.submit", "x", Text(Key::char('x'))),
            ("notes.delete", "e", twice("e", "table.notes", "key.edit")),
            ("notes.delete", "F9", twice("F9", "table.global", "key.lock")),
            ("global.lock", "x", twice("x", "table.overview", "act.expect")),
            ("goto.outbox", "c", twice("c", "table.goto", "key.go_clients")),
        ] {
            assert_eq!(give(&[(name, key)]), Err((0, refused)), "{name} {key}");
        }
        give(&[("notes.delete", "e"), ("notes.edit", "d")]).unwrap();
        give(&[("goto.outbox", "x")]).unwrap();
    }
}
