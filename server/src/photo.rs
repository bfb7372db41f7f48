//! Pictures that people send (C-43): the kind is told by content, never by name; what is kept is drawn anew from the
//! pixels, so that place, device and everything else the file carried is gone; names are random; nothing lies where
//! files are served from.

use domain::{
    FieldCode,
    photo::{PHOTO_BYTES_MAX as BYTES_MAX, PHOTO_SIDE_MAX as SIDE_MAX},
};
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use std::{
    fs, io,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};
use tokio::sync::Semaphore;

/// Pixels of a picture as it is sent, at most: a small file can unpack to a huge one.
const PIXELS_MAX: u64 = 50_000_000;
const QUALITY: u8 = 85;
/// Memory that unpacking one picture may take.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;

/// Pictures unpacked at the same time: each takes a processor and much memory.
static UNPACKING: Semaphore = Semaphore::const_new(2);

/// A picture as it is kept: JPEG without any metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Photo {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Draws a picture anew, upright and no larger than needed.
///
/// # Errors
/// `Required` when there is nothing, `Heavy` for too many bytes or pixels, `Heic`, and `Picture` for what is none.
pub async fn clean(sent: impl AsRef<[u8]> + Send + 'static) -> Result<Photo, FieldCode> {
    let turn = UNPACKING.acquire().await.map_err(|_| FieldCode::Picture)?;
    let drawn = tokio::task::spawn_blocking(move || draw(sent.as_ref())).await;
    drop(turn);
    // A decoder that fell over did so because of this picture.
    drawn.unwrap_or(Err(FieldCode::Picture))
}

fn draw(sent: &[u8]) -> Result<Photo, FieldCode> {
    let broken = |_| FieldCode::Picture;
    let kind = kind(sent)?;
    let mut reader = ImageReader::with_format(Cursor::new(sent), kind);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(FieldCode::Heavy);
    }
    let turned = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if width.max(height) > SIDE_MAX {
        picture = picture.resize(SIDE_MAX, SIDE_MAX, FilterType::CatmullRom);
    }
    picture.apply_orientation(turned);
    let picture = on_white(picture);
    let (width, height) = picture.dimensions();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .map_err(broken)?;
    Ok(Photo { jpeg, width, height })
}

/// By the first bytes.
fn kind(sent: &[u8]) -> Result<ImageFormat, FieldCode> {
    if sent.is_empty() {
        return Err(FieldCode::Required);
    }
    if sent.len() > BYTES_MAX {
        return Err(FieldCode::Heavy);
    }
    match sent {
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(ImageFormat::WebP),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..]
            if [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"]
                .iter()
                .any(|heic| brand.starts_with(*heic)) =>
        {
            Err(FieldCode::Heic)
        }
        _ => Err(FieldCode::Picture),
    }
}

