//! Interning: each different name gets the next dense number, once.
//!
//! The table holds four bytes a key and looks the names up where they are kept anyway. Names are
//! hashed by xxHash64, which is already on board for checking compressed files and is fast on
//! short keys; objects, which are numbers, by the finishing step of SplitMix64. Both are seeded
//! with a constant, so that the same file takes the same steps everywhere: somebody who crafts
//! collisions slows down nobody's page but their own.

use super::{Key, Names};
use hashbrown::HashTable;
use std::str;
use twox_hash::XxHash64;

const SEED: u64 = 0x736c_7569_6365;

/// The names of a text file, in the order of their first request.
#[derive(Clone, Debug, Default)]
pub(super) struct TextKeys {
    table: HashTable<u32>,
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl TextKeys {
    /// The key of `name`, or nothing where a new name would take all of them past `most` bytes.
    #[inline]
    pub(super) fn key(&mut self, name: &[u8], most: usize) -> Option<Key> {
        let TextKeys { table, bytes, ends } = self;
        let hash = XxHash64::oneshot(SEED, name);
        if let Some(key) = table.find(hash, |key| named(bytes, ends, *key) == name) {
            return Some(Key(*key));
        }
        if bytes.len() + name.len() > most {
            return None;
        }
        let key = u32::try_from(ends.len()).ok()?;
        bytes.extend_from_slice(name);
        ends.push(u32::try_from(bytes.len()).ok()?);
        table.insert_unique(hash, key, |key| XxHash64::oneshot(SEED, named(bytes, ends, *key)));
        Some(Key(key))
    }

    /// The names, and how many of them were not UTF-8 and had to be mended for showing.
    pub(super) fn into_names(mut self) -> (Names, usize) {
        let keys = 0..self.ends.len() as u32;
        let broken = |key: &u32| str::from_utf8(named(&self.bytes, &self.ends, *key)).is_err();
        let mended = keys.filter(broken).count();
        if mended > 0 {
            self.mend();
        }
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        (Names::Read { bytes: self.bytes, ends: self.ends }, mended)
    }

    /// Puts a replacement mark where a name is not UTF-8. Names that differed stay different keys,
    /// even where they now look alike.
    fn mend(&mut self) {
        let mut bytes = Vec::with_capacity(self.bytes.len() + self.bytes.len() / 8);
        let mut ends = Vec::with_capacity(self.ends.len());
        for key in 0..self.ends.len() as u32 {
            let name = String::from_utf8_lossy(named(&self.bytes, &self.ends, key));
            bytes.extend_from_slice(name.as_bytes());
            ends.push(bytes.len() as u32);
        }
        (self.bytes, self.ends) = (bytes, ends);
    }
}

/// The name of `key` in the run of all names.
#[inline]
fn named<'a>(bytes: &'a [u8], ends: &[u32], key: u32) -> &'a [u8] {
    let key = key as usize;
    let start = if key == 0 { 0 } else { ends[key - 1] as usize };
    &bytes[start..ends[key] as usize]
}

/// The objects of a binary file, in the order of their first request.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberKeys {
    table: HashTable<u32>,
    objects: Vec<u64>,
}

impl NumberKeys {
    /// The key of `object`.
    #[inline]
    pub(super) fn key(&mut self, object: u64) -> Key {
        let NumberKeys { table, objects } = self;
        let hash = mixed(object);
        if let Some(key) = table.find(hash, |key| objects[*key as usize] == object) {
            return Key(*key);
        }
        let key = objects.len() as u32;
        objects.push(object);
        table.insert_unique(hash, key, |key| mixed(objects[*key as usize]));
        Key(key)
    }

    pub(super) fn into_names(mut self) -> Names {
        self.objects.shrink_to_fit();
        Names::Objects(self.objects)
    }
}

/// Every bit of the object reaches every bit of the hash.
#[inline]
fn mixed(object: u64) -> u64 {
    let mut hash = object ^ SEED;
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
