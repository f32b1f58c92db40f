//! Shipped templates load, agree with the published numbers, and refuse mistakes by name and line.
#![allow(clippy::unwrap_used, clippy::panic)]

use bansou_core::guidance::{About, Place};
use bansou_core::phrases;
use bansou_core::programme::{Lang, Pack, Programme, TemplateError, builtin, builtin_text, for_day, risk_scales};
use bansou_core::record::v1::PatternCode;
use jiff::civil::date;

fn load(change: impl Fn(&str, String) -> String) -> Result<Pack, TemplateError> {
    Pack::load("r2-2020", &|path| builtin_text(path).map(|text| change(path, text.to_owned())))
}

#[test]
fn every_shipped_pack_and_scale_loads() {
    let packs = builtin();
    let ids: Vec<_> = packs.iter().map(|p| p.programme.id.as_str()).collect();
    assert_eq!(ids, ["current-2026", "r2-2020"]);
    assert_eq!(risk_scales().len(), 3);
    for pack in &packs {
        assert_eq!(pack.programme.fee.per_session, 45_000);
        assert_eq!(pack.programme.sessions.count, 4);
        assert_eq!(pack.diagnosis.questions.len(), 25);
        assert_eq!(pack.eligibility.categories.len(), 15);
        assert_eq!(pack.programme.areas.iter().map(|a| a.prefectures.len()).sum::<usize>(), 11);
        assert!(!pack.programme.pattern(PatternCode::C).withholds);
        let of = |place| pack.phrases.of(place).count();
        let places = [
            phrases::Place::Report,
            phrases::Place::Evidence,
            phrases::Place::Finding,
            phrases::Place::Plan,
            phrases::Place::Note,
        ];
        assert!(places.iter().all(|place| of(Some(*place)) >= 3));
        assert!(of(None) >= 12);
        for session in &pack.curriculum.sessions {
            assert!((5..=8).contains(&session.prep.len()) && (6..=8).contains(&session.day.len()));
            assert!((2..=3).contains(&session.after.len()));
            assert!(session.forms.iter().all(|id| pack.programme.form(id).is_some()));
            assert!(session.deliverables.iter().all(|n| pack.programme.deliverable(*n).is_some()));
        }
    }
    let articles: Vec<_> = packs.iter().map(|p| p.programme.articles.len()).collect();
    assert_eq!(articles, [6, 5]);
}

