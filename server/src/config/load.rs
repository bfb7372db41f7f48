use super::Cli;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches, error::ErrorKind};
use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::Path,
};

/// Variables that tests set for themselves.
const TEST_PREFIX: &str = "MEIYUE_TEST_";

/// Reads the command line, the environment and the file.
///
/// # Errors
/// What is wrong, naming the setting, its value and what is allowed; `clap::Error::exit` prints it. Also `--help` and
/// `--version` come this way.
pub fn parse<I, S>(args: I) -> Result<Cli, clap::Error>
where
    I: IntoIterator<Item = S>,
    S: Into<OsString> + Clone,
{
    let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
    let command = command();
    check_environment(&command, std::env::vars_os())?;
    let first = command.clone().try_get_matches_from(&args)?;
    let Some(file) = config_file(&first) else { return finish(&command, &first) };
    let command = with_file(command, Path::new(&file))?;
    let matches = command.clone().try_get_matches_from(&args)?;
    finish(&command, &matches)
}

/// Every setting may stand before or after the command; the help never shows the environment's values, since some
/// are secret.
fn command() -> clap::Command {
    Cli::command().mut_args(|arg| arg.global(true).hide_env_values(true))
}

fn config_file(matches: &ArgMatches) -> Option<std::path::PathBuf> {
    matches.try_get_one("config").ok().flatten().cloned()
}

fn finish(command: &clap::Command, matches: &ArgMatches) -> Result<Cli, clap::Error> {
    let cli = Cli::from_arg_matches(matches)?;
    cli.settings.check().map_err(|line| refuse(command, &line))?;
    Ok(cli)
}

fn refuse(command: &clap::Command, line: &str) -> clap::Error {
    command.clone().error(ErrorKind::ValueValidation, line)
}

/// A variable that means nothing is a misspelt one.
fn check_environment(
    command: &clap::Command,
    variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(), clap::Error> {
    let known: Vec<&OsStr> = command.get_arguments().filter_map(Arg::get_env).collect();
    for (name, value) in variables {
        let text = name.to_string_lossy();
        if !text.starts_with("MEIYUE_") || text.starts_with(TEST_PREFIX) || known.contains(&name.as_os_str())
        {
            continue;
        }
        let allowed = known.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join(", ");
        let value = value.to_string_lossy();
        return Err(refuse(
            command,
            &format!("unknown setting {text} (value {value:?} in the environment); allowed: {allowed}"),
        ));
    }
    Ok(())
}

/// The file's values become the defaults of the flags: so they are checked by the same rules, and flags and variables
/// win over them.
fn with_file(mut command: clap::Command, path: &Path) -> Result<clap::Command, clap::Error> {
    let values = read(path).map_err(|line| refuse(&command, &line))?;
    let known: Vec<String> = command
        .get_arguments()
        .filter(|arg| arg.get_env().is_some() && arg.get_id() != "config")
        .map(|arg| arg.get_id().to_string())
        .collect();
    for (key, value) in values {
        if !known.contains(&key) {
            let line = format!(
                "{}: unknown setting {key} = {value:?}; allowed: {}",
                path.display(),
                known.join(", ")
            );
            return Err(refuse(&command, &line));
        }
        // Lives as long as the program, once per setting: clap keeps defaults as `&'static str`.
        let value: &'static str = Box::leak(value.into_boxed_str());
        command = command.mut_arg(&key, |arg| arg.default_value(value));
    }
    Ok(command)
}

fn read(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: BTreeMap<String, config::Value> = config::Config::builder()
        .add_source(config::File::from_str(&text, config::FileFormat::Toml))
        .build()
        .and_then(config::Config::try_deserialize)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    table
        .into_iter()
        .map(|(key, value)| {
            let text = match value.kind {
                config::ValueKind::Array(items) => {
                    let items: Result<Vec<_>, _> =
                        items.into_iter().map(config::Value::into_string).collect();
                    items.map(|items| items.join(","))
                }
                _ => value.into_string(),
            };
            text.map(|text| (key.clone(), text))
                .map_err(|_| format!("{}: {key} must be a text, a number, true or false", path.display()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::io::Write;

    fn settings(args: &[&str]) -> Result<crate::config::Settings, String> {
        parse(["meiyue", "serve"].iter().chain(args))
            .map(|cli| cli.settings)
            .map_err(|error| error.to_string())
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn the_definition_holds() {
        command().debug_assert();
    }

    #[rstest]
    #[case(&["--addr", "nowhere"], &["--addr", "nowhere", "socket address"])]
    #[case(&["--log-format", "xml"], &["--log-format", "xml", "text, json"])]
    #[case(&["--database-url", "mysql://x"], &["--database-url", "mysql://x", "sqlite://<file>"])]
    #[case(&["--base-url", "meiyue.example"], &["--base-url", "meiyue.example", "https://"])]
    #[case(&["--body-limit", "0"], &["--body-limit", "0", "1..=10240"])]
    #[case(&["--colour", "red"], &["--colour"])]
    #[case(&["--webhook-url", "https://sms.example"], &["webhook_secret"])]
    fn a_bad_value_is_named_with_what_is_allowed(#[case] args: &[&str], #[case] parts: &[&str]) {
        let error = settings(args).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{part:?} not in {error}");
        }
    }

    #[test]
    fn the_file_gives_defaults_that_flags_win_over() {
        let file = file(
            "addr = \"127.0.0.1:4000\"\nrate = 7\ndemo = true\ntrusted_proxy = [\"10.0.0.1\", \"10.0.0.2\"]\n",
        );
        let path = file.path().to_str().unwrap();
        let settings = settings(&["--config", path, "--rate", "9"]).unwrap();
        assert_eq!(settings.addr.port(), 4000);
        assert_eq!((settings.rate, settings.demo), (9, true));
        assert_eq!(settings.trusted_proxy.len(), 2);
    }

    #[rstest]
    #[case("adress = 1\n", &["adress", "1", "allowed: addr"])]
    #[case("rate = \"many\"\n", &["rate", "many"])]
    #[case("addr = \n", &["line 1"])]
    fn a_bad_file_is_refused(#[case] text: &str, #[case] parts: &[&str]) {
        let file = file(text);
        let error = settings(&["--config", file.path().to_str().unwrap()]).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{part:?} not in {error}");
        }
    }

    #[test]
    fn a_misspelt_variable_is_refused() {
        let variable = |name: &str| std::iter::once((OsString::from(name), OsString::from("1")));
        assert!(check_environment(&command(), variable("MEIYUE_ADDR")).is_ok());
        assert!(check_environment(&command(), variable("MEIYUE_TEST_PG_URL")).is_ok());
        assert!(check_environment(&command(), variable("PATH")).is_ok());
        let error = check_environment(&command(), variable("MEIYUE_ADRESS")).unwrap_err().to_string();
        assert!(error.contains("MEIYUE_ADRESS") && error.contains("MEIYUE_ADDR"), "{error}");
    }

    #[test]
    fn secrets_are_never_shown() {
        let settings = settings(&["--database-url", "postgres://me:hidden@db/x"]).unwrap();
        assert!(!format!("{settings:?}").contains("hidden"));
    }

    #[test]
    fn secure_cookies_follow_the_base_url() {
        assert!(!settings(&[]).unwrap().secure());
        assert!(settings(&["--base-url", "https://salon.example/"]).unwrap().secure());
        assert!(
            !settings(&["--base-url", "https://salon.example", "--secure-cookies", "false"])
                .unwrap()
                .secure()
        );
        assert_eq!(
            settings(&["--base-url", "https://salon.example/"]).unwrap().base(),
            "https://salon.example"
        );
    }
}
