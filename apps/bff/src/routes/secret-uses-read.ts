/** Which of a project's machines, imports, service accounts, pods and what makes pods name which secret, as far as the caller may see them. */
import type { Warning } from "@kubev/api-types/list-query";
import type { SecretUse } from "@kubev/api-types/secrets";
import { reasonOf } from "../domain/reasons.ts";
import type {
  NamedSecret,
  RawAccount,
  RawCronJob,
  RawImport,
  RawImportCron,
  RawPodMaker,
  RawSecretPod,
} from "../domain/secret-uses.ts";
import {
  namedByAccount,
  namedByCronJob,
  namedByImport,
  namedByImportCron,
  namedByMachine,
  namedByMaker,
  namedByPod,
} from "../domain/secret-uses.ts";
import { mapLimited } from "../domain/mapped-limit.ts";
import type { RelatedVm } from "../domain/vm-relations.ts";
import type { Caller } from "../identity/callers.ts";
import { beside, isAway } from "../kube/beside.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { collectionPath } from "../kube/kube-path.ts";
import { resourceLabel, resourceTypes as types } from "../kube/resource-types.ts";
import { type PagedRead, readPages } from "./paged-read.ts";

export interface SecretUses {
  bySecret: ReadonlyMap<string, readonly SecretUse[]>;
  /** What could not be looked at, or not whole. */
  warnings: Warning[];
}

const mostUsers = 1000;
/** Lists that are read at once: one page does not ask a cluster for ten, and waits for silent parts twice at most. */
const readsAtOnce = 4;

interface Looked {
  found: NamedSecret[];
  warnings: Warning[];
}

export async function usesIn(caller: Caller, project: string, signal: AbortSignal): Promise<SecretUses> {
  async function look<Raw>(type: ResourceType, keep: PagedRead<Raw, NamedSecret>["keep"]): Promise<Looked> {
    try {
      const { kept, cut } = await readPages<Raw, NamedSecret>(caller, collectionPath(type, project), {
        atMost: mostUsers,
        pageSize: 200,
        signal,
        keep,
        request: beside,
      });
      const warning = { reason: reasonOf("secret-uses-cut", { resource: type.plural, limit: mostUsers }) };
      return { found: kept, warnings: cut ? [warning] : [] };
    } catch (error) {
      if (isAway(error))
        return {
          found: [],
          warnings: [{ reason: reasonOf("feed-failing", { resource: resourceLabel(type) }) }],
        };
      if (!(error instanceof KubeError)) throw error;
      // a kind that is not installed names nothing
      if (error.status === 404) return { found: [], warnings: [] };
      if (error.status === 403)
        return {
          found: [],
          warnings: [{ reason: reasonOf("secret-uses-unknown", { resource: type.plural }) }],
        };
      throw error;
    }
  }
  const looks = [
    async () => look<RelatedVm>(types.virtualMachine, (vm) => namedByMachine(vm, project)),
    async () => look<RawImport>(types.dataVolume, namedByImport),
    async () => look<RawImportCron>(types.dataImportCron, namedByImportCron),
    async () => look<RawAccount>(types.serviceAccount, namedByAccount),
    async () => look<RawSecretPod>(types.pod, namedByPod),
    async () => look<RawPodMaker>(types.deployment, namedByMaker("deployment")),
    async () => look<RawPodMaker>(types.statefulSet, namedByMaker("stateful-set")),
    async () => look<RawPodMaker>(types.daemonSet, namedByMaker("daemon-set")),
    async () => look<RawPodMaker>(types.job, namedByMaker("job")),
    async () => look<RawCronJob>(types.cronJob, namedByCronJob),
  ];
  const looked = await mapLimited(looks, readsAtOnce, async (read) => read());
  const bySecret = new Map<string, SecretUse[]>();
  for (const { secret, use } of looked.flatMap(({ found }) => found)) {
    const uses = bySecret.get(secret) ?? [];
    uses.push(use);
    bySecret.set(secret, uses);
  }
  return { bySecret, warnings: looked.flatMap(({ warnings }) => warnings) };
}
