//! Scenarios of the labs of invalidation that each make a point.

use crate::lab::Preset;

/// How a cache learns of a change; the first is where the lab opens.
pub const INVALIDATION: &[Preset] = &[
    Preset {
        name: "Four textbook ways",
        point: "Who is told nothing gives old values out; who deletes lets readers wait; who acknowledges early can lose writes. The table below has all eleven.",
        query: "strategies=ttl,cache-aside,write-through,write-behind&arrivals=poisson:50&operations=400&writes=0.1&keys=6&seed=1&runs=1",
    },
    Preset {
        name: "A crash before the flush",
        point: "Writes 5, 6 and 7 were acknowledged and are gone: the cache restarts before their flush. 5 had given its place in the queue to 7 and is lost with it; 1 and 2 are not, for the value of 4 covers them in the database. Write-through loses nothing and lets every writer wait 18 ms instead of 1.",
        query: "strategies=write-behind:age=0.9,write-behind:age=0.9:coalesce=no,write-through&arrivals=constant:4&operations=12&writes=0&keys=3&script=w1,w1,w2,w1,w1,w3,w1,r1,r2,r3&troubles=restart@1.9&write=constant:0.015&read=constant:0.01&seed=1&runs=1",
    },
    Preset {
        name: "How much is at risk",
        point: "The same crash costs more writes the longer values wait for their flush, and nothing where nobody waits. The price of little risk is a statement for every few writes.",
        query: "strategies=write-behind:age=1:batch=100,write-behind:age=0.1,write-behind:batch=4,write-through&arrivals=poisson:50&operations=400&writes=0.5&keys=6&troubles=restart@4.5&seed=1&runs=1",
    },
    Preset {
        name: "Coalescing",
        point: "A later value of a key takes the place of one that waits, so that 1,939 writes become 339 rows. Without coalescing all are written, in batches. Write-through needs the one connection for each of them and cannot keep up.",
        query: "strategies=write-behind:coalesce=yes,write-behind:coalesce=no,write-through&arrivals=poisson:200&operations=4000&writes=0.5&keys=20&skew=1.2&connections=1&timeout=60&seed=1&runs=1",
    },
    Preset {
        name: "A lost invalidation",
        point: "One message that deletes gets lost. With a TTL the old value is given out for the rest of its life, without one for good. Only who asks the database for the version does not notice.",
        query: "strategies=cache-aside:ttl=5,cache-aside:ttl=never,change-log:ttl=5,versioned-keys&arrivals=constant:10&operations=100&writes=0&keys=1&script=r1,w1&troubles=lost@0&timeout=0.2&seed=1&runs=1",
    },
    Preset {
        name: "Cache and database parted",
        point: "For three seconds the two cannot reach each other; servers reach both. Cache-aside does not notice. What has to go through the cache to the database fails; the writes of write-behind need not, and it catches up. Notices of the change log wait, and old values stay for as long.",
        query: "strategies=cache-aside,write-through,write-behind,change-log&arrivals=poisson:50&operations=500&writes=0.1&keys=6&troubles=parted@3-6&timeout=0.2&seed=1&runs=1",
    },
    Preset {
        name: "The database is down",
        point: "For four seconds the database refuses everything. With a TTL entries expire and reads fail; stale-if-error gives the old ones. The window of stale-while-revalidate is just long enough here. Writes fail everywhere but with write-behind, which keeps them.",
        query: "strategies=ttl:ttl=2,stale-if-error:max-age=2:window=60,stale-while-revalidate:max-age=2:window=3,write-behind:ttl=2&arrivals=poisson:50&operations=500&writes=0.05&keys=6&troubles=down@3-7&seed=1&runs=1",
    },
    Preset {
        name: "The cache cannot be reached",
        point: "For two seconds no server reaches the cache, which keeps what it has. Who looks aside waits for the time-out and asks the database; who reads through gets an error. Deletions do not arrive, so afterwards old values are given out until they expire.",
        query: "strategies=cache-aside,read-through,write-behind,ttl&arrivals=poisson:50&operations=400&writes=0.1&keys=6&troubles=unreachable@3-5&timeout=0.2&seed=1&runs=1",
    },
    Preset {
        name: "Clocks that are off",
        point: "Three servers say until when a value is to be kept, and their clocks are off by up to one and a half seconds: a TTL of two seconds becomes one of up to three and a half. A cache that counts by its own clock is not concerned, and where writes delete it hardly matters.",
        query: "strategies=ttl:ttl=2,stale-while-revalidate:max-age=2:window=0,cache-aside:ttl=2&arrivals=poisson:50&operations=2000&writes=0.05&keys=6&clocks=1.5&seed=1&runs=1",
    },
    Preset {
        name: "Volatile and stable data",
        point: "Only the two most popular of twenty keys are ever written; all the others expire for nothing. The chart “By rate of change” has what theory expects of other shares of writes.",
        query: "strategies=ttl:ttl=5,cache-aside:ttl=5,refresh-ahead,write-around&arrivals=poisson:50&operations=4000&writes=0.2&keys=20&volatile=0.1&seed=1&runs=1",
    },
    Preset {
        name: "Memory of old versions",
        point: "With versioned keys nothing is ever deleted, so twenty keys fill more than six hundred places. In return no read is stale, and each waits for the database’s word.",
        query: "strategies=versioned-keys:ttl=never,cache-aside:ttl=never,write-through:ttl=never&arrivals=poisson:100&operations=4000&writes=0.2&keys=20&seed=1&runs=1",
    },
    Preset {
        name: "Against theory",
        point: "Messages take no time, and hits and stale reads are as the closed forms of four strategies say, within the interval of twenty runs.",
        query: "strategies=ttl:ttl=1,cache-aside:ttl=1,stale-while-revalidate:max-age=1:window=4,change-log:delay=0.5:ttl=never&arrivals=poisson:100&near=constant:0&read=constant:0&write=constant:0&far=0&operations=20000&writes=0.2&keys=20&skew=0.8&seed=1&runs=20",
    },
];

