//! Takes one invented firm through its engagement, step by step, on the days its data names.

use std::collections::BTreeMap;

use bansou_core::client::ClientCommand;
use bansou_core::command::Command;
use bansou_core::engagement::{EngagementAction, EngagementCommand};
use bansou_core::findings::{FindingsAction, FindingsCommand};
use bansou_core::note::{NewNote, NoteAction};
use bansou_core::planning::{PlanAction, PlanCommand};
use bansou_core::record::v1::{
    Assurance, Check, CheckState, Client, Confirmation, Contact, Held, Id, LineStatus, Mode, PlanLine, Planned,
    ReportText, SectionReview, SectionStatus, TwoStar,
};
use bansou_core::refusal::Refusal;
use bansou_core::session::{SessionAction, SessionCommand};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time, time};

use super::data::{Firm, Work};
use crate::shell::failure::Failure;
use crate::shell::home::Home;

/// One firm on its way.
pub struct Stage<'a> {
    pub home: &'a mut Home,
    pub firm: &'a Firm,
    pub work: &'a Work,
    /// The day the practice begins; the firm's days count from it.
    pub base: Date,
    pub client: Id,
    pub engagement: Id,
}

/// Every practice session begins and ends at these times.
const TIMES: (Time, Time) = (time(13, 30, 0, 0), time(15, 30, 0, 0));

impl<'a> Stage<'a> {
    /// Registers the firm and begins its engagement.
    pub fn begin(home: &'a mut Home, firm: &'a Firm, work: &'a Work, base: Date) -> Result<Self, Failure> {
        let mut stage = Self { home, firm, work, base, client: Id::PROFILE, engagement: Id::PROFILE };
        let matched_on = stage.day(firm.matched);
        stage.at(firm.matched)?;
        let added = stage.home.apply(Command::Client(ClientCommand::Add(Box::new(client_of(firm, matched_on)))))?;
        stage.client = added.first().map(|c| c.id).ok_or(Refusal::NotFound { what: "client" })?;
        let begin = ClientCommand::Begin { client: stage.client, case_no: firm.case_no.clone(), matched_on };
        let begun = stage.home.apply(Command::Client(begin))?;
        stage.engagement = begun.first().map(|c| c.id).ok_or(Refusal::NotFound { what: "engagement" })?;
        Ok(stage)
    }

    /// Goes on with an engagement that was begun before.
    pub fn resume(home: &'a mut Home, firm: &'a Firm, work: &'a Work, base: Date, engagement: Id) -> Self {
        Self { home, firm, work, base, client: Id::PROFILE, engagement }
    }

    /// Everything a session asks of the expert on its day.
    pub fn session_work(&mut self, session: u8, offset: i32) -> Result<(), Failure> {
        self.tick(session, true)?;
        self.hold(session, offset)?;
        self.hear(session)?;
        match session {
            1 => drop(self.answer(offset)?),
            2 => drop(self.draft_policy(offset)?),
            3 => drop(self.make_plan()?),
            _ => drop(self.conclude(offset)?),
        }
        Ok(())
    }

    /// The date `offset` days from the base.
    pub fn day(&self, offset: i32) -> Date {
        self.base.saturating_add(offset.days())
    }

    /// Lets the home's practice clock show noon of a day; a real home refuses.
    pub fn at(&mut self, offset: i32) -> Result<(), Failure> {
        let noon = self.day(offset).at(18, 0, 0, 0);
        self.home.set_practice_time(noon)
    }

    fn session(&mut self, session: u8, action: SessionAction) -> Result<(), Failure> {
        let command = SessionCommand { engagement: self.engagement, session, action };
        self.home.apply(Command::Session(command)).map(drop)
    }

    fn found(&mut self, action: FindingsAction) -> Result<(), Failure> {
        let command = FindingsCommand { engagement: self.engagement, action };
        self.home.apply(Command::Findings(command)).map(drop)
    }

    fn plan(&mut self, action: PlanAction) -> Result<(), Failure> {
        self.home.apply(Command::Plan(PlanCommand { engagement: self.engagement, action })).map(drop)
    }

    fn whole(&mut self, action: EngagementAction) -> Result<(), Failure> {
        let command = EngagementCommand { engagement: self.engagement, action };
        self.home.apply(Command::Engagement(command)).map(drop)
    }

