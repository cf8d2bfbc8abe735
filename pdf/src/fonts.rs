//! The letters: Source Sans 3 for text, DejaVu Sans Mono for fingerprints and as the fallback.
//! Fonts are part of the program; none is ever looked for on the machine.

use typst::foundations::Bytes;
use typst::text::Font;

/// SIL Open Font Licence 1.1, see `fonts/SourceSans3-LICENSE.md`.
const TEXT: [&[u8]; 2] =
    [include_bytes!("../fonts/SourceSans3-Regular.ttf"), include_bytes!("../fonts/SourceSans3-Semibold.ttf")];

/// From Typst's own collection (free licences, see its NOTICE): the mono face that fingerprints are set
/// in, which also knows many scripts that the text face does not.
const FROM_TYPST: [&str; 2] = ["DejaVuSansMono", "DejaVuSansMono-Bold"];

/// All faces, the text face first.
pub fn all() -> Vec<Font> {
    let own = TEXT.into_iter().filter_map(|data| Font::new(Bytes::new(data), 0));
    let typsts = typst_assets::fonts()
        .filter(|data| data.starts_with(&[0, 1, 0, 0]))
        .filter_map(|data| Font::new(Bytes::new(data), 0))
        .filter(|font| font.post_script_name().is_some_and(|name| FROM_TYPST.contains(&name.as_str())));
    own.chain(typsts).collect()
}

/// The files of the same faces, for pictures.
pub fn files() -> impl Iterator<Item = Vec<u8>> {
    all().into_iter().map(|font| font.data().to_vec())
}

/// Which characters some face can show.
pub struct Shown(Vec<typst::text::Coverage>);

impl Shown {
    pub fn by(fonts: &[Font]) -> Self {
        Self(fonts.iter().map(|font| font.info().coverage.clone()).collect())
    }

    pub fn has(&self, c: char) -> bool {
        self.0.iter().any(|coverage| coverage.contains(u32::from(c)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_faces_are_there_and_show_european_letters() {
        let fonts = all();
        assert_eq!(fonts.len(), 4, "{:?}", fonts.iter().map(|f| f.info().family.clone()).collect::<Vec<_>>());
        let shown = Shown::by(&fonts);
        for c in "Łódź Ŵŷ Ελλάδα Київ £€ – “quoted” ≥ ½ ⅔".chars() {
            assert!(shown.has(c), "{c}");
        }
        assert!(!shown.has('🐟'));
    }
}
