import { PassThrough } from "node:stream";
import { serve } from "../../adapter/cli/serve.ts";
import { FakeLaunch } from "./fake-launch.ts";
import { SessionClient } from "./session-client.ts";

/** A session with fake programs and a client that talks to it over two in-memory streams. */
export interface FakeSession {
  readonly client: SessionClient;
  readonly launch: FakeLaunch;
  /** Lines for whoever looks after the adapter. */
  readonly log: string[];
  /** Settles when the session is over. */
  readonly done: Promise<void>;
}

export function startFakeSession(options: { readonly patienceMs?: number } = {}): FakeSession {
  const toAdapter = new PassThrough();
  const toClient = new PassThrough();
  const launch = new FakeLaunch();
  const log: string[] = [];
  const { done } = serve({
    input: toAdapter,
    output: toClient,
    launch: launch.launch,
    log: (text) => log.push(text),
    ...options,
  });
  void done.then(() => toClient.end());
  return { client: new SessionClient(toClient, toAdapter), launch, log, done };
}

/** Goes through the usual beginning: initialize, launch, configurationDone. The program runs then. */
export async function begin(
  { client }: FakeSession,
  configuration: object = { program: "steps.wasm" },
  facts: object = {},
): Promise<void> {
  await client.ask("initialize", { adapterID: "wasm", ...facts });
  await client.ask("launch", configuration);
  await client.event("initialized");
  await client.ask("configurationDone");
}

/** Ends a session and holds everything the adapter said against the protocol. */
export async function finish({ client, done }: FakeSession): Promise<void> {
  await client.ask("disconnect");
  await done;
  client.verify();
}
