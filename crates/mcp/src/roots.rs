//! Which folders a caller may ask for.

use std::path::{Component, Path, PathBuf};

use repo_map_cache::escaped_path;

use crate::arguments::shown;
use crate::refusal::{Refusal, ServeError};

/// Roots that a refusal names one by one.
const MOST_NAMED: usize = 3;

/// The folders that were given to the server, links resolved.
#[derive(Debug)]
pub(crate) struct Roots(Vec<PathBuf>);

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The top of the repository, or the folder itself where none is known inside of the roots.
    pub(crate) repository: PathBuf,
    /// The folder in it that was named.
    pub(crate) folder: Option<PathBuf>,
    /// A repository that reaches beyond the roots: what is outside of the folder is nobody's business.
    pub(crate) is_confined: bool,
}

impl Roots {
    /// # Errors
    /// Where one is no folder.
    pub(crate) fn open(given: &[PathBuf]) -> Result<Self, ServeError> {
        let open = |folder: &PathBuf| {
            let found = folder.canonicalize().map_err(|error| error.to_string());
            found.and_then(|found| if found.is_dir() { Ok(found) } else { Err("it is no folder".to_owned()) })
        };
        let mut folders = Vec::new();
        for folder in given {
            let found = open(folder).map_err(|error| {
                ServeError::new(format!("the root {} cannot be served: {error}", escaped_path(folder)))
            })?;
            if !folders.contains(&found) {
                folders.push(found);
            }
        }
        match folders.is_empty() {
            true => Err(ServeError::new("a server needs a root")),
            false => Ok(Self(folders)),
        }
    }

    /// Whether a caller has to say which it means.
    pub(crate) fn is_one(&self) -> bool {
        self.0.len() == 1
    }

    /// The root that is meant where none is named.
    pub(crate) fn first(&self) -> &Path {
        self.0.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// What a call is about that names this folder, or none.
    ///
    /// # Errors
    /// Where it is outside of the roots, or no folder; what is outside is the same whether it is there or not.
    pub(crate) fn choose(&self, named: Option<&str>) -> Result<Chosen, Refusal> {
        let Some(named) = named.filter(|named| !named.is_empty()) else {
            return Ok(self.chosen(self.first().to_owned(), self.first()));
        };
        let path = self.first().join(named.strip_prefix("file://").unwrap_or(named));
        if let Ok(found) = path.canonicalize() {
            let Some(root) = self.root_of(&found) else { return Err(self.outside(named)) };
            if !found.is_dir() {
                return Err(Refusal::new(format!("root {} is a file; name its folder", shown(named))));
            }
            return Ok(self.chosen(found, root));
        }
        match plain(&path).filter(|path| self.root_of(path).is_some()) {
            Some(_) => {
                Err(Refusal::new(format!("there is no folder {} below {}", shown(named), self.named())))
            }
            None => Err(self.outside(named)),
        }
    }

    /// A path of a call, which must be inside of what the call is about.
    ///
    /// # Errors
    /// One that names the root, where it leads elsewhere.
    pub(crate) fn check(&self, chosen: &Chosen, path: &str) -> Result<(), Refusal> {
        let top = &chosen.repository;
        let joined = top.join(path);
        let lexical = plain(&joined).filter(|plain| plain.starts_with(top));
        // Of a link it counts where it leads.
        let led = joined.canonicalize().map_or(lexical.is_some(), |led| led.starts_with(top));
        if led && (lexical.is_some() || Path::new(path).is_absolute()) {
            return Ok(());
        }
        Err(Refusal::new(format!("{} is outside of the root {}", shown(path), escaped_path(top))))
    }

    fn chosen(&self, folder: PathBuf, root: &Path) -> Chosen {
        let inside = folder.ancestors().take_while(|above| above.starts_with(root));
        let top = inside.into_iter().find(|above| above.join(".git").symlink_metadata().is_ok());
        match top {
            Some(top) if top == folder => Chosen { repository: folder, folder: None, is_confined: false },
            Some(top) => {
                Chosen { repository: top.to_owned(), folder: Some(folder.clone()), is_confined: false }
            }
            None => Chosen { repository: folder, folder: None, is_confined: true },
        }
    }

    fn root_of(&self, path: &Path) -> Option<&Path> {
        self.0.iter().find(|root| path.starts_with(root)).map(PathBuf::as_path)
    }

    fn outside(&self, named: &str) -> Refusal {
        Refusal::new(format!("{} is outside of what this server may read: {}", shown(named), self.named()))
    }

    fn named(&self) -> String {
        let names: Vec<_> = self.0.iter().take(MOST_NAMED).map(|root| escaped_path(root)).collect();
        let more = self.0.len() - names.len();
        let names = names.join(", ");
        if more == 0 { names } else { format!("{names} and {more} more") }
    }
}

/// A path without `.` and `..`, as it is written; `None` where it leads above everything.
fn plain(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    return None;
                }
            }
            part => plain.push(part),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(of: &Path, names: &[&str]) {
        for name in names {
            std::fs::create_dir_all(of.join(name)).unwrap();
        }
    }

    #[test]
    fn what_is_outside_is_refused_by_the_name_of_the_root_there_or_not() {
        let home = tempfile::tempdir().unwrap();
        folder(home.path(), &["in/.git", "in/src", "out", "inside-not"]);
        let root = home.path().join("in").canonicalize().unwrap();
        let roots = Roots::open(std::slice::from_ref(&root)).unwrap();
        for named in ["../out", "..", "/", "/nowhere", "../nowhere", "../inside-not", "src/../../out"] {
            let sentence = roots.choose(Some(named)).unwrap_err().into_sentence();
            assert!(
                sentence.contains("outside") && sentence.contains(root.to_str().unwrap()),
                "{named}: {sentence}"
            );
        }
        assert!(roots.choose(Some("nowhere")).unwrap_err().into_sentence().starts_with("there is no folder"));
        let chosen = roots.choose(Some("src/.")).unwrap();
        assert_eq!((&chosen.repository, chosen.is_confined), (&root, false));
        assert_eq!(chosen.folder, Some(root.join("src")));
        for path in ["/etc/passwd", "../out/a", "src/../../out"] {
            assert!(roots.check(&chosen, path).unwrap_err().into_sentence().contains("outside of the root"));
        }
        for path in ["a.py", "src/a.py", "src/../a.py", "./x"] {
            assert!(roots.check(&chosen, path).is_ok(), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_counts_where_it_leads() {
        let home = tempfile::tempdir().unwrap();
        folder(home.path(), &["in", "out"]);
        std::fs::write(home.path().join("out/secret"), "").unwrap();
        std::os::unix::fs::symlink(home.path().join("out"), home.path().join("in/link")).unwrap();
        let roots = Roots::open(&[home.path().join("in")]).unwrap();
        assert!(roots.choose(Some("link")).unwrap_err().into_sentence().contains("outside"));
        let chosen = roots.choose(None).unwrap();
        assert!(roots.check(&chosen, "link/secret").is_err());
    }

    #[test]
    fn a_repository_that_reaches_beyond_the_root_is_confined_to_it() {
        let home = tempfile::tempdir().unwrap();
        folder(home.path(), &[".git", "part"]);
        let roots = Roots::open(&[home.path().join("part")]).unwrap();
        assert!(roots.choose(None).unwrap().is_confined);
    }
}
