use super::{Fault, open, say};
use crate::config::{Settings, UserAdd};
use domain::Role;
use std::io::{BufRead, IsTerminal, Write};

/// `meiyue user add`
pub async fn add(settings: &Settings, args: UserAdd) -> Result<(), Fault> {
    if args.role != Role::Owner && args.branch.is_none() {
        return Err(Fault::setting(format!("a {} needs a --branch", args.role.code())));
    }
    let store = open(settings).await?;
    store.migrate().await.map_err(|error| Fault::database(settings, &error))?;
    let cx = store::OpContext::system(store.clone());
    let branch = match &args.branch {
        Some(slug) => {
            Some(store.branch_by_slug(slug).await.map_err(|error| explain(settings, &args, &error))?)
        }
        None => None,
    };
    let (password, made_up) = password()?;
    let name = domain::Text::new(args.name.clone(), args.name_en.clone().unwrap_or_default());
    let new = store::account::NewUser {
        username: args.username.clone(),
        password: password.clone(),
        role: args.role,
        branch,
        staff: None,
        name,
    };
    store::account::add_user(&cx, new).await.map_err(|error| explain(settings, &args, &error))?;
    store.close().await;
    say(&format!("{} can sign in as {}", args.name, args.username));
    if made_up {
        say(&format!("password: {password}"));
    }
    Ok(())
}

fn explain(settings: &Settings, args: &UserAdd, error: &store::Error) -> Fault {
    match error {
        store::Error::NotFound => {
            Fault::setting(format!("there is no branch {}", args.branch.as_deref().unwrap_or_default()))
        }
        store::Error::Invalid(fields) => {
            let list: Vec<_> = fields.iter().map(|e| format!("{} ({:?})", e.field, e.code)).collect();
            Fault::setting(format!("not taken: {}", list.join(", ")))
        }
        error => Fault::database(settings, error),
    }
}

/// Typed or piped; made up when an empty line is given.
fn password() -> Result<(String, bool), Fault> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let mut out = std::io::stdout().lock();
        let _ = write!(out, "password (empty: one is made up; what you type is shown): ");
        let _ = out.flush();
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .map_err(|error| Fault::new(format!("cannot read the password: {error}")))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Ok((store::token::link(), true)),
        typed => Ok((typed.to_owned(), false)),
    }
}
