//! Data sheets of money and figures: 様式4a and 4b, the payment list and the statistics page.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::terms::Terms;
use super::{Sheet, common, merged};
use crate::books::Books;
use crate::office::pattern_letter;
use crate::programme::Pack;
use crate::record::v1::{Claim, ClaimLine, PatternCode, PayLine, PayRun, Profile};
use crate::refusal::Refusal;
use crate::statistics;

pub(super) fn claim(books: &Books, pack: &Pack, profile: &Profile, claim: &Claim) -> Result<Sheet, Refusal> {
    let terms = Terms::built_in();
    let programme = &pack.programme;
    let form = &programme.pattern(claim.pattern).claim_form;
    let corporate = form == "4b";
    let lines: Vec<Value> =
        claim.lines.iter().map(|l| line(books, &terms, programme.fee.tax_percent, corporate, l)).collect();
    let last = claim
        .lines
        .iter()
        .any(|l| books.engagements.get(&l.engagement).is_some_and(|e| l.sessions.contains(&e.last_session())));
    let number = format!("{:04}", claim.number);
    let mut data = json!({
        "invoice_number": terms.fill("claim_number",
            &[("registration", &profile.registration), ("number", &number)]),
        "recipient": terms.get("office"), "lines": lines, "count": claim.lines.len(), "total": claim.gross,
        "account": terms.get("account"),
        "final_session_note": last.then(|| terms.get("final_session_note")), "payment_due": null,
    });
    let own = if corporate {
        let name = if profile.company.is_empty() { &profile.name } else { &profile.company };
        let registered = !profile.invoice_number.is_empty();
        json!({
            "claimant": {"name": name, "representative": profile.name, "postal_code": "", "address": profile.address,
                "registration_number": registered.then_some(&profile.invoice_number)},
            "taxes": [{"rate": rate(&terms, programme.fee.tax_percent), "gross": claim.gross, "tax": claim.tax}],
            "unregistered_note": (!registered).then(|| terms.get("unregistered_note")),
        })
    } else {
        json!({
            "claimant": {"name": profile.name, "postal_code": "", "address": profile.address},
            "withholding": claim.withheld,
            "withholding_note": crate::withholding::withhold(&programme.withholding, claim.gross, claim.claimed_on).map_or_else(String::new, |w| w.label.ja),
            "net": claim.net,
        })
    };
    if let (Value::Object(data), Value::Object(own)) = (&mut data, own) {
        data.extend(own);
    }
    let head = common(profile, &terms, pack, claim.claimed_on, "note_plain");
    Ok(Sheet { kind: format!("form{form}"), data: merged(head, data), editions: vec![claim.programme.clone()] })
}

fn rate(terms: &Terms, percent: u64) -> String {
    terms.fill("tax_rate", &[("n", &percent.to_string())])
}

fn line(books: &Books, terms: &Terms, tax_percent: u64, corporate: bool, l: &ClaimLine) -> Value {
    let names: Vec<String> = l.sessions.iter().map(|n| terms.session(*n)).collect();
    let first = l.sessions.first().copied().unwrap_or(0);
    let held = books.engagements.get(&l.engagement).and_then(|e| e.session(first)?.held.as_ref());
    let mode = match held.map(|h| h.mode).unwrap_or_default() {
        crate::record::v1::Mode::Visit => terms.get("mode_visit"),
        crate::record::v1::Mode::Online => terms.get("mode_online"),
        crate::record::v1::Mode::Mixed => terms.get("mode_mixed"),
    };
    let mut row = json!({
        "company": if l.client_name.is_empty() { terms.get("erased_firm") } else { &l.client_name }, "case_number": l.case_no, "session": names.join(terms.get("sessions_joined")),
        "held_on": l.held_on.to_string(), "mode": mode,
        "form5_number": terms.fill("form5_number", &[("case", &l.case_no), ("n", &first.to_string())]),
        "amount": l.fee,
    });
    if corporate {
        row["tax_rate"] = json!(rate(terms, tax_percent));
    }
    row
}

