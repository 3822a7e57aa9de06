/** Whose rows of the trail somebody sees: those about kinds that he may see, where they lie. */
import type { LiveList } from "@kubev/api-types/live";
import type { Noun } from "@kubev/api-types/resource-ref";
import type { Rights } from "../access/rights.ts";
import { everything, noNames, nothing, type Scope } from "../access/scope.ts";
import { secretRights } from "../domain/secret-facts.ts";
import type { Services } from "../services.ts";

/** Lists that bear another name than their noun. */
const listOf = {
  "virtual-machine": "vms",
  image: "images",
  disk: "disks",
  host: "hosts",
  project: "projects",
  // with what tenants see of them
  subnet: "subnets",
  vpc: "vpcs",
} as const satisfies Partial<Record<Noun, LiveList>>;
const hasOther = (noun: Noun): noun is keyof typeof listOf => Object.hasOwn(listOf, noun);

const anything = { verb: "*", group: "*", resource: "*", subresource: "" };

export async function activityScope(nouns: Services["nouns"], noun: Noun, rights: Rights): Promise<Scope> {
  // a role that names a machine says nothing of snapshots that are called the same
  if (noun === "snapshot") return { ...(await nouns.vms.scope(rights)), names: noNames };
  if (hasOther(noun)) return nouns[listOf[noun]].scope(rights);
  if (noun === "secret") return rights.scope(secretRights.list);
  if (noun === "session") return (await nouns.vms.scope(rights)).all ? everything : nothing;
  // nobody can say who may see an object of any kind, but whoever may see all
  if (noun === "object") return (await rights.can(anything, "")) ? everything : nothing;
  return nouns[noun].scope(rights);
}
