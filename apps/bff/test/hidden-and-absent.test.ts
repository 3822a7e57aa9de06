/**
 * Generated from the route table: who may not see a thing cannot tell it from one that is not there, by no status, no body and no
 * number of requests that it costs the cluster.
 */
import { isDeepStrictEqual } from "node:util";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bindRole } from "./bound-roles.ts";
import { type CountedPrometheus, startCountedPrometheus } from "./counted-prometheus.ts";
import { type ConsoleUnderTest, Person, type RequestParts, until } from "./console-under-test.ts";
import { marker, secret, startForeignProject } from "./foreign-project.ts";
import { leakIn, operationCases } from "./operation-calls.ts";
import { UpstreamCost } from "./upstream-cost.ts";

const soak = process.env["SOAK"] === "1";
const account = "knows-one-thing";
const accountUser = `system:serviceaccount:${secret}:${account}`;
const known = "the-known-one";
type Case = (typeof operationCases)[number];

const lists = new Set<OperationName>([
  "listVms",
  "listImages",
  "listDisks",
  "listHosts",
  "listProjects",
  "listVpcs",
  "listSubnets",
  "listObjects",
]);

/** Each list once more for one project, and for what a query says is a project. */
const ofProject = ([label, name, partsOf]: Case): Case[] => [
  [`${label}, for a project`, name, (project, thing) => ({ ...partsOf(project, thing), query: { project } })],
  [
    `${label}, for a query of a project`,
    name,
    (project, thing) => ({ ...partsOf(project, thing), query: { q: `project:${project} ${thing}` } }),
  ],
];

/** All nouns share one code. */
const few = ([label]: Case) =>
  soak || !label.includes(" of ") || /(?:config-map|security-group)$/.test(label);

/** Without those after or before which there is no caller. */
const cases: Case[] = [
  ...operationCases.filter(([, name]) => name !== "signOut" && name !== "signInWithToken"),
  ...operationCases.filter((one) => lists.has(one[1]) && few(one)).flatMap(ofProject),
];

/** Every tenth, and what differs most between the modes: what is read of one thing. */
const sample = cases.filter(([, name], at) => at % 10 === 0 || name === "getVm" || name === "getDisk");

interface Asker {
  person: Person;
  user: string;
  /** Where what he asks for is not: for whom a project is hidden, in one that is not there. */
  absentProject: string;
}

/** Somebody for whom roles name one thing of every kind, in the project and everywhere. */
async function signInKnower(cut: ConsoleUnderTest): Promise<Person> {
  const rule = { apiGroups: ["*"], resources: ["*"], verbs: ["*"], resourceNames: [known] };
  cut.sim.seed([
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace: secret } },
  ]);
  for (const project of [secret, ""])
    bindRole(cut, project, account, { kind: "User", name: accountUser }, [rule]);
  const { feeds } = cut.app.services.inventory;
  await until(() => feeds.roleBindings.table.get(secret, account) !== undefined);
  await until(() => feeds.clusterRoleBindings.table.get("", account) !== undefined);
  const kubeconfig = await cut.sim.serviceAccountKubeconfig(secret, account);
  const knower = new Person(cut.url);
  await knower.call("signInWithToken", {
    body: { token: /token: "?([^"\s]+)/.exec(kubeconfig)?.[1] ?? "" },
  });
  return knower;
}

/** Lines that one has more often than the other. */
function differing(one: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  const more = one.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...more, ...left];
}

/** What is read once for everybody: what the cluster has installed, and how much all machines use now. */
const keptForEverybody = new Set<OperationName>(["getCapabilities", "getTopMachines"]);

/** All nouns share one code: who knows one thing of each kind asks of two of them, of the others in a longer run. */
function askersOf(noun: string | undefined): string[] {
  const few = noun === undefined || noun === "config-map" || noun === "security-group";
  return ["foreign", ...(few || soak ? ["partly informed"] : []), ...(soak ? ["rightless"] : [])];
}

describe.each(["passthrough", "impersonate"])("acting mode %s", (mode) => {
  let cut: ConsoleUnderTest;
  const people = new Map<string, Asker>();
  let upstream: UpstreamCost;
  let prometheus: CountedPrometheus;
  /** Where the second of two first questions cost less than the first, and not for a read that came late. */
  const keptFor = new Set<OperationName>();

  beforeAll(async () => {
    prometheus = await startCountedPrometheus();
    cut = await startForeignProject({ ACTING_MODE: mode, PROMETHEUS_URL: prometheus.url });
    // as long as the other: where in a query a word lies is told
    const absentProject = "no-such-projects";
    people.set("foreign", { person: await cut.signIn("bob"), user: "bob", absentProject });
    people.set("rightless", { person: await cut.signIn("viewer"), user: "viewer", absentProject });
    people.set("partly informed", {
      person: await signInKnower(cut),
      user: accountUser,
      absentProject: secret,
    });
    upstream = new UpstreamCost(cut, prometheus);
  });
  afterAll(async () => {
    await cut.close();
    prometheus.close();
  });

  /** What is told and what it cost, without the names that were asked for; `patient` waits for what is asked after the answer, too. */
  async function askOf(
    who: string,
    name: OperationName,
    parts: RequestParts,
    names: readonly string[],
    patient = false,
  ) {
    const asker = people.get(who);
    if (asker === undefined) throw new Error(`Nobody is ${who}`);
    const { person, user } = asker;
    await upstream.begin(person);
    const { cookie } = person;
    const answer = await person.ask(name, parts);
    person.cookie = cookie;
    if (patient) await upstream.settled();
    const bare = (text: string) => names.reduce((all, one, at) => all.replaceAll(one, `NAME-${at}`), text);
    return {
      answer,
      told: `${answer.status} ${bare(JSON.stringify(answer.body).replaceAll(/"(?:requestId|idleExpiresAt)":"[^"]*"/g, ""))}`,
      cost: upstream.of(user).map(bare),
    };
  }

  describe.each(soak || mode === "passthrough" ? cases : sample)("%s", (label, name, partsOf) => {
    const noun = / of (.+)$/.exec(label)?.[1];
    test.each(askersOf(noun))("%s: what is hidden and what is not there", async (who) => {
      const absentProject = people.get(who)?.absentProject ?? "";
      const pair = async (absentName: string, patient: boolean) => ({
        hidden: await askOf(who, name, partsOf(secret, marker), [secret, marker], patient),
        absent: await askOf(
          who,
          name,
          partsOf(absentProject, absentName),
          [absentProject, absentName],
          patient,
        ),
      });
      const bare = ({ told, cost }: Awaited<ReturnType<typeof askOf>>) => ({ told, cost });
      let { hidden, absent } = await pair("no-such-machines", false);
      // the first time, too
      expect(hidden.told).toEqual(absent.told);
      // what is kept for everybody is there the second time; and of two reads at once the second may still be on its way when
      // the first has decided the answer
      if (!isDeepStrictEqual(hidden.cost, absent.cost)) {
        if (differing(hidden.cost, absent.cost).some((line) => !line.startsWith("GET "))) keptFor.add(name);
        await upstream.settled();
        ({ hidden, absent } = await pair("no-such-machine-either", true));
      }
      expect(bare(hidden)).toEqual(bare(absent));
      expect(who === "partly informed" ? null : leakIn(name, hidden.answer)).toBeNull();
    });
  });

  test("nothing costs less the second time but what is kept for everybody", () => {
    expect([...keptFor].filter((name) => !keptForEverybody.has(name))).toEqual([]);
  });
});