/// JPEG knows no transparency.
fn on_white(picture: DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    image::RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |c: u8| {
            let mixed = u16::from(c) * u16::from(alpha) + 255 * u16::from(255 - alpha);
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

/// The folder the pictures are kept in; nothing of it is served but by those who ask whether one may see it.
#[derive(Clone, Debug)]
pub struct Photos(PathBuf);

impl Photos {
    /// Photos of the record: `photos` in the data folder; made with the first picture.
    #[must_use]
    pub fn of_record(data_dir: &Path) -> Self {
        Self(data_dir.join("photos"))
    }

    /// Pictures of the checklists' steps: `steps` in the data folder, so that no address of theirs leads to a photo.
    #[must_use]
    pub fn of_steps(data_dir: &Path) -> Self {
        Self(data_dir.join("steps"))
    }

    /// Keeps a picture and gives the name by which it is found again: 128 random bits.
    ///
    /// # Errors
    /// The disk's.
    pub async fn put(&self, photo: Photo) -> io::Result<String> {
        let name = format!("{:032x}", rand::random::<u128>());
        let path = self.path(&name)?;
        tokio::task::spawn_blocking(move || write(&path, &photo.jpeg)).await??;
        Ok(name)
    }

    /// # Errors
    /// `NotFound`, and the disk's.
    pub async fn get(&self, name: &str) -> io::Result<Vec<u8>> {
        tokio::fs::read(self.path(name)?).await
    }

    /// Forgets a picture that nothing leads to.
    ///
    /// # Errors
    /// The disk's.
    pub async fn remove(&self, name: &str) -> io::Result<()> {
        tokio::fs::remove_file(self.path(name)?).await
    }

    /// Only names as [`Self::put`] gives them lead anywhere.
    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let ours = name.len() == 32 && name.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match name.get(..2) {
            Some(shelf) if ours => Ok(self.0.join(shelf).join(format!("{name}.jpg"))),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// All of it or nothing, also when the power fails.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = path.with_extension("part");
    let mut file = fs::File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&half, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn sent(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG with an Exif block that says where it was taken, and that it lies on its side.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
        exif.extend([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"GPSLatitude 31.2304 Shanghai");
        let mut out = jpeg[..2].to_vec();
        out.extend([0xff, 0xe1]);
        out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        out.extend(exif);
        out.extend(&jpeg[2..]);
        out
    }

    fn has(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|part| part == text)
    }

    #[rstest]
    #[case(ImageFormat::Jpeg)]
    #[case(ImageFormat::Png)]
    #[case(ImageFormat::WebP)]
    #[tokio::test]
    async fn three_kinds_become_one(#[case] format: ImageFormat) {
        let photo = clean(sent(format, 40, 30)).await.unwrap();
        assert_eq!((photo.width, photo.height), (40, 30));
        assert_eq!(image::guess_format(&photo.jpeg).unwrap(), ImageFormat::Jpeg);
    }

    #[tokio::test]
    async fn place_and_device_are_gone_and_the_picture_stands_upright() {
        let given = with_exif(&sent(ImageFormat::Jpeg, 40, 30));
        assert!(has(&given, b"GPSLatitude"));
        let photo = clean(given).await.unwrap();
        assert_eq!((photo.width, photo.height), (30, 40), "turned as the camera said");
        assert!(!has(&photo.jpeg, b"Exif") && !has(&photo.jpeg, b"GPS"));
    }

    #[tokio::test]
    async fn large_ones_are_made_smaller() {
        let photo = clean(sent(ImageFormat::Jpeg, 2100, 30)).await.unwrap();
        assert_eq!(photo.width, SIDE_MAX);
    }

    #[tokio::test]
    async fn transparency_becomes_white() {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::from(image::RgbaImage::new(8, 8)).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let photo = clean(bytes.into_inner()).await.unwrap();
        let back = image::load_from_memory(&photo.jpeg).unwrap().into_rgb8();
        assert!(back.pixels().all(|pixel| pixel.0.iter().all(|c| *c > 250)));
    }

    #[rstest]
    #[case::nothing(b"".to_vec(), FieldCode::Required)]
    #[case::text(b"<svg onload=alert(1)>".to_vec(), FieldCode::Picture)]
    #[case::gif(b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), FieldCode::Picture)]
    #[case::a_telephones_own(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), FieldCode::Heic)]
    #[case::only_its_beginning(b"\xff\xd8\xff\xe0".to_vec(), FieldCode::Picture)]
    #[case::too_many_bytes(vec![0xff; BYTES_MAX + 1], FieldCode::Heavy)]
    #[tokio::test]
    async fn what_is_no_picture_is_refused(#[case] given: Vec<u8>, #[case] want: FieldCode) {
        assert_eq!(clean(given).await.unwrap_err(), want);
    }

    /// Some hundred bytes that say they are 20,000 × 20,000 pixels.
    #[tokio::test]
    async fn a_small_file_that_unpacks_to_a_huge_one_is_refused() {
        let mut png = sent(ImageFormat::Png, 8, 8);
        png[16..20].copy_from_slice(&20_000u32.to_be_bytes());
        png[20..24].copy_from_slice(&20_000u32.to_be_bytes());
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(clean(png).await.unwrap_err(), FieldCode::Heavy);
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 })
        })
    }

    #[tokio::test]
    async fn kept_under_a_random_name_and_found_by_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let photos = Photos::of_record(dir.path());
        let photo = clean(sent(ImageFormat::Png, 8, 8)).await.unwrap();
        let first = photos.put(photo.clone()).await.unwrap();
        let second = photos.put(photo.clone()).await.unwrap();
        assert_ne!(first, second);
        assert_eq!(photos.get(&first).await.unwrap(), photo.jpeg);
        for name in ["", "..", "../meiyue.db", "/etc/passwd", &first[1..], &first.to_uppercase()] {
            assert_eq!(photos.get(name).await.unwrap_err().kind(), io::ErrorKind::NotFound, "{name}");
        }
        photos.remove(&first).await.unwrap();
        assert!(photos.get(&first).await.is_err() && photos.get(&second).await.is_ok());
    }
}
