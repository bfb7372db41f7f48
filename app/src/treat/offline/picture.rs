//! A picture made small before it leaves the device, and drawn anew: what the camera wrote beside it stays here.

use domain::{FieldCode, photo::PHOTO_SIDE_MAX};
use js_sys::Promise;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

/// The longer side of the drawing shown while a picture waits.
const THUMB: f64 = 160.0;
const QUALITY: f64 = 0.85;

/// The picture as it will be sent, and a small drawing of it as a `data:` address.
///
/// # Errors
/// `Heic`, and `Picture` for what the browser cannot draw.
pub async fn shrink(file: &File) -> Result<(Blob, String), FieldCode> {
    let fault = |_: JsValue| FieldCode::Picture;
    let read = window().create_image_bitmap_with_blob(file).map_err(fault)?;
    let bitmap: ImageBitmap = match JsFuture::from(read).await {
        Ok(bitmap) => bitmap.unchecked_into(),
        Err(_) if is_heic(file) => return Err(FieldCode::Heic),
        Err(_) => return Err(FieldCode::Picture),
    };
    let large = draw(&bitmap, f64::from(PHOTO_SIDE_MAX)).map_err(fault)?;
    let small = draw(&bitmap, THUMB).map_err(fault)?;
    bitmap.close();
    let thumb = small.to_data_url_with_type("image/jpeg").map_err(fault)?;
    let blob = JsFuture::from(blob_of(&large)).await.map_err(fault)?;
    Ok((blob.dyn_into().map_err(fault)?, thumb))
}

fn is_heic(file: &File) -> bool {
    let (kind, name) = (file.type_(), file.name().to_ascii_lowercase());
    kind.contains("heic") || kind.contains("heif") || name.ends_with(".heic") || name.ends_with(".heif")
}

fn draw(bitmap: &ImageBitmap, side: f64) -> Result<HtmlCanvasElement, JsValue> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (side / width.max(height).max(1.0)).min(1.0);
    let (width, height) = ((width * scale).round().max(1.0), (height * scale).round().max(1.0));
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    pen.set_fill_style_str("#fff");
    pen.fill_rect(0.0, 0.0, width, height);
    pen.draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)?;
    Ok(canvas)
}

fn blob_of(canvas: &HtmlCanvasElement) -> Promise {
    Promise::new(&mut |good, bad| {
        let take = Closure::once_into_js(move |blob: JsValue| {
            let _ = good.call1(&JsValue::NULL, &blob);
        });
        let asked =
            canvas.to_blob_with_type_and_encoder_options(take.unchecked_ref(), "image/jpeg", &QUALITY.into());
        if asked.is_err() {
            let _ = bad.call0(&JsValue::NULL);
        }
    })
}
