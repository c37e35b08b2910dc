//! Scenarios of the queueing labs that each make a point.

use crate::lab::Preset;

/// The presets of the worker pool.
pub const WORKER_POOL: &[Preset] = &[
    Preset {
        name: "A spike, levelled",
        point: "A minute of sign-ups comes in ten seconds. With a queue the workers go on at their own pace and nobody notices; without one, every caller holds the line until its work is done.",
        query: "queues=plain:workers=2,direct:workers=2&arrivals=curve:0,1;10,1;11,8;20,8;21,1;60,1&service=exponential:0.6&messages=140&seed=4",
    },
    Preset {
        name: "Why p99 explodes near full load",
        point: "The same messages to workers that are faster or slower: busy half of the time, four fifths, nine tenths, and nineteen twentieths of it. The mean grows; the tail runs away.",
        query: "queues=plain:workers=1:speed=2,plain:workers=1:speed=1.25,plain:workers=1:speed=1.111,plain:workers=1:speed=1.053&arrivals=poisson:1&service=exponential:1&messages=20000&runs=10&seed=3&warm-up=4000",
    },
    Preset {
        name: "One line or two?",
        point: "Two lines of their own, one shared line, or one worker who is twice as fast: the same capacity, three very different waits.",
        query: "queues=plain:workers=2:lines=own,plain:workers=2,plain:workers=1:speed=2&arrivals=poisson:1.6&service=exponential:1&messages=2000&runs=10&seed=5&warm-up=200",
    },
    Preset {
        name: "Theory and measurement",
        point: "M/M/3 at two thirds of its capacity: Erlang's formula says that four in nine messages wait, and 0.444 seconds on average over all. The measured mean says so too.",
        query: "queues=plain:workers=3&arrivals=poisson:2&service=exponential:1&messages=5000&runs=20&seed=1&warm-up=200",
    },
    Preset {
        name: "Full house",
        point: "The same traffic before a bounded line: refuse who comes when it is full, drop who has waited longest, or let the producers wait at the door.",
        query: "queues=plain:workers=1:bound=4,plain:workers=1:bound=4:overflow=drop-oldest,plain:workers=1:bound=4:overflow=block&arrivals=poisson:1.3&service=exponential:1&messages=300&seed=2",
    },
    Preset {
        name: "More than can be done",
        point: "Three messages come for every two that can be done. There is no steady state: the line grows as long as they come, and every wait is longer than the one before.",
        query: "queues=plain:workers=2,plain:workers=2:bound=10&arrivals=poisson:3&service=exponential:1&messages=300&seed=6",
    },
    Preset {
        name: "A worker breaks down",
        point: "Worker 1 breaks down in the middle of a message. Acknowledged before the work, the message is lost; acknowledged after it, somebody else does it; with a memory of what was done, it is done once.",
        query: "queues=plain:workers=2:ack=first,plain:workers=2,plain:workers=2:ack=once&arrivals=constant:1.2&service=constant:1.4&messages=24&seed=1&crashes=3.3@1,9.5@2&restart=4&crash=0.12&crash-point=before-ack",
    },
    Preset {
        name: "The urgent go first",
        point: "One message in five is urgent and goes before all others that wait. The mean over all hardly changes; what changes is whose wait it is.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=exponential:1&messages=2000&runs=10&seed=8&urgent=0.2&warm-up=200",
    },
    Preset {
        name: "Callers lose patience",
        point: "Who waits for more than a few seconds gives up. Erlang A: the line stays short, because it is kept short by those who leave.",
        query: "queues=plain:workers=2&arrivals=poisson:2.2&service=exponential:1&messages=3000&runs=10&seed=2&patience=exponential:3&warm-up=100",
    },
    Preset {
        name: "Sending text messages",
        point: "A campaign asks for three hundred text messages at once, the provider takes four at a time. The queue turns a burst into a steady stream; who asked is not held up.",
        query: "queues=sqs:workers=4:visibility=20&arrivals=curve:0,60;5,60;6,0&service=uniform:0.2:0.6&messages=300&seed=9",
    },
    Preset {
        name: "Invoices must not be lost",
        point: "Workers break down now and then, before they acknowledge. A queue that hands out again loses no invoice, but writes some twice, unless the worker remembers what it has written.",
        query: "queues=rabbitmq:workers=3:prefetch=1,rabbitmq:workers=3:prefetch=1:ack=once&arrivals=poisson:1.5&service=erlang:1.2:3&messages=200&seed=12&crash=0.06&crash-point=before-ack&restart=6",
    },
    Preset {
        name: "Uploads of every size",
        point: "The work of an upload has a heavy tail: most are small, a few are huge. With one worker the huge ones stand in everybody's way; with four, the others pass by.",
        query: "queues=plain:workers=1:speed=4,plain:workers=4&arrivals=poisson:2.4&service=pareto:1:2.1&messages=1500&seed=7&runs=5",
    },
    Preset {
        name: "Cache refresh, newest first",
        point: "When more refreshes are asked for than can be done, the oldest are worth least. Newest first, with a bound and the oldest dropped, keeps what is done fresh.",
        query: "queues=plain:workers=2,plain:workers=2:order=newest:bound=20:overflow=drop-oldest&arrivals=on-off:6:6:6&service=exponential:0.6&messages=400&seed=5",
    },
    Preset {
        name: "The price of variability: steady",
        point: "Work that always takes a second: at four fifths of the capacity a message waits two seconds, half of what it waits when the times are exponential.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=constant:1&messages=4000&runs=20&seed=1&warm-up=200",
    },
    Preset {
        name: "The price of variability: fairly steady",
        point: "Erlang times with four stages: the mean is the same second, the variance a quarter.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=erlang:1:4&messages=4000&runs=20&seed=1&warm-up=200",
    },
    Preset {
        name: "The price of variability: exponential",
        point: "Without memory, with the same mean: four seconds of waiting.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=exponential:1&messages=4000&runs=20&seed=1&warm-up=200",
    },
    Preset {
        name: "The price of variability: mixed",
        point: "Mostly short, sometimes long, four times the variance: ten seconds of waiting at the same load and the same mean.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=hyperexponential:1:4&messages=4000&runs=20&seed=1&warm-up=200",
    },
    Preset {
        name: "The price of variability: wild",
        point: "A power-law tail whose variance is infinite: the mean wait has no value to settle at, and no closed form.",
        query: "queues=plain:workers=1&arrivals=poisson:0.8&service=pareto:1:1.8&messages=4000&runs=20&seed=1&warm-up=200",
    },
];

