//! `bansou demo --walk`: the whole job with no hands, and what it leaves behind, opened with other people's tools.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use bansou_tests::house;
use bansou_tests::leaks;
use bansou_tests::program::{Answer, binary, run};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

/// One walk in Japanese, made once for all tests of this file.
fn walk() -> &'static (TempDir, Answer) {
    static WALK: OnceLock<(TempDir, Answer)> = OnceLock::new();
    WALK.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let answer = demo(&["--walk"], &dir.path().join("practice"), "ja");
        (dir, answer)
    })
}

fn demo(args: &[&str], dir: &Path, lang: &str) -> Answer {
    let mut command = Command::new(binary("bansou"));
    command.args(["--lang", lang, "demo"]).args(args).arg("--dir").arg(dir);
    command.env("HOME", dir).env_remove("BANSOU_HOME");
    run(&mut command, "")
}

fn practice() -> PathBuf {
    walk().0.path().join("practice")
}

fn artefact(name: &str) -> PathBuf {
    practice().join("artefacts").join(name)
}

/// The text of a PDF as another program reads it, without its spaces and line ends.
fn text(name: &str) -> String {
    let path = artefact(name);
    assert!(fs::read(&path).unwrap().starts_with(b"%PDF-"), "{name} is a PDF");
    let output =
        Command::new("pdftotext").arg(&path).arg("-").output().expect("pdftotext (poppler-utils) is installed");
    assert!(output.status.success(), "pdftotext opens {name}");
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect()
}

/// The tar inside a bundle, opened by the stock age tool with a key file.
fn open(bundle: &str, key: &Path) -> Option<Vec<u8>> {
    let output = Command::new("age").arg("-d").arg("-i").arg(key).arg(artefact(bundle)).output();
    let output = output.expect("age is installed");
    output.status.success().then_some(output.stdout)
}

/// Names and contents of the files in a tar of short names, in their order.
fn files(tar: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 512 <= tar.len() && tar[at] != 0 {
        let text = |from: usize, to: usize| {
            String::from_utf8(tar[at + from..at + to].to_vec()).unwrap().trim_end_matches(['\0', ' ']).to_owned()
        };
        let size = usize::from_str_radix(&text(124, 136), 8).unwrap();
        found.push((text(0, 100), tar[at + 512..at + 512 + size].to_vec()));
        at += 512 + size.div_ceil(512) * 512;
    }
    found
}

fn bundles() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(practice().join("artefacts"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|n| n.ends_with(".age"))
        .collect();
    names.sort();
    names
}

