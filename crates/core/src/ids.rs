//! Check digits: corporate numbers, invoice numbers, and text that looks like a personal number.

use unicode_normalization::UnicodeNormalization;

use crate::text::Text;

/// Whether a number is well formed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub valid: bool,
    pub reason: Text,
}

fn verdict(valid: bool, ja: impl Into<String>, en: impl Into<String>) -> Verdict {
    Verdict { valid, reason: Text { ja: ja.into(), en: en.into() } }
}

/// 法人番号: 13 digits of which the first checks the rest.
pub fn corporate_number(input: &str) -> Verdict {
    let Some(digits) = digits::<13>(&half_width(input)) else {
        return verdict(false, "法人番号は13桁の数字です。", "a corporate number has 13 digits");
    };
    let expected = corporate_check_digit(&digits);
    if digits[0] == expected {
        return verdict(true, "検査用数字が一致します。", "the check digit fits");
    }
    let found = digits[0];
    verdict(
        false,
        format!("検査用数字（先頭）は{expected}のはずですが{found}です。番号を確かめてください。"),
        format!("the first digit should be {expected} but is {found}; check the number"),
    )
}

/// 適格請求書発行事業者の登録番号: `T` and 13 digits; only a corporation's digits carry a check digit.
pub fn invoice_number(input: &str) -> Verdict {
    let text = half_width(input);
    let Some(digits) = text.strip_prefix(['T', 't']).and_then(digits::<13>) else {
        return verdict(false, "登録番号はTと13桁の数字です。", "an invoice number is T and 13 digits");
    };
    if digits[0] == corporate_check_digit(&digits) {
        return verdict(
            true,
            "形式が正しく、法人番号として検査用数字が一致します。",
            "well formed; fits a corporate number",
        );
    }
    verdict(
        true,
        "形式は正しいです。法人番号ではないので、個人事業者等の番号としてのみ使えます。",
        "well formed; not a corporate number, so only possible for other issuers",
    )
}

/// Whether some run of exactly 12 digits (hyphens or single spaces allowed between) passes the personal number's
/// check digit. One in ten random runs does: warn, never refuse.
pub fn may_hold_personal_number(text: &str) -> bool {
    let mut run: Vec<u32> = Vec::new();
    let mut gap = false;
    for c in half_width(text).chars().chain(['\n', '\n']) {
        if let Some(digit) = c.to_digit(10) {
            run.push(digit);
            gap = false;
        } else if matches!(c, '-' | ' ') && !gap && !run.is_empty() {
            gap = true;
        } else {
            if is_personal_number(&run) {
                return true;
            }
            run.clear();
            gap = false;
        }
    }
    false
}

fn is_personal_number(run: &[u32]) -> bool {
    let [rest @ .., check] = run else { return false };
    if rest.len() != 11 {
        return false;
    }
    let weighted = |(n, digit): (u32, &u32)| digit * if n <= 6 { n + 1 } else { n - 5 };
    let remainder = (1..).zip(rest.iter().rev()).map(weighted).sum::<u32>() % 11;
    *check == if remainder <= 1 { 0 } else { 11 - remainder }
}

fn corporate_check_digit(digits: &[u32; 13]) -> u32 {
    // Weights 1, 2, 1, 2 … from the right.
    let weighted = |(digit, weight): (&u32, &u32)| digit * weight;
    9 - digits[1..].iter().rev().zip([1, 2].iter().cycle()).map(weighted).sum::<u32>() % 9
}

fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let all: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    all?.try_into().ok()
}

/// Full-width letters and digits as half-width, surrounding space removed.
pub fn half_width(text: &str) -> String {
    text.trim().nfkc().collect()
}
