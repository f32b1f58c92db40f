//! Where things lie on this computer: the default home, what a home must look like, and where it must not lie.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use bansou_core::doctor::Place;

use super::failure::Failure;
use super::vault::Vault;
use crate::app::settings::Settings;

/// File systems behind which another machine writes.
const NETWORK: [&str; 36] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.afpfs",
    "fuse.ceph",
    "fuse.curlftpfs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.google-drive-ocamlfuse",
    "fuse.gvfsd-fuse",
    "fuse.juicefs",
    "fuse.onedriver",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "vmhgfs",
    "webdav",
];

/// File systems of programs that work on a disk of this machine.
const LOCAL_FUSE: [&str; 10] = [
    "fuse.bindfs",
    "fuse.cryfs",
    "fuse.encfs",
    "fuse.exfat",
    "fuse.fuse-overlayfs",
    "fuse.gocryptfs",
    "fuse.mergerfs",
    "fuse.ntfs-3g",
    "fuse.securefs",
    "fuse.veracrypt",
];

/// How the folders of services begin, in lower case, and the services.
const SYNCED: [(&str, &str); 13] = [
    ("cloudstorage", "macOS CloudStorage"),
    ("dropbox", "Dropbox"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud", "iCloud"),
    ("megasync", "MEGA"),
    ("mobile documents", "iCloud"),
    ("my drive", "Google Drive"),
    ("nextcloud", "Nextcloud"),
    ("onedrive", "OneDrive"),
    ("owncloud", "ownCloud"),
    ("pcloud", "pCloud"),
    ("マイドライブ", "Google Drive"),
];

/// What services leave in a folder that they copy.
const MARKERS: [(&str, &str); 7] = [
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".stfolder", "Syncthing"),
    (".stignore", "Syncthing"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
];

/// `$XDG_DATA_HOME/bansou`, or `~/.local/share/bansou`.
pub fn default_home() -> Option<PathBuf> {
    let xdg = std::env::var_os("XDG_DATA_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = xdg.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".local/share")))?;
    Some(base.join("bansou"))
}

/// `$XDG_CONFIG_HOME/bansou/config.toml`, or `~/.config/bansou/config.toml`.
pub fn config_file() -> Option<PathBuf> {
    let xdg = std::env::var_os("XDG_CONFIG_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = xdg.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".config")))?;
    Some(base.join("bansou/config.toml"))
}

/// Nobody writes so many bytes of settings.
const LONGEST_CONFIG: u64 = 64 << 10;

/// The person's settings; those of the program where there is no file, or none that can be read.
pub fn settings() -> Settings {
    let Some(file) = config_file() else { return Settings::default() };
    let mut text = String::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(LONGEST_CONFIG + 1).read_to_string(&mut text));
    match read {
        Ok(_) if text.len() as u64 > LONGEST_CONFIG => Settings::unreadable(format!("> {LONGEST_CONFIG} bytes")),
        Ok(_) => Settings::read(&text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Settings::default(),
        Err(e) => Settings::unreadable(e.kind().to_string()),
    }
}

/// Writes settings by which the screens are told as lines; gives the file. Settings that are there already are a person's
/// own, and are left as they are.
pub fn set_reader() -> Result<String, String> {
    use std::io::Write as _;
    let Some(file) = config_file() else { return Err("~/.config/bansou/config.toml".into()) };
    let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = made
        .and_then(|()| std::fs::File::create_new(&file))
        .and_then(|mut new| new.write_all(b"[ui]\nreader = true\n"));
    let shown = file.display().to_string();
    if written.is_ok() { Ok(shown) } else { Err(shown) }
}

/// Makes a folder that only its owner may enter; one that exists already is left as it is.
pub fn private_folder(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|e| Failure::file(path, &e))
}

/// True where a home can be made: there is none, and nothing is left of one.
pub fn is_free(home: &Path) -> bool {
    !Vault::exists(home) && !home.join("vault.db").exists()
}

/// A clear refusal when there is no home yet.
pub fn must_exist(home: &Path) -> Result<(), Failure> {
    if Vault::exists(home) {
        return Ok(());
    }
    Err(Failure::NoHome { path: home.display().to_string() })
}

/// Refuses a home on a network file system: a second machine could write to the store at the same time.
pub fn must_be_local(home: &Path) -> Result<(), Failure> {
    match look(home).network {
        Some(kind) => Err(Failure::Place {
            code: "E-PLACE-NETWORK",
            ja: format!(
                "保管庫がネットワークのファイルシステム({kind})にあります。この機械のディスクへ移してから開いてください。"
            ),
            en: format!(
                "The home lies on a network file system ({kind}). Move it to a disk of this machine and open it there."
            ),
        }),
        None => Ok(()),
    }
}

/// Refuses a new home in a folder that a service copies elsewhere.
pub fn must_not_be_synced(home: &Path) -> Result<(), Failure> {
    match look(home).synced {
        Some(service) => Err(Failure::Place {
            code: "E-PLACE-SYNCED",
            ja: format!(
                "この場所は{service}が同期するフォルダーです。別の場所を --home で指定してください。承知のうえなら --here-anyway を付けます。"
            ),
            en: format!(
                "{service} copies this folder elsewhere. Name another place with --home; if you want it here knowingly, add --here-anyway."
            ),
        }),
        None => Ok(()),
    }
}

/// What kind of place a folder is, or would be.
pub fn look(folder: &Path) -> Place {
    let Some(real) = nearest(folder) else { return Place::default() };
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let kind = file_system(&mounts, &real);
    let network = kind.filter(|k| NETWORK.contains(k)).map(str::to_owned);
    let unclear = kind.filter(|k| is_unclear(k)).map(str::to_owned);
    // What does not exist yet has no marker, but its name counts.
    let synced = by_name(folder).or_else(|| by_name(&real)).or_else(|| by_marker(&real)).map(str::to_owned);
    Place { network, unclear, synced }
}

/// The nearest folder above that exists, without links.
fn nearest(folder: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(folder).ok()?;
    whole.ancestors().find_map(|above| above.canonicalize().ok())
}

fn is_unclear(kind: &str) -> bool {
    let foreign = kind == "fuse" || kind == "virtiofs" || kind.starts_with("fuse.");
    foreign && !NETWORK.contains(&kind) && !LOCAL_FUSE.contains(&kind)
}

/// The type of the file system at `path`, by the kernel's list of mounts: the longest mount point, the newest of equals.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((mount, source)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (mount.split(' ').nth(4), source.split(' ').next()) else { continue };
        let point = PathBuf::from(unescape(point));
        let length = point.components().count();
        if path.starts_with(&point) && best.is_none_or(|(longest, _)| length >= longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// Spaces and such stand in the list as `\040`.
fn unescape(point: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(point.to_owned(), |text, (code, plain)| text.replace(code, plain))
}

fn by_name(path: &Path) -> Option<&'static str> {
    path.components().find_map(|part| {
        let part = part.as_os_str().to_string_lossy().to_lowercase();
        SYNCED.iter().find(|(begins, _)| part.starts_with(begins)).map(|(_, service)| *service)
    })
}

fn by_marker(path: &Path) -> Option<&'static str> {
    let has = |folder: &Path| MARKERS.iter().find(|(marker, _)| folder.join(marker).exists());
    path.ancestors().find_map(has).map(|(_, service)| *service)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    const MOUNTS: &str = "\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:40 / /srv rw shared:3 - autofs systemd-1 rw
31 27 0:41 / /srv rw shared:4 - nfs4 server:/srv rw
32 27 0:42 / /srv/disk rw - ext4 /dev/sdb1 rw
33 27 0:43 / /mnt/two\\040words rw - cifs //server/share rw
34 27 0:44 / /mnt/far rw - fuse.sshfs me@far: rw
35 27 0:45 / /mnt/vault rw - fuse.gocryptfs /x rw
36 27 0:46 / /mnt/some rw - fuse.portal-of-somebody x rw
37 27 0:47 / /c rw - 9p drvfs rw
";

    #[test]
    fn the_file_system_of_a_path_is_the_one_mounted_nearest_above() {
        for (path, kind, network, unclear) in [
            ("/home/me", "ext4", false, false),
            ("/srv/home", "nfs4", true, false),
            ("/srvother", "ext4", false, false),
            ("/srv/disk/home", "ext4", false, false),
            ("/mnt/two words/home", "cifs", true, false),
            ("/mnt/far", "fuse.sshfs", true, false),
            ("/mnt/vault/home", "fuse.gocryptfs", false, false),
            ("/mnt/some", "fuse.portal-of-somebody", false, true),
            ("/c/Users/me", "9p", true, false),
        ] {
            let found = file_system(MOUNTS, Path::new(path)).unwrap();
            assert_eq!(found, kind, "{path}");
            assert_eq!((NETWORK.contains(&found), is_unclear(found)), (network, unclear), "{path}");
        }
        assert_eq!(file_system("", Path::new("/home")), None);
    }

    #[test]
    fn synced_folders_are_known_by_their_names_and_by_what_services_leave_there() {
        for (path, service) in [
            ("/home/me/Dropbox/bansou", Some("Dropbox")),
            ("/home/me/Dropbox (個人)/bansou", Some("Dropbox")),
            ("/home/me/OneDrive - Firm/x", Some("OneDrive")),
            ("/Users/me/Library/Mobile Documents/com~apple~CloudDocs/b", Some("iCloud")),
            ("/Users/me/Library/CloudStorage/x", Some("macOS CloudStorage")),
            ("/home/me/nextcloud/b", Some("Nextcloud")),
            ("/home/me/Google Drive/b", Some("Google Drive")),
            ("/home/me/マイドライブ/b", Some("Google Drive")),
            ("/home/me/.dropbox/b", None),
            ("/home/me/documents/b", None),
        ] {
            assert_eq!(look(Path::new(path)).synced.as_deref(), service, "{path}");
        }
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("a/b/home");
        assert_eq!(look(&home), Place::default());
        std::fs::create_dir_all(dir.path().join("a/.stfolder")).unwrap();
        assert_eq!(look(&home).synced.as_deref(), Some("Syncthing"));
        assert!(must_not_be_synced(&home).is_err() && must_be_local(&home).is_ok());
    }
}
