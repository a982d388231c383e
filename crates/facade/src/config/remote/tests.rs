use std::ffi::OsString;
use std::fs;

use crate::config::owner::Owners;
use crate::config::sources::Sources;
use crate::config::{CacheConfig, RemoteConfig, layers};
use crate::error::Error;

/// What a user's file, a project's file and an environment say together.
fn loaded(user: &str, project: &str, variables: &[(&str, &str)]) -> Result<CacheConfig, Error> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("home/.config/repo-map-cache")).unwrap();
    fs::create_dir_all(at("project/.git")).unwrap();
    fs::write(at("home/.config/repo-map-cache/config.toml"), user).unwrap();
    fs::write(at("project/repo-map.toml"), project).unwrap();
    fs::write(at("project/.env"), project).unwrap();
    let variable = |name: &str| match name {
        "HOME" => Some(OsString::from(at("home"))),
        name => variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into()),
    };
    let sources = Sources::read(&at("project"), Owners::of_process(&variable), &variable)?;
    layers::load(None, sources, &variable)
}

fn remote(user: &str, variables: &[(&str, &str)]) -> RemoteConfig {
    loaded(user, "", variables).unwrap().remote.unwrap()
}

#[test]
fn the_users_file_names_a_shared_cache_and_the_environment_wins() {
    let table = "[cache.remote]\nurl = \"redis://cache.example/0\"\nwrite = true\n";
    assert_eq!(loaded("", "", &[]).unwrap().remote, None);
    let config = remote(table, &[("AWS_REGION", "eu-1"), ("HUSH", "x")]);
    assert_eq!((&*config.url, config.write), ("redis://cache.example/0", true));
    let variables = [("REPO_MAP_CACHE_REMOTE_URL", "file:///srv/maps"), ("REPO_MAP_CACHE_REMOTE_WRITE", "0")];
    let config = remote(table, &variables);
    assert_eq!((&*config.url, config.write), ("file:///srv/maps", false));
    assert_eq!(
        loaded("[cache]\nenabled = false\n[cache.remote]\nurl = \"file:///x\"\n", "", &[]).unwrap().remote,
        None
    );
}

#[test]
fn a_mapped_tree_has_no_say_in_it() {
    for project in [
        "[cache.remote]\nurl = \"redis://evil.example/0\"\nwrite = true\n",
        "[cache]\nremote = \"redis://evil.example/0\"\n",
        "[cache.remote]\nsecret = \"a secret of another\"\n",
    ] {
        let config = loaded("", project, &[]).unwrap();
        assert_eq!(config.remote, None, "{project}");
        let [notice] = &config.notices[..] else { panic!("{:?}", config.notices) };
        assert!(notice.contains("cache.remote") && notice.contains("no say"), "{notice}");
        let own = loaded("[cache.remote]\nurl = \"file:///own\"\n", project, &[]).unwrap().remote.unwrap();
        assert_eq!(own, RemoteConfig::at("file:///own"));
    }
    let dotenv = "REPO_MAP_CACHE_REMOTE_URL=redis://evil.example/0\n";
    assert_eq!(loaded("", dotenv, &[]).unwrap().remote, None);
}

#[test]
fn a_fault_names_its_place_and_no_secret() {
    for (key, value) in [
        ("url", "\"redis://me:hush@host:x\""),
        ("secret", "\"hush\""),
        ("signing_key", "\"hush\""),
        ("trusted_keys", "[\"12\"]"),
        ("write", "\"perhaps\""),
        ("uri", "1"),
    ] {
        let line = loaded(&format!("[cache.remote]\n{key} = {value}\n"), "", &[]).unwrap_err().to_string();
        assert!(line.contains(&format!("cache.remote.{key}")) && line.contains("config.toml:2"), "{line}");
        assert!(!line.contains("hush"), "{line}");
    }
    let line = loaded("", "", &[("REPO_MAP_CACHE_REMOTE_SECRET", "hush")]).unwrap_err().to_string();
    assert!(line.contains("REPO_MAP_CACHE_REMOTE_SECRET") && !line.contains("hush"), "{line}");
}

#[test]
fn what_is_debugged_has_no_secret() {
    let table = "[cache.remote]\nurl = \"https://me:hush@host/x\"\nsecret = \"hush hush hush hush\"\n";
    let config = remote(table, &[("REDIS_PASSWORD", "hush"), ("AWS_SECRET_ACCESS_KEY", "hush")]);
    assert!(!format!("{config:?}").contains("hush"));
    assert_eq!(config.secret.as_deref(), Some("hush hush hush hush"));
    #[cfg(feature = "remote")]
    assert_eq!(config.credentials.len(), 2);
}
