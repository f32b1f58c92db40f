//! Why the server does not start or a check cannot run, with what to do next.

use std::net::SocketAddr;

/// A failure outside a request.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error(
        "no secretariat is known here. Run `bansou secretariat init` on the secretariat's machine; it prints the root \
         key. Then start with --secretariat KEY. / 事務局の鍵がありません。事務局で `bansou secretariat init` を実行し、\
         表示された鍵を --secretariat で渡してください。"
    )]
    NoSecretariat,
    #[error("the value of --secretariat is not an Ed25519 key in base64 (44 characters). Copy it again.")]
    BadSecretariat,
    #[error(
        "this folder belongs to another secretariat. Leave out --secretariat, or use another --data folder; the root \
         key is changed only by hand, in the file secretariat.pub."
    )]
    OtherSecretariat,
    #[error(
        "{0} is not a loopback address, and this server does not speak TLS itself. Put a TLS proxy in front and add \
         --behind-tls-proxy, or listen on 127.0.0.1. / TLS 終端なしでは外部に公開できません。"
    )]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {0}: {1}. Choose another --listen address.")]
    Listen(SocketAddr, std::io::Error),
    #[error("another server is using this data folder. Stop it first.")]
    Locked,
    #[error("the file {0} is damaged. Restore it from the backup.")]
    Damaged(&'static str),
    #[error("{0} failed: {1}")]
    Io(&'static str, std::io::Error),
    #[error("the store cannot be read or written: {0}")]
    Store(#[from] crate::store::StoreError),
}

impl ServerError {
    /// Exit code of the program.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoSecretariat | Self::BadSecretariat | Self::OtherSecretariat | Self::NotLoopback(_) => 3,
            Self::Listen(..) => 7,
            Self::Locked => 8,
            Self::Damaged(_) => 9,
            Self::Store(e) if e.is_damage() => 9,
            Self::Io(..) | Self::Store(_) => 1,
        }
    }
}
