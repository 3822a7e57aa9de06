/** The place of a kind as the page's path and the console's API spell it: both write `core` for the group without a name. */
import { coreGroup } from "@kubev/api-types/object-catalog";
import type { KindPlace } from "../../paths.ts";

/** From the parts of a path. */
export const kindPlace = (group: string, version: string, plural: string): KindPlace => ({
  group: group === coreGroup ? "" : group,
  version,
  plural,
});

/** The parameters of an operation on the kind. */
export const kindParams = (kind: KindPlace): KindPlace => ({ ...kind, group: kind.group || coreGroup });

/** As an object's text names it, e.g. `v1` or `policy/v1`. */
export const apiVersionOf = ({ group, version }: KindPlace): string =>
  group === "" ? version : `${group}/${version}`;
