//! The expert's side of enrolment: answering an invitation, taking the certificate in, and what it then allows.

use std::path::{Path, PathBuf};

use bansou_core::command::Command;
use bansou_core::record::v1::Enrolment;
use bansou_core::refusal::Refusal;
use bansou_core::wire::v1::enrolment::{
    Audience, Pack, Request, check_certificate, check_invitation, check_pack, check_recipients, key_of,
};
use bansou_core::wire::v1::envelope::{Context, Signed, fingerprint, to_json};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::failure::Failure;
use super::home::Home;
use super::papers;
use super::seal;

/// What an enrolled home may do, read and verified from its records.
pub struct Enrolled {
    pub audience: Audience,
    pub server: String,
    root: [u8; 32],
}

impl Enrolled {
    /// Refuses when the home is not enrolled, or when its certificate or recipients file is not the root's.
    pub fn of(home: &Home) -> Result<Self, Failure> {
        let enrolment = home.books.enrolment.as_ref().filter(|e| !e.certificate.is_empty());
        let enrolment = enrolment.ok_or(Refusal::NotEnrolled)?;
        let root = key_of(&enrolment.root_key)?;
        let audience = check_recipients(&Signed::from_json(&enrolment.recipients)?, &root, None)?;
        let certificate = Signed::from_json(&enrolment.certificate)?;
        check_certificate(&certificate, &root, &audience.recipients().programme, home.now().date())?;
        if audience.recipients().practice != home.profile()?.practice {
            return Err(Refusal::PracticeMixed.into());
        }
        Ok(Self { audience, server: enrolment.server.clone(), root })
    }

    /// The pinned key that signs receipts.
    pub fn receipt_key(&self) -> Result<[u8; 32], Failure> {
        Ok(key_of(&self.audience.recipients().receipt_key)?)
    }

    /// The key that signs the secretariat's answers.
    pub fn staff_key(&self) -> [u8; 32] {
        self.root
    }
}

/// Reads a signed envelope from a file.
fn signed_file(file: &Path) -> Result<Signed, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| Failure::file(file, &e))?;
    Ok(Signed::from_json(&text)?)
}

/// Answers an invitation: a request that only the secretariat can open. The invitation's root key is remembered, so
/// that only its pack is accepted later; gives its fingerprint to compare.
pub fn request(home: &mut Home, invitation: &Path, out: &Path) -> Result<(), Failure> {
    let signed = signed_file(invitation)?;
    let (body, audience) = check_invitation(&signed)?;
    let profile = home.profile()?;
    if body.practice != profile.practice {
        return Err(Refusal::PracticeMixed.into());
    }
    let public = home.keys.public();
    let request = Request {
        v: 1,
        token: body.token.clone(),
        signing_key: STANDARD.encode(public.signing),
        age_recipient: public.age,
        name: profile.name.clone(),
        kana: profile.kana.clone(),
        riss_number: profile.registration.clone(),
        pattern: profile.pattern,
        prefecture: profile.prefecture,
    };
    let signed_request = seal::sign(&home.keys.signing, Context::Enrolment, to_json(&request));
    let sealed = seal::seal_text(&signed_request, &audience.recipients().age)?;
    papers::write_file(out, &sealed)?;
    remember(home, body.root_key, String::new(), &body.recipients, body.server)
}

/// What is compared by voice: the fingerprint of the key that signs.
pub fn own_fingerprint(home: &Home) -> String {
    fingerprint(&home.keys.public().signing)
}

/// The same, written beside the invitation; gives the place.
pub fn answer(home: &mut Home, invitation: &Path) -> Result<PathBuf, Failure> {
    let out = invitation.with_file_name("bansou-request.age");
    request(home, invitation, &out).map(|()| out)
}

fn remember(
    home: &mut Home,
    root_key: String,
    certificate: String,
    recipients: &Signed,
    server: String,
) -> Result<(), Failure> {
    let recipients = recipients.to_json();
    let (published, open_tokens) = (Vec::new(), Vec::new());
    let enrolment = Enrolment { root_key, certificate, recipients, server, published, open_tokens };
    home.apply(Command::Enrol(Box::new(enrolment))).map(drop)
}

/// Takes the secretariat's pack in; gives the expert number.
pub fn accept(home: &mut Home, pack: &Path) -> Result<String, Failure> {
    let text = std::fs::read(pack).map_err(|e| Failure::file(pack, &e))?;
    let pack: Pack = serde_json::from_slice(&text).map_err(|_| seal::SealError::NotABundle)?;
    let asked = home.books.enrolment.clone().ok_or(Refusal::NotEnrolled)?;
    let root = key_of(&asked.root_key)?;
    let held = check_recipients(&Signed::from_json(&asked.recipients)?, &root, None)?;
    let public = home.keys.public();
    let today = home.now().date();
    let (certificate, _) = check_pack(&pack, &root, &held, (&public.signing, &public.age), today)?;
    remember(home, asked.root_key, pack.certificate.to_json(), &pack.recipients, pack.server)?;
    Ok(certificate.expert_id)
}
