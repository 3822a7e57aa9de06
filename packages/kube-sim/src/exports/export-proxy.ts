/**
 * virt-exportproxy, and the export servers behind it, as one door: who has an export's token fetches its disks and manifests over
 * HTTPS. Source: cmd/virt-exportproxy and pkg/storage/export/virt-exportserver of KubeVirt: codes and bodies are theirs.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { closeServer, listenOn } from "../listening.ts";
import type { ConfigMap, Pod, Secret } from "../controllers/core-shapes.ts";
import { exporterPodName, manifestConfigMapName } from "../controllers/export-names.ts";
import type { VmExport } from "../controllers/export-shapes.ts";
import { exportPaths, isExporterOf } from "../controllers/exporter-pod.ts";
import { configMapKind, podKind, secretKind, vmExportKind } from "../controllers/kinds.ts";
import { TypedStore } from "../controllers/typed-store.ts";
import type { DiskImages } from "../machines/disk-images.ts";
import type { ClusterKeys } from "../pki/cluster-keys.ts";
import type { KubeStore } from "../store/kube-store.ts";
import { DiskSender } from "./disk-sender.ts";
import { ExportRefused } from "./export-refused.ts";
import { headerSecret, machineManifests, manifestText } from "./export-manifests.ts";

const TOKEN = "x-kubevirt-export-token";
const PATHS =
  /^\/api\/export\.kubevirt\.io\/(?:v1beta1|v1)\/namespaces\/([^/]+)\/virtualmachineexports\/([^/]+)(\/.*)$/;

export interface ExportProxyOptions {
  keys: ClusterKeys;
  store: KubeStore;
  images: DiskImages;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

/** An export whose pod runs. */
interface Served {
  vmExport: VmExport;
  pod: Pod;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const pageNotFound = (): ExportRefused => new ExportRefused(404, "404 page not found\n");

function readOnly(request: IncomingMessage): void {
  if (request.method !== "GET") throw new ExportRefused(400);
}

export class ExportProxy {
  readonly #options: ExportProxyOptions;
  readonly #store: TypedStore;
  readonly #server: Server;
  readonly #sender: DiskSender;

  constructor(options: ExportProxyOptions) {
    this.#options = options;
    this.#store = new TypedStore(options.store, "virt-exportproxy");
    this.#sender = new DiskSender(this.#store, options.images);
    this.#server = createServer(
      { key: options.keys.server.keyPem, cert: options.keys.server.certPem },
      (request, response) => void this.#handle(request, response),
    );
  }

