//! Every official document: renders, repeats byte for byte, says what it should and refuses what it must.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use typst::World as _;

static TYPESETTER: LazyLock<Typesetter> = LazyLock::new(|| Typesetter::new().unwrap());
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates/documents");

fn stamp() -> jiff::Timestamp {
    "2026-11-22T01:02:03Z".parse().unwrap()
}

fn sample(kind: DocumentKind) -> Value {
    let path = format!("{FOLDER}/samples/{}.json", kind.name());
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn render(kind: DocumentKind, data: &Value) -> Vec<u8> {
    TYPESETTER.render(kind, data, stamp()).unwrap_or_else(|error| panic!("{}: {error}", kind.name()))
}

/// What a tool of the machine says of the PDF, or nothing where that tool is not installed.
fn ask(tool: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let (mut input, pdf) = (child.stdin.take().unwrap(), pdf.to_vec());
    let feeder = std::thread::spawn(move || input.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().ok();
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The text of the PDF without any white space or break mark, so that wrapped lines compare equal.
fn text(pdf: &[u8]) -> Option<String> {
    let raw = ask("pdftotext", &["-layout", "-", "-"], pdf)?;
    Some(raw.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect())
}

fn pages(pdf: &[u8]) -> usize {
    let marks = String::from_utf8_lossy(pdf);
    marks.matches("/Type/Page/").count() + marks.matches("/Type /Page\n").count()
}

#[test]
fn every_sample_renders_and_repeats_byte_for_byte() {
    for kind in DocumentKind::ALL {
        let data = sample(kind);
        let first = render(kind, &data);
        assert!(first.starts_with(b"%PDF-1.7"), "{}", kind.name());
        assert_eq!(first, render(kind, &data), "{} is not repeatable", kind.name());
    }
}

#[test]
fn claims_pdf_a_2b_and_pdf_ua_1_and_names_itself() {
    for kind in DocumentKind::ALL {
        let pdf = render(kind, &sample(kind));
        let marks = String::from_utf8_lossy(&pdf).into_owned();
        for mark in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>B</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            "<dc:title>",
            "2026-11-22T01:02:03",
            "GTS_PDFA1",
        ] {
            assert!(marks.contains(mark), "{} lacks {mark}", kind.name());
        }
        assert!(pdf.len() < 400_000, "{}: {} bytes", kind.name(), pdf.len());
    }
}

/// All texts of a data sheet except identifiers the templates show in another form.
fn strings(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(one) => {
            into.insert(one.clone());
        }
        Value::Array(list) => list.iter().for_each(|one| strings(one, into)),
        Value::Object(fields) => fields.values().for_each(|one| strings(one, into)),
        _ => {}
    }
}

fn is_shown_as_given(one: &str) -> bool {
    one.chars().count() >= 2 && !(one.starts_with("20") && one.as_bytes().get(4) == Some(&b'-'))
}

#[test]
fn the_text_can_be_read_back() {
    let expected = [
        (DocumentKind::Diagnosis, vec!["総合点", "㈱北星精密", "2026年11月20日", "「わからない」"]),
        (DocumentKind::Policy, vec!["情報セキュリティ基本方針", "髙﨑𠮷郎", "制定2026年12月1日（令和8年12月1日）"]),
        (DocumentKind::Form4a, vec!["180,000円", "−18,378円", "161,622円", "S5-0042-1"]),
        (DocumentKind::Form4b, vec!["T7123456789012", "16,363円"]),
        (DocumentKind::PaymentList, vec!["1,530,000円", "34回分"]),
        (DocumentKind::Statistics, vec!["95.6%", "n=413"]),
    ];
    for (kind, words) in expected {
        let Some(found) = text(&render(kind, &sample(kind))) else { return };
        for word in words {
            assert!(found.contains(word), "{} lacks {word}", kind.name());
        }
    }
}

#[test]
fn no_given_text_is_lost() {
    for kind in DocumentKind::ALL {
        let data = sample(kind);
        // Without -layout a cell's lines follow each other, so that wrapped texts can be found whole.
        let Some(raw) = ask("pdftotext", &["-raw", "-", "-"], &render(kind, &data)) else { return };
        let found: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
        let mut given = BTreeSet::new();
        strings(&data, &mut given);
        for one in given.iter().filter(|one| is_shown_as_given(one)) {
            let bare: String = one.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(found.contains(&bare), "{} does not show {one}", kind.name());
        }
    }
}

#[test]
fn a_missing_field_is_named() {
    for kind in DocumentKind::ALL {
        let whole = sample(kind);
        for name in whole.as_object().unwrap().keys() {
            let mut data = whole.clone();
            data.as_object_mut().unwrap().remove(name);
            let error = TYPESETTER.render(kind, &data, stamp()).unwrap_err();
            assert_eq!(error, DocumentError::Missing { kind: kind.name(), field: name.clone() });
        }
    }
}

#[test]
fn unknown_and_misshapen_fields_are_named_without_their_values() {
    let kind = DocumentKind::Form4a;
    let with = |pointer: &str, value: Value| {
        let mut data = sample(kind);
        *data.pointer_mut(pointer).unwrap() = value;
        TYPESETTER.render(kind, &data, stamp()).unwrap_err()
    };
    let field = |error: &DocumentError| match error {
        DocumentError::Shape { field, .. } | DocumentError::Unknown { field, .. } => field.clone(),
        other => panic!("{other}"),
    };
    let cases = [
        ("/total", json!("秘密の額"), "total"),
        ("/total", json!(-1), "total"),
        ("/net", json!(1.5), "net"),
        ("/issued_on", json!("2026-02-30"), "issued_on"),
        ("/issued_on", json!(null), "issued_on"),
        ("/lines/1/held_on", json!("秘密"), "lines[1].held_on"),
        ("/lines", json!({}), "lines"),
        ("/claimant", json!({"name": "", "postal_code": "", "address": "", "my_number": "秘密"}), "claimant.my_number"),
    ];
    for (pointer, value, name) in cases {
        let error = with(pointer, value);
        assert_eq!(field(&error), name);
        assert!(!error.to_string().contains("秘密"));
    }
}

#[test]
fn empty_lists_and_zero_scales_still_make_a_page() {
    for kind in DocumentKind::ALL {
        let mut data = sample(kind);
        for value in data.as_object_mut().unwrap().values_mut() {
            if let Some(list) = value.as_array_mut() {
                list.clear();
            }
        }
        render(kind, &data);
    }
    let mut data = sample(DocumentKind::Diagnosis);
    (data["categories"][0]["max"], data["parts"][0]["max"]) = (json!(0), json!(0));
    render(DocumentKind::Diagnosis, &data);
}

#[test]
fn a_fault_in_a_template_is_told_by_place_and_without_data() {
    let desk = Desk::new();
    let sheet = Sheet::new(&desk, DocumentKind::Plan, b"{}".to_vec());
    let main = sheet.source(sheet.main()).unwrap();
    let shown = |node: &&typst::syntax::SyntaxNode| node.full_text().starts_with("show: document-page");
    let third_line = main.root().children().find(shown).unwrap();
    let fault = SourceDiagnostic::error(third_line.span(), "cannot parse \"秘密\" or `秘密` here");
    let told = explain(&sheet, DocumentKind::Plan, Some(&fault));
    let DocumentError::Template { template, line, reason } = &told else { panic!("{told}") };
    assert_eq!((template.as_str(), *line, reason.as_str()), ("plan.typ", 3, "cannot parse … or … here"));
    assert!(!told.to_string().contains("秘密"));
}

#[test]
fn one_typesetter_serves_many_threads() {
    let data = sample(DocumentKind::Form5);
    let alone = render(DocumentKind::Form5, &data);
    std::thread::scope(|scope| {
        let workers = [(); 3].map(|()| scope.spawn(|| render(DocumentKind::Form5, &data)));
        for worker in workers {
            assert_eq!(worker.join().unwrap(), alone);
        }
    });
}

#[test]
fn a_character_no_font_can_print_is_named() {
    let mut data = sample(DocumentKind::Form5);
    data["place"] = json!("会議室😀");
    let error = TYPESETTER.render(DocumentKind::Form5, &data, stamp()).unwrap_err();
    assert_eq!(error, DocumentError::Unprintable { kind: "form5", character: "U+1F600".to_owned() });
}

#[test]
fn long_and_rare_texts_stay_on_the_page() {
    let odd = "①㈱髙﨑𠮷〜";
    let long: String = odd.chars().chain("北海道精密加工有限責任事業組合".chars()).cycle().take(200).collect();
    for kind in DocumentKind::ALL {
        let mut data = sample(kind);
        data["company"] = json!(long);
        let pdf = render(kind, &data);
        if let Some(fonts) = ask("pdffonts", &["-"], &pdf) {
            assert!(fonts.lines().skip(2).all(|line| line.contains("yes yes yes")), "{}: {fonts}", kind.name());
        }
    }
    let mut plan = sample(DocumentKind::Plan);
    let row = plan["rows"][0].clone();
    let rows = (1..=30).map(|no| {
        let mut row = row.clone();
        (row["no"], row["rank"]) = (json!(no), json!(no));
        row["action"] = json!(format!("対策{no}番{odd}https://example.jp/{}", "a".repeat(200)));
        row
    });
    plan["rows"] = rows.collect();
    let pdf = render(DocumentKind::Plan, &plan);
    assert!(pages(&pdf) > 1);
    let Some(found) = text(&pdf) else { return };
    assert!((1..=30).all(|no| found.contains(&format!("対策{no}番"))));
    assert!(found.contains(odd));
}

#[test]
fn practice_papers_say_so_on_every_page() {
    for kind in DocumentKind::ALL {
        let mut data = sample(kind);
        let real = render(kind, &data);
        data["practice"] = json!(true);
        let practice = render(kind, &data);
        assert_eq!(pages(&practice), pages(&real));
        let Some(found) = text(&practice) else { return };
        assert_eq!(found.matches("【練習】").count(), pages(&practice), "{}", kind.name());
        assert!(!text(&real).unwrap().contains("【練習】"));
    }
}

#[test]
fn the_files_are_sound_for_other_readers() {
    for kind in DocumentKind::ALL {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&render(kind, &sample(kind))).unwrap();
        let Ok(check) = Command::new("qpdf").arg("--check").arg(file.path()).output() else { return };
        assert!(check.status.success(), "{}: {}", kind.name(), String::from_utf8_lossy(&check.stdout));
    }
}

