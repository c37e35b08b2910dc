//! Scenarios of the lab of delayed jobs that each make a point.

use crate::lab::Preset;

/// The presets; the first is where the lab opens.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "The heap at work",
        point: "The next job is always at the root. A new one climbs as long as it is due before its parent; when the root fires, the last one takes its place and sinks. Nothing is late, and nobody looks in vain.",
        query: "schedulers=heap&arrivals=poisson:1.5&delay=uniform:2:14&service=exponential:0.5&messages=30&runs=1&seed=2",
    },
    Preset {
        name: "The wheel at work",
        point: "Eight slots of a second, and a pointer. A job that is due in more than a round waits for its number of rounds, and whatever is in a slot fires when its tick is over: up to a second late.",
        query: "schedulers=wheel:tick=1:slots=8&arrivals=poisson:1.5&delay=uniform:1:20&service=exponential:0.5&messages=30&runs=1&seed=2",
    },
    Preset {
        name: "Hours, minutes, seconds",
        point: "Three wheels of six slots. A job waits on the coarse wheel of the highest digit that is yet to change, and comes down when that wheel moves on: two moves at most, and no rounds to count.",
        query: "schedulers=hierarchical-wheel:tick=1:slots=6&arrivals=poisson:1&delay=uniform:1:120&service=exponential:0.5&messages=24&runs=1&seed=3",
    },
    Preset {
        name: "Heap against wheels",
        point: "The same ten thousand time-outs. The heap compares more the more it holds and is never late; a wheel moves each job once or twice, whatever it holds, and is late by half a tick on average.",
        query: "schedulers=heap,wheel,hierarchical-wheel:tick=0.1&arrivals=poisson:100&delay=uniform:1:60&service=constant:0.01&messages=10000&runs=1&seed=4",
    },
    Preset {
        name: "The long delay at the head",
        point: "Job 1 has a delay of a minute, the others of a few seconds. RabbitMQ expires only the head of a queue, so all of them wait for job 1; with a queue for each delay none does.",
        query: "schedulers=rabbitmq-ttl,rabbitmq-ttl:queues=per-delay&arrivals=poisson:1&delay=constant:5&service=constant:0.5&messages=8&runs=1&seed=1&jobs=0@60,1@5,2@3,4@10,8@5,12@3,15@10,20@5",
    },
    Preset {
        name: "Longer than SQS allows",
        point: "SQS delays a message by fifteen minutes at most. A job that is due in an hour must be received and sent again three times; what is kept elsewhere just waits.",
        query: "schedulers=sqs-delay,sorted-set&arrivals=poisson:1&delay=constant:3600&service=constant:1&messages=4&runs=1&seed=1&jobs=0@600,60@900,120@3600,240@1500",
    },
    Preset {
        name: "The scheduler was down: run all",
        point: "A job runs every five seconds; from 22 to 46 the scheduler is down. When it is back, all five missed runs fire at once, and the workers have a heap of work that is out of date.",
        query: "schedulers=heap,wheel:tick=1:slots=16&arrivals=poisson:0.2&delay=uniform:2:12&service=constant:1.5&messages=10&runs=1&seed=5&recurring=5:5:14&down=22-46",
    },
    Preset {
        name: "The scheduler was down: once for all",
        point: "The same outage; the latest of the missed runs stands for all of them. Right for a report that looks at the present state, wrong for one that must cover every hour.",
        query: "schedulers=heap,wheel:tick=1:slots=16&arrivals=poisson:0.2&delay=uniform:2:12&service=constant:1.5&messages=10&runs=1&seed=5&recurring=5:5:14&down=22-46&catch-up=once",
    },
    Preset {
        name: "The scheduler was down: skip",
        point: "The same outage; what was missed is missed, and the next run comes at its usual time. Jobs that run once are made up for all the same.",
        query: "schedulers=heap,wheel:tick=1:slots=16&arrivals=poisson:0.2&delay=uniform:2:12&service=constant:1.5&messages=10&runs=1&seed=5&recurring=5:5:14&down=22-46&catch-up=skip",
    },
    Preset {
        name: "The clock jumps forward and back",
        point: "At 20 seconds somebody puts the clock forward by 15, at 45 back by 15. By the wall clock, jobs fire early, then late, and the recurring one twice; a steady clock does not notice.",
        query: "schedulers=heap,heap:clock=steady,hierarchical-wheel:tick=0.1:clock=wall&arrivals=poisson:0.6&delay=uniform:3:18&service=constant:0.5&messages=36&runs=1&seed=6&recurring=5:5:16&skew=20:15,45:-15&clock-back=again",
    },
    Preset {
        name: "A clock that runs fast",
        point: "A tenth too fast: a job that states a delay is early by a tenth of it; one that states a time of day is the earlier, the longer the clock has been running.",
        query: "schedulers=heap,sorted-set:poll=2&arrivals=poisson:0.5&delay=uniform:5:30&service=constant:0.5&messages=40&runs=1&seed=7&due=time&drift=1.1",
    },
    Preset {
        name: "A polled set’s rhythm",
        point: "A poller that asks every five seconds finds what has become due since it asked last: jobs come in bursts, half of an interval late on average, and a little more when the interval varies.",
        query: "schedulers=sorted-set:jitter=no,sorted-set,heap&arrivals=poisson:2&delay=uniform:5:40&service=exponential:0.5&messages=400&runs=1&seed=8&tolerance=5",
    },
];
