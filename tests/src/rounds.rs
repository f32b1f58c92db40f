//! Rounds of one saving command: killed at some system call, then the store is looked at. What was acknowledged is there,
//! what was not is there whole or not at all.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chance::Chance;
use crate::program::{Answer, Person, run};
use crate::strace::{self, Call, Fault, Point};

/// How often the calls of the command are recorded anew: a store that grows makes more of them.
const RECORD_EVERY: usize = 25;

/// What a look at the store shows: the changes in order, and the things that they changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub changes: Vec<String>,
    pub things: String,
}

/// The home through the real program: whole, every change, and what a command shows.
pub fn look(person: &Person, shown: &[&str]) -> Result<Seen, String> {
    let whole = person.bansou(["unlock-check"]);
    if whole.code != 0 {
        return Err(format!("unlock-check: exit code {}: {}{}", whole.code, whole.stdout, whole.stderr));
    }
    let history = person.json(["history"]);
    let changes = history["entries"].as_array().unwrap().iter().map(ToString::to_string).collect();
    let things = person.bansou(shown.iter().chain(&["--reveal", "--json"])).ok().stdout;
    Ok(Seen { changes, things })
}

/// A command that saves one change, and the store it saves to.
pub struct Saving<'a> {
    pub program: PathBuf,
    /// The folder whose files count.
    pub folder: PathBuf,
    /// Completes a command that ends in the program's path, for the change of this number; with it, the standard input.
    pub arrange: &'a dyn Fn(Command, usize) -> (Command, String),
    /// Reads the store with the real program; an error says why it is not whole.
    pub look: &'a dyn Fn() -> Result<Seen, String>,
}

/// What came of the rounds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub rounds: usize,
    pub killed: usize,
    /// Kills between the first byte written and the acknowledgement.
    pub between: usize,
    pub killed_saved: usize,
    pub killed_unsaved: usize,
    pub acknowledged: usize,
    /// Everything that must not be.
    pub wrong: Vec<String>,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rounds, killed, between, killed_saved, killed_unsaved, acknowledged, wrong } = self;
        write!(
            f,
            "{rounds} rounds, {killed} killed ({between} while saving: {killed_saved} saved, {killed_unsaved} not), \
             {acknowledged} acknowledged, {} lost or broken",
            wrong.len()
        )
    }
}

impl Saving<'_> {
    fn run(&self, tracer: Command, i: usize) -> Answer {
        let (mut command, input) = (self.arrange)(tracer, i);
        run(&mut command, &input)
    }

    /// The places at which the command can be killed, from its first change on to its first word.
    pub fn points(&self, i: usize) -> Vec<Point> {
        let log = tempfile::NamedTempFile::new().unwrap();
        self.run(strace::record(log.path(), self.program.as_os_str()), i).ok();
        kill_points(&strace::calls(log.path()), &self.folder)
    }

    /// Kills the command `count` times; the numbers of the changes are `1..`.
    pub fn rounds(&self, count: usize, chance: &mut Chance) -> Tally {
        let mut tally = Tally::default();
        let mut points = Vec::new();
        let (mut number, mut seen) = (0, Err("not looked at yet".to_owned()));
        while tally.rounds < count {
            if tally.rounds.is_multiple_of(RECORD_EVERY) {
                number += 1;
                points = self.points(number);
                seen = (self.look)();
            }
            number += 1;
            let Ok(before) = seen.clone() else { break };
            let place = chance.below(points.len());
            let answer = self.run(strace::inject(&points[place], Fault::Kill, self.program.as_os_str()), number);
            tally.between += usize::from(answer.code == -1 && place > first_write(&points));
            tally.rounds += 1;
            seen = (self.look)();
            if let Ok(after) = &seen {
                judge(&before, after, &points[place], &answer, &mut tally);
            }
        }
        if let Err(why) = seen {
            tally.wrong.push(format!("round {}: {why}", tally.rounds));
        }
        tally
    }
}

