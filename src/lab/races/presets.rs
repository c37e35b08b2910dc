//! Scenarios of the lab of races that each make a point.

use crate::lab::Preset;

/// The presets; the first is where the lab opens.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "The late fill",
        point: "A read misses and fetches version 0; before it fills the cache, a write changes the database and deletes. Of the ten orders of their five steps this one leaves the old value, for good. With leases, or with versions, the cache refuses the late fill. Let another client go next at any step, and see where that leads.",
        query: "strategies=cache-aside:ttl=never,lease:ttl=never,compare-and-set:ttl=never&clients=r,w&harm=left",
    },
    Preset {
        name: "Delete before the write",
        point: "The same two clients, but the write deletes first and changes the database then. Now six of the ten orders leave the old value: the read need not be slow, it is enough that it comes in between.",
        query: "strategies=delete-first:ttl=never,cache-aside:ttl=never&clients=r,w&harm=left",
    },
    Preset {
        name: "Two writers update",
        point: "Two writers change the database and then put their value into the cache. In two of the six orders the first at the database is the last at the cache. Deletions may come in any order, and so may values that carry their version.",
        query: "strategies=update:ttl=never,cache-aside:ttl=never,compare-and-set:ttl=never&clients=w,w&harm=left",
    },
    Preset {
        name: "Leases close it",
        point: "Three clients, five operations. Without leases 801 of 49,151 schedules have a stale read. With leases there is none; nor if a lease can be given to somebody else at any time because its reader takes too long, which makes more than five million schedules.",
        query: "strategies=cache-aside:ttl=never,lease:ttl=never:lease=never,lease:ttl=never&clients=r,wr,rw&harm=read",
    },
    Preset {
        name: "Versions, and the entry is gone",
        point: "The cache takes no older version than it has. But here the entry may have to make room once: if that happens between the write and the late fill, there is nothing to compare with, and the old value is taken in one of 23 schedules. A lease does not need the entry.",
        query: "strategies=compare-and-set:ttl=never,lease:ttl=never&clients=r,w&harm=left&evictions=1",
    },
    Preset {
        name: "Delete twice",
        point: "To delete once more a little later takes the bad orders from six of ten to three of twenty. That is fewer, not none: a fill that is later still comes after the second deletion as well. To delete once, but after the write, leaves one of ten.",
        query: "strategies=delete-first:ttl=never,double-delete:ttl=never,cache-aside:ttl=never&clients=r,w&harm=left",
    },
    Preset {
        name: "A short TTL ends it",
        point: "Where entries expire, nothing old is left for ever, whatever the order was. Without a time to live, half of the orders leave the old value if nobody deletes, and one of ten if the write does. What is read until the entry expires is another question: look for stale reads, and they are there.",
        query: "strategies=ttl:ttl=never,ttl:ttl=1,cache-aside:ttl=never,cache-aside:ttl=1&clients=r,w&harm=left",
    },
    Preset {
        name: "Three clients",
        point: "Two operations each, and stale reads are counted: 17.4 % of the schedules have one if the write deletes first, 5.9 % if it deletes last. To delete twice does worse than that, with 7.7 %, because the client is answered before the second deletion. Leases have none in 594,933,556 schedules.",
        query: "strategies=delete-first:ttl=never,cache-aside:ttl=never,double-delete:ttl=never,lease:ttl=never&clients=rr,wr,rw&harm=read",
    },
    Preset {
        name: "The cache asks for itself",
        point: "If the cache fetches what it does not have, it knows at a deletion that a fetch is under way: what that brings is given to the reader and not kept. None of ten orders leaves the old value. Nor does one of twenty if writes pass through the cache as well, which updates its entry once the database has the value.",
        query: "strategies=cache-aside:ttl=never,read-through:ttl=never,write-through:ttl=never&clients=r,w&harm=left",
    },
    Preset {
        name: "Writes in line",
        point: "Two servers that update the cache each on its own can be overtaken on the way from the database to the cache: two of six orders leave the old value. Through the cache writes go one after another. The second waits until the first is over, so entry and row change in the same order, in all six.",
        query: "strategies=update:ttl=never,write-through:ttl=never&clients=w,w&harm=left",
    },
];
