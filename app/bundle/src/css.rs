//! One style sheet out of many: `@import "x.css";` inlined in order, comments and idle whitespace dropped.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Reads `main` and everything it imports. A file imported twice counts once, at its first place.
pub fn bundle(main: &Path) -> Result<String> {
    let mut seen = BTreeSet::new();
    let text = inline(main, &mut seen)?;
    Ok(minify(&text))
}

fn inline(path: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<String> {
    if !seen.insert(path.to_owned()) {
        return Ok(String::new());
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut out = String::new();
    for line in text.lines() {
        match import(line) {
            None => out.push_str(line),
            Some((file, rest)) => {
                let body = inline(&path.with_file_name(file), seen)?;
                match layer(rest) {
                    Some(name) => out.push_str(&format!("@layer {name} {{\n{body}\n}}")),
                    None if rest.is_empty() => out.push_str(&body),
                    None => bail!("{}: only layer(…) may follow an import: {line}", path.display()),
                }
            }
        }
        out.push('\n');
    }
    Ok(out)
}

/// `@import "file.css" rest;` or `@import url("file.css") rest;` on a line of its own.
fn import(line: &str) -> Option<(&str, &str)> {
    let rest = line.trim().strip_prefix("@import")?.trim();
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (file, rest) = rest[1..].split_once(quote)?;
    let rest = rest.trim().trim_start_matches(')').split(';').next().unwrap_or("");
    Some((file, rest.trim()))
}

fn layer(rest: &str) -> Option<&str> {
    rest.strip_prefix("layer(")?.strip_suffix(')')
}

fn minify(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut space = false;
    while let Some(c) = rest.chars().next() {
        let taken = if rest.starts_with("/*") {
            space = true;
            rest.find("*/").map_or(rest.len(), |at| at + 2)
        } else if c.is_whitespace() {
            space = true;
            c.len_utf8()
        } else {
            if space && needs_space(&out, c) {
                out.push(' ');
            }
            space = false;
            let taken = verbatim(rest, c);
            if c == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push_str(&rest[..taken]);
            taken
        };
        rest = &rest[taken..];
    }
    out
}

/// Length of what must be copied as it is: a string, an unquoted address, else one character.
fn verbatim(rest: &str, c: char) -> usize {
    if matches!(c, '"' | '\'') {
        let mut escaped = false;
        for (at, d) in rest.char_indices().skip(1) {
            if d == c && !escaped {
                return at + 1;
            }
            escaped = d == '\\' && !escaped;
        }
        return rest.len();
    }
    if rest.starts_with("url(") {
        return rest.find(')').map_or(rest.len(), |at| at + 1);
    }
    c.len_utf8()
}

/// Spaces around `+ - >` and before `:` and `(` may carry meaning and stay.
fn needs_space(out: &str, next: char) -> bool {
    let before = out.chars().next_back();
    let open = matches!(before, None | Some('{' | '}' | ';' | ',' | ':' | '('));
    !open && !matches!(next, '{' | '}' | ';' | ',' | ')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_what_carries_no_meaning() {
        let cases = [
            ("a {\n  color: red;\n}\n", "a{color:red}"),
            ("/* x */ a , b > c { margin : 0 auto }", "a,b > c{margin :0 auto}"),
            (".a :hover{}", ".a :hover{}"),
            ("a{width:calc( 1px + (2px - 1em) )}", "a{width:calc(1px + (2px - 1em))}"),
            (
                "@media (min-width: 40rem) and (hover) { a { b: c; } }",
                "@media (min-width:40rem) and (hover){a{b:c}}",
            ),
            ("a::before{content:\"/* ; }  \\\" \"}", "a::before{content:\"/* ; }  \\\" \"}"),
            ("a{background:url(data:image/svg+xml;x, y)}", "a{background:url(data:image/svg+xml;x, y)}"),
            ("a/**/b{}", "a b{}"),
        ];
        for (given, wanted) in cases {
            assert_eq!(minify(given), wanted);
        }
    }

    #[test]
    fn inlines_imports_in_order_and_once() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        put(
            "main.css",
            "@layer base, area;\n@import \"one.css\" layer(base);\n@import url('two.css');\nz{a:b}",
        );
        put("one.css", "one{a:b}");
        put("two.css", "@import \"one.css\";\ntwo{a:b}");
        let css = bundle(&dir.path().join("main.css")).unwrap();
        assert_eq!(css, "@layer base,area;@layer base{one{a:b}}two{a:b}z{a:b}");
    }

    #[test]
    fn names_the_file_that_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("main.css"), "@import \"gone.css\";").unwrap();
        let error = bundle(&dir.path().join("main.css")).unwrap_err();
        assert!(error.to_string().contains("gone.css"));
    }
}
