//! The secretariat's part of the state: which room is shown, what its forms are for, and what the shell is sent to do.

use std::collections::BTreeMap;

use bansou_core::record::v1::Id;

use super::list::Cursor;

/// The rooms of the secretariat's screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    #[default]
    Board,
    Inbox,
    Payments,
    Figures,
    Experts,
}

/// The rooms with their digit and the catalogue key of their name, in the order they are shown.
pub const ROOMS: [(Room, char, &str); 5] = [
    (Room::Board, '1', "room.board"),
    (Room::Inbox, '2', "room.inbox"),
    (Room::Payments, '3', "room.payments"),
    (Room::Figures, '5', "room.figures"),
    (Room::Experts, '7', "room.experts"),
];

/// The secretariat at work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    pub room: Room,
    pub cursors: BTreeMap<Room, Cursor>,
    /// What the board is narrowed to.
    pub filter: String,
    /// The delivery that is open in the inbox, and the row of it.
    pub open: Option<(Id, Cursor)>,
    /// An expert's request that was read and waits for approval.
    pub request: Option<Seen>,
}

impl Office {
    /// The cursor of the list on the screen.
    pub fn cursor(&self) -> Cursor {
        match self.open {
            Some((_, cursor)) if self.room == Room::Inbox => cursor,
            _ => self.cursors.get(&self.room).copied().unwrap_or_default(),
        }
    }

    /// The cursor of the list on the screen, to move it.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        match &mut self.open {
            Some((_, cursor)) if self.room == Room::Inbox => cursor,
            _ => self.cursors.entry(self.room).or_default(),
        }
    }
}

/// An expert's request as it was read from its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub file: String,
    pub name: String,
    /// Of the key that signed the request; compared by voice.
    pub fingerprint: String,
}

/// What a key does at the secretariat's desk; `Approve` is about what the room shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Pull,
    PullFolder,
    Approve,
    ApproveClean,
    Return,
    Waive,
    FollowUp,
    Plan,
    Export,
    Invite,
    Read,
    Revoke,
}

/// What a form of the secretariat is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paper {
    PullFolder,
    FollowUp(Id),
    Return(Id),
    /// Ends the wait for an expert's missing numbers.
    Waive(Id),
    SavePart {
        delivery: Id,
        role: String,
    },
    PlanPay,
    /// Approves a payment; `word` has to be typed.
    ApprovePay {
        run: Id,
        word: String,
    },
    ExportPayments(Id),
    ExportFigures,
    Invite,
    ReadRequest,
    ApproveExpert(Seen),
    /// Revokes an expert; `word` has to be typed.
    Revoke {
        expert: Id,
        word: String,
    },
}

/// Work of the shell for the secretariat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Fetch what has arrived, from the server or a folder, and hand over the answers that wait.
    Pull {
        folder: Option<String>,
    },
    Review {
        delivery: Id,
        accepted: bool,
        note: String,
    },
    /// Approve everything the automatic check found nothing in.
    ReviewClean,
    SavePart {
        delivery: Id,
        role: String,
        file: String,
    },
    ExportPayments {
        run: Id,
        file: String,
    },
    ExportFigures {
        file: String,
    },
    Invite {
        file: String,
    },
    /// Answered by `Msg::RequestRead`.
    ReadRequest {
        file: String,
    },
    /// Approve the request whose fingerprint was shown, and write the pack for the expert.
    ApproveExpert {
        seen: Seen,
        file: String,
    },
    RevokeExpert {
        expert: Id,
    },
}

impl Errand {
    /// Catalogue key of what is being waited for.
    pub fn waiting(&self) -> &'static str {
        match self {
            Errand::Pull { .. } => PULLING,
            Errand::Review { .. } | Errand::ReviewClean => "waiting.review",
            Errand::SavePart { .. } | Errand::Invite { .. } => "waiting.file",
            Errand::ExportPayments { .. } | Errand::ExportFigures { .. } => "waiting.make",
            Errand::ReadRequest { .. } => "waiting.read",
            Errand::ApproveExpert { .. } => APPROVING,
            Errand::RevokeExpert { .. } => "waiting.revoke",
        }
    }
}

/// What is waited for while a pull runs: what it brought is said when it is done.
pub const PULLING: &str = "waiting.pull";
/// What is waited for while an expert is approved: the request is put away when it is done.
pub const APPROVING: &str = "waiting.approve";
