//! The one decision about an arriving bundle: take it, continue it, it is here already, or refuse it.
//!
//! The server and the import of a folder both ask here, so both answer alike.

use crate::wire::v1::envelope::{Signed, is_sha256};
use crate::wire::v1::problem::Problem;
use crate::wire::v1::ticket::Ticket;

/// Largest sealed bundle that is carried, in bytes.
pub const MAX_BUNDLE: u64 = 64 * 1024 * 1024;

/// How many versions of the recipients file a bundle may lag behind: what was on its way during one rotation still arrives.
pub const MAX_VERSIONS_BEHIND: u64 = 1;

/// What is already held under the bundle's hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Have {
    /// An upload was begun with this ticket; `offset` bytes are here.
    Part { ticket: Ticket, same_key: bool, offset: u64 },
    /// The bundle is here and this receipt was given for it.
    Whole(Signed),
}

/// What one sender may still bring, in bundles and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bundle_bytes: u64,
    pub bundles_left: u64,
    pub bytes_left: u64,
}

impl Limits {
    /// The limits of a person who imports a folder by hand: only the size of one bundle.
    pub const BY_HAND: Self = Self { bundle_bytes: MAX_BUNDLE, bundles_left: u64::MAX, bytes_left: u64::MAX };
}

/// What to do with a bundle whose ticket's signature has been verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    NewUpload,
    /// Go on from this offset.
    Continue(u64),
    /// The same receipt as the first time.
    AlreadyHave(Signed),
    Refuse(Refusal),
}

/// Why a bundle is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the ticket is not well formed")]
    TicketForm,
    #[error("the bundle is larger than is carried")]
    TooLarge,
    #[error("the key that signed the ticket is not on the roster")]
    UnknownSigner,
    #[error("no recipients file has been published here")]
    NoRecipients,
    #[error("the bundle was sealed to an outdated recipients file")]
    RecipientsOld,
    #[error("the bundle was sealed to a recipients file that is not known here")]
    RecipientsAhead,
    #[error("another ticket for the same bundle is being uploaded")]
    TicketConflict,
    #[error("the sender's quota is used up")]
    Quota,
}

impl Refusal {
    /// Every refusal, for documents and tables.
    pub const ALL: [Self; 8] = [
        Self::TicketForm,
        Self::TooLarge,
        Self::UnknownSigner,
        Self::NoRecipients,
        Self::RecipientsOld,
        Self::RecipientsAhead,
        Self::TicketConflict,
        Self::Quota,
    ];

    /// The stable code of `docs/protocol.md`.
    pub fn code(self) -> &'static str {
        match self {
            Self::TicketForm => "E-TICKET-FORM",
            Self::TooLarge => "E-TOO-LARGE",
            Self::UnknownSigner => "E-UNKNOWN-KEY",
            Self::NoRecipients => "E-NO-RECIPIENTS",
            Self::RecipientsOld => "E-RECIPIENTS-OLD",
            Self::RecipientsAhead => "E-RECIPIENTS-AHEAD",
            Self::TicketConflict => "E-TICKET-CONFLICT",
            Self::Quota => "E-QUOTA",
        }
    }

    /// The sentences for a person: what happened, and what to do next.
    pub fn problem(self) -> Problem {
        let (ja, en) = match self {
            Self::TicketForm => (
                "送付票の形式が正しくありません。送信元でもう一度封をしてください。",
                "The ticket is not well formed. Seal the bundle again on the sending machine.",
            ),
            Self::TooLarge => (
                "一件の大きさの上限（64 MiB）を超えています。添付を減らすか分けてください。",
                "The bundle is larger than 64 MiB. Remove or split attachments and seal it again.",
            ),
            Self::UnknownSigner => (
                "この送信者の鍵は登録されていません。事務局に登録の状態を確認してください。",
                "The key that signed this is not on the roster. Ask the secretariat about your registration.",
            ),
            Self::NoRecipients => (
                "事務局の宛先ファイルがまだ公開されていません。事務局に公開を依頼してください。",
                "The secretariat has not published its recipients file here yet. Ask it to publish one.",
            ),
            Self::RecipientsOld => (
                "古い宛先ファイルで封がされています。最新の宛先を受け取り、封をし直してください。",
                "The bundle was sealed to an outdated recipients file. Fetch the current one and seal it again.",
            ),
            Self::RecipientsAhead => (
                "このサーバーが知らない宛先ファイルで封がされています。事務局に公開を依頼してください。",
                "The bundle was sealed to a newer recipients file than this server holds. Ask the secretariat to publish it.",
            ),
            Self::TicketConflict => (
                "同じ封書が別の送付票で送信中です。先の送信が終わるまで待ってください。",
                "The same bundle is being uploaded with another ticket. Wait until that upload has ended.",
            ),
            Self::Quota => (
                "この鍵で預けられる件数または容量の上限に達しました。事務局に連絡してください。",
                "The number or volume of bundles for this key is used up. Contact the secretariat.",
            ),
        };
        Problem::new(self.code(), ja, en)
    }
}

