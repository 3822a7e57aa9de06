/** A guest that attacks whoever looks at it: what stands in its place here says what no honest screen or serial port would. */
import { expect, type Page, test, type WebSocketRoute } from "@playwright/test";
import { watch } from "./browser-watch.ts";
import { signIn } from "./sign-in.ts";

const project = "web-shop";
const machine = "shop-web-1";

/** Everything that the page sends to the guest, and the guest's side of the line. */
interface Line {
  guest: () => WebSocketRoute;
  typed: Buffer[];
  connections: () => number;
}

/** What the guest says when somebody connects, and then to each message. */
type Greeting = () => Buffer | undefined;

/** In messages of so many bytes. */
function sendInPieces(line: WebSocketRoute, bytes: Buffer, pieceBytes: number): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) line.send(bytes.subarray(at, at + pieceBytes));
}

/** Stands in for the machine's screen or serial port, behind the console's own tickets and rights. */
async function inPlaceOfGuest(
  page: Page,
  greetingOf: () => Greeting = () => () => undefined,
  pieceBytes = 65_536,
): Promise<Line> {
  const typed: Buffer[] = [];
  const routes: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/api\/console$/, (opened) => {
    routes.push(opened);
    const greeting = greetingOf();
    const greet = () => {
      const words = greeting();
      if (words !== undefined) sendInPieces(opened, words, pieceBytes);
    };
    opened.onMessage((message) => {
      typed.push(Buffer.from(message));
      greet();
    });
    greet();
  });
  await page.addInitScript(() => {
    // noVNC looks for these on the socket's own class, where Playwright's stand-in has none of them
    const Base = globalThis.WebSocket;
    class Plain extends Base {}
    for (const name of [
      "send",
      "close",
      "binaryType",
      "onerror",
      "onmessage",
      "onopen",
      "protocol",
      "readyState",
    ])
      for (
        let from: object | null = Base.prototype;
        from !== null;
        from = Object.getPrototypeOf(from) as object | null
      ) {
        const found = Object.getOwnPropertyDescriptor(from, name);
        if (found === undefined) continue;
        Object.defineProperty(Plain.prototype, name, found);
        break;
      }
    globalThis.WebSocket = Plain;
  });
  const guest = () => {
    const route = routes.at(-1);
    if (route === undefined) throw new Error("Nobody has connected yet");
    return route;
  };
  return { guest, typed, connections: () => routes.length };
}

/** Counts how long the page's own thread was held up, from now on. */
async function watchThread(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    let last = performance.now();
    let longestMs = 0;
    setInterval(() => {
      const now = performance.now();
      longestMs = Math.max(longestMs, now - last);
      last = now;
    }, 5);
    Object.assign(globalThis, { longestPauseMs: () => longestMs });
  });
  return async () =>
    page.evaluate(() => (globalThis as unknown as { longestPauseMs: () => number }).longestPauseMs()); // as: set above
}

const mine = "what the person had copied";

async function fillClipboard(page: Page): Promise<() => Promise<string>> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(async (text) => navigator.clipboard.writeText(text), mine);
  return async () => page.evaluate(async () => navigator.clipboard.readText());
}

const esc = "\u001b";
const attacks = [
  `${esc}]52;c;ZXZpbA==\u0007`,
  `${esc}]52;c;?${esc}\\`,
  `${esc}]8;;javascript:alert(1)${esc}\\press me${esc}]8;;${esc}\\`,
  `${esc}]8;;https://evil.example${esc}\\or me${esc}]8;;${esc}\\`,
  `${esc}]0;owned${esc}\\`,
  `${esc}]2;owned\u0007`,
  `${esc}P$q"p${esc}\\`,
  `${esc}P+q544e${esc}\\`,
  `${esc}[c${esc}[>c${esc}[=c${esc}[5n${esc}[6n${esc}[?6n${esc}[21t${esc}[>q${esc}Z\u0005`,
  `${esc}]10;?\u0007${esc}]11;?\u0007${esc}]4;1;?\u0007`,
  `${esc}[?1000h${esc}[?1003h${esc}[?1006h${esc}[?1004h`,
  "<img src=x onerror=alert(1)>",
];

