/** Many tabs, each on the live socket with the first page of its person's machines: counts what comes, and reads no more of it. */
import { WebSocket } from "ws";

export interface LiveCrowd {
  /** `stale` are frames that say that the cluster cannot be asked. */
  seen(): { frames: number; bytes: number; stale: number };
  /** @throws when a tab was closed, or told to ask again, meanwhile */
  close(): void;
}

/** Resolves once every list has its rows. */
export async function openLists(url: string, cookies: readonly string[]): Promise<LiveCrowd> {
  let frames = 0;
  let bytes = 0;
  let stale = 0;
  let complaint = "";
  const tabs: WebSocket[] = [];
  for (const cookie of cookies) {
    const tab = new WebSocket(`${url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie, origin: url },
      perMessageDeflate: false,
    });
    tabs.push(tab);
    await new Promise<void>((resolve, reject) => {
      tab.on("error", reject);
      tab.on("close", (code) => {
        complaint ||= `a tab was closed with ${code}`;
      });
      tab.on("open", () =>
        tab.send(
          JSON.stringify({
            type: "subscribe-list",
            id: "vms",
            list: "vms",
            query: { page: 1, pageSize: 50, sort: "name" },
          }),
        ),
      );
      tab.on("message", (data: Buffer) => {
        frames += 1;
        bytes += data.length;
        const head = data.toString("latin1", 0, 200);
        if (data.includes('"staleSince":"')) stale += 1;
        if (head.includes('"rows"')) resolve();
        else if (head.includes('"reset"') || head.includes('"refused"')) complaint ||= head;
      });
    });
  }
  return {
    seen: () => ({ frames, bytes, stale }),
    close: () => {
      if (complaint !== "") throw new Error(`A list did not stay: ${complaint}`);
      for (const tab of tabs) tab.terminate();
    },
  };
}
