//! Whose settings are obeyed.

use std::fs::Metadata;

use super::variables::Variables;

/// The users whose files may configure a run: the one that it acts for, and root. A process of root that `sudo` started acts
/// for the user who called it, too. Git has the same rule for repositories (`safe.directory`).
pub(super) struct Owners {
    #[cfg_attr(not(unix), expect(dead_code, reason = "files have no such owners here"))]
    own: Vec<u32>,
}

impl Owners {
    #[cfg(unix)]
    pub(super) fn of_process(variable: Variables<'_>) -> Self {
        let user = rustix::process::geteuid().as_raw();
        let caller = variable("SUDO_UID").filter(|_| user == 0);
        let caller = caller.and_then(|caller| caller.to_str()?.parse().ok());
        Self { own: [user, 0].into_iter().chain(caller).collect() }
    }

    #[cfg(not(unix))]
    pub(super) fn of_process(_variable: Variables<'_>) -> Self {
        Self { own: Vec::new() }
    }

    /// Why a file is not obeyed, if it belongs to somebody else.
    #[cfg(unix)]
    pub(super) fn fault(&self, metadata: &Metadata) -> Option<String> {
        use std::os::unix::fs::MetadataExt as _;
        let owner = metadata.uid();
        (!self.own.contains(&owner)).then(|| format!("it belongs to another user ({owner})"))
    }

    #[cfg(not(unix))]
    pub(super) fn fault(&self, _metadata: &Metadata) -> Option<String> {
        None
    }

    /// As if the process ran for another user.
    #[cfg(all(test, unix))]
    pub(super) fn nobody() -> Self {
        Self { own: Vec::new() }
    }
}
