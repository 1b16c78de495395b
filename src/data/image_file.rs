//! Files of images: JPEG and PNG.
//!
//! Grey, palettes and CMYK become red, green and blue, transparency is left out, and 16 bits become 8.
//! The orientation that a camera noted in EXIF is ignored, as TensorFlow's decoders do, with which the
//! paper's models were trained. Where a JPEG marks its end before its last pixels, those are whatever the
//! decoder makes of nothing, as with libjpeg.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, Limits};
use memchr::memchr;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::shards::MAX_BYTES;

/// What the names of images end with, in small letters.
const EXTENSIONS: [&str; 3] = [".jpg", ".jpeg", ".png"];

/// What no image ends in: noise, from one pixel to the next.
const UNWRITTEN: &[u8; 48] = b"\xb2\x1d\xe9\x04\x7f\xc6\x58\x93\x2a\xf1\x0c\xd5\x66\xa8\x3b\xfe\x47\x90\x19\xe2\x75\x0f\xcb\x34\
    \xad\x52\xf8\x81\x26\xdc\x6b\x13\xbe\x49\xe0\x97\x38\xcd\x02\x7a\xf5\x5c\xa1\x1e\xd9\x64\x8b\x30";

/// The most pixels that an image may have.
const MAX_PIXELS: u64 = 100_000_000;

/// Whether a file is an image, by its name.
pub(super) fn is_image(name: &[u8]) -> bool {
    let dot = name.iter().rposition(|&byte| byte == b'.');
    dot.is_some_and(|dot| is_extension(&name[dot..]))
}

/// Whether this, from the dot on, is what the names of images end with.
pub(super) fn is_extension(extension: &[u8]) -> bool {
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known.as_bytes()))
}

/// Decodes a file to `pixels`, `[height, width, 3]`; the result is height and width.
///
/// # Errors
/// Why the file can't be used.
pub(super) fn decode(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    if file.len() as u64 > MAX_BYTES {
        return Err(format!("it has {} bytes, more than {MAX_BYTES}", file.len()));
    }
    match file {
        [0xff, 0xd8, ..] => decode_jpeg(file, pixels),
        [0x89, b'P', b'N', b'G', ..] => decode_png(file, pixels),
        [] => Err("it is empty".to_owned()),
        _ => {
            let start = &file[..file.len().min(4)];
            Err(format!("it is no JPEG and no PNG: it starts with {start:?}"))
        }
    }
}

fn decode_jpeg(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    let malformed =
        |error: DecodeErrors| format!("it is a malformed JPEG: {}", error.to_string().trim_end());
    // The strict mode refuses what is damaged or ends too early, where otherwise grey is put.
    let options = DecoderOptions::new_fast()
        .set_strict_mode(true)
        .set_max_width(u16::MAX.into())
        .set_max_height(u16::MAX.into())
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(malformed)?;
    let (width, height) = decoder.dimensions().expect("the headers are decoded");
    check_dimensions(width as u64, height as u64)?;
    // Every block of 8x8 pixels has a code of a bit or more.
    if width.div_ceil(8) * height.div_ceil(8) > 8 * file.len() {
        let bytes = file.len();
        let says = format!("its header says {width} x {height} pixels");
        return Err(format!("{says}, more than its {bytes} bytes can hold"));
    }
    // The decoder doesn't miss the end of the last pixels.
    if !marks_its_end(file) {
        return Err("it is a truncated JPEG: nothing marks its end".to_owned());
    }
    // What is not written must not be left from another image. Rows are written one after the other, so
    // that all are where the last pixels are.
    pixels.resize(height * width * 3, 0);
    let last = pixels.len().saturating_sub(UNWRITTEN.len());
    let unwritten = &UNWRITTEN[..pixels.len() - last];
    pixels[last..].copy_from_slice(unwritten);
    decoder.decode_into(pixels).map_err(malformed)?;
    if pixels[last..] == *unwritten {
        return Err("it is a truncated JPEG: its last pixels are missing".to_owned());
    }
    Ok([height, width])
}