pub(super) fn payment_list(books: &Books, pack: &Pack, profile: &Profile, run: &PayRun, today: Date) -> Sheet {
    let terms = Terms::built_in();
    let rows: Vec<Value> = run.lines.iter().map(|l| pay_row(books, &terms, l)).collect();
    let patterns: Vec<Value> = [PatternCode::A, PatternCode::B, PatternCode::C]
        .into_iter()
        .filter_map(|p| {
            let of: Vec<&PayLine> = run.lines.iter().filter(|l| l.pattern == p).collect();
            let mut sum = totals(&of);
            sum["pattern"] = json!(terms.fill("payment_pattern", &[("letter", pattern_letter(p))]));
            (!of.is_empty()).then_some(sum)
        })
        .collect();
    let all: Vec<&PayLine> = run.lines.iter().collect();
    let data = json!({
        "payment_on": run.pay_on.to_string(),
        "closing": terms.fill("payment_closing", &[("month", &run.closed_on.month().to_string())]),
        "rows": rows, "patterns": patterns, "totals": totals(&all),
        "prepared_by": profile.name, "approved_by": run.approved_by, "transfer_digest": null,
    });
    let head = common(profile, &terms, pack, today, "note_plain");
    Sheet { kind: "payment-list".into(), data: merged(head, data), editions: vec![run.programme.clone()] }
}

fn pay_row(books: &Books, terms: &Terms, l: &PayLine) -> Value {
    let number = books.experts.get(&l.expert).map_or(0, |e| e.number);
    let invoices: Vec<String> = l
        .claims
        .iter()
        .filter_map(|id| books.deliveries.get(id)?.claim.as_ref())
        .map(|c| format!("{:04}", c.number))
        .collect();
    json!({
        "expert_number": format!("E-{number:03}"), "payee": l.payee,
        "pattern": terms.fill("payment_pattern", &[("letter", pattern_letter(l.pattern))]),
        "invoice_number": invoices.join(", "), "sessions": l.units,
        "gross": l.gross, "withholding": l.withheld, "net": l.net,
        "remark": (l.over_clock > 0).then(|| terms.fill("over_clock", &[("n", &l.over_clock.to_string())])),
    })
}

fn totals(lines: &[&PayLine]) -> Value {
    let sum = |of: fn(&PayLine) -> u64| lines.iter().map(|l| of(l)).sum::<u64>();
    json!({
        "payees": lines.len(), "sessions": lines.iter().map(|l| l.units).sum::<u32>(),
        "gross": sum(|l| l.gross), "withholding": sum(|l| l.withheld), "net": sum(|l| l.net),
    })
}

pub(super) fn statistics(books: &Books, pack: &Pack, profile: &Profile, today: Date) -> Sheet {
    let terms = Terms::built_in();
    let s = statistics::compute(books, pack, today);
    let count = |label: &str, count: usize| json!({"label": label, "count": count, "n": s.cases, "n_label": terms.get("stat_n_all")});
    let mut counts = vec![
        count(terms.get("stat_not_started"), s.not_started),
        count(terms.get("stat_running"), s.running),
        count(terms.get("stat_finished"), s.finished),
        count(terms.get("stat_ended"), s.ended),
        count(terms.get("stat_late"), s.late),
        count(terms.get("stat_metropolitan"), s.metropolitan),
        count(terms.get("stat_regions"), s.cases - s.metropolitan),
        count(terms.get("stat_diagnosis"), s.diagnosis_done),
    ];
    for d in &pack.programme.deliverables {
        let label = terms.fill("stat_deliverable", &[("n", &d.number.to_string())]);
        counts.push(count(&label, s.deliverables_accepted.get(&d.number).copied().unwrap_or(0)));
    }
    let sessions: Vec<Value> = (1..=pack.programme.sessions.count)
        .map(|n| json!({"label": terms.session(n), "planned": s.cases, "done": s.held.get(&n).copied().unwrap_or(0)}))
        .collect();
    let days: Vec<Value> = s
        .histogram()
        .into_iter()
        .map(|(from, n)| {
            let bounds = [("from", from.to_string()), ("to", (from + 4).to_string())];
            json!({"label": terms.fill("stat_days", &[("from", &bounds[0].1), ("to", &bounds[1].1)]), "count": n})
        })
        .collect();
    let mut reasons: std::collections::BTreeMap<&str, usize> = Default::default();
    for (_, reason) in books.cases.values().filter_map(|c| c.ended.as_ref()) {
        *reasons.entry(reason).or_default() += 1;
    }
    let reasons: Vec<Value> =
        reasons.into_iter().map(|(label, count)| json!({"label": label, "count": count})).collect();
    let data = json!({
        "as_of": today.to_string(), "population": terms.get("stat_population"), "counts": counts,
        "sessions": sessions, "days": days, "days_definition": terms.get("stat_days_definition"),
        "reasons": reasons, "footnote": terms.get("stat_footnote"),
    });
    let head = common(profile, &terms, pack, today, "note_plain");
    Sheet { kind: "statistics".into(), data: merged(head, data), editions: vec![pack.programme.id.clone()] }
}
