/** What is wrong with the containers of a pod. Source: pkg/apis/core/validation, validateContainers. */
import {
  type Cause,
  duplicate,
  forbiddenField,
  invalidValue,
  missing,
  nonNegative,
  required,
  unsupported,
} from "./field-causes.ts";
import { labelProblems, portNameProblems, portNumberProblems, variableNameProblems } from "./name-formats.ts";
import { type Amounts, requirementProblems } from "./resource-problems.ts";

interface Port {
  name?: string;
  containerPort?: number;
  hostPort?: number;
  protocol?: string;
}

interface Variable {
  name?: string;
  value?: string;
  valueFrom?: Record<string, unknown>;
}

interface Probe {
  exec?: { command?: string[] };
  httpGet?: { path?: string; port?: number | string; scheme?: string };
  tcpSocket?: { port?: number | string };
  grpc?: { port?: number };
  successThreshold?: number;
  [field: string]: unknown;
}

export interface Container {
  name?: string;
  image?: string;
  restartPolicy?: string;
  imagePullPolicy?: string;
  terminationMessagePolicy?: string;
  ports?: Port[];
  env?: Variable[];
  envFrom?: { prefix?: string; configMapRef?: { name?: string }; secretRef?: { name?: string } }[];
  volumeMounts?: { name?: string; mountPath?: string }[];
  volumeDevices?: { name?: string; devicePath?: string }[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  lifecycle?: object;
  resources?: { requests?: Amounts; limits?: Amounts };
}

export const PROTOCOLS = ["SCTP", "TCP", "UDP"];

function portsProblems(ports: readonly Port[], at: string): Cause[] {
  const causes: Cause[] = [];
  const names = new Set<string>();
  for (const [index, { name = "", containerPort = 0, hostPort = 0, protocol = "TCP" }] of ports.entries()) {
    const here = `${at}[${index}]`;
    const wrong = portNameProblems(name);
    if (name !== "" && wrong.length > 0)
      causes.push(...wrong.map((problem) => invalidValue(`${here}.name`, name, problem)));
    else if (names.has(name)) causes.push(duplicate(`${here}.name`, name));
    else if (name !== "") names.add(name);
    if (containerPort === 0) causes.push(required(`${here}.containerPort`));
    else causes.push(...numberProblems(containerPort, `${here}.containerPort`));
    if (hostPort !== 0) causes.push(...numberProblems(hostPort, `${here}.hostPort`));
    if (!PROTOCOLS.includes(protocol)) causes.push(unsupported(`${here}.protocol`, protocol, PROTOCOLS));
  }
  return causes;
}

const numberProblems = (port: number, at: string): Cause[] =>
  portNumberProblems(port).map((problem) => invalidValue(at, port, problem));

const numberOrNameProblems = (port: number | string | undefined, at: string): Cause[] =>
  typeof port === "string"
    ? portNameProblems(port).map((problem) => invalidValue(at, port, problem))
    : numberProblems(port ?? 0, at);

const VALUE_SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];

function variablesProblems(variables: readonly Variable[], at: string): Cause[] {
  return variables.flatMap(({ name = "", value = "", valueFrom }, index) => {
    const here = `${at}[${index}]`;
    const causes =
      name === ""
        ? [required(`${here}.name`)]
        : variableNameProblems(name).map((problem) => invalidValue(`${here}.name`, name, problem));
    if (valueFrom === undefined || valueFrom === null) return causes;
    const from = `${here}.valueFrom`;
    const given = VALUE_SOURCES.filter((source) => valueFrom[source] !== undefined);
    for (const source of given) {
      const reference = valueFrom[source] as { name?: string; key?: string }; // decoded by its type
      if (!source.endsWith("KeyRef")) continue;
      for (const field of ["name", "key"] as const)
        if (!reference[field]) causes.push(required(`${from}.${source}.${field}`));
    }
    if (given.length === 0)
      causes.push(
        invalidValue(
          from,
          "",
          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
        ),
      );
    else if (value !== "")
      causes.push(invalidValue(from, "", "may not be specified when `value` is not empty"));
    else if (given.length > 1)
      causes.push(invalidValue(from, "", "may not have more than one field specified at a time"));
    return causes;
  });
}

function variableSetsProblems(sets: NonNullable<Container["envFrom"]>, at: string): Cause[] {
  return sets.flatMap(({ configMapRef, secretRef }, index) => {
    const causes: Cause[] = [];
    if (configMapRef !== undefined && !configMapRef.name)
      causes.push(required(`${at}[${index}].configMapRef.name`));
    if (secretRef !== undefined && !secretRef.name) causes.push(required(`${at}[${index}].secretRef.name`));
    if (configMapRef === undefined && secretRef === undefined)
      causes.push(invalidValue(at, "", "must specify one of: `configMapRef` or `secretRef`"));
    if (configMapRef !== undefined && secretRef !== undefined)
      causes.push(invalidValue(at, "", "may not have more than one field specified at a time"));
    return causes;
  });
}