fn judge(before: &Seen, after: &Seen, point: &Point, answer: &Answer, tally: &mut Tally) {
    let round = format!("round {} ({} {})", tally.rounds, point.syscall, point.nth);
    let mut wrong = |why: String| tally.wrong.push(format!("{round}: {why}"));
    let acknowledged = answer.code == 0;
    if !acknowledged && answer.code != -1 {
        wrong(format!("exit code {}: {}", answer.code, answer.stderr));
    }
    let added = after.changes.len().checked_sub(before.changes.len());
    if !after.changes.starts_with(&before.changes) {
        wrong("an older change is gone".into());
    } else if added != Some(0) && added != Some(1) {
        wrong(format!("{added:?} changes were added"));
    } else if acknowledged && added == Some(0) {
        wrong("acknowledged, but not there".into());
    }
    if (added == Some(0)) != (after.things == before.things) {
        wrong("a change and what it changed do not agree".into());
    }
    let saved = added == Some(1);
    if acknowledged {
        tally.acknowledged += 1;
    } else {
        tally.killed += 1;
        *(if saved { &mut tally.killed_saved } else { &mut tally.killed_unsaved }) += 1;
    }
}

/// Every call that may change a file below `folder`, and the first word to standard output.
pub fn kill_points(calls: &[Call], folder: &Path) -> Vec<Point> {
    let mut points = strace::points(calls, folder, Call::changes);
    assert!(points.len() > 1, "the command changes nothing below {}", folder.display());
    points.extend(strace::answer(calls));
    points
}

fn first_write(points: &[Point]) -> usize {
    points.iter().position(|p| p.syscall.contains("write")).unwrap_or(points.len())
}

/// A command of several changes (or of none), which may be cut short and is then given again.
pub struct Again<'a> {
    pub program: PathBuf,
    pub folder: PathBuf,
    /// Puts everything as it was before the command.
    pub prepare: &'a dyn Fn(),
    pub arrange: &'a dyn Fn(Command) -> Command,
    /// Exit codes of the second time, when the first one was killed.
    pub codes: &'a [i32],
    /// Looks after the kill, before the second time.
    pub after_kill: &'a dyn Fn() -> Result<(), String>,
    /// Looks when the command was acknowledged, at the first or at the second time.
    pub done: &'a dyn Fn() -> Result<(), String>,
}

impl Again<'_> {
    /// Kills the command at `count` places (every place once, when there are fewer) and gives it again each time.
    pub fn rounds(&self, count: usize, chance: &mut Chance) -> Tally {
        let run = |tracer| run(&mut (self.arrange)(tracer), "");
        let log = tempfile::NamedTempFile::new().unwrap();
        (self.prepare)();
        run(strace::record(log.path(), self.program.as_os_str())).ok();
        let mut points = kill_points(&strace::calls(log.path()), &self.folder);
        while points.len() > count {
            points.remove(chance.below(points.len()));
        }
        let (mut tally, from) = (Tally::default(), first_write(&points));
        for (place, point) in points.into_iter().enumerate() {
            tally.rounds += 1;
            let mut wrong = |why: String| tally.wrong.push(format!("{} {}: {why}", point.syscall, point.nth));
            (self.prepare)();
            let first = run(strace::inject(&point, Fault::Kill, self.program.as_os_str()));
            if first.code == 0 {
                tally.acknowledged += 1;
            } else {
                (tally.killed, tally.between) = (tally.killed + 1, tally.between + usize::from(place > from));
                (self.after_kill)().unwrap_or_else(&mut wrong);
                let second = run(Command::new(&self.program));
                if !self.codes.contains(&second.code) {
                    wrong(format!("given again: exit code {}: {}", second.code, second.stderr));
                }
                *(if second.code == 0 { &mut tally.killed_unsaved } else { &mut tally.killed_saved }) += 1;
            }
            (self.done)().unwrap_or_else(wrong);
        }
        tally
    }
}
