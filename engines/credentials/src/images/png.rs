//! The `openbadgecredential` text chunk of a PNG image; it must never decompress without a limit.

use std::io::Read;

use flate2::Crc;
use flate2::read::ZlibDecoder;

use crate::{LARGEST_TEXT, Unusable};

pub const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const KEYWORD: &[u8] = b"openbadgecredential";
/// How many chunks an image may have.
const MOST_CHUNKS: usize = 20_000;

pub fn bake(image: &[u8], credential: &str) -> Result<Vec<u8>, Unusable> {
    let mut baked = SIGNATURE.to_vec();
    let mut is_in = false;
    for chunk in chunks(image)? {
        if text_of(&chunk).is_some() {
            continue;
        }
        if !is_in && chunk.kind == b"IDAT" {
            baked.extend(text_chunk(credential)?);
            is_in = true;
        }
        baked.extend_from_slice(chunk.whole);
    }
    if is_in { Ok(baked) } else { Err(damaged("it holds no picture")) }
}

pub fn unbake(image: &[u8]) -> Result<String, Unusable> {
    let mut found = None;
    for chunk in chunks(image)? {
        if let Some(rest) = text_of(&chunk) {
            if found.is_some() {
                return Err(Unusable::new("the image holds two badges, and nothing says which one counts"));
            }
            if checksum(chunk.kind, chunk.data) != chunk.checksum {
                return Err(damaged("the badge in it does not fit its checksum"));
            }
            found = Some(read_text(rest)?);
        }
    }
    found.ok_or_else(|| {
        Unusable::new("the image holds no badge. Programs that shrink or convert pictures take it out: use the file as it was sent")
    })
}

struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
    checksum: u32,
    whole: &'a [u8],
}

fn chunks(image: &[u8]) -> Result<Vec<Chunk<'_>>, Unusable> {
    let mut rest = image.strip_prefix(SIGNATURE).ok_or_else(|| damaged("it does not begin as one"))?;
    let mut chunks = Vec::new();
    loop {
        let cut = || damaged("it ends too early");
        let (length, _) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| cut())?;
        let whole = length.checked_add(12).and_then(|whole| rest.get(..whole)).ok_or_else(cut)?;
        let (kind, data) = (&whole[4..8], &whole[8..8 + length]);
        let checksum = whole.last_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes)).ok_or_else(cut)?;
        if chunks.is_empty() && (kind != b"IHDR" || checksum_differs(kind, data, checksum)) {
            return Err(damaged("its header is wrong"));
        }
        if chunks.len() == MOST_CHUNKS {
            return Err(damaged("it has too many parts"));
        }
        chunks.push(Chunk { kind, data, checksum, whole });
        if kind == b"IEND" {
            return Ok(chunks);
        }
        rest = &rest[whole.len()..];
    }
}

fn checksum_differs(kind: &[u8], data: &[u8], stated: u32) -> bool {
    checksum(kind, data) != stated
}

fn checksum(kind: &[u8], data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    crc.sum()
}

/// What follows the keyword, where the chunk is ours.
fn text_of<'a>(chunk: &Chunk<'a>) -> Option<&'a [u8]> {
    if chunk.kind != b"iTXt" {
        return None;
    }
    chunk.data.strip_prefix(KEYWORD).and_then(|rest| rest.strip_prefix(b"\0"))
}

/// Compression flag and method, language, translated keyword, text.
fn read_text(rest: &[u8]) -> Result<String, Unusable> {
    let wrong = || damaged("the badge in it is not written as one");
    let (flags, rest) = rest.split_first_chunk::<2>().ok_or_else(wrong)?;
    let (_, rest) = split_at_nul(rest).ok_or_else(wrong)?;
    let (_, text) = split_at_nul(rest).ok_or_else(wrong)?;
    let text = match flags {
        [0, _] => text.to_vec(),
        [1, 0] => {
            let mut plain = Vec::new();
            let room = u64::try_from(LARGEST_TEXT).unwrap_or(u64::MAX).saturating_add(1);
            ZlibDecoder::new(text).take(room).read_to_end(&mut plain).map_err(|_| wrong())?;
            plain
        }
        _ => return Err(wrong()),
    };
    if text.len() > LARGEST_TEXT {
        return Err(Unusable(format!("the badge in the image is larger than {LARGEST_TEXT} bytes of text")));
    }
    String::from_utf8(text).map_err(|_| wrong())
}