/// Whether the marker for the end of the image (EOI) comes among those of a JPEG. Behind it a file may
/// hold anything, as those of telephones hold a film. (ITU-T T.81, B.1.1)
fn marks_its_end(jpeg: &[u8]) -> bool {
    let mut rest = jpeg;
    while let Some(at) = memchr(0xff, rest) {
        rest = &rest[at + 1..];
        let segment = match rest {
            [0xd9, ..] => return true,
            // A byte 0xff of coded data, or a marker without a segment: TEM, RST0 to RST7, SOI.
            [0x00 | 0x01 | 0xd0..=0xd8, ..] => 1,
            // Fill bytes before a marker.
            [0xff, ..] => 0,
            // The length counts its own two bytes. Coded data comes after the segment of a scan (SOS).
            [_, high, low, ..] => 1 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => return false,
        };
        rest = rest.get(segment..).unwrap_or_default();
    }
    false
}

fn decode_png(file: &[u8], pixels: &mut Vec<u8>) -> Result<[usize; 2], String> {
    let malformed = |error| format!("it is a malformed PNG: {error}");
    let file = critical_chunks(file);
    // Behind the signature and the length of the first chunk.
    let Some([b'I', b'H', b'D', b'R', w0, w1, w2, w3, h0, h1, h2, h3]) = file.get(12..24) else {
        return Err("it is a malformed PNG: it doesn't begin with a header".to_owned());
    };
    let (width, height) = ([w0, w1, w2, w3], [h0, h1, h2, h3]);
    let number = |bytes: [&u8; 4]| u32::from_be_bytes(bytes.map(|byte| *byte)).into();
    check_dimensions(number(width), number(height))?;
    let decoder = PngDecoder::with_limits(Cursor::new(file), Limits::no_limits());
    let decoder = decoder.map_err(malformed)?;
    let image = DynamicImage::from_decoder(decoder).map_err(malformed)?.into_rgb8();
    let (width, height) = image.dimensions();
    *pixels = image.into_raw();
    Ok([height as usize, width as usize])
}

/// A PNG without what isn't pixels, such as profiles of colours and texts, which may be compressed and then
/// be of any size. The type of such a chunk begins with a small letter. (PNG specification, 5.4)
fn critical_chunks(png: &[u8]) -> Vec<u8> {
    const SIGNATURE: usize = 8;
    // Length, type and checksum.
    const AROUND: usize = 12;
    let (signature, mut rest) = png.split_at(SIGNATURE.min(png.len()));
    let mut kept = signature.to_vec();
    while let Some((&length, [first, ..])) = rest.split_first_chunk() {
        let end = (u32::from_be_bytes(length) as usize).saturating_add(AROUND).min(rest.len());
        let (chunk, after) = rest.split_at(end);
        if first.is_ascii_uppercase() {
            kept.extend_from_slice(chunk);
        }
        rest = after;
    }
    kept
}

fn check_dimensions(width: u64, height: u64) -> Result<(), String> {
    if width == 0 || height == 0 {
        return Err(format!("its header says {width} x {height} pixels: it has none"));
    }
    if width.saturating_mul(height) > MAX_PIXELS {
        let limit = MAX_PIXELS;
        return Err(format!("its header says {width} x {height} pixels, more than {limit}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_what_stands_after_the_last_dot() {
        let images = ["a.jpg", "a.JPEG", "a.b.png", "jpg.Png"];
        let others = ["jpg", "a.jpg.txt", "a.png~", "ajpg", "a.", "a.webp", ""];
        assert!(images.iter().all(|name| is_image(name.as_bytes())));
        assert!(!others.iter().any(|name| is_image(name.as_bytes())));
    }

    #[test]
    fn of_a_png_only_what_is_pixels_is_decoded() {
        let chunk = |kind: &[u8; 4], data: &[u8]| {
            [&(data.len() as u32).to_be_bytes()[..], kind, data, b"sum "].concat()
        };
        let signature = b"\x89PNG\r\n\x1a\n".to_vec();
        let [header, palette] = [chunk(b"IHDR", &[7; 13]), chunk(b"PLTE", &[1, 2, 3])];
        let [data, end] = [chunk(b"IDAT", &[9; 5]), chunk(b"IEND", b"")];
        let [profile, text] = [chunk(b"iCCP", &[5; 100]), chunk(b"zTXt", b"")];
        let all = [&signature, &header, &profile, &palette, &data, &text, &end];
        let file = all.map(|it| &it[..]).concat();
        let kept = [&signature, &header, &palette, &data, &end].map(|it| &it[..]).concat();
        assert_eq!(critical_chunks(&file), kept);
        // What is cut off is still seen to be.
        let cut = kept.len() - 1;
        assert_eq!(critical_chunks(&kept[..cut]), kept[..cut]);
        for end in 0..file.len() {
            assert!(critical_chunks(&file[..end]).len() <= end);
        }
    }
}
