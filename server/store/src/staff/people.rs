//! Who works in a branch, what they have learnt, and their certificates (CERT, STAFF-1).

use super::{entry, of_branch};
use crate::{
    Error, OpContext, Result, Tx,
    booking::stranded::settle,
    branch::{menu, place},
    catalog, edition,
    entity::{credential, staff, staff_skill},
    sql::vals,
    time::{at, date, day_number, day_of, instant, ms},
};
use chrono::NaiveDate;
use domain::{
    BranchId, CredentialId, FieldCode, StaffId, Text,
    permission::{Action, Scope},
    staff::{CredentialLine, PersonForm, PersonLine, PersonPage, SetCredential, SetPerson},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

/// Certificates of one person that are shown, the latest first.
const CREDENTIALS_MAX: u64 = 100;

/// Everybody who is or was in the branch, in the order of the rotation.
///
/// # Errors
/// `SignedOut`, `Forbidden`.
pub async fn list(cx: &OpContext, branch: BranchId) -> Result<Vec<PersonLine>> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let known = catalog::read(cx.db(), cx.now(), branch).await?;
    let today = known.branch.today(cx.now());
    let line = |p: &catalog::Person| {
        // The skill that is certified for the shortest time says when something has to be done.
        let ends = p.skills.iter().map(|skill| {
            p.credentials.iter().filter(|c| c.qualification == *skill && c.from <= today).map(|c| c.to).max()
        });
        let certified_until = ends.min().flatten();
        PersonLine {
            id: p.id,
            name: p.name.clone(),
            title: p.title.clone(),
            skills: p.skills.clone(),
            bookable: p.bookable,
            left: p.left,
            position: p.position,
            certified_until,
            ends_in: certified_until.map(|day| (day - today).num_days()),
        }
    };
    let mut people: Vec<PersonLine> = known.people.iter().map(line).collect();
    people.sort_by_key(|person| (person.left, person.position));
    Ok(people)
}

/// One person, or an empty form for a new one.
///
/// # Errors
/// `SignedOut`, `Forbidden`, `NotFound`.
pub async fn page(cx: &OpContext, branch: BranchId, id: Option<StaffId>) -> Result<PersonPage> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    let today = date(day_of(tz, cx.now()));
    let known = menu::codes(cx, menu::QUALIFICATIONS).await?;
    let Some(id) = id else {
        let position =
            cx.store.catalog(branch).await?.people.iter().map(|p| p.position).max().unwrap_or(0) + 1;
        let form =
            PersonForm { bookable: "true".into(), position: position.to_string(), ..PersonForm::default() };
        return Ok(PersonPage { form, skills: Vec::new(), credentials: Vec::new(), known, today });
    };
    let version = edition::of(cx.db(), id.0).await?;
    let row = of_branch(cx.db(), branch, id).await?;
    let skills: Vec<String> = staff_skill::Entity::find()
        .filter(staff_skill::Column::StaffId.eq(id.0))
        .order_by_asc(staff_skill::Column::Qualification)
        .all(cx.db())
        .await?
        .into_iter()
        .map(|skill| skill.qualification)
        .collect();
    let credentials = credential::Entity::find()
        .filter(credential::Column::StaffId.eq(id.0))
        .order_by_desc(credential::Column::ValidToDay)
        .order_by_desc(credential::Column::Id)
        .limit(CREDENTIALS_MAX)
        .all(cx.db())
        .await?;
    let credentials = credentials.into_iter().map(|c| CredentialLine {
        id: CredentialId(c.id),
        qualification: c.qualification,
        number: c.number,
        from: date(c.valid_from_day),
        to: date(c.valid_to_day),
        ends_in: (date(c.valid_to_day) - today).num_days(),
    });
    let left = row.left_at.map(|left| date(day_of(tz, at(left))).to_string());
    Ok(PersonPage {
        form: PersonForm {
            id: id.to_string(),
            name_zh: row.name_zh,
            name_en: row.name_en,
            title_zh: row.title_zh,
            title_en: row.title_en,
            bookable: if row.bookable { "true" } else { "" }.to_owned(),
            position: row.position.to_string(),
            skills: skills.join(", "),
            left: left.unwrap_or_default(),
            version: version.to_string(),
            confirm: String::new(),
        },
        skills,
        credentials: credentials.collect(),
        known,
        today,
    })
}

