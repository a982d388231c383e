//! Git's own files, made without git: objects with any claim, packs, indexes, a repository around them.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};

use crate::attempt::write;

/// The name of an object.
pub(crate) type Id = [u8; 20];

/// Objects that wait to be written, loose or as a pack.
#[derive(Default)]
pub(crate) struct Objects {
    all: BTreeMap<Id, (Kind, Vec<u8>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Commit = 1,
    Tree = 2,
    Blob = 3,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Blob => "blob",
        }
    }
}

impl Objects {
    pub(crate) fn add(&mut self, kind: Kind, body: Vec<u8>) -> Id {
        let mut hash = sha1_smol::Sha1::new();
        hash.update(format!("{} {}\0", kind.name(), body.len()).as_bytes());
        hash.update(&body);
        let id = hash.digest().bytes();
        self.all.insert(id, (kind, body));
        id
    }

    pub(crate) fn blob(&mut self, text: &[u8]) -> Id {
        self.add(Kind::Blob, text.to_vec())
    }

    /// A tree of entries in the order in which they are given: mode, name, object.
    pub(crate) fn tree(&mut self, entries: &[(&str, String, Id)]) -> Id {
        self.add(Kind::Tree, tree(entries))
    }

    pub(crate) fn commit(&mut self, tree: Id, parents: &[Id], message: &str, time: usize) -> Id {
        let mut text = format!("tree {}\n", hex(tree));
        for parent in parents {
            text += &format!("parent {}\n", hex(*parent));
        }
        text += &format!("author a <a@b> {time} +0000\ncommitter a <a@b> {time} +0000\n\n{message}\n");
        self.add(Kind::Commit, text.into_bytes())
    }

    /// Each object in a file of its own.
    pub(crate) fn write_loose(&self, git: &Path) -> Result<()> {
        for (id, (kind, body)) in &self.all {
            let header = format!("{} {}\0", kind.name(), body.len());
            write_loose(git, *id, &deflated(&[header.as_bytes(), body].concat())?)?;
        }
        Ok(())
    }

    /// All objects in one pack, with an index of version 1.
    pub(crate) fn write_pack(&self, git: &Path) -> Result<()> {
        let packed = self.all.iter().map(|(id, (kind, body))| {
            let mut entry = pack_header(*kind as u8, body.len() as u64);
            entry.extend(deflated(body)?);
            Ok((*id, entry))
        });
        write_pack(git, &packed.collect::<Result<Vec<_>>>()?)
    }
}

pub(crate) fn tree(entries: &[(&str, String, Id)]) -> Vec<u8> {
    let entry = |(mode, name, id): &(&str, String, Id)| [format!("{mode} {name}\0").as_bytes(), id].concat();
    entries.iter().flat_map(entry).collect()
}

/// What stands before an object in a pack: its kind, and the size that it claims.
pub(crate) fn pack_header(kind: u8, size: u64) -> Vec<u8> {
    let mut rest = size >> 4;
    let mut bytes = vec![kind << 4 | (size & 15) as u8];
    while rest > 0 {
        *bytes.last_mut().expect("a header has a first byte") |= 128;
        bytes.push((rest & 127) as u8);
        rest >>= 7;
    }
    bytes
}

/// Writes a pack of entries in the order of their names.
pub(crate) fn write_pack(git: &Path, entries: &[(Id, Vec<u8>)]) -> Result<()> {
    let mut pack = [b"PACK".as_slice(), &2u32.to_be_bytes(), &(entries.len() as u32).to_be_bytes()].concat();
    let mut rows = Vec::new();
    let mut fan = [0u32; 256];
    for (id, entry) in entries {
        rows.extend((pack.len() as u32).to_be_bytes());
        rows.extend(id);
        pack.extend(entry);
        fan[id[0] as usize..].iter_mut().for_each(|count| *count += 1);
    }
    let trailer = sha1_smol::Sha1::from(&pack).digest().bytes();
    pack.extend(trailer);
    let mut index: Vec<u8> = fan.iter().flat_map(|count| count.to_be_bytes()).collect();
    index.extend(rows);
    index.extend(trailer);
    index.extend(sha1_smol::Sha1::from(&index).digest().bytes());
    let name = format!("objects/pack/pack-{}", hex(trailer));
    write(&git.join(format!("{name}.pack")), pack)?;
    write(&git.join(format!("{name}.idx")), index)
}

