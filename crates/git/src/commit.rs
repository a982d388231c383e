use gix_hash::{Kind, ObjectId};

/// What a commit says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Commit<'b> {
    /// Its tree.
    pub tree: ObjectId,
    /// Its parents, at most [`MAX_PARENTS`](Self::MAX_PARENTS).
    pub parents: Vec<ObjectId>,
    /// Seconds since the epoch, by the committer's clock; 0 where it says none.
    pub time: i64,
    /// As it stands; empty where the bytes end before it.
    pub message: &'b [u8],
}

impl<'b> Commit<'b> {
    /// More than any known merge has: the largest of Linux has 66.
    pub const MAX_PARENTS: usize = 256;

    /// Reads a commit, or of one that is not whole as much of its beginning as there is. `None` when it is none.
    pub fn parse(bytes: &'b [u8], is_whole: bool, kind: Kind) -> Option<Self> {
        let mut rest = bytes;
        let tree = id(line(&mut rest)?.strip_prefix(b"tree ")?, kind)?;
        let mut commit = Self { tree, parents: Vec::new(), time: 0, message: b"" };
        let mut has_committer = false;
        while let Some(line) = line(&mut rest) {
            if line.is_empty() {
                commit.message = rest;
                break;
            } else if let Some(parent) = line.strip_prefix(b"parent ") {
                let parent = id(parent, kind)?;
                if commit.parents.len() < Self::MAX_PARENTS {
                    commit.parents.push(parent);
                }
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                commit.time = time(committer).unwrap_or(0);
                has_committer = true;
            }
        }
        (has_committer || !is_whole).then_some(commit)
    }
}

/// What an annotated tag names. `None` when the bytes are none.
pub(crate) fn tagged(bytes: &[u8], kind: Kind) -> Option<ObjectId> {
    let mut rest = bytes;
    id(line(&mut rest)?.strip_prefix(b"object ")?, kind)
}

/// Takes a line off the front, without its end.
fn line<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let line = &rest[..end];
    *rest = &rest[end + 1..];
    Some(line)
}

fn id(hex: &[u8], kind: Kind) -> Option<ObjectId> {
    ObjectId::from_hex(hex).ok().filter(|id| id.kind() == kind)
}

/// `name <mail> seconds zone`
fn time(committer: &[u8]) -> Option<i64> {
    let after = committer.iter().rposition(|&byte| byte == b'>')? + 1;
    let seconds = committer[after..].trim_ascii_start();
    let end = seconds.iter().position(u8::is_ascii_whitespace).unwrap_or(seconds.len());
    std::str::from_utf8(&seconds[..end]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789012345678901234567890123456789";

    #[test]
    fn a_commit_is_read_with_its_signatures_and_without_its_end() {
        let text = format!(
            "tree {ID}\nparent {ID}\nparent {ID}\nauthor a <a@b> 5 +0000\ncommitter c > <c@d> -7 +0100\n\
             gpgsig -----BEGIN\n \n parent x\n -----END\n\ntitle\n\nbody\n"
        );
        let commit = Commit::parse(text.as_bytes(), true, Kind::Sha1).unwrap();
        assert_eq!((commit.parents.len(), commit.time, commit.message), (2, -7, &b"title\n\nbody\n"[..]));
        let cut = text.find("gpgsig").unwrap() + 3;
        assert_eq!(Commit::parse(&text.as_bytes()[..cut], false, Kind::Sha1).unwrap().message, b"");
        for end in 0..text.len() {
            let _ = Commit::parse(&text.as_bytes()[..end], end % 2 == 0, Kind::Sha1);
        }
        assert_eq!(Commit::parse(text.as_bytes(), true, Kind::Sha256), None);
    }
}
