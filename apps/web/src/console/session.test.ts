/** A console session through every end a connection can have, on links and a clock of our own. */
import { beforeEach, expect, test } from "vitest";
import { ApiError, type FailureCode } from "../api/api-error.ts";
import { ConsoleSession, type LinkEvents } from "./session.ts";

interface Dialled {
  events: LinkEvents;
  closed: boolean;
}

let tickets: boolean[];
let refusal: FailureCode | null;
let links: Dialled[];
let timers: { run: () => void; delayMs: number }[];
let session: ConsoleSession;

/** Lets the pending ticket promise settle. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const link = () => {
  const last = links.at(-1);
  if (!last) throw new Error("nothing was dialled");
  return last;
};
const state = () => session.snapshot().name;
const runTimer = () => {
  const timer = timers.shift();
  if (!timer) throw new Error("no timer is set");
  timer.run();
};

beforeEach(() => {
  tickets = [];
  refusal = null;
  links = [];
  timers = [];
  session = new ConsoleSession({
    getTicket: (takeOver) => {
      tickets.push(takeOver);
      if (refusal !== null)
        return Promise.reject(
          new ApiError({ code: refusal, httpStatus: 409, operation: "createConsoleTicket" }),
        );
      return Promise.resolve({ path: "/api/console", protocols: ["kubev.ticket.x"], expiresAt: "" });
    },
    dial: (_, events) => {
      const dialled: Dialled = { events, closed: false };
      links.push(dialled);
      return {
        close: () => {
          dialled.closed = true;
        },
      };
    },
    setTimer: (run, delayMs) => {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    random: () => 0.5,
  });
});

const connect = async () => {
  session.setRunning(true);
  await settle();
  link().events.ready();
};

test("asks without taking over, dials, and is connected", async () => {
  session.setRunning(true);
  expect(state()).toBe("connecting");
  await settle();
  link().events.ready();
  expect(state()).toBe("connected");
  expect(tickets).toEqual([false]);
});

test("a machine that does not run is not dialled, and is once it runs", async () => {
  session.setRunning(false);
  expect(state()).toBe("off");
  expect(tickets).toEqual([]);
  await connect();
  expect(state()).toBe("connected");
});

test("comes back through a restart: dropped, off, running again", async () => {
  await connect();
  link().events.closed(4410);
  expect(state()).toBe("waiting");
  session.setRunning(false);
  expect(state()).toBe("off");
  expect(timers).toEqual([]);
  await connect();
  expect(state()).toBe("connected");
  expect(links).toHaveLength(2);
});

test("waits longer with every try that fails, and tries at once when asked", async () => {
  await connect();
  link().events.closed(1006);
  const first = timers[0]?.delayMs ?? 0;
  runTimer();
  await settle();
  link().events.closed(1006);
  expect(timers[0]?.delayMs).toBeGreaterThan(first);
  session.retry();
  await settle();
  link().events.ready();
  expect(state()).toBe("connected");
});

test("a connection that is closed at once does not reset the back-off", async () => {
  await connect();
  link().events.closed(4410);
  const first = timers[0]?.delayMs ?? 0;
  runTimer();
  await settle();
  link().events.ready();
  link().events.closed(4410);
  expect(timers[0]?.delayMs).toBeGreaterThan(first);
});

test("somebody else is connected: asks first, takes over only when told to", async () => {
  session.setRunning(true);
  await settle();
  link().events.closed(4409);
  expect(state()).toBe("busy");
  expect(timers).toEqual([]);
  session.takeOver();
  await settle();
  link().events.ready();
  expect(tickets).toEqual([false, true]);
  expect(state()).toBe("connected");
});

test("busy is also understood from the ticket", async () => {
  refusal = "console-busy";
  session.setRunning(true);
  await settle();
  expect(state()).toBe("busy");
});

test("taken over by somebody: says so and does not fight back", async () => {
  await connect();
  link().events.closed(4409);
  expect(state()).toBe("replaced");
  expect(timers).toEqual([]);
});

test("taken over by somebody: neither a retry nor a restart of the machine dials, only taking over does", async () => {
  await connect();
  link().events.closed(4409);
  session.setRunning(true);
  session.retry();
  await settle();
  expect(state()).toBe("replaced");
  session.setRunning(false);
  expect(state()).toBe("off");
  session.setRunning(true);
  await settle();
  expect(state()).toBe("replaced");
  expect(tickets).toEqual([false]);
  expect(timers).toEqual([]);
  session.takeOver();
  await settle();
  link().events.ready();
  expect(state()).toBe("connected");
  expect(tickets).toEqual([false, true]);
});

test("after having taken over again, a drop is come back from by itself", async () => {
  await connect();
  link().events.closed(4409);
  session.takeOver();
  await settle();
  link().events.ready();
  link().events.closed(1006);
  expect(state()).toBe("waiting");
  runTimer();
  await settle();
  link().events.ready();
  expect(state()).toBe("connected");
  expect(tickets).toEqual([false, true, false]);
});

test("after a drop our own old connection may still hold the screen: waited out, then asked", async () => {
  await connect();
  link().events.closed(1006);
  for (let tries = 0; tries < 2; tries += 1) {
    expect(state()).toBe("waiting");
    runTimer();
    await settle();
    link().events.closed(4409);
  }
  expect(state()).toBe("waiting");
  runTimer();
  await settle();
  link().events.closed(4409);
  expect(state()).toBe("busy");
});

test.each([
  [4403, "rights"],
  [4401, "session"],
] as const)("close code %d ends for good: %s", async (code, cause) => {
  await connect();
  link().events.closed(code);
  expect(session.snapshot()).toMatchObject({ name: "ended", cause });
  expect(timers).toEqual([]);
});

test("a refusal that another try would meet again is not tried again; a passing one is", async () => {
  refusal = "forbidden";
  session.setRunning(true);
  await settle();
  expect(session.snapshot()).toMatchObject({ name: "ended", cause: "rights" });
  refusal = "upstream-unavailable";
  session.retry();
  await settle();
  expect(state()).toBe("waiting");
});

test("stopping closes the link, and what it says later is not listened to", async () => {
  await connect();
  const before = link();
  session.stop();
  expect(before.closed).toBe(true);
  before.events.closed(1006);
  expect(state()).toBe("off");
  expect(timers).toEqual([]);
});

test("a ticket that arrives after stopping is not dialled", async () => {
  session.setRunning(true);
  session.stop();
  await settle();
  expect(links).toEqual([]);
});
