//! The walk: the whole job with no hands, through the same commands as the screens, one line per step.

use std::io::Write as _;
use std::path::Path;

use bansou_core::claim::{self, ClaimCommand};
use bansou_core::command::Command;
use bansou_core::document::Request;
use bansou_core::office::OfficeCommand;
use bansou_core::record::v1::{Id, OutboxState};
use bansou_core::text::Lang;
use bansou_core::wire::v1::envelope::hex;
use sha2::{Digest as _, Sha256};

use super::data::{Firm, Stage as At};
use super::office::{PASSPHRASE, World, folder};
use super::stage::Stage;
use crate::shell::clock::Stopwatch;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::vault::Secret;
use crate::shell::{papers, post};
use crate::words::Words;

/// Tells each step in one line, with what came out and how long it took.
struct Teller {
    words: &'static Words,
    step: u32,
    watch: Stopwatch,
}

impl Teller {
    fn tell(&mut self, key: &str, values: &[(&str, &str)]) -> Result<(), Failure> {
        self.step += 1;
        let text = self.words.fill(key, values);
        let line = format!("{:2}  {text}  ({} ms)", self.step, self.watch.lap());
        writeln!(std::io::stdout().lock(), "{line}")
            .map_err(|e| Failure::File { path: "stdout".into(), kind: e.kind() })?;
        Ok(())
    }

    fn count(&mut self, key: &str, n: usize) -> Result<(), Failure> {
        self.tell(key, &[("n", &n.to_string())])
    }
}

/// Runs the walk in a folder and gives the exit code.
pub fn run(lang: Lang, dir: Option<&Path>) -> Result<u8, Failure> {
    let dir = folder(dir)?;
    let mut teller = Teller { words: Words::new(lang), step: 0, watch: Stopwatch::start() };
    let mut world = World::prepare(&dir)?;
    teller.tell("walk.prepared", &[("url", &world.server.url)])?;
    let loaded = world.load_firms()?;
    teller.count("walk.loaded", loaded)?;
    let firm = world.practice.firm(At::Walk)?.clone();
    let engagement = register(&mut world, &mut teller, &firm)?;
    for (session, offset) in (1u8..).zip(&firm.held) {
        work(&mut world, &mut teller, &firm, engagement, session, *offset)?;
        report(&mut world, &mut teller, engagement, session, *offset)?;
    }
    claim_fee(&mut world, &mut teller)?;
    pay(&mut world, &mut teller)?;
    let out = dir.join("artefacts");
    let files = collect(&world, &out, engagement)?;
    teller.tell("walk.artefacts", &[("n", &files.to_string()), ("dir", &out.display().to_string())])?;
    reread(world, &mut teller)?;
    Ok(0)
}

fn register(world: &mut World, teller: &mut Teller, firm: &Firm) -> Result<Id, Failure> {
    world.assign(firm)?;
    let work = world.practice.work.clone();
    let base = world.base;
    let mut stage = Stage::begin(&mut world.expert, firm, &work, base)?;
    teller.tell("walk.registered", &[("case", &firm.case_no)])?;
    let client = stage.home.books.clients.get(&stage.client).cloned();
    let client = client.ok_or_else(|| Failure::Step("the firm is not in the books".into()))?;
    let decision = bansou_core::client::eligibility(stage.home.pack_of(stage.engagement)?, &client)?;
    teller.tell("walk.eligible", &[("clause", &decision.clause)])?;
    let dates = stage.plan_dates()?;
    teller.count("walk.planned", dates)?;
    Ok(stage.engagement)
}

fn work(
    world: &mut World,
    teller: &mut Teller,
    firm: &Firm,
    engagement: Id,
    session: u8,
    offset: i32,
) -> Result<(), Failure> {
    let data = world.practice.work.clone();
    let base = world.base;
    let mut stage = Stage::resume(&mut world.expert, firm, &data, base, engagement);
    let n = session.to_string();
    stage.at(offset)?;
    let prepared = stage.tick(session, false)?;
    teller.tell("walk.prepared_session", &[("n", &n), ("items", &prepared.to_string())])?;
    let date = stage.hold(session, offset)?.to_string();
    let items = stage.tick(session, true)?;
    teller.tell("walk.held", &[("n", &n), ("date", &date), ("items", &items.to_string())])?;
    let notes = stage.hear(session)?;
    if notes > 0 {
        teller.count("walk.notes", notes)?;
    }
    match session {
        1 => {
            let score = stage.answer(offset)?.to_string();
            teller.tell("walk.answered", &[("n", &data.answers.len().to_string()), ("score", &score)])
        }
        2 => {
            let sections = stage.draft_policy(offset)?;
            teller.count("walk.policy", sections)
        }
        3 => {
            let lines = stage.make_plan()?;
            teller.count("walk.plan", lines)
        }
        _ => {
            let items = stage.conclude(offset)?;
            teller.count("walk.concluded", items)
        }
    }
}

fn report(world: &mut World, teller: &mut Teller, engagement: Id, session: u8, offset: i32) -> Result<(), Failure> {
    let item = post::seal_report(&mut world.expert, &world.typesetter, engagement, session)?;
    let (n, size) = (session.to_string(), item.size.to_string());
    teller.tell("walk.sealed", &[("n", &n), ("size", &size), ("sha", &item.sha256[..12])])?;
    let (receipts, replies) = world.exchange(offset)?;
    teller.tell("walk.accepted", &[("receipts", &receipts.to_string()), ("replies", &replies.to_string())])?;
    let state = world.expert.books.outbox.get(&item.id).map(|i| i.state);
    must(state == Some(OutboxState::Accepted), "a report was not accepted")
}