    /// Plans every session; gives how many.
    pub fn plan_dates(&mut self) -> Result<usize, Failure> {
        for (session, offset) in (1..).zip(&self.firm.planned) {
            let date = self.day(*offset);
            let planned = Planned { date, start: Some(TIMES.0), mode: Mode::Visit, moved_because: None };
            self.session(session, SessionAction::Plan(planned))?;
        }
        Ok(self.firm.planned.len())
    }

    /// Ticks the checklist of a session, up to its preparation or as a whole; gives how many items.
    pub fn tick(&mut self, session: u8, whole: bool) -> Result<usize, Failure> {
        let pack = self.home.pack_of(self.engagement)?;
        let unit = pack.curriculum.session(session).ok_or(Refusal::NotFound { what: "session" })?;
        let items: Vec<String> = if whole {
            unit.items().map(|i| i.id.clone()).collect()
        } else {
            unit.prep.iter().map(|i| i.id.clone()).collect()
        };
        let done = Check { state: CheckState::Done, reason: None, carried_to: None };
        for item in &items {
            self.session(session, SessionAction::Check { item: item.clone(), check: Some(done.clone()) })?;
        }
        Ok(items.len())
    }

    /// Records that a session was held on its day, with the firm's confirmation and the words of the report.
    pub fn hold(&mut self, session: u8, offset: i32) -> Result<Date, Failure> {
        self.at(offset)?;
        let date = self.day(offset);
        let held = Held {
            date,
            start: TIMES.0,
            end: TIMES.1,
            mode: Mode::Visit,
            attendees: 2,
            management_present: true,
            place: self.work.place.clone(),
        };
        self.session(session, SessionAction::Hold { held, combined_reason: None })?;
        let confirmation = Confirmation {
            signed_on: date,
            signer_title: self.work.confirmation.signer_title.clone(),
            signer: self.work.confirmation.signer.clone(),
            assurance: Assurance::Paper,
            original_posted_on: None,
            evidence_sha256: None,
        };
        self.session(session, SessionAction::Confirm(confirmation))?;
        let report = ReportText {
            content: self.work.contents.get(&session.to_string()).cloned().unwrap_or_default(),
            focus: if session == 1 { self.work.focus.clone() } else { String::new() },
            message: if usize::from(session) < self.firm.planned.len() {
                self.work.message.clone()
            } else {
                String::new()
            },
        };
        self.session(session, SessionAction::Report(report))?;
        Ok(date)
    }

    /// The owner's expectations and the notes of a session; gives how many notes.
    pub fn hear(&mut self, session: u8) -> Result<usize, Failure> {
        if session == 1 {
            self.whole(EngagementAction::Expect(self.work.expectations.clone()))?;
        }
        let notes: Vec<_> = self.work.notes.iter().filter(|n| n.session == session).cloned().collect();
        for note in &notes {
            self.found(FindingsAction::Note(NoteAction::Add(NewNote {
                session: Some(session),
                who: note.who.clone(),
                text: note.text.clone(),
                question: note.question,
                hearing: note.hearing.clone(),
                ..NewNote::default()
            })))?;
        }
        Ok(notes.len())
    }

    /// The 25 answers one by one, with evidence.
    pub fn answer(&mut self, offset: i32) -> Result<i32, Failure> {
        let taken_on = self.day(offset);
        let respondent = self.work.respondent.clone();
        self.found(FindingsAction::NewSheet { taken_on, unit: String::new(), respondent })?;
        for (question, points) in (1..).zip(&self.work.answers) {
            let answer = self.home.pack_of(self.engagement)?.diagnosis.answer_worth(*points);
            self.found(FindingsAction::Answer { question, answer })?;
        }
        for (question, text) in &self.work.evidence {
            let question = question.parse().unwrap_or(0);
            self.found(FindingsAction::Evidence { question, text: text.clone() })?;
        }
        let engagement = self.home.engagement(self.engagement)?;
        bansou_core::bundle::score(&self.home.books, self.home.pack_of(self.engagement)?, engagement)
            .ok_or_else(|| Failure::Step("the diagnosis is not complete".into()))
    }

