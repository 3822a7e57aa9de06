/** The ClusterRoles that Kubernetes itself brings, for the kinds kube-sim serves. */
import { type DefaultRole, pathRule, rule } from "./default-role.ts";

const READ = "get list watch";
const WRITE = "create delete deletecollection patch update";
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";

export const kubernetesRoles: readonly DefaultRole[] = [
  {
    name: "cluster-admin",
    rules: [rule("*", "*", "*"), pathRule("*", "*")],
  },
  { name: "admin", aggregatesLabel: `${AGGREGATE}admin`, rules: [] },
  {
    name: "edit",
    aggregatesLabel: `${AGGREGATE}edit`,
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", [`${AGGREGATE}admin`]: "true" },
    rules: [],
  },
  {
    name: "view",
    aggregatesLabel: `${AGGREGATE}view`,
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", [`${AGGREGATE}edit`]: "true" },
    rules: [],
  },
  {
    name: "system:aggregate-to-admin",
    aggregateTo: "admin",
    rules: [
      rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
      rule(
        `create delete deletecollection get list patch update watch`,
        "rbac.authorization.k8s.io",
        "rolebindings roles",
      ),
    ],
  },
  {
    name: "system:aggregate-to-edit",
    aggregateTo: "edit",
    rules: [
      rule(READ, '""', "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy"),
      rule("impersonate", '""', "serviceaccounts"),
      rule(WRITE, '""', "pods pods/attach pods/exec pods/portforward pods/proxy"),
      rule("create", '""', "pods/eviction"),
      rule(
        WRITE,
        '""',
        "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy",
      ),
      rule("create", '""', "serviceaccounts/token"),
      rule(
        WRITE,
        "apps",
        "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
      ),
      rule(WRITE, "autoscaling", "horizontalpodautoscalers"),
      rule(WRITE, "batch", "cronjobs jobs"),
      rule(WRITE, "policy", "poddisruptionbudgets"),
      rule(WRITE, "networking.k8s.io", "ingresses networkpolicies"),
      rule(`create delete deletecollection get list patch update watch`, "coordination.k8s.io", "leases"),
    ],
  },
  {
    name: "system:aggregate-to-view",
    aggregateTo: "view",
    rules: [
      rule(
        READ,
        '""',
        "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status",
      ),
      rule(
        READ,
        '""',
        "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status",
      ),
      rule(READ, '""', "namespaces"),
      rule(READ, "discovery.k8s.io", "endpointslices"),
      rule(
        READ,
        "apps",
        "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
      ),
      rule(READ, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
      rule(READ, "batch", "cronjobs cronjobs/status jobs jobs/status"),
      rule(READ, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
      rule(READ, "networking.k8s.io", "ingresses ingresses/status networkpolicies"),
    ],
  },
  {
    name: "system:basic-user",
    toEverybody: true,
    rules: [
      rule("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
      rule("create", "authentication.k8s.io", "selfsubjectreviews"),
    ],
  },
  // metrics-server's own role, for whoever may look into a project.
  {
    name: "system:aggregated-metrics-reader",
    labels: {
      [`${AGGREGATE}view`]: "true",
      [`${AGGREGATE}edit`]: "true",
      [`${AGGREGATE}admin`]: "true",
    },
    rules: [rule(READ, "metrics.k8s.io", "pods nodes")],
  },
  {
    name: "system:discovery",
    toEverybody: true,
    rules: [
      pathRule(
        "get",
        "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/",
      ),
    ],
  },
  {
    name: "system:public-info-viewer",
    toEverybody: true,
    toVisitors: true,
    rules: [pathRule("get", "/healthz /livez /readyz /version /version/")],
  },
  {
    name: "system:service-account-issuer-discovery",
    toServiceAccounts: true,
    rules: [
      pathRule(
        "get",
        "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/",
      ),
    ],
  },
  {
    name: "system:auth-delegator",
    rules: [
      rule("create", "authentication.k8s.io", "tokenreviews"),
      rule("create", "authorization.k8s.io", "subjectaccessreviews"),
    ],
  },
];
