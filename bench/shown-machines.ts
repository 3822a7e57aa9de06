/** Whether the console shows every machine that runs as the generator made it last: label, host, whether it is paused, launcher pod and its restarts. */
import type { GeneratedTruth } from "./generated-machines.ts";
import { fetchParsed } from "./measured-console.ts";

interface Rows<R> {
  total: number;
  rows: R[];
}
interface MachineRow {
  project: string;
  name: string;
  host: string;
  actions: { unpause: { allowed: boolean } };
  labels: Record<string, string>;
}
interface PodRow {
  ref: { project: string; name: string };
  facts: { restarts: number };
}

const pageSize = 200;

async function allOf<R>(url: string, path: string, cookie: string): Promise<R[]> {
  const rows: R[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await fetchParsed(`${url}${path}?sort=name&pageSize=${pageSize}&page=${page}`, { cookie });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    const body = answer.body as Rows<R>; // the contract's list envelope
    rows.push(...body.rows);
    if (rows.length >= body.total || body.rows.length === 0) return rows;
  }
}

/** @returns what is shown otherwise than it is; nothing where all of it is alike */
export async function differences(
  { url, cookie }: { url: string; cookie: string },
  truth: readonly GeneratedTruth[],
): Promise<string[]> {
  const machines = new Map(
    (await allOf<MachineRow>(url, "/api/vms", cookie)).map((row) => [`${row.project}/${row.name}`, row]),
  );
  const pods = new Map(
    (await allOf<PodRow>(url, "/api/objects/pod", cookie)).map(({ ref, facts }) => [
      `${ref.project}/${ref.name}`,
      facts.restarts,
    ]),
  );
  const wrong: string[] = [];
  if (pods.size !== truth.length) wrong.push(`${pods.size} pods instead of ${truth.length}`);
  for (const one of truth) {
    const shown = machines.get(`${one.project}/${one.name}`);
    const seen = [
      shown?.labels["turn"] ?? "",
      shown?.host,
      shown?.actions.unpause.allowed,
      pods.get(`${one.project}/${one.pod}`),
    ];
    const wanted = [one.label, one.host, one.paused, one.restarts];
    if (JSON.stringify(seen) !== JSON.stringify(wanted))
      wrong.push(`${one.project}/${one.name}: ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
  }
  return wrong;
}