/// A hot value expires.
pub const STAMPEDE: &[Preset] = &[
    Preset {
        name: "One hot key",
        point: "One key is read 500 times a second, and its value takes 0.2 s to load. At each expiry some hundred readers load it at once, as theory says (1 + λL); with single flight one a server does. With early refresh fewer than ten do: most of its loads are from the start, when there was nothing yet to refresh.",
        query: "strategies=cache-aside:ttl=5,single-flight:ttl=5,single-flight:ttl=5:scope=all,xfetch:ttl=5&arrivals=poisson:500&operations=10000&writes=0&keys=1&read=constant:0.2&near=exponential:0.0005&timeout=10&seed=1&runs=1",
    },
    Preset {
        name: "A database with ten connections",
        point: "The database can do ten queries at once. A stampede of a hundred waits in line behind itself, and servers that wait for one second give up; single flight never needs more than three connections.",
        query: "strategies=cache-aside:ttl=5,jitter:ttl=5,single-flight:ttl=5,xfetch:ttl=5:refresh=background&arrivals=poisson:500&operations=10000&writes=0&keys=1&read=constant:0.2&near=exponential:0.0005&connections=10&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "Filled together",
        point: "Four hundred keys are filled within ten milliseconds, and so they expire together. Jitter of a fifth of the TTL halves the peak at which they expire, jitter of half of it leaves a quarter. Single flight cannot spread them: they are different keys.",
        query: "strategies=cache-aside:ttl=5,jitter:ttl=5:spread=0.2,jitter:ttl=5:spread=0.5,single-flight:ttl=5:scope=all&arrivals=curve:0,40000;0.01,40000;0.02,0;0.5,0;0.6,2000&operations=24000&writes=0&keys=400&skew=0&read=constant:0.2&near=exponential:0.0005&timeout=10&seed=1&runs=1",
    },
    Preset {
        name: "Throwing dice",
        point: "Each reader of an entry throws dice whether to load it anew. How often they say yes, by how much of its life the entry has left, is the curve e^(−left/(βΔ)) of the chart “Early refreshes”: with β = 1 at 2 s left less than one in a hundred, at 0.4 s one in three.",
        query: "strategies=xfetch:ttl=5:beta=0.5,xfetch:ttl=5,xfetch:ttl=5:beta=3,cache-aside:ttl=5&arrivals=poisson:200&operations=20000&writes=0&keys=200&skew=0&read=constant:0.4&near=exponential:0.0005&timeout=10&seed=1&runs=1",
    },
    Preset {
        name: "Refreshed in the background",
        point: "Whoever may give the old value out meanwhile needs one query at each expiry, and nobody waits: refresh-ahead before, stale-while-revalidate after the value is past its time. A lease lets the others wait for the one who has it.",
        query: "strategies=cache-aside:ttl=5,refresh-ahead:ttl=5,stale-while-revalidate,lease:ttl=5&arrivals=poisson:500&operations=10000&writes=0&keys=1&read=constant:0.2&near=exponential:0.0005&timeout=10&seed=1&runs=1",
    },
    Preset {
        name: "Writes that delete",
        point: "A write deletes the entry, and no reader can refresh early what is gone: XFetch does as badly as nothing. Single flight helps all the same, but who waits for a load that began before a write gets the value from before it.",
        query: "strategies=cache-aside:ttl=5,single-flight:ttl=5,single-flight:ttl=5:scope=all,xfetch:ttl=5&arrivals=poisson:500&operations=10000&writes=0.005&keys=1&read=constant:0.2&near=exponential:0.0005&timeout=10&seed=1&runs=1",
    },
    Preset {
        name: "The cache cannot be reached",
        point: "For five seconds no server reaches the cache. Without it every read goes to the database; single flight still sends one at a time for each server.",
        query: "strategies=cache-aside:ttl=5,single-flight:ttl=5,single-flight:ttl=5:scope=all&arrivals=poisson:500&operations=10000&writes=0&keys=1&read=constant:0.2&near=exponential:0.0005&timeout=0.5&troubles=unreachable@8-13&seed=1&runs=1",
    },
];

