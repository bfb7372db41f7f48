//! Pictures that people send: judged by their content, drawn anew so that nothing but the picture is kept (C-43).

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};
use std::io::Cursor;

/// Largest file taken, in bytes.
pub const BYTES_MAX: usize = 5 * 1024 * 1024;
/// Longest side taken, in pixels.
const SIDE_MAX: u32 = 8_000;
/// Most pixels taken.
const PIXELS_MAX: u64 = 24_000_000;
/// Longest side kept.
const KEPT: u32 = 1_600;
const QUALITY: u8 = 82;

/// Why a picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than are taken.
    Large,
    /// No JPEG, PNG or WebP, whatever its name says, or a damaged one.
    Kind,
    /// More pixels than are taken; nothing of it was unpacked.
    Pixels,
}

impl Fault {
    /// As the address says it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Kind => "kind",
            Self::Pixels => "pixels",
        }
    }
}

/// The picture as a JPEG without anything around it: no place, no device, no text. Turned as it was meant to be seen.
///
/// # Errors
/// See [`Fault`].
pub fn redrawn(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    if bytes.len() > BYTES_MAX {
        return Err(Fault::Large);
    }
    let format = image::guess_format(bytes).map_err(|_| Fault::Kind)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(Fault::Kind);
    }
    // The size stands at the beginning of the file: what is too large is never unpacked.
    let (width, height) =
        ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(|_| Fault::Kind)?;
    if width.max(height) > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(Fault::Pixels);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(256 * 1024 * 1024);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Fault::Kind)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Fault::Kind)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > KEPT {
        picture = picture.thumbnail(KEPT, KEPT);
    }
    let mut out = Vec::new();
    let rgb = picture.to_rgb8();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&rgb).map_err(|_| Fault::Kind)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    fn drawn(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture =
            RgbImage::from_fn(width, height, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        let mut out = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    #[test]
    fn the_three_kinds_become_jpegs_that_fit() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let out = redrawn(&drawn(format, 2_000, 1_000)).unwrap();
            assert_eq!(image::guess_format(&out).unwrap(), ImageFormat::Jpeg);
            let kept = image::load_from_memory(&out).unwrap();
            assert_eq!((kept.width(), kept.height()), (1_600, 800));
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_whatever_it_says() {
        assert_eq!(redrawn(b"just a text, called photo.png"), Err(Fault::Kind));
        assert_eq!(redrawn(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), Err(Fault::Kind));
        assert_eq!(redrawn(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), Err(Fault::Kind));
        assert_eq!(redrawn(&drawn(ImageFormat::Png, 40, 40)[..60]), Err(Fault::Kind), "cut off");
        assert_eq!(redrawn(&vec![0; BYTES_MAX + 1]), Err(Fault::Large));
    }

    /// The checksum of a PNG's part.
    fn checksum(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            })
        })
    }

    #[test]
    fn a_bomb_is_refused_by_its_size() {
        let mut file = drawn(ImageFormat::Png, 10, 10);
        // Signature, length and name of the first part, then width and height, and its checksum after 13 bytes.
        file[16..20].copy_from_slice(&30_000u32.to_be_bytes());
        file[20..24].copy_from_slice(&30_000u32.to_be_bytes());
        let sum = checksum(&file[12..29]);
        file[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(redrawn(&file), Err(Fault::Pixels));
    }

    #[test]
    fn the_place_is_gone() {
        let plain = drawn(ImageFormat::Jpeg, 60, 40);
        let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0GPSLatitude 31.2304 canary";
        let mut file = plain[..2].to_vec();
        file.extend([0xff, 0xe1]);
        file.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        file.extend(exif);
        file.extend(&plain[2..]);
        let has = |bytes: &[u8]| bytes.windows(6).any(|part| part == b"canary");
        assert!(has(&file));
        let out = redrawn(&file).unwrap();
        assert!(!has(&out) && !out.windows(4).any(|part| part == b"Exif"));
    }
}
