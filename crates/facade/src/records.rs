//! What the store holds, as rkyv archives that are read in place. Apart from the model's types, so that
//! either can change without the other; [`LAYOUT`] is part of every key and envelope.

#[cfg(feature = "remote")]
pub(crate) mod claims;
mod numbered;

use repo_map_files::StatFingerprint;
use repo_map_model::{
    ContentHash, Definition, DefinitionKind, FileTags, LineSpan, NameId, Reference, ReferenceKind, Scope,
    ScopeId, ScopeKind,
};
use repo_map_tags::Outcome;
use rkyv::rancor;
use rkyv::util::AlignedVec;
use rkyv::{Archive, Deserialize, Serialize};

/// The version of the layouts below. Raise it with every change of a field.
pub(crate) const LAYOUT: u32 = 5;

/// What stands for "none" where an index is held.
const NONE: u32 = u32::MAX;

/// The tags of one content in one language.
#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Eq)]
pub(crate) struct TagRecord {
    /// The names one after the other.
    names: String,
    /// Where each name ends in `names`.
    name_ends: Vec<u32>,
    definitions: Vec<DefinitionRecord>,
    references: Vec<ReferenceRecord>,
    scopes: Vec<ScopeRecord>,
    /// What the file says of itself; empty for nothing.
    summary: String,
    /// How many bytes do not fit the grammar.
    misfit_bytes: u32,
    /// How far the extraction came: an `Outcome`'s code.
    outcome: u8,
}

#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Eq)]
struct DefinitionRecord {
    name: u32,
    line: u32,
    name_start: u32,
    signature_first: u32,
    signature_last: u32,
    signature_end: u32,
    end_line: u32,
    scope: u32,
    kind: u8,
    declaration: bool,
}

#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Eq)]
struct ReferenceRecord {
    name: u32,
    line: u32,
    kind: u8,
}

#[derive(Archive, Serialize, Deserialize, Debug, PartialEq, Eq)]
struct ScopeRecord {
    header_first: u32,
    header_last: u32,
    line: u32,
    end_line: u32,
    parent: u32,
    kind: u8,
}

/// What one path was when it was last looked at.
#[derive(Archive, Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileRecord {
    size: u64,
    mtime_ns: i64,
    ctime_ns: i64,
    inode: u64,
    /// When the fingerprint was taken: one that was taken too soon after the file's own times proves nothing.
    pub(crate) recorded_ns: i64,
    content: [u8; 32],
    /// The language that path and content gave; empty for none.
    language: String,
}

impl TagRecord {
    pub(crate) fn new(tags: &FileTags, outcome: Outcome, misfit_bytes: u32) -> Self {
        let mut names = String::new();
        let name_ends = tags
            .names()
            .iter()
            .map(|name| {
                names.push_str(name);
                u32::try_from(names.len())
                    .expect("the names of a file are shorter than the file, which is below 4 GiB")
            })
            .collect();
        let index = |id: Option<ScopeId>| id.map_or(NONE, |id| id.0);
        Self {
            names,
            name_ends,
            definitions: tags
                .definitions()
                .iter()
                .map(|d| DefinitionRecord {
                    name: d.name.0,
                    line: d.line,
                    name_start: d.name_start,
                    signature_first: d.signature.first,
                    signature_last: d.signature.last,
                    signature_end: d.signature_end,
                    end_line: d.end_line,
                    scope: index(d.scope),
                    kind: d.kind.code(),
                    declaration: d.declaration,
                })
                .collect(),
            references: tags
                .references()
                .iter()
                .map(|r| ReferenceRecord { name: r.name.0, line: r.line, kind: r.kind.code() })
                .collect(),
            scopes: tags
                .scopes()
                .iter()
                .map(|s| ScopeRecord {
                    header_first: s.header.first,
                    header_last: s.header.last,
                    line: s.line,
                    end_line: s.end_line,
                    parent: index(s.parent),
                    kind: s.kind.code(),
                })
                .collect(),
            summary: tags.summary().unwrap_or_default().to_owned(),
            misfit_bytes,
            outcome: outcome.code(),
        }
    }

    pub(crate) fn to_bytes(&self) -> AlignedVec {
        rkyv::to_bytes::<rancor::Error>(self).expect("writing to memory does not fail")
    }
}

impl ArchivedTagRecord {
    /// Reads an archive in place. `None` for bytes that are not one.
    pub(crate) fn access(bytes: &[u8]) -> Option<&Self> {
        rkyv::access::<Self, rancor::Error>(bytes).ok()
    }

