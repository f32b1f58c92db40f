//! A return beside what the lead has: row by row what was handed out, what stands here now, and what the trainee wrote.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::fields::{Fields, Notes, place, read, stem, whole};
use super::spoken;
use super::write::{Values, empty_note, write};
use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits, pack};
use crate::engagement::find;
use crate::programme::Pack;
use crate::record::v1::{Decided, Handout, Id, Note, Record, Returned, SharePart, Take};
use crate::refusal::Refusal;
use crate::text::Lang;

/// How the two sides stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Both have the same by now.
    Same,
    /// Only the trainee changed it.
    Theirs,
    /// Both changed it, and differ.
    Both,
}

/// One field, or one whole line, section or note that only some of the three have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its key, or the common beginning of its keys.
    pub name: String,
    pub part: SharePart,
    pub base: Fields,
    pub mine: Fields,
    pub theirs: Fields,
    pub state: State,
    pub decided: Option<Take>,
}

impl Row {
    /// Whether somebody still has to say what becomes of it.
    pub fn open(&self) -> bool {
        self.decided.is_none() && self.state != State::Same
    }

    /// Every key of the row.
    fn keys(&self) -> BTreeSet<&String> {
        self.base.keys().chain(self.mine.keys()).chain(self.theirs.keys()).collect()
    }
}

/// Every row of a return, in the order of the keys. Decided rows stay as what was decided.
pub fn rows(books: &Books, returned: &Returned) -> Result<Vec<Row>, Refusal> {
    let handout = books.handouts.get(&returned.handout).ok_or(Refusal::NotFound { what: "handout" })?;
    let mine = read(books, find(books, returned.engagement)?, &handout.parts, Notes::All);
    let theirs = overlaid(handout, returned);
    let mut groups: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for key in returned.fields.keys() {
        let Some(of) = whole(key) else {
            groups.entry(key.clone()).or_default().insert(key);
            continue;
        };
        let there = |fields: &Fields| fields.contains_key(&stem(of));
        // A note is read as one; so is a line or a section that is missing somewhere. After it was decided it stays one.
        let apart = !of.starts_with("note/") && there(&handout.fields) && there(&theirs);
        let one = returned.decided.contains_key(of) || !there(&mine);
        if apart && (!one || returned.decided.contains_key(key)) {
            groups.entry(key.clone()).or_default().insert(key);
        } else {
            let below = format!("{of}/");
            let group = groups.entry(of.to_owned()).or_default();
            for side in [&handout.fields, &mine, &theirs] {
                let from = side.range(below.clone()..);
                group.extend(from.map(|(key, _)| key).take_while(|key| key.starts_with(&below)));
            }
        }
    }
    let of = |fields: &Fields, keys: &BTreeSet<&String>| -> Fields {
        keys.iter().filter_map(|key| Some(((*key).clone(), fields.get(*key)?.clone()))).collect()
    };
    let row = |(name, keys): (String, BTreeSet<&String>)| {
        let part = place(keys.first()?)?.part;
        let decided = returned.decided.get(&name);
        let (base, theirs) = (of(&handout.fields, &keys), of(&theirs, &keys));
        let mine = decided.map_or_else(|| of(&mine, &keys), |d| d.mine.clone());
        let state = match () {
            () if mine == theirs => State::Same,
            () if mine == base => State::Theirs,
            () => State::Both,
        };
        Some(Row { name, part, base, mine, theirs, state, decided: decided.map(|d| d.take) })
    };
    Ok(groups.into_iter().filter_map(row).collect())
}

/// How many rows of a return still wait.
pub fn waiting(books: &Books, returned: &Returned) -> usize {
    rows(books, returned).map_or(0, |rows| rows.iter().filter(|r| r.open()).count())
}

/// All that the trainee has: the handout with what differs.
fn overlaid(handout: &Handout, returned: &Returned) -> Fields {
    let mut all = handout.fields.clone();
    for (key, value) in &returned.fields {
        match value {
            Some(value) => drop(all.insert(key.clone(), value.clone())),
            None => drop(all.remove(key)),
        }
    }
    all
}

