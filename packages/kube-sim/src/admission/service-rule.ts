/**
 * Services as the API server stores them: with defaults, a cluster address and node ports that stay while the service does. The
 * cluster is IPv4 only. Source: Kubernetes pkg/registry/core/service/storage (alloc.go) and pkg/apis/core/validation.
 */
import { sameJson } from "../store/json-equality.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { internalError, invalid } from "../store/status-error.ts";
import type { AdmissionRequest } from "./admission.ts";
import { type Cause, invalidValue, required, unsupported } from "./field-causes.ts";
import { ServiceAddresses, type ServicePort, type ServiceSpec } from "./service-addresses.ts";

const types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const protocols = ["SCTP", "TCP", "UDP"];

const specOf = (service: KubeObject | undefined) => (service?.["spec"] ?? {}) as ServiceSpec; // a Service's spec
const hasHostPorts = ({ type }: ServiceSpec) => type === "NodePort" || type === "LoadBalancer";
const takesIp = (spec: ServiceSpec) => spec.type !== "ExternalName" && spec.clusterIP !== "None";
const takesHealthPort = (spec: ServiceSpec) =>
  spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";

export function admitService(
  service: KubeObject,
  request: AdmissionRequest,
  all: readonly KubeObject[],
): KubeObject {
  const { kind, old } = request;
  const { name } = service.metadata;
  const before = specOf(old);
  const spec = withKept(withDefaults(specOf(service)), before);
  const causes = [...shapeProblems(spec), ...(old === undefined ? [] : changeProblems(spec, before))];
  if (causes.length > 0) throw invalid(kind, name, causes);
  const others = all.filter(({ metadata }) => old === undefined || metadata.uid !== old.metadata.uid);
  const addresses = new ServiceAddresses(others, Math.random);
  const refuse = (cause: Cause) => invalid(kind, name, [cause]);
  const given = withHostPorts(withClusterIp(spec, addresses, refuse), addresses, refuse);
  return {
    ...service,
    spec: given,
    ...(request.operation === "CREATE" ? { status: { loadBalancer: {} } } : {}),
  };
}

