//! The built-in typefaces: known by name at once, unpacked when a document first needs one.

use std::sync::OnceLock;

use ruzstd::decoding::FrameDecoder;
use typst::foundations::Bytes;
use typst::text::{Coverage, Font, FontBook, FontFlags, FontInfo, FontStretch, FontStyle, FontVariant, FontWeight};

/// One packed face and what the typesetter may know of it before it is unpacked.
struct Face {
    family: &'static str,
    weight: FontWeight,
    serif: bool,
    /// Bytes once unpacked.
    size: usize,
    packed: &'static [u8],
}

macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../templates/documents/fonts/", $name, ".zst"))
    };
}

const FACES: [Face; 4] = [
    Face {
        family: "BIZ UDPGothic",
        weight: FontWeight::REGULAR,
        serif: false,
        size: 3_666_532,
        packed: packed!("BIZUDPGothic-Regular.ttf"),
    },
    Face {
        family: "BIZ UDPGothic",
        weight: FontWeight::BOLD,
        serif: false,
        size: 3_651_312,
        packed: packed!("BIZUDPGothic-Bold.ttf"),
    },
    Face {
        family: "BIZ UDPMincho",
        weight: FontWeight::REGULAR,
        serif: true,
        size: 5_150_420,
        packed: packed!("BIZUDPMincho-Regular.ttf"),
    },
    Face {
        family: "Noto Sans CJK JP",
        weight: FontWeight::REGULAR,
        serif: false,
        size: 989_200,
        packed: packed!("NotoSansCJKjp-Supplement.otf"),
    },
];

/// How many of the first faces nearly every document uses; the rest wait for a character that needs them.
const COMMON: usize = 3;

/// The faces, each unpacked at most once.
pub(super) struct Case([OnceLock<Option<Font>>; FACES.len()]);

impl Case {
    pub(super) fn new() -> Self {
        Self(std::array::from_fn(|_| OnceLock::new()))
    }

    /// Unpacks, side by side, the faces nearly every document uses; at once when that is done already.
    pub(super) fn warm(&self) {
        std::thread::scope(|scope| {
            for index in (0..COMMON).filter(|index| self.0[*index].get().is_none()) {
                scope.spawn(move || self.font(index));
            }
        });
    }

    pub(super) fn font(&self, index: usize) -> Option<Font> {
        self.0.get(index)?.get_or_init(|| unpack(&FACES[index])).clone()
    }

    /// Whether any face can print this character.
    pub(super) fn prints(&self, character: char) -> bool {
        (0..FACES.len())
            .filter_map(|index| self.font(index))
            .any(|font| font.info().coverage.contains(u32::from(character)))
    }
}

/// What the typesetter chooses from. Coverage stays empty: templates name their families, nothing is guessed by coverage.
pub(super) fn book() -> FontBook {
    FontBook::from_infos(FACES.iter().map(|face| FontInfo {
        family: face.family.to_owned(),
        variant: FontVariant::new(FontStyle::Normal, face.weight, FontStretch::NORMAL),
        flags: if face.serif { FontFlags::SERIF } else { FontFlags::empty() },
        axes: Vec::new(),
        coverage: Coverage::from_vec(Vec::new()),
    }))
}

fn unpack(face: &Face) -> Option<Font> {
    let mut bytes = Vec::with_capacity(face.size);
    FrameDecoder::new().decode_all_to_vec(face.packed, &mut bytes).ok()?;
    Font::new(Bytes::new(bytes), 0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]
mod tests {
    use super::*;

    #[test]
    fn every_face_unpacks_and_is_what_the_list_says() {
        let (case, book) = (Case::new(), book());
        for (index, face) in FACES.iter().enumerate() {
            let begin = std::time::Instant::now();
            let font = case.font(index).unwrap_or_else(|| panic!("{} does not unpack", face.family));
            let (told, real) = (book.info(index).unwrap(), font.info());
            assert_eq!((&told.family, told.variant, told.flags), (&real.family, real.variant, real.flags));
            eprintln!("{} {:?}: unpacked in {:?}", face.family, face.weight, begin.elapsed());
            assert_eq!(font.data().len(), face.size);
        }
        assert!(case.font(FACES.len()).is_none());
    }

    #[test]
    fn rare_name_kanji_are_covered() {
        let case = Case::new();
        assert_eq!("①㈱髙﨑𠮷𣘺〜〒".chars().find(|c| !case.prints(*c)), None);
        assert!(!case.prints('😀'));
    }
}
