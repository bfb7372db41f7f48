//! C-43: pictures by content, drawn anew, without place, under random names, within limits, for those who treat.

use crate::support::{Harness, Reply, Site, Visitor, fixture};
use axum::body::Body;
use http::{Method, header};
use std::{fs, io::Cursor, path::Path};
use store::both_databases;

fn picture(format: image::ImageFormat) -> Vec<u8> {
    let pixels = image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8, y as u8, 120]));
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::from(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG that says where it was taken.
fn with_place() -> Vec<u8> {
    let jpeg = picture(image::ImageFormat::Jpeg);
    let note = b"Exif\0\0MM\0*\0\0\0\x08\0\0 GPS 31.2304 121.4737";
    let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, note, &jpeg[2..]].concat()
}

fn form(fields: &[(&str, &str)], file: &str, picture: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!(
        "--cut\r\ncontent-disposition: form-data; name=\"{file}\"; filename=\"../../etc/x.php\"\r\ncontent-type: text/html\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(picture);
    body.extend(b"\r\n--cut--\r\n");
    body
}

async fn send(visitor: &Visitor, item: &str, key: &str, picture: &[u8], accept: &str) -> Reply {
    let body = form(&[("angle", "front"), ("label", "左颊"), ("key", key), ("ago", "30")], "photo", picture);
    post(visitor, &format!("/chair/{item}/photos"), body, accept).await
}

async fn post(visitor: &Visitor, path: &str, body: Vec<u8>, accept: &str) -> Reply {
    let request = visitor
        .request(Method::POST, path)
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(body))
        .unwrap();
    visitor.send(request).await
}

/// The service that 林晓雯 does now.
async fn running(site: &Site) -> String {
    let visit = store::desk::walk_in(
        &site.harness.desk(),
        fixture::JINGAN,
        domain::desk::WalkIn {
            customer: domain::desk::WalkInCustomer::Known(fixture::WANG),
            services: vec![fixture::HYDRATE],
            who: None,
            key: "photos".into(),
        },
    )
    .await
    .unwrap()
    .visit;
    let desk = site.harness.desk();
    let board = store::desk::board(&desk, fixture::JINGAN).await.unwrap();
    let version = board.waiting.iter().find(|one| one.visit == visit).unwrap().version;
    store::desk::assign(&desk, visit, fixture::LIN, version).await.unwrap();
    let lin = site.harness.lin();
    let item = store::treat::my_day(&lin, None).await.unwrap().next.unwrap().item.unwrap();
    store::treat::start(&lin, item).await.unwrap();
    item.to_string()
}

fn kept(dir: &Path, folder: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for shelf in fs::read_dir(dir.join(folder)).into_iter().flatten().flatten() {
        found.extend(fs::read_dir(shelf.path()).unwrap().map(|entry| entry.unwrap().path()));
    }
    found
}

