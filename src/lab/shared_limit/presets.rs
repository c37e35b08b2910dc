//! Scenarios of the lab of the shared limit that each make a point.

use crate::lab::Preset;

/// The presets; the first is where the lab opens.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "Four ways, one burst",
        point: "Twelve may pass in a second, and forty come. In parts nothing goes over, but nodes refuse while others have room. A script is exact and costs everybody a round trip. Read first and write later, and three too many pass; synchronise every half second, and it is twice the limit.",
        query: "designs=split,central-script,central-race,local-sync:every=0.5&arrivals=poisson:40&latency=constant:0.05&limit=12&window=1&requests=60&runs=1&seed=3",
    },
    Preset {
        name: "Two nodes read the same count",
        point: "The limit is one. Request 2 reads the counter before request 1 has written it, and passes as well. In a script the store reads, decides and writes in one step, and refuses it.",
        query: "designs=central-race:nodes=2,central-script:nodes=2&arrivals=times:0.1,0.12,0.4&latency=constant:0.05&limit=1&window=1&requests=3&runs=1&seed=1&balance=round-robin",
    },
    Preset {
        name: "The race grows with the distance",
        point: "What comes within a round trip of the last permit goes over: nothing next to the store, one request in a window at 10 ms, four at 40 ms, sixteen at 160 ms. Theory stands beside it.",
        query: "designs=central-race:distance=0,central-race,central-race:distance=4,central-race:distance=16&arrivals=poisson:100&latency=constant:0.005&limit=50&window=1&requests=1000&runs=20&seed=1",
    },
    Preset {
        name: "A node races with itself",
        point: "One node or eight: the very same requests go over. A race needs two requests under way at a time, not two nodes.",
        query: "designs=central-race:nodes=1,central-race:nodes=8&arrivals=poisson:40&latency=constant:0.04&limit=15&window=1&requests=80&runs=1&seed=2",
    },
    Preset {
        name: "A write that undoes another",
        point: "Nodes that write what they have read, plus one, lose count: of two that read the same number one is forgotten. The counter never reaches the limit, and everybody passes.",
        query: "designs=central-race,central-race:write=set,central-script&arrivals=poisson:60&latency=constant:0.02&limit=20&window=1&requests=120&runs=1&seed=4",
    },
    Preset {
        name: "A skewed load balancer",
        point: "Node 1 gets seven of ten requests and a quarter of the limit. It refuses while the other parts lie idle. One counter for all does not mind, and small batches hardly do.",
        query: "designs=split,central-script,leased:batch=2&arrivals=poisson:30&latency=constant:0.02&limit=20&window=1&requests=120&runs=1&seed=5&balance=skewed",
    },
    Preset {
        name: "Every 100 ms or every 5 s",
        point: "Synchronised ten times a second, a limit of 300 is exceeded by a few percent; once a second by a quarter; every five seconds it is more than doubled. Fewer messages, more that nobody knows of.",
        query: "designs=local-sync:every=0.1,local-sync,local-sync:every=5,central-script&arrivals=poisson:100&latency=constant:0.005&limit=300&window=10&requests=2000&runs=5&seed=1",
    },
    Preset {
        name: "Twice the nodes",
        point: "As long as they hear nothing of each other, each node admits the whole limit: one goes over by nothing, two by 100 %, four by 300 %, eight by 700 %.",
        query: "designs=local-sync:nodes=1:every=10,local-sync:nodes=2:every=10,local-sync:every=10,local-sync:nodes=8:every=10&arrivals=poisson:300&latency=constant:0.005&limit=50&window=2&requests=1800&runs=1&seed=6&balance=round-robin",
    },
    Preset {
        name: "The store goes away",
        point: "From 2.5 s to 5.5 s the store does not answer. Nodes that fail open let everybody pass, those that fail closed nobody, and both let everybody wait for the time-out first. Local counters go on, and go over as they do.",
        query: "designs=central-script,central-script:on-failure=closed,local-sync:every=0.5&arrivals=poisson:20&latency=constant:0.02&limit=10&window=1&requests=160&runs=1&seed=7&timeout=0.2&outage=2.5-5.5",
    },
    Preset {
        name: "How large a batch?",
        point: "One permit at a time is exact, and slower than a script, because requests queue for their node’s next one. Five at a time cut the delay to a quarter. Twenty at a time lie stranded where nobody needs them.",
        query: "designs=leased:batch=1,leased,leased:batch=20,central-script&arrivals=poisson:50&latency=constant:0.02&limit=40&window=1&requests=300&runs=1&seed=8",
    },
];
