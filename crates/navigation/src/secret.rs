//! Which files hold secrets by the conventions of their names.

use repo_map_model::RepoPath;

/// Whether a file is one of those whose values nobody quotes: environments (`.env`, `.env.local`, not `.env.example`), keys and
/// certificates with keys (`*.pem`, `*.key`, `*.p12`, `id_rsa`), password files (`.netrc`, `.pgpass`, `.htpasswd`,
/// `credentials`).
///
/// ```
/// use repo_map_model::RepoPath;
/// use repo_map_navigation::holds_secrets;
///
/// assert!(holds_secrets(&RepoPath::new("deploy/.env.local").unwrap()));
/// assert!(!holds_secrets(&RepoPath::new("src/key.rs").unwrap()));
/// ```
pub fn holds_secrets(path: &RepoPath) -> bool {
    let name = path.file_name().to_ascii_lowercase();
    let is_environment = match name.strip_prefix(".env") {
        Some("" | "rc") => true,
        Some(rest) => {
            rest.starts_with(['.', '-', '_'])
                && !["example", "sample", "template", "dist", "defaults"]
                    .iter()
                    .any(|end| rest.ends_with(end))
        }
        None => name.ends_with(".env"),
    };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_key = matches!(ending, "pem" | "key" | "p12" | "pfx" | "jks" | "keystore" | "ppk" | "kdbx");
    let is_identity = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519"].contains(&name.as_str());
    let is_password = matches!(
        name.as_str(),
        ".netrc"
            | "_netrc"
            | ".pgpass"
            | ".htpasswd"
            | ".npmrc"
            | ".pypirc"
            | "credentials"
            | ".git-credentials"
    );
    is_environment || is_key || is_identity || is_password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names_and_sources_are_none() {
        let holds = |path: &str| holds_secrets(&RepoPath::new(path).unwrap());
        for path in
            [".env", "a/.ENV", ".env.production", "prod.env", "tls/server.pem", "a.key", "id_rsa", ".npmrc"]
        {
            assert!(holds(path), "{path}");
        }
        for path in
            [".env.example", ".envoy.yaml", "env.py", "environment.rs", "key.rs", "id_rsa.pub", "keys/a.rs"]
        {
            assert!(!holds(path), "{path}");
        }
    }
}