#[test]
fn the_read_me_lists_every_field() {
    let read_me = std::fs::read_to_string(format!("{FOLDER}/README.md")).unwrap();
    let section = |name: &str| read_me.split("\n## ").find(|part| part.starts_with(name)).unwrap().to_owned();
    let (contracts, common) = (Contracts::built_in().unwrap(), section("every document"));
    for kind in DocumentKind::ALL {
        let own = section(&format!("{} ", kind.name()));
        for field in contracts.fields(kind).unwrap().keys() {
            let row = format!("| `{}", field.trim_end_matches('?'));
            assert!(own.contains(&row) || common.contains(&row), "README.md: {} lacks {field}", kind.name());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Whatever a firm types, it appears as text: no template code in it is run.
    #[test]
    fn typed_text_is_never_template_code(typed in "[#$*_@<>\\[\\]{}\\\\\"a-zぁ-ん]{1,40}") {
        let mut data = sample(DocumentKind::Form7);
        data["content"] = json!(typed);
        let pdf = render(DocumentKind::Form7, &data);
        if let Some(found) = text(&pdf) {
            prop_assert!(found.contains(typed.as_str()), "{}", typed);
        }
    }
}

/// Not a judgement: prints how long each document takes (`cargo test -p bansou timings -- --nocapture`).
#[test]
fn timings_are_printed() {
    let begin = Instant::now();
    let typesetter = Typesetter::new().unwrap();
    eprintln!("typesetter ready after {:?}", begin.elapsed());
    typesetter.warm_up();
    eprintln!("typefaces ready after {:?}", begin.elapsed());
    for kind in DocumentKind::ALL {
        let mut data = sample(kind);
        let mut rounds = Vec::new();
        for version in ["第1版", "第1版", "第2版"] {
            data["version"] = json!(version);
            let begin = Instant::now();
            let size = typesetter.render(kind, &data, stamp()).unwrap().len();
            rounds.push((begin.elapsed().as_millis(), size));
        }
        let [(cold, size), (again, _), (edited, _)] = rounds[..] else { panic!("three rounds") };
        eprintln!("{}: first {cold} ms, again {again} ms, after an edit {edited} ms, {size} bytes", kind.name());
    }
}