#[test]
fn the_day_chooses_the_programme() {
    let packs = builtin();
    let chosen = |day| for_day(&packs, day).unwrap().programme.id.clone();
    assert_eq!(chosen(date(2020, 12, 1)), "r2-2020");
    assert_eq!(chosen(date(2026, 11, 22)), "current-2026");
    assert_eq!(chosen(date(2030, 1, 1)), "current-2026");
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_neighbour() {
    let text = builtin_text("programme/r2-2020.toml").unwrap().replace("report_days", "report_dyas");
    let line = text.lines().position(|l| l.contains("report_dyas")).unwrap() + 1;
    match Programme::parse(&text).unwrap_err() {
        TemplateError::UnknownKey { line: found, key, nearest, .. } => {
            assert_eq!((found, key.as_str(), nearest.as_deref()), (line, "report_dyas", Some("report_days")));
        }
        other => panic!("{other}"),
    }
    let error = Programme::parse(&text).unwrap_err();
    assert!(error.text(Lang::Ja).contains("report_days") && error.to_string().contains("did you mean"));
}

#[test]
fn values_that_cannot_be_right_are_refused() {
    for (wrong, from, to) in [
        ("sessions.count", "count = 4", "count = 0"),
        ("sessions.weeks_before", "[2, 3]", "[3, 2]"),
        ("starts", "starts = \"2020-09-04\"", "starts = \"2022-09-04\""),
        ("withholding.table.bands", "rate = 1021", "rate = 10210"),
        ("payment.last", "claims_by = \"2021-01-25\"", "claims_by = \"2021-03-25\""),
        ("pattern.claim_form", "claim_form = \"4b\"", "claim_form = \"4c\""),
        ("pattern.id", "id = \"C\"", "id = \"B\""),
    ] {
        let text = builtin_text("programme/r2-2020.toml").unwrap();
        assert!(text.contains(from), "{from}");
        match Programme::parse(&text.replacen(from, to, 1)).unwrap_err() {
            TemplateError::Invalid { key, .. } => assert_eq!(key, wrong),
            other => panic!("{wrong}: {other}"),
        }
    }
}

#[test]
fn the_guidance_tells_first_of_what_the_cursor_stands_on() {
    let packs = builtin();
    let guidance = &packs[0].guidance;
    assert!(guidance.entries.len() >= 40);
    let first = |about: About| {
        let nearest = guidance.nearest(&about);
        assert_eq!(nearest.len(), guidance.entries.len(), "the rest is still there");
        (nearest[0].0.id.clone(), nearest[0].1)
    };
    let item = About { item: Some("s1.day.2".into()), session: Some(1), ..About::default() };
    assert_eq!(first(item), ("secrecy".into(), true));
    assert_eq!(first(About { question: Some(11), ..About::default() }), ("q-backup".into(), true));
    assert_eq!(first(About { category: Some(9), ..About::default() }), ("trade-care".into(), true));
    assert!(first(About { place: Some(Place::Final), category: Some(15), ..About::default() }).1);
    assert!(!first(About::default()).1);
    for session in packs[0].curriculum.sessions.iter() {
        let told = session.items().filter(|i| i.hint.is_some() || guidance.of_item(&i.id).is_some()).count();
        assert!(told * 3 >= session.items().count() * 2, "session {} tells too little", session.number);
    }
    for question in &packs[0].diagnosis.questions {
        let about = About { question: Some(question.number), ..About::default() };
        assert!(guidance.nearest(&about)[0].1, "question {}", question.number);
    }
}

#[test]
fn instruments_are_checked_and_must_exist() {
    let error =
        load(|path, text| if path.starts_with("programme/") { text.replace("sme@2020", "sme@1999") } else { text });
    assert_eq!(error.unwrap_err(), TemplateError::Missing { path: "eligibility/sme@1999.toml".into() });
    let swapped = load(|path, text| {
        text.replace("questions = [1, 2] }", if path.starts_with("diag") { "questions = [1] }" } else { "" })
    });
    assert!(matches!(swapped.unwrap_err(), TemplateError::Invalid { key, .. } if key == "axis.questions"));
    let theme =
        load(|path, text| if path.starts_with("plan/") { text.replace("\"supplier\"", "\"vendor\"") } else { text });
    assert!(theme.unwrap_err().to_string().contains("supplier"));
    for (part, from, to, wrong) in [
        ("guidance/", "questions = [24]", "questions = [26]", "q-accident"),
        ("guidance/", "items = [\"s1.day.2\"]", "items = [\"s1.day.99\"]", "secrecy"),
        ("guidance/", "categories = [6]", "categories = [60]", "trade-it"),
        ("guidance/", "id = \"q-wifi\"", "id = \"q-mail\"", "q-mail"),
        ("guidance/", "topic = \"online\"", "topic = \"offline\"", "online-before"),
        ("curriculum/", "sections = [\"6.5\", \"3.2\"]", "sections = [\"6.55\"]", "s3.day.3"),
    ] {
        let text = |path: &str, text: String| if path.starts_with(part) { text.replacen(from, to, 1) } else { text };
        assert!(load(text).unwrap_err().to_string().contains(wrong), "{wrong}");
    }
    let date = load(|_, text| text.replace("2020-09-04", "2020-9-4"));
    assert!(matches!(date.unwrap_err(), TemplateError::Unreadable { line: 3, .. }));
}
