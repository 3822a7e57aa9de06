/** Routes requests of subresources.kubevirt.io, with virt-api's own manners about methods, Accept and errors. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { parse as parseYaml } from "yaml";
import { sendError, sendJson, sendText } from "../api/reply.ts";
import { readBody } from "../api/request-body.ts";
import type { ResourceRequest } from "../api/request-info.ts";
import { VERSION } from "../api/version.ts";
import type { User } from "../auth/user.ts";
import { badRequest, notImplemented } from "../store/status-error.ts";
import type { Action, ActionAnswer, ActionCall, ActionContext } from "./action.ts";
import { type ConsoleKind, ConsoleSockets } from "./console-sockets.ts";
import { expandGivenVm, expandSpec } from "./expand-spec.ts";
import { filesystemList, guestOsInfo, userList } from "./guest-info.ts";
import { screenshot } from "./screenshot.ts";
import { cancelEvacuation, cancelEvacuationOfVm } from "./evacuation.ts";
import { memoryDump, removeMemoryDump } from "./memory-dump.ts";
import { vmiObjectGraph, vmObjectGraph } from "./object-graph.ts";
import { portForward, portForwardOfVm, refuseTunnel } from "./port-forward.ts";
import { NO_UPGRADE_TEXT } from "./no-upgrade.ts";
import {
  attestation,
  backup,
  injectLaunchSecret,
  redefineCheckpoint,
  setUpSevSession,
  usbRedirection,
  vsock,
} from "./unconfigured.ts";
import { addVolume, addVolumeToVmi, removeVolume, removeVolumeFromVmi } from "./volume-actions.ts";
import { migrateVm, restartVm, startVm, stopVm } from "./vm-actions.ts";
import { freezeVmi, pauseVmi, resetVmi, softRebootVmi, unfreezeVmi, unpauseVmi } from "./vmi-actions.ts";

export const SUBRESOURCES_GROUP = "subresources.kubevirt.io";

interface Route {
  method: "GET" | "PUT";
  run: Action;
  /** GETs that go to virt-handler answer every failure as 500 text. */
  plainErrors?: boolean;
}

const put = (run: Action): Route => ({ method: "PUT", run });
const get = (run: Action, plainErrors = false): Route => ({ method: "GET", run, plainErrors });

const ROUTES: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  virtualmachines: {
    start: put(startVm),
    stop: put(stopVm),
    restart: put(restartVm),
    migrate: put(migrateVm),
    "expand-spec": get(expandSpec),
    addvolume: put(addVolume),
    removevolume: put(removeVolume),
    memorydump: put(memoryDump),
    removememorydump: put(removeMemoryDump),
    objectgraph: get(vmObjectGraph),
    portforward: get(portForwardOfVm),
    "evacuate/cancel": put(cancelEvacuationOfVm),
  },
  virtualmachineinstances: {
    pause: put(pauseVmi),
    unpause: put(unpauseVmi),
    reset: put(resetVmi),
    softreboot: put(softRebootVmi),
    freeze: put(freezeVmi),
    unfreeze: put(unfreezeVmi),
    guestosinfo: get(guestOsInfo, true),
    userlist: get(userList, true),
    filesystemlist: get(filesystemList, true),
    "vnc/screenshot": get(screenshot, true),
    addvolume: put(addVolumeToVmi),
    removevolume: put(removeVolumeFromVmi),
    objectgraph: get(vmiObjectGraph),
    portforward: get(portForward),
    usbredir: get(usbRedirection),
    vsock: get(vsock),
    backup: put(backup),
    "redefine-checkpoint": put(redefineCheckpoint),
    "evacuate/cancel": put(cancelEvacuation),
    "sev/fetchcertchain": get(attestation, true),
    "sev/querylaunchmeasurement": get(attestation, true),
    "sev/setupsession": put(setUpSevSession),
    "sev/injectlaunchsecret": put(injectLaunchSecret),
  },
};

const acceptedTypes = (request: IncomingMessage): string[] =>
  (request.headers.accept ?? "*/*")
    .split(",")
    .map((range) => range.split(";")[0]?.trim().toLowerCase() ?? "");