function withDefaults(spec: ServiceSpec): ServiceSpec {
  const type = spec.type || "ClusterIP";
  const clusterIP = spec.clusterIP || spec.clusterIPs?.[0];
  return {
    sessionAffinity: "None",
    ...spec,
    type,
    ...(clusterIP === undefined || type === "ExternalName"
      ? {}
      : { clusterIP, clusterIPs: spec.clusterIPs?.length ? spec.clusterIPs : [clusterIP] }),
    ...(type === "ExternalName"
      ? {}
      : {
          ipFamilies: spec.ipFamilies?.length ? spec.ipFamilies : ["IPv4"],
          ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack",
          internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster",
        }),
    ...(hasHostPorts({ type }) ? { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" } : {}),
    ...(type === "LoadBalancer"
      ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }
      : {}),
    ...(spec.ports === undefined
      ? {}
      : {
          ports: spec.ports.map((port) => ({
            ...port,
            protocol: port.protocol || "TCP",
            targetPort: port.targetPort || port.port || 0,
          })),
        }),
  };
}

/** What an update leaves open stays as it was given before (patchAllocatedValues), and what the new type has no use for goes. */
function withKept(spec: ServiceSpec, before: ServiceSpec): ServiceSpec {
  const kept = { ...spec };
  if (!takesIp(spec) && spec.type === "ExternalName") {
    for (const field of ["clusterIP", "clusterIPs"])
      if (sameJson(spec[field], before[field])) delete kept[field];
  } else if (takesIp(before) && before.clusterIP && !spec.clusterIP) {
    kept.clusterIP = before.clusterIP;
    kept.clusterIPs = before.clusterIPs ?? [before.clusterIP];
  }
  const used = new Set((spec.ports ?? []).map((port) => port.nodePort));
  const earlier = (port: ServicePort) =>
    (before.ports ?? []).find((one) => one.port === port.port && (one.protocol ?? "TCP") === port.protocol);
  if (spec.ports !== undefined)
    kept.ports = spec.ports.map((port) => {
      const held = earlier(port)?.nodePort;
      if (!hasHostPorts(spec)) {
        // the type was changed back: what it had goes, what somebody asks for anew is refused
        const { nodePort, ...rest } = port;
        return hasHostPorts(before) && nodePort === held ? rest : port;
      }
      if (port.nodePort || !hasHostPorts(before) || held === undefined || used.has(held)) return port;
      used.add(held);
      return { ...port, nodePort: held };
    });
  if (takesHealthPort(spec) && !spec.healthCheckNodePort && before.healthCheckNodePort)
    kept.healthCheckNodePort = before.healthCheckNodePort;
  const stale: string[] = [
    ...(takesHealthPort(spec) ? [] : ["healthCheckNodePort"]),
    ...(hasHostPorts(spec) ? [] : ["externalTrafficPolicy"]),
    ...(spec.type === "LoadBalancer" ? [] : ["allocateLoadBalancerNodePorts", "loadBalancerClass"]),
  ];
  for (const field of stale) if (sameJson(spec[field], before[field])) delete kept[field];
  return kept;
}

function shapeProblems(spec: ServiceSpec): Cause[] {
  const causes: Cause[] = [];
  if (!types.includes(spec.type ?? "")) return [unsupported("spec.type", spec.type, types)];
  if (spec.type === "ExternalName") return spec.externalName ? [] : [required("spec.externalName")];
  const ports = spec.ports ?? [];
  const headless = spec.clusterIP === "None";
  if (headless && hasHostPorts(spec))
    causes.push(
      invalidValue("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${spec.type} services`),
    );
  if (ports.length === 0 && !headless) causes.push(required("spec.ports"));
  const seen = new Set<string>();
  ports.forEach((port, index) => {
    const field = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) causes.push(required(`${field}.name`));
    if (!Number.isInteger(port.port) || (port.port ?? 0) < 1 || (port.port ?? 0) > 65_535)
      causes.push(invalidValue(`${field}.port`, port.port ?? 0, "must be between 1 and 65535, inclusive"));
    if (!protocols.includes(port.protocol ?? ""))
      causes.push(unsupported(`${field}.protocol`, port.protocol, protocols));
    if (port.nodePort && !hasHostPorts(spec))
      causes.push({
        reason: "FieldValueForbidden",
        message: "Forbidden: may not be used when `type` is 'ClusterIP'",
        field: `${field}.nodePort`,
      });
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key))
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Duplicate value: ${JSON.stringify({ port: port.port, protocol: port.protocol })}`,
        field,
      });
    seen.add(key);
  });
  spec.ipFamilies?.forEach((family, index) => {
    if (family !== "IPv4" && family !== "IPv6")
      causes.push(unsupported(`spec.ipFamilies[${index}]`, family, ["IPv4", "IPv6"]));
    else if (family === "IPv6")
      causes.push(invalidValue(`spec.ipFamilies[${index}]`, family, "not configured on this cluster"));
  });
  if (spec.ipFamilyPolicy === "RequireDualStack")
    causes.push(
      invalidValue(
        "spec.ipFamilyPolicy",
        spec.ipFamilyPolicy,
        "this cluster is not configured for dual-stack services",
      ),
    );
  return causes;
}

function changeProblems(spec: ServiceSpec, before: ServiceSpec): Cause[] {
  const had = before.clusterIPs?.[0] ?? before.clusterIP;
  if (!had || before.type === "ExternalName" || spec.type === "ExternalName") return [];
  return spec.clusterIP === had && spec.clusterIPs?.[0] === had
    ? []
    : [invalidValue("spec.clusterIPs[0]", spec.clusterIPs ?? [], "may not change once set")];
}

function withClusterIp(
  spec: ServiceSpec,
  addresses: ServiceAddresses,
  refuse: (cause: Cause) => Error,
): ServiceSpec {
  if (!takesIp(spec)) return spec;
  if (spec.clusterIP) {
    const problem = addresses.ipProblem(spec.clusterIP);
    if (problem === null) return spec;
    throw refuse(
      invalidValue("spec.clusterIPs", spec.clusterIPs, `failed to allocate IP ${spec.clusterIP}: ${problem}`),
    );
  }
  const clusterIP = addresses.freeIp();
  if (clusterIP === null) throw internalError("failed to allocate a serviceIP: range is full");
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}

function withHostPorts(
  spec: ServiceSpec,
  addresses: ServiceAddresses,
  refuse: (cause: Cause) => Error,
): ServiceSpec {
  if (!hasHostPorts(spec)) return spec;
  const free = () => {
    const port = addresses.takeFreePort();
    if (port === null) throw internalError("failed to allocate a nodePort: range is full");
    return port;
  };
  const own = new Map<number, Set<string>>();
  const wished = (port: ServicePort, index: number) => {
    const { nodePort = 0, protocol = "TCP" } = port;
    if (nodePort === 0) return;
    const protocolsThere = own.get(nodePort);
    // one number may serve several protocols of one service
    const problem =
      protocolsThere === undefined
        ? addresses.portProblem(nodePort)
        : protocolsThere.has(protocol)
          ? "provided port is already allocated"
          : null;
    if (problem !== null) throw refuse(invalidValue(`spec.ports[${index}].nodePort`, nodePort, problem));
    own.set(nodePort, new Set([...(protocolsThere ?? []), protocol]));
  };
  spec.ports?.forEach(wished);
  for (const port of own.keys()) addresses.takePort(port);
  const none = spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts === false;
  return {
    ...spec,
    ports: (spec.ports ?? []).map((port) => (port.nodePort || none ? port : { ...port, nodePort: free() })),
    ...(takesHealthPort(spec) ? { healthCheckNodePort: spec.healthCheckNodePort || free() } : {}),
  };
}
