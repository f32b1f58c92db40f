//! What a person reads of an engagement, as Markdown: notes, diagnosis, policy, plan.

use std::fmt::Write as _;

use crate::books::Books;
use crate::findings::policy_fields;
use crate::planning::ranked;
use crate::programme::Pack;
use crate::record::v1::{ActionPlan, AnswerCode, Engagement, LineStatus, Note, PlanLine};

/// What stands at the top of an export.
pub(super) const README: &str = include_str!("README.txt");

/// An engagement with what is known of its programme.
pub(super) struct About<'a> {
    pub books: &'a Books,
    pub pack: Option<&'a Pack>,
    pub engagement: &'a Engagement,
}

/// The word of an answer.
pub(super) fn answer_word(answer: AnswerCode) -> &'static str {
    match answer {
        AnswerCode::Done => "実施している",
        AnswerCode::Partial => "一部実施している",
        AnswerCode::No => "実施していない",
        AnswerCode::Unknown => "わからない",
        AnswerCode::NotApplicable => "該当なし",
    }
}

/// The word of a line's state.
pub(super) fn status_word(status: LineStatus) -> &'static str {
    match status {
        LineStatus::Open => "未着手",
        LineStatus::Started => "着手",
        LineStatus::Done => "完了",
        LineStatus::OnHold => "保留",
    }
}

/// Text that a page shows as it is: no tags, no headings of its own.
fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .lines()
        .map(|line| {
            if line.trim_start().starts_with(['#', '-', '=', '>']) {
                format!("\\{}", line.trim_start())
            } else {
                line.to_owned()
            }
        })
        .collect();
    lines.join("  \n")
}