export class SubresourceApi {
  readonly #context: ActionContext;
  readonly #sockets: ConsoleSockets;

  constructor(context: ActionContext) {
    this.#context = context;
    this.#sockets = new ConsoleSockets(context);
  }

  close(): void {
    this.#sockets.close();
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    info: ResourceRequest,
    user: User,
  ): Promise<void> {
    if (info.namespace === "" && this.#answerGlobal(request, response, info)) return;
    if (info.resource === "expand-vm-spec" && info.name === "" && info.namespace !== "") {
      await this.#expandGiven(request, response, info.namespace);
      return;
    }
    const sub = routeName(info.subresource);
    if (info.name === "" || info.subresource === "") {
      sendText(response, 401, `unknown resource type ${info.resource}`);
      return;
    }
    if (!this.#permits(user, info, sub)) {
      sendText(response, 401, `${user.name} may not ${info.verb} ${info.resource}/${sub}`);
      return;
    }
    if (info.resource === "virtualmachineinstances" && (sub === "vnc" || sub === "console")) {
      if (request.method !== "GET") sendText(response, 405, "405: Method Not Allowed");
      else this.#refuseWithoutUpgrade(request, response, url, info, sub);
      return;
    }
    const routes = ROUTES[info.resource];
    // names come from the path: what every object inherits is none of them
    const route = routes !== undefined && Object.hasOwn(routes, sub) ? routes[sub] : undefined;
    if (route === undefined) {
      sendText(response, 404, "404: Page Not Found");
      return;
    }
    if (route.method !== request.method) {
      sendText(response, 405, "405: Method Not Allowed");
      return;
    }
    if (!this.#acceptable(request, response, route)) return;
    await this.#run(request, response, url, info, user, route);
  }

  /** Expands a VirtualMachine that the client sends, stored or not. */
  async #expandGiven(request: IncomingMessage, response: ServerResponse, namespace: string): Promise<void> {
    if (request.method !== "PUT") {
      sendText(response, 405, "405: Method Not Allowed");
      return;
    }
    const bytes = await readBody(request);
    if (bytes.length === 0) {
      sendText(response, 415, "415: Unsupported Media Type");
      return;
    }
    sendJson(request, response, 200, expandGivenVm(this.#context.store, parseActionBody(bytes), namespace));
  }

  /** version, healthz and guestfs need no namespace. */
  #answerGlobal(request: IncomingMessage, response: ServerResponse, info: ResourceRequest): boolean {
    if (info.name !== "") return false;
    switch (info.resource) {
      case "version":
        sendJson(request, response, 200, {
          gitVersion: "v1.9.0",
          gitCommit: "kube-sim",
          gitTreeState: "clean",
          buildDate: "2026-07-27T00:00:00Z",
          goVersion: "none",
          compiler: "none",
          platform: "linux/amd64",
        });
        return true;
      case "healthz":
        sendJson(request, response, 200, {
          apiserver: { connectivity: "ok", version: VERSION },
          "config-resource-version": String(this.#context.store.version),
        });
        return true;
      case "guestfs":
        sendJson(request, response, 200, {
          registry: "quay.io/kubevirt",
          tag: "v1.9.0",
          digest: "",
          imagePrefix: "",
          gsImage: "",
        });
        return true;
      default:
        return false;
    }
  }

  /** virt-api asks again, and for the whole subresource: the API server looked at the first segment only. */
  #permits(user: User, info: ResourceRequest, sub: string): boolean {
    if (!sub.includes("/")) return true;
    return this.#context.authorizer.authorize(user, { ...info, subresource: sub }).allowed;
  }

  #acceptable(request: IncomingMessage, response: ServerResponse, route: Route): boolean {
    const types = acceptedTypes(request);
    if (types.includes("*/*")) return true;
    if (route.method === "GET" && types.includes("application/json")) return true;
    if (route.method === "GET" && types.some((type) => type.startsWith("image/"))) return true;
    const available = route.method === "GET" ? "application/json" : "";
    sendText(response, 406, `406: Not Acceptable\n\nAvailable representations: ${available}`);
    return false;
  }

  #refuseWithoutUpgrade(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    info: ResourceRequest,
    kind: ConsoleKind,
  ): void {
    this.#sockets.check(kind, info.namespace, info.name, url);
    request.resume();
    sendText(response, 400, NO_UPGRADE_TEXT);
  }