fn split_at_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..place], &bytes[place + 1..]))
}

fn text_chunk(credential: &str) -> Result<Vec<u8>, Unusable> {
    let mut data = KEYWORD.to_vec();
    // No compression, no language, no translated keyword.
    data.extend_from_slice(&[0, 0, 0, 0, 0]);
    data.extend_from_slice(credential.as_bytes());
    let length = u32::try_from(data.len()).ok().filter(|_| credential.len() <= LARGEST_TEXT);
    let length = length.ok_or_else(|| Unusable::new("the credential is too large to be baked into an image"))?;
    let mut chunk = length.to_be_bytes().to_vec();
    chunk.extend_from_slice(b"iTXt");
    chunk.extend_from_slice(&data);
    chunk.extend_from_slice(&checksum(b"iTXt", &data).to_be_bytes());
    Ok(chunk)
}

fn damaged(how: &str) -> Unusable {
    Unusable(format!("the PNG image is damaged: {how}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let mut whole = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        whole.extend_from_slice(kind);
        whole.extend_from_slice(data);
        whole.extend_from_slice(&checksum(kind, data).to_be_bytes());
        whole
    }

    fn image(extra: &[u8]) -> Vec<u8> {
        let mut pixels = ZlibEncoder::new(Vec::new(), Compression::new(1));
        pixels.write_all(&[0, 255, 255, 255]).unwrap();
        let header = [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0];
        [SIGNATURE, &chunk(b"IHDR", &header), extra, &chunk(b"IDAT", &pixels.finish().unwrap()), &chunk(b"IEND", b"")]
            .concat()
    }

    #[test]
    fn what_is_baked_in_comes_out_and_a_second_baking_replaces_the_first() {
        let once = bake(&image(b""), "a.b.c").unwrap();
        assert_eq!(unbake(&once).as_deref(), Ok("a.b.c"));
        let twice = bake(&once, "{\"d\": \"é\"}").unwrap();
        assert_eq!(unbake(&twice).as_deref(), Ok("{\"d\": \"é\"}"));
        assert_eq!(unbake(&image(b"")).unwrap_err().0.split(". ").next(), Some("the image holds no badge"));
    }

    #[test]
    fn compressed_text_is_read_within_the_limit() {
        let packed = |text: &[u8]| {
            let mut zlib = ZlibEncoder::new(Vec::new(), Compression::new(9));
            zlib.write_all(text).unwrap();
            let data = [KEYWORD, b"\0\x01\0en\0Badge\0", &zlib.finish().unwrap()].concat();
            image(&chunk(b"iTXt", &data))
        };
        assert_eq!(unbake(&packed(b"a.b.c")).as_deref(), Ok("a.b.c"));
        assert!(unbake(&packed(&vec![b'x'; LARGEST_TEXT + 1])).unwrap_err().0.contains("larger than"));
    }

    #[test]
    fn damaged_images_are_refused() {
        let good = bake(&image(b""), "a.b.c").unwrap();
        for end in 0..good.len() {
            assert!(unbake(&good[..end]).is_err(), "cut at {end}");
        }
        let place = good.windows(5).position(|part| part == b"a.b.c").unwrap();
        let mut changed = good.clone();
        changed[place] = b'x';
        assert!(unbake(&changed).unwrap_err().0.contains("checksum"));
        let twice = image(&[text_chunk("a").unwrap(), text_chunk("b").unwrap()].concat());
        assert!(unbake(&twice).unwrap_err().0.contains("two badges"));
    }
}