test("a serial port gets nothing typed, copied, titled or linked, and holds up nothing (CVE-2019-0542)", async ({
  page,
}) => {
  const { broken } = watch(page);
  await signIn(page, "alice");
  const line = await inPlaceOfGuest(page);
  await page.goto(`/projects/${project}/vms/${machine}/serial`);
  const screen = page.getByTestId("serial-screen");
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  const clipboard = await fillClipboard(page);
  const title = await page.title();
  const longestPauseMs = await watchThread(page);

  line.guest().send(Buffer.from(`${attacks.join("")}\r\nafter the attacks\r\n`));
  await expect(screen).toContainText("after the attacks");
  await expect(screen).toContainText("<img src=x onerror=alert(1)>");
  await expect(screen.locator("a, img")).toHaveCount(0);
  // where reports of the mouse had been turned on, this would be typed
  await screen.hover({ position: { x: 40, y: 40 } });
  await screen.click({ position: { x: 60, y: 40 } });

  // ten million characters of sequences that never end
  for (let sent = 0; sent < 160; sent += 1)
    line.guest().send(Buffer.from(`${esc}]0;${"B".repeat(64 * 1024)}`));
  line.guest().send(Buffer.from("\r\n\u0018still there\r\n"));
  await expect(screen).toContainText("still there", { timeout: 30_000 });

  const heldUpMs = await longestPauseMs();
  test.info().annotations.push({ type: "held up at most", description: `${Math.round(heldUpMs)} ms` });
  expect(heldUpMs).toBeLessThan(700);
  expect(await clipboard()).toBe(mine);
  expect(await page.title()).toBe(title);
  expect(Buffer.concat(line.typed).toString("latin1")).toBe("");
  // the line works: what is really typed goes through
  await page.keyboard.type("ls");
  await expect.poll(() => Buffer.concat(line.typed).toString("latin1")).toBe("ls");
  expect(broken).toEqual([]);
});

test("a guest that floods its serial port fills nothing, and its last words are seen", {
  tag: "@soak",
}, async ({ page }) => {
  test.skip(process.env["SOAK"] !== "1", "SOAK=1 floods it with sixty megabytes");
  const { broken } = watch(page);
  await signIn(page, "alice");
  const line = await inPlaceOfGuest(page);
  await page.goto(`/projects/${project}/vms/${machine}/serial`);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  const million = Buffer.from("flood\r\n".repeat(150_000));
  for (let sent = 0; sent < 60; sent += 1) line.guest().send(million);
  line.guest().send(Buffer.from("the end of it\r\n"));
  await expect(page.getByTestId("serial-screen")).toContainText("the end of it", { timeout: 45_000 });
  expect(broken).toEqual([]);
});

const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number) => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
/** 32 bits, true colour, little-endian. */
const pixelFormat = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
const desktopName = `<img src=x onerror="document.title='owned'"><script>alert(1)</script>${esc}]0;owned\u0007`;

/** The server's half of an RFB 3.8 handshake, of a screen of 32 by 16. */
function rfbHandshake(): Greeting {
  const name = Buffer.from(desktopName);
  const answers = [
    Buffer.from("RFB 003.008\n"),
    Buffer.from([1, 1]),
    Buffer.from([0, 0, 0, 0]),
    Buffer.concat([u16(32), u16(16), pixelFormat, u32(name.length), name]),
  ];
  return () => answers.shift();
}

const update = (x: number, y: number, width: number, height: number, encoding: number, data: Buffer) =>
  Buffer.concat([Buffer.from([0, 0]), u16(1), u16(x), u16(y), u16(width), u16(height), u32(encoding), data]);
const resize = (width: number, height: number) => update(0, 0, width, height, -223 >>> 0, Buffer.alloc(0));
const rename = (name: string) => {
  const bytes = Buffer.from(name);
  return update(0, 0, 0, 0, -307 >>> 0, Buffer.concat([u32(bytes.length), bytes]));
};
const cutText = (text: string) =>
  Buffer.concat([Buffer.from([3, 0, 0, 0]), u32(text.length), Buffer.from(text)]);