  async #run(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    info: ResourceRequest,
    user: User,
    route: Route,
  ): Promise<void> {
    try {
      const body = parseActionBody(await readBody(request));
      const call: ActionCall = { namespace: info.namespace, name: info.name, user, request, url, body };
      const answer = await route.run(this.#context, call);
      this.#context.store.flush();
      sendAnswer(request, response, answer);
    } catch (error) {
      if (route.plainErrors === true)
        sendText(response, 500, error instanceof Error ? error.message : String(error));
      else sendError(request, response, error);
    }
  }

  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    url: URL,
    info: ResourceRequest,
  ): Promise<void> {
    const sub = info.subresource;
    if (routeName(sub) === "portforward") refuseTunnel(this.#context, info);
    if (info.resource !== "virtualmachineinstances" || (sub !== "vnc" && sub !== "console")) {
      throw notImplemented(`WebSockets to ${info.resource}/${sub}`);
    }
    const target = { namespace: info.namespace, name: info.name, url };
    await this.#sockets.upgrade(sub, target, request, socket, head);
  }
}

/** portforward carries port and protocol in its path. */
const routeName = (subresource: string): string =>
  subresource.startsWith("portforward/") ? "portforward" : subresource;

/** Empty, JSON or YAML, whatever the Content-Type says. */
function parseActionBody(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const text = bytes.toString("utf8");
  const fault = jsonFault(text);
  if (fault !== undefined) throw badRequest(`Can not unmarshal Request body to struct, error: ${fault}`);
  try {
    const value: unknown = parseYaml(text, { maxAliasCount: 100 });
    if (value === null || value === undefined) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>; // a mapping
    throw new Error(`json: cannot unmarshal ${Array.isArray(value) ? "array" : typeof value} into Go value`);
  } catch (error) {
    throw badRequest(
      `Can not unmarshal Request body to struct, error: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** What Go's decoder says of a broken JSON object; undefined for good JSON and for YAML. */
function jsonFault(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const position = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
    const found = text[position];
    if (found === undefined) return "unexpected EOF";
    const expected = text.slice(0, position).trimEnd().endsWith("{") ? "object key string" : "value";
    return `json: offset ${position + 1}: invalid character '${found}' looking for beginning of ${expected}`;
  }
}

function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: ActionAnswer): void {
  switch (answer.kind) {
    case "empty":
      response.writeHead(answer.code, { "Content-Length": 0 });
      response.end();
      break;
    case "text":
      sendText(response, answer.code, answer.text);
      break;
    case "json":
      sendJson(request, response, answer.code, answer.body);
      break;
    case "bytes":
      response.writeHead(answer.code, {
        "Content-Type": answer.contentType,
        "Content-Length": answer.bytes.length,
      });
      response.end(answer.bytes);
      break;
  }
}

/** The names that discovery gives, in virt-api's order. */
export const DISCOVERED_SUBRESOURCES: readonly string[] = [
  "expand-vm-spec",
  ...[
    "vnc",
    "vnc/screenshot",
    "console",
    "portforward",
    "backup",
    "redefine-checkpoint",
    "pause",
    "unpause",
  ].map((name) => `virtualmachineinstances/${name}`),
  ...["freeze", "unfreeze", "reset", "softreboot"].map((name) => `virtualmachineinstances/${name}`),
  ...["start", "stop", "restart", "migrate", "expand-spec", "objectgraph", "evacuate/cancel"].map(
    (name) => `virtualmachines/${name}`,
  ),
  ...[
    "guestosinfo",
    "userlist",
    "filesystemlist",
    "addvolume",
    "removevolume",
    "objectgraph",
    "sev/fetchcertchain",
    "sev/querylaunchmeasurement",
    "sev/setupsession",
    "sev/injectlaunchsecret",
    "evacuate/cancel",
  ].map((name) => `virtualmachineinstances/${name}`),
];