/// A loose object of any content under any name.
pub(crate) fn write_loose(git: &Path, id: Id, deflated: &[u8]) -> Result<()> {
    let name = hex(id);
    write(&git.join("objects").join(&name[..2]).join(&name[2..]), deflated)
}

pub(crate) fn deflated(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The zlib stream of a header and then `megabytes` of one byte: a thousandth of it in size, made without its bytes.
pub(crate) fn bomb(header: &[u8], byte: u8, megabytes: usize) -> Result<Vec<u8>> {
    let piece = |bytes: &[u8]| -> Result<Vec<u8>> {
        let mut compress = Compress::new(Compression::best(), false);
        let mut out = Vec::with_capacity(bytes.len() + 64);
        // Flushed whole, so that the piece stands alone and may be repeated.
        compress.compress_vec(bytes, &mut out, FlushCompress::Full)?;
        Ok(out)
    };
    let mega = vec![byte; 1 << 20];
    let (first, repeated) = (piece(header)?, piece(&mega)?);
    let mut stream = vec![0x78, 0x9c];
    stream.extend(first);
    for _ in 0..megabytes {
        stream.extend(&repeated);
    }
    stream.extend([3, 0]);
    let (mut low, mut high) = (1u64, 0u64);
    for byte in header {
        low = (low + u64::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    // The sums over the repeated byte in one step.
    let (count, byte) = ((megabytes as u128) << 20, u128::from(byte));
    high = ((u128::from(high) + count * u128::from(low) + byte * (count * (count + 1) / 2)) % 65521) as u64;
    low = ((u128::from(low) + count * byte) % 65521) as u64;
    stream.extend(((high << 16 | low) as u32).to_be_bytes());
    Ok(stream)
}

/// An index of version 2 that tracks these files, with extensions after them.
pub(crate) fn index(files: &[(&str, Id)], extensions: &[u8]) -> Vec<u8> {
    let mut bytes = [b"DIRC".as_slice(), &2u32.to_be_bytes(), &(files.len() as u32).to_be_bytes()].concat();
    for (name, id) in files {
        let mut entry = [0u32, 0, 0, 0, 0, 0, 0o100_644, 0, 0, 1].map(u32::to_be_bytes).concat();
        entry.extend(id);
        entry.extend((name.len() as u16).to_be_bytes());
        entry.extend(name.as_bytes());
        entry.resize(entry.len() + 8 - entry.len() % 8, 0);
        bytes.extend(entry);
    }
    bytes.extend(extensions);
    bytes.extend(sha1_smol::Sha1::from(&bytes).digest().bytes());
    bytes
}

/// An extension of an index.
pub(crate) fn extension(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [name.as_slice(), &(content.len() as u32).to_be_bytes(), content].concat()
}

/// A `.git` around objects, with `main` at a commit.
pub(crate) fn write_repository(git: &Path, commit: Id) -> Result<()> {
    fs::create_dir_all(git.join("objects/info"))?;
    fs::create_dir_all(git.join("refs/heads"))?;
    write(&git.join("HEAD"), "ref: refs/heads/main\n")?;
    write(&git.join("config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n")?;
    write(&git.join("refs/heads/main"), format!("{}\n", hex(commit)))
}

pub(crate) fn hex(id: Id) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::{Objects, bomb, hex};

    #[test]
    fn objects_have_the_names_that_git_gives_them() {
        assert_eq!(hex(Objects::default().blob(b"hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
    }

    #[test]
    fn a_bomb_is_a_whole_stream() {
        let mut bytes = Vec::new();
        flate2::read::ZlibDecoder::new(bomb(b"commit 3145728\0", b'a', 3).unwrap().as_slice())
            .read_to_end(&mut bytes)
            .unwrap();
        assert_eq!(bytes.len(), 15 + (3 << 20));
        assert!(bytes.ends_with(b"aaa"));
    }
}
