//! The traces that come with the site. What each was recorded from, and how, stands beside them in
//! `www/traces/README.md`; a test holds this table against the files and their index.

/// A trace that was recorded from a real program and comes with the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// How links and scenarios name it, and the start of its file's name.
    pub id: &'static str,
    /// How people name it.
    pub title: &'static str,
    /// What asks for what in it, in a sentence.
    pub description: &'static str,
    /// How many requests it has.
    pub requests: u64,
    /// How many different objects they are for.
    pub objects: u64,
    /// A capacity, in objects, at which policies differ.
    pub capacity: u32,
}

/// All of them.
pub const RECORDED: &[Recorded] = &[
    Recorded {
        id: "build-files",
        title: "Files of a build",
        description: "Files opened for reading while the server of PostgreSQL 15 is compiled, one source file after another: the same few hundred headers return for each.",
        requests: 231_398,
        objects: 2_948,
        capacity: 200,
    },
    Recorded {
        id: "sqlite-pages",
        title: "Pages of a database",
        description: "Pages that SQLite reads for lookups of popular and less popular rows, sums over a few days, and now and then a sum over the whole table.",
        requests: 135_413,
        objects: 3_215,
        capacity: 300,
    },
    Recorded {
        id: "sort-pages",
        title: "Memory pages of a sort",
        description: "Memory pages that GNU sort touches while it sorts 4,000 long lines: the pages of late are the pages of next, so recency is nearly all there is to know.",
        requests: 719_242,
        objects: 665,
        capacity: 100,
    },
    Recorded {
        id: "grep-blocks",
        title: "Blocks of a search",
        description: "File blocks that grep reads in 160 searches through parts of a source tree: each search is a scan, and the same scans return.",
        requests: 170_208,
        objects: 10_467,
        capacity: 2_000,
    },
];
