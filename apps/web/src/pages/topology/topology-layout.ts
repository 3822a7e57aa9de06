/** Where everything of the topology lies: ways out, VPC, subnets and machines from left to right, one VPC below the other. Pure. */
import type { TopologyVpc } from "@kubev/api-types/topology";

export type Subnet = TopologyVpc["subnets"][number];
export type WayOut = TopologyVpc["waysOut"][number];

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Placed<T> {
  box: Box;
  of: T;
}

export interface PlacedVpc extends Placed<TopologyVpc> {
  waysOut: Placed<WayOut>[];
  subnets: (Placed<Subnet> & { machines: Placed<Subnet["machines"][number]>[] })[];
}

export interface TopologyLayout {
  width: number;
  height: number;
  vpcs: PlacedVpc[];
}

const card = { width: 190, height: 44 } as const;
const gap = 10;
const step = 250;
const cell = 18;
const cellsInRow = 16;

const stack = <T>(items: readonly T[], x: number, top: number): Placed<T>[] =>
  items.map((of, at) => ({ of, box: { x, y: top + at * (card.height + gap), ...card } }));

const heightOf = (count: number) => (count === 0 ? 0 : count * (card.height + gap) - gap);

/** Shares no space between any two boxes; machines lie within the height of their subnet. */
export function layoutTopology(vpcs: readonly TopologyVpc[]): TopologyLayout {
  // without any way out the VPCs stand at the left edge
  const left = vpcs.some(({ waysOut }) => waysOut.length > 0) ? step : 0;
  const columns = { ways: 0, vpc: left, subnets: left + step, machines: left + 2 * step - 20 };
  const inRow = Math.min(
    cellsInRow,
    Math.max(4, ...vpcs.flatMap(({ subnets }) => subnets.map(({ machines }) => machines.length))),
  );
  let top = 0;
  const placed = vpcs.map((vpc): PlacedVpc => {
    let below = top;
    const subnets = vpc.subnets.map((subnet) => {
      const rows = Math.ceil(subnet.machines.length / cellsInRow);
      const height = Math.max(card.height, rows * cell);
      const box = { x: columns.subnets, y: below, width: card.width, height: card.height };
      const machines = subnet.machines.map((machine, at) => ({
        of: machine,
        box: {
          x: columns.machines + (at % cellsInRow) * cell,
          y: below + Math.floor(at / cellsInRow) * cell + (rows === 1 ? (card.height - cell) / 2 : 0),
          width: cell - 4,
          height: cell - 4,
        },
      }));
      below += height + gap;
      return { of: subnet, box, machines };
    });
    const height = Math.max(card.height, below - top - gap, heightOf(vpc.waysOut.length));
    const waysTop = top + (height - heightOf(vpc.waysOut.length)) / 2;
    const made = {
      of: vpc,
      box: { x: columns.vpc, y: top + (height - card.height) / 2, ...card },
      waysOut: stack(vpc.waysOut, columns.ways, waysTop),
      subnets,
    };
    top += height + gap * 4;
    return made;
  });
  return {
    width: columns.machines + inRow * cell,
    height: Math.max(top - gap * 4, card.height),
    vpcs: placed,
  };
}