  async listen(port: number, host: string): Promise<number> {
    return listenOn(this.#server, port, host);
  }

  async close(): Promise<void> {
    await closeServer(this.#server, async () => this.#sender.close());
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      // a client that went is no failure
      if (!(error instanceof ExportRefused) && !response.destroyed)
        this.#options.log("an export failed", { error: String(error), path: request.url?.split("?")[0] });
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const { code, text, headers } = error instanceof ExportRefused ? error : new ExportRefused(500);
      response.writeHead(code, {
        ...(text !== "" && { "Content-Type": "text/plain; charset=utf-8" }),
        ...headers,
      });
      response.end(text);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = parsed(request.url ?? "/");
    if (url.pathname === "/healthz") {
      response.end("OK");
      return;
    }
    const [, namespace, name, path = ""] = PATHS.exec(url.pathname) ?? [];
    if (namespace === undefined || name === undefined) throw new ExportRefused(400);
    const served = this.#served(namespace, name);
    const answer = this.#answerOf(served, path);
    if (answer === undefined) throw pageNotFound();
    this.#checkToken(request, url, served);
    await answer(request, response);
  }

  #served(namespace: string, name: string): Served {
    const vmExport = this.#store.get(vmExportKind, namespace, name);
    if (vmExport === undefined) throw new ExportRefused(404);
    if (vmExport.status?.phase !== "Ready") throw new ExportRefused(503);
    const pod = this.#store.get(podKind, namespace, exporterPodName(name));
    // what a proxy says when nobody answers behind it
    if (!isExporterOf(pod, vmExport) || pod.status?.phase !== "Running") throw new ExportRefused(502);
    return { vmExport, pod };
  }

  /** Who may have it is asked after whether it is there, as upstream's mux has it. */
  #answerOf({ vmExport, pod }: Served, path: string): Answer | undefined {
    const { manifest, secret, volumes } = exportPaths(pod);
    for (const side of ["internal", "external"] as const) {
      if (manifest !== undefined && path === `/${side}${manifest}`)
        return (request, response) => {
          readOnly(request);
          const data = this.#manifestData(vmExport);
          const resources =
            data["export-name"] === undefined ? undefined : machineManifests(data, side, volumes);
          if (resources === null) throw new ExportRefused(404);
          if (resources === undefined) throw new ExportRefused(500);
          sendText(response, manifestText(resources, request.headers.accept));
        };
      if (secret !== undefined && path === `/${side}${secret}`)
        return (request, response) => {
          readOnly(request);
          const exportName = this.#manifestData(vmExport)["export-name"];
          // an export of a claim alone has no such file
          if (exportName === undefined) throw new ExportRefused(500);
          const resource = headerSecret(exportName, this.#token({ vmExport, pod }));
          sendText(response, manifestText([resource], request.headers.accept));
        };
    }
    for (const { claimName, raw, gzip, archive, dir } of volumes) {
      if (path === raw)
        return (request, response) => this.#sender.sendRaw(vmExport, claimName, request, response);
      if (path === gzip)
        return (request, response) => {
          readOnly(request);
          return this.#sender.sendGzip(vmExport, claimName, response);
        };
      if (path === archive)
        return (request, response) => {
          readOnly(request);
          return this.#sender.sendArchive(vmExport, claimName, response);
        };
      if (dir !== undefined && `${path}/` === dir) throw movedTo(dir);
      if (dir !== undefined && path.startsWith(dir))
        return (request, response) => {
          const file = this.#sender.fileName(vmExport, claimName);
          if (path === dir) sendFolder(response, file);
          else if (path === `${dir}${file}`)
            return this.#sender.sendRaw(vmExport, claimName, request, response);
          else throw pageNotFound();
          return undefined;
        };
    }
    return undefined;
  }

  #manifestData({ metadata }: VmExport): Record<string, string> {
    const name = manifestConfigMapName(metadata.name);
    const configMap: ConfigMap | undefined = this.#store.get(configMapKind, metadata.namespace, name);
    return configMap?.data ?? {};
  }

  /** As the pod has it mounted. */
  #token({ vmExport, pod }: Served): string {
    const name = pod.spec.volumes?.find((volume) => volume.name === "token")?.secret?.secretName ?? "";
    const secret: Secret | undefined = this.#store.get(secretKind, vmExport.metadata.namespace, name);
    const token = Buffer.from(secret?.data?.["token"] ?? "", "base64");
    // upstream lets in who sends none where the secret's is empty; nobody is let in here
    if (token.length === 0) throw new ExportRefused(500);
    return token.toString();
  }

  #checkToken(request: IncomingMessage, url: URL, served: Served): void {
    const token = Buffer.from(this.#token(served));
    const header = request.headers[TOKEN];
    const given = [url.searchParams.get(TOKEN), Array.isArray(header) ? header[0] : header];
    const isRight = given.some((each) => {
      const bytes = Buffer.from(each ?? "");
      return bytes.length === token.length && timingSafeEqual(bytes, token);
    });
    if (!isRight) throw new ExportRefused(401);
  }
}

function parsed(target: string): URL {
  try {
    return new URL(target, "https://virt-exportproxy");
  } catch (error) {
    throw new ExportRefused(400, "", {}, { cause: error });
  }
}

/** The server does not know what the proxy puts before its paths. */
const movedTo = (path: string): ExportRefused =>
  new ExportRefused(301, `<a href="${path}">Moved Permanently</a>.\n\n`, {
    Location: path,
    "Content-Type": "text/html; charset=utf-8",
  });

/** Source: dirList of Go's net/http. */
function sendFolder(response: ServerResponse, file: string): void {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
  response.end(
    `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n<a href="${file}">${file}</a>\n</pre>\n`,
  );
}

function sendText(response: ServerResponse, text: string): void {
  response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(text);
}