    /// How far the extraction came. `None` when a later version wrote it.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        Outcome::from_code(self.outcome)
    }

    /// How many bytes do not fit the grammar.
    pub(crate) fn misfit_bytes(&self) -> u32 {
        self.misfit_bytes.to_native()
    }

    fn name(&self, index: u32) -> &str {
        let end = |index: u32| self.name_ends.get(index as usize).map_or(0, |end| end.to_native() as usize);
        let start = index.checked_sub(1).map_or(0, end);
        self.names.get(start..end(index)).unwrap_or_default()
    }

    /// Name, kind and whether it is a declaration, in source order.
    pub(crate) fn definitions(&self) -> impl Iterator<Item = (&str, DefinitionKind, bool)> {
        self.definitions.iter().map(|d| {
            let kind = DefinitionKind::from_code(d.kind).unwrap_or(DefinitionKind::Variable);
            (self.name(d.name.to_native()), kind, d.declaration)
        })
    }

    /// Each name that is used, once, with its number of uses. To be mentioned is none.
    #[cfg(any(feature = "lmdb", test))]
    pub(crate) fn reference_counts(&self) -> impl Iterator<Item = (&str, u32)> {
        let mut counts = vec![0u32; self.name_ends.len()];
        let mention = ReferenceKind::Mention.code();
        for reference in self.references.iter().filter(|reference| reference.kind != mention) {
            if let Some(count) = counts.get_mut(reference.name.to_native() as usize) {
                *count += 1;
            }
        }
        (0..).zip(counts).filter(|(_, count)| *count > 0).map(|(name, count)| (self.name(name), count))
    }

    /// What the file says of itself.
    pub(crate) fn summary(&self) -> Option<&str> {
        Some(self.summary.as_str()).filter(|summary| !summary.is_empty())
    }

    /// The model's value. `None` when an index points nowhere: a damaged or foreign record.
    pub(crate) fn to_tags(&self) -> Option<FileTags> {
        let names = (0..).take(self.name_ends.len()).map(|name| self.name(name).into()).collect();
        let id = |index: u32| (index != NONE).then_some(ScopeId(index));
        let definitions = self
            .definitions
            .iter()
            .map(|d| {
                Some(Definition {
                    name: NameId(d.name.to_native()),
                    kind: DefinitionKind::from_code(d.kind)?,
                    declaration: d.declaration,
                    line: d.line.to_native(),
                    name_start: d.name_start.to_native(),
                    signature: LineSpan::new(d.signature_first.to_native(), d.signature_last.to_native()),
                    signature_end: d.signature_end.to_native(),
                    end_line: d.end_line.to_native(),
                    scope: id(d.scope.to_native()),
                })
            })
            .collect::<Option<_>>()?;
        let references = self
            .references
            .iter()
            .map(|r| {
                Some(Reference {
                    name: NameId(r.name.to_native()),
                    kind: ReferenceKind::from_code(r.kind)?,
                    line: r.line.to_native(),
                })
            })
            .collect::<Option<_>>()?;
        let scopes = self
            .scopes
            .iter()
            .map(|s| {
                Some(Scope {
                    kind: ScopeKind::from_code(s.kind)?,
                    header: LineSpan::new(s.header_first.to_native(), s.header_last.to_native()),
                    line: s.line.to_native(),
                    end_line: s.end_line.to_native(),
                    parent: id(s.parent.to_native()),
                })
            })
            .collect::<Option<_>>()?;
        let tags = FileTags::from_parts(names, definitions, references, scopes).ok()?;
        Some(tags.with_summary(self.summary().map(Into::into)))
    }
}

impl FileRecord {
    pub(crate) fn new(
        stat: &StatFingerprint,
        recorded_ns: i64,
        content: ContentHash,
        language: &str,
    ) -> Self {
        Self {
            size: stat.size,
            mtime_ns: stat.mtime_ns,
            ctime_ns: stat.ctime_ns,
            inode: stat.inode,
            recorded_ns,
            content: content.0,
            language: language.to_owned(),
        }
    }

    pub(crate) fn to_bytes(&self) -> AlignedVec {
        rkyv::to_bytes::<rancor::Error>(self).expect("writing to memory does not fail")
    }

    /// Whether the record still speaks of a file that looks like this.
    pub(crate) fn proves(&self, stat: &StatFingerprint) -> bool {
        let same = self.size == stat.size
            && self.mtime_ns == stat.mtime_ns
            && self.ctime_ns == stat.ctime_ns
            && self.inode == stat.inode;
        same && stat.is_settled(self.recorded_ns)
    }

    pub(crate) fn content(&self) -> ContentHash {
        ContentHash(self.content)
    }

    pub(crate) fn language(&self) -> &str {
        &self.language
    }
}

