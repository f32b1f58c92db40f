//! The checklist of one session: the edition's items, the expert's own, and what earlier sessions left open.

use crate::curriculum::{By, CheckItem, Curriculum, Link};
use crate::programme::Text;
use crate::record::v1::{Check, Engagement, OwnItem, Part};

/// The parts in the order they are shown.
pub const GROUPS: [Group; 5] =
    [Group::Carried, Group::Of(Part::Prep), Group::Of(Part::Firm), Group::Of(Part::Day), Group::Of(Part::After)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Left over from earlier sessions.
    Carried,
    Of(Part),
}

/// Where an item is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    Edition(&'a CheckItem),
    Own(&'a OwnItem),
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The session it belongs to; an earlier one when it was carried over.
    pub home: u8,
    pub group: Group,
    pub source: Source<'a>,
    pub check: Option<&'a Check>,
}

impl<'a> Line<'a> {
    pub fn id(&self) -> &'a str {
        match self.source {
            Source::Edition(item) => &item.id,
            Source::Own(item) => &item.id,
        }
    }

    /// The text; an own item has one language, the expert's.
    pub fn text(&self) -> Text {
        match self.source {
            Source::Edition(item) => item.text(),
            Source::Own(item) => Text { ja: item.text.clone(), en: item.text.clone() },
        }
    }

    pub fn minutes(&self) -> u16 {
        match self.source {
            Source::Edition(item) => item.minutes,
            Source::Own(item) => item.minutes,
        }
    }

    pub fn link(&self) -> Option<Link> {
        self.item().and_then(|i| i.link)
    }

    /// The item of the edition, if it is one.
    pub fn item(&self) -> Option<&'a CheckItem> {
        match self.source {
            Source::Edition(item) => Some(item),
            Source::Own(_) => None,
        }
    }
}

/// Every line of a session's list, part by part.
pub fn lines<'a>(curriculum: &'a Curriculum, engagement: &'a Engagement, number: u8) -> Vec<Line<'a>> {
    let mut all: Vec<Line<'a>> = (1..number).flat_map(|n| carried(curriculum, engagement, n, number)).collect();
    let own = own_lines(curriculum, engagement, number);
    for group in &GROUPS[1..] {
        all.extend(own.iter().filter(|line| line.group == *group));
    }
    all
}

/// How many lines of a part are settled (done or skipped), of how many.
pub fn settled(lines: &[Line<'_>], group: Group) -> (usize, usize) {
    let part = || lines.iter().filter(|l| l.group == group);
    (part().filter(|l| l.check.is_some()).count(), part().count())
}

/// Expected minutes of what is open in a part.
pub fn minutes_left(lines: &[Line<'_>], group: Group) -> u16 {
    let open = lines.iter().filter(|l| l.group == group && l.check.is_none());
    open.fold(0, |sum, l| sum.saturating_add(l.minutes()))
}

/// How a session was fitted to the firm: items added, items skipped.
pub fn adapted(curriculum: &Curriculum, engagement: &Engagement, number: u8) -> (usize, usize) {
    use crate::record::v1::CheckState::Skipped;
    let lines = own_lines(curriculum, engagement, number);
    let added = lines.iter().filter(|l| matches!(l.source, Source::Own(_))).count();
    (added, lines.iter().filter(|l| l.check.is_some_and(|c| c.state == Skipped)).count())
}

/// The session whose list now shows what earlier ones left open.
pub(crate) fn collects(engagement: &Engagement) -> u8 {
    engagement.next_session().unwrap_or(engagement.last_session())
}

/// The session that an item belongs to when it may be settled in the list of `number`.
pub(crate) fn home(curriculum: &Curriculum, engagement: &Engagement, number: u8, item: &str) -> Option<u8> {
    lines(curriculum, engagement, number).iter().find(|l| l.id() == item).map(|l| l.home)
}

fn own_lines<'a>(curriculum: &'a Curriculum, engagement: &'a Engagement, number: u8) -> Vec<Line<'a>> {
    let session = engagement.session(number);
    let check = |id: &str| session.and_then(|s| s.checks.get(id));
    let parts = curriculum.session(number).map_or_else(Vec::new, |plan| {
        vec![(Part::Prep, &plan.prep), (Part::Day, &plan.day), (Part::After, &plan.after)]
    });
    let edition = parts.into_iter().flat_map(|(part, items)| items.iter().map(move |item| (part, item)));
    let edition = edition.map(|(part, item)| {
        let part = if part == Part::Prep && item.by == By::Firm { Part::Firm } else { part };
        Line { home: number, group: Group::Of(part), source: Source::Edition(item), check: check(&item.id) }
    });
    let own = session.map_or(&[][..], |s| &s.own).iter().map(|item| {
        let group = Group::Of(item.part);
        Line { home: number, group, source: Source::Own(item), check: check(&item.id) }
    });
    edition.chain(own).collect()
}

/// What session `from` left open, and what was settled later in the list of `number`.
fn carried<'a>(
    curriculum: &'a Curriculum,
    engagement: &'a Engagement,
    from: u8,
    number: u8,
) -> impl Iterator<Item = Line<'a>> {
    let held = engagement.session(from).is_some_and(|s| s.held.is_some());
    let open = held && number == collects(engagement);
    own_lines(curriculum, engagement, from)
        .into_iter()
        .filter(move |line| match line.check {
            None => open,
            Some(check) => check.carried_to == Some(number),
        })
        .map(|line| Line { group: Group::Carried, ..line })
}