function mountsProblems(container: Container, volumes: ReadonlySet<string>, at: string): Cause[] {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const causes: Cause[] = [];
  const paths = new Set<string>();
  for (const [index, { name = "", mountPath = "" }] of volumeMounts.entries()) {
    const here = `${at}.volumeMounts[${index}]`;
    if (name === "") causes.push(required(`${here}.name`));
    if (!volumes.has(name)) causes.push(missing(`${here}.name`, name));
    if (mountPath === "") causes.push(required(`${here}.mountPath`));
    if (paths.has(mountPath)) causes.push(invalidValue(`${here}.mountPath`, mountPath, "must be unique"));
    paths.add(mountPath);
    if (volumeDevices.some((device) => device.name === name))
      causes.push(invalidValue(`${here}.name`, name, "must not already exist in volumeDevices"));
  }
  for (const [index, { name = "", devicePath = "" }] of volumeDevices.entries()) {
    const here = `${at}.volumeDevices[${index}]`;
    if (name === "") causes.push(required(`${here}.name`));
    else if (!volumes.has(name)) causes.push(missing(`${here}.name`, name));
    if (devicePath === "") causes.push(required(`${here}.devicePath`));
  }
  return causes;
}

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];

function probeProblems(probe: Probe | undefined | null, at: string): Cause[] {
  if (probe === undefined || probe === null) return [];
  const [first, ...more] = HANDLERS.filter((handler) => probe[handler] !== undefined);
  const causes =
    first === undefined
      ? [required(at, "must specify a handler type")]
      : more.map((handler) => forbiddenField(`${at}.${handler}`, "may not specify more than 1 handler type"));
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec !== undefined && (exec.command ?? []).length === 0) causes.push(required(`${at}.exec.command`));
  if (httpGet !== undefined) {
    const { port, scheme = "HTTP" } = httpGet;
    causes.push(...numberOrNameProblems(port, `${at}.httpGet.port`));
    if (scheme !== "HTTP" && scheme !== "HTTPS")
      causes.push(unsupported(`${at}.httpGet.scheme`, scheme, ["HTTP", "HTTPS"]));
  }
  if (tcpSocket !== undefined) causes.push(...numberOrNameProblems(tcpSocket.port, `${at}.tcpSocket.port`));
  if (grpc !== undefined) causes.push(...numberOrNameProblems(grpc.port, `${at}.grpc.port`));
  for (const field of [
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
  ])
    causes.push(...nonNegative(`${at}.${field}`, probe[field] as number | undefined)); // decoded by its type
  return causes;
}

function problemsOf(container: Container, volumes: ReadonlySet<string>, at: string): Cause[] {
  const { image = "", imagePullPolicy = "Always", terminationMessagePolicy = "File" } = container;
  const causes: Cause[] = [];
  if (image === "") causes.push(required(`${at}.image`));
  for (const probe of ["livenessProbe", "startupProbe"] as const) {
    causes.push(...probeProblems(container[probe], `${at}.${probe}`));
    const { successThreshold = 1 } = container[probe] ?? {};
    if (successThreshold !== 1)
      causes.push(invalidValue(`${at}.${probe}.successThreshold`, successThreshold, "must be 1"));
  }
  if (terminationMessagePolicy !== "File" && terminationMessagePolicy !== "FallbackToLogsOnError") {
    const text = "must be 'File' or 'FallbackToLogsOnError'";
    causes.push(invalidValue(`${at}.terminationMessagePolicy`, terminationMessagePolicy, text));
  }
  const pulls = ["Always", "IfNotPresent", "Never"];
  if (!pulls.includes(imagePullPolicy))
    causes.push(unsupported(`${at}.imagePullPolicy`, imagePullPolicy, pulls));
  return [
    ...causes,
    ...probeProblems(container.readinessProbe, `${at}.readinessProbe`),
    ...portsProblems(container.ports ?? [], `${at}.ports`),
    ...variablesProblems(container.env ?? [], `${at}.env`),
    ...variableSetsProblems(container.envFrom ?? [], `${at}.envFrom`),
    ...mountsProblems(container, volumes, at),
    ...requirementProblems(container.resources ?? {}, `${at}.resources`),
  ];
}

const ONLY_SIDECARS = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;

/** `others` are the names that are taken already; with them these are init containers. */
export function containersProblems(
  containers: readonly Container[],
  volumes: ReadonlySet<string>,
  at: string,
  others?: readonly string[],
): Cause[] {
  const names = new Set(others);
  return containers.flatMap((container, index) => {
    const here = `${at}[${index}]`;
    const { name = "", restartPolicy } = container;
    const causes =
      name === ""
        ? [required(`${here}.name`)]
        : labelProblems(name).map((problem) => invalidValue(`${here}.name`, name, problem));
    if (names.has(name)) causes.push(duplicate(`${here}.name`, name));
    names.add(name);
    causes.push(...problemsOf(container, volumes, here));
    if (others === undefined || restartPolicy === "Always") return causes;
    const text = "may not be set for init containers without restartPolicy=Always";
    for (const field of ONLY_SIDECARS)
      if (container[field] !== undefined) causes.push(forbiddenField(`${here}.${field}`, text));
    return causes;
  });
}
