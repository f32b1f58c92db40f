//! The kinds of official documents and the template of each.

/// One official document; its name is also its template's and its sample's file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// 自社診断結果
    Diagnosis,
    /// 情報セキュリティ基本方針
    Policy,
    /// 情報セキュリティ関連規程の点検結果
    Regulations,
    /// 情報セキュリティ対策実行計画書
    Plan,
    /// 実行計画の1枚（名前なし）
    PlanPage,
    /// 様式4a 請求書（個人）
    Form4a,
    /// 様式4b 請求書（法人）
    Form4b,
    /// 様式5 指導終了書
    Form5,
    /// 様式6 第1回実施報告兼計画書
    Form6,
    /// 様式7 第2回〜第4回指導実施報告書
    Form7,
    /// 指導最終報告
    FinalReport,
    /// 事前準備のお願い
    PrepRequest,
    /// 支払一覧
    PaymentList,
    /// 統計
    Statistics,
}

macro_rules! template {
    ($name:literal) => {
        include_str!(concat!("../../../../../templates/documents/", $name, ".typ"))
    };
}

impl DocumentKind {
    /// Every kind, in the order of the programme.
    pub const ALL: [Self; 14] = [
        Self::Diagnosis,
        Self::Policy,
        Self::Regulations,
        Self::Plan,
        Self::PlanPage,
        Self::Form4a,
        Self::Form4b,
        Self::Form5,
        Self::Form6,
        Self::Form7,
        Self::FinalReport,
        Self::PrepRequest,
        Self::PaymentList,
        Self::Statistics,
    ];

    /// The name used for files, contracts and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diagnosis => "diagnosis",
            Self::Policy => "policy",
            Self::Regulations => "regulations",
            Self::Plan => "plan",
            Self::PlanPage => "plan-page",
            Self::Form4a => "form4a",
            Self::Form4b => "form4b",
            Self::Form5 => "form5",
            Self::Form6 => "form6",
            Self::Form7 => "form7",
            Self::FinalReport => "final-report",
            Self::PrepRequest => "prep-request",
            Self::PaymentList => "payment-list",
            Self::Statistics => "statistics",
        }
    }

    /// The kind of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(super) fn template(self) -> &'static str {
        match self {
            Self::Diagnosis => template!("diagnosis"),
            Self::Policy => template!("policy"),
            Self::Regulations => template!("regulations"),
            Self::Plan => template!("plan"),
            Self::PlanPage => template!("plan-page"),
            Self::Form4a => template!("form4a"),
            Self::Form4b => template!("form4b"),
            Self::Form5 => template!("form5"),
            Self::Form6 => template!("form6"),
            Self::Form7 => template!("form7"),
            Self::FinalReport => template!("final-report"),
            Self::PrepRequest => template!("prep-request"),
            Self::PaymentList => template!("payment-list"),
            Self::Statistics => template!("statistics"),
        }
    }
}

/// What every template imports as `lib.typ`.
pub(super) const SHARED: &str = template!("lib");
