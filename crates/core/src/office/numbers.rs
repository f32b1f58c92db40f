//! The numbers of an expert's bundles at the desk: what is missing, what is no longer waited for, what is used twice.

use std::collections::BTreeSet;

use crate::books::Books;
use crate::edit::{Ctx, Edit, Edits};
use crate::record::v1::{Delivery, ExpertEntry, Id, Record, Waiver};
use crate::refusal::Refusal;
use crate::text_rules::{PROSE, required};

/// First and last of a run of numbers.
type Run = (u64, u64);

/// What takes numbers below a delivery, each with why: arrived, waived by the desk, or explained by the sender.
struct Numbers {
    arrived: BTreeSet<u64>,
    waived: u64,
    explained: Vec<Run>,
}

impl Numbers {
    /// Those of an expert; `arriving` is a delivery that is being checked and may not be in the books yet.
    fn of(books: &Books, expert: Id, arriving: Option<&Delivery>) -> Self {
        let mut numbers = Self { arrived: BTreeSet::new(), waived: 0, explained: Vec::new() };
        for d in books.deliveries.values().filter(|d| d.expert == expert).chain(arriving) {
            numbers.arrived.insert(d.seq);
            numbers.explained.extend(d.resumed_after.map(|known| (known.saturating_add(1), d.seq.saturating_sub(1))));
        }
        let waived = books.experts.get(&expert).map(|e| e.waived.iter().map(|w| w.through));
        numbers.waived = waived.and_then(Iterator::max).unwrap_or(0);
        numbers
    }

    /// The runs of numbers below `below` that have not arrived and that nothing explains.
    fn missing(&self, below: u64) -> Vec<Run> {
        let mut taken: Vec<Run> = self.arrived.iter().map(|n| (*n, *n)).chain(self.explained.clone()).collect();
        taken.push((1, self.waived));
        taken.sort_unstable();
        let mut runs = Vec::new();
        let mut next = 1;
        for (first, last) in taken.into_iter().chain([(below, below)]) {
            if next < first.min(below) {
                runs.push((next, first.min(below) - 1));
            }
            next = next.max(last.saturating_add(1));
        }
        runs
    }
}

/// The first number of the expert's chain below a delivery that has not arrived and is still waited for.
pub fn missing_before(books: &Books, delivery: &Delivery) -> Option<u64> {
    Numbers::of(books, delivery.expert, Some(delivery)).missing(delivery.seq).first().map(|run| run.0)
}

/// What is wrong or worth a look about the number of a delivery, as codes of findings.
pub(super) fn findings(books: &Books, delivery: &Delivery) -> Vec<&'static str> {
    let numbers = Numbers::of(books, delivery.expert, Some(delivery));
    let others = || books.deliveries.values().filter(|d| d.expert == delivery.expert && d.id != delivery.id);
    let before = delivery.seq.saturating_sub(1);
    let hole = before > 0 && !numbers.arrived.contains(&before);
    let explained = numbers.explained.iter().any(|(first, last)| (*first..=*last).contains(&before));
    let mut known =
        others().filter(|d| d.seq == follows(delivery)).filter_map(|d| d.manifest_sha256.as_ref()).peekable();
    let broken = known.peek().is_some() && known.all(|hash| Some(hash) != delivery.prev.as_ref());
    [
        ("gap", !numbers.missing(delivery.seq).is_empty()),
        ("gap-resumed", hole && explained),
        ("gap-waived", hole && !explained && before <= numbers.waived),
        ("number-used", others().any(|d| d.seq == delivery.seq)),
        ("chain", delivery.manifest_sha256.is_some() && broken),
    ]
    .into_iter()
    .filter_map(|(code, found)| found.then_some(code))
    .collect()
}

/// The number of the bundle that a delivery names as the one before it.
fn follows(delivery: &Delivery) -> u64 {
    delivery.resumed_after.unwrap_or(delivery.seq.saturating_sub(1))
}

/// Whether the findings of a delivery that was clean may change with what has just arrived.
pub(super) fn touches(arrived: &Delivery, waiting: &Delivery) -> bool {
    arrived.seq == waiting.seq || arrived.seq == follows(waiting)
}

/// A number is accepted once: a second bundle under it comes from another copy of the sender's store.
pub(super) fn accept(books: &Books, delivery: &Delivery) -> Result<(), Refusal> {
    if let Some(expected) = missing_before(books, delivery) {
        return Err(Refusal::Gap { expected });
    }
    let mut same = books.deliveries.values().filter(|d| (d.expert, d.seq) == (delivery.expert, delivery.seq));
    match same.any(|d| d.review.as_ref().is_some_and(|r| r.accepted)) {
        true => Err(Refusal::NumberTaken { seq: delivery.seq }),
        false => Ok(()),
    }
}

/// Ends the wait for missing numbers below a bundle that did arrive; never for numbers still to come.
pub(super) fn waive(books: &Books, ctx: &Ctx<'_>, expert: Id, through: u64, reason: String) -> Edits {
    required("reason", &reason, PROSE)?;
    let found = books.experts.get(&expert).ok_or(Refusal::NotFound { what: "expert" })?;
    let numbers = Numbers::of(books, expert, None);
    let highest = numbers.arrived.last().copied().unwrap_or(0);
    let missing = numbers.missing(through.saturating_add(1));
    if missing.is_empty() || through >= highest {
        return Err(Refusal::NothingToWaive);
    }
    let by = books.profile.as_ref().map_or_else(String::new, |p| p.name.clone());
    let mut waived = found.waived.clone();
    waived.push(Waiver { through, missing, at: ctx.now, by, reason });
    let expert_record = Record::Expert(ExpertEntry { waived, ..found.clone() });
    let again = super::checked_again(books, ctx, expert, std::slice::from_ref(&expert_record));
    Ok([expert_record].into_iter().chain(again).map(Edit::from).collect())
}

/// The newest waiver that covers the number right before a delivery, when that one has not arrived.
pub fn waiver_before<'a>(books: &'a Books, delivery: &Delivery) -> Option<&'a Waiver> {
    let before = delivery.seq.saturating_sub(1);
    let covers = |w: &&Waiver| w.missing.iter().any(|(first, last)| (*first..=*last).contains(&before));
    books.experts.get(&delivery.expert)?.waived.iter().rev().find(covers)
}
