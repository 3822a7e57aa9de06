/** What finds no other host when a host is lost: by name where it is one, else counted, machines apart from pods. */
import type { HostLoss } from "@kubev/api-types/capacity";
import { formatPlural } from "../format/numbers.ts";

/** As the end of a sentence that has begun, e.g. "If it were lost, ". */
export function homelessWords({
  homeless,
  homelessTotal,
}: Pick<HostLoss, "homeless" | "homelessTotal">): string {
  const [only] = homeless;
  if (homelessTotal === 1 && only !== undefined)
    return `${only.machine ? "the machine" : "the pod"} ${only.name} finds no other host.`;
  // the list is cut, and beyond it nobody knows which are machines
  if (homeless.length < homelessTotal)
    return `${formatPlural(homelessTotal, "thing finds", "things find")} no other host.`;
  const machines = homeless.filter(({ machine }) => machine).length;
  const pods = homeless.length - machines;
  const counted = [
    ...(machines === 0 ? [] : [formatPlural(machines, "machine", "machines")]),
    ...(pods === 0 ? [] : [formatPlural(pods, "pod", "pods")]),
  ];
  return `${counted.join(" and ")} find no other host.`;
}
