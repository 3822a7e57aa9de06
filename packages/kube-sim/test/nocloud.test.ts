/** The NoCloud seed is a real ISO image: another program must find the files in it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { findOnPath } from "../src/machines/accelerator.ts";
import { noCloudImage } from "../src/machines/nocloud.ts";

const dir = mkdtempSync(join(tmpdir(), "nocloud-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("isoinfo reads the label, the names and the content", (context) => {
  if (findOnPath("isoinfo") === null) return context.skip("isoinfo (genisoimage) is not installed");
  const path = join(dir, "seed.iso");
  const userData = `#cloud-config\nusers: [{name: ada}]\n# ${"x".repeat(5000)}\n`;
  writeFileSync(
    path,
    noCloudImage({
      instanceId: "i-1",
      hostname: "web-1",
      userData,
      networkData: "",
      publicKeys: { ada: "ssh-rsa AAAA" },
    }),
  );
  const isoinfo = (...args: string[]) => execFileSync("isoinfo", ["-i", path, ...args], { encoding: "utf8" });
  expect(isoinfo("-d")).toContain("Volume id: cidata");
  expect(isoinfo("-J", "-f").trim().split("\n").sort()).toEqual(["/meta-data", "/user-data"]);
  expect(isoinfo("-J", "-x", "/user-data")).toBe(userData);
  expect(JSON.parse(isoinfo("-J", "-x", "/meta-data"))).toEqual({
    "instance-id": "i-1",
    "local-hostname": "web-1",
    "public-keys": { ada: "ssh-rsa AAAA" },
  });
});