fn claim_fee(world: &mut World, teller: &mut Teller) -> Result<(), Failure> {
    world.expert.set_practice_time(world.base.at(9, 0, 0, 0))?;
    let books = &world.expert.books;
    let mut units = Vec::new();
    for engagement in books.engagements.values() {
        for unit in claim::units(books, world.expert.pack_of(engagement.id)?, engagement) {
            if unit.blocked.is_none() {
                units.push((engagement.id, unit.line.sessions[0]));
            }
        }
    }
    let claimed_on = world.base;
    let drafted = world.expert.apply(Command::Claim(ClaimCommand::Draft { units, claimed_on }))?;
    let id = drafted.first().map(|c| c.id).ok_or_else(|| Failure::Step("no claim was drafted".into()))?;
    let item = post::seal_claim(&mut world.expert, &world.typesetter, id)?;
    let claim = world.expert.books.claims.get(&id).cloned();
    let claim = claim.ok_or_else(|| Failure::Step("the claim is not in the books".into()))?;
    let amounts = [claim.lines.len() as u64, claim.gross, claim.withheld, claim.net].map(|a| a.to_string());
    let [lines, gross, withheld, net] = &amounts;
    teller.tell("walk.claimed", &[("n", lines), ("gross", gross), ("withheld", withheld), ("net", net)])?;
    let (receipts, replies) = world.exchange(0)?;
    teller.tell("walk.accepted", &[("receipts", &receipts.to_string()), ("replies", &replies.to_string())])?;
    let state = world.expert.books.outbox.get(&item.id).map(|i| i.state);
    must(state == Some(OutboxState::Accepted), "the claim was not accepted")
}

fn pay(world: &mut World, teller: &mut Teller) -> Result<(), Failure> {
    let planned = world.office.apply(Command::Office(OfficeCommand::PlanPay { closed_on: world.base }))?;
    let run = planned.first().map(|c| c.id).ok_or_else(|| Failure::Step("no payment was planned".into()))?;
    let by = world.office.profile()?.name.clone();
    world.office.apply(Command::Office(OfficeCommand::ApprovePay { run, by }))?;
    let paid = world.office.books.pay_runs.get(&run).cloned();
    let paid = paid.ok_or_else(|| Failure::Step("the payment is not in the books".into()))?;
    let sum = |of: fn(&bansou_core::record::v1::PayLine) -> u64| paid.lines.iter().map(of).sum::<u64>().to_string();
    let (gross, withheld, net) = (sum(|l| l.gross), sum(|l| l.withheld), sum(|l| l.net));
    let day = paid.pay_on.to_string();
    teller.tell("walk.paid", &[("day", &day), ("gross", &gross), ("withheld", &withheld), ("net", &net)])
}

/// Writes what was made to a folder that other tools can open; gives how many files.
fn collect(world: &World, out: &Path, engagement: Id) -> Result<usize, Failure> {
    std::fs::create_dir_all(out).map_err(|e| Failure::file(out, &e))?;
    let mut files = 0;
    for made in world.expert.books.artefacts.values() {
        if made.engagement == Some(engagement) || made.claim.is_some() {
            let session = made.session.map_or_else(String::new, |n| format!("-{n}"));
            papers::save(&world.expert, made.blob, &out.join(format!("{}{session}.pdf", made.document)))?;
            files += 1;
        }
    }
    for item in world.expert.books.outbox.values() {
        let Some(blob) = item.blob else { continue };
        papers::write_file(&out.join(format!("bundle-{:02}.age", item.seq)), &world.expert.blob(blob)?)?;
        files += 1;
    }
    // A practice key, so that the stock age tool can open the practice bundles.
    papers::write_file(&out.join("practice-secretariat.key"), world.office.practice_identity()?.expose().as_bytes())?;
    for (name, request) in [("payment-list", pay_request(world)?), ("statistics", Request::Statistics)] {
        let pdf = papers::render(&world.office, &world.typesetter, &request)?.1;
        papers::write_file(&out.join(format!("{name}.pdf")), &pdf)?;
        files += 1;
    }
    Ok(files + 1)
}

fn pay_request(world: &World) -> Result<Request, Failure> {
    let run = world.office.books.pay_runs.keys().next().copied();
    run.map(Request::PaymentList).ok_or_else(|| Failure::Step("no payment list".into()))
}

/// Closes everything, opens it again from the disk and compares.
fn reread(world: World, teller: &mut Teller) -> Result<(), Failure> {
    let World { dir, server, office, expert, .. } = world;
    let (office_books, expert_books) = (office.books.clone(), expert.books.clone());
    drop((office, expert, server));
    let secret = Secret::new(PASSPHRASE.to_owned());
    for (name, books) in [("secretariat", office_books), ("expert", expert_books)] {
        let home = Home::open(&dir.join(name), &secret)?;
        must(home.books == books, "a home reads differently from the disk")?;
        must(home.verify(Lang::En)?.is_empty(), "a home is not whole")?;
        for made in home.books.artefacts.values() {
            must(hex(&Sha256::digest(&*home.blob(made.blob)?)) == made.sha256, "a document changed on the disk")?;
        }
        let open = home.books.outbox.values().filter(|i| i.state != OutboxState::Accepted).count();
        must(open == 0, "a bundle was not accepted")?;
    }
    let mut report = Vec::new();
    let wrong =
        bansou_server::check::check(&dir.join("server"), &mut report).map_err(|e| Failure::Step(e.to_string()))?;
    must(wrong == 0, "the server's store is not whole")?;
    teller.tell("walk.reread", &[])
}

fn must(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure::Step(what.to_owned())) }
}
