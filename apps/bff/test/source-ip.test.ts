/** Whose address an upgrade came from, with and without proxies that may speak for others. */
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { sourceIpBehind } from "../src/http/source-ip.ts";

const request = (peer: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    connection: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage; // as: the parts that the rule reads

describe("an address that no trusted proxy wrote (CVE-2026-16732)", () => {
  test.each([
    ["no proxy is trusted", [], "198.51.100.7", "203.0.113.9", "198.51.100.7"],
    ["the proxy is trusted", ["10.0.0.0/8"], "10.0.0.4", "203.0.113.9", "203.0.113.9"],
    [
      "what the client says of itself is not",
      ["10.0.0.0/8"],
      "10.0.0.4",
      "1.1.1.1, 203.0.113.9",
      "203.0.113.9",
    ],
    ["a stranger is no proxy", ["10.0.0.0/8"], "198.51.100.7", "203.0.113.9", "198.51.100.7"],
  ])("%s", (_what, trusted, peer, forwarded, expected) => {
    expect(sourceIpBehind(trusted)(request(peer, forwarded))).toBe(expected);
  });
});
