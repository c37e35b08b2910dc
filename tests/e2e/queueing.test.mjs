// The labs of queues in the hands of a person: model time, lives, theory, links, charts.
import assert from "node:assert/strict";
import { PATIENCE, atStep, count, drawn, press, stage, visits } from "./visit.mjs";

const POOL = "#/worker-pool?queues=plain:workers=2,direct:workers=2&arrivals=curve:0,1;10,1;11,8;20,8;21,1;60,1&service=exponential:0.6&messages=140&seed=4";
const FOUR = "#/dialects?queues=sqs:workers=2:visibility=10,rabbitmq:workers=2:prefetch=1,kafka-share:workers=2:batch=1:lock=10,redis-streams:workers=2:min-idle=10&arrivals=constant:1&service=constant:1.2&messages=24&seed=1&crashes=2.5@1&restart=60";

const visiting = visits();

/** The model time above the stage, in seconds. */
const modelTime = async (page) => Number.parseFloat(await page.innerText("#model-time"));

visiting("events step forward and exactly back", `${FOUR}&step=10`, async (page) => {
  await atStep(page, 10);
  const seen = [await stage(page)];
  for (let step = 11; step <= 40; step += 1) {
    await press(page, "ArrowRight");
    seen.push(await stage(page));
  }
  await atStep(page, 40);
  for (let step = 39; step >= 10; step -= 1) {
    await press(page, "ArrowLeft");
    assert.equal(await stage(page), seen[step - 10], `event ${step}`);
  }
});

visiting("the header says who, when and which event", `${POOL}&step=120`, async (page) => {
  assert.match(await page.innerText(".request .key"), /^(Message|Worker) \d+$/);
  assert.match(await page.innerText("#model-time"), /^\d+\.\d{3} s$/);
  assert.match(await count(page), /^event 120 of \d+$/);
});

visiting("what is being typed stays while the run plays", `${POOL}&speed=5`, async (page) => {
  await press(page, "Space");
  await page.focus(".life input");
  await page.keyboard.type("12");
  await page.waitForTimeout(600);
  assert.equal(await page.inputValue(".life input"), "12");
  await press(page, "Enter");
  await page.waitForFunction(() => document.querySelector("#life").textContent === "The life of message 12", null, PATIENCE);
});

visiting("it plays in model time at the rate that it says", `${POOL}&speed=5`, async (page) => {
  assert.equal(await page.locator(".speed option:checked").innerText(), "5 s a second");
  await press(page, "Space");
  await page.waitForFunction(() => Number.parseFloat(document.querySelector("#model-time").textContent) > 2, null, PATIENCE);
  const from = { model: await modelTime(page), clock: Date.now() };
  await page.waitForTimeout(1500);
  const rate = ((await modelTime(page)) - from.model) / ((Date.now() - from.clock) / 1000);
  await press(page, "Space");
  assert.ok(rate > 2.5 && rate < 7.5, `${rate.toFixed(2)} model seconds a second`);
  const stopped = await page.innerText("#model-time");
  await page.waitForTimeout(300);
  assert.equal(await page.innerText("#model-time"), stopped, "time stands still");
});

visiting("between two events time runs on and work moves, and nothing else", "#/worker-pool?queues=plain:workers=1&arrivals=times:0&service=constant:10&messages=1&speed=1&step=1", async (page) => {
  const share = () => page.evaluate(() => Number(document.querySelector(".station .bar i").style.getPropertyValue("--p")));
  assert.equal(await share(), 0);
  await press(page, "Space");
  await page.waitForFunction(() => Number.parseFloat(document.querySelector("#model-time").textContent) > 0.5, null, PATIENCE);
  await press(page, "Space");
  const [time, done] = [await modelTime(page), await share()];
  assert.ok(Math.abs(done - time / 10) < 0.02, `${done} of the work at ${time} s`);
  await atStep(page, 1);
}, { reducedMotion: "no-preference" });

visiting("playing faster changes no number", `${POOL}&speed=3600`, async (page) => {
  const figures = await page.innerText(".charts table >> nth=0");
  await press(page, "Space");
  await page.waitForFunction(() => document.querySelector("[role=slider]").ariaValueNow === document.querySelector("[role=slider]").ariaValueMax, null, PATIENCE);
  assert.equal(await page.innerText(".charts table >> nth=0"), figures);
});

