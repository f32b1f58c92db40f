//! Why a rule says no: one closed list, each with a code and a sentence in both languages.

use crate::retention::Block;
use crate::text::Lang;

/// A rule refused a command. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotFound { what: &'static str },
    Empty { field: &'static str },
    TooLong { field: &'static str, max: usize },
    OutOfRange { field: &'static str, min: u64, max: u64 },
    ControlCharacter { field: &'static str },
    UnknownEdition { id: String },
    UnknownItem { item: String },
    NotEligible { clause: String },
    OneStarMissing,
    AlreadyBegun,
    CaseNoTaken,
    Ended,
    SessionOrder { session: u8 },
    DateOrder { session: u8 },
    NotHeldYet { session: u8 },
    AlreadyHeld { session: u8 },
    FutureDate,
    TimeOrder,
    ReasonNeeded,
    NotSameDay,
    ConfirmationBeforeSession,
    ConfirmationNotSameDay,
    ClockRuns,
    ClockStands,
    AlreadySent,
    ReportIncomplete { missing: Vec<String> },
    ClaimEmpty,
    ClaimWithoutProof { case_no: String, session: u8 },
    AlreadyClaimed { case_no: String, session: u8 },
    DeliverablesMissing { case_no: String },
    ReportNotSent { case_no: String, session: u8 },
    MixedProgrammes,
    NotEnrolled,
    NotReconciled,
    BadTransition { from: &'static str, event: &'static str },
    AlreadyReviewed,
    UnknownExpert,
    PracticeMixed,
    Gap { expected: u64 },
    NumberTaken { seq: u64 },
    NothingToWaive,
    NothingToPay,
    AlreadyApproved,
    NothingToUndo,
    NothingToRedo,
    CannotUndo,
    ChangedSince,
    SealedSince { case_no: String, session: u8 },
    NoEarlierValue,
    SameValue,
    Archived,
    Erased,
    EraseBlocked { blocks: Vec<Block> },
    WordDiffers,
    RecoveryUnknown,
    NoConsent,
    LiabilityUnsaid,
    NothingChosen,
    ShareOver,
    Withdrawn,
    HandedOut,
    SharedCopy,
    NotShared { part: String },
    ShareHeld,
}

impl Refusal {
    /// Stable code for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "E-101",
            Self::Empty { .. } => "E-102",
            Self::TooLong { .. } => "E-103",
            Self::OutOfRange { .. } => "E-104",
            Self::UnknownEdition { .. } => "E-105",
            Self::ControlCharacter { .. } => "E-107",
            Self::UnknownItem { .. } => "E-106",
            Self::NotEligible { .. } => "E-201",
            Self::OneStarMissing => "E-202",
            Self::AlreadyBegun => "E-203",
            Self::CaseNoTaken => "E-204",
            Self::Ended => "E-205",
            Self::SessionOrder { .. } => "E-301",
            Self::DateOrder { .. } => "E-302",
            Self::NotHeldYet { .. } => "E-303",
            Self::AlreadyHeld { .. } => "E-304",
            Self::FutureDate => "E-305",
            Self::TimeOrder => "E-306",
            Self::ReasonNeeded => "E-307",
            Self::NotSameDay => "E-308",
            Self::ConfirmationBeforeSession => "E-309",
            Self::ConfirmationNotSameDay => "E-310",
            Self::ClockRuns => "E-321",
            Self::ClockStands => "E-322",
            Self::AlreadySent => "E-401",
            Self::ReportIncomplete { .. } => "E-402",
            Self::ClaimEmpty => "E-501",
            Self::ClaimWithoutProof { .. } => "E-502",
            Self::AlreadyClaimed { .. } => "E-503",
            Self::DeliverablesMissing { .. } => "E-504",
            Self::ReportNotSent { .. } => "E-505",
            Self::MixedProgrammes => "E-506",
            Self::NotEnrolled => "E-601",
            Self::BadTransition { .. } => "E-602",
            Self::NotReconciled => "E-603",
            Self::AlreadyReviewed => "E-701",
            Self::UnknownExpert => "E-702",
            Self::PracticeMixed => "E-703",
            Self::Gap { .. } => "E-704",
            Self::NothingToPay => "E-705",
            Self::NumberTaken { .. } => "E-707",
            Self::NothingToWaive => "E-708",
            Self::AlreadyApproved => "E-706",
            Self::NothingToUndo => "E-801",
            Self::CannotUndo => "E-802",
            Self::ChangedSince => "E-804",
            Self::SealedSince { .. } => "E-805",
            Self::NothingToRedo => "E-806",
            Self::NoEarlierValue => "E-807",
            Self::SameValue => "E-808",
            Self::Archived => "E-901",
            Self::Erased => "E-902",
            Self::EraseBlocked { .. } => "E-903",
            Self::WordDiffers => "E-904",
            Self::RecoveryUnknown => "E-803",
            Self::NoConsent => "E-1001",
            Self::LiabilityUnsaid => "E-1002",
            Self::NothingChosen => "E-1003",
            Self::ShareOver => "E-1004",
            Self::Withdrawn => "E-1005",
            Self::HandedOut => "E-1006",
            Self::SharedCopy => "E-1007",
            Self::NotShared { .. } => "E-1008",
            Self::ShareHeld => "E-1009",
        }
    }

    /// What happened and what to do, in the user's language. Never quotes client text beyond a case number.
    pub fn text(&self, lang: Lang) -> String {
        let (ja, en) = self.sentences();
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    fn sentences(&self) -> (String, String) {
        match self {
            Self::NotFound { .. }
            | Self::Empty { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. }
            | Self::ControlCharacter { .. }
            | Self::UnknownEdition { .. }
            | Self::UnknownItem { .. }
            | Self::NotEligible { .. }
            | Self::OneStarMissing
            | Self::AlreadyBegun
            | Self::CaseNoTaken
            | Self::Ended => self.about_records(),
            Self::SessionOrder { .. }
            | Self::DateOrder { .. }
            | Self::NotHeldYet { .. }
            | Self::AlreadyHeld { .. }
            | Self::FutureDate
            | Self::TimeOrder
            | Self::ReasonNeeded
            | Self::NotSameDay
            | Self::ConfirmationBeforeSession
            | Self::ConfirmationNotSameDay
            | Self::ClockRuns
            | Self::ClockStands => self.about_sessions(),
            Self::Archived | Self::Erased | Self::EraseBlocked { .. } | Self::WordDiffers => self.about_erasing(),
            Self::AlreadyReviewed
            | Self::UnknownExpert
            | Self::Gap { .. }
            | Self::NumberTaken { .. }
            | Self::NothingToWaive
            | Self::NothingToPay
            | Self::AlreadyApproved => self.about_the_desk(),
            Self::NoConsent
            | Self::LiabilityUnsaid
            | Self::NothingChosen
            | Self::ShareOver
            | Self::Withdrawn
            | Self::HandedOut
            | Self::SharedCopy
            | Self::NotShared { .. }
            | Self::ShareHeld => self.about_sharing(),
            _ => self.about_sending(),
        }
    }

    fn about_records(&self) -> (String, String) {
        match self {
            Self::NotFound { what } => (
                format!("{what} が見つかりません。一覧で番号を確かめてください。"),
                format!("No such {what}. Check the number in the list."),
            ),
            Self::Empty { field } => {
                (format!("{field} が空です。入力してください。"), format!("{field} is empty. Fill it in."))
            }
            Self::TooLong { field, max } => (
                format!("{field} が長すぎます。{max}文字までにしてください。"),
                format!("{field} is too long. Use at most {max} characters."),
            ),
            Self::OutOfRange { field, min, max } => (
                format!("{field} は {min} から {max} の間で入力してください。"),
                format!("{field} must be between {min} and {max}."),
            ),
            Self::ControlCharacter { field } => (
                format!("{field} に画面を乱す制御文字があります。取り除いてください。"),
                format!("{field} holds control characters that disturb a screen. Remove them."),
            ),
            Self::UnknownEdition { id } => (
                format!("版 {id} がこのプログラムにありません。programme list で確かめてください。"),
                format!("Edition {id} is not in this program. See `programme list`."),
            ),
            Self::UnknownItem { item } => (
                format!("項目 {item} はこの版にありません。一覧で番号を確かめてください。"),
                format!("This edition has no item {item}. Check the number in the list."),
            ),
            Self::NotEligible { clause } => (
                format!("対象となる中小企業の定義に当てはまりません({clause})。区分・資本金・人数を確かめてください。"),
                format!(
                    "The firm is outside the programme's definition ({clause}). Check category, capital, employees."
                ),
            ),
            Self::OneStarMissing => (
                "SECURITY ACTION 一つ星の宣言が参加の条件です。宣言を済ませ、顧客の欄に記録してください。".into(),
                "A SECURITY ACTION one-star declaration is required. Have it made and record it on the client.".into(),
            ),
            Self::AlreadyBegun => {
                ("この顧客の指導はもう始まっています。".into(), "This client already has an engagement.".into())
            }
            Self::CaseNoTaken => (
                "その案件番号は使われています。事務局の通知を確かめてください。".into(),
                "That case number is in use. Check the secretariat's notice.".into(),
            ),
            _ => (
                "この指導は終了しています。終了を取り消してから変更してください。".into(),
                "This engagement has ended. Undo the ending before changing it.".into(),
            ),
        }
    }

    fn about_sessions(&self) -> (String, String) {
        match self {
            Self::SessionOrder { session } => (
                format!("第{session}回の前の回がまだ実施されていません。順に記録してください。"),
                format!("The session before session {session} has not been held. Record them in order."),
            ),
            Self::DateOrder { session } => (
                format!("第{session}回の日付が前後の回と逆です。日付を直してください。"),
                format!("The date of session {session} is out of order with its neighbours. Correct it."),
            ),
            Self::NotHeldYet { session } => (
                format!("第{session}回はまだ実施されていません。先に実施を記録してください。"),
                format!("Session {session} has not been held. Record that it was held first."),
            ),
            Self::AlreadyHeld { session } => (
                format!("第{session}回は実施済みです。直すには取り消し(u)を使ってください。"),
                format!("Session {session} was already held. Use undo to correct it."),
            ),
            Self::FutureDate => (
                "未来の日付です。実施した日を入力してください。".into(),
                "That date is in the future. Enter the day it happened.".into(),
            ),
            Self::TimeOrder => (
                "終了時刻が開始時刻より前です。時刻を直してください。".into(),
                "The end is before the start. Correct the times.".into(),
            ),
            Self::ReasonNeeded => {
                ("理由が必要です。入力してください。".into(), "A reason is required. Enter it.".into())
            }
            Self::NotSameDay => (
                "同日実施にできるのは、前の回と同じ日付の第4回だけです。".into(),
                "Only session 4 on the date of session 3 can be combined.".into(),
            ),
            Self::ClockRuns => ("時計はもう動いています。".into(), "The clock is already running.".into()),
            Self::ClockStands => (
                "時計は動いていません。先に計測を始めてください。".into(),
                "The clock is not running. Start it first.".into(),
            ),
            Self::ConfirmationBeforeSession => (
                "指導終了書(様式5)の日付が実施日より前です。日付を直してください。".into(),
                "The confirmation (form 5) is dated before the session. Correct the date.".into(),
            ),
            _ => (
                "指導終了書(様式5)は実施した当日の記入が条件です。日付を直してください。".into(),
                "The confirmation (form 5) must be filled on the day of the session. Correct the date.".into(),
            ),
        }
    }

    fn about_erasing(&self) -> (String, String) {
        match self {
            Self::Archived => (
                "この顧客は一覧から外してあります。client unarchive で戻してから変更してください。".into(),
                "This client is archived. Bring it back with `client unarchive` before changing it.".into(),
            ),
            Self::Erased => (
                "この企業の記録は消去済みです。残っているのは請求に要る日付だけです。client purges で確かめてください。".into(),
                "The records of this firm were erased; only what its claims need is left. See `client purges`.".into(),
            ),
            Self::EraseBlocked { blocks } => {
                let list = |lang| blocks.iter().map(|b| b.text(lang)).collect::<Vec<_>>();
                (
                    format!("まだ消去できません: {}。片付けてからもう一度実行してください。", list(Lang::Ja).join("、")),
                    format!("It cannot be erased yet: {}. Settle this and try again.", list(Lang::En).join(", ")),
                )
            }
            _ => (
                "入れた語が違うので、何も消していません。案件番号 (指導がまだなら erase) を入れてください。".into(),
                "The word differs; nothing was erased. Type the case number (`erase` when no sessions were begun).".into(),
            ),
        }
    }

    fn about_sending(&self) -> (String, String) {
        match self {
            Self::AlreadySent => (
                "もう封をして未送信箱に入っています。直すには差し戻しを待ってください。".into(),
                "It is already sealed in the outbox. To change it, wait for a return.".into(),
            ),
            Self::ReportIncomplete { missing } => (
                format!("報告に足りないもの: {}。そろえてからもう一度実行してください。", lacking(missing, Lang::Ja)),
                format!("The report lacks: {}. Complete it and try again.", lacking(missing, Lang::En)),
            ),
            Self::ClaimEmpty => (
                "請求できる回がありません。実施・終了書・報告を確かめてください。".into(),
                "No session can be claimed. Check sessions, confirmations and reports.".into(),
            ),
            Self::ClaimWithoutProof { case_no, session } => (
                format!("{case_no} 第{session}回の指導終了書(様式5)がありません。受け取ってから請求してください。"),
                format!("{case_no} session {session} has no confirmation (form 5). Obtain it before claiming."),
            ),
            Self::AlreadyClaimed { case_no, session } => (
                format!("{case_no} 第{session}回は請求済みです。請求の一覧を確かめてください。"),
                format!("{case_no} session {session} was already claimed. Check the list of claims."),
            ),
            Self::DeliverablesMissing { case_no } => (
                format!("{case_no} の最終回は成果物がすべて要ります。成果物の一覧で未の物を作ってください。"),
                format!("The last session of {case_no} needs every deliverable. Make those still missing."),
            ),
            Self::ReportNotSent { case_no, session } => (
                format!("{case_no} 第{session}回の報告がまだ送られていません。先に報告を送ってください。"),
                format!("The report of {case_no} session {session} has not been sealed. Send it first."),
            ),
            Self::MixedProgrammes => (
                "年度の違う案件は一つの請求にできません。分けて請求してください。".into(),
                "One claim cannot mix programme years. Claim them apart.".into(),
            ),
            Self::NotEnrolled => (
                "事務局への登録がまだです。enrol request から始めてください。".into(),
                "This home is not enrolled with a secretariat. Begin with `enrol request`.".into(),
            ),
            Self::NotReconciled => (
                "古い状態に戻したので、使った便番号が分かりません。bansou sync で確かめてから封をしてください(ネットワークなし: outbox import-receipts、記録もなければ outbox resume)。".into(),
                "An older state was put back, so the numbers used since are unknown. Run `bansou sync` first (without a network: `bansou outbox import-receipts DIR`; with neither: `bansou outbox resume --next N --reason …`).".into(),
            ),
            Self::BadTransition { from, event } => (
                format!("いまの状態({from})では {event} はできません。"),
                format!("{event} is not possible in the present state ({from})."),
            ),
            Self::PracticeMixed => {
                ("練習用と本番は混ぜられません。".into(), "Practice and real data cannot be mixed.".into())
            }
            Self::NothingToUndo => ("取り消せる変更がありません。".into(), "There is nothing to undo.".into()),
            Self::NothingToRedo => {
                ("やり直せる変更がありません。".into(), "There is nothing to do again.".into())
            }
            Self::ChangedSince => (
                "あとで同じところが変わっているため、この変更だけは取り消せません。新しいほうから順に取り消すか、書き直してください。"
                    .into(),
                "The same place was changed later, so this change alone cannot be taken back. Take back the later ones first, or write it anew."
                    .into(),
            ),
            Self::NoEarlierValue => (
                "それより前の値はありません。書き直すか、履歴(g h)でその変更を取り消してください。".into(),
                "There was no value before. Write it anew, or take the change back in the history (g h).".into(),
            ),
            Self::SameValue => ("いまの値と同じです。".into(), "It is the value that stands there now.".into()),
            Self::SealedSince { case_no, session } => (
                format!("{case_no} 第{session}回の報告に入れて封をしたため取り消せません。直すときは新しい変更として書いてください。"),
                format!("It went into the sealed report of session {session} of {case_no} and cannot be taken back. Correct it as a new change."),
            ),
            Self::RecoveryUnknown => (
                "復旧コードの受取人が分かりません。`bansou key renew-recovery` で新しい復旧シートを作ってください。"
                    .into(),
                "The recipient of the recovery code is not known. Make a new sheet with `bansou key renew-recovery`."
                    .into(),
            ),
            _ => (
                "送ったもの・受け取ったもの・消したものは取り消せません。".into(),
                "What was sealed, sent, received or erased cannot be undone.".into(),
            ),
        }
    }

    fn about_sharing(&self) -> (String, String) {
        let (ja, en) = match self {
            Self::NoConsent => (
                "企業の了承(誰が・いつ)がまだ記録されていません。了承を得て記録してから渡してください。",
                "The firm's consent (who, when) is not recorded. Obtain and record it before handing out a copy.",
            ),
            Self::LiabilityUnsaid => (
                "情報漏えいの責任を説明した日がまだ記録されていません。説明して記録してから渡してください。",
                "The day the liability for leaks was explained is not recorded. Explain it and record the day.",
            ),
            Self::NothingChosen => {
                ("渡す部分が選ばれていません。同行の欄で選んでください。", "No part was chosen. Choose what to share.")
            }
            Self::ShareOver => (
                "この写しの期限は過ぎています。指導者に新しい写しを頼むか、期限を直してください。",
                "The last day of this copy has passed. Ask the lead for a new one, or set a later day.",
            ),
            Self::Withdrawn => (
                "この同行は取りやめになっています。もう一度渡すときは同行の欄を書き直してください。",
                "This pairing was withdrawn. To hand out a copy again, write the agreement anew.",
            ),
            Self::HandedOut => (
                "この取り決めで写しを渡しています。取り消さずに、新しい変更として書いてください。",
                "A copy was handed out under this agreement. Do not undo it; write a new change.",
            ),
            Self::SharedCopy => (
                "これは指導者から受け取った写しです。下書きだけができます。報告・請求・書類・日程は指導者が作ります。",
                "This is a copy received from the lead; it takes drafts only. Reports, claims, papers and dates are the lead's.",
            ),
            Self::NotShared { part } => {
                return (
                    format!("この部分({part})は渡されていません。指導者に頼んでください。"),
                    format!("This part ({part}) was not shared. Ask the lead."),
                );
            }
            _ => (
                "この案件の写しはもうあります。share return で返し、client erase で消してから開いてください。",
                "A copy of this case is here. Return it with `share return`, erase it with `client erase`, then open this one.",
            ),
        };
        (ja.to_owned(), en.to_owned())
    }

    fn about_the_desk(&self) -> (String, String) {
        match self {
            Self::AlreadyReviewed => {
                ("この受信物は判定済みです。".into(), "This delivery was already reviewed.".into())
            }
            Self::UnknownExpert => (
                "署名した鍵が登録専門家にありません。受け付けません。".into(),
                "The signing key belongs to no enrolled expert. It is not accepted.".into(),
            ),
            Self::Gap { expected } => (
                format!(
                    "この専門家の第{expected}便がまだ届いていません。届くまで保留します。もう届かないなら inbox waive で欠番にしてください。"
                ),
                format!(
                    "Bundle {expected} of this expert has not arrived; this one waits for it. If it never will, use `inbox waive`."
                ),
            ),
            Self::NumberTaken { seq } => (
                format!("この専門家の第{seq}便はもう受理しています。同じ番号の別の便は差し戻してください。"),
                format!("Another bundle {seq} of this expert was accepted. Return this one."),
            ),
            Self::NothingToWaive => (
                "その番号までに、届いた便より前の欠番はありません。受信箱で番号を確かめてください。".into(),
                "No number up to there is missing below a bundle that arrived. Check the numbers in the inbox.".into(),
            ),
            Self::NothingToPay => {
                ("その月の締めに支払う請求がありません。".into(), "No accepted claim falls under that closing.".into())
            }
            _ => ("支払は承認済みです。".into(), "The payment was already approved.".into()),
        }
    }
}

/// What a report lacks, by the names of the forms it stands on; documents keep their kind.
fn lacking(missing: &[String], lang: Lang) -> String {
    let named = |kind: &String| match (kind.as_str(), lang) {
        ("confirmation", Lang::Ja) => "様式5(終了書)の確認".to_owned(),
        ("confirmation", Lang::En) => "the firm's confirmation (form 5)".to_owned(),
        ("content", Lang::Ja) => "指導内容の文".to_owned(),
        ("content", Lang::En) => "the text about the session".to_owned(),
        _ => kind.clone(),
    };
    missing.iter().map(named).collect::<Vec<_>>().join(", ")
}
