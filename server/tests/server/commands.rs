//! The commands, run as people run them: what they say when something is not as it should be, and their exit codes.

use crate::{
    process::{House, text},
    support::fixture,
};
use rstest::rstest;
use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Output, Stdio},
    time::Duration,
};

fn fails(output: &Output, code: i32, parts: &[&str]) {
    let said = text(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in parts {
        assert!(said.contains(part), "{part:?} not in {said}");
    }
    assert!(!said.contains("panicked") && !said.contains("stack backtrace"), "{said}");
}

#[test]
fn help_explains_every_setting() {
    let output = House::new().run(&["--help"]);
    let said = text(&output);
    assert!(output.status.success());
    for part in [
        "serve",
        "migrate",
        "seed",
        "backup",
        "restore",
        "user",
        "MEIYUE_ADDR",
        "MEIYUE_DATABASE_URL",
        "--config",
    ] {
        assert!(said.contains(part), "{part} not in {said}");
    }
}

#[rstest]
#[case(&["serve", "--addr", "here"], &["--addr", "here"])]
#[case(&["serve", "--colour", "red"], &["--colour"])]
#[case(&["dance"], &["dance"])]
#[case(&["serve", "--config", "none.toml"], &["none.toml"])]
fn bad_settings_end_with_2(#[case] args: &[&str], #[case] parts: &[&str]) {
    fails(&House::new().run(args), 2, parts);
}

#[test]
fn misspelt_variables_end_with_2() {
    let output = House::new().command(&["migrate"]).env("MEIYUE_ADRESS", "x").output().unwrap();
    fails(&output, 2, &["MEIYUE_ADRESS", "MEIYUE_ADDR"]);
}

#[test]
fn a_missing_site_says_how_to_make_it() {
    fails(&House::new().run(&["serve", "--site-root", "nowhere"]), 2, &["nowhere", "--site-root"]);
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    fails(&House::new().run(&["serve", "--addr", &addr]), 2, &[&addr, "taken", "--addr"]);
}

#[test]
fn an_unreachable_database_is_named_without_its_password() {
    let url = "postgres://me:very-secret@127.0.0.1:1/meiyue";
    let output = House::new().run(&["serve", "--addr", "127.0.0.1:0", "--database-url", url]);
    fails(&output, 1, &["postgres://127.0.0.1:1/meiyue"]);
    assert!(!text(&output).contains("very-secret"));
}

#[test]
fn a_folder_that_takes_no_files_is_named() {
    let house = House::new();
    // A file where the folder should be: also root cannot write there.
    fs::write(house.folder.path().join("data"), "").unwrap();
    fails(&house.run(&["migrate"]), 1, &["data folder"]);
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let house = House::new();
    fs::create_dir(house.folder.path().join("data")).unwrap();
    fs::write(
        house.database(),
        "this is not a database, far from it, and quite long so that it is looked at".repeat(99),
    )
    .unwrap();
    fails(&house.run(&["migrate"]), 1, &["meiyue.db"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_serving_can_be_restored() {
    let house = House::furnished().await;
    let mut served = house.serve(&[]).await;
    let made = house.run(&["backup", "copy.db"]);
    assert!(made.status.success(), "{}", text(&made));
    fails(&house.run(&["backup", "copy.db"]), 2, &["copy.db", "--force"]);
    assert!(house.run(&["backup", "copy.db", "--force"]).status.success());
    // Not while a server holds the database.
    fails(&house.run(&["restore", "copy.db", "--force"]), 1, &["stop it first"]);
    fails(&house.run(&["serve", "--addr", "127.0.0.1:0"]), 1, &["stop it first"]);
    served.terminate();
    assert_eq!(served.ended(Duration::from_secs(60)).await, Some(0));
    fails(&house.run(&["restore", "copy.db"]), 2, &["meiyue.db", "--force"]);
    fs::remove_file(house.database()).unwrap();
    let restored = house.run(&["restore", "copy.db"]);
    assert!(restored.status.success(), "{}", text(&restored));
    let served = house.serve(&[]).await;
    let page = crate::process::client().get(served.url("/s/jingan")).send().await.unwrap();
    assert_eq!(page.status().as_u16(), 200);
}

/// C-26: a damaged copy never takes the database's place.
#[tokio::test]
async fn a_damaged_copy_is_refused() {
    let house = House::furnished().await;
    assert!(house.run(&["backup", "copy.db"]).status.success());
    let copy = house.folder.path().join("copy.db");
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    fs::write(&copy, bytes).unwrap();
    let before = fs::read(house.database()).unwrap();
    fails(&house.run(&["restore", "copy.db", "--force"]), 1, &["meiyue.db.restore"]);
    assert!(before == fs::read(house.database()).unwrap(), "the database was touched");
    fs::write(&copy, "no database").unwrap();
    fails(&house.run(&["restore", "copy.db", "--force"]), 1, &[]);
    fails(&house.run(&["restore", "missing.db", "--force"]), 2, &["missing.db"]);
}

/// C-27
#[tokio::test]
async fn postgres_is_copied_with_its_own_programs() {
    let Some(h) = crate::support::Harness::postgres().await else { return };
    let house = House::new();
    let run = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--database-url", &h.url]);
        house.run(&all)
    };
    let made = run(&["backup", "copy.dump"]);
    assert!(made.status.success(), "{}", text(&made));
    // The harness's own store is a server for all that the command can see.
    fails(&run(&["restore", "copy.dump", "--force"]), 1, &["stop it first"]);
    h.sql("UPDATE branch SET name_zh = 'changed since'").await;
    h.store.close().await;
    fails(&run(&["restore", "copy.dump"]), 2, &["--force"]);
    let restored = run(&["restore", "copy.dump", "--force"]);
    assert!(restored.status.success(), "{}", text(&restored));
    let chain = store::branch::chain(&store::OpContext::system(h.second().await)).await.unwrap();
    assert_eq!(chain.branches[0].name.zh, "静安店");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_added_on_the_command_line_signs_in() {
    let house = House::furnished().await;
    let add = |args: &[&str], password: &str| {
        let mut all = vec!["user", "add"];
        all.extend(args);
        let mut child = house
            .command(&all)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(format!("{password}\n").as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let person = ["anna", "--role", "receptionist", "--branch", "jingan", "--name", "安娜"];
    fails(&add(&person, "short"), 2, &["password"]);
    let added = add(&person, fixture::PASSWORD);
    assert!(added.status.success(), "{}", text(&added));
    fails(&add(&person, fixture::PASSWORD), 2, &["username"]);
    fails(&add(&["b", "--role", "wizard", "--name", "b"], "x"), 2, &["wizard", "receptionist"]);
    fails(&add(&["b", "--role", "manager", "--name", "b"], fixture::PASSWORD), 2, &["--branch"]);
    fails(
        &add(&["b", "--role", "manager", "--branch", "nowhere", "--name", "b"], fixture::PASSWORD),
        2,
        &["nowhere"],
    );
    let owner = add(&["boss", "--role", "owner", "--name", "老板"], "");
    assert!(text(&owner).contains("password: "), "{}", text(&owner));
    let served = house.serve(&[]).await;
    let fields = [("username", "anna"), ("password", fixture::PASSWORD)];
    let reply = crate::process::client()
        .post(served.url("/api/account/sign_in"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(crate::support::encode(&fields))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status().as_u16(), 200);
}

#[test]
fn migrating_twice_is_fine() {
    let house = House::new();
    for _ in 0..2 {
        let output = house.run(&["migrate"]);
        assert!(output.status.success(), "{}", text(&output));
    }
    assert_eq!(fs::metadata(house.database()).unwrap().permissions().mode() & 0o600, 0o600);
}