/// The presets of the dead letters.
pub const DEAD_LETTERS: &[Preset] = &[
    Preset {
        name: "One poison message",
        point: "Message 5 can never be done. Without a limit it goes round for ever and takes a worker's time on each turn; with one, it ends among the dead after three tries.",
        query: "queues=plain:workers=2,plain:workers=2:max-receives=3&arrivals=constant:1&service=constant:1&messages=30&seed=1&poison=5&until=60",
    },
    Preset {
        name: "Try again, but later",
        point: "A fifth of all tries fails by chance. Tried again at once, a message fails again while the cause lasts; with a delay that doubles, it gives the cause time to go.",
        query: "queues=plain:workers=2:max-receives=4,plain:workers=2:max-receives=4:retry-delay=1:backoff=exponential&arrivals=poisson:1&service=exponential:0.8&messages=120&seed=3&fail=0.3",
    },
    Preset {
        name: "Mend it, then send them back",
        point: "Every tenth message is poison until somebody mends the cause at 40 seconds. From 50 seconds on an operator sends the dead back, one a second, so that they do not crowd out the living.",
        query: "queues=sqs:workers=2:visibility=4:max-receives=2&arrivals=constant:1&service=constant:0.8&messages=70&seed=1&poison=5,10,15,20,25,30,35&mended=40&redrive=50@1",
    },
    Preset {
        name: "A letter that goes in a circle",
        point: "The dead-letter exchange routes what was rejected back to the queue it came from. Through a queue with a time to live that is a delayed retry; without one it is a treadmill.",
        query: "queues=rabbitmq:workers=1:prefetch=1:on-failure=reject:dead-letter=back:retry-delay=5,rabbitmq:workers=1:prefetch=1:on-failure=reject:dead-letter=back&arrivals=constant:0.5&service=constant:0.7&messages=20&seed=1&poison=4&until=60",
    },
    Preset {
        name: "Poison that kills",
        point: "Message 3 breaks every worker that touches it. Each breakdown takes a worker away for five seconds: one bad message can stop the whole pool.",
        query: "queues=rabbitmq:workers=2:prefetch=1,rabbitmq-quorum:workers=2:prefetch=1:delivery-limit=2:dead-letter=keep&arrivals=constant:1&service=constant:1&messages=30&seed=1&poison=3&poison-does=crash&until=80",
    },
    Preset {
        name: "A message that never ends",
        point: "Message 4 hangs: its worker never gets to an end. A lease that runs out hands the message to the next worker, which hangs as well, until the limit is reached; the workers stay stuck.",
        query: "queues=sqs:workers=3:visibility=5:max-receives=2,kafka-share:workers=3:batch=1:lock=5:delivery-limit=2&arrivals=constant:1&service=constant:1&messages=30&seed=1&poison=4&poison-does=hang&until=60",
    },
];

