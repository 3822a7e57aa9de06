/**
 * What every Kubernetes API server does, asked of kube-sim and, with `KUBEBUILDER_ASSETS`, of a real one: what the suite
 * expects is what the real one answers. A real server that is older than a behaviour skips it by name.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { access } from "./access.ts";
import { apply } from "./apply.ts";
import { customResources } from "./custom-resources.ts";
import { defaults } from "./defaults.ts";
import { deletion } from "./deletion.ts";
import { discovery } from "./discovery.ts";
import { events } from "./events.ts";
import { lists } from "./lists.ts";
import { objects } from "./objects.ts";
import { patches } from "./patches.ts";
import { quotas } from "./quotas.ts";
import { type Target, targets } from "./target.ts";
import { validation } from "./validation.ts";
import { watches } from "./watches.ts";

describe.each(targets)("$name", ({ start }) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
  }, 90_000);
  afterAll(() => target.close());
  const api = (): Target => target;

  objects(api);
  lists(api);
  watches(api);
  patches(api);
  apply(api);
  deletion(api);
  defaults(api);
  access(api);
  quotas(api);
  discovery(api);
  customResources(api);
  events(api);
  validation(api);
});
