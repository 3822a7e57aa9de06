/** A pod whose container's log the test writes, and browsers that follow it. */
import type { PodLogMessage, PodLogTicketRequest } from "@kubev/api-types/pod-streams";
import { WebSocket } from "ws";
import { kubePath } from "../src/kube/kube-path.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { until } from "./console-under-test.ts";

export const project = "web-shop";

export interface LogTicket {
  path: string;
  protocols: string[];
}

/** A browser on a log: what it was sent, and how it ended. */
export async function openLog(cut: ConsoleUnderTest, person: Person, ticket: LogTicket) {
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}${ticket.path}`, ticket.protocols, {
    headers: { cookie: person.cookie, origin: cut.url },
  });
  const messages: PodLogMessage[] = [];
  let code = 0;
  socket.on("message", (data: Buffer) => messages.push(JSON.parse(data.toString("utf8")) as PodLogMessage)); // the contract
  socket.on("close", (closed) => {
    code = closed;
  });
  socket.on("error", () => {});
  const lines = () => messages.flatMap((one) => (one.type === "lines" ? one.lines : []));
  return {
    socket,
    messages,
    lines,
    said: () => lines().flatMap(({ text }) => /Said: (.*)$/.exec(text)?.[1] ?? []),
    closed: async () => until(() => code !== 0 && code, 15_000),
  };
}

/** Starts a pod of that name. */
export async function startLogWriter(cut: ConsoleUnderTest, person: Person, name: string) {
  const { service } = cut.app.services;
  const path = (...rest: string[]) => kubePath("api", "v1", "namespaces", project, "pods", name, ...rest);
  await service.json(kubePath("api", "v1", "namespaces", project, "pods"), {
    method: "POST",
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: project },
      spec: {
        containers: [
          {
            name: "web",
            image: "registry.example.com/web:1",
            resources: { requests: { cpu: "1m", memory: "1Mi" } },
          },
        ],
      },
    },
  });
  await until(async () => {
    const query = { project, q: name };
    const { rows } = await person.call("listObjects", { params: { noun: "pod" }, query });
    return rows[0]?.state.status === "running";
  });
  const ticketOf = async (asking: Person, body: Partial<PodLogTicketRequest> = {}) =>
    asking.call("createPodLogTicket", { params: { project, name }, body: { container: "web", ...body } });
  return {
    name,
    path,
    ticketOf,
    open: async (asking: Person, body: Partial<PodLogTicketRequest> = {}) =>
      openLog(cut, asking, await ticketOf(asking, body)),
    /** kube-sim's containers write what became of their pod. */
    write: async (text: string) => {
      const pod = await service.json<{ metadata: { uid: string } }>(path());
      await service.json(kubePath("api", "v1", "namespaces", project, "events"), {
        method: "POST",
        body: {
          apiVersion: "v1",
          kind: "Event",
          metadata: { generateName: "said-", namespace: project },
          involvedObject: { kind: "Pod", namespace: project, name, uid: pod.metadata.uid },
          reason: "Said",
          message: text,
          type: "Normal",
          lastTimestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
        },
      });
    },
    setStatus: async (status: Record<string, unknown>, phase = "Running") =>
      service.json(path("status"), {
        method: "PATCH",
        contentType: "application/merge-patch+json",
        body: { status: { phase, containerStatuses: [{ name: "web", image: "x", imageID: "", ...status }] } },
      }),
  };
}

export type LogWriter = Awaited<ReturnType<typeof startLogWriter>>;