/// Requests for what does not exist.
pub const ABSENT_KEYS: &[Preset] = &[
    Preset {
        name: "Half of the reads ask for nothing",
        point: "Half of all reads ask for one of a hundred keys that do not exist. Each of them is a query, unless the cache keeps that there is nothing, or a filter knows that there cannot be anything.",
        query: "strategies=plain,negative,bloom,bloom:nothing=1&arrivals=poisson:1000&operations=20000&writes=0&keys=1000&skew=0.9&absent=0.5&missing=100&capacity=1000&seed=1&runs=1",
    },
    Preset {
        name: "Never the same name twice",
        point: "A million made-up names: what is kept of one is never asked for again. Negative caching fills the cache with nothings and pushes values out; the filter stops more than 99 of a hundred.",
        query: "strategies=plain,negative:nothing=60,bloom&arrivals=poisson:1000&operations=20000&writes=0&keys=1000&skew=0.9&absent=0.5&missing=1000000&capacity=500&seed=1&runs=1",
    },
    Preset {
        name: "Bits and hashes",
        point: "More bits for each key make fewer mistakes, and the right number of hashes makes the fewest with given bits. Eight bits with one hash let 12 % pass, with six 2 %, as (1 − e^(−kn/m))^k says.",
        query: "strategies=bloom:bits=4,bloom:bits=8:hashes=1,bloom:bits=8,bloom:bits=16&arrivals=poisson:1000&operations=20000&writes=0&keys=1000&skew=0.9&absent=0.5&missing=1000000&capacity=500&seed=1&runs=1",
    },
    Preset {
        name: "A key comes into being",
        point: "Readers ask for keys that are about to be created. If a write does not delete, they hear “nothing” for up to a second more; if it does, hardly; of a filter that is told a second late, as long as that.",
        query: "strategies=negative:writes=silent,negative,bloom:delay=0.1,bloom:delay=1&arrivals=poisson:2000&operations=20000&writes=0.01&created=1&keys=1000&missing=100&absent=0.9&servers=4&seed=1&runs=1",
    },
    Preset {
        name: "A filter that is full",
        point: "The filter was made for 200 keys, and two thousand more come into being. Soon nearly every bit is set, and the filter lets most of what does not exist pass. More bits for each of the first keys only put that off.",
        query: "strategies=plain,bloom:bits=10,bloom:bits=32&arrivals=poisson:1000&operations=60000&writes=0.05&created=1&keys=200&missing=2000&absent=0.5&seed=1&runs=1",
    },
];

