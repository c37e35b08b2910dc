//! Scenarios of the labs of rate limits that each make a point.

use crate::lab::Preset;

/// The presets of the lab of rate limits; the first is where it opens.
pub const RATE_LIMIT: &[Preset] = &[
    Preset {
        name: "Four classics, the same bursts",
        point: "Ten a second, said in four ways. The windows refuse what is above ten; the token bucket lets a burst through at once after a pause and then one every 100 ms; the leaky bucket lets nobody through faster than that, and makes them wait instead.",
        query: "limiters=fixed-window,sliding-log,token-bucket,leaky-bucket&arrivals=on-off:30:0.7:0.9&requests=90&window=1&runs=1&seed=3",
    },
    Preset {
        name: "Twice the limit at the edge of a window",
        point: "Ten just before the second is over, ten just after: the fixed window lets all twenty through within 200 ms. What slides over the edge does not, and neither does GCRA.",
        query: "limiters=fixed-window,sliding-counter,sliding-log,gcra:burst=10&arrivals=times:0.9,0.91,0.92,0.93,0.94,0.95,0.96,0.97,0.98,0.99,1,1.01,1.02,1.03,1.04,1.05,1.06,1.07,1.08,1.09,1.4,1.6,1.8,2,2.2&window=1&runs=1&seed=1",
    },
    Preset {
        name: "By hand",
        point: "Tap a rhythm of your own: each tap is a request to every limiter, and the taps are in the link, so that they can be played again.",
        query: "limiters=fixed-window:limit=3:window=2,token-bucket:rate=1.5:capacity=3,leaky-bucket:rate=1.5:queue=2,gcra:rate=1.5:burst=3&arrivals=times:0.5,0.7,0.9,1.1,2,2.1,2.2,4,4.1&window=2&runs=1&seed=1",
    },
    Preset {
        name: "nginx: burst, nodelay, delay",
        point: "Thirty requests at once at rate=10r/s burst=20. With burst alone twenty wait their turn; with nodelay they pass at once and their places become free only with time; with delay=8 eight pass at once. nginx refuses with 503 (nginx.org, ngx_http_limit_req_module).",
        query: "limiters=nginx:burst=20,nginx:burst=20:nodelay=yes,nginx:burst=20:delay=8&arrivals=times:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,1,1,1,1,1&window=1&runs=1&seed=1",
    },
    Preset {
        name: "Cloudflare’s counter",
        point: "50 a minute; 42 came in the minute before, 18 in this one by 15 s: the counter estimates 42 × 45/60 + 18 = 49.5 and has two numbers to remember, where the log has 50 (blog.cloudflare.com, “How we built rate limiting capable of scaling to millions of domains”).",
        query: "limiters=sliding-counter:limit=50:window=60,sliding-log:limit=50:window=60&arrivals=times:1,2.4,3.8,5.2,6.6,8,9.4,10.8,12.2,13.6,15,16.4,17.8,19.2,20.6,22,23.4,24.8,26.2,27.6,29,30.4,31.8,33.2,34.6,36,37.4,38.8,40.2,41.6,43,44.4,45.8,47.2,48.6,50,51.4,52.8,54.2,55.6,57,58.4,60.5,61.3,62.1,62.9,63.7,64.5,65.3,66.1,66.9,67.7,68.5,69.3,70.1,70.9,71.7,72.5,73.3,74.1,75,75.5,76,77,78,79,80&window=60&runs=1&seed=1",
    },
    Preset {
        name: "Stripe: a token bucket and a limit on what is under way",
        point: "The bucket counts requests, the other what is in progress: when the work takes five times as long, the bucket goes on as before and the line grows; the limit of 20 under way refuses (stripe.com/blog/rate-limiters). 100 a second are those of live mode.",
        query: "limiters=token-bucket:rate=100:capacity=100,concurrency:limit=20&arrivals=poisson:60&service=exponential:0.2&requests=1200&window=1&runs=1&seed=4&keys=shared&workers=20&patience=3&slow=6-12:5",
    },
    Preset {
        name: "AWS API Gateway",
        point: "10,000 a second with a burst of 5,000 (docs.aws.amazon.com, “Throttle requests to your REST APIs”), here a thousandth of both: a bucket that holds less than a second’s worth refuses bursts that a second would allow.",
        query: "limiters=token-bucket:rate=10:capacity=5,token-bucket:rate=10:capacity=10,fixed-window&arrivals=on-off:25:0.4:0.6&requests=80&window=1&runs=1&seed=6",
    },
    Preset {
        name: "Envoy’s local rate limit",
        point: "max_tokens 10,000, tokens_per_fill 1,000, fill_interval 1 s, as in the example of envoyproxy.io, here a hundredth: the tokens drop in all together once a second, and so do those that get through.",
        query: "limiters=token-bucket:rate=10:capacity=100:refill=interval,token-bucket:rate=10:capacity=100&arrivals=poisson:20&requests=500&window=1&runs=1&seed=7",
    },
    Preset {
        name: "Guava: bursty and warming up",
        point: "Nobody is refused; each pays for the one before. The bursty one has saved up to a second’s worth of permits; the other is cold after a pause, and its first permits take three times as long (RateLimiter, SmoothBursty and SmoothWarmingUp).",
        query: "limiters=guava:rate=2,guava-warm-up:rate=2&arrivals=times:0,0,0,0,0,0,0,0,12,12,12,12,12,12&window=1&runs=1&seed=1",
    },
    Preset {
        name: "governor: GCRA is a token bucket",
        point: "The same answers to the last request: one keeps a point in time, the other a level (docs.rs/governor, “Quota::per_second(10)”). Only their pictures differ.",
        query: "limiters=gcra:burst=10,token-bucket&arrivals=on-off:30:0.7:0.9&requests=90&window=1&runs=1&seed=3",
    },
    Preset {
        name: "One abuser, a key each",
        point: "Seven in ten requests come from one of eight clients. Counted each by itself, the abuser is refused and the others hardly notice.",
        query: "limiters=gcra:rate=5:burst=5,fixed-window:limit=5&arrivals=poisson:40&requests=800&window=1&runs=1&seed=8&clients=8&abuse=0.7",
    },
    Preset {
        name: "One abuser, one key for all",
        point: "The same requests under one limit of twenty a second for all: whoever sends most gets most, and the others are refused for it.",
        query: "limiters=gcra:rate=20:burst=20,fixed-window:limit=20&arrivals=poisson:40&requests=800&window=1&runs=1&seed=8&clients=8&abuse=0.7&keys=shared",
    },
    Preset {
        name: "Clients that obey",
        point: "Each comes back when Retry-After says. It says whole seconds, so those that were refused come back together, and are refused together.",
        query: "limiters=fixed-window,gcra:burst=10&arrivals=on-off:40:0.6:3&requests=120&window=1&runs=1&seed=9&clients=6&keys=shared&tries=8",
    },
    Preset {
        name: "Clients that insist",
        point: "The same requests, but nobody looks at the response: each is tried every 100 ms, and most of the traffic is refusals.",
        query: "limiters=fixed-window,gcra:burst=10&arrivals=on-off:40:0.6:3&requests=120&window=1&runs=1&seed=9&clients=6&keys=shared&tries=8&obey=0",
    },
    Preset {
        name: "The server slows down",
        point: "Ten workers do 100 a second, and a third of it from 20 to 40 seconds. A fixed limit on what is under way is right for one of the two; those that adapt look for the right one by what they measure. Vegas compares with the quickest answer it has ever had, so work that is now short, now long makes it too careful.",
        query: "limiters=concurrency:limit=40,aimd:initial=20:least=5,vegas,gradient2:least=5&arrivals=poisson:80&service=exponential:0.1&requests=4800&window=1&runs=1&seed=10&keys=shared&workers=10&patience=1&slow=20-40:3",
    },
    Preset {
        name: "A clock that goes back",
        point: "At two seconds the limiters’ clock is put back by a second and a half. None of them admits more for it; how long they refuse until they trust the clock again is where they differ.",
        query: "limiters=fixed-window,sliding-log,token-bucket,gcra:burst=10&arrivals=constant:15&requests=75&window=1&runs=1&seed=1&skew=2:-1.5",
    },
    Preset {
        name: "A million clients",
        point: "A million requests from a million clients: what each algorithm keeps for a client, and how many words of it a decision reads and writes.",
        query: "limiters=fixed-window,sliding-log,sliding-counter,gcra&arrivals=poisson:100000&requests=1000000&window=1&runs=1&seed=11&clients=1000000",
    },
];

