//! An engagement shown as it was: its records of then on a model of their own, which no key changes.

use bansou_core::as_of::{AsOf, Then};
use jiff::civil::Date;

use super::keymap::Action;
use super::model::{Model, Screen, Tab, Work};

/// What the tabs of an engagement are drawn from while it is shown as it was.
#[derive(Clone, Debug)]
pub struct Bygone {
    pub at: AsOf,
    /// The day of the last change that counts.
    pub day: Date,
    pub model: Box<Model>,
}

impl PartialEq for Bygone {
    // The past does not change: the same point in time is the same picture.
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.day) == (other.at, other.day)
    }
}

impl Eq for Bygone {}

impl Bygone {
    /// The screens of then, in the look of now.
    pub fn of(model: &Model, then: Then) -> Bygone {
        let mut shown = Model::new(model.look, then.day.at(23, 59, 0, 0), model.packs.clone());
        (shown.form, shown.books) = (None, then.books);
        Bygone { at: then.at, day: then.day, model: Box::new(shown) }
    }
}

/// What is shown of then, if anything is.
pub fn shown(model: &Model) -> Option<&Bygone> {
    match &model.screen {
        Screen::Work(Work { then, .. }) => then.as_ref(),
        _ => None,
    }
}

/// True for everything but looking while an engagement is shown as it was.
pub fn blocks(model: &Model, action: Action) -> bool {
    use Action::{
        AsOf, Attachments, Back, ClientSafe, Filter, Go, Guidance, Help, Keys, Lock, Move, NextSession, Open, Palette,
        Prefix, Preview, PreviousSession, Quit, Redraw, Search, Sheet, Speaker, Suspend,
    };
    let Screen::Work(Work { then: Some(_), tab, .. }) = &model.screen else { return false };
    let looks = matches!(
        action,
        AsOf | Attachments
            | Back
            | ClientSafe
            | Filter
            | Go(_)
            | Guidance
            | Help
            | Keys
            | Lock
            | Move(_)
            | NextSession
            | Palette
            | Prefix(_)
            | PreviousSession
            | Quit
            | Redraw
            | Search
            | Sheet
            | Speaker
            | Suspend
    );
    // Enter in a window is for the window. The page of the hearing sheet bears no date.
    let in_window = model.overlay.is_some() && action == Open;
    let page = action == Preview && *tab != Tab::Notes;
    !looks && !in_window && !page
}
