//! What the keys of the policy, the final report, the documents and the claims do, and where an item leads.

use bansou_core::bundle::{self, Report};
use bansou_core::claim::ClaimCommand;
use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::record::v1::{Artefact, ClaimState};
use bansou_core::refusal::Refusal;

use super::{Ask, Job};
use crate::app::form::Purpose;
use crate::app::keymap::Action;
use crate::app::list::Cursor;
use crate::app::model::{Ctx, Model, Work};
use crate::app::screens::{Scene, claims, deliverables, final_report, forms, policy, preview, report};

/// Refuses to seal while something is missing that only the expert can give.
pub(super) fn sealable(unsealed: Report) -> Result<(), Refusal> {
    let missing = unsealed.missing.into_iter().filter(|kind| report::fix(kind).is_some()).collect();
    bundle::complete(&Report { missing, ..unsealed })
}

/// The text of a document, or why there is none yet.
pub(super) fn preview(model: &Model, request: Request) -> Ask {
    match preview::lines(model, &request) {
        Ok(lines) => Ask::Page(lines),
        Err(refusal) => Ask::Refused(refusal),
    }
}

pub fn save_as(made: Option<&Artefact>, name: &str) -> Ask {
    match made {
        Some(made) => Ask::Form(forms::more::file(Purpose::SaveDocument(made.blob), "form.save_document", name)),
        None => Ask::Refused(Refusal::NotFound { what: "document" }),
    }
}

pub(super) fn on_document(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let documents = deliverables::documents(scene);
    let at = work.cursor().at(documents.len());
    let Some(chosen) = documents.into_iter().nth(at) else {
        return Ask::Nothing;
    };
    let engagement = work.engagement;
    let made = scene.model.books.artefact(engagement, &chosen.kind, chosen.session);
    let session = chosen.session.map_or_else(String::new, |n| format!("-{n}"));
    let file = format!("{}-{}{session}.pdf", scene.engagement.case_no, chosen.kind);
    let request = Request::Engagement { engagement, document: chosen.kind, session: chosen.session };
    match action {
        Action::Make => Ask::Shell(Job::Make(request)),
        Action::Preview => preview(scene.model, request),
        Action::SaveAs => save_as(made, &file),
        _ => Ask::Nothing,
    }
}

pub(super) fn on_policy(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    match action {
        Action::Edit => {
            policy::chosen(scene, work.cursor()).map_or(Ask::Nothing, |row| Ask::Form(forms::more::policy(scene, row)))
        }
        Action::Preview => Ask::Page(policy::text(scene)),
        _ => Ask::Nothing,
    }
}

pub(super) fn on_final(scene: &Scene<'_>, work: &Work, action: Action) -> Ask {
    let engagement = work.engagement;
    let Some(item) = final_report::chosen(scene, work.cursor()) else {
        return Ask::Nothing;
    };
    let before = final_report::answer(scene, item);
    match action {
        Action::Choose(number) => match final_report::pressed(item, before, number.into()) {
            Some(value) => {
                let action = FindingsAction::Final { item: item.id.clone(), value };
                Ask::Do(Command::Findings(FindingsCommand { engagement, action }))
            }
            None => Ask::Nothing,
        },
        Action::Edit => Ask::Form(forms::more::final_answer(item, before)),
        Action::Preview => {
            let document = "final-report".to_owned();
            preview(scene.model, Request::Engagement { engagement, document, session: None })
        }
        _ => Ask::Nothing,
    }
}

pub(super) fn on_claims(model: &Model, action: Action, cursor: Cursor, ctx: &Ctx) -> Ask {
    let claimed_on = ctx.now.date();
    let draft = |units| Ask::Do(Command::Claim(ClaimCommand::Draft { units, claimed_on }));
    match (action, claims::chosen(model, cursor)) {
        (Action::Add, _) => draft(claims::claimable(model)),
        // Why it cannot be claimed is the answer of the command.
        (Action::Open, Some(claims::Row::Unit(unit))) if unit.blocked.is_some() => draft(vec![claims::named(&unit)]),
        (Action::Open, Some(claims::Row::Unit(unit))) => draft(claims::claimable_of(model, unit.line.engagement)),
        (Action::Open | Action::Preview, Some(claims::Row::Claim(claim))) => preview(model, Request::Claim(claim.id)),
        (Action::Delete, Some(claims::Row::Claim(claim))) => Ask::Do(Command::Claim(ClaimCommand::Drop(claim.id))),
        (Action::Make, Some(claims::Row::Claim(claim))) => Ask::Shell(Job::Make(Request::Claim(claim.id))),
        (Action::Seal, Some(claims::Row::Claim(claim))) => match claim.state {
            ClaimState::Draft => Ask::Shell(Job::SealClaim(claim.id)),
            ClaimState::Sent => Ask::Refused(Refusal::AlreadySent),
        },
        (Action::SaveAs, Some(claims::Row::Claim(claim))) => {
            let made = model.books.artefacts.values().filter(|a| a.claim == Some(claim.id));
            save_as(made.max_by_key(|a| a.made_at), &format!("claim-{:04}.pdf", claim.number))
        }
        (Action::Seal, Some(claims::Row::Unit(unit))) => {
            unit.blocked.map_or(Ask::Notice("notice.draft_first"), Ask::Refused)
        }
        _ => Ask::Nothing,
    }
}
