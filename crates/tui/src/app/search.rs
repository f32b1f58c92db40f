//! The search over everything: what was typed, what was found, and in which order it is shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bansou_core::record::v1::Id;
use bansou_core::search::{Hit, Index};

use super::field::Field;
use super::find;
use super::key::Key;
use super::list::Cursor;
use super::model::{Model, Screen};
use super::overlay::Overlay;

/// Kinds that no screen shows.
const NOWHERE: [&str; 6] = ["profile", "enrolment", "resumption", "care", "purge", "phrase"];
/// Kinds that may be seen by the client they are about.
const OPEN: [&str; 7] = ["client", "engagement", "sheet", "policy", "regulations", "plan", "final-report"];

/// A search under way, or one to come back to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    pub typed: Field,
    /// The line is from before: the next letter begins a new one.
    pub kept: bool,
    pub cursor: Cursor,
    /// Group by group.
    pub hits: Vec<Hit>,
    /// How many were found and are not shown while people look on.
    pub hidden: usize,
}

/// What the hits under one heading have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Client(Id),
    Kind(&'static str),
}

impl Group {
    /// The group of a hit: its client, else its kind.
    pub fn of(hit: &Hit) -> Group {
        hit.client.map_or(Group::Kind(hit.kind), Group::Client)
    }
}

impl Search {
    /// The hit under the cursor.
    pub fn chosen(&self) -> Option<&Hit> {
        self.hits.get(self.cursor.at(self.hits.len()))
    }

    /// Applies a key to the line; true when it was for the line.
    pub fn press(&mut self, key: Key, now: u64) -> bool {
        self.edit(key.typed().is_some(), |typed| typed.press(key, now))
    }

    /// Puts pasted text into the line.
    pub fn paste(&mut self, text: &str) {
        self.edit(true, |typed| {
            typed.paste(text);
            true
        });
    }

    fn edit(&mut self, writes: bool, edit: impl FnOnce(&mut Field) -> bool) -> bool {
        let before = self.typed.text().to_owned();
        if self.kept && writes {
            self.typed = Field::default();
        }
        let done = edit(&mut self.typed);
        self.kept &= !done;
        if self.typed.text() != before {
            self.cursor = Cursor::default();
        }
        done
    }
}

/// The client on the screen.
pub fn shown_client(model: &Model) -> Option<Id> {
    match &model.screen {
        Screen::Work(work) => model.books.engagements.get(&work.engagement).map(|e| e.client),
        _ => None,
    }
}

/// Looks again, when the search is on the screen: after a key, a change, or when people begin to look on.
pub fn refresh(model: &mut Model) {
    if !matches!(model.overlay, Some(Overlay::Search(_))) {
        return;
    }
    let shown = shown_client(model);
    let (books, packs) = (&model.books, &model.packs);
    let index = model.hand.index.get_or_insert_with(|| Index::build(books, packs));
    let Some(Overlay::Search(search)) = &mut model.overlay else { return };
    let mut hits = index.find(&find::query(search.typed.text()));
    hits.retain(|hit| !NOWHERE.contains(&hit.kind));
    let all = hits.len();
    if model.look.client_safe {
        hits.retain(|hit| {
            let evidence = || hit.excerpt(books, packs).is_none_or(|text| text.field.starts_with("evidence"));
            hit.client.is_some() && hit.client == shown && OPEN.contains(&hit.kind) && !evidence()
        });
    }
    search.hidden = all - hits.len();
    search.hits = arranged(hits, shown);
}

/// The client on the screen first, then clients found by their own record, then whoever has the newest hit; in a group
/// the client itself first, then the newest.
fn arranged(mut hits: Vec<Hit>, shown: Option<Id>) -> Vec<Hit> {
    let mut order: BTreeMap<Group, (u8, Reverse<String>)> = BTreeMap::new();
    for hit in &hits {
        let near = match (Group::of(hit), hit.kind) {
            (Group::Client(id), _) if Some(id) == shown => 0,
            (_, "client") => 1,
            (Group::Client(_), _) => 2,
            (Group::Kind(_), _) => 3,
        };
        let place = (near, Reverse(hit.when.clone()));
        let best = order.entry(Group::of(hit)).or_insert_with(|| place.clone());
        best.0 = best.0.min(place.0);
        best.1 = Reverse(std::mem::take(&mut best.1.0).max(place.1.0));
    }
    let of_client = |hit: &Hit| hit.kind != "client";
    hits.sort_by(|a, b| {
        let (ga, gb) = (Group::of(a), Group::of(b));
        (&order[&ga], ga, of_client(a), Reverse(&a.when)).cmp(&(&order[&gb], gb, of_client(b), Reverse(&b.when)))
    });
    hits
}
