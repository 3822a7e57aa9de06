/** Tickets for what flows out of a pod's containers. */
import { consolePath } from "../consoles/console-socket.ts";
import { ticketProtocolPrefix } from "@kubev/api-types/consoles";
import { podShellProtocols } from "@kubev/api-types/pod-shell";
import { podLogProtocol } from "@kubev/api-types/pod-streams";
import { openShellRights, readLogRight, shellWarning } from "../domain/pod-streams.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { NeededRight } from "../domain/vm-actions.ts";
import { ApiProblem, notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { recordKey } from "../inventory/feed-table.ts";
import { visibleEntry } from "../inventory/visible-entry.ts";
import type { ObjectEntry } from "../objects/catalogued-noun.ts";
import type { Services } from "../services.ts";
import type { TicketSubject } from "../store/ticket-store.ts";
import type { Operations } from "./operation.ts";

export function podOperations({ nouns, tickets, endpoint }: Services) {
  const { list } = nouns.catalogue.pod;

  /** Who may not know of the pod learns nothing. */
  async function visible(caller: Caller, project: string, name: string): Promise<ObjectEntry> {
    const entry = await visibleEntry(list, caller.rights, recordKey(project, name));
    if (entry === undefined) throw notFound();
    return entry;
  }

  async function requireRight(
    caller: Caller,
    right: NeededRight,
    { project, name }: { project: string; name: string },
  ): Promise<void> {
    if (await caller.rights.can(right, project, name)) return;
    const { verb, resource, subresource } = right;
    throw new ApiProblem("forbidden", {
      reason: reasonOf("no-permission", { verb, resource: `${resource}/${subresource}`, project }),
    });
  }

  async function ticketFor(subject: TicketSubject, protocols: readonly string[]) {
    const { ticket, expiresAtMs } = await tickets.issue(subject);
    return {
      path: consolePath,
      protocols: [...protocols, `${ticketProtocolPrefix}${ticket}`],
      expiresAt: new Date(expiresAtMs).toISOString(),
    };
  }

  return {
    createPodLogTicket: {
      access: "session",
      handle: async ({ caller, params: { project, name }, body }) => {
        const { uid } = await visible(caller, project, name);
        await requireRight(caller, readLogRight, { project, name });
        const { hash: sessionHash } = caller.session;
        return ticketFor({ ...body, kind: "log", sessionHash, cluster: endpoint.id, project, name, uid }, [
          podLogProtocol,
        ]);
      },
    },
    createPodShellTicket: {
      access: "session",
      handle: async ({ caller, params: { project, name }, body: { container, command, confirmed } }) => {
        const { uid, record } = await visible(caller, project, name);
        for (const right of openShellRights) await requireRight(caller, right, { project, name });
        const warning = shellWarning(record.labels);
        if (warning !== null && !confirmed) throw new ApiProblem("conflict", { reason: warning });
        const { hash: sessionHash } = caller.session;
        return ticketFor(
          { kind: "shell", sessionHash, cluster: endpoint.id, project, name, uid, container, command },
          podShellProtocols,
        );
      },
    },
  } satisfies Partial<Operations>;
}
