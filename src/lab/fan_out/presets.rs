//! Scenarios that each make a point.

use crate::lab::Preset;

/// The presets of the lab.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "Who gets what",
        point: "A routing key is words with dots between them. A star stands for one word, a hash for any number: step, and see which bindings each message matches, word by word.",
        query: "designs=rabbitmq&exchange=topic&keys=3*order.created.eu,2*order.created.us,1*order.paid.eu,1*order.paid.us,1*invoice.sent&subscribers=billing:order.paid.*:1;stock:order.created.*:0.6;eu-office:*.*.eu|invoice.%23:0.8;audit:%23:0.3&arrivals=poisson:1&messages=60&seed=4",
    },
    Preset {
        name: "Direct: the whole key",
        point: "A direct exchange compares the whole key, letter for letter. A log that keeps errors and warnings is two bindings of one queue; what nobody asked for is gone.",
        query: "designs=rabbitmq&exchange=direct&keys=6*info,2*warning,1*error&subscribers=pager:error:2;log:error|warning:0.4;dashboard:info:0.5&arrivals=poisson:1&messages=60&seed=2",
    },
    Preset {
        name: "Fanout: everybody",
        point: "A fanout exchange compares nothing: one event, and every service gets a copy, in a queue and at a pace of its own.",
        query: "designs=rabbitmq&exchange=fanout&keys=6*info,2*warning,1*error&subscribers=pager::2;log::0.4;dashboard::0.5&arrivals=constant:0.45&messages=40&seed=2",
    },
    Preset {
        name: "Headers: all or any",
        point: "A headers exchange looks at the headers and not at the key: all of those named must be there, or any one of them.",
        query: "designs=rabbitmq,sns-sqs&exchange=headers&keys=2*a,2*b,1*c&headers=format=pdf,type=report;format=zip,type=report;format=pdf,type=log&subscribers=pdf-reports:format=pdf,type=report:0.8;pdf-or-log:x-match=any,format=pdf,type=log:0.5;anything-typed:type:0.4&arrivals=poisson:1&messages=50&seed=3",
    },
    Preset {
        name: "One slow subscriber",
        point: "The e-mail service needs three seconds for a message, and they come every two. In queues of their own and in a log the others do not notice; the publisher that calls in turn makes everybody wait, itself included.",
        query: "designs=rabbitmq,kafka,push&exchange=fanout&keys=1*signup&subscribers=email::3;search::0.2;metrics::0.1&arrivals=poisson:0.5&times=exponential&messages=80&seed=5",
    },
    Preset {
        name: "Slow for a while",
        point: "From 20 to 40 seconds search is ten times as slow. A queue and a log carry it over and are worked off afterwards; a connection with a small output buffer is cut off, and what was in it is lost.",
        query: "designs=sns-sqs,redis-streams,redis-pubsub:size=1:hard=8:soft=0,push&exchange=fanout&keys=1*signup&subscribers=search::0.4:slow=20-40@10;email::0.4;metrics::0.2&arrivals=poisson:1&times=constant&messages=80&seed=6",
    },
    Preset {
        name: "Away for lunch",
        point: "Two subscribers are away from 10 to 25 seconds. For the durable one everything is kept; the ephemeral one’s queue goes with its connection, and in Redis Pub/Sub nobody is durable.",
        query: "designs=rabbitmq,kafka,redis-pubsub&exchange=fanout&keys=1*price&subscribers=ledger::0.5:away=10-25;ticker::0.5:away=10-25:ephemeral;always-there::0.5&arrivals=constant:1&times=constant&messages=45&seed=1",
    },
    Preset {
        name: "A late joiner",
        point: "Fraud detection comes at 20 seconds. A queue has nothing from before it was bound; a log may be read from the beginning, if the reader asks for it, and catches up.",
        query: "designs=rabbitmq,kafka,kafka:reset=earliest,redis-streams:start=0&exchange=fanout&keys=1*payment&subscribers=ledger::0.5;fraud::0.4:joins=20&arrivals=constant:1&times=constant&messages=45&seed=1",
    },
    Preset {
        name: "A bounded queue",
        point: "The same slow subscriber behind a queue that may hold ten: drop the oldest and stay fresh, or refuse the newest and keep the order; or let a log of ten records go from under it. The fast one loses nothing in any of them.",
        query: "designs=rabbitmq:max-length=10,rabbitmq:max-length=10:overflow=reject-publish,kafka:keep=10,kafka:keep=10:reset=earliest&exchange=fanout&keys=1*reading&subscribers=slow::1.6;fast::0.3&arrivals=poisson:1&messages=120&seed=8",
    },
    Preset {
        name: "A call that stalls everybody",
        point: "The archive is down to a crawl between 15 and 45 seconds, and every call waits for it. With a timeout the publisher hangs up and the others are served again; the archive pays.",
        query: "designs=push,push:timeout=2,rabbitmq&exchange=fanout&keys=1*document&subscribers=index::0.2;archive::0.3:slow=15-45@20;preview::0.2&arrivals=constant:1&times=constant&messages=60&seed=1",
    },
    Preset {
        name: "At least once",
        point: "A consumer goes away in the middle of its work. RabbitMQ sees the closed connection and puts the message back at once; SQS waits for the visibility timeout; Redis Pub/Sub never knew.",
        query: "designs=rabbitmq,sns-sqs:visibility=10,redis-streams,redis-pubsub&exchange=fanout&keys=1*job&subscribers=worker::1.5:away=6-8;other::0.5&arrivals=constant:0.5&times=constant&messages=20&seed=1",
    },
    Preset {
        name: "Theory and measurement",
        point: "Poisson messages split by their keys are independent Poisson streams: each subscriber’s queue is an M/M/1 of its own, whoever else listens. Calls in turn are one M/G/1 of everybody’s work.",
        query: "designs=rabbitmq,kafka,push&exchange=topic&keys=1*order.eu,1*order.us,2*click&subscribers=orders:order.*:0.5;clicks:click:0.6;eu:*.eu:0.3&arrivals=poisson:0.8&messages=4000&runs=10&seed=1",
    },
];
