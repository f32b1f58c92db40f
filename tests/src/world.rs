//! A secretariat, a server and an enrolled expert, made by hand through the real programs with light practice homes.

use std::path::PathBuf;

use crate::program::{Answer, Person, Server};

/// What a test works with; the server ends with this value.
pub struct World {
    pub office: Person,
    pub expert: Person,
    pub server: Server,
}

/// A TOML text as `client add` reads it.
pub fn firm(name: &str) -> String {
    format!(
        "name = \"{name}\"\nkana = \"ケンサ\"\ncategory = 1\ncapital = 10000000\nemployees = 20\nprefecture = 13\n\
         representative_title = \"代表取締役\"\nrepresentative = \"検査 一郎\"\ncounterpart = \"総務課長\"\none_star = true\n"
    )
}

/// The date this many days from today, in the time zone of the programs.
pub fn day(offset: i64) -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let japan = i64::try_from(seconds).unwrap() + 9 * 3600;
    civil(japan.div_euclid(86_400) + offset)
}

/// Year, month and day of a count of days since 1970-01-01.
fn civil(days: i64) -> String {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (month, day) = (if shifted < 10 { shifted + 3 } else { shifted - 9 }, of_year - (153 * shifted + 2) / 5 + 1);
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + i64::from(month <= 2))
}

impl World {
    /// Founds the secretariat, starts the server and enrols the expert; both sides see the same fingerprint.
    pub fn prepare() -> Self {
        let (office, server) = Self::found();
        let expert = Self::enrolled(&office, "試験 太郎");
        Self { office, expert, server }
    }

    /// Like `prepare`, with an expert of one's own who has no home yet.
    pub fn prepare_for(expert: Person, name: &str) -> Self {
        let (office, server) = Self::found();
        Self::enrol(&office, &expert, name);
        Self { office, expert, server }
    }

    fn found() -> (Person, Server) {
        let office = Person::new("jimukyoku no kotoba");
        let init = ["secretariat", "init", "--name", "試験事務局", "--practice"];
        let root_key = office.json(init)["root_key"].as_str().unwrap().to_owned();
        let server = Server::start(&office.folder().join("server"), &["--secretariat", &root_key]);
        office.bansou(["secretariat", "publish", "--server", &server.url]).ok();
        (office, server)
    }

    /// A further expert of a secretariat.
    pub fn enrolled(office: &Person, name: &str) -> Person {
        let expert = Person::new("senmonka no kotoba");
        Self::enrol(office, &expert, name);
        expert
    }

    /// Makes the home of an expert and enrols it.
    fn enrol(office: &Person, expert: &Person, name: &str) {
        let address = "東京都北区試験1-1";
        expert.bansou(["init", "--name", name, "--practice", "--registration", "000999", "--address", address]).ok();
        let [invitation, request, pack] = ["invitation.json", "request.age", "pack.json"].map(|f| {
            let path: PathBuf = expert.folder().join(f);
            path.display().to_string()
        });
        office.bansou(["secretariat", "invite", &invitation]).ok();
        expert.bansou(["enrol", "request", "--invitation", &invitation, "--out", &request]).ok();
        let seen = office.json(["secretariat", "experts", "show", &request, "--reveal"]);
        let own = expert.json(["enrol", "fingerprint"]);
        assert_eq!(seen["fingerprint"], own["fingerprint"]);
        assert_eq!(seen["name"], name);
        office.bansou(["secretariat", "experts", "approve", &request, "--out", &pack]).ok();
        expert.bansou(["enrol", "accept", &pack]).ok();
    }

    /// Registers a firm and begins its case, matched this many days from today, on both sides.
    pub fn begin(&self, case: &str, name: &str, matched: i64) {
        self.office.bansou_with_input(["secretariat", "assign", case, "E-001", "--prefecture", "13"], name).ok();
        begin(&self.expert, case, name, matched);
    }
}

/// Registers a firm with an expert and begins its case.
pub fn begin(expert: &Person, case: &str, name: &str, matched: i64) {
    let added = expert.bansou_with_input(["client", "add", "-", "--json"], &firm(name)).ok().json();
    let id = added["id"].as_str().unwrap().to_owned();
    expert.bansou(["client", "begin", &id, "--case", case, "--matched", &day(matched)]).ok();
}

/// Holds a session on a day and gives everything its report needs but the deliverables.
pub fn hold(expert: &Person, case: &str, session: &str, on: i64) -> Answer {
    let date = day(on);
    expert.bansou(["session", "plan", case, session, &date, "--start", "13:30"]).ok();
    let done = ["session", "done", case, session, &date, "13:30", "15:30", "--attendees", "2", "--management"];
    expert.bansou(done).ok();
    let confirm = ["session", "confirm", case, session, &date, "--title", "総務課長"];
    expert.bansou_with_input(confirm, "確認 花子").ok();
    let words = format!("content = \"第{session}回の内容\"\nfocus = \"重点\"\nmessage = \"連絡\"\n");
    expert.bansou_with_input(["session", "report", case, session, "-"], &words).ok()
}

/// The 25 answers: 51 points, question 21 unknown.
pub const ANSWERS: &str = "[2,4,2,2,0,4,2,2,4,0,2,4,2,2,4,2,4,2,4,0,-1,2,2,0,0]";

/// A firm whose first session is reported: one sealed bundle waits in the outbox.
pub fn first_report(expert: &Person, case: &str) {
    ready_report(expert, case);
    expert.bansou(["report", "seal", case, "1"]).ok();
}

/// A firm whose first report has everything it needs to be sealed.
pub fn ready_report(expert: &Person, case: &str) {
    hold(expert, case, "1", -2);
    let answers = expert.folder().join("answers.json");
    std::fs::write(&answers, ANSWERS).unwrap();
    expert.bansou(["diagnosis", "import", case, &answers.display().to_string()]).ok();
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn days_become_dates() {
        for (days, date) in [(0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (20_515, "2026-03-03")] {
            assert_eq!(civil(days), date);
        }
    }
}