/// Adds somebody or changes who they are. Gives the id.
///
/// # Errors
/// `NotFound`, `Stale`; `WouldStrand` unless confirmed.
pub async fn save(cx: &OpContext, branch: BranchId, cmd: SetPerson) -> Result<StaffId> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tz = cx.store.catalog(branch).await?.tz();
    let left = cmd.left.map(|day| ms(instant(tz, day, 0)));
    let tx = cx.begin().await?;
    let position = i32::try_from(cmd.position).unwrap_or(i32::MAX);
    let id = match cmd.id {
        Some(id) => {
            of_branch(&tx, branch, id).await?;
            edition::next(&tx, id.0, cmd.version).await?;
            let sql = "UPDATE staff SET name_zh = $1, name_en = $2, title_zh = $3, title_en = $4, bookable = $5, \
                       position = $6, left_at = $7 WHERE id = $8";
            let (name, title) = (&cmd.name, &cmd.title);
            let values = vals![
                name.zh.as_str(),
                name.en.as_str(),
                title.zh.as_str(),
                title.en.as_str(),
                cmd.bookable,
                position,
                left,
                id.0
            ];
            tx.run(sql, values).await?;
            let sql = "UPDATE resource SET name_zh = $1, name_en = $2 WHERE id = $3";
            tx.run(sql, vals![name.zh.as_str(), name.en.as_str(), id.0]).await?;
            tx.run("DELETE FROM staff_skill WHERE staff_id = $1", vals![id.0]).await?;
            id
        }
        None => add(&tx, branch, &cmd, position, left).await?,
    };
    let skills = cmd.skills.iter().map(|qualification| {
        staff_skill::Model { staff_id: id.0, qualification: qualification.clone() }.into_active_model()
    });
    let skills: Vec<_> = skills.collect();
    if !skills.is_empty() {
        staff_skill::Entity::insert_many(skills).exec_without_returning(&tx).await?;
    }
    let detail = format!("skills={} bookable={} left={:?}", cmd.skills.join("+"), cmd.bookable, cmd.left);
    settle(cx, tx, &[branch], cmd.confirm, entry("staff.save", branch, id, detail)).await?;
    Ok(id)
}

async fn add(
    tx: &Tx,
    branch: BranchId,
    cmd: &SetPerson,
    position: i32,
    left_at: Option<i64>,
) -> Result<StaffId> {
    let id = place::add(tx, branch, "staff", "person", &cmd.name).await?;
    let row = staff::Model {
        id: id.0,
        branch_id: branch.0,
        name_zh: cmd.name.zh.clone(),
        name_en: cmd.name.en.clone(),
        title_zh: cmd.title.zh.clone(),
        title_en: cmd.title.en.clone(),
        initials: initial(&cmd.name),
        bookable: cmd.bookable,
        position,
        left_at,
    };
    staff::Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(id.into())
}

fn initial(name: &Text) -> String {
    name.zh.chars().take(1).collect()
}

/// Adds a certificate, or corrects or ends one. What somebody was certified by stays on record (CERT): one that has
/// stood for a service keeps its qualification and first day.
///
/// # Errors
/// `NotFound`, `Stale`, the fields `qualification` and `from`; `WouldStrand` unless confirmed.
pub async fn save_credential(cx: &OpContext, branch: BranchId, cmd: SetCredential) -> Result<()> {
    cx.allow(Action::ManageBranch, &Scope::branch(branch))?;
    let tx = cx.begin().await?;
    of_branch(&tx, branch, cmd.staff).await?;
    edition::next(&tx, cmd.staff.0, cmd.version).await?;
    let (from, to) = (day_number(cmd.from), day_number(cmd.to));
    match cmd.id {
        None => {
            let row = credential::Model {
                id: CredentialId::new().0,
                staff_id: cmd.staff.0,
                qualification: cmd.qualification.clone(),
                kind: "licence".into(),
                number: cmd.number,
                valid_from_day: from,
                valid_to_day: to,
            };
            credential::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
        }
        Some(id) => {
            let row = credential::Entity::find_by_id(id.0).one(&tx).await?;
            let row = row.filter(|row| row.staff_id == cmd.staff.0).ok_or(Error::NotFound)?;
            keep_what_stood(&tx, &row, &cmd.qualification, cmd.from).await?;
            let sql = "UPDATE credential SET qualification = $1, number = $2, valid_from_day = $3, valid_to_day = $4 \
                       WHERE id = $5";
            tx.run(sql, vals![cmd.qualification.as_str(), cmd.number, from, to, row.id]).await?;
        }
    }
    let detail = format!("{} {} {}", cmd.qualification, cmd.from, cmd.to);
    settle(cx, tx, &[branch], cmd.confirm, entry("staff.credential", branch, cmd.staff, detail)).await
}

async fn keep_what_stood(
    tx: &Tx,
    row: &credential::Model,
    qualification: &str,
    from: NaiveDate,
) -> Result<()> {
    if row.qualification == qualification && row.valid_from_day >= day_number(from) {
        return Ok(());
    }
    // Services done name their certificate; the person's are looked through by the index.
    let sql = "SELECT 1 FROM visit_service WHERE staff_id = $1 AND credential_id = $2 LIMIT 1";
    if crate::sql::row(tx, sql, vals![row.staff_id, row.id]).await?.is_none() {
        return Ok(());
    }
    let field = if row.qualification == qualification { "from" } else { "qualification" };
    Err(Error::field(field, FieldCode::Choice))
}
