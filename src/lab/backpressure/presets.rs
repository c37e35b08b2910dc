//! Scenarios of the labs of backpressure that each make a point.

use crate::lab::Preset;

/// The presets of one stage. The first seven are the same overload: for ten seconds twice as much comes as
/// two workers can serve, from callers who wait 15 seconds and try twice again.
pub const BACKPRESSURE: &[Preset] = &[
    Preset {
        name: "The spike, four answers",
        point: "For ten seconds twice as much comes as can be served. Doing nothing ends with the process killed; blocking loses nobody and lets everybody wait; refusing keeps the wait short and loses one in eight; scaling out is as good as both, and costs nearly twice as much.",
        query: "answers=nothing,block:bound=8,drop-tail:bound=8,scale-out:most=8:target=3:every=2:start-up=4:cool-down=20&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "Nothing",
        point: "Whatever comes is let in. The queue grows to the hundred requests that memory has room for, the process is killed and loses all of them, and everybody who comes while it is away is refused: one in six is never answered.",
        query: "answers=nothing&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "Slow down: block, credits, pull",
        point: "Three ways to tell a sender to wait, and one price: nobody is lost, the stage holds ten requests or two, and the queue stands at the door instead, where one in twenty waits for more than eleven seconds and the wait outlasts the spike by half a minute.",
        query: "answers=block:bound=8,credits:credit=8,pull&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "Drop: tail, head, random, CoDel",
        point: "Whom to drop. About seven in eight are answered whichever it is; who drops from the head or before the buffer is full answers sooner, and CoDel lets the burst in and begins late, so that it waits longest.",
        query: "answers=drop-tail:bound=20,drop-head:bound=20,drop-random:bound=20:min=3:max=12:weight=0.1,codel:target=0.3:interval=0.6:bound=60&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "Shed by priority",
        point: "As much is turned away as with drop tail, but not by the luck of who comes when: the most important fifth is answered to the last request, and the least important two fifths pay for it.",
        query: "answers=shed:bound=8,drop-tail:bound=8&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100&classes=1,2,2",
    },
    Preset {
        name: "Scale out, in time or not",
        point: "With workers that start up in four seconds everybody is answered and the spike is forgotten at once, for nearly twice the worker-seconds. With eight seconds memory runs out before they are there, and it costs almost as much.",
        query: "answers=scale-out:most=8:target=3:every=2:start-up=4:cool-down=20,scale-out:most=8:target=3:every=2:start-up=8:cool-down=20&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "Pause ingestion",
        point: "At twenty in the buffer ingestion is paused, at five it is resumed: nobody is lost and never more than twenty wait inside. What is drained in between comes in as a gulp; the wait at the door is what blocking would have cost.",
        query: "answers=watermarks:high=20:low=5,block:bound=20&arrivals=curve:0,6;20,6;21,20;31,20;32,6;120,6&service=exponential:0.2&messages=760&workers=2&runs=1&seed=1&timeout=15&retries=2&pause=1&memory=100",
    },
    Preset {
        name: "The slow consumer",
        point: "From 20 to 40 the workers take three times as long. Without a bound memory runs out; a bounded buffer that blocks loses nobody and waits thirteen seconds at the worst; dropping the oldest answers seven in eight within two.",
        query: "answers=nothing,block:bound=8,drop-head:bound=8&arrivals=poisson:7&service=exponential:0.2&messages=700&workers=2&runs=1&seed=1&slow=1:20-40:3&memory=80",
    },
    Preset {
        name: "The retry storm",
        point: "Callers wait two seconds and try three times again. After ten seconds of overload the queue is longer than their patience: workers are busy with requests that nobody wants any more, each of which has been sent again. Without a bound goodput never comes back, although the overload is long over; a short queue, or taking the newest first, is through in seconds.",
        query: "answers=nothing,drop-tail:bound=10,adaptive-lifo:target=0.2:interval=1&arrivals=curve:0,7;20,7;21,20;31,20;32,7;120,7&service=exponential:0.2&messages=1000&workers=2&runs=1&seed=1&timeout=2&retries=3&pause=0.5&memory=2000",
    },
    Preset {
        name: "Deadlines carried along",
        point: "The same storm; now a request carries its deadline and is thrown away unworked once its caller has gone. That alone is no cure: in order of coming the next one is always about to expire, and most of the work is still in vain. The newest first, it is not.",
        query: "answers=nothing,drop-tail:bound=10,adaptive-lifo:target=0.2:interval=1&arrivals=curve:0,7;20,7;21,20;31,20;32,7;120,7&service=exponential:0.2&messages=1000&workers=2&runs=1&seed=1&timeout=2&retries=3&pause=0.5&memory=2000&deadlines=carried",
    },
    Preset {
        name: "Who cannot wait",
        point: "The same storm before a door. The buffer is short and nothing is ever killed, but the queue now stands outside, callers give up there or just after, and come again: blocking slows down only those who can wait. Who cannot is better refused at once.",
        query: "answers=block:bound=8,drop-tail:bound=8&arrivals=curve:0,7;20,7;21,20;31,20;32,7;120,7&service=exponential:0.2&messages=1000&workers=2&runs=1&seed=1&timeout=2&retries=3&pause=0.5&memory=2000",
    },
    Preset {
        name: "The thundering restart",
        point: "From 20 to 30 nobody is there. All who came meanwhile try again, at pauses that double, and meet the usual traffic; what is let in without a bound takes longer than they wait, and the storm feeds itself until the process is killed. A bound is enough to come through.",
        query: "answers=nothing,drop-tail:bound=10,adaptive-lifo:target=0.2:interval=1&arrivals=poisson:7&service=exponential:0.2&messages=700&workers=2&runs=1&seed=1&timeout=5&retries=6&pause=0.5&memory=2000&down=1:20-30",
    },
    Preset {
        name: "The noisy neighbour",
        point: "Tenant 1 sends ten times as much as each of three others, more than there is. In one queue all lose alike, those who are modest too; with a queue a tenant the modest lose nobody, and tenant 1 has what is left.",
        query: "answers=drop-tail:bound=12,fair:bound=12&arrivals=poisson:15&service=exponential:0.2&messages=900&workers=2&runs=1&seed=1&tenants=10,1,1,1&memory=2000",
    },
    Preset {
        name: "A grant takes its time",
        point: "It takes 0.3 seconds until the sender learns of free room. Credit for two is too little to keep two workers busy meanwhile, credit for eight is enough; granted in one batch it comes late; and a worker that asks only when it is idle is idle for most of the time.",
        query: "answers=credits:credit=2:delay=0.3,credits:credit=8:delay=0.3,credits:credit=8:batch=8:delay=0.3,pull:delay=0.3&arrivals=poisson:6&service=exponential:0.2&messages=600&workers=2&runs=1&seed=1",
    },
    Preset {
        name: "A queue that stands",
        point: "For four seconds a tenth more comes than a router can send. A full tail keeps a queue of two hundred standing, each of whom waits for all the others, and it outlasts the overload; CoDel, with 5 and 100 milliseconds as in the RFC, and RED lose two in a hundred more and keep it short.",
        query: "answers=drop-tail:bound=200,drop-random:bound=200:max=50:weight=0.01,codel&arrivals=curve:0,800;2,800;2.1,1100;6,1100;6.1,800;10,800&service=constant:0.001&messages=9000&workers=1&runs=1&seed=1",
    },
    Preset {
        name: "Theory and measurement",
        point: "Poisson arrivals, exponential work, two workers at four fifths of their capacity: Erlang’s M/M/2 without a bound, and no other latency if senders wait for a place; M/M/2/6 with four places to wait, where one in thirteen is refused.",
        query: "answers=nothing,block:bound=4,drop-tail:bound=4&arrivals=poisson:8&service=exponential:0.2&messages=10000&workers=2&runs=20&seed=1",
    },
];

