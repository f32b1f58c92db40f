//! The same records in plain SQLite, or in SQLCipher with its own default settings: read, changed and searched.

use std::collections::BTreeMap;
use std::io::BufRead as _;
use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", records, db] => make(Path::new(records), db),
        ["export-xml", records] => export_xml(Path::new(records)),
        ["read", db] => {
            let watch = Watch::start();
            let (_db, records) = read(db)?;
            println!("{}", watch.stop());
            assert!(!records.is_empty());
            Ok(())
        }
        ["changes", mode, db, count] => changes(mode, db, count.parse()?),
        ["search", db, word] => search(db, word),
        ["hold", db] => {
            let (_db, records) = read(db)?;
            println!("holds {}", records.len());
            std::io::stdin().read_line(&mut String::new())?;
            assert!(!records.is_empty());
            Ok(())
        }
        _ => {
            Err("make RECORDS DB | export-xml RECORDS | read DB | changes default|wal DB N | search DB WORD | hold DB"
                .into())
        }
    }
}

/// Time by the clock and time on the processor, in milliseconds: the second does not count what else runs here.
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Self {
        Self(Instant::now(), on_processor())
    }

    fn stop(&self) -> String {
        format!("{:.3} {:.3}", self.0.elapsed().as_secs_f64() * 1000.0, on_processor() - self.1)
    }
}

fn on_processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

/// Opens a database; SQLCipher derives its key as it does by default.
fn open(path: &str) -> Outcome<Connection> {
    let db = Connection::open(path)?;
    if cfg!(feature = "cipher") {
        db.pragma_update(None, "key", "renshu")?;
    }
    Ok(db)
}

/// Lines of `id TAB record`.
fn records(path: &Path) -> Outcome<Vec<(String, String)>> {
    let lines = std::io::BufReader::new(std::fs::File::open(path)?).lines();
    lines.map(|line| Ok(line?.split_once('\t').map(|(id, text)| (id.into(), text.into())).ok_or("no tab")?)).collect()
}

fn make(from: &Path, path: &str) -> Outcome<()> {
    let mut db = open(path)?;
    db.execute("CREATE TABLE record(id TEXT PRIMARY KEY, text TEXT NOT NULL)", ())?;
    let write = db.transaction()?;
    for (id, text) in records(from)? {
        write.execute("INSERT INTO record VALUES (?1, ?2)", params![id, text])?;
    }
    Ok(write.commit()?)
}

/// Every record into memory, as the measured program does when it opens a home.
fn read(path: &str) -> Outcome<(Connection, BTreeMap<String, String>)> {
    let db = open(path)?;
    let records = {
        let mut query = db.prepare("SELECT id, text FROM record")?;
        query.query_map((), |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?
    };
    Ok((db, records))
}

/// Changes one record after the other, each in a transaction of its own; prints the time of each.
fn changes(mode: &str, path: &str, count: usize) -> Outcome<()> {
    let (db, records) = read(path)?;
    if mode == "wal" {
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    }
    db.pragma_update(None, "synchronous", "FULL")?;
    for (id, text) in records.iter().take(count) {
        let text = format!("{text} ");
        let watch = Watch::start();
        db.execute("UPDATE record SET text = ?2 WHERE id = ?1", params![id, text])?;
        println!("{}", watch.stop());
    }
    Ok(())
}

/// Counts the records with a word in them, in an open database; prints the time of each but the first, which fills the
/// cache.
fn search(path: &str, word: &str) -> Outcome<()> {
    let db = open(path)?;
    let mut query = db.prepare("SELECT count(*) FROM record WHERE text LIKE '%' || ?1 || '%'")?;
    for round in 0..4 {
        let watch = Watch::start();
        let _: i64 = query.query_row([word], |r| r.get(0))?;
        if round > 0 {
            println!("{}", watch.stop());
        }
    }
    Ok(())
}

/// The same records as a KeePass XML file, one entry each.
fn export_xml(from: &Path) -> Outcome<()> {
    println!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KeePassFile><Meta><Generator>bench</Generator></Meta><Root>"
    );
    println!("<Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name>");
    println!("<Group><UUID>AAAAAAAAAAAAAAAAAAAAAg==</UUID><Name>all</Name>");
    for (n, (id, text)) in records(from)?.into_iter().enumerate() {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        println!("<Entry><UUID>{}</UUID>", uuid(n));
        println!("<String><Key>Title</Key><Value>{id}</Value></String>");
        println!("<String><Key>Notes</Key><Value>{text}</Value></String></Entry>");
    }
    println!("</Group></Group></Root></KeePassFile>");
    Ok(())
}

/// 16 bytes in base64 that are different for every entry: a `B` first, then the number in the six-bit letters.
fn uuid(n: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters: String = (0..4).map(|place| char::from(LETTERS[n >> (6 * place) & 63])).collect();
    format!("B{letters}AAAAAAAAAAAAAAAAA==")
}
