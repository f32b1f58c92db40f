//! Commands that need no open home: making one, practice, programmes, relay, explanations.

use std::path::Path;

use bansou_core::programme::{self, Programme};
use bansou_core::record::v1::{PatternCode, Profile};
use bansou_core::text::Lang;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::{DemoArgs, InitArgs, PatternArg, ProgrammeVerb, RelayArgs};
use crate::shell::carry;
use crate::shell::failure::Failure;
use crate::shell::home::Home;
use crate::shell::runtime::{self, Left};
use crate::shell::vault::Kind;
use crate::shell::{office, place, practice};

pub(super) fn init(call: &Call, args: InitArgs) -> Result<Answer, Failure> {
    let profile = Profile {
        secretariat: false,
        practice: args.practice,
        programme: args.programme,
        name: args.name,
        kana: args.kana,
        registration: args.registration,
        pattern: match args.pattern {
            PatternArg::A => PatternCode::A,
            PatternArg::B => PatternCode::B,
            PatternArg::C => PatternCode::C,
        },
        prefecture: args.prefecture,
        address: args.address,
        invoice_number: args.invoice_number,
        company: args.company,
    };
    create(call, profile, args.here_anyway).map(|(_, answer)| answer)
}

pub(super) fn secretariat_init(
    call: &Call,
    name: String,
    programme: String,
    server: String,
    practice: bool,
    here_anyway: bool,
) -> Result<Answer, Failure> {
    let profile = Profile {
        secretariat: true,
        practice,
        programme,
        name,
        kana: String::new(),
        registration: String::new(),
        pattern: PatternCode::A,
        prefecture: 13,
        address: String::new(),
        invoice_number: String::new(),
        company: String::new(),
    };
    let (mut home, answer) = create(call, profile, here_anyway)?;
    office::found(&mut home, &server)?;
    let root = home.root_key();
    Ok(answer.and(format!("bansou-server --data DIR --secretariat {root}")).with("root_key", root))
}

/// Makes a home; the recovery code goes to the terminal once, and into JSON only with `--reveal`.
fn create(call: &Call, profile: Profile, here_anyway: bool) -> Result<(Home, Answer), Failure> {
    let path = call.home_path()?;
    if !here_anyway {
        place::must_not_be_synced(&path)?;
    }
    let kind = if profile.practice { Kind::Practice } else { Kind::Real };
    bansou_core::command::pack(&programme::builtin(), &profile.programme)?;
    let (prompt, again) = match call.lang {
        Lang::Ja => ("新しいパスフレーズ", "もう一度"),
        Lang::En => ("New passphrase", "Again"),
    };
    let passphrase = call.passphrase.get_new(prompt, again)?;
    let (home, recovery) = Home::create(&path, &passphrase, kind, profile)?;
    super::keeping::show_code(call.lang, &recovery);
    let answer = Answer::line(path.display().to_string()).with("home", path.display().to_string());
    Ok((home, answer))
}

/// Opens the screens; who would rather practise first goes on in the tutorial, as this same process.
pub(super) fn screens(call: &Call) -> Result<u8, Failure> {
    use std::os::unix::process::CommandExt as _;
    let wish = call.wish();
    if let Left::With(status) = runtime::run(call.home.as_deref(), wish)? {
        return Ok(status);
    }
    let program = std::env::current_exe().map_err(|e| Failure::file(Path::new("bansou"), &e))?;
    let mut tutorial = std::process::Command::new(&program);
    tutorial.args(["--lang", if wish.lang == Lang::Ja { "ja" } else { "en" }]);
    tutorial.args(if wish.colour { &[][..] } else { &["--color", "never"] });
    tutorial.args(if wish.reader { &["--reader"][..] } else { &[] }).arg("tutorial");
    Err(Failure::file(&program, &tutorial.exec()))
}

pub(super) fn demo(call: &Call, args: &DemoArgs) -> Result<u8, Failure> {
    use std::io::IsTerminal as _;
    let seen = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if args.walk || !seen {
        return practice::walk::run(call.lang, args.dir.as_deref());
    }
    practice::office::screens(call.wish(), args.dir.as_deref())
}

pub(super) fn practice_server(args: bansou_server::args::ServeArgs) -> Result<u8, Failure> {
    std::thread::spawn(|| {
        // Whoever started it holds the other end; a practice server has nobody else.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0)
    });
    bansou_server::run(args.into()).map_err(|e| Failure::Step(e.to_string()))?;
    Ok(0)
}

pub(super) fn relay(call: &Call, args: &RelayArgs) -> Result<Answer, Failure> {
    let done = carry::relay(&args.dir, &args.server)?;
    let mut answer = Answer::line(format!("sent {} / receipts {} / answers {}", done.sent, done.receipts, done.acks));
    for (sha256, problem) in &done.refused {
        let why = if call.lang == Lang::Ja { &problem.ja } else { &problem.en };
        answer = answer.and(format!("refused {sha256:.16}  {why} [{}]", problem.code));
    }
    answer = done.damaged.iter().fold(answer, |a, sha256| a.and(format!("damaged {sha256:.16}")));
    answer.code = if done.refused.is_empty() && done.damaged.is_empty() { 0 } else { 6 };
    let refused: Vec<&String> = done.refused.iter().map(|(sha256, _)| sha256).collect();
    Ok(answer
        .with("sent", done.sent)
        .with("receipts", done.receipts)
        .with("acks", done.acks)
        .with("refused", json!(refused))
        .with("damaged", done.damaged))
}

pub(super) fn programme(call: &Call, verb: &ProgrammeVerb) -> Result<Answer, Failure> {
    match verb {
        ProgrammeVerb::List => {
            let packs = programme::builtin();
            let rows: Vec<Value> = packs
                .iter()
                .map(|p| {
                    json!({"id": p.programme.id, "from": p.programme.starts.to_string(),
                    "to": p.programme.ends.to_string(), "diagnosis": p.diagnosis.edition})
                })
                .collect();
            let answer = Answer::default().with("programmes", rows);
            Ok(packs
                .iter()
                .fold(answer, |a, p| a.and(format!("{}  {}", p.programme.id, p.programme.name.get(call.lang)))))
        }
        ProgrammeVerb::Show { id } => {
            let packs = programme::builtin();
            let p = &bansou_core::command::pack(&packs, id)?.programme;
            Ok(Answer::line(format!("{}  {}", p.id, p.name.get(call.lang)))
                .and(format!("{} yen x {}", p.fee.per_session, p.sessions.count))
                .with("id", p.id.clone())
                .with("fee", p.fee.per_session)
                .with("sessions", p.sessions.count)
                .with("source", p.source.clone()))
        }
        ProgrammeVerb::Check { file } => {
            let text = std::fs::read_to_string(file).map_err(|e| Failure::file(file, &e))?;
            let programme = Programme::parse(&text)?;
            Ok(Answer::line(programme.id.clone()).with("id", programme.id))
        }
    }
}