for (const lab of ["worker-pool", "dead-letters", "dialects"]) {
  visiting(`every preset of ${lab} opens and makes its run`, `#/${lab}`, async (page) => {
    const presets = await page.locator("#preset option").count();
    assert.ok(presets >= 5);
    for (let at = 0; at < presets; at += 1) {
      await page.selectOption("#preset", { index: at });
      await page.waitForFunction((at) => document.querySelector("#preset").selectedIndex === at && document.querySelector(".charts table") && !document.querySelector("#progress"), at, PATIENCE);
      assert.ok((await page.innerText(".title p")).length > 40);
      assert.match(await count(page), /of [\d,]+$/);
      await press(page, "ArrowRight");
    }
  });
}

visiting("a press on a message tells its life, and its events lead to their steps", `${POOL}&step=120`, async (page) => {
  const token = page.locator(".panel:first-child .lane.queue .slot[data-id]").first();
  const number = await token.getAttribute("data-id");
  await token.click();
  await page.waitForFunction((title) => document.querySelector("#life").textContent === title, `The life of message ${number}`);
  assert.equal(await page.locator(".life section").count(), 2);
  assert.ok((await page.locator(".slot.chosen").count()) >= 1);
  assert.equal(await page.locator(".plot .lifetime").count(), 1);
  await page.waitForFunction((number) => location.hash.includes(`message=${number}`), number);
  await page.locator(".life section:first-of-type .events button").last().click();
  await page.waitForFunction(() => !document.querySelector(".request .count").textContent.startsWith("event 120"));
  assert.ok((await page.locator(".life li[aria-current]").count()) >= 1);
  await page.click("[aria-label='Close the life']");
  await page.waitForFunction(() => !location.hash.includes("message="));
  assert.equal(await page.locator(".slot.chosen").count(), 0);
});

visiting("the number of a message can be typed, and stands in the link", `${POOL}&step=120&message=7`, async (page) => {
  assert.equal(await page.innerText("#life"), "The life of message 7");
  await press(page, "f");
  await page.fill("#message", "12");
  await press(page, "Tab");
  await page.waitForFunction(() => document.querySelector("#life").textContent === "The life of message 12" && location.hash.includes("message=12"));
});

visiting("theory agrees with what is measured, for M/M/3", "#/worker-pool?queues=plain:workers=3&arrivals=poisson:2&service=exponential:1&messages=5000&runs=20&seed=1&warm-up=200", async (page) => {
  await page.waitForSelector(".theory table", PATIENCE);
  assert.match(await page.innerText(".theory caption"), /M\/M\/3/);
  const rows = await page.locator(".theory tbody tr").allInnerTexts();
  const wait = rows.find((row) => row.startsWith("mean wait"));
  assert.match(wait, /444 ms.*±.*agrees/s);
  assert.ok(rows.filter((row) => row.includes("agrees")).length >= rows.length - 2, rows.join("\n"));
});

visiting("one run offers twenty, and the worker makes them", "#/worker-pool?queues=plain:workers=3&arrivals=poisson:2&service=exponential:1&messages=8000&seed=1&warm-up=200", async (page) => {
  await page.click("text=Make 20 independent runs");
  await page.waitForFunction(() => document.querySelector(".theory")?.textContent.includes("20 independent runs, with"), null, PATIENCE);
  assert.equal(await page.inputValue("#runs"), "20");
});

visiting("a run that must be counted first can be cut short, and made again", "#/worker-pool?queues=plain:workers=3&arrivals=poisson:2&service=exponential:1&messages=2000000&seed=1", async (page) => {
  await page.waitForFunction(() => {
    const bar = document.querySelector("#progress");
    if (!bar || bar.value < 0.001) return false;
    document.querySelector(".waiting button").click();
    return true;
  }, null, PATIENCE);
  await page.waitForFunction(() => /cut short/.test(document.querySelector(".waiting")?.textContent ?? ""), null, PATIENCE);
  await press(page, "ArrowRight");
  await atStep(page, 1);
});

const REFUSED = [
  ["queues=plain:workers=0", /queues \(workers\): “0”/],
  ["queues=kafka", /queues: “kafka”.*one of/],
  ["arrivals=poisson:-1", /arrivals/],
  ["service=gamma:1", /service/],
  ["messages=0", /messages: “0” is not allowed/],
  ["crashes=2@0", /crashes/],
  ["speed=7", /speed: “7”.*0\.1/],
  ["chart=pie", /chart: “pie”.*one of queue/],
  ["message=x", /message: “x”/],
  ["colour=red", /colour: “red”.*one of queues/],
];
for (const [wrong, said] of REFUSED) {
  visiting(`a link with ${wrong} says so, and the rest works`, `#/worker-pool?seed=3&${wrong}`, async (page) => {
    assert.match(await page.innerText(".notice"), said);
    await press(page, "ArrowRight");
    await atStep(page, 1);
    assert.equal(await page.inputValue("#seed"), "3");
  });
}

