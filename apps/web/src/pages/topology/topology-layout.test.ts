/** The topology's layout: nothing lies upon anything else, and everything lies within the picture. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Box, layoutTopology } from "./topology-layout.ts";

const name = fc.string({ minLength: 1, maxLength: 5 });
const vpc = fc.record({
  name,
  tone: fc.constant("ok" as const),
  subnets: fc.array(
    fc.record({
      name,
      tone: fc.constant("ok" as const),
      cidrs: fc.array(name),
      usedIps: fc.constant("0"),
      machineCount: fc.nat(500),
      machines: fc.array(fc.record({ project: name, name, ips: fc.array(name) }), { maxLength: 60 }),
    }),
    { maxLength: 5 },
  ),
  waysOut: fc.array(
    fc.record({
      kind: fc.constant("eip" as const),
      name,
      project: fc.constant(""),
      addresses: fc.array(name),
    }),
    { maxLength: 5 },
  ),
});

const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("no two boxes meet, and none leaves the picture", () => {
  fc.assert(
    fc.property(fc.array(vpc, { maxLength: 4 }), (vpcs) => {
      const layout = layoutTopology(vpcs);
      const boxes = layout.vpcs.flatMap((placed) => [
        placed.box,
        ...placed.waysOut.map(({ box }) => box),
        ...placed.subnets.flatMap((subnet) => [subnet.box, ...subnet.machines.map(({ box }) => box)]),
      ]);
      for (const [at, box] of boxes.entries()) {
        expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
        expect(box.y).toBeGreaterThanOrEqual(0);
        expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
        for (const other of boxes.slice(at + 1)) expect(meet(box, other)).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});