/// Carries out what the lead decided. A row that was decided before, or where both have the same, is passed over.
pub(super) fn decide(books: &Books, ctx: &Ctx<'_>, id: Id, takes: &BTreeMap<String, Take>) -> Edits {
    let returned = books.returns.get(&id).ok_or(Refusal::NotFound { what: "return" })?;
    let engagement = find(books, returned.engagement)?;
    let edition = pack(ctx.packs, &engagement.programme)?;
    let rows = rows(books, returned)?;
    let mut next = returned.clone();
    let mut values = Values::new();
    let mut notes: Vec<Edit> = Vec::new();
    for (name, how) in takes {
        let row = rows.iter().find(|r| r.name == *name).ok_or_else(|| super::fields::unknown(name))?;
        if !row.open() {
            continue;
        }
        let both = (*how == Take::Both).then(|| joined(returned, row)).flatten();
        match (how, both) {
            (Take::Mine, _) => {}
            (Take::Theirs, _) => values.extend(row.keys().into_iter().map(|k| (k.clone(), row.theirs.get(k).cloned()))),
            (Take::Both, Some((key, text))) => drop(values.insert(key, Some(text))),
            (Take::Both, None) => notes.push(Record::Note(beside(books, ctx, edition, returned, row)).into()),
        }
        next.decided.insert(name.clone(), Decided { take: *how, at: ctx.now, mine: row.mine.clone() });
    }
    let mut edits = write(books, ctx, engagement, &values)?;
    edits.extend(notes);
    edits.push(Record::Returned(next).into());
    Ok(edits)
}

/// Both texts in one field, each findable; none where they cannot stand together.
fn joined(returned: &Returned, row: &Row) -> Option<(String, String)> {
    let key = &row.name;
    let (mine, theirs) = (row.mine.get(key)?, row.theirs.get(key)?);
    let place = place(key).filter(|p| p.text)?;
    // The owner of a plan line is one line of text.
    let one_line = key.ends_with("/owner");
    let between = if one_line { " / " } else { "\n" };
    let text = format!("{mine}{between}〔{}〕{theirs}", returned.trainee);
    let most = if one_line { crate::text_rules::LINE } else { crate::text_rules::PROSE };
    (place.text && text.chars().count() <= most).then(|| (key.clone(), text))
}

/// The trainee's value as a note on what it is about, beside the lead's that stays.
fn beside(books: &Books, ctx: &Ctx<'_>, pack: &Pack, returned: &Returned, row: &Row) -> Note {
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(format!("{} {}", returned.id, row.name))[..16]);
    let engagement = returned.engagement;
    let said = |fields: &Fields| {
        let said = spoken::value(pack, row, fields, Lang::Ja);
        if said.is_empty() { "(なし)".to_owned() } else { said }
    };
    // The note is tied to its line; what that line says may change with the next row.
    let label = spoken::label(pack, &row.name, "", Lang::Ja);
    let text = format!("{label}\n{}\n〔{}〕{}", said(&row.mine), returned.trainee, said(&row.theirs));
    let words: Vec<&str> = row.name.split('/').collect();
    let line = match words[..] {
        ["line", id, ..] => id.parse().ok(),
        _ => None,
    };
    let planned = |id: &Id| books.plan_of(engagement).is_some_and(|p| p.lines.iter().any(|l| l.id == *id));
    Note {
        who: returned.trainee.clone(),
        text: text.chars().take(crate::text_rules::PROSE).collect(),
        question: match words[..] {
            ["answer" | "evidence", n] => n.parse().ok(),
            _ => None,
        },
        section: match words[..] {
            ["section", number, ..] => Some(number.to_owned()),
            _ => None,
        },
        line: line.filter(planned),
        ..empty_note(ctx, engagement, Id(id))
    }
}
