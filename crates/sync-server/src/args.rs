//! The command line of the server, shared with the practice server that `bansou demo` starts.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::Config;

/// Bundles one key may store when nothing else is said.
pub const QUOTA_BUNDLES: u64 = 500;
/// Bytes one key may store when nothing else is said.
pub const QUOTA_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Tickets and signed requests per key and minute when nothing else is said.
pub const PER_MINUTE: u32 = 600;

/// Stores sealed report bundles it cannot read, and gives receipts.
#[derive(Debug, clap::Parser)]
#[command(name = "bansou-server", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: Option<ServeArgs>,
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Hashes every stored bundle again and verifies the chain of receipts; exit code 9 on damage.
    Check(CheckArgs),
}

#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Folder of the server.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

#[derive(Debug, Clone, clap::Args)]
pub struct ServeArgs {
    /// Folder of the server; created at the first start.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port; port 0 takes a free one and prints it.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8686")]
    pub listen: SocketAddr,
    /// Root key of the secretariat (base64), from `bansou secretariat init`; needed at the first start.
    #[arg(long, value_name = "KEY")]
    pub secretariat: Option<String>,
    /// A proxy in front of this server speaks TLS; allows an address other than loopback.
    #[arg(long)]
    pub behind_tls_proxy: bool,
    /// Bundles one key may store.
    #[arg(long, value_name = "N", default_value_t = QUOTA_BUNDLES)]
    pub quota_bundles: u64,
    /// Bytes one key may store.
    #[arg(long, value_name = "BYTES", default_value_t = QUOTA_BYTES)]
    pub quota_bytes: u64,
    /// Tickets and signed requests one key may send in a minute.
    #[arg(long, value_name = "N", default_value_t = PER_MINUTE)]
    pub per_minute: u32,
}

impl From<ServeArgs> for Config {
    fn from(args: ServeArgs) -> Self {
        Self {
            secretariat: args.secretariat,
            behind_tls_proxy: args.behind_tls_proxy,
            quota_bundles: args.quota_bundles,
            quota_bytes: args.quota_bytes,
            per_minute: args.per_minute,
            ..Self::new(args.data, args.listen)
        }
    }
}
