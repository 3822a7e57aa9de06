/**
 * Changes machines and pods of the scale cluster through its API, so many a second, until it is told to end: instances are
 * paused and go on, pods restart, machines get other labels. Then prints one line of JSON: how many, how many were refused.
 */
import { seededUid } from "@kubev/kube-sim/scenarios/demo-disk";
import { scaleVmPlace } from "@kubev/kube-sim/scenarios/scale-machine";
import { Agent, request } from "undici";
import { machineScale } from "./list-scale.ts";

const { url, caPem, token, perSecond } = JSON.parse(process.argv[2] ?? "{}") as {
  url: string;
  caPem: string;
  token: string;
  perSecond: number;
}; // moving.ts writes it
const dispatcher = new Agent({ connect: { ca: caPem }, connections: 4 });
const tickMs = 50;
const stages = ["prod", "staging", "test", "dev"];

let turn = 0;
let done = 0;
let refused = 0;
let words = "";

/** Which object, and the merge patch: another thing each time, far apart in every order. */
function nextChange(): { path: string; patch: unknown } {
  turn += 1;
  const index = (turn * 3571) % machineScale.running;
  const { project, name } = scaleVmPlace(index, machineScale);
  switch (turn % 5) {
    case 0:
      return {
        path: `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines/${name}`,
        patch: { metadata: { labels: { env: stages[(turn / 5) % stages.length] } } },
      };
    case 1:
    case 2:
      return {
        path: `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachineinstances/${name}`,
        patch: {
          status: {
            conditions: [
              { type: "Ready", status: "True" },
              { type: "LiveMigratable", status: "True" },
              { type: "AgentConnected", status: "True" },
              { type: "Paused", status: turn % 10 < 5 ? "True" : "False" },
            ],
          },
        },
      };
    default:
      return {
        path: `/api/v1/namespaces/${project}/pods/virt-launcher-${name}-${seededUid("vm", project, name).slice(0, 5)}/status`,
        patch: { status: { containerStatuses: [{ name: "compute", restartCount: turn, ready: true }] } },
      };
  }
}

async function change(): Promise<void> {
  const { path, patch } = nextChange();
  const answer = await request(`${url}${path}`, {
    dispatcher,
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/merge-patch+json" },
    body: JSON.stringify(patch),
  });
  const text = await answer.body.text();
  if (answer.statusCode === 200) done += 1;
  else {
    refused += 1;
    words ||= `${path}: ${text.slice(0, 300)}`;
  }
}

const startedAt = performance.now();
let due = 0;
const timer = setInterval(() => {
  due += (perSecond * tickMs) / 1000;
  for (; due >= 1; due -= 1) void change();
}, tickMs);
process.on("SIGTERM", () => {
  clearInterval(timer);
  const perSecondDone = (done / (performance.now() - startedAt)) * 1000;
  process.stdout.write(`${JSON.stringify({ done, refused, words, perSecond: perSecondDone })}\n`, () =>
    process.exit(0),
  );
});
process.stdout.write('{"changing":true}\n');