/// The presets of the worst case; the first is where it opens.
pub const WORST_CASE: &[Preset] = &[
    Preset {
        name: "Each at its worst",
        point: "For each limiter of ten a second the arrivals that get the most through it in any one second. The fixed window’s are a burst on both sides of an edge.",
        query: "limiters=fixed-window,sliding-log,token-bucket,leaky-bucket&arrivals=worst&window=1&runs=1&seed=1",
    },
    Preset {
        name: "The fixed window’s worst, for all",
        point: "What doubles the fixed window’s limit is nothing to those that slide.",
        query: "limiters=fixed-window,sliding-counter,sliding-log,gcra:burst=10&arrivals=worst:1&window=1&runs=1&seed=1",
    },
    Preset {
        name: "nginx and its bursts",
        point: "With nodelay the burst passes at once, on top of the rate; with delays the same requests pass, but one interval apart.",
        query: "limiters=nginx:burst=20,nginx:burst=20:nodelay=yes,nginx:burst=20:delay=8&arrivals=worst&window=1&runs=1&seed=1",
    },
    Preset {
        name: "Buckets that fill one by one or all at once",
        point: "A refill of all tokens at the end of an interval is a fixed window in disguise: a full bucket, and a moment later another.",
        query: "limiters=token-bucket,token-bucket:refill=interval,leaky-meter,gcra:burst=10&arrivals=worst&window=1&runs=1&seed=1",
    },
];
