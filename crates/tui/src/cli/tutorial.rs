//! `bansou tutorial`: the steps of the practice on the screens, or how far they are in plain lines.

use bansou_core::tutorial::Tutorial;
use serde_json::{Value, json};

use super::Call;
use super::answer::Answer;
use super::args::TutorialArgs;
use crate::app::look::Look;
use crate::app::screens::tutorial::{keyed, lines};
use crate::shell::failure::Failure;
use crate::shell::place;
use crate::shell::practice::tutorial;
use crate::words::Words;

pub(super) fn run(call: &Call, args: &TutorialArgs) -> Result<u8, Failure> {
    // A home that only the environment names is that of the daily work.
    let named = call.home.as_ref().filter(|home| std::env::var_os("BANSOU_HOME").as_deref() != Some(home.as_os_str()));
    if named.is_some() {
        return Err(Failure::input(
            "チュートリアルは本番の保管庫では動きません。--home を外してください。練習の場所は --dir で指定できます。",
            "The tutorial does not run in a home of real work. Leave --home out; --dir names the folder of the practice.",
        ));
    }
    if args.status || call.json && !args.restart {
        return status(call, args)?.print(call);
    }
    tutorial::screens(call.wish(), args.dir.as_deref(), args.restart)
}

fn status(call: &Call, args: &TutorialArgs) -> Result<Answer, Failure> {
    let (dir, progress) = tutorial::progress(args.dir.as_deref())?;
    let (steps, words, begun) = (Tutorial::built_in(), Words::new(call.lang), progress.is_some());
    let look = Look { lang: call.lang, keys: place::settings().keys, ..Look::default() };
    let first = Answer::line(dir.display().to_string());
    let answer = lines(look, progress.as_ref()).into_iter().fold(first, Answer::and);
    let progress = progress.unwrap_or_default();
    let (n, of) = (steps.count(&progress), steps.steps.len());
    let now = steps.now(&progress).map(|(at, _)| at);
    let rows: Vec<Value> = (steps.steps.iter().enumerate())
        .map(|(at, step)| {
            let how: Vec<String> = step.parts.iter().map(|p| keyed(p.how.get(call.lang), look.keys)).collect();
            json!({"number": at + 1, "id": step.id, "goal": step.goal.get(call.lang), "how": how,
                "done": steps.done(&progress, step), "skipped": progress.skipped.contains(&step.id),
                "now": begun && now == Some(at)})
        })
        .collect();
    let last = match begun {
        true => words.fill("tutorial.count", &[("n", &n.to_string()), ("of", &of.to_string())]),
        false => words.get("tutorial.not_begun").to_owned(),
    };
    Ok(answer
        .and(last)
        .with("folder", dir.display().to_string())
        .with("begun", begun)
        .with("done", n)
        .with("of", of)
        .with("steps", rows))
}
