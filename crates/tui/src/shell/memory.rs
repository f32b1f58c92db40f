//! What stays in memory and what may leave it: no core dumps, no onlookers, keys on locked pages, stacks overwritten.

use std::alloc::{Layout, handle_alloc_error};
use std::fmt;
use std::hint::black_box;
use std::io::Write as _;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use bansou_core::text::Lang;
use memmap2::MmapMut;
use rustix::io;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use zeroize::Zeroize as _;

/// Bytes of one key.
const KEY: usize = 32;
/// Bytes of stack that one call of `wipe_stack` overwrites; threads that see secrets have more.
const STACK: usize = 1 << 20;

/// How well this process keeps its memory to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// A crash leaves no image of the memory on the disk.
    pub core_dumps_off: bool,
    /// Other programs of the same user cannot read the memory.
    pub undumpable: bool,
    /// Pages of keys stay out of the swap space.
    pub keys_locked: bool,
}

/// Closes the process to core dumps and onlookers. Call first; what the system refuses shows in `facts`.
pub fn harden() {
    let _ = no_core_dumps();
    let _ = onlookers::shut_out();
}

/// What the system has granted.
pub fn facts() -> Facts {
    Facts {
        core_dumps_off: getrlimit(Resource::Core).current == Some(0),
        undumpable: onlookers::are_shut_out(),
        keys_locked: can_lock(),
    }
}

/// Says on the standard error, before any work, that keys cannot be kept out of the swap space.
pub fn warn(lang: Lang) {
    if !can_lock() {
        let line = match lang {
            Lang::Ja => {
                "鍵をメモリーに固定できません。スワップに書かれることがあります。ulimit -l を 64 以上にしてください。"
            }
            Lang::En => "Keys cannot be locked in memory and may reach the swap space. Set `ulimit -l` to 64 or more.",
        };
        let _ = writeln!(std::io::stderr(), "{line} [W-MEMORY]");
    }
}

/// Whether pages can be locked, tried once.
fn can_lock() -> bool {
    static TRIED: OnceLock<bool> = OnceLock::new();
    *TRIED.get_or_init(|| MmapMut::map_anon(KEY).is_ok_and(|page| page.lock().is_ok()))
}

/// A key of 32 bytes on a page of its own, locked and left out of core dumps where the system allows; wiped when dropped.
pub struct Key(MmapMut);

impl Key {
    /// A key of zeros, to be filled in place.
    pub fn zeroed() -> Self {
        let page = MmapMut::map_anon(KEY).unwrap_or_else(|_| handle_alloc_error(Layout::new::<[u8; KEY]>()));
        // A refusal is told by `facts`; the key is needed in any case.
        let _ = page.lock();
        #[cfg(target_os = "linux")]
        let _ = page.advise(memmap2::Advice::DontDump);
        Self(page)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Deref for Key {
    type Target = [u8; KEY];

    fn deref(&self) -> &[u8; KEY] {
        self.0.first_chunk().expect("the page is longer than a key")
    }
}

impl DerefMut for Key {
    fn deref_mut(&mut self) -> &mut [u8; KEY] {
        self.0.first_chunk_mut().expect("the page is longer than a key")
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Overwrites what calls that have returned left on this thread's stack.
#[inline(never)]
pub fn wipe_stack() {
    black_box(&mut [0u8; STACK]);
}

fn no_core_dumps() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
}

#[cfg(target_os = "linux")]
mod onlookers {
    use rustix::io;
    use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};

    pub(super) fn shut_out() -> io::Result<()> {
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
    }

    pub(super) fn are_shut_out() -> bool {
        dumpable_behavior().is_ok_and(|b| b == DumpableBehavior::NotDumpable)
    }
}

#[cfg(not(target_os = "linux"))]
mod onlookers {
    use rustix::io;

    pub(super) fn shut_out() -> io::Result<()> {
        Err(io::Errno::NOSYS)
    }

    pub(super) fn are_shut_out() -> bool {
        false
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_filled_and_read_in_place() {
        let mut key = Key::zeroed();
        assert_eq!(*key, [0; 32]);
        key.copy_from_slice(&[7; 32]);
        assert_eq!(key.as_slice(), [7; 32]);
    }
}
