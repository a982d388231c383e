use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The files of a small `.git`: three commits of two files. Objects are held as they are before compression.
pub struct Repository {
    /// Names from the root of the repository, with their bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Repository {
    /// A repository whose `HEAD` is whole.
    pub fn new() -> Self {
        let mut made = Self { files: Vec::new() };
        let mut parent = String::new();
        let mut blob = [0; 20];
        for (number, text) in
            ["def one(): pass\n", "def one(): return 2\n", "def one():\n    return three()\n"]
                .iter()
                .enumerate()
        {
            blob = made.object("blob", text.as_bytes());
            let inner = made.object("tree", &[b"100644 b.py\0".as_slice(), &blob].concat());
            let tree = [b"100644 a.py\0".as_slice(), &blob, b"40000 src\0", &inner].concat();
            let tree = made.object("tree", &tree);
            let text = format!(
                "tree {}\n{parent}author a <a@b> {number} +0000\ncommitter a <a@b> {number} +0000\n\nchange {number}\n",
                hex(&tree)
            );
            parent = format!("parent {}\n", hex(&made.object("commit", text.as_bytes())));
        }
        let head = parent.trim_start_matches("parent ").to_owned();
        let mut file = |name: &str, bytes: &[u8]| made.files.push((format!(".git/{name}"), bytes.to_vec()));
        file("refs/heads/main", head.as_bytes());
        file("HEAD", b"ref: refs/heads/main\n");
        file("config", b"[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
        file("index", &index(&blob));
        file(
            "packed-refs",
            format!("# pack-refs with: peeled fully-peeled sorted \n{} refs/tags/x\n", head.trim())
                .as_bytes(),
        );
        file("shallow", b"");
        file("objects/info/alternates", b"");
        made.files.push(("a.py".to_owned(), b"def one(): pass\n".to_vec()));
        made
    }

    /// The bytes as they are written: objects compressed.
    pub fn stored(name: &str, bytes: &[u8]) -> Vec<u8> {
        let is_object = name.strip_prefix(".git/objects/").is_some_and(|rest| rest.len() == 41);
        if !is_object {
            return bytes.to_vec();
        }
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
    }

    fn object(&mut self, kind: &str, body: &[u8]) -> [u8; 20] {
        let bytes = [format!("{kind} {}\0", body.len()).as_bytes(), body].concat();
        let id = sha1_smol::Sha1::from(&bytes).digest().bytes();
        let name = hex(&id);
        self.files.push((format!(".git/objects/{}/{}", &name[..2], &name[2..]), bytes));
        id
    }
}

impl Default for Repository {
    fn default() -> Self {
        Self::new()
    }
}

fn index(blob: &[u8; 20]) -> Vec<u8> {
    let mut bytes = [b"DIRC".as_slice(), &2u32.to_be_bytes(), &1u32.to_be_bytes()].concat();
    let mut entry = [0u32, 0, 0, 0, 0, 0, 0o100_644, 0, 0, 1].map(u32::to_be_bytes).concat();
    entry.extend(blob);
    entry.extend(4u16.to_be_bytes());
    entry.extend(b"a.py");
    entry.resize(entry.len() + 8 - entry.len() % 8, 0);
    bytes.extend(entry);
    bytes.extend([b"TREE".as_slice(), &25u32.to_be_bytes(), b"\x001 0\n"].concat());
    bytes.extend(blob);
    bytes.extend(sha1_smol::Sha1::from(&bytes).digest().bytes());
    bytes
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
