//! Which drafts still have something to be about.

use crate::books::Books;
use crate::record::v1::{Draft, Drafts};

/// Drafts kept at most; the oldest go first.
const MOST: usize = 64;

/// Leaves out what is about an erased client, and the oldest beyond the limit.
pub fn standing(books: &Books, drafts: Drafts) -> Drafts {
    let stands = |draft: &Draft| match draft.about {
        None => true,
        Some(id) => match books.engagements.get(&id) {
            Some(engagement) => books.client_of(engagement).is_some(),
            None => books.clients.contains_key(&id),
        },
    };
    let mut forms: Vec<Draft> = drafts.forms.into_iter().filter(stands).collect();
    forms.drain(..forms.len().saturating_sub(MOST));
    Drafts { forms, tutorial: drafts.tutorial }
}
