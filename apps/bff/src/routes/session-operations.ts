/** Who is signed in, signing in by token, signing out, and what a person chose for himself. */
import type { Areas, SessionReply } from "@kubev/api-types/session";
import { userPreferences } from "@kubev/api-types/preferences";
import { reasonOf } from "../domain/reasons.ts";
import type { Caller } from "../identity/callers.ts";
import { clearCookie, sessionCookie, setCookie } from "../identity/cookies.ts";
import { requireActable, type SessionSecret } from "../identity/session.ts";
import { tokenExpiryMs } from "../identity/token-expiry.ts";
import { whoAmI } from "../identity/who-am-i.ts";
import { hostRights } from "../domain/host-state.ts";
import { networkRights } from "../inventory/network-index.ts";
import { createProjectRight } from "../inventory/projects.ts";
import { vmScope } from "../inventory/vms.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Services } from "../services.ts";
import { consoleVersion } from "../version.ts";
import { ApiProblem } from "../http/api-problem.ts";
import type { Operations } from "./operation.ts";

async function areasOf(caller: Caller): Promise<Areas> {
  const { rights } = caller;
  const [hosts, networks, createProject, createVpc, createSubnet, vms] = await Promise.all([
    rights.can(hostRights.list, ""),
    rights.can(networkRights.listSubnets, ""),
    rights.can(createProjectRight, ""),
    rights.can(networkRights.createVpc, ""),
    rights.can(networkRights.createSubnet, ""),
    vmScope(rights),
  ]);
  return {
    platform: vms.all || hosts || networks,
    hosts,
    networks,
    createNetworks: createVpc && createSubnet,
    activity: true,
    createProject,
  };
}

async function sessionReplyFor(services: Services, caller: Caller | null): Promise<SessionReply> {
  const { config, endpoint } = services;
  const base = {
    signInModes: [...config.signInModes],
    ...(config.oidc === null ? {} : { oidcLabel: config.oidc.label }),
    cluster: { id: endpoint.id, name: config.clusterName },
    consoleVersion,
    ...(config.supportContact === "" ? {} : { supportContact: config.supportContact }),
    demo: config.demo,
  };
  if (caller === null) return { ...base, user: null, areas: null, idleExpiresAt: null, expiresAt: null };
  const { session } = caller;
  const local = session.mode === "kubeconfig";
  return {
    ...base,
    user: {
      name: session.person.userName,
      displayName: session.person.displayName,
      groups: [...session.person.groups],
    },
    areas: await areasOf(caller),
    idleExpiresAt: local ? null : new Date(session.lastSeenAtMs + config.sessionIdleMs).toISOString(),
    expiresAt: local ? null : new Date(session.expiresAtMs).toISOString(),
  };
}

export function sessionOperations(services: Services) {
  const { sessions, callers, config, preferences } = services;
  return {
    getSession: {
      access: "public",
      handle: async (call) => {
        if (call.caller !== null || !config.signInModes.includes("kubeconfig"))
          return sessionReplyFor(services, call.caller);
        // nobody signs in here, so a page of somebody else must not begin a session by merely asking
        const site = call.headers["sec-fetch-site"];
        if (site !== undefined && site !== "same-origin" && site !== "none")
          throw new ApiProblem("origin-refused", { reason: reasonOf("origin-foreign") });
        const person = await whoAmI(services.endpoint, { kind: "service" });
        const { id, session } = await sessions.create({ person, mode: "kubeconfig" });
        call.setCookie(setCookie(sessionCookie, id));
        return sessionReplyFor(services, callers.of(session, id));
      },
    },
    signInWithToken: {
      access: "public",
      perMinute: 20,
      audit: () => ({ action: "sign-in", noun: "session", name: "token", diff: [] }),
      handle: async (call) => {
        if (!config.signInModes.includes("token"))
          throw new ApiProblem("sign-in-refused", {
            reason: reasonOf("sign-in-mode-off", { mode: "token" }),
          });
        const token = call.body.token.trim();
        const person = await whoAmI(services.endpoint, { kind: "bearer", token }).catch((error: unknown) => {
          if (error instanceof KubeError && (error.status === 401 || error.status === 403))
            throw new ApiProblem("sign-in-refused", { reason: reasonOf("token-refused") }, error);
          throw error;
        });
        if (person.userName === "" || person.userName === "system:anonymous")
          throw new ApiProblem("sign-in-refused", { reason: reasonOf("token-refused") });
        const secret: SessionSecret = {
          person,
          mode: "token",
          token,
          tokenExpiresAtMs: tokenExpiryMs(token),
        };
        requireActable(secret, config.actingMode);
        if (call.caller !== null) await sessions.end(call.caller.session.hash);
        const { id, session } = await sessions.create(secret);
        if (call.audit !== null) call.audit.user = person.userName;
        call.setCookie(setCookie(sessionCookie, id));
        return sessionReplyFor(services, callers.of(session, id));
      },
    },
    signOut: {
      access: "session",
      bodyKind: "none",
      audit: () => ({ action: "sign-out", noun: "session", name: "", diff: [] }),
      handle: async (call) => {
        if (call.audit !== null) call.audit.name = call.caller.session.mode;
        call.setCookie(clearCookie(sessionCookie));
        await sessions.end(call.caller.session.hash);
        return null;
      },
    },
    getPreferences: {
      access: "session",
      handle: async (call) => preferences.get(call.caller.session.person.userName),
    },
    putPreferences: {
      access: "session",
      handle: async (call) => {
        const chosen = userPreferences.parse(call.body);
        await preferences.put(call.caller.session.person.userName, chosen);
        return chosen;
      },
    },
  } satisfies Partial<Operations>;
}