    /// The policy draft and the review of regulations; gives how many sections were reviewed.
    pub fn draft_policy(&mut self, offset: i32) -> Result<usize, Failure> {
        for (name, value) in &self.work.policy {
            self.found(FindingsAction::PolicyField { name: name.clone(), value: value.clone() })?;
        }
        let enacted = self.day(offset);
        self.found(FindingsAction::PolicyEnacted(Some(enacted)))?;
        let sections = &self.work.sections;
        let all: BTreeMap<&String, SectionStatus> = [
            (SectionStatus::Ready, &sections.ready),
            (SectionStatus::Partial, &sections.partial),
            (SectionStatus::Missing, &sections.missing),
        ]
        .into_iter()
        .flat_map(|(status, list)| list.iter().map(move |s| (s, status)))
        .collect();
        for (section, status) in &all {
            let ready = *status == SectionStatus::Ready;
            let review = SectionReview {
                status: *status,
                document: if *status == SectionStatus::Missing { String::new() } else { sections.document.clone() },
                finding: if ready { String::new() } else { sections.finding.clone() },
                response: if *status == SectionStatus::Partial { sections.response.clone() } else { String::new() },
            };
            self.found(FindingsAction::Section { section: (*section).clone(), review })?;
        }
        Ok(all.len())
    }

    /// The plan from the diagnosis with owners, plus one work-style line; gives how many lines.
    pub fn make_plan(&mut self) -> Result<usize, Failure> {
        let work = self.work.plan.clone();
        self.plan(PlanAction::Generate { count: work.lines })?;
        let tag = self.home.pack_of(self.engagement)?.plan.required_themes.first().cloned().unwrap_or_default();
        let plan = self.home.books.plan_of(self.engagement).ok_or(Refusal::NotFound { what: "plan" })?;
        let (starts, lines) = (plan.starts, plan.lines.clone());
        for (line, owner) in lines.iter().zip(work.owners.iter().cycle()) {
            self.plan(PlanAction::Edit(Box::new(PlanLine { owner: owner.clone(), ..line.clone() })))?;
        }
        let line = PlanLine {
            id: Id::PROFILE,
            theme: tag,
            issue: work.work_style_issue,
            basis: self.work.focus.clone(),
            question: None,
            action: work.work_style_action,
            owner: work.owners.first().cloned().unwrap_or_default(),
            support: String::new(),
            urgency: 2,
            importance: 3,
            difficulty: 1,
            start: Some(starts),
            due: Some(starts.saturating_add(2.months()).last_of_month()),
            cost: "0円".into(),
            done_when: work.work_style_done,
            status: LineStatus::Open,
            moved: None,
        };
        self.plan(PlanAction::Add { line: Box::new(line), notes: Vec::new() })?;
        Ok(lines.len() + 1)
    }

    /// Agreement on the plan, two stars and the answers of the final report.
    pub fn conclude(&mut self, offset: i32) -> Result<usize, Failure> {
        self.plan(PlanAction::Agree(self.day(offset)))?;
        self.whole(EngagementAction::SetTwoStar(TwoStar::Applied))?;
        let questionnaire = self.home.pack_of(self.engagement)?.final_report.clone();
        let mut given = std::collections::BTreeMap::new();
        for item in &questionnaire.items {
            if !questionnaire.applies(item, &given) {
                continue;
            }
            let default = if item.options.is_empty() { self.work.focus.clone() } else { "1".to_owned() };
            let value = self.work.final_report.get(&item.id).cloned().unwrap_or(default);
            given.insert(item.id.clone(), value.clone());
            self.found(FindingsAction::Final { item: item.id.clone(), value })?;
        }
        Ok(given.len())
    }
}

fn client_of(firm: &Firm, on: Date) -> Client {
    Client {
        id: Id::PROFILE,
        name: firm.name.clone(),
        kana: firm.kana.clone(),
        category: firm.category,
        main_industry: None,
        capital: firm.capital,
        employees: firm.employees,
        sole_proprietor: firm.sole_proprietor,
        prefecture: firm.prefecture,
        contact: Contact {
            representative_title: firm.representative_title.clone(),
            representative: firm.representative.clone(),
            counterpart: firm.counterpart.clone(),
        },
        one_star: true,
        added_on: on,
        archived: false,
    }
}
