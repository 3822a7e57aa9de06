/** Requests of somebody who is signed in, bent in every way that made some proxy act as another or elsewhere. */
import * as fc from "fast-check";
import { foreignProject, machine, pod, project, settings } from "./recorded-console.ts";

/** Requests that reach the cluster as Bob, and some that he may not make. */
export const bases: [method: string, path: string, body: string][] = [
  ["GET", `/api/objects/config-map/${project}/${settings}/yaml`, ""],
  ["GET", `/api/objects/config-map/${foreignProject}/${settings}/yaml`, ""],
  ["GET", `/api/projects/${project}/vms/${machine}/yaml`, ""],
  ["GET", `/api/projects/${project}/vms/${machine}`, ""],
  ["GET", `/api/objects/pod/${project}/${pod}`, ""],
  ["GET", `/api/kinds/core/v1/secrets/${foreignProject}/${settings}/yaml`, ""],
  ["GET", `/api/projects/${foreignProject}/secrets/${settings}`, ""],
  ["GET", "/api/vms?q=screen", ""],
  ["POST", `/api/projects/${foreignProject}/secrets/${settings}/value`, '{"key":"a"}'],
  [
    "POST",
    "/api/text/check",
    JSON.stringify({ yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\n", project }),
  ],
];

export const places = {
  "as it is": (path: string) => path,
  "a doubled slash": (path: string) => path.replace("/api/", "/api//"),
  "two slashes in front": (path: string) => `/${path}`,
  "a host in front": (path: string) => `//evil.example${path}`,
  "a whole URL": (path: string) => `http://evil.example${path}`,
  "a whole URL with a name": (path: string) => `http://operator@127.0.0.1${path}`,
  "a dot": (path: string) => path.replace(/\/(?=[^/]+$)/, "/./"),
  "two dots": (path: string) => path.replace(/\/(?=[^/]+$)/, "/x/../"),
  "escaped dots": (path: string) => path.replace(/\/(?=[^/]+$)/, "/%2e%2e/"),
  "escaped dots and slashes": (path: string) =>
    path.replace(project, `${project}%2f..%2f..%2f${foreignProject}`),
  "a name of dots and slashes": (path: string) =>
    path.replace(settings, `..%2f..%2f${foreignProject}%2fsecrets%2f${settings}`),
  "an escaped escape": (path: string) => path.replace(settings, "%252e%252e%252fsecrets"),
  "an escaped letter": (path: string) => path.replace("/api", "/%61pi").replace(project, "%6cab"),
  "a semicolon": (path: string) => path.replace(project, `${project};namespace=${foreignProject}`),
  "a zero byte": (path: string) => path.replace(settings, `${settings}%00`),
  "a line end": (path: string) =>
    path.replace(settings, `${settings}%0d%0aImpersonate-User:%20operator%0d%0aX:%20`),
  "a backslash": (path: string) => path.replace(project, `${project}\\..\\${foreignProject}`),
  "an escaped backslash": (path: string) => path.replace(project, `${project}%5c..%5c${foreignProject}`),
  "an at sign": (path: string) => path.replace(settings, `${settings}@evil.example`),
  "a question mark": (path: string) => path.replace(settings, `${settings}%3fas=operator`),
  "a hash": (path: string) => path.replace(settings, `${settings}%23`),
  "a query that names somebody": (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}impersonate-user=operator&as=operator&dryRun=All&namespace=${foreignProject}`,
  "broken UTF-8": (path: string) => path.replace(settings, "%ff%fe"),
} as const;

const smuggled = [
  "Impersonate-User: operator",
  "impersonate-user: operator",
  "IMPERSONATE-USER: operator",
  "Impersonate_User: operator",
  "impersonate_group: system:masters",
  "Impersonate-Group: system:masters",
  "Impersonate-Group: tenants\r\nImpersonate-Group: system:masters",
  "Impersonate-Uid: 0",
  "Impersonate-Extra-scopes: all",
  "Impersonate-User : operator",
  "X-A: b\r\n Impersonate-User: operator",
  "X-A: b\nImpersonate-User: operator",
  "X-A: b\rImpersonate-User: operator",
  "X-Remote-User: operator",
  "X-Remote-Group: system:masters",
  "X_Remote_User: operator",
  "X-Remote-Extra-a: b",
  "X-Forwarded-User: operator",
  "X-Forwarded-Host: evil.example",
  "X-Forwarded-For: 127.0.0.1",
  "X-Original-URL: /api/hosts",
  "X-Rewrite-URL: /api/hosts",
  "X-HTTP-Method-Override: DELETE",
  "Connection: impersonate-user",
  "Connection: authorization, host, impersonate-user, impersonate-group",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
  "Keep-Alive: impersonate-user",
  "Te: trailers",
  "Proxy-Authorization: Basic b3BlcmF0b3I6eA==",
  "Host: evil.example",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity",
  "Content-Length: 3",
  "Expect: 100-continue",
  "Range: bytes=0-1",
  "Accept: application/vnd.kubernetes.protobuf",
  "Accept-Encoding: br\r\nX-Kubernetes-Pf-Flowschema-Uid: 1",
  "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
] as const;

const methods = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "LINK",
  "QUERY",
  "PURGE",
  "CONNECT",
  "get",
  "GET\t",
  "BREW",
];

const trailers = ["", "Impersonate-User: operator\r\n", "X-Remote-Group: system:masters\r\n"];

/** The body whole, or in a chunk with trailers. */
export function framed(body: string, chunked: boolean, trailer: string): string {
  if (!chunked) return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const chunk = body === "" ? "" : `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
  const announced = trailer === "" ? "" : `Trailer: ${trailer.split(":")[0] ?? ""}\r\n`;
  return `${announced}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n${trailer}\r\n`;
}

export const attack = fc.record({
  base: fc.constantFrom(...bases),
  place: fc.oneof(
    { weight: 1, arbitrary: fc.constant<keyof typeof places>("as it is") },
    { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[])) }, // its own keys
  ),
  method: fc.option(fc.constantFrom(...methods), { freq: 4 }),
  headers: fc.array(fc.constantFrom(...smuggled), { maxLength: 3 }),
  asOperator: fc.boolean(),
  chunked: fc.boolean(),
  trailer: fc.constantFrom(...trailers),
});
