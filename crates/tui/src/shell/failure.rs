//! Everything that can go wrong in the shell, each with a code, an exit status and a sentence in both languages.

use bansou_core::programme::TemplateError;
use bansou_core::record::v1::RecordError;
use bansou_core::refusal::Refusal;
use bansou_core::text::Lang;
use bansou_core::wire::v1::enrolment::EnrolmentError;
use bansou_core::wire::v1::envelope::EnvelopeError;
use bansou_core::wire::v1::share::ShareError;

use super::carry::CarryError;
use super::documents::DocumentError;
use super::seal::SealError;
use super::vault::VaultError;

/// A command failed. The text never contains client data.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("refused by a rule")]
    Refused(Refusal),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Document(#[from] DocumentError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Carry(#[from] CarryError),
    /// A decision is kept, but its answer did not leave.
    #[error("decided, not answered: {0}")]
    Unanswered(CarryError),
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    #[error(transparent)]
    Share(#[from] ShareError),
    /// A file outside the vault could not be read or written.
    #[error("file {path}: {kind}")]
    File { path: String, kind: std::io::ErrorKind },
    #[error("the home holds no keys")]
    KeysMissing,
    /// Something given by the user is not well formed.
    #[error("{en}")]
    Input { ja: String, en: String },
    /// A folder is not fit for what is to be done there.
    #[error("{en}")]
    Place { code: &'static str, ja: String, en: String },
    /// The home was locked meanwhile.
    #[error("the home is locked")]
    Locked,
    /// There is no home at this place.
    #[error("no home at {path}")]
    NoHome { path: String },
    /// A step of the walk did not do what it must.
    #[error("step failed: {0}")]
    Step(String),
    /// Checks found problems.
    #[error("{0} problems found")]
    Found(usize),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Failure {
    /// A file error without the file's contents.
    pub fn file(path: &std::path::Path, e: &std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), kind: e.kind() }
    }

    /// A wrong input, in both languages.
    pub fn input(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Input { ja: ja.into(), en: en.into() }
    }

    /// Exit status of the command line.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(Refusal::NotFound { .. }) => 5,
            Self::Refused(Refusal::UnknownEdition { .. }) => 10,
            Self::Refused(_) | Self::Place { .. } => 8,
            Self::Vault(e) => e.exit_code(),
            Self::Record(RecordError::Newer(_)) => 10,
            Self::Record(_) | Self::KeysMissing => 9,
            Self::Template(_) => 3,
            Self::Document(_) | Self::Step(_) | Self::File { .. } => 1,
            Self::Seal(e) => e.exit_code(),
            Self::Carry(e) | Self::Unanswered(e) => e.exit_code(),
            Self::Share(ShareError::Newer) => 10,
            Self::Share(ShareError::Over(_)) => 8,
            Self::Share(ShareError::Key) => 2,
            Self::Envelope(_) | Self::Enrolment(_) | Self::Share(_) => 9,
            Self::Locked => 4,
            Self::NoHome { .. } => 5,
            Self::Input { .. } => 2,
            Self::Found(_) => 6,
        }
    }

    /// Stable code for scripts.
    pub fn code(&self) -> String {
        match self {
            Self::Refused(r) => r.code().to_owned(),
            Self::Vault(e) => e.code().to_owned(),
            Self::Record(_) => "E-RECORD".to_owned(),
            Self::Template(_) => "E-TEMPLATE".to_owned(),
            Self::Document(_) => "E-DOCUMENT".to_owned(),
            Self::Seal(e) => e.code().to_owned(),
            Self::Carry(CarryError::Full) => "E-CARRY-FULL".to_owned(),
            Self::Carry(_) | Self::Unanswered(_) => "E-CARRY".to_owned(),
            Self::Envelope(_) => "E-SIGNATURE".to_owned(),
            Self::Enrolment(_) => "E-ENROLMENT".to_owned(),
            Self::Share(_) => "E-SHARE".to_owned(),
            Self::File { .. } => "E-FILE".to_owned(),
            Self::KeysMissing => "E-KEYS".to_owned(),
            Self::Locked => "E-LOCKED".to_owned(),
            Self::NoHome { .. } => "E-HOME".to_owned(),
            Self::Input { .. } => "E-INPUT".to_owned(),
            Self::Place { code, .. } => (*code).to_owned(),
            Self::Step(_) => "E-STEP".to_owned(),
            Self::Found(_) => "E-FOUND".to_owned(),
        }
    }

    /// What happened and what to do.
    pub fn text(&self, lang: Lang) -> String {
        let pair = |ja: String, en: String| if lang == Lang::Ja { ja } else { en };
        match self {
            Self::Refused(r) => r.text(lang),
            Self::Vault(e) => e.text(lang),
            Self::Record(RecordError::Newer(v)) => pair(
                format!("記録の形式 {v} はこのプログラムより新しいものです。新しい bansou を使ってください。"),
                format!("A record has format {v}, newer than this program. Use a newer bansou."),
            ),
            Self::Record(RecordError::Shape(at)) => pair(
                format!("記録が壊れています({at})。バックアップから戻してください。"),
                format!("A record is damaged ({at}). Restore from a backup."),
            ),
            Self::Template(e) => e.text(lang),
            // The typesetter's own text holds both languages, English first.
            Self::Document(e) => {
                let both = e.to_string();
                let (en, ja) = both.split_once('\n').unwrap_or((&both, &both));
                pair(ja.to_owned(), en.to_owned())
            }
            Self::Seal(e) => e.text(lang).to_owned(),
            Self::Carry(e) => pair(e.ja(), e.to_string()),
            Self::Unanswered(e) => pair(
                format!(
                    "判定は記録しました。専門家への返事はまだ渡せていません。同じ命令か pull でもう一度渡せます。理由: {}",
                    e.ja()
                ),
                format!(
                    "The decision is recorded. Its answer has not left yet; the same command or a pull hands it over. Why: {e}"
                ),
            ),
            Self::Envelope(e) => pair(
                "署名または形式が正しくありません。もう一度受け取り、続くなら送り主に知らせてください。".into(),
                format!("{e}. Get it again; if it goes on, tell the sender."),
            ),
            Self::Enrolment(e) => pair(enrolment_ja(e).into(), e.to_string()),
            Self::Share(e) => pair(share_ja(e), e.to_string()),
            Self::File { path, kind } => pair(
                format!("ファイル {path} を扱えません({kind})。場所と権限を確かめてください。"),
                format!("File {path} cannot be used ({kind}). Check the place and its permissions."),
            ),
            Self::KeysMissing => pair(
                "この保管庫に鍵がありません。バックアップから戻してください。".into(),
                "This vault holds no keys. Restore from a backup.".into(),
            ),
            Self::Locked => pair(
                "ロックされています。パスフレーズで開けてからやり直してください。".into(),
                "It is locked. Unlock it and try again.".into(),
            ),
            Self::NoHome { path } => pair(
                format!(
                    "{path} に保管庫がありません。bansou init で作ってください。初めての方は bansou tutorial で練習できます。"
                ),
                format!(
                    "There is no home at {path}. Make one with `bansou init`, or practise first with `bansou tutorial`."
                ),
            ),
            Self::Input { ja, en } | Self::Place { ja, en, .. } => pair(ja.clone(), en.clone()),
            Self::Step(what) => pair(format!("手順が終わりませんでした: {what}"), format!("A step failed: {what}")),
            Self::Found(n) => pair(format!("{n}件の問題が見つかりました。"), format!("{n} problems were found.")),
        }
    }
}