both_databases! {
    async fn a_photo_is_drawn_anew_kept_apart_and_shown_to_who_treats(h: Harness) {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::with(h, &["--data-dir", dir.path().to_str().unwrap()]);
        let item = running(&site).await;
        let lin = site.staff("lin").await;
        let given = with_place();
        let reply = send(&lin, &item, "k1", &given, "application/json").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert_eq!(send(&lin, &item, "k1", &given, "application/json").await.status, 200, "sent again: the same");
        let files = kept(dir.path(), "photos");
        assert_eq!(files.len(), 1, "{files:?}");
        let bytes = fs::read(&files[0]).unwrap();
        assert!(!bytes.windows(3).any(|part| part == b"GPS") && bytes.starts_with(&[0xff, 0xd8, 0xff]));
        let name = files[0].file_stem().unwrap().to_str().unwrap();
        assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{name}");

        let record = lin.api("treat/treatment", &[("item", &item)]).await.json();
        let photo = &record["photos"][0];
        assert_eq!((photo["label"].as_str(), photo["width"].as_u64()), (Some("左颊"), Some(64)));
        let address = format!("/chair/{item}/photos/{}", photo["id"].as_str().unwrap());
        let shown = lin.get(&address).await;
        assert_eq!((shown.status, shown.header("content-type"), shown.header("cache-control")), (200, "image/jpeg", "no-store"));
        assert_eq!(shown.body, bytes);
        for user in ["desk", "elsewhere"] {
            let other = site.staff(user).await;
            assert!([403, 404].contains(&other.get(&address).await.status), "{user}");
            let sent = send(&other, &item, "k2", &given, "application/json").await;
            assert!([403, 404].contains(&sent.status), "{user}");
        }
        let stranger = site.visitor();
        assert_eq!(stranger.get(&address).await.status, 303);
        assert_ne!(send(&stranger, &item, "k3", &given, "application/json").await.status, 200);
        // Nothing of the folder is served.
        let path = files[0].strip_prefix(dir.path()).unwrap().to_str().unwrap();
        for address in [format!("/{path}"), format!("/photos/{name}"), format!("/chair/{item}/photos/{name}")] {
            assert_eq!(lin.get(&address).await.status, 404, "{address}");
        }
        assert_eq!(kept(dir.path(), "photos").len(), 1);
    }

    async fn a_step_has_a_picture_that_the_staff_see(h: Harness) {
        let dir = tempfile::tempdir().unwrap();
        let site = Site::with(h, &["--data-dir", dir.path().to_str().unwrap()]);
        let service = fixture::HYDRATE.to_string();
        let editor = site.staff("manager").await;
        let page = || async { editor.api("sop/page", &[("service", &service)]).await.json() };
        let step = page().await["steps"][0]["id"].as_str().unwrap().to_owned();
        let sent = |picture: &[u8], version: &str| {
            form(&[("service", &service), ("step", &step), ("version", version)], "file", picture)
        };
        let there = format!("/sop/{service}");
        for (given, version, answer) in [
            (with_place(), "0", there.clone()),
            (with_place(), "0", format!("{there}?picture=stale")),
            (b"GIF89a".to_vec(), "1", format!("{there}?picture=picture")),
            (Vec::new(), "1", format!("{there}?picture=required")),
            (vec![0xff; 10 * 1024 * 1024 + 1], "1", format!("{there}?picture=heavy")),
        ] {
            let reply = post(&editor, "/sop/picture", sent(&given, version), "text/html").await;
            assert_eq!((reply.status, reply.header("location")), (303, &*answer));
        }
        let files = kept(dir.path(), "steps");
        assert_eq!(files.len(), 1, "what was refused is not kept: {files:?}");
        let bytes = fs::read(&files[0]).unwrap();
        assert!(!bytes.windows(3).any(|part| part == b"GPS"));
        let name = page().await["steps"][0]["picture"].as_str().unwrap().to_owned();
        let address = format!("/sop/picture/{name}");
        let lin = site.staff("lin").await;
        let shown = lin.get(&address).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
        assert_eq!(shown.body, bytes);
        assert_eq!(lin.get("/sop/picture/..%2F..%2Fmeiyue.db").await.status, 404);
        assert_ne!(site.visitor().get(&address).await.status, 200);
        let refused = post(&lin, "/sop/picture", sent(&with_place(), "1"), "text/html").await;
        assert_eq!(refused.status, 403);
        assert_eq!(kept(dir.path(), "steps").len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let site = Site::with(Harness::sqlite().await, &["--data-dir", dir.path().to_str().unwrap()]);
    let item = running(&site).await;
    let lin = site.staff("lin").await;
    let heavy = vec![0xff; 10 * 1024 * 1024 + 1];
    let cases: [(&[u8], &str); 4] = [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"<html><script>alert(1)</script>", "picture"),
        (b"", "required"),
        (&heavy, "heavy"),
    ];
    for (given, code) in cases {
        let reply = send(&lin, &item, "bad", given, "application/json").await;
        assert_eq!(reply.status, 422, "{code}: {}", reply.text());
        assert!(reply.text().contains(code), "{code}: {}", reply.text());
        let page = send(&lin, &item, "bad", given, "text/html").await;
        assert_eq!((page.status, page.header("location")), (303, &*format!("/chair/{item}?photo={code}")));
    }
    let endless = vec![0u8; 11 * 1024 * 1024];
    assert!([413, 422].contains(&send(&lin, &item, "bad", &endless, "application/json").await.status));
    assert!(kept(dir.path(), "photos").is_empty());
    let good = send(&lin, &item, "good", &picture(image::ImageFormat::WebP), "text/html").await;
    assert_eq!((good.status, good.header("location")), (303, &*format!("/chair/{item}")), "without scripts");
    let strange = send(&lin, "no-such-item", "x", b"x", "application/json").await;
    assert_eq!(strange.status, 404);
    let other_site = lin
        .request(Method::POST, &format!("/chair/{item}/photos"))
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .body(Body::from(form(&[], "photo", b"x")))
        .unwrap();
    assert_eq!(lin.send(other_site).await.status, 403);
}