impl ArchivedFileRecord {
    /// Reads an archive in place. `None` for bytes that are not one.
    pub(crate) fn access(bytes: &[u8]) -> Option<&Self> {
        rkyv::access::<Self, rancor::Error>(bytes).ok()
    }

    /// The same, out of the archive.
    pub(crate) fn to_record(&self) -> FileRecord {
        FileRecord {
            size: self.size.to_native(),
            mtime_ns: self.mtime_ns.to_native(),
            ctime_ns: self.ctime_ns.to_native(),
            inode: self.inode.to_native(),
            recorded_ns: self.recorded_ns.to_native(),
            content: self.content,
            language: self.language.as_str().to_owned(),
        }
    }

    /// Whether the record still speaks of a file that looks like this.
    pub(crate) fn proves(&self, stat: &StatFingerprint) -> bool {
        let same = self.size == stat.size
            && self.mtime_ns == stat.mtime_ns
            && self.ctime_ns == stat.ctime_ns
            && self.inode == stat.inode;
        same && stat.is_settled(self.recorded_ns.to_native())
    }

    pub(crate) fn content(&self) -> ContentHash {
        ContentHash(self.content)
    }

    pub(crate) fn language(&self) -> &str {
        &self.language
    }
}

#[cfg(test)]
mod tests {
    use repo_map_model::RepoPath;
    use repo_map_ranking::{Corpus, NumberedTags};

    use super::*;

    fn sample() -> FileTags {
        let mut builder = FileTags::builder();
        let (engine, naive) = (builder.name("Engine"), builder.name("naïve_名前"));
        let scope = builder.scope(Scope {
            kind: ScopeKind::Type,
            header: LineSpan::new(0, 0),
            line: 0,
            end_line: 9,
            parent: None,
        });
        for (name, kind, scope) in
            [(engine, DefinitionKind::Class, None), (naive, DefinitionKind::Method, Some(scope))]
        {
            builder.definition(Definition {
                name,
                kind,
                declaration: false,
                line: 3,
                name_start: 6,
                signature: LineSpan::new(2, 4),
                signature_end: 80,
                end_line: 9,
                scope,
            });
        }
        for line in [5, 7] {
            builder.reference(Reference { name: naive, kind: ReferenceKind::Call, line });
        }
        for name in [engine, naive] {
            builder.reference(Reference { name, kind: ReferenceKind::Mention, line: 8 });
        }
        builder.build().with_summary(Some("Engines, naïve ones.".into()))
    }

    #[test]
    fn tags_survive_the_archive() {
        let bytes = TagRecord::new(&sample(), Outcome::CompleteWithSyntaxErrors, 12).to_bytes();
        let record = ArchivedTagRecord::access(&bytes).unwrap();
        assert_eq!(record.to_tags(), Some(sample()));
        assert_eq!(record.outcome(), Some(Outcome::CompleteWithSyntaxErrors));
        assert_eq!(record.misfit_bytes(), 12);
        assert_eq!(record.summary(), Some("Engines, naïve ones."));
        assert_eq!(record.reference_counts().collect::<Vec<_>>(), [("naïve_名前", 2)]);
        let kinds = |of: ReferenceKind| NumberedTags::references(record).filter(move |(_, kind)| *kind == of);
        assert_eq!(kinds(ReferenceKind::Mention).count(), 2);
        assert!(NumberedTags::names(record).eq(sample().names().iter().map(|name| &**name)));
        let mut corpora = [Corpus::new(), Corpus::new()];
        let path = RepoPath::new("a.py").unwrap();
        let files = [corpora[0].set_tags(&path, record), corpora[1].set_tags(&path, &sample())];
        let told = |at: usize| {
            (corpora[at].definition_name(files[at], 0), corpora[at].mentions(files[at]).collect::<Vec<_>>())
        };
        assert_eq!(told(0), told(1));
        assert_eq!(record.definitions().next(), Some(("Engine", DefinitionKind::Class, false)));
    }

    #[test]
    fn an_empty_tag_list_is_a_value() {
        let bytes = TagRecord::new(&FileTags::default(), Outcome::Complete, 0).to_bytes();
        assert_eq!(ArchivedTagRecord::access(&bytes).unwrap().to_tags(), Some(FileTags::default()));
    }

    #[test]
    fn foreign_bytes_are_refused_not_believed() {
        let mut bytes = TagRecord::new(&sample(), Outcome::Complete, 0).to_bytes();
        let length = bytes.len();
        assert!(ArchivedTagRecord::access(&bytes[..length / 2]).is_none());
        bytes.fill(0xff);
        assert!(ArchivedTagRecord::access(&bytes).is_none());
    }
}
