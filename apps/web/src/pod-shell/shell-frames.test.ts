/** How a shell ended, as the cluster tells it. */
import { expect, test } from "vitest";
import { shellChannels, shellEnd, shellFrame } from "./shell-frames.ts";

test.for([
  [
    { metadata: {}, status: "Success" },
    { exitCode: 0, message: "" },
  ],
  [
    {
      status: "Failure",
      reason: "NonZeroExitCode",
      message: "command terminated with exit code 7",
      details: { causes: [{ reason: "ExitCode", message: "7" }] },
    },
    { exitCode: 7, message: "" },
  ],
  [
    {
      status: "Failure",
      reason: "InternalError",
      message: 'exec: "bash": executable file not found in $PATH',
    },
    { exitCode: null, message: 'exec: "bash": executable file not found in $PATH' },
  ],
  [
    { status: "Failure", details: { causes: "?" } },
    { exitCode: null, message: "" },
  ],
] as const)("%j", ([status, end]) => {
  expect(shellEnd(JSON.stringify(status))).toEqual(end);
});

test("words that are no Status are shown as they are", () => {
  expect(shellEnd("container gone")).toEqual({ exitCode: null, message: "container gone" });
});

test("a frame begins with its channel", () => {
  expect([...shellFrame(shellChannels.typed, "ü")]).toEqual([0, 0xc3, 0xbc]);
});
