//! Scenarios of the eviction lab that each make one point.

use crate::lab::Preset;

/// The presets, the lab's first picture first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "A scan through a warm set",
        point: "Two policies meet the same popular keys, then a scan of keys that nobody asks for again. Watch who keeps the popular ones.",
        query: "policies=lru,sieve&capacity=8&workload=zipf:0.7:6:30;scan:14@6;zipf:0.7:6:30&seed=1",
    },
    Preset {
        name: "One loop too large",
        point: "Nine keys in a circle, room for eight: LRU always lets go exactly what comes next. What was used last is here the better victim.",
        query: "policies=lru,mru,clock,opt&capacity=8&workload=loop:9:72&seed=1",
    },
    Preset {
        name: "More room, more misses",
        point: "Belady's anomaly: FIFO with room for four misses more often than with room for three. LRU and the optimum never do that.",
        query: "policies=fifo:capacity=3,fifo:capacity=4,lru:capacity=3,lru:capacity=4&capacity=4&workload=keys:1,2,3,4,1,2,5,1,2,3,4,5&seed=1",
    },
    Preset {
        name: "Yesterday's favourites",
        point: "The hot keys change every 60 requests. LFU still honours the old counts; LRU has forgotten them in time.",
        query: "policies=lfu,lru,arc&capacity=8&workload=hot:40:6:90:60:240&seed=3",
    },
    Preset {
        name: "Asked for once, never again",
        point: "Half of the requests are for keys that never return. S3-FIFO lets them out through its small queue before they can push out anything useful.",
        query: "policies=lru,s3-fifo,2q&capacity=12&workload=1*zipf:1:14:150|1*scan:150@14&seed=1",
    },
    Preset {
        name: "ARC changes its mind",
        point: "First recent keys matter, then frequent ones. Watch the target move each time a ghost is asked for.",
        query: "policies=arc&capacity=8&workload=drift:60:7:3:120;2*zipf:1:8:80|1*scan:60@60&seed=4",
    },
    Preset {
        name: "As good as it gets",
        point: "Belady's optimum knows the future. Its misses are the floor under every policy: the distance to it is what a better policy could still win.",
        query: "policies=opt,opt-bypass,sieve,lru&capacity=8&workload=zipf:0.8:30:200&seed=12",
    },
    Preset {
        name: "Database pages, for real",
        point: "The pages that SQLite read under a real mix of queries, recorded request by request.",
        query: "policies=lru,clock,arc,s3-fifo&capacity=500&workload=trace:sqlite-pages&seed=1",
    },
];