/// The presets of the dialects.
pub const DIALECTS: &[Preset] = &[
    Preset {
        name: "One poison message, four systems",
        point: "Message 3 can never be done. SQS moves it at the receive after the limit, a RabbitMQ quorum queue when the limit is passed, a Kafka share group archives it at its last try, and a Redis worker has to decide for itself.",
        query: "queues=sqs:workers=2:visibility=6:max-receives=3:on-failure=return,rabbitmq-quorum:workers=2:prefetch=1:delivery-limit=3:dead-letter=keep,kafka-share:workers=2:batch=1:delivery-limit=3,redis-streams:workers=2:min-idle=6:max-deliveries=3&arrivals=constant:1&service=constant:0.9&messages=24&seed=1&poison=3&until=60",
    },
    Preset {
        name: "One worker breaks down",
        point: "Worker 1 breaks down with a message in its hands. RabbitMQ sees the closed channel and hands it out at once; SQS and Kafka wait for the lease to end; in Redis somebody must come and claim it.",
        query: "queues=sqs:workers=2:visibility=10,rabbitmq:workers=2:prefetch=1,kafka-share:workers=2:batch=1:lock=10,redis-streams:workers=2:min-idle=10&arrivals=constant:1&service=constant:1.2&messages=24&seed=1&crashes=3.5@1&restart=15",
    },
    Preset {
        name: "One slow worker",
        point: "Worker 1 takes eight times as long: longer than the lease. Where a lease runs out, its message is done by somebody else as well; where the connection is the lease, it is not.",
        query: "queues=sqs:workers=2:visibility=5,rabbitmq:workers=2:prefetch=1,kafka-share:workers=2:batch=1:lock=5,redis-streams:workers=2:min-idle=5&arrivals=constant:1&service=constant:0.9&messages=30&seed=1&slow=1@8",
    },
    Preset {
        name: "Asking for more time",
        point: "The same slow worker asks for more time whenever half of its lease is over. Nobody else gets its message, and nothing is done twice.",
        query: "queues=sqs:workers=2:visibility=5,sqs:workers=2:visibility=5:extend=yes,kafka-share:workers=2:batch=1:lock=5:extend=yes&arrivals=constant:1&service=constant:0.9&messages=30&seed=1&slow=1@8",
    },
    Preset {
        name: "Order, and what it costs",
        point: "Four groups, whose messages must be done in order. A FIFO queue lets a group wait for its first message; when that one is slow to come back, the whole group stands still.",
        query: "queues=sqs:workers=3:visibility=8,sqs-fifo:workers=3:visibility=8&arrivals=constant:1.5&service=constant:1.2&messages=40&seed=2&groups=4&fail=0.12",
    },
    Preset {
        name: "Prefetch without a limit",
        point: "Without a prefetch limit the first worker is sent everything there is, and the second, which comes back a little later, finds nothing left to do.",
        query: "queues=rabbitmq:workers=2:prefetch=0,rabbitmq:workers=2:prefetch=1&arrivals=curve:0,20;1,20;1.1,0.4;30,0.4&service=constant:1&messages=30&seed=3&crashes=0.01@2&restart=3",
    },
];