visiting("everything of the traffic can be set", POOL, async (page) => {
  await page.click(".settings > summary");
  await page.selectOption("#source-arrivals", "poisson");
  await page.waitForFunction(() => location.hash.includes("arrivals=poisson:2"));
  await page.fill("#source-arrivals-rate", "1.5");
  await press(page, "Tab");
  await page.waitForFunction(() => location.hash.includes("arrivals=poisson:1.5"));
  await page.click("summary >> text=Failures");
  await page.fill("#crashes", "2.5@1");
  await press(page, "Tab");
  await page.waitForFunction(() => location.hash.includes("crashes=2.5@1"));
  assert.match(await page.locator(".group-of-fields:has(#crashes) > summary").innerText(), /1/);
  await page.fill("#fail", "2");
  await press(page, "Tab");
  assert.match(await page.innerText(".refused"), /fail: “2”/);
  await press(page, "Escape");
  await page.click("text=Add a queue");
  await page.waitForFunction(() => document.querySelectorAll(".panel").length === 3);
});

visiting("a worker is broken down by hand, at once and in the link", `${POOL}&step=120`, async (page) => {
  await page.click(".panel:nth-child(1) [aria-label='Let worker 2 break down']");
  await atStep(page, 121);
  await page.waitForFunction(() => location.hash.includes("@2"));
  assert.match(await page.innerText(".panel:nth-child(1)"), /worker 2 down until/);
  assert.match(await page.innerText(".why li[aria-current]"), /Worker 2 breaks down/);
});

visiting("a system is held against its vendor's own tests", `${FOUR}&step=3`, async (page) => {
  await page.click("text=Replay the vendors’ tests");
  await page.waitForSelector(".checks [role=status]", { timeout: 60_000 });
  assert.match(await page.innerText(".checks [role=status]"), /^\d+ facts: \d+ hold here, 0 do not/);
});

visiting("a popover stays in the window and scrolls", FOUR, async (page) => {
  await page.click(".chip:nth-child(4) summary");
  await drawn(page);
  const box = await page.locator(".chip:nth-child(4) .popover").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 1100, JSON.stringify(box));
});

visiting("charts over time are read by keyboard and lead to the step", POOL, async (page) => {
  await page.focus(".plot");
  await press(page, "Home", "ArrowRight", "ArrowRight");
  assert.match(await page.innerText(".readout"), /^At \d+\.\d{3} s: .* \d/);
  await press(page, "Enter");
  await page.waitForFunction(() => !document.querySelector(".request .count").textContent.startsWith("event 0 "));
  assert.ok((await modelTime(page)) <= Number.parseFloat((await page.innerText(".readout")).slice(3)));
  for (const view of ["Utilisation", "Mean sojourn"]) {
    await page.click(`.tabs >> text=${view}`);
    assert.equal(await page.locator(".plot svg").count(), 1);
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(".exports >> text=CSV")]);
  assert.equal(download.suggestedFilename(), "sluice-worker-pool-mean.csv");
});

visiting("the source panel shows the file whose rule decided", `${FOUR}&step=30`, async (page) => {
  await page.waitForSelector(".source .line");
  const files = await page.locator(".files button").allInnerTexts();
  assert.deepEqual(files, ["queue/sqs.rs", "queue/pool.rs", "queue/broker.rs"]);
  await page.click(".files >> text=broker.rs");
  assert.match(await page.innerText(".source h2"), /^queue\/broker\.rs/);
});

visiting("embedded, there are the stage, the player and the caption alone", `?embed${POOL}&step=20`, async (page) => {
  for (const gone of ["header", ".strip", ".charts", ".source", ".why", ".life"]) assert.equal(await page.locator(gone).count(), 0, gone);
  for (const there of [".panels", ".timeline", ".because >> nth=0", ".buttons", "#model-time"]) assert.ok(await page.isVisible(there), there);
  await press(page, "ArrowRight");
  await atStep(page, 21);
}, { viewport: { width: 640, height: 420 } });