/// Decides about a ticket whose signature was verified. `recipients_version` is the version published here, if any.
pub fn accept(
    ticket: &Ticket,
    signer_known: bool,
    recipients_version: Option<u64>,
    already: Option<Have>,
    limits: Limits,
) -> Decision {
    // A receipt once given stays available: losing the answer must not depend on what changed since.
    let already = match already {
        Some(Have::Whole(receipt)) => return Decision::AlreadyHave(receipt),
        other => other,
    };
    if ticket.v != 1 || !is_sha256(&ticket.sha256) || ticket.size == 0 {
        return Decision::Refuse(Refusal::TicketForm);
    }
    if ticket.size > limits.bundle_bytes {
        return Decision::Refuse(Refusal::TooLarge);
    }
    if !signer_known {
        return Decision::Refuse(Refusal::UnknownSigner);
    }
    let Some(current) = recipients_version else { return Decision::Refuse(Refusal::NoRecipients) };
    if ticket.recipients_version > current {
        return Decision::Refuse(Refusal::RecipientsAhead);
    }
    if current - ticket.recipients_version > MAX_VERSIONS_BEHIND {
        return Decision::Refuse(Refusal::RecipientsOld);
    }
    match already {
        Some(Have::Part { ticket: held, same_key: true, offset }) if held == *ticket => Decision::Continue(offset),
        Some(_) => Decision::Refuse(Refusal::TicketConflict),
        None if limits.bundles_left == 0 || ticket.size > limits.bytes_left => Decision::Refuse(Refusal::Quota),
        None => Decision::NewUpload,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use Decision::{AlreadyHave, Continue, NewUpload, Refuse};

    fn ticket() -> Ticket {
        Ticket { v: 1, sha256: "ab".repeat(32), size: 1000, recipients_version: 5 }
    }

    fn with(change: impl FnOnce(&mut Ticket)) -> Ticket {
        let mut t = ticket();
        change(&mut t);
        t
    }

    fn part(ticket: Ticket, same_key: bool) -> Option<Have> {
        Some(Have::Part { ticket, same_key, offset: 400 })
    }

    #[test]
    fn the_table_of_decisions() {
        let open = Limits::BY_HAND;
        let receipt = Signed::new("{}".into(), &[1; 32], &[2; 64]);
        let whole = || Some(Have::Whole(receipt.clone()));
        let none = || None;
        let few = Limits { bundles_left: 0, ..open };
        let tight = Limits { bytes_left: 999, ..open };
        let exact = Limits { bundle_bytes: 1000, bundles_left: 1, bytes_left: 1000 };
        let table = [
            (ticket(), true, Some(5), none(), open, NewUpload),
            (ticket(), true, Some(5), none(), exact, NewUpload),
            (ticket(), true, Some(6), none(), open, NewUpload),
            (ticket(), true, Some(7), none(), open, Refuse(Refusal::RecipientsOld)),
            (ticket(), true, Some(u64::MAX), none(), open, Refuse(Refusal::RecipientsOld)),
            (ticket(), true, Some(4), none(), open, Refuse(Refusal::RecipientsAhead)),
            (ticket(), true, None, none(), open, Refuse(Refusal::NoRecipients)),
            (ticket(), false, Some(5), none(), open, Refuse(Refusal::UnknownSigner)),
            (ticket(), true, Some(5), part(ticket(), true), open, Continue(400)),
            (ticket(), true, Some(5), part(ticket(), true), few, Continue(400)),
            (ticket(), true, Some(5), part(ticket(), false), open, Refuse(Refusal::TicketConflict)),
            (ticket(), true, Some(5), part(with(|t| t.size = 999), true), open, Refuse(Refusal::TicketConflict)),
            (ticket(), false, Some(5), part(ticket(), true), open, Refuse(Refusal::UnknownSigner)),
            (ticket(), true, Some(5), whole(), open, AlreadyHave(receipt.clone())),
            (ticket(), false, None, whole(), few, AlreadyHave(receipt.clone())),
            (ticket(), true, Some(5), none(), few, Refuse(Refusal::Quota)),
            (ticket(), true, Some(5), none(), tight, Refuse(Refusal::Quota)),
            (with(|t| t.size = MAX_BUNDLE), true, Some(5), none(), open, NewUpload),
            (with(|t| t.size = MAX_BUNDLE + 1), true, Some(5), none(), open, Refuse(Refusal::TooLarge)),
            (with(|t| t.size = 0), true, Some(5), none(), open, Refuse(Refusal::TicketForm)),
            (with(|t| t.v = 2), true, Some(5), none(), open, Refuse(Refusal::TicketForm)),
            (with(|t| t.sha256 = "AB".repeat(32)), true, Some(5), none(), open, Refuse(Refusal::TicketForm)),
            (with(|t| t.sha256.push('0')), true, Some(5), none(), open, Refuse(Refusal::TicketForm)),
        ];
        for (n, (ticket, known, version, already, limits, expected)) in table.into_iter().enumerate() {
            assert_eq!(accept(&ticket, known, version, already, limits), expected, "row {n}");
        }
    }

    #[test]
    fn every_refusal_has_its_own_code_and_sentences() {
        let codes: std::collections::BTreeSet<_> = Refusal::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            let p = refusal.problem();
            assert!(p.ja.ends_with('。') && p.en.ends_with('.'), "{p:?}");
        }
    }
}
