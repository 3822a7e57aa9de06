/** Uploads of noise, cut anywhere: taken or refused in the one shape. `SOAK=1` sends four hundred files. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleUnderTest, type Person, startConsole } from "./console-under-test.ts";
import { pick } from "./schema-values.ts";
import { seededRandom } from "./stepped-clock.ts";
import { watchRejections } from "./unhandled-rejections.ts";

const isSoak = process.env["SOAK"] === "1";
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_123);
const files = isSoak ? 400 : 12;

let cut: ConsoleUnderTest;
let operator: Person;
const rejections = watchRejections();

beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
});
afterAll(async () => {
  rejections.stop();
  await cut.close();
});

/** How files of known formats begin; the rest of each is noise. */
const beginnings = [
  "",
  "QFI\u00fb\0\0\0\u0003",
  "\u001f\u008b\b",
  "\u00fd7zXZ\0",
  "(\u00b5/\u00fd",
  "KDMV",
  "conectix",
  "PK\u0003\u0004",
];

/** Sends a file of which less, more or something else comes than was said, in pieces. Settles with the answer; '' where it was cut off. */
async function sendFile(random: () => number, name: string, said: number): Promise<string> {
  const { hostname, port, host } = new URL(cut.url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
  socket.on("error", () => {}); // refused before all of it was sent
  const over = new Promise((resolve) => socket.once("close", resolve));
  const head = [
    `PUT /api/projects/web-shop/images/${name}/content${pick(random, ["", "?asRaw=true"])} HTTP/1.1`,
    `Host: ${host}`,
    `Cookie: ${operator.cookie}`,
    `Origin: ${cut.url}`,
    "Content-Type: application/octet-stream",
    random() < 0.8 ? `Content-Length: ${said}` : "Transfer-Encoding: chunked",
    "Connection: close",
    "\r\n",
  ].join("\r\n");
  const noise = Buffer.from(Array.from({ length: said }, () => Math.floor(random() * 256)));
  noise.write(pick(random, beginnings), "latin1");
  socket.write(head);
  const sent = pick(random, [0, 1, 0.5, 0.9, 1, 1]) * said;
  for (let at = 0; at < sent && !socket.destroyed; ) {
    const step = 1 + Math.floor(random() * 4000);
    socket.write(noise.subarray(at, Math.min(at + step, sent)));
    at += step;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (sent < said) socket.end();
  await over;
  return answer;
}

test(
  `${files} files of noise (seed ${seed}), cut anywhere, are taken or refused in the one shape`,
  async () => {
    const random = seededRandom(seed);
    let passedOn = 0;
    for (let index = 0; index < files; index += 1) {
      const fileSizeBytes = 1 + Math.floor(random() * 60_000);
      const name = `noise-${index}`;
      await operator.call("createImage", {
        params: { project: "web-shop" },
        body: { name, media: "disk", fileSizeBytes, diskSizeBytes: 1024 ** 2 },
      });
      const answer = await sendFile(random, name, fileSizeBytes);
      const [, status = "", body = ""] = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(answer) ?? [];
      if (status === "200" || body.includes('"upstream"')) passedOn += 1;
      expect(status).not.toBe("500");
      // noise where the length of a chunk should be is no HTTP: no route hears of it
      const isAnswer = Number(status) < 400 || /"error":\{"code":"[a-z-]+"|"Client Error"/.test(body);
      expect([isAnswer, status, body]).toEqual([true, status, body]);
      await operator.ask("deleteImage", { params: { project: "web-shop", name } });
    }
    expect(passedOn).toBeGreaterThan(0);
    expect(cut.logs.filter((line) => line.includes("unexpected failure")).slice(0, 3)).toEqual([]);
    expect(rejections.seen).toEqual([]);
    expect((await operator.ask("getSession")).status).toBe(200);
  },
  isSoak ? 1_800_000 : 60_000,
);