/// Every step is one numbered line with its time.
fn steps(answer: &Answer) -> Vec<String> {
    let lines: Vec<&str> = answer.stdout.lines().collect();
    for (number, line) in (1..).zip(&lines) {
        assert_eq!(line.split_whitespace().next().unwrap().parse(), Ok(number), "{line}");
        let time = line.strip_suffix(" ms)").and_then(|l| l.rsplit('(').next()).and_then(|t| t.parse::<u64>().ok());
        assert!(time.is_some(), "no time: {line}");
    }
    lines.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_walk_does_every_step_and_says_so() {
    let answer = &walk().1;
    assert_eq!(answer.code, 0, "{}\n{}", answer.stdout, answer.stderr);
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
    let steps = steps(answer);
    assert!(steps.len() >= 30, "{}", answer.stdout);
    let folder = practice().join("artefacts").display().to_string();
    let words = [
        "企業を登録",
        "対象の判定",
        "日程を計画",
        "自社診断",
        "基本方針",
        "実行計画",
        "請求",
        "支払を承認",
        "確認",
        &folder,
    ];
    for word in words {
        assert!(steps.iter().any(|s| s.contains(word)), "no step about {word}");
    }
    let refused = demo(&["--walk"], &practice(), "ja");
    refused.refused(2, true);
}

#[test]
fn the_walk_speaks_english_too_and_needs_no_terminal() {
    let dir = tempfile::tempdir().unwrap();
    // Without a terminal and without --walk: the same walk.
    let answer = demo(&[], &dir.path().join("practice"), "en").ok();
    assert_eq!(steps(&answer).len(), steps(&walk().1).len());
    let japanese = answer.stdout.lines().find(|l| l.chars().any(|c| ('ぁ'..='ん').contains(&c)));
    assert_eq!(japanese, None, "a Japanese line in the English walk");
    assert!(dir.path().join("practice/artefacts/form4a.pdf").is_file());
}

#[test]
fn every_document_says_what_it_must_to_another_reader() {
    walk();
    let form5: Vec<(String, Vec<String>)> = (1..=4)
        .map(|n| {
            (format!("form5-{n}.pdf"), vec!["様式5".into(), format!("第{n}回"), format!("K-0044-{n}"), "浜野渚".into()])
        })
        .collect();
    let form7 = (2..=4).map(|n| (format!("form7-{n}.pdf"), vec!["様式7".into(), format!("第{n}回")]));
    let owned = |(name, words): (&str, &[&str])| (name.to_owned(), words.iter().map(|w| (*w).to_owned()).collect());
    let others: [(&str, &[&str]); 6] = [
        ("diagnosis.pdf", &["情報セキュリティ自社診断", "総合点", "51"]),
        ("form6-1.pdf", &["様式6", "51点"]),
        ("policy.pdf", &["情報セキュリティ基本方針", "お客様からお預かりした取引情報と当社の業務情報"]),
        ("regulations.pdf", &["関連規程の点検結果", "整備済3件", "未整備5件"]),
        ("plan.pdf", &["情報セキュリティ対策実行計画書", "在宅勤務の決まりを1枚にまとめ"]),
        ("final-report.pdf", &["指導最終報告", "全4回を実施して終了", "伴野走"]),
    ];
    for (name, words) in form5.into_iter().chain(form7).chain(others.into_iter().map(owned)) {
        let text = text(&name);
        for word in words.iter().map(String::as_str).chain(["㈱ミナト商会", "K-0044", "練習"]) {
            assert!(text.contains(word), "{name} lacks {word}:\n{text}");
        }
    }
    assert!(text("statistics.pdf").contains("事業の統計"));
}

#[test]
fn every_bundle_opens_with_stock_age_and_the_right_key_only() {
    walk();
    let (key, other) = (artefact("practice-secretariat.key"), walk().0.path().join("other.key"));
    assert!(Command::new("age-keygen").arg("-o").arg(&other).status().expect("age-keygen is installed").success());
    let bundles = bundles();
    assert_eq!(bundles.len(), 10, "nine reports and one claim: {bundles:?}");
    for bundle in &bundles {
        assert!(open(bundle, &other).is_none(), "{bundle} opens with a foreign key");
        let files = files(&open(bundle, &key).unwrap_or_else(|| panic!("age opens {bundle}")));
        assert_eq!(files[0].0, "manifest.json");
        assert_eq!(files[1].0, "manifest.sig");
        let manifest: Value = serde_json::from_slice(&files[0].1).unwrap();
        let listed = manifest["parts"].as_array().unwrap_or_else(|| panic!("{manifest}"));
        assert_eq!(listed.len(), files.len() - 2, "{manifest}");
        for (entry, (name, bytes)) in listed.iter().zip(&files[2..]) {
            assert_eq!(entry["name"].as_str(), Some(name.as_str()));
            let hash: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(entry["sha256"].as_str(), Some(hash.as_str()), "{name}");
        }
    }
}

fn yen(amount: u64) -> String {
    let digits = amount.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + "円"
}

#[test]
fn the_payment_is_what_the_number_of_sessions_makes_it() {
    let key = artefact_after_walk("practice-secretariat.key");
    let claims: Vec<Value> = bundles()
        .iter()
        .flat_map(|b| files(&open(b, &key).unwrap()))
        .filter(|(name, _)| name == "claim.json")
        .map(|(_, bytes)| serde_json::from_slice(&bytes).unwrap())
        .collect();
    let [claim] = &claims[..] else { panic!("one claim: {claims:?}") };
    let lines = claim["lines"].as_array().unwrap().len() as u64;
    let gross = 45_000 * lines;
    // 10.21 % of the whole payment, fractions of a yen cut off.
    let withheld = gross * 1021 / 10_000;
    let net = gross - withheld;
    assert!(lines > 4);
    assert_eq!(
        [&claim["gross"], &claim["withheld"], &claim["net"]],
        [gross, withheld, net].map(Value::from).each_ref()
    );
    let (form, list) = (text("form4a.pdf"), text("payment-list.pdf"));
    for amount in [gross, withheld, net] {
        assert!(form.contains(&yen(amount)), "様式4a lacks {}:\n{form}", yen(amount));
        assert!(list.contains(&yen(amount)), "the payment list lacks {}:\n{list}", yen(amount));
        assert_eq!(
            walk().1.stdout.lines().filter(|l| l.contains(&format!("{amount}円"))).count(),
            2,
            "claimed and paid"
        );
    }
    assert!(form.contains("様式4a") && list.contains("伴野走"));
}

fn artefact_after_walk(name: &str) -> PathBuf {
    walk();
    artefact(name)
}

/// Every text of the practice's data that is long enough to be searched for.
fn sentinels() -> Vec<String> {
    fn collect(value: &toml::Value, out: &mut Vec<String>) {
        match value {
            toml::Value::String(text) if text.len() >= 6 => out.push(text.clone()),
            toml::Value::Array(values) => values.iter().for_each(|v| collect(v, out)),
            toml::Value::Table(table) => table.values().for_each(|v| collect(v, out)),
            _ => {}
        }
    }
    let text = fs::read_to_string(house::root().join("templates/practice/firms.toml")).unwrap();
    let mut out = Vec::new();
    collect(&toml::Value::Table(toml::from_str(&text).unwrap()), &mut out);
    out
}

#[test]
fn nothing_of_the_firms_is_readable_on_any_disk_after_the_walk() {
    walk();
    let sentinels = sentinels();
    let texts: Vec<&str> = sentinels.iter().map(String::as_str).collect();
    assert!(texts.contains(&"㈱ミナト商会") && texts.contains(&"湊 一郎") && texts.len() > 40, "{texts:?}");
    let carried = walk().0.path().join("carried");
    fs::create_dir(&carried).unwrap();
    for name in ["invitation.json", "request.age", "pack.json"] {
        fs::copy(practice().join(name), carried.join(name)).unwrap();
    }
    for folder in
        [practice().join("expert"), practice().join("secretariat"), practice().join("server"), carried.clone()]
    {
        assert_eq!(leaks::find(&folder, &texts), [], "{}", folder.display());
    }
    // The search is not blind: it finds the same text when it is there.
    fs::write(
        carried.join("planted"),
        "x 取引先から情報管理の確認票が届くようになった。どこから手を付けるか分からない。",
    )
    .unwrap();
    fs::write(carried.join("湊 一郎"), "").unwrap();
    let planted = leaks::find(&carried, &texts);
    assert_eq!(planted.len(), 2, "{planted:?}");
}
