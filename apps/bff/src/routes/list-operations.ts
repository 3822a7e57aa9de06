/** The lists of every noun; all alike. */
import type { Services } from "../services.ts";
import { listReply } from "./list-reply.ts";
import type { Operations } from "./operation.ts";

export function listOperations(services: Services) {
  const { nouns } = services;
  return {
    listVms: {
      access: "session",
      handle: async (call) => listReply(nouns.vms, call.caller.rights, call.query),
    },
    listImages: {
      access: "session",
      handle: async (call) => listReply(nouns.images, call.caller.rights, call.query),
    },
    listDisks: {
      access: "session",
      handle: async (call) => listReply(nouns.disks, call.caller.rights, call.query),
    },
    listHosts: {
      access: "session",
      handle: async (call) => listReply(nouns.hosts, call.caller.rights, call.query),
    },
    listProjects: {
      access: "session",
      handle: async (call) => listReply(nouns.projects, call.caller.rights, call.query),
    },
    listVpcs: {
      access: "session",
      handle: async (call) => listReply(nouns.vpcs, call.caller.rights, call.query),
    },
    listSubnets: {
      access: "session",
      handle: async (call) => listReply(nouns.subnets, call.caller.rights, call.query),
    },
  } satisfies Partial<Operations>;
}
