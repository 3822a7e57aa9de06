/** The table of all catalogued nouns' rules; one that is missing does not compile. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { securityGroupKind } from "./kinds/security-group.ts";
import { serviceKind } from "./kinds/service.ts";
import type { ObjectKind } from "./object-kind.ts";

type KindTable = { readonly [N in ObjectNoun]: ObjectKind<N> };

export const objectKinds: KindTable = {
  "security-group": securityGroupKind,
  service: serviceKind,
};
