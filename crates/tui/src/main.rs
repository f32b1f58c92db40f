//! The program bansou: hands the arguments to the command line and exits with its code.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Whatever is given back is overwritten first: the net under all that wipes itself.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    bansou::shell::memory::harden();
    ExitCode::from(bansou::cli::main())
}