/// One key for everybody.
pub const HOT_KEYS: &[Preset] = &[
    Preset {
        name: "One key, one node",
        point: "Eight nodes, and one key at 900 reads a second: its node works nine tenths of the time, and reads queue there as in M/D/1; seven nodes do nothing. Four names spread it; a copy in each server needs no node.",
        query: "strategies=cache-aside:ttl=60,local-copies:ttl=60,replicas:ttl=60:names=4,replicas:ttl=60:names=16&arrivals=poisson:900&operations=20000&writes=0&keys=1&near=exponential:0.0005&nodes=8&work=0.001&seed=1&runs=1",
    },
    Preset {
        name: "More than a node can do",
        point: "At 1,500 reads a second the node of the key falls behind, and servers give up waiting and ask the database: a hot key in the cache becomes a hot key in the database.",
        query: "strategies=cache-aside:ttl=60,local-copies:ttl=60,tracking:ttl=60,replicas:ttl=60:names=4&arrivals=poisson:1500&operations=20000&writes=0&keys=1&near=exponential:0.0005&nodes=8&work=0.001&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "How many names",
        point: "Names fall where their hash says, as if by chance, and some on the same node: here two do, and nothing is gained. With eight the fullest node still has more than a third of the reads, with 64 a fifth; an eighth would be even.",
        query: "strategies=replicas:ttl=60:names=2,replicas:ttl=60:names=4,replicas:ttl=60:names=8,replicas:ttl=60:names=64&arrivals=poisson:1500&operations=20000&writes=0&keys=1&near=exponential:0.0005&nodes=8&work=0.001&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "What copies cost",
        point: "Ten keys, one operation in fifty a write. A copy that lives for a second spares seven of eight messages, and half of all reads are stale. If the cache tells servers to drop copies, as Redis does, 8 % are; without copies it would be half of that.",
        query: "strategies=cache-aside:ttl=60,local-copies:ttl=60:copy-ttl=1,tracking:ttl=60,replicas:ttl=60:names=16&arrivals=poisson:900&operations=20000&writes=0.02&keys=10&skew=2&near=exponential:0.0005&nodes=8&work=0.001&seed=1&runs=1",
    },
    Preset {
        name: "Many keys, some hot",
        point: "A thousand keys of uneven popularity. Ten copies at each server, of whichever keys were asked for last, halve the load of the fullest node, a hundred leave less than a quarter of it. Sixteen names for one key help less, as the second most popular is then the hottest.",
        query: "strategies=cache-aside:ttl=60,local-copies:ttl=60:copies=10,tracking:ttl=60:copies=100,replicas:ttl=60:names=16:hot=1&arrivals=poisson:3000&operations=30000&writes=0.01&keys=1000&skew=1.2&near=exponential:0.0005&nodes=8&work=0.001&timeout=1&seed=1&runs=1",
    },
];

/// An empty cache under load.
pub const COLD_CACHE: &[Preset] = &[
    Preset {
        name: "A restart under load",
        point: "The cache restarts while 800 reads a second come. Without a limit the database works for nobody: every answer comes when its server has given up, nothing fills the cache, and it stays like that. With one load at a time at each server it is over within seconds.",
        query: "strategies=ttl:ttl=60,limited:loads=1:line=40,limited:loads=1:line=40:warm=500,warm-up:warm=500&arrivals=curve:0,100;14,300;15,800;100,800&operations=36000&writes=0&keys=2000&skew=0.6&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&capacity=4000&troubles=restart@15&seed=1&runs=1",
    },
    Preset {
        name: "An empty cache at the start",
        point: "800 reads a second meet an empty cache. The few hundred values that get in before the line is too long are all that the cache will ever have.",
        query: "strategies=ttl:ttl=60,limited:loads=1:line=40,single-flight:ttl=60&arrivals=poisson:800&operations=16000&writes=0&keys=2000&skew=0.6&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&capacity=4000&seed=1&runs=1",
    },
    Preset {
        name: "Warm before the first client",
        point: "Five seconds before the first client, the most popular keys are fetched. The more of them, the fewer wait; the last thousand cost as much as the first and are worth less.",
        query: "strategies=ttl:ttl=60,warm-up:warm=200:at-once=4,warm-up:warm=1000:at-once=4,warm-up:warm=2000:at-once=4&arrivals=curve:0,0;4.999,0;5,800;100,800&operations=8000&writes=0&keys=2000&skew=1&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&capacity=4000&seed=1&runs=1",
    },
    Preset {
        name: "Wait, or an error at once",
        point: "Who finds its server’s places taken gets an error at once, waits in a short line, or waits for however long it takes: errors are traded for waiting.",
        query: "strategies=limited:loads=1:line=0,limited:loads=1:line=40,limited:loads=1:line=1000:patience=never&arrivals=curve:0,100;14,300;15,800;100,800&operations=36000&writes=0&keys=2000&skew=0.6&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&capacity=4000&troubles=restart@15&seed=1&runs=1",
    },
    Preset {
        name: "A limit that is none",
        point: "Twenty queries at a time still leave every answer in time. Four hundred do not: a limit above what the database can do within the time-out changes nothing.",
        query: "strategies=limited:loads=1,limited:loads=5,limited:loads=100:line=1000&arrivals=curve:0,100;14,300;15,800;100,800&operations=36000&writes=0&keys=2000&skew=0.6&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&capacity=4000&troubles=restart@15&seed=1&runs=1",
    },
    Preset {
        name: "A database that can bear it",
        point: "Sixteen connections are enough for every miss. The limit only makes clients wait.",
        query: "strategies=ttl:ttl=60,limited:loads=1,limited:loads=4&arrivals=poisson:300&operations=6000&writes=0&keys=2000&skew=0.6&near=exponential:0.0005&servers=4&connections=16&timeout=0.5&capacity=4000&seed=1&runs=1",
    },
];