/// The presets of a chain.
pub const PIPELINES: &[Preset] = &[
    Preset {
        name: "Hop by hop",
        point: "From 15 to 40 the third stage takes three times as long. Its buffer fills, the workers before it cannot hand on, their buffer fills, and so on to the callers: half a minute later the pressure has been everywhere, no process ever held more than its bound, and nobody is lost.",
        query: "answers=block:bound=4&arrivals=poisson:6&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1&slow=3:15-40:3&memory=60",
    },
    Preset {
        name: "One stage without a bound",
        point: "The same chain, and once more with a middle stage that takes in whatever comes. There the pressure stops: the first stage and the callers notice nothing, until the middle one runs out of memory and is killed with all that it has gathered.",
        query: "answers=block:bound=4,block:bound=4:middle=unbounded&arrivals=poisson:6&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1&slow=3:15-40:3&memory=60",
    },
    Preset {
        name: "Turned away at the end",
        point: "Who is refused by the last stage has cost the first two their work: a seventh of all work is for nothing, and the callers are answered fast. Who is made to wait wastes nothing, and one in twenty waits for seventeen seconds.",
        query: "answers=drop-tail:bound=4,block:bound=4&arrivals=poisson:7&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1&slow=3:15-40:3",
    },
    Preset {
        name: "Work for nobody",
        point: "Callers wait four seconds and then go, and no stage knows. Two fifths of all work and more are for somebody who has gone, behind long buffers and short ones; the newest first, most of it is not.",
        query: "answers=block:bound=10,block:bound=2,adaptive-lifo:target=0.2:interval=1&arrivals=poisson:7&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1&slow=3:15-40:3&timeout=4",
    },
    Preset {
        name: "Deadlines along the chain",
        point: "The same, but each request carries its deadline from stage to stage, and whoever finds it passed throws it away: the slow stage no longer works for nobody, and a seventh more of the callers have their answers.",
        query: "answers=block:bound=10,block:bound=2,adaptive-lifo:target=0.2:interval=1&arrivals=poisson:7&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1&slow=3:15-40:3&timeout=4&deadlines=carried",
    },
    Preset {
        name: "Credit for every hop",
        point: "Each hop has credit of its own, and a grant takes 0.3 seconds. With credit for two every stage is starved now and then by the one behind it, and requests take twice as long as with credit for eight.",
        query: "answers=credits:credit=2:delay=0.3,credits:credit=8:delay=0.3&arrivals=poisson:5&service=exponential:0.2&messages=500&workers=2,2,2&runs=1&seed=1",
    },
    Preset {
        name: "The middle goes down",
        point: "From 15 to 25 the middle process is gone, with the three requests that it held. If senders wait, those three are all that is lost; if they are refused, all that comes for ten seconds is.",
        query: "answers=block:bound=4,drop-tail:bound=4&arrivals=poisson:6&service=exponential:0.2&messages=400&workers=2,2,2&runs=1&seed=1&down=2:15-25",
    },
    Preset {
        name: "Three queues in a row",
        point: "Without bounds each stage is an M/M/2 that knows nothing of the others (Burke’s theorem). Bounds of ten hardly ever matter; with bounds of one, stages hold each other up and the same work takes a sixth longer.",
        query: "answers=nothing,block:bound=10,block:bound=1&arrivals=poisson:6&service=exponential:0.2&messages=3000&workers=2,2,2&runs=10&seed=1",
    },
];
