/** What a peering lacks on either side. */
import { expect, test } from "vitest";
import { type PeeringSide, peeringGaps } from "../src/domain/vpc-peering.ts";

const side = (name: string, over: Partial<PeeringSide>): PeeringSide => ({
  name,
  isDefault: false,
  peerings: [],
  staticRoutes: [],
  cidrs: [],
  ...over,
});
const to = (cidr: string, nextHop: string) => ({ cidr, nextHop, by: "destination" as const });

const blue = side("blue", {
  cidrs: ["10.1.0.0/24"],
  peerings: [{ remoteVpc: "red", localConnectIp: "169.254.0.1/30" }],
  staticRoutes: [to("10.2.0.0/16", "169.254.0.2")],
});
const red = side("red", {
  cidrs: ["10.2.0.0/24", "10.2.1.0/24"],
  peerings: [{ remoteVpc: "blue", localConnectIp: "169.254.0.2/30" }],
  staticRoutes: [to("10.1.0.0/24", "169.254.0.1")],
});
const gaps = (own: PeeringSide, other: PeeringSide) =>
  peeringGaps(own, new Map([[other.name, other]])).map(({ code, params }) =>
    `${code} ${params?.["vpc"] ?? ""} ${params?.["cidr"] ?? ""}`.trim(),
  );

test("a whole peering lacks nothing, from either side", () => {
  expect(gaps(blue, red)).toEqual([]);
  expect(gaps(red, blue)).toEqual([]);
});

test("the other side must name this one", () => {
  expect(gaps(blue, { ...red, peerings: [] })).toEqual(["peering-one-sided blue"]);
});

test.each<[string, PeeringSide, PeeringSide, string[]]>([
  [
    "here",
    { ...blue, staticRoutes: [] },
    red,
    ["10.2.0.0/24", "10.2.1.0/24"].map((cidr) => `peering-no-route blue ${cidr}`),
  ],
  ["there", blue, { ...red, staticRoutes: [] }, ["peering-no-route red 10.1.0.0/24"]],
  [
    "for a part of the other side only",
    { ...blue, staticRoutes: [to("10.2.0.0/24", "169.254.0.2")] },
    red,
    ["peering-no-route blue 10.2.1.0/24"],
  ],
  [
    "by way of a foreign next hop",
    blue,
    { ...red, staticRoutes: [to("10.1.0.0/24", "169.254.0.9")] },
    ["peering-no-route red 10.1.0.0/24"],
  ],
  [
    "by source instead of destination",
    blue,
    { ...red, staticRoutes: [{ ...to("10.1.0.0/24", "169.254.0.1"), by: "source" as const }] },
    ["peering-no-route red 10.1.0.0/24"],
  ],
])("a route that is missing %s is said", (_what, own, other, expected) => {
  expect(gaps(own, other)).toEqual(expected);
});

test("both ends of the link lie in one network", () => {
  const apart = {
    ...red,
    peerings: [{ remoteVpc: "blue", localConnectIp: "169.254.9.2/30" }],
  };
  expect(gaps(blue, apart)[0]).toBe("peering-link-apart");
});