/// Old and new servers share a cache.
pub const SCHEMA_CHANGE: &[Preset] = &[
    Preset {
        name: "Nobody thought of it",
        point: "Four servers change one after another. Under shared names each finds what it cannot read: as an error, or as a miss with which old and new throw each other’s entries out. With the schema in the key nobody sees the other’s entries; tolerant servers read both forms and write the old one until all have changed.",
        query: "strategies=shared-key,shared-key:unreadable=overwrite,schema-in-key,tolerant:delay=2&arrivals=poisson:500&operations=20000&writes=0.05&keys=500&skew=0.8&near=exponential:0.0005&servers=4&connections=8&timeout=1&rollout=10-30&seed=1&runs=1",
    },
    Preset {
        name: "Until the database is down",
        point: "Under shared names the misses of the rollout are more than the database can do: it falls behind, and then works for nobody. One miss more for each key, under a name for each form, it can bear; tolerant servers do not miss. Their errors are from the empty cache at the start.",
        query: "strategies=shared-key:unreadable=overwrite,schema-in-key,tolerant:delay=2&arrivals=poisson:1500&operations=60000&writes=0.005&keys=500&skew=0.8&near=exponential:0.0005&servers=4&connections=4&timeout=0.5&rollout=10-30&seed=1&runs=1",
    },
    Preset {
        name: "Two entries a key",
        point: "The cache has room for 300 entries. While both forms are in use the same room holds half as many keys.",
        query: "strategies=schema-in-key,tolerant:delay=2&arrivals=poisson:500&operations=20000&writes=0&keys=500&skew=0.8&near=exponential:0.0005&servers=4&connections=8&timeout=1&capacity=300&rollout=10-30&seed=1&runs=1",
    },
    Preset {
        name: "A write that both must see",
        point: "A write deletes under every name in use, so that no server is left with the old value; the second deletion is what a write pays. What is stale, late fills have left, as under one name.",
        query: "strategies=shared-key:unreadable=overwrite,schema-in-key,tolerant:delay=2&arrivals=poisson:500&operations=20000&writes=0.3&keys=50&skew=0.8&near=exponential:0.0005&servers=4&connections=8&timeout=1&rollout=10-30&seed=1&runs=1",
    },
];

/// Acting on what a cache says.
pub const HINTS: &[Preset] = &[
    Preset {
        name: "Trust, ask, or let it be refused",
        point: "A tenth of the operations write, and the cache is not told. Who trusts it is mistaken one time in three; who asks first pays a message each time; who lets the database compare pays only when the hint is wrong.",
        query: "strategies=trust,validate,conditional&arrivals=poisson:100&operations=10000&writes=0.1&keys=100&skew=0.8&near=exponential:0.0005&connections=8&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "Nearly always right",
        point: "Where hardly anything changes, a conditional act is as fast as trust; to ask first costs the same as ever. Trust is mistaken in 15 % of its acts all the same, for nobody corrects its entries.",
        query: "strategies=trust:ttl=60,validate:ttl=60,conditional:ttl=60&arrivals=poisson:100&operations=10000&writes=0.002&keys=100&skew=0.8&near=exponential:0.0005&connections=8&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "Hardly ever right",
        point: "To act first and be refused is now the dearest: two acts and a fetch for one decision.",
        query: "strategies=trust,validate,conditional&arrivals=poisson:100&operations=10000&writes=0.5&keys=10&skew=0.8&near=exponential:0.0005&connections=8&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "Between the check and the act",
        point: "Writes and acts take a tenth of a second. What is written after the check is not seen: the check was right, and the act is a mistake. Only who lets the database compare makes none.",
        query: "strategies=trust,validate,conditional&arrivals=poisson:100&operations=4000&writes=0.3&keys=5&skew=0.8&near=exponential:0.0005&write=exponential:0.1&timeout=1&seed=1&runs=1",
    },
    Preset {
        name: "How long a hint is kept",
        point: "The time to live is all that trust has: the shorter, the fewer mistakes and the more queries.",
        query: "strategies=trust:ttl=0.5,trust:ttl=5,trust:ttl=60&arrivals=poisson:100&operations=10000&writes=0.1&keys=100&skew=0.8&near=exponential:0.0005&connections=8&timeout=1&seed=1&runs=1",
    },
];
