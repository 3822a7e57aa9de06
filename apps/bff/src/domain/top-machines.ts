/** Who takes most. Pure. */
import type { TopMachines } from "@kubev/api-types/usage";

interface Used {
  cpuCores: number;
  memoryBytes: number;
}

/** `usage` by `project/name`. */
export function topMachinesOf(
  usage: Iterable<readonly [string, Used]>,
  isShown: (project: string, name: string) => boolean,
  most: number,
): Pick<TopMachines, "byCpu" | "byMemory" | "projects"> {
  const shown = [...usage].flatMap(([key, used]) => {
    const slash = key.indexOf("/");
    const project = key.slice(0, slash);
    const name = key.slice(slash + 1);
    return isShown(project, name) ? [{ project, name, ...used }] : [];
  });
  const top = (measure: keyof Used) =>
    shown
      .toSorted((a, b) => b[measure] - a[measure] || (a.name < b.name ? -1 : 1))
      .slice(0, most)
      .map(({ project, name, [measure]: amount }) => ({ project, name, amount }));
  const sums = new Map<string, Used>();
  for (const { project, cpuCores, memoryBytes } of shown) {
    const sum = sums.get(project) ?? { cpuCores: 0, memoryBytes: 0 };
    sums.set(project, { cpuCores: sum.cpuCores + cpuCores, memoryBytes: sum.memoryBytes + memoryBytes });
  }
  const projects = [...sums]
    .map(([project, sum]) => ({ project, ...sum }))
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes)
    .slice(0, most);
  return { byCpu: top("cpuCores"), byMemory: top("memoryBytes"), projects };
}