fn enrolment_ja(e: &EnrolmentError) -> &'static str {
    match e {
        EnrolmentError::Envelope(_) => "登録の書類の署名が合いません。事務局に新しいものを頼んでください。",
        EnrolmentError::Newer => "登録の書類の形式が新しすぎます。新しい bansou を使ってください。",
        EnrolmentError::Malformed => "登録の書類の鍵の形が正しくありません。新しいものを頼んでください。",
        EnrolmentError::Programme => "登録の書類の事業が食い違っています。事務局に新しいものを頼んでください。",
        EnrolmentError::NoRecipients => "宛先ファイルに宛先がありません。事務局に新しいものを頼んでください。",
        EnrolmentError::Rollback => "宛先ファイルが手元のものより古いため受け取りません。",
        EnrolmentError::Token => "招待が不明か使用済みです。事務局に新しい招待を頼んでください。",
        EnrolmentError::OtherKeys => "証明書がこの保管庫の鍵のものではありません。新しい申込を送ってください。",
        EnrolmentError::Expired => "証明書の期限が切れています。事務局に新しいものを頼んでください。",
    }
}

fn share_ja(e: &ShareError) -> String {
    let said = match e {
        ShareError::Over(day) => {
            return format!("この写しの期限は{day}で終わりました。指導者に新しい写しを頼んでください。");
        }
        ShareError::Envelope(_) => {
            "署名が合わないか、写しの形ではありません。もう一度受け取り、続くなら送り主に知らせてください。"
        }
        ShareError::Newer => "写しの形式が新しすぎます。新しい bansou を使ってください。",
        ShareError::Key => "鍵の行ではありません。share key が出した一行をそのまま貼ってください。",
        ShareError::NotForUs => "別の人に宛てたものか、名乗りと違う鍵で署名されています。受け取らないでください。",
        ShareError::Content => "渡してよいもの以外が入っています。受け取らず、送り主に知らせてください。",
        ShareError::NotOurs => {
            "この保管庫が渡した写しの返しではないか、別の人が署名しています。受け取らないでください。"
        }
    };
    said.to_owned()
}