impl About<'_> {
    fn title(&self, what: &str) -> String {
        let name = self.books.client_of(self.engagement).map_or("", |c| c.name.as_str());
        format!("# {} {} {what}\n\n", plain(&self.engagement.case_no), plain(name))
    }

    pub(super) fn notes(&self) -> Option<String> {
        let notes = self.books.notes_of(self.engagement.id);
        let mut page = self.title("聞取メモ");
        if !self.engagement.expectations.is_empty() {
            let _ = writeln!(page, "## 期待\n\n{}\n", plain(&self.engagement.expectations));
        }
        for note in &notes {
            let session = note.session.map_or_else(String::new, |n| format!(" 第{n}回"));
            let secret = if note.leaves { "報告可" } else { "社外秘" };
            let who = plain(&note.who);
            let _ = writeln!(
                page,
                "## {}{session}{} {who} ({secret})\n\n{}\n",
                note.at,
                self.places(note),
                plain(&note.text)
            );
        }
        (!notes.is_empty() || !self.engagement.expectations.is_empty()).then_some(page)
    }

    /// What a note was sorted onto.
    fn places(&self, note: &Note) -> String {
        let lines = self.books.plan_of(self.engagement.id).map_or(&[][..], |plan| &plan.lines);
        let line = lines.iter().find(|line| Some(line.id) == note.line);
        let places = [
            note.question.map(|n| format!(" 設問{n}")),
            note.section.as_ref().map(|s| format!(" 規程{}", plain(s))),
            note.hearing.as_ref().map(|item| format!(" 聞取{}", plain(item))),
            line.map(|line| format!(" 計画「{}」", plain(&line.action))),
        ];
        places.into_iter().flatten().collect()
    }

    pub(super) fn diagnosis(&self) -> Option<String> {
        let sheets = self.books.sheets_of(self.engagement.id);
        let mut page = self.title("自社診断");
        for sheet in &sheets {
            let _ = writeln!(page, "## {} {} {}\n", sheet.taken_on, plain(&sheet.edition), plain(&sheet.unit));
            let edition = self.pack.map(|p| &p.diagnosis).filter(|d| d.edition == sheet.edition);
            if let Some(edition) = edition {
                let score = edition.score(&crate::findings::answers(edition, sheet));
                let _ = writeln!(page, "{}点\n", score.total);
            }
            for (number, answer) in &sheet.answers {
                let question = edition.and_then(|d| d.questions.iter().find(|q| q.number == *number));
                let text = question.map_or("", |q| q.text.ja.as_str());
                let _ = writeln!(page, "{number}. {} **{}**", plain(text), answer_word(*answer));
                if let Some(evidence) = sheet.evidence.get(number) {
                    let _ = writeln!(page, "   根拠: {}", plain(evidence));
                }
            }
            page.push('\n');
        }
        (!sheets.is_empty()).then_some(page)
    }

    /// The text as filled in so far; with an unknown edition only what was filled in.
    pub(super) fn policy(&self) -> Option<String> {
        let draft = self.books.policy_of(self.engagement.id)?;
        let mut page = self.title("情報セキュリティ基本方針");
        let edition = self.pack.map(|p| &p.policy).filter(|p| p.edition == draft.edition);
        match (edition, self.books.client_of(self.engagement)) {
            (Some(edition), Some(client)) => {
                let filled = edition.fill(&policy_fields(client, draft), &draft.articles);
                let _ = writeln!(page, "{}\n", plain(&filled.preamble));
                for (article, body) in edition.articles.iter().zip(&filled.articles) {
                    let _ = writeln!(page, "## {}\n\n{}\n", plain(&article.heading.ja), plain(body));
                }
                filled.closing.iter().for_each(|line| page.push_str(&format!("{}  \n", plain(line))));
            }
            _ => {
                let own = draft
                    .fields
                    .iter()
                    .map(|(k, v)| (k.clone(), v))
                    .chain(draft.articles.iter().map(|(k, v)| (k.to_string(), v)));
                own.for_each(|(name, text)| page.push_str(&format!("## {}\n\n{}\n\n", plain(&name), plain(text))));
            }
        }
        if let Some(day) = draft.enacted_on {
            let _ = writeln!(page, "\n制定日: {day}");
        }
        if let Some((how, day)) = &draft.published {
            let _ = writeln!(page, "\n公開: {day} {}", plain(how));
        }
        Some(page)
    }

    /// The lines as the plan shows them; as they were stored where its rules are not at hand.
    pub(super) fn lines(&self, plan: &ActionPlan) -> Vec<PlanLine> {
        match self.pack {
            Some(pack) => ranked(self.books, pack, plan).into_iter().map(|(_, line)| line).collect(),
            None => plan.lines.clone(),
        }
    }

    pub(super) fn plan(&self) -> Option<String> {
        let plan = self.books.plan_of(self.engagement.id)?;
        let mut page = self.title("実行計画");
        for (n, line) in (1..).zip(&self.lines(plan)) {
            let theme =
                self.pack.and_then(|p| p.plan.theme(&line.theme)).map_or(line.theme.as_str(), |t| t.name.ja.as_str());
            let _ = writeln!(page, "## {n}. {}\n", plain(&line.action));
            let day = |d: Option<jiff::civil::Date>| d.map_or_else(String::new, |d| d.to_string());
            let score = format!("緊急度{} 重要度{} 難易度{}", line.urgency, line.importance, line.difficulty);
            let rows = [
                ("分類", theme.to_owned()),
                ("課題", plain(&line.issue)),
                ("根拠", plain(&line.basis)),
                ("担当", plain(&line.owner)),
                ("支援", plain(&line.support)),
                ("優先度", score),
                ("期間", format!("{} - {}", day(line.start), day(line.due))),
                ("費用", plain(&line.cost)),
                ("完了の基準", plain(&line.done_when)),
                ("順位を変えた理由", line.moved.as_ref().map_or_else(String::new, |m| plain(&m.reason))),
                ("状態", status_word(line.status).to_owned()),
            ];
            rows.iter().for_each(|(name, text)| page.push_str(&format!("- {name}: {text}\n")));
            page.push('\n');
        }
        Some(page)
    }
}
