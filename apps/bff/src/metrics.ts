/** What the console measures of itself. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export function openMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: "kubev_http_request_duration_seconds",
      help: "Time to answer, by route and status",
      labelNames: ["method", "route", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    }),
    gauge: (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      }),
    providerLogouts: new Counter({
      name: "kubev_provider_logouts_total",
      help: "Logouts that an identity provider asked for, or somebody in its name",
      labelNames: ["outcome"],
      registers: [registry],
    }),
    letGo: new Counter({
      name: "kubev_clients_let_go_total",
      help: "Sockets and answers ended because their reader was silent or did not read",
      labelNames: ["kind", "why"],
      registers: [registry],
    }),
  };
}