test("a screen's name, clipboard and size do nothing to the page (CVE-2017-18635)", async ({ page }) => {
  const { broken } = watch(page);
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  await signIn(page, "alice");
  const line = await inPlaceOfGuest(page, rfbHandshake);
  await page.goto(`/projects/${project}/vms/${machine}/console`);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  const clipboard = await fillClipboard(page);
  const title = await page.title();
  const longestPauseMs = await watchThread(page);

  line.guest().send(rename(desktopName));
  for (let sent = 0; sent < 200; sent += 1) line.guest().send(cutText(`evil ${sent} `.repeat(5000)));
  for (const [width, height] of [
    [1, 8000],
    [0, 0],
    [640, 400],
  ] as const)
    line.guest().send(resize(width, height));
  const asked = line.typed.length;
  line.guest().send(update(0, 0, 1, 1, 0, Buffer.from([1, 2, 3, 0])));
  // asked for more once it has drawn: it went through all of it
  await expect.poll(() => line.typed.length, { timeout: 30_000 }).toBeGreaterThan(asked);
  expect(line.connections()).toBe(1);

  // a size that no browser can draw ends the connection, and the next one is as good as new
  line.guest().send(resize(65_535, 65_535));
  line.guest().send(resize(640, 400));
  await expect.poll(() => line.connections(), { timeout: 30_000 }).toBe(2);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();

  const canvas = page.getByTestId("vnc-screen").locator("canvas");
  await expect(canvas).toHaveCount(1);
  const heldUpMs = await longestPauseMs();
  test.info().annotations.push({ type: "held up at most", description: `${Math.round(heldUpMs)} ms` });
  expect(await clipboard()).toBe(mine);
  expect(await page.title()).toBe(title);
  await expect(page.getByText(/owned|<script>/)).toHaveCount(0);
  await expect(page.locator("img[onerror]")).toHaveCount(0);
  expect(dialogs).toBe(0);
  expect(broken).toEqual([]);
  expect(heldUpMs).toBeLessThan(1500);
});

test("a screen that speaks one byte at a time is shown as any other", async ({ page }) => {
  const { broken } = watch(page);
  await signIn(page, "alice");
  const line = await inPlaceOfGuest(page, rfbHandshake, 1);
  await page.goto(`/projects/${project}/vms/${machine}/console`);
  await expect(page.getByText("Connected", { exact: true })).toBeVisible();
  // red on the left, in one update of two rectangles; then a name, a size and a colour again, each cut everywhere
  const half = (x: number, red: number) =>
    Buffer.concat([
      ...[x, 0, 16, 16].map(u16),
      u32(0),
      Buffer.concat(Array.from({ length: 16 * 16 }, () => Buffer.from([red, 0, 255 - red, 0]))),
    ]);
  const whole = [
    Buffer.concat([Buffer.from([0, 0]), u16(2), half(0, 255), half(16, 0)]),
    rename(desktopName),
    cutText("evil"),
  ];
  for (const message of whole) sendInPieces(line.guest(), message, 1);
  const canvas = page.getByTestId("vnc-screen").locator("canvas");
  const colourAt = async (x: number) =>
    canvas.evaluate((one, at) => {
      const context = (one as HTMLCanvasElement).getContext("2d"); // as: the selector's
      return [...(context?.getImageData(at, 8, 1, 1).data ?? [])].slice(0, 3);
    }, x);
  await expect
    .poll(async () => [await colourAt(4), await colourAt(28)])
    .toEqual([
      [255, 0, 0],
      [0, 0, 255],
    ]);
  // and what comes after it is still read from its right beginning
  const dot = Buffer.from([0, 255, 0, 0]);
  sendInPieces(line.guest(), update(4, 8, 1, 1, 0, dot), 1);
  await expect.poll(async () => colourAt(4)).toEqual([0, 255, 0]);
  expect(line.connections()).toBe(1);
  expect(broken).toEqual([]);
});
