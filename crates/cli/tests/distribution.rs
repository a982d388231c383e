//! The risk: what is given away names another version, another server or another program than this one.
#![expect(clippy::unwrap_used, reason = "a test ends where one of its steps fails")]

use std::fs;
use std::path::Path;

use serde_json::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap()
}

/// What the registry's schema of 2025-12-11 and its check of who owns a package ask for.
#[test]
fn the_registry_of_servers_is_told_of_this_version_and_of_packages_that_name_the_server() {
    let server = json("server.json");
    assert_eq!(server["version"], VERSION);
    let name = server["name"].as_str().unwrap();
    let is_part = |part: &str, more: &[char]| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(&c))
    };
    let (space, own) = name.split_once('/').unwrap();
    assert!(is_part(space, &['.', '-']) && is_part(own, &['.', '-', '_']), "{name}");
    assert!((1..=100).contains(&server["description"].as_str().unwrap().len()));
    assert!(text("README.md").contains(&format!("<!-- mcp-name: {name} -->")), "the wheel's README names it");
    assert_eq!(json("npm/package.json")["mcpName"], name);
    let packages = server["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 2);
    for package in packages {
        assert_eq!((&package["version"], &package["transport"]["type"]), (&VERSION.into(), &"stdio".into()));
        assert_eq!(package["packageArguments"][0]["value"], "mcp");
    }
}

#[test]
fn the_package_of_npm_and_those_of_the_systems_have_one_version() {
    let package = json("npm/package.json");
    assert_eq!(package["version"], VERSION);
    let systems = package["optionalDependencies"].as_object().unwrap();
    assert!(systems.len() >= 5 && systems.values().all(|version| version == VERSION), "{systems:?}");
    for program in package["bin"].as_object().unwrap().values() {
        assert!(text(&format!("npm/{}", program.as_str().unwrap())).starts_with("#!/usr/bin/env node\n"));
    }
}

#[test]
fn the_plug_in_and_the_image_are_of_this_program() {
    assert_eq!(json("plugins/claude-code/.claude-plugin/plugin.json")["version"], VERSION);
    let rust = text("Cargo.toml");
    let rust = rust.split_once("rust-version = \"").unwrap().1.split('"').next().unwrap();
    let image = text("Dockerfile");
    assert!(image.contains(&format!("FROM rust:{rust}-")), "the image is built by Rust {rust}");
    assert!(image.contains("--locked --profile dist -p repo-map-cli") && image.contains("USER user"));
}
